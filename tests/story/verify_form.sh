#!/bin/bash
# Somebody brings a form, as a file or on paper: who signed it, and is it what was signed? Answered
# without site, store or network, also where a single byte, a page's field or the signer is another.
. "$(dirname "$0")/../sandbox/lib.sh"
SB=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-verify.XXXXXX") || exit 1
trap 'rm -rf "$SB"' EXIT
cd "$SB" || exit 1
FORMS=$CK_BUILD/bin/forms
NUMBER=CK-20261118-000027

person() { # NAME SUBJECT OPTION…: NAME.key, NAME.pem
	local name=$1 subject=$2
	shift 2
	openssl req -x509 -newkey "$@" -nodes -utf8 -keyout "$name.key" -out "$name.pem" -days 3650 \
		-subj "$subject" 2>/dev/null
}
person customer /C=CN/CN=张三 rsa:2048
person site /C=CN/O=受理点/CN=kiosk-1 ec -pkeyopt ec_paramgen_curve:P-256
person other /CN=somebody ec -pkeyopt ec_paramgen_curve:P-256
jq -n '{name: "张三", since: "1795000000", key_serial: "T1", station: "issue", site: "人民路受理点", reason: "authority"}' >fields.json
"$SB_TOOLS/signform" "$FORMS" parking-slip fields.json $NUMBER form.pdf customer.key customer.pem \
	site.key site.pem >codes || { echo "not ok - a form is made and signed"; exit 1; }

verify() { # OPTION…: RC, said, out.json
	"$CK_BIN/certkiosk" verify-form --config /nonexistent --lang en "$@" >said 2>&1
	RC=$?
	"$CK_BIN/certkiosk" verify-form --config /nonexistent --json "$@" >out.json 2>/dev/null
	error=$(tail -n 1 out.json | jq -r '.error.name // empty')
}
says() { # NAME STATUS [ERROR]
	is "$1" "$RC $error" "$2 ${3:-}"
}
rows() { jq -r "select(.row).row|$1" out.json; }

# ---- the document ----
verify form.pdf
says "as it was signed" 0
is "by whom" "$(rows '"\(.signer) \(.name) \(.good) \(.whole)"' | tr '\n' ';')" \
	"customer 张三 true true;site kiosk-1 true true;"
is "when" "$(rows .at | sort -u)" 1795000000
is "with which certificate" "$(rows .sha256 | head -n 1)" \
	"$(openssl x509 -in customer.pem -outform DER | sha256sum | cut -d' ' -f1)"
like "in words" "$(<said)" '张三 signed as customer, 2026-11-18.*kiosk-1 signed as office.*whole document'
like "pdfsig agrees" "$(pdfsig -nocert form.pdf | tr '\n' ' ')" 'Signature is Valid.*Signature #2.*Total document signed.*Signature is Valid'
verify form.pdf --cert site.pem
says "the site's certificate is among them" 0
openssl x509 -in customer.pem -outform DER -out customer.der
verify form.pdf --cert customer.der
says "so is the customer's, as DER" 0
like "and it says that it was compared" "$("$CK_BIN/certkiosk" verify-form form.pdf --cert site.pem --lang en)" \
	'made with the certificate of --cert$'
verify form.pdf --cert other.pem
says "another's is not" 4 FORM_ALTERED
"$CK_BIN/certkiosk" verify-form form.pdf --lang zh >said
like "in Chinese" "$(<said)" '张三（客户）已签名.*整个文件和签名时一样'

# ---- not as it was signed ----
size=$(stat -c %s form.pdf)
wrong=0 tried=0
for ((at = 3; at < size; at += size / 40)); do
	cp form.pdf changed.pdf
	byte=$(od -An -tu1 -j $at -N 1 changed.pdf)
	printf "\\x$(printf %02x $((byte ^ 1)))" | dd of=changed.pdf bs=1 seek=$at conv=notrunc status=none
	"$CK_BIN/certkiosk" verify-form changed.pdf >/dev/null 2>&1
	[ $? -eq 4 ] || wrong=$((wrong + 1))
	tried=$((tried + 1))
done
is "one byte altered is refused, wherever it is" "$wrong of $tried" "0 of $tried"
{ cat form.pdf; echo; } >changed.pdf
verify changed.pdf
says "appended to" 4 FORM_ALTERED
is "still says who signed what was there" "$(rows '"\(.good) \(.whole)"' | sort -u)" "true false"
like "in words" "$(<said)" 'changed since, or was added to.*CK-7010'
head -c $((size - 100)) form.pdf >changed.pdf
verify changed.pdf
says "cut short" 4 FORM_ALTERED
qpdf form.pdf changed.pdf
verify changed.pdf
is "written anew by another program" $RC 4
# its last signature with all that was appended for it
ends=$(grep -abo '%%EOF' form.pdf | tail -n 2 | head -n 1 | cut -d: -f1)
head -c $((ends + 6)) form.pdf >cut.pdf
verify cut.pdf
says "the office's signature cut off: the rest is whole" 0
like "and says that it is missing" "$(<said)" 'no signature of the office.*--cert compares it'
is "also as JSON" "$(jq -c 'select(.end).facts' out.json)" '{"customer":true,"site":false,"compared":false}'
verify cut.pdf --cert site.pem
says "who compares wants it" 4 FORM_OFFICE
verify cut.pdf --cert customer.pem
says "whichever he compares with" 4 FORM_OFFICE
"$CK_BIN/certkiosk" verify-form cut.pdf --lang zh >said
like "in Chinese" "$(<said)" '没有受理点的签名'
"$SB_TOOLS/signform" "$FORMS" parking-slip fields.json $NUMBER twin.pdf other.key other.pem \
	site.key site.pem >/dev/null
verify twin.pdf --cert customer.pem
says "signed by another key" 4 FORM_ALTERED
echo hello >text
verify text
says "no form at all" 4 FORM_BROKEN
head -c 5000000 /dev/zero >long
verify long
says "more than a form has" 4 FORM_BROKEN
verify nothing.pdf
says "no such file" 2 USAGE
mkfifo pipe
verify pipe
is "a pipe nobody writes to does not hold it up" $((RC != 0)) 1
slowly() { head -c 1000 form.pdf; read -rt 0.3 <> <(:); tail -c +1001 form.pdf; }
slowly | "$CK_BIN/certkiosk" verify-form /dev/stdin --lang en >said
like "one that comes in pieces is read to its end" "$? $(<said)" '^0 .*whole document'

# ---- paper ----
code=$(head -n 1 codes)
cat >fields.txt <<-EOF
	name=张三
	since=1795000000
	key_serial=T1
	station=等待签发
	site=人民路受理点
	reason=CA 正在处理
EOF
paper() { verify --qr "$1" --fields "${2:-fields.txt}" --cert "${3:-site.pem}" --form-dir "$FORMS"; }
paper "$code"
says "a page that shows what was signed" 0
is "which" "$(jq -r '.facts|"\(.number) \(.form) \(.page)/\(.pages)"' out.json)" "$NUMBER parking-slip 1/1"
like "in words" "$(<said)" "shows what was signed: .*$NUMBER, page 1 of 1"
paper "$code" fields.json
says "its fields as JSON" 0
paper " ${code,,}"
says "typed in small letters" 0
paper "$(sed 's/...../& /g' <<<"$code")"
says "in groups" 0
{ printf '\xef\xbb\xbf'; cat fields.txt; } >bom.txt
paper "$code" bom.txt
says "fields with an editor's mark before them" 0
{ printf '\xef\xbb\xbf'; cat fields.json; } >bom.json
paper "$code" bom.json
says "as JSON, too" 0
paper "${code//\*/＊}"
says "with an input method's stars" 0
sed 's/张三/张四/' fields.txt >changed.txt
paper "$code" changed.txt
says "another name on the page" 4 FORM_ALTERED
paper "${code/000027/000028}"
says "another number in the code" 4 FORM_CODE
paper "$code" fields.txt other.pem
says "another office's certificate" 4 FORM_CODE
paper "${code%?}"
says "half a code" 4 FORM_CODE
paper "$code" fields.txt customer.pem
says "a certificate no office has" 2 CERT_UNREADABLE
mkdir none
verify --qr "$code" --fields fields.txt --cert site.pem --form-dir none
says "a form this machine does not know" 1 FORM_UNKNOWN
verify --qr "$code" --fields fields.txt
says "nobody to have signed it, and no site" 2 USAGE
like "what is missing" "$(<said)" '--cert, or --config: /nonexistent'
verify form.pdf --fields fields.txt
says "fields without a code" 2 USAGE
verify
says "nothing to look at" 2 USAGE
echo 'no field' >changed.txt
paper "$code" changed.txt
says "a line that is no field" 2 USAGE
printf 'name=a\n\n\nno field\n' >changed.txt
paper "$code" changed.txt
like "which one" "$(<said)" 'line 4 is no'
echo '{"name": ""}' >changed.txt
paper "$code" changed.txt
says "a field that is missing" 1 FORM_FIELD
like "no key has to do with it" "$(<said)" 'No key was used'

# ---- at the site itself ----
CODE=$code
mine() { # what stands below paper: RC, said
	cat >certkiosk.conf <<-EOF
		site = { name = "受理点"; kiosk = "kiosk-1"; };
		keys_dir = "keys.d";
		state_dir = "state";
		tls = { ca_file = "site.pem"; cert_file = "site.pem"; key_file = "site.key"; pins = []; };
		systems = ( { id = "s"; desk = "https://localhost"; ca = "https://localhost"; ca_trust = "site.pem";
			issuers = "site.pem"; accepted = "site.pem"; resend_safe = true; } );
		paper = { $1 };
	EOF
	"$CK_BIN/certkiosk" verify-form --qr "$CODE" --fields "${2:-fields.txt}" --config "$SB/certkiosk.conf" --lang en >said 2>&1
	RC=$?
}
mkdir keys.d own-forms
cp "$FORMS/parking-slip.conf" own-forms/
mine "certificate = \"site.pem\"; key = \"site.key\"; forms_dir = \"$FORMS\";"
is "the site's own certificate need not be named" $RC 0
mine 'certificate = "site.pem"; key = "site.key"; forms_dir = "own-forms";'
is "nor its own forms" $RC 0
mine "certificate = \"other.pem\"; key = \"other.key\"; forms_dir = \"$FORMS\";"
like "another site's page is not its own" "$RC $(<said)" '^4 .*CK-7013'
mine 'certificate = "site.pem"; key = "site.key"; forms_dir = "none";'
like "a form it does not know" "$RC $(<said)" '^1 .*CK-7003'
mine ''
like "a site that signs none has to be told whose it is" "$RC $(<said)" '^2 .*paper.certificate'
mine 'certificate = "gone.pem"; key = "site.key";'
like "a configuration that is wrong is said to be" "$RC $(<said)" 'paper.certificate|certificate.*gone.pem'

# ---- the printed page, read by a scanner ----
if command -v zbarimg >/dev/null; then
	pdftoppm -r 200 -gray -png form.pdf page
	scanned=$(zbarimg -q --raw -Sdisable -Sqrcode.enable page*.png 2>/dev/null)
	is "the code on the page is the one that was made" "$scanned" "$code"
	paper "$scanned"
	says "and it proves the page" 0
else
	echo "skip - the code on the page: no zbarimg"
fi

# ---- the print program gone ----
mkdir alone && cp "$CK_BIN/certkiosk" alone/
alone/certkiosk verify-form form.pdf --json >out.json 2>/dev/null
is "without its print program" "$? $(jq -r '.error.name' out.json)" "1 PRINT_GONE"
