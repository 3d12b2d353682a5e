# Sourced after lib.sh and screen.sh: certkiosk's screens with an engine that is played
# (tests/fake/fake_counter_main.c), for what no real one can be made to do.
#
#   played_new     once
#   play LINE…     what is otherwise from the next start of an engine on
#   starts WHAT    how many engines were started for it, as in "watch readers"

played_new() {
	SB=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-played.XXXXXX") || exit 1
	SB_OWNER=$BASHPID SB_CONF=$SB/play
	mkdir "$SB/bin"
	# the program looks for its engine beside itself
	cp "$CK_BIN/certkiosk" "$SB/bin/"
	cp "$SB_TOOLS/fake_counter" "$SB/bin/certkiosk-engine"
	CK_BIN=$SB/bin
	: >"$SB/play"
}
play() {
	printf '%s\n' "$@" >"$SB/play.next" && mv "$SB/play.next" "$SB/play"
}
starts() { grep -cx "$1" "$SB/play.starts"; }
