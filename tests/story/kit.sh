#!/bin/bash
# The kit in a real terminal: what is on the canvas is what one sees, at every size, in each language,
# with and without colours, line graphics and a mouse; a name is gone when it was wiped; and however it
# ends, the terminal is what it was.
. "$(dirname "$0")/../sandbox/lib.sh"
D=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-kit.XXXXXX") || exit 1
# a socket's path is short, TMPDIR may not be
TMUX_TMPDIR=$(mktemp -d /tmp/ck-tmux.XXXXXX) || exit 1
export LC_ALL=C.UTF-8 TMUX_TMPDIR
mkfifo "$D/go"
T=(timeout 20 tmux -L kit -f /dev/null)
trap 'gone; rm -rf "$D" "$TMUX_TMPDIR"' EXIT
PID=''
gone() { # the program first: without its terminal it would only linger
	[ -z "$PID" ] || kill -KILL "$PID" 2>/dev/null
	"${T[@]}" kill-server 2>/dev/null
}
SHOW=$CK_BUILD/test/kitshow
WAIT=200 # times 50 ms
unset NO_COLOR

# ---- the terminal ----
begin() { # COLSxROWS [VAR=VALUE…] -- [OPTION…]: the program in a shell that says how the line is after it
	local size=$1 env=() i
	shift
	while [ "$1" != -- ]; do
		env+=("$1")
		shift
	done
	shift
	gone
	rm -f "$D"/{before,after,pid}
	cat >"$D/run" <<-END
		stty -a | sed 1d >"$D/before"
		env TERM=screen-256color ${env[*]} $SHOW $* &
		echo \$! >"$D/pid"
		fg >/dev/null; rc=\$?
		while kill -0 \$(<"$D/pid") 2>/dev/null; do read -r <"$D/go"; fg >/dev/null; rc=\$?; done
		echo "status \$rc"
		stty -a | sed 1d >"$D/after"
		exec cat
	END
	"${T[@]}" new-session -d -s k -x "${size%x*}" -y "${size#*x}" "bash --norc -m $D/run"
	for ((i = 0; i < WAIT; i++)); do [ -s "$D/pid" ] && break || sleep 0.05; done
	PID=$(<"$D/pid")
}
press() { "${T[@]}" send-keys -t k "$@"; }
resize() { "${T[@]}" resize-window -t k -x "${1%x*}" -y "${1#*x}"; }
flag() { "${T[@]}" display-message -p -t k "#{$1}"; }

graphics='s/[┌┐└┘├┤┬┴┼]/+/g; s/─/-/g; s/│/|/g'
seen() { "${T[@]}" capture-pane -p -t k | sed "$graphics; s/ *\$//" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'; }
golden() { sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' "$SB_TREE/tests/golden/kit/$1.txt"; }
until_is() { # NAME WANT COMMAND…
	local name=$1 want=$2 got i
	shift 2
	for ((i = 0; i < WAIT; i++)); do
		got=$("$@")
		[ "$got" = "$want" ] && break
		sleep 0.05
	done
	is "$name" "$got" "$want"
}
shows() { # NAME GOLDEN
	until_is "$1" "$(golden "$2")" seen
}
ended() { # NAME STATUS
	local i
	for ((i = 0; i < WAIT; i++)); do [ -s "$D/after" ] && break || sleep 0.05; done
	like "$1: it ended" "$(seen)" "status $2"
	is "$1: the line is as before" "$(cat "$D/after")" "$(cat "$D/before")"
	is "$1: so are page, cursor and mouse" "$(flag alternate_on) $(flag cursor_flag) $(flag mouse_any_flag)" "0 1 0"
	PID='' # no longer ours
}

# ---- every screen, in both sizes ----
# The PIN's screen has no PIN yet: typed first.
tour() { # COLSxROWS LANGUAGE
	local name
	for name in attract certificates pin progress done failure; do
		[ "$name" != pin ] || { sleep 0.1; press 123456; }
		shows "$name in $2 at $1" "$name.$2.$1"
		[ "$name" != pin ] || press Enter
		press Tab
	done
}
for size in 80x24 120x40; do
	begin $size -- --theme standard
	tour $size zh
	press F2
	tour $size en
done

# ---- what is sent is what changed ----
press Tab Tab Tab # progress
shows "progress once more" progress.en.120x40
"${T[@]}" pipe-pane -t k "cat >$D/sent"
press +
until_is "a second passes" 1 eval 'seen | grep -c "elapsed 0:08"'
"${T[@]}" pipe-pane -t k
like "a second is a few bytes: $(stat -c %s "$D/sent")" "$(stat -c %s "$D/sent")" '^[1-5]?[0-9]$'

# The last cell of all is the terminal's: to write it would scroll.
corner() { sed "\$s/\x1b\[39m\x1b\[49m\$//"; }
# Changes on changes: what curses made of them is what it draws from nothing.
press Tab Tab
for key in F2 Down F2 Tab Down F2 Up Tab BTab 9 F2 Tab Tab + + F2 Tab Down Tab F2 Tab; do press $key; done
sleep 0.5
"${T[@]}" capture-pane -p -e -t k | corner >"$D/changed"
press C-l
sleep 0.5
is "a screen changed many times is whole" "$(cat "$D/changed")" "$("${T[@]}" capture-pane -p -e -t k | corner)"
press C-x
ended "Ctrl-X" 0

# ---- sizes ----
begin 80x24 --
shows "before the storm" attract.zh.80x24
for i in 1 2 3 4 5 6 7 8; do
	resize 40x10
	[ $((i % 2)) = 0 ] || press Tab
	resize 240x70
done
resize 40x10
until_is "too small" "窗口太小，至少要 80x24。" seen
press Tab Tab Tab # nobody sees what they would do
resize 240x70
until_is "as large as that" 1 eval 'seen | grep -c "CA v   打印机 x"'
resize 80x24
# what was pressed while it was small did nothing, so it is one of these, and whole
until_is "after the storm it is one screen, and whole" yes eval \
	'for f in "$SB_TREE"/tests/golden/kit/*.80x24.txt; do [ "$(seen)" = "$(golden "$(basename "$f" .txt)")" ] && echo yes; done'
press C-x
ended "after the storm" 0

begin 63x22 -- --deaf
until_is "at a size that is not the last word" "窗口太小，至少要 80x24。" seen
resize 80x24
shows "a size said late, without a signal" attract.zh.80x24
kill -TERM "$PID"
ended "SIGTERM" 0

# ---- mouse ----
begin 80x24 --
shows "with a mouse" attract.zh.80x24
is "the terminal sends presses" "$(flag mouse_standard_flag) $(flag mouse_sgr_flag)" "1 1"
press -l $'\e[<0;12;24M\e[<0;12;24m'
shows "a press on a key's name is the key" attract.en.80x24
press M-l
shows "Alt and a letter as well" attract.zh.80x24
press -l $'\e2'
shows "and Alt and a digit" attract.en.80x24
kill -HUP "$PID"
ended "SIGHUP" 0
begin 80x24 -- --no-mouse
shows "without a mouse" attract.zh.80x24
is "none is asked for" "$(flag mouse_any_flag)" 0

# ---- stopped and going on ----
kill -TSTP "$PID"
until_is "stopped, the page is the shell's" 0 flag alternate_on
echo >"$D/go"
shows "and back" attract.zh.80x24
kill -TERM "$PID"
ended "after a stop" 0

# ---- looks ----
colours() { "${T[@]}" capture-pane -p -e -t k | grep -oE $'\e\\[[0-9;]*m' | grep -cE '[^0-9](3[0-7]|4[0-7])m'; }
begin 80x24 NO_COLOR=1 --
press Tab
sleep 0.2
shows "NO_COLOR" certificates.zh.80x24
is "no colour anywhere" "$(colours)" 0
like "what is in focus is reversed" "$("${T[@]}" capture-pane -p -e -t k)" $'\e\\[7m> 1 '
begin 80x24 -- --theme contrast
shows "high contrast" attract.zh.80x24
like "has colours" "$(colours)" '^[1-9]'
begin 80x24 -- --ascii
shows "--ascii" attract.zh.80x24
is "no line graphics" "$("${T[@]}" capture-pane -p -t k | grep -c '[┌┐└┘─│▀▄█]')" 0
press C-x
begin 80x24 TERM=dumb --
until_is "a terminal that can't is said" 1 eval 'seen | grep -c "TERM=dumb"'

# ---- a name is gone when it was wiped ----
WHO=$(printf '欧阳%s验' "龘靐")
printf '%s' "$WHO" >"$D/name"
printf '%s' "${WHO:1:3}" >"$D/utf8"
printf '%s' "${WHO:1:3}" | iconv -t UTF-32LE >"$D/utf32"
in_memory() { # how often it is in the program's memory, in either spelling
	gdb -nx -batch -p "$PID" -iex 'set auto-solib-add off' -ex 'set use-coredump-filter off' \
		-ex 'set dump-excluded-mappings on' -ex "gcore $D/core" >"$D/gdb" 2>&1
	if [ -s "$D/core" ]; then
		perl -0777 -e 'open C, "<", shift; $_ = <C>; for $f (@ARGV) { open F, "<", $f; $n = <F>;
			$found += () = /\Q$n/g } print $found + 0' "$D/core" "$D/utf8" "$D/utf32"
	else
		echo "no core"
	fi
	rm -f "$D/core"
}
begin 80x24 -- --name "$D/name"
until_is "a name is shown" 1 eval 'seen | grep -c "$WHO"'
for i in Tab F2 Tab 1234 Tab; do press $i; done
resize 100x30
until_is "and shown" 1 eval 'seen | grep -c "$WHO"'
resize 80x24
until_is "and shown again" 1 eval 'seen | grep -c "$WHO"'
if ldd "$SHOW" | grep -q libasan; then
	echo "skip - memory: a core under ASan would have terabytes"
else
	like "it is found in memory" "$(in_memory)" '^[1-9]'
fi
press C-w
until_is "wiped" 0 eval '"${T[@]}" capture-pane -p -S - -t k | grep -c "$WHO"'
shows "and ready for the next" attract.en.80x24
ldd "$SHOW" | grep -q libasan || is "nor in memory" "$(in_memory)" 0
press C-x
ended "after a wipe" 0
is "nothing of it is left on the terminal" "$("${T[@]}" capture-pane -p -S - -t k | grep -c "$WHO")" 0
