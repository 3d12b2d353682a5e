#!/bin/bash
# What may stand in the tree: sources only, scripts that parse, manual pages that render, and nothing
# that is true on one machine only.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lint/lib.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-lint.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

# An unpacked archive has no git, and git turns down a tree that belongs to someone else.
files() {
	{ git ls-files 2>/dev/null || find . -type f -not -path './.git/*' -not -path './build*' |
		sed 's|^\./||'; } | while read -r f; do
		[ -f "$f" ] && echo "$f"
	done
}
files >"$tmp/files"

scripts() {
	xargs perl -e 'for (@ARGV) { open F, "<", $_ or next; $_ .= "\n";
		print if <F> =~ m{^#!.*\b(ba|da)?sh\b} or /\.sh$/ }' <"$tmp/files"
}
scripts >"$tmp/scripts"

pages() {
	grep -E '\.[1-8]$' "$tmp/files"
}

binaries() { # of the files named on standard input
	xargs -r perl -e 'for (@ARGV) { open F, "<", $_ or next; read F, $b, 8;
		print "$_\n" if $b =~ /^(\x7fELF|!<arch>)/ }'
}

unparsed() {
	xargs -r -n 1 bash -n 2>&1
}

unrendered() { # PAGE
	LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings -l "$1" 2>&1 >"$tmp/page"
	[ "$(wc -l <"$tmp/page")" -gt 20 ] || echo "$1: hardly anything is shown"
}

# Pieces in brackets, so that this line is not its own breach.
local_things() {
	xargs -r grep -HnE '/[w]ork/|/tmp/[b]-|/[r]oot/|/home/[a-z]+/|\b([p]ypi|[r]egistry|[m]irrors?|[n]exus|[a]rtifactory|deb\.[d]ebian)\.[a-z]+|(^|[^.0-9])(10|192\.168)\.[0-9]+\.[0-9]+\.[0-9]'
}

[ -s "$tmp/files" ] && [ -s "$tmp/scripts" ] && echo "ok - the tree has files and scripts" ||
	echo "not ok - the tree has files and scripts"
binaries <"$tmp/files" | rule "no compiled file is kept"
unparsed <"$tmp/scripts" | rule "every script parses"
if command -v shellcheck >/dev/null; then
	# SC2148: files that are sourced have no shell line
	xargs shellcheck -S error -e SC2148 -f gcc <"$tmp/scripts" | rule "shellcheck finds no error"
fi
for page in $(pages); do
	unrendered "$page" | rule "$page renders"
done
local_things <"$tmp/files" | rule "nothing of one machine"

# ---- the rules themselves ----
{
	cp /bin/true "$tmp/true"
	printf '#!/bin/sh\nif true; then\n' >"$tmp/half.sh"
	printf 'see http://%s.org and /%s/x\n' pypi work >"$tmp/local"
	{ cat core/certkiosk.conf.5; echo .Xyz what; } >"$tmp/page.5"
	unrendered "$tmp/page.5" | grep -q . || echo "a macro that does not exist is not seen"
	echo "$tmp/true" | binaries | grep -q . || echo "a binary is not seen"
	echo "$tmp/half.sh" | unparsed | grep -q . || echo "half a script is not seen"
	echo "$tmp/local" | local_things | grep -q . || echo "a machine's own path is not seen"
} | rule "a breach of each is seen"
