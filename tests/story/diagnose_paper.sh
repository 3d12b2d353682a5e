#!/bin/bash
# How forms and their printer are, asked before a customer has to wait for one: each told apart when it alone
# is wrong, and nothing at all where no system wants a form.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
sb_new
trap pr_end EXIT
pr_printer
cp -r "$SB_TREE/printer/forms" "$SB/forms"

diagnose() {
	ck diagnose --json >"$SB/out"
	RC=$?
}
row() { jq -r "select(.row).row | $1" "$SB/out"; }
wrong() { row 'select(.state != "ok") | "\(.part) \(.form // "-") \(.state) \(.error.name // "-")"' | sort | tr '\n' ';'; }
says() { # NAME WRONG STATUS
	diagnose
	is "$1" "$(wrong)$RC" "$2$3"
}
setting() { cp "$SB/usual.conf" "$SB/certkiosk.conf" && sed -i "$1" "$SB/certkiosk.conf"; }
usual() { setting ''; }
told() { ck diagnose --lang "$1" | tr -d '\n'; }

says "no system has a form" "" 0
is "so nothing is said of one" "$(row .part | grep -cE '^(form|printer)')" 0
sb_form "$PR_URI"
sed -i "s|forms_dir = \"[^\"]*\"|forms_dir = \"forms\"|" "$SB/certkiosk.conf"
cp "$SB/certkiosk.conf" "$SB/usual.conf"
says "all is well" "" 0
is "who signs, what form, which printer" \
	"$(row 'select(.part | test("^form|printer")) | "\(.name // .printer // "\(.system) \(.form) \(.title)")"' | tr '\n' ';')" \
	"沙箱受理点;sheca-cisweb sheca-renewal 数字证书更新申请表;$PR_URI;"
like "in words (zh)" "$(told zh)" 'v 申请表的受理点签名：沙箱受理点，.*v 申请表 sheca-renewal：数字证书更新申请表，sheca-cisweb 使用v 打印机：ipp://'
like "in words (en)" "$(told en)" "v The office's signature on forms: .*v Form sheca-renewal: .*, used by sheca-cisweb.*v Printer: ipp://"

# ---- who signs ----
setting 's/certificate = "pki[^;]*; key = "pki[^;]*;//'
says "no certificate to sign with" "form-certificate - careful -;" 0
like "what that means (zh)" "$(told zh)" '! 申请表的受理点签名：没有设置 *申请表上只有客户的签名'
like "what that means (en)" "$(told en)" "! The office's signature on forms: not set up *Forms carry the customer's signature alone"
setting 's|key = "pki/site.key"|key = "pki/kiosk-1.key"|'
says "another one's key" "form-certificate - bad CONFIG;" 1
openssl req -x509 -key "$SB/pki/site.key" -days 20 -subj /CN=site -out "$SB/pki/ending.pem" 2>/dev/null
faketime '30 days ago' openssl req -x509 -key "$SB/pki/site.key" -days 20 -subj /CN=site -out "$SB/pki/ended.pem" 2>/dev/null
setting 's|pki/site.pem|pki/ending.pem|'
diagnose
is "one that ends in 20 days" "$(wrong)$(row 'select(.part == "form-certificate").days_left')" "form-certificate - careful -;20"
setting 's|pki/site.pem|pki/ended.pem|'
says "one that ended" "form-certificate - bad CONFIG;" 1
usual

# ---- the forms ----
echo 'title = 3;' >"$SB/forms/szca-extension.conf"
diagnose
like "a wrong one nobody uses" "$(wrong)$RC" '^form szca-extension careful [A-Z_]+;0$'
rm "$SB/forms/szca-extension.conf"
sed -i 's/field = "name"; span/feld = "name"; span/' "$SB/forms/sheca-renewal.conf"
diagnose
like "the one that is used" "$(wrong)$RC" '^form sheca-renewal bad [A-Z_]+;1$'
like "where" "$(row 'select(.part == "form").error.detail')" 'sheca-renewal.conf:[0-9]+'
like "in words" "$(told zh)" 'x 申请表 sheca-renewal，sheca-cisweb 使用'
cp "$SB_TREE/printer/forms/"* "$SB/forms/"
echo 'title = "T"; sections = ( { when = "clerk"; cells = ( { field = "clerk"; required = true; } ); },
	{ cells = ( { label = "经办人"; field = "agent"; required = true; }, { field = "clerk"; } ); } );' >"$SB/forms/own.conf"
cp "$SB/systems/sheca-cisweb.conf" "$SB/usual-rules.conf"
sed -i 's/^form = .*/form = "own";/' "$SB/systems/sheca-cisweb.conf"
says "one that wants what no renewal knows" "form own bad FORM_FIELD;" 1
is "which field that is" "$(row 'select(.form == "own").error.detail')" '经办人 (agent)'
sed -i 's/agent/organisation/' "$SB/forms/own.conf"
says "what some certificates have" "" 0
fields=$(sed -n '/^\.Ss Fields/,/^Of a slip/s/^\.It Li //p' "$SB_TREE/printer/certkiosk-forms.5" | tr -d ,)
ok "the manual has some" test "$(wc -w <<<"$fields")" -gt 25
cells=$(for field in $fields; do echo "{ field = \"$field\"; required = true; }"; done | paste -sd,)
echo "title = \"T\"; sections = ( { cells = ( $cells ); } );" >"$SB/forms/own.conf"
says "every field of the manual is one a renewal has" "" 0
cp "$SB/usual-rules.conf" "$SB/systems/sheca-cisweb.conf"
rm "$SB/forms/own.conf" "$SB/forms/sheca-renewal.conf"
says "it is not there" "form sheca-renewal bad FORM_UNKNOWN;" 1
cp "$SB_TREE/printer/forms/"* "$SB/forms/"

# ---- the printer ----
pr_tray 0
says "out of paper" "printer - careful PRINT_MEDIA;" 0
like "in words (zh)" "$(told zh)" '! 打印机：ipp://.* 打印机缺纸：'
pr_tray 250
says "filled" "" 0
pr_printer_kill
says "off" "printer - careful PRINT_OFFLINE;" 0
setting 's/printer = "[^"]*";//'
says "no print service" "printer - bad PRINT_NO_SERVICE;" 1
pr_cups
says "no printer is set up" "printer - bad PRINT_NO_QUEUE;" 1
like "in words (en)" "$(told en)" 'x Printer'
pr_printer
pr_queue kiosk "$PR_URI"
pr_queue second "$PR_URI"
says "none of them is the usual one" "printer - bad PRINT_NO_QUEUE;" 1
lpadmin -d kiosk
says "one is" "" 0
is "which" "$(row 'select(.part == "printer").printer')" kiosk
cupsdisable kiosk
says "it is paused" "printer - careful PRINT_STOPPED;" 0
cupsenable kiosk
cupsreject kiosk
says "it takes nothing" "printer - careful PRINT_REJECTING;" 0
setting 's/printer = "[^"]*";/printer = "third";/'
says "another is named, and not there" "printer - bad PRINT_NO_QUEUE;" 1
usual

# ---- the print program ----
mkdir "$SB/bin"
cp "$CK_BIN"/{certkiosk,certkiosk-engine,p11guard.so} "$SB/bin/"
CK_BIN=$SB/bin
says "it is not there" "form sheca-renewal bad PRINT_GONE;printer - bad PRINT_GONE;" 1
