#!/bin/bash
# Papers the desk wants: our own form, signed and with a red seal on it, and a licence. They come in by a
# scanner or on a stick, as pictures or PDF, find their place, are kept sealed, and each is at the desk once whatever dies.
. "$(dirname "$0")/../sandbox/order.sh"
. "$(dirname "$0")/../sandbox/scanner.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
order_new szca-cgn
sc_new "$SB"
mkdir "$SB/stick"
sb_form
# the system's own, with more of its clauses, so that it has two pages
cp -r "$SB_TREE/printer/forms" "$SB/forms"
awk '{ print } /身份证号码|同意《电子/ && /text = / { for (i = 0; i < 12; i++) print }' "$SB_TREE/printer/forms/szca-extension.conf" >"$SB/forms/szca-extension.conf"
echo 'form = "szca-extension";' >>"$SB/systems/szca-cgn.conf"
paper() { # OPTION…: what stands in certkiosk.conf of papers
	SB_PAPER="paper = { certificate = \"pki/site.pem\"; key = \"pki/site.key\"; forms_dir = \"$SB/forms\"; $*
		scan_folders = [ \"$SB/sti*\" ]; };"
	sb_site_conf
}
at_pnm() { cp "$1" "$SB/lies-in" && paper "scanner = \"pnm:0\"; scan_options = [ \"filename=$SB/lies-in\" ];"; }
at_feeder() { sc_test "$1" && paper 'scanner = "test:0";'; }

agent='{"ask":"applicant","name":"张三","resident-id":"11010519491231002X","mobile":"15966606660"}'
owner='{"ask":"applicant","organisation":"上海某某科技有限公司","credit-code":"91350100M000100Y43","legal":"李四"}'
none='{"ask":"applicant","want":"no","title":"","tax-id":"","mail":"","mobile":""}'
order=("$(months 12)" "$agent" "$owner" "$none")
later='{"ask":"papers","do":"later"}' scan='{"ask":"papers","do":"scan"}'
file() { printf '{"ask":"papers","do":"file:%s"}' "$1"; }
told() { jq -r 'select(.ask == "papers" and .error).error | "\(.name):\(.detail)"' "$SB/out" | tr '\n' ' '; }
names() { jq -r 'select(.ask == "papers" and .error).error.name' "$SB/out" | tr '\n' ' '; }
last_papers() { jq -r 'select(.ask == "papers").facts | [.papers[] | "\(.kind) \(.state) \(.have // "-")/\(.pages // "-")"] | join(", ")' "$SB/out" | tail -n 1; }
at_desk() { sb_show '.papers[-1].lease as $l | [.papers[] | select(.lease == $l) | "\(.kind) \(.state) \(.page // 0) \(.whole // 0) \((.sent // 0) == (.size // 0))"] | join("; ")'; }
kept() { sqlite3 -cmd '.timeout 4000' "$SB/${1:-state}/records.db" "SELECT group_concat(kind || page || ':' || uploaded, ' ') FROM (SELECT * FROM sheet ORDER BY kind, page)"; }

stands() { ck records --all --json | jq -r 'select(.row).row | "\(.state) \(.reason) \(.station)"' | head -n 1; }
expired() { fresh --not-before -400d --not-after -10d; }
another() { # LABEL: customer at this counter
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	sb_key --label "$1" --pin $pin --usage sign --alg p256 --not-before -400d --not-after -10d \
		--subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
}
printed() { # the form of the record that is parked, as pages
	record=$(ck records --all --json | jq -r 'select(.row).row.record' | head -n 1)
	rm -f "$SB"/page*.ppm
	ck form "$record" --out "$SB/form.pdf" >/dev/null || return 1
	sc_pages "$SB/form.pdf" page
	mv "$SB/form.pdf" "$SB/form-$record.pdf"
	pages=$(find "$SB" -maxdepth 1 -name 'page-*.ppm' | wc -l)
}

# ---- another customer's form, to be mixed up with ----
paper
expired
renew "${order[@]}"
is "the form is made, and it waits for the papers" "$(ended) $(stands)" "parked - parked papers-pending papers"
ok "it can be printed" printed
is "of two pages" "$pages" 2
cp "$SB/page-1.ppm" "$SB/other.ppm"
other=$record

# ---- what is no paper of this renewal ----
another second
renew "${order[@]}"
ok "a form of its own" printed
sc_stamp "$SB/page-1.ppm" "$SB/one.ppm" && sc_turn 180 "$SB/page-2.ppm" "$SB/two.ppm" && sc_turn 90 "$SB/one.ppm" "$SB/one-90.ppm"
sc_blank "$SB/blank.ppm"
at_pnm "$SB/blank.ppm"
renew "$scan" "$later"
is "a blank page" "$(names)" "SHEET_BLANK "
is "all are still wanted" "$(last_papers)" "form wanted 0/2, licence wanted 0/1"
is "later: parked" "$(ended) $(stands)" "parked - parked papers-pending papers"
at_pnm "$SB/other.ppm"
renew "$scan" "$later"
like "a page of another record is refused by its name" "$(told)" "^SHEET_OTHER:$other-KIOSK-1-"
is "nothing of them is kept" "$(kept)" ""
at_feeder SANE_STATUS_JAMMED
renew "$scan" "$later"
is "paper is jammed" "$(names)" "SCAN_JAM "
at_feeder SANE_STATUS_NO_DOCS
renew "$scan" "$later"
is "the feeder is empty" "$(names)" "SCAN_EMPTY "
paper 'scanner = "nobody:0";'
renew "$scan" "$later"
is "there is no scanner" "$(names)" "SCAN_NONE "

# ---- they come in, page by page ----
at_pnm "$SB/two.ppm"
renew "$scan" "$later"
is "the second page first, upside down" "$(last_papers)" "form wanted 1/2, licence wanted 0/1"
like "what is missing is named" "$(told)" '^SHEET_MISSING:form: 1; licence '
is "it is kept" "$(kept)" "form2:0"
is "and not at the desk before the form is whole" "$(sb_show '[.papers[] | select(.sha)] | length')" 0
ok "sealed" ! grep -aq 'JFIF' "$SB/state/records.db" "$SB/state/records.db-wal"
at_pnm "$SB/one-90.ppm"
sb_knob desk.lose-reply.paper 1
renew "$scan" "$later"
is "the first, under a red seal and on its side; an answer is lost" "$(last_papers)" "form in -/-, licence wanted 0/1"
is "told: it is in" "$(jq -r 'select(.say == "paper-in").facts | "\(.kind) \(.pages)"' "$SB/out")" "form 2"
is "each page is at the desk once" "$(at_desk)" "form in 1 1 true; form in 2 1 true; licence wanted 0 0 true"

# ---- of a stick; killed, cut off and restarted on the way ----
perl -e 'srand 5; print "P6\n700 900\n255\n", map { pack "C", 100 + int rand 156 } 1 .. 700 * 900 * 3' >"$SB/noise.ppm"
perl -e 'srand 6; print "P6\n70 90\n255\n", map { pack "C", 100 + int rand 156 } 1 .. 70 * 90 * 3' >"$SB/back.ppm"
echo 'no picture' >"$SB/stick/broken.png"
ok "a licence as a picture" sc_png "$SB/noise.ppm" "$SB/stick/licence.png"
size=$(stat -c %s "$SB/stick/licence.png")
ok "of several parts" [ "$size" -gt 300000 ]
renew "$(file "$SB/stick/broken.png")" "$later"
is "a file that is none" "$(names)" "SHEET_FORMAT "
is "what the stick has is offered" "$(jq -r 'select(.ask == "papers").fields[0].choices[].label' "$SB/out" | sort -u | tr '\n' ' ')" \
	"broken.png later licence.png scan "
renew '{"ask":"papers","do":"file:/etc/hostname"}' "$later"
is "a file that was not offered is not read" "$(kept)" "form1:1 form2:1"
have() { sb_show '[.papers[] | select(.kind == "licence") | .have // 0] | max'; }
n=0
until [ "$(have)" -gt 0 ] || [ $((n += 1)) -gt 30 ]; do
	CK_FAULT_AT=http.after#$n CK_FAULT_HOW=power renew "$(file "$SB/stick/licence.png")" "$later" 2>/dev/null
done
ok "killed in the middle of the upload ($n)" [ "$(have)" -gt 0 -a "$(have)" -lt "$size" ]
is "it is kept" "$(kept)" "form1:1 form2:1 licence1:0"
rm "$SB/stick/licence.png"
sb_kill
sb_start
sb_knob desk.lose-reply.paper 1
renew "$(identity later)"
sb_knob desk.doubled.paper 2
renew "$(identity later)"
is "the desk restarted, no stick any more: it is there" "$(at_desk)" \
	"form in 1 1 true; form in 2 1 true; licence in 1 1 true"
is "the next step" "$(ended) $(stands)" "parked - parked identity-pending identity"
is "not sent again" "$(renew "$(identity later)"; at_desk)" "form in 1 1 true; form in 2 1 true; licence in 1 1 true"

# ---- turned down afterwards ----
sb_identity passed
sb_paper_refused licence '看不清'
at_pnm "$SB/noise.ppm"
renew "$later"
is "the desk's reason is told" "$(jq -r 'select(.ask == "papers").facts.papers[] | select(.kind == "licence") | "\(.state) \(.text) \(.have)"' "$SB/out")" \
	"refused 看不清 0"
renew "$scan" "$(identity later)" "$(method later)"
is "another one takes its place" "$(sb_show '.papers[-1] | "\(.kind) \(.state) \(.type) \(.whole)"')" "licence in image/jpeg 1"

sed -i '/kind = "licence"/s/pages = 1/pages = 2/' "$SB/systems/szca-cgn.conf"
sb_paper_refused licence '缺第二页'
ok "one of two pages" sc_png "$SB/noise.ppm" "$SB/stick/front.png"
ok "and the other" sc_png "$SB/back.ppm" "$SB/stick/back.png"
renew "$(file "$SB/stick/front.png")" "$later"
is "one page of two does not go to the desk as if it were all" "$(stands) $(sb_show '.papers[-1] | "\(.kind) \(.state) \(.whole // 0)"')" \
	"parked papers-pending papers licence refused 0"
like "what is missing is named" "$(told)" 'SHEET_MISSING:licence: 2'
renew "$(file "$SB/stick/front.png")" "$later"
is "nor does it twice" "$(stands) $(kept)" "parked papers-pending papers form1:1 form2:1 licence1:0"
renew "$(file "$SB/stick/back.png")" "$(identity later)" "$(method later)"
is "of two files both pages are there" "$(at_desk)" "form in 1 1 true; form in 2 1 true; licence in 1 1 true; licence in 2 1 true"

# ---- what the form says is put right: the one before is as good as none ----
sb_review rejected '经办人身份证号与实名不符' applicant papers
renew "$(review correct)" "${agent/11010519491231002X/440524188001010014}" "$owner" "$none"
is "turned down, put right: another form is made" "$(jq -r 'select(.say == "form-made").say' "$SB/out") $(ended) $(stands)" \
	"form-made parked - parked rejected papers"
at_pnm "$SB/one.ppm"
renew "$(review correct)" "$scan" "$later"
is "a page of the one before is not taken" "$(names)" "SHEET_CODE "
is "nothing of it is kept" "$(kept)" ""
ok "the new one can be printed" printed
sc_stamp "$SB/page-1.ppm" "$SB/new.ppm"
at_pnm "$SB/new.ppm"
renew "$(review correct)" "$scan" "$later"
like "and is taken" "$(last_papers)" "^form refused 1/2"
at_pnm "$SB/noise.ppm"

# ---- given back ----
record=$(ck records --all --json | jq -r 'select(.row).row.record' | head -n 1)
ok "given back" ck abandon "$record" --clerk 07
is "nothing of the papers stays" "$(kept)" ""

# ---- all of them as one PDF of a stick ----
rm "$SB"/stick/*
sed -i '/kind = "licence"/s/pages = 2/pages = 1/' "$SB/systems/szca-cgn.conf"
another third
renew "${order[@]}"
ok "a form once more" printed
own=$SB/form-$record.pdf
pr_pdf "$SB/stick/many.pdf" {1..21}
qpdf --encrypt user owner 256 -- "$own" "$SB/stick/locked.pdf"
head -c $(($(stat -c %s "$own") / 2)) "$own" >"$SB/stick/torn.pdf"
for f in many:SHEET_PAGES locked:SHEET_LOCKED torn:SHEET_DAMAGED; do
	renew "$(file "$SB/stick/${f%:*}.pdf")" "$later"
	is "${f%:*}: told, and nothing of it kept" "$(names)$(kept) $(ended) $(stands)" "${f#*:}  parked - parked papers-pending papers"
done
qpdf --empty --pages "$own" 2 "$SB/form-$other.pdf" 1 "$own" 1 -- --rotate=+180:1 "$SB/stick/form.pdf"
renew "$(file "$SB/stick/form.pdf")" "$later"
is "both pages find their place, upside down and behind another's" "$(last_papers)" "form in -/-, licence wanted 0/1"
like "another record's is named" "$(told)" "SHEET_OTHER:$other-KIOSK-1-"
sed -i '/kind = "licence"/s/pages = 1/pages = 2/' "$SB/systems/szca-cgn.conf"
pr_pdf "$SB/stick/licence.pdf" front back
# the first of its two pages was kept, the second not yet
n=0
until [ "$(kept)" = "form1:1 form2:1 licence1:0" ] || [ $((n += 1)) -gt 20 ]; do
	CK_FAULT_AT=record.after#$n CK_FAULT_HOW=power renew "$(file "$SB/stick/licence.pdf")" "$later" 2>/dev/null
done
ok "killed between two pages ($n)" [ $n -le 20 ]
renew "$(file "$SB/stick/licence.pdf")" "$(identity later)"
is "and what has no code is the next paper, each page once" "$(at_desk)" "form in 1 1 true; form in 2 1 true; licence in 1 1 true; licence in 2 1 true"
sed -i '/kind = "licence"/s/pages = 2/pages = 1/' "$SB/systems/szca-cgn.conf"
ok "given back, too" ck abandon "$record" --clerk 07

# ---- the form was printed at another counter ----
rm "$SB"/stick/*
another fourth
renew "${order[@]}"
ok "printed at the first counter" printed
first=$record
mv "$SB/form-$first.pdf" "$SB/stick/first.pdf"
qpdf --empty --pages "$SB/stick/first.pdf" 2 -- "$SB/stick/first-2.pdf"
cp "$SB/form-$other.pdf" "$SB/stick/other.pdf"
sb_knob desk.live 0 # nobody waits a minute here
sb_site_conf kiosk-2 certkiosk-2.conf state-2
export SB_CONF=$SB/certkiosk-2.conf
renew "${order[@]}"
is "another counter goes on, with a print of its own" "$(ended) $(stands)" "parked - parked papers-pending papers"
ok "which can be printed, too" printed
qpdf --empty --pages "$SB/form-$record.pdf" 1 -- "$SB/stick/own-1.pdf"
renew "$(file "$SB/stick/first-2.pdf")" "$later"
is "a page of the first counter's is taken" "$(kept state-2) $(last_papers)" "form2:0 form wanted 1/2, licence wanted 0/1"
renew "$(file "$SB/stick/own-1.pdf")" "$later"
is "with one of its own it makes no form" "$(kept state-2) $(last_papers)" "form1:0 form wanted 1/2, licence wanted 0/1"
renew "$(file "$SB/stick/other.pdf")" "$later"
like "another customer's is another customer's" "$(told)" "^SHEET_OTHER:$other-KIOSK-1-"
sed 's#pki/site\.#pki/kiosk-2.#g' "$SB_CONF" >"$SB/far.conf"
SB_CONF=$SB/far.conf renew "$(file "$SB/stick/first.pdf")" "$later"
is "of a counter with another key it is not taken" "$(names | tr ' ' '\n' | sort -u | tr -d '\n') $(kept state-2)" "SHEET_CODE form1:0"
renew "$(file "$SB/stick/first.pdf")" "$later"
is "all of the first counter's: it is at the desk" "$(last_papers) $(kept state-2)" "form in -/-, licence wanted 0/1 form1:1 form2:1"
is "in the record's own words" "$(ck records --show "$record" --lang zh | grep -c '改收另一次打印的申请表')" 3
ok "given back there" ck abandon "$record" --clerk 07
unset SB_CONF

# ---- the bank's receipt of a transfer, at station pay ----
fresh
renew "$(months 12)" "$agent" "$none" "$(identity later)"
sb_identity passed
renew "$(method transfer)" "$(pay proof)" "$scan" "$(pay later)"
is "the receipt is at the desk" "$(sb_show '.papers[-1] | "\(.kind) \(.state) \(.page) \(.whole)"')" "transfer-proof in 1 1"
is "which does not make it paid" "$(ended) $(stands) $(issued)" "parked - parked transfer-pending pay 0"
is "it is not asked for again" "$(renew "$(pay later)"; jq -r 'select(.ask == "payment").fields[0].choices[].value' "$SB/out" | tr '\n' ' ')" "other change later "
