#!/bin/bash
# A client of somebody else's make at the sandbox's EST server: strongSwan's pki asks for the authority's
# certificates, is told to wait, polls, and renews what it got with the key it got it for.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
cd "$SB" || exit 1
export OPENSSL_CONF=/dev/null
sb_envelope 7000 Pw-778899 --open
for f in trust/tls pki/root pki/g3; do openssl x509 -in $f.pem -outform DER -out "${f#*/}.der"; done
trusted=(--cacert tls.der --cacert root.der --cacert g3.der)
request() { # NAME ALG…: its key and its PKCS#10
	openssl genpkey -quiet "${@:2}" -outform DER -out "$1.key" 2>/dev/null || openssl genpkey "${@:2}" -outform DER -out "$1.key" 2>/dev/null
	openssl req -new -key "$1.key" -keyform DER -subj /C=CN/CN=Foreign -outform DER -out "$1.csr"
}
enrol() { # REQUEST CERT OPTION…
	timeout 20 pki --est --url "$SB_URL" --in "$1.csr" "${trusted[@]}" --interval 1 --maxpolltime 10 "${@:3}" >"$2" 2>pki.log
}
key_of() { openssl "$1" -inform DER -in "$2" -noout -pubkey 2>/dev/null; }

ok "the authority's certificates" pki --estca --url "$SB_URL" --cacert tls.der --cacert root.der --caout ca
ok "among them who issues" cmp ca-1.der g3.der

request ec -algorithm EC -pkeyopt ec_paramgen_curve:P-256
sb_knob est.waiting 2
ok "told to wait twice, and then given" enrol ec ec.der --userpass 7000:Pw-778899
sb_knob --clear
is "three requests for one certificate" "$(grep -c 'est simpleenroll: 20' casandbox.log) $(sb_show .counts.issued)" "3 1"
ok "it is for the key that asked" test "$(key_of x509 ec.der)" = "$(key_of req ec.csr)"
ok "the same again gives the same" enrol ec again.der --userpass 7000:Pw-778899
ok "byte for byte" cmp ec.der again.der

request rsa -algorithm RSA -pkeyopt rsa_keygen_bits:2048
ok "another key under the same password: none" ! enrol rsa none.der --userpass 7000:Pw-778899
ok "a wrong password: none" ! enrol ec none.der --userpass 7000:Pw-778898
ok "no password: none" ! enrol ec none.der

ok "renewed with the old key" enrol rsa rsa.der --cert ec.der --key ec.key
ok "it is for the new key" test "$(key_of x509 rsa.der)" = "$(key_of req rsa.csr)"
is "asked for as that" "$(grep -c 'est simplereenroll: 200' casandbox.log)" 1
sb_ctl revoke "$(sha256sum rsa.der | cut -d' ' -f1)"
request more -algorithm EC -pkeyopt ec_paramgen_curve:P-256
ok "not with a certificate that was revoked" ! enrol more none.der --cert rsa.der --key rsa.key
is "two were issued in all" "$(sb_show .counts.issued)" 2
