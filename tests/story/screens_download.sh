#!/bin/bash
# A download by two codes in a real terminal: offered to a signed-in clerk alone, on an empty key and beside a
# certificate; the codes, the second as stars; what it will be, before a PIN; pulled in the middle, and gone on with.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=山东某某事业单位 CUSTOMER_SUBJECT=/C=CN/O=山东某某事业单位/CN=山东某某事业单位 SECOND=Zk7-q9w2 PIN=Pn44717Q

counter_new
counter_clerk
sb_systems sd-bianban
# as counter_clerk left it, with that system besides
counter_clerk
scr_new
customer T1 --no-key --no-cert --not-after +100d
sb_download_codes D-1 $SECOND "${CERTS[T1]}"
customer T2 --not-after +100d
sb_download_codes D-2 $SECOND "${CERTS[T2]}"
codes() { # FIRST SECOND
	text "$1"
	press Enter
	text "$2"
}

scr_begin 80x24
comes T2
sees "by himself a customer is offered none" "$WHO" '检查 Key'
without "not a word of it" '下载'
goes
press F9
sees "two ways to sign in" '柜员签到'
press Enter
clerk_comes
sees "whose key it is" '请输入您自己的 Key'
text $CLERK_PIN
press Enter
sees "signed in" '要办什么'
press 1
sees "the customer's key is asked for" '请插入客户的 Key'
comes T1
sees "an empty key: what can be put on it" '没有证书' '> 1  下载证书（两个授权码）'
press 1
sees "the codes" '请输入下载授权码' '第一个授权码' '第二个授权码'
codes D-1 wrong
sees "the second one is stars" 'D-1' '\*{5}'
press Enter
sees "a wrong one is asked for again, the first one stands there" '第二个授权码不对' 'CK-3132' 'D-1' '还可以试 4 次'
press Down
text $SECOND
press Enter
sees "what it will be, before a PIN" '请核对' "CN=$WHO" '单位证书' '原证书到期' '新证书到期' 'T1' '> 1  不是'
is "nothing was asked of the key, but of the clerk's own" "$(sb_logins) $(sb_show '.leases | length')" "1 0"
press 1
sees "declined: nothing is changed" '不是要下载的那张证书' 'CK-3135' '没有对 Key 做任何改动'
pick 再试一次
sees "from the beginning" '请输入下载授权码'
codes D-1 $SECOND
press Enter
sees "shown again" '请核对'
press F2
sees "in English" 'is this the certificate to be made anew' 'Former one until' '2  Yes, download it'
press F2
press 2
sees "the conditions" '更新证书条件'
press End
press 2
sees "the customer's turn" '请客户本人输入 Key 的密码'
goes
sees "pulled: asked for" '请把这把 Key 插回来|请重新插入|插回'
comes T1
sees "and gone on with" '请客户本人输入 Key 的密码'
text "$PIN"
press Enter
sees "done, and what became of the rest" 'v 证书已下载' 'Key 里其他内容都没有动'
without "it says nothing of an old certificate that was not there" '已按规定'
is "issued and confirmed, by the way of a download" "$(sb_show '.leases[-1] | "\(.way) \(.state)"')" "download confirmed"
lost "no code, no PIN is left in memory" $SECOND "$PIN"
pick 结束
goes

# ---- beside the certificate itself ----
sees "for the next one" '请插入客户的 Key'
comes T2
sees "a card, and a download beside" "$WHO" '下载证书（两个授权码）'
pick 下载
sees "the codes" '请输入下载授权码'
codes D-2 $SECOND
press Enter
sees "which" '请核对'
scr_end
