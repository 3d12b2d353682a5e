#!/bin/bash
# What an EST server can refuse, and what is refused of it. Each ends with the old certificate on the key as it
# was, nothing beside it, and no live certificate for what was given back.
. "$(dirname "$0")/../sandbox/lib.sh"
SB_ANSWER_S=2
sb_new
sb_est

pin=Old-4471 password=Env-9038 n=0 kept=0
fresh() { # MAKEKEY-OPTION…
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject '/C=CN/CN=张三' "$@"
	sb_envelope "R$n" $password --for "$CERT"
}
visit() { # SYSTEM
	case $1 in
	est) sb_renew $pin '' '' --system est --way self --json ;;
	*) sb_renew $pin $password "R$n" --system "$1" --way self --json ;;
	esac >"$SB/out" 2>"$SB/err"
}
code() { tail -n 1 "$SB/out" | jq -r '.error.name // empty'; }
detail() { tail -n 1 "$SB/out" | jq -r '.error.detail // empty'; }
pairs() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[]] | "\(length) \(.[0].certificate.sha256)"'; }
live() { sb_show '.counts.live'; }
issues() { grep -c 'est simple' "$SB/casandbox.log"; }

# given back: 5 where a pair was made for it
back() { # NAME SYSTEM CODE
	visit "$2"
	is "$1: given back" "$? $(code)" "5 $3" || detail
	is "$1: only the old certificate and pair" "$(pairs)" "1 $CERT"
	is "$1: nothing live, nothing open" "$(live) $(ck records --json | grep -c '"row"')" "$kept 0"
}
refuse() { # KNOB VALUE SYSTEM CODE
	fresh
	sb_knob "$1" "$2"
	back "$3, $1 $2" "$3" "$4"
}

for status in 401 403; do
	refuse est.status.simpleenroll $status est CA_PAIR_REFUSED
	refuse est.status.simplereenroll $status est-renew CA_OLD_CERT
done
for status in 204 404 405; do
	refuse est.status.simpleenroll $status est CA_NO_SERVICE
	before=$(issues)
	refuse est.status.cacerts $status est CA_NO_SERVICE
	is "and nothing was asked for" "$(issues)" "$before"
done

fresh
sb_knob est.words $'主体不符 \033[2J\u202e请联系客服'
sb_knob est.status.simpleenroll 400
back "400 with words" est CA_REFUSED
like "400 with words: they are told" "$(detail)" '主体不符.*请联系客服'
ok "400 with words: filtered" ! grep -qP '\x1b|\xe2\x80\xae|\\u001b|\\u202e' "$SB/out"

for wrong in key rogue-order; do refuse est.wrong $wrong est ISSUED_OTHER_KEY; done
refuse est.wrong subject est-renew ISSUED_OTHER_SUBJECT
refuse est.wrong issuer est ISSUED_OTHER_ISSUER
refuse est.wrong short est ISSUED_TOO_SHORT

before=$(issues)
refuse est.cacerts old est CA_OTHER_ISSUERS
is "a roll-over nobody told us of: nothing was asked for" "$(issues)" "$before"
fresh
sb_knob est.cacerts foreign
visit est
is "an authority nobody trusts: refused" "$? $(code)" "1 TLS_UNTRUSTED"
is "an authority nobody trusts: nothing was asked for" "$(issues)" "$before"
sb_knob --clear
ok "the right one again: done" visit est
is "one issued" "$(live)" 1

# these answers mean nothing: the desk is asked, and tells what became of it
done_all=1
for fault in shape:trailing shape:empty status.simpleenroll:500 status.simpleenroll:503 garbage.simpleenroll:1 \
	endless.simpleenroll:1; do
	fresh
	[ "${fault##*:}" = 1 ] && sb_knob "est.${fault%:*}" 1 || sb_knob "est.${fault%:*}" "${fault##*:}" 2
	visit est
	first=$?
	sb_knob --clear
	[ $first -eq 0 ] || visit est
	done_all=$((done_all + 1))
	is "$fault: done, the first time $first" $? 0
	is "$fault: one live, no other" "$(live) $(sb_show '.counts.issued')" "$done_all $(sb_show '.counts.live + .counts.revoked')"
done
ok "all issued for these are one each" test "$(live)" = "$(sb_show '.counts.confirmed')"

# the old certificate has had its day
fresh --not-before -380d --not-after -1d
visit est-renew
is "est-renew, expired: refused" "$? $(code)" "4 OLD_EXPIRED"
is "est-renew, expired: nothing was touched" "$(pairs)" "1 $CERT"
# begun in time, and over before anything was issued
later=1728000
fresh
sb_knob est.status.simplereenroll 503
visit est-renew
is "est-renew, not now: open" "$? $(code)" "1 CA_GARBAGE"
sb_knob --clear
sb_knob desk.clock $later
kept=$(live)
CK_FAULT_CLOCK=$later back "est-renew, expired meanwhile" est-renew CA_OLD_CERT
fresh --alg rsa1024 --digest sha1
visit est-renew
is "est-renew, a key too short for TLS: given back" "$? $(code)" "5 CA_OLD_CERT"
is "est-renew, a key too short for TLS: as it was" "$(pairs)" "1 $CERT"

# configurations that cannot be meant
sed -i 's/ends_with_certificate = true/ends_with_certificate = false/' "$SB/systems/est-renew.conf"
fresh
visit est-renew
is "est-renew beyond the end: a mistake in the configuration" "$? $(code)" "4 CONFIG"
like "with file and line" "$(detail)" 'est-renew.conf:[0-9]+: enrol: "est-renew" needs ends_with_certificate'
