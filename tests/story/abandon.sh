#!/bin/bash
# Giving up from every station: the engine is killed as it comes to one, then the record is abandoned.
# Before the CA confirmed everything is given back; afterwards the new certificate stays.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
keys() { ck keys --json | jq -sc '[.[].row?.entries? // [] | .[] | {id, sha: .certificate.sha256, public}] | sort'; }

stopped_at() { # STATION
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	n=$((n + 1)) envelope=A$n
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "$envelope" $password --for "$CERT"
	asbefore=$(keys)
	# the front starts the engine again twice: it dies there three times
	jq -nc --arg s "$envelope" '{"ask":"envelope","serial":$s} | ., ., .' >"$SB/answers"
	CK_FAULT_AT=$1 ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf "pin %s\npassword $password\n" $pin $pin $pin) >"$SB/out" 2>&1
	record=$(ck records --json | jq -r '.row.record // empty')
}

abandon() { # PIN: it may be asked for, to sweep what is on the key
	printf '{"ask":"unsettled-pin","which":"old"}\n' >"$SB/answers"
	ck abandon "$record" --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' "$1") >"$SB/out" 2>&1
}

for station in unlock authorise newkey request issue install confirm; do
	stopped_at $station
	live=$(sb_show .counts.live)
	ok "$station: abandoned" abandon $pin
	is "$station: and says so" "$(tail -n 1 "$SB/out" | jq -c '.facts|[.restored,.kept]')" "[true,false]"
	is "$station: the key is as it was" "$(keys)" "$asbefore"
	is "$station: no lease stays open" "$(sb_show .counts.open)" 0
	is "$station: nothing issued stays good" "$(sb_show "[.certificates[] | select(.origin == \"issued\" and .status == \"good\" and .envelope == \"$envelope\")] | length")" 0
	is "$station: the record is closed" "$(ck records --json | grep -c '"station"')" 0
	ok "$station: the same envelope renews afterwards" sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json
done

for station in pin retire close; do
	stopped_at $station
	live=$(sb_show .counts.live)
	ok "$station: ended after confirmation" abandon $pin
	is "$station: and says so" "$(tail -n 1 "$SB/out" | jq -c '.facts|[.restored,.kept]')" "[false,true]"
	is "$station: the new certificate stays good" "$(sb_show .counts.live)" "$live"
	is "$station: the record is closed" "$(ck records --json | grep -c '"station"')" 0
	ok "$station: the new certificate is on the key, with its pair" \
		jq -en --argjson k "$(keys)" '[$k[] | select(.sha != null and .public)] | length >= 1'
done

# a mistake that says nothing was changed, told when something was
stopped_at issue
cp "$SB/trust/accepted.pem" "$SB/accepted" && echo none >"$SB/trust/accepted.pem"
sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out" 2>&1
is "once a pair was made, no error says that the key was not touched" \
	"$(tail -n 1 "$SB/out" | jq -r '"\(.error.name) \(.error.key)"')" "CONFIG safe"
cp "$SB/accepted" "$SB/trust/accepted.pem"
ok "and with the file as it was: done" sb_renew $pin $password "$envelope" --system sheca-cisweb --way on-behalf --clerk 07 --json
ok "the ledger is whole" ck ledger verify
