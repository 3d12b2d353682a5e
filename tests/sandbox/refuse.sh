# Sourced by the refuse stories, after which one case reads
#
#   fresh [MAKEKEY-OPTION…]        another key and a new envelope; the key is looked at
#   sb_shim … / sb_knob … / sb_ctl …        the trouble
#   refused NAME STATUS CODE LOGINS         tried, and everything a refusal owes is checked
#
# What is tried: $ORDER on the command line, $SECRETS and $ANSWERS line by line. Each try is made
# three times, in JSON, Chinese and English ($LANGS says otherwise), $BETWEEN before each. LOGINS is
# how many PINs of one try reached the key. The books and the key must then be as they were.
#
#   given_back NAME CODE LOGINS    the same for a renewal given up (status 5): no certificate lives,
#                                  the CA has heard that those it made are not wanted
#   stuck NAME CODE LOGINS         the same for an end with the record open (status 1)
#   completes NAME                 run again with the trouble gone: one live certificate, no more
#   finishes NAME                  the same with the trouble still there
#
# A key that goes is not waited for, unless $WAIT says for how many seconds.
#
# The last JSON output stands in $SB/out.json, its error in $SB/error.

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

PIN=123456 PASSWORD=98765432
# the two markings beside C0 and C1 that no terminal may see: direction and its overrides
UNSAFE='[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'
n_case=0

on_behalf() { ORDER=(--system sheca-cisweb --way on-behalf --clerk 07); }
self() { ORDER=(--system sheca-cisweb --way self); }

fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_knob --clear
	sb_key --label T1 --pin "$PIN" "$@"
	ENVELOPE=E-$((n_case += 1))
	sb_envelope "$ENVELOPE" "$PASSWORD"
	on_behalf
	usual
	LANGS='json zh en' BETWEEN=:
	remember
}
usual() {
	SECRETS=("pin $PIN" "password $PASSWORD")
	ANSWERS=('{"ask":"envelope","serial":"'"$ENVELOPE"'"}')
}

# what the key shows without a PIN, and every object on it, byte for byte
on_key() {
	ck keys --json | jq -c 'select(.row).row.entries'
	(cd "$SB/tokens" && sha256sum */*.object 2>/dev/null | grep -v '/token\.object$' | sort)
}
books() { # issued and live certificates, open leases, then the envelope
	sb_show --arg e "$ENVELOPE" '"issued \(.counts.issued), live \(.counts.live), leases open \(
		.counts.open), envelope " + (.envelopes[]|select(.serial==$e)|"\(.state) \(.issued)")'
}
open_records() { ck records --json | grep -c '"row"'; }

remember() {
	key_before=$(on_key)
	books_before=$(books)
}

run() { # OPTION…
	printf '%s\n' "${ANSWERS[@]}" >"$SB/answers"
	ck renew --answers "$SB/answers" --secrets-fd 9 --wait "${WAIT:-0}" "${ORDER[@]}" "$@" \
		9< <(printf '%s\n' "${SECRETS[@]}") 2>&1
}

# code, cause, remedy and who acts, in the words of one language
told() { # NAME LANGUAGE CODE WHOSE
	local name=$1 lang=$2 code=$3 whose=$4 what todo who
	declare -A zh=([customer]=客户本人 [clerk]=受理点柜员 [site]=本机的维护人员 [ca]='柜员；由柜员联系 CA' [program]=本机的维护人员)
	declare -A en=([customer]='The customer' [clerk]='The clerk at' [site]='Whoever maintains' [ca]="The clerk, who calls the CA" [program]='Whoever maintains')
	case $lang in
	zh) what='发生了什么 +[^ ]' todo='现在怎么办 +[^ ]' who="找谁 +${zh[$whose]}" ;;
	en) what='What happened +[^ ]' todo='What to do now +[^ ]' who="Who +${en[$whose]}" ;;
	esac
	local all="\[CK-$code\].*
  $what.*
  $todo.*
  $who"
	like "$name, $lang: code, cause, remedy and who acts" "$(<"$SB/out.$lang")" "$all"
}

harmless() { # FILE
	LC_ALL=C grep -aP "$UNSAFE" "$1"
	[ $? -eq 1 ] # 2 would be a pattern that is wrong
}

try() { # NAME STATUS CODE: in each language
	local name=$1 status=$2 code=$3 lang rc error number whose
	n_tries=0
	rm -f "$SB"/shim/{logins,calls}
	for lang in $LANGS; do
		$BETWEEN
		if [ "$lang" = json ]; then
			run --json >"$SB/out.json"
		else
			run --lang "$lang" >"$SB/out.$lang"
		fi
		rc=$?
		n_tries=$((n_tries + 1))
		[ "$lang" = json ] && tail -n 1 "$SB/out.json" | jq -c '.error // empty' >"$SB/error"
		read -r error number whose < <(jq -r '"\(.name) \(.code) \(.whose)"' "$SB/error")
		is "$name, $lang: status and error" "$rc $error" "$status $code"
		[ "$lang" = json ] || told "$name" $lang "$number" "$whose"
		ok "$name, $lang: nothing for a terminal to obey" harmless "$SB/out.$lang"
	done
}
logins_are() { # NAME LOGINS: of one try
	is "$1: PINs on the wire = PINs typed" "$(sb_logins)" $(($2 * n_tries))
}

refused() { # NAME STATUS CODE LOGINS
	try "$1" "$2" "$3"
	logins_are "$1" "$4"
	unchanged "$1"
}
unchanged() {
	sb_shim ''
	is "$1: the key as it was" "$(on_key)" "$key_before"
	is "$1: the books as they were" "$(books)" "$books_before"
	is "$1: no record left open" "$(open_records)" 0
}

given_back() { # NAME CODE LOGINS
	try "$1" 5 "$2"
	logins_are "$1" "$3"
	sb_shim ''
	sb_knob --clear
	is "$1: the key as it was" "$(on_key)" "$key_before"
	is "$1: nothing of this envelope lives, is open or was confirmed, and it is free again" \
		"$(sb_show --arg e "$ENVELOPE" '"\(.certificates|map(select(.envelope==$e)|.certconf+" "+.status)
			|unique-["rejected revoked"]) \(.counts.open) " + (.envelopes[]|select(.serial==$e).state)')" \
		"[] 0 free"
	is "$1: no record left open" "$(open_records)" 0
}

stuck() { # NAME CODE LOGINS
	try "$1" 1 "$2"
	logins_are "$1" "$3"
	is "$1: one record open" "$(open_records)" 1
}
completes() {
	sb_knob --clear
	sb_shim ''
	finishes "$1"
}
finishes() {
	local rc
	rm -f "$SB"/shim/{logins,calls}
	run --json >"$SB/out.json"
	rc=$?
	is "$1: and then it is done" "$rc $(tail -n 1 "$SB/out.json" | jq -r .error.name)" "0 null"
	is "$1: one live certificate, no lease and no record open, the certificate alone on the key" \
		"$(sb_show --arg e "$ENVELOPE" '.certificates|map(select(.envelope==$e and .status=="good"))|
			"\(length) \(.[0].sha)"') $(sb_show .counts.open) $(open_records)" \
		"1 $(ck keys --json | jq -r 'select(.row).row.entries|if length == 1 then .[0].certificate.sha256
			else "\(length) entries" end') 0 0"
}
detail() { jq -r .detail "$SB/error"; }
detail_like() { # NAME REGEX
	like "$1: says which" "$(detail)" "$2"
}
