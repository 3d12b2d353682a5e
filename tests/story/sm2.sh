#!/bin/bash
# A certificate of an SM2 CA: called by its name wherever it lies, judged by the system's days, and its
# issuer's only when it signed under the user ID that was agreed on. Its renewal, which would have to be
# signed for with SM2, is refused before a password is asked for.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_systems szca-cgn
ID=1234567812345678 pin=Old-4471 stick=$SB/media/stick
mkdir -p "$stick" "$SB/sm2"
cat >"$SB/keys.d/files.conf" <<CONF
name = "U-disk";
driver = "file";
roots = [ "$SB/media/*" ];
keytypes = [ "rsa2048", "p256" ];
CONF

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out "$SB/sm2/$1.key"; }
issue() { # NAME KEY [USER-ID]: under none when there is none
	openssl req -new -key "$SB/sm2/$2.key" -sm3 -sigopt distid:$ID -utf8 -subj /C=CN/CN=张三 -out "$SB/sm2/csr"
	openssl x509 -req -in "$SB/sm2/csr" -vfyopt distid:$ID -CA "$SB/sm2/root.pem" -CAkey "$SB/sm2/root.key" \
		-extfile <(echo 'keyUsage = critical,digitalSignature,nonRepudiation') -days 30 -sm3 \
		${3:+-sigopt distid:$3} -out "$SB/sm2/$1.pem" 2>/dev/null
}
key root && key user
openssl req -x509 -new -key "$SB/sm2/root.key" -sm3 -sigopt distid:$ID -days 3650 -subj '/C=CN/CN=SM2 Root' \
	-addext keyUsage=critical,keyCertSign,cRLSign -out "$SB/sm2/root.pem"
cat "$SB/sm2/root.pem" >>"$SB/trust/issuers.pem"
issue usual user $ID
issue other user ALICE
issue none user

# ---- whose it is, and when ----
whose() { # NAME: is it of the system's issuers, and how far up its chain is known
	ck status --system szca-cgn --file "$SB/sm2/$1.pem" --json 2>/dev/null |
		jq -r 'select(.row).row|"\(.systems[0].issuers) \(.chain.state)"'
}
is "signed under the usual user ID" "$(whose usual)" "true whole"
is "signed under another" "$(whose other)" "false none"
is "signed under none" "$(whose none)" "false none"
sed -i '/id = "szca-cgn";/s/$/ sm2_id = "ALICE";/' "$SB/certkiosk.conf"
is "where another was agreed on: signed under that" "$(whose other)" "true open"
is "where another was agreed on: signed under the usual one" "$(whose usual)" "false none"
is "where another was agreed on: signed under none" "$(whose none)" "false none"
sb_site_conf
openssl x509 -in "$SB/sm2/usual.pem" -outform DER -out "$SB/sm2/usual.der"
for form in pem der; do
	ck policy --system szca-cgn --cert "$SB/sm2/usual.$form" --on "$(date +%F)" --json >"$SB/verdict"
	is "$form: may be renewed" "$? $(jq -r '"\(.eligible) \(.class)"' "$SB/verdict")" "0 true person"
done

# ---- on a medium ----
lay() { # FORM
	rm -rf "${stick:?}"/*
	if [ "$1" = p12 ]; then
		PW=$pin openssl pkcs12 -export -inkey "$SB/sm2/user.key" -in "$SB/sm2/usual.pem" -passout env:PW -out "$stick/张三.p12"
	else
		PW=$pin openssl pkcs8 -topk8 -v2 aes-128-cbc -in "$SB/sm2/user.key" -passout env:PW -out "$stick/UserKey.key"
		cp "$SB/sm2/usual.der" "$stick/UserCert.der"
	fi
	rm -rf "$SB/before" && cp -r "$stick" "$SB/before"
}
untouched() { is "$1: nothing was touched" "$(diff -r "$SB/before" "$stick") $(ck records --json | jq -r '.row?.record // empty')" " "; }
lay folder
is "keys: its algorithm" "$(ck keys --json | jq -r 'select(.row).row.entries[].certificate.alg')" SM2
for lang in zh en; do
	like "keys, $lang: in words" "$(ck keys --lang $lang)" '张三   SM2   20'
done
# two systems with one file of issuers, who agreed on different IDs
sed -i '/id = "szca-cgn";/s/$/ sm2_id = "ALICE";/' "$SB/certkiosk.conf"
: >"$SB/watch.json"
"$CK_BIN/certkiosk" keys --watch --json --config "$SB/certkiosk.conf" >"$SB/watch.json" 2>/dev/null &
for _ in $(seq 500); do
	! grep -q '"event":"key"' "$SB/watch.json" || break
	sleep 0.02
done
kill $! && wait $! 2>/dev/null
is "watched: whose it is" "$(jq -r 'select(.row.event == "key").row.entries[].systems[].system' "$SB/watch.json")" sheca-cisweb
sb_site_conf
for form in folder p12; do
	lay $form
	printf '%s\n' '{"ask":"doctor-look","yes":true}' >"$SB/answers"
	ck doctor --system szca-cgn --answers "$SB/answers" --secrets-fd 9 --json 9< <(echo "pin $pin") >"$SB/out.json"
	is "$form, doctor: a pair and its certificate, nothing to be put right" \
		"$? $(jq -r 'select(.row).row|select(.kind!="room" and .kind!="needs-pin").kind' "$SB/out.json")" "0 "
	sb_renew $pin '' '' --system szca-cgn --way self --json >"$SB/out.json"
	is "$form, renew: it is said that this pair is not for here" \
		"$? $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "4 KEY_UNSUITABLE"
	[ $form = p12 ] && opens=pin || opens=''
	is "$form, renew: asked for what shows the certificate, no more" "$(jq -r '.ask // empty' "$SB/out.json")" "$opens"
	untouched $form
done
