#!/bin/bash
# The desk with a real print service before a virtual printer: a renewal whose form meets an empty tray
# and comes out once it is filled, what stands on it, one sheet more that says it is a copy, and a printer
# that is gone.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
. "$(dirname "$0")/../sandbox/clerkdesk.sh"
WHO=上海某某科技有限公司 PIN=Pn44717Q

desk_with_printer
customer T1
customer T2
text_of() { pdftotext "$(find "$PR/p/out" -name '*.doc' | sort -V | sed -n "$1p")" - | tr -d ' \n'; }
sheets() { pr_until eval "[ \"\$(pr_sheets)\" = $2 ]"; is "$1: sheets that came out" "$(pr_sheets)" "$2"; }

# ---- in ----
scr_begin 80x24
sees "nobody is there" '请 插 入 您 的 证 书'
press F9
sees "staff" '柜员签到'
press 1
clerk_comes
sees "her PIN" '李柜员，请输入'
text $CLERK_PIN
press Enter
sees "how the printer is, as its service says" '要办什么' '4  申请表 +没有待打印的' '打印机 v'

# ---- out of paper, filled, printed ----
pr_mode media-empty
behalf T1
sees "no paper: told, and what to do" '! 打印机缺纸 +CK-7107' '1  等打印机' '2  以后再打' '可以拔出 Key'
sees "no paper: seen below as well" '打印机 [!x]'
sheets "no paper" 0
pr_mode
sees "filled: it goes on by itself" 'v 更新完成' 'v 申请表已打印' '3  再打印一份' '打印机 v'
sheets "filled" 1
like "it is that of this customer" "$(text_of 1)" "数字证书更新申请表.*$WHO"

# ---- once more ----
press 3
sees "once more takes another yes" '再打印一份吗' '> 1  不打'
press 2
sees "printed" 'v 申请表已打印' '2  再打印一份'
sheets "a copy" 2
like "it says that it is one" "$(text_of 2)" '补打第1次'
like "the first does not" "$(text_of 1 | grep -c 补打)" '^0$'
press 1
sees "for the next one" '请把 Key 还给客户'
goes
sees "taken" '请插入客户的 Key'
press Escape
sees "the menu" '没有待打印的'

# ---- looked at before it is printed; on which printer ----
press 4
sees "none waits" '没有等着打印'
press F4
sees "the latest" '> CK-[0-9]+-000001' '已打印 +[0-9]+ +2 份'
press Enter
sees "what stands on it" '数字证书更新申请表' "$WHO" 'F5 打印'
press Escape
sees "back" '> CK-[0-9]+-000001'
press F6
sees "which printers there are" '> kiosk +可以打印' '平时用的'
press Escape
sees "and back" '> CK-[0-9]+-000001'
press Escape
sees "the menu again" '要办什么'

# ---- how it is, among all the rest ----
cupsdisable kiosk
press 7
sees "paused: it is to be looked after (zh)" 'v 申请表的受理点签名' 'v 申请表 sheca-renewal：数字证书更新申请表' '! 打印机：kiosk' '打印机暂停了'
press F2
sees "paused (en)" "v The office's signature on forms" 'v Form sheca-renewal' '! Printer: kiosk' 'paused|stopped'
press F2
cupsenable kiosk
press F4
sees "and on" 'v 一切正常' 'v 打印机：kiosk'
press Escape
sees "the menu, after that" '要办什么'

# ---- a printer that is gone ----
pr_printer_kill
behalf T2
sees "gone: told" '! 打印机没有应答 +CK-7103' '以后再打'
pick 以后再打
sees "gone: the renewal is done, and the form is not" 'v 更新完成' '申请表.*(打印机没有应答|还没有打印|没有出完)'
sheets "gone" 2
press 1
sees "for the next one" '请把 Key 还给客户'
goes
sees "taken" '请插入客户的 Key'
press Escape
sees "one waits" '1 份等着打印'
pr_printer
press 4
sees "listed" '> CK-[0-9]+-000002'
press F5
sees "it is back: printed" 'v 申请表已打印'
sheets "back" 3
like "that of the other" "$(text_of 3)" "CK-[0-9]+-000002"
ok "the ledger is whole" ck ledger verify
kill -TERM "$PID"
ended "SIGTERM" 0
