#!/bin/bash
# What a clerk looks up, in a real terminal: the visits that wait, found by whatever a customer brings,
# gone on with and given up from the list; the day's figures, the shift, the counter's health with the
# CA down and up again, the ledger. Each in both languages and both sizes, each with its help.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
SB_ANSWER_S=3
counter_new
counter_clerk
scr_new

# ---- one that is done, one that waits for the CA, one that stopped under way ----
named() { CUSTOMER_SUBJECT="/C=CN/CN=$2" customer "$1"; }
began() { # NAME: its visit, without a screen; $RECORD
	comes "$1"
	envelope
	sb_renew $PIN $PASSWORD $ENVELOPE --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>&1
	goes
	RECORD=$(ck records --all --last 1 --json | jq -r '.row.record // empty')
}
named T1 上海某某科技有限公司
named T2 张三丰
named T3 李四光
began T1
done=$RECORD
sb_knob cmp.waiting 99
sb_knob cmp.check-after 7200
began T2
parked=$RECORD parked_envelope=$ENVELOPE
sb_knob --clear
CK_FAULT_AT=confirm began T3
open=$RECORD
slip=$(ck records --json | jq -r "select(.row.record == \"$parked\").row.slip")
like "they are" "$done $parked $open $slip" "^CK-[^ ]* CK-[^ ]* CK-[^ ]* $parked-"

# Both languages at both sizes; ZH and EN are looked for, and it is as it was
both() { # NAME ZH EN
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
helps() { # NAME ZH EN: what F1 says here
	press F1
	both "help, $1" "$2" "$3"
	press Escape
	without "help, $1: closed" '这一页'
}
menu() { sees "$1" '李柜员，要办什么' "${@:2}"; }
found() { # BY TEXT REGEX…
	press F7
	sees "search by $1" '找哪一笔' '客户名称的一部分'
	scan "$2"
	sees "found by $1" "${@:3}"
}

scr_begin 80x24 -- --desk
sees "the desk alone: sign-in" '柜员签到'
without "F9 leads nowhere there" 'F9'
helps "sign-in" '柜员用自己的 Key' 'A clerk signs in'
press 2
sees "by passphrase" '口令'
text 07
press Tab
text "$CLERK_WORD"
press Enter
menu "the menu: how many wait" '1 笔办理中，1 笔已保存'
both "menu" '1 笔办理中，1 笔已保存' '1 open, 1 saved for later'
helps "menu" '这一页' 'This page'

# ---- records ----
press 3
sees "those that wait" "> $open" "$parked" '办理中' '已保存' '共 2 条' '李四光'
without "none that is done" "$done"
both "records" '停在' 'Stopped at|stopped'
helps "records" '这一页' 'This page'
press Down
sees "the other one: whose, its slip, until when" "> $parked" '张三丰' "$slip" '以前没有人来办就退回'
press Enter
sees "what was done about it, step by step" '这笔业务的经过' '等待签发'
both "lines" '这笔业务的经过' 'What was done|lines|Steps'
helps "lines" '这一页' 'This page'
press Escape
sees "back in the list" '共 2 条'
found number "$done" "> $done" '已办结' '共 1 条'
found "a slip that is scanned" "$slip" "> $parked" '共 1 条'
found "an envelope" "$parked_envelope" "> $parked" '张三丰'
found "part of a name" 四光 "> $open" '李四光'
found "the serial number of its key" "${SERIAL[T2]}" "> $parked" '张三丰' '共 1 条'
found "the name of one that is closed" 海某某 "> $done" '已办结' '上海某某科技有限公司'
found "what there is none of" 王五 '没有找到"王五"'

# ---- gone on with, and given up, from the list ----
found "the one under way" "$open" "> $open" 'F5 接着办' 'F6 放弃'
press F5
sees "its key is asked for" '请重新插入这把 Key' 'T3'
comes T3
sees "gone on with?" '在这里继续吗' "$open"
press 1
sees "its PIN" '请客户本人输入'
text $PIN
press Enter
sees "the password of its envelope" '里面的密码'
text $PASSWORD
press Enter
sees "done, with whose it is and old beside new, though another has read and issued them" \
	'v 更新完成' '李四光' '原证书 +新证书' '新证书生效' '信封密码'
press 1
sees "found as it is now" "> $open" '已办结'
goes
found "the one that waits" "$parked" "> $parked" '已保存'
press F6
pick 放弃这笔更新
sees "given up: its key" '请插入 Key'
press 1
sees "there is none: is it closed without?" 'Key 不在，要就此结束吗' '1  先不结束' '2  就此结束'
key_in "$R2" "${SERIAL[T1]}"
sees "another key is none, either" 'Key 不在，要就此结束吗' '可以拔出'
key_out "$R2"
comes T2
sees "but there it is, after all: its PIN" '请客户本人输入'
logins=$(sb_logins)
scan "$slip"
sees "its slip is scanned where the PIN belongs" '这是扫描的编号，不是密码'
is "and is not sent to the key" "$(sb_logins)" "$logins"
text $PIN
press Enter
sees "given up" 'v .*放弃' '1  结束'
press 1
sees "and it is told" "> $parked" '已放弃'
press Escape
menu "nothing waits any more" '都办完了'
press 3
sees "so there is no record here" '这里没有业务'
both "no records" '这里没有业务' 'There is no record here'
press Escape
menu "the menu again" '都办完了'

# ---- figures, the shift ----
press 5
sees "the day by hours" '今天的数字' '2 +0 +0 +1 +0 +3' '###' '每小时办结几笔'
both "figures" '每小时办结几笔' 'Finished|by the hour|each hour'
helps "figures" '这一页' 'This page'
press Escape
menu "the menu after figures" '都办完了'
press 6
sees "what this clerk did today, before he signed in as well" '交班报表' '合计 3' "$done" "$open" "$parked"
both "shift" '合计 3' 'together: 3'
helps "shift" '从零点到现在' 'This page'
press Escape
menu "the menu after the shift" '都办完了'

# ---- how the counter is ----
press 7
sees "all is well" '设备检查' 'v 一切正常' 'v CA sheca-cisweb' 'v 读卡器' 'CA v$'
both "diagnosis" '一切正常' 'All is well|Everything|fine'
helps "diagnosis" '这一页' 'This page'
sb_stop
press F4
sees "the CA is down: which part, and what to do" 'x CA sheca-cisweb' 'x CA 业务系统' 'CK-|连不上|没有答复'
both "diagnosis, down" 'x CA sheca-cisweb' 'x The CA, sheca-cisweb'
sees "and below, at once" 'CA x$'
sb_start
press F4
sees "and up again" 'v 一切正常' 'v CA sheca-cisweb' 'CA v$'
press Escape
menu "the menu after the diagnosis" '都办完了'

# ---- the ledger ----
press 8
sees "the latest steps, newest first" '业务日志' "$parked" '放弃'
both "ledger" '业务日志' 'Ledger'
press NPage
sees "further down" '\^ [0-9]+'
helps "ledger" '只能' 'can only be added to'
press Escape
menu "the menu after the ledger" '都办完了'

# ---- a week later ----
press 3
sb_knob desk.clock $((8 * 86400))
CK_FAULT_CLOCK=$((8 * 86400)) ck records tend >"$SB/out" 2>&1
is "the names of those that are closed are wiped" "$?" 0
sb_knob --clear
found "the name of one that was wiped" 海某某 '没有找到"海某某"'
found "its number" "$done" "> $done" '已办结'
press Escape
menu "the menu after a week" '都办完了'

# ---- by number without a key ----
press 2
sees "a number, a slip, an envelope" '请输入或扫描'
both "find" '业务号、小票' 'slip|Slip'
scan CK-20200101-000001
sees "there is none" 'CK-|没有找到|没有这'
press 1
menu "the menu after that" '都办完了'
press 0
sees "signed out: the desk alone signs in again" '柜员签到'
is "nothing behind it" "$(behind | grep -c '李四光\|张三丰')" 0
kill -TERM "$PID"
ended "SIGTERM" 0
ok "the ledger is whole" ck ledger verify
