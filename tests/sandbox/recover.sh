# Sourced by the recover stories, after which one case reads
#
#   fresh; …                       as in refuse.sh; readers are the stand-in's, the key is in $R1
#   pulled NAME RULE…              the shim's rules of the first pull; done when the walk asks for it
#   back [RULE…]                   the same key is in again
#   secrets_later                 a visit that reads its secrets from descriptor 6 as they come
#   settled NAME                   the visit ends done: one pair, one certificate, PINs as typed
#
# A visit of $ORDER runs beside the story; what it says stands in $SB/out.json.
. "$(dirname "${BASH_SOURCE[0]}")/refuse.sh"

. "$(dirname "${BASH_SOURCE[0]}")/readers.sh"
WAIT=20
n_ctl=0

service_up() {
	service
	plug add "$R1"
	plug card "$R1|$ATR"
}
readers() { # once, after sb_new
	export PCSCLITE_CSOCK_NAME=$SB/pcscd
	echo "atr = [ \"$ATR\" ];" >>"$SB/keys.d/softhsm.conf"
	service_up
}

# each ctl is another one, or a key that was yanked would still be out
ctl() { sb_shim "# $((n_ctl += 1))" "reader $R1" "$@"; }

visit() {
	LANGS=json
	: >"$SB/out.json"
	rm -f "$SB"/shim/{logins,calls,held}
	run --json >"$SB/out.json" 7>&- 8<&- &
	VISIT=$!
}
secrets_later() { # the PIN is typed when $SB/typed says so
	mkfifo "$SB/typed"
	SECRETS=()
	ANSWERS=('{"ask":"envelope","serial":"'"$ENVELOPE"'"}')
	printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
	: >"$SB/out.json"
	rm -f "$SB"/shim/{logins,calls}
	ck renew --answers "$SB/answers" --secrets-fd 9 --wait "$WAIT" "${ORDER[@]}" --json \
		9<"$SB/typed" >"$SB/out.json" 7>&- 8<&- &
	VISIT=$!
	exec 6>"$SB/typed"
}
count() { grep -c "$1" "$SB/out.json"; }
until_said() { # PATTERN [N]
	while [ "$(count "$1")" -lt "${2:-1}" ]; do
		kill -0 $VISIT 2>/dev/null || return 1
		sleep 0.01
	done
}
until_held() {
	until [ -e "$SB/shim/held" ]; do
		kill -0 $VISIT 2>/dev/null || return 1
		sleep 0.01
	done
	rm "$SB/shim/held"
}
n_asked=0
asked_back() {
	until_said '"ask":"key-back"' $((n_asked += 1)) && return
	echo "not ok - $CASE: asked for the key"
	tail -n 2 "$SB/out.json" | sed 's/^/#   /'
}
pulled() { # NAME RULE…
	CASE=$1
	shift
	n_asked=0
	ctl "$@"
	visit
	asked_back
}
back() { # RULE…
	ctl "$@"
	plug swap "$R1|$ATR"
}

# does this PIN open it, and does its key sign for its certificate? Not through the kiosk.
signs() { # PIN
	local m=(pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1) id
	local in=(--login --pin env:P)
	id=$(P=$1 "${m[@]}" "${in[@]}" --list-objects --type privkey 2>/dev/null | awk '/ID:/ { print $2 }')
	head -c 32 /dev/urandom >"$SB/digest"
	P=$1 "${m[@]}" "${in[@]}" --sign --id "$id" --mechanism ECDSA --signature-format openssl \
		--input-file "$SB/digest" --output-file "$SB/sig" >/dev/null 2>&1 &&
		"${m[@]}" --read-object --type cert --id "$id" --output-file "$SB/cert" >/dev/null 2>&1 &&
		openssl x509 -inform DER -in "$SB/cert" -out "$SB/cert.pem" &&
		openssl pkeyutl -verify -certin -inkey "$SB/cert.pem" -in "$SB/digest" -sigfile "$SB/sig"
}

# promises 1 to 3
settled() { # NAME
	local rc pin=$PIN sent changes=0
	wait $VISIT
	rc=$?
	sent=$(sb_logins)
	ctl
	[[ ${ORDER[*]} = *on-behalf* ]] && pin=$PASSWORD changes=1
	is "$1: done" "$rc $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "0 null"
	is "$1: one live certificate, no lease and no record open, the certificate alone on the key" \
		"$(sb_show --arg e "$ENVELOPE" '.certificates|map(select(.envelope==$e and .status=="good"))|
			"\(length) \(.[0].sha)"') $(sb_show .counts.open) $(open_records)" \
		"1 $(ck keys --json | jq -r 'select(.row).row.entries|
			if length == 1 then .[0].certificate.sha256 else "\(length) entries" end') 0 0"
	ok "$1: it signs under the right PIN" signs "$pin"
	is "$1: PINs on the wire = PINs typed" "$sent" $(($(count '"say":"unlocked"') + changes))
	[ "$(count '"say":"unlocked"')" -le "$(count '"ask":"\(pin\|unsettled-pin\)"')" ] ||
		echo "not ok - $1: a PIN that was not asked for"
}
