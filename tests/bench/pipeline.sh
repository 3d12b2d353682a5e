#!/bin/bash
# The on-behalf renewal as a clerk with a shell would do it: pkcs11-tool, openssl and curl, one after the
# other, against the same sandbox and key. Same exchanges with desk and CA, same proofs, same result; no
# record, no resume. Wants in the environment: SB (sandbox folder), MODULE, LABEL, OLD_ID (hex), CERT
# (the old certificate, DER), ALG (rsa2048|p256), PIN, SERIAL and PASSWORD of the envelope.
set -eu -o pipefail
w=$(mktemp -d)
trap 'rm -rf "$w"' EXIT
host=localhost:$(cat "$SB/port") desk=https://localhost:$(cat "$SB/port")/desk/v1
tls=(--cacert "$SB/trust/tls.pem" --cert "$SB/pki/kiosk-1.pem" --key "$SB/pki/kiosk-1.key" --pinnedpubkey "$(cat "$SB/trust/pin")")
new_id=$(openssl rand -hex 12)
cat >"$w/openssl.cnf" <<E2
openssl_conf = conf
[conf]
engines = engines
[engines]
pkcs11 = pkcs11
[pkcs11]
engine_id = pkcs11
MODULE_PATH = $MODULE
init = 0
[req]
distinguished_name = dn
string_mask = utf8only
[dn]
E2

p11() { pkcs11-tool --module "$MODULE" --token-label "$LABEL" --login --pin env:PIN "$@" >/dev/null 2>&1; }
uri() { printf 'pkcs11:token=%s;id=%s;type=private;pin-value=%s' "$LABEL" "$(sed 's/../%&/g' <<<"$1")" "$PIN"; }
sign() { OPENSSL_CONF=$w/openssl.cnf openssl dgst -engine pkcs11 -keyform engine -sha256 -sign "$(uri "$1")" -out "$3" "$2" 2>/dev/null; }
b64() { openssl base64 -A -in "$1"; }
ask() { # CALL JSON → answer in $w/CALL.json
	curl -sf "${tls[@]}" -H 'Content-Type: application/json' -H "Idempotency-Key: $(openssl rand -hex 16)" \
		--data-binary "$2" -o "$w/$1.json" "$desk/$1"
}
of() { jq -r "$2" "$w/$1.json"; }

# cert, eligible: read it from the key, look at its dates, ask the desk
p11 --list-objects
pkcs11-tool --module "$MODULE" --token-label "$LABEL" --read-object --type cert --id "$OLD_ID" -o "$w/old.der" >/dev/null 2>&1
openssl x509 -inform DER -in "$w/old.der" -noout -subject -dates -ext extendedKeyUsage >/dev/null 2>&1 || true
old=$(b64 "$w/old.der")
ask certificate "{\"system\":\"sheca-cisweb\",\"certificate\":\"$old\"}"
# unlock: key proof
ask challenge "{\"system\":\"sheca-cisweb\",\"certificate\":\"$old\"}"
hash=$(openssl dgst -sha256 -binary "$w/old.der" | xxd -p -c 64)
{ printf 'certkiosk key proof v1\0kiosk-1\0'; of challenge .challenge | base64 -d; xxd -r -p <<<"$hash"; } >"$w/proof"
sign "$OLD_ID" "$w/proof" "$w/proof.sig"
ask key-proof "{\"system\":\"sheca-cisweb\",\"challenge\":\"$(of challenge .challenge)\",\"certificate\":\"$old\",\"signature\":\"$(b64 "$w/proof.sig")\"}"
proof=$(of key-proof .proof)
# authorise: envelope, lease
ask envelope "{\"system\":\"sheca-cisweb\",\"proof\":\"$proof\",\"serial\":\"$SERIAL\"}"
k=$(openssl kdf -keylen 32 -binary -kdfopt digest:SHA256 -kdfopt "pass:$PASSWORD" \
	-kdfopt "hexsalt:$(of envelope .salt | base64 -d | xxd -p -c 256)" -kdfopt "iter:$(of envelope .iterations)" PBKDF2 | xxd -p -c 64)
mac=$({ printf 'certkiosk envelope proof v1\0%s\0' "$SERIAL"; of envelope .challenge | base64 -d; xxd -r -p <<<"$hash"; } |
	openssl dgst -sha256 -mac HMAC -macopt "hexkey:$k" -binary | openssl base64 -A)
ask lease "{\"system\":\"sheca-cisweb\",\"proof\":\"$proof\",\"way\":\"on-behalf\",\"record\":\"SHELL-$$\",\"clerk\":\"07\",\"envelope\":{\"serial\":\"$SERIAL\",\"challenge\":\"$(of envelope .challenge)\",\"mac\":\"$mac\"}}"
lease=$(of lease .lease)
# newkey, request
type=RSA:2048
[ "$ALG" = p256 ] && type=EC:prime256v1
t0=$(date +%s%N)
p11 --keypairgen --key-type "$type" --id "$new_id" --label new
t1=$(date +%s%N)
subject=$(openssl x509 -inform DER -in "$w/old.der" -noout -subject -nameopt compat,utf8,-esc_msb | sed 's|^subject=|/|; s|, |/|g')
OPENSSL_CONF=$w/openssl.cnf openssl req -new -utf8 -engine pkcs11 -keyform engine -key "$(uri "$new_id")" \
	-subj "$subject" -sha256 -outform DER -out "$w/csr.der" 2>/dev/null
ask bind "{\"lease\":\"$lease\",\"request\":\"$(b64 "$w/csr.der")\"}"
# issue and confirm by CMP
openssl req -inform DER -in "$w/csr.der" -out "$w/csr.pem"
openssl cmp -cmd p10cr -csr "$w/csr.pem" -server "$host" -path /cmp -tls_used \
	-tls_trusted "$SB/trust/tls.pem" -ref "$SERIAL" -secret "pass:$PASSWORD" -mac hmacWithSHA256 \
	-trusted "$SB/trust/cmp.pem" -certout "$w/new.pem" >/dev/null 2>&1
# install: write, read back, prove
openssl x509 -in "$w/new.pem" -outform DER -out "$w/new.der"
p11 --write-object "$w/new.der" --type cert --id "$new_id" --label new
pkcs11-tool --module "$MODULE" --token-label "$LABEL" --read-object --type cert --id "$new_id" -o "$w/back.der" >/dev/null 2>&1
cmp -s "$w/new.der" "$w/back.der"
openssl rand -out "$w/nonce" 32
sign "$new_id" "$w/nonce" "$w/nonce.sig"
openssl x509 -in "$w/new.pem" -noout -pubkey >"$w/new.pub"
openssl dgst -sha256 -verify "$w/new.pub" -signature "$w/nonce.sig" "$w/nonce" >/dev/null
ask ack "{\"lease\":\"$lease\",\"certificate_sha256\":\"$(openssl dgst -sha256 -binary "$w/new.der" | xxd -p -c 64)\",\"pin\":\"changed\"}"
# pin, retire
p11 --change-pin --new-pin env:PASSWORD
PIN=$PASSWORD
for what in cert privkey pubkey; do
	p11 --delete-object --type $what --id "$OLD_ID"
done
echo $(((t1 - t0) / 1000)) # microseconds of key generation
