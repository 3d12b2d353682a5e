#!/bin/bash
# The engine is killed wherever a renewal in files, on behalf, writes to the medium, and as it comes
# to a station with it; in both shapes, one of them onto another stick. The same
# visit comes to the one right end, or is given up, and what was brought is never touched.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

stick=$SB/media/stick other=$SB/media/other old_pin=Old-4471 new_pin=Env-9038
cat >"$SB/keys.d/files.conf" <<CONF
name = "U-disk";
driver = "file";
roots = [ "$SB/media/*" ];
keytypes = [ "p256" ];
CONF
rm "$SB/keys.d/softhsm.conf"
visit() { # PIN WHICH OPTION…
	local pin=$1 which=$2
	shift 2
	printf '{"ask":"envelope","serial":"%s"}\n{"ask":"unsettled-pin","which":"%s"}\n' "$envelope" "$which" >"$SB/answers"
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 "$@" \
		9< <(printf 'pin %s\npassword %s\n' "$pin" $new_pin) >"$SB/out" 2>>"$SB/err"
}
n=0
fresh() { # FORM
	rm -rf "$SB/media" "$SB/state" "$SB/before"
	mkdir -m 700 "$SB/state"
	mkdir -p "$stick" "$other"
	at=$stick
	[[ $1 = p12* ]] && at=$stick/zhang.p12
	sb_key --medium "$at" --form "$1" --pin $old_pin --label zhang --alg p256
	cp -r "$stick" "$SB/before"
	envelope=E$((n += 1))
	sb_envelope "$envelope" $new_pin --for "$CERT"
}
# the new pair is one file (or folder), whole, and PASSWORD opens it
opens() {
	local new
	new=$(find "$SB/media" -name "*-$KEY-*" ! -name '*.old')
	if [ -d "$new" ]; then
		PW=$1 openssl pkey -in "$new/UserKey.key" -passin env:PW -noout 2>/dev/null
	else
		PW=$1 openssl pkcs12 -in "$new" -passin env:PW -noout 2>/dev/null
	fi
}
# what a person would type now: the password of the newest file that is whole
newest_opens() {
	local new
	for new in $(find "$SB/media" -name "*-$KEY-*" | sort -r); do
		[ ! -d "$new" ] || new=$new/UserKey.key
		PW=$new_pin openssl pkcs12 -in "$new" -passin env:PW -noout 2>/dev/null ||
			PW=$new_pin openssl pkey -in "$new" -passin env:PW -noout 2>/dev/null && return 0
	done
	return 1
}
intact() { # what was brought is there, byte for byte
	local f
	for f in $(cd "$SB/before" && find . -type f); do
		cmp -s "$SB/before/$f" "$stick/$f" || cmp -s "$SB/before/$f" "$stick/$f.old" || return 1
	done
}
# POINTS: numbers of those to be killed at, of a whole visit
points() { # FORM REGEX OPTION…
	local form=$1 regex=$2
	shift 2
	fresh "$form"
	rm -f "$SB/points"
	CK_FAULT_LOG=$SB/points visit $old_pin old "$@" || echo "not ok - $form: a visit without interruption"
	POINTS=$(awk -v r="$regex" '/^newkey$/ { on = 1 } on && $0 ~ r { print NR }' "$SB/points")
}

every_point() { # NAME FORM REGEX LEAST OPTION…
	local name=$1 form=$2 least=$4 tried=0 wrong_end=0 touched=0 which pin rc now entries issued point
	points "$form" "$3" "${@:5}"
	shift 4
	issued=$(sb_show .counts.issued)
	for point in $POINTS; do
		fresh "$form"
		CK_FAULT_AT=$point visit $old_pin old "$@"
		tried=$((tried + 1))
		intact || touched=$((touched + 1))
		which=old pin=$old_pin
		newest_opens && which=envelope pin=$new_pin
		# killed behind the last line: the record is closed, and another visit would be another renewal
		rc=0
		if [ "$(ck records --all --json | jq -r '.row?.state // empty')" != done ]; then
			# the place to save to is on record: nobody says it twice
			visit $pin $which
			rc=$?
		fi
		now=$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')
		entries=$(ck keys --json | jq -s '[.[] | .row? // . | .entries? // empty] | add | length' 2>/dev/null)
		if [ $rc -ne 0 ] || [ "$now" != "$((issued += 1)) $issued $issued" ] || [ "$entries" != 1 ] ||
			! opens $new_pin || ! intact; then
			wrong_end=$((wrong_end + 1))
			echo "# $name, point $point, $(sed -n "${point}p" "$SB/points"): status $rc, $now, want $issued, entries $entries"
			find "$SB/media" | sed 's/^/#   /'
			tail -n 1 "$SB/out" | sed 's/^/#   /'
		fi
	done
	is "$name: killed and resumed at $tried points, all at the right end" "$wrong_end" 0
	is "$name: what was brought is intact at each of them" "$touched" 0
	ok "$name: there are points enough to mean it" test "$tried" -ge "$least"
}

given_up() { # NAME FORM POINT: killed there, then abandoned
	fresh "$2"
	CK_FAULT_AT=$3 visit $old_pin old
	: >"$SB/answers"
	ok "$1: given up" ck abandon "$(ck records --json | jq -r '.row?.record // empty')" --clerk 07 --json \
		--answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' $old_pin)
	ok "$1: what was brought is as it was" diff -r "$SB/before" "$stick" -x "*-$KEY-*"
	is "$1: and the only one that is listed" "$(ck keys --json | jq -sr '[.[].row?.entries? // [] | .[]] | length')" 1
	is "$1: no lease stays open, nothing issued stays good" \
		"$(sb_show "[.counts.open, ([.certificates[] | select(.origin == \"issued\" and .status == \"good\" and .envelope == \"$envelope\")] | length)] | @csv")" 0,0
}

every_point "PKCS#12" p12 '^(file-|request$|install$|confirm$|pin$|retire$|close$)' 18
every_point "folder, onto another stick" folder-pem '^file-(begun|proved|keyless|moved)$' 10 --save-to "$other"
given_up "PKCS#12, before its first file is whole" p12 file-begun#1
given_up "PKCS#12, with two files of the new pair" p12 file-proved#1
given_up "folder, with a torn one" folder-pem file-begun#2
given_up "folder, before confirmation" folder-pem file-dropped#1

# ---- a copy of the stick: it lacks the new pair, and so is another one ----
other_one() { # NAME OPTION…: as long as it is in, nothing is written, given up or made anew
	local name=$1 before
	shift
	before=$(find "$SB/media" -type f -exec sha256sum {} + | sort)
	visit $old_pin old "$@"
	is "$name: not this one" "$? $(tail -n 1 "$SB/out" | jq -r '.error.name')" "4 OTHER_KEY"
	is "$name: it is as it was" "$(find "$SB/media" -type f -exec sha256sum {} + | sort)" "$before"
}
goes_on() { # NAME OPTION…
	local name=$1 issued
	shift
	issued=$(sb_show .counts.issued)
	visit $old_pin old "$@"
	is "$name, the right one: the same visit is done" \
		"$? $(sb_show '.counts | "\(.issued) \(.open)"') $(ck records --json --all | grep -c '"row"')" \
		"0 $((issued + ${ISSUES:-0})) 0 1"
}
for form in p12 folder-pem; do
	for point in request install confirm; do
		fresh $form
		cp -r "$stick" "$SB/copy"
		CK_FAULT_AT=$point visit $old_pin old
		mv "$stick" "$SB/right" && mv "$SB/copy" "$stick"
		other_one "$form, a copy at $point"
		rm -r "$stick" && mv "$SB/right" "$stick"
		ISSUES=0
		[ $point != request ] || ISSUES=1
		goes_on "$form, a copy at $point"
	done
	# its mount point is there without it
	fresh $form
	CK_FAULT_AT=install visit $old_pin old --save-to "$other"
	mv "$other" "$SB/right" && mkdir "$other"
	other_one "$form, the stick with the new pair out"
	rmdir "$other" && mv "$SB/right" "$other"
	ISSUES=0 goes_on "$form, the stick with the new pair in"
done
