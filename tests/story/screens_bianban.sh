#!/bin/bash
# S3 at a real terminal, a customer by himself whose certificate ended months ago: its conditions are read to
# their end and agreed to, it costs nothing, and the new one ends five years after the old. What its manual's
# customers met is told in words: no key, another system's certificate, and one too early.
. "$(dirname "$0")/../sandbox/order_screen.sh"
WHO=某某事业单位
CUSTOMER_SUBJECT="/C=CN/O=$WHO/CN=$WHO"
shop_new sd-bianban
customer T1 --alg rsa2048 --not-before -1926d --not-after -100d
day=$(shop_day "$CERT" 5)
hash=$(sha256sum <"$SB/systems/sd-bianban-conditions.txt")

scr_begin 80x24
sees "no key: said so" '请 插 入 您 的 证 书' '没有 Key'
shop_opens T1 '已经过期 100 天' '不收费' '要带：Key' '1 到 3 分钟' '可以拔出 Key'
pick 更新
sees "five years on from the old end, by date" '更新这张证书吗' "$(shop_day "$CERT" 0) +$day"
without "no number of days" '182[0-9]'
pick 是这张
sees "the conditions, from their beginning" '请阅读：更新证书条件' "版本 2017-11   SHA-256 ${hash:0:16}" '认真阅读' '请先看完' '可以拔出 Key'
press 2
sees "not before they are read" '请先看完'
is "no PIN, no right to renew" "$(sb_logins) $(sb_show '.leases | length')" "0 0"
for i in {1..60}; do press Down; done
sees "to their end" '同意的时间，会同这次更新一起记录' '> 2  同意，继续办理'
sb_shim 'hold C_GenerateKeyPair 0'
press Enter
sees "then the PIN" '请输入 Key 的密码'
text "$PIN"
press Enter
sees "at work: each step is named, and the key has to stay" '\[>\]新密钥' '\[v\]文件|v [0-9]' '请勿拔出 Key'
sb_shim ''
sees "done" 'v 更新完成' "$(shop_day "$CERT" 0) +$day" 'PIN）没有变' '可以拔出 Key'
is "one live certificate, confirmed" "$(sb_show '.counts | "\(.live) \(.confirmed) \(.open)"')" "1 1 0"
is "nothing was ordered or paid" "$(sb_show '(.orders | length) + (.payments | length)')" 0
is "agreed to, on record" "$(ck ledger show --json | jq -r 'select(.row.text? // "" | startswith("agreed to")).row.text')" \
	"agreed to: 更新证书条件 2017-11, SHA-256 ${hash%% *}"
press Enter
sees "his key back" '请 取 走 您 的 Key'
goes

# ---- too early ----
customer T2 --alg rsa2048 --not-before -30d --not-after +200d
comes T2
sees "too early: from when to when, before any PIN" "$WHO" "$(TZ=CST-8 date -d "$(shop_day "$CERT" 0) -90 days" +%F)" "$(TZ=CST-8 date -d "$(shop_day "$CERT" 0) 300 days" +%F)"
is "no PIN was typed for it" "$(sb_logins)" 1
goes
sees "gone" '没有 Key'

# ---- of another system ----
echo 'only = ( { oid = "2.5.4.10"; value = "某某管理局"; } );' >>"$SB/systems/sd-bianban.conf"
scr_begin 80x24
customer T3 --alg rsa2048
comes T3
sees "another system's: said" "$WHO" '别的系统'
goes
scr_end
ok "the ledger is whole" ck ledger verify
