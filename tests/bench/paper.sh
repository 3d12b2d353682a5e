#!/bin/bash
# make bench: forms. A form drawn, with the codes of its pages, and signed twice, each by a process of its
# own as it always is, against a shell that sets the same text in the same font (pango-view) and signs twice
# (openssl cms), runs interleaved, medians; and against what no form can do without: the process, its fonts,
# two signatures. Then how large front and engine are for having printed. CK_BENCH_N: runs of each (20).
set -u
CK_BUILD=$(realpath "$1") CK_BIN=$(realpath "$1")/bin
export CK_BUILD CK_BIN
N=${CK_BENCH_N:-20}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../sandbox/lib.sh"
. "$here/../sandbox/readers.sh"
. "$here/../sandbox/counter.sh"
. "$here/../sandbox/screen.sh"
. "$here/../sandbox/printer.sh"
. "$here/lib.sh"
SCR_WAIT_S=60 SYSTEM=sheca-cisweb
until_seen() { sees "$@" >"$SB/told" || { cat "$SB/told" >&2; exit 1; }; }
resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

# ---- one form ----
person() { # NAME ALGORITHM…
	openssl req -x509 -newkey "${@:2}" -nodes -keyout "$SB/$1.key" -out "$SB/$1.pem" -days 30 -subj "/CN=$1" 2>/dev/null
}
fields() { # COMPANY
	jq -n --arg c "$1" '{name: $c, organisation: $c, class: "organisation", old_serial: "4EDB049B1103F60A37700078",
		new_serial: "6855B1A3A63D9CD4E8879BAE", old_not_before: "2025-12-06", old_not_after: "2026-12-06",
		new_not_before: "2026-11-22", new_not_after: "2027-12-06", algorithm: "RSA 2048", key_serial: "044a9a645aa36df3",
		unique_id: "SF310101199203190001X", way: "on-behalf", envelope: "88880001", clerk: "07", clerk_name: "李柜员",
		site: "沙箱受理点", kiosk: "kiosk-1", date: "2026-11-22", pin: "changed"}'
}
ours() { # FIELDS
	"$SB_TOOLS/signform" "$SB_TREE/printer/forms" sheca-renewal "$1" CK-20261122-000001-KIOSK-1-T "$SB/form.pdf" \
		"$SB/customer.key" "$SB/customer.pem" "$SB/site.key" "$SB/site.pem" >"$SB/codes" || exit 1
}
shell() {
	local who
	pango-view -q --no-display --language=zh-cn --font='Noto Serif CJK SC 10' --output="$SB/shell.pdf" "$SB/text" || exit 1
	for who in customer site; do
		openssl cms -sign -cades -binary -in "$SB/shell.pdf" -signer "$SB/$who.pem" -inkey "$SB/$who.key" \
			-outform DER -out "$SB/shell.$who" || exit 1
	done
}
least() { # process and fonts, two signatures
	local who
	"$SB_TOOLS/printask" "$CK_BIN/certkiosk-print" "{\"paper\":\"glyphs\",\"forms\":\"$SB_TREE/printer/forms\",
		\"form\":\"sheca-renewal\",\"fields\":{\"name\":\"上海\"}}" >"$SB/least" || { cat "$SB/least" >&2; exit 1; }
	for who in customer site; do openssl dgst -sha256 -sign "$SB/$who.key" -out "$SB/signature" "$SB/form.pdf" || exit 1; done
}
timed() { # FILE COMMAND…
	local t
	t=$(date +%s%N)
	"${@:2}"
	us "$t" >>"$1"
}

pr_new
SB_CALL_TIMEOUT_S=300 counter_new
scr_new
# shellcheck disable=SC2064 # the folder as it is now
trap "rc=\$?; scr_end; rm -rf '$TMUX_TMPDIR'; (exit \$rc); pr_end" EXIT
person customer rsa:2048
person site ec -pkeyopt ec_paramgen_curve:P-256
fields 上海某某科技有限公司 >"$SB/fields.json"
fields "$(printf '上海某某科技%.0s' {1..11})有限公司" >"$SB/long.json"
echo "paper: medians of $N interleaved runs, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"
ours "$SB/fields.json"
pdftotext -layout "$SB/form.pdf" "$SB/text"
TIMEFORMAT='%U %S' # on a machine that has other things to do this is what counts
rm -f "$SB"/{a,b,c,d,cpu}
for _ in $(seq "$N"); do
	timed "$SB/a" ours "$SB/fields.json"
	timed "$SB/b" shell
	timed "$SB/c" least
	timed "$SB/d" ours "$SB/long.json"
	{ time ours "$SB/fields.json"; } 2>>"$SB/cpu"
done
ours "$SB/fields.json"
a=$(median <"$SB/a") b=$(median <"$SB/b") c=$(median <"$SB/c") pages=$(wc -l <"$SB/codes")
cpu=$(awk '{ print ($1 + $2) * 1000000 }' "$SB/cpu" | median)
echo "paper: a form drawn and signed $(ms $((${a%.*} / pages))) ms a page, of CPU $(ms "$cpu") (budget 150), $(($(stat -c %s "$SB/form.pdf") / 1024)) KB (budget 250)"
echo "paper: a shell, the same text and signatures $(ms "$b") ms, $(($(stat -c %s "$SB/shell.pdf") / 1024)) KB: $(ratio "$b" "$a") x"
echo "paper: unavoidable (process, fonts, two signatures) $(ms "$c") ms: the whole / unavoidable $(ratio "$a" "$c")"
ours "$SB/long.json"
pages=$(wc -l <"$SB/codes") d=$(median <"$SB/d")
echo "paper: a form of $pages pages $(ms $((${d%.*} / pages))) ms a page, $(($(stat -c %s "$SB/form.pdf") / 1024)) KB"

# ---- who printed, and who did not ----
cat >"$SB/hook" <<'E2'
#!/bin/sh
[ "$1" != after ] || awk '/VmHWM/ { printf "%.1f\n", $2 / 1024 }' "/proc/$2/status" >"${0%/*}/engine"
E2
chmod +x "$SB/hook"
visit() { # NAME: a renewal by an engine alone; its size is in $SB/engine
	customer "$1"
	envelope
	comes "$1"
	printf '%s\n' "envelope serial $ENVELOPE" "pin pin $PIN" "envelope-password password $PASSWORD" |
		"$SB_TOOLS/visitor" "$CK_BIN/certkiosk-engine" "$SB/certkiosk.conf" \
			"{\"do\":\"renew\",\"system\":\"$SYSTEM\",\"way\":\"on-behalf\",\"clerk\":\"07\"}" - "$SB/hook" >"$SB/told" ||
		{ tail -n 3 "$SB/told" >&2; exit 1; }
	goes
}
self() { # NAME: by the screens, whose front is $FRONT
	customer "$1"
	envelope
	comes "$1"
	scr_begin 80x24
	FRONT=$PID
	pick 更新
	pick 是这张
	until_seen PIN '请输入 Key 的密码'
	text $PIN
	press Enter
	until_seen envelope '拿出新领的密码信封'
	scan $ENVELOPE
	until_seen password '里面的密码'
	text $PASSWORD
	press Enter
	until_seen "done" '更新完成' '1  结束'
	front=$(resident "$FRONT")
	goes
	scr_end
}
visit E1
engine=$(<"$SB/engine")
self S1
plain=$front
pr_printer
sb_form "$PR_URI"
visit E2
self S2
[ "$(pr_sheets)" = 2 ] || { echo "sheets: $(pr_sheets)" >&2; exit 1; }
echo "paper: engine at its most, without a form $engine MiB, having printed one $(<"$SB/engine") MiB (budget 25)"
echo "paper: front after a visit, without a form $plain MiB, having printed one $front MiB (aim 10)"
