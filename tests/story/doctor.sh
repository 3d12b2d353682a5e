#!/bin/bash
# What may be wrong with a key, each thing made for real: it is found, told in words, and only what
# loses nothing is put right, on a person's word, wherever it is interrupted.
. "$(dirname "$0")/../sandbox/refuse.sh"
SB_ANSWER_S=2 SB_CALL_TIMEOUT_S=2
sb_new
REAL=/usr/lib/softhsm/libsofthsm2.so
SUBJECT='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'

fresh_key() {
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	sb_key --label T1 --pin "$PIN" --issuer new --subject "$SUBJECT" "$@"
}
another() { sb_key --second --serial "$KEY" --label T1 --pin "$PIN" --issuer new --subject "$SUBJECT" "$@"; }
p11() { env PIN="$PIN" pkcs11-tool --module "$REAL" --token-label T1 --login --pin env:PIN "$@" >/dev/null 2>&1; }
pair() { p11 --keypairgen --key-type EC:prime256v1 --usage-sign --id "$1" --label "$2"; }
cert_at() { p11 --write-object "$2" --type cert --id "$1" --label again; } # ID FILE
objects() { (cd "$SB/tokens" && sha256sum */*.object | grep -v '/token\.object$' | sort); }
ids() { ck keys --json | jq -r 'select(.row).row.entries[].id' | sort | paste -sd ' '; }
certs() { ck keys --json | jq -r 'select(.row).row.entries[]|.certificate.sha256 // "-"' | sort | paste -sd ' '; }

SAYS='look fetch install sweep clear drop' SECRETS=("pin $PIN")
doctor() { # OPTION…; $SAYS: the acts agreed to, all others are refused; sets RC
	local act yes
	rm -f "$SB"/shim/logins
	for act in look fetch install sweep clear drop; do
		[[ " $SAYS " == *" $act "* ]] && yes=true || yes=false
		for _ in 1 2 3 4 5 6; do echo '{"ask":"doctor-'$act'","yes":'$yes'}'; done
	done >"$SB/answers"
	printf '%s\n' "${EXTRA[@]}" >>"$SB/answers"
	ck doctor --answers "$SB/answers" --secrets-fd 9 --system sheca-cisweb "$@" \
		>"$SB/out.${FORM:-json}" 9< <(printf '%s\n' "${SECRETS[@]}")
	RC=$?
}
EXTRA=()
examine() {
	doctor --json "$@"
	tail -n 1 "$SB/out.json" | jq -c '.error // empty' >"$SB/error"
}
found() { jq -r 'select(.row).row|select(.kind!="room" and .kind!="needs-pin")|"\(.kind)/\(.act // "-")"' "$SB/out.json" | paste -sd ' '; }
did() { jq -r 'select(.did=="doctor").say|select(.!="unlocked")' "$SB/out.json" | paste -sd ' '; }
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }
error() { jq -r '.name // "-"' "$SB/error"; }
finds() { # NAME WHAT: told, nothing proposed, nothing changed
	local before
	before=$(objects)
	examine
	is "$1: found" "$RC $(found) $(did)" "0 $2 "
	is "$1: nothing was touched" "$(objects)" "$before"
	in_words "$1"
}
in_words() { # NAME
	local lang
	for lang in zh en; do
		FORM=$lang doctor --lang $lang
		ok "$1, $lang: nothing for a terminal to obey" harmless "$SB/out.$lang"
		ok "$1, $lang: no word is missing" ! grep -E '^ *[a-z]+(-[a-z]+)+$|[{}]' "$SB/out.$lang"
	done
}
ledger() { sqlite3 "$SB/state/records.db" "SELECT mark || ' ' || text FROM ledger WHERE station='doctor' ORDER BY seq DESC LIMIT $1" | tac; }

# ---- nothing wrong ----
fresh_key
before=$(objects)
printf '' >"$SB/none"
ck doctor --json --answers "$SB/none" >"$SB/out.json"
is "nobody answers: what shows without a PIN is told, nothing is done" \
	"$? $(asked) $(tail -n 1 "$SB/out.json" | jq -r '"\(.end) \(.error.name)"') $(sb_logins)" "4 doctor-look refused NO_ANSWER 0"
SAYS='' examine
is "no PIN is given: no PIN on the wire, and not called well" "$RC $(did) $(asked) $(sb_logins)" "0  doctor-look 0"
SAYS=look examine
is "a good key: said so, one PIN" "$RC $(found) $(did) $(sb_logins)" "0  doctor-well 1"
is "a good key: untouched, and not a line in the ledger" "$(objects)$(ledger 9)" "$before"
is "the room: entries known, memory unknown" "$(jq -c 'select(.row.kind=="room").row|[.entries,.entries_max,.free,.total,.act]' "$SB/out.json")" \
	"[1,256,null,null,null]"
FORM=zh doctor --lang zh
like "a good key, zh" "$(<"$SB/out.zh")" '剩余空间不详.*没有发现问题.*可以拔出 Key'
FORM=en doctor --lang en
like "a good key, en" "$(<"$SB/out.en")" 'free memory unknown.*Nothing wrong was found.*You may pull the key'

# ---- the PIN ----
SECRETS=('pin 654321')
examine
is "a wrong PIN, alone: one try" "$RC $(error) $(sb_logins)" "4 PIN_WRONG 1"
SECRETS=('pin 654321' "pin $PIN")
examine --clerk 07
is "a wrong PIN once, with a clerk: asked again" "$RC $(did) $(sb_logins)" "0 doctor-well 2"
SECRETS=("pin $PIN")
sb_shim finalflag
examine
is "the last try, alone: not spent" "$RC $(error) $(sb_logins)" "4 PIN_LAST_TRY 0"
EXTRA=('{"ask":"last-try","yes":true}')
examine --clerk 07
is "the last try, on a clerk's word" "$RC $(did) $(sb_logins)" "0 doctor-well 1"
EXTRA=()
for how in pinpad readonly lockedflag; do
	sb_shim $how
	examine
	is "$how: nothing is proposed" "$RC $(asked) $(sb_logins) $(jq -r 'select(.row.kind=="needs-pin").row.safe' "$SB/out.json")" "0  0 false"
done
sb_shim 'memory 1000 65536'
SAYS='' examine
is "full, as the key tells" "$(found) $(jq -c 'select(.row.kind=="room").row|[.free,.total]' "$SB/out.json")" "full/- [1000,65536]"
FORM=en doctor --lang en
like "full, in words" "$(<"$SB/out.en")" 'memory 65536 bytes, 1000 of them free.*Almost full'
sb_shim 'memory 30000 65536'
SAYS='' examine
is "room enough" "$(found)" ''
sb_shim ''
echo 'two_pairs = false;' >>"$SB/keys.d/softhsm.conf"
SAYS='' examine
is "a kind of key for one pair only" "$(found)" full/-
sb_keys_conf
examine --system nowhere
is "no such system" "$RC $(error)" "4 SYSTEM_UNKNOWN"
examine --clerk 99
is "no such clerk" "$RC $(error)" "4 CLERK_UNKNOWN"
sb_shim absent
examine
is "no key" "$RC $(error)" "4 NO_KEY"
sb_shim ''

# ---- the certificate was lost: S3 ----
fresh_key --no-cert
lost=$CERT
before=$(objects)
SAYS=look examine
is "lost, not asked for: told" "$RC $(found) $(did)" "0 pair-without-certificate/fetch "
SAYS='look fetch' examine
is "lost, found at the desk, not wanted: told" "$RC $(found) $(did)" "0 pair-without-certificate/fetch issued-at-desk/install "
is "lost, not wanted: the key is as it was" "$(objects)" "$before"
examine
is "lost: back on the key" "$RC $(did) $(sb_logins) $(certs)" "0 doctor-installed 1 $lost"
is "lost: each act is asked for by name" "$(asked)" "doctor-look pin doctor-fetch doctor-install"
is "lost: told whose it is before it is written" "$(jq -r 'select(.ask=="doctor-install").facts.name' "$SB/out.json")" 上海某某科技有限公司
like "lost: every act is in the ledger" "$(ledger 3)" '^note the desk is asked.*
intent certificate [0-9A-F]+, fetched again, is written
done certificate [0-9A-F]+ written, read back, signs$'
ok "lost: neither serial nor PIN rests in the store" ! grep -aqE "$KEY|$PIN" -r "$SB/state"
examine
is "lost: the next run finds nothing" "$RC $(found) $(did)" "0  doctor-well"
ENVELOPE=E-lost
sb_envelope "$ENVELOPE" "$PASSWORD"
ok "lost, and back: it renews" sb_renew "$PIN" "$PASSWORD" "$ENVELOPE" --system sheca-cisweb --way on-behalf --clerk 07

# what must not be written
unfit() { # NAME WHAT CODE MAKEKEY-OPTION…
	local name=$1 what=$2 code=$3
	shift 3
	fresh_key --no-cert "$@"
	[ "$name" != another-key ] || sqlite3 "$SB/sandbox.db" "UPDATE cert SET spki='$SPKI' WHERE sha='$lost'; DELETE FROM cert WHERE sha='$CERT'"
	before=$(objects)
	examine
	is "$name: told, not written" "$RC $(found) $(did)" "0 pair-without-certificate/fetch $what/- "
	is "$name: why" "$(jq -r 'select(.row.error).row.error.name' "$SB/out.json")" "$code"
	is "$name: the key is as it was" "$(objects)" "$before"
	in_words "$name"
}
unfit stranger issued-unfit ISSUED_OTHER_ISSUER --issuer foreign --status good
unfit old-issuer issued-unfit ISSUED_OTHER_ISSUER --issuer old
unfit server issued-unfit ISSUED_OTHER_CLASS --server
unfit not-yet issued-unfit ISSUED_NOT_YET --not-before +3d --not-after +100d
unfit another-key issued-unfit ISSUED_OTHER_KEY
unfit revoked issued-withdrawn '' --status revoked
unfit held issued-withdrawn '' --status held
unfit never-issued issued-none '' --status unknown
fresh_key
another --no-cert --subject '/C=CN/CN=张三'
examine
is "another's name: told, not written" "$RC $(found) $(jq -r 'select(.row.error).row.error.name' "$SB/out.json")" \
	"0 pair-without-certificate/fetch issued-unfit/- ISSUED_OTHER_SUBJECT"
another --no-cert
examine
is "the same name: written, the other left" "$RC $(did) $(certs | wc -w)" "0 doctor-installed 3"

# the desk does not answer; only who has the private key is told
fresh_key --no-cert
sb_stop
examine
is "no desk: the rest is told" "$RC $(error) $(found)" "1 DESK_UNREACHABLE pair-without-certificate/fetch desk-silent/-"
FORM=en doctor --lang en
like "no desk, in words" "$(<"$SB/out.en")" 'The CA \(sheca-cisweb\) could not be asked: .'
sb_start
sb_shim badsign
examine
is "a signature that is wrong: the desk tells nothing" "$RC $(error) $(found)" "1 KEY_PROOF_FAILED pair-without-certificate/fetch desk-silent/-"
sb_shim ''
sb_knob desk.refuse.issued $'\e]0;x\aobey\e[2J' always
examine
is "a hostile refusal" "$RC $(error)" "1 DESK_REFUSED"
in_words "a hostile refusal"
sb_knob --clear
for how in always-auth may-not-sign; do
	fresh_key
	p11 --keypairgen --key-type EC:prime256v1 --usage-sign --id 0a0a --label odd $([ $how = may-not-sign ] || echo --$how)
	[ $how = always-auth ] || sb_shim 'fail C_SignInit 68 0'
	examine
	is "a pair, $how: the desk can't be asked, and the rest goes on" "$RC $(found) $(did)" \
		"1 pair-without-certificate/fetch desk-silent/- "
	like "a pair, $how: why" "$(error)" '^KEY_(UNSUITABLE|TROUBLE)$'
	in_words "a pair, $how"
	sb_shim ''
done
fresh_key --no-cert
ck doctor --json --answers "$SB/answers" --secrets-fd 9 9< <(echo "pin $PIN") >"$SB/out.json"
is "no system named: each is asked until one knows" "$? $(did) $(certs)" "0 doctor-installed $CERT"

# ---- halves, doubles, what is not ours: told and left ----
fresh_key
pair 0a0a $'\e]0;x\aobey\e[2J\u202e'
p11 --delete-object --type pubkey --id 0a0a
finds "a private key alone, with a hostile label" private-key-alone/-
fresh_key
pair 0a0a half
p11 --delete-object --type privkey --id 0a0a
finds "a public key alone" public-key-alone/-
fresh_key --no-key
finds "a certificate without key" certificate-without-key/-
fresh_key
pair 0a0a twins
pair 0a0a twins
finds "two pairs, one id" two-pairs-one-id/-
fresh_key --no-cert
cert_at 0b0b "$CERT_FILE"
finds "its certificate is under another id" certificate-under-another-id/-
fresh_key
one=$(ids)
first=$CERT_FILE
another --no-key
cert_at "$one" "$CERT_FILE"
p11 --delete-object --type cert --id "$(ids | tr ' ' '\n' | grep -v "$one")"
finds "two certificates, one id" two-certificates-one-id/-
fresh_key
cert_at "$(ids)" "$CERT_FILE"
finds "a good certificate twice" certificate-twice/-
fresh_key --not-before -400d --not-after -5d
another
finds "expired, and a newer one is good" expired-certificate/-
fresh_key --not-before -400d --not-after -5d
another --subject /CN=张三
examine
is "expired, the newer one is another's: no finding" "$RC $(found) $(did)" "0  doctor-well"
fresh_key
sb_shim fullshort
another --module "$SB_MODULE" >/dev/null 2>&1
sb_shim ''
finds "half a certificate" not-understood/-
fresh_key --subject '/C=CN/CN=\x1b[2Jobey'
p11 --delete-object --type privkey --id "$(ids)"
examine
is "a hostile subject" "$RC $(found)" "0 certificate-without-key/-"
in_words "a hostile subject"

# ---- an expired certificate twice: the second copy goes ----
twice() { # one id, or two
	fresh_key --not-before -400d --not-after -5d
	cert_at "${1:-$(ids)}" "$CERT_FILE"
}
for where in '' 0c0c; do
	twice $where
	SAYS='look' examine
	is "expired twice${where:+ under two ids}, not agreed to: told" "$RC $(found) $(did) $(certs | wc -w)" \
		"0 ${where:+certificate-twice/- }certificate-twice/drop  2"
	examine
	is "expired twice${where:+ under two ids}: one is left, with its pair" "$RC $(did) $(certs)" "0 doctor-dropped $CERT"
	like "expired twice${where:+ under two ids}: in the ledger" "$(ledger 2)" '^intent double of .*
done double of expired certificate [0-9A-F]+ removed$'
	examine
	is "expired twice${where:+ under two ids}: and nothing more" "$RC $(found) $(did)" "0  doctor-well"
done
twice
cert_at "$(ids | cut -d' ' -f1)" "$CERT_FILE"
examine
is "expired three times: one is left" "$RC $(did) $(certs)" "0 doctor-dropped $CERT"

# ---- a renewal's pair ----
renew() { sb_renew "$PIN" "$PASSWORD" "$ENVELOPE" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/renew.json" 2>&1; }
begun() { # POINT: a renewal is killed there
	fresh_key --not-before -351d --not-after +14d
	ENVELOPE=E-$((n_case += 1))
	sb_envelope "$ENVELOPE" "$PASSWORD"
	CK_FAULT_AT=$1 renew
	number=$(ck records --json | jq -r '.row.record // empty')
	old=$(ck keys --json | jq -r 'select(.row).row.entries[]|select(.certificate).id')
}
left_over() { # given up while the key was away
	begun request
	mv "$SB/tokens" "$SB/away" && mkdir -m 700 "$SB/tokens"
	echo '{"ask":"leave-pair","yes":true}' >"$SB/answers"
	ck abandon "$number" --clerk 08 --answers "$SB/answers" >/dev/null 2>&1
	rm -rf "$SB/tokens" && mv "$SB/away" "$SB/tokens"
	new=$(ids | tr ' ' '\n' | grep -v "$old")
}
begun request
finds "an open record's pair" pair-of-open-record/-
like "an open record's pair: says whose" "$(<"$SB/out.en")" "of record $number.*abandon $number"
begun install
examine
is "an open record's pair, issued: left to it" "$RC $(found) $(did)" "0 pair-of-open-record/- "
mv "$SB/state" "$SB/elsewhere" && mkdir -m 700 "$SB/state"
examine
is "an open record of another counter: left to it" "$RC $(found) $(did)" "0 pair-without-certificate/fetch issued-in-visit/- "
rm -rf "$SB/state" && mv "$SB/elsewhere" "$SB/state"
ok "and the record goes on" renew

left_over
good=$(certs)
SAYS='look fetch install' examine
is "left over, not agreed to: told" "$RC $(found) $(did) $(ids | wc -w)" "0 pair-without-certificate/sweep  2"
is "left over: by which record" "$(jq -r 'select(.ask=="doctor-sweep").facts.record' "$SB/out.json")" "$number"
examine
is "left over: gone, and nothing else" "$RC $(did) $(ids) $(certs)" "0 doctor-swept $old ${good#- }"
is "left over: in the ledger" "$(ledger 2)" "intent half-made pair of $number is removed
done half-made pair of $number removed"
examine
is "left over: and nothing more" "$RC $(found) $(did)" "0  doctor-well"
ok "left over, and gone: it renews" renew
for half in privkey:public-key-alone pubkey:private-key-alone; do
	left_over
	p11 --delete-object --type ${half%:*} --id "$new"
	examine
	is "left over, ${half#*:}: gone" "$RC $(found) $(did) $(ids)" "0 ${half#*:}/sweep doctor-swept $old"
done
left_over
p11 --delete-object --type privkey --id "$new"
p11 --delete-object --type pubkey --id "$new"
pair "$new" foreign
finds_not_ours() {
	SAYS=look examine
	is "another pair under our id: not swept" "$RC $(found)" "0 pair-without-certificate/fetch"
}
finds_not_ours
left_over
rm -rf "$SB/state" && mkdir -m 700 "$SB/state"
SAYS=look examine
is "left over, and no record knows it: not swept" "$RC $(found)" "0 pair-without-certificate/fetch"
examine
is "left over, and no record knows it: what was issued is withdrawn or none" "$RC $(found | cut -d' ' -f2) $(did)" "0 issued-none/- "

expired_record() { # nobody came back in time, and the certificate was written already
	begun confirm
	sb_knob desk.clock $((31 * 86400))
	CK_FAULT_CLOCK=$((31 * 86400)) ck records tend >/dev/null
	sb_knob --clear
	old=$(ck keys --json | jq -r 'select(.row).row.entries[]|select(.certificate.sha256 == "'"$CERT"'").id')
}
expired_record
SAYS='look fetch install sweep drop' examine
is "given up with its certificate, not agreed to: told" "$RC $(found) $(did) $(ids | wc -w)" "0 given-up/clear  2"
like "given up with its certificate: by which record, and which" \
	"$(jq -r 'select(.ask=="doctor-clear").facts | .record + " " + .serial' "$SB/out.json")" "^$number [0-9A-F]+$"
sb_stop
examine
is "given up with its certificate, and no desk says that it is revoked: left" "$RC $(error) $(found) $(ids | wc -w)" "1 DESK_UNREACHABLE given-up/- 2"
sb_start
examine
is "given up with its certificate: gone, and nothing else" "$RC $(did) $(ids) $(certs)" "0 doctor-swept $old $CERT"
examine
is "given up with its certificate: and nothing more" "$RC $(found) $(did)" "0  doctor-well"
ok "given up with its certificate, and gone: it renews" renew

# ---- interrupted at each act: the next run goes on ----
keep() { rm -rf "$SB/kept" && mkdir "$SB/kept" && cp -a "$SB/tokens" "$SB/state" "$SB/kept/"; }
restore() { rm -rf "$SB"/tokens "$SB"/state "$SB"/shim/* && cp -a "$SB/kept/." "$SB/"; }
# NAME END CALLS: killed at every fault point and around these calls of the module
interrupted() {
	local name=$1 end=$2 points=0 wrong=0 call how
	keep
	while restore && export CK_FAULT_AT=$((points + 1)) && examine && unset CK_FAULT_AT && [ $RC -ne 0 ]; do
		points=$((points + 1))
		examine
		[ "$RC $(ids) $(certs)" = "0 $end" ] || wrong=$((wrong + 1))
	done
	is "$name: killed around each line of the ledger, ends right" "$wrong $RC" "0 0"
	ok "$name: there were such points" test $points -ge 4
	for call in $3; do
		for how in die dieafter yank; do
			restore
			sb_shim "$how ${call%:*} ${call#*:}"
			examine
			[ $RC -eq 1 ] || [ "$RC $(error)" = "4 KEY_REMOVED" ] || echo "# $how $call: $RC $(error)"
			sb_shim ''
			examine
			is "$name: $how at ${call%:*}, ends right" "$RC $(ids) $(certs)" "0 $end"
		done
	done
	ok "$name: the ledger is whole" ck ledger verify
}
fresh_key --no-cert
interrupted install "$(ids) $CERT" 'C_Login:0 C_SignInit:0 C_CreateObject:0 C_SignInit:2'
left_over
interrupted sweep "$old $CERT" 'C_DestroyObject:0 C_DestroyObject:1'
expired_record
interrupted clear "$old $CERT" 'C_DestroyObject:0 C_DestroyObject:1 C_DestroyObject:2'
twice
interrupted drop "$(ids | cut -d' ' -f1) $CERT" 'C_DestroyObject:0'
restore
sb_shim 'fail C_DestroyObject 30 0'
examine
is "a key in trouble: failed, and says so" "$RC $(error)" "1 KEY_TROUBLE"
sb_shim ''
fresh_key --no-cert
sb_shim full
examine
is "a full key: failed, and says so" "$RC $(error) $(certs)" "1 KEY_FULL -"
sb_shim fullsilent
examine
is "a key that keeps nothing: failed, and says so" "$RC $(error) $(certs)" "1 KEY_FULL -"
sb_shim ''

# ---- with others ----
begun pin
sb_shim 'yank C_SetPIN 0'
renew
sb_shim ''
examine
is "an unsettled PIN: no PIN is tried, the record is named" "$RC $(error) $(sb_logins) $(jq -r .detail "$SB/error")" "4 PIN_UNSETTLED 0 $number"
fresh_key
another_key=$KEY
sb_key --label T2 --pin "$PIN" --issuer new
ck doctor --json --answers "$SB/none" >"$SB/out.json"
is "two keys: which one is asked for" "$? $(asked)" "4 key"
SAYS=look examine --key "$another_key"
is "two keys: the one that is named" "$RC $(did) $(jq -r 'select(.say=="key-found").facts.serial' "$SB/out.json")" "0 doctor-well $another_key"
