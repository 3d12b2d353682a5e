#!/bin/bash
# Where the old key signs what the CA is asked: self and on behalf, from and to RSA and P-256, a CA that
# waits, dies, loses answers or issues the wrong thing, a certificate that expires on the way, giving up.
# (Killed at every point: resume_kur.sh. Clients of somebody else's make: kur_peers.sh.)
. "$(dirname "$0")/../sandbox/lib.sh"
SB_ANSWER_S=2
sb_new
sb_kur

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
entries() { ck keys --json | jq -sc '[.[].row?.entries? // [] | .[] | {id, sha: .certificate.sha256, public}] | sort'; }
new_on_key() { # is the certificate of the newest lease there, alone, with a pair that signs for it?
	[ "$(ck keys --json | jq -sc '[.[].row?.entries? // [] | .[].certificate.sha256]')" = "$(sb_show '.leases[-1] | [.issued] | tojson')" ]
}
signs() { # does the one private key on the key sign for the one certificate?
	local p11=(pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "T$n") mechanism=ECDSA
	p11+=(--id "$(entries | jq -r '.[0].id')")
	"${p11[@]}" --read-object --type cert --output-file "$SB/on.der" >/dev/null 2>&1
	openssl x509 -inform DER -in "$SB/on.der" -pubkey -noout >"$SB/on.pub" || return 1
	openssl dgst -sha256 -binary "$SB/on.der" >"$SB/digest"
	openssl pkey -pubin -in "$SB/on.pub" -noout -text | grep -q 'ASN1 OID' || mechanism=RSA-PKCS
	PIN=$1 "${p11[@]}" --login --pin env:PIN --sign --mechanism $mechanism --signature-format openssl \
		--input-file "$SB/digest" --output-file "$SB/proof" >/dev/null 2>&1 &&
		openssl pkeyutl -verify -pubin -inkey "$SB/on.pub" -in "$SB/digest" -sigfile "$SB/proof"
}
code() { tail -n 1 "$SB/out" | jq -r '.error.name // "none"'; }
mine() { sb_show --arg c "$CERT" ".leases | map(select(.cert == \$c)) | last | $1"; }
live() { sb_show --arg l "$(mine .lease)" '[.certificates[] | select(.lease == $l and .status == "good")] | length'; }

fresh() { # MAKEKEY-OPTION…
	sb_knob --clear
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject" "$@"
	sb_envelope "K$n" $password --for "$CERT"
	asbefore=$(entries)
}
self() { sb_renew $pin '' '' --system kur --way self --json "$@" >"$SB/out" 2>"$SB/err"; }
behalf() { sb_renew $pin $password "K$n" --system kur-envelope --way on-behalf --clerk 07 --json "$@" >"$SB/out" 2>"$SB/err"; }
die_at() { # POINT: the front starts the engine again, so it dies there three times
	jq -nc '{"ask":"none"} | ., ., .' >"$SB/answers"
	CK_FAULT_AT=$1 ck renew --system kur --way self --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\n' $pin $pin $pin) >"$SB/out" 2>&1
}
abandon() { # [leave]
	printf '{"ask":"leave-pair","yes":true}\n' >"$SB/answers"
	ck abandon "$(ck records --json | jq -r '.row.record // empty')" --clerk 08 --json --answers "$SB/answers" \
		--secrets-fd 9 9< <([ -n "${1:-}" ] || printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err"
}
given_back() { # NAME
	is "$1: the key is as it was" "$(entries)" "$asbefore"
	is "$1: nothing issued stays good, no lease open" "$(live) $(sb_show .counts.open)" "0 0"
	is "$1: the record is closed" "$(ck records --json | grep -c '"station"')" 0
}
renewed() { # NAME PIN
	ok "$1: the new certificate alone is on the key" new_on_key
	ok "$1: and its key signs" signs "$2"
	is "$1: one live, confirmed" "$(live) $(mine .state)" "1 confirmed"
}

# ---- from and to both kinds of key ----
for from in p256 rsa2048; do
	for to in p256 rsa2048; do
		sed -i "s/types = .*/types = [ \"$to\" ];/; s/as_old = .*/as_old = false;/" "$SB/systems/kur.conf"
		fresh --alg $from
		ok "self, $from to $to: done" self
		renewed "self, $from to $to" $pin
		is "self, $from to $to: so it is" "$(ck keys --json | jq -r '.row.entries[]?.certificate.alg')" \
			"$(sed 's/p256/P-256/; s/rsa2048/RSA 2048/' <<<$to)"
		is "self, $from to $to: PINs verified" "$(sb_logins)" 1
	done
done
sb_kur
is "no one-time pair was asked for" "$(grep -c enrol-pair "$SB/casandbox.log")" 0
is "the CA was asked in signed messages only" "$(sb_show '[.transactions[].reference] | unique | tojson')" '[""]'
for alg in p256 rsa2048; do
	fresh --alg $alg
	ok "on behalf, $alg: done" behalf
	renewed "on behalf, $alg" $password
	is "on behalf, $alg: PINs verified" "$(sb_logins)" 2
done

fresh --alg rsa1024 --digest sha1
ok "RSA-1024 with SHA-1 signs once more: done" self
renewed "RSA-1024 with SHA-1" $pin

# ---- a CA that takes its time ----
fresh
sb_knob cmp.waiting 2
ok "the CA waits twice: done in one visit" self
renewed "the CA waits twice" $pin
# key proof, request, its proof of possession, the kur, two polls, test signature, certConf
is "the CA waits twice: the key signed what went out, and nothing twice" "$(grep -c '^C_Sign$' "$SB/shim/calls")" 8
fresh
sb_knob cmp.waiting 2
sb_knob cmp.lose-reply.pollReq 1
ok "a poll's answer is lost: done in one visit" self
renewed "a poll's answer is lost" $pin
fresh
sb_knob cmp.waiting 9999
sb_knob cmp.check-after 3600
self
is "the CA wants an hour: parked" $? 3
sb_kill
sb_start
sb_knob --clear
sb_knob cmp.approved 1
ok "the key put in again, the CA started anew: done" self
renewed "the CA wanted an hour" $pin

# ---- lost on the way ----
lose() { # KNOB
	fresh
	sb_knob "$1" 1
	self || self
	is "$1: done after two visits at most" $? 0
	is "$1: one issued for it" "$(sb_show --arg l "$(mine .lease)" '[.certificates[] | select(.lease == $l)] | length')" 1
	ok "$1: on the key" new_on_key
}
lose cmp.lose-request.kur
lose cmp.lose-reply.kur
lose cmp.garbage.kur
lose cmp.lose-request.certConf
lose cmp.lose-reply.certConf
for when in after-issue before-reply; do
	fresh
	sb_knob cmp.crash $when
	self
	sb_stop
	sb_start
	ok "the CA died, $when: gone on with" self
	renewed "the CA died, $when" $pin
done
SB_RESEND_SAFE=false sb_site_conf
lose cmp.lose-reply.kur
lose cmp.lose-reply.certConf
sb_site_conf

# ---- the wrong certificate ----
for how in key subject issuer; do
	fresh
	sb_knob cmp.wrong $how
	self
	is "issued wrong ($how): given back" "$? $(code)" "5 ISSUED_OTHER_${how^^}"
	is "issued wrong ($how): turned down by a signed certConf" \
		"$(sb_show '.certificates[-1].certconf') $(grep -c '"turned-down"' "$SB/out")" "rejected 1"
	given_back "issued wrong ($how)"
done
fresh
die_at issue
sb_knob cmp.refuse 审核未通过
self
is "the CA refuses: given back" "$? $(code)" "5 CA_REFUSED"
given_back "the CA refuses"

# ---- expired ----
fresh --not-before -380d --not-after -1d
self
is "expired: refused, and says so" "$? $(code)" "4 OLD_EXPIRED"
is "expired: no PIN was asked for, nothing leased" "$(sb_logins) $(mine .lease)" "0 null"
later=$((15 * 86400))
fresh
die_at issue
sb_knob desk.clock $later
CK_FAULT_CLOCK=$later self
is "expired before it was asked for: given back, and says so" "$? $(code)" "5 OLD_EXPIRED"
given_back "expired before it was asked for"
fresh
die_at authorise
sb_knob desk.clock $later
CK_FAULT_CLOCK=$later self
is "expired before anything was leased: refused" "$? $(code)" "4 OLD_EXPIRED"
is "expired before anything was leased: nothing is" "$(mine .lease)" null
fresh
sb_knob cmp.waiting 9999
sb_knob cmp.check-after 3600
self
sb_knob --clear
sb_knob cmp.approved 1
sb_knob desk.clock $later
ok "expired while the CA had it: done all the same" eval "CK_FAULT_CLOCK=$later self"
renewed "expired while the CA had it" $pin

# ---- giving up ----
for at in newkey request issue install confirm; do
	fresh
	die_at $at
	ok "given up at $at" abandon
	given_back "given up at $at"
	ok "given up at $at: renews afterwards" self
done
fresh
die_at install
mv "$SB/tokens" "$SB/away" && mkdir -m 700 "$SB/tokens"
ok "given up without the key: closed by a clerk's word" abandon leave
is "given up without the key: what was issued is revoked" "$(live)" 0
rm -rf "$SB/tokens" && mv "$SB/away" "$SB/tokens"

# ---- the key pulled out while it signs ----
fresh
die_at issue
sb_shim 'yank C_Sign 2'
self
is "pulled out while signing for the CA: left open" "$? $(code)" "1 KEY_REMOVED"
sb_shim ''
ok "and put in again: done" self
renewed "pulled out while signing" $pin
ok "the ledger is whole" ck ledger verify
