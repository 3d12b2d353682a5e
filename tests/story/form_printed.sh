#!/bin/bash
# From the customer's key to the sheet of paper, with nothing in between made up: the form of a renewal is
# drawn, signed by the new key and the site's, kept, printed by a real IPP printer; what lies in its tray
# is what was signed, and its codes can be read from a picture of it.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
sb_new
trap pr_end EXIT
pr_printer
sb_form "$PR_URI"
pin=Old-4471 password=Env-9038 n=0

fresh() { # SUBJECT
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$1"
	sb_envelope "E$n" $password --for "$CERT"
}
renew() { sb_renew $pin $password "E$n" --system sheca-cisweb "$@" --json >"$SB/out" 2>"$SB/err"; }
last() { jq -r 'select(.end) | "\(.end) \(.facts.form // "none")"' "$SB/out"; }
# which box is ticked, and what the customer signs of the old PIN
pin_said() { pdftotext -layout "$1" - | grep -oE '■ (不变|已改为信封内密码|未能修改，仍为原密码)|原密码失效|没有改变，仍为更新前的密码' | tr '\n' ';'; }
number() { jq -r 'select(.end).record // empty' "$SB/out"; }

fresh '/C=CN/O=上海𠮷祥科技有限公司/CN=上海𠮷祥科技有限公司'
ok "on behalf: renewed" renew --way on-behalf --clerk 07
is "and its form is on paper" "$(last) $(pr_sheets)" "done printed 1"
record=$(number)
ck form "$record" --out "$SB/form.pdf" >/dev/null
ok "what came out is what was signed, byte for byte" cmp "$SB/form.pdf" "$(pr_sheet 0)"
pdfsig "$(pr_sheet 0)" >"$SB/pdfsig" 2>/dev/null
is "pdfsig: both signatures are valid" "$(grep -c 'Signature is Valid' "$SB/pdfsig")" 2
ok "and the last one covers all of it" grep -q 'Total document signed' "$SB/pdfsig"
ok "certkiosk says so, too" "$CK_BIN/certkiosk" verify-form "$(pr_sheet 0)"
pdftotext -layout "$(pr_sheet 0)" "$SB/text"
ok "it names the customer" grep -q '上海𠮷祥科技有限公司' "$SB/text"
for word in 代更新 "E$n" 柜员 kiosk-1; do
	ok "and $word" grep -q -- "$word" "$SB/text"
done
is "the PIN is another: the old one is no longer good" "$(pin_said "$(pr_sheet 0)")" "■ 已改为信封内密码;原密码失效;"
pdftoppm -r 200 -gray -png "$(pr_sheet 0)" "$SB/page"
for page in "$SB"/page*.png; do zbarimg -q --raw "$page" 2>/dev/null; done >"$SB/codes"
is "a code a page" "$(wc -l <"$SB/codes")" "$(pdfinfo "$(pr_sheet 0)" | awk '/^Pages/ { print $2 }')"
like "of this slip and form, signed" "$(head -n 1 "$SB/codes")" "^CK1\*$record-KIOSK-1-.\*SHECA-RENEWAL\*1/[0-9]+\*[A-Z2-7]+\*[A-Z2-7]+$"

printers() { ck printers --json | jq -r '.row? | select(.) | "\(.uri) \(.default) \(.direct) \(.accepting) \(.state) \(.why // "-")"'; }
is "it is listed, where there is no CUPS" "$(printers)" "$PR_URI true true true ready -"
ok "a copy" ck print "$record" --clerk 07 --json
is "comes out, too" "$(pr_sheets)" 2
pdftotext "$(pr_sheet 1)" "$SB/copy"
ok "marked as one" grep -q '补打第1次' "$SB/copy"
is "and not signed" "$(pdfsig "$(pr_sheet 1)" 2>/dev/null | grep -c 'Signature #')" 0

# the form is written anew meanwhile: nobody signed what it says now
cp -r "$SB_TREE/printer/forms" "$SB/forms"
sed -i "s|forms_dir = \"[^\"]*\"|forms_dir = \"$SB/forms\"|" "$SB/certkiosk.conf"
ok "it is another one now" sed -i 's/申请人/付款人/; s/^title = .*/title = "付款书";/' "$SB/forms/sheca-renewal.conf"
ok "a second copy" ck print "$record" --clerk 07 --json
pdftotext "$(pr_sheet 2)" "$SB/copy2"
is "shows what the first did" "$(sed 's/补打第2次/补打第1次/' "$SB/copy2")" "$(<"$SB/copy")"
rm -r "$SB/forms"
ok "and a third" ck print "$record" --clerk 07 --json
is "when there is no form any more" "$(pr_sheets)" 4
sb_site_conf

fresh '/C=CN/CN=张三'
pr_printer_kill
ok "no printer: renewed all the same" renew --way self
is "the form waits" "$(last | cut -d' ' -f1) $(pr_sheets)" "done 4"
record=$(number)
is "the printer is listed as one that does not answer" "$(printers)" "$PR_URI true true false stopped PRINT_OFFLINE"
pr_printer
ok "it is there again: printed" ck print "$record" --clerk 07 --json
is "once" "$(pr_sheets)" 5
is "by himself: the PIN is as it was" "$(pin_said "$(pr_sheet 4)")" "■ 不变;没有改变，仍为更新前的密码;"

fresh '/C=CN/CN=李四'
sb_shim 'fail C_SetPIN a1 0'
ok "on behalf, and the key takes no other PIN: renewed" renew --way on-behalf --clerk 07
is "the PIN could not be changed: the old one is good" "$(last) $(pin_said "$(pr_sheet 5)")" \
	"done printed ■ 未能修改，仍为原密码;没有改变，仍为更新前的密码;"

fresh '/C=CN/CN=𪛖𪛖'
ok "a name our fonts have not got: renewed" renew --way self
is "without a form, and why" "$(last) $(jq -r 'select(.say == "form-none").facts.code' "$SB/out")" "done none FORM_GLYPH"
is "and that was told before the PIN" \
	"$(jq -r 'select(.say) | .say + " " + (.facts | (.field // "-") + " " + (.character // "-"))' "$SB/out" | grep -E '^(form-by|unlocked)' | tr '\n' ';')" \
	"form-by-hand name U+2A6D6 𪛖;unlocked - -;"
is "the character" "$(jq -r 'select(.say == "form-none").facts.why' "$SB/out" | cut -d' ' -f1)" "U+2A6D6"

fresh $'/C=CN/CN=张\e三'
ok "a name with an escape in it: renewed" renew --way self
is "refused by that" "$(jq -r 'select(.say == "form-none").facts | "\(.code) \(.why)"' "$SB/out" | cut -d: -f1)" "FORM_GLYPH U+001B"
fresh '/C=CN/CN=　　'
ok "a name of blanks: renewed" renew --way self
is "is none" "$(jq -r 'select(.say == "form-none").facts.code' "$SB/out")" FORM_FIELD

long=上海浦东新区张江高科技园区某某国际贸易进出口电子商务信息技术咨询服务股份有限公司第一分公司客户服务中心技术支持部运行维护组六四字
fresh "/C=CN/O=$long/CN=李四"
ok "the longest name a certificate has, ${#long} characters: renewed" renew --way self
pdftotext "$(pr_sheet $(($(pr_sheets) - 1)))" - | tr -d '\n ' >"$SB/text"
ok "stands on the form, whole" grep -q "$long" "$SB/text"

fresh "/C=CN/OU=$long/OU=$long/OU=$long"
ok "no name but a subject longer than is ever shown: renewed" renew --way self
is "refused, not cut" "$(jq -r 'select(.say == "form-none").facts | "\(.code) \(.why)"' "$SB/out")" "FORM_TOO_LONG name"
