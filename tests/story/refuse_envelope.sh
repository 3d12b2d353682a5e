#!/bin/bash
# Password envelopes that do not serve: unknown, used, the original one, another certificate's, locked;
# passwords that are wrong or that the key could not take as its PIN.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
asked() { jq -r '.ask // empty' "$SB/out.json" | paste -sd ' '; }
says() { ANSWERS=(); for s; do ANSWERS+=('{"ask":"envelope","serial":"'"$s"'"}'); done; }
wrongs() { sb_show .counts.wrong; }

fresh
says nosuch nosuch-either
refused "a serial nobody knows" 4 ENVELOPE_UNKNOWN 1
is "a serial nobody knows: asked once more" "$(asked)" "pin envelope envelope"
LANGS=json
says "$(printf '9%.0s' {1..63})" '../1'
refused "a serial too long, a serial that is a path" 4 ENVELOPE_UNKNOWN 1
says nosuch "$ENVELOPE"
finishes "the right serial the second time"

fresh
sb_envelope used 1 --used
says used
refused "a used envelope" 4 ENVELOPE_USED 1
is "a used envelope: the password is not asked for" "$(asked)" "pin envelope"
sb_envelope original 1 --original-of "$CERT"
says original
refused "the envelope the certificate came with" 4 ENVELOPE_ORIGINAL 1
sb_envelope foreign 1 --for "$(printf '0%.0s' {1..64})"
says foreign
refused "another certificate's envelope" 4 ENVELOPE_FOREIGN 1
sb_envelope locked 1 --locked
says locked
refused "a locked envelope" 4 ENVELOPE_LOCKED 1
LANGS=json
says "$ENVELOPE"
finishes "after all of them, its own"
first=$ENVELOPE

fresh
says "$first"
LANGS=json
refused "an envelope used for another key just now" 4 ENVELOPE_USED 1

# ---- the password ----
fresh
SECRETS=("pin $PIN" 'password 00000000')
refused "a wrong password" 4 ENVELOPE_WRONG 1
is "a wrong password: counted at the desk, once each" "$(wrongs)" 3
LANGS=json
SECRETS=("pin $PIN" 'password 00000001' "password $PASSWORD")
finishes "a wrong password, then the right one"
is "a wrong password, then the right one: counted" "$(wrongs)" 4

fresh
BETWEEN=another_one
another_one() { # five wrong ones lock it: a new one for each language
	sb_envelope "$ENVELOPE-$lang" "$PASSWORD"
	says "$ENVELOPE-$lang"
}
SECRETS=("pin $PIN" 'password 1' 'password 2' 'password 3' 'password 4' 'password 5' "password $PASSWORD")
refused "wrong until it locks" 4 ENVELOPE_LOCKED 1
is "wrong until it locks: five were counted, the sixth never sent" \
	"$(sb_show '.envelopes[]|select(.serial|startswith("'"$ENVELOPE"'-"))|"\(.state) \(.wrong)"' | sort -u)" \
	"locked 5"
is "wrong until it locks: each question tells the tries left" \
	"$(jq 'select(.ask=="envelope-password").facts.tries' "$SB/out.json" | paste -sd ' ')" "-1 4 3 2 1"

# ---- a password that cannot become the PIN ----
unfit() { # PASSWORD WHY
	fresh
	PASSWORD=$1
	sb_envelope "$ENVELOPE" "$1"
	usual
	refused "$2" 4 ENVELOPE_UNFIT 1
	is "$2: found before any pair is made" "$(grep -c C_GenerateKeyPair "$SB/shim/calls")" 0
	is "$2: the lease was given back" "$(sb_show '.leases[-1].state')" released
	LANGS=json
	self
	remember
}
unfit 12345678901234567 "a password longer than a PIN may be"
detail_like "a password longer than a PIN may be" "4 - 16"
rm -f "$SB"/shim/{calls,logins}
run --json >"$SB/out.json"
is "the same password serves where the PIN stays" "$? $(sb_show '.leases[-1].state')" "0 confirmed"
is "the same password serves where the PIN stays: one login, no PIN change" \
	"$(sb_logins) $(grep -c C_SetPIN "$SB/shim/calls")" "1 0"
unfit 123 "a password shorter than a PIN may be"
sed -i '/pin_max/a pin_charset = "digits";' "$SB/keys.d/softhsm.conf"
unfit 1234567A "a letter where the key takes digits"
detail_like "a letter where the key takes digits" "0-9"
sb_keys_conf
PASSWORD=98765432

# ---- someone else is at it ----
fresh
sb_ctl lease-of-other-kiosk "$CERT" "$ENVELOPE" kiosk-2 CK-20260101-000007 >"$SB/lease"
remember
refused "another kiosk holds the lease" 4 LEASE_ELSEWHERE 1
detail_like "another kiosk holds the lease" "kiosk-2.*CK-20260101-000007"
