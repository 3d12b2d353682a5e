#!/bin/bash
# Who pays, or has to do with his phone, touches nothing meanwhile: what is his is covered and not wiped,
# and a key brings it back as it was. Of anybody else it is wiped. The engine is played, and says so.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
. "$(dirname "$0")/../sandbox/played.sh"

played_new
scr_new

at_question() { # WHAT…: the question with half an answer typed
	play "$@"
	scr_begin 80x24
	sees "$1: a key" '张三' '1  更新'
	press 1
	pick 是这张
	sees "$1: asked" '密码信封'
	text 88880001
	sees "$1: typed" '88880001'
}
spent() { awk '{ print $14 + $15 }' "/proc/$PID/stat"; } # clock ticks, of which a second has a hundred

for what in payment phone; do
	at_question "away $what"
	pass 119
	sees "$what: still there" '88880001'
	pass 2
	sees "$what: after two minutes it is covered" '内容已遮住' '付款或在手机上'
	without "$what: nothing is to be read" '88880001' '密码信封'
	pass 31
	sees "$what: half a minute later it is only covered" '内容已遮住'
	before=$(spent)
	pass 600
	sleep 1
	ok "$what: which costs nothing ($(($(spent) - before)) ticks)" test $(($(spent) - before)) -lt 30
	sees "$what: and ten minutes later" '内容已遮住'
	press x
	sees "$what: a key brings it back, and is no answer" '密码信封' '88880001'
	without "$what: nothing was typed by it" '88880001x'
	scr_end
done

for what in '' 'away of-tomorrow'; do
	at_question "$what"
	pass 121
	sees "${what:-here}: asked after" '您还在吗'
	pass 31
	sees "${what:-here}: wiped" '请 取 走|请 插 入'
	without "${what:-here}: nothing is left" '88880001' '密码信封'
	lost "${what:-here}: not in the front's memory" 88880001
	scr_end
done

# ---- an engine that has said its end and stays: the page is answered all the same ----
at_question lingers
press Enter
sleep 1
start=$(date +%s%N)
press F2
soon scr_look 'F2 中文'
took=$((($(date +%s%N) - start) / 1000000))
ok "the language is another one at once ($took ms)" test $took -lt 1500
sees "and it has not gone yet" '0:0[0-9]'
sees "in the end it is done without" 'Renewed'
scr_end

# ---- changes on changes: what curses made of them is what it draws from nothing ----
# The last cell of all is the terminal's: to write it would scroll.
looks() { mux capture-pane -p -e -t k | sed -E '$s/( |\x1b\[[0-9;]*m)*$//'; }
at_question ''
for key in F2 F3 F1 F1 9 F2 F3 BSpace F3 F1 Down F2 F1 7 BSpace F2 F3 F3 F3; do press $key; done
sees "changed many times" '88880001' '密码信封'
sleep 0.5
looks >"$SB/changed"
press C-l
sleep 0.5
is "it is whole" "$(looks | diff - "$SB/changed")" ''
scr_end

# ---- nothing happens: nobody wakes ----
# Who typed through the first second, while the terminal's size is not believed yet, has not put off what
# belongs to that second.
woken() { awk '/^voluntary/ { print $2 }' "/proc/$PID/status"; }
at_question ''
resize 100x30
for i in {1..40}; do
	press 1
	sleep 0.05
done
sleep 0.5
before=$(woken)
sleep 3
woke=$(($(woken) - before))
ok "at rest for three seconds it wakes for nothing but the clock ($woke times)" test $woke -le 2
