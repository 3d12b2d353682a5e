#!/bin/bash
# A unit's keys in a row: renewed, refused, parked, interrupted by a kill of front and engine. What became
# of each outlives both, and stands on one list, made once, printed by a real IPP printer, again as a copy.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
sb_new
trap pr_end EXIT
pr_printer
sb_form "$PR_URI"
sed -i '/^form = /d' "$SB/systems/sheca-cisweb.conf" # a batch has its paper all the same
pin=Old-4471 password=Env-9038
UNIT=上海某某科技有限公司
declare -A SERIALS=()

key() { # NAME [OPTION…]
	local name=$1
	shift
	sb_key --label "$name" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject "/C=CN/O=$UNIT/CN=$name" "$@"
	SERIALS[$name]=$KEY
}
renew() { # NAME: one of the batch
	sb_envelope "E-$1" $password
	sb_renew $pin $password "E-$1" --batch "$batch" --key "${SERIALS[$1]}" --clerk 07 --json >"$SB/out" 2>"$SB/err"
}
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' "$SB/out"; }
rows() { ck batch show "$batch" --json | jq -r '.row // empty | "\(.no) \(.name) \(.result) \(.why // "-")"'; }
latest() { pr_sheet $(($(pr_sheets) - 1)); }
says() { # NAME WORD…: of the latest sheet
	local name=$1 word
	shift
	pdftotext "$(latest)" - | tr -d ' \n' | sed 's/　//g' >"$SB/text"
	for word; do ok "$name: $word" grep -qF -- "${word// /}" "$SB/text"; done
}
export TZ=Asia/Shanghai

key 甲一
key 乙二 --not-after +300d
key 丙三
key 丁四
key 戊五

# ---- begun ----
ok "it needs a clerk" ! ck batch begin --system sheca-cisweb --way on-behalf
ok "and one of the site" ! ck batch begin --system sheca-cisweb --way on-behalf --clerk 99
ck batch begin --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out"
batch=$(jq -r 'select(.end).record' "$SB/out")
like "begun, with a number" "$batch" '^CK-[0-9]{8}-[0-9]{6}$'
ck batch begin --system sheca-cisweb --way self --clerk 07 --json >"$SB/out"
is "one without a key makes way for another" "$(ended) $(ck batch list --json | grep -c '"row"')" "done - 1"
ck batch begin --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out"
batch=$(jq -r 'select(.end).record' "$SB/out")
ck print "$batch" --clerk 07 --json >"$SB/out"
is "no key, no list" "$(ended)" "refused BATCH_EMPTY"

# ---- its keys ----
ok "the first is renewed" renew 甲一
ok "one that is too early is refused" ! renew 乙二
is "as such" "$(ended)" "refused TOO_EARLY"
sb_knob cmp.waiting 3
sb_knob cmp.check-after 7200
renew 丙三
is "one that the CA keeps waiting is parked" "$(ended)" "parked -"
parked=$(jq -r 'select(.end).record' "$SB/out")
sb_knob --clear
is "so far" "$(rows | paste -sd,)" "1 甲一 done -,2 乙二 refused TOO_EARLY,3 丙三 parked authority"
is "the refused one once more: one row" "$(renew 乙二; rows | wc -l)" 3
is "the renewed one once more: it stays renewed" "$(renew 甲一; rows | head -1)" "1 甲一 done -"

# ---- front and engine are killed in the middle ----
sb_shim 'hold C_CreateObject 0'
setsid bash -c ". '$SB_TREE/tests/sandbox/lib.sh'; SB=$SB; $(declare -p SERIALS batch pin password); $(declare -f renew)
	sb_envelope() { :; }; renew 丁四" &
runner=$!
disown "$runner"
sb_envelope E-丁四 $password
held() { grep -q '"step":"install"' "$SB/out"; }
pr_until held || echo "not ok - the fourth came as far as its certificate"
kill -KILL -- "-$runner"
pr_until eval "! kill -0 -- -$runner"
sb_shim ''
is "it has a row all the same" "$(rows | tail -1)" "4 丁四 parked person"
ok "the others are as they were" [ "$(rows | wc -l)" = 4 ]
sb_kill
sb_start
sb_site_conf
is "and after a restart of everything" "$(ck batch list --json | jq -r '.row // empty | "\(.record) \(.state) \(.clerk) \(.way) \(.keys) \(.done) \(.parked)"')" \
	"$batch open 07 on-behalf 4 1 2"
ok "it is gone on with" renew 丁四
is "and is renewed" "$(rows | tail -1)" "4 丁四 done -"
ck renew --batch "$batch" --key "${SERIALS[戊五]}" --clerk 07 --answers /dev/null --json >"$SB/out" 2>/dev/null
is "one that nobody answers for" "$(rows | tail -1 | cut -d' ' -f2-3)" "戊五 skipped"
is "each certificate once" "$(sb_show .counts.issued)" 2
ck renew --batch CK-20200101-000001 --clerk 07 --json >"$SB/out" 2>/dev/null
is "another number is none" "$(ended)" "refused BATCH_NONE"
ck batch begin --system sheca-cisweb --way self --clerk 07 --json >"$SB/out"
is "the clerk has one at a time" "$(ended)" "refused BATCH_OPEN"
ck abandon "$batch" --clerk 07 --json >"$SB/out" 2>/dev/null
is "it is no renewal: nobody gives it up" "$(ended)" "refused NO_RECORD"
is "nor is it among them" "$(ck records --all --json | grep -c "\"$batch\"") $(ck report --json | grep -c "\"$batch\"")" "0 0"
ck records tend --json >"$SB/tend"
is "nor tended" "$(grep -c "\"$batch\"" "$SB/tend")" 0
for lang in zh:'未办完：CA 正在处理' en:'not finished: the CA is working on it'; do
	like "in words: ${lang%%:*}" "$(ck batch show "$batch" --lang "${lang%%:*}")" "${lang#*:}"
done
like "those there are" "$(ck batch list --lang zh)" "$batch.*代更新.*柜员 07.*5 把，已更新 2 把，未办完 1 把"

# ---- the list ----
ok "printed only for a clerk" ! ck batch print "$batch" --json
ok "its list is printed" ck batch print "$batch" --clerk 07 --json
is "one sheet" "$(pr_sheets) $(pdfinfo "$(latest)" | awk '/^Pages|^Page size/ { print $NF }' | paste -sd' ')" "1 1 (A4)"
says "it says" 更新证书明细 "$UNIT" 代更新 "07 李柜员" "5 把，已更新 2 把" 甲一 不能更新：还没到可以更新的日期CK-2001 \
	未办完：CA正在处理 "${parked#CK-}" 丁四 跳过 领取人签字 单位公章 "第 1 页"
new=$(ck batch show "$batch" --json | jq -r '.row // empty | select(.name == "丁四").new_serial' | tr a-f A-F)
says "the new serial, which takes two lines" "${new:0:12}" "${new: -8}"
ok "no secret" ! grep -qE "$pin|$password" "$SB/text"
like "the site signed it, no customer" "$(pdfsig "$(latest)" 2>/dev/null | grep -c 'Signature #')" '^1$'
is "it is over" "$(ck batch list --json | grep -c '"row"') $(ck batch list --all --json | jq -r '.row // empty | "\(.state) \(.form)"')" "0 done printed"
ok "no key is added any more" ! renew 戊五
is "that is said" "$(ended)" "refused BATCH_NONE"
ok "a second sheet is a clerk's" ! ck print "$batch" --json
ok "and he has it" ck print "$batch" --clerk 08 --json
is "two sheets" "$(pr_sheets)" 2
says "it is a copy" 补打第1次 更新证书明细 甲一
is "what it says is what stands there" "$(rows | cut -d' ' -f2,3 | paste -sd,)" \
	"甲一 done,乙二 refused,丙三 parked,丁四 done,戊五 skipped"
ok "the ledger is whole" ck ledger verify
ok "and knows who printed" bash -c "'$CK_BIN/certkiosk' ledger show --last 20 --config '$SB/certkiosk.conf' --json | grep -q 'copy 2, clerk 08'"
[ -z "${PR_SHOW:-}" ] || pdftoppm -r 80 -png "$(pr_sheet 0)" "$PR_SHOW/list"

# ---- a parked one ends later: the list is what it was ----
ok "the parked one is gone on with later" bash -c "printf 'pin %s\npassword %s\n' '$pin' '$password' |
	'$CK_BIN/certkiosk' resume '$parked' --clerk 07 --secrets-fd 0 --config '$SB/certkiosk.conf' --json"
is "the list says what was so then" "$(rows | sed -n 3p)" "3 丙三 parked authority"

# ---- the printer fails: the list is kept, and printed once ----
ck batch begin --system sheca-cisweb --way on-behalf --clerk 07 --json >"$SB/out"
batch=$(jq -r 'select(.end).record' "$SB/out")
ok "another one" renew 戊五
pr_printer_kill
ck batch print "$batch" --clerk 07 --answers /dev/null --json >"$SB/out"
is "no printer: it waits" "$(jq -r 'select(.end) | "\(.end) \(.facts.form.state)"' "$SB/out") $(pr_sheets)" "parked waits 2"
is "as a form that waits" "$(ck forms --json | jq -r '.row // empty | "\(.record) \(.form)"')" "$batch renewal-list"
pr_printer
ok "then it is printed" ck batch print "$batch" --clerk 07 --json
is "once, and as no copy" "$(pr_sheets) $(pdftotext "$(latest)" - | grep -c 补打)" "3 0"
