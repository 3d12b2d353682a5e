#!/bin/bash
# The engine is killed at every fault point of a renewal in files, on behalf, in both shapes, once also
# onto another stick: the same visit comes to the one right end, and what was brought is never touched.
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
interrupted() { # FORM POINT OPTION…: status of the first try
	local form=$1 point=$2
	shift 2
	rm -rf "$SB/media" "$SB/state" "$SB/before"
	mkdir -m 700 "$SB/state"
	mkdir -p "$stick" "$other"
	at=$stick
	[[ $form = p12* ]] && at=$stick/zhang.p12
	sb_key --medium "$at" --form "$form" --pin $old_pin --label zhang --alg p256
	cp -r "$stick" "$SB/before"
	envelope=E$form-$point-$#
	sb_envelope "$envelope" $new_pin --for "$CERT"
	CK_FAULT_AT=$point visit $old_pin old "$@"
}
opens() { # PASSWORD: does the new pair open with it?
	local new
	new=$(find "$SB/media" -name "*-$KEY-1-*" ! -name '*.tmp' ! -name '*.old' -print -quit)
	[ -n "$new" ] || return 1
	if [ -d "$new" ]; then
		PW=$1 openssl pkey -in "$new/UserKey.key" -passin env:PW -noout 2>/dev/null
	else
		PW=$1 openssl pkcs12 -in "$new" -passin env:PW -noout 2>/dev/null
	fi
}
intact() { # what was brought is there, byte for byte
	local f
	for f in $(cd "$SB/before" && find . -type f); do
		cmp -s "$SB/before/$f" "$stick/$f" || cmp -s "$SB/before/$f" "$stick/$f.old" || return 1
	done
}

every_point() { # NAME FORM OPTION…
	local name=$1 form=$2 points=0 wrong_end=0 touched=0 which pin rc now open entries
	local issued
	shift 2
	issued=$(sb_show .counts.issued)
	while ! interrupted "$form" $((points + 1)) "$@"; do
		points=$((points + 1))
		intact || touched=$((touched + 1))
		which=old pin=$old_pin
		opens $new_pin && which=envelope pin=$new_pin
		# killed behind the last line: the record is closed, and another visit would be another renewal
		rc=0
		if [ "$(ck records --all --json | jq -r '.row?.state // empty')" != done ]; then
			# the place to save to is on record: nobody says it twice
			visit $pin $which
			rc=$?
		fi
		now=$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')
		open=$(ck records --json | grep -c '"station"')
		entries=$(ck keys --json | jq -s '[.[] | .row? // . | .entries? // empty] | add | length' 2>/dev/null)
		if [ $rc -ne 0 ] || [ "$now" != "$((issued += 1)) $issued $issued" ] || [ "$open" -ne 0 ] || [ "$entries" != 1 ] ||
			! opens $new_pin || ! intact || [ -n "$(find "$SB/media" -name '*.tmp')" ]; then
			wrong_end=$((wrong_end + 1))
			echo "# $name, point $points: status $rc, $now, want $issued, entries $entries, open $open"
			tail -n 1 "$SB/out" | sed 's/^/#   /'
		fi
	done
	is "$name: killed and resumed at $points points, all at the right end" "$wrong_end" 0
	is "$name: what was brought is intact at each of them" "$touched" 0
	ok "$name: there are points enough to mean it" test "$points" -ge 60
}

every_point "PKCS#12" p12
every_point "folder, onto another stick" folder-pem --save-to "$other"
