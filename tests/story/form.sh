#!/bin/bash
# The form at the end of a renewal: filled in, signed by the new key in the login that is there and by
# the site, kept sealed, printed once; the renewal never waits for paper. The printer is a fake that does
# what no real one does at will (printprog_main.c).
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_paper
company='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0

fresh() { # another key, another envelope, an empty store, a printer without a past
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB/state" "$SB"/print/{jobs,sheets}/* "$SB"/print/{asked,cms.*}
	mkdir -m 700 "$SB/state"
	n=$((n + 1)) envelope=E$n
	sb_print ok
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$company"
	sb_envelope "$envelope" $password --for "$CERT"
}
renew() { # WAY [PIN]
	local way=(--way self)
	[ "$1" = self ] || way=(--way on-behalf --clerk 07)
	sb_renew "${2:-$pin}" $password "$envelope" --system sheca-cisweb "${way[@]}" --json >"$SB/out" 2>"$SB/err"
}
said() { jq -r 'select(.say).say' "$SB/out" | grep -E '^(form|paper)-' | tr '\n' ' '; }
told() { jq -r "select(.say == \"$1\").facts | $2" "$SB/out"; }
last() { jq -r 'select(.end) | "\(.end) \(.facts.form // "none")"' "$SB/out"; }
number() { jq -r 'select(.end).record // empty' "$SB/out"; }
store() { sqlite3 -cmd '.timeout 4000' "$SB/state/records.db" "$1"; }

for way in self on-behalf; do
	fresh
	ok "$way: done" renew $way
	is "$way: made, and printed" "$(last) $(said)" "done printed form-made paper-printing paper-printed "
	is "$way: PINs on the wire" "$(sb_logins)" "$([ $way = self ] && echo 1 || echo 2)"
	record=$(number)
	is "$way: one form, one sheet" "$(store 'SELECT count(*) FROM form') $(sb_sheets)" "1 1"
	ok "$way: the document goes to a file" ck form "$record" --out "$SB/form-$way.pdf"
	ok "$way: what is kept is what was printed" cmp "$SB/form-$way.pdf" "$(find "$SB/print/sheets" -type f)"
	ok "$way: or to standard output, nothing else with it" \
		bash -c "$CK_BIN/certkiosk form $record --config $SB/certkiosk.conf | cmp - $SB/form-$way.pdf"
	ok "$way: a file that is there is not written over" ! ck form "$record" --out "$SB/form-$way.pdf"
	ck keys --json | jq -r '[.row?.entries? // [] | .[].certificate.sha256 // empty] | .[]' >"$SB/on-key"
	ok "$way: the new key signed" openssl cms -verify -inform DER -binary -in "$SB/print/cms.customer" \
		-content "$SB/print/signed" -CAfile "$SB/trust/accepted.pem" -partial_chain -purpose any -out /dev/null \
		-signer "$SB/signer.pem"
	is "$way: which is the one on the key" \
		"$(openssl x509 -in "$SB/signer.pem" -outform DER | sha256sum | cut -d' ' -f1)" "$(cat "$SB/on-key")"
	ok "$way: and so did the site" openssl cms -verify -inform DER -binary -in "$SB/print/cms.site" \
		-content "$SB/print/signed" -CAfile "$SB/pki/site.pem" -purpose any -out /dev/null
	like "$way: what it shows is the record's" "$(jq -sc 'map(select(.paper == "form")) | .[0].fields | [.name, .way, .envelope, .clerk, .kiosk, .class]' "$SB/print/asked")" \
		"^\[\"上海某某科技有限公司\",\"$way\",\"$envelope\",$([ $way = self ] && echo null || echo '"07"'),\"kiosk-1\",\"organisation\"\]$"
	like "$way: a code a page, of slip, form and page" "$(sed 's/^%PDF-1.4 //' "$SB/form-$way.pdf" | jq -r '.qr | join(" ")')" \
		"^CK1\*$record-KIOSK-1-.\*SHECA-RENEWAL\*1/2\*[A-Z2-7]+\*[A-Z2-7]+ CK1\*.*\*2/2\*"
	ok "$way: nothing of the person can be read in the store" ! grep -raq '某某科技' "$SB/state"
done
ok "no person in what the programs were called with" ! grep -q '某某' "$SB/err"

# ---- what is foreseen, before any PIN ----
fresh
sb_print by-hand
ok "a letter no font has: renewed" renew self
is "it was said, of which field" "$(told form-by-hand '"\(.field) \(.character)"')" "name U+2A6D6 𪛖"
is "before the PIN" "$(jq -r 'select(.say or .ask) | .say // .ask' "$SB/out" | grep -E '^(eligible|form-by-hand|unlocked)$' | tr '\n' ' ')" \
	"eligible form-by-hand unlocked "
is "of what the old certificate has" "$(jq -c 'select(.paper == "glyphs") | .form, .fields' "$SB/print/asked" | tr '\n' ' ')" \
	'"sheca-renewal" {"name":"上海某某科技有限公司","organisation":"上海某某科技有限公司","issuer":"C=CN, O=Sandbox CA, CN=Sandbox Issuing CA G2"} '
for lang in zh:'申请表印不出来，办完后要手写：名称里的 U.2A6D6 𪛖 不在字库里' \
	en:'no font of this machine has U.2A6D6 𪛖, which is in the name'; do
	fresh
	sb_print by-hand
	sb_renew $pin $password "$envelope" --system sheca-cisweb --way self --lang "${lang%%:*}" >"$SB/out" 2>"$SB/err"
	like "in words: ${lang%%:*}" "$(<"$SB/out")" "${lang#*:}"
done
for mode in die-glyphs mute-glyphs; do
	fresh
	sb_print $mode
	ok "$mode: done" renew self
	is "$mode: it was asked" "$(jq -r .paper "$SB/print/asked" | head -n 1)" glyphs
	is "$mode: with its form, by one engine" "$(last) $(said)$(grep -c '"restart"' "$SB/out")" "done printed form-made paper-printing paper-printed 0"
done

# ---- what cannot be made ----
fresh
sb_print glyph
ok "a letter no font has: renewed all the same" renew on-behalf
is "and it is said why there is none" "$(last) $(said)$(told form-none .code)" "done none form-none FORM_GLYPH"
like "in the record, too" "$(ck records --show "$(number)" --json | jq -r '.row.text // empty')" 'no application form: FORM_GLYPH'
ok "it has no form" ! ck form "$(number)" --out "$SB/none.pdf"
is "nor anything to print" "$(ck print "$(number)" --clerk 07 --json | jq -r '.error.name')" FORM_UNMADE
like "in words: why, and what a clerk does instead" "$(ck form "$(number)" --lang zh 2>&1)" 'CK-7001.*手写一份'
like "in English" "$(ck print "$(number)" --clerk 07 --lang en 2>&1)" 'CK-7001.*by hand'
is "of no record there is none either" "$(ck form CK-20200101-000001 --json | jq -r '.error.name')" NO_RECORD
fresh
sb_print die-form-once
ok "the print program dies once: done" renew self
is "and the form is made" "$(last)" "done printed"
fresh
sb_print die-form
ok "it dies every time: done" renew self
is "without a form" "$(last) $(told form-none .code)" "done none PRINT_GONE"
fresh
mv "$SB/pki/site.key" "$SB/pki/site.key.away"
cp "$SB/pki/kiosk-1.key" "$SB/pki/site.key"
ok "the site's key is another one's: done" renew self
is "without a form, and whose fault it is" "$(last) $(told form-none .code)" "done none CONFIG"
like "asked for later: it could not be made, and why" "$(ck form "$(number)" --json | jq -r '.error | "\(.name) \(.detail)"')" '^FORM_UNMADE CK-.*: CK-5101, CONFIG$'
mv "$SB/pki/site.key.away" "$SB/pki/site.key"

# ---- what cannot be printed ----
for mode in no-queue:waits filter:waits unknown:unknown sent:unknown die-created:waits die-go:waits; do
	fresh
	sb_print "${mode%:*}"
	ok "${mode%:*}: the renewal is done" renew self
	is "${mode%:*}: the form ${mode#*:}, no sheet" "$(last) $(sb_sheets)" "done ${mode#*:} 0"
done
fresh
sb_print die-sent
ok "it dies once the document is there: done" renew self
is "found by its title: one sheet, printed" "$(last) $(sb_sheets) $(jq -r .paper "$SB/print/asked" | tr '\n' ' ')" "done printed 1 glyphs form print find "

# ---- the engine dies while it prints, and the front starts another ----
fresh
CK_FAULT_LOG=$SB/points ok "how far a visit goes" renew self
last_point=$(wc -l <"$SB/points")
for back in 1 3 5; do # before and behind the last lines of the journal
	fresh
	CK_FAULT_AT=$((last_point - back)) ok "the engine dies $back points before the end: done" renew self
	ok "by another engine" grep -q '"restart"' "$SB/out"
	is "the form is there once, as is its sheet" \
		"$(last) $(store 'SELECT count(*) FROM form') $(sb_sheets)" "done $([ "$(sb_sheets)" = 1 ] && echo printed || echo waits) 1 $(sb_sheets)"
done

# ---- out of paper ----
fresh
sb_print empty
ok "no paper, no clerk: done, after it was told" renew self
is "left to the printer, to be found" "$(last) $(said)" "done printing form-made paper-trouble paper-left "
record=$(number)
is "it is listed" "$(ck forms --json | jq -r '.row? | select(.) | "\(.record) \(.state)"')" "$record printing"
like "in words" "$(ck forms --lang zh)" "$record  交给了打印机，结果还没有查到"
like "with its record, too" "$(ck records --all --lang en)" 'form: with the printer, not known yet'
ck records tend --json >"$SB/out"
is "tend finds it still there" "$(jq -r '.row? | select(.did) | .did' "$SB/out") $(sb_sheets)" "print-waits 0"
sb_print ok
ck records tend --json >"$SB/out"
is "and, with paper, printed" "$(jq -r '.row? | select(.did) | .did' "$SB/out") $(sb_sheets)" "printed 1"
is "nothing waits" "$(ck forms --json | grep -c '"row"')" 0
is "all are listed" "$(ck forms --all --json | jq -r '.row? | select(.) | "\(.state) \(.copies)"')" "printed 1"

# ---- a clerk is asked ----
asked() { # ANSWERS-LINES…: certkiosk print
	printf '%s\n' "$@" >"$SB/print-answers"
	ck print "$record" --clerk 07 --answers "$SB/print-answers" --json >"$SB/out" 2>"$SB/err"
}
next_mark() { jq -r 'select(.row) | .row.reprint'; }    # as the question says it
mark() { jq -r 'select(.paper == "form") | .mark // "none"' "$SB/print/asked" | tail -n 1; } # as the sheet does
state() { echo "$(ck forms --all --json | jq -r '.row? | select(.).state') $(sb_sheets)"; }
fresh
sb_print unknown
renew self
record=$(number)
asked
is "nobody says: it stays unknown" "$? $(jq -r 'select(.end).facts.form.state' "$SB/out") $(sb_sheets)" "3 unknown 0"
asked '{"ask":"paper-out","yes":true}'
is "a clerk has seen it" "$? $(jq -r 'select(.end).facts.form.state' "$SB/out") $(sb_sheets)" "0 printed 0"
like "the ledger says who" "$(ck ledger show --json | jq -r '.row.text // empty')" "printed: $record-KIOSK-1-.#[0-9a-f]{8}.1, as clerk 07 saw"
fresh
sb_print unknown
renew self
record=$(number)
printf '%s\n' '{"ask":"paper-out","yes":false}' >"$SB/print-answers"
ck print "$record" --answers "$SB/print-answers" --json >"$SB/out"
is "without a clerk nobody's no counts" "$? $(jq -r 'select(.end).error.name' "$SB/out") $(state)" "4 CLERK_NEEDED unknown 0"
asked '{"ask":"paper-out","yes":false}'
is "a clerk's no: nothing is printed by itself" "$? $(jq -r 'select(.end).facts.form.state' "$SB/out") $(sb_sheets)" "3 waits 0"
is "what a hasty Enter would take is later" \
	"$(jq -r 'select(.ask == "paper-trouble").fields[0].choices[0].value' "$SB/out")" later
sb_print ok
ck print "$record" --json >"$SB/out"
is "one that may lie somewhere: the next takes a clerk" "$? $(jq -r .error.name "$SB/out") $(sb_sheets)" "4 CLERK_NEEDED 0"
is "which one it will be is told" "$(ck forms --json | next_mark) $(ck records --all --json | next_mark | grep -v null | tail -n 1)" "1 1"
asked
is "printed then, once" "$? $(state)" "0 printed 1"
is "and marked, should the other turn up" "$(mark)" "补打第1次"
is "told at the end, too: the next one" "$(jq -r 'select(.end).facts.form.reprint' "$SB/out")" 2
sb_print unknown
asked
is "a copy nobody knows of: the form is not done" "$? $(jq -r 'select(.end).facts.form.state' "$SB/out")" "3 unknown"
is "and stands among those that wait" "$(ck forms --json | jq -r '.row? | select(.) | "\(.record) \(.state) \(.copies)"')" "$record unknown 1"
asked '{"ask":"paper-out","yes":true}'
is "seen: nothing waits" "$? $(jq -r 'select(.end).facts.form | "\(.state) \(.copies)"' "$SB/out") $(ck forms --json | grep -c '"row"')" "0 printed 2 0"
is "that one was marked as told" "$(mark) $(ck forms --all --json | next_mark)" "补打第2次 3"
fresh
sb_print unknown
renew self
record=$(number)
asked '{"ask":"paper-out","yes":false}' '{"ask":"paper-trouble","do":"printer:other"}'
is "elsewhere, as the clerk says: once" "$? $(state)" "0 printed 1"
is "marked as the question said" "$(jq -r 'select(.ask == "paper-trouble").facts.reprint' "$SB/out") $(mark)" "1 补打第1次"
fresh
sb_print no-queue
renew self
record=$(number)
asked '{"ask":"paper-trouble","do":"printer:other"}'
is "another printer is chosen" "$? $(jq -r 'select(.end).facts.form.state' "$SB/out") $(sb_sheets)" "0 printed 1"
fresh
sb_print empty
renew self
record=$(number)
sb_print away
asked '{"ask":"paper-trouble","do":"printer:other"}' '{"ask":"paper-out","yes":false}' '{"ask":"paper-trouble","do":"again"}'
is "its printer is gone for good: another one, once a clerk has looked" \
	"$? $(jq -r 'select(.end).facts.form.state' "$SB/out") $(sb_sheets) $(jq -r 'select(.ask).ask' "$SB/out" | tr '\n' ' ')" \
	"0 printed 1 paper-trouble paper-out paper-trouble "
fresh
sb_print empty
printf '%s\n' '{"ask":"envelope","serial":"'"$envelope"'"}' '{"ask":"paper-trouble","do":"wait"}' >"$SB/answers-wait"
: >"$SB/out"
{ for _ in {1..300}; do ! grep -q paper-trouble "$SB/out" || break; read -rt 0.1 <> <(:) || :; done; sb_print ok; } &
waiter=$!
ck renew --system sheca-cisweb --way on-behalf --clerk 07 --json --answers "$SB/answers-wait" --secrets-fd 9 \
	9< <(printf 'pin %s\npassword %s\n' $pin $password) >"$SB/out" 2>"$SB/err"
wait $waiter
is "a clerk waits, the printer goes on: one sheet" "$(last) $(sb_sheets)" "done printed 1"
is "PRINT_MEDIA was the reason" "$(told paper-trouble .code | head -n 1)" PRINT_MEDIA

# ---- two fronts at once, one of them is gone ----
fresh
sb_print no-queue
renew self
record=$(number)
sb_print empty
echo '{"ask":"paper-trouble","do":"wait"}' >"$SB/answers-wait"
"$CK_BIN/certkiosk" print "$record" --config "$SB/certkiosk.conf" --clerk 07 --answers "$SB/answers-wait" --json >"$SB/first" 2>&1 &
first=$!
for _ in {1..300}; do ! grep -q paper-trouble "$SB/first" || break; read -rt 0.1 <> <(:) || :; done
asked
is "while one waits for paper another prints nothing" "$(jq -r 'select(.end).error.name' "$SB/out") $(sb_sheets)" "FORM_BUSY 0"
kill -KILL $first
wait $first 2>/dev/null
for _ in {1..100}; do
	ck records tend --json >"$SB/out"
	! grep -q print-waits "$SB/out" || break
	read -rt 0.1 <> <(:) || :
done
is "the front is gone: the engine lets go of it" "$(jq -r '.row? | select(.did) | .did' "$SB/out") $(sb_sheets)" "print-waits 0"
sb_print ok
asked
is "what it had sent is found, and no second sheet" \
	"$? $(jq -r 'select(.end).facts.form | "\(.state) \(.copies)"' "$SB/out") $(sb_sheets)" "0 printed 1 1"

# ---- a second sheet ----
ck print "$record" --json >"$SB/out"
is "a copy takes a clerk" "$? $(jq -r .error.name "$SB/out") $(sb_sheets)" "4 CLERK_NEEDED 1"
asked
is "and is one" "$? $(sb_sheets) $(ck forms --all --json | jq -r '.row? | select(.).copies')" "0 2 2"
is "marked as one, unsigned" "$(jq -c 'select(.paper == "form") | [.mark, .signers]' "$SB/print/asked" | tail -n 1)" '["补打第1次",[]]'
is "drawn from the same fields and codes" \
	"$(jq -sc 'map(select(.paper == "form")) | (.[0].fields == .[1].fields, .[0].made == .[1].made, (.[1].qr | length))' "$SB/print/asked" | tr '\n' ' ')" "true true 2 "
like "the ledger has the copy and its clerk" "$(ck ledger show --json | jq -r '.row.text // empty')" ', copy 2, clerk 07'
is "what is kept is the original" "$(ck form "$record" | sed 's/^%PDF-1.4 //' | jq -r '.mark // "none"')" none

# ---- its end ----
cp "$SB/certkiosk.conf" "$SB/tended.conf"
sb_knob desk.clock $((31 * 86400))
CK_FAULT_CLOCK=$((31 * 86400)) SB_CONF=$SB/tended.conf ck records tend --json >"$SB/out"
is "31 days later it is wiped, as its record was to be" "$(jq -r 'select(.end).facts.wiped' "$SB/out") $(store 'SELECT count(*) FROM form_part')" "2 0"
is "and said to be" "$(ck form "$record" --json | jq -r '.error.name') $(ck forms --all --json | jq -r '.row? | select(.).state')" "FORM_WIPED wiped"
ok "the ledger is whole" ck ledger verify
is "printers are listed" "$(ck printers --json | jq -r '.row?.name // empty' | tr '\n' ' ')" "kiosk other "
