#!/bin/bash
# S5 after its end at a real terminal: the owner has to be the certificate's own, the form comes out of the
# printer, and its owner goes away to sign and seal it. Days later it comes back through the scanner, the
# licence on a stick; who acts shows his face to his phone, pays, and the CA reviews it: turned down once, then
# passed. Each time a slip says what is waited for, and the key alone goes on with it.
. "$(dirname "$0")/../sandbox/order_screen.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
. "$(dirname "$0")/../sandbox/scanner.sh"
WHO=深圳市某某核电有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO"
ID=11010519491231002X CODE=91350100M000100Y43
NEEDLES=(某某核电 犇小 "$ID" 15966606660 "$PIN")

paper() {
	pr_printer
	sc_new "$SB"
	mkdir "$SB/stick"
	sb_form "$PR_URI"
	SB_PAPER="${SB_PAPER%\};} scanner = \"pnm:0\"; scan_options = [ \"filename=$SB/lies-in\" ]; scan_folders = [ \"$SB/stick\" ]; };"
}
both_end() { # this sandbox, then the printer's place, which it stands in
	local rc=$?
	[ "$BASHPID" = "$SB_OWNER" ] || exit $rc
	(exit $rc)
	(scr_end; rm -rf "$TMUX_TMPDIR")
	(exit $rc)
	pr_end
}
pr_new
SHOP_PAPER=paper shop_new szca-cgn
trap both_end EXIT
echo 'form = "szca-extension";' >>"$SB/systems/szca-cgn.conf"
customer T1 --not-before -400d --not-after -10d

kept() { # NAME REGEX…: the slip, what is waited for, and the key may go
	local name=$1
	shift
	sees "$name" '已保存，还没有办完' 'CK-20[0-9]+-000001' '可以拔出 Key' "$@"
	press Enter
	goes
	sees "$name: gone" '没有 Key'
}
on_with() { # NAME
	comes T1
	sees "$1: it waits for him" "$WHO" '> 1  继续'
	press Enter
	sees "$1: asked" '在这里继续吗' 'CK-20[0-9]+-000001'
	press Enter
	sees "$1: PIN" '请输入 Key 的密码'
	text "$PIN"
	press Enter
}
lies() { cp "$1" "$SB/lies-in.next" && mv "$SB/lies-in.next" "$SB/lies-in"; }
scanned() { # NAME REGEX…: what lies in the scanner
	local name=$1
	shift
	pick 已放进扫描仪
	sees "$name" "$@"
}

# ---- to the form ----
scr_begin 80x24
shop_opens T1 '已经过期' '按订单收费' '还要盖公章的续期' '通过后有短信' '电话：400-112-3838'
shop_begins T1 "$(shop_day "$CERT" 0)"
sees "years, price, end" '续期多长时间' '> 1  12 个月   ¥200.00' '24 个月   ¥400.00'
press Enter
sees "who acts" '请填写经办人资料'
fill 犇小明 $ID 15966606660
sees "whose certificate it is" '请填写证书所有者资料' '> 单位名称' '统一社会信用代码' '法定代表人'
fill 别的公司 $CODE 钱七
sees "not its owner: whom he has to be" '! 不是这张证书的所有者' 'CK-3113' '按证书上显示的所有者填写' '单位名称 +别的公司'
press C-u
fill '深圳市某某核电　有限公司'
press C-u
fill 91350203M0001QAY9B 钱七
sees "a wrong check digit: a clerk may, he may not" '校验位不对' '请找柜员'
press C-u
fill $CODE
press Enter
sees "the invoice" '要不要开发票'
press Down Enter
kept "the form is out: sign it, seal it, come back" 'CA 还在等材料' '申请表已打印：请核对、签字、盖公章，下次带来' '\[v\]申请表|>\]申请表|!\]申请表'
is "one sheet" "$(pr_sheets)" 1
like "with what he typed on it" "$(pdftotext "$(pr_sheet 0)" - | tr -d ' \n')" "$WHO.*犇小明"
is "nothing is asked of the CA, nothing paid" "$(sb_show '"\(.counts.issued) \(.payments | length)"')" "0 0"

# ---- days later: signed and sealed ----
sc_pages "$(pr_sheet 0)" page
sc_stamp "$SB/page-1.ppm" "$SB/sealed.ppm"
sc_turn 180 "$SB/sealed.ppm" "$SB/turned.ppm"
sc_blank "$SB/blank.ppm"
perl -e 'srand 5; print "P6\n350 450\n255\n", map { pack "C", 100 + int rand 156 } 1 .. 350 * 450 * 3' >"$SB/noise.ppm"
sc_png "$SB/noise.ppm" "$SB/stick/licence.png"
lies "$SB/blank.ppm"
on_with "the papers"
sees "what is wanted" 'CA 还要这些材料' '> 续期申请表（签字、盖红章），1 页' '. 营业执照复印件（盖红章），1 页' 'licence.png'
scanned "the wrong side up: a blank page is said" '空白' 'CA 还要这些材料' '> 续期申请表'
lies "$SB/turned.ppm"
scanned "on its head: taken all the same" 'v 续期申请表' '> 营业执照复印件'
pick '用 U 盘里的 licence.png'
sees "all is there: his phone" '认证身份' '有效到' '可以拔出 Key'
ok "its camera reads the link" reads '^https://id'
sb_identity failed 姓名不一致
sees "not passed: why, and the operator's app" '没有通过' '姓名不一致' '电信运营商' '换一个新的码'
pick 换一个新的码
sees "another link" '有效到' '自动继续'
sb_identity passed
sees "how to pay" '怎样付款' '应付 ¥200.00' '支付宝' '微信' '银行转账'
press Down Enter
sees "by the other app" '请付款' '¥200.00' '打开微信'
ok "its camera reads it" reads "^weixin:.*$(pays_to)$"
sb_pays
sees "paid: reviewed, which takes days" 'CA 正在审核' '可能要几天' '以后带着 Key 再来'
pick 先保存
sees "kept" '已保存，还没有办完' 'F5 打印小票'
press F5
sees "its slip on paper" '小票已经打印'
like "with what is waited for, and its number" "$(pdftotext "$(pr_sheet 1)" - | tr -d ' \n')" 'CA正在审核'
kept "in review" 'CA 正在审核。通过以后再来办完'

# ---- turned down, and put right ----
sb_review rejected 营业执照看不清 papers
on_with "turned down"
sees "why, and that nothing is paid again" '审核没有通过' 'CK-3120' '营业执照看不清' '付过的不用再付'
pick 现在更正
sees "both papers once more" 'CA 还要这些材料' '续期申请表' 'x 营业执照复印件.*看不清'
lies "$SB/sealed.ppm"
scanned "the form" 'v 续期申请表' '> 营业执照复印件|x 营业执照复印件'
pick '用 U 盘里的 licence.png'
sees "handed in again" 'CA 正在审核'
pick 先保存
kept "in review again" 'CA 正在审核'
is "nothing is issued before it has passed" "$(sb_show .counts.issued)" 0

# ---- passed ----
sb_review passed
ck records tend >"$SB/said"
on_with "passed"
sees "nothing else is asked: done" 'v 更新完成' '新证书' '可以拔出 Key'
shop_end T1 1
is "one form and one slip, each on one sheet" "$(pr_sheets)" 2
press Enter
sees "his key back" '请 取 走 您 的 Key'
lost "nothing of it is in memory" "${NEEDLES[@]}"
goes
ok "no paper stays" test "$(sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" 'SELECT count(*) FROM sheet')" = 0
ok "the ledger is whole" ck ledger verify
