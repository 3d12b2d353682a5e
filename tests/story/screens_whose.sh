#!/bin/bash
# Whose key it is, in a real terminal: another customer's put in while this one's is asked for, and out
# again; a customer's that is in when a clerk signs in, which is nobody's mistake; and one that has to
# come to give a renewal up: which it is, and what its PIN is for.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
counter_new
counter_clerk
scr_new
customer T1
CUSTOMER_SUBJECT='/C=CN/O=后来者/CN=后来者' customer T2
envelope

# ---- another one in the middle of a question ----
scr_begin 80x24
comes T1
pick 更新
pick 是这张
sees "PIN" '请输入 Key 的密码'
goes
sees "pulled" 'Key 断开了' '请重新插入这把 Key' "${SERIAL[T1]}"
comes T2
sees "another one is told from it" '这不是同一把 Key' 'CK-1003' '请重新插入这把 Key' "${SERIAL[T1]}"
without "nothing of that one" '后来者'
goes
sees "and it went: asked for as before" 'Key 断开了' '请重新插入这把 Key' '没有 Key'
without "and is no matter any more" '不是同一把'
comes T1
sees "the right one" '请输入 Key 的密码' '刚才 Key 断开过'
press Escape
sees "left" '结束|保存'
press 1
sees "his key is left" '请 取 走|请 插 入'

# ---- a customer's key is in when a clerk signs in ----
press F9
sees "two ways" '柜员签到'
press 1
sees "a plain note, and no error" '> 现在插着的不是柜员的 Key，可以留着' '请插入您自己的 Key'
without "nothing went wrong" 'CK-2063' '! '
clerk_comes
sees "his own" '李柜员，请输入'
text $CLERK_PIN
press Enter
sees "signed in" '李柜员，要办什么'

# ---- given up later ----
press 1
sees "its card" '代更新'
pick 代更新
pick 是这张
sees "PIN, on behalf" '请客户本人输入'
without "which needs no reason" '放弃'
text $PIN
press Enter
sees "envelope" '密码信封'
scan $ENVELOPE
sees "password" '请拆开'
sb_shim 'hold C_CreateObject 0'
text $PASSWORD
press Enter
sees "at work" '\[>\]写入'
goes
sb_shim ''
sees "asked for" '请重新插入这把 Key'
press 1
pick 放弃
pick 放弃这笔更新
sees "given up: which key has to come" '请插入 Key' 'T1' "${SERIAL[T1]}" '没有 Key'
comes T1
sees "given up: what its PIN is for" '请客户本人输入' '放弃这笔更新，要把没有用上的新密钥从 Key 里清掉|放弃这笔更新，要把没有用上的新密钥'
text $PIN
press Enter
sees "given up" '已放弃|已经放弃'
ok "the ledger is whole" ck ledger verify
