#!/bin/bash
# The sandbox's key update tried by a client that is not ours: openssl cmp -cmd kur. Whom it serves and
# whom it must not: libcrypto's server verifies a signature and asks nothing more. (openssl cmp as the CA
# of our own client: tests/unit/ca_kur.c.)
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
cd "$SB" || exit 1

sql() { sqlite3 -cmd '.timeout 5000' sandbox.db "$1"; }
sha() { sha256sum "$@" | cut -d' ' -f1; }
customer() { # NAME ALG DAYS-FROM-NOW [ISSUER]: NAME.key, NAME.pem, in the books
	openssl genpkey -algorithm ${2%%:*} -pkeyopt ${2#*:} -out "$1.key" 2>/dev/null
	openssl req -new -key "$1.key" -subj "/C=CN/O=Example/CN=$1" -out "$1.csr"
	openssl x509 -req -in "$1.csr" -CA "pki/${4:-g2}.pem" -CAkey "pki/${4:-g2}.key" -days "$3" -out "$1.pem" \
		-extfile <(printf 'keyUsage=critical,digitalSignature\nsubjectKeyIdentifier=hash\n') 2>/dev/null
	openssl x509 -in "$1.pem" -outform DER -out "$1.der"
	[ "${4:-g2}" = g2 ] || return
	sql "INSERT INTO cert(sha, der, origin, status) VALUES('$(sha "$1.der")', x'$(od -An -v -tx1 "$1.der" | tr -d ' \n')', 'customer', 'good')"
}
lease() { # NAME NEW: what a kiosk would have bound
	sql "INSERT INTO lease(id, system, cert, kiosk, record, state, spki, quoted, seen) VALUES('L-$2', 'kur', '$(sha "$1.der")', 'kiosk-1',
		'CK-$2', 'key', '$(openssl pkey -in "$2.key" -pubout -outform DER | sha)', $(date -d '+400 days' +%s), 0)"
}
new_key() { openssl genpkey -algorithm ${2%%:*} -pkeyopt ${2#*:} -out "$1.key" 2>/dev/null; }
kur() { # NAME NEW OPTION…: NAME's certificate signs
	openssl cmp -config '' -cmd kur -server "$SB_URL/cmp" -tls_used -tls_trusted trust/tls.pem -trusted trust/cmp.pem \
		-cert "$1.pem" -key "$1.key" -newkey "$2.key" -certout "$2.pem" -keep_alive 0 "${@:3}"
}
refused() { # WHAT TEXT: what was said last, and nothing was issued for it
	ok "$1: it says so" grep -q "$2" heard
	is "$1: nothing is issued" "$(sb_show .counts.issued)" "$issued"
}
ec=EC:ec_paramgen_curve:P-256 rsa=RSA:rsa_keygen_bits:2048

for from in ec rsa; do
	for to in ec rsa; do
		customer $from-$to ${!from} 30
		new_key new-$from-$to ${!to}
		lease $from-$to new-$from-$to
		ok "from $from to $to: issued and confirmed" kur $from-$to new-$from-$to -reqout q1.bin,q2.bin -rspout a1.bin,a2.bin
		is "from $from to $to: for the same subject and the new key" \
			"$(openssl x509 -in new-$from-$to.pem -noout -subject -pubkey)" \
			"$(openssl x509 -in $from-$to.pem -noout -subject)
$(openssl pkey -in new-$from-$to.key -pubout)"
	done
done
is "certConf is in the books for each" "$(sb_show '.counts | "\(.issued) \(.certconf)"')" "4 4"

sb_kill
sb_start
for i in 1 2; do
	curl -sS --cacert trust/tls.pem -H 'Content-Type: application/pkixcmp' --data-binary @q$i.bin -o again.bin "$SB_URL/cmp"
	ok "message $i once more, the CA killed between: the same answer" cmp again.bin a$i.bin
done
issued=4
cp new-rsa-rsa.pem first.pem
ok "asked in another transaction" kur rsa-rsa new-rsa-rsa
ok "it is the certificate that was issued before" cmp new-rsa-rsa.pem first.pem
is "and no further one" "$(sb_show .counts.issued)" $issued

# ---- whom it must not serve ----
customer one $ec 30
customer two $ec 30
new_key alone $ec
kur one alone >heard 2>&1
refused "a key that is bound to no lease" 没有办理权
lease one alone
kur two alone >heard 2>&1
refused "a key that is bound to another certificate's lease" 没有办理权
kur two alone -oldcert one.pem >heard 2>&1
refused "one customer's certificate updated by another" 签名证书不是要更新的证书
customer stranger $ec 30 foreign
kur stranger alone -oldcert one.pem -unprotected_errors >heard 2>&1
refused "signed by a stranger" 'no suitable sender cert'
kur one alone -popo 0 >heard 2>&1
refused "no proof that the sender has the new key" badPOP
sb_ctl revoke "$(sha one.der)"
kur one alone >heard 2>&1
refused "revoked" 已撤销
sb_ctl hold "$(sha one.der)"
kur one alone >heard 2>&1
refused "on hold" 冻结
sb_ctl good "$(sha one.der)"
sb_knob desk.clock $((31 * 86400))
kur one alone >heard 2>&1
refused "expired" 已过期
sb_knob --clear

# one that begins under a secret does not go on signed
sb_envelope 4400 pw --open
ok "signed, at last, by the right one: issued" kur one alone -reqout s1.bin -disable_confirm
is "that is one more" "$(sb_show '.counts | "\(.issued) \(.certconf)"')" "5 4"
again() { # ASSIGNMENTS: the request anew, for a transaction that is otherwise
	sql "DELETE FROM exchange; UPDATE tx SET $1 WHERE tid = '$(sb_show '.transactions[-1].tid')'"
	curl -sS --cacert trust/tls.pem -H 'Content-Type: application/pkixcmp' --data-binary @s1.bin -o again.bin \
		-w '%{http_code}' "$SB_URL/cmp"
}
is "its request for its own transaction is answered" "$(again 'polls = 0')" 200
is "the same for one under a secret is not" "$(again "reference = '4400', signer = ''")" 400
