#!/bin/bash
# make bench: ratios, not promises. One on-behalf renewal on the sandbox, headless, against the same work
# done by a shell with pkcs11-tool, openssl and curl (pipeline.sh), runs interleaved, medians; and against
# the sum of what it cannot avoid (key, exchanges, disk), measured inside the same runs by meter.so.
# CK_BENCH_N: runs of each (20).
set -u
CK_BUILD=$(realpath "$1") CK_BIN=$(realpath "$1")/bin
export CK_BUILD CK_BIN
N=${CK_BENCH_N:-20} SOFTHSM=/usr/lib/softhsm/libsofthsm2.so
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox/lib.sh"
. "$here/lib.sh"
subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
PIN=Old-4471 PASSWORD=Env-9038 count=0
export PIN PASSWORD

fresh() { # ALG
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	count=$((count + 1)) SERIAL=B$count LABEL=T$count
	sb_key --module $SOFTHSM --label "$LABEL" --pin $PIN --usage sign --alg "$1" --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "$SERIAL" $PASSWORD --for "$CERT"
}

ours() { # → microseconds
	local t
	t=$(date +%s%N)
	sb_renew $PIN $PASSWORD "$SERIAL" --system sheca-cisweb --way on-behalf --clerk 07 >"$SB/out" 2>&1 || {
		tail -n 5 "$SB/out" >&2
		exit 1
	}
	us "$t"
}

shell() { # → microseconds, and in $SB/keygen those of the key generation
	local t
	t=$(date +%s%N)
	SB=$SB MODULE=$SOFTHSM LABEL=$LABEL CERT=$CERT_FILE ALG=$1 SERIAL=$SERIAL \
		OLD_ID=$(ck keys --json | jq -r '.row.entries? // [] | .[0].id // empty') "$here/pipeline.sh" >"$SB/keygen" || {
		echo "the pipeline failed" >&2
		exit 1
	}
	us "$t"
}

module() { # what keys.d names
	SB_MODULE=$1
	sb_keys_conf
}

sb_new
echo "medians of $N interleaved runs, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
for alg in p256 rsa2048; do
	: >"$SB/a" && : >"$SB/b" && : >"$SB/c" && : >"$SB/parts" && : >"$SB/k"
	for _ in $(seq "$N"); do
		module $SOFTHSM
		fresh $alg
		ours >>"$SB/a"
		fresh $alg
		shell $alg >>"$SB/b"
		cat "$SB/keygen" >>"$SB/k"
		module "$CK_BUILD/test/meter.so"
		fresh $alg
		CK_METER=$SB/parts LD_PRELOAD=$CK_BUILD/test/meter.so ours >>"$SB/c"
	done
	a=$(median <"$SB/a") b=$(median <"$SB/b")
	echo "$alg: certkiosk $(ms "$a") ms, shell $(ms "$b") ms: $(ratio "$b" "$a") x"
	if [ $alg = rsa2048 ]; then # key generation is luck: taken off run by run
		a=$(paste "$SB/c" "$SB/parts" | awk '{ print $1 - $6 / 1000 }' | median)
		b=$(paste "$SB/b" "$SB/k" | awk '{ print $1 - $2 }' | median)
		echo "$alg without key generation: certkiosk $(ms "$a") ms, shell $(ms "$b") ms: $(ratio "$b" "$a") x"
	fi
	paste "$SB/c" "$SB/parts" | awk '{ u = ($3 + $6 + $9 + $12) / 1000; print $1 / u }' | median >"$SB/r"
	awk '{ k += $2; g += $5; n += $8; d += $11; nn = $9; dn = $12 } END { printf "  unavoidable, means: key %.1f, key generation %.1f, %d exchanges %.1f, %d syncs %.1f ms\n", k/NR/1e6, g/NR/1e6, nn, n/NR/1e6, dn, d/NR/1e6 }' "$SB/parts"
	echo "  whole visit (front, engine, record) / unavoidable: $(awk '{ printf "%.2f", $1 }' "$SB/r")"
done

# an engine alone: from its start to its end of an easy question, and its size after a whole visit
module $SOFTHSM
: >"$SB/s"
for _ in $(seq "$N"); do
	t=$(date +%s%N)
	"$CK_BUILD/test/visitor" "$CK_BIN/certkiosk-engine" "$SB/certkiosk.conf" '{"do":"records"}' - </dev/null >/dev/null
	us "$t" >>"$SB/s"
done
echo "engine: start, store, answer, end $(ms "$(median <"$SB/s")") ms (budget for the start: 200)"
fresh p256
cat >"$SB/hook" <<'E2'
#!/bin/sh
[ "$1" != after ] || awk '/VmHWM/ { printf "engine: %.1f MiB resident at its most (budget 25)\n", $2 / 1024 }' "/proc/$2/status"
E2
chmod +x "$SB/hook"
printf '%s\n' "envelope serial $SERIAL" "pin pin $PIN" "envelope-password password $PASSWORD" |
	"$CK_BUILD/test/visitor" "$CK_BIN/certkiosk-engine" "$SB/certkiosk.conf" \
		'{"do":"renew","system":"sheca-cisweb","way":"on-behalf","clerk":"07"}' - "$SB/hook" | grep engine
