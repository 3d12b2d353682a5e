#!/bin/bash
# PINs: wrong, of the wrong length, unknown tries, the last one, locked, a PIN pad. No PIN reaches the
# key that nobody typed, and no last try is spent without a clerk's word.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
may() { ANSWERS+=('{"ask":"last-try","yes":'"$1"'}'); }
wrong_then_right() { SECRETS=('pin 654321' "pin $PIN" "password $PASSWORD"); }
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }

# ---- wrong ----
fresh
self
wrong_then_right
refused "wrong, alone" 4 PIN_WRONG 1
is "wrong, alone: asked once" "$(asked)" "pin"

fresh
SECRETS=('pin 654321' 'pin 000000')
refused "wrong twice, at a clerk's" 4 PIN_WRONG 2
is "wrong twice, at a clerk's: asked until nobody answers" "$(asked)" "pin pin pin"
LANGS=json
wrong_then_right
sb_shim ''
remember
finishes "wrong, then right, at a clerk's"
is "wrong, then right: three PINs, the third the new one" "$(sb_logins)" 3

fresh
SECRETS=('pin 123')
refused "too short for the key" 4 PIN_LENGTH 0
detail_like "too short for the key" "4 - 16"
LANGS=json
SECRETS=("pin 12345678901234567")
refused "too long for the key" 4 PIN_LENGTH 0
sed -i '/pin_max/a pin_charset = "digits";' "$SB/keys.d/softhsm.conf"
SECRETS=('pin 12345O')
refused "a letter where the key takes digits" 4 PIN_LENGTH 0
detail_like "a letter where the key takes digits" "0-9"
sb_keys_conf
SECRETS=('pin 123' "pin $PIN" "password $PASSWORD")
finishes "too short, then right"

# ---- a key that tells nothing ----
fresh
self
wrong_then_right
sb_shim noflags
refused "tries unknown, alone" 4 PIN_TRIES_UNKNOWN 1

fresh
wrong_then_right
sb_shim noflags
refused "tries unknown, no clerk's word" 4 PIN_WRONG 1
is "tries unknown, no clerk's word: it was asked for" "$(asked)" "pin last-try"
LANGS=json
sb_shim noflags
may false
refused "tries unknown, the clerk says no" 4 PIN_TRIES_UNKNOWN 1
is "tries unknown, the clerk says no: and is heard" "$(asked)" "pin last-try"
usual
wrong_then_right
may true
sb_shim noflags
remember
finishes "tries unknown, the clerk says yes"
is "tries unknown, the clerk says yes: three PINs" "$(sb_logins)" 3

# ---- the last one ----
fresh
self
sb_shim finalflag
refused "the last try, alone" 4 PIN_LAST_TRY 0

fresh
sb_shim finalflag
refused "the last try, nobody answers" 4 NO_ANSWER 0
is "the last try, nobody answers: only the clerk was asked" "$(asked)" last-try
LANGS=json
sb_shim finalflag
may false
refused "the last try, the clerk says no" 4 PIN_LAST_TRY 0
is "the last try, the clerk says no: and is heard" "$(asked)" last-try
usual
may true
sb_shim finalflag
remember
finishes "the last try, the clerk says yes"
is "the last try, the clerk says yes: two PINs" "$(sb_logins)" 2

# ---- locked ----
fresh
BETWEEN=unlock
unlock() { rm -f "$SB/shim/tries"; }
sb_shim 'pinmax 2'
SECRETS=('pin 654321' 'pin 000000' "pin $PIN")
may true
refused "locked by the last try" 4 PIN_LOCKED 2
is "locked by the last try: the clerk was asked first" "$(asked)" "pin last-try pin"
for how in 'pinmax 2' 'pinmax 2
lockedasincorrect'; do
	BETWEEN=: LANGS=json
	remember
	echo 2 >"$SB/shim/tries"
	sb_shim "$how"
	refused "locked before (${how/*$'\n'/})" 4 PIN_LOCKED 0
done
unlock
sb_shim 'pinmax 2' lockedasincorrect
may true
BETWEEN=unlock
refused "locked, and the key calls it incorrect" 4 PIN_LOCKED 2
unlock

# ---- the new one, not taken by the key: nothing is lost, and it is said ----
fresh
sb_shim 'fail C_SetPIN a1 0'
finishes "a new PIN the key refuses"
is "a new PIN the key refuses: said" "$(jq -r 'select(.did=="pin").say' "$SB/out.json")" pin-unchanged
is "a new PIN the key refuses: on record and in the ledger" "$(sqlite3 "$SB/state/records.db" \
	"SELECT count(*) FROM ledger WHERE text LIKE 'PIN unchanged%'")" 1
sb_shim ''
opens_with() { env PIN="$1" pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1 --login --pin env:PIN -O; }
ok "a new PIN the key refuses: the old one holds" opens_with "$PIN"
ok "a new PIN the key refuses: the other does not" ! opens_with "$PASSWORD"

# ---- not by us ----
fresh
sb_shim pinpad
refused "a PIN pad" 4 KEY_PINPAD 0
is "a PIN pad: nothing was begun" "$(grep -c '"record"' "$SB/out.json")" 0
is "a PIN pad: found before the PIN is asked for" "$(asked)" ''
usual
completes "the same key without a pad"
