#!/bin/bash
# A CA that issues what was not asked for: another key, name, class, issuer, too short, not valid yet, or
# another order's certificate altogether. It is turned down there and then, and nothing of it stays.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new

wrong() { # HOW CODE DETAIL
	fresh
	sb_knob cmp.wrong "$1"
	given_back "issued wrong ($1)" "ISSUED_$2" 1
	detail_like "issued wrong ($1)" "$3"
	is "issued wrong ($1): turned down by certConf, and told" \
		"$(sb_show --arg e "$ENVELOPE" '[.certificates[]|select(.envelope==$e).certconf]|join(" ")') $(
			jq -r 'select(.did)|.say' "$SB/out.json" | tail -n 4 | paste -sd ' ')" \
		"rejected rejected rejected turned-down released swept abandoned"
	is "issued wrong ($1): nothing was written to the key but the pair" \
		"$(grep -c C_CreateObject "$SB/shim/calls")" 0
	is "issued wrong ($1): the desk has heard why" "$(sb_show '.leases[-1].why')" "ISSUED_$2"
	completes "issued wrong ($1), then right"
}
wrong key OTHER_KEY 'another public key'
wrong subject OTHER_SUBJECT 'Somebody Else.* instead of .*上海'
wrong class OTHER_CLASS 'server instead of organisation'
wrong issuer OTHER_ISSUER 'not signed by an accepted CA'
wrong old-issuer OTHER_ISSUER 'Sandbox Issuing CA G2'
wrong short TOO_SHORT 'promised was 20'
wrong notyet NOT_YET 'valid from 20'
wrong rogue-order OTHER_KEY 'another public key'
is "the ledger is whole" "$(ck ledger verify --json | jq -r .end)" done

# a person's certificate comes back as an organisation's, and the other way round
fresh --subject '/C=CN/CN=张三'
sb_knob cmp.wrong subject
LANGS=json
given_back "issued to an organisation instead of a person" ISSUED_OTHER_SUBJECT 1
completes "issued to the person in the end"

# self-service hears the same
fresh
self
LANGS=json
sb_knob cmp.wrong short
given_back "issued wrong, alone" ISSUED_TOO_SHORT 1
completes "issued wrong, alone, then right"

# the refusal of it is lost on the way: the record waits, and the way back is gone to its end
fresh
LANGS=json
sb_knob cmp.wrong short
sb_knob desk.refuse.release "busy:later"
stuck "turned down, but the desk takes nothing back" ISSUED_TOO_SHORT 1
sb_knob --clear
rm "$SB/shim/logins"
run --json >"$SB/out.json"
is "turned down, then the desk takes it back" "$? $(tail -n 1 "$SB/out.json" | jq -r .end) $(open_records)" "5 abandoned 0"
is "turned down, then the desk takes it back: the key as it was" "$(on_key)" "$key_before"
completes "turned down, taken back, then right"
