#!/bin/bash
# EST servers that say "wait", for whatever time, and that spell certificates in every way. The same request
# is the poll.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_est

pin=Old-4471 n=0
fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_knob --clear
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject '/C=CN/CN=张三'
}
renew() { sb_renew $pin '' '' --system est --way self --json >"$SB/out" 2>"$SB/err"; }
told() { grep -c '"say": *"waiting"' "$SB/out"; }
wait_for() { # RETRY-AFTER POLLS
	fresh
	sb_knob est.waiting "$2"
	sb_knob est.retry-after "$1"
	renew
}

wait_for 1 2
is "told to wait twice: done in one visit" "$? $(told)" "0 2"
is "one request, sent three times" "$(grep -c 'est simpleenroll: 20' "$SB/casandbox.log")" 3
for junk in 'Tue, 04 Nov 2008 10:00:00 GMT' -5 soon; do
	wait_for "$junk" 1
	is "Retry-After \"$junk\": soon again, and done" "$? $(told)" "0 1"
done

hours() { # until the record may go on
	echo $((($(date +%s -d "$(jq -r 'select(.end?).facts.retry_at' "$SB/out")") - $(date +%s) + 60) / 3600))
}
far() { # RETRY-AFTER HOURS
	wait_for "$1" 99
	is "Retry-After \"$1\": parked for $2 h" "$? $(hours)" "3 $2"
	is "Retry-After \"$1\": it is written down" "$(ck records --json | jq -r '.row.state // empty')" parked
	sb_knob est.approved 1
	ok "the key put in again: done" renew
	is "issued, live, confirmed" "$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')" "$n $n $n"
}
far 3600 1
far 31536000 24
far 99999999999999999999999 24
far "$(LC_ALL=C date -u -d '+1 year' '+%a, %d %b %Y %H:%M:%S GMT')" 24

for shape in 64 76 crlf spaces der pem; do
	fresh
	sb_knob est.shape $shape
	sb_knob est.encoding "$([ $shape = der ] && echo base64 || echo binary)"
	ok "certificates as \"$shape\", wrongly announced: done" renew
done

is "no record is open" "$(ck records --json | grep -c '"row"')" 0
is "issued, live and confirmed each" "$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed)"')" "$n $n $n"
