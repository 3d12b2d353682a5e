#!/bin/bash
# Certificates in files: PKCS#12 of every age, and a folder with UserCert.der; self and on behalf, beside
# the old one and on another stick. What the customer brought keeps its bytes under whatever name.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

stick=$SB/media/stick other=$SB/media/other pin=Old-4471 password=Env-9038 n=0
cat >"$SB/keys.d/files.conf" <<CONF
name = "U-disk";
driver = "file";
roots = [ "$SB/media/*" ];
keytypes = [ "rsa2048", "p256" ];
CONF
fresh() { # FORM OPTION…: a stick with one pair; its bytes are kept for comparison
	local form=$1
	shift
	rm -rf "$SB/media" && mkdir -p "$stick" "$other"
	n=$((n + 1)) at=$stick
	[[ $form = p12* ]] && at=$stick/张三.p12
	sb_key --medium "$at" --form "$form" --pin $pin --label "张三" "$@"
	sb_envelope "F$n" $password --for "$CERT"
	rm -rf "$SB/before" && cp -r "$stick" "$SB/before"
}
renew() { sb_renew $pin $password "F$n" --system sheca-cisweb --json "$@" >"$SB/out" 2>"$SB/err"; }
code() { tail -n 1 "$SB/out" | jq -r '.error.name'; }
unchanged() { diff -r "$SB/before" "$stick" >/dev/null; }
# every file that was there is there still, byte for byte, as NAME or NAME.old
kept() {
	local f
	(cd "$SB/before" && find . -type f) | while read -r f; do
		cmp -s "$SB/before/$f" "$stick/$f" || cmp -s "$SB/before/$f" "$stick/$f.old" || echo "$f"
	done
}
new_in() { find "$1" -name "*-$KEY-*" | grep -v '\.old'; }
opens() { # PASSWORD PATH: with OpenSSL alone
	if [ -d "$2" ]; then
		PW=$1 openssl pkey -in "$2/UserKey.key" -passin env:PW -pubout -out "$SB/pub" 2>/dev/null &&
			openssl x509 -in "$2/UserCert.der" -noout -pubkey 2>/dev/null | cmp -s - "$SB/pub"
	else
		PW=$1 openssl pkcs12 -in "$2" -passin env:PW -nokeys 2>/dev/null | grep -q BEGIN
	fi
}

for form in p12 p12-3des p12-rc2 folder-pem folder-der folder-old; do
	fresh $form --alg p256
	is "$form: keys shows it" "$(ck keys --json | jq -r '.row?.serial // empty')" "$KEY"
	ok "$form, on behalf: done" renew --way on-behalf --clerk 07
	new=$(new_in "$stick")
	ok "$form: the envelope password opens the new one" opens $password "$new"
	ok "$form: the old password does not" ! opens $pin "$new"
	is "$form: what was brought keeps its bytes" "$(kept)" ""
	is "$form: the old one is no longer among the keys" "$(ck keys --json | jq -sr '[.[].row?.entries? // [] | .[]] | length')" 1
	is "$form: nothing half-written is left" "$(new_in "$stick" | wc -l)" 1
done
fresh p12 --alg rsa2048
ok "self, RSA: done" renew --way self
ok "self: the password is what it was" opens $pin "$(new_in "$stick")"
ok "its owner changes the password of the new one" ck pin --secrets-fd 9 9< <(printf 'pin %s\nnew Own-5520\nagain Own-5520\n' $pin)
ok "the new one opens with it" opens Own-5520 "$(new_in "$stick")"
is "what was brought keeps its bytes" "$(kept)" ""
is "self: one live certificate an order" "$(sb_show '.counts | .issued - .live')" 0
fresh folder-pem --alg p256
ok "self, folder: done" renew --way self
ok "self, folder: the password is what it was" opens $pin "$(new_in "$stick")"


fresh p12 --alg p256
ok "onto another stick: done" renew --way on-behalf --clerk 07 --save-to "$other"
ok "the new one is there" opens $password "$(new_in "$other")"
is "and not beside the old one" "$(new_in "$stick")" ""
fresh folder-der --alg p256
ok "a folder onto another stick: done" renew --way self --save-to "$other"
ok "the new folder is there" opens $pin "$(new_in "$other")"

# a folder's name in GBK can't be told to the engine: it is not another place then
gbk=$SB/elsewhere/$(printf '\304\343')
mkdir -p "$gbk"
fresh p12 --alg p256
for option in --medium --save-to; do
	renew --way self $option "$gbk"
	is "$option of no UTF-8: a mistake" "$? $(code)" "2 USAGE"
	ok "$option of no UTF-8: nothing is renewed elsewhere" unchanged
done

fresh p12 --alg p256
rm -f "$SB/keys.d/none" && sed -i "s|media/\*|nowhere/*|" "$SB/keys.d/files.conf"
ok "a file that was pointed at: done" renew --way self --medium "$stick/张三.p12"
like "and the old one is said to have been put aside, not removed" "$(cat "$SB/out")" '"say":"put-aside"'
is "keys --medium shows it" "$(ck keys --json --medium "$stick" | jq -r '.row?.serial // empty')" "$KEY"
sed -i "s|nowhere/\*|media/*|" "$SB/keys.d/files.conf"

# ---- what else its owner may ask ----
fresh folder-pem --alg p256
mkdir "$SB/taken"
ok "a folder: its certificate is taken along" ck export --key "$KEY" --to "$SB/taken"
ok "a folder: byte for byte" cmp "$CERT_FILE" "$SB/taken"/*
is "a folder: its state" "$(ck status --key "$KEY" --system sheca-cisweb --json | jq -r '.row?.systems[0].desk // empty')" good
ok "a folder that is pointed at: taken along" ck export --key "$KEY" --to "$SB/taken" --medium "$stick"
ok "a folder that is pointed at: its state" ck status --system sheca-cisweb --medium "$stick"
CK_FAULT_AT=request renew --way self
ck pin --medium "$stick" --json --secrets-fd 9 9< <(printf 'pin %s\nnew Own-5520\nagain Own-5520\n' $pin) >"$SB/out"
is "no other password while a renewal needs the old pair" "$? $(code)" "4 MEDIUM_RENEWING"
ok "that renewal goes on" renew --way self
ok "then the password changes" ck pin --medium "$(new_in "$stick")" --secrets-fd 9 9< <(printf 'pin %s\nnew Own-5520\nagain Own-5520\n' $pin)
ok "and opens the new folder" opens Own-5520 "$(new_in "$stick")"
fresh p12 --alg p256
is "a PKCS#12 shows no certificate without its password" \
	"$(ck export --key "$KEY" --to "$SB/taken" --json | tail -n 1 | jq -r .error.name)" NO_CERT
ck keys --lang en >"$SB/out"
like "and says so" "$(cat "$SB/out")" 'shows its certificate only to its password'

# ---- put right ----
doctor() {
	for act in look fetch install; do printf '{"ask":"doctor-%s","yes":true}\n' $act; done >"$SB/answers"
	ck doctor --system sheca-cisweb --json --answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' $pin) >"$SB/out"
}
for form in p12 folder-pem; do
	fresh $form --alg p256
	ok "$form: the doctor finds it well" doctor
	is "$form: having asked for its password" "$(jq -r 'select(.ask).ask, select(.say == "doctor-well").say' "$SB/out" | xargs)" \
		"doctor-look pin doctor-well"
	ok "$form: and changed nothing" diff -r "$SB/before" "$stick"
done
ok "a folder: renewed" renew --way self
rm "$(new_in "$stick")/UserCert.der"
ok "a folder whose certificate was lost: the doctor" doctor
is "it is fetched again and installed" "$(jq -r 'select(.ask).ask, select(.say == "doctor-installed").say' "$SB/out" | xargs)" \
	"doctor-look pin doctor-fetch doctor-install doctor-installed"
ok "and opens" opens $pin "$(new_in "$stick")"
is "a folder: what was brought keeps its bytes" "$(kept)" ""

# ---- refusals; nothing on the stick changes ----
refused() { # NAME CODE OPTION…
	local name=$1 want=$2
	shift 2
	renew --way self "$@"
	is "$name: refused" $? 4
	is "$name: told by its code" "$(code)" "$want"
	ok "$name: nothing was changed" unchanged
}
as_brought() { rm -rf "$SB/before" && cp -r "$stick" "$SB/before"; }
for form in p12 p12-rc2 folder-pem folder-der folder-old; do
	fresh $form --alg p256
	pin=Wrong-1 refused "$form, wrong password" PIN_WRONG
done
{ echo '{"ask":"envelope","serial":"F'$n'"}'; } >"$SB/answers"
ok "a wrong password costs no try: the right one follows, without a clerk" ck renew --system sheca-cisweb --way self --json \
	--answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin a\npin b\npin c\npin d\npin %s\npassword %s\n' $pin $password)

fresh p12 --alg p256
: >"$at" && as_brought
refused "PKCS#12 of 0 bytes" MEDIUM_BROKEN
fresh p12 --alg p256
truncate -s -20 "$at" && as_brought
refused "PKCS#12 cut short" MEDIUM_BROKEN
fresh p12 --alg p256
truncate -s 50M "$at" && as_brought
refused "PKCS#12 of 50 MB" MEDIUM_BROKEN
fresh folder-pem --alg p256
sed -i '/BEGIN/,$s/^M.*/????/' "$stick/UserKey.key" && as_brought
refused "a key file of rubbish" MEDIUM_BROKEN
fresh folder-pem --alg p256
openssl pkey -in "$stick/UserKey.key" -passin "pass:$pin" |
	openssl pkcs8 -topk8 -scrypt -outform DER -passout "pass:$pin" -out "$stick/k" 2>/dev/null
# 1.3.6.1.4.1.11591.4.11, and its last number another
perl -0777 -pe 's/\x2b\x06\x01\x04\x01\xda\x47\x04\K\x0b/\x7f/' "$stick/k" >"$stick/UserKey.key"
rm "$stick/k" && as_brought
refused "a cipher nobody knows" MEDIUM_UNSUPPORTED
fresh folder-plain --alg p256
refused "a key without password" PIN_NOT_SET
fresh p12 --alg p256
ck pin --json --secrets-fd 9 9< <(printf 'pin %s\nnew Own-5520\nagain Own-5520\n' $pin) >"$SB/out"
is "the password of a file that was brought is not changed" "$?" 4
ok "nor anything else of it" unchanged
fresh folder-pem --alg p256
cp "$stick/UserKey.key" "$stick/Other.key" && as_brought
refused "two keys in one folder" PAIR_AMBIGUOUS
fresh p12 --alg p256
cp "$at" "$other/copy.p12"
refused "the same in two sticks" MANY_KEYS --key "$KEY"
fresh p12 --alg p256
mv "$at" "$SB/elsewhere.p12" && ln -s "$SB/elsewhere.p12" "$at" && as_brought
refused "a symbolic link" MEDIUM_BROKEN
fresh p12 --alg p256
mkdir -p "$SB/media/two" && first=$KEY
sb_key --medium "$SB/media/stick/李四.p12" --form p12 --pin $pin --label "李四" --alg p256
is "two candidates in one folder are two keys" "$(ck keys --json | jq -r '.row?.serial // empty' | sort | tr '\n' ' ')" \
	"$(printf '%s\n' "$first" "$KEY" | sort | tr '\n' ' ')"
as_brought
refused "neither was named" NO_ANSWER
KEY=$first
ok "the one that was named: done" renew --way self --key "$first"
ok "the ledger is whole" ck ledger verify
is "no record is open" "$(ck records --json | grep -c '"row"')" 0
