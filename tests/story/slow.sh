#!/bin/bash
# Servers that take nearly all the time they are given, at every exchange: that is slow, and nothing hangs. The
# front must not end an engine for it, at whatever comes as two exchanges in a row.
. "$(dirname "$0")/../sandbox/lib.sh"
SB_ANSWER_S=3 # and 3 to connect: patience and its slack are then less than two slow answers
slow=5700 pin=Old-4471

# each in a sandbox of its own, for all of them only sleep
aside() { # NAME COMMAND: in the background
	(
		sb_new
		sb_est
		"$2"
		is "$1" "$? $(jq -rs 'last | .end + " " + (.error.name // "-")' "$SB/out")" "0 done -"
	) &
}
renews() {
	sb_key --label S1 --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject '/C=CN/CN=张三'
	sb_knob "$1.delay.$2" $slow
	sb_knob "$1.delay.$3" $slow
	sb_renew $pin '' '' --system est --way self --json >"$SB/out" 2>"$SB/err"
}
enrols() { renews est cacerts simpleenroll; }
proves() { renews desk challenge key-proof; }

aside "the authority's certificates, then its answer" enrols
aside "a challenge, then its proof" proves
wait
