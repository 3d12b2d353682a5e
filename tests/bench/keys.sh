#!/bin/bash
# make bench: keys and readers. From the reader's event to the certificate on screen, over the stand-in
# for pcscd and SoftHSM2; who wakes while nothing happens; a key with 100 certificates.
# CK_BENCH_N: runs of each (20).
set -u
CK_BUILD=$(realpath "$1") CK_BIN=$(realpath "$1")/bin
export CK_BUILD CK_BIN
N=${CK_BENCH_N:-20} IDLE_S=20 SB_MODULE=/usr/lib/softhsm/libsofthsm2.so
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox/lib.sh"
. "$here/../sandbox/readers.sh"
. "$here/lib.sh"

customer() { sb_key --module "$SB_MODULE" --pin 123456 --alg p256 --not-before -351d --not-after +14d "$@"; }
until_row() { # EVENT: reads the watch until it says so
	while read -r -t 30 -u 3 line; do
		[[ $line == *"\"event\":\"$1\""* ]] && return
	done
	echo "the watch did not say $1" >&2
	exit 1
}
switches() { # PID…: of all threads so far
	local pid
	for pid; do cat /proc/"$pid"/task/*/status; done | awk '/ctxt_switches/ { n += $2 } END { print n }'
}

sb_new
export PCSCLITE_CSOCK_NAME=$SB/pcscd
# as many systems as a site may have, each with rules of its own
for i in $(seq 2 16); do cp "$SB/systems/sheca-cisweb.conf" "$SB/systems/also-$i.conf"; done
sb_site_conf
customer --label T1
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];"
rm "$SB/keys.d/softhsm.conf"
service
plug add "$R1"
exec 3< <(exec "$CK_BIN/certkiosk" keys --watch --json --config "$SB/certkiosk.conf" 2>"$SB/err" 7>&- 8<&-)
front=$!
until_row reader-in
: >"$SB/event" && : >"$SB/screen"
for _ in $(seq "$N"); do
	t=$(date +%s%N)
	plug card "$R1|$ATR"
	until_row key
	us "$t" >>"$SB/screen"
	jq .row.after_ms <<<"$line" >>"$SB/event"
	plug nocard "$R1"
	until_row card-out
done
echo "insert: certificate known and judged by 16 systems $(median <"$SB/event") ms after the reader's event, on screen $(ms "$(median <"$SB/screen")") ms after the key went in (budget 100)"

plug card "$R1|$ATR"
until_row key
engine=$(pgrep -P "$front")
sleep 1
before="$(switches "$front") $(switches "$engine")"
sleep $IDLE_S
read -r f0 e0 f1 e1 <<<"$before $(switches "$front") $(switches "$engine")"
echo "idle, a key in its reader, $IDLE_S s: $((f1 - f0)) context switches in the front, $((e1 - e0)) in engine and watch (its safety time-out is 5 s)"
kill "$front"

for _ in $(seq 99); do customer --label T1 --second --serial "$KEY"; done
: >"$SB/list"
for _ in $(seq "$N"); do
	t=$(date +%s%N)
	ck keys --json >"$SB/out"
	us "$t" >>"$SB/list"
done
echo "keys: $(jq -r 'select(.row).row.entries | length' "$SB/out") certificates on one key listed in $(ms "$(median <"$SB/list")") ms, start and end of the engine included"
