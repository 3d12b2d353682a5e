#!/bin/bash
# The way back when the world does not play along: an answer of the desk that was lost after it had
# confirmed, a lease it no longer knows, another counter that finished first, a key that is gone or
# locked, a retirement half done, a lease released behind our back, a clock gone wrong in between.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
certs() { ck keys --json | jq -sc '[.[].row?.entries? // [] | .[].certificate | select(. != null) | .sha256] | sort'; }
pairs() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[] | select(.public)] | length'; }
live() { sb_show "[.certificates[] | select(.origin == \"issued\" and .status == \"good\" and .envelope == \"B$n\")] | length"; }
opened() { ck records --json | jq -r '.row.record // empty'; }
code() { tail -n 1 "$SB/out" | jq -r '.error.name // "none"'; }

fresh() { # MAKEKEY-OPTION…
	sb_knob --clear
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject" "$@"
	sb_envelope "B$n" $password --for "$CERT"
}
renew() { # the front may start the engine again: secrets for that too
	jq -nc --arg s "B$n" '{"ask":"envelope","serial":$s} | ., ., .' >"$SB/answers"
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 "$@" \
		9< <(printf "pin %s\npassword $password\n" $pin $pin $pin) >"$SB/out" 2>"$SB/err"
}
abandon() { # PIN [leave]
	printf '{"ask":"leave-pair","yes":%s}\n{"ask":"unsettled-pin","which":"old"}\n' "$([ "${2:-}" = leave ] && echo true || echo false)" >"$SB/answers"
	ck abandon "$(opened)" --clerk 08 --json --answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' "$1") >"$SB/out" 2>"$SB/err"
}

fresh
sb_knob desk.lose-reply.ack always
renew
is "the ack's answer is lost: left open" $? 1
sb_knob --clear
ok "given up then: closed" abandon $pin
is "given up then: the confirmed certificate is good" "$(live)" 1
is "given up then: and its pair is on the key" "$(pairs)" 2
fresh
sb_knob desk.lose-reply.ack always
renew
sb_knob --clear
ok "the ack's answer is lost: gone on with" renew

# without an envelope: the one-time pair ends with the confirmation
sb_key_proof
alone() {
	sb_renew "$pin" '' '' --system key-proof --way self --json >"$SB/out" 2>"$SB/err"
}
for call in key-proof lease enrol-pair bind ack; do
	fresh --not-before -380d --not-after -10d
	sb_knob desk.lose-reply.$call always
	alone
	sb_knob --clear
	ok "expired, no envelope, the answer of $call lost: gone on with" alone
	is "expired, no envelope, $call: one pair, one certificate" "$(pairs) $(certs | jq length)" "1 1"
done
fresh
CK_FAULT_AT=install alone
ok "no envelope: given up" abandon $pin
is "no envelope: the key is as it was" "$(pairs) $(certs | jq length)" "1 1"

fresh
CK_FAULT_AT=request renew
sqlite3 "$SB/sandbox.db" 'DELETE FROM lease' 2>/dev/null
ok "the desk knows the lease no more: given up" abandon $pin
is "the desk knows the lease no more: the pair is swept" "$(pairs)" 1
is "the desk knows the lease no more: nothing is open" "$(opened)" ""

fresh
asbefore=$(certs)
CK_FAULT_AT=install renew
mv "$SB/tokens" "$SB/away" && mkdir -m 700 "$SB/tokens"
abandon $pin no
is "the key is gone, no clerk's word: stays open" $? 1
is "the key is gone: what was issued is revoked all the same" "$(live)" 0
abandon $pin leave
is "the key is gone, the clerk says close: closed" $? 0
is "the key is gone: nothing is open" "$(opened)" ""
rm -rf "$SB/tokens" && mv "$SB/away" "$SB/tokens"
is "the key is back: its old certificate never left" "$(jq -nc --argjson a "$(certs)" --argjson b "$asbefore" '$b - $a | length')" 0
ok "the key is back: it renews" renew

fresh
CK_FAULT_AT=request renew
sb_shim lockedflag
abandon $pin leave
is "the PIN is locked, the clerk says close: closed" $? 0
sb_shim

fresh
sb_shim "die C_DestroyObject 1 once"
jq -nc --arg s "B$n" '{"ask":"envelope","serial":$s}' >"$SB/answers"
renew
ok "a retirement half done is finished by giving up" abandon $password
is "a retirement half done: only the new pair is left" "$(pairs) $(certs | jq length)" "1 1"

fresh
CK_FAULT_AT=confirm renew
lease=$(sb_show '.leases[-1].lease')
sqlite3 "$SB/sandbox.db" "UPDATE lease SET state='released' WHERE lease='$lease'" 2>/dev/null
renew
rc=$?
[ $rc -eq 0 ] || { renew; rc=$?; }
is "released behind our back: issued anew for the same pair" $rc 0 || tail -n 1 "$SB/out"
is "released behind our back: one new certificate and pair" "$(pairs) $(certs | jq length)" "1 1"

fresh
CK_FAULT_AT=newkey renew
CK_FAULT_CLOCK=-34560000 renew
is "a clock gone wrong in between: refused, left open" "$? $(code)" "1 CLOCK"
ok "the clock is right again: done" renew

fresh
first=$CERT
CK_FAULT_AT=newkey renew
"$SB_TOOLS/makekey" --dir "$SB" --second --serial "$KEY" --pin $pin --alg p256 --usage sign --not-before -351d --not-after +14d --subject '/C=CN/CN=张三' --out "$SB/second.der" >/dev/null
renew --cert "$(sha256sum "$SB/second.der" | cut -d' ' -f1)"
is "another certificate is named while one is open" "$(code)" OTHER_CERT
ok "the open one, named: done" renew --cert "$first"

fresh
jq -nc --arg s "B$n" '{"ask":"envelope","serial":$s}' >"$SB/answers"
sb_shim "hang C_GenerateKeyPair 0"
ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 \
	9< <(printf 'pin %s\npassword %s\n' $pin $password) >"$SB/out" 2>&1 &
front=$!
for _ in $(seq 100); do
	grep -q '"step": *"newkey"' "$SB/out" && break
	sleep 0.1
done
engines() { pgrep -f "[c]ertkiosk-engine.*$SB/" | wc -l; }
is "a module hangs: the engine is there" "$(engines)" 1
pkill -KILL -f "[c]ertkiosk renew.*$SB/"
wait $front 2>/dev/null
sb_shim
for _ in $(seq 50); do
	[ "$(engines)" -gt 0 ] || break
	sleep 0.1
done
is "the front dies while the module hangs: the engine goes with it" "$(engines)" 0
ok "and the visit goes on" renew
ok "the ledger is whole" ck ledger verify
