#!/bin/bash
# The clerk's desk in a real terminal: signed in by key or passphrase, a customer served on behalf with
# arrows, digits and a scanner, the PIN changed at once, and what becomes of desk and visit when the
# clerk's own key is pulled. The clerk's key lies beside the customer's and is never offered.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海某某科技有限公司 PIN=Pn44717Q WORD8='battery staple eight' OWN=Own82915

counter_new
counter_clerk
sed -i "s#id = \"08\";#& $(printf 'passphrase %s\nagain %s\n' "$WORD8" "$WORD8" | ck clerk-word --secrets-fd 0)#" "$SB/certkiosk.conf"
sed -i 's/^second_clerk = .*/second_clerk = [ "abandon" ];/' "$SB/systems/sheca-cisweb.conf"
scr_new
customer T1
customer T2
customer T3
ledger() { ck ledger show --last "$1" --json | jq -r 'select(.row).row|"\(.record) \(.text)"' | paste -sd ,; }
menu() { sees "$1" '李柜员，要办什么' '柜员 07' "${@:2}"; }
gone() { # NAME: the desk is locked, and shows nothing of clerk and customer
	sees "$1" 'F9 柜员' '请 插 入 您 的 证 书|请 取 走'
	without "$1: nothing is left on it" "$WHO" '李柜员' '柜员 07'
}

# ---- in, by key ----
scr_begin 80x24
sees "self-service; staff is asked in by F9" '请 插 入 您 的 证 书' 'F9 柜员'
press F9
sees "two ways to sign in" '柜员签到' '> 1  用柜员自己的 Key' '2  用口令'
without "F9 is not offered where it led to" 'F9'
press Enter
sees "the clerk's key is asked for" '请插入您自己的 Key' '1  没有带 Key'
clerk_comes
sees "it goes on by itself, and says whose key it is" '李柜员，请输入您自己的 Key' '序列号'
text 11111111
press Enter
sees "a wrong PIN is said, and which" '密码（PIN）不对' 'CK-2066' '柜员自己的 Key'
text $CLERK_PIN
sees "the right one is stars" '\*{6}'
press Enter
menu "the menu, by name" '> 1  为客户办理' '都办完了' '9  集中更新' '0  签退' '没有 Key'
is "the wrong one is in the ledger, too" "$(ledger 2)" "clerk:07 signed in by key,clerk:07 a wrong PIN"

# ---- on behalf, by arrows and digits ----
press Enter
sees "the customer's key is asked for; the clerk's is none" '请插入客户的 Key' '没有 Key'
comes T1
sees "its certificate, and what can be done" "$WHO" '> 1  代更新' '2  自更新' '5  证书状态'
is "the clerk's key is not among them" "$(seen | grep -c '李柜员\|沙箱受理点 *│')" 0
press Down
sees "an arrow down" '> 2  自更新'
press Up
sees "and up" '> 1  代更新'
press Enter
sees "old beside new, and what becomes of the PIN" '请核对' "$WHO" '代更新' '改为信封密码'
press 2
sees "no: back at the card" '> 1  代更新'
press 1
sees "asked again" '请核对'
press Enter
sees "the customer's turn" '请客户本人输入 Key 的密码' 'F5  客户不在场' 'F6  忘记密码'
without "nothing else is on it" "$WHO" '\[v\]' '有效期'
press F5
sees "he is not here" '客户不在场' '柜员不能代输' '先停在这里'
press Enter
sees "back to the question" '请客户本人输入'
press F6
sees "he forgot it" '忘记密码' '回到刚才的一步'
press 1
sees "and back" '请客户本人输入'
text "$PIN"
press Enter
sees "the envelope" '密码信封' '扫描枪' '先不要拆开'
envelope
scan $ENVELOPE
sees "its password" '请拆开信封' "$ENVELOPE"
resize 120x40
sees "in a larger window" '请拆开信封' "$ENVELOPE"
text "$PASSWORD"
press Enter
sees "done, and what became of the PIN" 'v 更新完成' '已改为信封密码' '原证书和原密钥已按规定删除' '2  现在由客户另设密码'
resize 80x24
sees "in the small one" 'v 更新完成' '2  现在由客户另设密码'
is "issued and confirmed" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '1 1'

# ---- changed at once ----
press 2
sees "the customer sets his own" '请客户本人修改' '现在的密码' '再输一遍'
for word in "$PASSWORD" "$OWN" "$OWN"; do
	text "$word"
	press Enter
done
sees "done" '密码改好了' '1  结束'
lost "no PIN is left in memory" "$PIN" "$PASSWORD" "$OWN"
press 1
sees "the key goes back to the customer" '请把 Key 还给客户'
without "what is on it is not shown any more" "$WHO"
goes
sees "for the next one" '请插入客户的 Key'

# ---- the clerk's key goes in the middle of a question ----
begun() { # a visit as far as its certificate being written
	comes "$1"
	sees "$1: its card" '> 1  代更新'
	press 1
	sees "$1: checked" '请核对'
	press 1
	sees "$1: PIN" '请客户本人输入'
	text "$PIN"
	press Enter
	sees "$1: envelope" '密码信封'
	envelope
	scan $ENVELOPE
	sees "$1: its password" "$ENVELOPE"
	sb_shim 'hold C_CreateObject 0'
	text "$PASSWORD"
	press Enter
	sees "$1: at work" '\[>\]写入' '请勿拔出'
}
broken_off() { # and its key pulled there
	begun "$1"
	goes
	sees "$1: pulled, and said at once" '请马上插回去'
	sb_shim ''
	sees "$1: asked for" '请重新插入这把 Key' '1  '
}
broken_off T2
clerk_goes
gone "the clerk's key is pulled, too: locked"
is "locked: he is signed out" "$(ledger 1)" "clerk:07 signed out"

# ---- gone on with; and the clerk's key goes while the customer's is written ----
comes T2
sees "T2: what was begun is told of" "继续"
press F9
sees "in again" '柜员签到'
clerk_comes
press 1
sees "his key is in already" '李柜员，请输入'
text $CLERK_PIN
press Enter
sees "what he did not see is told, by its number" '柜员 07 的工作台锁上时' 'CK-[0-9]+-000002 ' 'x Key 断开了' '2  保存'
without "and names no customer" "$WHO"
press 2
menu "the visit is found again" '1 笔办理中'
press 1
sees "its key: where it stopped" '> 1  继续：.*停在"写入证书"的代更新' '2  放弃'
sb_shim 'hold C_CreateObject 0'
press 1
sees "where it was, before anything is asked" "在这里继续吗" "停在    写入证书"
press 1
sees "the PIN again" '请客户本人输入'
text "$PIN"
press Enter
sees "and the password of the same envelope" "$ENVELOPE"
text "$PASSWORD"
press Enter
sees "at work" '\[>\]写入' '请勿拔出'
clerk_goes
sees "the work goes on without the clerk's key" '\[>\]写入' '请勿拔出' '柜员 07'
sb_shim ''
gone "when it is done the desk is locked"
is "it was brought to its end" "$(sb_show '.counts|"\(.issued) \(.confirmed)"') $(ck records --json | jq -s '.[-1].facts.records')" '2 2 0'

# ---- in, by passphrase ----
goes
sees "and nobody's key is in" '请 插 入'
press F9
sees "in once more" '柜员签到'
press Down Enter
sees "number and passphrase" '编号' '口令'
text 07
press Tab
text "${CLERK_WORD}x"
press Enter
sees "not the right one; not told which is wrong" '柜员编号或口令不对' '编号'
text 07
press Tab
text "$CLERK_WORD"
sees "typed" '\*{19}'
press Enter
sees "how it ended is told: done, and what became of the PIN" '柜员 07 的工作台锁上时' 'CK-[0-9]+-000002 ' \
	'v 更新完成' '已改为信封密码' '> 1  结束'
without "without the customer's name" "$WHO"
press 1
menu "in by passphrase" '都办完了'
press 0
sees "out" 'F9 柜员'
press F9
sees "and in" '柜员签到'
press 2
sees "in again" '编号' '口令'
text 07
press Tab
text "$CLERK_WORD"
press Enter
menu "told once" '都办完了'

# ---- given up, by the word of two ----
press 1
sees "for the next one" '请插入客户的 Key'
broken_off T3
press 1
sees "not now: said what is the matter, and what can be done" 'x Key 断开了' 'Key 安全吗' '1  现在再试' '2  保存' '3  放弃'
press 2
sees "kept; for the next one" '请插入客户的 Key'
press Escape
menu "one waits" '1 笔办理中'
press 3
sees "listed" '> CK-[0-9]+-000003' '办理中' '写入证书'
press F6
sees "asked once more, and Enter is no" '要放弃这笔更新吗' 'CK-[0-9]+-000003' '> 1  不放弃' '2  放弃这笔更新'
press Enter
sees "not given up" '> CK-[0-9]+-000003' '办理中' '写入证书'
press F6
pick 放弃这笔更新
sees "given up: a second clerk" '要另一位柜员同意' '柜员 07 本人'
agree() {
	text "$1"
	press Tab
	text "$2"
	press Enter
}
agree 07 "$CLERK_WORD"
sees "not himself" '是同一位柜员'
agree 08 "$CLERK_WORD"
sees "not with that word" '不对'
agree 08 "$WORD8"
sees "the key is needed to clear it up" '插入|插回'
comes T3
sees "its PIN" '请客户本人输入|密码'
text "$PIN"
press Enter
sees "given up: what became of key and record" '已放弃|已经放弃' '1  结束|1  好'
press Enter
sees "the list is read again" '没有业务'
is "the word of the second is in the ledger" "$(ledger 20 | grep -o 'a second clerk agrees to abandon: 08 passphrase' | head -n 1)" \
	'a second clerk agrees to abandon: 08 passphrase'
press Escape
menu "none waits" '都办完了'

# ---- out ----
press 0
sees "signed out" 'F9 柜员' '请 插 入 您 的 证 书|请 取 走'
is "out: in the ledger" "$(ledger 1)" "clerk:07 signed out"
press F9
sees "in by key" '柜员签到'
clerk_comes
press 1
sees "by key: PIN" '李柜员，请输入'
text $CLERK_PIN
press Enter
menu "by key: the menu" '都办完了'
press 8
sees "by key: what a list shows" '业务日志' '签到'
clerk_goes
gone "pulled at a list: locked"
press F9
sees "in for the last time" '柜员签到'
press 2
sees "by passphrase" '口令'
text 07
press Tab
text "$CLERK_WORD"
press Enter
menu "the menu" '都办完了'
pass 601
gone "a menu left behind is locked"
is "locked: in the ledger" "$(ledger 1)" "clerk:07 signed out"
is "nothing behind it" "$(behind | grep -c '李柜员\|科技')" 0
lost "none of it in memory, nor who the clerk was" "$PIN" "$PASSWORD" "$CLERK_WORD" "$WORD8" "$CLERK_PIN" 李柜员
kill -TERM "$PID"
ended "SIGTERM" 0
ok "the ledger is whole" ck ledger verify
ok "no PIN and no passphrase rests anywhere" ! grep -aqrE "$PIN|$PASSWORD|$OWN|$CLERK_PIN|$CLERK_WORD|$WORD8" "$SB/state"
