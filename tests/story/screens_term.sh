#!/bin/bash
# The screens and their terminal: a visit where every choice is made with a finger, in ASCII and with
# line graphics; a certificate and a key whose names are hostile, on every screen of the desk that shows
# one; the program ended while a key is written to, or with a clerk signed in; stopped with half of a
# clerk's PIN typed; an engine that can't be started, and then can.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海某某科技有限公司 PIN=Pn44717Q
counter_new
counter_clerk
scr_new
customer T1
envelope

click() { # REGEX: pressed where it stands, as a terminal tells it (SGR)
	local line y=0 x
	while IFS= read -r line; do
		y=$((y + 1))
		[[ $line =~ $1 ]] || continue
		x=$(($(printf %s "${line%%"${BASH_REMATCH[0]}"*}" | wc -L) + 2))
		text $'\e'"[<0;$x;${y}M"$'\e'"[<0;$x;${y}m"
		return
	done < <(seen)
	echo "not ok - nothing to press: $1"
}
last() { ck ledger show --last "$1" --json | jq -r 'select(.row).row|"\(.record) \(.text)"' | paste -sd ,; }

# ---- by finger ----
scr_begin 120x40
sees "a mouse is asked for" '请 插 入'
is "by a terminal that has one" "$(flag mouse_sgr_flag)" 1
click 'F1 帮助'
sees "help, by finger" '这一页'
click 'Esc 返回'
sees "and back" '请 插 入'
click 'F2 English'
sees "in English, by finger" 'F9 Staff'
click 'F2 中文'
sees "and back" 'F9 柜员'
comes T1
sees "a certificate" "$WHO" '1  更新'
sb_knob cmp.waiting 99
sb_knob cmp.check-after 7200
click '1  更新'
sees "asked once more" '更新这张证书吗'
click '2  不是'
sees "not this" '1  更新'
click '1  更新'
sees "asked again" '更新这张证书吗'
click '1  是这张'
sees "the PIN" '请输入 Key 的密码'
click 'F6  忘记密码|F6 忘记密码'
sees "forgotten" '忘记密码' '1  回到'
click '1  回到'
sees "remembered" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "the envelope" '密码信封'
scan $ENVELOPE
sees "its password" '里面的密码'
scan $PASSWORD
sees "kept: the slip, and for a phone's eye" '小票' '█▀▀▀▀▀█' 'CK-[0-9]+-000001-KIOSK-1'
click '1  '
sees "given back" '请 取 走'
goes
sees "gone" '没有 Key'
kill -TERM "$PID"
ended "by finger" 0

# ---- in ASCII ----
scr_begin 120x40 NO_COLOR=1 -- --ascii --no-mouse
sees "in ASCII" '请 插 入' '\+-----'
comes T1
sees "in ASCII: where it stopped" "$WHO" '1  继续'
press 1
sees "in ASCII: gone on with?" '在这里继续吗'
press 1
sees "in ASCII: PIN" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "in ASCII: the password of the envelope" "$ENVELOPE" "\\+-----"
scan $PASSWORD
sees "in ASCII: the slip, to be read" '小票' 'CK-[0-9]+-000001-KIOSK-1'
is "in ASCII: nothing else" "$(seen | grep -c '[┌┐└┘─│▀▄█]')" 0
press F4
sees "in ASCII: no squares either" "显示不了二维码" "CK-[0-9]+-000001-KIOSK-1"
is "in ASCII: none" "$(seen | grep -c '[▀▄█]')" 0
sb_knob --clear
sb_knob cmp.approved 1
press 1
goes
sees "in ASCII: gone" '没有 Key'
kill -TERM "$PID"
ended "in ASCII" 0
sb_knob cmp.approved 1

# ---- themes ----
colours() { mux capture-pane -p -e -t k | grep -oE $'\e\\[[0-9;]*m' | grep -cE '[^0-9](3[0-7]|4[0-7]|9[0-7])[;m]'; }
scr_begin 80x24 -- --theme mono
sees "--theme mono" '请 插 入'
is "--theme mono: no colours" "$(colours)" 0
press F3
sees "F3: the next one" '请 插 入'
soon eval '[ "$(colours)" -gt 0 ]'
like "F3: it has colours" "$(colours)" '^[1-9]'
kill -TERM "$PID"
ended "themes" 0
ok "a theme nobody knows is a mistake" ! "$CK_BIN/certkiosk" --theme pink

# ---- a clerk who steps aside ----
sign_in() {
	sees "sign in" '柜员签到' '口令'
	press 2
	sees "by passphrase" '编号'
	text 07
	press Tab
	text "$CLERK_WORD"
	press Enter
	sees "signed in" '李柜员，要办什么' "$1"
}
scr_begin 80x24 -- --desk
clerk_comes
sees "the desk" '柜员签到' '1  用柜员自己的 Key'
press 1
sees "the clerk's PIN" '李柜员，请输入'
is "not in memory yet" "$(memory "${CLERK_PIN:0:5}")" 0
text "${CLERK_PIN:0:5}"
sees "half of it" '\*{5}'
like "in memory" "$(memory "$CLERK_PIN" "${CLERK_PIN:0:5}")" '^[1-9]'
kill -TSTP "$PID"
soon eval '[ "$(flag alternate_on)" = 0 ]'
is "stopped: the page is the shell's" "$(flag alternate_on) $(flag cursor_flag) $(flag mouse_any_flag)" "0 1 0"
is "stopped: what was typed is gone" "$(memory "${CLERK_PIN:0:5}")" 0
echo >"$SCR/go"
sees "and back: the question stands, and is empty" '李柜员，请输入'
without "no half PIN" '\*\*\*'
clerk_goes
kill -TERM "$PID"
ended "stopped and gone on with" 0
is "no PIN went to a key" "$(last 1 | grep -c 'PIN')" 0

# ---- ended with a clerk signed in ----
scr_begin 80x24 -- --desk
sign_in '1 笔已保存'
kill -HUP "$PID"
ended "SIGHUP with a clerk signed in" 0
is "he is signed out" "$(last 1)" "clerk:07 signed out"
scr_begin 80x24 -- --desk
sign_in '1 笔已保存'
pid=$PID
mux kill-window -t k
soon test ! -e "/proc/$pid"
ok "the window closed with a clerk signed in: it ends" test ! -e "/proc/$pid"
PID=''
soon eval '[ "$(last 1)" = "clerk:07 signed out" ]'
is "window closed: he is signed out" "$(last 1)" "clerk:07 signed out"

# ---- hostile names, wherever the desk shows one ----
long=$(printf '很%.0s' {1..300})
BAD="\\x1b[2J\\x1b]2;hacked\\x07坏\\xe2\\x80\\xae公\\xe2\\x80\\x8b司$long"
customer H1 --subject "/C=CN/O=$BAD/CN=$BAD" --label $'\e[2J\e[31m坏\u202eH1'
envelope
CUT=cut
bad() { # NAME REGEX…: it is shown, and does nothing to the page
	sees "$@"
	is "$1: the page is as it was" "$(seen | sed -n '1s/^ 证书服务终端 .*星期.*/1/p;23s/.* CA v$/2/p' | paste -sd ' ') $(flag pane_title | grep -c hacked)" "1 2 0"
}
scr_begin 80x24 -- --desk
sign_in '1 笔已保存'
press 1
sees "for a customer" '请插入客户的 Key'
comes H1
bad "hostile: the card" '很很很' '1  代更新'
press 1
bad "hostile: old and new" '请核对' '很很很'
press 1
sees "hostile: PIN" '请客户本人输入'
text "$PIN"
press Enter
sees "hostile: envelope" '密码信封'
scan $ENVELOPE
sees "hostile: its password" "$ENVELOPE"
sb_shim 'hold C_CreateObject 0'
scan $PASSWORD
sees "hostile: at work" '\[>\]写入'
goes
sb_shim ''
bad "hostile: put it in again" '请重新插入这把 Key' 'H1'
press 1
bad "hostile: what is the matter" '断开了' '2  保存'
press 2
sees "hostile: for the next" '请插入客户的 Key'
press Escape
sees "hostile: the menu" '1 笔办理中，1 笔已保存'
press 3
bad "hostile: the list" '> CK-[0-9]+-000002' '很很很' 'H1'
press F7
sees "hostile: search" '找哪一笔'
scan 坏
bad "hostile: found by a part" '000002|没有找到'
press Escape
sees "hostile: the menu again" '1 笔办理中'
press 1
sees "hostile: the next" '请插入客户的 Key'
comes H1
bad "hostile: gone on with" '1  继续'

# ---- ended while the key is written to ----
press 1
sees "goes on?" '在这里继续吗'
press 1
sees "its PIN" '请客户本人输入'
sb_shim 'hold C_CreateObject 0'
text "$PIN"
press Enter
sees "its password" '里面的密码'
scan $PASSWORD
sees "at work" '\[>\]写入' '请勿拔出'
kill -TERM "$PID"
sb_shim ''
ended "SIGTERM at work" 0
is "nobody is left behind" "$(pgrep -fc "certkiosk-engine.*$SB/")" 0
like "the visit waits or is done" "$(ck records --json --all | jq -r 'select(.row.record|endswith("2")?).row.state')" '^(open|done)$'
CUT=''

# ---- no engine, and then one ----
mkdir "$SB/bin"
cp "$CK_BUILD"/test/{certkiosk,p11guard.so} "$SB/bin/"
touch "$SB/bin/certkiosk-engine"
goes
CK_BIN=$SB/bin scr_begin 80x24
sees "it is said, and what to do" 'CK-[0-9]+' 'F9'
cp "$CK_BUILD/test/certkiosk-engine" "$SB/bin/engine" && mv "$SB/bin/engine" "$SB/bin/certkiosk-engine"
sees "and tried again" '请 插 入 您 的 证 书' '读卡器 v'
comes T1
sees "it works" "$WHO"
kill -TERM "$PID"
ended "with an engine" 0
ok "the ledger is whole" ck ledger verify
