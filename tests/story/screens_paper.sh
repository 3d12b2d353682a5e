#!/bin/bash
# Forms at the counter, in a real terminal: a printer out of paper is told and goes on by itself once it
# is filled; one that nobody waits for is printed from the desk, without the key; what only who looks can
# know is asked; a second sheet takes a second yes and is marked. A customer by himself is told whom to
# ask, and is done.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
. "$(dirname "$0")/../sandbox/clerkdesk.sh"
WHO=上海某某科技有限公司 PIN=Pn44717Q

counter_new
sb_paper
counter_clerk
scr_new
for name in T1 T2 T3 T4 T5 T6; do customer $name; done
sheets() { is "$1: sheets that came out" "$(sb_sheets)" "$2"; }
ledger() { ck ledger show --last 3 --json | jq -r 'select(.row).row.text' | grep "$1" | head -n 1; }
menu() { sees "$1" '李柜员，要办什么' "${@:2}"; }
both() { # NAME ZH EN: in both languages and sizes
	local size
	for size in 120x40 80x24; do
		resize $size
		sees "$1: zh, $size" "$2"
		press F2
		sees "$1: en, $size" "$3"
		press F2
	done
	sees "$1: zh again" "$2"
}

# ---- a customer by himself ----
scr_begin 80x24
sb_print by-hand
comes T1
sees "by himself: his certificate" "$WHO"
pick 更新
sees "by himself: asked" '更新这张证书吗'
pick 是这张
sees "by himself: PIN" '请输入 Key 的密码'
both "by himself: told before it" '! 申请表印不出来，办完后要手写.*𪛖' '! The form will have to be written by hand'
text "$PIN"
press Enter
sees "by himself: envelope" '密码信封'
envelope
scan "$ENVELOPE"
sees "by himself: its password" '里面的密码'
sb_print empty
text "$PASSWORD"
press Enter
sees "by himself: nobody is asked about a printer" 'v 更新完成' '请找柜员' '可以拔出 Key' '1  结束'
without "by himself: he prints nothing" ' 2  '
press 1
sees "by himself: he takes his key" '请 取 走'
goes
sees "by himself: the next one" '请 插 入 您 的 证 书|请 取 走'
sheets "by himself" 0

# ---- signed in; what waits is printed without the key ----
sb_print ok
press F9
sees "staff" '柜员签到'
press 1
clerk_comes
sees "her PIN" '李柜员，请输入'
text $CLERK_PIN
press Enter
menu "what waits, and how the printer is" '4  申请表 +1 份等着打印' '打印机 v'
press 4
sees "listed" '> CK-[0-9]+-000001' '结果未知' 'F5 打印' 'F4 最近的'
press F1
sees "its help" '这一页' '标明补打'
press Escape Enter
both "what stands on it" "$WHO" "$WHO"
sees "its number, and that it can be printed" '编号 CK-' 'F5 打印' 'F6 换打印机'
press Escape
sees "back at the list" '> CK-[0-9]+-000001'
press F5
sees "it was handed over already: found, not printed again" 'v 申请表已打印' '2  再打印一份'
sheets "found" 1
press 2
sees "once more takes another yes" '再打印一份吗' '打印过 1 次' '> 1  不打'
press Enter
sees "Enter is no" '没有等着打印的申请表' 'F4 最近的'
sheets "no" 1
press F4
sees "the latest" '> CK-[0-9]+-000001' '已打印' '1 份' '补打'
press F6
sees "which printer" '> kiosk' 'other' '可以打印'
press Down Enter
sees "once more" '再打印一份吗' '补打第1次'
press 2
sees "printed there" 'v 申请表已打印'
sheets "a copy" 2
like "the ledger says by whom" "$(ledger 'copy 2')" 'copy 2, clerk 07'
press 1
sees "two by now" '已打印 +2 +2 份'
press Escape

# ---- on behalf: out of paper, and filled ----
sb_print empty
menu "T2: the menu" '为客户办理'
behalf T2
sees "no paper: told, and what to do" '! 打印机.*纸.*CK-7107' '申请表没有打印出来' '1  等打印机' '2  以后再打' '3  改用打印机 other'
sees "no paper: the key may go" '可以拔出 Key'
goes
sees "no paper: gone, and nothing is lost" '没有 Key' '申请表没有打印出来'
sheets "no paper" 2
sb_print ok
sees "filled: it goes on by itself" 'v 更新完成' 'v 申请表已打印' '3  再打印一份'
sheets "filled" 3
press 1
sees "for the next one" '请插入客户的 Key|请把 Key 还给客户'
press Escape

# ---- nobody knows ----
sb_print unknown
menu "T3: the menu" '为客户办理'
behalf T3
sees "nobody knows: who looks is asked" '申请表出纸了吗' 'CK-7116' '> 1  没有出纸' '2  已经出纸'
press F1
sees "nobody knows: what a yes means" '这一页' '没有您的话'
press Escape Down Enter
sees "seen" 'v 更新完成' 'v 申请表已打印'
press 1
sees "for the next one" '请把 Key 还给客户'
goes
sees "taken" '请插入客户的 Key'
press Escape
menu "T4: the menu" '为客户办理'
behalf T4
sees "nobody knows: asked again" '申请表出纸了吗' '> 1  没有'
sb_print ok
press Enter
sees "no: what now, and a hasty Enter prints nothing" '申请表没有打印出来' '补打第1次' '> 1  以后再打' '2  再打一次'
press Enter
sees "later" 'v 更新完成' '! 申请表还没有打印' '3  现在打印申请表'
before=$(sb_sheets)
press 3
sees "the other may turn up: this one is marked" '再打印一份吗' '补打第1次'
press 2
sees "now, then" 'v 申请表已打印'
is "now, then: one sheet" "$(sb_sheets)" $((before + 1))
press 1
sees "for the next one" '请把 Key 还给客户'
goes
sees "taken" '请插入客户的 Key'
press Escape
menu "none waits" '没有待打印的'

# ---- a record's own ----
press 3
sees "records" '没有业务'
press F7
sees "searched" '找哪一笔'
text 000002
press Enter
sees "found: its form" '> CK-[0-9]+-000002' '已办结' '申请表：已经打印' 'F8 申请表'
press F8
sees "what stands on it" '编号 CK-' '┌─+┐'
press End
sees "to its end" "$WHO" '└─+┘'
press Escape
sees "back at the record" '> CK-[0-9]+-000002'
press Escape
menu "back" '没有待打印的'

# ---- a print program that is not there ----
mv "$SB/bin/certkiosk-print" "$SB/bin/gone"
press 4
sees "lists take none" '没有等着打印'
press F4
sees "the latest" '> CK-[0-9]+-000004'
press Enter
sees "no preview: told" 'CK-7120'
press Escape
sees "back at the list" '> CK-[0-9]+-000004'
press F6
sees "no printers: told" 'CK-7120'
press Escape
sees "and back" '> CK-[0-9]+-000004'
press Escape
menu "the desk goes on" '没有待打印的'
mv "$SB/bin/gone" "$SB/bin/certkiosk-print"
press 0
sees "signed out" 'F9 柜员'
lost "nothing of the customers is left" "$WHO" "$PIN" "$PASSWORD"

# ---- the power goes while it prints: nobody is at it any more, and the next visit is another one's ----
in_again() {
	press F9
	sees "$1: staff" '柜员签到'
	press 1
	sees "$1: her PIN" '李柜员，请输入'
	text $CLERK_PIN
	press Enter
	sees "$1: the menu" '要办什么'
}
in_again "before"
sb_print empty
before=$(sb_sheets)
menu "T5: the menu" '为客户办理'
behalf T5
sees "printing" '打印机缺纸'
scr_end
goes
is "it is with the printer" "$(sb_sheets)" "$before"
scr_begin 80x24
sees "the power is back" '请 插 入'
in_again "after"
sees "one is not done" '1 份等着打印'
press 4
both "nobody knows of it" '> CK-[0-9]+-000005 .*结果未知' '> CK-[0-9]+-000005 .*not known yet'
press F5
sees "chosen: still without paper" '打印机缺纸' '2  以后再打'
sb_print ok
sees "with paper: found, and printed" 'v 申请表已打印'
is "one sheet" "$(sb_sheets)" $((before + 1))
press 1
sees "none waits" '没有等着打印'
press Escape
menu "the menu once more" '没有待打印的'

# ---- not finished yet: its slip on paper ----
sb_knob cmp.waiting 9999
sb_knob cmp.check-after 3600
menu "T6: the menu" '为客户办理'
behalf T6
sees "the CA wants an hour: its slip, and F5" '已保存' 'CK-[0-9]+-000006' 'F4 二维码 +F5 打印小票'
before=$(sb_sheets)
press F5
both "printed" 'v 小票已经打印' 'v The slip is printed'
sees "printed: the page as it was" 'CK-[0-9]+-000006' '2  现在再试一次' 'F5 打印小票'
is "printed: one sheet" "$(sb_sheets)" $((before + 1))
sb_print empty
press F5
sees "no paper: nobody is held up" '! 小票没有打印出来：打印机缺纸' 'CK-[0-9]+-000006'
press F5
sees "once more" '打印不用 Key' '不等了'
press Escape
sees "not waited for: the page again" 'CK-[0-9]+-000006' 'F5 打印小票'
is "no sheet but the one" "$(sb_sheets)" $((before + 1))
sb_print ok
sb_knob cmp.waiting 0
sb_knob cmp.approved 1
press 2
sees "gone on with from there" '在这里继续吗' 'CK-[0-9]+-000006'
press 1
sees "its PIN" '请客户本人输入'
text "$PIN"
press Enter
sees "its password" "$ENVELOPE"
text "$PASSWORD"
press Enter
sees "done, and its form is printed" 'v 更新完成' 'v 申请表已打印'
is "two sheets by now" "$(sb_sheets)" $((before + 2))
press 1
sees "for the next one" '请把 Key 还给客户'
goes
sees "taken" '请插入客户的 Key'
press Escape
menu "the menu at last" '没有待打印的'
press 0
sees "signed out again" 'F9 柜员'
ok "the ledger is whole" ck ledger verify
kill -TERM "$PID"
ended "SIGTERM" 0
