#!/bin/bash
# The engine is killed at every fault point of an on-behalf renewal (before and after every line of the
# record, and at every station); the key is put in again, and the same visit comes to the one right end.
# In resume_*.sh SYSTEM is another one, and what it shares with this one is left out: only the points from
# station FROM to station TO, LEAST at the least.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_kur
sb_est
system=${SYSTEM:-sheca-cisweb}

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
old_pin=Old-4471 new_pin=Env-9038
visit() { # PIN WHICH → status; everything said in $SB/out
	printf '{"ask":"envelope","serial":"%s"}\n{"ask":"unsettled-pin","which":"%s"}\n' "$envelope" "$2" >"$SB/answers"
	ck renew --system $system --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\npassword %s\n' "$1" $new_pin) >"$SB/out" 2>>"$SB/err"
}

# status of the first try; the key's PIN stands in $pin as the record knows it
interrupted() { # POINT
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_key --label "T$1" --pin $old_pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	envelope=E$1
	sb_envelope "$envelope" $new_pin --for "$CERT"
	CK_FAULT_AT=$1 visit $old_pin old
}

pin_now() { # does the key take this one? (not through the kiosk, and after the count is done)
	SOFTHSM2_CONF=$SB/softhsm2.conf PIN=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so \
		--token-label "$2" --login --pin env:PIN --list-objects >/dev/null 2>&1
}

first=1 last=999 whole=0
if [ -n "${FROM:-}" ]; then
	CK_FAULT_LOG=$SB/points interrupted 0
	first=$(grep -nxm 1 "$FROM" "$SB/points") last=$(grep -nxm 1 "$TO" "$SB/points") whole=1
	first=${first%%:*} last=${last%%:*}
fi
points=0 wrong_end=0 too_many=0
while [ $((at = first + points)) -le "$last" ] && ! interrupted $at; do
	points=$((points + 1))
	# what a person would type now: the PIN that holds, or, unsettled, the word which one it is
	which=old pin=$old_pin
	if pin_now $new_pin "T$at"; then
		which=envelope pin=$new_pin
	fi
	before=$(sb_logins)
	visit $pin $which
	rc=$?
	entries=$(ck keys --json | jq -s '[.[] | .row? // . | .entries? // empty] | add | length' 2>/dev/null)
	right="$((points + whole)) $((points + whole)) $((points + whole))"
	now=$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')
	open=$(ck records --json | grep -c '"station"')
	if [ $rc -ne 0 ] || [ "$now" != "$right" ] || [ "$entries" != 1 ] || [ "$open" -ne 0 ] ||
		! pin_now $new_pin "T$at"; then
		wrong_end=$((wrong_end + 1))
		echo "# point $at: status $rc, issued/live/confirmed $now, entries $entries, open $open"
		tail -n 1 "$SB/out" | sed 's/^/#   /'
	fi
	[ $(($(sb_logins) - before)) -le 2 ] || too_many=$((too_many + 1))
done
is "killed and resumed at $points points, all at the right end" "$wrong_end" 0
ok "there are points enough to mean it" test "$points" -ge "${LEAST:-60}"
is "no resumed visit verified more than the PIN typed and the change" "$too_many" 0
