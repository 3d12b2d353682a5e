#!/bin/bash
# Who is a clerk: by his own key, by a passphrase where the site allows it, and a second one where the
# policy wants his word. The ledger tells all of it, nothing tells a PIN or a passphrase, and with a
# customer's key beside a clerk's nobody is taken for the other.
. "$(dirname "$0")/../sandbox/refuse.sh"
WORD7='correct horse seven' WORD8='battery staple eight'
SB_ANSWER_S=2 SB_CALL_TIMEOUT_S=2
sb_new
mkdir "$SB/away"

# ---- the site: keys for 07, a passphrase for 07 and 08, a key for 08 ----
declare -A dir cert serial
key() { # NAME MAKEKEY-OPTION…: made, and put away
	local name=$1
	shift
	in_reader
	sb_key --label "$name" "$@"
	dir[$name]=$(ls "$SB/tokens") cert[$name]=$CERT serial[$name]=$KEY
	mv "$SB/tokens/${dir[$name]}" "$SB/away/"
}
in_reader() { # NAME…: these and no others
	local name
	for name in "$SB/tokens/"*; do [ -d "$name" ] && mv "$name" "$SB/away/"; done
	for name; do mv "$SB/away/${dir[$name]}" "$SB/tokens/"; done
	rm -f "$SB"/shim/*
}
word_line() { printf 'passphrase %s\nagain %s\n' "$1" "$1" | ck clerk-word --secrets-fd 0; }
key C7 --pin 77777777 --issuer new
key C7-old --pin 77777777 --not-before -400d --not-after -2d
key C7-foreign --pin 77777777 --issuer foreign
key C8 --pin 88888888
key nobody --pin 99999999
key T1 --pin "$PIN"
line7=$(word_line "$WORD7") line8=$(word_line "$WORD8")
like "a passphrase becomes a line for the site's file" "$line7" '^passphrase = "scrypt\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{32}";$'
site() { # TEXT…: before what the sandbox writes; the clerks as they are listed above
	sb_site_conf
	sed -i "s#id = \"07\";#& certificates = [ \"${cert[C7-old]}\", \"${cert[C7]}\", \"${cert[C7-foreign]}\" ]; $line7#
		s#id = \"08\";#& certificates = [ \"${cert[C8]}\" ]; $line8#" "$SB/certkiosk.conf"
	[ $# -eq 0 ] || sed -i "1i $*" "$SB/certkiosk.conf"
}
site 'clerk_issuers = "trust/issuers.pem"; clerk_passphrase = true;'

# said in $SB/out.json, its last line's error in $SB/error
run_ck() { # VERB OPTION…; $SECRETS and $ANSWERS line by line
	rm -f "$SB"/shim/logins
	[ ${#ANSWERS[@]} -eq 0 ] && : >"$SB/answers" || printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
	ck "$@" --json --answers "$SB/answers" --secrets-fd 9 >"$SB/out.json" 2>>"$SB/all" 9< <(printf '%s\n' "${SECRETS[@]}")
	RC=$?
	cat "$SB/out.json" >>"$SB/all"
	tail -n 1 "$SB/out.json" | jq -c '.error // empty' >"$SB/error"
}
ended() { # NAME STATUS CODE LOGINS
	is "$1: status, error, PINs on the wire" "$RC $(jq -r .name "$SB/error") $(sb_logins)" "$2 $3 $4"
}
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }
troubles() { jq -r 'select(.ask)|.error.name // "-"' "$SB/out.json" | paste -sd ' '; }
facts() { tail -n 1 "$SB/out.json" | jq -c ".facts|$1"; }
ledger() { sqlite3 "$SB/state/records.db" "SELECT record || ' ' || station || ' ' || text FROM (SELECT * FROM ledger ORDER BY seq DESC LIMIT ${1:-1}) ORDER BY seq"; }
by_key() { # PIN…
	SECRETS=() ANSWERS=("${WORDS[@]}")
	for pin; do SECRETS+=("pin $pin"); done
	run_ck sign-in --by key
}
by_word() { # CLERK PASSPHRASE [CLERK PASSPHRASE]
	SECRETS=() ANSWERS=()
	while [ $# -gt 0 ]; do
		ANSWERS+=("$(jq -nc --arg c "$1" '{"ask":"clerk-word","clerk":$c}')") SECRETS+=("passphrase $2")
		shift 2
	done
	run_ck sign-in --by passphrase
}
WORDS=()

# ---- by key ----
in_reader C7
by_key 77777777
ended "by key" 0 '' 1
is "by key: who it is" "$(facts '[.clerk,.name,.by,.key]')" "[\"07\",\"李柜员\",\"key\",\"${serial[C7]}\"]"
is "by key: the key as records and readers know it" "$(facts '[.key_name,.label]')" "[\"$SB_MODULE|${serial[C7]}\",\"C7\"]"
is "by key: asked for the PIN, and whose it is" "$(asked) $(jq -r 'select(.ask).facts|"\(.clerk) \(.label) \(.serial)"' "$SB/out.json")" \
	"clerk-pin 07 C7 ${serial[C7]}"
is "by key: in the ledger" "$(ledger)" "clerk:07 sign-in signed in by key"
by_key 1234567 77777777
ended "a wrong PIN, then the right one" 0 '' 2
is "a wrong PIN is told as a clerk's" "$(troubles)" "- CLERK_PIN_WRONG"
by_key 1234567
ended "a wrong PIN alone" 4 CLERK_PIN_WRONG 1
is "a wrong PIN: in the ledger" "$(ledger)" "clerk:07 sign-in a wrong PIN"
by_key 12
ended "a PIN no key has" 4 PIN_LENGTH 0
sb_shim finalflag
by_key 77777777
ended "the last try, no word" 4 NO_ANSWER 0
WORDS=('{"ask":"last-try","yes":false}')
by_key 77777777
ended "the last try, a no" 4 PIN_LAST_TRY 0
WORDS=('{"ask":"last-try","yes":true}')
by_key 77777777
ended "the last try, the clerk's own word" 0 '' 1
is "the last try: asked first" "$(asked)" "last-try clerk-pin"
WORDS=()
sb_shim 'pinmax 3'
echo 3 >"$SB/shim/tries"
by_key 77777777
ended "locked" 4 PIN_LOCKED 0
in_reader C7
sb_shim 'yank C_Login 0'
by_key 77777777
ended "pulled at the PIN" 4 KEY_REMOVED 0
sb_shim 'fail C_Sign 30 0'
before=$(ledger)
by_key 77777777
like "no signature, no clerk" "$RC $(jq -r .name "$SB/error")" '^4 (KEY_TROUBLE|SIGNATURE_WRONG|KEY_REMOVED)$'
is "no signature: nobody is signed in" "$(ledger)" "$before"
sb_shim ''
in_reader C7-old
by_key 77777777
ended "an expired certificate" 4 CLERK_CERT_DAYS 0
is "an expired certificate: not even asked; in the ledger" "$(asked) $(ledger)" " clerk:07 sign-in CLERK_CERT_DAYS"
in_reader C7-foreign
by_key 77777777
ended "of another issuer" 4 CLERK_CERT_ISSUER 0
is "of another issuer: in the ledger" "$(asked) $(ledger)" " clerk:07 sign-in CLERK_CERT_ISSUER"
site 'clerk_passphrase = true;'
by_key 77777777
ended "of another issuer, where the list is enough" 0 '' 1
site 'clerk_issuers = "trust/issuers.pem"; clerk_passphrase = true;'
in_reader nobody
by_key 99999999
ended "not on the list" 4 CLERK_KEY_FOREIGN 0
is "not on the list: another is asked for, and which it was" "$(asked) $(troubles) $(jq -r .detail "$SB/error")" \
	"clerk-key CLERK_KEY_FOREIGN nobody (${serial[nobody]})"
in_reader
by_key 77777777
ended "no key" 4 NO_KEY 0
in_reader C7 C8
by_key 88888888
ended "two clerks, nobody says which" 4 NO_ANSWER 0
WORDS=('{"ask":"clerk-key","serial":"'"${serial[C8]}"'"}')
by_key 88888888
ended "two clerks, one is chosen" 0 '' 1
is "two clerks: their names are the choices" "$(jq -r 'select(.ask=="clerk-key").fields[0].choices[].label' "$SB/out.json" | sort | paste -sd ,)" \
	"李柜员  C7,王柜员  C8"
is "two clerks: the one that was chosen" "$(facts .clerk)" '"08"'
WORDS=()
in_reader nobody
rm "$SB/out.json"
(sleep 0.5 && mv "$SB/away/${dir[C7]}" "$SB/tokens/") &
until grep -qs '"end"' "$SB/out.json"; do sleep 0.05; done | timeout 10 "$CK_BIN/certkiosk" sign-in --by key --config "$SB/certkiosk.conf" --json --answers - --secrets-fd 9 \
	>"$SB/out.json" 2>>"$SB/all" 9< <(echo 'pin 77777777')
is "put in while it is asked for: it goes on by itself" "$(asked) $(facts .clerk)" 'clerk-key clerk-pin "07"'
wait $!

# ---- customer's and clerk's together ----
in_reader C7 T1
by_key 77777777
ended "beside a customer's key" 0 '' 1
is "beside a customer's key: nobody asks which" "$(asked)" clerk-pin
is "beside a customer's key: its PIN is none" "$(by_key "$PIN"; jq -r .name "$SB/error")" CLERK_PIN_WRONG
is "keys: whose is told" "$(ck keys --json | jq -r 'select(.row).row|"\(.label) \(.clerk.id) \(.clerk.name)"' | sort | paste -sd ,)" \
	"C7 07 李柜员,T1 null null"
like "keys, zh" "$(ck keys --lang zh)" '柜员 07（李柜员）本人的 Key'
like "keys, en" "$(ck keys --lang en)" "clerk 07's own key \\(李柜员\\)"
timeout 0.6 "$CK_BIN/certkiosk" keys --watch --config "$SB/certkiosk.conf" --json >"$SB/out.json" 2>>"$SB/all"
is "watch: whose is told" "$(jq -r 'select(.row.event=="key").row|"\(.label) \(.clerk.id)"' "$SB/out.json" | sort | paste -sd ,)" "C7 07,T1 null"
ANSWERS=() SECRETS=("pin $PIN" "new 24681357" "again 24681357")
run_ck pin --clerk 07
ended "pin: the customer's is meant" 0 '' 2
SECRETS=("pin 24681357" "new $PIN" "again $PIN")
run_ck pin --clerk 07 --key "${serial[T1]}"
ended "pin: by its serial, too" 0 '' 2
for verb in status doctor; do
	ck $verb --json --clerk 07 >"$SB/out.json" 2>/dev/null || ck $verb --json >"$SB/out.json" 2>>"$SB/all"
	is "$verb: nobody asks which" "$(jq -r 'select(.ask == "key" or .ask == "insert-key").ask' "$SB/out.json")" ''
done
in_reader C7
ck doctor --clerk 07 --json >"$SB/out.json" 2>>"$SB/all"
is "doctor: a clerk's own key is not examined" "$? $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "4 NO_KEY"

# ---- by passphrase ----
in_reader
by_word 08 "$WORD8"
ended "by passphrase" 0 '' 0
is "by passphrase: who, and no key" "$(facts '[.clerk,.by,.key]')" '["08","passphrase",null]'
is "by passphrase: in the ledger" "$(ledger 3)" "clerk:08 clerk-word a passphrase is tried
clerk:08 clerk-word the right passphrase
clerk:08 sign-in signed in by passphrase"
for n in 1 2 3 4 5; do
	by_word 08 "wrong word $n"
	[ "$RC $(jq -r .name "$SB/error")" = "4 CLERK_NOT_PROVED" ] || break
done
ended "wrong five times" 4 CLERK_NOT_PROVED 0
is "wrong: in the ledger" "$(ledger)" "clerk:08 clerk-word a wrong passphrase"
lines=$(ledger 999 | wc -l)
by_word 08 "$WORD8"
ended "then the right one, in another engine" 4 CLERK_WAIT 0
is "who waits is not tried" "$(ledger 999 | wc -l)" "$lines"
CK_FAULT_CLOCK=30 by_word 08 "$WORD8"
ended "half a minute later" 4 CLERK_WAIT 0
by_word 08 "$WORD8" 07 "$WORD7"
is "the other clerk need not wait" "$RC $(facts .clerk)" '0 "07"'
CK_FAULT_CLOCK=70 by_word 08 'wrong once more'
ended "a minute later: tried" 4 CLERK_NOT_PROVED 0
CK_FAULT_CLOCK=140 by_word 08 "$WORD8"
ended "and wrong: now it is two" 4 CLERK_WAIT 0
CK_FAULT_CLOCK=200 by_word 08 "$WORD8"
ended "two minutes later" 0 '' 0
by_word 99 "$WORD8"
cp "$SB/error" "$SB/unknown"
by_word 07 "$WORD8"
is "a clerk nobody knows: the same words" "$(<"$SB/unknown")" "$(<"$SB/error")"
for n in 2 3 4 5; do by_word 99 "wrong word $n"; done
by_word 99 "wrong word 6"
ended "a clerk nobody knows: the same wait" 4 CLERK_WAIT 0
by_word "$WORD8" 'typed in the wrong field'
like "what was typed as an id is in the ledger by its hash" "$(ledger)" '^clerk:#[0-9a-f]{64} clerk-word a wrong passphrase$'
site 'clerk_issuers = "trust/issuers.pem";'
by_word 07 "$WORD7"
ended "where passphrases are off" 4 CLERK_WORD_OFF 0
is "where passphrases are off: not asked" "$(asked)" ''
site 'clerk_passphrase = true;'
sed -i 's/\$[A-Za-z0-9+/]*";/";/' "$SB/certkiosk.conf"
by_word 07 "$WORD7"
is "a line that is none: the file is wrong, and not quoted" "$RC $(jq -r .name "$SB/error") $(grep -c scrypt "$SB/error")" "4 CONFIG 0"
site 'clerk_passphrase = true;'
printf '{"ask":"clerk-word","clerk":"07","passphrase":"%s"}\n' "$WORD7" >"$SB/answers"
ck sign-in --by passphrase --answers "$SB/answers" --json >"$SB/out.json" 2>/dev/null
is "no passphrase from an answers file" "$?" 2
for by in '' '--by thumb'; do
	ck sign-in $by >"$SB/out.txt" 2>&1
	is "sign-in ${by:-without --by}: usage" $? 2
done
for lang in zh en; do
	printf 'passphrase %s\nagain %s\n' "$WORD7" "$WORD8" short short | ck clerk-word --secrets-fd 0 --lang $lang >"$SB/out.$lang"
	like "two that differ, then a short one, $lang" "$(<"$SB/out.$lang")" 'CK-2069.*CK-2068'
	ok "$lang: no line comes of it" ! grep -q scrypt "$SB/out.$lang"
done

# ---- out ----
run_ck_out() { ck sign-out --clerk "$1" --json >"$SB/out.json" 2>>"$SB/all"; RC=$?; tail -n 1 "$SB/out.json" | jq -c '.error // empty' >"$SB/error"; }
run_ck_out 07
is "out: in the ledger" "$RC $(ledger)" "0 clerk:07 sign-out signed out"
run_ck_out 99
is "out: nobody knows him" "$RC $(jq -r .name "$SB/error")" "4 CLERK_UNKNOWN"
like "out, zh" "$(ck sign-out --clerk 07 --lang zh)" '李柜员（柜员 07）已签退'

# ---- a second clerk ----
policy() { # ACTS
	cp "$SB_TREE/core/policy/systems/sheca-cisweb.conf" "$SB/systems/"
	sed -i "s/^second_clerk = .*/second_clerk = [ $1 ];/; /^form = /d" "$SB/systems/sheca-cisweb.conf"
}
second() { ANSWERS+=('{"ask":"second-clerk","clerk":"'"$1"'"}') SECRETS+=("word $2"); }
policy '"abandon", "everything"'
run_ck renew --system sheca-cisweb --way on-behalf --clerk 07
like "an act nobody knows: file, line and word" "$RC $(jq -r '"\(.name) \(.detail)"' "$SB/error")" \
	'^4 CONFIG .*sheca-cisweb.conf:[0-9]+: second_clerk: .*everything'
policy '"abandon", "last-try", "leave-pair", "unsettled-pin"'
new_key() { # NAME
	key "$1" --pin "$PIN"
	ENVELOPE=E-$1
	sb_envelope "$ENVELOPE" "$PASSWORD" --for "$CERT"
	in_reader "$1" "${@:2}"
}
begun() { # NAME: a record with a new pair on its key, pulled before the certificate was written
	new_key "$1"
	sb_shim 'yank C_CreateObject 0'
	usual_answers
	order --wait 0
	sb_shim ''
	RECORD=$(ck records --json | jq -r 'select(.row).row.record')
}
order() { run_ck renew --system sheca-cisweb --way on-behalf --clerk 07 "$@"; }
usual_answers() { ANSWERS=('{"ask":"envelope","serial":"'"$ENVELOPE"'"}') SECRETS=("pin $PIN" "password $PASSWORD"); }
record_line() { ck records --show "$RECORD" --json | jq -r 'select(.row).row.text' | grep '^a second clerk'; }

begun A1
before=$(ck records --json)
ANSWERS=() SECRETS=("pin $PIN")
run_ck abandon "$RECORD" --clerk 07
ended "abandon, no second clerk" 4 NO_ANSWER 0
is "abandon: what is asked" "$(jq -c 'select(.ask)|[.ask,.facts.act,.facts.clerk,(.fields|map(.name))]' "$SB/out.json")" \
	'["second-clerk","abandon","07",["clerk","word"]]'
run_ck abandon "$RECORD"
ended "abandon, nobody serves" 4 CLERK_NEEDED 0
is "abandon: the record is as it was" "$(ck records --json)" "$before"
second 07 "$WORD7"
second 08 "$WORD7"
second 98 "$WORD8"
second 08 "$WORD8"
run_ck abandon "$RECORD" --clerk 07
ended "abandon, a second clerk at last" 0 '' 1
is "abandon: himself, a wrong word and a stranger are none" "$(troubles)" "- CLERK_SAME CLERK_NOT_PROVED CLERK_NOT_PROVED -"
is "abandon: noted in the record" "$(record_line)" "a second clerk agrees to abandon: 08 passphrase"
is "abandon: and in the ledger" "$(ledger 99 | grep -c "^$RECORD key a second clerk agrees to abandon: 08 passphrase\|^$RECORD abandon a second clerk agrees to abandon: 08 passphrase")" 1
like "abandon: told in zh" "$(ck records --show "$RECORD" --lang zh)" '另一位柜员同意放弃: 08 passphrase'

begun A2
in_reader A2 C8
ANSWERS=() SECRETS=("pin $PIN")
second 08 "$WORD8"
run_ck abandon "$RECORD" --clerk 07
ended "with his key in a reader the passphrase is none" 4 PIN_LENGTH 0
ANSWERS=() SECRETS=("pin $PIN")
second 08 1234567
second 08 88888888
run_ck abandon "$RECORD" --clerk 07
ended "abandon, by the second clerk's key" 0 '' 3
is "abandon by key: a wrong PIN first" "$(troubles)" "- CLERK_PIN_WRONG -"
is "abandon by key: noted" "$(record_line)" "a second clerk agrees to abandon: 08 key"
is "abandon by key: the wrong one is in the ledger" "$(ledger 99 | grep -c '^clerk:08 second-clerk a wrong PIN')" 1

# no key to sweep: twice his word, to abandon and to leave the pair
begun A3
in_reader
ANSWERS=('{"ask":"leave-pair","yes":true}') SECRETS=()
second 08 "$WORD8"
run_ck abandon "$RECORD" --clerk 07 --wait 0
is "closing without the key takes it, too" "$RC $(asked) $(ck records --json | grep -c '"row"')" \
	"1 second-clerk insert-key leave-pair second-clerk 1"
ANSWERS=('{"ask":"leave-pair","yes":true}') SECRETS=()
second 08 "$WORD8"
run_ck abandon "$RECORD" --clerk 07 --wait 0
is "closing without the key, with it" "$RC $(asked) $(record_line | tail -n 1)" \
	"0 insert-key leave-pair second-clerk a second clerk agrees to close without the key: 08 passphrase"

# what may be the last try; the flag shows on every key
new_key A4 C8
usual_answers
ANSWERS+=('{"ask":"last-try","yes":true}')
second 08 88888888
sb_shim finalflag
order
ended "the last try: his own key may have none more either" 4 PIN_LAST_TRY 0
in_reader A4
usual_answers
ANSWERS+=('{"ask":"last-try","yes":true}')
second 07 "$WORD7"
sb_shim finalflag
order
ended "the last try, the same clerk" 4 CLERK_SAME 0
is "the last try: asked of both" "$(asked)" "last-try second-clerk second-clerk"
usual_answers
ANSWERS+=('{"ask":"last-try","yes":true}')
second 08 "$WORD8"
CK_FAULT_AT=authorise order
is "the last try, by two" "$(asked | cut -d ' ' -f 1-3)" "last-try second-clerk pin"
like "the last try: a record's line, or the clerk's where there is none" "$(ledger 9)" \
	'clerk agrees to what may be the last try: 08 passphrase'
new_key A5 C8
usual_answers
SECRETS=("pin 1111111" "pin $PIN" "password $PASSWORD")
ANSWERS+=('{"ask":"last-try","yes":true}')
second 08 88888888
sb_shim noflags
order
ended "tries unknown, by the second clerk's key beside the customer's" 0 '' 4
is "tries unknown: and the customer's is gone on with" "$(asked)" "pin last-try second-clerk pin envelope envelope-password"

# the customer's key goes while the second clerk's is looked for
new_key A7 C8
usual_answers
SECRETS=("pin 1111111" "word 88888888" "word 88888888" "pin $PIN" "password $PASSWORD")
sb_shim noflags
mkfifo "$SB/fifo"
exec 5<>"$SB/fifo"
printf '%s\n' "${ANSWERS[@]}" '{"ask":"last-try","yes":true}' '{"ask":"last-try","yes":true}' >&5
ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --wait 20 --answers "$SB/fifo" --secrets-fd 9 \
	>"$SB/out.json" 2>>"$SB/all" 9< <(printf '%s\n' "${SECRETS[@]}") &
until_asked() { timeout 10 bash -c "until grep -q '\"ask\":\"$1\"' '$SB/out.json'; do sleep 0.02; done"; }
until_asked second-clerk
mv "$SB/tokens/${dir[A7]}" "$SB/away/"
echo '{"ask":"second-clerk","clerk":"08"}' >&5
until_asked key-back
mv "$SB/away/${dir[A7]}" "$SB/tokens/"
echo '{"ask":"second-clerk","clerk":"08"}' >&5
wait $!
is "a key that went meanwhile is waited for" "$? $(asked)" \
	"0 pin last-try second-clerk key-back last-try second-clerk pin envelope envelope-password"
exec 5>&-

# a PIN change that hangs in the air
new_key A6
usual_answers
sb_shim 'yank C_SetPIN 0'
order --wait 0
in_reader A6 C8
usual_answers
ANSWERS+=('{"ask":"unsettled-pin","which":"old"}')
order
ended "an unsettled PIN, no second clerk" 1 NO_ANSWER 0
second 08 88888888
order
ended "an unsettled PIN, by two" 0 '' 3
is "an unsettled PIN: asked before" "$(asked)" "resume second-clerk unsettled-pin envelope-password"

ok "the ledger is whole" ck ledger verify
ok "no PIN and no passphrase rests anywhere" ! grep -aqE "$PIN|$PASSWORD|77777777|88888888|1234567|1111111|$WORD7|$WORD8|wrong word" \
	-r "$SB/state" "$SB/all"
