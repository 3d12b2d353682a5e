#!/bin/bash
# A key examined at the screens, by the customer himself: what is wrong is listed, each act is asked about,
# and while one is done the lamp says so, nobody is asked whether he is still there, and who leaves meanwhile
# sees what goes on.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
REAL=/usr/lib/softhsm/libsofthsm2.so
certs() { ck keys --json | jq -r 'select(.row).row.entries[].certificate.sha256' | wc -l; }

SB_CALL_TIMEOUT_S=300 counter_new
scr_new
twice() { # NAME: the same expired certificate twice under one id
	local id
	customer "$1" --not-before -400d --not-after -100d
	comes "$1"
	id=$(ck keys --json | jq -r 'select(.row).row.entries[0].id')
	PIN=$PIN pkcs11-tool --module $REAL --token-label "$1" --login --pin env:PIN --write-object \
		"$SB/certs/${CERTS[$1]}.der" --type cert --id "$id" --label again >"$SB/said" 2>&1
	goes
}
twice T1
comes T1
is "it is there twice" "$(certs)" 2

scr_begin 80x24
sees "its certificate" '检查 Key'
pick '检查 Key'
sees "part of it is seen with the PIN only" '有些密钥还看不到' '2  输入密码，继续检查'
press 2
sees "PIN" '请输入 Key 的密码'
text $PIN
press Enter
sees "what is wrong, and whether to put it right" '有一份证书是多余的' '> 1  不删' '2  删掉'
sb_shim 'hold C_DestroyObject 0'
press 2
soon test -e "$SB/shim/held"
without "with the PIN nothing is hidden any more" '以后才看得到'
sees "while it is put right the key has to stay" '删掉多余的一份' '! 请勿拔出 Key'
pass 200
sees "and nobody is asked whether he is there" '删掉多余的一份' '! 请勿拔出 Key'
without "nor sent away" '还在吗' '请 取 走'
sb_shim ''
sees "what was found stands there, and the key may go" '检查结果' 'v 重复的过期证书.*已删掉多余的一份' 'O 可以拔出 Key'
without "nor is anything said to be hidden" '以后才看得到'
is "and what was found stands there once" "$(seen | grep -c '一模一样地存了两份')" 1
is "one is left" "$(certs)" 1
press Escape
goes
sees "for the next one" '没有 Key'

# ---- left in the middle of it ----
twice T3
comes T3
sees "one more" '检查 Key'
pick '检查 Key'
soon scr_look '输入密码，继续检查'
press 2
sees "the third's PIN" '请输入 Key 的密码'
text $PIN
press Enter
sees "to be put right as well" '有一份证书是多余的'
rm -f "$SB/shim/held"
sb_shim 'hold C_DestroyObject 0'
press 2
soon test -e "$SB/shim/held"
sees "at it" '检查结果' '! 请勿拔出 Key'
press Escape
sees "left, but it is not over: said" '正在检查 Key' '! 请勿拔出 Key'
press F2
sees "and keys are answered" 'Do not pull the key' 'Examining the key'
press F2
sb_shim ''
sees "it was brought to its end" 'O 可以拔出 Key'
is "one is left again" "$(certs)" 1
press Escape
goes
sees "he has gone as well" '没有 Key'

# ---- nothing wrong ----
customer T2
comes T2
sees "another one" '检查 Key'
pick '检查 Key'
soon scr_look '输入密码，继续检查'
press 2
sees "its PIN" '请输入 Key 的密码'
text $PIN
press Enter
sees "nothing is wrong with it: said" '检查结果' 'v 没有发现问题'
press F2
sees "in English" 'v Nothing wrong was found'
kill -TERM "$PID"
ended "SIGTERM" 0
