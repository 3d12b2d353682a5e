#!/bin/bash
# A key pulled at each station and put in again: the same visit goes on at that step, on behalf and
# for oneself.
. "$(dirname "$0")/../sandbox/recover.sh"
sb_new
readers

another() { # WAY: a key and a visit; whoever is asked again types the PIN that holds
	fresh --alg p256
	$1
	SECRETS+=("pin $PIN" "pin $PIN")
}
for way in on_behalf self; do
	for rule in 'C_OpenSession 0' 'C_FindObjectsInit 0' 'C_Login 0' 'C_Sign 0' 'C_GenerateKeyPair 0' \
		'C_Sign 1' 'C_CreateObject 0' 'C_Sign 2' 'C_DestroyObject 0' 'C_DestroyObject 1'; do
		another $way
		[[ "$way $rule" = on_behalf*Destroy* ]] && SECRETS[2]="pin $PASSWORD"
		pulled "$way, pulled at $rule" "yank $rule"
		back
		settled "$CASE"
	done
done

# ---- done, and yet "removed" ----
for call in C_GenerateKeyPair C_CreateObject C_DestroyObject; do
	another on_behalf
	[ $call = C_DestroyObject ] && SECRETS[2]="pin $PASSWORD"
	ctl "failafter $call 32 0"
	visit
	settled "removed as it was done, $call"
	is "removed as it was done, $call: it was found again without a word" "$(count key-back)" 0
done

# ---- nobody knows which PIN holds: a clerk says which is tried ----
for which in old envelope; do
	another on_behalf
	ANSWERS+=('{"ask":"unsettled-pin","which":"'$which'"}' '{"ask":"last-try","yes":true}')
	if [ $which = old ]; then
		pulled "pulled before the PIN changed" 'yank C_SetPIN 0'
		back
	else
		SECRETS[2]="pin $PASSWORD"
		CASE="removed as the PIN was changed"
		ctl 'failafter C_SetPIN 32 0'
		visit
	fi
	settled "$CASE"
	is "$CASE: no wrong PIN" "$(count PIN_WRONG)" 0
done

# ---- more than once ----
another on_behalf
pulled "pulled, and again at the same step" 'yank C_GenerateKeyPair 0'
back 'yank C_GenerateKeyPair 1'
asked_back
back
settled "$CASE"
another on_behalf
pulled "pulled at two steps" 'yank C_GenerateKeyPair 0'
back 'yank C_CreateObject 0'
asked_back
back
settled "$CASE"
another on_behalf
SECRETS+=("pin $PIN")
ctl 'failafter C_GenerateKeyPair 5 0' 'fail C_CreateObject 5 0' 'fail C_CreateObject 5 1'
visit
wait $VISIT
is "a key that is there and fails at the same step twice: told" \
	"$? $(tail -n 1 "$SB/out.json" | jq -r .error.name) $(count key-back)" "1 KEY_TROUBLE 0"
completes "and then it is better"

# loose contacts: the reader sees it leave and come back, then a call fails; that is no key that was
# there all the time
another on_behalf
CASE="it slipped, and a call failed at the same step"
ctl
secrets_later
until_said '"ask":"pin"'
plug swap "$R1|$ATR"
until_said '"ask":"pin"' 2
ctl 'fail C_Login 32 0 once'
printf 'pin %s\npin %s\npassword %s\n' "$PIN" "$PIN" "$PASSWORD" >&6
exec 6>&-
settled "$CASE"
is "$CASE: found again each time without a word" "$(count key-back) $(count key-lost)" "0 2"
rm "$SB/typed"

# ---- what a module needs to notice that the key is back ----
for mode in stale stalemate; do
	another on_behalf
	pulled "a module that stays $mode" $mode 'yank C_GenerateKeyPair 0'
	back $mode
	settled "$CASE"
done

# ---- it never comes back ----
another on_behalf
WAIT=0
ctl 'yank C_CreateObject 0'
visit
wait $VISIT
is "never back: the record is open, and why is told" \
	"$? $(tail -n 1 "$SB/out.json" | jq -r .error.name) $(open_records)" "1 KEY_REMOVED 1"
ctl
completes "later"
service_killed
