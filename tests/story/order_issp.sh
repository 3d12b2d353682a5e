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
is "asked in this order" "$(asked)" "pin order applicant applicant pay-method payment "
is "the price is shown first" "$(jq -rc 'select(.ask == "order").facts | .payer, (.choices[] | [.months, .amount])' "$SB/out" | tr '\n' ' ')" "customer [12,1] [24,2] "
like "with the day it ends" "$(jq -r 'select(.ask == "order").facts.choices[1].end' "$SB/out")" "^20..-..-..T"
is "by groups" "$(jq -r 'select(.ask == "applicant").facts.group' "$SB/out" | tr '\n' ' ')" "agent invoice "
is "in the order of the rules" "$(jq -r 'select(.ask == "pay-method").fields[0].choices[].value' "$SB/out" | tr '\n' ' ')" "netbank remittance transfer later "
like "a link for the phone, and its price" "$(jq -r 'select(.ask == "payment").facts | "\(.method) \(.amount) \(.code) \(.away)"' "$SB/out" | tail -n 1)" "^netbank 2 https://.* payment$"
is "told: ordered, paid" "$(said)" "order-made paid "
is "one order, one payment, one certificate" "$(sb_show '"\(.orders | length) \(.payments | length)"') $(issued)" "1 1 1"
is "what was typed is in its normal form at the desk" "$(sb_show '.orders[-1].said.agent.mobile')" 15966606660
is "nothing of it is readable in the store" "$(grep -c '15966606660\|四川北路\|财务部' "$SB"/state/records.db*  | cut -d: -f2 | sort -u)" 0
like "in the ledger" "$(ck ledger show --json | jq -r 'select(.row.station? == "applicant").row.text')" "^order O-[^ ]*: 24 months, CNY 0.02"
ok "the ledger is whole" ck ledger verify

# ---- no invoice; the price changes meanwhile ----
fresh
sb_knob desk.amount 3 1
