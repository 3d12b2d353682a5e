#!/bin/bash
# Who walks away: asked after two minutes, forgotten half a minute later, whatever stood on the screen,
# a half-typed PIN included; never while a key is written to. And a certificate whose names are hostile
# does nothing to the terminal.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海靐龘科技有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO" PIN=Pn44717Q
ASKED='还在吗'

SB_CALL_TIMEOUT_S=300 counter_new
scr_new
customer T1
envelope
nothing_left() { # NAME
	without "$1: not on the screen" '靐龘' '\*\*\*'
	is "$1: not behind it" "$(behind | grep -c '靐龘')" 0
	lost "$1: not in the front's memory" 靐龘 "${PIN:0:6}" "$ENVELOPE"
}

scr_begin 80x24
sees "nobody is there" '请 插 入'
pass 300
sees "who is not there is not asked" '请 插 入'

# ---- at the certificates ----
comes T1
sees "a certificate" "$WHO"
holds "in memory" 靐龘
pass 119
without "not yet" "$ASKED"
pass 2
sees "asked after two minutes" "$ASKED"
press 1
sees "who is there goes on, and it was no answer" "$WHO" '[1-9]  更新'
pass 119
without "the time begins anew" "$ASKED"
pass 2
sees "asked again" "$ASKED"
pass 31
sees "forgotten" '请 取 走 您 的 Key'
nothing_left forgotten
press x
sees "somebody is there again" "$WHO"

# ---- his key goes before he has agreed ----
pick 更新
sees "old beside new" '请核对|更新这张证书吗' "$WHO"
goes
sees "pulled: back at the beginning at once" '请 插 入 您 的 证 书'
without "pulled: nobody's name" '靐龘'
comes T1
sees "in again" "$WHO"

# ---- with half a PIN typed ----
pick 更新
pick 是这张
sees "the PIN" '请输入 Key 的密码'
text "${PIN:0:6}"
sees "half of it" '\*{6}'
holds "it is in memory" "${PIN:0:6}"
pass 151
sees "two and a half minutes later: forgotten" '请 取 走|请 插 入'
nothing_left "half a PIN"
is "no PIN went to the key" "$(sb_logins)" 0

# ---- who types a PIN and pulls his key takes it along ----
press x
sees "again" "$WHO"
pick 更新
pick 是这张
sees "the PIN again" '请输入 Key 的密码'
text "$PIN"
sees "all of it" '\*{8}'
goes
without "pulled: it is wiped" '\*\*\*'
is "pulled: not in the front's memory" "$(memory "${PIN:0:6}")" 0
press Escape
pick '结束|保存'
sees "nobody is there any more" '请 插 入'
comes T1
sees "back once more" "$WHO"

# ---- never while it is being written to ----
pick '更新|继续'
! soon scr_offers 是这张 || pick 是这张
soon scr_look '请输入 Key 的密码|在这里继续'
! scr_offers '继续' || pick 继续
sees "PIN" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "envelope" '密码信封'
scan "$ENVELOPE"
sees "password" '里面的密码'
sb_shim 'hold C_GenerateKeyPair 0'
text "$PASSWORD"
press Enter
soon test -e "$SB/shim/held"
pass 200
sees "a slow key: nobody is asked, nothing is forgotten" '\[>\]新密钥' '请勿拔出 Key'
without "not even a question" "$ASKED"
sb_shim ''
sees "done" '更新完成'
pass 151
sees "what was done is forgotten as well" '请 取 走|请 插 入'
nothing_left done
goes
sees "gone" '没有 Key'

# ---- the next customer does not wait until he is forgotten ----
CUSTOMER_SUBJECT='/C=CN/O=后来者/CN=后来者' customer T2
next() { # NAME: what T1 was shown is still there, and he has gone
	goes
	sees "$1: his key is gone" '没有 Key'
	comes T2
	sees "$1: the next one sees his own" '后来者' '[1-9]  更新'
	nothing_left "$1"
	goes
	sees "$1: and gone" '请 插 入'
}
comes T1
sees "what is on it" "$WHO"
pick 证书状态
sees "what became of it" '没有吊销' "$WHO"
next status
comes T2
sees "to be renewed" '后来者'
pick 更新
sees "not yet agreed to" '请核对' '后来者'
goes
comes T1
sees "the key of another one ends that" "$WHO" '证书状态'
without "confirm: nothing of the other" '后来者' '请核对'
goes

# ---- hostile names ----
long=$(printf '很%.0s' {1..300})
CUT=cut
n=0
hostile() { # NAME CN
	n=$((n + 1))
	customer "H$n" --subject "/C=CN/O=$2/CN=$2"
	comes "H$n"
	sees "$1: the certificate, and the screen is whole" '202[0-9]-' '[1-9]  更新'
	is "$1: the page is as it was" "$(seen | sed -n '1s/ .*//p;24s/ *F9.*//p' | wc -l) $(flag pane_title | grep -c hacked)" "2 0"
	pick 更新
	sees "$1: asked" '更新这张证书吗'
	press F2
	sees "$1: asked in English" '[1-9]  Yes|[1-9]  .*start|[1-9]  .*renew'
	press F2
	press Escape
	goes
	sees "$1: gone" '没有 Key'
}
hostile "escape codes" '\x1b[2J\x1b]2;hacked\x07\x1b[31m坏公司\xc2\x9b2J'
hostile "writing backwards, and nothing to be seen" '甲\xe2\x80\xae乙\xe2\x81\xa6丙\xe2\x80\x8b丁\xef\xbb\xbf\xc2\xad戊'
hostile "three hundred characters" "$long"

# ---- no clerk who signs in waits for a customer's key that is never read ----
counter_clerk
scr_end
sb_shim 'hold C_OpenSession 0'
rm -f "$SB/shim/held"
comes T1
scr_begin 80x24
soon test -e "$SB/shim/held"
press F9
sees "two ways" '柜员签到'
press 1
rm -f "$SB/shim/held"
sees "the keys are looked at" '正在查看' 'Esc 返回'
start=$(date +%s%N)
press Escape
sees "Esc leaves it" '请 插 入|请 取 走'
took=$((($(date +%s%N) - start) / 1000000))
ok "within two seconds ($took ms)" test $took -lt 2000
scr_end
goes
sb_shim ''
scr_begin 80x24
sees "nobody is there any more" '请 插 入'

# ---- nobody who leaves waits for a key that is never read ----
rm -f "$SB/shim/held"
sb_shim 'hold C_OpenSession 0'
comes T1
soon test -e "$SB/shim/held"
kill -TERM "$PID"
ended "SIGTERM" 0
