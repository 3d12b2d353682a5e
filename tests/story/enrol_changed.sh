#!/bin/bash
# A system's "enrol" is changed while a visit is open. The visit goes on the way it has asked, whoever confirms
# is told, and where that way is served no longer everything is given back; nobody is told of a damaged store.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_est
sed -i 's/\tafter = 1/\tafter = 0/; s/ends_with_certificate = .*/ends_with_certificate = true;/' "$SB/systems/est.conf"

pin=Old-4471
conf() { # ENROL CA
	sed -i "s/^enrol = .*/enrol = \"$1\";/" "$SB/systems/est.conf"
	sb_site_conf
	sed -i "s|ca = \"[^\"]*/est/est\"|ca = \"$2\"|; /id = \"est\"/,/}/s|ca = \"[^\"]*\"|ca = \"$2\"|" "$SB/certkiosk.conf"
}
cmp=$SB_URL/cmp est=$SB_URL/.well-known/est/est
visit() { sb_renew $pin '' '' --system est --way self --json >"$SB/out" 2>>"$SB/err"; }
ended() { jq -rs 'last | .end + " " + (.error.name // "-")' "$SB/out"; }
change() { # FROM CA TO CA FAULT END CODE
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_key --label T --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
	conf "$1" "$2"
	CK_FAULT_AT=$5 visit
	conf "$3" "$4"
	confirmed=$(sb_show .counts.certconf)
	visit
	is "$1 to $3, at $5" "$(ended)" "$6"
	record=$(ck records --json | jq -r '.row.record // empty')
	[ -z "$record" ] || ck abandon "$record" --clerk 07 --json --secrets-fd 9 9< <(printf 'pin %s\n' $pin) >"$SB/out"
	is "$1 to $3, at $5: nothing open" "$(ck records --json | grep -c '"row"') $(sb_show .counts.open)" "0 0"
}
# both are served at the addresses they had
change est "$est" est-renew "$est" ca.reply 'done -'
is "so it was asked" "$(grep -o 'est simple[a-z]*: 200' "$SB/casandbox.log" | tail -n 1)" "est simpleenroll: 200"
change p10cr "$cmp" kur "$cmp" ca.sent 'done -'
change kur "$cmp" p10cr "$cmp" ca.reply 'done -'
change p10cr "$cmp" est-renew "$cmp" confirm 'done -'
is "the authority heard that it is taken" "$(sb_show .counts.certconf)" $((confirmed + 1))
# the new way has an address of its own; what cannot be confirmed any more stays open until it is given back
change est "$est" p10cr "$cmp" issue 'abandoned CA_NO_SERVICE'
change kur "$cmp" est-renew "$est" ca.reply 'failed CA_GARBAGE'
is "and only that is left which was confirmed" "$(sb_show '.counts.live - .counts.confirmed')" 0
