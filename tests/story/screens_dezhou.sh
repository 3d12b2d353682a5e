#!/bin/bash
# S4 at a real terminal: a customer by himself, with the code that comes to his phone, Alipay, what the invoice
# has to say and the form at the end; one year is added to the day the old one ends. At a staffed counter the
# clerk sees who acts: no code.
. "$(dirname "$0")/../sandbox/order_screen.sh"
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO"
ID=11010519491231002X
NEEDLES=(某某科技 犇小 "$ID" 15966606660 w5@example "$PIN")
SHOP_PAPER=sb_paper shop_new sdca-dezhou
counter_clerk
echo 'form = "sdca-application";' >>"$SB/systems/sdca-dezhou.conf"
customer T1
agent() { fill 犇小明 $ID 15966606660 w5@example.com; }

# ---- by himself ----
scr_begin 80x24
sb_shim defaultpin
shop_opens T1 '! 密码状态：还是最初的密码，请尽快修改' '机构 100 元/年' '用支付宝付' '经办人的姓名' '电话：96701666' '可以拔出 Key'
pick 更新
sees "T1: a year on from the old end, days that remain are kept" '更新这张证书吗' "$(shop_day "$CERT" 0) +$(shop_day "$CERT" 1)"
pick 是这张
sees "T1: the PIN, with the manual's hint" '请输入 Key 的密码' '从未改过的话，密码是 111111'
text "$PIN"
press Enter
sees "one year, its price and its end" '续期多长时间' "> 1  12 个月   ¥100.00，到 $(shop_day "$CERT" 1)"
press Enter
sees "who acts" '请填写经办人资料' '姓名' '身份证号' '手机号码' '邮箱'
agent
sees "what the invoice has to say" '要不要开发票'
press Enter
sees "all of it" '请填写发票资料' '发票抬头' '纳税人识别号' '地址' '开户行和账号' '接收邮箱' '接收手机'
fill 某某科技 91350100M000100Y43 德州市某路1号 中国银行德州支行6217 cw@example.com 13800138000
sees "a code has gone to his phone" '请输入短信验证码' '159\*\*\*\*6660' '前有效' '没有收到' '可以拔出 Key'
is "nothing is ordered before it is typed" "$(sb_show '.orders | length') $(sb_show '.messages | length')" "0 1"
scan 000000
sees "a wrong one is said" '验证码不对' 'CK-3114' '请输入短信验证码'
scan "$(sb_sms)"
sees "the right one: pay" '请付款' '¥100.00' '打开支付宝' '有效到 ..:..' '已付款的请稍等' '可以拔出 Key'
ok "Alipay's camera reads it, for this payment" reads "^https://qr.alipay.*$(pays_to)$"
sb_pays
sees "done by itself: a year on" 'v 更新完成' "$(shop_day "$CERT" 0) +$(shop_day "$CERT" 1)" 'v 申请表' '可以拔出 Key'
shop_end T1 1
is "its form is printed" "$(sb_sheets)" 1
is "the invoice as he typed it" "$(sb_show '.orders[-1].said | fromjson | .invoice | "\(.title) \(.mobile)"')" '某某科技 13800138000'
press Enter
sees "his key back" '请 取 走 您 的 Key'
lost "nothing of it is in memory" "${NEEDLES[@]}"
goes
sees "gone" '没有 Key'

# ---- at a staffed counter ----
customer T2
press F9
sees "staff" '柜员签到'
press 1
clerk_comes
sees "her PIN" '李柜员，请输入'
text $CLERK_PIN
press Enter
sees "signed in" '李柜员，要办什么'
pick 为客户办理
comes T2
sees "the customer's" "$WHO" '自更新'
pick 自更新
sees "asked" '更新这张证书吗' "$(shop_day "$CERT" 1)"
pick 是这张
sees "the customer types the PIN" '请客户本人输入'
text "$PIN"
press Enter
sees "the price" '12 个月   ¥100.00'
press Enter
sees "who acts" '请填写经办人资料'
agent
sees "no invoice" '要不要开发票'
press Down Enter
sees "no code: pay at once" '请付款' '¥100.00' '打开支付宝'
is "none was sent" "$(sb_show '.messages | length')" 1
sb_pays
sees "done" 'v 更新完成' "$(shop_day "$CERT" 0) +$(shop_day "$CERT" 1)"
shop_end T2 2
like "the desk knows of the clerk" "$(sb_show '.leases[-1] | "\(.way) \(.clerk)"')" '^self 07$'
press Enter
goes
scr_end
ok "the ledger is whole" ck ledger verify
