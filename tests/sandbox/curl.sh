# Sourced after lib.sh: the desk spoken to by curl, jq and openssl alone, as core/ca/PROTOCOL.desk has it.
#
#   $SYSTEM                    of every request
#   desk CALL BODY [KEY] [KIOSK]    the answer in $SB/reply, HTTP status in $status
#   field FILTER               of the answer, without the dot
#   refused NAME CODE
#   use_key LABEL              the token of that label, and its key, sign from now on
#   prove_key [KIOSK]          sets $proof
#   with_lease CALL [FIELDS]   about $LEASE, with more in jq's spelling
MODULE=/usr/lib/softhsm/libsofthsm2.so
PIN=123456

# desk CALL BODY [KEY] [KIOSK]: the answer in $SB/reply, HTTP status in $status
desk() {
	local key=${3:-story-$SRANDOM-$SRANDOM} kiosk=${4:-kiosk-1}
	status=$(printf %s "$2" | curl -sS -o "$SB/reply" -w '%{http_code}' --max-time "${PATIENCE:-10}" --cacert "$SB/trust/tls.pem" \
		--pinnedpubkey "$(<"$SB/trust/pin")" --cert "$SB/pki/$kiosk.pem" --key "$SB/pki/$kiosk.key" \
		-H 'Content-Type: application/json' -H "Idempotency-Key: $key" --data-binary @- \
		"$SB_DESK_URL/desk/v1/$1" 2>"$SB/curl.err")
	curl_status=$?
}
field() { jq -r ".$1" "$SB/reply"; }
refused() { # NAME CODE
	is "$1" "$(field code)" "$2"
}
json() { jq -nc "$@"; }
hex() { od -An -v -tx1 | tr -d ' \n'; }

certificate() { base64 -w0 <"$CERT_FILE"; }

# the bytes that are signed (section 4): words, kiosk, challenge, hash of the certificate
proof_bytes() { # KIOSK CHALLENGE
	printf 'certkiosk key proof v1\0%s\0' "$1"
	base64 -d <<<"$2"
	openssl dgst -sha256 -binary <"$CERT_FILE"
}
use_key() {
	LABEL=$1
	KEY_ID=$(pkcs11-tool --module $MODULE --token-label "$LABEL" -O --type cert 2>/dev/null |
		sed -n 's/ *ID: *//p')
}
sign_p256() {
	openssl dgst -sha256 -binary >"$SB/digest"
	pkcs11-tool --module $MODULE --token-label "$LABEL" --login --pin env:PIN --sign -m ECDSA \
		--signature-format openssl --id "$KEY_ID" -i "$SB/digest" -o "$SB/signature" \
		>/dev/null 2>&1
	base64 -w0 <"$SB/signature"
}
export PIN

prove_key() { # [KIOSK]: sets proof
	local kiosk=${1:-kiosk-1} challenge body
	desk challenge "$(json --arg s $SYSTEM --arg c "$(certificate)" '{system:$s,certificate:$c}')" \
		'' "$kiosk"
	challenge=$(field challenge)
	body=$(json --arg s $SYSTEM --arg c "$(certificate)" --arg x "$challenge" \
		--arg g "$(proof_bytes "$kiosk" "$challenge" | sign_p256)" \
		'{system:$s,certificate:$c,challenge:$x,signature:$g}')
	desk key-proof "$body" '' "$kiosk"
	proof=$(field proof)
}

with_lease() { # CALL [JQ-FIELDS]
	desk "$1" "$(json --arg l "$LEASE" "{lease:\$l${2:+,$2}}")"
}
