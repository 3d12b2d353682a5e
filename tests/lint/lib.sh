# Sourced by the lints: how a rule speaks, and the code they look at.

rule() { # NAME, breaches on standard input
	local breaches
	breaches=$(cat)
	if [ -z "$breaches" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$breaches" | sed 's/^/#   /'
	fi
}

code() { # ROOT FOLDER…: "file:line:text" of all its C, comments gone
	(cd "$1" && shift && find "$@" -name '*.[ch]' 2>/dev/null | sort | xargs -r perl -0777 -ne '
		s{("(?:\\.|[^"\\\n])*")|(/\*.*?\*/|//[^\n]*)}{ defined $1 ? $1 : $2 =~ s/[^\n]//gr }gse;
		my $n = 0;
		print "$ARGV:", ++$n, ":$_\n" for split /\n/')
}
