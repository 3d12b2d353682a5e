#!/bin/bash
# The other services of a menu: every one of the two systems that have some is filled in, its form printed by
# a real IPP printer, and handed to the desk once, whatever is lost, doubled or killed on the way. What the
# desk can't be told is kept and sent later; what it turns down is over.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
sb_new
trap pr_end EXIT
pr_printer
sb_systems sheca-issp sdca-dezhou
sb_form "$PR_URI"
pin=Old-4471
export TZ=Asia/Shanghai
UNIT=上海某某科技有限公司
ID=11010519491231002X MOBILE=13800138000

declare -A TYPED=([unit]=$UNIT [unit-code]=91350100M000100Y43 [agent-name]=张三 [agent-id]=$ID [agent-mobile]=$MOBILE
	[agent-mail]=a@example.cn [change]=单位名称 [application]=网上报税 [seal]=公章 [reason]=不再使用)
answer() { # NAME=VALUE…: an answer to the question, all fields there are unless said otherwise
	local k
	declare -A now=()
	for k in "${!TYPED[@]}"; do now[$k]=${TYPED[$k]}; done
	for k; do now[${k%%=*}]=${k#*=}; done
	for k in "${!now[@]}"; do printf '%s\t%s\n' "$k" "${now[$k]}"; done |
		jq -Rnc '[inputs / "\t" | {(.[0]): .[1]}] | add + {ask: "service"}'
}
apply() { # SYSTEM SERVICE [ANSWER…]
	local system=$1 service=$2
	shift 2
	[ $# != 0 ] || set -- "$(answer)"
	printf '%s\n' "$@" >"$SB/answers"
	ck service "$service" --system "$system" --answers "$SB/answers" --json ${clerk:+--clerk $clerk} \
		>"$SB/out" 2>"$SB/err"
}
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' "$SB/out"; }
number() { jq -r 'select(.end) | .record // "-"' "$SB/out"; }
applications() { sb_show '.applications | length'; }
state() { ck records --all --json | jq -r --arg n "$1" '.row // empty | select(.record == $n) | "\(.way) \(.state) \(.form // "-")"'; }
latest() { pr_sheet $(($(pr_sheets) - 1)); }

# ---- what there is ----
is "what can be applied for" "$(ck service list --json | jq -r '.row // empty | "\(.system):\(.service)"' | paste -sd' ')" \
	"sdca-dezhou:new sdca-dezhou:change sdca-dezhou:reissue sdca-dezhou:unlock sdca-dezhou:revoke sheca-issp:upgrade sheca-issp:change sheca-issp:seal sheca-issp:application sheca-issp:revoke"
for lang in zh:'在那之前一直有效' en:'until then it stays valid'; do
	like "revoking is the CA's act: ${lang%%:*}" "$(ck service list --system sheca-issp --lang "${lang%%:*}")" "${lang#*:}"
done
is "none of a system without" "$(ck service list --system sheca-cisweb --json | grep -c '"row"')" 0
apply sheca-issp unlock
is "one that its menu has not" "$(ended)" "refused SERVICE_UNKNOWN"

sed -i 's/service-application/no-such-form/' "$SB/systems/sdca-dezhou.conf"
apply sdca-dezhou new
is "nothing is asked that can't be put on paper" "$(ended) $(jq -r '.ask // empty' "$SB/out" | wc -l)" "refused FORM_UNKNOWN 0"
sed -i 's/no-such-form/service-application/' "$SB/systems/sdca-dezhou.conf"

# ---- each of them ----
apply sheca-issp upgrade
is "without a key none that needs one" "$(ended | cut -d' ' -f1) $(applications)" "refused 0"
apply sdca-dezhou new
is "but a new certificate needs none" "$(ended) $(applications)" "done - 1"
is "its form is printed" "$(pr_sheets) $(state "$(number)")" "1 service done printed"
pdftotext "$(latest)" - | tr -d ' \n' >"$SB/text"
for word in 业务申请表 新办 $UNIT $ID $MOBILE 91350100M000100Y43 单位证照或者个人身份证的复印件 德州电子政务; do
	ok "it says $word" grep -qF "$word" "$SB/text"
done
like "the site signed it, no customer" "$(pdfsig "$(latest)" 2>/dev/null | grep -c 'Signature #')" '^1$'
is "the desk has the hash of what was printed" "$(sb_show '.applications[0].form')" \
	"$(ck form "$(number)" --out "$SB/kept.pdf" --json >/dev/null; sha256sum <"$SB/kept.pdf" | cut -d' ' -f1)"
is "and what was typed" "$(sb_show '.applications[0].said | fromjson | map("\(.name)=\(.value)") | join(" ")')" \
	"unit=$UNIT unit-code=91350100M000100Y43 agent-name=张三 agent-id=$ID agent-mobile=$MOBILE agent-mail=a@example.cn"
is "what is personal is gone from here" "$(ck records --show "$(number)" --json | grep -c "$ID\|$MOBILE\|张三") $(ck ledger show --json | grep -c "$ID\|$MOBILE\|张三")" "0 0"

sb_key --label U --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "/C=CN/O=$UNIT/CN=$UNIT"
n=1
for one in sdca-dezhou:change sdca-dezhou:reissue sdca-dezhou:unlock sdca-dezhou:revoke sheca-issp:upgrade sheca-issp:change \
	sheca-issp:seal sheca-issp:application sheca-issp:revoke; do
	apply "${one%:*}" "${one#*:}"
	is "$one" "$(ended) $(applications) $(pr_sheets)" "done - $((n += 1)) $n"
	want=$CERT
	[ "${one#*:}" != reissue ] || want=''
	is "about its certificate" "$(sb_show '.applications[-1] | "\(.service) \(.cert)"')" "${one#*:} $want"
done
pdftotext "$(latest)" - | tr -d ' \n' >"$SB/text"
ok "that the CA does it, and when, stands on it" grep -qF 在服务网点核对材料以后撤销 "$SB/text"
is "no PIN was asked for any of them" "$(sb_logins)" 0
is "no certificate was touched by it" "$(sb_show '[.certificates[] | select(.status != "good")] | length')" 0

# ---- what is wrong is asked for again ----
apply sdca-dezhou new "$(answer agent-id=110105194912310028)"
is "a wrong check digit is no ID number" "$(ended | cut -d' ' -f1) $(jq -r 'select(.ask and .error).error | "\(.name) \(.detail)"' "$SB/out")" \
	"refused FIELD_WRONG agent-id"
is "nothing was begun" "$(number) $(applications)" "- $n"
apply sdca-dezhou new "$(answer unit=)" "$(answer)"
is "nor may it be empty; put right it goes" "$(ended) $(applications)" "done - $((n += 1))"
apply sdca-dezhou new "$(answer unit-code=91350100M000100Y44)" "$(answer unit-code=91350100M000100Y44)"
is "a code that can't be right is not the customer's word" "$(ended | cut -d' ' -f1)" refused
clerk=07 apply sdca-dezhou new "$(answer unit-code=91350100M000100Y44)" "$(answer unit-code=91350100M000100Y44)"
is "but a clerk's" "$(ended) $(applications)" "done - $((n += 1))"

# ---- on the way ----
sb_knob desk.lose-reply.service 1
apply sdca-dezhou new
is "a reply that is lost: one application" "$(ended) $(applications)" "done - $((n += 1))"
sb_knob desk.doubled.service 1
apply sdca-dezhou new
is "a request that comes twice: one" "$(ended) $(applications)" "done - $((n += 1))"
sb_knob desk.lose-reply.service 2
apply sdca-dezhou new
kept=$(number)
is "lost twice: it is kept" "$(ended) $(state "$kept" | cut -d' ' -f1-2)" "parked DESK_SLOW service parked"
sb_knob --clear
n=$((n + 1))
is "the desk has it by now" "$(applications) $(ck service status "$kept" --json | jq -r '.row.state // empty')" "$n received"
ck service drop "$kept" --json >"$SB/out"
is "it can't be dropped any more, and is over" "$(ended) $(state "$kept")" "refused SERVICE_RECORD service done printed"

sb_stop
apply sdca-dezhou new
kept=$(number) sheets=$(pr_sheets)
is "the desk is down: kept, its form printed" "$(ended) $(state "$kept")" "parked DESK_UNREACHABLE service parked printed"
for lang in zh:'records tend' en:'records tend'; do
	like "it is said when: ${lang%%:*}" "$(ck service resume "$kept" --lang "${lang%%:*}")" "$kept.*${lang#*:}"
done
ck renew --record "$kept" --json >"$SB/out" 2>/dev/null
is "it is no renewal" "$(ended)" "refused SERVICE_RECORD"
apply sdca-dezhou reissue
second=$(number)
ck service drop "$second" --json >"$SB/out"
is "nothing is dropped that may have been sent and can't be asked" "$(ended) $(state "$second" | cut -d' ' -f2)" \
	"refused DESK_UNREACHABLE parked"
sb_start
sb_site_conf
ck service drop "$second" --json >"$SB/out"
is "the desk has it not: dropped" "$(ended) $(state "$second" | cut -d' ' -f2)" "abandoned - abandoned"
is "tended, it is sent" "$(ck records tend --json | jq -r --arg k "$kept" '.row // empty | select(.record == $k).did') $(state "$kept")" \
	"sent service done printed"
is "once, and no further sheet" "$(applications) $(pr_sheets)" "$((n += 1)) $((sheets + 1))"
is "once more it is over" "$(ck service resume "$kept" --json | jq -r 'select(.end).error.name')" RECORD_CLOSED
sb_knob desk.service in-work:请于周五来领取
like "what became of it" "$(ck service status "$kept" --lang zh)" '正在办理.*请于周五来领取'
sb_knob --clear

# ---- refused ----
sb_knob desk.refuse.service service-closed:本周不受理
apply sdca-dezhou new
is "closed: over, and its form is there for the counter" "$(ended) $(state "$(number)")" "refused SERVICE_CLOSED service refused printed"
sb_knob --clear
sb_knob desk.service refused:材料不全
apply sdca-dezhou new
is "turned down at once" "$(ended) $(jq -r 'select(.end).error.detail' "$SB/out")" "refused SERVICE_REFUSED 材料不全"
n=$((n + 1))
sb_knob --clear

# ---- killed ----
sb_knob desk.delay.service 4000
setsid bash -c ". '$SB_TREE/tests/sandbox/lib.sh'; SB=$SB; $(declare -f apply)
	apply sdca-dezhou new '$(answer)'" &
runner=$!
disown "$runner"
pr_until eval "ck records --json | grep -q '\"station\":\"service\"' && ck records --json | grep -q '\"form\":\"waits\"'" ||
	echo "not ok - it came as far as its form"
kept=$(ck records --json | jq -r '.row // empty | select(.way == "service").record')
kill -KILL -- "-$runner"
pr_until eval "! kill -0 -- -$runner"
sb_knob --clear
is "killed on the way: it is still there" "$(state "$kept" | cut -d' ' -f1-2)" "service open"
ck service resume "$kept" --json >"$SB/out"
is "and is gone on with, once" "$(ended) $(applications) $(state "$kept")" "done - $((n += 1)) service done printed"
[ -z "${PR_SHOW:-}" ] || pdftoppm -r 80 -png "$(pr_sheet 0)" "$PR_SHOW/service"

# ---- no paper ----
pr_tray 0
apply sdca-dezhou new
kept=$(number)
is "out of paper: handed in all the same, its form waits" "$(ended) $(state "$kept" | cut -d' ' -f2) $(ck forms --json | grep -c "$kept")" "done - done 1"
pr_tray 50
sheets=$(pr_sheets)
ok "and is printed later" ck print "$kept" --clerk 07 --json
is "on one sheet" "$(pr_sheets) $(state "$kept")" "$((sheets + 1)) service done printed"
pr_printer_kill
apply sdca-dezhou new
is "no printer: handed in all the same, its form waits" "$(ended) $(state "$(number)")" "done - service done waits"
ok "the ledger is whole" ck ledger verify
