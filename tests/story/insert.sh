#!/bin/bash
# Begun before the key is in: it is asked for, and everything goes on by itself when it comes, over
# readers or not. What a counter's own people have plugged in is not taken for the customer's.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"

sb_new
export PCSCLITE_CSOCK_NAME=$SB/pcscd CK_FAULT_USB=$SB/usb
mkdir "$SB/usb" "$SB/away"
mkfifo "$SB/fifo"
exec 5<>"$SB/fifo" # answers never end: somebody is there

customer() { # LABEL
	sb_key --label "$1" --pin 123456 --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
}
begin() { # OPTION…: a renewal in the background
	ENVELOPE=$((${ENVELOPE:-20261120000370} + 1))
	sb_envelope $ENVELOPE 98765432 --for "$CERT"
	printf '{"ask":"envelope","serial":"%s"}\n' $ENVELOPE >&5
	: >"$SB/out.json"
	"$CK_BIN/certkiosk" renew --config "$SB/certkiosk.conf" --system sheca-cisweb --way on-behalf \
		--clerk 07 --json --answers "$SB/fifo" --secrets-fd 9 "$@" 9< <(printf 'pin 123456\npassword 98765432\n') \
		>"$SB/out.json" 2>"$SB/err" 5>&- 7>&- 8<&- &
	VISIT=$!
}
asks() { jq -r 'select(.ask) | "\(.ask) \(.error.name // "")"' "$SB/out.json" 2>/dev/null; }
asked() { # NAME WHAT: the last question is WHAT in the end
	local i
	for ((i = 0; i < 300; i++)); do
		[ "$(asks | tail -n 1)" = "$2" ] && break
		sleep 0.02
	done
	is "$1" "$(asks | tail -n 1)" "$2"
}
ends() { # NAME STATUS [ERROR]
	wait $VISIT
	is "$1" "$? $(tail -n 1 "$SB/out.json" | jq -r '.error.name // ""')" "$2 ${3:-}"
}
count() { asks | grep -c "$1"; }

# ---- over readers ----
customer T1
rm "$SB/keys.d/softhsm.conf"
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];"
service
plug add "$R1"
begin
asked "no key: one is asked for" "insert-key "
plug card "$R1|$STRANGE"
asked "an unknown one: asked again, and said" "insert-key KEY_UNKNOWN"
plug mute "$R1"
asked "one that does not answer" "insert-key KEY_MUTE"
plug nocard "$R1"
asked "pulled out" "insert-key "
plug add "$R2"
service_killed
asked "the reader service dies" "insert-key READER_SERVICE"
service
plug add "$R1"
asked "and is back" "insert-key "
is "asked anew only for a reason" "$(count insert-key)" 6
sb_shim absent
plug card "$R1|$ATR"
sleep 0.5
is "the right one, which its module does not show yet" "$(count insert-key)" 6
sb_shim ''
ends "and then: it goes on to the end" 0
is "after the key nothing was asked twice" "$(asks | tail -n +7 | xargs)" "pin envelope envelope-password"

plug nocard "$R1"
begin
asked "stopped while it waits: asked" "insert-key "
kill -TERM $VISIT
ends "stopped while it waits" 4 STOPPED
begin
asked "nobody has one: asked" "insert-key "
echo '{"ask":"insert-key"}' >&5
ends "nobody has one" 4 NO_KEY
begin --key 0123456789abcdef
asked "another one is meant: none" "insert-key "
plug card "$R1|$ATR"
asked "another one is meant: not this" "insert-key OTHER_KEY"
echo '{"ask":"insert-key"}' >&5
ends "another one is meant" 4 OTHER_KEY
start=$SECONDS
ok "with nobody to put one in nothing waits" ! ck status --json --key 0123456789abcdef
ok "at all" test $((SECONDS - start)) -le 3

# ---- at a terminal ----
terminal() { # in the background; what is typed comes by descriptor 6
	: >"$SB/screen"
	script -qfec "$CK_BIN/certkiosk status --lang en --config $SB/certkiosk.conf" "$SB/screen" \
		<"$SB/keyboard" >/dev/null 2>&1 5>&- 7>&- 8<&- &
	VISIT=$!
	exec 6>"$SB/keyboard"
}
shown() { # NAME TEXT
	local i
	for ((i = 0; i < 300; i++)); do
		grep -q "$2" "$SB/screen" && break
		sleep 0.02
	done
	ok "$1" grep -q "$2" "$SB/screen"
}
mkfifo "$SB/keyboard"
plug nocard "$R1"
terminal
shown "at a terminal: asked for" 'Insert the key'
plug card "$R1|$STRANGE"
shown "an unknown one is named" '3B:9F:95'
plug card "$R1|$ATR"
wait $VISIT
is "and it goes on by itself" $? 0
like "with what was asked" "$(<"$SB/screen")" 'the CA says: good'
exec 6>&-
plug nocard "$R1"
terminal
shown "at a terminal without a key" 'Insert the key'
echo >&6
wait $VISIT
is "Enter goes on without" $? 4
exec 6>&-

# ---- keys that no reader tells of ----
service_killed
rm -r "$SB/tokens/"* "$SB/keys.d/"*
SB_CALL_TIMEOUT_S=2 sb_keys_conf
customer T2
mv "$SB/tokens/"* "$SB/away"
begin
asked "no reader service is needed" "insert-key "
mv "$SB/away/"* "$SB/tokens"
ends "a key that came without a reader" 0
is "was not asked for twice" "$(count insert-key)" 1
mv "$SB/tokens/"* "$SB/away"
begin
asked "a module that hangs while it waits: asked" "insert-key "
sb_shim 'slow 60000'
ends "a module that hangs while it waits" 1 MODULE_HUNG
sb_shim ''

# ---- two keys, and a clerk's ----
rm -rf "$SB/away/"* "$SB/tokens/"*
service
plug add "$R1"
plug card "$R1|$ATR"
customer T3
own=$CERT own_key=$KEY own_dir=$(ls "$SB/tokens")
customer T4
begin
asked "two keys: which one?" "key "
mv "$SB/tokens/$own_dir" "$SB/away"
plug nocard "$R1"
ends "one was pulled: the other is meant" 0
rm -r "$SB/tokens/"*
mv "$SB/away/$own_dir" "$SB/tokens"
sed -i "s/id = \"08\";/& certificates = [ \"$own\" ];/" "$SB/certkiosk.conf"
customer T5
begin
ends "beside a clerk's own key" 0
is "nobody was asked which" "$(count key)" 0
is "the customer's was meant" "$(jq -r 'select(.say == "key-found").facts.label' "$SB/out.json")" T5
for dir in "$SB/tokens/"*; do [ "${dir##*/}" = "$own_dir" ] || rm -r "$dir"; done
begin
asked "a clerk's own key alone" "insert-key "
echo '{"ask":"insert-key"}' >&5
ends "is not offered" 4 NO_KEY
ok "unless it is the one that is meant" ck status --json --key "$own_key"
