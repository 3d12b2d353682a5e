#!/bin/bash
# Requests and replies lost on the wire, one call at a time, to the desk and to the CA, with a CA that
# repeats itself and with one that does not. Run again until done: one pair, one certificate, one live.
. "$(dirname "$0")/../sandbox/lib.sh"

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
counts() { sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.open)"'; }

visit() {
	local which=old p=$pin
	if PIN=$password pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "T$n" --login \
		--pin env:PIN --list-objects >/dev/null 2>&1; then
		which=envelope p=$password
	fi
	printf '{"ask":"envelope","serial":"%s"}\n{"ask":"unsettled-pin","which":"%s"}\n' "L$n" $which >"$SB/answers"
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\npassword %s\n' $p $password) >"$SB/out" 2>>"$SB/err"
}

lose() { # KNOB [VISITS it may take]
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "L$n" $password --for "$CERT"
	sb_knob "$1" 1
	local tries=0 rc=9
	while [ $rc -ne 0 ] && [ $tries -lt "${2:-2}" ]; do
		visit
		rc=$?
		tries=$((tries + 1))
	done
	is "$1: done after $tries visits" $rc 0 || tail -n 1 "$SB/out" | sed 's/^/#   /'
	is "$1: one issued, live and confirmed each" "$(counts)" "$n $n $n 0" || sb_knob --clear
	sb_knob --clear
}

SB_ANSWER_S=2
sb_new
for call in certificate challenge key-proof envelope lease bind ack; do
	lose "desk.lose-request.$call"
	lose "desk.lose-reply.$call"
	lose "desk.garbage.$call"
done
for call in p10cr certConf; do
	lose "cmp.lose-request.$call"
	lose "cmp.lose-reply.$call"
	lose "cmp.garbage.$call"
done

# ---- granted, and nobody heard it; who comes back meets another trouble first ----
heard() { # NAME KNOB [PASSWORD]
	SB_LOSE=$2 TYPED=${3:-$password} n=$((n + 1))
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "L$n" $password --for "$CERT"
	sb_knob desk.lose-reply.lease always
	visit
	sb_knob --clear
	record=$(ck records --json | jq -r '.row.record // empty')
	[ -z "$SB_LOSE" ] || sb_knob "$SB_LOSE" 503
	password=$TYPED visit
	sb_knob --clear
	is "$1: the same record is still open" "$(ck records --json | jq -r '.row.record // empty')" "$record"
	visit
	is "$1: and is the one that ends well" "$? $(jq -r 'select(.end).record' "$SB/out")" "0 $record"
	is "$1: one each" "$(counts)" "$n $n $n 0"
}
heard 'a wrong password' '' Env-0000
heard 'a desk that is away' desk.status.lease
sb_stop
rm -rf "$SB"

# a CA nobody may send the same request to twice: the desk's word decides
SB_RESEND_SAFE=false
SB_PORT=0 n=0
sb_new
lose cmp.lose-reply.p10cr
lose cmp.lose-reply.certConf
lose cmp.garbage.p10cr
