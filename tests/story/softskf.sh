#!/bin/bash
# softskf-init: keys of GM/T 0016 made from pairs and certificates as a CA hands them out. And that
# nothing of it is in what is shipped.
set -u
cd "$(dirname "$0")/../.." || exit 2
B=${CK_BUILD:?} tool=$CK_BUILD/test/softskf-init
dir=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-keys.XXXXXX") || exit 2
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/keys"
export CK_SOFTSKF_DIR=$dir/keys

ok() { # NAME [!] COMMAND…
	local name=$1 not=
	shift
	[ "$1" != ! ] || { not='!' && shift; }
	if "$@" >"$dir/said" 2>&1; then
		[ -z "$not" ]
	else
		[ -n "$not" ]
	fi && echo "ok - $name" || { echo "not ok - $name" && sed 's/^/#   /' "$dir/said"; }
}
shown() { # KEY LINE
	"$tool" show "$1" | grep -qxF "$2"
}
put() { # CONTAINER OPTION…
	"$tool" put K1 --app SZCA --pin 123456 --container "$@"
}

cd "$dir" || exit 2
openssl genpkey -algorithm SM2 -out sm2.pem 2>"$dir/said"
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem 2>>"$dir/said"
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem 2>>"$dir/said"
for k in sm2 rsa; do
	openssl pkey -in $k.pem -outform DER -out $k.der
	openssl req -x509 -new -key $k.pem -subj "/C=CN/CN=张三" -utf8 -out $k.crt
	openssl x509 -in $k.crt -outform DER -out $k.cer
done

ok "a key is made" "$tool" make K1 --app SZCA --pin 123456 --admin-pin 88888888 --label "深圳CA" \
	--serial SZ0001 --maker Longmai --tries 6 --factory --containers 3
ok "it says its label" shown K1 "label 深圳CA"
ok "its serial number" shown K1 "serial SZ0001"
ok "who made it" shown K1 "maker Longmai"
ok "its PINs, and that they are the factory's" shown K1 "app SZCA pin 6/6 admin 6/6 factory"
ok "a second application is made" "$tool" app K1 --app OTHER --pin 111111 --admin-pin 88888888
ok "it is there" shown K1 "app OTHER pin 10/10 admin 10/10"
ok "SM2 pairs and certificates are put, as PEM" put two --sign-key sm2.pem --sign-cert sm2.crt \
	--enc-key sm2.pem --enc-cert sm2.crt
ok "they are there" shown K1 "container two sign sm2+cert enc sm2+cert"
ok "RSA ones, as DER" put one --sign-key rsa.der --sign-cert rsa.cer
ok "they are there too" shown K1 "container one sign rsa+cert enc -"
ok "SM2, as DER" put third --sign-key sm2.der --sign-cert sm2.cer
ok "the certificate is the CA's, byte for byte" cmp sm2.cer keys/K1/SZCA.app/third.con/sign.cert
ok "a P-256 pair is none" ! put third --sign-key p256.pem
ok "nor one of the other kind beside it" ! put third --enc-key rsa.pem
ok "what is no certificate is none" ! put third --sign-cert sm2.pem
ok "a fourth container has no place" ! put fourth --sign-key sm2.pem
ok "and a wrong PIN puts nothing" ! "$tool" put K1 --app SZCA --pin 000000 --container one --sign-key rsa.pem
ok "but costs a try" shown K1 "app SZCA pin 5/6 admin 6/6 factory"
ok "a key is pulled" "$tool" unplug K1
ok "it is out" shown K1 "key K1 out"
ok "and plugged" "$tool" plug K1
ok "it is in" shown K1 "key K1 in"
ok "what isn't there is not shown" ! "$tool" show K2
ok "no file tells of whoever made it" ! test -e keys/logins -o -e keys/calls

# ---- it stays here ----
cd "$OLDPWD" || exit 2
mark=softskf_for_tests_only
ok "each of the four libraries is marked" test "$(grep -alF $mark "$B"/tests/softskf/*.so | wc -l)" = 4
ok "nothing that is shipped has the mark" ! grep -aF $mark "$B"/bin/certkiosk* "$B"/bin/p11guard.so
ok "nothing that is shipped loads it" ! grep -arE 'softskf' "$B"/bin core include printer tui
MAKEFLAGS='' make -n --no-print-directory install B="$B" DESTDIR="$dir/root" >"$dir/install" 2>&1
ok "there are steps of an installation" grep -q "certkiosk-engine" "$dir/install"
ok "and none installs it" ! grep -E 'libsoftskf|softskf-init|skf_abi' "$dir/install"
