#!/bin/bash
# Whole renewals over EST: self and on behalf, RSA-2048 and P-256, with an envelope as well, after expiry, and
# as the old key's holder under TLS 1.2 and 1.3.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_est

company='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
soon=(--not-before -351d --not-after +14d)
takes() { # does the key take this PIN now?
	PIN=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "T$n" --login --pin env:PIN \
		--list-objects >/dev/null 2>&1
}
certs() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[].certificate | select(. != null)]'"$1"; }
fresh() { # MAKEKEY-OPTION…
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --subject "$company" "$@"
	sb_envelope "R$n" $password --for "$CERT"
}
renew() { sb_renew $pin '' '' --system est --json "$@" >"$SB/out" 2>"$SB/err"; }
with_envelope() { sb_renew $pin $password "R$n" --json "$@" >"$SB/out" 2>"$SB/err"; }

for alg in p256 rsa2048; do
	fresh --alg $alg "${soon[@]}"
	ok "self, $alg: done" renew --way self
	is "self, $alg: one PIN verified, one certificate left" "$(sb_logins) $(certs '|length')" "1 1"
	ok "self, $alg: the issued one" test "$(certs '[0].sha256')" = "$(sb_show '.leases[-1].issued')"
	ok "self, $alg: the PIN is what it was" takes $pin
done

for alg in p256 rsa2048; do
	fresh --alg $alg "${soon[@]}"
	ok "on behalf with an envelope, $alg: done" with_envelope --system est-envelope --way on-behalf --clerk 07
	ok "on behalf with an envelope, $alg: its password is the PIN" takes $password
	is "on behalf with an envelope, $alg: PINs verified, certificates" "$(sb_logins) $(certs '|length')" "2 1"
	is "on behalf with an envelope, $alg: used up, and the desk gave a pair" \
		"$(sb_show '[.envelopes[-1].state, .leases[-1].reference != null] | @csv')" '"used",true'
done

fresh --alg p256 --not-before -380d --not-after -15d
ok "expired 15 days ago: done" renew --way on-behalf --clerk 08
ok "the new one ends later than today" test "$(certs '[0].not_after')" '>' "$(date -I)"

# the old key in TLS
over() { grep -o 'est simplereenroll: 200 over .*' "$SB/casandbox.log" | tail -n 1; }
for alg in p256 rsa2048; do
	for tls in 2 3; do
		fresh --alg $alg "${soon[@]}"
		sb_knob tls.newest $tls
		sb_knob tls.oldest $tls
		ok "the old key in TLS 1.$tls, $alg: done" with_envelope --system est-renew --way self
		is "the old key in TLS 1.$tls, $alg: so it was" "$(over)" "est simplereenroll: 200 over TLSv1.$tls"
		is "the old key in TLS 1.$tls, $alg: PINs verified, certificates" "$(sb_logins) $(certs '|length')" "1 1"
		sb_knob --clear
	done
done
is "no pair was fetched for it" "$(sb_show '.leases[-1].reference')" null
# without CKM_RSA_X_509 it makes no signature that TLS 1.3 takes
fresh --alg rsa2048 "${soon[@]}"
sb_shim 'nomech 3'
ok "an RSA key that signs no PSS: done" with_envelope --system est-renew --way on-behalf --clerk 07
is "an RSA key that signs no PSS: over TLS 1.2" "$(over)" "est simplereenroll: 200 over TLSv1.2"

ok "the ledger is whole" ck ledger verify
is "no record is open" "$(ck records --json | grep -c '"row"')" 0
is "issued, live and confirmed each" "$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')" "$n $n $n"
