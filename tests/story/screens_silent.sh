#!/bin/bash
# The watch of the readers hangs, or the service behind it: nobody knows any more what is in a reader.
# That is said, the desk of a clerk who signed in by key is locked, and the watch is started again until
# it works.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"

# ---- the service hangs ----
counter_new
scr_new
customer T1
comes T1
scr_begin 80x24
sees "a key" '可以拔出 Key' '上海某某科技'
kill -STOP "$SERVICE"
SCR_WAIT_S=40 sees "a service that does not answer is said" '读卡器没有应答' '读卡器 x'
kill -CONT "$SERVICE"
sees "it answers again" '可以拔出 Key' '上海某某科技' '读卡器 v'
without "and is no news" '没有应答'
goes
sees "the key goes" '没有 Key'
scr_end
sb_stop
rm -rf "$SB"

# ---- the watch itself hangs: played ----
. "$(dirname "$0")/../sandbox/played.sh"
played_new
SCR=$SB/scr
mkdir "$SCR" && mkfifo "$SCR/go"
CK_FAULT_MONO=$SB/passed
play mute
scr_begin 80x24
sees "played: a key" '张三' '可以拔出 Key'
sees "played: said" '读卡器没有应答' '读卡器 x'
is "played: one so far" "$(starts 'watch readers')" 1
play ''
pass 4
sees "played: started again, and well" '可以拔出 Key' '读卡器 v'
is "played: once more" "$(starts 'watch readers')" 2
scr_end

play mute
scr_begin 80x24
sees "clerk: nobody yet" '张三'
press F9
sees "clerk: signed in by key" '李柜员，要办什么' '柜员 07'
sees "clerk: whether his key is still in nobody knows: locked" 'F9 柜员' '没有应答'
without "clerk: nothing is left" '李柜员' '柜员 07'
