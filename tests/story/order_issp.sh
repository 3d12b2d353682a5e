#!/bin/bash
# S2 from key to end: price, who acts, invoice by post, net banking on a phone, remittance; what is turned
# down on the way; nobody's word but the desk's makes it paid.
. "$(dirname "$0")/../sandbox/order.sh"
order_new sheca-issp
agent='{"ask":"applicant","name":"张三","mobile":"+86 159-6660-6660"}'
none='{"ask":"applicant","want":"no","name":"","phone":"","address":"","postcode":""}'
post='{"ask":"applicant","want":"yes","name":"财务部 李四","phone":"021-62077128","address":"上海市四川北路 1717 号","postcode":"200080"}'

# ---- by net banking ----
fresh
renew "$(months 24)" "$agent" "$post" "$(method netbank)" "$(pay wait)" & job=$!
until_asked payment
is "nothing is paid yet, and nothing issued" "$(issued)" 0
sb_pays
wait $job
is "paid: done" "$(ended)" "done -"
is "asked in this order" "$(asked)" "pin order applicant pay-method payment "
is "the price is shown first" "$(jq -rc 'select(.ask == "order").facts | .payer, (.choices[] | [.months, .amount])' "$SB/out" | tr '\n' ' ')" "customer [12,1] [24,2] "
like "with the day it ends" "$(jq -r 'select(.ask == "order").facts.choices[1].end' "$SB/out")" "^20..-..-..T"
is "by groups" "$(jq -r 'select(.ask == "applicant").facts.group' "$SB/out" | tr '\n' ' ')" "agent invoice "
is "in the order of the rules" "$(jq -r 'select(.ask == "pay-method").fields[0].choices[].value' "$SB/out" | tr '\n' ' ')" "netbank remittance transfer change later "
like "a link for the phone, and its price" "$(jq -r 'select(.ask == "payment").facts | "\(.method) \(.amount) \(.code) \(.away)"' "$SB/out" | tail -n 1)" "^netbank 2 https://.* payment$"
is "told: ordered, paid" "$(said)" "order-made paid "
is "one order, one payment, one certificate" "$(sb_show '"\(.orders | length) \(.payments | length)"') $(issued)" "1 1 1"
is "what was typed is in its normal form at the desk" "$(sb_show '.orders[-1].said | fromjson | .agent.mobile')" 15966606660
is "nothing of it is readable in the store" "$(grep -c '15966606660\|四川北路\|财务部' "$SB"/state/records.db*  | cut -d: -f2 | sort -u)" 0
like "in the ledger" "$(ck ledger show --json | jq -r 'select(.row.station? == "applicant").row.text')" "^order O-[^ ]*: 24 months, CNY 0.02"
ok "the ledger is whole" ck ledger verify

# ---- turned down on the way ----
fresh
renew "$(months 12)" '{"ask":"applicant","name":"张三","mobile":"12345678901"}' "$agent" "$none" "$(method netbank)" "$(pay later)"
is "a number no phone has is asked for again" "$(troubles)" "FIELD_WRONG mobile"
is "beside what was typed" "$(jq -r 'select(.ask == "applicant" and .error).facts.values.mobile' "$SB/out")" 12345678901
is "not paid today: parked" "$(ended) $(reason)" "parked - parked unpaid pay"
is "without an invoice" "$(sb_show '.orders[-1].said | fromjson | has("invoice")')" false
like "found again by its slip" "$(jq -r 'select(.end).facts.slip' "$SB/out")" "^CK"
sb_pays
ok "paid meanwhile: done" renew
is "and nothing is asked but the PIN" "$(asked)$(said)" "resume pin paid "

fresh
sb_knob desk.amount 7
begin "$(months 12)"
until_asked applicant
sb_knob desk.amount 9
finish "$agent" "$none" "$(months 12)" "$(method netbank)" "$(pay later)"
is "the price changed meanwhile: asked anew" "$(troubles | cut -d' ' -f1)" "AMOUNT_CHANGED"
is "with the new one" "$(jq -r 'select(.ask == "order").facts.choices[0].amount' "$SB/out" | tr '\n' ' ')" "7 9 "
is "ordered once, at that" "$(sb_show '[.orders[].amount] | tostring' | tail -n 1 | grep -c 9)" 1
sb_knob --clear

# ---- what the rules do not know ----
steps=$(cat "$SB/systems/sheca-issp.conf")
sb_steps sheca-issp
fresh
sed -i 's/^order = {/order = { fee = { person = 1; organisation = 0; per = "order"; };/' "$SB/systems/sheca-issp.conf"
renew "$(months 12)"
is "dearer than the rules have it: refused" "$(asked)$(ended)" "pin refused QUOTED_OTHER_FEE"
is "and given back" "$(state)" "refused "
printf '%s\n' "$steps" | sed '/^order = {/,/^};/d' >"$SB/systems/sheca-issp.conf"
fresh
renew
is "a step the rules do not have: refused" "$(asked)$(ended) $(detail)" "pin refused STEP_UNKNOWN applicant"
printf '%s\n' "$steps" >"$SB/systems/sheca-issp.conf"

# ---- by remittance ----
fresh
renew "$(months 12)" "$agent" "$none" "$(method remittance)" "$(pay later)"
is "an account to pay to, no code" "$(jq -rc 'select(.ask == "payment").facts | [.code, (.account | length)]' "$SB/out" | tail -n 1)" "[null,4]"
is "parked until the money has come" "$(ended) $(reason)" "parked - parked transfer-pending pay"
ck records tend --json >"$SB/out"
is "it has not" "$(jq -r 'select(.row.record).row | "\(.did) \(.reason)"' "$SB/out")" "waits transfer-pending"
sb_money_in
ck records tend --json >"$SB/out"
is "it has: told" "$(jq -r 'select(.row.record).row | "\(.did) \(.reason)"' "$SB/out")" "passed person"
ok "and done" renew
is "with the key alone" "$(asked)$(issued)" "resume pin 1"

# ---- other ways, codes that run out, paid twice ----
fresh
renew "$(months 12)" "$agent" "$none" "$(method transfer)" "$(pay other)" "$(method netbank)" "$(pay again)" "$(pay later)"
is "the same code while it holds" "$(jq -r 'select(.ask == "payment" and .facts.code).facts.code' "$SB/out" | sort -u | wc -l)" 1
sb_money_in
sb_pays netbank
renew
is "paid twice: what is too much goes back" "$(ended) $(said)" "done - paid refund "
is "and that stands in the ledger" "$(ck ledger show --json | jq -r 'select(.row.text? // "" | test("goes back")).row.text')" "CNY 0.01 goes back to who paid"

fresh
sb_knob desk.code-life 2
renew "$(months 12)" "$agent" "$none" "$(method netbank)" "$(pay wait)" "$(pay again)" "$(pay later)"
is "a code that has run out is told" "$(troubles)" "CODE_EXPIRED netbank"
is "and replaced" "$(jq -r 'select(.ask == "payment").facts.code' "$SB/out" | sort -u | wc -l)" 2
sb_knob desk.code-life 100
CK_FAULT_CLOCK=200 renew "$(pay later)"
is "until when it holds is the desk's time, not a fast clock's" "$(troubles)" ""
sb_knob desk.code-life 2
fresh
CK_FAULT_CLOCK=-200 renew "$(months 12)" "$agent" "$none" "$(method netbank)" "$(pay wait)" "$(pay later)"
is "nor a slow one's" "$(troubles)" "CODE_EXPIRED netbank"
sb_knob --clear

# ---- given up ----
n_orders=$(sb_show '.orders | length')
ok "given up" ck abandon "$(number)" --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
is "nothing is left of it" "$(state)$(issued)" "abandoned 0"

# ---- made on the web ----
sb_steps sheca-issp
fresh
sb_web_order paid >/dev/null
ok "paid on the web: done" renew
is "nothing is asked but the PIN" "$(asked)" "pin "
fresh
sb_web_order unpaid >/dev/null
renew "$(method netbank)" "$(pay wait)" & job=$!
until_asked payment
sb_pays
wait $job
is "ordered on the web, not paid: only that" "$(asked)$(ended)" "pin pay-method payment done -"

# of it nobody here saw the months, and what they may cost holds all the same
sed -i 's/^order = {/order = { fee = { person = 1; organisation = 1; per = "year"; };/' "$SB/systems/sheca-issp.conf"
dearer() { # MONTHS FEN: ordered for so long; the price rises while a way to pay is chosen
	fresh
	begun=$(sb_show '.payments | length')
	sb_web_order unpaid "$1" >/dev/null
	begin
	until_asked pay-method
	sb_knob desk.amount "$2"
	finish "$(method netbank)" "$(method netbank)" "$(pay later)"
	sb_knob --clear
	sb_steps sheca-issp
}
dearer 12 2
is "dearer than the rules have a year: refused" "$(ended) $(detail)" "failed QUOTED_OTHER_FEE 12: CNY 0.02"
is "nothing is to be paid" "$(sb_show '.payments | length')" "$begun"
dearer 24 1
is "two years may cost twice as much" "$(ended) $(reason)" "parked - parked unpaid pay"
is "to be seen" "$(jq -r 'select(.ask == "payment").facts.amount' "$SB/out" | tail -n 1)" 2
printf '%s\n' "$steps" >"$SB/systems/sheca-issp.conf"
