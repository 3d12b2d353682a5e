#!/bin/bash
# What goes wrong while a new key is made, which takes a slow key half a minute: keys are answered all
# that time; the key pulled is seen within a second, and put back it goes on; the engine killed, it goes
# on; the program itself killed, whoever comes next goes on; and the window may be any size meanwhile.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
HOLD='hold C_GenerateKeyPair 0'

SB_CALL_TIMEOUT_S=60 counter_new
scr_new
at_keygen() { # NAME: a customer's visit up to there, and there it stays
	customer "$1"
	envelope
	comes "$1"
	sees "$1: the certificate" '[1-9]  更新'
	pick 更新
	pick 是这张
	sees "$1: PIN" '请输入 Key 的密码'
	text $PIN
	press Enter
	sees "$1: envelope" '拿出新领的密码信封'
	scan $ENVELOPE
	sees "$1: password" '里面的密码'
	held
	text $PASSWORD
	press Enter
	soon test -e "$SB/shim/held"
	sees "$1: a new key is being made" '\[>\]新密钥' '请勿拔出 Key'
}
held() {
	rm -f "$SB/shim/held"
	sb_shim "$HOLD"
}
again() { # NAME [new]: the questions of a visit that goes on; a new engine has no password yet
	sees "$1: PIN once more" '请输入 Key 的密码'
	text $PIN
	press Enter
	[ $# = 1 ] && return
	sees "$1: password once more" '里面的密码'
	text $PASSWORD
	press Enter
}
done_well() { # NAME
	sees "$1: done" '更新完成' '新证书'
	press Enter
	goes
	sees "$1: over" '请 插 入' '没有 Key'
}
issued() { sb_show '.counts|"\(.issued) \(.confirmed)"'; }

scr_begin 80x24
# ---- answered meanwhile ----
at_keygen T1
took=0
for word in 'Do not pull the key' '请勿拔出 Key'; do
	start=$(date +%s%N)
	press F2
	soon scr_look "$word"
	took=$(($(date +%s%N) - start > took ? $(date +%s%N) - start : took))
done
ok "the language is another one at once ($((took / 1000000)) ms)" test $took -lt 500000000
press F1
sees "help as well" '这一页'
press Escape
sees "the time goes on" '已用 0:0[1-9]' '请勿拔出 Key'

# ---- any size ----
for i in 1 2 3 4 5 6 7 8; do
	resize 40x10
	resize 240x70
	[ $((i % 3)) -ne 0 ] || press F2
done
resize 40x10
sees "too small: said in one sentence" '80x24|80 columns|80 列'
resize 240x70
sees "large: all of it" '\[>\]新密钥|\[>\]New key' 'F1'
resize 80x24
sees "and as before" '\[>\]新密钥|\[>\]New key' '请勿拔出 Key|Do not pull'
[ -n "$(seen | grep 新密钥)" ] || press F2

# ---- pulled ----
start=$(date +%s%N)
goes
sees "pulled: said at once" '被拔出了'
took=$((($(date +%s%N) - start) / 1000000))
ok "within a second ($took ms)" test $took -lt 1000
sb_shim ''
sees "and asked for, which one" '请重新插入这把 Key' 'T1' "${SERIAL[T1]}" '没有 Key'
comes T1
again T1
done_well T1
is "one certificate" "$(issued)" '1 1'

# ---- the engine dies ----
at_keygen T2
ENGINE=$(engine)
ok "there is an engine" test -n "$ENGINE"
sb_shim ''
kill -KILL "$ENGINE"
sees "killed: what went on is said, and it goes on by itself" '请输入 Key 的密码' '办理程序意外结束，已经重新开始，请再输入一次'
text ${PIN:0:6}
sees "half a PIN" '\*{6}'
killed=$(engine)
# what is left of it keeps its hand on the key for a second, as on a machine that has no time
flock "$(echo "$SB"/state/locks/*)" sleep 1 7>&- 8<&- &
kill -KILL "$killed"
soon eval '[ -n "$(engine)" ] && [ "$(engine)" != "$killed" ]'
sees "killed while it asks: said as well, and what was typed is gone" '请输入 Key 的密码' '已经重新开始，请再输入一次'
without "no half PIN" '\*\*\*'
again T2 new
done_well T2
is "one certificate more" "$(issued)" '2 2'

# ---- the program dies ----
at_keygen T3
kill -KILL "$PID"
soon test -s "$SCR/after"
sb_shim ''
soon test -z "$(pgrep -f "certkiosk-engine.*$SB/")"
PID=''
scr_begin 80x24
sees "started anew: what was begun can be gone on with" '继续' '生成新密钥|新密钥'
pick 继续
sees "which one it was, asked once" '在这里继续吗' '生成新密钥'
pick 继续
again T3 new
done_well T3
is "no pair and no certificate too many" "$(issued)" '3 3'
is "no record is open" "$(ck records --json | grep -c '"row"')" 0

# ---- told to end, and the engine takes its time ----
at_keygen T6
kill -TERM "$PID"
soon eval '[ "$(flag alternate_on)" = 0 ]'
is "SIGTERM: off the terminal at once, and nothing of it stays" "$(flag alternate_on) $(flag cursor_flag) $(seen | grep -c '新密钥\|Key')" "0 1 0"
ok "the engine is not cut off" test -d "/proc/$PID"
sb_shim ''
ended "SIGTERM" 0
ok "the ledger is whole" ck ledger verify
is "nobody was left behind" "$(pgrep -f "certkiosk-engine.*$SB/" | wc -l)" 0

# ---- the service of the readers dies ----
scr_begin 80x24
at_keygen T5
service_killed
sees "no service: said as that" '请勿拔出 Key' '读卡器 x'
without "and no key was pulled" '被拔出了'
sb_shim ''
kill -TERM "$PID"
ended "no service: SIGTERM" 0
