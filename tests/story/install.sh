#!/bin/bash
# make install into an empty root, the installed programs at work there, make uninstall: nothing stays.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
root=$SB/root
# -o all: what is built is what is tested
mk() { make --no-print-directory -s -o all -C "$SB_TREE" B="$CK_BUILD" SAN="${SAN:-0}" DESTDIR="$root" PREFIX=/usr/local "$@"; }
bin=$root/usr/local/bin/certkiosk

ok "make install" mk install
for f in bin/certkiosk lib/certkiosk/certkiosk-engine lib/certkiosk/p11guard.so \
	share/certkiosk/systems/{sheca-cisweb,sheca-issp,sd-bianban,sdca-dezhou,szca-cgn}.conf share/man/man1/certkiosk.1 \
	share/certkiosk/systems/sd-bianban-conditions.txt share/man/man5/certkiosk.conf.5 share/man/man8/certkiosk-engine.8; do
	ok "installed: $f" test -s "$root/usr/local/$f"
done
ok "certkiosk --version" "$bin" --version
ok "certkiosk --help" "$bin" --help

sb_key --label T --pin 123456 --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/O=某某/CN=某某'
openssl x509 -inform DER -in "$CERT_FILE" -out "$SB/cert.pem"
for form in "$CERT_FILE" "$SB/cert.pem"; do
	"$bin" policy --system sheca-cisweb --cert "$form" --on "$(date -I)" --json >"$SB/verdict" 2>"$SB/err"
	is "a verdict without any site, ${form##*.}: status" $? 0
	is "a verdict without any site, ${form##*.}" \
		"$(jq -r '"\(.eligible) \(.class) \(.first_day < .last_day)"' "$SB/verdict")" "true organisation true"
done
for system in sheca-issp sd-bianban sdca-dezhou szca-cgn; do
	"$bin" policy --system $system --cert "$CERT_FILE" --on "$(date -I)" --json >"$SB/verdict" 2>"$SB/err"
	is "a verdict by the rules of $system" "$? $(jq -r .eligible "$SB/verdict")" "0 true"
done
"$bin" policy --system nobody --cert "$CERT_FILE" --on 2026-11-20 --json >/dev/null 2>&1
is "an unknown system: status" $? 2
"$bin" policy --system sheca-cisweb --cert "$SB/err" --on 2026-11-20 --json >/dev/null 2>&1
is "an unreadable file: status" $? 2
"$bin" policy --system sheca-cisweb --cert "$CERT_FILE" --on tomorrow --json >/dev/null 2>&1
is "a day that is none: status" $? 2
CK_BIN=${bin%/*} ok "the installed programs read a key" ck keys --json

ok "make uninstall" mk uninstall
is "nothing is left but folders and /etc" "$(find "$root/usr" -type f | wc -l)" 0
