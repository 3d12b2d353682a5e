#!/bin/bash
# An order that was made is said anew as long as nothing is paid: another term, other words; whoever leaves or dies
# on the way, there is one order, and the code of the one before is no way to pay for this one. A form that was
# printed before says what is not so any more: it is void.
. "$(dirname "$0")/../sandbox/order.sh"
order_new szca-cgn
sb_paper
echo 'form = "szca-extension";' >>"$SB/systems/szca-cgn.conf"
agent='{"ask":"applicant","name":"王五","resident-id":"440524188001010014","mobile":"13800138000"}'
other=${agent/13800138000/13900139000}
owner='{"ask":"applicant","organisation":"上海某某科技有限公司","credit-code":"91350100M000100Y43","legal":"李四"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'
at_desk() { sb_show '.orders[-1] | "\(.months) \(.amount) \(.said | fromjson | .agent.mobile)"'; }
orders() { echo $(($(sb_show '.orders | length') - had)); }
paid() { sb_show "[.payments[$had_paid:][] | \"\\(.method) \\(.amount) \\(.state)\"] | join(\", \")"; }
to_pay() { # ANSWER…: up to the payment's question
	fresh
	had=$(sb_show '.orders | length') had_paid=$(sb_show '.payments | length')
	begin "$(months 12)" "$agent" "$none" "$(identity wait)"
	until_asked identity
	sb_identity passed
	feed "$@"
}

# ---- another term ----
to_pay "$(method alipay)"
until_asked payment
is "it can be changed" "$(jq -r 'select(.ask == "pay-method" or .ask == "payment").fields[0].choices[].value' "$SB/out" | grep -c change)" 2
feed "$(pay change)" "$(months 24)"
until_asked applicant 3
is "what was typed is shown to be changed" "$(jq -r 'select(.ask == "applicant" and .facts.group == "agent").facts.values.mobile // "-"' "$SB/out" | tail -n 1)" 13800138000
feed "$other" "$none" "$(method wechat)"
until_asked payment 2
is "ordered with it, once" "$(at_desk) $(orders)" "24 40000 13900139000 1"
is "to be paid for that" "$(jq -r 'select(.ask == "payment").facts | "\(.method) \(.amount)"' "$SB/out" | tail -n 1)" "wechat 40000"
sb_pays
finish "$(pay wait)"
is "done" "$(ended) $(issued)" "done - 1"
is "asked again from the price on" "$(asked)" "pin order applicant identity pay-method payment order applicant pay-method payment "
is "the code before could be paid no more" "$(paid)" "alipay 20000 ended, wechat 40000 paid"
is "both stand in the ledger" "$(ck ledger show --json | jq -r 'select(.row.text? // "" | test("^order ")).row.text' | sed 's/O-[^:]*//' | tr '\n' ' ')" \
	"order : 24 months, CNY 400.00 order : 12 months, CNY 200.00 "
is "it ends two years later" "$(jq -r 'select(.ask == "order").facts.choices[1].end[:10]' "$SB/out" | sort -u)" \
	"$(ck keys --json | jq -r 'select(.row).row.entries[].certificate.not_after[:10]' | sort -u)"

# ---- left in the midst of it, and come back ----
to_pay "$(method change)"
until_asked order 2
finish
is "left: parked" "$(ended) $(state)" "parked - parked "
renew "$(months 12)" "$agent" "$none" "$(method alipay)" "$(pay later)"
is "gone on with where it was left" "$(asked)" "resume pin order applicant pay-method payment "
is "as it was before, in the end" "$(at_desk) $(orders) $(reason)" "12 20000 13800138000 1 parked unpaid pay"
sb_pays
ok "paid: done" renew
is "once" "$(paid) $(issued)" "alipay 20000 paid 1"

# ---- killed at each exchange of it ----
n=0 wrong=0
while :; do
	to_pay "$(method alipay)"
	until_asked payment
	finish "$(pay later)"
	CK_FAULT_AT=http.before#$((n + 1)) CK_FAULT_HOW=power renew "$(pay change)" "$(months 24)" "$other" "$none" "$(method wechat)" "$(pay later)" && break
	[ "$(ended)" = 'parked -' ] && break
	n=$((n + 1))
	renew "$(pay change)" "$(months 24)" "$other" "$none" "$(method wechat)" "$(pay later)"
	[ "$(at_desk) $(orders)" = "24 40000 13900139000 1" ] || { wrong=$((wrong + 1)) && echo "# $n: $(at_desk) $(orders) $(ended)"; }
	sb_pays wechat
	renew || { wrong=$((wrong + 1)) && echo "# $n: $(ended) $(paid)"; }
done
is "killed before each exchange, $n of them: right ends" $wrong 0
ok "often enough to mean it" test $n -ge 6

# ---- paid while it was typed ----
to_pay "$(method alipay)"
until_asked payment
feed "$(pay change)"
until_asked order 2
sb_pays
finish "$(months 24)" "$other" "$none"
is "what is paid stays as it was: done" "$(ended) $(at_desk) $(orders)" "done - 12 20000 13800138000 1"
is "paid once" "$(paid) $(issued)" "alipay 20000 paid 1"

# ---- the form before ----
fresh --not-before -400d --not-after -5d
renew "$(months 12)" "$agent" "$owner" "$none"
is "a form is printed" "$(ended) $(reason) $(sb_sheets)" "parked - parked papers-pending papers 1"
sb_review rejected "经办人身份证号与实名不符" applicant papers
renew "$(review correct)" "$agent" "$owner" "$none"
is "nothing was wrong with what it says: it still holds" "$(sb_sheets) $(reason)" "1 parked rejected papers"
sb_review rejected "经办人身份证号与实名不符" applicant papers
renew "$(review correct)" "${agent/440524188001010014/11010519491231002X}" "$owner" "$none"
is "put right: another is printed" "$(sb_sheets) $(reason)" "2 parked rejected papers"
is "that the one before is void is told, and in the ledger" "$(jq -r 'select(.say == "form-void").say' "$SB/out") $(ck ledger show --json | jq -r 'select(.row.text? == "the application form is void").row.station')" \
	"form-void applicant"
is "with what is so now" "$(jq -r 'select(.paper == "form").fields.agent_id' "$SB/print/asked" | tail -n 1)" 11010519491231002X
is "the record has that one" "$(ck records --show "$(number)" --json | jq -r 'select(.row.text? // "" | test("form signed and kept")).row.text' | wc -l)" 2
ok "the ledger is whole" ck ledger verify
