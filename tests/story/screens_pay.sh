#!/bin/bash
# What a desk wants first, at a real terminal: a customer chooses a price, types who acts, declines the
# invoice, shows his face to a phone and pays by a code that a camera reads from the screen; nothing of it is
# left when it is over. Another one walks away while typing, comes back, and is about to pay by transfer: in
# ASCII and one colour.
. "$(dirname "$0")/../sandbox/order_screen.sh"
WHO=深圳市靐龘核电有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO"
AGENT=犇小明 ID=11010519491231002X
NEEDLES=(靐龘 犇小 "$ID" "$PIN")

shop_new szca-cgn
customer T1

begin() { # NAME: from the key to the first question
	shop_opens "$1" '按订单收费'
	shop_begins "$1"
}

# ---- from the key to the certificate ----
scr_begin 80x24
begin T1
sees "prices, and to when" '续期多长时间' '12 个月   ¥200.00，到 20..-..-..' '24 个月   ¥400.00' '以后再来' '\[>\]订单'
press 1
sees "who acts" '请填写经办人资料' '姓名' '身份证号' '手机号码' '提交'
text "$AGENT"
press Down
text 110105194912310021
press Enter
text 12345
press Enter
sees "a number that cannot be right is said so, the cursor there" '! 身份证号不对' '18 位' "> 身份证号  110105194912310021" "$AGENT"
press C-u
text $ID
press Enter Enter
sees "then the next one" '! 手机号码不对' '11 位' "> 手机号码  12345"
press C-u
text 13800138000
press Down
sees "down to what hands it in" '手机号码  13800138000'
press Enter
sees "an invoice may be declined" '要不要开发票' '不要发票'
press 2
sees "the phone of who acts" '认证身份' '有效到 ..:..' '自动继续'
ok "a camera reads the link" reads '^https://'
press Enter Enter x
sees "an Enter too many does nothing" '认证身份' '有效到'
sb_identity passed
sees "it goes on by itself: how to pay" '怎样付款' '应付 ¥200.00' '支付宝' '微信' '银行转账'
press 1
sees "amount, app, until when, and the code" '请付款' '¥200.00' '打开支付宝' '有效到 ..:..' '已付款的请稍等' '换一种付款方式' '█ ███ █'
ok "a camera reads what is to be paid" reads "alipay.*$(pays_to)"
pass 125
sees "he is at his phone: covered, not wiped" '内容已遮住'
press Space
sees "a key shows it again" '¥200.00' '█ ███ █'
press F2
sees "in English" 'Please pay' 'Alipay'
press F2
resize 120x40
sees "larger" '请付款' '¥200.00' '\[>\]付款'
ok "the same code" reads "alipay.*$(pays_to)"
resize 80x24
sb_pays
sees "paid: nothing has to be pressed" 'v 更新完成' '新证书' '可以拔出 Key'
is "the sandbox issued one" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '1 1'
press Enter
sees "and forgotten" '请 取 走 您 的 Key'
lost "nothing of it is in memory" "${NEEDLES[@]}"
is "nor behind the screen" "$(behind | grep -cE '靐龘|犇')" 0
goes

# ---- left before it is paid ----
customer T2
begin T2
sees "once more" '续期多长时间'
press 2
sees "who acts" '请填写经办人资料'
text "$AGENT"
press Enter
sees "a name is typed" "姓名 +$AGENT"
pass 155
sees "who walks away leaves nothing there" '取 走 您 的 Key|请 插 入'
without "of what he typed" '犇'
lost "nor in memory" 犇小
goes
sees "gone" '没有 Key'
ok "it waits" grep -q parked <(ck records --all --json)
scr_end

# ---- in ASCII, in one colour: the link itself ----
scr_begin 80x24 TERM=vt100 -- --ascii --theme mono
comes T2
sees "what was begun" '没有办完|继续'
pick 继续
sees "asked" '继续'
pick 继续
sees "PIN" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "the price was chosen: who acts" '请填写经办人资料'
text "$AGENT"
press Enter
text $ID
press Enter
text 13800138000
press Enter
sees "the invoice" '要不要开发票'
press 2
sees "a link to be opened" '显示不了二维码' 'https://' '认证身份'
sb_identity failed 姓名不一致
sees "not passed: why, and what helps" '没有通过' '姓名不一致' '运营商'
pick 换一个新的码
sees "another link" 'https://'
sb_identity passed
sees "how to pay" '怎样付款'
pick 银行转账
sees "the account" '转账到这个账号' '¥400.00' '以后再来'
pick 先保存
sees "kept, and why" '款项还在路上|还没有付款' '小票号'
press Enter
goes
sees "gone" '没有 Key'
scr_end

# ---- without a screen: the same is printed, line by line ----
customer T3
comes T3
printf '%s\n' '{"ask":"order","months":"12"}' "{\"ask\":\"applicant\",\"name\":\"$AGENT\",\"resident-id\":\"$ID\",\"mobile\":\"1\"}" \
	'{"ask":"applicant","mobile":"13800138000"}' '{"ask":"applicant","want":"no"}' '{"ask":"identity","do":"later"}' >"$SB/answers"
printf 'pin %s\n' "$PIN" | ck renew --lang zh --system szca-cgn --way self --key "${SERIAL[T3]}" --answers "$SB/answers" --secrets-fd 0 >"$SB/out"
is "left at the phone: parked" $? 3
like "prices are printed" "$(tr '\n' ' ' <"$SB/out")" '12 个月   ¥200.00.*24 个月   ¥400.00'
like "what is wrong is named; the rest stays as it was typed" "$(tr '\n' ' ' <"$SB/out")" 'CK-3112.*订单已提交'
like "the link is printed" "$(cat "$SB/out")" 'https://'
like "and why it stands still" "$(cat "$SB/out")" '手机认证还没有通过'
goes
sb_stop
