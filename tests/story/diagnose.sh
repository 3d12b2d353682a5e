#!/bin/bash
# How a counter is, asked before a customer finds out: each part told apart when it alone is wrong, what
# will be wrong soon told before, nothing waited for long, no PIN, nothing changed.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
SB_CALL_TIMEOUT_S=5
sb_new
sb_est
export PCSCLITE_CSOCK_NAME=$SB/pcscd
cp "$SB/certkiosk.conf" "$SB/usual.conf"
sb_key --label T1 --pin 123456 --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
sb_envelope E1 98765432
ok "something was renewed here" sb_renew 123456 98765432 E1 --system sheca-cisweb --way on-behalf --clerk 07

usual() { cp "$SB/usual.conf" "$SB/certkiosk.conf"; }
setting() { usual; sed -i "$1" "$SB/certkiosk.conf"; }
diagnose() {
	local began=${EPOCHREALTIME/./}
	ck diagnose --json >"$SB/out"
	RC=$?
	TOOK=$(((${EPOCHREALTIME/./} - began) / 1000))
}
row() { jq -r "select(.row).row | $1" "$SB/out"; }
wrong() { row 'select(.state != "ok") | "\(.part) \(.system // "-") \(.state) \(.error.name // "-")"' | sort | tr '\n' ';'; }
end() { jq -r 'select(.end) | "\(.end) \(.error.name // "-") \(.facts.careful) \(.facts.bad)"' "$SB/out"; }
says() { # NAME WRONG END STATUS
	is "$1" "$(wrong)" "$2"
	is "$1: the end" "$RC $(end)" "$4 $3"
}
kept() { # all that looking must not change
	(cd "$SB" && ls state/locks tokens keys.d systems && cat state/records.db keys.d/* systems/* && find tokens -type f -exec cat {} + &&
		sqlite3 sandbox.db '.dump lease' '.dump envelope' '.dump cert') | sha256sum
}

# ---- all is well ----
sqlite3 "$SB/state/records.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
before=$(kept) logins=$(sb_logins)
diagnose
says "all is well" "" "done - 0 0" 0
is "every part was looked at" "$(row .part | sort | uniq -c | xargs)" "4 ca 1 clock 4 desk 1 keys 1 own-certificate 4 policy 1 readers 1 store"
is "nothing was changed by it" "$(kept)" "$before"
is "no PIN was touched" "$(sb_logins)" "$logins"
is "whose key is in" "$(row 'select(.part == "keys").keys[] | .label + " " + .serial')" "T1 $KEY"
is "our own certificate, and who uses it" "$(row 'select(.part == "own-certificate") | "\(.name) \(.systems | length) \(.days_left > 60)"')" "kiosk-1 4 true"
like "the clocks" "$(row 'select(.part == "clock") | "\(.offset_s) \(.at)"')" '^-?[01] 20.*\+08:00$'
for lang in zh en; do
	ok "in words ($lang)" ck diagnose --lang $lang
	is "a line for each ($lang)" "$(grep -c '^v ' "$SB/said")" 18
done
mv "$SB/state" "$SB/state.aside"
diagnose
is "before the first renewal there is no store" "$(row 'select(.part == "store") | "\(.state) \(.made)"')" "ok false"
ok "and none is made" ! test -e "$SB/state"
mv "$SB/state.aside" "$SB/state"

# ---- this machine ----
free=$(df --output=avail -m "$SB" | tail -n 1)
setting "1i reserve_mb = $((free / 2));"
diagnose
says "the disk is nearly full" "store - careful -;" "done - 1 0" 0
setting "1i reserve_mb = $((free * 2));"
diagnose
says "the disk is full" "store - bad STORE_FULL;" "failed STORE_FULL 0 1" 1
usual
chmod 644 "$SB/state/site.key"
diagnose
says "others can read the site key" "store - bad SITE_KEY;" "failed SITE_KEY 0 1" 1
chmod 600 "$SB/state/site.key"
(
	cd "$SB/pki" || exit
	openssl req -new -key kiosk-1.key -subj /CN=kiosk-1 -out ending.csr &&
		openssl x509 -req -in ending.csr -CA kioskca.pem -CAkey kioskca.key -CAcreateserial -days 20 -out ending.pem
) >"$SB/said" 2>&1
setting 's|pki/kiosk-1.pem|pki/ending.pem|'
diagnose
says "our own certificate ends in 20 days" "own-certificate - careful -;" "done - 1 0" 0
is "how many are left" "$(row 'select(.part == "own-certificate") | "\(.days_left) \(.name)"')" "20 kiosk-1"
like "in words" "$(ck diagnose --lang zh)" '! 本机证书：kiosk-1，有效期到 20.*还有 20 天.*! 可以办理；要留意的有 1 项'
CK_FAULT_CLOCK=$((21 * 86400)) diagnose
is "the day after it" "$(row 'select(.part == "own-certificate" or .part == "clock") | "\(.part) \(.state) \(.error.name)"' | sort | xargs)" \
	"clock bad CLOCK own-certificate bad KIOSK_CERT"
echo nothing >"$SB/pki/ending.pem"
diagnose
like "a file that is none" "$(wrong)" 'own-certificate - bad KIOSK_CERT;'
like "each desk and CA says so, too" "$(wrong)" 'ca sheca-cisweb bad KIOSK_CERT;.*desk sheca-cisweb bad KIOSK_CERT;'
usual
sed -i 's/^retire = .*/retire = "burn";/' "$SB/systems/est.conf"
diagnose
says "the rules of one system" "ca est bad CONFIG;policy est bad CONFIG;" "failed CONFIG 0 2" 1
like "where and why" "$(row 'select(.part == "policy" and .system == "est").error.detail')" 'est.conf:[0-9]*: retire: expected one of'
sed -i 's/^retire = .*/retire = "keep";/' "$SB/systems/est.conf"

# ---- readers and keys ----
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];"
diagnose
says "no reader service where keys need one" "readers - bad READER_SERVICE;" "failed READER_SERVICE 0 1" 1
service
plug add "$R1"
plug add "$R2"
plug mute "$R1"
diagnose
says "a key that does not answer" "readers - careful -;" "done - 1 0" 0
is "which one" "$(row 'select(.part == "readers").readers[] | "\(.reader) \(.key) \(.mute)"' | tr '\n' ';')" "$R1 true true;$R2 false false;"
plug card "$R1|$STRANGE"
rm "$SB/keys.d/softhsm.conf"
diagnose
says "a key without a driver" "keys - careful KEY_UNKNOWN;" "done - 1 0" 0
is "which one" "$(row 'select(.part == "keys").unknown[].reader')" "$R1"
printf '%s\n' '__attribute__((constructor)) static void end(void) { __builtin_trap(); }' >"$SB/crash.c"
gcc -shared -fPIC -o "$SB/crash.so" "$SB/crash.c"
family crash Crasher "$SB/crash.so"
diagnose
is "a driver that ends its process: all else was told before" "$RC $(row .part | sort -u | xargs) $(jq -r 'select(.end).error.name' "$SB/out")" \
	"1 ca clock desk own-certificate policy readers store MODULE_CRASHED"
printf '{"do":"diagnose","readers":false}' >"$SB/order"
"$SB_TOOLS/visitor" "$CK_BIN/certkiosk-engine" "$SB/certkiosk.conf" "$(<"$SB/order")" - >"$SB/said" </dev/null
like "for a front that watches readers itself they are left alone" "$(<"$SB/said")" 'end done'
printf '%s\n' "driver = \"p11\";" >"$SB/keys.d/crash.conf"
diagnose
says "a mistake in keys.d" "keys - bad CONFIG;" "failed CONFIG 0 1" 1
rm "$SB/keys.d/"*.conf
sb_keys_conf
plug die

# ---- the line ----
setting 's|pins = .*|pins = [ "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" ];|'
diagnose
is "a pin that is not the server's: all desks, all CAs" "$(row 'select(.error.name == "TLS_PIN").part' | sort | uniq -c | xargs) $(end)" "4 ca 4 desk failed TLS_PIN 1 8"
is "nobody told the time: not known, not wrong" "$(row 'select(.part == "clock") | "\(.state) \(.offset_s) \(.system)"')" "careful null null"
usual
sb_knob desk.clock 200
diagnose
says "a clock that drifts" "clock $(row 'select(.part == "clock").system') careful -;" "done - 1 0" 0
sb_knob desk.clock -1000
diagnose
is "one that is wrong" "$(row 'select(.part == "clock") | "\(.state) \(.error.name) \(.offset_s < -990)"')" "bad CLOCK true"
sb_knob --clear
sb_knob cmp.status 503
diagnose
says "a CA behind which nobody answers" "ca sheca-cisweb bad CA_NO_ANSWER;" "failed CA_NO_ANSWER 0 1" 1
sb_knob --clear
sb_knob est.cacerts foreign
diagnose
is "CAs that issue under nobody we accept" "$(row 'select(.state == "bad") | .part' | sort | uniq -c | xargs)" "3 ca"
sb_knob --clear
sb_knob desk.refuse.query 'unknown-kiosk:never heard of'
diagnose
is "a desk that does not know us" "$(row 'select(.state == "bad") | "\(.part) \(.error.name)"' | sort | uniq -c | xargs)" "4 desk KIOSK_CERT"
sb_knob --clear
rm "$SB"/systems/est-{envelope,renew}.conf "$SB/systems/est.conf"
for i in $(seq -w 2 16); do cp "$SB/systems/sheca-cisweb.conf" "$SB/systems/also-$i.conf"; done
sb_site_conf
sb_stop
diagnose
is "sixteen systems, nobody there" "$(row 'select(.state == "bad") | "\(.part) \(.error.name)"' | sort | uniq -c | xargs)" "16 ca CA_UNREACHABLE 16 desk DESK_UNREACHABLE"
like "told at once" $((TOOK / 1000)) '^[01]$'
# a server that takes connections and says nothing
perl -MIO::Socket::INET -e '$| = 1; my $s = IO::Socket::INET->new(Listen => 9, LocalAddr => "127.0.0.1"); print $s->sockport, "\n"; sleep 60' >"$SB/mute" &
MUTE=$!
until [ -s "$SB/mute" ]; do sleep 0.01; done
sed -i "s|localhost:$SB_PORT|127.0.0.1:$(<"$SB/mute")|" "$SB/certkiosk.conf"
diagnose
is "sixteen systems, somebody who says nothing" "$(row 'select(.state == "bad") | "\(.part) \(.error.name)"' | sort | uniq -c | xargs)" "16 ca CA_UNREACHABLE 16 desk DESK_UNREACHABLE"
like "he is asked once, and not for long" $((TOOK / 1000)) '^[23]$'
kill $MUTE
for f in "$SB"/systems/also-*.conf; do rm "$f"; done
sb_start
sb_site_conf
sb_knob desk.delay.query 8000
diagnose
says "a desk that takes its time" "clock - careful -;desk sheca-cisweb bad DESK_SLOW;" "failed DESK_SLOW 1 1" 1
like "is not waited for" $((TOOK / 1000)) '^[34]$'
