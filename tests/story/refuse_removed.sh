#!/bin/bash
# Keys pulled: before anything began nothing is left; later the record waits, and the same key put in
# again goes on to its one certificate, also when nobody knows which PIN holds.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
n_pulls=0
pull_at() { # FUNCTION N: the rule is another each time, or the key would still be out
	PULL="yank $1 $2"
	pull
}
pull() { sb_shim "# $((n_pulls += 1))" "$PULL"; }

# ---- before the desk gave anything ----
early() { # NAME FUNCTION N LOGINS
	fresh
	BETWEEN=pull
	pull_at "$2" "$3"
	refused "pulled $1" 4 KEY_REMOVED "$4"
	LANGS=json BETWEEN=:
}
early "while it is read" C_FindObjectsInit 0 0
finishes "pulled while it is read, put in again"
early "before the PIN arrives" C_Login 0 0
early "while it proves itself" C_Sign 0 1
finishes "pulled while it proves itself, put in again"
fresh
LANGS=json
pull_at C_OpenSession 0
refused "pulled at the first touch" 4 KEY_REMOVED 0
pull_at C_GetTokenInfo 0
refused "pulled while it is listed" 4 NO_KEY 0

# ---- later ----
late() { # NAME FUNCTION N LOGINS [LANGUAGES]
	fresh
	LANGS=${5:-json} BETWEEN=pull
	pull_at "$2" "$3"
	stuck "pulled $1" KEY_REMOVED "$4"
	BETWEEN=: LANGS=json
}
late "before the pair is made" C_GenerateKeyPair 0 1 'json zh en'
try "pulled before the pair is made: still out" 4 NO_KEY
completes "pulled before the pair is made, put in again"
late "while the request is signed" C_Sign 1 1
completes "pulled while the request is signed, put in again"
late "before the certificate is written" C_CreateObject 0 1
is "pulled before the certificate is written: the old one still signs" \
	"$(sb_shim ''; ck keys --json | grep -c "$CERT")" 1
completes "pulled before the certificate is written, put in again"
late "while the new key proves itself" C_Sign 2 1
completes "pulled while the new key proves itself, put in again"
is "pulled while the new key proves itself: one pair was made" \
	"$(sb_show --arg e "$ENVELOPE" '[.certificates[]|select(.envelope==$e)]|length')" 1

# ---- while the PIN changes: nobody knows which one holds until a clerk says which is tried ----
clerk_says() { ANSWERS=('{"ask":"last-try","yes":true}' '{"ask":"unsettled-pin","which":"'"$1"'"}'); }
late "before the PIN changes" C_SetPIN 0 1
clerk_says old
completes "pulled before the PIN changes, put in again"
is "pulled before the PIN changes: login, then the change, and nothing more" "$(sb_logins)" 2

fresh
LANGS=json
sb_shim 'failafter C_SetPIN 32 0'
stuck "pulled as the PIN has changed" KEY_REMOVED 2
SECRETS=("pin $PASSWORD" "password $PASSWORD")
clerk_says envelope
completes "pulled as the PIN has changed, put in again"
is "pulled as the PIN has changed: one login, no second change" \
	"$(sb_logins) $(grep -c C_SetPIN "$SB/shim/calls")" "1 0"

late "as the old pair goes" C_DestroyObject 1 2
SECRETS=("pin $PASSWORD")
completes "pulled as the old pair goes, put in again"
