#!/bin/bash
# Keys in a row at the clerk's desk, in a real terminal: system and way chosen once, key after key, a front
# killed in between, and the list on paper at the end.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
. "$(dirname "$0")/../sandbox/clerkdesk.sh"
desk_with_printer
sed -i '/^form = /d' "$SB/systems/sheca-cisweb.conf" # the batch has its paper all the same
customer T1
customer T2 --not-after +300d
rows() { ck batch show "$(ck batch list --all --json | jq -r '.row.record // empty')" --json | jq -r '.row // empty | "\(.no) \(.result)"' | paste -sd,; }
desk() { # until the menu of the desk
	press F9
	sees "$1: a way to sign in" '用柜员自己的 Key'
	press 2
	sees "$1: number and passphrase" '口令'
	text 07
	press Tab
	text "$CLERK_WORD"
	press Enter
	sees "$1: the menu" '9  集中更新' '0  签退'
}

scr_begin 80x24
sees "self-service" 'F9 柜员'
desk "signed in"
press 9
sees "there are none yet" '集中更新' '还没有集中更新' 'F4 新的一批'
press F4
sees "system and way, once" '这一批怎么办' '> 上海CA.* 自更新' '代更新'
press Down
sees "on behalf" '> 上海CA.* 代更新'
press Enter
sees "the first key is asked for" '请插入' 'Key'
comes T1
sees "its PIN, by the customer" '请客户本人输入'
text "$PIN"
press Enter
sees "the envelope" '密码信封'
envelope
scan $ENVELOPE
sees "its password" "$ENVELOPE"
text "$PASSWORD"
press Enter
sees "done" 'v 更新完成'
press Enter
sees "the key goes back" '请把 Key 还给客户|请取走'
goes
sees "the next one is asked for" '请插入'
comes T2
sees "one that is too early is refused" '还没到可以更新的日期' 'CK-2001'
is "both have a row" "$(rows)" "1 done,2 refused"

# ---- the front is killed ----
kill -KILL "$PID"
scr_end
scr_begin 80x24
sees "self-service again" 'F9 柜员'
goes
desk "signed in again"
press 9
sees "the row is there" 'CK-' '办理中' '代更新' 'F5 下一把' 'F8 打印明细'
press Enter
sees "with each key" '已更新' '不能更新' '还没到'
press F8
sees "its end is asked" '结束这一批，打印明细吗' '还有 Key，返回' '不能再加 Key'
press 2
sees "printed" '更新证书明细已打印'
is "once" "$(pr_sheets)" 1
press Enter
sees "back at the menu of rows" '集中更新' '已办结'
