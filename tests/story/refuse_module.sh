#!/bin/bash
# Vendors' modules: missing, not one at all, refusing to start, crashing, hanging. The engine that dies
# with them is replaced; what is asked again is asked again, and no PIN is sent twice for one typed.
SB_CALL_TIMEOUT_S=1
. "$(dirname "$0")/../sandbox/refuse.sh"
restarts() { grep -c '"restart"' "$SB/out.json"; }
left_behind() { pgrep -f "certkiosk-engine.*$SB/" | wc -l; }
module() { sed -i "s|^module = .*|module = \"$1\";|" "$SB/keys.d/softhsm.conf"; }
no_key_looked_at() { # nothing of the key can be seen through such a module
	sb_keys_conf
	is "$1: the key as it was" "$(on_key)" "$key_before"
	is "$1: the books as they were" "$(books)" "$books_before"
	is "$1: no record left open" "$(open_records)" 0
}

crashed() { # NAME RESTARTS: as told on the way
	is "$1: engines started anew" "$(restarts)" "$2"
	is "$1: no engine is left behind" "$(left_behind)" 0
}
typed() { # TIMES: as somebody does who is asked again
	SECRETS=()
	for ((i = 0; i < $1; i++)); do SECRETS+=("pin $PIN" "password $PASSWORD"); done
}

# ---- hangs: mostly waiting, so each in a sandbox of its own beside the rest ----
hangs() { # NAME RULE
	SB_PORT=0
	sb_new
	fresh
	LANGS=json
	sb_shim "$2"
	if [[ $2 = *once ]]; then
		typed 2
		finishes "$1"
		crashed "$1" 1
	else
		try "$1" 1 MODULE_HUNG
		crashed "$1" 0
		unchanged "$1"
	fi
}
sb_new
HUNG=$SB/hung
mkdir "$HUNG"
(hangs "a module that hangs while keys are listed" 'hang C_GetTokenInfo 0') >"$HUNG/1" 2>&1 &
hang_1=$!
(hangs "one that hangs once while the pair is made" 'hang C_GenerateKeyPair 0 once') >"$HUNG/2" 2>&1 &
hang_2=$!

fresh
module /nowhere/libmissing.so
try "a module that is not there" 4 MODULE_MISSING
detail_like "a module that is not there" /nowhere/libmissing.so
no_key_looked_at "a module that is not there"
for what in "$SB_TREE/Makefile" /usr/lib/*/libsqlite3.so.0; do
	module "$what"
	try "no module but ${what##*/}" 4 MODULE_BROKEN
	detail_like "no module but ${what##*/}" "$what"
	no_key_looked_at "no module but ${what##*/}"
	LANGS=json
done
sb_shim 'fail C_Initialize 5 0'
try "a module that does not start" 4 MODULE_BROKEN
unchanged "a module that does not start"
finishes "the module put right"

# each call within its limit, all of them together beyond it
fresh
sb_shim 'slow 60'
ck keys --json >"$SB/out.json" 2>/dev/null
is "a slow key is listed, not called hung" "$? $(jq -r '.row?.serial // empty' "$SB/out.json")" "0 $KEY"

# one family's module is missing, the key is another's
fresh
sed 's|^name = .*|name = "Other";|; s|^module = .*|module = "/nowhere/libmissing.so";|' \
	"$SB/keys.d/softhsm.conf" >"$SB/keys.d/other.conf"
finishes "a missing module of another family's"
rm "$SB/keys.d/other.conf"

# ---- crashes ----
fresh
sb_shim 'crash C_GetTokenInfo 0'
try "a crash while keys are listed" 1 MODULE_CRASHED
crashed "a crash while keys are listed" 0
unchanged "a crash while keys are listed"

fresh
sb_shim 'crash C_Login 0'
refused "a crash at the login, the PIN typed once" 4 MODULE_CRASHED 0
crashed "a crash at the login, the PIN typed once" 1
LANGS=json
sb_shim 'crash C_Login 0'
typed 3
stuck "a crash at every login" MODULE_CRASHED 0
is "a crash at every login: the slip by which it goes on is told" \
	"$(tail -n 1 "$SB/out.json" | jq -r .facts.slip)" "$(ck records --json | jq -r '.row.slip // empty')"
crashed "a crash at every login" 2
usual
completes "a crash at every login, then a better module"
fresh
sb_shim 'crash C_Login 0 once'
typed 2
finishes "one crash, the PIN typed again"
crashed "one crash, the PIN typed again" 1
is "one crash, the PIN typed again: the second PIN and the change" "$(sb_logins)" 2

for call in C_GenerateKeyPair C_CreateObject; do
	fresh
	LANGS=json
	sb_shim "crash $call 0"
	typed 3
	stuck "a crash in every $call" MODULE_CRASHED 3
	crashed "a crash in every $call" 2
	usual
	completes "a crash in every $call, then a better module"
done
fresh
LANGS=json
sb_shim 'crash C_DestroyObject 0 once'
SECRETS+=("pin $PASSWORD")
finishes "one crash as the old pair goes, the new PIN typed"
crashed "one crash as the old pair goes, the new PIN typed" 1

wait $hang_1 $hang_2
cat "$HUNG"/*
