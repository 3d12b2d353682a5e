#!/bin/bash
# Requests and replies lost on the way to an EST server and back, a server that dies, with a CA that repeats
# itself and with one that does not. Run again until done: one pair, one certificate, one live. Given up
# instead: what was issued ends.
. "$(dirname "$0")/../sandbox/lib.sh"

pin=Old-4471 password=Env-9038 n=0
fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
	sb_envelope "L$n" $password --for "$CERT"
}
visit() { sb_renew $pin $password "L$n" --system "$1" --way self --json >"$SB/out" 2>>"$SB/err"; }
code() { tail -n 1 "$SB/out" | jq -r '.error.name // empty'; }
counts() { sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.open)"'; }
entries() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[]] | length'; }

lose() { # SYSTEM KNOB VALUE
	local tries=0 rc=9
	fresh
	sb_knob "$2" "$3"
	while [ $rc -ne 0 ] && [ $tries -lt 2 ]; do
		visit "$1"
		rc=$?
		tries=$((tries + 1))
		if ! kill -0 "$SB_PID" 2>/dev/null; then
			wait "$SB_PID" 2>/dev/null
			sb_start
		fi
	done
	is "$1, $2 $3: done after $tries visits" $rc 0 || tail -n 1 "$SB/out" | sed 's/^/#   /'
	is "$1, $2 $3: one issued, live and confirmed each" "$(counts)" "$n $n $n 0"
	is "$1, $2 $3: PINs verified, pairs on the key" "$(sb_logins) $(entries)" "$tries 1"
}

SB_ANSWER_S=2
sb_new
sb_est
lose est-envelope est.lose-request.cacerts 1
for how in est-envelope/simpleenroll est-renew/simplereenroll; do
	system=${how%/*} call=${how#*/}
	lose $system "est.lose-request.$call" 1
	lose $system "est.lose-reply.$call" 1
	lose $system "est.crash.$call" after-issue
	lose $system "est.crash.$call" before-reply
done
# told to wait, and the engine gone: what it sends again is the poll
fresh
sb_knob est.waiting 1
CK_FAULT_AT=ca.reply visit est-renew || visit est-renew
is "killed while waiting: done" "$? $(counts)" "0 $n $n $n 0"
is "killed while waiting: one request, sent twice" "$(sb_show '[.transactions[-1].polls, (.transactions | length)] | @csv')" "0,$n"
sb_stop
rm -rf "$SB"

# a CA nobody may send the same request to twice: the desk's word decides
SB_RESEND_SAFE=false
SB_PORT=0 n=0
sb_new
sb_est
lose est-envelope est.lose-reply.simpleenroll 1
lose est-renew est.crash.simplereenroll after-issue
fresh
sb_knob est.lose-request.simpleenroll 1
visit est-envelope
is "lost for good: open" "$? $(code)" "1 CA_NO_ANSWER"
before=$(grep -c 'est simpleenroll' "$SB/casandbox.log")
visit est-envelope
is "the next visit asks the desk and sends nothing" \
	"$? $(code) $(grep -c 'est simpleenroll' "$SB/casandbox.log")" "1 CA_NO_ANSWER $before"

give_up() { # NAME: the record is abandoned, and everything is as it was
	record=$(ck records --json | jq -r '.row.record // empty')
	ok "$1: given up" ck abandon "$record" --clerk 07 --json --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
	is "$1: only the old pair, nothing live of it, nothing open" \
		"$(entries) $(sb_show '.counts.live') $(sb_show '.counts.open')" "1 $((n - gone)) 0"
}
gone=1
give_up "lost for good"
# a gateway that gives up while the authority behind it may go on
for call in est.status.simpleenroll/est-envelope est.status.simplereenroll/est-renew cmp.status/sheca-cisweb; do
	system=${call#*/}
	fresh
	sb_knob "${call%/*}" 504 1
	before=$(grep -cE 'est simple.* over|cmp p10cr.* over' "$SB/casandbox.log")
	visit "$system"
	is "a gateway that gives up, $system: open" "$? $(code)" "1 CA_GARBAGE"
	visit "$system"
	is "a gateway that gives up, $system: still" "$? $(code)" "1 CA_NO_ANSWER"
	is "a gateway that gives up, $system: asked once" \
		"$(grep -cE 'est simple.* over|cmp.* 504 over|cmp p10cr.* over' "$SB/casandbox.log")" $((before + 1))
	gone=$((gone + 1))
	give_up "a gateway that gives up, $system"
done
for system in est-envelope est-renew; do
	for station in issue install confirm; do
		fresh
		gone=$((gone + 1))
		printf '%s\n' '{"ask":"envelope","serial":"'"L$n"'"}' '{"ask":"envelope","serial":"'"L$n"'"}' \
			'{"ask":"envelope","serial":"'"L$n"'"}' >"$SB/answers"
		CK_FAULT_AT=$station ck renew --system $system --way self --json --answers "$SB/answers" --secrets-fd 9 \
			9< <(printf "pin %s\npassword $password\n" $pin $pin $pin) >"$SB/out" 2>&1
		give_up "$system, at $station"
	done
done
ok "the ledger is whole" ck ledger verify
