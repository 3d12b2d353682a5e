#!/bin/bash
# S5 from key to end: the agent's identity by phone, Alipay or WeChat; a transfer takes a review, too; of an
# expired certificate the owner has to be its own, and the form is printed before anything else is asked.
. "$(dirname "$0")/../sandbox/order.sh"
order_new szca-cgn
sb_paper
echo 'form = "szca-extension";' >>"$SB/systems/szca-cgn.conf"
agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'
owner() { printf '{"ask":"applicant","organisation":"%s","credit-code":"%s","legal":"钱七"}' "$1" "${2:-91350100M000100Y43}"; }

# ---- not expired ----
fresh
begin "$(months 24)" "$agent" "$none" "$(identity wait)"
until_asked identity
like "a link for the phone" "$(jq -r 'select(.ask == "identity").facts | "\(.code) \(.away)"' "$SB/out")" "^https://.* phone$"
sb_identity failed "人像比对不一致"
until_asked identity 2
is "it failed: told why" "$(troubles | tail -n 1)" "IDENTITY_FAILED 人像比对不一致"
feed "$(identity again)" "$(identity wait)"
until_asked identity 3
sb_identity passed
finish "$(method wechat)" "$(pay later)"
is "passed, and not paid: parked" "$(ended) $(reason)" "parked - parked unpaid pay"
is "told" "$(said)" "order-made identity-passed "
like "WeChat's code" "$(jq -r 'select(.ask == "payment").facts.code' "$SB/out")" "^weixin://"
sb_pays
ok "paid: done" renew
is "with the key alone, and once" "$(asked)$(issued)" "resume pin 1"
is "no form is made of it" "$(sb_sheets)" 0

# ---- paid after all, while another way is asked for ----
fresh
begin "$(months 12)" "$agent" "$none" "$(identity wait)"
until_asked identity
sb_identity passed
feed "$(method alipay)"
until_asked payment
feed "$(pay other)"
until_asked pay-method 2
sb_pays
until_asked nothing-more
finish
is "the desk is heard: done" "$(ended) $(said)" "done - order-made identity-passed paid "
is "paid once" "$(sb_show '[.payments[] | select(.state == "paid")] | length')$(issued)" 21

# ---- by a transfer ----
fresh
begin "$(months 12)" "$agent" "$none" "$(identity wait)"
until_asked identity
sb_identity passed
finish "$(method transfer)" "$(pay later)"
is "by a transfer: parked" "$(ended) $(reason)" "parked - parked transfer-pending pay"
sb_money_in
renew "$(review later)"
is "the money has come: reviewed" "$(ended) $(reason)" "parked - parked in-review review"
sb_review rejected "经办人手机号与实名不符" applicant
ck records tend --json >"$SB/out"
is "turned down: told in the list" "$(jq -r 'select(.row.record).row | "\(.did) \(.reason)"' "$SB/out")" "waits rejected"
renew "$(review later)"
is "and to who comes back" "$(troubles) $(ended) $(reason)" "REVIEW_REJECTED 经办人手机号与实名不符 parked - parked rejected applicant"
renew "$(review correct)" "${agent/13800138000/13900139000}" "$none" "$(review later)"
is "what was typed is shown to be corrected" "$(jq -r 'select(.ask == "applicant" and .facts.group == "agent").facts.values.mobile' "$SB/out")" 13800138000
is "handed in again" "$(sb_show '.orders[-1].said | fromjson | .agent.mobile') $(reason)" "13900139000 parked in-review review"
sb_review passed
ok "passed: done" renew
is "ordered once, paid once" "$(sb_show '[.payments[] | select(.state == "paid")] | length')$(issued)" 31

# ---- expired ----
fresh --not-before -400d --not-after -5d
renew "$(months 12)" "$agent" "$(owner '别的公司')" "$(owner '上海某某科技有限公司' 91350203I0001QAY9B)" \
	"$(owner '上海某某科技 有限公司' 91350203M0001QAY9B)"
is "another's name, a code that is none, one whose check digit is wrong" "$(troubles)" \
	$'OWNER_OTHER organisation\nFIELD_WRONG credit-code\nFIELD_WRONG credit-code'
is "which a clerk may insist on" "$(jq -r 'select(.ask == "applicant").facts.doubtful // empty' "$SB/out" | tail -n 1)" credit-code
ledger() { ck ledger show --json | jq -r 'select(.row.station? == "applicant" and .row.record == "'"$(number)"'").row.text'; }
is "and nobody but a clerk" "$(ledger)" ""
renew "$(owner '上海某某科技有限公司')" "$none"
is "the form is printed, and the visit waits for it" "$(ended) $(reason) $(sb_sheets)" "parked - parked papers-pending papers 1"
is "with what was typed" "$(jq -r 'select(.paper == "form").fields | "\(.agent_id) \(.owner_id) \(.legal_person) \(.expired) \(.years)"' "$SB/print/asked")" \
	"440524188001010014 91350100M000100Y43 钱七 yes 1"
is "nothing is issued" "$(issued)" 0

fresh --not-before -400d --not-after -5d
clerk=07 renew "$(months 12)" "$agent" "$(owner '上海某某科技有限公司' 91350203M0001QAY9B)" \
	"$(owner '上海某某科技有限公司' 91350203M0001QAY9B)" "$none"
is "a clerk with the licence before him insists: taken" "$(troubles) $(reason)" "FIELD_WRONG credit-code parked papers-pending papers"
is "ordered with it" "$(sb_show '.orders[-1].said | fromjson | .owner["credit-code"]')" 91350203M0001QAY9B
is "and the ledger says who" "$(ledger | grep check)" "a credit code whose check digit is wrong, on a clerk's word: 07"
ok "the ledger is whole" ck ledger verify
