#!/bin/bash
# Sheets that come in, by a scanner or on a stick: what is told of each, and what a scanner that has none, or
# cannot, says.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/scanner.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
SB=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-scan.XXXXXX") || exit 1
trap 'rm -rf "$SB"' EXIT
sc_new "$SB"
NUMBER=CK-20261118-000027

cd "$SB" || exit 1
for who in customer site other; do
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $who.key -out $who.pem -days 3650 \
		-subj "/C=CN/CN=$who" 2>/dev/null
	openssl x509 -in $who.pem -outform DER | base64 -w0 >$who.b64
done
jq -n '{name: "张三", since: "1795000000", key_serial: "T1", station: "issue", site: "人民路受理点", reason: "authority"}' >fields.json
"$SB_TOOLS/signform" "$CK_BUILD/bin/forms" parking-slip fields.json $NUMBER form.pdf customer.key customer.pem \
	site.key site.pem >codes || { echo "not ok - a form is made and signed"; exit 1; }
sc_pages form.pdf page
mv page-1.ppm page.ppm

ask() { # REQUEST FILE [--on …]: out
	local leaks=1
	# what SANE's own back end for tests leaves behind when it is let go
	[[ $1 != *test:0* ]] || leaks=0
	rm -f sheet.*
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=$leaks timeout 60 "$SB_TOOLS/printask" "$CK_BUILD/test/certkiosk-print" "$@" >out 2>>err
	status=$?
}
scan() { # OPTIONS [MORE…]: a run of the scanner
	local options=$1
	shift
	: >sheet
	ask "$(jq -nc --argjson o "$options" --rawfile c site.b64 '{paper: "scan", scanner: "", colour: true, certificate: $c} + $o')" sheet "$@"
}
see() { # PPM [MORE]: as the pnm back end sees it
	local what=$1
	shift
	scan "$(jq -nc --arg f "$SB/$what" '{scanner: "pnm:0", options: {filename: $f}}')" "$@"
}
bring() { # FILE [CERT]: of a stick
	ask "$(jq -nc --rawfile c "${2:-site}.b64" '{paper: "read", certificate: $c}')" "$1"
}
sheet() { jq -r "select(.sheet).sheet | $1" out; }
ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' out; }
code='"\(.blank) \(.turned) \(.code.number) \(.code.form) \(.code.page)/\(.code.pages) \(.code.signed)"'

# ---- a PDF that is never done with: by its time on the processor, by the clock, nobody waiting ----
child() { # PID NAME: of that one, once there is one
	local pid='' waited=0
	until pid=$(pgrep -P "$1" -x "$2") || [ $((waited += 1)) -gt 600 ]; do sleep 0.05; done
	echo "$pid"
}
slow() { # NAME: SLOW, and DRAWS, the process that draws
	sc_endless "$1.pdf"
	"$SB_TOOLS/printask" "$CK_BUILD/test/certkiosk-print" '{"paper":"read"}' "$1.pdf" >"$1.out" 2>"$1.err" &
	SLOW=$!
	DRAWS=$(child "$(child $SLOW certkiosk-print)" pdftoppm)
}
slow left
is "it has no descriptor of ours" "$(find "/proc/$DRAWS/fd" -lname 'socket:*' | wc -l)" 0
is "nor may it begin anything, or fill a disk" "$(awk '/Max (processes|file size|core file)/ { print $(NF - 2) }' "/proc/$DRAWS/limits" | tr '\n' ' ')" \
	"1048576 0 0 "
kill -TERM $SLOW
wait $SLOW
ok "left alone: it is over, and nothing draws on" ! kill -0 "$DRAWS"
slow endless
ENDLESS=$SLOW
slow stopped
kill -STOP "$DRAWS"
STOPPED=$SLOW

# ---- which scanners ----
ask '{"paper":"scanners"}' form.pdf
is "they are listed" "$(jq -r 'select(.row).row.name' out | sort | tr '\n' ' ')$(ended)" "pnm:0 pnm:1 test:0 listed -"

# ---- a form ----
see page.ppm
like "a form is known by its code" "$(sheet "$code")" "^false 0 ${NUMBER}[-A-Z0-9]* parking-slip 1/1 true$"
is "one sheet, no more" "$(ended) $(jq -r 'select(.end).sheets' out)" "scanned - 1"
is "which is handed over" "$(sheet '"\(.type) \(.size) \(.sha256)"')" \
	"image/jpeg $(stat -c %s sheet.1) $(sha256sum sheet.1 | cut -d' ' -f1)"
like "as a picture" "$(file -b sheet.1)" '^JPEG.*1654x2339'
upright=$(sheet .code.text)
is "the code is the one that was printed" "$(sheet .code.text)" "$(zbarimg -q --raw -Sdisable -Sqrcode.enable sheet.1)"
for deg in 90 180 270; do
	sc_turn $deg page.ppm turned.ppm
	see turned.ppm
	is "turned by $deg: seen" "$(sheet '"\(.turned) \(.code.text)"')" "$deg $upright"
	cp sheet.1 put.jpg
	bring put.jpg
	is "turned by $deg: and put upright" "$(sheet '"\(.turned) \(.width)x\(.height) \(.code.text)"')" "0 1654x2339 $upright"
done
sc_stamp page.ppm stamped.ppm
see stamped.ppm
is "under a red seal" "$(sheet .code.text)" "$upright"
perl -e 'open my $f, "<:raw", $ARGV[0]; local $/; $_ = <$f>; /\AP6\s+(\d+)\s+(\d+)\s+255\s/g; my ($w, $h, $p) = ($1, $2, substr $_, pos);
	$p =~ s/(.)(.)(.)/chr int((77 * ord($1) + 150 * ord($2) + 29 * ord($3)) \/ 256)/gse; print "P5\n$w $h\n255\n$p"' stamped.ppm >grey.pgm
see grey.pgm
is "a scanner that sees no colour" "$(sheet '"\(.type) \(.code.text)"')" "image/png $upright"
ask "$(jq -nc --rawfile c other.b64 --arg f "$SB/page.ppm" '{paper: "scan", scanner: "pnm:0", options: {filename: $f}, certificate: $c}')" sheet
is "another site's is not this one's" "$(sheet .code.signed)" false
sc_blank blank.ppm
see blank.ppm
is "nothing is on it" "$(sheet '"\(.blank) \(.code)"')" "true null"

# ---- of a stick ----
pdftoppm -png -r 150 form.pdf pic && mv pic-1.png pic.png
pdftoppm -jpeg -r 150 form.pdf pic && mv pic-1.jpg pic.jpg
for f in pic.png pic.jpg; do
	before=$(sha256sum $f)
	bring $f
	is "$f: read, and left as it is" "$(sheet '"\(.code.text) \(.code.signed) \(.sha256)"') $(ended)" "$upright true ${before%% *} read -"
	is "$f: untouched" "$(sha256sum $f)" "$before"
	head -c $(($(stat -c %s $f) * 2 / 3)) $f >torn.${f#*.}
	bring torn.${f#*.}
	is "$f: torn" "$(ended)" "failed SHEET_UNREADABLE"
done
: >empty
bring empty
is "an empty file" "$(ended)" "failed SHEET_FORMAT"
cp pic.png huge.png && truncate -s $((8 * 1024 * 1024 + 1)) huge.png
bring huge.png
is "more than is taken" "$(ended)" "failed SHEET_LARGE"
{ head -c 16 pic.png; printf '\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0'; } >claims
printf 'IHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0' | gzip -c | tail -c 8 | head -c 4 | xxd -p | fold -w 2 | tac | tr -d '\n' | xxd -r -p >>claims
tail -c +34 pic.png >>claims
bring claims
is "it claims a thousand million pixels" "$(ended)" "failed SHEET_LARGE"

# libjpeg reads on where one scan follows the other
perl -0777 -ne 'my ($head, $scan, $end) = /^(.*?)(\xff\xda.*)(\xff\xd9)/s; print $head, $scan x 40, $end' pic.jpg >scans.jpg
bring scans.jpg
is "scans without end" "$(ended) $(jq -r 'select(.end).error.detail' out)" "failed SHEET_UNREADABLE too many scans"

# ---- a PDF of a stick ----
pr_pdf white.pdf ""
cp form.pdf one.pdf
bring one.pdf
is "a PDF: its page is a sheet as a scanner has it" "$(sheet '"\(.turned) \(.code.text) \(.code.signed) \(.type) \(.width)x\(.height)"') $(ended)" \
	"0 $upright true image/jpeg 1654x2339 read -"
is "which is handed over" "$(sheet '"\(.size) \(.sha256)"')" "$(stat -c %s one.pdf.1) $(sha256sum one.pdf.1 | cut -d' ' -f1)"
qpdf --rotate=+90 form.pdf on-side.pdf
bring on-side.pdf
is "on its side: seen" "$(sheet '"\(.turned) \(.code.text)"')" "90 $upright"
bring on-side.pdf.1
is "on its side: and put upright" "$(sheet '"\(.turned) \(.width)x\(.height)"')" "0 1654x2339"
qpdf --empty --pages white.pdf form.pdf -- both.pdf
bring both.pdf
is "each page by itself" "$(sheet '"\(.blank) \(.code.text)"' | tr '\n' ' ')$(ended)" "true null false $upright read -"
bring_pages() {
	bring "$1"
	is "$2" "$(sheet .size | wc -l) $(ended)" "$3"
}
pr_pdf twenty.pdf {1..20}
bring_pages twenty.pdf "twenty pages" "20 read -"
pr_pdf many.pdf {1..21}
bring_pages many.pdf "twenty-one: none is taken" "0 failed SHEET_PAGES"
qpdf --encrypt '' owner 256 -- form.pdf no-password.pdf
bring_pages no-password.pdf "encrypted, but not from those who look" "1 read -"
qpdf --encrypt user owner 256 -- form.pdf locked.pdf
bring_pages locked.pdf "encrypted" "0 failed SHEET_LOCKED"
head -c $(($(stat -c %s form.pdf) / 2)) form.pdf >half.pdf
bring_pages half.pdf "half of one" "0 failed SHEET_DAMAGED"
{ cat half.pdf; printf '\n%%%%EOF\n'; } >mended.pdf
bring_pages mended.pdf "half of one with an end" "0 failed SHEET_DAMAGED"
perl -0777 -pe 'substr($_, 5000, 300) = "\0" x 300' form.pdf >hole.pdf
bring_pages hole.pdf "a hole in its first page: not taken for the page" "0 failed SHEET_DAMAGED"
perl -0777 -pe 's/MediaBox \[ 0 0 595 842 \]/MediaBox [ 0 0 14400 9 ]/' white.pdf >long.pdf
bring long.pdf
is "a page as long as a street" "$(sheet .width) $(ended)" "2339 read -"
cp form.pdf alone.pdf
env PATH=/nowhere "$SB_TOOLS/printask" "$CK_BUILD/test/certkiosk-print" '{"paper":"read"}' alone.pdf >out 2>>err
is "without poppler" "$(ended)" "failed SHEET_PROGRAM"
cp form.pdf untaken.pdf
ask '{"paper":"read"}' untaken.pdf --on sheet=leave
is "a page that is not taken is the last" "$(ended)" "failed LINK"

# ---- a feeder, and what goes wrong ----
feeder='{"scanner": "test:0"}'
scan "$feeder"
is "all sheets of a feeder" "$(sheet .blank | sort | uniq -c | tr -s ' ') $(ended) $(jq -r 'select(.end).sheets' out)" " 10 false scanned - 10"
scan '{"scanner": "test:0", "options": {"source": "Flatbed"}}'
is "of its glass there is one" "$(ended) $(jq -r 'select(.end).sheets' out)" "scanned - 1"
for t in JAMMED:SCAN_JAM NO_DOCS:SCAN_EMPTY COVER_OPEN:SCAN_COVER DEVICE_BUSY:SCAN_BUSY IO_ERROR:SCAN_TROUBLE; do
	sc_test "SANE_STATUS_${t%:*}"
	scan "$feeder"
	is "${t%:*}" "$(ended) $(sheet .size)" "failed ${t#*:} "
done
sc_test
scan '{"scanner": "test:0", "options": {"no-such-option": "1"}}'
is "an option it has not" "$(ended)" "failed SCAN_TROUBLE"
scan '{"scanner": "nobody:0"}'
is "a scanner that is not there" "$(ended)" "failed SCAN_NONE"
: >"$SC/sane.d/dll.conf"
scan '{}'
is "no scanner at all" "$(ended)" "failed SCAN_NONE"
printf 'test\n' >"$SC/sane.d/dll.conf"
scan "$feeder" --on sheet=leave
is "a sheet that is not taken is the last" "$(ended) $(sheet .size | wc -l)" "failed LINK 1"
wait $ENDLESS $STOPPED
is "drawn for ever" "$(jq -r .error.name endless.out)" SHEET_ENDLESS
is "drawn no more" "$(jq -r .error.name stopped.out)" SHEET_ENDLESS
ok "which is ended" ! kill -0 "$DRAWS"
is "nothing on standard error" "$(cat err)" ""
