#!/bin/bash
# What has to be agreed to before a renewal: shown whole, asked once, on record with the hash of the very
# file; nothing is spent by who does not agree, nor where a text cannot be read.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_paper
sb_key_proof
rules=$SB/systems/key-proof.conf terms=$SB/systems/terms.txt pin=Old-4471 n=0

text() { # LINE…
	printf '%s\n' "$@" >"$terms"
	hash=$(sha256sum <"$terms" | cut -d' ' -f1)
}
documents() { # FILE…: the system asks for these
	local file sep='' list='consents = ('
	sed -i '/^consents = /d' "$rules"
	for file in "$@"; do
		list+="$sep { name = \"${file%.txt}\"; version = \"2017-11\"; file = \"$file\"; }" sep=,
	done
	echo "$list );" >>"$rules"
}
fresh() { # another key, an empty store
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB"/state* "$SB"/print/{jobs,sheets}/* "$SB/print/asked"
	mkdir -m 700 "$SB"/state{,-2}
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d \
		--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
}
yes='{"ask":"consent","yes":true}' no='{"ask":"consent","yes":false}'
renew() { # ANSWER…
	printf '%s\n' "$@" >"$SB/answers"
	ck renew --system key-proof --way self --json --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err"
}
die_at() { # STATION ANSWER…: killed as it comes there
	CK_FAULT_AT=$1 CK_FAULT_HOW=power renew "${@:2}" 2>/dev/null
}
asked() { jq -r 'select(.ask).ask' "$SB/out" | tr '\n' ' '; }
asked_of() { jq -r 'select(.ask == "consent").facts | "\(.name) \(.version) \(.sha256) \(.n)/\(.of)"' "$SB/out"; }
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' "$SB/out"; }
detail() { jq -r 'select(.end).error.detail' "$SB/out"; }
number() { jq -r 'select(.end).record' "$SB/out"; }
state() { ck records --all --json | jq -r 'select(.row).row.state' | sort | tr '\n' ' '; }
agreed() { ck ledger show --json | jq -r 'select(.row.station? == "consent").row.text' | grep '^agreed to: ' | tac; }

text '沙箱条款' '' '1. 只在沙箱里有效。' $'2. 夹带的\e[2J控制字符不起作用。'
documents terms.txt

# ---- agreed ----
fresh
ok "agreed: done" renew "$yes"
is "before the PIN" "$(asked)" "consent pin "
is "by name, version and the file's hash" "$(asked_of)" "terms 2017-11 $hash 1/1"
is "shown whole, and nothing in it controls anything" \
	"$(jq -r 'select(.ask == "consent").facts.text' "$SB/out" | tail -n 2)" $'1. 只在沙箱里有效。\n2. 夹带的\xef\xbf\xbd[2J控制字符不起作用。'
is "a station of its own" "$(jq -r 'select(.step == "consent") | "\(.n) \(.consent)"' "$SB/out")" "4 true"
is "in the ledger, once" "$(agreed)" "agreed to: terms 2017-11, SHA-256 $hash"
like "and in the record, with the time" "$(sqlite3 "$SB/state/records.db" "SELECT value FROM fact WHERE name = 'consents'")" \
	"^\[\{\"name\":\"terms\",\"version\":\"2017-11\",\"sha256\":\"$hash\",\"at\":\"20..-..-..T..:..:..\+08:00\"\}\]$"
like "told in words" "$(ck records --show "$(number)" --lang zh)" "客户同意: terms 2017-11, SHA-256 $hash"
is "for a form" "$(jq -r 'select(.paper == "form").fields.consents' "$SB/print/asked")" "terms 2017-11"
ok "the ledger is whole" ck ledger verify

# ---- not agreed ----
fresh
leases=$(sb_show '.leases | length')
ok "not agreed: refused" ! renew "$no"
is "in these words" "$(ended)" "refused NOT_AGREED"
is "nothing else was asked" "$(asked)" "consent "
is "no PIN reached the key" "$(sb_logins)" 0
is "nothing was granted" "$(sb_show '.leases | length')" "$leases"
is "the record is closed" "$(state)" "refused "
ok "and another day agreed" renew "$yes"
fresh
ok "nobody answers: refused" ! renew
is "nothing is left open" "$(ended) $(state)" "refused NO_ANSWER refused "

# ---- at a terminal ----
for word in y n; do
	fresh
	SHELL=/bin/bash timeout 20 script -qfec "$CK_BIN/certkiosk renew --system key-proof --way self --lang zh --config $SB/certkiosk.conf --secrets-fd 9 9< <(echo pin $pin)" \
		/dev/null <<<"$word" >"$SB/out" 2>&1
	like "at a terminal, $word: what it is, and all of it" "$(<"$SB/out")" "terms，版本 2017-11（SHA-256 ${hash:0:4}.*沙箱条款.*1\\. 只在沙箱里有效。.*同意，输入 y"
	like "at a terminal, $word: is heard" "$(<"$SB/out")" "$([ $word = y ] && echo 更新完成 || echo CK-2090)"
done

# ---- as long as it may be ----
fresh
for ((i = 0; i < 2048; i++)); do printf '%-63s\n' "第 $i 条 \"条款\"$(printf '\001')"; done >"$terms"
truncate -s 131072 "$terms"
tr '\0' x <"$terms" >"$terms.next" && mv "$terms.next" "$terms"
ok "128 KiB: agreed to" renew "$yes"
is "128 KiB: shown whole" "$(jq -r 'select(.ask == "consent").facts.text' "$SB/out" | grep -c 条款)" 2048
text '沙箱条款' '' '1. 只在沙箱里有效。' $'2. 夹带的\e[2J控制字符不起作用。'

# ---- interrupted ----
fresh
die_at consent "$yes"
renew "$yes"
is "killed before it was asked: asked" "$(asked)" "resume consent pin "
for at in unlock newkey issue install; do
	fresh
	die_at $at "$yes"
	renew
	is "killed at $at: asked once" "$(asked)" "resume pin "
	is "killed at $at: and done" "$(ended) $(agreed | wc -l)" "done - 1"
	fresh
	die_at $at "$yes"
	old=$hash
	text '沙箱条款' '' "1. 改过了，在 $at。"
	renew "$yes"
	is "changed at $at: asked anew" "$(asked)$(asked_of)" "resume consent pin terms 2017-11 $hash 1/1"
	is "changed at $at: both stand in the ledger" "$(agreed)" \
		"agreed to: terms 2017-11, SHA-256 $old"$'\n'"agreed to: terms 2017-11, SHA-256 $hash"
done
fresh
die_at retire "$yes"
text '沙箱条款' '改过了'
renew
is "changed when the new certificate is in use: not asked" "$(asked)$(ended)" "resume pin done -"
fresh
die_at issue "$yes"
text '沙箱条款' '又改过了'
ok "a change that is not agreed to: not done" ! renew "$no"
is "leaves the renewal where it stands" "$(ended) $(state)" "failed NOT_AGREED open "
is "and no PIN was asked for" "$(asked)" "resume consent "
issued=$(sb_show '[.certificates[] | select(.origin == "issued")] | length')
ok "agreed to later: done" renew "$yes"
is "with one certificate more" "$(sb_show '[.certificates[] | select(.origin == "issued")] | length')" $((issued + 1))

# ---- at another counter ----
fresh
die_at issue "$yes"
sb_knob desk.live 0
sb_site_conf kiosk-2 certkiosk-2.conf state-2
SB_CONF=$SB/certkiosk-2.conf renew "$no"
is "elsewhere: asked again, and not agreed" "$(asked)$(ended)" "resume consent refused NOT_AGREED"
SB_CONF=$SB/certkiosk-2.conf renew "$yes"
is "elsewhere: asked again" "$(asked)$(ended)" "resume consent pin done -"

# ---- several ----
printf '%s\n' '第二份' >"$SB/systems/second.txt"
documents terms.txt second.txt
fresh
ok "two: done" renew "$yes" "$yes"
is "two: both for a form" "$(jq -r 'select(.paper == "form").fields.consents' "$SB/print/asked")" "terms 2017-11; second 2017-11"
is "two: each in its turn" "$(asked_of | cut -d' ' -f1,4)" $'terms 1/2\nsecond 2/2'
fresh
ok "two: the second is not agreed to" ! renew "$yes" "$no"
is "two: which one" "$(detail)" "second 2017-11"
fresh
die_at unlock "$yes" "$yes"
documents terms.txt second.txt third.txt
cp "$terms" "$SB/systems/third.txt"
renew "$yes"
is "one more meanwhile: that one is asked for" "$(asked)$(asked_of | cut -d' ' -f1)" "resume consent pin third"


# ---- texts that cannot be read ----
documents terms.txt
line=$(grep -n '^consents' "$rules" | cut -d: -f1)
broken() { # WHAT REGEX
	fresh
	ok "$1: refused" ! renew "$yes"
	is "$1: before anything is asked or begun" "$(asked)$(ended) $(state)$(sb_logins)" "refused CONFIG 0"
	like "$1: with file and line" "$(detail)" "^.*/systems/key-proof.conf:$line: file: .*/systems/terms.txt: $2$"
	ck diagnose --json >"$SB/diagnosis"
	like "$1: diagnose tells" "$(jq -r 'select(.row.part == "policy" and .row.system == "key-proof").row | "\(.state) \(.error.detail)"' "$SB/diagnosis")" \
		"^bad .*/key-proof.conf:$line: file: .*$2$"
	is "$1: a verdict needs no text" \
		"$(ck policy --system key-proof --cert "$CERT_FILE" --on "$(date -I)" --json | jq -r .eligible)" true
}
rm "$terms"
broken "missing" "cannot be read"
head -c 131073 /dev/zero | tr '\0' x >"$terms"
broken "too long" "longer than 131072 bytes"
printf '好\xff' >"$terms"
broken "not UTF-8" "not UTF-8 from byte 4 on"
mkdir "$SB/folder" && rm "$terms" && ln -s "$SB/folder" "$terms"
broken "a folder" "not a regular file"
rm "$terms"
text '又有了'
fresh
die_at issue "$yes"
rm "$terms"
ok "lost in the midst: stops" ! renew "$yes"
is "lost in the midst: and stays where it is" "$(ended) $(state)" "failed CONFIG open "
ok "lost in the midst: can be given up all the same" ck abandon "$(number)" --clerk 07 --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
is "lost in the midst: and is" "$(state)" "abandoned "
