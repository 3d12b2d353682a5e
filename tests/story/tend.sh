#!/bin/bash
# certkiosk records tend: each record that nobody is at is looked at with the desk's eyes, without key
# and secret. Visits are ended by a real kill, the desk is really down, the clock really wrong.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_key_proof
subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0 day=86400

fresh() { # [KEY-OPTION…]: another key, another envelope, an empty store
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	n=$((n + 1)) envelope=E$n
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "$envelope" $password --for "$CERT"
}
renew() { # PIN: with what one engine needs
	sb_renew "$1" $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>"$SB/err"
}
stopped_at() { # POINT
	fresh
	CK_FAULT_AT=$1 renew $pin
	record=$(ck records --json | jq -r '.row.record // empty')
}
tend() { ck records tend --json >"$SB/tended" 2>"$SB/err"; }
row() { jq -r "select(.row).row | $1" "$SB/tended"; } # FILTER
told() { jq -r "select(.end) | .facts | \"\(.looked) \(.ended)\"" "$SB/tended"; }
head_of() { ck records --all --json | jq -r "select(.row.record == \"$record\").row | $1"; }
last_line() { ck records --show "$record" --json | jq -rs '[.[].row // empty | .text] | last'; }
counts() { sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.open)"'; }
keys() { ck keys --json | jq -sc '[.[].row?.entries? // [] | .[] | .certificate.sha256] | sort'; }

# ---- nothing new ----
stopped_at request
tend
is "nothing bound yet: it waits for the person" "$? $(row '.did + " " + .reason + " " + .state')" "0 waits person parked"
is "and was looked at" "$(told)" "1 0"
like "when it is looked at again, and until when anybody waits" "$(row '.next + " " + .deadline')" '^20.*T.*\+08:00 20.*T.*\+08:00$'
touched=$(head_of .touched)
tend
is "looking is not touching: the deadline stays" "$(head_of .touched)" "$touched"
ok "the person goes on" renew $pin
tend
is "then nothing is left to look after" "$? $(told)" "0 0 0"

# ---- issued while nobody was there: killed when the CA's answer had come and was not kept ----
fresh
CK_FAULT_LOG=$SB/points renew $pin
point=$(awk '$0 == "issue" { at = 1 } at && $0 == "record.before" && ++k == 2 { print NR; exit }' "$SB/points")
before=$(sb_show .counts.issued)
stopped_at "$point"
is "killed between the CA's answer and its line: nothing on record" \
	"$(sb_show .counts.issued) $(ck records --show "$record" --json | grep -c '"station":"issue"')" "$((before + 1)) 0"
tend
is "the desk has it: on record now" "$? $(row '.did + " " + .reason')" "0 certificate certificate"
like "judged, and in the ledger" "$(sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "SELECT count(*) FROM ledger WHERE station='issue' AND mark='done'")" '^1$'
like "people are told to come back" "$(ck records --lang zh)" '证书已经签发，请带 Key 来办完'
ok "the next visit installs it" renew $pin
is "without asking for another one" "$(sb_show .counts.issued)" "$((before + 1))"
like "nor looking for it once more" "$(grep -c '"say": *"issued"' "$SB/out")" '^0$'

# ---- finished at another counter ----
stopped_at newkey
here=$record
sb_site_conf kiosk-2 certkiosk-2.conf state-2
rm -rf "$SB/state-2"
mkdir -m 700 "$SB/state-2"
sb_knob desk.clock 100 # it has been silent for that long
SB_CONF=$SB/certkiosk-2.conf CK_FAULT_AT=newkey renew $pin
sb_knob --clear
tend
is "another counter took the lease: it waits for that one" \
	"$? $(row '.did + " " + .reason + " " + .at.kiosk')" "0 waits elsewhere kiosk-2"
ck abandon "$here" --clerk 07 --json >"$SB/out"
is "and is not given back from under its feet" "$? $(tail -n 1 "$SB/out" | jq -r .error.name) $(sb_show .counts.open)" "1 LEASE_ELSEWHERE 1"
SB_CONF=$SB/certkiosk-2.conf ok "the other counter finishes" renew $pin
there=$(SB_CONF=$SB/certkiosk-2.conf ck records --all --json | jq -r '.row.record // empty')
record=$here
tend
is "closed as done, and where" "$? $(row '.did + " " + .state + " " + .at.kiosk + " " + .at.record')" "0 elsewhere done kiosk-2 $there"
is "the last line says so" "$(last_line)" "finished at another counter: kiosk-2 $there"
like "in words" "$(ck records --show "$record" --lang zh)" "在另一台终端办完: kiosk-2 $there"

# ---- the desk holds nothing any more ----
stopped_at install
sqlite3 -cmd '.timeout 4000' "$SB/sandbox.db" "UPDATE lease SET state='released', issued=NULL WHERE record='$record'"
tend
is "released: closed as abandoned" "$? $(row '.did + " " + .state')" "0 given-back abandoned"
like "with what is left" "$(last_line)" '^given back; the new pair is left on the key: pair=[0-9a-f]{24} certificate=[0-9A-F]+ envelope$'

# ---- granted, and the answer lost ----
fresh
CK_FAULT_LOG=$SB/points-granted renew $pin
granted=$(awk '$0 == "newkey" { print at; exit } $0 == "http.after" { at = NR }' "$SB/points-granted")
stopped_at "$granted"
is "killed before the lease was on record: held at the desk" \
	"$(sb_show '.leases[-1] | "\(.record) \(.state)"') $(ck records --show "$record" --json | grep -c '"mark":"done".*"authorise"\|"authorise".*"mark":"done"')" "$record nothing 0"
tend
is "found by the record's number: it waits" "$? $(row '.did + " " + .reason')" "0 waits person"
sqlite3 -cmd '.timeout 4000' "$SB/sandbox.db" "UPDATE lease SET state='released' WHERE record='$record'"
tend
is "and so is that it is held no more" "$? $(row '.did + " " + .state')" "0 given-back abandoned"

# ---- nobody came back ----
late() { # the desk's clock, and ours with it
	sb_knob desk.clock $((31 * day))
	CK_FAULT_CLOCK=$((31 * day)) "$@"
}
stopped_at confirm
old=$(counts)
late tend
is "31 days later: given back and closed" "$? $(row '.did + " " + .state')" "0 given-back abandoned"
is "what is left, for whoever has the key" "$(row '[.left[] | .what] | join(" ")') $(row '.left[0].label') $(row '.left[-1].serial')" \
	"pair certificate envelope T$n $envelope"
like "in the ledger, without the envelope's serial" \
	"$(sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" 'SELECT text FROM ledger ORDER BY seq DESC LIMIT 1')" \
	'^given back; the new pair is left on the key: pair=[0-9a-f]{24} certificate=[0-9A-F]+ envelope$'
is "nothing of it lives on, the lease is free" "$(counts)" \
	"$(awk '{ print $1, $2 - 1, $3, $4 - 1 }' <<<"$old")"
sb_knob --clear
ok "the old certificate and the same envelope renew as before" renew $pin
stopped_at pin
live=$(sb_show .counts.live)
late tend
is "confirmed, and nobody came back: closed as done" "$? $(row '.did + " " + .state')" "0 ended done"
is "with what was left undone" "$(row '[.left[] | .what] | join(" ")') / $(last_line)" "pin-kept old / renewed, and nobody came back: pin-kept old"
is "the new certificate stays good" "$(sb_show .counts.live)" "$live"
like "in words" "$(ck records --show "$record" --lang en)" 'nobody came back for the rest: the PIN is still the former one, the old certificate'

# ---- a clock that is wrong ends nothing ----
stopped_at install
CK_FAULT_CLOCK=$((400 * day)) tend
is "our clock a year ahead: it waits" "$? $(row .did)" "0 waits"
CK_FAULT_CLOCK=$((-4000 * day)) tend
is "or years behind: it waits" "$? $(row .did)" "0 waits"
sb_knob desk.clock $((31 * day))
tend
is "clocks that disagree: passed over, and said" "$? $(row '.did + " " + .error.name')" "1 skipped CLOCK"
is "it is open still" "$(head_of .state)" parked
sb_knob --clear
ok "a person who comes back goes on at once" renew $pin

# ---- killed at every point, and run again ----
rm "$SB/points"
stopped_at install
CK_FAULT_LOG=$SB/points late tend
points=$(wc -l <"$SB/points") bad=0
for point in $(seq 1 "$points"); do
	stopped_at install
	for fault in "$point" 0; do CK_FAULT_AT=$fault late tend; done
	[ "$(head_of .state) $(sb_show .counts.open) $(last_line | grep -c 'left on the key: pair=.* envelope$')" = "abandoned 0 1" ] ||
		{ bad=$((bad + 1)) && echo "# point $point: $(head_of .state), $(last_line)"; }
done
is "killed at each of its points: the same end ($points)" "$bad $((points > 5))" "0 1"

# ---- at a visit, and the desk down ----
fresh
sb_knob desk.delay.lease 3000
rm "$SB/out"
renew $pin &
until grep -q '"say": *"envelope-proved"' "$SB/out" 2>/dev/null; do sleep 0.02; done
tend
is "somebody is at it: left alone" "$? $(row .did)" "0 busy"
wait $!
is "and that visit is done" $? 0

stopped_at install
sed -i "/id = \"key-proof\"/,/desk = / s|desk = .*|desk = \"https://localhost:1/desk/v1\";|" "$SB/certkiosk.conf"
second=$record
sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "UPDATE record SET system='key-proof'"
fresh_key=T$n-b
sb_key --label "$fresh_key" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
envelope=E$n-b
sb_envelope "$envelope" $password --for "$CERT"
CK_FAULT_AT=install sb_renew $pin $password "$envelope" --key "$KEY" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>&1
tend
is "one desk can't be reached: that record is passed over, the other one not" \
	"$? $(row 'select(.record == "'"$second"'") | .did + " " + .error.name') $(row 'select(.record != "'"$second"'") | .did')" \
	"1 skipped DESK_UNREACHABLE waits"
sb_site_conf
sb_stop
tend
is "no desk at all: both are said" "$? $(row .did | sort | uniq -c | tr -s ' ')" "1  2 skipped"
sb_start

# ---- a system that is not the site's any more ----
stopped_at install
gone=$record
sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "UPDATE record SET system='key-proof'"
mv "$SB/systems/key-proof.conf" "$SB/key-proof.conf"
sb_key --label "T$n-c" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
envelope=E$n-c
sb_envelope "$envelope" $password --for "$CERT"
CK_FAULT_AT=install sb_renew $pin $password "$envelope" --key "$KEY" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>&1
tend
is "its open record needs a person, and the other one is tended: as parked" \
	"$? $(row 'select(.record == "'"$gone"'") | .did + " " + .error.name') $(row 'select(.record != "'"$gone"'") | .did') $(jq -r 'select(.end) | .end + " " + .error.name' "$SB/tended")" \
	"3 skipped RECORD_SYSTEM waits parked RECORD_SYSTEM"
sb_site_conf
tend
is "where the site names it no more: the same" "$? $(row 'select(.error) | .error.name')" "3 RECORD_SYSTEM"
for verb in abandon resume; do
	ck $verb "$gone" --clerk 07 --json >"$SB/out"
	is "$verb: refused, and what is missing" "$? $(tail -n 1 "$SB/out" | jq -r '.error | .name + " " + .detail')" \
		"4 RECORD_SYSTEM $gone: key-proof: not in $SB/certkiosk.conf"
done
like "in words" "$(ck abandon "$gone" --clerk 07 --lang en)" 'Put the system back'
mv "$SB/key-proof.conf" "$SB/systems/key-proof.conf"
sb_site_conf
tend
is "put back: it is tended as any other" "$? $(row 'select(.error) | .error.name')" "0 "

# ---- never, where the policy says so ----
sed -i 's/^deadline_days = .*/deadline_days = 0;/' "$SB/systems/sheca-cisweb.conf"
stopped_at install
late tend
is "a policy without deadline: it waits" "$? $(row '.did + " " + (.deadline | tostring)')" "0 waits null"
ok "the ledger is whole" ck ledger verify
