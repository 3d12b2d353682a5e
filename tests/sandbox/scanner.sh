# A scanner for stories: SANE's own back ends, pnm (it sees what stands in a file) and test (a feeder of ten
# sheets, and every trouble there is), with a configuration that is the test's alone. Sourced.

sc_new() { # DIR
	SC=$1
	mkdir -p "$SC/sane.d"
	printf 'pnm\ntest\n' >"$SC/sane.d/dll.conf"
	export SANE_CONFIG_DIR=$SC/sane.d
	sc_test
}
sc_test() { # [STATUS]: how each of its sheets ends
	printf '%s\n' 'number_of_devices 1' 'mode Gray' 'depth 8' 'resolution 100' \
		'test-picture "Color pattern"' 'enable-test-options true' \
		"read-status-code \"${1:-Default}\"" >"$SC/sane.d/test.conf"
}

# Sheets as binary PPM, 200 dpi: how they come, and what happens to them.
sc_pages() { # PDF NAME: NAME-1.ppm …
	pdftoppm -r 200 "$1" "$SC/$2"
}
sc_turn() { # DEGREES FROM TO, clockwise
	perl -e '
		my ($deg, $from, $to) = @ARGV;
		open my $f, "<:raw", $from or die; local $/; $_ = <$f>;
		/\AP6\s+(\d+)\s+(\d+)\s+255\s/g or die;
		my ($w, $h) = ($1, $2); my $p = substr $_, pos;
		my @rows = map { substr $p, $_ * $w * 3, $w * 3 } 0 .. $h - 1;
		my $back = sub { join "", reverse unpack "(a3)*", $_[0] };
		if ($deg == 180) { @rows = map { $back->($_) } reverse @rows }
		else {
			my @px = map { [unpack "(a3)*", $_] } $deg == 90 ? reverse @rows : @rows;
			my @x = $deg == 90 ? 0 .. $w - 1 : reverse 0 .. $w - 1;
			@rows = map { my $x = $_; join "", map { $_->[$x] } @px } @x;
			($w, $h) = ($h, $w);
		}
		open my $o, ">:raw", $to or die; print $o "P6\n$w $h\n255\n", @rows; close $o or die;
	' "$@"
}
sc_stamp() { # FROM TO [X Y]: a round red seal of 40 mm about there (mm), pressed on whatever is under it
	perl -e '
		my ($from, $to, $cx, $cy) = @ARGV; $_ *= 200 / 25.4 for $cx, $cy;
		open my $f, "<:raw", $from or die; local $/; $_ = <$f>;
		/\AP6\s+(\d+)\s+(\d+)\s+255\s/g or die;
		my ($w, $h, $at) = ($1, $2, pos); my $r = 20 * 200 / 25.4;
		for my $y (int($cy - $r) .. int($cy + $r)) { for my $x (int($cx - $r) .. int($cx + $r)) {
			next if $x < 0 || $y < 0 || $x >= $w || $y >= $h;
			my $d = sqrt(($x - $cx) ** 2 + ($y - $cy) ** 2) / $r;
			next if $d > 1 || ($d < 0.93 && $d > 0.35);
			my $o = $at + ($y * $w + $x) * 3;
			substr($_, $o + 1, 2) = pack "C2", map { int($_ * 0.15) } unpack "C2", substr $_, $o + 1, 2;
		} }
		open my $o, ">:raw", $to or die; print $o $_; close $o or die;
	' "$1" "$2" "${3:-175}" "${4:-29}"
}
sc_blank() { # TO: paper with some dust on it, and the shadow of a lid
	perl -e '
		srand 7; my ($w, $h) = (1654, 2339);
		my $p = join "", map { pack "C", 236 + int rand 14 } 1 .. $w * $h;
		substr $p, int(rand($w * $h)), 1, "\x20" for 1 .. 200;
		substr $p, $_ * $w, 40, "\x30" x 40 for 0 .. $h - 1;
		$p =~ s/(.)/$1$1$1/gs;
		open my $o, ">:raw", $ARGV[0] or die; print $o "P6\n$w $h\n255\n$p"; close $o or die;
	' "$1"
}
sc_endless() { # PDF: its one page is a form of ten forms of ten forms … each a stroke: nobody sees the end of it
	perl -e '
		my $n = 0;
		my $put = sub { printf "%d 0 obj\n%s\nendobj\n", ++$n, $_[0] };
		my $stream = sub { sprintf "<< %s /Length %d >>\nstream\n%s\nendstream", $_[0], length $_[1], $_[1] };
		my $inner = sub { "/Resources << /XObject << /X $_[0] 0 R >> >>" };
		print "%PDF-1.4\n";
		$put->("<< /Type /Catalog /Pages 2 0 R >>");
		$put->("<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /MediaBox [ 0 0 595 842 ] >>");
		$put->("<< /Type /Page /Parent 2 0 R /Contents 4 0 R " . $inner->(5) . " >>");
		$put->($stream->("", "/X Do"));
		$put->($stream->("/Type /XObject /Subtype /Form /BBox [ 0 0 595 842 ] " . $inner->($n + 2), "/X Do " x 10)) for 1 .. 9;
		$put->($stream->("/Type /XObject /Subtype /Form /BBox [ 0 0 595 842 ]", "0 0 m 595 842 l S"));
		print "trailer\n<< /Size ", $n + 1, " /Root 1 0 R >>\n"' >"$1.bare"
	qpdf --warning-exit-0 --no-warn "$1.bare" "$1"
}
sc_png() { # PPM PNG
	perl -MCompress::Zlib -e '
		my ($from, $to) = @ARGV;
		open my $f, "<:raw", $from or die; local $/; $_ = <$f>;
		/\AP6\s+(\d+)\s+(\d+)\s+255\s/g or die;
		my ($w, $h, $at) = ($1, $2, pos);
		my $all = $_; my $rows = "";
		$rows .= "\0" . substr $all, $at + $_ * $w * 3, $w * 3 for 0 .. $h - 1;
		my $chunk = sub { pack("N", length $_[1]) . $_[0] . $_[1] . pack "N", crc32($_[0] . $_[1]) };
		open my $o, ">:raw", $to or die;
		print $o "\x89PNG\r\n\x1a\n", $chunk->("IHDR", pack "NNCCCCC", $w, $h, 8, 2, 0, 0, 0),
			$chunk->("IDAT", compress($rows)), $chunk->("IEND", "");
		close $o or die;
	' "$@"
}
