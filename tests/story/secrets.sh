#!/bin/bash
# Where a PIN, an envelope password, a desk's one-time secret may be found: in the engine while the
# visit lasts, and nowhere else at any time. Looked for in the whole memory and in a core of the living
# engine, in its arguments and environment, in the store, in all that is said and logged.
SB_ANSWER_S=60 # an engine stands still while it is looked at
. "$(dirname "$0")/../sandbox/lib.sh"
export LC_ALL=C.UTF-8
sb_new
sb_key_proof
sb_est
mkdir -m 700 "$SB"/{typed,seen,shown}
export SB
n_case=0 cores=true

# ---- needles ----
# Both halves of each secret, so that what is left of one in a register or on a stack counts too; and
# as it would stand in hex or in base64.
note() { # FILE SECRET…
	local file=$SB/typed/$1 s half
	shift
	for s; do
		half=$((${#s} / 2))
		printf '%s\n' "${s:0:half}" "${s:half}" "$(printf %s "$s" | base64 | cut -c1-12)" \
			"$(printf %s "$s" | od -An -v -tx1 | tr -d ' \n' | cut -c1-16)"
	done >>"$file"
}
found() { # NEEDLES FILE…: how often they occur
	LC_ALL=C grep -aohFf "$SB/typed/$1" -- "${@:2}" | wc -l
}

# the key the tape is sealed with, which is not text
site_key_in() { # FILE
	perl -0777 -e 'open K, "<", $ARGV[0]; open F, "<", $ARGV[1]; $k = <K>; $_ = <F>;
		print length $k == 32 ? scalar(() = /\Q$k/g) : "no key"' "$SB/state/site.key" "$1"
}

# ---- one visit by tests/fake/visitor_main.c ----
# At every question and everything done: what anybody may see of the engine, and its store as it is
# then. A core of everything it has, pages left out of ordinary cores included, where CORES says so.
cat >"$SB/hook" <<'EOF'
#!/bin/bash
at=$SEEN/$(find "$SEEN" -mindepth 1 -maxdepth 1 | wc -l)-$1
mkdir "$at" && cp "$SB"/state/records.db* "$at" && cat "/proc/$2/cmdline" "/proc/$2/environ" >"$at/proc" || exit 1
grep 'Max core file size' "/proc/$2/limits" >"$at/limits" || exit 1
case " $CORES " in
*" $1 "*)
	! grep -q libasan "/proc/$2/maps" || exit 0 # its core would have terabytes
	gdb -nx -batch -p "$2" -iex 'set auto-solib-add off' -ex 'set use-coredump-filter off' \
		-ex 'set dump-excluded-mappings on' -ex "gcore $SEEN/core.$1" >"$SEEN/gdb" 2>&1
	[ -s "$SEEN/core.$1" ] || cat "$SEEN/gdb" >&2
	;;
esac
EOF
chmod 700 "$SB/hook"

# Sets SEEN, where everything of it is. Its secrets are new ones: PIN and PASSWORD, WRONG_PIN and
# WRONG_PASSWORD, of characters no program has by chance.
new_case() { # KEY-OPTION…
	n_case=$((n_case + 1))
	PIN="Pn$n_case#kQz7vLx" WRONG_PIN="Wn$n_case#jXq4bHs" PASSWORD="Ev$n_case!mW8xRtq" \
		WRONG_PASSWORD="Fv$n_case!gY6zNcp"
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_key --label "T$n_case" --pin "$PIN" "$@"
	sb_envelope "2026-$n_case" "$PASSWORD"
	note $n_case "$PIN" "$PASSWORD" "$WRONG_PIN" "$WRONG_PASSWORD"
	SEEN=$SB/seen/$n_case CORES=after
	mkdir -p "$SEEN"
	export SEEN CORES
}

renew_order() { # SYSTEM WAY
	jq -nc --arg s "$1" --arg w "$2" '{do:"renew", system:$s, way:$w, clerk:"07"}'
}

visit() { # ORDER, answers on standard input; sets OUTCOME and status
	"$SB_TOOLS/visitor" "$CK_BIN/certkiosk-engine" "$SB/certkiosk.conf" "$1" \
		"$SB/typed/$n_case" "$SB/hook" >"$SEEN/visitor" 2>"$SEEN/err"
	status=$?
	OUTCOME=$(sed -n 's/^end //p' "$SEEN/visitor")
}

in_memory() { # WHEN: occurrences of all needles in the engine's memory then; "nobody looked" if so
	awk -v w="$1" '$1 == w && NF == 3 { n++; sum += $3 } END { print n ? sum : "nobody looked" }' \
		"$SEEN/visitor"
}

all_clean() { # NAME
	is "$1: nothing in the engine's memory afterwards" "$(in_memory after)" 0
	if $cores; then
		ok "$1: a core was made" test -s "$SEEN/core.after"
		is "$1: nor in the core" "$(found $n_case "$SEEN/core.after")" 0
	fi
	find "$SEEN" -mindepth 2 -type f >"$SEEN/files"
	like "$1: its arguments were seen" "$(cat "$SEEN"/*/proc | tr '\0' ' ')" 'certkiosk-engine --link 3'
	is "$1: nor in store, arguments, environment at any step" \
		"$(xargs -d '\n' -a "$SEEN/files" bash -c 'LC_ALL=C grep -aohFf "$@"' - "$SB/typed/$n_case" |
			wc -l)" 0
	is "$1: nor in the log" "$(found $n_case "$SEEN/err")" 0
}

typed() { # PIN PASSWORD
	printf '%s\n' "pin pin $1" "envelope serial 2026-$n_case" "envelope-password password $2"
}

living() {
	new_case --alg p256
	CORES="installed after"
	sb_knob cmp.delay.certConf 1000 # where it is met with both in hand
	visit "$(renew_order sheca-cisweb on-behalf)" < <(typed "$PIN" "$PASSWORD")
	if [ $status -eq 77 ]; then
		echo "skip - the memory of a living engine: only root may look into it here"
		cores=false
		return
	fi
	is "P-256: done" "$OUTCOME" done
	is "the engine may leave no core, from its first word on" \
		"$(cat "$SEEN"/*/limits | awk '{ print $5, $6 }' | sort -u)" "0 0"
	is "control: before the PIN is typed it is nowhere" "$(in_memory pin)" 0
	is "control: at the next question it is found, both halves, in one place" \
		"$(in_memory envelope-password)" 2
	sb_knob --clear
	if [ -s "$SEEN/core.installed" ]; then
		in_first_core
	else
		cores=false
		echo "skip - cores of the engine: gdb can make none here"
	fi
	all_clean P-256

	new_case --alg rsa2048
	visit "$(renew_order sheca-cisweb on-behalf)" < <(typed "$PIN" "$PASSWORD")
	is "RSA-2048: done" "$OUTCOME" done
	all_clean RSA-2048

	new_case --alg p256
	visit "$(renew_order sheca-cisweb on-behalf)" < <(
		echo "pin pin $WRONG_PIN"
		typed "$PIN" "$WRONG_PASSWORD"
	)
	is "wrong PIN, wrong password, given up: refused" "$OUTCOME" refused
	is "wrong password: it came to that question twice" "$(grep -c '^envelope-password 0' "$SEEN/visitor")" 2
	all_clean "wrong password"

	new_case --alg rsa2048
	sb_knob cmp.refuse '主题不符' 1
	visit "$(renew_order sheca-cisweb on-behalf)" < <(typed "$PIN" "$PASSWORD")
	is "the CA refuses: given back" "$OUTCOME" abandoned
	all_clean "refused by the CA"

	new_case --alg p256
	sb_knob desk.refuse.ack 'refused:稍后再试' 1
	visit "$(renew_order sheca-cisweb on-behalf)" < <(typed "$PIN" "$PASSWORD")
	is "not confirmed: the record stays open" "$OUTCOME" failed
	all_clean "not confirmed"
	sealed_tape
	open=$(ck records --json | jq -r 'select(.row).row.record')
	SEEN=$SEEN-abandoned
	mkdir "$SEEN"
	visit "$(jq -nc --arg r "$open" '{do:"abandon", record:$r, clerk:"07"}')" < <(typed "$PIN" "$PASSWORD")
	is "abandoned afterwards" "$OUTCOME" abandoned
	all_clean abandoned

	living_once
	living_sms
}

in_first_core() {
	note control-pin "$PIN"
	note control-password "$PASSWORD"
	ok "control: a core of the visit has the PIN" test "$(found control-pin "$SEEN/core.installed")" -ge 2
	ok "control: and the password" test "$(found control-password "$SEEN/core.installed")" -ge 2
	ok "control: and the key of the store" test "$(site_key_in "$SEEN/core.installed")" -ge 1
	is "P-256: the key of the store is not in the core afterwards" "$(site_key_in "$SEEN/core.after")" 0
	rm -f "$SEEN/core.installed"
}

# The tape (who knows it can try passwords at home) is in the open record, but sealed.
sealed_tape() {
	local pbm='\x2a\x86\x48\x86\xf6\x7d\x07\x42\x0d' # id-PasswordBasedMac, in every message of it
	ok "the open record has a tape" \
		test "$(sqlite3 "$SB/state/records.db" 'SELECT count(*) FROM tape')" -ge 2
	is "control: the CA's books hold such messages in clear" \
		"$(cat "$SB"/sandbox.db* | LC_ALL=C grep -acqP "$pbm" && echo yes)" yes
	is "but the store does not" "$(cat "$SB"/state/records.db* | LC_ALL=C grep -acP "$pbm")" 0
}

# The desk's one-time secret, for a certificate that has expired already.
living_once() {
	new_case --alg p256 --not-before -370d --not-after -5d
	CORES="installed after"
	sb_knob cmp.delay.certConf 1000
	visit "$(renew_order key-proof self)" <<<"pin pin $PIN"
	sb_knob --clear
	is "expired, by key proof: done" "$OUTCOME" done
	take_once
	! $cores || ok "control: a core of the visit has it" \
		test "$(found "once-$n_case" "$SEEN/core.installed")" -ge 2
	rm -f "$SEEN/core.installed"
	all_clean "key proof"

	# it ends right after it came, when nothing has gone over its traces yet
	new_case --alg p256 --not-before -370d --not-after -5d
	sb_shim full
	visit "$(renew_order key-proof self)" <<<"pin pin $PIN"
	is "the key is full: given back" "$OUTCOME" refused
	take_once
	all_clean "key full"

	# over EST it is said as it is, in a line of the request
	for end in done abandoned; do
		[ $end = done ] || sb_knob est.status.simpleenroll 401
		new_case --alg p256 --not-before -370d --not-after -5d
		visit "$(renew_order est self)" <<<"pin pin $PIN"
		is "EST: $end" "$OUTCOME" $end
		take_once
		all_clean "EST, $end"
	done
	sb_knob --clear
}

# The code that came by text message: typed, sent, turned down, and nowhere any more.
living_sms() {
	sb_systems sdca-dezhou
	sed -i 's/max_length = 8/max_length = 32/' "$SB/systems/sdca-dezhou.conf" # PINs here are to be found
	sb_steps sdca-dezhou
	new_case --alg p256 --subject '/C=CN/O=德州某公司/CN=德州某公司'
	CODE=Sm${n_case}kQz7vLxjXq4b
	note $n_case "$CODE"
	visit "$(renew_order sdca-dezhou self | jq -c 'del(.clerk)')" < <( # beside a clerk there is no code
		printf '%s\n' "pin pin $PIN" "order months 12" "sms-code code $CODE"
		printf 'applicant %s %s\n' name 王五 resident-id 11010519491231002X mobile 15966606660 \
			mail w5@example.com want no title - tax-id - address - bank - mail - mobile -
	)
	is "a wrong code of a text message, given up: parked" "$OUTCOME" parked
	is "it came to that question twice" "$(grep -c '^sms-code 0' "$SEEN/visitor")" 2
	# behind the sixteen of its PINs and passwords, of which one is in hand
	is "and is nowhere once the desk has turned it down" \
		"$(awk '$1 == "sms-code" && $2 >= 16 { last[$2] = $3 } END { for (i in last) sum += last[i]; print length(last), sum + 0 }' "$SEEN/visitor")" "4 0"
	all_clean "code of a text message"
}

take_once() { # from the CA's books among the needles
	local secret
	secret=$(sqlite3 "$SB/sandbox.db" "SELECT secret FROM lease ORDER BY rowid DESC LIMIT 1")
	ok "the desk gave a one-time secret" test ${#secret} -ge 12 || return
	note "once-$n_case" "$secret"
	note $n_case "$secret"
	# as HTTP Basic has it: behind a name of 0, 1 or 2 letters more than a multiple of three
	for fill in : x: xx:; do
		printf %s "$fill$secret" | base64 -w0 | cut -c5-16 >>"$SB/typed/$n_case"
	done
}

# ---- the whole program ----

# what anybody may see of the front and its engine
sample() { # FRONT
	local p
	for p in "$1" $(pgrep -P "$1"); do
		cat "/proc/$p/cmdline" "/proc/$p/environ" 2>/dev/null
	done >>"$SEEN/samples"
}
wait_for() { # REGEX
	for _ in {1..500}; do
		grep -qE "$1" "$SEEN/out" && return
		sleep 0.02
	done
	echo "not ok - never seen: $1"
}

held_at_questions() {
	local front
	new_case --alg p256
	mkfifo "$SB/typed/fifo"
	exec 9<>"$SB/typed/fifo"
	jq -nc --arg s "2026-$n_case" '{"ask":"envelope","serial":$s}' >"$SB/answers"
	ck_bg renew --system sheca-cisweb --way on-behalf --clerk 07 --answers "$SB/answers" \
		--secrets-fd 9 --json
	front=$!
	wait_for '"ask":"pin"'
	sample $front
	echo "pin $PIN" >&9
	wait_for '"ask":"envelope-password"'
	sample $front
	$cores && gdb -nx -batch -p $front -iex 'set auto-solib-add off' \
		-ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' \
		-ex "gcore $SEEN/core.front" >"$SEEN/gdb" 2>&1
	echo "password $PASSWORD" >&9
	while kill -0 $front 2>/dev/null; do
		sample $front
	done
	wait $front
	is "held at its questions: done" $? 0
	exec 9>&-
	like "control: front and engine were sampled" "$(tr '\0' ' ' <"$SEEN/samples")" \
		'certkiosk renew .*certkiosk-engine --link'
	is "no secret in their arguments and environment" "$(found $n_case "$SEEN/samples")" 0
	if [ -s "$SEEN/core.front" ]; then
		ok "control: a core of the front has the envelope's serial" grep -aqF "2026-$n_case" "$SEEN/core.front"
		is "the front has forgotten the PIN it passed on" "$(found $n_case "$SEEN/core.front")" 0
	else
		echo "skip - a core of the front: gdb can make none here"
	fi
}
ck_bg() {
	"$CK_BIN/certkiosk" "$1" --config "$SB/certkiosk.conf" "${@:2}" >"$SEEN/out" 2>"$SEEN/err" &
}

# as most people see it: sentences, and what goes wrong
spoken() { # NAME WANTED-STATUS PIN PASSWORD OPTION…
	local name=$1 want=$2 pin=$3 password=$4
	shift 4
	sb_renew "$pin" "$password" "2026-$n_case" --system sheca-cisweb --clerk 07 "$@" \
		>"$SEEN/out" 2>"$SEEN/err"
	is "$name: status" $? "$want"
	ok "$name: something was said" test -s "$SEEN/out"
}

living
held_at_questions
new_case
spoken "in sentences" 0 "$PIN" "$PASSWORD" --way on-behalf
new_case
spoken "wrong PIN" 4 "$WRONG_PIN" "$PASSWORD" --way self --lang en
new_case
spoken "wrong password" 4 "$PIN" "$WRONG_PASSWORD" --way on-behalf --json
new_case
sb_knob cmp.refuse 'no such subject' 1
spoken "refused by the CA" 5 "$PIN" "$PASSWORD" --way self --json

# by key proof, after expiry: no envelope, no password, one PIN, and the same end
new_case --not-before -370d --not-after -5d
sb_renew "$PIN" '' '' --system key-proof --way self --json >"$SEEN/out" 2>"$SEEN/err"
is "by key proof, expired five days ago: done" "$? $(tail -n 1 "$SEEN/out" | jq -r .end)" "0 done"
is "key proof: one PIN typed, one verified" "$(sb_logins)" 1
is "key proof: the key holds the new certificate only" \
	"$(ck keys --json | jq -r 'select(.row).row.entries[] | .certificate.sha256')" \
	"$(sb_show '.certificates[-1] | select(.status == "good" and .certconf == "accepted") | .sha')"
take_once

for how in --json '--lang zh'; do
	# shellcheck disable=SC2086 # two words
	for what in 'records --all' 'ledger verify' keys; do
		ck $what $how
	done
	for record in $(ck records --all --json | jq -r 'select(.row).row.record'); do
		ck records --show "$record" $how
	done
done >"$SB/shown/all" 2>"$SB/shown/err"
ok "control: every record was shown" test "$(grep -c '"station"' "$SB/shown/all")" -ge 50

# everything there is, but for what was typed and the books of the CA, which knows its envelopes
cat "$SB"/typed/[0-9]* >"$SB/typed/every"
find "$SB" -type f ! -path "$SB/typed/*" ! -name 'sandbox.db*' >"$SB/typed/files"
ok "control: the search finds what was typed" test "$(found every "$SB/typed/1")" -ge 1
is "no secret in any file" \
	"$(xargs -d '\n' -a "$SB/typed/files" bash -c 'LC_ALL=C grep -alFf "$@"' - "$SB/typed/every")" ""
