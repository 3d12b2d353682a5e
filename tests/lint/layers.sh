#!/bin/bash
# Who may include whom, and what only one place may do (the rooms of the design). Each rule is a line;
# a breach is shown with its file and line. At the end the rules are tried on a tree that breaks every
# one of them and on one that breaks none.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lint/lib.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-lint.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

# room: rooms it may include besides itself and include/certkiosk, which are open to all
declare -A may=(
	[base]=""
	[pki]="base"
	[policy]="base"
	[token]="base"
	[ca]="base"
	[record]="base"
	[walk]="token pki ca policy record base"
	[main]="walk token pki ca policy record base"
	[kit]="base"
	[words]="kit base"
	[screens]="kit words base"
	[tui]="screens kit words base"
	[printer]="base"
)

sources() { # ROOT FOLDER...: its C files, relative to ROOT
	local root=$1 d
	shift
	for d; do
		[ -e "$root/$d" ] && (cd "$root" && find "$d" -type f -name '*.[ch]')
	done | sort
}

room_of() { # PATH
	case $1 in
	core/main.c) echo main ;;
	core/*/*) local r=${1#core/}; echo "${r%%/*}" ;;
	tui/*/*) local r=${1#tui/}; echo "${r%%/*}" ;;
	include/*) echo include ;;
	*) echo "${1%%/*}" ;;
	esac
}

resolve() { # ROOT FILE INCLUDE: the file that is meant, as the compiler looks for it
	local d
	for d in "${2%/*}" include core tui .; do
		[ -f "$1/$d/$3" ] || continue
		case $3 in
		*../*) (cd "$1" && realpath -s --relative-to=. "$d/$3") ;;
		*) echo "$d/$3" ;;
		esac
		return
	done
	echo "nowhere/$3"
}

find_in() { # ROOT REGEX, files on standard input: "file:line:text" of every match
	(cd "$1" && xargs -r grep -HnE "$2")
}

includes() { # ROOT REGEX, files on standard input: "file:line:include" of each that matches
	find_in "$1" "^[[:space:]]*#[[:space:]]*include[[:space:]]*$2" |
		sed -E 's/^([^:]*:[0-9]+):[^"<]*["<]([^">]*)[">].*/\1:\2/'
}

# The code without comments and with empty literals, line for line, so that "exit(" in a sentence is
# no breach.
strip() { # ROOT TO
	(cd "$1" && sources . core tui printer | xargs -r cp --parents -t "$2")
	# shellcheck disable=SC2016 # it is Perl that shall expand them
	sources "$2" core tui printer | (cd "$2" && xargs -r perl -0777 -i -pe \
		's{("(?:\\.|[^"\\\n])*")|(\x27(?:\\.|[^\x27\\\n])*\x27)|(/\*.*?\*/|//[^\n]*)}
		{ defined $1 ? "\"\"" : defined $2 ? "0" : $3 =~ s/[^\n]//gr }gsex')
}

directions() { # ROOT
	local f line inc to from
	sources "$1" include core tui printer | includes "$1" '"' | while IFS=: read -r f line inc; do
		from=$(room_of "$f")
		to=$(room_of "$(resolve "$1" "$f" "$inc")")
		[ "$to" = "$from" ] || [ "$to" = include ] && continue
		[[ " ${may[$from]:-} " == *" $to "* ]] && continue
		echo "$f:$line: $from may not include $inc"
	done
}

only_in() { # ROOT HEADERS-REGEX PLACES-REGEX
	sources "$1" include core tui printer | grep -vE "^($3)" | includes "$1" "[<\"]($2)"
}

unspoken() { # CODE REGEX PLACES-REGEX [FOLDER...]: uses of a word outside the places it belongs to
	local code=$1 regex=$2 places=$3
	shift 3
	sources "$code" "${@:-core}" | grep -vE "^($places)$" |
		find_in "$code" "(^|[^A-Za-z0-9_.>])($regex)"
}

check() { # ROOT
	local root=$1 code=$tmp/code mains='(core|tui|printer)/main\.c'
	local call='[[:space:]]*\('
	rm -rf "$code" && mkdir -p "$code"
	strip "$root" "$code"

	directions "$root" | rule "rooms include only where the design lets them"
	only_in "$root" '[^">]*\btests/|unit/|fake/|sandbox/' 'nowhere' | rule "nobody includes tests"
	only_in "$root" '(ncursesw?/)?n?cursesw?\.h' 'tui/kit/' | rule "curses only in tui/kit"
	only_in "$root" '(PCSC/)?winscard\.h|libp11\.h|p11-kit/' 'core/token/' |
		rule "key and reader headers only in core/token"
	only_in "$root" 'curl/' 'core/ca/http\.c' | rule "libcurl only in core/ca/http.c"
	only_in "$root" 'cups/' 'printer/ipp(_[a-z]+)?\.[ch]' | rule "CUPS only in printer/ipp*.c"
	only_in "$root" 'sane/' 'printer/sane\.c' | rule "SANE only in printer/sane.c"
	only_in "$root" 'zbar\.h' 'printer/code\.c' | rule "zbar only in printer/code.c"
	only_in "$root" 'sqlite3' 'core/record/' | rule "SQLite only in core/record"
	only_in "$root" 'libconfig\.h' 'core/base/conf\.c' | rule "libconfig only in core/base/conf.c"
	# crypto.h wipes memory, which the front must
	only_in "$root" 'openssl/(evp|ssl|x509|pem|cm[ps]|rsa|ec|sha|rand)' 'core/|include/|printer/' | rule "the front knows no crypto"
	unspoken "$code" "stdout\b|stderr\b|(v?printf|v?dprintf|puts|putchar|perror)$call" \
		"$mains|tui/batch\.c|core/base/log\.c" core tui printer |
		rule "only main, batch and log speak"
	unspoken "$code" "(_?exit|_Exit|quick_exit|abort)$call" "$mains" core tui printer |
		rule "only main ends a program"
	unspoken "$code" "(time|clock_gettime|gettimeofday|localtime(_r)?|mktime)$call" \
		'core/base/clock\.c' core tui printer | rule "only clock.c asks for the time"
	unspoken "$code" "(u|nano|clock_nano)?sleep$call" 'nowhere' core tui printer | rule "nothing sleeps"
	unspoken "$code" "(v?fork|popen|system)$call" 'nowhere' core | rule "the engine never forks"
	unspoken "$code" "(secure_)?getenv$call|(set|put)env$call" \
		'core/base/fault\.c' core | rule "the environment steers no engine"
	sources "$root" include core tui printer tests | while read -r f; do
		n=$(wc -l <"$root/$f")
		[ "$n" -le 800 ] || echo "$f: $n lines"
	done | rule "no file beyond 800 lines"
	(cd "$root" && grep -rnE "\b(TO""DO|FIX""ME|X""XX)\b" include core tui printer tests make Makefile 2>/dev/null) |
		rule "nothing is left for later"
}

# ---- the rules themselves ----

put() { # ROOT FILE, text on standard input
	mkdir -p "$1/$(dirname "$2")"
	cat >"$1/$2"
}

bad_tree() {
	local d=$1
	put "$d" core/ca/http.h <<<''
	put "$d" tests/unit/t.h <<<''
	put "$d" core/pki/bad.c <<'EOF'
#include "ca/http.h"
#include "../../tests/unit/t.h"
#include <curses.h>
#  include <libp11.h>
#include <curl/curl.h>
#include <cups/cups.h>
#include <sane/sane.h>
#include <zbar.h>
#include <sqlite3.h>
#include <libconfig.h>
void f(void)
{
	printf("x");
	if (1) exit (1);
	t = time(NULL);
	nanosleep(&t, NULL);
	if (fork() == 0)
		getenv("HOME");
}
EOF
	printf '#include <openssl/evp.h>\n/* X''XX */\n' | put "$d" tui/bad.c
	yes '' | head -n 801 | put "$d" core/walk/long.c
}

good_tree() {
	local d=$1
	put "$d" include/certkiosk/err.h <<<''
	put "$d" core/base/buf.h <<<''
	put "$d" core/token/p11.h <<<''
	put "$d" core/walk/good.c <<'EOF'
#include "certkiosk/err.h"
#include "base/buf.h"
#include "token/p11.h"
#include "good.h"
/* never exit(1), printf("...") or
 * sleep(1); stderr is not ours */
char s[] = "don't fork() at a \" time(NULL)"; char c = '"'; // abort()
int g(void) { snprintf(s, 1, "x"); at_exit(1); run.time(1); p->exit(2); return uptime(0); }
EOF
	put "$d" core/walk/good.h <<<''
	put "$d" core/main.c <<<'int main(void) { puts("x"); exit(1); }'
	put "$d" core/ca/http.c <<<'#include <curl/curl.h>'
}

check .
bad_tree "$tmp/bad"
check "$tmp/bad" >"$tmp/seen"
{ sed -n 's/^ok - //p' "$tmp/seen"; [ -s "$tmp/seen" ] || echo "no rule spoke"; } |
	rule "a breach of every rule is seen"
good_tree "$tmp/good"
check "$tmp/good" | grep -v '^ok' | rule "a tree without breach passes"
