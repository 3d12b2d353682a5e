#!/bin/bash
# A certificate downloaded by two codes (S3): what is shown before anything is asked for, on an empty key and
# beside whatever a key holds; codes that are no good; nobody but a clerk; interrupted anywhere, and gone on with
# by the second code alone, here or at another counter.
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/download.sh"
download_new
empty=(--no-key --no-cert)

# ---- the whole of it, on an empty key ----
old_end=$(TZ=Asia/Shanghai date -d '+100 days' +%F) new_end=$(TZ=Asia/Shanghai date -d "$(TZ=Asia/Shanghai date -d '+100 days' +%F) +5 years" +%F)
fresh "${empty[@]}"
is "nothing is on the key" "$(entries)" 0
download
is "an empty key: done" "$? $(ended)" "0 done -"
is "both exchanges of the codes have their time" "$(jq -s '[.[] | select(.busy == "network").limit] | .[0]' "$SB/out")" $((2 * (3 + 5) + 5))
is "in this order" "$(asked)" "download make-anew consent pin "
is "one PIN on the wire" "$(sb_logins)" 1
is "shown: name, kind, serial, ends" "$(jq -rc 'select(.ask == "make-anew").facts | [.name, .class, (.serial | length > 8), (.issuer | length > 3), .not_after[:10], .new_not_after[:10]]' "$SB/out")" \
	"[\"山东某某事业单位\",\"organisation\",true,true,\"$old_end\",\"$new_end\"]"
is "the key holds the one that was issued" "$(certs '[0].sha256') $(certs '|length')" "$(sb_show '.leases[-1].issued') 1"
is "of its former subject, five years on" "$(certs '[0] | "\(.name) \(.not_after[:10])"')" \
	"山东某某事业单位 $new_end"
is "the desk's books" "$(sb_show '.leases[-1] | "\(.way) \(.state) \(.pin) \(.clerk) \(.download)"')" "download confirmed unchanged 07 $first"
is "nothing else is said to have been kept or removed" "$(said | grep -o 'others-kept\|kept \|retired' | tr '\n' ' ')" "others-kept "
is "no second code in any file" "$(grep -rl "$second" "$SB/state" "$SB/out" "$SB/err" "$SB/casandbox.log" 2>/dev/null | wc -l)" 0
is "and the ledger is whole" "$(ck ledger verify --json | jq -r 'select(.end).end')" done
like "its record, in words" "$(ck records --show "$(ck records --all --json | jq -r '.row.record // empty')" --lang zh)" '可以用两个授权码下载'

download
is "the same codes again: used" "$? $(ended) $(asked)" "4 refused DOWNLOAD_USED download "

# ---- beside what a key holds ----
fresh "${empty[@]}"
more --issuer foreign --subject /C=CN/CN=别处
foreign=$(certs '[0].sha256')
download
is "beside a foreign certificate: done" "$? $(ended) $(certs '|length')" "0 done - 2"
is "that one is as it was" "$(certs "|map(select(.sha256 == \"$foreign\"))|length")" 1

fresh
download
is "beside the certificate itself: done" "$? $(ended) $(certs '|length')" "0 done - 2"
is "its old pair stays, though a renewal would remove it" "$(certs "|map(select(.sha256 == \"$CERT\"))|length")" 1

fresh --no-cert
download
is "a key that has lost it, but not its pair: done" "$? $(ended) $(entries) $(certs '|length')" "0 done - 2 1"

fresh "${empty[@]}" --not-after -700d
download
is "ended two years ago: the codes say that today will do" "$? $(ended)" "0 done -"

# ---- one pair is all it holds ----
sed -i '/two_pairs/d; $a two_pairs = false;' "$SB/keys.d/softhsm.conf"
fresh "${empty[@]}"
download
is "a key for one pair, empty: done" "$? $(ended)" "0 done -"
fresh
download
is "with a pair on it: full, before a code is asked for" "$? $(ended) $(asked)" "4 refused KEY_FULL "
sed -i '/two_pairs/d' "$SB/keys.d/softhsm.conf"

# ---- codes ----
fresh "${empty[@]}"
SECRETS=("code wrong" "pin $pin" "code $second")
download
is "a wrong second code is asked for again" "$? $(ended) $(jq -r 'select(.ask and .error).error.name' "$SB/out")" "0 done - DOWNLOAD_WRONG"

fresh "${empty[@]}"
SECRETS=("code wrong" "code wrong" "code wrong" "code wrong" "code wrong" "pin $pin")
download
is "five wrong ones lock them" "$? $(ended) $(jq -rc 'select(.ask == "download").facts.tries' "$SB/out" | tr '\n' ' ')" \
	"4 refused DOWNLOAD_LOCKED -1 4 3 2 1 "
SECRETS=("code $second" "pin $pin")
download
is "and the right one is too late" "$? $(ended)" "4 refused DOWNLOAD_LOCKED"
is "nothing on the key, no lease, no record left open" "$(entries) $(sb_show '.counts.open') $(open_records)" "0 0 0"

fresh "${empty[@]}"
right=$first first=D-none
download
is "no such first code" "$(ended)" "refused DOWNLOAD_UNKNOWN"
first=$right
sb_download_codes "$first" "$second" "$CERT" sd-bianban -1s
download
is "codes whose day is over" "$? $(ended)" "4 refused DOWNLOAD_EXPIRED"
sb_download_codes "$first" "$second" "$CERT" sheca-issp
download
is "another system's are none here" "$(ended)" "refused DOWNLOAD_UNKNOWN"

# ---- what is shown is not what was meant, or none of ours ----
fresh "${empty[@]}"
SAY=false
download
is "declined: nothing is changed" "$? $(ended) $(asked) $(sb_logins) $(ck records --all --json | grep -c '"row"')" \
	"4 refused DOWNLOAD_DECLINED download make-anew  0 0"
SAY=true
download
is "and the codes are good as before" "$? $(ended)" "0 done -"
fresh "${empty[@]}" --server
download
is "a server's certificate" "$? $(ended) $(asked)" "4 refused SERVER_CERT download "
fresh "${empty[@]}" --issuer foreign
download
is "one of an issuer this system does not know" "$? $(ended) $(asked)" "4 refused UNKNOWN_ISSUER download "
fresh "${empty[@]}" --status revoked
download
is "a revoked one" "$? $(ended)" "4 refused REVOKED"
fresh "${empty[@]}"
sb_knob desk.quote 40
download
is "an end is promised that the rules do not have: told before the PIN" "$? $(ended) $(asked)" "4 refused QUOTED_OTHER_END download "
sb_knob --clear desk.quote

# ---- who, and where ----
fresh "${empty[@]}"
say_all >"$SB/answers"
ck renew --system sd-bianban --way download --json --answers "$SB/answers" --secrets-fd 9 9< <(printf '%s\n' "${SECRETS[@]}") >"$SB/out"
is "without a clerk" "$? $(ended)" "4 refused CLERK_NEEDED"
ck renew --system sheca-cisweb --way download --clerk 07 --json </dev/null >"$SB/out"
is "a system that has no such way" "$? $(ended)" "4 refused WAY_NOT_OFFERED"
ck batch begin --system sd-bianban --way download --clerk 07 >/dev/null 2>&1
is "no unit's keys in a row" $? 2

# ---- interrupted, and gone on with ----
on_to_the_end() { # STATION FIRST-COUNTER SECOND-COUNTER: what was wrong is said
	fresh "${empty[@]}"
	CONF=$SB/$2.conf CK_FAULT_AT=$1 download
	CONF=$SB/$3.conf download
	[ "$(ended)" = "done -" ] || echo "# $(ended) $(detail)"
	[ "$(entries) $(certs '|length')" = "1 1" ] || echo "# on the key: $(entries)"
	[ "$(sb_show '.leases[-1] | "\(.state) \(.download)"') $(sb_show '[.certificates[] | select(.lease == "'"$(sb_show '.leases[-1].lease')"'")] | length')" = "confirmed $first 1" ] ||
		echo "# books: $(sb_show -c '.leases[-1], .counts')"
	# who had gone so far that the desk knows it as done finds it done
	CONF=$SB/$2.conf download
	[ "$(ended)" = "done -" ] || [ "$(ended)" = "refused DOWNLOAD_USED" ] || echo "# back at the first: $(ended) $(detail)"
	[ "$(open_records)" = 0 ] || echo "# records open: $(open_records)"
	[ "$(entries)" = 1 ] || echo "# on the key, in the end: $(entries)"
}
stations="consent unlock authorise newkey request issue install confirm retire close"
for where in certkiosk certkiosk-2; do
	wrong=0
	for station in $stations; do
		# what the first counter had confirmed is the first one's to finish
		case "$where $station" in "certkiosk-2 retire" | "certkiosk-2 close") continue ;; esac
		on_to_the_end $station certkiosk $where >"$SB/wrong"
		[ ! -s "$SB/wrong" ] || { wrong=$((wrong + 1)); echo "# $where, $station:"; cat "$SB/wrong"; }
	done
	is "killed at each station at certkiosk, gone on with at $where" $wrong 0
done

fresh "${empty[@]}"
CK_FAULT_AT=install download
sb_download_codes "$first" "$second" "$CERT" sd-bianban -1s
SECRETS=("code $second" "pin $pin")
download
is "the codes' day is over meanwhile: the open download goes on" "$? $(ended)" "0 done -"
is "the first code is known, and the clerk hears it" "$(jq -rc 'select(.ask == "download") | [.facts.reference, [.fields[].name]]' "$SB/out")" "[\"$first\",[\"code\"]]"

fresh "${empty[@]}"
CK_FAULT_AT=install download
printf '%s\n' '{"ask":"resume","yes":true}' '{"ask":"consent","yes":true}' >"$SB/answers"
ck resume "$first" --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 9< <(printf '%s\n' "${SECRETS[@]}") >"$SB/out"
is "found by its first code" "$? $(ended)" "0 done -"

fresh "${empty[@]}"
CK_FAULT_AT=install download
rm -rf "$SB"/tokens/*
"$SB_TOOLS/makekey" --dir "$SB" --label other --pin $pin --no-key --no-cert >/dev/null
download
is "the same codes with another key while that one is begun: whose it is is told" "$? $(ended)" "4 refused LEASE_ELSEWHERE"
is "nothing is on the other key" "$(entries)" 0

# ---- given up ----
fresh "${empty[@]}"
CK_FAULT_AT=confirm download
number=$(ck records --json | jq -r '.row.record // empty')
ck abandon "$number" --clerk 07 --json --secrets-fd 9 9< <(printf 'pin %s\n' $pin) >"$SB/out" </dev/null
is "given up: swept, released, what was issued revoked" "$? $(ended) $(entries) $(sb_show '.leases[-1].state') $(sb_show '.certificates[-1].status')" \
	"0 abandoned - 0 released revoked"
download
is "and the codes are good once more" "$? $(ended)" "0 done -"

# ---- a renewal and a download of the same certificate keep out of each other's way ----
fresh --not-after +14d
printf '%s\n' '{"ask":"consent","yes":true}' >"$SB/answers"
CK_FAULT_AT=install ck renew --system sd-bianban --way self --json --answers "$SB/answers" --secrets-fd 9 \
	9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>/dev/null
download
is "the key's own renewal is open" "$? $(ended)" "4 refused OTHER_WAY"
CONF=$SB/certkiosk-2.conf download
is "at another counter, too" "$? $(ended)" "4 refused OTHER_WAY"

# ---- certificates in files ----
mv "$SB/keys.d/softhsm.conf" "$SB/softhsm.conf"
mkdir -p "$SB/media/stick"
printf '%s\n' 'name = "U-disk";' 'driver = "file";' "roots = [ \"$SB/media/*\" ];" 'keytypes = [ "rsa2048" ];' >"$SB/keys.d/files.conf"
fresh --medium "$SB/media/stick/zhang.p12" --form p12
brought=$(sha256sum <"$SB/media/stick/zhang.p12")
CONF=$SB/certkiosk.conf CK_FAULT_AT=install download
CONF=$SB/certkiosk.conf download
is "beside a file, interrupted: done" "$? $(ended)" "0 done -"
is "a file more, and the one that was brought as it was" \
	"$(find "$SB/media/stick" -name '*.p12' | wc -l) $([ "$(sha256sum <"$SB/media/stick/zhang.p12")" = "$brought" ] && echo same)" "2 same"
