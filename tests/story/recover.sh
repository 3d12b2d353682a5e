#!/bin/bash
# The reader unplugged, the reader service killed, the key swapped: wherever the visit stands, it asks
# for the same key and goes on. And modules that hang, crash, or change the ground they stand on.
SB_CALL_TIMEOUT_S=1
. "$(dirname "$0")/../sandbox/recover.sh"
sb_new
readers

# WAY: a key and a visit; whoever is asked again types the PIN that holds, and the envelope once more when
# that question went off with the key
another() {
	fresh --alg p256
	$1
	SECRETS+=("pin $PIN" "pin $PIN" "password $PASSWORD")
	ANSWERS+=("${ANSWERS[@]}")
}
held() { # NAME RULE: the visit stands still at this call of the key
	CASE=$1 n_asked=0
	ctl "hold $2"
	visit
	until_held || echo "not ok - $CASE: it came by there"
}

# ---- the reader, the service, in each station; on behalf and for oneself ----
taken_away() { # HOW NAME: while the visit stands somewhere, until it asks for the key; and given back
	if [ "$1" = 'reader unplugged' ]; then
		plug del "$R1"
	else
		service_killed
	fi
	ctl absent
	asked_back
	ctl
	if [ "$1" = 'reader unplugged' ]; then
		plug add "$R1"
		plug card "$R1|$ATR"
	else
		service_up
	fi
	settled "$CASE"
}
for at in 'on_behalf|service killed' 'self|reader unplugged'; do
	way=${at%|*} how=${at#*|}
	for rule in 'C_FindObjectsInit 0' 'C_Login 0' 'C_GenerateKeyPair 0' 'C_Sign 1' 'C_CreateObject 0' \
		'C_SetPIN 0' 'C_DestroyObject 0'; do
		[ "$way $rule" = 'self C_SetPIN 0' ] && continue
		another $way
		[[ "$way $rule" = on_behalf*Destroy* ]] && SECRETS[2]="pin $PASSWORD"
		[ "$rule" = 'C_SetPIN 0' ] &&
			ANSWERS+=('{"ask":"unsettled-pin","which":"old"}' '{"ask":"last-try","yes":true}')
		held "$way, $how at $rule" "$rule"
		taken_away "$how"
	done
	for wait in authorise:desk.delay.lease issue:cmp.delay.p10cr confirm:cmp.delay.certConf; do
		another $way
		sb_knob "${wait#*:}" 2000
		CASE="$way, $how at ${wait%:*}" n_asked=0
		ctl
		visit
		until_said '"step":"'"${wait%:*}"'"'
		taken_away "$how"
		sb_knob --clear "${wait#*:}"
	done
done

# ---- pulled while a person is asked: nobody waits for the next touch ----
for how in 'key pulled' 'service killed'; do
	another on_behalf
	CASE="$how while the PIN is asked for" n_asked=0
	ctl
	secrets_later
	until_said '"ask":"pin"'
	if [ "$how" = 'key pulled' ]; then
		# the module has not noticed: the reader's word is enough
		plug nocard "$R1"
		until_said '"say":"key-lost"'
		ctl absent
		asked_back
		ctl
		plug card "$R1|$ATR"
	else
		service_killed
		until_said '"say":"key-lost"'
		ctl absent
		asked_back
		ctl
		service_up
	fi
	until_said '"ask":"pin"' 2
	printf 'pin %s\npassword %s\n' "$PIN" "$PASSWORD" >&6
	exec 6>&-
	settled "$CASE"
	rm "$SB/typed"
done

# ---- another key in its place ----
swap() { # which of two folders of keys is plugged in
	rm -rf "$SB/out"
	mv "$SB/tokens" "$SB/out"
	mv "$SB/$1" "$SB/tokens"
	mv "$SB/out" "$SB/$2"
}
sums() { (cd "$SB/$1" && find . -type f ! -name '*.lock' -exec sha256sum {} + | sort); }
another on_behalf
swapped_key=$KEY
mkdir "$SB/second"
swap second first
sb_key --label T2 --pin "$PIN" --alg p256
other=$(sums tokens)
swap first second
pulled "swapped for another key" 'yank C_CreateObject 0'
swap second first
back
until_said '"name":"OTHER_KEY"'
like "swapped for another key: both are named" "$(grep OTHER_KEY "$SB/out.json" | tail -n 1)" \
	"T2 .*$KEY.*T1 .*$swapped_key"
is "swapped for another key: it was not touched" "$(sums tokens)" "$other"
swap first second
KEY=$swapped_key
back
settled "$CASE"

another on_behalf
swap second first
sb_key --label T2 --pin "$PIN" --alg p256
other=$(sums tokens)
swap first second
pulled "swapped for one of the same serial number" 'serial 0000' 'yank C_CreateObject 0'
swap second first
back 'serial 0000'
until_said '"name":"OTHER_KEY"'
like "swapped for one of the same serial number: both are named" \
	"$(grep OTHER_KEY "$SB/out.json" | tail -n 1)" "T2 \(0000\).*T1 \(0000\)"
# both in: the right one is known by its pairs
cp -r "$SB/first/." "$SB/tokens/"
back 'serial 0000'
until_said '"ask":"pin"' 2
wait $VISIT
is "both in, with one serial number: done" "$? $(count '"say":"closed"')" "0 1"
# SoftHSM writes no file of a key that is only read
is "both in: the other was not touched" "$(sums tokens | grep -cFxf <(echo "$other"))" \
	"$(wc -l <<<"$other")"
rm -r "$SB"/first

# ---- modules: each hangs beside the others, which is mostly waiting ----
lost() { # NAME RULE PIN
	local pin=$3
	SB_PORT=0
	sb_new
	fresh --alg p256
	sb_shim "$2"
	SECRETS+=("pin $pin" "password $PASSWORD")
	ANSWERS+=("${ANSWERS[0]}" '{"ask":"unsettled-pin","which":"old"}' '{"ask":"last-try","yes":true}')
	CASE=$1
	visit
	settled "$1"
	# when all is closed, it may be the engine itself
	like "$1: a new engine went on" "$(grep '"restart"' "$SB/out.json")" \
		"(MODULE|ENGINE)_(HUNG.*\"3 s\"|CRASHED)"
	is "$1: no engine is left behind" "$(pgrep -f "certkiosk-engine.*$SB/" | wc -l)" 0
	sb_stop
	rm -rf "$SB"
}
unset PCSCLITE_CSOCK_NAME
mkdir "$SB/lost"
n=0 lost_pids=
for call in Login GenerateKeyPair CreateObject SetPIN DestroyObject Finalize; do
	pin=$PIN
	[ $call = DestroyObject ] && pin=$PASSWORD
	n=$((n + 1))
	(lost "a module that hangs in C_$call" "hang C_$call 0 once" "$pin") >"$SB/lost/$n" 2>&1 &
	lost_pids+=" $!"
done
(
	lost "a module that crashes in C_SetPIN" 'crash C_SetPIN 0 once' "$PIN"
	lost "a rude module" 'rude
crash C_CreateObject 0 once' "$PIN"
) >"$SB/lost/0" 2>&1
wait $lost_pids
cat "$SB"/lost/*
