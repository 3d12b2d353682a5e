#!/bin/bash
# Whole renewals: self and on behalf, RSA-2048 and P-256, old certificates of every kind that is served,
# before and after expiry, with a CA that takes its time. PINs on the wire = PINs typed.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

company='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
person='/C=CN/CN=张三'
pin=Old-4471 password=Env-9038 n=0
takes() { # does the key take this PIN now?
	PIN=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "T$n" --login --pin env:PIN \
		--list-objects >/dev/null 2>&1
}
certs() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[].certificate | select(. != null)]'"$1"; }
fresh() { # MAKEKEY-OPTION…
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin "$@"
	sb_envelope "R$n" $password --for "$CERT"
}
renew() { sb_renew $pin $password "R$n" --system sheca-cisweb --json "$@" >"$SB/out" 2>"$SB/err"; }
soon=(--not-before -351d --not-after +14d)

for alg in p256 rsa2048; do
	fresh --alg $alg --usage sign "${soon[@]}" --subject "$company"
	ok "on behalf, $alg: done" renew --way on-behalf --clerk 07
	is "on behalf, $alg: 13 steps told" "$(jq -sr '[.[].step? // empty] | unique | length' "$SB/out")" 13
	is "on behalf, $alg: PIN verifications on the wire" "$(sb_logins)" 2
	is "on behalf, $alg: one certificate left" "$(certs '|length')" 1
	ok "on behalf, $alg: the envelope password is the PIN" takes $password
	ok "on behalf, $alg: the old PIN is none" ! takes $pin
	ok "on behalf, $alg: it is the issued one" test "$(certs '[0].sha256')" = "$(sb_show '.leases[-1].issued')"

	fresh --alg $alg --usage sign "${soon[@]}" --subject "$person"
	ok "self, $alg: done" renew --way self
	is "self, $alg: 12 steps told" "$(jq -sr '[.[].step? // empty] | unique | length' "$SB/out")" 12
	is "self, $alg: PIN verifications on the wire" "$(sb_logins)" 1
	ok "self, $alg: the PIN is what it was" takes $pin
	is "self, $alg: one certificate left" "$(certs '|length')" 1
done

fresh --alg rsa2048 --usage both "${soon[@]}" --subject "$company"
ok "a certificate that also enciphers: done" renew --way self
is "its old pair and certificate stay" "$(certs '|length')" 2

fresh --alg rsa1024 --digest sha1 --usage sign "${soon[@]}" --subject "$company"
ok "RSA-1024 with SHA-1: done" renew --way self
is "it became RSA-2048" "$(certs '[0].alg')" "RSA 2048"

fresh --alg rsa3072 --usage sign "${soon[@]}" --subject "$company"
ok "RSA-3072: done" renew --way self
is "it stayed RSA-3072" "$(certs '[0].alg')" "RSA 3072"

fresh --alg p256 --usage sign --not-before -380d --not-after -15d --subject "$company"
ok "expired 15 days ago, within the window: done" renew --way on-behalf --clerk 08
ok "the new one ends later than today" test "$(certs '[0].not_after')" '>' "$(date -I)"

fresh --alg p256 --usage sign "${soon[@]}" --subject "$company"
"$SB_TOOLS/makekey" --dir "$SB" --second --serial "$KEY" --pin $pin --alg p256 --usage sign "${soon[@]}" --subject "$person" >/dev/null
ok "two certificates, one named: done" renew --way self --cert "$CERT"
is "the other one is untouched" "$(certs '|map(select(.name == "张三"))|length')" 1

fresh --alg p256 --usage sign "${soon[@]}" --subject "$company"
sb_knob cmp.waiting 2
ok "the CA waits twice: done in one visit" renew --way on-behalf --clerk 07
sb_knob --clear
ok "waiting was told" grep -q '"say": *"waiting"' "$SB/out"

fresh --alg p256 --usage sign "${soon[@]}" --subject "$company"
sb_knob cmp.waiting 9999
sb_knob cmp.check-after 3600
renew --way on-behalf --clerk 07
is "the CA wants an hour: parked" $? 3
is "the record says so" "$(ck records --json | jq -r '.row.state // empty')" parked
sb_knob --clear
sb_knob cmp.approved 1
ok "the key put in again: done" renew --way on-behalf --clerk 07

ok "the ledger is whole" ck ledger verify
is "no record is open" "$(ck records --json | grep -c '"row"')" 0
is "as many live as issued" "$(sb_show '.counts | .issued - .live')" 0
