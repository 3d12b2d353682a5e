#!/bin/bash
# A real stick fails: write-protected, full at each write, write-protected or pulled while a visit
# goes on. It is said, what was brought is whole, and the same visit ends well once the stick is good.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

stick=$SB/media/stick pin=Old-4471 password=Env-9038 n=0
cat >"$SB/keys.d/files.conf" <<CONF
name = "U-disk";
driver = "file";
roots = [ "$SB/media/*" ];
keytypes = [ "p256" ];
CONF
rm "$SB/keys.d/softhsm.conf"
# the stick is what is in the drawer; put in it is seen where the kiosk looks
mkdir -p "$stick" "$SB/drawer"
if ! mount -t tmpfs -o size=1m tmpfs "$SB/drawer" 2>/dev/null; then
	echo "skip - a stick that fails: only root can mount one"
	exit 0
fi
trap 'rc=$?; umount -l "$stick" "$SB/drawer" 2>/dev/null; (exit $rc); sb_end' EXIT
put_in() { mount --bind "$SB/drawer" "$stick"; }
pull() { umount -l "$stick"; }
protect() { mount -o "remount,$1" "$SB/drawer"; }
put_in

fresh() { # FORM
	protect rw
	rm -rf "${stick:?}"/* "$SB/before"
	at=$stick
	[[ $1 = p12* ]] && at=$stick/zhang.p12
	sb_key --medium "$at" --form "$1" --pin $pin --label zhang --alg p256
	cp -r "$stick" "$SB/before"
	sb_envelope "F$((n += 1))" $password --for "$CERT"
}
fill() { dd if=/dev/zero of="$stick/photos" bs=4k 2>/dev/null; }
visit() {
	printf '{"ask":"envelope","serial":"F%d"}\n{"ask":"unsettled-pin","which":"old"}\n' $n >"$SB/answers"
	ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\npassword %s\n' $pin $password) >"$SB/out" 2>"$SB/err"
}
ended() { # NAME STATUS CODE
	is "$1: status and error" "$? $(tail -n 1 "$SB/out" | jq -r '.error.name // "-"')" "$2 $3"
}
intact() {
	local f
	for f in $(cd "$SB/before" && find . -type f); do
		cmp -s "$SB/before/$f" "$stick/$f" || cmp -s "$SB/before/$f" "$stick/$f.old" || return 1
	done
}
ends_well() { # NAME
	ok "$1: then the same visit is done" visit
	ok "$1: what was brought is whole" intact
	is "$1: there is one new pair" "$(find "$stick" -maxdepth 1 -name "*-$KEY-*" | wc -l)" 1
	is "$1: one certificate is live" "$(sb_show '.counts | "\(.live) \(.confirmed) \(.open)"')" "$((good += 1)) $good 0"
}
good=0

for form in p12 folder-pem; do
	fresh $form
	protect ro
	visit
	ended "$form, write-protected" 4 KEY_READONLY
	protect rw
	fill
	visit
	ended "$form, full" 4 KEY_FULL
	rm "$stick/photos"
	ok "$form, full: nothing was changed" diff -r "$SB/before" "$stick"
	is "$form, full: nothing is bound" "$(sb_show .counts.open)" 0
	ends_well "$form, when there is room"

	# nothing more fits after the pair: it is given back
	fresh $form
	CK_FAULT_AT=install visit
	fill
	visit
	ended "$form, full at install" 5 KEY_FULL
	rm "$stick/photos"
	ok "$form, full at install: the stick is as it was" diff -r "$SB/before" "$stick"
	ends_well "$form, full at install, room again"

	# nor after the certificate: the visit waits for room
	fresh $form
	CK_FAULT_AT=pin visit
	fill
	before=$(find "$stick" | sort)
	visit
	ended "$form, full at pin" 1 KEY_FULL
	is "$form, full at pin: nothing half-written is left" "$(find "$stick" | sort)" "$before"
	rm "$stick/photos"
	ends_well "$form, full at pin, room again"
done

# the system takes a stick for write-protected after an error of its own
fresh p12
CK_FAULT_AT=install visit
protect ro
visit
ended "write-protected at install" 4 KEY_READONLY
protect rw
ends_well "writable again"

# pulled while the CA is thinking, and put in again
pulled() { # FORM KNOB DID
	local waited=0
	fresh "$1"
	sb_knob "$2" 1500 1
	visit &
	until grep -q "\"say\":\"$3\"" "$SB/out" 2>/dev/null || [ $((waited += 1)) -gt 500 ]; do sleep 0.01; done
	pull
	wait $!
	ended "$1, pulled after $3" 1 KEY_REMOVED
	sb_knob --clear
	visit
	ended "$1, still out" 4 NO_KEY
	put_in
	ends_well "$1, put in again"
}
pulled p12 cmp.delay newkey-made
pulled folder-pem cmp.delay newkey-made
