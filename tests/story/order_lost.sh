#!/bin/bash
# Answers of the desk that are lost, and requests that come twice: never ordered twice, never charged twice, and
# gone on with where it stood.
. "$(dirname "$0")/../sandbox/order.sh"
order_new szca-cgn
agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'

go_on() { # the rest of it, from wherever it stands
	begin "$@" "$(months 12)" "$agent" "$none" "$(identity wait)" "$(method alipay)" "$(pay wait)"
	until_asked 'identity\|payment' || return
	[ "$(asked | grep -c identity)" = 0 ] || sb_identity passed
	until_asked payment || return
	sb_pays
	finish
}

for call in quote order identity pay; do
	for how in lose-reply lose-request; do
		fresh
		n_orders=$(sb_show '.orders | length') n_paid=$(sb_show '[.payments[] | select(.state == "paid")] | length')
		sb_knob "desk.$how.$call" 1
		go_on
		[ "$(ended | cut -d' ' -f1)" = done ] || go_on '{"ask":"resume","yes":true}'
		is "$how of $call: done" "$(ended) $(issued)" "done - 1"
		is "$how of $call: ordered once, paid once, nothing goes back" \
			"$(($(sb_show '.orders | length') - n_orders)) $(($(sb_show '[.payments[] | select(.state == "paid")] | length') - n_paid)) $(sb_show '[.payments[] | select(.state | startswith("refund"))] | length')" "1 1 0"
		sb_knob --clear
		sb_steps szca-cgn
	done
done

ok "the ledger is whole" ck ledger verify
