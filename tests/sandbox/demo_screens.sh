#!/bin/bash
# make demo on a terminal: the counter's screens on a sandbox, with a virtual key in the reader, a virtual
# printer, and keys to pull the key and put it in, and to take the paper out. Ends with Ctrl-Q and leaves
# nothing behind but what was printed, in BUILD/demo.
cd "$(dirname "$0")/../.." || exit 2
CK_BUILD=$(realpath "${1:-build}")
CK_BIN=$CK_BUILD/bin
lang=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
export LC_ALL=C.UTF-8
. tests/sandbox/lib.sh
. tests/sandbox/readers.sh
. tests/sandbox/counter.sh
. tests/sandbox/printer.sh

echo '搭建沙箱 … / Making the sandbox …'
PR_UNDER=${TMPDIR:-/tmp} pr_new
pr_printer
counter_new --rsa
trap pr_end EXIT
sb_form "$PR_URI"
counter_clerk
customer 某某科技 --alg rsa2048
for _ in 1 2 3; do envelope; done
comes 某某科技
case $lang in zh*) lang=zh ;; *) lang=en ;; esac

cat <<-EOF

	    客户的 Key 在读卡器里，证书还有 14 天到期。
	    The customer's key is in the reader; its certificate ends in 14 days.

	    客户 PIN / customer's PIN                 $PIN
	    密码信封 / envelopes                      88880001, 88880002, 88880003
	    信封里的密码 / password inside each       $PASSWORD
	    柜员 07：Key 的 PIN / clerk's key PIN     $CLERK_PIN
	             口令 / passphrase                $CLERK_WORD

	    Ctrl-O  拔出客户的 Key / pull the customer's key
	    Ctrl-P  插入客户的 Key / put it in
	    Ctrl-K  插入或拔出柜员的 Key / the clerk's key, in or out
	    Ctrl-T  取出或放回打印纸 / the printer's paper, out or in
	    Ctrl-Q  结束演示 / end

	    F9 柜员 / clerk    F2 中文, English

EOF
read -rp '    Enter: 开始 / start ' _ || exit 1

hands() {
	local word clerk='' paper=in
	while read -r word; do
		case $word in
		in) comes 某某科技 ;;
		out) goes ;;
		clerk) if [ -z "$clerk" ]; then clerk_comes; clerk=in; else clerk_goes; clerk=''; fi ;;
		paper) if [ "$paper" = in ]; then pr_tray 0; paper=''; else pr_tray 250; paper=in; fi ;;
		esac
	done
}
exec 5> >(hands)
HANDS=$!
"$SB_TOOLS/plug" 5 'certkiosk   Ctrl-P/O: Key 插/拔 in/out   Ctrl-K: 柜员 clerk   Ctrl-T: 纸 paper   Ctrl-Q: 结束 end' \
	p=in o=out k=clerk t=paper q= -- "$CK_BIN/certkiosk" --config "$SB/certkiosk.conf" --lang $lang 7>&- 8<&-
rc=$?
exec 5>&-
wait $HANDS
rm -rf "$CK_BUILD/demo"
if [ "$(pr_sheets)" != 0 ]; then
	mkdir "$CK_BUILD/demo"
	for ((i = 0; i < $(pr_sheets); i++)); do cp "$(pr_sheet $i)" "$CK_BUILD/demo/printed-$((i + 1)).pdf"; done
	printf '    打印出来的 / printed: %s\n' "$CK_BUILD"/demo/printed-*.pdf
fi
echo '演示结束，沙箱已删除。 / The demo is over; the sandbox is gone.'
exit $rc
