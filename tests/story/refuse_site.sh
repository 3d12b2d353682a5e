#!/bin/bash
# This machine: typos in its files, told with file, line and reason; a store that cannot be written, is
# damaged or has no room; ways, clerks, systems and records that are not there.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }

# ---- typos ----
# Each is made, tried, and put right again. The line is where WHERE stands.
typo() { # NAME FILE SED WHERE REASON
	local file=$SB/$2 line
	cp "$file" "$SB/right"
	sed -i "$3" "$file"
	line=$(grep -n "$4" "$file" | head -n 1 | cut -d: -f1)
	try "$1" 4 CONFIG
	LANGS=json
	detail_like "$1" "^$file:$line: $5"
	logins_are "$1" 0
	cp "$SB/right" "$file"
}
fresh
site=certkiosk.conf family=keys.d/softhsm.conf system=systems/sheca-cisweb.conf
typo "a letter missing in a setting" $site 's/^state_dir/stat_dir/' ^stat_dir \
	'stat_dir: unknown setting, state_dir is missing'
typo "a quotation mark missing" $site 's/^state_dir = .*/state_dir = state";/' ^state_dir 'syntax error'
typo "a word where a number stands" $site 's/connect_s = .*/connect_s = "three";/' connect_s \
	'connect_s: expected a whole number .*, found "three"'
typo "a number out of bounds" $site 's/connect_s = .*/connect_s = 0;/' connect_s 'connect_s: .* from 1 to '
typo "a file that is not there" $site 's|trust/accepted.pem|trust/acepted.pem|' acepted 'accepted: .*acepted.pem'
typo "an address without TLS" $site 's|desk = "https|desk = "http|' 'desk =' 'desk: expected https://'
typo "a clerk twice" $site 's/id = "08"/id = "07"/' 王柜员 'id: "07" stands here twice'
typo "a pin that is none" $site 's|sha256//|sha256/|' 'pins =' 'pins: expected "sha256//"'
typo "a key type nobody makes" $family 's/rsa3072/rsa4096/' keytypes 'keytypes: "rsa4096"'
typo "a key family without its module" $family 's/^module/modul/' ^modul 'modul: unknown setting, module is missing'
typo "PIN bounds the wrong way round" $family 's/pin_max = .*/pin_max = 3;/' pin_max 'pin_max: is below pin_min'
typo "a window in weeks" $system 's/unit = "months"/unit = "weeks"/' '"weeks"' 'unit: '
typo "a window that never begins" $system 's/before = 1;/before = -1;/' 'before = -1' 'before: '
typo "a way that does not exist" $system 's/"self", "on-behalf"/"self", "on_behalf"/' '^ways' 'ways: "on_behalf"'
typo "a setting too many" $system '$acolour = "red";' ^colour 'colour: unknown setting'
SB_CONF=$SB/nosuch.conf
try "no configuration at all" 4 CONFIG
detail_like "no configuration at all" nosuch.conf
unset SB_CONF
mv "$SB/keys.d" "$SB/keys.away"
try "no folder of key families" 4 CONFIG
mkdir "$SB/keys.d"
try "no key family" 4 CONFIG
rmdir "$SB/keys.d"
mv "$SB/keys.away" "$SB/keys.d"
unchanged "all typos"
finishes "all typos put right"

# ---- who, how, for what ----
fresh
ORDER=(--system sheca-cisweb --way on-behalf)
refused "on behalf without a clerk" 4 CLERK_NEEDED 0
ORDER+=(--clerk 99)
refused "a clerk nobody knows" 4 CLERK_UNKNOWN 0
ORDER=(--system nosuch --way self)
refused "a system nobody knows" 4 SYSTEM_UNKNOWN 0
LANGS=json
ORDER=(--system ../../etc/passwd --way self)
refused "a system that is a path" 4 SYSTEM_UNKNOWN 0
mv "$SB/systems/sheca-cisweb.conf" "$SB/away.conf"
on_behalf
refused "a system without its rules" 4 SYSTEM_UNKNOWN 0
LANGS='json zh en'
sed 's/^ways = .*/ways = [ "self" ];/' "$SB/away.conf" >"$SB/systems/sheca-cisweb.conf"
refused "a way this system does not offer" 4 WAY_NOT_OFFERED 0
mv "$SB/away.conf" "$SB/systems/sheca-cisweb.conf"
ORDER+=(--record CK-20200101-000001)
refused "a record that is not there" 4 NO_RECORD 0
on_behalf
finishes "the right clerk, the right system"
ORDER+=(--record "$(tail -n 1 "$SB/out.json" | jq -r .record)")
remember
refused "a record that is closed" 4 RECORD_CLOSED 0
fresh
sb_knob desk.refuse.bind later
LANGS=json
stuck "a record is begun on behalf" DESK_REFUSED 1
LANGS='json zh en'
self
try "gone on with alone" 4 OTHER_WAY
logins_are "gone on with alone" 0
on_behalf
completes "gone on with on behalf"
for wrong in '--way sideways' '--nosuch' '--secrets-fd 99'; do
	run $wrong >"$SB/out" # split on purpose
	is "a command that is wrong ($wrong)" "$?" 2
done

# ---- the store ----
broken() { # NAME CODE: of the store, so records are counted when it is repaired
	try "$1" 4 "$2"
	logins_are "$1" 0
	is "$1: nothing was asked" "$(asked)" ''
	is "$1: the key as it was" "$(on_key)" "$key_before"
	is "$1: the books as they were" "$(books)" "$books_before"
}
fresh
mv "$SB/state" "$SB/state.away"
echo >"$SB/state"
broken "the store's folder is a file" STORE_UNWRITABLE
detail_like "the store's folder is a file" "$SB/state"
rm "$SB/state"
mv "$SB/state.away" "$SB/state"
chmod 644 "$SB/state/site.key"
broken "the site key may be read by everybody" SITE_KEY
LANGS=json
mv "$SB/state/site.key" "$SB/site.key"
broken "the site key is gone" SITE_KEY
head -c 32 /dev/urandom >"$SB/state/site.key"
chmod 600 "$SB/state/site.key"
broken "the site key is another" SITE_KEY
mv "$SB/site.key" "$SB/state/site.key"
chmod 600 "$SB/state/site.key"
LANGS='json zh en'
version=$(sqlite3 "$SB/state/records.db" 'PRAGMA user_version')
sqlite3 "$SB/state/records.db" 'PRAGMA user_version=99'
broken "a later program's store" STORE_NEWER
sqlite3 "$SB/state/records.db" "PRAGMA user_version=$version"
cp "$SB/state/records.db" "$SB/records.db"
rm -f "$SB"/state/records.db-*
yes garbage | head -c 40960 >"$SB/state/records.db"
broken "a store that is rubbish" STORE_DAMAGED
cp "$SB/records.db" "$SB/state/records.db"
finishes "the store repaired"

# ---- no room: a disk of our own ----
mkdir "$SB/small"
if ! mount -t tmpfs -o size=8m tmpfs "$SB/small" 2>/dev/null; then
	echo "skip - a full disk: only root can mount one"
	exit
fi
trap 'rc=$?; umount "$SB/small"; (exit $rc); sb_end' EXIT
sb_site_conf
sed -i 's|state_dir = .*|state_dir = "small/state";|' "$SB/certkiosk.conf"
fresh
broken "less free than the reserve" STORE_FULL
detail_like "less free than the reserve" '^.*: [0-8] MB free, 16 MB needed'
is "less free than the reserve: nothing was begun" "$(ck records --all --json | grep -c '"row"')" 0

mount -o remount,ro "$SB/small"
LANGS=json
broken "a disk that went read-only" STORE_UNWRITABLE
mount -o remount,rw "$SB/small"
sed -i '/state_dir/a reserve_mb = 1;' "$SB/certkiosk.conf"

# full between two answers: nothing more is done to the key, and the record waits
mkfifo "$SB/typing"
fill_when() { # WORD: fills the disk when this question is asked, then gives all answers
	sb_shim ''
	printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
	rm -f "$SB"/shim/{logins,calls}
	ck renew --answers "$SB/answers" --secrets-fd 9 "${ORDER[@]}" --json 9<"$SB/typing" >"$SB/out.json" &
	exec 8>"$SB/typing"
	[ "$1" = pin ] || printf '%s\n' "${SECRETS[0]}" >&8
	for ((i = 0; i < 500; i++)); do
		grep -q "\"ask\":\"$1\"" "$SB/out.json" && break
		sleep 0.01
	done
	dd if=/dev/zero of="$SB/small/ballast" bs=64k status=none 2>/dev/null
	printf '%s\n' "${SECRETS[@]}" >&8
	exec 8>&-
	wait $!
	is "full at the question \"$1\"" "$? $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "1 STORE_FULL"
}
fresh
fill_when pin
is "full at the question \"pin\": not even the PIN went to the key" "$(sb_logins)" 0
is "full at the question \"pin\": the books as they were" "$(books)" "$books_before"
is "full at the question \"pin\": the key as it was" "$(on_key)" "$key_before"
rm "$SB/small/ballast"
is "full at the question \"pin\": the record waits" "$(open_records)" 1
completes "full at the question \"pin\", then not"

fresh
fill_when envelope-password
is "full at the password: the desk was not asked for a lease" "$(books)" "$books_before"
is "full at the password: the key as it was" "$(on_key)" "$key_before"
rm "$SB/small/ballast"
is "full at the password: the record waits" "$(open_records)" 1
completes "full at the password, then not"
is "the ledger is whole" "$(ck ledger verify --json | jq -r .end)" done
