#!/bin/bash
# The systems that come with the program, each under its own rules: days that differ before and after the end, an
# end at the instant, terms that carry over, certificates of one system alone, PINs of at most eight characters.
. "$(dirname "$0")/../sandbox/refuse.sh"
sb_new
sb_systems sheca-issp sd-bianban sdca-dezhou szca-cgn
FAKETIME_LIB=$(echo /usr/lib/*/faketime/libfaketime.so.1)
# what a sanitizer says of any preloaded library
export ASAN_OPTIONS=verify_asan_link_order=0

# a command at a moment of China's time, which stands still; deadlines go on
at() { # "2026-11-05 00:00:00" COMMAND…
	local time=$1
	shift
	TZ=CST-8 LD_PRELOAD=$FAKETIME_LIB FAKETIME=$time FAKETIME_DONT_FAKE_MONOTONIC=1 "$@"
}
AT='' # where certkiosk's clock stands
ck() {
	local verb=$1
	shift
	${AT:+at "$AT"} "$CK_BIN/certkiosk" "$verb" --config "$SB/certkiosk.conf" "$@"
}
both_at() { # TIME: CA and desk too
	AT=$1
	sb_stop
	at "$1" sb_start
}
by_key() { # SYSTEM MAKEKEY-OPTION…: another key, which its holder renews by himself
	local system=$1
	shift
	fresh "$@"
	ORDER=(--system "$system" --way self)
	SECRETS=("pin $PIN") ANSWERS=()
	[ "$system" != sd-bianban ] || ANSWERS=('{"ask":"consent","yes":true}')
}
rules() { echo "$SB/systems/$1.conf"; }
ends() { ck keys --json | jq -r 'select(.row).row.entries[].certificate.not_after'; }
opens_with() { env PIN="$1" pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1 --login --pin env:PIN -O; }
renewed() { # NAME END: done, the old pair gone, the one certificate of that end confirmed, the PIN as it was
	local rc
	rm -f "$SB"/shim/{logins,calls}
	run --json >"$SB/out.json"
	rc=$?
	is "$1: done" "$rc $(tail -n 1 "$SB/out.json" | jq -r .error.name) $(sb_logins)" "0 null 1"
	is "$1: its end, and nothing else on the key" "$(ends)" "$2"
	is "$1: confirmed, nothing left open" "$(sb_show '.leases[-1].state') $(open_records)" "confirmed 0"
	ok "$1: the PIN is what it was" opens_with "$PIN"
}

END='2031-12-05T11:22:33+08:00'
dates=(--not-before 2030-12-05T11:22:33+08:00 --not-after "$END")

# ---- one certificate, five verdicts ----
fresh --alg rsa2048 --usage sign "${dates[@]}"
while read -r system first last new; do
	ck policy --system $system --cert "$CERT_FILE" --on 2031-12-01 --json >"$SB/verdict"
	is "$system: its days, and when the new one ends" \
		"$? $(jq -r '"\(.eligible) \(.first_day) \(.last_day) \(.new_not_after)"' "$SB/verdict")" "0 true $first $last $new"
done <<-EOF
	sheca-cisweb 2031-11-05 2032-01-05 null
	sheca-issp 2031-09-05 2032-03-05 null
	sd-bianban 2031-09-06 2032-09-30 2036-12-05T11:22:33+08:00
	sdca-dezhou 2031-11-05 2031-12-05 2032-12-05T11:22:33+08:00
	szca-cgn 2030-12-05 2032-03-04 null
EOF
like "the new end, zh" "$(ck policy --system sdca-dezhou --cert "$CERT_FILE" --on 2031-12-01 --lang zh | head -n 1)" '新证书到 2032-12-05$'
like "the new end, en" "$(ck policy --system sdca-dezhou --cert "$CERT_FILE" --on 2031-12-01 --lang en | head -n 1)" 'ends on 2032-12-05$'
like "the desk's word: none" "$(ck policy --system szca-cgn --cert "$CERT_FILE" --on 2031-12-01 --lang en | head -n 1)" '2032-03-04$'
rule_tells() { ck policy --system "$1" --cert "$CERT_FILE" --on 2031-12-01 "${@:2}"; }
like "what it costs, wants brought, whom to call: zh" "$(rule_tells sdca-dezhou --lang zh | tail -n +2)" '^  费用：机构 100 元/年.*  要带：Key .*  电话：96701666$'
like "what it takes: en" "$(rule_tells sd-bianban --lang en | tail -n 1)" '^  Takes: 1 to 3 minutes$'
is "for programs" "$(rule_tells szca-cgn --json | jq -c '[.hotline, (.notice | keys[]), .notice.takes.en]')" \
	'["400-112-3838","bring","cost","takes","2 to 3 minutes; a review takes longer, and a text message tells its end"]'
is "every system's rules are looked at" \
	"$(ck diagnose --json | jq -r 'select(.row.part? == "policy").row | "\(.system) \(.state)"' | sort | paste -sd ' ')" \
	"sd-bianban ok sdca-dezhou ok sheca-cisweb ok sheca-issp ok szca-cgn ok"

# ---- a sixth, by copying a file ----
is "rules and forms are right" "$(ck check --json | jq -r '[(select(.row).row|"\(.part) \(.system) \(.state)"), (select(.end)|.end)]|.[]' |
	paste -sd ' ')" "policy sd-bianban ok policy sdca-dezhou ok policy sheca-cisweb ok policy sheca-issp ok policy szca-cgn ok done"
sed 's/after = 300/after = 30/' "$(rules sd-bianban)" >"$SB/systems/own-unit.conf"
sed 's/length = 5/length = 50/' "$(rules sd-bianban)" >"$SB/systems/other-unit.conf"
sed '/^retire/d' "$(rules sd-bianban)" >"$SB/systems/third-unit.conf"
ck check --json >"$SB/checked"
is "one with a mistake fails it" $? 1
is "one that nobody is served by yet is looked at" "$(jq -r 'select(.row.system? == "own-unit").row.state' "$SB/checked")" ok
like "each mistake by itself: file, line" "$(jq -r 'select(.row.system? == "other-unit").row.error.detail' "$SB/checked")" \
	'other-unit.conf:[0-9]+: length: more than 10 years'
like "what was expected" "$(jq -r 'select(.row.system? == "third-unit").row.error.detail' "$SB/checked")" \
	'third-unit.conf.*retire'
like "in words" "$(ck check --lang zh)" 'other-unit.conf:[0-9]+: length'
is "its days are its own" "$(ck policy --system own-unit --cert "$CERT_FILE" --on 2031-12-01 --json | jq -r .last_day)" 2032-01-04
rm "$SB"/systems/{own,other,third}-unit.conf

# ---- S3: 90 days before, 300 after, five years on ----
institution=(--alg rsa2048 --usage sign --subject '/C=CN/O=某某事业单位/CN=某某事业单位')
by_key sd-bianban "${institution[@]}" "${dates[@]}"
both_at '2031-09-05 23:59:59'
LANGS=json
refused "a second before the 90 days" 4 TOO_EARLY 0
detail_like "a second before the 90 days" "2031-09-06 - 2032-09-30"
both_at '2031-09-06 00:00:00'
renewed "the first second of the 90 days" 2036-12-05T11:22:33+08:00
by_key sd-bianban "${institution[@]}" "${dates[@]}"
both_at '2032-10-01 00:00:00'
LANGS=json
refused "a second after the 300 days" 4 TOO_LATE 0
both_at '2032-09-30 23:59:59'
renewed "the last second of the 300 days" 2036-12-05T11:22:33+08:00
by_key sd-bianban --alg rsa1024 --digest sha1 --usage sign --not-before 2027-03-01 --not-after 2032-02-29T10:00:00+08:00
both_at '2032-02-29 10:00:01'
renewed "ended on 29 February, with a key of 2012" 2037-02-28T10:00:00+08:00
is "ended on 29 February: it became RSA-2048" "$(ck keys --json | jq -r 'select(.row).row.entries[0].certificate.alg')" "RSA 2048"

# of this system only: by issuer, and by what its certificates carry where the issuer has others, too
both_at '2031-12-01 12:00:00'
by_key sd-bianban "${institution[@]}" "${dates[@]}" --issuer foreign
LANGS=json
refused "another authority's" 4 UNKNOWN_ISSUER 0
by_key sd-bianban "${institution[@]}" "${dates[@]}"
before=$(grep -c 'desk certificate' "$SB/casandbox.log")
echo 'only = ( { oid = "2.5.4.10"; value = "某某管理局"; } );' >>"$(rules sd-bianban)"
refused "another system's of the same authority" 4 OTHER_SYSTEM 0
is "another system's: the desk was not even asked" "$(grep -c 'desk certificate' "$SB/casandbox.log")" "$before"
ck policy --system sd-bianban --cert "$CERT_FILE" --on 2031-12-01 --json >"$SB/verdict"
is "another system's: the verdict" "$? $(jq -r '"\(.eligible) \(.rule) \(.first_day) \(.new_not_after)"' "$SB/verdict")" \
	"0 false other-system 2031-09-06 null"
sed -i 's/某某管理局/某某事业单位/' "$(rules sd-bianban)"
renewed "its own, by what it carries" 2036-12-05T11:22:33+08:00
sed -i '/^only = /d' "$(rules sd-bianban)"

# another end than the rules have: promised, then issued
for off in 1 -1; do
	by_key sd-bianban "${institution[@]}" "${dates[@]}"
	sb_knob desk.quote $off
	[ $off = 1 ] || LANGS=json
	refused "promised $off day off" 4 QUOTED_OTHER_END 1
	detail_like "promised $off day off" '^2036-12-0[46]T11:22:33\+08:00, the rules say 2036-12-05T11:22:33\+08:00$'
	ok "promised $off day off: no pair was made" ! grep -q C_GenerateKeyPair "$SB/shim/calls"
done
for how in long:ISSUED_TOO_LONG:'rules say 2036-12-05' short:ISSUED_TOO_SHORT:'promised was 2036-12-05'; do
	IFS=: read -r wrong code detail <<<"$how"
	by_key sd-bianban "${institution[@]}" "${dates[@]}"
	[ $wrong = long ] || LANGS=json
	sb_knob cmp.wrong $wrong
	given_back "issued too $wrong" "$code" 1
	detail_like "issued too $wrong" "$detail"
	renewed "issued too $wrong, then right" 2036-12-05T11:22:33+08:00
done
# a rule that counts from the day of issue, at a desk that counts from the old end
sed -i 's/rule = "from-old-end"/rule = "from-now"/' "$(rules sd-bianban)"
by_key sd-bianban "${institution[@]}" --not-before 2026-12-01T12:00:00+08:00 --not-after 2031-12-01T12:00:00+08:00
renewed "five years from now" 2036-12-01T12:00:00+08:00
by_key sd-bianban "${institution[@]}" "${dates[@]}"
LANGS=json
refused "four days more than five years from now" 4 QUOTED_OTHER_END 1
sb_rules sd-bianban

# ---- S4: until the instant it ends, a year on, PINs of eight ----
person=(--alg p256 --usage sign --subject '/C=CN/CN=张三')
by_key sdca-dezhou "${person[@]}" "${dates[@]}"
both_at '2031-12-05 11:22:34'
LANGS=json
refused "a second after its end" 4 TOO_LATE 0
detail_like "a second after its end" "2031-11-05 - 2031-12-05"
both_at '2031-12-05 11:22:33'
renewed "its very last second" 2032-12-05T11:22:33+08:00
by_key sdca-dezhou "${person[@]}" "${dates[@]}"
both_at '2031-11-04 23:59:59'
LANGS=json
refused "a second before the 30 days" 4 TOO_EARLY 0
both_at '2031-11-05 00:00:00'
SECRETS=('pin 123456789')
refused "a PIN of nine" 4 PIN_LENGTH 0
detail_like "a PIN of nine" '^4 - 8$'
is "a PIN of nine: the front is told how long it may be, and what it was at first" \
	"$(jq -c 'select(.ask == "pin") | [.fields[0].max, .facts.hint.zh]' "$SB/out.json" | sort -u)" \
	'[8,"从未改过的话，密码是 111111。"]'
SECRETS=('pin 123456789' "pin $PIN")
renewed "a PIN of nine, then the right one" 2032-12-05T11:22:33+08:00
PIN=12345678
by_key sdca-dezhou "${person[@]}" "${dates[@]}"
sb_shim defaultpin
rm -f "$SB/shim/logins"
is "the key says that its PIN was never changed: told, and no PIN is tried" \
	"$(ck keys --json | jq -r 'select(.row).row.pin.state') $(sb_logins)" "default 0"
like "in words" "$(ck keys --lang zh; ck keys --lang en)" '还是最初的密码，请尽快修改.*still the one the key was given out with'
sb_shim ''
renewed "a PIN of eight" 2032-12-05T11:22:33+08:00

# the owner's own change: the new one has to do for the next renewal, the present one may be too long for it
PIN=123456789
by_key sdca-dezhou "${person[@]}" "${dates[@]}"
change() { # NEW
	rm -f "$SB"/shim/logins
	ck pin --secrets-fd 9 --json 9< <(printf '%s\n' "pin $PIN" "new $1" "again $1") >"$SB/out.json"
}
change 987654321
is "another PIN of nine" "$? $(tail -n 1 "$SB/out.json" | jq -r .error.name) $(sb_logins)" "4 PIN_LENGTH 0"
is "another PIN of nine: its bounds are told, not the present one's" \
	"$(jq -c 'select(.ask == "own-pin") | [.facts.max, (.fields | map(.max))]' "$SB/out.json" | sort -u)" "[8,[16,8,8]]"
change 98765432
is "one of eight for one of nine" "$? $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "0 null"
ok "one of eight for one of nine: it holds" opens_with 98765432
PIN=987654321
by_key sheca-cisweb --alg p256 --usage sign --issuer foreign
change 123456789
is "a key of nobody's here: as long as it takes" "$? $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "0 null"

# on behalf, where a site has that: the envelope's password is to become the PIN
PIN=123456
sed -i 's/^ways = .*/ways = [ "self", "on-behalf" ];/; s/^authorise = .*/authorise = "envelope";/; s/on_behalf = .*/on_behalf = "envelope";/' \
	"$(rules sdca-dezhou)"
for PASSWORD in 987654321 98765432; do
	fresh "${person[@]}" "${dates[@]}"
	ORDER[1]=sdca-dezhou LANGS=json
	if [ ${#PASSWORD} -eq 9 ]; then
		refused "an envelope's password of nine" 4 ENVELOPE_UNFIT 1
		ok "an envelope's password of nine: no pair was made" ! grep -q C_GenerateKeyPair "$SB/shim/calls"
	else
		finishes "one of eight"
		ok "one of eight: it is the PIN" opens_with $PASSWORD
	fi
done
sb_rules sdca-dezhou
# and a key that takes none so short
by_key sdca-dezhou "${person[@]}" "${dates[@]}"
sed -i 's/^pin_min = .*/pin_min = 10;/' "$SB/keys.d/softhsm.conf"
LANGS=json
refused "a key for PINs of ten and more" 4 KEY_UNSUITABLE 0
sb_keys_conf

# ---- S2 and S5: ordered and paid on the web, served here ----
AT=''
sb_stop
sb_start
year_later() { TZ=CST-8 date -d "TZ=\"CST-8\" $(ends | head -c 19 | tr T ' ') 1 year" +%FT%T+08:00; }
by_key sheca-issp --alg rsa2048 --usage sign --not-before -300d --not-after +65d
sb_ctl order O-1 "$CERT"
end=$(year_later)
renewed "paid on the web, 65 days before its end" "$end"
is "paid on the web: that order is used up" "$(sb_show '.orders[-1] | "\(.order) \(.state)"')" "O-1 done"
by_key szca-cgn --alg p256 --usage sign --not-before -10d --not-after +1000d
sb_ctl order O-2 "$CERT"
end=$(year_later)
renewed "paid on the web, years before its end" "$end"
by_key szca-cgn --alg p256 --usage sign --not-before -500d --not-after -91d
LANGS=json
refused "the 91st day after its end" 4 TOO_LATE 0
by_key szca-cgn --server --alg p256
LANGS=json
refused "a server certificate" 4 SERVER_CERT 0
ok "the ledger is whole" ck ledger verify
