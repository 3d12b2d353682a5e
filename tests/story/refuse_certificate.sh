#!/bin/bash
# Certificates that are not renewed: outside their days by one second, for servers, of unknown issuers,
# not valid yet, revoked, held, unknown to the desk; hostile names; and clocks nobody can count days by.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
FAKETIME_LIB=$(echo /usr/lib/*/faketime/libfaketime.so.1)
# what a sanitizer says of any preloaded library
export ASAN_OPTIONS=verify_asan_link_order=0

# a command at a moment of China's time, which stands still; deadlines go on
at() { # "2026-11-05 00:00:00" COMMAND…
	local time=$1
	shift
	TZ=CST-8 LD_PRELOAD=$FAKETIME_LIB FAKETIME=$time FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"
}
AT='' # where certkiosk's clock stands
ck() {
	local verb=$1
	shift
	${AT:+at "$AT"} "$CK_BIN/certkiosk" "$verb" --config "$SB/certkiosk.conf" "$@"
}
both_at() { # TIME: CA and desk too
	AT=$1
	sb_stop
	at "$1" sb_start
}
said() { jq -r "$1" "$SB/verdict"; }

# ---- the days: policy, to the second ----
END='2031-12-05T11:22:33+08:00'
fresh --not-before 2030-12-05T11:22:33+08:00 --not-after $END
verdict() { # NAME WHEN WANT
	ck policy --system sheca-cisweb --cert "$CERT_FILE" --on "$2" --json >"$SB/verdict"
	is "policy, $1" "$? $(said '"\(.eligible) \(.rule) \(.class) \(.first_day) \(.last_day)"')" \
		"0 $3 organisation 2031-11-05 2032-01-05"
}
verdict "a second too early" 2031-11-04T23:59:59+08:00 "false window"
verdict "the first second" 2031-11-05T00:00:00+08:00 "true eligible"
verdict "the first second, told from elsewhere" 2031-11-04T16:00:00Z "true eligible"
verdict "the last second" 2032-01-05T23:59:59+08:00 "true eligible"
verdict "a second too late" 2032-01-06T00:00:00+08:00 "false window"
verdict "the day before" 2031-11-04 "false window"
verdict "the first day" 2031-11-05 "true eligible"
verdict "the last day" 2032-01-05 "true eligible"
verdict "the day after" 2032-01-06 "false window"
verdict "a second before it is valid" 2030-12-05T11:22:32+08:00 "false not-yet-valid"

for bad in "$SB/certkiosk.conf" "$SB/nosuch.der" /dev/null; do
	ck policy --system sheca-cisweb --cert "$bad" --on 2031-11-05 --json >"$SB/verdict"
	is "policy, no certificate but ${bad##*/}" "$? $(said .error.name)" "2 CERT_UNREADABLE"
done

# ---- the days: the walk, both clocks at that second ----
both_at '2031-11-04 23:59:59'
refused "a second before the first day" 4 TOO_EARLY 0
detail_like "a second before the first day" "2031-11-05 - 2032-01-05"
both_at '2031-11-05 00:00:00'
finishes "the first second"
is "the first second: a year from the old end" \
	"$(ck keys --json | jq -r 'select(.row).row.entries[0].certificate.not_after')" \
	2032-12-05T11:22:33+08:00
fresh --not-before 2030-12-05T11:22:33+08:00 --not-after $END
both_at '2032-01-06 00:00:00'
refused "a second after the last day" 4 TOO_LATE 0
both_at '2032-01-05 23:59:59'
finishes "the last second"
AT=''
sb_stop
sb_start

# ---- what it is, and whose ----
lookups() { grep -c 'desk certificate' "$SB/casandbox.log"; }
fresh --server
before=$(lookups)
refused "a server certificate" 4 SERVER_CERT 0
is "a server certificate: the desk was not even asked" "$(lookups)" "$before"
fresh --issuer foreign
refused "another authority's" 4 UNKNOWN_ISSUER 0
detail_like "another authority's" "CN="
fresh --issuer selfsigned
LANGS=json
refused "signed by itself" 4 UNKNOWN_ISSUER 0
fresh --not-before +60s --not-after +14d
refused "not valid for another minute" 4 NOT_YET_VALID 0
for long in '--not-after +40d' '--not-after -40d'; do
	fresh --not-before -400d $long
	LANGS=json
	case $long in
	*+40d) refused "forty days before the end" 4 TOO_EARLY 0 ;;
	*) refused "forty days after the end" 4 TOO_LATE 0 ;;
	esac
done
sed 's/^serves = .*/serves = [ "person" ];/' "$SB/systems/sheca-cisweb.conf" >"$SB/systems/sheca-issp.conf"
sb_site_conf
fresh
ORDER=(--system sheca-issp --way self)
refused "an organisation's where only persons are served" 4 CLASS_NOT_SERVED 0
rm "$SB/systems/sheca-issp.conf"
sb_site_conf

# ---- the desk's word ----
fresh
sb_ctl revoke "$CERT"
remember
refused "revoked" 4 REVOKED 0
detail_like "revoked" "^20[0-9-]*T"
fresh
LANGS=json
sb_ctl hold "$CERT"
refused "on hold" 4 REVOKED 0
detail_like "on hold" hold
sb_ctl good "$CERT"
finishes "on hold no more"
fresh --status unknown
refused "unknown to the desk" 4 CERT_UNKNOWN 0

# ---- hostile names: shown without harm, renewed as they are ----
ok "the pattern for harm finds harm" test "$(printf 'a\e[2J\n\xc2\x9b\n\xe2\x80\xae\n' | LC_ALL=C grep -acP "$UNSAFE")" = 3
hostile='\x1b[2J\x1b]0;x\x07\xc2\x9b\xe2\x80\xae\xe2\x81\xa6gnp.exe\x00\r\n\x08\x7f'
name_in() { openssl x509 -inform DER -in "$1" -noout -subject -nameopt RFC2253; }
hostile() { # NAME SUBJECT
	local name=$1 lang
	printf '%s' "$2" >"$SB/subject"
	fresh --raw-subject-file "$SB/subject"
	says_nothing_known
	refused "$name, refused" 4 ENVELOPE_UNKNOWN 1
	for lang in zh en; do
		ck keys --lang $lang >"$SB/out.$lang"
		ck policy --system sheca-cisweb --cert "$CERT_FILE" --on 2026-11-20 --lang $lang >>"$SB/out.$lang"
		ok "$name, shown in $lang" harmless "$SB/out.$lang"
	done
	usual
	finishes "$name, renewed"
	ok "$name, renewed: nothing for a terminal to obey" harmless "$SB/out.json"
	sqlite3 "$SB/sandbox.db" "SELECT writefile('$SB/new.der', der) FROM cert WHERE origin='issued'
		ORDER BY rowid DESC LIMIT 1" >/dev/null
	is "$name, renewed: under the same name to the byte" "$(name_in "$SB/new.der")" "$(name_in "$CERT_FILE")"
}
says_nothing_known() { ANSWERS=('{"ask":"envelope","serial":"nosuch"}'); }
hostile "control characters" "/C=CN/O=$hostile/CN=$hostile"
hostile "4 KB" "/C=CN/O=$(printf '上海%.0s' {1..700})/CN=$(printf 'x%.0s' {1..4096})"

# ---- clocks ----
for year in 1999 2099; do
	fresh
	AT="$year-11-05 00:00:00"
	[ $year = 1999 ] || LANGS=json
	refused "this machine's clock in $year" 4 CLOCK 0
	detail_like "this machine's clock in $year" "clock says $year"
	AT=''
done
for off in 3600 -3600 33333333; do
	fresh
	LANGS=json
	sb_knob desk.clock $off
	refused "the desk's clock off by $off s" 4 CLOCK 0
	detail_like "the desk's clock off by $off s" "^20.*/ 20"
done
sb_knob --clear
finishes "the clocks set right"
