#!/bin/bash
# PROTOCOL.desk 13 to 18 spoken by curl: what an order takes, from the quote to the seal. Nothing is issued
# before it is paid for, nothing is charged or taken twice, and all of it outlives a kill of the desk.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/curl.sh"
sb_new
n_key=0
HOUR=3600
AGENT='{"name":"张三","resident-id":"11010519491231002X","mobile":"13800138000","mail":"zs@mail.example"}'
OWNER='{"organisation":"上海某某（科技）有限公司","credit-code":"91350100M000100Y43","legal":"李四"}'

# another customer's key, under these rules
fresh() { # SYSTEM [MAKEKEY-OPTION…]
	SYSTEM=$1
	shift
	LABEL=key-$((n_key += 1))
	sb_knob --clear
	sb_steps sheca-issp sdca-dezhou szca-cgn
	sb_key --label "$LABEL" "$@"
	use_key "$LABEL"
	prove_key
}
grant() { # [WAY] [RECORD] [KIOSK]
	desk lease "$(json --arg s $SYSTEM --arg p "$proof" --arg w "${1:-self}" --arg r "${2:-CK-1}" --arg c "${CLERK:-}" \
		'{system:$s,proof:$p,way:$w,record:$r} + if $c == "" then {} else {clerk:$c} end')" '' "${3:-kiosk-1}"
	LEASE=$(field lease)
}
ask() { desk query "$(json --arg s $SYSTEM --arg l "$LEASE" '{system:$s,lease:$l}')"; }
steps() { ask && field 'steps // [] | map("\(.step) \(.state)") | join(", ")'; }
order() { # MONTHS AMOUNT [FIELDS]
	with_lease order "months:$1,amount:$2,consents:[],agent:${AGENT_IS:-$AGENT}${3:+,$3}"
}
pay() { with_lease pay "method:\"$1\",amount:$2"; }
said() { echo "$status $(field code)"; }
live() { sb_show '[.payments[] | select(.state == "live") | .method] | join(" ")'; }

request() {
	[ -s "$SB/new.key" ] || openssl ecparam -name prime256v1 -genkey -noout -out "$SB/new.key"
	openssl req -utf8 -new -key "$SB/new.key" -subj "$SUBJECT" -outform "$1"
}
bind() { with_lease bind "request:\"$(request DER | base64 -w0)\""; }
SUBJECT=/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司
# what the CA says to somebody who has a pair of the desk's, but not what it takes
issue() {
	with_lease enrol-pair "proof:\"$proof\""
	request PEM >"$SB/new.csr"
	openssl cmp -cmd p10cr -csr "$SB/new.csr" -server "$SB_URL/cmp" -tls_used -tls_trusted "$SB/trust/tls.pem" \
		-trusted "$SB/trust/cmp.pem" -recipient /CN=x -ref "$(field reference)" -secret "pass:$(field secret)" \
		-certout "$SB/new.pem" -keep_alive 0
}
nothing_yet() { # NAME
	bind
	refused "$1: no key is bound" not-yet
	ok "$1: and the CA issues nothing" ! issue
}
finish() { # issued and acknowledged
	bind
	is "all steps passed: the key is bound" "$status $(field state)" "200 key"
	ok "and the CA issues" issue
	with_lease ack "certificate_sha256:\"$(openssl x509 -in "$SB/new.pem" -outform DER | sha256sum | cut -d' ' -f1)\",pin:\"unchanged\""
	is "acknowledged" "$(field state)" confirmed
	rm -f "$SB/new.key"
}
restart() {
	sb_kill
	sb_start
}

# ---- a desk whose systems take nothing ----
SYSTEM=szca-cgn
sb_key --label plain
use_key plain
prove_key
grant
is "nothing to do: no steps" "$(field 'steps|type')" null
with_lease quote
refused "and nothing to be quoted" refused

# ---- szca-cgn: quote, order ----
fresh szca-cgn
old_end=$(date -d "$(openssl x509 -in "$CERT_FILE" -inform DER -noout -enddate | cut -d= -f2)" +%s)
grant
is "what it takes" "$(steps)" "applicant wanted, identity wanted, payment wanted"
nothing_yet "nothing ordered"
pay alipay 20000
refused "nothing is paid without an order" not-yet
with_lease identity
refused "nobody proves who he is without one" not-yet
with_lease quote
is "quoted: two choices" "$(field 'choices | map("\(.months) \(.amount)") | join(", ")')" "12 20000, 24 40000"
is "how it is paid, and what is asked for" "$(field 'payer + " " + (.methods | join(" ")) + ": " + (.ask | join(" "))')" \
	"customer alipay wechat transfer: agent invoice"
is "the second choice ends two years after the old end" "$(field 'choices[1].quoted_end')" \
	"$(date -u -d "$(date -u -d "@$old_end" '+%F %T') UTC 2 years" +%s)"
order 12 19999
is "another amount than it costs" "$(said) $(field amount)" "409 amount-changed 20000"
AGENT_IS='{"name":"张三","resident-id":"110105194912310021","mobile":"13800138000"}' order 12 20000
is "a resident ID with a wrong check digit" "$(said) $(field field)" "409 field-wrong resident-id"
AGENT_IS='{"name":"张三","mobile":"13800138000"}' order 12 20000
is "none at all" "$(said) $(field field)" "409 field-wrong resident-id"
order 12 20000 'invoice:{colour:"red"}'
is "a field there is none of" "$(said)" "400 bad-request"
is "nothing was ordered by all that" "$(sb_show '.orders | length')" 0

sb_knob desk.doubled.order 1
order 12 20000
first=$(field order)
is "ordered, the request twice on its way" "$status $(sb_show '.orders | length')" "200 1"
is "who acts is known" "$(field 'steps[0] | .step + " " + .state')" "applicant passed"
sb_knob desk.lose-reply.order 1
order 12 20000
is "again, and the answer is lost" "$status" 000
order 12 20000
is "again: the same order" "$status $(field order)" "200 $first"
order 24 40000
is "another choice replaces what was said" "$(field order) $(sb_show '.orders[] | "\(.months) \(.amount) \(.state)"')" \
	"$first 24 40000 unpaid"
is "the end is that of the choice" "$(field quoted_end)" "$(date -u -d "$(date -u -d "@$old_end" '+%F %T') UTC 2 years" +%s)"
nothing_yet "ordered, not paid"

# ---- one live code ----
pay alipay 40000
alipay=$(field payment)
like "a code to be scanned, as long as it lasts" "$(field code) $(($(field until) - $(field now)))" '^https://qr.alipay.example/.* 900$'
is "somebody pays" "$(steps)" "applicant passed, identity wanted, payment pending"
sb_knob desk.lose-reply.pay 1
pay alipay 40000
pay alipay 40000
is "an answer lost, asked again: the same payment" "$(field payment) $(sb_show '.payments | length')" "$alipay 1"
restart
pay alipay 40000
is "the desk killed between: the same payment" "$(field payment) $(sb_show '.payments | length')" "$alipay 1"
pay wechat 40000
is "another method ends the one before" "$(live)" wechat
pay cheque 40000
refused "a method there is none of" method-unknown
is "that one is still to be paid" "$(live)" wechat
sb_knob desk.clock $HOUR
is "nobody can use an old code" "$(steps)" "applicant passed, identity wanted, payment wanted"
wechat=$(sb_show '.payments[-1].payment')
pay wechat 40000
like "the next one is new" "$(field payment) $(live)" '^Y-.* wechat$'
is "and not the old one" "$([ "$(field payment)" != "$wechat" ]; echo $?)" 0
sb_knob --clear desk.clock
sb_knob desk.amount 21000
pay wechat 40000
is "the price changed meanwhile" "$(said) $(field amount)" "409 amount-changed 42000"
is "what was shown for the old price is not replaced unseen" "$(live)" wechat
pay wechat 42000
is "the new one, seen" "$(field amount) $(live)" "42000 wechat"
nothing_yet "a code shown, not paid"

# ---- paid, and paid twice ----
sb_pays
is "paid: the desk's word" "$(steps)" "applicant passed, identity wanted, payment passed"
is "and the order is this lease's" "$(sb_show '.orders[-1] | "\(.state) \(.lease)"')" "taken $LEASE"
pay wechat 42000
refused "it is paid once" paid-already
is "nothing goes back yet" "$(field 'refund // 0')" 0
sb_pays alipay
ask
is "the code that was replaced is paid all the same: it goes back" "$(field refund)" 40000
is "the order stays paid with the other one" "$(sb_show '[.payments[] | select(.state == "paid") | .method] | join(" ")')" wechat
sb_knob --clear desk.amount
order 12 20000
refused "what is paid for is not chosen again" refused
order 24 41000
is "nor for another amount" "$(said) $(field amount)" "409 amount-changed 42000"
with_lease quote
is "the quote is what was paid" "$(field 'choices | map("\(.months) \(.amount)") | join(", ")')" "24 42000"
AGENT_IS=${AGENT/张三/王五} order 24 42000
is "who acts may still change" "$status $(field order)" "200 $first"
nothing_yet "paid, not proved"

# ---- identity ----
with_lease identity
like "a link for a phone" "$(field code)" '^https://id.example/verify/'
link=$(field code)
with_lease identity
is "the same while it can be used" "$(field code)" "$link"
is "somebody holds his phone" "$(steps)" "applicant passed, identity pending, payment passed"
sb_identity failed 照片模糊
is "it failed, and why" "$(steps): $(field 'steps[1].text')" "applicant passed, identity failed, payment passed: 照片模糊"
nothing_yet "not the right face"
sb_knob desk.code-life 0
with_lease identity
is "begun anew with another link" "$([ "$(field code)" != "$link" ]; echo $?) $(steps)" "0 applicant passed, identity pending, payment passed"
link=$(sb_show '.courses[-1].link')
sb_knob --clear desk.code-life
with_lease identity
is "one that is over is replaced" "$([ "$(field code)" != "$link" ]; echo $?)" 0
sb_identity passed
prove_key kiosk-2
sb_knob desk.live 0
grant self CK-2 kiosk-2
is "another counter takes it over: what passed has passed" "$(steps)" "applicant passed, identity passed, payment passed"
prove_key
grant
finish
is "the order is done, the other money goes back" "$(sb_show '.orders[-1].state') $(ask && field refund)" "done 40000"

# ---- seal ----
fresh sheca-issp
sb_seal 电子印章 3000
grant
is "sheca-issp" "$(steps)" "applicant wanted, payment wanted"
AGENT_IS='{"name":"张三","mobile":"13800138000"}' order 12 1 'invoice:{name:"张三",phone:"021-62077128"}'
is "an invoice that cannot be posted" "$(said) $(field field)" "409 field-wrong address"
AGENT_IS='{"name":"张三","mobile":"13800138000"}' order 12 1 'invoice:{name:"张三",address:"上海",postcode:"200000"}'
pay netbank 1
like "a link to a bank, as long as they come" "$(field code)" '^https://netbank.example/.{70,}'
pay remittance 1
is "an account, for as long as it takes" "$(field 'until // 0') $(field 'account | map(.label) | join(" ")')" "0 收款单位 开户银行 账号 附言"
is "on its way" "$(steps) $(field 'steps[1].method')" "applicant passed, payment pending remittance"
with_lease seal
refused "no seal before the certificate" not-yet
nothing_yet "money on its way"
restart
sb_money_in
finish
with_lease seal
sha=$(field sha256)
is "the seal, whole" "$(field label) $(field bytes | base64 -d | sha256sum | cut -d' ' -f1)" "电子印章 $sha"
with_lease seal-ack "sha256:\"$CERT\",result:\"written\""
refused "another seal is not acknowledged" certificate-wrong
with_lease seal-ack "sha256:\"$sha\",result:\"not-written\""
is "it could not be written" "$status $(sb_show '.seals[0].state')" "200 not-written"
with_lease seal
is "then it waits" "$(field seal)" true
sb_knob desk.lose-reply.seal-ack 1
with_lease seal-ack "sha256:\"$sha\",result:\"written\""
with_lease seal-ack "sha256:\"$sha\",result:\"written\""
is "written, said twice" "$status $(sb_show '.seals[0].state')" "200 written"
fresh sheca-issp
grant
AGENT_IS='{"name":"李四","mobile":"13900139000"}' order 24 2
pay transfer 2
is "a transfer here is not reviewed" "$(field 'proof // false') $(steps)" "false applicant passed, payment pending"
sb_money_in
finish
with_lease seal
is "no seal: none is given" "$status $(field seal)" "200 false"

fresh sheca-issp
grant
AGENT_IS='{"name":"李四","mobile":"13900139000"}' order 12 1
pay netbank 1
pay transfer 1
sb_pays netbank
is "the code that was replaced is what was paid" "$(steps)" "applicant passed, payment passed"
is "then nothing else is to be paid" "$(live)" ""
is "and nothing goes back" "$(field 'refund // 0')" 0
sb_money_in
ask
is "who transfers it all the same has it back" "$(field refund) $(sb_show '.payments[-2:] | map("\(.method) \(.state)") | join(" ")')" \
	"1 netbank paid transfer refund"
with_lease release "why:\"$(printf '久%.0s' {1..201})\""
refused "why in more than 200 characters" bad-request
with_lease release "why:\"$(printf '久%.0s' {1..200})\""
is "in 200" "$status $(field state)" "200 released"

# ---- sdca-dezhou: a code to the mobile ----
fresh sdca-dezhou
grant
with_lease quote
is "one year, a code to the mobile" "$(field 'choices | length') $(field 'ask | join(" ")')" "1 agent invoice sms-code"
order 12 10000
refused "without the code" sms-wrong
with_lease sms-code 'mobile:"10086"'
is "that is no mobile" "$(said) $(field field)" "409 field-wrong mobile"
with_lease sms-code 'mobile:"13800138000"'
is "sent" "$status $(field again)" "200 60"
with_lease sms-code 'mobile:"13800138000"'
like "not again within a minute" "$(said) $(field again)" '^409 sms-wait [1-6]?[0-9]$'
order 12 10000 'sms_code:"nonsense"'
refused "another code" sms-wrong
order 12 10000 "sms_code:\"$(sb_sms)\""
is "the code that was sent" "$status $(field 'steps[0].state')" "200 passed"
is "it stands nowhere in the order" "$(sb_show '.orders[-1].said' | grep -c "$(sb_sms)")" 0
AGENT_IS=${AGENT/张三/王五} order 12 10000
is "a correction needs no other code" "$status" 200
AGENT_IS=${AGENT/13800138000/13900139000} order 12 10000
refused "another mobile does" sms-wrong
pay alipay 10000
sb_pays
finish
fresh sdca-dezhou
grant
with_lease sms-code 'mobile:"13800138000"'
for i in 1 2 3; do order 12 10000 'sms_code:"nonsense"'; done
order 12 10000 "sms_code:\"$(sb_sms)\""
refused "guessed at: not even the right one serves" sms-wait
sb_knob desk.sms-again 0
with_lease sms-code 'mobile:"13800138000"'
order 12 10000 "sms_code:\"$(sb_sms)\""
is "the next one does" "$status" 200
fresh sdca-dezhou --subject /C=CN/CN=张三
CLERK=07 grant
with_lease quote
is "a person, by himself, beside a clerk: no code" "$(field 'choices[0].amount') $(field 'ask | join(" ")')" "5000 agent invoice"
order 12 5000
is "and none is missed" "$status" 200
with_lease release 'why:"x"'
CLERK=07 grant on-behalf
with_lease quote
is "a person, at a counter" "$(field 'choices[0].amount') $(field 'ask | join(" ")')" "5000 agent invoice"
with_lease release 'why:"x"'
sb_knob desk.central 1
CLERK=07 grant on-behalf
with_lease quote
is "paid for by somebody else" "$(field 'payer') $(field 'choices[0].amount') $(field 'methods | length')" "central 0 0"
is "nothing to pay" "$(steps)" "applicant wanted"
order 12 0
pay alipay 0
refused "not even nothing" paid-already
SUBJECT=/C=CN/CN=张三 finish

# ---- szca-cgn, expired: owner, papers, review ----
png() { # FILE BYTES
	{
		printf '\x89PNG\r\n\x1a\n'
		head -c "$2" /dev/urandom
	} >"$1"
	SHA=$(sha256sum <"$1" | cut -d' ' -f1) SIZE=$(stat -c %s "$1")
}
# part FILE KIND PAGE/PAGES OFFSET BYTES [TYPE]; $SHA and $SIZE of the sheet
part() {
	tail -c "+$(($4 + 1))" "$1" | head -c "$5" | base64 -w0 >"$SB/part"
	desk paper "$(json --arg l "$LEASE" --arg k "$2" --arg p "${3%/*}" --arg n "${3#*/}" --arg t "${6:-image/png}" \
		--arg h "$SHA" --arg z "$SIZE" --arg o "$4" --rawfile b "$SB/part" \
		'{lease:$l,kind:$k,page:($p|tonumber),pages:($n|tonumber),type:$t,sha256:$h,size:($z|tonumber),offset:($o|tonumber),bytes:$b}')"
}
have() { field have; }
papers() { ask && field 'steps[] | select(.step == "papers").papers | map("\(.kind) \(.state)") | join(", ")'; }
sheets() { sb_show '[.papers[] | select(.page) | "\(.kind) \(.page) \(.have)/\(.size)"] | join(", ")'; }

day() { date -u -d "$1" +%F; }
fresh szca-cgn --subject '/C=CN/O=上海某某(科技)有限公司/CN=上海某某(科技)有限公司' --not-before "$(day -400days)" --not-after "$(day -10days)"
SUBJECT='/C=CN/O=上海某某(科技)有限公司/CN=上海某某(科技)有限公司'
grant
is "expired" "$(steps)" "applicant wanted, papers wanted, identity wanted, payment wanted, review pending"
with_lease quote
is "and its owner is asked for" "$(field 'ask | join(" ")')" "agent invoice owner"
order 12 20000
is "without an owner" "$(said) $(field field)" "409 field-wrong organisation"
order 12 20000 "owner:${OWNER/科技/贸易}"
refused "another's name" owner-other
order 12 20000 "owner:$OWNER"
is "the owner's, with the other brackets" "$status" 200
pay alipay 20000
sb_pays
with_lease identity
sb_identity passed
nothing_yet "no papers"

png "$SB/licence" 250000
part "$SB/licence" birth 1/1 0 1000
refused "a paper nobody wants" paper-unknown
part "$SB/licence" transfer-proof 1/1 0 1000
refused "no proof of what was no transfer" paper-unknown
part "$SB/licence" licence 1/1 0 0
is "only asked: nothing there" "$(have) $(sb_show '[.papers[] | select(.page)] | length')" "0 0"
part "$SB/licence" licence 1/1 0 98304
is "the first part" "$(have)" 98304
part "$SB/licence" licence 1/1 0 98304
is "the first part again is not taken again" "$(have)" 98304
part "$SB/licence" licence 1/1 200000 50008
is "nor one that leaves a gap" "$(have)" 98304
sb_knob desk.lose-reply.paper 1
part "$SB/licence" licence 1/1 98304 98304
restart
part "$SB/licence" licence 1/1 98304 0
is "an answer lost and the desk killed: it says where to go on" "$(have)" 196608
part "$SB/licence" licence 1/1 196608 98304
is "the last part" "$(have) $(papers)" "250008 form wanted, licence in"
part "$SB/licence" licence 1/1 0 98304
is "a sheet it has is not sent again" "$(have) $(sheets)" "250008 licence 1 250008/250008"

png "$SB/form1" 1000
good=$SHA
SHA=$CERT part "$SB/form1" form 1/2 0 1008
is "with another hash: it begins anew" "$(have) $(papers)" "0 form wanted, licence in"
SHA=$good part "$SB/form1" form 1/2 0 1008
is "the first page of two" "$(have) $(papers)" "1008 form wanted, licence in"
png "$SB/form2" 2000
part "$SB/form2" form 2/2 0 2008 application/pdf
refused "what is not what it says" paper-wrong
part "$SB/form2" form 3/2 0 2008
is "a page too many" "$(said)" "400 bad-request"
SIZE=8388609 part "$SB/form2" form 2/2 0 2008
refused "a sheet too large" paper-wrong
part "$SB/form2" form 2/2 0 2008
is "both pages" "$(have) $(papers) $(steps)" \
	"2008 form in, licence in applicant passed, papers passed, identity passed, payment passed, review pending"
png "$SB/form2b" 3000
part "$SB/form2b" form 2/2 0 1500
is "another sheet replaces it: until it is whole, the paper is wanted" "$(papers)" "form wanted, licence in"
part "$SB/form2b" form 2/2 1500 1508
is "then it is in" "$(papers): $(sheets)" "form in, licence in: form 1 1008/1008, form 2 3008/3008, licence 1 250008/250008"
sb_paper_refused licence 没有盖章
is "a paper sent back, and why" "$(papers): $(field 'steps[1].papers[1].text')" "form in, licence refused: 没有盖章"
part "$SB/licence" licence 1/1 0 0
is "its sheets are wanted anew" "$(have)" 0
png "$SB/licence" 100
part "$SB/licence" licence 1/1 0 108
is "and in again" "$(papers)" "form in, licence in"
nothing_yet "nobody looked at it"

sb_review rejected 申请表没有签名 applicant papers
is "rejected: what is to be put right comes first" "$(steps): $(field 'steps[-1].text')" \
	"applicant wanted, papers wanted, identity passed, payment passed, review failed: 申请表没有签名"
nothing_yet "rejected"
order 12 20000 "owner:$OWNER"
png "$SB/form1" 900
part "$SB/form1" form 1/1 0 908
is "half corrected is not looked at" "$(steps)" "applicant passed, papers wanted, identity passed, payment passed, review failed"
png "$SB/licence" 800
part "$SB/licence" licence 1/1 0 808
is "all corrected: looked at again" "$(steps)" "applicant passed, papers passed, identity passed, payment passed, review pending"
restart
sb_review passed
png "$SB/licence" 700
part "$SB/licence" licence 1/1 0 708
refused "what was accepted is not replaced" paper-unknown
is "never charged twice for all that" "$(sb_show --arg l "$LEASE" '[.payments[] | select(.lease == $l)] | length')" 1
finish
SUBJECT=/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司

# ---- szca-cgn: a transfer ----
fresh szca-cgn
grant
order 12 20000
with_lease identity
sb_identity passed
pay transfer 20000
is "its receipt is wanted, and people look at it" "$(field proof): $(steps)" \
	"true: applicant passed, identity passed, payment wanted, review pending"
is "by its name" "$(field 'steps[2] | .method + " " + .papers[0].kind + " " + .papers[0].state')" "transfer transfer-proof wanted"
pay alipay 20000
is "by another method: neither" "$(steps)" "applicant passed, identity passed, payment pending"
pay transfer 20000
png "$SB/receipt" 500
part "$SB/receipt" transfer-proof 1/1 0 508
is "the receipt is in" "$(steps) $(field 'steps[2].papers[0].state')" \
	"applicant passed, identity passed, payment pending, review pending in"
sb_money_in
is "the money is in" "$(steps)" "applicant passed, identity passed, payment passed, review pending"
nothing_yet "nobody looked at it"
sb_review passed
finish

# ---- given back ----
fresh szca-cgn
grant
order 12 20000
pay alipay 20000
with_lease release 'why:"x"'
is "an unpaid order ends with its lease" "$(field state) $(field 'order_state // "none"') $(sb_show '.orders[-1].state')" "released none void"
order 12 20000
refused "nothing is ordered under it" lease-released
pay alipay 20000
refused "nor paid" lease-released
sb_pays
ask
is "its code is paid all the same: it goes back" "$(field refund) $(sb_show '.orders[-1].state')" "20000 void"
grant
order 12 20000
order=$(field order)
pay alipay 20000
sb_pays
with_lease release 'why:"x"'
is "a paid one stays paid" "$(field order_state) $(sb_show '.orders[-1].state')" "paid paid"
with_lease release 'why:"x"'
is "said again it is answered again" "$(field order_state)" paid
desk certificate "$(json --arg s $SYSTEM --arg c "$(certificate)" '{system:$s,certificate:$c}')"
is "and waits for its certificate" "$(field 'orders[0].order')" "$order"
grant
is "the next lease has it" "$(field order) $(steps)" "$order applicant passed, identity wanted, payment passed"
sb_knob desk.refund refund
with_lease release 'why:"x"'
is "a CA that refunds says so" "$(field order_state) $(sb_show '.orders[-1].state')" "refund refund"
grant
is "and the next lease has none of it" "$(field 'order // "none"') $(steps)" "none applicant wanted, identity wanted, payment wanted"

# ---- ordered on the web ----
fresh szca-cgn
order=$(sb_web_order paid)
grant
is "made and paid there: nothing is left" "$(field order) $(steps)" "$order applicant passed, payment passed"
finish
fresh szca-cgn
order=$(sb_web_order unpaid)
desk certificate "$(json --arg s $SYSTEM --arg c "$(certificate)" '{system:$s,certificate:$c}')"
is "an unpaid one is not told as paid" "$(field 'orders | length')" 0
grant
is "only its payment is left" "$(field order) $(steps)" "$order applicant passed, payment wanted"
nothing_yet "ordered on the web, not paid"
with_lease quote
is "and nothing to choose" "$(field 'choices | length')" 1
with_lease release 'why:"x"'
grant
is "given back, it is there the next time" "$(field order)" "$order"
pay wechat 20000
sb_pays
finish
is "what was issued, was issued for one order each" "$(sb_show '.counts.issued')" "$(sb_show '[.orders[] | select(.state == "done")] | length')"
