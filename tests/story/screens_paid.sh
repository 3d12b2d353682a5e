#!/bin/bash
# A renewal that was paid for stopped under way, and the customer comes to the desk with the number of his
# order alone: found by it in the list and at "go on with", and gone on with; by the serial number that
# is printed on his key as well.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
counter_new
sb_key_proof
counter_clerk
scr_new
paid() { # NAME WHO ORDER: paid, begun and stopped; $RECORD
	CUSTOMER_SUBJECT="/C=CN/CN=$2" customer "$1"
	sb_ctl order "$3" "${CERTS[$1]}"
	comes "$1"
	CK_FAULT_AT=confirm sb_renew $PIN '' '' --system key-proof --way self --json >"$SB/out" 2>&1
	goes
	RECORD=$(ck records --all --last 1 --json | jq -r '.row.record // empty')
}
paid T1 赵五六 O-20261120-7
first=$RECORD
paid T2 钱七八 O-20261120-8
second=$RECORD
is "both orders are taken" "$(sb_show '[.orders[].state] | join(" ")')" "taken taken"

on_with() { # NAME RECORD: gone on with, to its end
	sees "$1: its key" '请重新插入这把 Key|请插入 Key' "$1" "${SERIAL[$1]}"
	comes "$1"
	sees "$1: asked first" '在这里继续吗' "$2"
	press 1
	sees "$1: PIN" '请客户本人输入|请输入 Key 的密码'
	text $PIN
	press Enter
	sees "$1: done" 'v 更新完成'
	press 1
	goes
}

scr_begin 80x24 -- --desk
sees "sign-in" '柜员签到'
press 2
sees "by passphrase" '编号' '口令'
text 07
press Tab
text "$CLERK_WORD"
press Enter
sees "the menu" '李柜员，要办什么' '2 笔办理中'

# ---- in the list ----
press 3
sees "both" "$first" "$second" '共 2 条'
press F7
sees "search" '找哪一笔'
scan O-20261120-7
sees "found by the order" "> $first" '赵五六' '共 1 条'
without "the other is not" "$second"
press F7
sees "search again" '找哪一笔'
scan "${SERIAL[T2]}"
sees "found by the key's serial number" "> $second" '钱七八' '共 1 条'
press F5
on_with T2 "$second"
press Escape
sees "the menu: one is left" '李柜员，要办什么' '1 笔办理中'

# ---- at once ----
press 2
sees "go on with: what is typed or scanned" '请输入或扫描'
scan O-20261120-7
on_with T1 "$first"
sees "the menu: none is left" '李柜员，要办什么' '都办完了'
is "issued and confirmed" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '2 2'
ok "the ledger is whole" ck ledger verify
