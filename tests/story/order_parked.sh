#!/bin/bash
# Each state an order may stand still in: left, met by a power cut, the desk restarted; gone on with where it
# stood, here or at another counter, and given up. Those that wait for paper are order_parked_paper's.
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/order.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/standing.sh"
order_new szca-cgn

# ---- to where it stands ----
at_identity() {
	begin "$(months 12)" "$agent" "$none"
	until_asked identity
}
to_pay() { # METHOD
	at_identity
	sb_identity passed
	until_asked pay-method
	feed "$(method "$1")"
	until_asked payment
}
at_pay() { to_pay alipay; }
at_transfer() { to_pay transfer; }
at_review() {
	at_transfer
	sb_money_in
	until_asked review
}
at_rejected() {
	at_review
	sb_review rejected "看不清" applicant
	until_asked review 2
}

# ---- and to its end ----
settle_identity() {
	begin "$resume"
	until_asked identity
	sb_identity passed
	until_asked pay-method
	feed "$(method alipay)"
	until_asked payment
	sb_pays
	finish "$(pay wait)"
}
settle_unpaid() {
	sb_pays
	renew "$resume"
}
settle_transfer() {
	sb_money_in
	sb_review passed
	renew "$resume"
}
settle_review() {
	sb_review passed
	renew "$resume"
}
settle_rejected() {
	begin "$resume" "$(review correct)" "$(months 12)" "$agent" "$none"
	until_asked review 2
	sb_review passed
	finish "$(review wait)"
}

every identity "identity-pending identity" at_identity identity "$(identity later)" settle_identity
every unpaid "unpaid pay" at_pay payment "$(pay later)" settle_unpaid
every transfer "transfer-pending pay" at_transfer payment "$(pay later)" settle_transfer
every review "in-review review" at_review review "$(review later)" settle_review
every rejected "rejected applicant" at_rejected review "$(review later)" settle_rejected

# ---- the certificate is there, and the key is not ----
at_key() { # all is paid; the power is cut before the certificate is on the key, which its owner takes along
	at_pay
	power_cut
	sb_pays
	CK_FAULT_AT=install CK_FAULT_HOW=power renew "$resume" 2>/dev/null
	ck records tend --json >"$SB/tended"
}
key_away() { mv "$SB/tokens" "$SB/taken" && mkdir -m 700 "$SB/tokens"; }
key_back() { rm -rf "$SB/tokens" && mv "$SB/taken" "$SB/tokens"; }

fresh
at_key
is "key: told that it is waited for" "$(reason)" "parked certificate install"
like "key: in words" "$(ck records --lang zh)" '证书已经签发，请带 Key 来办完'
key_away
sb_stop
sb_start
ck records tend --json >"$SB/tended"
is "key: the desk restarted, no key in any reader: it waits" "$(reason)" "parked certificate install"
key_back
renew "$resume"
settled "key: put in again"

fresh
at_key
sb_knob desk.live 0
sb_site_conf kiosk-2 certkiosk-2.conf state-2
SB_CONF=$SB/certkiosk-2.conf renew "$resume"
settled "key: at another counter"
ck records tend --json >"$SB/tended"
is "key: and the first one hears of it" "$(jq -r 'select(.row.record).row.did' "$SB/tended")" elsewhere

fresh
at_key
record=$(ck records --json | jq -r '.row.record // empty')
ok "key: given up" ck abandon "$record" --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
is "key: what was issued is revoked" "$(state)$(sb_show '.leases[-1].lease as $l | [.certificates[] | select(.lease == $l) | .status] | join(" ")')" \
	"abandoned revoked"
ok "the ledger is whole" ck ledger verify
