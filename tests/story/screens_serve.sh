#!/bin/bash
# A clerk at the desk, in a real terminal: signs in with her own key, renews on behalf of a customer whose
# key lies beside hers, with digits, arrows, Enter, a scanner and once a finger; and when her key is
# pulled, the desk is nobody's.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"
WHO=上海靐龘科技有限公司
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO" PIN=Pn44717Q

counter_new
counter_clerk
scr_new
customer T1
envelope
touch_at() { # TEXT: a finger on it
	local y x
	y=$(seen | grep -n -- "$1" | head -n 1 | cut -d: -f1)
	x=$(seen | sed -n "${y}p" | sed "s/$1.*//" | wc -L)
	press -l $'\e[<0;'"$((x + 1));${y}M"$'\e[<0;'"$((x + 1));${y}m"
}

# ---- signing in ----
scr_begin 80x24
sees "nobody is there" '请 插 入 您 的 证 书' 'CA v'
comes T1
sees "a customer's key is in already" "$WHO"
press F9
sees "a clerk is called: how she signs in" '用柜员自己的 Key' '用口令'
without "the customer's name is gone from the screen" '靐龘'
press Enter
sees "her own key is asked for, the customer's is none" '请插入您自己的 Key'
clerk_comes
sees "it is known whose it is" '李柜员，请输入您自己的 Key 的密码'
text 123450
press Enter
sees "a wrong PIN is said" '密码（PIN）不对' 'CK-2066'
text $CLERK_PIN
press Enter
sees "signed in: what there is to do" '07 李柜员，要办什么' '为客户办理' '接着办' '设备检查' '签退' '柜员 07'

# ---- lists ----
press Down Down Down Down Down Down Enter
sees "the parts of the counter, by arrows and Enter" '设备检查 +共 [0-9]+ 条' '读卡器'
press Escape
sees "and back" '要办什么'
touch_at 业务日志
sees "what was signed, by a finger" '业务日志 +共 [0-9]+ 条' '签到'
press Escape
sees "and back once more" '要办什么'
pick 今天的数字
sees "today's figures" '今天'
press Escape

# ---- on behalf ----
sees "the menu" '要办什么'
pick 为客户办理
sees "the customer's certificates; her own key is none of them" "$WHO" '代更新' '自更新'
like "hers is not offered" "$(seen | grep -c '李柜员')" '^0$'
pick 代更新
sees "old beside new, before anything is asked" '更新这张证书吗' '改为信封密码'
pick 是这张
sees "the customer types the PIN, and nothing else is shown" '请客户本人输入 Key 的密码' '客户不在场' '忘记密码'
without "no name, no step" '靐龘' '\[>\]'
press F5
sees "the customer is not here: what to do" '客户不在场' '回到刚才的一步' '先停在这里'
press Escape
sees "back" '请客户本人输入'
press F6
sees "the PIN is forgotten: what to do" '忘记密码' '021-62077128'
press Escape
sees "back again" '请客户本人输入'
text $PIN
press Enter
sees "the envelope, for the clerk's scanner" '拿出新领的密码信封'
scan $ENVELOPE
sees "its password" '里面的密码' "$ENVELOPE"
text $PASSWORD
press Enter
sees "done, and the PIN is the envelope's" '更新完成' '原证书' '新证书' '改为信封密码' '另设密码'
without "which is not told" "$PASSWORD"
is "one was issued" "$(sb_show '.counts|"\(.issued) \(.confirmed)"')" '1 1'
press Enter
sees "and her customer's key is asked to be taken" '请把 Key 还给客户'
without "nothing of it is shown any more" '靐龘'
press Escape
sees "the menu again" '要办什么'

# ---- her key goes ----
clerk_goes
sees "her key pulled: the desk is nobody's" '请 取 走|请 插 入' 'F9 柜员'
without "nobody's" '柜员 07' '靐龘'
is "nothing of the customer behind it" "$(behind | grep -c '靐龘')" 0
lost "nor in the front's memory" 靐龘 "$PIN" "${PASSWORD:0:6}" $CLERK_PIN
kill -TERM "$PID"
ended "SIGTERM" 0

like "who did it is on record" "$(ck records --all --json | jq -r 'select(.row).row|"\(.clerk) \(.way) \(.state)"')" '^07 on-behalf done'
like "and that she was there" "$(ck ledger show --last 40 --lang zh)" '签到|登录|signed in'
ok "the ledger is whole" ck ledger verify
is "no PIN and no password rests anywhere" "$(grep -raclE "$PIN|$PASSWORD|$CLERK_PIN" "$SB/state" | wc -l)" 0
