#!/bin/bash
# S2 at a real terminal, a customer by himself, by arrows and Enter: years chosen by their price, an invoice by
# post, net banking by a link for his phone, and his electronic seal renewed with the certificate. Another
# one remits the money, goes home with a slip, and comes back when it has arrived.
. "$(dirname "$0")/../sandbox/order_screen.sh"
. "$(dirname "$0")/../sandbox/seal.sh"
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO"
NEEDLES=(某某科技 犇小 15966606660 四川北路 "$PIN")
shop_new sheca-issp
customer T1
seal_of_last_year T1 "$PIN"
seal_waits
old=$(seal_on_key T1 "$PIN")

# ---- net banking, and the seal ----
scr_begin 80x24
shop_opens T1 '按订单收费，付款前显示金额' '要带：Key' '请耐心等待' '电话：962600' '可以拔出 Key'
shop_begins T1 '更新以后' "$(shop_day "$CERT" 0)" '由 CA 签发时确定' '密码（PIN） +现在的密码 +不变'
sees "the price of each, and to when" '续期多长时间' '价格和到期日期由 CA 确定' \
	"12 个月   ¥0.01，到 $(shop_day "$CERT" 1)" "24 个月   ¥0.02，到 $(shop_day "$CERT" 2)" '可以拔出 Key'
press Down Enter
sees "who acts" '请填写经办人资料' '> 姓名' '手机号码'
without "no ID is asked for" '身份证号'
fill 犇小明 '+86 159-6660-6660'
sees "an invoice, if wanted" '要不要开发票' '> 1  要开发票'
press Enter
sees "where it is sent" '请填写发票资料' '> 收件人' '电话' '地址' '邮编'
fill 财务部李四 021-62077128 上海市四川北路1717号 20008
sees "a postcode that is none: said, what was typed is there" '! 邮编不对' '6 位数字' '> 邮编 +20008' '上海市四川北路1717号'
text 0
press Enter
sees "the manual's ways to pay" '怎样付款' '应付 ¥0.02' '> 1  网上银行（在手机上付）' '邮政汇款（到账后才能办完）' '银行转账（到账后才能办完）'
press Enter
sees "pay" '请付款' '¥0.02' '用网银付款' '有效到 ..:..' '已付款的请稍等' '可以拔出 Key'
without "nobody is asked whether he has paid" '[1-9]  .*(支付成功|已付|付好|付完)'
resize 120x40
ok "a phone's camera reads the bank's link, for this payment" reads "^https://netbank.*$(pays_to)"
resize 80x24
is "nothing is issued yet" "$(sb_show '.counts.issued')" 0
sb_shim 'hold C_CreateObject 1'
sb_pays
sees "paid: at work, and the key has to stay" '\[>\]' '请勿拔出 Key'
ok "as far as the seal" soon test -e "$SB/shim/held"
sb_shim ''
sees "done: the new end, the seal, the PIN" 'v 更新完成' "$(shop_day "$CERT" 0) +$(shop_day "$CERT" 2)" \
	'v 电子印章已更新' 'PIN）没有变' '可以拔出 Key'
shop_end T1 1
is "the seal is on the key, once, and the old one is gone" "$(seal_on_key T1 "$PIN")" "1 $(sb_show '.seals[-1].sha')"
isnt_old() { [ "$(seal_on_key T1 "$PIN")" != "$old" ]; }
ok "another one than before" isnt_old
is "the desk knows" "$(sb_show '.seals[-1].state')" written
is "the invoice goes to whom he typed" "$(sb_show '.orders[-1].said | fromjson | .invoice | "\(.name) \(.postcode)"')" '财务部李四 200080'
press Enter
sees "his key back" '请 取 走 您 的 Key'
lost "nothing of it is in memory" "${NEEDLES[@]}"
goes

# ---- remitted: days later ----
customer T2
shop_opens T2 '电话：962600'
shop_begins T2
sees "once more" '续期多长时间'
press Enter
sees "who acts" '请填写经办人资料'
fill 犇小明 15966606660
sees "no invoice" '要不要开发票'
press Down Enter
sees "how to pay" '怎样付款'
press Down Enter
sees "an account, and what to write beside it" '请付款|等款项到账' '¥0.01' '汇款到这个地址' '账号' "$(pays_to)"
pick 先保存
sees "kept: why, its slip, and that the key may go" '已保存，还没有办完' '款项还在路上' 'CK-20[0-9]+-[0-9]+' '可以拔出 Key'
is "nothing is issued for it" "$(sb_show '.counts.issued')" 1
press Enter
goes
sees "gone" '没有 Key'
sb_money_in
ck records tend >"$SB/said"
comes T2
sees "days later: what was begun is there" "$WHO" '> 1  继续'
press Enter
sees "asked" '在这里继续吗'
press Enter
sees "the PIN" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "nothing else: done" 'v 更新完成' '可以拔出 Key'
without "no seal waited" '电子印章'
shop_end T2 2
press Enter
goes
sees "gone" '没有 Key'

# ---- ordered and paid on the web: only installed ----
customer T3
sb_web_order paid >/dev/null
shop_opens T3
shop_begins T3
sees "paid on the web: nothing is asked but the PIN, and it is done" 'v 更新完成' '新证书' '可以拔出 Key'
is "that order is used up" "$(sb_show '.orders[-1] | "\(.order[0:2]) \(.state)"') $(sb_show .counts.confirmed)" "W- done 3"
press Enter
goes
scr_end
ok "the ledger is whole" ck ledger verify
