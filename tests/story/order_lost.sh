#!/bin/bash
# Answers of the desk that are lost, or are another request's, and requests that come twice: never ordered
# twice, never charged twice, no message sent twice, and gone on with where it stood. Everything else between
# two exchanges is tried by tests/resume/order_*.sh, which plays no text messages.
. "$(dirname "$0")/../sandbox/order.sh"
order_new szca-cgn
sb_systems sdca-dezhou
agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000","mail":"w5@example.com"}'
none='{"ask":"applicant","want":"no"}'

count() { sb_show "[$1] | length"; }
counts() { echo "$(count '.orders[]') $(count '.payments[] | select(.state == "paid")') $(count '.messages[]')"; }
less() { # COUNTS: what has come since
	local was now
	read -ra was <<<"$1"
	read -ra now < <(counts)
	echo "$((now[0] - was[0])) $((now[1] - was[1])) $((now[2] - was[2]))"
}

go_on() { # the rest of it, from wherever it stands; who paid presses a button
	begin "$@" "$(months 12)" "$agent" "$none" "$(method alipay)"
	until_asked 'identity\|payment\|sms-code' || return
	[[ $(asked) != *sms-code* ]] || feed "$(printf '{"ask":"sms-code","code":"%s"}' "$(sb_sms)")"
	until_asked 'identity\|payment' || return
	if [[ $(asked) = *identity* ]]; then
		sb_identity passed
		feed "$(identity again)"
	fi
	until_asked payment || return
	sb_pays
	finish "$(pay again)"
}

lost() { # HOW CALL MESSAGES
	local was
	fresh
	was=$(counts)
	sb_knob "desk.$1.$2" 1
	go_on
	[[ $(ended) = "done "* ]] || go_on '{"ask":"resume","yes":true}'
	is "$1 of $2: it did" "$(find "$SB/knobs" -name "desk.$1*" | wc -l)" 0
	is "$1 of $2: done" "$(ended) $(issued)" "done - 1"
	is "$1 of $2: ordered once, paid once, sent once" "$(less "$was")" "1 1 $3"
	is "$1 of $2: nothing goes back" "$(count '.payments[] | select(.state | startswith("refund"))')" 0
	sb_knob --clear
	sb_steps "$system"
}

for how in lose-reply lose-request doubled stale; do
	for call in quote order identity pay query; do
		lost $how $call 0
	done
done

system=sdca-dezhou
sb_steps $system
for how in lose-reply lose-request doubled; do
	for call in sms-code order; do
		lost $how $call 1
	done
done

ok "the ledger is whole" ck ledger verify
