# Sourced by stories: a printer that speaks IPP and a CUPS of our own before it, both on loopback, both
# gone when the story ends. Sheets that came out are files.
#
#   pr_new                makes the place; $PR is its directory (below $PR_UNDER, /tmp). A sandbox made after
#                         it (lib.sh) stands in it, and ends with it once "trap pr_end EXIT" says so
#   pr_printer [OPT…]     starts the printer (ippeveprinter); $PR_URI is its address, A4 is in its tray
#   pr_printer_kill       as a cable that is pulled; pr_printer starts it again at the same address, and
#                         it has forgotten its jobs
#   pr_mode [WORD]        media-jam, media-empty, cover-open, toner-empty, spool-area-full: until the word goes;
#                         abort: fails; hold: nothing out yet; half: the first page is out, and no more;
#                         nothing: it says completed, and no page was fed; once: one copy of what was asked for
#   pr_tray SHEETS        so much A4 is in its tray; 0: it is out of paper
#   pr_sheets             how many documents came out; pr_sheet N: the file of the one, from 0
#   pr_cups               starts cupsd and makes it ours by CUPS_SERVER; pr_cups_kill, pr_cups_stop
#   pr_queue NAME URI [OPT…]   adds a queue without drivers
#   pr_print TITLE PRINTER [MEMBERS] [--on WORD=ACT]…   prints $PR_DOC by certkiosk-print (printask): its
#                         lines in $PR/said (or $PR_SAID); MEMBERS: more of the request, as '"copies":2'
#   pr_find TITLE PRINTER [MEMBERS] [--on WORD=ACT]…    what became of it, likewise
#   pr_crawl JOB          sends $PR_DOC for that job of the printer's, all but its end, which comes when a
#                         byte comes out of the pipe $PR/crawl; "held" stands in $PR/crawled meanwhile
#   pr_way PORT           a way to the printer ($PR_PORT) or to CUPS ($PR_CUPS_PORT) by $PR_WAY, another port, on
#                         which the second half of a document stays (halfway), whose bytes are $PR_HALF; pr_held
#                         until it does; pr_go on | off sends it on or loses it
#   pr_later pr_print …  either in the background, as $PR_ASKER
#   pr_ended, pr_states   of those lines: the end and its reason; the states and reasons on the way
#   pr_said WORD          until such a word stands among them
#   pr_pdf FILE TEXT…     a small PDF of our own, a page for each text

PR_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CK_BUILD=${CK_BUILD:-$PR_TREE/build}
PR_PRINT=${PR_PRINT:-$CK_BUILD/test/certkiosk-print}
PR_WAIT_S=20 # a loaded machine starts a server in well under a second
PR='' PR_WAY=0 PR_WAY_PID='' PR_PID='' PR_PORT=0 PR_URI='' PR_CUPS_PID='' PR_CUPS_PORT=0

# A socket's path has 107 bytes, and the filters of a cupsd that runs as root are lp's: not below TMPDIR.
pr_new() {
	PR=$(mktemp -d "${PR_UNDER:-/tmp}/ck-paper.XXXXXX") || exit 1
	PR_OWNER=$BASHPID
	trap pr_end EXIT
	trap 'exit 1' HUP INT TERM
	chmod 711 "$PR"
	mkdir -p "$PR"/{ok,p/out,p/spool,home,tmp}
	export PR_DIR=$PR/p HOME=$PR/home CUPS_SERVER=$PR/none.sock TMPDIR=$PR/tmp
	unset LPDEST PRINTER CUPS_USER http_proxy
	PR_DOC=$PR/form.pdf SB=$PR/ok # for ok (lib.sh)
	pr_pdf "$PR_DOC" "one page"
}

pr_end() {
	local rc=$?
	[ "$BASHPID" = "$PR_OWNER" ] || exit $rc
	sb_stop
	pr_mode
	pr_way_end
	pr_printer_kill
	pr_cups_stop
	pr_strays
	[ -n "${PR_KEEP:-}" ] && echo "# kept: $PR" || rm -rf "$PR"
	exit $rc
}

# What a cupsd leaves behind that was killed: its filters and backends. They have our folder from it.
pr_strays() {
	grep -lzxF "CUPS_SERVERROOT=$PR/etc" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | xargs -r kill -KILL 2>/dev/null
}

# Until a condition holds; the story goes on in any case, and fails by what it tests then.
pr_until() {
	local end=$((SECONDS + PR_WAIT_S))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.02
	done
}

# Nobody else of this machine listens there, and nobody is given it: outside of the range for clients.
pr_port() {
	local port
	for port in $(shuf -i 21000-29999 -n 20); do
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port" && return; }
	done
}

pr_answers() { ipptool -q "$1" "$PR/state.test"; }

pr_printer() {
	local tries=0
	[ "$PR_PORT" -ne 0 ] || PR_PORT=$(pr_port)
	PR_URI=ipp://localhost:$PR_PORT/ipp/print
	cat >"$PR/state.test" <<-'EOT'
		{
			OPERATION Get-Printer-Attributes
			GROUP operation-attributes-tag
			ATTR charset attributes-charset utf-8
			ATTR language attributes-natural-language en
			ATTR uri printer-uri $uri
			STATUS successful-ok
		}
	EOT
	while [ $((tries += 1)) -le 3 ]; do
		# its own group: its command goes with it
		PR_DIR=$PR/p LD_PRELOAD=$CK_BUILD/test/noavahi.so setsid ippeveprinter -r off -p "$PR_PORT" \
			-n localhost -d "$PR/p/spool" -k -2 -f "${PR_FORMATS:-application/pdf}" \
			-c "$PR_TREE/tests/sandbox/paperfeed" "$@" kiosk >>"$PR/printer.log" 2>&1 &
		PR_PID=$!
		pr_until pr_up && break
		pr_printer_kill
		# somebody took the port: only at the first start may it be another one
		[ "$PR_PORT" = "${PR_FIXED:-}" ] || PR_PORT=$(pr_port) PR_URI=ipp://localhost:$PR_PORT/ipp/print
	done
	PR_FIXED=$PR_PORT
	pr_tray 250
}
pr_up() { pr_answers "$PR_URI" || ! kill -0 "$PR_PID"; }

pr_printer_kill() {
	[ -n "$PR_PID" ] || return 0
	kill -KILL -- "-$PR_PID" 2>/dev/null
	wait "$PR_PID" 2>/dev/null
	PR_PID=''
}

pr_tray() {
	curl -s -o "$PR/media.html" --noproxy '*' \
		"http://localhost:$PR_PORT/media?size1=iso_a4_210x297mm&type1=stationery&level1=$1&size3=&type3=&level3=-2"
}
pr_mode() { printf '%s' "${1:-}" >"$PR/p/mode.next" && mv "$PR/p/mode.next" "$PR/p/mode"; }
pr_sheets() { find "$PR/p/out" -name '*.doc' | wc -l; }
pr_sheet() { echo "$PR/p/out/$1.doc"; }

pr_cups() {
	[ -d "$PR/etc" ] || pr_cups_tree
	/usr/sbin/cupsd -f -c "$PR/etc/cupsd.conf" -s "$PR/etc/cups-files.conf" >>"$PR/cupsd.log" 2>&1 &
	PR_CUPS_PID=$!
	export CUPS_SERVER=$PR/run/cups.sock
	pr_until pr_cups_up
}

# lpstat ends well either way
pr_cups_up() { lpstat -r | grep -q 'is running'; }

# As it should be set up at a counter: each job is on the disk at once, none is printed again after a
# crash (the spool is emptied before it starts).
pr_cups_tree() {
	local user group
	user=$(id -un) group=$(id -gn)
	[ "$(id -u)" != 0 ] || user=lp group=lp
	PR_CUPS_PORT=$(pr_port)
	mkdir -p "$PR"/{etc/ppd,etc/ssl,log,spool/tmp,cache/rss,run/certs}
	cat >"$PR/etc/cups-files.conf" <<-EOF
		FileDevice Yes
		SyncOnClose Yes
		User $user
		Group $group
		SystemGroup $(id -gn)
		ServerRoot $PR/etc
		StateDir $PR/run
		CacheDir $PR/cache
		RequestRoot $PR/spool
		TempDir $PR/spool/tmp
		ServerBin /usr/lib/cups
		DataDir /usr/share/cups
		AccessLog $PR/log/access_log
		ErrorLog $PR/log/error_log
		PageLog $PR/log/page_log
	EOF
	cat >"$PR/etc/cupsd.conf" <<-EOF
		LogLevel debug
		MaxLogSize 0
		Listen 127.0.0.1:$PR_CUPS_PORT
		Listen $PR/run/cups.sock
		Browsing Off
		WebInterface No
		DefaultAuthType None
		DirtyCleanInterval 0
		MultipleOperationTimeout 60
		PreserveJobHistory Yes
		PreserveJobFiles No
		JobKillDelay 2
		IdleExitTimeout 0
		<Location />
		 Order allow,deny
		 Allow localhost
		</Location>
		<Location /admin>
		 Order allow,deny
		 Allow localhost
		</Location>
		<Policy default>
		 JobPrivateAccess default
		 JobPrivateValues none
		 <Limit All>
		  Order deny,allow
		 </Limit>
		</Policy>
	EOF
}

pr_cups_stop() { # [SIGNAL]
	[ -n "$PR_CUPS_PID" ] || return 0
	kill "-${1:-TERM}" "$PR_CUPS_PID" 2>/dev/null
	wait "$PR_CUPS_PID" 2>/dev/null
	PR_CUPS_PID=''
}
pr_cups_kill() { pr_cups_stop KILL; }
pr_cups_again() { # after a crash
	rm -f "$PR"/spool/[cd]*
	pr_cups
}

pr_queue() {
	local name=$1 uri=$2
	shift 2
	# lpadmin asks at no address that has words for the backend in it
	lpadmin -p "$name" -v "${uri%%\?*}" -m everywhere -E "$@" 2>>"$PR/lpadmin.log" &&
		lpadmin -p "$name" -v "$uri"
}

pr_ask() { # REQUEST [FILE] [--on WORD=ACT]…
	: >"${PR_SAID:-$PR/said}"
	timeout 60 "$CK_BUILD/test/printask" "$PR_PRINT" "$@" >"${PR_SAID:-$PR/said}" 2>>"$PR/print.err"
}
pr_request() { # PAPER TITLE PRINTER MEMBERS
	jq -nc --arg p "$1" --arg t "$2" --arg q "$3" "{paper:\$p, title:\$t, printer:\$q, pages:1} + {$4}"
}
pr_print() {
	local title=$1 printer=$2 members=
	shift 2
	case ${1---on} in --on) ;; *) members=$1 && shift ;; esac
	pr_ask "$(pr_request print "$title" "$printer" "$members")" "$PR_DOC" "$@"
}
pr_find() {
	local title=$1 printer=$2 members='sent:true'
	shift 2
	case ${1---on} in --on) ;; *) members=$1 && shift ;; esac
	pr_ask "$(pr_request find "$title" "$printer" "$members")" "$@"
}
pr_crawl() {
	perl -MIO::Socket::INET -e '
		my ($port, $uri, $job, $doc, $go) = @ARGV; $| = 1;
		my $attr = sub { pack("C n/a* n/a*", @_) };
		local $/; open my $in, "<", $doc or die; my $pdf = <$in>;
		my $ipp = pack("nnNC", 0x0200, 6, 1, 1) . $attr->(0x47, "attributes-charset", "utf-8") .
			$attr->(0x48, "attributes-natural-language", "en") . $attr->(0x45, "printer-uri", $uri) .
			$attr->(0x21, "job-id", pack("N", $job)) . $attr->(0x49, "document-format", "application/pdf") .
			$attr->(0x22, "last-document", chr 1) . chr 3;
		my $s = IO::Socket::INET->new(PeerAddr => "localhost", PeerPort => $port) or die;
		printf $s "POST /ipp/print HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/ipp\r\n" .
			"Content-Length: %d\r\n\r\n", $port, length($ipp) + length $pdf;
		print $s $ipp . substr $pdf, 0, -50; $s->flush; print "held\n";
		open my $wait, "<", $go; sysread $wait, my $byte, 1;
		print $s substr $pdf, -50; $s->flush; sysread $s, $byte, 12; print "$byte\n"' \
		"$PR_PORT" "$PR_URI" "$1" "$PR_DOC" "$PR/crawl" >"$PR/crawled"
}
pr_way() {
	pr_way_end
	mkdir -p "$PR/way"
	rm -f "$PR"/way/*
	mkfifo "$PR/way/word"
	echo "$PR_HALF" >"$PR/way/half"
	[ "$PR_WAY" -ne 0 ] || PR_WAY=$(pr_port)
	setsid "$PR_TREE/tests/sandbox/halfway" "$PR_WAY" "$1" "$PR/way" 2>>"$PR/way.log" &
	PR_WAY_PID=$!
	pr_until pr_way_up
}
pr_way_up() { (exec 3<>"/dev/tcp/127.0.0.1/$PR_WAY") 2>/dev/null; }
pr_way_end() {
	[ -n "$PR_WAY_PID" ] || return 0
	kill -KILL -- "-$PR_WAY_PID" 2>/dev/null
	wait "$PR_WAY_PID" 2>/dev/null
	PR_WAY_PID=''
}
pr_held() { pr_until test -e "$PR/way/held"; }
pr_go() { echo "$1" >"$PR/way/word"; }
pr_later() { # pr_print … or pr_find …, in the background: $PR_ASKER
	: >"${PR_SAID:-$PR/said}"
	"$@" 2>/dev/null &
	PR_ASKER=$!
}
pr_ended() { jq -rs 'last | (.end // "-") + " " + (.error.name // "-")' "${PR_SAID:-$PR/said}"; }
pr_states() { jq -rs 'map(select(.state) | .state + (.why // "" | sub("PRINT_"; ":"))) | reduce .[] as $s ([]; if last == $s then . else . + [$s] end) | join(" ")' "${PR_SAID:-$PR/said}"; }
pr_said() { pr_until grep -q "\"$1\"" "${PR_SAID:-$PR/said}"; }

pr_pdf() { # FILE TEXT…
	local file=$1 n=0 kids='' text
	shift
	for text; do
		kids+="$((4 + 2 * n)) 0 R "
		n=$((n + 1))
	done
	perl -e '
		my ($kids, $n, @text) = @ARGV; my ($out, @at) = ("%PDF-1.4\n");
		my $put = sub { push @at, length $out; $out .= scalar(@at) . " 0 obj\n$_[0]\nendobj\n" };
		$put->("<< /Type /Catalog /Pages 2 0 R >>");
		$put->("<< /Type /Pages /Count $n /Kids [ $kids] >>");
		$put->("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>");
		for (@text) { my $s = "BT /F1 24 Tf 72 700 Td ($_) Tj ET"; my $next = @at + 2;
			$put->("<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ] /Contents $next 0 R /Resources << /Font << /F1 3 0 R >> >> >>");
			$put->("<< /Length " . length($s) . " >>\nstream\n$s\nendstream") }
		my $x = length $out; $out .= "xref\n0 " . (@at + 1) . "\n0000000000 65535 f \n";
		$out .= sprintf "%010d 00000 n \n", $_ for @at;
		print "${out}trailer\n<< /Size " . (@at + 1) . " /Root 1 0 R >>\nstartxref\n$x\n%%EOF\n"' \
		"$kids" "$n" "$@" >"$file"
}

pr_idle() { # the printer is at nothing
	local state
	state=$(ipptool -tv -f "$PR_DOC" "$PR_URI" "$PR/state.test" 2>/dev/null | sed -n 's/.*printer-state (enum) = //p')
	[ "$state" = idle ]
}
