#!/bin/bash
# What a visit at the desk comes to when it does not go straight on: a wrong PIN, a customer who is not
# there, a CA that wants an hour; found again by the slip a clerk scans; given back. And a clerk without
# her key, a desk that nobody touches, and one whose own certificate is to be replaced.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"

counter_new
counter_clerk
scr_new
customer T1
envelope
sb_knob cmp.waiting 9999
sb_knob cmp.check-after 3600

# ---- by passphrase ----
scr_begin 80x24
sees "nobody is there" '请 插 入' 'CA v'
press F9
pick 用口令
sees "who, and the passphrase" '柜员编号' '口令'
text 07
press Enter
text "wrong horse seven"
press Enter
sees "a wrong one" '! ' 'CK-20'
scr_look '柜员编号  07' || { text 07; press Enter; }
text "$CLERK_WORD"
press Enter
sees "signed in" '07 李柜员，要办什么'
lost "no passphrase in memory" "${CLERK_WORD:0:12}" "wrong horse"

# ---- not straight on ----
pick 为客户办理
comes T1
pick 代更新
pick 是这张
sees "the customer's PIN" '请客户本人输入'
sb_shim 'pinmax 6'
text 123457
press Enter
sees "a wrong one: said, and asked again, with what is left" '密码（PIN）不对' '请客户本人输入' '剩下的次数不多'
text $PIN
press Enter
sees "the right one" '拿出新领的密码信封'
scan $ENVELOPE
sees "the password" '里面的密码'
text $PASSWORD
press Enter
sees "the CA wants an hour: parked, with its slip" '已保存' 'CK-20[0-9]+-[0-9]+' '可以拔出 Key'
SLIP=$(seen | grep -oE 'CK-[0-9]+-[0-9]+(-[A-Z0-9-]+)?' | head -n 1)
press F4
sees "as a code for a phone" '▀|▄|█'
press Escape
press Enter
goes
sees "the next one, please" '请插入客户的 Key|请把 Key'
press Escape
sees "the menu" '要办什么'

# ---- found again ----
pick 没有办完的
sees "in the list" "${SLIP:0:18}" '代更新'
press Escape
sees "the menu again" '要办什么'
pick 接着办
sees "which one" '请输入或扫描'
sb_knob --clear
sb_knob cmp.approved 1
scan "$SLIP"
sees "by its slip: the key is asked for" '请重新插入这把 Key' 'T1'
comes T1
soon scr_look '请客户本人输入|更新完成|在这里继续'
! scr_look '在这里继续' || pick 继续
soon scr_look '请客户本人输入|更新完成'
! scr_look 请客户本人输入 || { text $PIN; press Enter; }
soon scr_look '里面的密码|更新完成'
! scr_look 里面的密码 || { text $PASSWORD; press Enter; }
sees "and it is done" '更新完成' '改为信封密码'
is "one certificate" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '1 1'
press Enter
goes
sees "the menu once more" '要办什么' '没有 Key'

# ---- a desk nobody touches ----
# the menu counts what is open, and its time begins when that has come
for i in 1 2 3; do
	pass 601
	SCR_WAIT_S=3 soon scr_look '请 插 入' && break
done
sees "after ten minutes it is nobody's" '请 插 入' 'F9 柜员'
without "nobody's" '柜员 07'
kill -TERM "$PID"
ended "SIGTERM" 0

# ---- the counter's own certificate ----
at_menu() { # NAME
	scr_begin 80x24 -- --desk
	sees "$1: sign-in" '柜员签到'
	press 2
	sees "$1: by passphrase" '口令'
	text 07
	press Tab
	text "$CLERK_WORD"
	press Enter
	sees "$1: the menu" '要办什么'
}
until_day=$(date -u -d '+20 days +8 hours' +%F)
(
	cd "$SB/pki" || exit
	openssl req -new -key kiosk-1.key -subj /CN=kiosk-1 -out ending.csr &&
		openssl x509 -req -in ending.csr -CA kioskca.pem -CAkey kioskca.key -CAcreateserial -days 20 -out kiosk-1.pem
) >"$SB/said" 2>&1
at_menu "it ends in 20 days"
sees "said, with its day" "! 本终端的证书有效期到 $until_day，请通知维护人员"
press F2
sees "in English" "! This kiosk's own certificate ends on $until_day; please tell maintenance"
kill -TERM "$PID"
ended "SIGTERM again" 0
echo nothing >"$SB/pki/kiosk-1.pem"
at_menu "it can't be read"
sees "said" 'x 本终端的证书读不出来' 'CA x$'
kill -TERM "$PID"
ended "and again" 0
ok "the ledger is whole" ck ledger verify
