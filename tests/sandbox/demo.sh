#!/bin/bash
# demo.sh BUILD: one renewal on behalf of a customer, from nothing, without a terminal, and its application
# form on paper. Everything is made up and in a temporary directory: CA, desk, key, envelope, PINs, printer.
# Ends by itself and leaves nothing behind but the form, in BUILD/demo; its status is 0 when everything was
# as it says.
cd "$(dirname "$0")/../.." || exit 2
if [ -t 0 ] && [ -t 1 ]; then exec tests/sandbox/demo_screens.sh "$@"; fi
CK_BUILD=$(realpath "${1:-build}")
CK_BIN=$CK_BUILD/bin
SB_MODULE=/usr/lib/softhsm/libsofthsm2.so
export LC_ALL=C.UTF-8
. tests/sandbox/lib.sh
. tests/sandbox/printer.sh

PIN=123456 ENVELOPE=88880001 PASSWORD=60713942 # demo values
bad=0

both() { # CHINESE ENGLISH
	printf '\n\033[1m%s\033[0m\n%s\n\n' "$1" "$2"
}
[ -t 1 ] || both() { printf '\n== %s\n== %s\n\n' "$1" "$2"; }
indent() { sed 's/^/    /'; }
fail() {
	echo "!! $1"
	bad=1
}

# does the key take this PIN? its own maker's tool is asked, not certkiosk
takes() {
	PIN_TRIED=$1 pkcs11-tool --module "$SB_MODULE" --slot-index 0 --login --pin env:PIN_TRIED \
		--list-objects --type privkey 2>&1
}
export PIN_TRIED=''

both '一、搭起沙箱：CA、业务台、一台打印机、一把客户的 Key、一个密码信封' \
	'1. A sandbox: CA and desk, a printer, a customer'\''s key, a password envelope'
PR_UNDER=${TMPDIR:-/tmp} pr_new
sb_new --rsa
trap pr_end EXIT
pr_printer
sb_form "$PR_URI"
sb_key --label 某某科技 --pin $PIN --alg rsa2048 --not-after +14d
sb_envelope $ENVELOPE $PASSWORD --for "$CERT"
cat <<-EOF
	    CA / 业务台   $SB_URL   (TLS, 双向认证 / mutual)
	    打印机        $PR_URI   (ippeveprinter, 出来的纸是文件 / its sheets are files)
	    Key           SoftHSM2, 序列号 / serial $KEY, PIN $PIN
	    信封          序列号 / envelope serial $ENVELOPE, 密件中的密码 / password inside $PASSWORD
EOF
echo
ck keys --lang zh | indent
echo
echo '    证书还有 14 天到期。 / The certificate ends in 14 days.'

both '二、07 号柜员代客户更新（代更新）' '2. Clerk 07 renews it on behalf of the customer'
echo "    \$ certkiosk renew --system sheca-cisweb --way on-behalf --clerk 07 --secrets-fd 9"
start=$(date +%s%3N)
if sb_renew $PIN $PASSWORD $ENVELOPE --system sheca-cisweb --way on-behalf --clerk 07 --lang zh \
	>"$SB/renewal" 2>&1; then
	took=$(($(date +%s%3N) - start))
else
	took=''
	fail '更新没有完成 / the renewal did not end well'
fi
indent <"$SB/renewal"
[ -z "$took" ] || echo "    ($took ms, 其中包括生成 RSA-2048 密钥 / making the RSA-2048 pair included)"

both '同一业务的记录（英文）' 'The same visit as its record has it'
number=$(grep -o 'CK-[0-9]*-[0-9]*' "$SB/renewal" | tail -n 1)
ck records --show "$number" --lang en | indent

both '三、现在 Key 里有什么' '3. What is on the key now'
ck keys --lang zh | indent
ck keys --lang en | indent

both '四、密码（PIN）现在是信封密码' '4. The PIN is the envelope password now'
if takes $PIN | grep -q CKR_PIN_INCORRECT; then
	echo "    $PIN     不再有效 / no longer works (CKR_PIN_INCORRECT)"
else
	fail '旧密码仍可用 / the old PIN still works'
fi
if takes $PASSWORD | grep -q 'Private Key Object'; then
	echo "    $PASSWORD   有效，新私钥在内 / works, the new private key is there"
else
	fail '信封密码不能用 / the envelope password does not work'
fi

both '五、业务台和业务日志' '5. The desk'\''s books and the ledger'
sb_show '.counts|"    签发 / issued \(.issued), 证书确认 / certConf \(.certconf), 办结 / confirmed \(.confirmed)"'
[ "$(sb_show '.counts|"\(.issued) \(.certconf) \(.confirmed)"')" = '1 1 1' ] ||
	fail '业务台的账不对 / the desk'\''s books say otherwise'
ck ledger verify --lang zh | indent
ck ledger verify --lang en | indent
[ "${PIPESTATUS[0]}" -eq 0 ] || fail '业务日志不完整 / the ledger is broken'

both '六、申请表：客户的新私钥和受理点各签一次，打印一份' \
	'6. The application form: signed by the new key and by the site, printed once'
rm -rf "$CK_BUILD/demo"
mkdir "$CK_BUILD/demo"
form=$CK_BUILD/demo/$number.pdf sheet=$CK_BUILD/demo/printed.pdf
echo "    \$ certkiosk form $number --out $form"
ck form "$number" --out "$form" --lang zh | indent
echo "    \$ certkiosk verify-form $form"
for lang in zh en; do
	"$CK_BIN/certkiosk" verify-form "$form" --lang $lang | indent
	[ "${PIPESTATUS[0]}" -eq 0 ] || fail '申请表和签名时不一样 / the form is not as it was signed'
done
[ "$(pr_sheets)" = 1 ] || fail "打印机出了 $(pr_sheets) 份，应当是 1 份 / sheets of paper that came out: $(pr_sheets), and not 1"
if cmp -s "$form" "$(pr_sheet 0)" && cp "$(pr_sheet 0)" "$sheet"; then
	echo '    打印机出来的和签名的逐字节相同。 / What came out of the printer is what was signed, byte for byte.'
else
	fail '打印机出来的不是签名的那一份 / what came out of the printer is not what was signed'
fi

if [ $bad -eq 0 ]; then
	both '演示结束。沙箱和它的文件随即删除，留下的只有：' 'The demo is over. The sandbox and its files go with it. What stays:'
	printf '    %s   %s\n' "签名的申请表 / the signed form      " "$form" "打印机出来的 / what was printed     " "$sheet"
fi
exit $bad
