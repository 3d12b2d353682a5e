#!/bin/bash
# A customer by himself agrees to a document in a real terminal: read with the arrows alone, agreed to only
# when its end was seen; or does not agree, and nothing has become of it.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/readers.sh"
. "$(dirname "$0")/../sandbox/counter.sh"
. "$(dirname "$0")/../sandbox/screen.sh"

counter_new
sb_consent
for i in {2..60}; do echo "第 $i 条" >>"$SB/systems/terms.txt"; done
hash=$(sha256sum <"$SB/systems/terms.txt")
sed -i 's/^authorise = .*/authorise = "key";/; s/on_behalf = "envelope"/on_behalf = "stays"/' "$SB/systems/sheca-cisweb.conf"
scr_new
customer T1
scr_begin 80x24
comes T1
sees "before anything: what it costs" '更新不收费' '要带：Key' '电话：021-62077128'
press F1
sees "and behind F1" '这一页' '更新不收费' '电话：021-62077128'
press Escape
pick 更新
pick 是这张
sees "the document, from its beginning" '请阅读：沙箱条款' "版本 1   SHA-256 ${hash:0:16}" '1. 只在沙箱里有效' '\[>\]文件'
sees "why one cannot agree yet" '2  同意，继续办理 - 请先看完'
press 2
sees "nor does one" '请先看完' '只在沙箱里有效'
press 1
sees "not agreed: refused" '没有同意要求的文件' 'CK-2090' '没有对 Key 做任何改动'
is "no PIN, no right to renew" "$(sb_logins) $(sb_show '.leases | length')" "0 0"
pick 再试一次
sees "asked again" '请阅读：沙箱条款'
press F2
sees "in English around it" 'Please read: 沙箱条款' 'read to its end first'
press F2
for i in {1..80}; do press Down; done
sees "to its end, and on to the choice" '第 60 条' '> 2  同意，继续办理'
press Enter
sees "then the PIN" '请输入 Key 的密码'
is "on record" "$(ck ledger show --json | jq -r 'select(.row.text? // "" | startswith("agreed to")).row.text')" \
	"agreed to: 沙箱条款 1, SHA-256 ${hash%% *}"
scr_end
