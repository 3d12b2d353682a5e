# Sourced after lib.sh and readers.sh: a counter with two readers, and customers who come.
#
#   counter_new OPTION…       sb_new, and readers R1 (the customer's) and R2
#   counter_clerk             clerk 07 has a key (PIN $CLERK_PIN) and a passphrase ($CLERK_WORD)
#   customer NAME OPTION…     a customer's key, in no reader yet; ${SERIAL[NAME]}, ${CERTS[NAME]};
#                             $CUSTOMER_SUBJECT's, which ends in 14 days, PIN $PIN
#   envelope                  one more password envelope: $ENVELOPE, password $PASSWORD
#   comes NAME, goes          the customer's key into R1, and out
#   clerk_comes, clerk_goes   the clerk's into R2, and out

PIN=123456 PASSWORD=60713942 ENVELOPE=88880000 CLERK_PIN=778899 CLERK_WORD='correct horse seven'
CUSTOMER_SUBJECT='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
declare -A SERIAL=() CERTS=()

counter_new() {
	sb_new "$@"
	export PCSCLITE_CSOCK_NAME=$SB/pcscd CK_FAULT_USB=$SB/usb
	mkdir "$SB/usb"
	family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];" "call_timeout_s = ${SB_CALL_TIMEOUT_S:-10};"
	rm "$SB/keys.d/softhsm.conf"
	seats
	service
	plug add "$R1"
	plug add "$R2"
}
counter_clerk() {
	local line
	customer 李柜员 --issuer new --pin $CLERK_PIN --alg p256 --subject '/C=CN/O=沙箱受理点/CN=李柜员'
	line=$(printf 'passphrase %s\nagain %s\n' "$CLERK_WORD" "$CLERK_WORD" | ck clerk-word --secrets-fd 0)
	sed -i "s#id = \"07\";#& certificates = [ \"${CERTS[李柜员]}\" ]; $line#
		1i clerk_issuers = \"trust/issuers.pem\"; clerk_passphrase = true;" "$SB/certkiosk.conf"
}
customer() {
	local name=$1
	shift
	sb_key --label "$name" --pin $PIN --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject "$CUSTOMER_SUBJECT" "$@" || echo "not ok - a key for $name was made"
	SERIAL[$name]=$KEY CERTS[$name]=$CERT
}
envelope() {
	ENVELOPE=$((ENVELOPE + 1))
	sb_envelope $ENVELOPE $PASSWORD
}
comes() { key_in "$R1" "${SERIAL[$1]}"; }
goes() { key_out "$R1"; }
clerk_comes() { key_in "$R2" "${SERIAL[李柜员]}"; }
clerk_goes() { key_out "$R2"; }
