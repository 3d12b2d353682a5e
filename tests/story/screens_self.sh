#!/bin/bash
# A customer by himself, in a real terminal: from the key going in to the new certificate, with digits,
# Enter and a scanner alone; a wrong PIN first; the language changed under way. And when it is over,
# nothing of it is left: not on the screen, not behind it, not in the program.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海靐龘科技有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO" PIN=Pn44717Q
NEEDLES=(靐龘 "$PIN" "${PASSWORD:0:6}")

counter_new
scr_new
customer T1
envelope
scr_begin 80x24
sees "nobody is there: what can be done here" '请 插 入 您 的 证 书' '没有 Key' 'F9 柜员'
press 1 2 Enter Up Down x Escape
sees "keys that mean nothing there do nothing" '请 插 入 您 的 证 书'
lost "nothing of the customer is in memory yet" "${NEEDLES[@]}"

# ---- from the key to the certificate ----
comes T1
sees "the key goes in: its certificate, and what can be done" "$WHO" "至 20" '[1-9]  更新' '可以拔出 Key'
like "no clerk's word for a customer" "$(seen | grep -cE '代更新|放弃')" '^0$'
pick 更新
sees "asked once more, old and what will be" '更新这张证书吗' "$WHO" 'PIN.*不变'
pick 是这张
sees "the PIN is asked for" '请输入 Key 的密码' '\[>\]密码'
press Enter
sees "none was typed" '还没有输入'
text Wrong-123
sees "what is typed is stars" '\*{9}'
without "and not what it is" 'Wrong'
press Enter
sees "a wrong one is said, and what to do" '密码（PIN）不对' 'CK-1201' '安全' '再试一次'
pick 再试一次
sees "once more: few tries may be left" '请输入 Key 的密码' '请想好再输|剩下的次数不多'
press F2
sees "in English" 'type the PIN of your key' 'Sun|Mon|Tue|Wed|Thu|Fri|Sat'
text "$PIN"
sees "typed" '\*{8}'
press F2
sees "in Chinese again, the stars are still there" '请输入 Key 的密码' '\*{8}'
holds "in memory while it is needed" "$PIN"
press Enter
sees "the envelope is asked for" '密码信封' '序列号'
scan 99999999
sees "one that is none is said, and asked for again" '信封' 'CK-'
scan "$ENVELOPE"
sees "scanned: its password" '里面的密码' "$ENVELOPE"
sb_shim 'hold C_GenerateKeyPair 0'
text "$PASSWORD"
press Enter
sees "at work: how far it is, and what may not be done now" '\[>\]新密钥' '请勿拔出 Key' '已用 0:0'
press F1
sees "help meanwhile" '这一页'
press Escape
sees "and back at work" '请勿拔出 Key'
press 1 2 x Enter Escape
sees "nothing else is taken for an answer" '\[>\]新密钥' '请勿拔出 Key'
sb_shim ''
sees "done: old beside new, and what became of PIN and old certificate" 'v 更新完成' '原证书' '新证书' 'PIN）' '可以拔出 Key'
is "the sandbox issued one" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '1 1'
lost "the PINs are gone from memory" "$PIN" "${PASSWORD:0:6}"
press Enter

# ---- and forgotten ----
sees "what is on the key is not shown any more" '请 取 走 您 的 Key'
without "not on the screen" "靐龘" "$ENVELOPE"
is "not behind it" "$(behind | grep -c "靐龘")" 0
lost "not in the front's memory" "${NEEDLES[@]}"
goes
sees "gone" '没有 Key'
comes T1
sees "put in again it shows what is new" "$WHO" '未到|还有 3[0-9][0-9] 天'
press Escape
goes
sees "and gone again" '请 插 入 您 的 证 书' '没有 Key'
is "nothing behind" "$(behind | grep -c "靐龘")" 0
kill -TERM "$PID"
ended "SIGTERM" 0
is "nothing on the terminal after it" "$(behind | grep -c "靐龘")" 0
ok "the ledger is whole" ck ledger verify
