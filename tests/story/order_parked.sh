#!/bin/bash
# Each state an order may stand still in: left, the desk restarted, another engine, another counter; gone on with
# where it stood, and given up.
. "$(dirname "$0")/../sandbox/order.sh"
order_new szca-cgn
agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'

resume='{"ask":"resume","yes":true}'
to_identity() { renew "$(months 12)" "$agent" "$none" "$(identity later)"; }
to_pay() { # METHOD
	begin "$(months 12)" "$agent" "$none" "$(identity wait)"
	until_asked identity
	sb_identity passed
	finish "$(method "$1")" "$(pay later)"
}
to_review() {
	to_pay transfer
	sb_money_in
	renew "$(review later)"
}
to_rejected() {
	to_review
	sb_review rejected "看不清" applicant
	renew "$(review later)"
}
# what brings each to its end, here or at another counter
settle_identity() {
	begin "$resume" "$(identity wait)"
	until_asked identity
	sb_identity passed
	until_asked pay-method
	feed "$(method alipay)"
	until_asked payment
	sb_pays
	finish "$(pay wait)"
}
settle_unpaid() { sb_pays; renew; }
settle_transfer() { sb_money_in; sb_review passed; renew "$(review wait)"; }
settle_review() { sb_review passed; renew; }
settle_rejected() {
	begin "$resume" "$(review correct)" "$(months 12)" "$agent" "$none" "$(review wait)"
	until_asked review 2
	sb_review passed
	finish
}

every() { # NAME STATE HOW SETTLE
	fresh
	eval "$3"
	is "$1: left" "$(ended) $(reason)" "parked - parked $2"
	sb_stop
	sb_start
	ck records tend --json >"$SB/tended"
	is "$1: the desk restarted" "$(reason)" "parked $2"
	$4
	is "$1: settled, done" "$(ended) $(issued)" "done - 1"
	is "$1: ordered once" "$(sb_show '.orders | length')" "$((orders += 1))"

	fresh
	eval "$3"
	sb_knob desk.live 0
	sb_site_conf kiosk-2 certkiosk-2.conf state-2
	SB_CONF=$SB/certkiosk-2.conf $4
	is "$1: at another counter, done" "$(ended) $(issued)" "done - 1"
	is "$1: ordered once there, too" "$(sb_show '.orders | length')" "$((orders += 1))"
	ck records tend --json >"$SB/tended"
	is "$1: and the first one hears of it" "$(jq -r 'select(.row.record).row.did' "$SB/tended")" elsewhere

	fresh
	eval "$3"
	ok "$1: given up" ck abandon "$(number)" --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
	is "$1: nothing issued, nothing left open" "$(state)$(issued)" "abandoned 0"
	orders=$(sb_show '.orders | length')
}
orders=0
every identity "identity-pending identity" to_identity settle_identity
every unpaid "unpaid pay" 'to_pay alipay' settle_unpaid
every transfer "transfer-pending pay" 'to_pay transfer' settle_transfer
every review "in-review review" to_review settle_review
every rejected "rejected applicant" to_rejected settle_rejected
