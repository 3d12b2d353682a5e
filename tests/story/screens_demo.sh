#!/bin/bash
# make demo at a terminal: the counter's screens on a sandbox of its own; keys of the keyboard put the
# virtual keys in and pull them, and take the printer's paper out; at the end nothing is left but what was
# printed.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
# the path of a socket in it is short, TMPDIR may not be
SB=$(mktemp -d /tmp/certkiosk-demo.XXXXXX) || exit 1
SB_OWNER=$BASHPID
trap 'exit 1' HUP INT TERM
scr_new
mkdir "$SB/tmp" "$SB/build"
ln -s "$CK_BUILD/bin" "$CK_BUILD/test" "$SB/build/"
left() {
	find "$SB/tmp" -mindepth 1
	pgrep -af "$SB/tmp/"
}

mux new-session -d -s k -x 80 -y 24 \
	"env TERM=screen-256color LANG=zh_CN.UTF-8 LC_ALL=zh_CN.UTF-8 TMPDIR=$SB/tmp $SB_TREE/tests/sandbox/demo.sh $SB/build; echo status \$?; exec cat"
SCR_WAIT_S=60 # an RSA key is made
soon scr_look '开始 / start'
ok "what is to be known is told first" scr_look 'Ctrl-O' 'Ctrl-P' 'Ctrl-K' 'Ctrl-T' 'Ctrl-Q' 'PIN .* 123456' '88880001' '60713942'
press Enter
sees "the key is in already" '上海某某科技有限公司' '[1-9]  更新' 'RSA 2048'
like "the title says which keys" "$(flag pane_title)" 'Ctrl-P/O'
press C-o
sees "pulled" '没有 Key'
press C-p
sees "and in" '上海某某科技有限公司' '可以拔出 Key'
resize 120x40
sees "another size reaches it" '上海某某科技有限公司'
[ "$(seen | wc -L)" -gt 100 ] && echo "ok - and is used" || echo "not ok - and is used"
resize 80x24
press C-o F9
sees "a clerk" '用柜员自己的 Key'
press 1
sees "her key is asked for" '请插入您自己的 Key'
press C-k
sees "and comes" '李柜员，请输入'
text 778899
press Enter
sees "signed in" '要办什么' '柜员 07' '打印机 v'
press C-t 1
sees "for a customer" '请插入客户的 Key'
press C-p
sees "his key" '> 1  代更新'
press 1
sees "asked" '请核对'
press 1
sees "his PIN" '请客户本人输入'
text 123456
press Enter
sees "an envelope" '密码信封'
scan 88880001
sees "its password" '88880001.*密码|里面的密码'
text 60713942
press Enter
sees "the paper is out" '打印机缺纸' '1  等打印机'
press C-t
sees "and in again: printed" 'v 更新完成' 'v 申请表已打印'
press 1
sees "done" '请把 Key 还给客户'
press C-o
sees "his key is out" '请插入客户的 Key'
press C-k
sees "her key pulled: locked" '请 插 入' 'F9 柜员'
press C-q
soon scr_look 'status 0'
ok "it ends well" scr_look '演示结束' 'status 0' 'printed-1.pdf'
ok "what was printed is there" "$CK_BUILD/bin/certkiosk" verify-form "$SB/build/demo/printed-1.pdf"
is "nothing is left" "$(left)" ""
