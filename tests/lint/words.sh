#!/bin/bash
# What the engine can say and what people are told: every code can happen, every word of the walk has
# its sentence in each language, and there is no sentence that nobody says; every key of the screens
# stands in the manual, and the clerks' page quotes what they say. At the end the rules are tried on a
# tree that breaks each of them.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lint/lib.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-lint.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

groups='did|step|station|ask|question|end'

# Deeds are spelled out where they are done, or by the callers of the function that does them.
deeds() { # ROOT
	find "$1/core" -name '*.c' | xargs -r perl -0777 -ne '
		my $all = $_; # a match within the loop would begin anew
		while ($all =~ /\bck_visit_did\(\s*v,\s*(?:"([^"]*)"|\w+)/g) {
			my $word = $1;
			if (defined $word) { print "did.$word\n"; next }
			my ($by) = substr($_, 0, $-[0]) =~ /.*^(\w+)\([^;{]*\)\n\{/ms or next;
			my @calls = /\b$by\([^;]*?"([a-z-]+)"/g;
			print "did.$_\n" for @calls;
		}
		# outside of a renewal a step has no number in its policy, and says all of it itself
		print "did.$1\n" while $all =~ /\bck_talk_did\(\s*&v->talk(?:,[^,;]*){3},\s*"([^"]*)"/g;
		print "step.$1\n" while $all =~ /\bck_talk_step\(\s*&v->talk,\s*"([^"]*)"/g;'
}

table() { # FILE PREFIX GROUP…: the words of a table with designated initialisers
	local file=$1 prefix=$2 group word
	shift 2
	sed -nE "s/^[[:space:]]*\[${prefix}[A-Z_]+\] = \"([^\"]*)\".*/\1/p" "$file" |
		while read -r word; do
			for group; do echo "$group.$word"; done
		done
}

questions() { # ROOT
	sed -nE 's/^#define (CK_ASK_[A-Z_]+) "([^"]*)".*/\1 \2/p' "$1/include/certkiosk/ask.h"
}

said() { # ROOT: by the engine
	deeds "$1"
	# nobody is told of the station behind the last
	grep -v CK_AT_END "$1/core/walk/plan.c" >"$tmp/stations"
	table "$tmp/stations" CK_AT_ step station
	table "$1/core/base/words.c" CK_END_ end
	[ ! -f "$1/core/walk/steps.c" ] || table "$1/core/walk/steps.c" CK_STEP_ did
	questions "$1" | while read -r _ word; do printf '%s\n' "ask.$word" "question.$word"; done
}

# The front's own are named by group and word.
said_by_front() { # code on standard input
	grep -E '^tui/(words/|screens/)?[a-z_]+\.c:' | grep -oE "\"($groups)\", \"[a-z-]+\"" | tr -d '" ' | tr , .
}

lines() { # ROOT: texts that go into a record as they stand
	find "$1/core/walk" -name '*.c' |
		xargs -r perl -0777 -ne 'print "line.$1\n" while /(?:\.text = |\bck_end_record\([^;"]*)"([^"]*)"/g' | sort -u
}

written() { # ROOT LANGUAGE
	sed -nE "s/^[[:space:]]*\{ \"(($groups)\.[^\"]*)\",.*/\1/p" "$1/tui/words/$2.c" | sort -u
}

unused_codes() { # ROOT, code on standard input
	local name
	grep -vE '^tui/words/' | grep -oE '\bCK_E_[A-Z0-9_]+' | sort -u >"$tmp/codes"
	sed -nE 's/^CK_ERR\(([A-Z0-9_]+),.*/\1/p' "$1/include/certkiosk/err.def" | while read -r name; do
		grep -qx "CK_E_$name" "$tmp/codes" || echo "CK_E_$name"
	done
}

keys() { # ROOT: "F4, or q" for every function key of the screens and its letter
	find "$1/tui" -name '*.c' | xargs -r perl -0777 -ne \
		'print "$3, or $1\n" while /\x27(.)\x27,\s*(\.name = )?"(F\d+)"/g' | sort -u
}

unsaid_quotes() { # ROOT: what the clerks' page quotes, and no screen says
	perl -CSDA -Mutf8 -e 'my $guide = shift; local $/; my $said = join "", <>;
		open my $f, "<:utf8", $guide or exit;
		for (<$f> =~ /“([^”]*)”/g) { for (split /…+/) { print "$_\n" if index($said, $_) < 0 } }' \
		"$1/tui/operator-guide.zh.txt" "$1"/tui/words/zh*.c
}

# The screens put the names of their sentences together: of each part there must be a text in the code
# that it can be, spelled out or by a format ("%s-about").
dead() { # ROOT, code on standard input
	{
		grep -vE '^tui/words/(zh|en)'
		(cd "$1" && sed -nE 's/^CK_ERR\(([A-Z0-9_]+),.*/"\1"/p; s/^#define CK_[A-Z_]+ ("[^"]*").*/\1/p' \
			include/certkiosk/*.*)
	} | perl -ne '
		BEGIN { @files = splice @ARGV }
		while (/"((?:\\.|[^"\\])*)"/g) {
			my $s = $1;
			$said{$s} = 1;
			$form{$s} = 1 if $s =~ /%[.\d]*s/ && $s ne "%s";
			$form{"$s%s"} = 1 if $s =~ /^[a-z]+-$/;
		}
		END {
			for my $any ("(.+)", "(.+?)") { # a part may have the separator in it
				push @forms, map { join $any, map { quotemeta } split /%[.\d]*s/, $_, -1 } keys %form;
			}
			sub can_be {
				my ($n, $deep) = @_;
				return 1 if $said{$n};
				for my $f ($deep < 3 ? @forms : ()) {
					my @parts = $n =~ /^$f$/ or next;
					return 1 unless grep { !can_be($_, $deep + 1) } @parts;
				}
				return 0;
			}
			for (@files) {
				open my $h, "<", $_ or next;
				my $text = do { local $/; <$h> };
				while ($text =~ /\{ "([^"]+)\.([^".]+)",/g) {
					print "$1.$2\n" unless can_be($1, 0) && can_be($2, 0);
				}
			}
		}' "$1"/tui/words/{zh,en}_{page,desk,visit}.c
}

check() { # ROOT
	local lang name
	code "$1" core tui printer >"$tmp/code"
	unused_codes "$1" <"$tmp/code" | rule "every code of err.def can happen"
	questions "$1" | while read -r name _; do
		grep -qE "^core/.*\b$name\b" "$tmp/code" || echo "$name"
	done | rule "every question is asked"
	keys "$1" | while read -r name; do
		grep -qxF ".It $name" "$1/tui/certkiosk.1" || echo "$name"
	done | rule "every key of the screens stands in certkiosk(1)"
	unsaid_quotes "$1" | rule "what the clerks' page quotes stands on a screen"
	dead "$1" <"$tmp/code" | rule "there is no sentence that no screen can come to"
	said "$1" | sort -u >"$tmp/said"
	said_by_front <"$tmp/code" | sort -u - "$tmp/said" >"$tmp/sayable"
	for lang in zh en; do
		written "$1" $lang >"$tmp/$lang"
		comm -23 "$tmp/said" "$tmp/$lang" | rule "$lang: what the engine says has its sentence"
		comm -13 "$tmp/sayable" "$tmp/$lang" | rule "$lang: there is no sentence that nobody says"
		lines "$1" | while read -r name; do
			grep -qF "{ \"$name\"," "$1/tui/words/$lang"*.c || echo "$name"
		done | rule "$lang: what stands in a record has its sentence"
	done
}

check .
for group in ${groups//|/ }; do
	grep -q "^$group\." "$tmp/said" || echo "no word of $group.* was found"
done | rule "words of every kind are found"

# ---- the rules themselves ----
bad=$tmp/bad
mkdir -p "$bad/core/walk" "$bad/core/base" "$bad/tui/words" "$bad/include/certkiosk"
echo 'CK_ERR(NEVER, 1, SITE, SAFE)' >"$bad/include/certkiosk/err.def"
echo '#define CK_ASK_NOBODY "nobody"' >"$bad/include/certkiosk/ask.h"
echo '	[CK_AT_KEY] = "key",' >"$bad/core/walk/plan.c"
echo '	[CK_END_DONE] = "done",' >"$bad/core/base/words.c"
cat >"$bad/core/walk/bad.c" <<'EOF'
/* CK_E_NEVER, CK_ASK_NOBODY */
static int
keep(struct ck_visit *v, const char *say)
{
	ck_visit_did(v, say, NULL);
}
static int
f(void)
{
	keep(v, "passed-on");
	ck_visit_did(v,
	    "spelled-out", NULL);
	ck_visit_did(
	    v, "broken-off", NULL);
	ck_talk_step(&v->talk, "own-step", 1,
	    STEPS, STEP_S);
	ck_talk_did(&v->talk, "own-step", 1, STEPS,
	    "own-deed", NULL);
	ck_talk_did(
	    &v->talk, "own-step", 1, STEPS, "folded-deed", NULL);
	note(v, &(struct ck_note){ .text = "its line" });
	ck_end_record(v, CK_AT_CLOSE, CK_RECORD_DONE,
	    "its last line", err);
}
EOF
printf '%s\n' "(struct ck_function){ CK_KEY_F(8), 'z'," '"F8", ck_say(ctx, "does", "x"), false };' >"$bad/tui/keys.c"
echo '.It F1, or h' >"$bad/tui/certkiosk.1"
echo '选“没有这一项”。' >"$bad/tui/operator-guide.zh.txt"
for lang in zh en; do
	printf '\t{ "%s", "x" },\n' did.unsaid ask.unsaid step.unsaid end.unsaid |
		tee "$bad/tui/words/$lang.c"
done >"$tmp/unsaid"
printf '\t{ "%s", "x" },\n' page.never elsewhere.title page.title page.title-about >"$bad/tui/words/zh_visit.c"
printf '%s\n' 'ck_say(ctx, "page", "title"); snprintf(a, n, "%s-about", b);' >"$bad/tui/page.c"
check "$bad" >"$tmp/seen"
{
	sed -n 's/^ok - //p' "$tmp/seen"
	for word in NEVER NOBODY did.passed-on did.spelled-out did.broken-off step.own-step did.own-deed did.folded-deed "line.its line" "line.its last line" step.key station.key end.done ask.nobody \
		question.nobody {did,ask,step,end}.unsaid "F8, or z" 没有这一项 page.never elsewhere.title; do
		grep -q "^#.*$word\$" "$tmp/seen" || echo "$word is not seen"
	done
	grep -E "^#.*page\.title" "$tmp/seen" | sed 's/$/ is said/'
} | rule "a breach of every rule is seen"
