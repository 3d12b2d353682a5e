#!/bin/bash
# The sandbox tried by clients that are not ours: openssl cmp for the CA, curl, jq and openssl for the
# desk as core/ca/PROTOCOL.desk has it. What the other stories lean on is held up here.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
SYSTEM=sheca-cisweb
PASSWORD=Pw-77770001
. "$(dirname "$0")/../sandbox/curl.sh"

ask_envelope() { # SERIAL [KIOSK]
	desk envelope "$(json --arg s $SYSTEM --arg p "$proof" --arg e "$1" \
		'{system:$s,proof:$p,serial:$e}')" '' "${2:-kiosk-1}"
}

# section 6: what is sent instead of the password
mac() { # SERIAL PASSWORD; salt, iterations, challenge of the last answer
	local salt key
	salt=$(field salt | base64 -d | hex)
	key=$(openssl kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt pass:"$2" -kdfopt hexsalt:"$salt" \
		-kdfopt iter:"$(field iterations)" -binary PBKDF2 | hex)
	{
		printf 'certkiosk envelope proof v1\0%s\0' "$1"
		field challenge | base64 -d
		openssl dgst -sha256 -binary <"$CERT_FILE"
	} | openssl dgst -sha256 -mac HMAC -macopt hexkey:"$key" -binary | base64 -w0
}
lease_body() { # SERIAL PASSWORD RECORD
	json --arg s $SYSTEM --arg p "$proof" --arg r "$3" --arg e "$1" --arg m "$(mac "$1" "$2")" \
		--arg x "$(field challenge)" '{system:$s,proof:$p,way:"on-behalf",record:$r,clerk:"07",
		envelope:{serial:$e,challenge:$x,mac:$m}}'
}
lease() { # SERIAL PASSWORD [RECORD] [KIOSK]
	ask_envelope "$1" "${4:-kiosk-1}"
	desk lease "$(lease_body "$1" "$2" "${3:-CK-1}")" '' "${4:-kiosk-1}"
}

# ---- the certificate and who asks ----
sb_key
use_key customer
lookup=$(json --arg s $SYSTEM --arg c "$(certificate)" '{system:$s,certificate:$c}')
desk certificate "$lookup"
is "look-up: good" "$status $(field status)" "200 good"
is "look-up: the desk tells its time" "$(($(date +%s) - $(field now) <= 2))" 1
sb_ctl order O-1 "$CERT"
sb_ctl hold "$CERT"
desk certificate "$lookup"
is "look-up: held, with a paid order" "$(field status) $(field 'orders[0].order')" "held O-1"
sb_ctl revoke "$CERT"
desk certificate "$lookup"
is "look-up: revoked, and when" "$(field status) $(field 'revoked_at|type')" "revoked number"
sb_ctl good "$CERT"
desk certificate "$lookup" '' rogue
is "a kiosk of that name certified by another CA is unknown" "$status $(field code)" "403 unknown-kiosk"
desk certificate "$(jq -c '.system="nosuch"' <<<"$lookup")"
refused "an unknown system" unknown-system
desk certificate '{"system":'
is "half a JSON object" "$status $(field code)" "400 bad-request"

# ---- idempotency ----
desk challenge "$lookup" again-0001
first=$(<"$SB/reply")
sb_kill
sb_start
desk challenge "$lookup" again-0001
is "the same key again, the desk killed between: the same bytes" "$(<"$SB/reply")" "$first"
desk challenge "$(jq -c '.x=1' <<<"$lookup")" again-0001
is "the same key with another body" "$status $(field code)" "422 key-reused"

# ---- key proof ----
prove_key
like "key proof with a signature made by pkcs11-tool" "$proof" '^P-'
good_proof=$proof
desk challenge "$lookup"
challenge=$(field challenge)
wrong=$(json --arg s $SYSTEM --arg c "$(certificate)" --arg x "$challenge" \
	--arg g "$(proof_bytes kiosk-2 "$challenge" | sign_p256)" \
	'{system:$s,certificate:$c,challenge:$x,signature:$g}')
desk key-proof "$wrong"
refused "a signature for another kiosk proves nothing" proof-wrong
desk key-proof "$wrong"
refused "a challenge is good once" challenge-unknown

# ---- envelopes told apart ----
proof=P-none
ask_envelope 77770001
refused "no envelope is talked of without a key proof" proof-unknown
proof=$good_proof
sb_envelope 77770001 $PASSWORD --for "$CERT"
sb_envelope 77770002 x --original-of "$CERT"
sb_envelope 77770003 x --used
sb_envelope 77770004 x --for "$(printf 'f%.0s' {1..64})"
sb_envelope 77770005 x --locked
for want in 77779999:unknown 77770002:original 77770003:used 77770004:foreign 77770005:locked; do
	ask_envelope "${want%:*}"
	refused "envelope ${want#*:}" "envelope-${want#*:}"
done
desk lease "$(json --arg s $SYSTEM --arg p "$proof" \
	'{system:$s,proof:$p,way:"self",record:"CK-1"}')"
refused "this system's leases need an envelope" envelope-needed
sb_envelope 77770006 right
for left in 4 3 2 1; do
	lease 77770006 wrong
	is "a wrong password leaves $left" "$(field code) $(field tries_left)" "envelope-wrong $left"
done
lease 77770006 wrong
refused "the fifth locks it" envelope-locked
ask_envelope 77770006
refused "and it stays locked" envelope-locked

# ---- lease, bind, issue, confirm ----
lease 77770001 $PASSWORD
LEASE=$(field lease)
is "the lease, by a mac made with openssl" "$status $(field state) $(field kiosk)" "200 nothing kiosk-1"
old_end=$(date -d "$(openssl x509 -in "$CERT_FILE" -inform DER -noout -enddate | cut -d= -f2)" +%s)
is "quoted: a year after the old end" "$(field quoted_end)" \
	"$(date -u -d "$(date -u -d "@$old_end" '+%F %T') UTC 1 year" +%s)"
lease 77770001 $PASSWORD
is "asked again it is the same lease" "$(field lease)" "$LEASE"
kiosk_1=$proof
prove_key kiosk-2
lease 77770001 $PASSWORD CK-2 kiosk-2
is "another counter while the first is live" "$(field code) $(field kiosk) $(field record)" \
	"lease-elsewhere kiosk-1 CK-1"
proof=$kiosk_1
openssl ecparam -name prime256v1 -genkey -noout -out "$SB/new.key"
subject=/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司
request() { openssl req -utf8 -new -key "$SB/new.key" -subj "$1" -outform "$2"; }
request "$subject" PEM >"$SB/new.csr"
issue() { # FILE OPTION…
	local out=$1
	shift
	openssl cmp -cmd p10cr -csr "$SB/new.csr" -server "$SB_URL/cmp" -tls_used \
		-tls_trusted "$SB/trust/tls.pem" -trusted "$SB/trust/cmp.pem" -recipient /CN=x \
		-ref 77770001 -secret "pass:$PASSWORD" -certout "$out" -keep_alive 0 "$@"
}
ok "the CA issues to nobody before a key is bound" ! issue "$SB/early.pem"
is "and says so" "$(grep -c 没有办理权 "$SB/said")" 1
with_lease bind "request:\"$(request /C=CN/CN=somebody DER | base64 -w0)\""
refused "a request with another subject" request-wrong
with_lease bind "request:\"$(request "$subject" DER | base64 -w0)\""
spki=$(openssl pkey -in "$SB/new.key" -pubout -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
is "bound to the public key" "$(field state) $(field spki)" "key $spki"
with_lease enrol-pair "proof:\"$proof\""
refused "an envelope serves, there is no pair" envelope-serves

sb_knob cmp.refuse 审核未通过
ok "a refusal of the CA" ! issue "$SB/none.pem"
is "comes with its text" "$(grep -c 审核未通过 "$SB/said")" 1
sb_knob --clear
ok "a wrong secret" ! issue "$SB/none.pem" -secret pass:other
is "neither of them issued anything" "$(sb_show .counts.issued)" 0

sb_knob cmp.lose-reply.p10cr 1
ok "the answer with the certificate is lost" ! issue "$SB/lost.pem" -disable_confirm
desk query "$(json --arg s $SYSTEM --arg v "$spki" '{system:$s,spki:$v}')"
is "the desk knows it was issued" "$(field found) $(field state)" "true issued"
field certificate | base64 -d >"$SB/issued.der"
sb_knob cmp.crash before-reply
ok "the CA dies instead of answering" ! issue "$SB/lost.pem" -disable_confirm
sb_stop
sb_start
ok "issued and confirmed by openssl cmp" issue "$SB/new.pem" -reqout "$SB/q1.der,$SB/q2.der" \
	-rspout "$SB/a1.der,$SB/a2.der"
is "after all that the one certificate" "$(sb_show .counts.issued)" 1
is "the same the desk gave" "$(openssl x509 -in "$SB/new.pem" -outform DER | sha256sum)" \
	"$(sha256sum <"$SB/issued.der")"
is "certConf is in the books, the lease only issued" \
	"$(sb_show '"\(.counts.certconf) \(.leases[0].state)"')" "1 issued"
ok "issued by the new CA, not the old one" openssl verify -CAfile "$SB/trust/accepted.pem" "$SB/new.pem"
is "it ends when the desk said" \
	"$(date -d "$(openssl x509 -in "$SB/new.pem" -noout -enddate | cut -d= -f2)" +%s)" \
	"$(sb_show '.leases[0].quoted')"
sb_kill
sb_start
curl -sS --cacert "$SB/trust/tls.pem" -H 'Content-Type: application/pkixcmp' \
	--data-binary "@$SB/q2.der" -o "$SB/again.der" "$SB_URL/cmp"
ok "the certConf's bytes once more, the CA killed between: the same answer" \
	cmp "$SB/again.der" "$SB/a2.der"
new_sha=$(sha256sum <"$SB/issued.der" | cut -d' ' -f1)
with_lease ack "certificate_sha256:\"$CERT\",pin:\"changed\""
refused "acknowledging another certificate" certificate-wrong
with_lease ack "certificate_sha256:\"$new_sha\",pin:\"changed\""
is "acknowledged" "$(field state)" confirmed
with_lease release 'why:"too late"'
refused "what is confirmed is not released" lease-confirmed
lease 77770001 $PASSWORD
is "its password can still be proved for this certificate" "$(field lease) $(field state)" \
	"$LEASE confirmed"

# ---- the way back ----
CERT_1=$CERT
sb_key --label second
use_key second
prove_key
ask_envelope 77770001
refused "an envelope that renewed another certificate" envelope-used
sb_envelope 77770008 pw-8
lease 77770008 pw-8 CK-8
LEASE=$(field lease)
with_lease bind "request:\"$(request "$subject" DER | base64 -w0)\""
sb_knob cmp.crash after-issue
ok "the CA dies between issuing and answering" ! issue "$SB/x.pem" -ref 77770008 -secret pass:pw-8
sb_stop
sb_start
ok "and issues nothing twice" issue "$SB/x.pem" -ref 77770008 -secret pass:pw-8 -disable_confirm
is "one more certificate" "$(sb_show .counts.issued)" 2
with_lease release 'why:"the customer left"'
is "released" "$(field state) $(field certificate)" "released null"
is "what was issued is revoked" "$(sb_show '.certificates[-1].status')" revoked
with_lease bind "request:\"$(request "$subject" DER | base64 -w0)\""
refused "nothing is bound to it now" lease-released
ask_envelope 77770008
is "the envelope serves again" "$status" 200
ok "but the CA issues nothing" ! issue "$SB/x.pem" -ref 77770008 -secret pass:pw-8

# ---- other systems: the key proof authorises, a one-time pair enrols ----
SYSTEM=sheca-issp
sb_ctl order O-2 "$CERT"
prove_key
desk lease "$(json --arg s $SYSTEM --arg p "$proof" '{system:$s,proof:$p,way:"self",record:"CK-9"}')"
LEASE=$(field lease)
is "a lease by key proof takes the paid order" "$(sb_show '.orders[1].state')" taken
with_lease bind "request:\"$(request "$subject" DER | base64 -w0)\""
with_lease enrol-pair "proof:\"$proof\""
ref=$(field reference) secret=$(field secret)
with_lease enrol-pair "proof:\"$proof\""
is "the same pair until it is used" "$(field reference) $(field secret)" "$ref $secret"
sb_knob cmp.waiting 2
issue "$SB/waited.pem" -ref "$ref" -secret "pass:$secret" >"$SB/waits" 2>&1 &
waiting=$!
for _ in {1..500}; do
	grep -qs 'received CP' "$SB/waits" && break # now it stands still for a second
	sleep 0.02
done
sb_kill
sb_start
wait $waiting
is "two polls, the CA killed between: issued" "$? $(sb_show '.transactions[-1].state')" "0 confirmed"
sb_knob --clear

# ---- knobs ----
sb_knob desk.lose-reply.challenge 1
desk challenge "$lookup" lost-0001
is "a lost reply: the connection ends" "$curl_status" 52
desk certificate "$lookup"
is "another call is not touched" "$status" 200
desk challenge "$lookup" lost-0001
is "asked again it is there" "$(field ok)" true
sb_knob desk.status 503
desk certificate "$lookup"
is "not now" "$status" 503
sb_knob --clear
sb_knob desk.refuse 'outside-window:不在可更新的期间内' 1
desk certificate "$lookup"
refused "a refusal of choice" outside-window
sb_knob desk.endless 1
PATIENCE=0.5 desk certificate "$lookup"
is "a body without end ends with the client" "$curl_status" 28
sb_knob desk.clock 86400
desk certificate "$lookup"
is "the desk's clock is off by a day" "$(($(field now) - $(date +%s) > 86000))" 1
sb_knob --clear
for how in key subject class issuer short notyet; do
	sb_envelope "6666-$how" pw --open
	sb_knob cmp.wrong $how 1
	issue "$SB/wrong-$how.pem" -ref "6666-$how" -secret pass:pw -disable_confirm >"$SB/said" 2>&1
done
text() { openssl x509 -in "$SB/wrong-$1.pem" -noout "${@:2}" 2>&1; }
isnt() { if [ "$2" != "$3" ]; then echo "ok - $1"; else is "$1" "$2" "anything else"; fi; }
isnt "wrong: key" "$(text key -pubkey)" "$(openssl pkey -in "$SB/new.key" -pubout)"
like "wrong: subject" "$(text subject -subject)" 'Somebody Else'
like "wrong: class" "$(text class -ext extendedKeyUsage)" 'Server'
like "wrong: issuer" "$(text issuer -issuer)" 'Foreign CA'
ok "wrong: short" ! openssl x509 -in "$SB/wrong-short.pem" -noout -checkend $((300 * 86400))
like "wrong: not yet" "$(openssl verify -CAfile "$SB/trust/accepted.pem" "$SB/wrong-notyet.pem" 2>&1)" \
	'not yet valid'

# ---- twenty at once ----
before=$(sb_show .counts.issued)
for i in {1..20}; do
	sb_envelope "5555-$i" "pw-$i" --open
done
clients=()
for i in {1..20}; do
	issue "$SB/c$i.pem" -ref "5555-$i" -secret "pass:pw-$i" >"$SB/c$i.said" 2>&1 &
	clients+=($!)
done
good=0
for c in "${clients[@]}"; do
	wait "$c" && good=$((good + 1))
done
is "twenty clients at once" $good 20
is "each issued exactly once" "$(($(sb_show .counts.issued) - before))" 20
is "and every envelope by itself" \
	"$(sb_show '[.envelopes[]|select(.serial|startswith("5555"))|.issued]|unique|tostring')" "[1]"
is "no password is in what the books show" "$(sb_show . | grep -c "$PASSWORD")" 0
sb_stop
is "the server ends well when told to" $? 0
