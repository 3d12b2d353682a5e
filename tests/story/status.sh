#!/bin/bash
# Is a customer's certificate still good, and who says so? Asked are the OCSP responder and the list
# that it names, but only once its issuer is proved to be one of the site's; what they answer counts
# only with the issuer's signature, of today and to our question; else the desk's word stands. No
# PIN, and never longer than the site allows.
. "$(dirname "$0")/../sandbox/lib.sh"
SB_ANSWER_S=2 SB_CALL_TIMEOUT_S=5
sb_new

"$SB_TOOLS/responder" --dir "$SB" 2>>"$SB/responder.log" &
until [ -s "$SB/responder.port" ]; do sleep 0.01; done
AT=http://localhost:$(<"$SB/responder.port")
OCSP=$AT/ocsp LIST=$AT/crl/g2
cp "$SB/certkiosk.conf" "$SB/usual.conf"

fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_knob --clear
	sb_key --label T1 "$@"
}
named() { fresh --responder "$OCSP" --list "$LIST" "$@"; }
system() { sed -i "s|^\(.*id = \"sheca-cisweb\";\)|\1 $1|" "$SB/certkiosk.conf"; }
usual() { cp "$SB/usual.conf" "$SB/certkiosk.conf"; }
status() { # OPTION…: of the certificate's file unless said otherwise
	[ $# -gt 0 ] || set -- --file "$CERT_FILE"
	: >"$SB/responder.log"
	ck status --system sheca-cisweb --json "$@" >"$SB/out.json"
	RC=$?
	error=$(tail -n 1 "$SB/out.json" | jq -r '.error.name // empty')
}
row() { jq -r "select(.row).row|$1" "$SB/out.json"; }
found() { row '.revocation|"\(.status) \(.source) \(.reason)"'; }
tried() { row '.revocation.tried|map("\(.source):\(.error.name)")|join(" ")'; }
asked() { grep -cE ': (POST|GET) ' "$SB/responder.log"; }
says() { # NAME FOUND TRIED [STATUS ERROR]
	is "$1" "$(found); $(tried); $RC $error" "$2; $3; ${4:-0} ${5:-}"
}

# ---- good, revoked, held ----
named
status
says "a responder that says good" "good ocsp null" ""
is "a responder that says good: which" "$(row .revocation.from) $(asked)" "$OCSP 1"
like "a responder that says good: as of when, until when" "$(row '.revocation|"\(.at) \(.until)"')" \
	'^20[0-9T:+-]{23} 20[0-9T:+-]{23}$'
is "the chain, up to its root" "$(row '.chain|"\(.state) \(.weak) " + (.issuers|map(.name)|join(" < "))')" \
	"whole false Sandbox Issuing CA G2 < Sandbox Root CA"
status --key "$KEY"
says "on a key" "good ocsp null" ""
is "on a key: no PIN" "$(jq -r '.ask // empty' "$SB/out.json")$(sb_logins)" 0
sb_ctl revoke "$CERT"
for reason in 0:unspecified 1:key-compromise 4:superseded 5:cessation 9:privilege-withdrawn; do
	sb_knob status.reason ${reason%:*}
	status
	says "revoked: ${reason#*:}" "revoked ocsp ${reason#*:}" ""
	sb_knob status.wrong.ocsp garbage 1
	status
	says "revoked, by the list: ${reason#*:}" "revoked crl ${reason#*:}" "ocsp:STATUS_GARBAGE"
done
is "revoked: since when" "$(date -d "$(row .revocation.revoked_at)" +%s)" \
	"$(sqlite3 "$SB/sandbox.db" "SELECT revoked_at FROM cert WHERE sha='$CERT'")"
sb_knob --clear status.reason
status
says "revoked, for no reason said" "revoked ocsp null" ""
sb_ctl hold "$CERT"
status
says "on hold" "held ocsp null" ""
sb_knob status.wrong.ocsp garbage
status
says "on hold, by the list" "held crl null" "ocsp:STATUS_GARBAGE"

# ---- answers that count, in other forms ----
named
for how in no-nonce delegated; do
	sb_knob status.wrong.ocsp $how
	status
	says "an answer that is as good: $how" "good ocsp null" ""
done
sb_knob --clear
sb_knob status.wrong.ocsp garbage
sb_knob status.wrong.crl piece
status
says "the piece of the list that is its own" "good crl null" "ocsp:STATUS_GARBAGE"
sb_knob --clear
sb_knob status.wrong.ocsp unknown
status
says "a responder that does not know it: the list does" "good crl null" ""
fresh --responder "$OCSP"
sb_knob status.wrong.ocsp unknown
status
says "a responder that does not know it, and no list" "unknown ocsp null" ""

# ---- answers that do not count: the next one is asked ----
named
while read -r knob value error_name; do
	sb_knob --clear
	sb_knob "$knob.ocsp" "$value"
	status
	says "responder, $knob $value" "good crl null" "ocsp:$error_name"
	[ "$value" = signer ] || [ "$value" = stale ] || [ "$knob" != status.wrong ] || continue
	sb_knob "$knob.crl" "$value"
	status
	says "both, $knob $value: the desk" "good desk null" "ocsp:$error_name crl:$error_name"
done <<-EOF2
	status.wrong signer STATUS_UNTRUSTED
	status.wrong not-delegated STATUS_UNTRUSTED
	status.wrong nonce STATUS_UNTRUSTED
	status.wrong other STATUS_UNTRUSTED
	status.wrong stale STATUS_STALE
	status.wrong garbage STATUS_GARBAGE
	status.wrong try-later STATUS_REFUSED
	status.status 404 STATUS_REFUSED
	status.status 503 STATUS_REFUSED
	status.status 302 STATUS_REFUSED
	status.endless always REPLY_TOO_LONG
EOF2
fresh --list "$LIST"
for how in indirect delta other-piece; do
	sb_knob status.wrong.crl $how
	status
	says "a list of no use: $how" "good desk null" "crl:STATUS_UNUSABLE"
done
sb_ctl revoke "$CERT"
status
says "the desk knows better than a list of no use" "revoked desk null" "crl:STATUS_UNUSABLE"
like "the desk knows better: since when" "$(row .revocation.revoked_at)" '^20'
named --not-before -400d --not-after -2d
sb_knob status.wrong.ocsp garbage
status
says "lists forget what has expired" "good desk null" "ocsp:STATUS_GARBAGE crl:STATUS_UNUSABLE"
sb_ctl revoke "$CERT"
status
says "expired, but still on the list" "revoked crl null" "ocsp:STATUS_GARBAGE"

# ---- nobody there, nobody in time ----
fresh --responder http://localhost:1/ocsp --list http://no-such-host.invalid/list
status
says "nobody there" "good desk null" "ocsp:STATUS_UNREACHABLE crl:STATUS_UNREACHABLE"
sb_stop
status
says "nobody there, and no desk" "unanswered null null" "ocsp:STATUS_UNREACHABLE crl:STATUS_UNREACHABLE" \
	1 DESK_UNREACHABLE
named
status
says "a responder, and no desk" "good ocsp null" "" 1 DESK_UNREACHABLE
sb_start
sed -i '1i status_s = 1;' "$SB/certkiosk.conf"
named
sb_key --second --serial "$KEY" --responder "$OCSP" --list "$LIST"
sb_knob status.delay 20000
began=$SECONDS
status --key "$KEY"
is "nobody in time: two certificates" "$RC $(found | sort -u) $(row '.revocation.tried[].error.name' | sort -u)" \
	"0 good desk null STATUS_SILENT"
like "nobody in time: each was asked once" "$(asked)" '^[12]$'
like "nobody in time: told in time" $((SECONDS - began)) '^[0-5]$'
# a name server that hears every question and answers none
silent_names() {
	local server
	[ -p "$SB/never" ] || mkfifo "$SB/never" # it would leave at the end of its input
	openssl s_server -dtls -accept 127.0.0.54:53 -cert "$SB/pki/tls.pem" -key "$SB/pki/tls.key" \
		<>"$SB/never" >"$SB/names.log" 2>&1 &
	server=$!
	echo 'nameserver 127.0.0.54' >"$SB/resolv.conf"
	until grep -q ACCEPT "$SB/names.log"; do kill -0 $server || return; sleep 0.02; done
	began=$SECONDS
	unshare -m bash -c 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"' - "$SB/resolv.conf" \
		"$CK_BIN/certkiosk" status --config "$SB/certkiosk.conf" --json --system sheca-cisweb \
		--file "$CERT_FILE" >"$SB/out.json"
	RC=$? error=
	took=$((SECONDS - began))
	kill $server
}
fresh --responder http://ocsp.example.cn/
if unshare -m mount --bind /etc/hostname /etc/hostname 2>/dev/null; then
	silent_names
	says "a name nobody resolves" "good desk null" "ocsp:STATUS_UNREACHABLE"
	like "a name nobody resolves: told in time" "$took" '^[0-4]$'
	cp "$SB/certkiosk.conf" "$SB/conf.was"
	sed -i 's|desk = "https://localhost|desk = "https://desk.example.cn|' "$SB/certkiosk.conf"
	fresh
	silent_names
	is "a desk nobody resolves" "$RC $(jq -r 'select(.end).error.name' "$SB/out.json")" "1 DESK_UNREACHABLE"
	like "a desk nobody resolves: told in time" "$took" '^[0-6]$'
	mv "$SB/conf.was" "$SB/certkiosk.conf"
else
	echo "skip - a name nobody resolves: only root can have a name server of his own"
fi
usual

# ---- who is not asked at all ----
named --issuer foreign
status
is "a stranger's certificate: nobody is asked" "$(found) $(row .revocation.why) $(row .chain.state) $(asked)" \
	"not-asked null null stranger none 0"
named --issuer selfsigned
status
is "its own issuer: nobody is asked" "$(row .revocation.why) $(row .chain.state) $(asked)" "stranger none 0"
system 'revocation = "desk";'
named
status
says "a site that asks the desk alone" "good desk null" ""
is "a site that asks the desk alone: nobody else" "$(row .revocation.why) $(asked)" "desk-only 0"
usual
system "ocsp = \"$OCSP\";"
fresh --responder http://localhost:1/ocsp
status
says "a site's own responder" "good ocsp null" ""
is "a site's own responder: which" "$(row .revocation.from)" "$OCSP"
status --file "$SB/pki/g3.pem"
says "an issuer's own certificate, of which desks know nothing" "unanswered null null" \
	"ocsp:STATUS_REFUSED" 1 STATUS_REFUSED
is "an issuer's own certificate: its chain" "$(row '.chain|"\(.state) \(.issuers|length)"')" "whole 1"
usual
fresh
status
says "a certificate that names nobody" "good desk null" ""
is "a certificate that names nobody: said" "$(row .revocation.why)" nothing-named
for url in file:///etc/hostname 'http://user@localhost:1/' gopher://localhost:1/ 'http:///ocsp' \
	"$AT/ocsp"$'\x1b[2J' "http://localhost:1/$(printf '%0300d' 0)"; do
	fresh --responder "$url"
	status
	says "not an address: ${url:0:12}" "good desk null" ""
	is "not an address: ${url:0:12}: said" "$(row .revocation.why) $(asked)" "nothing-usable 0"
done

# ---- old and new chains ----
named --alg rsa2048 --digest sha1 --not-before -351d
status
is "signed with SHA-1: read, and said" "$(found) $(row .chain.weak)" "good ocsp null true"
named --issuer new
fresh --issuer new --responder "$OCSP" --list "$AT/crl/g3"
status
is "an issuer of today" "$(found) $(row '.chain.issuers[0].name')" "good ocsp null Sandbox Issuing CA G3"
openssl x509 -in "$SB/pki/g2.pem" -out "$SB/g2-only.pem"
sed -i 's|trust/issuers.pem|g2-only.pem|; s|trust/accepted.pem|g2-only.pem|' "$SB/certkiosk.conf"
named
status
is "a root that is not on file" "$(found) $(row '.chain|"\(.state) \(.issuers|length)"')" "good ocsp null open 1"
like "a root that is not on file, in words" "$(ck status --lang en --file "$CERT_FILE")" 'root above it is not on file'
usual

# ---- after a renewal ----
fresh --responder "$OCSP"
sb_envelope 20261120000371 98765432
ok "renewed" sb_renew 123456 98765432 20261120000371 --system sheca-cisweb --way on-behalf --clerk 07
status --key "$KEY"
is "renewed: the new one is as good as it is asked for" "$RC $(row '.certificate.issuer + " \(.revocation.status) \(.revocation.source)"')" \
	"0 C=CN, O=Sandbox CA, CN=Sandbox Issuing CA G3 good ocsp"

# ---- in words ----
named
sb_ctl revoke "$CERT"
sb_knob status.reason 1
sb_knob status.wrong.ocsp signer
for lang in zh en; do
	ck status --lang $lang --system sheca-cisweb --file "$CERT_FILE" >"$SB/out.$lang"
	is "in words, $lang: done" $? 0
	ok "in words, $lang: nothing for a terminal to obey" ! grep -q $'[\x01-\x09\x0b-\x1f\x7f]' "$SB/out.$lang"
done
like "in words, zh" "$(<"$SB/out.zh")" '由 Sandbox Issuing CA G2 签发.*已吊销，20.*密钥可能已经泄露（吊销列表.*吊销查询：答复不可信'
like "in words, en" "$(<"$SB/out.en")" 'issued by Sandbox Issuing CA G2.*x revoked at 20.*other hands, says the revocation list.*server.s answer cannot be trusted'
fresh --issuer foreign
like "in words: a stranger" "$(ck status --lang en --file "$CERT_FILE")" 'issued by nobody this site knows.*nobody was asked'

# ---- foreign: OpenSSL's client asks ours, ours asks OpenSSL's responder ----
named
foreign() {
	openssl ocsp -issuer "$SB/pki/g2.pem" "$@" -cert "$SB/cert.pem" -url "$OCSP" \
		-CAfile "$SB/pki/root.pem" >"$SB/foreign" 2>&1
	cat "$SB/foreign"
}
openssl x509 -inform DER -in "$CERT_FILE" -out "$SB/cert.pem"
like "openssl ocsp asks ours: good" "$(foreign)" 'Response verify OK.*cert.pem: good'
sb_knob status.wrong.ocsp delegated
like "openssl ocsp asks ours: a responder the CA certified" "$(foreign -sha256)" 'Response verify OK.*cert.pem: good'
sb_knob --clear
listed() {
	curl -sf "$LIST" | openssl crl -inform DER -out "$SB/list.pem" &&
		openssl verify -partial_chain -crl_check -CAfile "$SB/pki/g2.pem" -CRLfile "$SB/list.pem" "$SB/cert.pem"
}
ok "openssl verify takes our list" listed
sb_ctl revoke "$CERT"
like "openssl ocsp asks ours: revoked" "$(foreign)" 'cert.pem: revoked'
ok "openssl verify takes our list: revoked" ! listed

serial() { openssl x509 -in "$1" -noout -serial | cut -d= -f2; }
enddate=$(date -u -d "$(openssl x509 -in "$SB/cert.pem" -noout -enddate | cut -d= -f2)" +%y%m%d%H%M%SZ)
their_books() { # LETTER REVOKED
	printf '%s\t%s\t%s\t%s\tunknown\t/CN=x\n' "$1" "$enddate" "$2" "$(serial "$SB/cert.pem")" >"$SB/index.txt"
}
their_responder() { # OPTION…
	[ -z "${THEIRS:-}" ] || { kill "$THEIRS" && wait "$THEIRS" 2>/dev/null; }
	: >"$SB/theirs.log"
	openssl ocsp -index "$SB/index.txt" -port 0 -CA "$SB/pki/g2.pem" "$@" >"$SB/theirs.log" 2>&1 &
	THEIRS=$!
	until grep -q 'ACCEPT .*:[0-9]' "$SB/theirs.log"; do
		kill -0 $THEIRS 2>/dev/null || { cat "$SB/theirs.log" >&2; return 1; }
		sleep 0.02
	done
	port=$(sed -nE 's/.*ACCEPT .*:([0-9]+).*/\1/p' "$SB/theirs.log" | head -n 1)
	usual
	system "ocsp = \"http://localhost:$port\";"
}
ca=(-rsigner "$SB/pki/g2.pem" -rkey "$SB/pki/g2.key")
their_books V ''
their_responder "${ca[@]}" -nmin 5
status
says "ours asks openssl ocsp: good" "good ocsp null" ""
their_responder "${ca[@]}"
status
says "ours asks openssl ocsp: good, of this moment" "good ocsp null" ""
their_books R "$(date -u -d '-2 days' +%y%m%d%H%M%SZ),keyCompromise"
their_responder "${ca[@]}" -nmin 5
status
says "ours asks openssl ocsp: revoked" "revoked ocsp key-compromise" ""
: >"$SB/index.txt"
their_responder "${ca[@]}" -nmin 5
sb_knob status.wrong.crl garbage
status
says "ours asks openssl ocsp: unknown" "unknown ocsp null" "crl:STATUS_GARBAGE"
their_responder -rsigner "$SB/pki/foreign.pem" -rkey "$SB/pki/foreign.key" -nmin 5
status
says "ours asks openssl ocsp: a stranger's signature" "revoked desk null" \
	"ocsp:STATUS_UNTRUSTED crl:STATUS_GARBAGE"
kill $THEIRS
