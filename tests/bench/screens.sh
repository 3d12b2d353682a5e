#!/bin/bash
# make bench: the screens. From a key pressed to the last byte of the screen it makes, also while the key
# makes a pair; what a second of progress costs; how large the front is; who wakes while nothing happens.
# CK_BENCH_PRESSES (1000), CK_BENCH_IDLE_S (60).
set -u
CK_BUILD=$(realpath "$1") CK_BIN=$(realpath "$1")/bin
export CK_BUILD CK_BIN
PRESSES=${CK_BENCH_PRESSES:-1000} IDLE_S=${CK_BENCH_IDLE_S:-60} TICKS=10
F2='\eOQ' # the other language: every word of the screen changes
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox/lib.sh"
. "$here/../sandbox/readers.sh"
. "$here/../sandbox/counter.sh"
. "$here/../sandbox/screen.sh"
. "$here/lib.sh"
SCR_WAIT_S=60

order() { # ORDER: what the gauge says of it
	: >"$SB/results"
	echo "$1" >"$SB/orders"
	until [ -s "$SB/results" ]; do sleep 0.2; done
	cat "$SB/results"
}
pressed() { # WHERE KEYS
	local median worst
	read -r median worst < <(order "press $PRESSES $2")
	echo "screen: $1, $PRESSES keys: median $(ms "$median") ms, worst $(ms "$worst") ms until the last byte (budget 20)"
}
until_seen() { sees "$@" >"$SB/told" || { cat "$SB/told" >&2; exit 1; }; }
# what it gave way to others for is no waking
switches() { awk '/^voluntary_ctxt/ { n += $2 } END { print n }' /proc/"$1"/task/*/status; }
resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

SB_CALL_TIMEOUT_S=300 counter_new
scr_new
mkfifo "$SB/orders"
customer T1
envelope
comes T1
SCR_UNDER="$SB_TOOLS/gauge $SB/orders $SB/results --"
scr_begin 80x24
until_seen "a certificate" '[1-9]  更新' 'CA v'
FRONT=$(pgrep -P "$PID" certkiosk)
[ $((PRESSES % 2)) = 0 ] || PRESSES=$((PRESSES + 1)) # Chinese in the end
pressed "a certificate" "$F2"
before=$(switches "$FRONT")
sleep "$IDLE_S"
echo "screen: idle, a key in its reader, $IDLE_S s: the front woke $(($(switches "$FRONT") - before)) times"
pick 更新
pick 是这张
until_seen PIN '请输入 Key 的密码'
text $PIN
press Enter
until_seen envelope '拿出新领的密码信封'
scan $ENVELOPE
until_seen password '里面的密码'
sb_shim 'hold C_GenerateKeyPair 0'
text $PASSWORD
press Enter
until_seen "a key pair is being made" '\[>\]新密钥'
pressed "while the key makes a pair" "$F2"
echo "screen: a second of progress is $(($(order "quiet $TICKS") / TICKS)) bytes"
sb_shim ''
until_seen "done" '更新完成'
echo "screen: the front is $(resident "$FRONT") MiB resident after a visit (aim 10)"
kill -TERM "$FRONT"
