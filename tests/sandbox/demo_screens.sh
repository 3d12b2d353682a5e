#!/bin/bash
# make demo on a terminal: the counter's screens on a sandbox, with a virtual key in the reader and
# keys to pull it and put it in. Ends with Ctrl-Q and leaves nothing behind.
cd "$(dirname "$0")/../.." || exit 2
CK_BUILD=$(realpath "${1:-build}")
CK_BIN=$CK_BUILD/bin
lang=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
export LC_ALL=C.UTF-8
. tests/sandbox/lib.sh
. tests/sandbox/readers.sh
. tests/sandbox/counter.sh

echo '搭建沙箱 … / Making the sandbox …'
counter_new --rsa
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
	    Ctrl-Q  结束演示 / end

	    F9 柜员 / clerk    F2 中文, English

EOF
read -rp '    Enter: 开始 / start ' _ || exit 1

hands() {
	local word clerk=''
	while read -r word; do
		case $word in
		in) comes 某某科技 ;;
		out) goes ;;
		clerk) if [ -z "$clerk" ]; then clerk_comes; clerk=in; else clerk_goes; clerk=''; fi ;;
		esac
	done
}
exec 5> >(hands)
HANDS=$!
"$SB_TOOLS/plug" 5 'certkiosk   Ctrl-P/O: Key 插/拔 in/out   Ctrl-K: 柜员 clerk   Ctrl-Q: 结束 end' \
	p=in o=out k=clerk q= -- "$CK_BIN/certkiosk" --config "$SB/certkiosk.conf" --lang $lang 7>&- 8<&-
rc=$?
exec 5>&-
wait $HANDS
echo '演示结束，沙箱已删除。 / The demo is over; the sandbox is gone.'
exit $rc
