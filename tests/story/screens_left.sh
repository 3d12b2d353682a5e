#!/bin/bash
# The program stopped, ended, or left without its terminal, at any screen, with half a PIN typed: the
# terminal is what it was, and no secret is left. And the ways the screens may look: without colours, in
# ASCII alone, without a mouse, in either language, large.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海靐龘科技有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO" PIN=Pn44717Q

counter_new
scr_new
customer T1
leave() { # killed, its visit would be gone on with
	[ -n "$PID" ] || return
	kill -TERM "$PID"
	soon test -s "$SCR/after"
	PID=''
}
at_pin() { # COLSxROWS [VAR=VALUE] [-- OPTION…]: half a PIN is typed
	leave
	scr_begin "$@"
	sees "$*: the certificate" "$WHO" '[1-9]  更新|[1-9]  Renew'
	pick '更新|[1-9]  Renew'
	pick '是这张|[1-9]  Yes'
	sees "$*: PIN" '请输入 Key 的密码|type the PIN'
	text "${PIN:0:6}"
	sees "$*: half of it" '\*{6}'
}
comes T1

# ---- stopped, and gone on with ----
at_pin 80x24
holds "in memory" "${PIN:0:6}"
kill -TSTP "$PID"
soon eval '[ "$(flag alternate_on)" = 0 ]'
is "stopped: the page is the shell's, the cursor is seen, no mouse" "$(flag alternate_on) $(flag cursor_flag) $(flag mouse_any_flag)" "0 1 0"
is "stopped: nothing of it on the screen or behind" "$(behind | grep -cE '靐龘|\*\*\*')" 0
lost "stopped: what was typed is gone" "${PIN:0:6}"
echo >"$SCR/go"
sees "and back: what was typed is nobody's" 'F1 帮助'
without "no half PIN" '\*\*\*'
kill -TERM "$PID"
ended "SIGTERM" 0
is "SIGTERM: nothing left" "$(behind | grep -c 靐龘)" 0

# ---- the terminal goes ----
at_pin 80x24
kill -HUP "$PID"
ended "SIGHUP" 0
is "SIGHUP: nothing left" "$(behind | grep -c 靐龘)" 0
at_pin 80x24
pid=$PID
mux kill-window -t k
! soon test ! -e "/proc/$pid" || ok "without its terminal it ends" test ! -e "/proc/$pid"
soon eval '[ -z "$(pgrep -f "certkiosk-engine.*$SB/")" ]'
is "and nobody is left behind" "$(pgrep -f "certkiosk-engine.*$SB/" | wc -l)" 0
PID=''
is "no PIN went to the key in all that" "$(sb_logins)" 0

# ---- looks ----
colours() { mux capture-pane -p -e -t k | grep -oE $'\e\\[[0-9;]*m' | grep -cE '[^0-9](3[0-7]|4[0-7])m'; }
at_pin 80x24 NO_COLOR=1
is "NO_COLOR: none anywhere" "$(colours)" 0
at_pin 80x24 -- --ascii
is "--ascii: no line graphics" "$(seen | grep -c '[┌┐└┘─│▀▄█]')" 0
at_pin 80x24 -- --no-mouse
is "--no-mouse: none is asked for" "$(flag mouse_any_flag)" 0
at_pin 80x24 -- --theme contrast
like "--theme contrast: in colours" "$(colours)" '^[1-9]'
at_pin 240x70
like "with a mouse, else" "$(flag mouse_any_flag)" 1
SCR_LANG=en at_pin 120x40
for ((i = 0; i < 6; i++)); do
	press F3
	sees "theme $((i % 3 + 1)): whole" 'type the PIN' '\*{6}'
done
press Escape
sees "Esc leaves it, nothing was changed" 'Nothing on the key was changed' '[1-9]  '
press F1
sees "help" 'This page'
press F2
sees "in the other language" '这一页'
press Escape
kill -TERM "$PID"
ended "at the end" 0
