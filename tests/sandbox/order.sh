# Sourced by stories of orders, after lib.sh's manner: one sandbox whose system takes an order.
#
#   order_new SYSTEM      a sandbox with it, its steps on; pin is the key's
#   fresh [OPTION…]       another key (makekey's options), an empty store
#   renew ANSWER…         headless, served by the clerk whose number is in $clerk if one is; what it said is
#                         in $SB/out
#   months N  method M  pay DO  identity DO  review DO      lines of answers
#   begin ANSWER…         the same, and more answers to come: feed ANSWER…, and finish [ANSWER…]
#   until_asked QUESTION [N]   the N-th one stands
#   asked  said  ended  detail  state  reason  number  issued

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
pin=Old-4471

order_new() {
	system=$1
	SB_ANSWER_S=5 sb_new
	sb_systems "$system"
	sb_steps "$system"
}

fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB"/state* "$SB/out"
	mkdir -m 700 "$SB"/state{,-2}
	n=$((${n:-0} + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject "${subject:-/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司}" "$@"
	before=$(sb_show '[.certificates[] | select(.origin == "issued")] | length')
}

renew() {
	printf '%s\n' "$@" >"$SB/answers"
	ck renew --system "$system" --way self ${clerk:+--clerk "$clerk"} --json --wait 30 --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err"
}

begin() {
	rm -f "$SB/feed"
	mkfifo "$SB/feed"
	ck renew --system "$system" --way self --json --wait 30 --answers "$SB/feed" --secrets-fd 9 \
		9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err" &
	job=$!
	exec 8>"$SB/feed"
	[ $# = 0 ] || feed "$@"
}
feed() { printf '%s\n' "$@" >&8; }
finish() {
	[ $# = 0 ] || feed "$@"
	exec 8>&-
	wait $job
}

months() { printf '{"ask":"order","months":"%s"}' "$1"; }
method() { printf '{"ask":"pay-method","method":"%s"}' "$1"; }
pay() { printf '{"ask":"payment","do":"%s"}' "$1"; }
identity() { printf '{"ask":"identity","do":"%s"}' "$1"; }
review() { printf '{"ask":"review","do":"%s"}' "$1"; }

until_asked() {
	local waited=0
	until [ "$(jq -r 'select(.ask).ask' "$SB/out" 2>/dev/null | grep -cx "$1")" -ge "${2:-1}" ]; do
		# it ended without it
		[ "$(jq -r 'select(.end).end' "$SB/out" 2>/dev/null)" = '' ] || return 1
		if [ $((waited += 20)) -gt 60000 ]; then
			echo "not ok - $1 was not asked"
			return 1
		fi
		sleep 0.02
	done
}

asked() { jq -r 'select(.ask).ask' "$SB/out" | uniq | tr '\n' ' '; }
said() {
	jq -r 'select(.say).say' "$SB/out" | grep -x 'order-made\|sms-sent\|paid\|identity-passed\|review-passed\|refund\|order-.*' | tr '\n' ' '
}
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' "$SB/out"; }
detail() { jq -r 'select(.end).error.detail' "$SB/out"; }
number() { jq -r 'select(.end).record' "$SB/out"; }
troubles() { jq -r 'select(.ask and .error).error | "\(.name) \(.detail)"' "$SB/out"; }
state() { ck records --all --json | jq -r 'select(.row).row.state' | sort | tr '\n' ' '; }
reason() { ck records --all --json | jq -r 'select(.row).row | "\(.state) \(.reason) \(.station)"'; }
issued() { echo $(($(sb_show '[.certificates[] | select(.origin == "issued")] | length') - before)); }
