#!/bin/bash
# Keys: none, several, the wrong one, without certificate or private key, read-only, full, in trouble,
# in use by another engine.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
export PIN # for pkcs11-tool
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }

# ---- which ----
fresh
sb_shim absent
refused "no key" 4 NO_KEY 0
is "no key: nothing was begun" "$(grep -c '"record"' "$SB/out.json")" 0

fresh
first=$KEY
sb_key --label T2 --pin 111111
second=$KEY
remember
refused "two keys, nobody says which" 4 NO_ANSWER 0
is "two keys, nobody says which: it was asked" "$(asked)" key
is "two keys, nobody says which: both were offered, by label" "$(jq -r 'select(.ask=="key").fields[0].choices[]|
	"\(.value) \(.label)"' "$SB/out.json" | sort)" "$(printf '%s\n' "$first SoftHSM2  T1" "$second SoftHSM2  T2" | sort)"
ORDER+=(--key 0123456789abcdef)
refused "a key that is not there" 4 OTHER_KEY 0
detail_like "a key that is not there" "T[12] \(.*not 0123456789abcdef"
LANGS=json
on_behalf
ANSWERS=('{"ask":"key","serial":"0123456789abcdef"}')
refused "a key that is not there, by answer" 4 OTHER_KEY 0
sb_shim 'serial 0000'
ANSWERS=('{"ask":"key","serial":"0000"}')
LANGS='json zh en'
refused "two keys with one serial number" 4 MANY_KEYS 0
usual
ANSWERS+=('{"ask":"key","serial":"'"$first"'"}')
rm -f "$SB/shim/logins"
run --json >"$SB/out.json"
is "two keys, one was chosen" "$? $(sb_logins)" "0 2"

# ---- what is on it ----
fresh --no-key
refused "a certificate without its key" 4 CERT_WITHOUT_KEY 1
is "a certificate without its key: the desk gave nothing" "$(sb_show '.leases|length')" 1
fresh --no-cert
refused "no certificate" 4 NO_CERT 0
fresh
LANGS=json
ORDER+=(--cert "$(printf '0%.0s' {1..64})")
refused "another certificate was named" 4 NO_CERT 0
detail_like "another certificate was named" "^0{64}$"

fresh
one=$CERT
sb_key --label T1 --pin "$PIN" --second --serial "$KEY"
remember
LANGS=json
refused "two certificates, nobody says which" 4 NO_ANSWER 0
is "two certificates, nobody says which: both were offered" \
	"$(jq -r 'select(.ask=="certificate").fields[0].choices[].value' "$SB/out.json" | sort)" \
	"$(printf '%s\n' "$one" "$CERT" | sort)"
ORDER+=(--cert "$one")
rm -f "$SB/shim/logins"
run --json >"$SB/out.json"
is "two certificates, one was named: it is renewed, the other stays" \
	"$? $(ck keys --json | jq -r 'select(.row).row.entries[].certificate.sha256' | grep -c -e "$CERT" -e "$one")" "0 1"

fresh
pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1 --login --pin env:PIN --keypairgen \
	--key-type EC:prime256v1 --id "$(ck keys --json | jq -r 'select(.row).row.entries[0].id')" >/dev/null 2>&1
remember
refused "two private keys under one id" 4 PAIR_AMBIGUOUS 1

# ---- nothing can be written ----
fresh
sb_shim readonly
refused "a read-only key" 4 KEY_READONLY 0
is "a read-only key: nothing was asked" "$(asked)" ''
fresh
sed -i '/pin_max/a two_pairs = false;' "$SB/keys.d/softhsm.conf"
LANGS=json
refused "a family that holds one pair" 4 KEY_FULL 0
is "a family that holds one pair: nothing was asked" "$(asked)" ''
sb_keys_conf

fresh
sed -i 's/keytypes = .*/keytypes = [ "p256" ];/' "$SB/keys.d/softhsm.conf"
sb_shim 'nomech 1040'
refused "a key that makes no pair we want" 4 KEY_UNSUITABLE 1
is "a key that makes no pair we want: none was tried" "$(grep -c C_GenerateKeyPair "$SB/shim/calls")" 0
sb_keys_conf

fresh
sb_shim full
refused "a full key" 4 KEY_FULL 1
LANGS=json
sb_shim full
refused "a full key, once more" 4 KEY_FULL 1
is "a full key: every lease was given back" "$(sb_show --arg e "$ENVELOPE" \
	'[.leases[]|select(.envelope==$e).state]|unique|join(" ")')" released
usual
completes "a full key, room was made"

# A key that says it kept the certificate and did not: found by reading it back.
fresh
sb_shim fullsilent
given_back "a key that keeps nothing" KEY_FULL 1
completes "a key that keeps nothing, then it does"

fresh
sb_shim fullshort
stuck "a key that keeps half" WRITE_NOT_KEPT 1
completes "a key that keeps half, then it does"

# ---- trouble ----
fresh
sb_shim badsign
refused "signatures that are wrong" 4 KEY_PROOF_FAILED 1
fresh
LANGS=json
sb_shim 'fail C_Login 30 0'
refused "an error at the login" 4 KEY_TROUBLE 0
fresh
sb_shim 'fail C_GenerateKeyPair 30 0'
stuck "an error while the pair is made" KEY_TROUBLE 1
completes "an error while the pair is made, then none"
fresh
sb_shim 'fail C_GenerateKeyPair 6 0'
LANGS=json
stuck "a failure without a reason" KEY_TROUBLE 1
completes "a failure without a reason, then none"

# ---- another engine is at it ----
fresh
mkfifo "$SB/typing"
printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
ck renew --answers "$SB/answers" --secrets-fd 9 "${ORDER[@]}" --json 9<"$SB/typing" >"$SB/first.json" &
first=$!
exec 8>"$SB/typing"
for ((i = 0; i < 500; i++)); do
	grep -q '"ask":"pin"' "$SB/first.json" && break
	sleep 0.01
done
key_before=$(on_key) books_before=$(books)
try "the key is in use" 4 KEY_BUSY
logins_are "the key is in use" 0
is "the key is in use: the key as it was" "$(on_key)" "$key_before"
is "the key is in use: the books as they were" "$(books)" "$books_before"
is "the key is in use: only the first one's record" "$(open_records)" 1
printf '%s\n' "${SECRETS[@]}" >&8
exec 8>&-
wait $first
is "the one who had it goes on and is done" "$? $(sb_logins)" "0 2"

# ---- not the key of the record ----
fresh
LANGS=json
sb_shim 'fail C_GenerateKeyPair 30 0'
stuck "a record is begun with one key" KEY_TROUBLE 1
record=$(tail -n 1 "$SB/out.json" | jq -r .record)
sb_shim ''
mv "$SB/tokens" "$SB/tokens.first"
mkdir -m 700 "$SB/tokens"
first=$KEY
sb_key --label T2 --pin "$PIN"
second=$KEY
ORDER+=(--record "$record")
LANGS='json zh en'
try "another key of that model" 4 OTHER_KEY
logins_are "another key of that model" 0
is "another key of that model: both are named" "$(detail)" \
	"T2 ($second) is in the reader; the record is for T1 ($first)"
is "another key of that model: the record waits" "$(open_records)" 1
rm -rf "$SB/tokens"
mv "$SB/tokens.first" "$SB/tokens"
completes "the first key comes back"
