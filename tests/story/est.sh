#!/bin/bash
# Whole renewals over EST: self and on behalf, RSA-2048 and P-256, after expiry, under TLS 1.2 and 1.3 with
# the old key, with a CA that takes its time or spells its answers oddly.
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
renew() { sb_renew $pin '' '' --system "$@" --json >"$SB/out" 2>"$SB/err"; }
seen() { sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"'; }

for alg in p256 rsa2048; do
	fresh --alg $alg "${soon[@]}"
	ok "self, $alg: done" renew est --way self
	is "self, $alg: one PIN verified, one certificate left" "$(sb_logins) $(certs '|length')" "1 1"
	ok "self, $alg: the issued one" test "$(certs '[0].sha256')" = "$(sb_show '.leases[-1].issued')"
	ok "self, $alg: the PIN is what it was" takes $pin
	is "self, $alg: issued, live, confirmed" "$(seen)" "$n $n $n"
done

fresh --alg p256 "${soon[@]}"
ok "an envelope as well: done" sb_renew $pin $password "R$n" --system est-envelope --way on-behalf --clerk 07 --json
ok "its password is the PIN" takes $password
is "and was proved and typed, not sent: PINs verified" "$(sb_logins)" 2
is "the envelope is used up" "$(sb_show '.envelopes[-1].state')" used
ok "no log has it" ! grep -rq $password "$SB/casandbox.log"
is "issued under the desk's pair" "$(sb_show '.leases[-1] | (.reference != null) and (.envelope != null)')" true

fresh --alg rsa2048 --not-before -380d --not-after -15d
ok "expired 15 days ago: done" renew est --way on-behalf --clerk 08
ok "the new one ends later than today" test "$(certs '[0].not_after')" '>' "$(date -I)"

# the old key as TLS client
over() { grep -o 'est simplereenroll: 200 over .*' "$SB/casandbox.log" | tail -n 1; }
for alg in p256 rsa2048; do
	for tls in 2 3; do
		fresh --alg $alg "${soon[@]}"
		sb_knob tls.newest $tls
		sb_knob tls.oldest $tls
		ok "the old key in TLS 1.$tls, $alg: done" renew est-renew --way self
		is "the old key in TLS 1.$tls, $alg: so it was" "$(over)" "est simplereenroll: 200 over TLSv1.$tls"
		is "the old key in TLS 1.$tls, $alg: PINs verified, certificates" "$(sb_logins) $(certs '|length')" "1 1"
		sb_knob --clear
	done
done
is "no pair was fetched for it" "$(sb_show '.leases[-1].reference')" null
# CKM_RSA_X_509, which TLS 1.3 cannot do without
fresh --alg rsa2048 "${soon[@]}"
sb_shim 'nomech 3'
ok "an RSA key that signs no PSS: done" renew est-renew --way self
is "an RSA key that signs no PSS: over TLS 1.2" "$(over)" "est simplereenroll: 200 over TLSv1.2"

# 1 s, a date, a year, nothing of sense
wait_for() { # RETRY-AFTER
	fresh --alg p256 "${soon[@]}"
	sb_knob est.waiting "${2:-1}"
	sb_knob est.retry-after "$1"
	renew est --way self
}
wait_for 1 2
is "the CA waits twice: done in one visit" $? 0
is "waiting was told twice" "$(grep -c '"say": *"waiting"' "$SB/out")" 2
is "one request, three times" "$(grep -c 'est simpleenroll: 20[02] ' <(tail -n 40 "$SB/casandbox.log" | tac | sed '/cacerts/q'))" 3
sb_knob --clear
for junk in 'Tue, 04 Nov 2008 10:00:00 GMT' -5 soon ''; do
	wait_for "$junk"
	is "Retry-After \"$junk\": a second, then done" "$? $(grep -c '"say": *"waiting"' "$SB/out")" "0 1"
	sb_knob --clear
done
retry_in() { # how many hours from now the record may go on
	echo $((($(date +%s -d "$(jq -r 'select(.end?).facts.retry_at? // .retry_at? // empty' "$SB/out" | tail -n 1)") - $(date +%s) + 60) / 3600))
}
for long in 31536000 99999999999999999999999 "$(LC_ALL=C date -u -d '+1 year' '+%a, %d %b %Y %H:%M:%S GMT')" 3600; do
	wait_for "$long" 9
	is "Retry-After $long: parked" $? 3
	hours=24
	[ "$long" != 3600 ] || hours=1
	is "Retry-After $long: a day at most" "$(retry_in)" $hours
	sb_knob --clear
	sb_knob est.approved 1
	ok "the key put in again, Retry-After $long: done" renew est --way self
	is "issued, live, confirmed" "$(seen)" "$n $n $n"
	sb_knob --clear
done

for shape in 64 76 crlf spaces der pem; do
	fresh --alg p256 "${soon[@]}"
	sb_knob est.shape $shape
	sb_knob est.encoding "$([ $shape = der ] && echo base64 || echo binary)"
	ok "certificates as \"$shape\", wrongly announced: done" renew est --way self
	sb_knob --clear
done

ok "the ledger is whole" ck ledger verify
is "no record is open" "$(ck records --json | grep -c '"row"')" 0
is "as many live as issued" "$(sb_show '.counts | .issued - .live')" 0
