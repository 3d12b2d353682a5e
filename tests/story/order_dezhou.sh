#!/bin/bash
# S4 from key to end: who acts with all numbers, the code that comes by text message and is nowhere else,
# Alipay, one year; what is turned down; who pays nothing because somebody pays for all.
. "$(dirname "$0")/../sandbox/order.sh"
order_new sdca-dezhou
agent() { printf '{"ask":"applicant","name":"王五","resident-id":"%s","mobile":"15966606660","mail":"w5@example.com"}' "${1:-11010519491231002x}"; }
none='{"ask":"applicant","want":"no","title":"","tax-id":"","address":"","bank":"","mail":"","mobile":""}'
sms() { printf '{"ask":"sms-code","code":"%s"}' "$1"; }
live() { # ANSWER…: up to the code
	begin "$@"
	until_asked sms-code
}

# ---- the whole of it ----
fresh
live "$(months 12)" "$(agent)" "$none"
code=$(sb_sms)
is "nothing is ordered before the code" "$(sb_show '.orders | length')" 0
is "to a number that is not told" "$(jq -r 'select(.ask == "sms-code").facts.mobile' "$SB/out")" "159****6660"
feed "$(sms 000000)"
until_asked sms-code 2
feed "$(sms "$code")"
until_asked payment
sb_pays
finish "$(pay wait)"
like "a wrong code is asked for again, the right one taken: done" "$(ended) $(troubles)" "^done - SMS_WRONG .*验证码不正确 \(sms-wrong\)$"
is "told" "$(said)" "sms-sent order-made paid "
is "one way to pay is none to choose" "$(asked)" "pin order applicant sms-code payment "
is "100 a year, for a unit" "$(jq -rc 'select(.ask == "order").facts.choices[] | [.months, .amount]' "$SB/out")" "[12,10000]"
is "the number in its normal form" "$(sb_show '.orders[-1].said | fromjson | .agent["resident-id"]')" 11010519491231002X
is "the code is in no record" "$(grep -ac "$code" "$SB"/state/records.db* | cut -d: -f2 | sort -u)" 0
like "until a year after the old end" "$(jq -r 'select(.ask == "order").facts.choices[0].end' "$SB/out")" "^20"
is "one certificate" "$(issued)" 1

# ---- turned down here, before it is sent ----
fresh
renew "$(months 12)" "$(agent 110105194912310021)" "$(agent 110105194902300025)"
is "numbers nobody has" "$(troubles)" $'FIELD_WRONG resident-id\nFIELD_WRONG resident-id'
is "nothing was ordered by it" "$(sb_show '[.orders[]] | length')" 1

# ---- somebody pays for all ----
fresh
sb_knob desk.central 1
live "$(months 12)" "$(agent)" "$none"
finish "$(sms "$(sb_sms)")"
is "paid centrally: nothing to pay" "$(asked)$(ended)" "pin order applicant sms-code done -"
is "and that is said" "$(jq -rc 'select(.ask == "order").facts | [.payer, .choices[0].amount]' "$SB/out")" '["central",0]'
sb_knob --clear
sb_steps sdca-dezhou

# ---- for a person ----
subject=/C=CN/CN=赵六 fresh
live "$(months 12)" "$(agent)" "$none"
finish "$(sms "$(sb_sms)")" "$(pay later)"
is "50 for a person" "$(jq -r 'select(.ask == "payment").facts.amount' "$SB/out" | tail -n 1)" 5000
is "parked unpaid" "$(ended) $(reason)" "parked - parked unpaid pay"

# ---- the money is there, and the step not passed yet ----
fresh
live "$(months 12)" "$(agent)" "$none"
feed "$(sms "$(sb_sms)")"
until_asked payment
sb_knob desk.refuse.pay 'paid-already:已收到款项'
feed "$(pay again)"
until_asked pay-method
is "told" "$(troubles)" "PAID_ALREADY 已收到款项 (paid-already)"
sb_pays
until_asked nothing-more
finish
is "the desk books it while that stands: done" "$(ended) $(said)" "done - sms-sent order-made paid "
sb_knob --clear
sb_steps sdca-dezhou

# ---- dearer than the rules ----
fresh
sb_knob desk.amount 10001
renew "$(months 12)"
is "a fen more than the rules have: refused" "$(asked)$(ended)$(state)" "pin refused QUOTED_OTHER_FEErefused "
sb_knob --clear
sb_steps sdca-dezhou
fresh
live "$(months 12)" "$(agent)" "$none"
feed "$(sms "$(sb_sms)")"
until_asked payment
sb_knob desk.amount 10001
finish "$(pay again)" "$(method alipay)" "$(pay later)"
like "nor once it is ordered" "$(ended) $(detail)" "QUOTED_OTHER_FEE 12: CNY 100.01"
is "no code is shown for it" "$(jq -r 'select(.ask == "payment").facts.amount' "$SB/out" | tail -n 1)" 10000
