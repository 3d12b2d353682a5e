#!/bin/bash
# The other services of a menu, in a real terminal: by a customer himself, with and without his key, one number
# wrong at first, the program lost on the way; and by a clerk, while the desk is down. Each is handed in once and
# printed once, and nothing that was typed is left on the screen or in the program.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
. "$(dirname "$0")/../sandbox/clerkdesk.sh"
pr_new
counter_new
pr_printer
sb_systems sheca-issp sdca-dezhou
sb_form "$PR_URI"
counter_clerk
scr_new
trap both_end EXIT
customer T1
WHO=上海某某科技有限公司 NAME=犇小明 ID=11010519491231002X MOBILE=13800138000
applications() { sb_show '.applications | length'; }
state() { ck records --all --json | jq -r --arg n "$1" '.row // empty | select(.record == $n) | "\(.way) \(.state) \(.form // "-")"'; }
number() { seen | grep -oE 'CK-[0-9]+-[0-9]+' | head -n 1; }
fill() {
	local value
	for value; do
		text "$value"
		press Enter
	done
}
# ---- a customer and his key ----
scr_begin 80x24
sees "without a key it is offered, too" '请 插 入 您 的 证 书' '> 其他业务' 'Enter 确定'
comes T1
sees "at his key" "$WHO" '[1-9]  其他业务'
pick 其他业务
sees "what there is" '要办哪一项' '业务系统 +业务' '> .*新办' '变更' '撤销'
for _ in {1..6}; do press Down; done
sees "by the arrow" '> 上海.* 变更'
press Enter
sees "what it takes" '变更' '办理时请携带' 'USB 介质' '由 CA 核对材料以后决定' '申请直接送到 CA' '> 1  填写申请'
press Enter
sees "its fields" '变更：请填写申请表' '> 单位名称' '变更内容' '经办人身份证号码' '可以拔出 Key'
fill "$WHO"
sees "what may stay empty says so" '> 统一社会信用代码' '可以不填；18 位'
fill '' 地址变更 "$NAME" 110105194912310028 "$MOBILE"
sees "a wrong number is said, and all that was typed is there" '! 经办人身份证号码不对' '18 位，最后一位可以是 X' \
	'> 经办人身份证号码  110105194912310028' "$NAME" "$MOBILE"
holds "in memory while it is needed" "$NAME"
press C-u
fill $ID ''
sees "handed in: number, state, what to bring" 'v 已申请：变更' '编号 CK-[0-9]+-[0-9]+ +CA 受理号' 'CA：已收到' \
	'申请表已打印' '办理时请携带' '服务热线 962600' '结束，请取回 Key'
first=$(number)
is "the desk has one, about his certificate" "$(applications) $(sb_show '.applications[0] | "\(.service) \(.cert)"')" "1 change ${CERTS[T1]}"
is "with what he typed at last" "$(sb_show '.applications[0].said | fromjson | map(select(.name == "agent-id" or .name == "agent-mobile").value) | join(" ")')" "$ID $MOBILE"
is "printed once, and over" "$(pr_sheets) $(state "$first")" "1 service done printed"
is "no PIN was asked for" "$(sb_logins)" 0
press Enter
sees "his key back" '请 取 走 您 的 Key'
without "nobody's name" "$NAME"
is "nothing behind it" "$(behind | grep -c "$NAME")" 0
lost "nothing of it is in memory" "$NAME" "$ID" "$MOBILE"
goes

# ---- without a key ----
sees "the next one" '> 其他业务'
press Enter
sees "what there is" '> .*新办'
press Enter
sees "what it takes" '新办' '办理时请携带' '单位证照' '> 1  填写申请'
without "no key" '要插着这把 Key'
press Escape
sees "back at the list" '要办哪一项'
press Enter
sees "what it takes" '> 1  填写申请'
press Enter
sees "its fields" '新办：请填写申请表'
fill "$NAME" '' "$NAME"
sees "half of it is typed" '> 经办人身份证号码' "$NAME"
pass 151
sees "who walks away is forgotten" '请 插 入 您 的 证 书'
without "not on the screen" "$NAME"
lost "nor in memory" "$NAME"
is "and nothing is begun" "$(applications) $(ck records --json | jq -r '.row // empty | select(.way == "service").record' | wc -l)" "1 0"

# ---- the program is lost while it is sent ----
engines() { pgrep -P "$PID" certkiosk-engi | sort; }
engines >"$SB/without"
press Enter
sees "what there is" '> .*新办'
press Enter
sees "what it takes" '> 1  填写申请'
press Enter
sees "its fields" '新办：请填写申请表'
engines >"$SB/with"
sb_knob desk.delay.service 4000
fill "$NAME" '' "$NAME" $ID $MOBILE a@example.cn
sending() { ck records --json | grep '"way":"service"' | grep -q '"form":"waits"'; }
ok "it is being sent" soon sending
kill -KILL "$(comm -13 "$SB/without" "$SB/with")"
sb_knob --clear
sees "it goes on by itself" 'v 已申请：新办' '编号 CK-[0-9]+-[0-9]+'
is "one application, one sheet" "$(applications) $(pr_sheets) $(state "$(number)")" "2 2 service done printed"
press Enter
sees "and the counter waits again" '请 插 入 您 的 证 书'

# ---- at the desk ----
press F9
sees "a way to sign in" '用柜员自己的 Key|口令'
press 2
sees "number and passphrase" '口令'
text 07
press Tab
text "$CLERK_WORD"
press Enter
sees "the menu" 'a  其他业务' '0  签退'
press a
sees "what there is" '要办哪一项' '> .*新办'
for _ in {1..3}; do press Down; done
sees "unlocking" '> 德州.* 解锁'
press Enter
sees "the CA unlocks, and when" '解锁' '! 这里只是申请。Key 由山东CA' '> 1  填写申请'
sb_stop
press Enter
sees "whose certificate" '请插入'
comes T1
sees "its fields" '解锁：请填写申请表' '> 用户名称'
fill "$WHO" "$NAME" $ID $MOBILE
sees "the desk is down: kept, its number, and that it goes on by itself" '> 申请已保存，还没有办完：连不上' \
	'编号 CK-[0-9]+-[0-9]+' '恢复以后本机会自动送出' '申请表已打印' '2  现在再试一次'
third=$(number)
is "its form is printed" "$(pr_sheets) $(state "$third")" "3 service parked printed"
sb_start
press 2
sees "tried once more: handed in" 'v 已申请：解锁' "编号 $third" 'CA：已收到' 'Key 由山东CA.*当面解锁'
is "once, and on no further sheet" "$(applications) $(pr_sheets) $(state "$third")" "3 3 service done printed"
is "the key is as it was: nobody unlocked it, nobody typed a PIN" "$(sb_logins)" 0
pick 再打印一份
sees "a second sheet is asked for first" '再打印一份申请表吗|补打'
press 2
sees "printed" '申请表已打印'
is "marked as one" "$(pr_sheets)" 4
press Enter
sees "back at the menu" 'a  其他业务'
ok "the ledger is whole" ck ledger verify
