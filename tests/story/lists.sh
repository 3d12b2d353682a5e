#!/bin/bash
# What a clerk's desk lists: what each system says of a key that is put in, before any PIN; records found
# by whatever a customer brings; the day's figures; the ledger; how the counter itself is. Names are
# opened only for who asks for them, nothing is changed by looking, and nothing takes long.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
SB_ANSWER_S=5 SB_CALL_TIMEOUT_S=5
sb_new
pin=Old-4471 password=Env-9038 n=0
ORG=上海某某科技有限公司
conf=$SB/systems/sheca-cisweb.conf
cp "$conf" "$SB/sheca.conf"
sql() { sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "$1"; }

fresh() { # LABEL SUBJECT [KEY-OPTION…]: another key in, and its envelope
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1)) envelope=2026112000037$n
	sb_key --label "$1" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$2" "${@:3}"
	sb_envelope "$envelope" $password --for "$CERT"
}
renew() { sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk "$1" --json >"$SB/out" 2>&1; }
records() { ck records --json "$@" >"$SB/found"; }
found() { jq -r 'select(.row).row.record' "$SB/found" | sort | xargs; }
row() { jq -r "select(.row).row | $1" "$SB/found"; }
end() { jq -r "select(.end) | $1" "$SB/found"; }
newest() { ck records --all --last 1 --json | jq -r '.row.record // empty'; }

# ---- one record in each state ----
fresh DONE-KEY "/C=CN/O=$ORG/CN=$ORG"
ok "one is done" renew 07
done=$(newest) done_serial=$KEY done_envelope=$envelope
sed -i 's/^keep_private_days = .*/keep_private_days = 0;/' "$conf"
fresh WIPED-KEY '/C=CN/CN=王五'
ok "one is done and wiped" renew 08
wiped=$(newest) wiped_serial=$KEY wiped_envelope=$envelope
fresh 'ABANDONED KEY' '/C=CN/CN=赵六'
CK_FAULT_AT=install renew 08
abandoned=$(newest)
ok "one is given up" ck abandon "$abandoned" --clerk 08 --secrets-fd 9 --json 9<<<"pin $pin"
fresh REFUSED-KEY '/C=CN/CN=孙七'
sb_renew $pin $password NO-SUCH-ENVELOPE --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>&1
refused=$(newest)
fresh PARKED-KEY '/C=CN/CN=张三丰'
sb_knob cmp.waiting 99
sb_knob cmp.check-after 7200
renew 07
sb_knob --clear
parked=$(newest) parked_serial=$KEY
hostile=$(printf '张\033[31m三\342\200\256%%_')
fresh OPEN-KEY "/C=CN/CN=$hostile"
CK_FAULT_AT=confirm renew 07
open=$(newest) open_serial=$KEY open_envelope=$envelope
records --all --names
is "what there is" "$(row '"\(.state) \(.name) \(.key_label)"' | tr '\n' ';' | tr -d '\000-\037')" \
	"open 张$(printf '\357\277\275')[31m三%_ OPEN-KEY;parked 张三丰 PARKED-KEY;refused null null;abandoned null null;done null null;done $ORG DONE-KEY;"
is "and the serials that are still known" "$(row '.key_serial // "-"' | xargs)" "$open_serial $parked_serial - - - $done_serial"
records
is "without names nobody is told any" "$(row 'keys | map(select(. == "name" or . == "key_label" or . == "key_serial")) | length' | xargs)" "0 0"

# ---- a search by each ----
sed 's/kiosk = "kiosk-1"/kiosk = "kiosk-2"/' "$SB/certkiosk.conf" >"$SB/second.conf"
foreign=$(SB_CONF=$SB/second.conf ck records --json | jq -r "select(.row.record == \"$parked\").row.slip")
slip=$(ck records --json | jq -r "select(.row.record == \"$parked\").row.slip")
while IFS='|' read -r what text want; do
	records --search "$text"
	is "by $what" "$? $(found)" "0 $want"
done <<-EOF2
	number|$wiped|$wiped
	number in small letters|$(tr CK ck <<<"$wiped")|$wiped
	number in wide ones|$(sed 's/-/－/g; s/CK/ＣＫ/' <<<"$done")|$done
	part of a number|${refused: -6}|$refused
	slip|$slip|$parked
	slip of another counter|$foreign|
	key's serial|$open_serial|$open
	part of a serial|${done_serial:3:9}|$done
	serial, blanks around|  $parked_serial |$parked
	serial of one that was wiped|$wiped_serial|
	key's label|parked-key|$parked
	part of a label|EN-KE|$open
	label of three letters|KEY|
	envelope|$open_envelope|$open
	envelope of a closed one|$done_envelope|$done
	envelope of one that was wiped|$wiped_envelope|
	part of an envelope|${open_envelope:3}|
	name, not asked for|$ORG|
	pattern|%|
EOF2
while IFS='|' read -r text want; do
	records --search "$text" --names
	is "by name: $text" "$? $(found)" "0 $want"
done <<-EOF2
	$ORG|$done
	某某|$done
	张|$(printf '%s\n' "$parked" "$open" | sort | xargs)
	张三丰|$parked
	%_|$open
	王五|
	赵六|
EOF2
records --search "${slip%?}$(tr A-Y B-Z <<<"${slip: -1}")" # digits stay: then nothing is wrong with it
like "a slip that was misread" "$(end '.end + " " + (.error.name // "-")')" '^(failed SLIP_WRONG|done -)$'
ok "nothing to search for is a mistake" ! ck records --search ' ' --json
is "of whoever typed it" "$(jq -r 'select(.end).end' "$SB/said")" usage
records --all --last 2
is "the newest two, and that there are more" "$(found) $(end '.facts | "\(.records) \(.more)"')" "$(printf '%s\n' "$parked" "$open" | sort | xargs) 2 true"
records --search CK-20 --last 9
is "all by part of their numbers, and no more" "$(row .record | wc -l) $(end .facts.more)" "6 false"
for lang in zh en; do
	ck records --search 张 --names --lang $lang >"$SB/text"
	is "a hostile name in words ($lang)" "$? $(grep -c '张.*三%_' "$SB/text")" "0 1"
	ok "moves nothing on the screen ($lang)" ! grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xe2\x80[\x8b-\x8f\xaa-\xae]' "$SB/text"
done
sql "UPDATE fact SET value = zeroblob(60) WHERE name = 'holder' AND record = (SELECT id FROM record WHERE number = '$parked')"
records --names
is "a name that is damaged is read from the certificate, the others are listed, and it is said" "$(row '.name != null' | xargs) $(end '.end + " " + .error.name')" "true true failed STORE_DAMAGED"
sql "DELETE FROM fact WHERE name = 'holder' AND record = (SELECT id FROM record WHERE number = '$parked')"
records --search 张三丰 --names
is "a record of an earlier version is found by its certificate" "$(found)" "$parked"

# ---- the day's figures, over midnight in China ----
at() { date -d "$1" +%s; }
closed() { # NUMBER OPENED CLOSED
	sql "UPDATE record SET opened = $(at "$2"), touched = $(at "$3"), closed = $(at "$3") WHERE number = '$1';
		UPDATE line SET at = $(at "$3") WHERE record = (SELECT id FROM record WHERE number = '$1')"
}
report() { ck report --json "$@" >"$SB/found"; }
figures() { end '.facts | "\(.done) \(.parked) \(.abandoned) \(.refused) \(.open) \(.total) \(.minutes_median)"'; }
closed "$done" '2026-11-18 23:50:00 +0800' '2026-11-18 23:59:59 +0800'
closed "$wiped" '2026-11-18 23:58:00 +0800' '2026-11-19 00:00:00 +0800'
closed "$abandoned" '2026-11-19 08:00:00 +0800' '2026-11-19 23:59:59 +0800'
closed "$refused" '2026-11-20 00:00:00 +0800' '2026-11-20 00:00:01 +0800'
report --day 2026-11-18
is "a day that ends at midnight" "$? $(figures)" "0 1 0 0 0 1 2 10"
is "each as it was then" "$(row '"\(.record) \(.outcome) \(.state)"' | xargs)" "$wiped open done $done done done"
is "by the hour" "$(end '.facts.by_hour | "\(length) \(add) \(.[23])"')" "24 1 1"
report --day 2026-11-19
is "and the one that begins there" "$(figures)" "1 0 1 0 0 2 2"
is "in its first hour" "$(end '.facts.by_hour[0]')" 1
report --day 2026-11-19 --clerk 08
is "of one clerk" "$(figures)" "1 0 1 0 0 2 2"
report --day 2026-11-19 --clerk 07
is "of another" "$(figures)" "0 0 0 0 0 0 null"
report
is "of today" "$(figures)" "0 1 0 0 1 2 null"
ok "a day that is none" ! ck report --day 2026-02-30
for lang in zh en; do
	like "in words ($lang)" "$(ck report --day 2026-11-19 --lang $lang | tr '\n' ' ')" "$wiped.*00( 点|:00)  #{40} 1"
done

# ---- the ledger ----
lines=$(sql 'SELECT max(seq) FROM ledger')
ck ledger show --last 2 --json >"$SB/found"
is "the last lines, newest first" "$? $(row .seq | xargs) $(row .record | sort -u)" "0 $lines $((lines - 1)) $open"
is "as they stand there" "$(row .text | tail -n 1)" "$(sql "SELECT text FROM ledger WHERE seq = $((lines - 1))")"
is "without saying how many: a screen full" "$(ck ledger show --json | grep -c '"row"')" "$((lines < 50 ? lines : 50))"
like "in words" "$(ck ledger show --lang zh --last 1)" "^ *$lines  20.*$open .*"
ok "none of them is a mistake" ! ck ledger show --last 0

# ---- a key is put in ----
SYSTEMS=16
mkdir "$SB/aside"
for i in $(seq -w 2 $SYSTEMS); do sed "s/^title = .*/title = \"第 $i 家\";/" "$SB/sheca.conf" >"$SB/systems/also-$i.conf"; done
sed -i 's/^unique_id = .*/unique_id = "2.5.4.5";/' "$conf"
sed -i 's/^authorise = .*/authorise = "key";/; s/on_behalf = "envelope"/on_behalf = "stays"/; s/^ways = .*/ways = [ "self" ];/; s/^serves = .*/serves = [ "person" ];/' "$SB/systems/also-02.conf"
sb_site_conf
mv "$SB/state" "$SB/aside/state"
mkdir -m 700 "$SB/state"
export PCSCLITE_CSOCK_NAME=$SB/pcscd
family mtoken mToken "$SB_MODULE" "atr = [ \"$ATR\" ];"
rm "$SB/keys.d/softhsm.conf"
WATCHED=$SB/watch.json
watch() {
	: >"$WATCHED"
	"$CK_BIN/certkiosk" keys --watch --json --config "$SB/certkiosk.conf" >"$WATCHED" 2>"$SB/watch.err" 7>&- 8<&- &
	WATCH=$!
}
watch_ends() { kill $WATCH; wait $WATCH; }
seen() { # EVENT N: waits until there are so many
	for _ in $(seq 300); do
		[ "$(grep -c "\"event\":\"$1\"" "$WATCHED")" -ge "$2" ] && return
		sleep 0.02
	done
	echo "not ok - $1 was not seen"
}
key_row() { jq -r "select(.row.event == \"key\").row | $1" "$WATCHED"; }
last_key() { key_row "$1" | tail -n 1; }
rm -rf "$SB"/tokens/* "$SB"/shim/*
sb_key --label OFFERS --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "/C=CN/O=$ORG/serialNumber=001120438184130111/CN=$ORG"
good=$CERT
sb_key --label OFFERS --second --serial "$KEY" --pin $pin --usage sign --alg p256 --server --subject '/C=CN/CN=www.example.cn'
server=$CERT
sb_key --label OFFERS --second --serial "$KEY" --pin $pin --usage sign --alg p256 --issuer foreign --subject '/C=CN/CN=别家'
stranger=$CERT
sb_key --label OFFERS --second --serial "$KEY" --pin $pin --usage sign --alg p256 --not-after +300d --subject '/C=CN/CN=李四'
early=$CERT
service
plug add "$R1"
watch
seen reader-in 1
is "whose counter it is" "$(jq -r 'select(.row.event == "site").row | "\(.name) \(.kiosk) \(.hotline)"' "$WATCHED")" "沙箱受理点 kiosk-1 021-62077128"
mv "$SB/systems" "$SB/trust" "$SB/aside/"
plug card "$R1|$ATR"
seen key 1
is "rules and issuers are read once, not for each key" "$(key_row '.entries | length')" 4
offers() { last_key ".entries[] | select(.certificate.sha256 == \"$1\") | $2"; }
is "sixteen systems" "$(offers "$good" '.systems | length')" $SYSTEMS
is "each with all a card shows" "$(offers "$good" '.systems[] | select(.system == "sheca-cisweb") | "\(.title) \(.hotline) \(.eligible) \(.rule) \(.code) \(.class) \(.ways | join(",")) \(.authorise) \(.pin_changes | join(",")) \(.retire)"')" \
	"上海CA 个人和单位证书更新 021-62077128 true eligible null organisation self,on-behalf envelope on-behalf remove"
is "another has other rules" "$(offers "$good" '.systems[] | select(.system == "also-02") | "\(.title) \(.eligible) \(.rule) \(.code) \(.ways | join(",")) \(.authorise)"')" \
	"第 02 家 false class 2007 self key"
is "its unique identifier" "$(offers "$good" .unique_id)" 001120438184130111
is "too early, and from when on" "$(offers "$early" '.systems[0] | "\(.eligible) \(.rule) \(.code)"') $(offers "$early" .unique_id)" "false window 2001 null"
is "a server's" "$(offers "$server" '"\(.server) \(.systems[0].rule) \(.systems[0].code)"')" "true server-certificate 2003"
is "a stranger's: nobody's" "$(offers "$stranger" '"\(.server) \(.systems)"')" "false []"
is "no PIN was needed" "$(sb_logins)" 0
is "where nothing was ever renewed no store is made" "$(ls "$SB/state")" ""
is "and there is no record" "$(key_row 'has("record"), has("clerk")' | xargs)" "false false"
printf '# sixteen systems, four certificates: told %s ms after the event\n' "$(key_row .after_ms)"
mv "$SB/aside/systems" "$SB/aside/trust" "$SB/"
is "the days are those of a verdict" "$(offers "$good" '.systems[] | select(.system == "sheca-cisweb") | .first_day + " " + .last_day')" \
	"$(ck policy --system sheca-cisweb --cert "$SB/certs/$good.der" --on 2026-11-20 --json | jq -r '.first_day + " " + .last_day')"
plug nocard "$R1"
# its record, and a clerk's own: by the same watch, and the next
rmdir "$SB/state"
mv "$SB/aside/state" "$SB/state"
module=$(realpath "$SB_MODULE")
rm -rf "$SB"/tokens/* "$SB"/shim/*
fresh AGAIN '/C=CN/CN=周八'
plug card "$R1|$ATR"
seen key 2
is "a key without a record" "$(last_key 'has("record")')" false
CK_FAULT_AT=install renew 07
plug nocard "$R1"
plug card "$R1|$ATR"
seen key 3
is "and with one, by the same watch" "$(last_key '.record | "\(.record) \(.state) \(.station) \(.way) \(.slip != null)"')" "$(newest) open install on-behalf true"
watch_ends
sed -i "s/{ id = \"08\"; name = \"王柜员\"; }/{ id = \"08\"; name = \"王柜员\"; certificates = [ \"$CERT\" ]; }/" "$SB/certkiosk.conf"
sed -i 's/^retire = .*/retire = "burn";/' "$SB/systems/also-03.conf"
watch
seen key 1
is "a clerk's own key" "$(last_key '.clerk | "\(.id) \(.name)"')" "08 王柜员"
is "a system whose rules are broken offers nothing, and says where" \
	"$(last_key '.entries[0].systems | length') $(jq -r 'select(.row.event == "trouble").row.error | .name + " " + .detail' "$WATCHED" | sed "s|$SB/||")" \
	"$((SYSTEMS - 1)) CONFIG systems/also-03.conf:$(grep -n '^retire' "$SB/systems/also-03.conf" | cut -d: -f1): retire: expected one of \"remove\" \"keep\", found \"burn\""
watch_ends
sed -i 's/^retire = .*/retire = "keep";/' "$SB/systems/also-03.conf"
for lang in zh en; do
	timeout 0.5 "$CK_BIN/certkiosk" keys --watch --lang $lang --config "$SB/certkiosk.conf" 7>&- 8<&- >"$SB/text"
	like "in words ($lang)" "$(tr '\n' ' ' <"$SB/text")" "08.*王柜员.*$(newest).*周八.*第 16 家.*also-16.*v .*2026-"
done
