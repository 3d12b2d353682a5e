# Sourced by stories of orders that stand still, after order.sh: each state is left, met by a power cut, gone on
# with, gone on with at another counter, and given up.
#
#   every NAME STATE STAND QUESTION LEAVE SETTLE
#            STATE    reason and station of the record that was left
#            STAND    begins a visit and brings it to QUESTION, which waits for an answer; without one it ends
#            LEAVE    the answer it is left with
#            SETTLE   what brings it to its end from there; at another counter, too
#   KEY_OF   makekey's options, of each one's key

agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'
resume='{"ask":"resume","yes":true}'
KEY_OF=()

below() { # PID: it, and whoever it started, parents first
	local pid
	echo "$1"
	for pid in $(pgrep -P "$1"); do below "$pid"; done
}
power_cut() { # the power: front, engine and print program at once, in the midst of whatever they do
	kill -KILL $(below "$job") 2>/dev/null # the last ones end with the first
	exec 8>&-
	wait "$job" 2>/dev/null
}
reason() { ck records --all --json | jq -r 'select(.row).row | "\(.state) \(.reason) \(.station)"' | head -n 1; }
settled() { # NAME: the one right end
	is "$1: done, one certificate" "$(ended) $(issued)" "done - 1"
	is "$1: ordered once, paid once" \
		"$(sb_show '.orders | length') $(sb_show '.leases[-1].lease as $l | [.payments[] | select(.lease == $l and .state == "paid")] | length')" \
		"$((orders += 1)) 1"
}
orders=0

left() { # NAME STATE STAND LEAVE
	fresh "${KEY_OF[@]}"
	$3
	finish ${4:+"$4"}
	is "$1: left" "$(ended) $(reason)" "parked - parked $2"
}

every() {
	local name=$1 state=$2 stand=$3 question=$4 leave=$5 settle=$6

	left "$name" "$state" "$stand" "$leave"
	begin "$resume"
	ok "$name: come back to it" until_asked "$question"
	power_cut
	sb_stop
	sb_start
	ck records tend --json >"$SB/tended"
	is "$name: after a power cut, and with the desk restarted" "$(reason)" "parked $state"
	$settle
	settled "$name: gone on with"

	left "$name, for elsewhere" "$state" "$stand" "$leave"
	sb_knob desk.live 0
	sb_site_conf kiosk-2 certkiosk-2.conf state-2
	SB_CONF=$SB/certkiosk-2.conf $settle
	settled "$name: at another counter"
	ck records tend --json >"$SB/tended"
	is "$name: and the first one hears of it" "$(jq -r 'select(.row.record).row.did' "$SB/tended" | head -n 1)" elsewhere

	left "$name, to be given up" "$state" "$stand" "$leave"
	ok "$name: given up" ck abandon "$(number)" --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
	is "$name: nothing issued, nothing left open" "$(state)$(issued)" "abandoned 0"
	orders=$(sb_show '.orders | length')
}
