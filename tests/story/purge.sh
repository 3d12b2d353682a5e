#!/bin/bash
# How long anything is kept: sealed parts by the policy's days, closed records by theirs or by what is
# said; then nothing of them is in any byte of any file of the store. The ledger stays.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
pin=Old-4471 password=Env-9038 n=0 day=86400 name=张三丰丰 envelope=ENVELOPE-778812
policy() { sed -i "s/^$1 = .*/$1 = $2;/" "$SB/systems/sheca-cisweb.conf"; }
renew() {
	sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>"$SB/err"
}
customer() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1)) envelope=ENVELOPE-77881$n
	sb_key --label "LABEL-OF-$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "/C=CN/CN=$name"
	sb_envelope "$envelope" $password --for "$CERT"
}
sql() { sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "$@"; }
later() { # DAYS COMMAND…: by the desk's clock and ours
	sb_knob desk.clock $(($1 * day))
	CK_FAULT_CLOCK=$(($1 * day)) "${@:2}"
	local rc=$?
	sb_knob --clear
	return $rc
}
ended() { tail -n 1 "$SB/out" | jq -r '"\(.end) \(.error.name)"'; }

# What stands in the store now, as it stands in its files: facts, tapes and handles, sealed or not, in
# pieces that nothing else has by chance. A certificate's serial stands in the ledger.
pieces() { # WHERE…: on a record's number
	sql "SELECT hex(value) FROM fact WHERE record IN (SELECT id FROM record WHERE $1) AND length(value) > 11 AND name <> 'new-serial' ${2:-}
		UNION ALL SELECT hex(value) FROM tape WHERE record IN (SELECT id FROM record WHERE $1)
		UNION ALL SELECT hex(hash) FROM handle WHERE record IN (SELECT id FROM record WHERE $1)" |
		cut -c1-24 | sort -u
}
found() { # how many of the pieces in $SB/pieces are in any file of the store
	local f
	for f in "$SB"/state/*; do [ ! -f "$f" ] || od -An -v -tx1 "$f" | tr -d ' \n' | tr a-f A-F; echo; done >"$SB/hex"
	grep -oFf "$SB/pieces" "$SB/hex" | wc -l
}
in_clear() { grep -alF -- "$1" "$SB"/state/* 2>/dev/null | wc -l; }

# ---- wiped at the end, or some days later ----
policy keep_private_days 0
customer
CK_FAULT_AT=confirm renew
pieces "1" "AND flags & 1" >"$SB/pieces"
ok "control: while it is open there is what is looked for" test "$(found)" -ge "$(wc -l <"$SB/pieces")"
ok "control: and it is a lot" test "$(wc -l <"$SB/pieces")" -gt 6
ok "renewed" renew
is "0 days: at its end nothing sealed is left, in any file" "$(sql 'SELECT count(*) FROM tape') $(found)" "0 0"

policy keep_private_days 30
customer
ok "another one" renew
like "30 days: its sealed parts are kept" "$(sql 'SELECT count(*) FROM fact WHERE flags & 1') $(sql 'SELECT count(*) FROM tape')" '^[1-9][0-9]* [1-9]'
is "but it is found by no handle" "$(sql 'SELECT count(*) FROM handle')" 0
is "and nobody reads a name there" "$(in_clear "$name") $(in_clear "LABEL-OF-$n") $(in_clear "$envelope")" "0 0 0"
pieces "1" "AND flags & 1" >"$SB/pieces"
CK_FAULT_CLOCK=$((365 * day)) ck records tend --json >"$SB/out"
is "our clock a year ahead of the desk's: nothing is wiped, and why" \
	"$? $(ended) $(jq -c 'select(.end).facts | [.wiped, .tidy]' "$SB/out")" "1 failed CLOCK [0,true]"
sb_stop
CK_FAULT_CLOCK=$((31 * day)) ck records tend --json >"$SB/out"
is "no desk that vouches for our clock: nothing either" \
	"$? $(ended) $(jq -c 'select(.end).facts | [.wiped, .tidy]' "$SB/out")" "1 failed DESK_UNREACHABLE [0,true]"
sb_start
ok "control: it is all there" test "$(found)" -ge "$(wc -l <"$SB/pieces")"
later 29 ck records tend --json >"$SB/out"
is "on the 29th day tend wipes nothing" "$? $(jq -c 'select(.end).facts | [.wiped, .tidy]' "$SB/out")" "0 [0,true]"
CK_FAULT_AT=record.before later 31 ck records tend >"$SB/out" 2>&1
later 31 ck records tend --json >"$SB/out"
is "on the 31st it does, though it was killed at it before" "$? $(jq -c 'select(.end).facts | [.wiped, .tidy]' "$SB/out")" "0 [1,true]"
is "and nothing is left of it" "$(found)" 0

# ---- closed records ----
customer
CK_FAULT_AT=install renew
open=$(ck records --json | jq -r '.row.record // empty')
closed=$(ck records --all --json | jq -r '.row | select(.state == "done").record' | head -n 1)
links=$(ck ledger verify --json | jq .facts.lines)
# days and kinds of keys are the open one's, too
comm -23 <(pieces "state > 1") <(pieces "state < 2") >"$SB/pieces"
ok "control: there is enough to look for" test "$(wc -l <"$SB/pieces")" -gt 3
ck records purge --json >"$SB/out"
is "by policy: 0 days are for good" "$? $(jq -c 'select(.end).facts.purged' "$SB/out")" "0 0"
policy keep_days 3
for by in "" "--older-than 3"; do
	CK_FAULT_CLOCK=$((365 * day)) ck records purge $by --json >"$SB/out"
	is "purge $by, our clock a year ahead of the desk's: refused" "$? $(ended)" "1 failed CLOCK"
	sb_stop
	CK_FAULT_CLOCK=$((5 * day)) ck records purge $by --json >"$SB/out"
	is "purge $by, no desk that vouches for it: refused" "$? $(ended)" "1 failed DESK_UNREACHABLE"
	sb_start
done
is "control: they are all there" "$(sql 'SELECT count(*) FROM record WHERE state > 1')" 2
later 2 ck records purge --json >"$SB/out"
is "3 days: none is that old" "$? $(jq -c 'select(.end).facts.purged' "$SB/out")" "0 0"
coproc reader { sqlite3 "$SB/state/records.db"; }
printf 'BEGIN; SELECT count(*) FROM record;\n' >&"${reader[1]}"
read -r _ <&"${reader[0]}"
later 5 ck records purge --json >"$SB/out"
is "5 days later both go, and the open one stays" \
	"$? $(jq -c 'select(.end).facts | [.purged, .tidy]' "$SB/out") $(ck records --all --json | jq -r '.row.record // empty')" "0 [2,false] $open"
ok "somebody reads: it is said that they are in the files still" test "$(found)" -gt 0
exec {reader[1]}>&-
while kill -0 "${reader_PID:-0}" 2>/dev/null && [ -n "${reader_PID:-}" ]; do sleep 0.02; done
later 5 ck records purge --json >"$SB/out"
is "the next run takes them out" "$? $(jq -c 'select(.end).facts | [.purged, .tidy]' "$SB/out") $(found)" "0 [0,true] 0"
like "in words" "$(ck records purge --older-than 30 --lang en)" '^Closed records removed: 0$'

ck ledger verify --json >"$SB/out"
is "the ledger is whole, and says what was removed" "$? $(jq .facts.lines "$SB/out") $(sql 'SELECT text FROM ledger ORDER BY seq DESC LIMIT 1' | cut -c1-16)" \
	"0 $((links + 1)) 2 closed before "
ck records --show "$closed" --json >"$SB/out"
is "a removed number is known as removed" "$? $(ended)" "1 failed RECORD_PURGED"
ck abandon "$closed" --json >"$SB/out"
is "also when it is to be abandoned" "$? $(ended)" "4 refused RECORD_PURGED"
ck resume "$closed" --json >"$SB/out"
is "and to be gone on with" "$? $(ended)" "4 refused RECORD_PURGED"
ck records --show CK-20260101-999999 --json >"$SB/out"
is "one that never was is not" "$? $(ended)" "1 failed NO_RECORD"

ok "the open one goes on" renew
sb_stop
CK_FAULT_CLOCK=$((365 * day)) ck records purge --before "$(TZ=UTC-8 date -d '+2 days' +%F)" --json >"$SB/out"
is "before a day that was named, whatever anybody's clock says" "$? $(jq -c 'select(.end).facts.purged' "$SB/out")" "0 1"
sb_start
customer
ok "a new one" renew
is "gets a number of its own" "$(ck records --all --json | jq -r '.row.record // empty' | cut -d- -f3)" 000004
ck records purge --older-than 0 --json >"$SB/out"
is "older than 0 days: not what was closed today" "$? $(jq -c 'select(.end).facts.purged' "$SB/out")" "0 0"
# ---- systems whose rules are broken, or that are not the site's any more ----
rest=$(sql "SELECT count(*) FROM record WHERE state > 1")
for system in other broken gone unknown; do
	customer
	renew
	sql "UPDATE record SET system = '$system' WHERE id = (SELECT max(id) FROM record)"
done
left() { sql "SELECT coalesce(group_concat(system, ' '), '') FROM (SELECT system FROM record WHERE state > 1 AND system <> 'sheca-cisweb' ORDER BY id)"; }
keeps() { sed "s/^keep_days = .*/keep_days = $2;/" "$SB/systems/sheca-cisweb.conf" >"$SB/systems/$1.conf"; }
keeps other 3
keeps broken 3
sb_site_conf
keeps gone 3 # of which the site knows nothing
echo 'keep_days = ' >"$SB/systems/broken.conf"
later 5 ck records purge --json >"$SB/out"
is "a broken policy is named; the others' records go, and how many" \
	"$? $(ended) $(jq -r 'select(.row).row | .system + " " + .error.name' "$SB/out") $(jq -c 'select(.end).facts | [.purged, .tidy]' "$SB/out")" \
	"1 failed CONFIG broken CONFIG [$((rest + 2)),true]"
is "that of a system that is not the site's by its own policy, if that is there" "$(left)" "broken unknown"
later 5 ck records purge --lang en >"$SB/out"
like "in words" "$(head -n 2 "$SB/out" | tr '\n' '|')" '^broken  ! its records stay: The configuration is wrong\|Closed records removed: 0\|$'
keeps broken 0
later 5 ck records purge
is "without a policy of its own it is kept as long as any other: for good" "$? $(left)" "0 broken unknown"
keeps broken 8
later 5 ck records purge --json >"$SB/out"
is "or 8 days: not yet" "$? $(left)" "0 broken unknown"
later 9 ck records purge --json >"$SB/out"
is "then it goes" "$? $(left)" "0 "
ok "the ledger is whole" ck ledger verify
for wrong in '--before yesterday' '--older-than x' '--older-than -1' '--before 2026-01-01 --older-than 3' '--all' 'now'; do
	ck records purge $wrong >"$SB/out" 2>&1
	is "purge $wrong: usage" $? 2
done
ck records tend now >"$SB/out" 2>&1
is "tend now: usage" $? 2

# ---- as the rules are shipped: a name is known for a week ----
install -m 644 core/policy/systems/sheca-cisweb.conf "$SB/systems/sheca-cisweb.conf"
named() { ck records --search "$1" --names --json | jq -r 'select(.row).row | .record + " " + .state' | xargs; }
name=司马光明
customer
ok "one more" renew
week=$(ck records --all --last 1 --json | jq -r '.row.record // empty')
is "a renewal that was closed a moment ago is found by its name" "$(named 马光)" "$week done"
later 6 ck records tend >"$SB/out" 2>&1
is "within the week, too" "$(named 马光)" "$week done"
later 8 ck records tend --json >"$SB/out"
is "then it is wiped" "$? $(jq -c 'select(.end).facts | [.wiped, .tidy]' "$SB/out")" "0 [1,true]"
is "and found by its number alone" "$(named 马光) $(named "$week")" " $week done"
