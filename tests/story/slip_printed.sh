#!/bin/bash
# What a customer takes home when a renewal has to wait, on paper: printed by a real IPP printer without
# key or PIN, as often as somebody wants; whatever reads its code goes on with the record; a printer in
# trouble is told, not waited for, and prints nothing later that nobody stands there to take.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
sb_new
trap pr_end EXIT
pr_printer
sb_form "$PR_URI"
pin=Old-4471 password=Env-9038 n=0

fresh() { # SUBJECT
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state"
	mkdir -m 700 "$SB/state"
	sb_knob --clear
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$1"
	sb_envelope "E$n" $password --for "$CERT"
}
renew() { sb_renew $pin $password "E$n" --system sheca-cisweb "$@" --json >"$SB/out" 2>"$SB/err"; }
parked() { # the CA takes its time
	sb_knob cmp.waiting 99
	sb_knob cmp.check-after 7200
	renew --way on-behalf --clerk 07
	record=$(jq -r 'select(.end).record // empty' "$SB/out")
}
slip() { ck print "$record" --json "$@" >"$SB/out" 2>"$SB/err"; }
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-") \(.facts.slip // "no slip")"' "$SB/out"; }
latest() { pr_sheet $(($(pr_sheets) - 1)); }
says() { # NAME WORD…: of the latest sheet
	local name=$1 word
	shift
	pdftotext -layout "$(latest)" - | tr -d ' ' >"$SB/text"
	for word; do ok "$name: $word" grep -qF -- "${word// /}" "$SB/text"; done
}
row() { ck records --json | jq -r ".row // empty | $1"; }
day() { date -d "$1" '+%Y年%-m月%-d日'; }
export TZ=Asia/Shanghai

fresh '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
parked
is "parked at the CA" "$(row '"\(.state) \(.reason)"')" "parked authority"
lines=$(ck records --show "$record" --json | grep -c '"row"')
logins=$(sb_logins)
ok "its slip is printed, by whoever stands there" slip
is "done, and how it is found again" "$(ended)" "done - $(row .slip)"
is "one sheet of one page, A4" "$(pr_sheets) $(pdfinfo "$(latest)" | awk '/^Pages|^Page size/ { print $NF }' | tr '\n' ' ')" "1 1 (A4) "
says "it says" "$(row .slip)" 上海某某科技有限公司 'CA 正在处理' 等待签发 密码信封 "$(ck records --names --json | jq -r '.row.key_serial // empty')" \
	"$(day "$(row .deadline)")" 多了一对还没有启用的新密钥 原来的证书和密码没有改变 62077128
without_secrets() { ! grep -qE "$pin|$password" "$SB/text"; }
ok "no secret" without_secrets
ok "nobody signs it" bash -c "! pdfsig '$(latest)' 2>/dev/null | grep -q 'Signature #'"
is "no key was asked, and nothing is put down" "$(sb_logins) $(ck records --show "$record" --json | grep -c '"row"')" "$logins $lines"
is "it is no form" "$(ck forms --all --json | grep -c '"row"')" 0
for lang in zh:'小票已经打印' en:'The slip is printed'; do
	like "in words: ${lang%%:*}" "$(ck print "$record" --lang "${lang%%:*}" 2>&1)" "${lang#*:}"
done
is "once more does no harm" "$(pr_sheets)" 3
pdftoppm -r 200 -gray -png "$(latest)" "$SB/slip"
code=$(zbarimg -q --raw "$SB"/slip*.png 2>/dev/null)
is "its code is the number" "$code" "$(row .slip)"
[ -z "${PR_SHOW:-}" ] || cp "$SB"/slip*.png "$PR_SHOW/"

# ---- trouble ----
pr_tray 0
ok "no paper: told, and over" ! slip
is "why, and the number all the same" "$(ended) $(pr_sheets)" "failed PRINT_MEDIA $(row .slip) 3"
pr_tray 250
pr_printer_kill
ok "no printer: told" ! slip
is "as such" "$(ended)" "failed PRINT_OFFLINE $(row .slip)"
like "in words" "$(ck print "$record" --lang zh 2>&1)" '打印机没有应答'
pr_printer
mv "$SB/certkiosk.conf" "$SB/whole.conf"
mkdir "$SB/noforms"
sed "s|forms_dir = \"[^\"]*\"|forms_dir = \"$SB/noforms\"|" "$SB/whole.conf" >"$SB/certkiosk.conf"
ok "a site without this form: told" ! slip
is "that" "$(ended | cut -d' ' -f1,2)" "failed FORM_UNKNOWN"
mv "$SB/whole.conf" "$SB/certkiosk.conf"
is "the record waits as before" "$(row '"\(.state) \(.reason)"') $(ck records --show "$record" --json | grep -c '"row"')" "parked authority $lines"

# ---- it goes on by its code ----
sb_knob cmp.approved 1
ck resume "$code" --clerk 07 --json --secrets-fd 9 9< <(printf 'pin %s\npassword %s\n' $pin $password) >"$SB/out" 2>"$SB/err"
is "what the code says is gone on with, to its form" \
	"$(jq -r 'select(.end) | "\(.end) \(.record) \(.facts.form)"' "$SB/out")" "done $record printed"
is "which is the first, as slips are none" "$(ck forms --all --json | jq -r '.row? | select(.).copies')" 1
sheets=$(pr_sheets)
ok "it is over: no slip, and a copy of its form takes a clerk" ! slip
is "as ever" "$(ended | cut -d' ' -f1,2) $(pr_sheets)" "refused CLERK_NEEDED $sheets"

# ---- stopped in other places ----
fresh '/C=CN/CN=𪛖𪛖'
CK_FAULT_AT=newkey renew --way self
record=$(row .record)
ok "a name no font has: printed" slip
says "without the name" "$(row .slip)" 和来的时候一样 生成新密钥
fresh '/C=CN/CN=051@370105199203190001@张三@15966606660'
CK_FAULT_AT=retire renew --way on-behalf --clerk 07
record=$(row .record)
ok "nearly done: printed" slip
says "the new one is good" 新证书已经生效 清理原证书 '请带上 这把 Key'
says "numbers of people are masked" '051@370105********0001@张三@159****6660'
fresh '/C=CN/CN=张三37010519920319001X'
CK_FAULT_AT=newkey renew --way self
record=$(row .record)
ok "a number that ends in a letter: printed" slip
says "masked as the others are" '张三370105********001X'
is "of no record there is none" "$(ck print CK-20200101-000001 --json | jq -r '.error.name')" NO_RECORD
ok "the ledger is whole" ck ledger verify

# ---- a printer that takes a job back when it is told to ----
sed -i '/^form = /d' "$SB/systems/sheca-cisweb.conf"
sb_paper
fresh '/C=CN/CN=张三'
CK_FAULT_AT=newkey renew --way self
record=$(row .record)
sb_print empty
ok "no paper: told" ! slip
is "and taken back: nothing comes out later that nobody waits for" \
	"$(ended | cut -d' ' -f1,2) $(cat "$SB"/print/jobs/*slip) $(sb_sheets)" "failed PRINT_MEDIA canceled 0"
sb_print unknown
ok "nobody knows whether it came out: whoever wants it looks" slip
is "and nothing is to be settled" "$(jq -r 'select(.say) | .say' "$SB/out") $(ck forms --json | grep -c '"row"')" "slip-sent 0"
for mode in die-created die-go no-queue; do
	sb_print $mode
	ok "$mode: told" ! slip
	is "$mode: no sheet, nothing left open" "$(sb_sheets) $(ck records tend --json | jq -r '.row? | select(.).did' | grep -c print)" "0 0"
done
sb_print ok
ok "and printed when all is well" slip
is "once" "$(sb_sheets)" 1
