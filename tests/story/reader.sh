#!/bin/bash
# Readers that come and go, over a stand-in for pcscd and the real libpcsclite: what a watch tells,
# which module is loaded for which key, and what is said when there is no service or no right to it.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"

MASKED=3B7F96000080318065B08503FFEF120FFE829000
SB_WAIT_ROW_S=6

watch() { # begins; rows in $ROWS
	ROWS=$SB/watch.json
	: >"$ROWS"
	# with nobody before a terminal, and signals as a shell in front would leave them
	"$CK_BIN/certkiosk" keys --watch --json --config "$SB/certkiosk.conf" >"$ROWS" 2>"$SB/watch.err" \
		7>&- 8<&- &
	WATCH=$!
}
watch_ends() {
	kill -TERM $WATCH
	wait $WATCH
	WATCH_RC=$?
}
rows() { jq -r "select(.row) | .row | $1" "$ROWS" 2>/dev/null; }
count() { grep -c "\"event\":\"$1\"" "$ROWS"; }
until_seen() { # EVENT N
	local end=$((SECONDS + SB_WAIT_ROW_S))
	while [ "$(count "$1")" -lt "$2" ]; do
		[ $SECONDS -gt $end ] && return 1
		sleep 0.02
	done
}
seen() { ok "$1" until_seen "$2" "$3"; }
events() { rows .event | tr '\n' ' '; }
engine_of() { pgrep -P "$1" certkiosk-engi; }
fds() { find "/proc/$1/fd" -mindepth 1 | wc -l; }
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }
switches() { awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$1"/task/*/status; }

# freed memory that a sanitizer keeps back is not what grows here
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}quarantine_size_mb=0:thread_local_quarantine_size_kb=0

sb_new
export PCSCLITE_CSOCK_NAME=$SB/pcscd CK_FAULT_USB=$SB/usb
mkdir "$SB/usb"
sb_key --label T1 --pin 123456 --usage sign --alg p256 --not-before -351d --not-after +14d \
	--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'

# ---- without any service ----
ok "keys of a family that needs no reader, without a service" ck keys --json
is "it is listed" "$(jq -r 'select(.row).row.serial' "$SB/said")" "$KEY"
rm "$SB/keys.d/softhsm.conf"
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];" \
	'atr_mask = [ "FFFFFFFFFFFFFFFFFFFFFFFF00FFFFFFFFFFFFFF" ];'
ok "a family that needs readers, without a service" ! ck keys --json
is "it is named" "$(jq -r .error.name "$SB/said" | tail -n 1)" READER_SERVICE
service
plug refuse yes
ok "the service refuses" ! ck keys --json
is "that is named" "$(jq -r .error.name "$SB/said" | tail -n 1)" READER_DENIED
like "and which rule is missing" "$(jq -r .error.detail "$SB/said" | tail -n 1)" \
	org.debian.pcsc-lite.access_pcsc
for lang in zh en; do
	ok "in words ($lang)" ! ck keys --lang $lang
	like "with what to do ($lang)" "$(<"$SB/said")" polkit-1/rules.d
done
sb_keys_conf
ok "a family that needs no reader, refused readers" ck keys --json
is "its key is listed" "$(jq -r 'select(.row).row.family' "$SB/said")" SoftHSM2
rm "$SB/keys.d/softhsm.conf"
plug refuse no

# ---- which module ----
ok "readers empty: no key" ck keys --json
is "no module was loaded" "$(jq -c 'select(.row)' "$SB/said")" ""
plug add "$R1"
plug card "$R1|$MASKED"
family crash Crasher "$SB/crash.so" "atr = [ \"$STRANGE\" ];" 'reader = [ "Longmai*" ];'
# a module that ends the process that loads it
printf '%s\n' '__attribute__((constructor)) static void end(void) { __builtin_trap(); }' >"$SB/crash.c"
gcc -shared -fPIC -o "$SB/crash.so" "$SB/crash.c"
ok "an ATR under its mask" ck keys --json
is "picks its family, and no other module" "$(jq -r 'select(.row).row.family' "$SB/said")" mToken
plug card "$R1|$STRANGE"
ok "the other family's ATR" ! ck keys --json
is "loads the other's module (which crashes)" "$(jq -r 'select(.end).error.name' "$SB/said")" \
	MODULE_CRASHED
family crash Crasher "$SB/crash.so" 'usb = [ "dead:beef" ];'
ok "a key that no family knows" ! ck keys --json
is "is told apart" "$(jq -r 'select(.end).error.name' "$SB/said")" KEY_UNKNOWN
like "with its ATR and reader" "$(jq -r 'select(.end).error.detail' "$SB/said")" \
	"3B:9F:95.*:0B, $R1\$"
mkdir -p "$SB/usb/1-1" "$SB/usb/1-1:1.0"
echo 055c >"$SB/usb/1-1/idVendor" && echo e618 >"$SB/usb/1-1/idProduct"
echo 'mToken' >"$SB/usb/1-1/product" && echo 0b >"$SB/usb/1-1:1.0/bInterfaceClass"
ok "one on the USB" ! ck keys --json
is "with its id" "$(jq -r 'select(.row.unknown).row.unknown.usb' "$SB/said")" 055c:e618
for lang in zh en; do
	ok "an unknown key in words ($lang)" ! ck keys --lang $lang
	like "with its ATR ($lang)" "$(<"$SB/said")" '3B:9F:95.*055c:e618.*keys\.d'
done
sb_renew 123456 98765432 20261120000371 --system sheca-cisweb --way on-behalf --clerk 07 --json \
	>"$SB/out.json"
is "a renewal of an unknown key is refused" "$?" 4
is "a renewal names it" "$(tail -n 1 "$SB/out.json" | jq -r .error.name)" KEY_UNKNOWN
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];" 'reader = [ "Longmai*" ];'
ok "an unknown ATR in a known reader" ck keys --json
is "is the reader's family" "$(jq -r 'select(.row).row.family' "$SB/said")" mToken
family mtoken mToken "$SB_MODULE" 'usb = [ "055C:E618" ];'
ok "an unknown ATR in a reader known on the USB" ck keys --json
is "is that device's family" "$(jq -r 'select(.row).row.family' "$SB/said")" mToken
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];" 'reader = [ "Longmai*" ];'
plug mute "$R1"
for lang in zh en; do
	ok "a key that does not answer ($lang)" ! ck keys --lang $lang
	like "with its reader ($lang)" "$(<"$SB/said")" "$R1"
done
ok "it is nobody's" ! ck keys --json
is "and named" "$(jq -r 'select(.end).error.name' "$SB/said")" KEY_MUTE
plug nocard "$R1"
family mtoken mToken "$SB_MODULE" 'usb = [ "055C:E618" ];'
ok "a key that only the USB sees" ck keys --json
is "is its family's" "$(jq -r 'select(.row).row.family' "$SB/said")" mToken
rm -r "$SB/usb/1-1"
ok "pulled out" ck keys --json
is "it is nobody's" "$(jq -c 'select(.row)' "$SB/said")" ""

# ---- one key, two modules ----
cp "$SB_MODULE" "$SB/twin.so"
family a-first First "$SB_MODULE"
family b-twin Twin "$SB/twin.so"
ok "a key that two modules show" ck keys --json
is "is one key" "$(jq -r 'select(.row).row.family' "$SB/said")" First
sb_key --label T2 --pin 123456 --usage sign --alg p256 --not-before -351d --not-after +14d \
	--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
ok "two keys that two modules show" ck keys --json
is "are two keys" "$(jq -r 'select(.row).row.serial' "$SB/said" | sort -u | wc -l) $(jq -r \
	'select(.row).row.family' "$SB/said" | xargs)" "2 First First"
rm "$SB/keys.d/"*.conf
rm -r "$SB/tokens/"*
sb_key --label T3 --pin 123456 --usage sign --alg p256 --not-before -351d --not-after +14d \
	--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];"

# ---- the watch ----
watch
seen "the watch begins with the reader that is there" reader-in 1
plug card "$R1|$ATR"
seen "a key comes" card-in 1
seen "and is read" key 1
is "by its serial" "$(rows 'select(.event == "key").serial' | tail -n 1)" "$KEY"
is "with its certificate" "$(rows 'select(.event == "key").entries[0].certificate.sha256')" "$CERT"
plug nocard "$R1"
seen "a key goes" card-out 1
plug add "$R2"
seen "a reader comes" reader-in 2
plug card "$R2|$STRANGE"
seen "an unknown key comes" unknown 1
plug swap "$R2|$STRANGE"
seen "a quick swap: out" card-out 2
seen "a quick swap: in" card-in 3
plug blip "$R1"
seen "a key that was in for a moment" card-passed 1
plug mute "$R1"
seen "one that does not answer" card-mute 1
plug del "$R2"
seen "a reader goes, and the key in it" reader-out 1
is "the key went with it, once each" "$(count card-out)" 3
ENGINE=$(engine_of $WATCH)
before=$(switches "$ENGINE")
sleep 3
after=$(switches "$ENGINE")
ok "it sleeps while nothing happens ($((after - before)) switches in 3 s)" test $((after - before)) -le 4

# ---- a module that shows its key later than the reader does ----
keys_seen=$(count key)
sb_shim absent
plug card "$R1|$ATR"
sleep 0.6
is "a key that its module does not show yet" "$(count key) $(count trouble)" "$keys_seen 0"
sb_shim ''
seen "and shows then" key $((keys_seen + 1))
plug nocard "$R1"
sb_shim absent
plug card "$R1|$ATR"
seen "one that it never shows" trouble 1
is "is none" "$(rows 'select(.event == "trouble").error.name')" NO_KEY
plug nocard "$R1"
sb_shim ''

# ---- the service dies and is back ----
plug card "$R1|$ATR"
until_seen key 3
service_killed
seen "the service is gone" service-gone 1
until_seen reader-out 2
service
back=$SECONDS
plug add "$R1"
plug card "$R1|$ATR"
seen "the service is back" service-up 2
ok "within 3 s" test $((SECONDS - back)) -le 3
seen "its key comes in anew" key 4
gone_in_order() { [[ $(events) == *"card-out reader-out service-gone service-up reader-in card-in"* ]]; }
ok "out before in" gone_in_order || rows 'select(.event == "service-gone") | "# \(.error)"'

# ---- names as long and as odd as they come, the longest ATR ----
LONG=$(printf 'N%.0s' {1..127}) ODD=$'Od\033[2Jd\007 \xff\xfe 读卡器'
LONGEST=3B$(printf 'EF%.0s' {1..32})
plug add "$LONG"
plug card "$LONG|$LONGEST"
plug add "$ODD"
plug card "$ODD|$STRANGE"
named() { [ "$(rows "select(.event == \"unknown\") | .unknown | \"\(.reader)|\(.atr)\"" | grep -cE "$1")" -gt 0 ]; }
wait_named() { for ((i = 0; i < 300; i++)); do named "$1" && return; sleep 0.02; done; return 1; }
ok "a reader's name of 127 bytes, an ATR of 33" wait_named "^$LONG\|3B(:EF){32}\$"
ok "a name with commands for a terminal" wait_named '^Od.*d.*读卡器\|'
is "nothing of which is left" "$(grep -cP '\x1b|\x07|\\u001[bB]|\\u0007' "$ROWS")" 0
plug del "$ODD"
plug del "$LONG"

# ---- as many readers as the service can have ----
more=$((16 - 1)) had=$(count reader-in) gone=$(count service-gone)
for ((i = 0; i < more; i++)); do plug add "Reader $i"; done
seen "sixteen readers" reader-in $((had + more))
plug card "Reader 14|$STRANGE"
ok "the last of them is watched" wait_named '^Reader 14\|'
is "the service did not mind" "$(count service-gone)" "$gone"
had=$(count reader-out)
for ((i = 0; i < more; i++)); do plug del "Reader $i"; done
seen "and one again" reader-out $((had + more))

# ---- a thousand keys ----
was_in=$(count reader-in)
plug add "$R2"
until_seen reader-in $((was_in + 1))
known=$(count unknown)
plug cycle "$R2|$STRANGE|100"
until_seen unknown $((known + 100))
fds_before=$(fds "$ENGINE") rss_before=$(rss "$ENGINE")
SB_WAIT_ROW_S=30
plug cycle "$R2|$STRANGE|1000"
until_seen unknown $((known + 1100))
seen "the last of a thousand keys went" card-out $(($(count card-in) - 1))
thousand() { rows "select(.reader == \"$R2\" and (.event | startswith(\"card\"))) | .event" | tail -n 2200; }
is "a thousand keys came and went, each told, in order" \
	"$(thousand | uniq -c | awk '{ print $1, $2 }' | sort | uniq -c | xargs)" \
	"1100 1 card-in 1100 1 card-out"
is "no descriptor more" "$(fds "$ENGINE")" "$fds_before"
grown=$(($(rss "$ENGINE") - rss_before))
# one page more for each key would be 4000
ok "no memory more ($grown KiB)" test $grown -lt 512
plug cycle "$R1|$ATR|1"
watch_ends
is "an interrupted watch is done" "$WATCH_RC" 0
is "its last line" "$(tail -n 1 "$ROWS" | jq -r .end)" done
is "no engine is left" "$(pgrep -f "certkiosk-engine.*$SB/" | wc -l)" 0
echo "# insert to key on screen: $(rows 'select(.event == "key").after_ms' | xargs) ms"

# ---- in words, and where nothing answers ----
for lang in zh en; do
	plug card "$R1|$ATR"
	plug card "$R2|$STRANGE"
	"$CK_BIN/certkiosk" keys --watch --lang $lang --config "$SB/certkiosk.conf" \
		>"$SB/text" 2>&1 7>&- 8<&- &
	WATCH=$!
	told() { grep -qs "$KEY" "$SB/text" && grep -q 'dead\|3B:9F' "$SB/text"; }
	for ((i = 0; i < 300; i++)); do told && break; sleep 0.02; done
	ok "the watch in words ($lang): the key and the stranger" told
	like "reader and ATR ($lang)" "$(<"$SB/text")" "$R2.*3B:9F:95"
	watch_ends
	is "interrupted ($lang)" "$WATCH_RC" 0
done
plug refuse yes
watch
seen "refused while watching" service-gone 1
is "by name" "$(rows 'select(.event == "service-gone").error.name')" READER_DENIED
plug refuse no
seen "allowed meanwhile" service-up 1
seen "its key is read" key 1
watch_ends
service_killed
watch
seen "no service" service-gone 1
is "told by name" "$(rows 'select(.event == "service-gone").error.name')" READER_SERVICE
watch_ends
is "stopped without one" "$WATCH_RC" 0
service 9
ok "a service of another protocol" ! ck keys --json
is "is none" "$(jq -r 'select(.end).error.name' "$SB/said")" READER_SERVICE
service_killed
# a driver that ends its process, while watched
family mtoken mToken "$SB/crash.so" "atr = [ \"$ATR\" ];"
service
plug add "$R1"
plug card "$R1|$ATR"
watch
wait $WATCH
is "a driver that crashes ends the watch" "$?" 1
is "and is named" "$(tail -n 1 "$ROWS" | jq -r .error.name)" MODULE_CRASHED
plug die
