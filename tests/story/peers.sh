#!/bin/bash
# The whole program against a CA of somebody else's make: `openssl cmp -port`, whose certificate comes
# from a file that must be there before it is asked. So the visit stands still after its request, the
# certificate is made for the key that is on the token by then, and the desk is told of it afterwards,
# as a CA would tell its own desk. (openssl cmp as client of the sandbox's CA: see sandbox.sh; losses,
# waiting and refusals of this server: tests/unit/ca_cmp.c.)
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
export SB
export MODULE=/usr/lib/softhsm/libsofthsm2.so SUBJECT='/C=CN/O=Foreign Example/CN=Foreign Example'
export BEHIND OLD_ID ENVELOPE PASSWORD
mkfifo "$SB/relay.in"
end_mock() {
	[ ! -s "$SB/mock.pid" ] || kill "$(<"$SB/mock.pid")"
	rm -f "$SB/mock.pid"
}
trap 'rc=$?; end_mock; (exit $rc); sb_end' EXIT

# TLS for a server that has none, one for each; ends with its input and says how much went through it
start_relay() {
	rm -f "$SB/relay"
	"$SB_TOOLS/relay" "$SB/pki/tls.pem" "$SB/pki/tls.key" <"$SB/relay.in" >"$SB/relay" &
	RELAY=$!
	exec 7>"$SB/relay.in" # opens when the relay has
	until read -r PORT BEHIND <"$SB/relay"; do
		kill -0 $RELAY || exit 1
		sleep 0.01
	done 2>/dev/null
	sed "s|ca = \"$SB_URL/cmp\"|ca = \"https://localhost:$PORT/pkix/\"|" "$SB/certkiosk.conf" >"$SB/peer.conf"
}
stop_relay() {
	exec 7>&-
	wait $RELAY
}

cat >"$SB/hook" <<'EOF'
#!/bin/bash
cd "$SB" || exit 1
sql() { sqlite3 -cmd '.timeout 5000' sandbox.db "$1"; }
case $1 in
request-made)
	id=$(pkcs11-tool --module "$MODULE" -O --type pubkey 2>/dev/null | sed -n 's/ *ID: *//p' | grep -vx "$OLD_ID")
	pkcs11-tool --module "$MODULE" --read-object --type pubkey --id "$id" -o new.pub 2>/dev/null
	openssl pkey -pubin -inform DER -in new.pub -out new.pub.pem
	openssl x509 -new -subj "$SUBJECT" -force_pubkey new.pub.pem -CA pki/g3.pem -CAkey pki/g3.key -days 400 \
		-extfile <(echo keyUsage=critical,digitalSignature) -out new.pem || exit 1
	openssl cmp -config '' -port "$BEHIND" -srv_ref "$ENVELOPE" -srv_secret "pass:$PASSWORD" \
		-rsp_cert new.pem >mock.out 2>&1 7>&- &
	echo $! >mock.pid
	for _ in {1..500}; do
		ss -Hltn "sport = :$BEHIND" | grep -q . && exit 0
		sleep 0.02
	done
	exit 1
	;;
installed)
	openssl x509 -in new.pem -outform DER -out new.der
	sha=$(sha256sum new.der | cut -d' ' -f1)
	sql "INSERT INTO cert(sha, der, origin, status, envelope) VALUES('$sha', x'$(od -An -v -tx1 new.der | tr -d ' \n')', 'issued', 'good', '$ENVELOPE');
		UPDATE lease SET issued = '$sha', state = 'issued' WHERE envelope = '$ENVELOPE'"
	;;
esac
EOF
chmod 700 "$SB/hook"

meet() { # ALG
	PASSWORD=Pw-$1-7788 ENVELOPE=7000-$1
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_key --label "$1" --pin 246810 --alg "$1" --subject "$SUBJECT"
	sb_envelope "$ENVELOPE" "$PASSWORD"
	OLD_ID=$(pkcs11-tool --module $MODULE -O --type pubkey 2>/dev/null | sed -n 's/ *ID: *//p')
	start_relay
	printf '%s\n' "pin pin 246810" "envelope serial $ENVELOPE" "envelope-password password $PASSWORD" |
		"$SB_TOOLS/visitor" "$CK_BIN/certkiosk-engine" "$SB/peer.conf" \
			'{"do":"renew","system":"sheca-cisweb","way":"on-behalf","clerk":"07"}' - "$SB/hook" \
			>"$SB/visit" 2>"$SB/err"
	is "$1: renewed by openssl cmp" "$? $(tail -n 2 "$SB/visit") $(head -n 3 "$SB/err")" "0 end done "
	is "$1: its certificate, and no other, is on the key" \
		"$(ck keys --json | jq -r 'select(.row).row.entries[].certificate.sha256')" \
		"$(sha256sum "$SB/new.der" | cut -d' ' -f1)"
	ok "$1: under the envelope's password" pkcs11-tool --module $MODULE --login --pin "$PASSWORD" -O --type privkey
	is "$1: two PINs typed, two verified" "$(sb_logins)" 2
	is "$1: the desk has it confirmed" \
		"$(sb_show --arg e "$ENVELOPE" '.leases[] | select(.envelope == $e) | "\(.state) \(.pin)"')" \
		"confirmed changed"
	stop_relay
	is "$1: one request and one confirmation" "$(tail -n 1 "$SB/relay")" 2
	end_mock
}

meet p256
meet rsa2048
