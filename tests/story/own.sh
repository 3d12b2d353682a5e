#!/bin/bash
# What a key's owner may have done besides a renewal: the PIN changed, the certificates taken along,
# the CA asked about them. Nothing reaches the key that was not typed and judged, no file is written
# over, and where an outcome is unknown that is said.
. "$(dirname "$0")/../sandbox/refuse.sh"
PIN=123456 NEW=24681357
SB_ANSWER_S=2 SB_CALL_TIMEOUT_S=2
sb_new

fresh_key() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_knob --clear
	sb_key --label T1 --pin "$PIN" "$@"
}
# VERB OPTION…; $SECRETS and $ANSWERS line by line; said in $SB/out.json, its last line's error in $SB/error
own() {
	local verb=$1
	shift
	rm -f "$SB"/shim/logins
	printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
	ck "$verb" --json "$@" >"$SB/out.json" 9< <(printf '%s\n' "${SECRETS[@]}")
	RC=$?
	tail -n 1 "$SB/out.json" | jq -c '.error // empty' >"$SB/error"
}
pin() { own pin --answers "$SB/answers" --secrets-fd 9 "$@"; }
ended() { # NAME STATUS CODE LOGINS
	is "$1: status, error, PINs on the wire" \
		"$RC $(jq -r .name "$SB/error") $(sb_logins)" "$2 $3 $4"
}
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }
troubles() { jq -r 'select(.ask)|.error.name // "-"' "$SB/out.json" | paste -sd ' '; }
opens_with() { # PIN: on the key itself, past the shim
	env PIN="$1" pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1 --login \
		--pin env:PIN -O
}
holds() { # NAME PIN NOT
	ok "$1: opened by one" opens_with "$2"
	ok "$1: and not by the other" ! opens_with "$3"
}
ledger() { sqlite3 "$SB/state/records.db" "SELECT mark || ' ' || text FROM ledger ORDER BY seq DESC LIMIT ${1:-2}"; }
typed() { SECRETS=("pin $1" "new $2" "again $3"); }
clerk_says() { ANSWERS=('{"ask":"last-try","yes":'"$1"'}'); }
ANSWERS=() SECRETS=()

# ---- the PIN, changed ----
fresh_key
key_before=$(on_key)
typed "$PIN" "$NEW" "$NEW"
pin
ended "a new PIN" 0 '' 2
is "a new PIN: asked once, for all three" "$(asked) $(jq -r 'select(.ask).fields|map(.name)|join(",")' "$SB/out.json")" \
	"own-pin pin,new,again"
is "a new PIN: the key's rules are told" "$(jq -c 'select(.ask)|[.facts.min,.facts.max,.facts.digits]' "$SB/out.json")" \
	"[4,16,false]"
is "a new PIN: what is true is said last" "$(jq -r 'select(.did).say' "$SB/out.json" | tail -n 1)" own-pin-changed
holds "a new PIN" "$NEW" "$PIN"
is "a new PIN: nothing else on the key is touched" "$(on_key)" "$key_before"
is "a new PIN: meant and done are in the ledger" "$(ledger)" \
	"done PIN changed by its owner
intent its owner changes the PIN"
like "a new PIN: the ledger knows the key by its hash alone" \
	"$(sqlite3 "$SB/state/records.db" "SELECT DISTINCT record FROM ledger WHERE station='own-pin'")" '^key:[0-9a-f]{64}$'
ok "a new PIN: neither serial nor PIN rests in the store" ! grep -aqE "$KEY|$PIN|$NEW" -r "$SB/state"
ok "a new PIN: the ledger is whole" ck ledger verify
is "a new PIN: no record is made of it" "$(ck records --all --json | grep -c '"row"')" 0
for lang in zh en; do
	typed "$NEW" "$PIN" "$PIN"
	[ $lang = en ] && typed "$PIN" "$NEW" "$NEW"
	ck pin --lang $lang --secrets-fd 9 >"$SB/out.$lang" 9< <(printf '%s\n' "${SECRETS[@]}")
	is "a new PIN, $lang: done" $? 0
done
like "a new PIN, zh: in words" "$(<"$SB/out.zh")" '以后只能用新密码.*可以拔出 Key'
like "a new PIN, en: in words" "$(<"$SB/out.en")" 'only the new one works.*You may pull the key'

# ---- judged before anything is sent ----
fresh_key
while read -r name old new again error; do
	typed "$old" "$new" "$again"
	pin
	ended "$name" 4 "$error" 0
	is "$name: asked again with the reason" "$(asked) $(troubles)" "own-pin own-pin - $error"
done <<-EOF
	two-ways $PIN $NEW ${NEW}x PIN_MISMATCH
	the-present-one $PIN $PIN $PIN PIN_SAME
	too-short $PIN 123 123 PIN_LENGTH
	too-long $PIN 12345678901234567 12345678901234567 PIN_LENGTH
EOF
typed 123 "$NEW" "$NEW"
pin
ended "a present one no key has" 4 PIN_LENGTH 0
is "a present one no key has: only that is asked for again" "$(asked) $(troubles)" "own-pin pin - PIN_LENGTH"
sed -i '/pin_max/a pin_charset = "digits";' "$SB/keys.d/softhsm.conf"
typed "$PIN" abcdef abcdef
pin
ended "letters where the key takes digits" 4 PIN_LENGTH 0
sb_keys_conf
is "judged first: the ledger does not know of it" "$(ledger 1)" "done PIN changed by its owner"
SECRETS=("pin $PIN" "new $NEW" "again 0000" "pin $PIN" "new $NEW" "again $NEW")
pin
ended "two ways, then the same" 0 '' 2
holds "two ways, then the same" "$NEW" "$PIN"

# ---- a wrong one ----
fresh_key
typed 654321 "$NEW" "$NEW"
pin
ended "wrong, alone" 4 PIN_WRONG 1
is "wrong, alone: one try and no more" "$(asked)" own-pin
pin --clerk 07
ended "wrong, nothing more typed" 4 PIN_WRONG 1
is "wrong: only the present one is asked for again" "$(asked)" "own-pin pin"
holds "wrong" "$PIN" "$NEW"
SECRETS=("pin 654321" "new $NEW" "again $NEW" "pin $PIN")
pin --clerk 07
ended "wrong, then right" 0 '' 3
holds "wrong, then right" "$NEW" "$PIN"
fresh_key
typed "$PIN" "$NEW" "$NEW"
pin --clerk 99
ended "a clerk nobody knows" 4 CLERK_UNKNOWN 0

# ---- the last try: as in a renewal, on a clerk's word only ----
sb_shim finalflag
pin
ended "the last try, alone" 4 PIN_LAST_TRY 0
is "the last try, alone: not even asked" "$(asked)" ''
clerk_says false
pin --clerk 07
ended "the last try, the clerk says no" 4 PIN_LAST_TRY 0
ANSWERS=()
pin --clerk 07
ended "the last try, nobody answers" 4 NO_ANSWER 0
sb_shim noflags
SECRETS=("pin 654321" "new $NEW" "again $NEW" "pin $PIN")
clerk_says false
pin --clerk 07
ended "tries unknown, the clerk says no" 4 PIN_TRIES_UNKNOWN 1
clerk_says true
pin --clerk 07
ended "tries unknown, the clerk says yes" 0 '' 3
ANSWERS=()
fresh_key
sb_shim 'pinmax 3'
echo 3 >"$SB/shim/tries"
typed "$PIN" "$NEW" "$NEW"
pin
ended "locked" 4 PIN_LOCKED 0
is "locked: not asked" "$(asked)" ''
rm -f "$SB/shim/tries"
sb_shim pinpad
pin
ended "a PIN pad" 4 KEY_PINPAD 0
sb_shim readonly
pin
ended "read-only" 4 KEY_READONLY 0
sb_shim absent
pin --key "$KEY"
ended "no key" 4 NO_KEY 0
sb_shim ''
pin --key 0000
ended "another key" 4 OTHER_KEY 0

# ---- the key says no, or nothing ----
sb_shim 'fail C_SetPIN a1 0'
pin
ended "a new PIN the key refuses" 4 PIN_RULES 1
is "a new PIN the key refuses: in the ledger" "$(ledger 1)" "done PIN unchanged: the key refused"
sb_shim 'yank C_Login 0'
pin
ended "pulled before" 4 KEY_REMOVED 0
sb_shim ''
holds "refused or pulled before" "$PIN" "$NEW"
while read -r name rule detail holding other; do
	sb_shim "${rule//:/ }"
	typed "$PIN" "$NEW" "$NEW"
	pin
	sb_shim ''
	is "$name: failed, and both are said to be possible" "$RC $(jq -r '"\(.name) \(.key)"' "$SB/error")" \
		"1 PIN_EITHER safe"
	like "$name: why" "$(detail)" "$detail"
	like "$name: meant, and not done, in the ledger" "$(ledger 1)" '^(intent its owner|note nobody knows)'
	holds "$name" "$holding" "$other"
	fresh_key
done <<-EOF
	pulled yank:C_SetPIN:0 KEY_REMOVED $PIN $NEW
	trouble-before fail:C_SetPIN:30:0 KEY_TROUBLE $PIN $NEW
	trouble-after failafter:C_SetPIN:30:0 KEY_TROUBLE $NEW $PIN
	crash crash:C_SetPIN:0 MODULE_CRASHED $PIN $NEW
	killed-after dieafter:C_SetPIN:0 ENGINE_GONE $NEW $PIN
EOF
sb_shim 'crash C_Login 0'
pin
ended "a crash before the change is only a crash" 1 MODULE_CRASHED 0
sb_shim ''
holds "a crash before the change is only a crash" "$PIN" "$NEW"

# ---- a renewal whose own change hangs in the air ----
fresh
sb_shim 'yank C_SetPIN 0'
stuck_run() { run --json >"$SB/out.json"; }
ok "a renewal pulled at its PIN change" ! stuck_run
sb_shim ''
number=$(tail -n 1 "$SB/out.json" | jq -r .record)
lines=$(ck records --show "$number" --json | grep -c '"row"')
typed "$PIN" "$NEW" "$NEW"
pin --clerk 07
ended "an unsettled PIN" 4 PIN_UNSETTLED 0
is "an unsettled PIN: the record is named, nothing asked" "$(detail) $(asked)" "$number "
is "an unsettled PIN: and not disturbed" "$(ck records --show "$number" --json | grep -c '"row"')" "$lines"
usual
SECRETS=("pin $PIN" "password $PASSWORD")
ANSWERS+=('{"ask":"unsettled-pin","which":"old"}')
completes "an unsettled PIN"
typed "$PASSWORD" "$PIN" "$PIN"
ANSWERS=()
pin
ended "settled, its owner changes it" 0 '' 2

# ---- several keys, and one that is at work ----
fresh_key
one=$KEY
sb_key --label T2 --pin "$PIN"
typed "$PIN" "$NEW" "$NEW"
pin
ended "two keys, nobody says which" 4 NO_ANSWER 0
ANSWERS=('{"ask":"key","serial":"'"$one"'"}')
pin
ended "two keys, one is chosen" 0 '' 2
holds "two keys, one is chosen" "$NEW" "$PIN"
own status --answers "$SB/answers"
is "two keys: the status of one" "$RC $(jq -r 'select(.row).row.certificate.sha256' "$SB/out.json" | wc -l)" "0 1"
ANSWERS=()
own status --key "$KEY"
is "two keys: the status of the other" "$RC $(jq -r 'select(.row).row.certificate.sha256' "$SB/out.json")" "0 $CERT"
mkfifo "$SB/slow"
"$CK_BIN/certkiosk" pin --config "$SB/certkiosk.conf" --json --key "$KEY" --secrets-fd 9 \
	>"$SB/busy.json" 9<>"$SB/slow" &
busy=$!
until grep -q '"ask"' "$SB/busy.json"; do sleep 0.05; done
for verb in "pin --key $KEY" "status --key $KEY" "export --key $KEY --to $SB"; do
	own $verb
	ended "a key at work: ${verb%% *}" 4 KEY_BUSY 0
done
kill -TERM $busy
wait $busy
is "left while it asks: nothing was changed" "$? $(tail -n 1 "$SB/busy.json" | jq -r .error.name)" "4 STOPPED"

# ---- certificates as files ----
fresh_key
mkdir "$SB/stick"
own export --key "$KEY" --to "$SB/stick"
ended "export" 0 '' 0
file=$(jq -r 'select(.row).row.file' "$SB/out.json")
ok "export: the file is the certificate, byte for byte" cmp "$file" "$CERT_FILE"
is "export: and says which" "$(jq -r 'select(.row).row.sha256' "$SB/out.json") $(dirname "$file")" "$CERT $SB/stick"
is "export: anybody may read it" "$(stat -c %a "$file")" 644
echo mine >"$file"
own export --key "$KEY" --cert "$CERT" --to "$SB/stick"
is "export: a name that is taken is left alone" "$(<"$file")" mine
is "export: and another one is used" "$RC $(jq -r 'select(.row).row.file' "$SB/out.json")" "0 ${file%.cer}-2.cer"
ok "export: which is the certificate too" cmp "${file%.cer}-2.cer" "$CERT_FILE"
ln -s "$SB/stick/elsewhere" "${file%.cer}-3.cer"
own export --key "$KEY" --to "$SB/stick"
is "export: no link is followed" "$RC $(ls "$SB/stick" | wc -l) $([ -e "$SB/stick/elsewhere" ] || echo none)" "0 4 none"
(cd "$SB/stick" && mkdir here && cd here && ck export --key "$KEY" --to . >"$SB/out.txt")
is "export: a folder of the caller's" "$(ls "$SB/stick/here" | wc -l)" 1
own export --key "$KEY" --cert 00ff --to "$SB/stick"
ended "export: another certificate" 4 NO_CERT 0
own export --key "$KEY" --to "$SB/nowhere"
ended "export: no such folder" 4 FILE_UNWRITABLE 0
like "export: no such folder: which" "$(detail)" "$SB/nowhere.*No such"
(cd / && own export --key "$KEY" --to "nowhere.$$" && ended "export: no such folder here" 4 FILE_UNWRITABLE 0)
own export --key "$KEY" --to /dev/null
ended "export: no folder" 4 FILE_UNWRITABLE 0
for lang in zh en; do
	ck export --lang $lang --key "$KEY" --to "$SB/stick/here" >"$SB/out.$lang"
	like "export: in words, $lang" "$? $(<"$SB/out.$lang")" "^0 v $SB/stick/here/[0-9a-f]{16}-[23].cer   "
done
own export --key 0000 --to "$SB/stick"
ended "export: another key" 4 OTHER_KEY 0
full() {
	own export --key "$KEY" --to "$SB/small"
	ended "export: $1" 4 FILE_UNWRITABLE 0
	is "export: $1: no half of a file stays" "$(find "$SB/small" -name '*.cer')" ''
}
mkdir "$SB/small"
if mount -t tmpfs -o size=4k tmpfs "$SB/small" 2>/dev/null; then
	trap 'rc=$?; umount "$SB/small"; (exit $rc); sb_end' EXIT
	head -c 4096 /dev/zero >"$SB/small/film"
	full "a full stick"
	mount -o remount,ro "$SB/small"
	full "a stick that only reads"
else
	echo "skip - export: a full stick: only root can mount one"
fi
fresh_key --no-cert
own export --key "$KEY" --to "$SB/stick"
ended "export: no certificate" 4 NO_CERT 0

# ---- what is known of a certificate ----
status() { own status "$@"; }
first() { jq -r 'select(.row).row|"\(.validity) " + (.systems[]|select(.system=="sheca-cisweb")|
	"\(.issuers) \(.accepted) \(.desk) \(.eligible) \(.rule)")' "$SB/out.json"; }
fresh_key --not-before -351d --not-after +14d
status
ended "status" 0 '' 0
is "status: its days, issuers, desk and window" "$(first)" "valid true false good true eligible"
like "status: first and last day" "$(jq -r 'select(.row).row.systems[0]|"\(.first_day) \(.last_day)"' "$SB/out.json")" \
	'^20[0-9-]{8} 20[0-9-]{8}$'
is "status: no PIN" "$(asked)$(sb_logins)" 0
for s in revoke:revoked hold:held good:good; do
	sb_ctl ${s%:*} "$CERT"
	status --key "$KEY" --cert "$CERT" --system sheca-cisweb
	is "status: ${s#*:}" "$RC $(first)" "0 valid true false ${s#*:} true eligible"
	ck status --lang zh >"$SB/out.zh"
	ck status --lang en >"$SB/out.en"
	ok "status: ${s#*:}, nothing for a terminal to obey" harmless "$SB/out.zh"
	like "status: ${s#*:}, zh" "$(<"$SB/out.zh")" 'CA 答复：(正常|已吊销|已冻结)'
	like "status: ${s#*:}, en" "$(<"$SB/out.en")" 'the CA says: (good|revoked at 20|on hold)'
done
status --file "$CERT_FILE"
is "status: of a file, no key" "$RC $(first)" "0 valid true false good true eligible"
openssl x509 -inform DER -in "$CERT_FILE" -out "$SB/cert.pem"
status --file "$SB/cert.pem" --system sheca-cisweb
is "status: PEM" "$RC $(first)" "0 valid true false good true eligible"
sb_stop
status
ended "status: a desk that is not there" 1 DESK_UNREACHABLE 0
is "status: a desk that is not there: the rest is told" "$(first)" "valid true false null true eligible"
like "status: a desk that is not there, in words" "$(ck status --lang en)" 'could not be asked'
sb_start
fresh_key --status unknown --not-after +200d
status
is "status: unknown to the desk, too early" "$RC $(first)" "0 valid true false unknown false window"
fresh_key --not-before -400d --not-after -2d
status
is "status: expired" "$RC $(first)" "0 expired true false good true eligible"
fresh_key --not-before +2d --not-after +300d
status
is "status: not valid yet" "$RC $(first)" "0 not-yet true false good false not-yet-valid"
fresh_key --issuer new
status
like "status: of an issuer of today" "$(first)" '^valid (true|false) true good'
fresh_key --issuer foreign
sb_stop
status
is "status: a stranger's, which no desk is asked about" "$RC $(jq -c 'select(.row).row.systems[0]|[.issuers,.accepted,.desk]' "$SB/out.json")" \
	'0 [false,false,null]'
like "status: a stranger's, in words" "$(ck status --lang en)" 'not issued by this CA'
sb_start
status --system nowhere
ended "status: no such system" 4 SYSTEM_UNKNOWN 0
status --file "$SB/certkiosk.conf"
ended "status: no certificate" 4 CERT_UNREADABLE 0
status --file "$SB/not-there"
ended "status: no file" 4 CERT_UNREADABLE 0
status --cert "$(printf '%064d' 0)"
ended "status: another certificate" 4 NO_CERT 0
sb_shim absent
status
ended "status: no key" 4 NO_KEY 0
# looked for every second meanwhile, and the question stands all the same
(sleep 2.5 && echo '{"ask":"insert-key"}' && sleep 1) |
	timeout 10 "$CK_BIN/certkiosk" --config "$SB/certkiosk.conf" status --json --answers - >"$SB/out.json" 2>/dev/null
is "status: none will be put in, said after a while" \
	"${PIPESTATUS[1]} $(tail -n 1 "$SB/out.json" | jq -r '.error.name')" "4 NO_KEY"
