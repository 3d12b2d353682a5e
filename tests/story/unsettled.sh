#!/bin/bash
# The engine dies in the middle of the PIN change, before the key took it or after. Whoever comes next
# says which of the two PINs is tried; what then holds is seen, not believed.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
old=Old-4471 new=Env-9038 n=0
takes() {
	PIN=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "T$n" --login --pin env:PIN \
		--list-objects >/dev/null 2>&1
}
renew() { # PIN… ; $SB/answers has the rest
	local pin
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 9< <(
		for pin; do printf 'pin %s\n' "$pin"; done
		printf 'password %s\n' $new
	) >"$SB/out" 2>"$SB/err"
}

died() { # die|dieafter: what the shim does at C_SetPIN
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1))
	sb_key --label "T$n" --pin $old --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "U$n" $new --for "$CERT"
	sb_shim "$1 C_SetPIN 0"
	jq -nc --arg s "U$n" '{"ask":"envelope","serial":$s}' >"$SB/answers"
	renew $old
	sb_shim
	before=$(sb_logins)
}

again() { # NAME LOGINS WHICH… -- PIN…
	local name=$1 logins=$2 which
	shift 2
	: >"$SB/answers"
	while [ "$1" != -- ]; do
		which=$1
		jq -nc --arg w "$which" '{"ask":"unsettled-pin","which":$w}, {"ask":"last-try","yes":true}' >>"$SB/answers"
		shift
	done
	shift
	ok "$name: done" renew "$@" || tail -n 1 "$SB/out"
	is "$name: PIN verifications on the wire" $(($(sb_logins) - before)) "$logins"
	ok "$name: the envelope password is the PIN" takes $new
	ok "$name: the old PIN is none" ! takes $old
	is "$name: one issued and live each" "$(sb_show '.counts | "\(.issued) \(.live)"')" "$n $n"
}

died die
again "not taken, the old one said and typed" 2 old -- $old
died dieafter
again "taken, the new one said and typed" 1 envelope -- $new
died dieafter
again "taken, called the old one, but the new one typed" 1 old -- $new
died die
again "not taken, called the new one, but the old one typed: no try for a wrong word" 2 envelope old -- $old $old
died die
again "not taken, the new one said and typed: one try, then the old one" 3 envelope old -- $new $old

died dieafter
record=$(ck records --json | jq -r '.row.record // empty')
jq -nc '{"ask":"unsettled-pin","which":"old"}' >"$SB/answers"
ok "given up after the change: closed" ck abandon "$record" --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' $new)
ok "given up after the change: the ledger says that it was changed" \
	bash -c "'$CK_BIN/certkiosk' records --json --config '$SB/certkiosk.conf' --show $record | grep -q 'PIN was changed'"
ok "the ledger is whole" ck ledger verify
