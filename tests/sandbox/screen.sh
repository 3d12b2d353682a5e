# Sourced by stories after lib.sh (and readers.sh): certkiosk's screens in a terminal of their own, a
# window of a tmux server that nobody else uses.
#
#   scr_begin COLSxROWS [VAR=VALUE…] [-- OPTION…]   starts certkiosk; $PID is the front's
#   press KEY…        as tmux names them (Enter, F2, Escape, Down, C-l, 1)
#   text TEXT         typed as it is          scan TEXT    as a scanner does: at once, and Enter
#   pick REGEX        the digit beside that choice, once it is there
#   sees NAME REGEX…  in the end all of these are on the screen, which is whole then
#   without NAME REGEX…   in the end none of them is
#   seen              what is on the screen      behind   that, and what was scrolled off
#   like, is          as in lib.sh
#   resize COLSxROWS   size: as it is now
#   pass SECONDS      so much more time has passed for the front (test builds)
#   holds, lost NAME TEXT…   one of these is in the front's memory; none is
#   engine            the process id of the engine that has the key's module
#   ended NAME STATUS the program has ended so, and the terminal is what it was
#   scr_end           ends it; an exit does so too
#
# Nothing here waits for a time: everything waits for what is to be seen, at most $SCR_WAIT_S.
# SCR_UNDER: a program and its options that certkiosk runs under.
# CUT=cut: a text of this screen may be longer than its room (hostile names).

SCR_WAIT_S=${SCR_WAIT_S:-20}
SCR_LANG=${SCR_LANG:-zh}
CUT=''
PID='' SCR_N=0
export LC_ALL=C.UTF-8
# ASan keeps what is freed out of use, and so as it was, far longer than any allocator
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}max_free_fill_size=1048576
unset NO_COLOR TMUX

scr_new() { # once, after sb_new
	# a socket's path is short, TMPDIR may not be
	TMUX_TMPDIR=$(mktemp -d /tmp/ck-tmux.XXXXXX) || exit 1
	export TMUX_TMPDIR CK_FAULT_MONO=$SB/passed
	SCR=$SB/scr
	mkdir "$SCR" && mkfifo "$SCR/go"
	echo 0 >"$CK_FAULT_MONO"
	trap scr_exit EXIT
}
scr_exit() {
	local rc=$?
	[ "$BASHPID" = "$SB_OWNER" ] || exit $rc
	scr_end
	rm -rf "$TMUX_TMPDIR"
	(exit $rc)
	sb_end
}
mux() { timeout 20 tmux -L "ck$SCR_N" -f /dev/null "$@" 7>&- 8<&-; }

# ---- start and end ----
# In a shell with jobs, so that it can be stopped and gone on with, and the line's state be told before
# and after. The program waits until it has the terminal: the shell notes the line's state as it gives it away,
# and sets it so when the program has ended.
scr_begin() {
	local size=$1 env=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		env+=("$1")
		shift
	done
	[ $# = 0 ] || shift
	scr_end
	SCR_N=$((SCR_N + 1)) # one that is just ending takes no new window
	rm -f "$SCR"/{before,after,pid,status}
	cat >"$SCR/run" <<-END
		stty -a | sed 1d >"$SCR/before"
		bash -c 'until read -r _ _ _ _ own _ _ front _ </proc/self/stat && [ "\$own" = "\$front" ]; do :; done; exec "\$@"' - \\
			env TERM=screen-256color ${env[*]} ${SCR_UNDER:-} "$CK_BIN/certkiosk" --config "${SB_CONF:-$SB/certkiosk.conf}" --lang $SCR_LANG $* &
		echo \$! >"$SCR/pid"
		fg >/dev/null; rc=\$?
		while kill -0 \$(<"$SCR/pid") 2>/dev/null; do read -r <"$SCR/go"; fg >/dev/null; rc=\$?; done
		echo "status \$rc" | tee "$SCR/status"
		stty -a | sed 1d >"$SCR/after"
		exec cat
	END
	mux new-session -d -s k -x "${size%x*}" -y "${size#*x}" "bash --norc -m $SCR/run"
	soon test -s "$SCR/pid"
	PID=$(<"$SCR/pid")
}
scr_end() { # the program first: without its terminal it would only linger
	[ -z "$PID" ] || kill -KILL "$PID" 2>/dev/null
	PID=''
	mux kill-server 2>/dev/null
	echo 0 >"$CK_FAULT_MONO"
}
ended() { # NAME STATUS
	soon test -s "$SCR/after"
	is "$1: it ended" "$(cat "$SCR/status")" "status $2"
	is "$1: the line is as before" "$(cat "$SCR/after")" "$(cat "$SCR/before")"
	is "$1: so are page, cursor and mouse" "$(flag alternate_on) $(flag cursor_flag) $(flag mouse_any_flag)" "0 1 0"
	PID='' # no longer ours
}

# ---- hands ----
press() { mux send-keys -t k "$@"; }
text() { mux send-keys -t k -l "$1"; }
scan() { mux send-keys -t k -l "$1"$'\r'; }
resize() { mux resize-window -t k -x "${1%x*}" -y "${1#*x}"; }
pass() {
	echo $(($(<"$CK_FAULT_MONO") + $1 * 1000)) >"$CK_FAULT_MONO.next"
	mv "$CK_FAULT_MONO.next" "$CK_FAULT_MONO"
	kill -WINCH "$PID" # it sleeps until then
}

# ---- eyes ----
flag() { mux display-message -p -t k "#{$1}"; }
size() { flag 'window_width}x#{window_height'; }
seen() { mux capture-pane -p -t k; }
behind() { mux capture-pane -p -S - -t k; }
soon() { # COMMAND…: true in the end
	local end=$((SECONDS + SCR_WAIT_S))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.03
	done
}
scr_look() {
	local regex
	seen >"$SCR/seen"
	for regex; do grep -qE -- "$regex" "$SCR/seen" || return 1; done
}
scr_choice() { grep -oE -- "(^|[ >])[1-9]  +$1" <(seen) | grep -oE '[1-9]' | head -n 1; }
scr_offers() { [ -n "$(scr_choice "$1")" ]; }
pick() {
	if soon scr_offers "$1"; then press "$(scr_choice "$1")"; else scr_said "there is no choice $1"; fi
}
scr_whole() { # shellcheck disable=SC2086 # CUT may be nothing
	"$SB_TOOLS/cells" "$(size)" $CUT <"$SCR/seen" >"$SCR/flaws" && return
	cp "$SCR/seen" "$SCR/flawed" # there may be another screen by the time it is told
	return 1
}
scr_shows() { scr_look "$@" && scr_whole; }
scr_not() {
	local regex
	seen >"$SCR/seen"
	for regex; do ! grep -qE -- "$regex" "$SCR/seen" || return 1; done
}
scr_said() { # NAME
	echo "not ok - $1"
	SCR_WAIT_S=2 # what follows from it is not waited for so long
	sed 's/^/# |/' "$SCR/seen"
	return 1
}
sees() {
	local name=$1 regex
	shift
	rm -f "$SCR/flawed"
	if soon scr_shows "$@"; then
		echo "ok - $name"
		return
	fi
	scr_said "$name"
	for regex; do grep -qE -- "$regex" "$SCR/seen" || echo "# not there: $regex"; done
	[ ! -e "$SCR/flawed" ] || sed 's/^/# flawed |/' "$SCR/flawed" "$SCR/flaws"
	return 1
}
without() {
	local name=$1
	shift
	if soon scr_not "$@"; then echo "ok - $name"; else scr_said "$name"; fi
}

# ---- what is behind ----
memory() { printf '%s\n' "$@" | "$SB_TOOLS/seek" "$PID"; }
holds() { scr_memory '^[1-9]' "$@"; }
lost() { scr_memory '^0$' "$@"; }
scr_memory() { # REGEX NAME TEXT…
	local n rc
	n=$(memory "${@:3}" 2>"$SCR/why")
	rc=$?
	# only root may look at a program that allows nobody to
	if [ $rc = 2 ] && grep -q denied "$SCR/why"; then
		echo "skip - $2: $(<"$SCR/why")"
	else
		like "$2" "$n" "$1"
	fi
}
engine() {
	local pid
	for pid in $(pgrep -P "$PID" certkiosk-engi | sort -rn); do
		grep -q shim.so "/proc/$pid/maps" 2>/dev/null && echo "$pid" && return
	done
	return 1
}
