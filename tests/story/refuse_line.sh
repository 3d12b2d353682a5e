#!/bin/bash
# The line to desk and CA: nobody there, too slow, refusing with a text meant to harm, rubbish, no end;
# and servers that are not the ones agreed on.
. "$(dirname "$0")/../sandbox/refuse.sh"
MARKS=$'\e[2J\e]0;owned\a\xc2\x9b31m\xe2\x80\xae\xe2\x81\xa6请联系客服\r\x7f 400-820-0000'

conf() { # SED-COMMAND: the site's file, changed
	sb_site_conf
	sed -i "$1" "$SB/certkiosk.conf"
}

# ---- slow: mostly waiting, so each in a sandbox of its own beside the rest ----
slow() { # NAME: desk or CA
	SB_PORT=0 SB_DESK_PORT=0 SB_ANSWER_S=1
	sb_new
	fresh
	sed -i 's/connect_s = .*/connect_s = 1;/' "$SB/certkiosk.conf"
	if [ "$1" = desk ]; then
		sb_knob desk.delay 4000
		refused "a desk that takes its time" 4 DESK_SLOW 0
	else
		sb_knob cmp.delay 4000
		stuck "a CA that takes its time" CA_NO_ANSWER 1
		completes "a CA that takes its time, then answers"
	fi
}
sb_new
for who in desk ca; do
	(slow $who) >"$SB/slow.$who" 2>&1 &
	slow+=($!)
done

# ---- nobody there ----
fresh
sb_stop
try "nobody there" 4 DESK_UNREACHABLE
logins_are "nobody there" 0
sb_start
unchanged "nobody there"
fresh
LANGS=json
conf 's|desk = "https://localhost:[0-9]*|desk = "https://localhost:1|'
refused "the desk's port is wrong" 4 DESK_UNREACHABLE 0
detail_like "the desk's port is wrong" localhost:1/
conf 's|desk = "https://localhost|desk = "https://nosuch.invalid|'
refused "the desk's name is wrong" 4 DESK_UNREACHABLE 0
sb_site_conf
fresh --not-before -500d --not-after +200d
LANGS=json
sb_stop
try "nobody there, and too early anyway" 4 TOO_EARLY
sb_start
unchanged "nobody there, and too early anyway"

fresh
conf 's|ca = "https://localhost:[0-9]*|ca = "https://localhost:1|'
stuck "the CA's port is wrong" CA_UNREACHABLE 1
is "the CA's port is wrong: nothing has reached it" "$(sb_show '.transactions|length')" 0
sb_site_conf
completes "the CA's port put right"

# ---- no ----
fresh
sb_knob desk.refuse "$MARKS"
refused "the desk refuses" 4 DESK_REFUSED 0
detail_like "the desk refuses" "请联系客服.*400-820-0000"
for call in key-proof envelope lease; do
	LANGS=json
	sb_knob --clear
	sb_knob desk.refuse.$call "$MARKS"
	refused "the desk refuses at $call" 4 DESK_REFUSED 1
done
sb_knob --clear
sb_knob desk.status 503
refused "the desk is busy" 4 DESK_REFUSED 0
detail_like "the desk is busy" busy
sb_knob --clear
finishes "the desk refuses no more"
fresh
LANGS=json
sb_knob desk.refuse.bind "$MARKS"
stuck "the desk refuses the request" DESK_REFUSED 1
completes "the desk refuses the request, then takes it"

fresh
sb_knob cmp.refuse "$MARKS"
given_back "the CA refuses" CA_REFUSED 1
detail_like "the CA refuses" "请联系客服.*400-820-0000"
completes "the CA refuses no more"

# ---- rubbish, no end ----
for how in garbage:DESK_GARBAGE endless:REPLY_TOO_LONG; do
	fresh
	sb_knob "desk.${how%:*}" always
	refused "the desk: ${how%:*}" 4 "${how#*:}" 0
	sb_knob --clear
	finishes "the desk: ${how%:*} no more"
done
for how in garbage:CA_GARBAGE endless:REPLY_TOO_LONG; do
	fresh
	[ $how = garbage:CA_GARBAGE ] || LANGS=json
	sb_knob "cmp.${how%:*}" always
	stuck "the CA: ${how%:*}" "${how#*:}" 1
	completes "the CA: ${how%:*} no more"
done
fresh
LANGS=json
sb_knob desk.status 500
refused "the desk is broken" 4 DESK_GARBAGE 0
detail_like "the desk is broken" "HTTP 500"
sb_knob --clear
sb_knob cmp.status 500
stuck "the CA is broken" CA_GARBAGE 1
completes "the CA is broken no more"

# ---- somebody else ----
fresh
conf "s|pins = .*|pins = [ \"sha256//$(printf '\0%.0s' {1..32} | base64)\" ];|"
refused "another server's public key" 4 TLS_PIN 0
conf 's|ca_file = .*|ca_file = "trust/foreign.pem";|'
refused "a server nobody vouches for" 4 TLS_UNTRUSTED 0
LANGS=json
conf 's|https://localhost|https://desk.localhost|'
refused "a server of another name" 4 TLS_UNTRUSTED 0
LANGS='json zh en'
sb_site_conf rogue
refused "a kiosk the desk does not know" 4 KIOSK_CERT 0
LANGS=json
conf 's|cert_file = .*|cert_file = "trust/tls.pem";|'
refused "a kiosk's certificate without its key" 4 KIOSK_CERT 0
sb_site_conf
finishes "the right servers, the right kiosk"
is "not one PIN or lease was spent on strangers" \
	"$(sb_show --arg e "$ENVELOPE" '[.leases[]|select(.envelope==$e)]|length')" 1

wait "${slow[@]}"
cat "$SB"/slow.*
