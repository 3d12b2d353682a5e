#!/bin/bash
# A record that stands still: why, since when and until when is told; no clock, no restart and no line
# that was down for days keeps a person who comes back from going on.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_key_proof
pin=Old-4471 password=Env-9038 n=0 day=86400
fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	n=$((n + 1)) envelope=E$n
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
	sb_envelope "$envelope" $password --for "$CERT"
}
renew() {
	sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>"$SB/err"
}
row() { ck records --json | jq -r ".row // empty | $1"; }
ended() { jq -r 'select(.end) | .end + " " + (.error.name // "-")' "$SB/out"; }
parked() { # the CA takes its time
	fresh
	sb_knob cmp.waiting 99
	sb_knob cmp.check-after 7200
	renew
}
approved() { sb_knob cmp.approved 1; }

# ---- at the CA ----
parked
is "the CA wants two hours: parked" "$? $(ended)" "3 parked -"
is "why, and when to look again" "$(row '.state + " " + .reason') $(($(date +%s -d "$(row .next)") - $(date +%s) > 6900))" "parked authority 1"
is "and the deadline, 30 days on" "$((($(date +%s -d "$(row .deadline)") - $(date +%s -d "$(row .touched)")) / day))" 30
like "told in Chinese" "$(ck records --lang zh)" 'CA 正在处理，从 20.* 起；20.* 再查'
like "and in English" "$(ck records --lang en)" 'the CA is working on it, since 20.*; look again 20'
ck records tend --json >"$SB/out"
is "tend leaves it with the CA" "$? $(row .reason)" "0 authority"
since=$(row .since)
sb_kill
sb_start
approved
ok "whoever comes back goes on at once, long before that, and after a restart of the CA" renew
is "nothing stands still any more" "$(ck records --json | grep -c '"row"')" 0

# ---- clocks ----
parked
approved
CK_FAULT_CLOCK=$((-400 * day)) renew
is "a clock set back by a year: refused for that reason alone" "$(ended)" "failed CLOCK"
CK_FAULT_CLOCK=$((400 * day)) renew
like "set forward by a year: the same" "$(ended)" '^failed (CLOCK|OLD_EXPIRED|TLS_UNTRUSTED)$'
is "the record waits" "$(ck records --json | grep -c '"row"')" 1
sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "UPDATE record SET next = 99999999999, since = 99999999999, touched = 99999999999"
like "times written by a clock that was wrong are shown" "$(ck records --lang en; ck records --lang zh)" '5138-11-16'
ck records tend --json >"$SB/tended"
is "and nobody closes it for them" "$? $(jq -r '.row.did // empty' "$SB/tended")" "0 waits"
ok "with the clock right: it goes on at once" renew

# ---- CA and desk down for days ----
fresh
CK_FAULT_AT=newkey renew
sb_stop
renew
is "the desk is down: not finished, and why" "$? $(ended)" "1 failed DESK_UNREACHABLE"
is "the record stands still for it, nothing is wrong with it" "$(row '.state + " " + .reason')" "parked line"
like "told in words" "$(ck records --lang en)" 'CA or its office could not be reached, since 20'
sb_start
sb_knob desk.clock $((5 * day))
CK_FAULT_CLOCK=$((5 * day)) renew
is "five days later: done" "$? $(ended)" "0 done -"

# ---- one at a time ----
parked
record=$(row .record)
sb_knob desk.delay.lease 3000
rm "$SB/out"
renew &
until grep -q '"say": *"envelope-proved"' "$SB/out" 2>/dev/null; do sleep 0.02; done
ck abandon "$record" --clerk 07 --json >"$SB/abandoned"
is "while somebody is at it, nobody gives it back" "$? $(tail -n 1 "$SB/abandoned" | jq -r '.end + " " + .error.name')" "4 refused KEY_BUSY"
wait $!
is "and that visit ends as it would" $? 3

# ---- given back without the key: what is left is told ----
fresh
CK_FAULT_AT=confirm renew
record=$(row .record)
rm -rf "$SB"/tokens/*
echo '{"ask":"leave-pair","yes":true}' >"$SB/answers"
ck abandon "$record" --clerk 07 --json --answers "$SB/answers" >"$SB/out" 2>&1
is "the key is gone: closed on a clerk's word" "$? $(tail -n 1 "$SB/out" | jq -r '.end + " " + ([.facts.left[].what] | join(" "))')" \
	"0 abandoned pair certificate envelope"
like "and listed in words" "$(ck records --show "$record" --lang zh)" '新密钥还留在 Key 里: 新密钥对 [0-9a-f]{24}、随它的证书 [0-9A-F]+（如果已经写入）、信封'

# ---- a paid order ----
fresh
sb_ctl order O-$n "$CERT"
CK_FAULT_AT=install sb_renew $pin '' '' --system key-proof --way self --json >"$SB/out" 2>&1
is "the order is taken" "$(sb_show '.orders[-1].state')" taken
record=$(row .record)
ck abandon "$record" --lang en --secrets-fd 9 >"$SB/out" 9<<<"pin $pin"
is "given up: what becomes of the order is told" "$? $(grep -c "Order O-$n is paid as before" "$SB/out")" "0 1"
is "and so it is" "$(sb_show '.orders[-1].state')" paid
ok "the ledger is whole" ck ledger verify
