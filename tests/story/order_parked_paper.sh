#!/bin/bash
# An order that stands still for paper: the form is out and has to come back with its seal, or the printer had
# no paper for it. Left, met by a power cut, the desk restarted; gone on with where it stood, here or at another
# counter, and given up.
. "$(dirname "$0")/../sandbox/order.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
. "$(dirname "$0")/../sandbox/scanner.sh"
. "$(dirname "$0")/../sandbox/standing.sh"
pr_new
order_new szca-cgn
trap pr_end EXIT
pr_printer
sb_form "$PR_URI"
echo 'form = "szca-extension";' >>"$SB/systems/szca-cgn.conf"
sc_new "$SB"
mkdir "$SB/stick"
SB_PAPER="${SB_PAPER%\};} scan_folders = [ \"$SB/stick\" ]; };"
sb_site_conf
KEY_OF=(--not-before -400d --not-after -10d)
owner='{"ask":"applicant","organisation":"上海某某科技有限公司","credit-code":"91350100M000100Y43","legal":"李四"}'
file() { printf '{"ask":"papers","do":"file:%s"}' "$SB/stick/$1"; }
perl -e 'srand 5; print "P6\n350 450\n255\n", map { pack "C", 100 + int rand 156 } 1 .. 350 * 450 * 3' >"$SB/licence.ppm"
sc_png "$SB/licence.ppm" "$SB/licence.png"

at_papers() { begin "$(months 12)" "$agent" "$owner" "$none"; }
at_form() {
	pr_mode media-empty
	at_papers
}
in_hand() { # this counter's form with a red seal on it, and a licence, on a stick
	local record
	record=$(ck records --all --json | jq -r 'select(.row).row.record' | head -n 1)
	rm -f "$SB"/stick/* "$SB"/page*
	ck form "$record" --out "$SB/form.pdf" >/dev/null
	sc_pages "$SB/form.pdf" page
	sc_stamp "$SB/page-1.ppm" "$SB/sealed.ppm"
	sc_png "$SB/sealed.ppm" "$SB/stick/form.png"
	cp "$SB/licence.png" "$SB/stick/"
	rm -f "$SB/form.pdf"
}
settle_papers() {
	renew "$resume" # a counter that takes it over makes a form of its own
	in_hand
	begin "$resume" "$(file form.png)" "$(file licence.png)"
	until_asked identity
	sb_identity passed
	until_asked pay-method
	feed "$(method alipay)"
	until_asked payment
	sb_pays
	until_asked review
	sb_review passed
	finish "$(review wait)"
}
settle_form() {
	local was
	was=$(pr_sheets)
	pr_mode
	ck records tend --json >"$SB/tended"
	pr_until eval '[ "$(pr_sheets)" -gt $was ]'
	settle_papers
}

every papers "papers-pending papers" at_papers papers "" settle_papers
is "papers: a form at each counter, none twice" "$(pr_sheets)" 4
every form "papers-pending papers" at_form papers "" settle_form
ok "the ledger is whole" ck ledger verify
