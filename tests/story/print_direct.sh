#!/bin/bash
# A form goes straight to the printer: the same bytes, followed to the last page. Whatever keeps the printer
# from printing is said by its name and waited for; what is not proved to be out, or not to be, is unknown.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
pr_mode
pr_printer

pr_print plain "$PR_URI" '"copies":2, "sides":"two-sided-long-edge"'
is "it is printed" "$(pr_ended)" "printed -"
ok "bit for bit" cmp "$PR_DOC" "$(pr_sheet 0)"
is "on the paper, as often and on the sides as asked for" \
	"$(grep -E '^IPP_(MEDIA|COPIES|SIDES)=' "$PR/p/out/0.env" | tr '\n' ' ')" \
	"IPP_COPIES=2 IPP_MEDIA=iso_a4_210x297mm IPP_SIDES=two-sided-long-edge "
is "there is a job before anything of it is sent" "$(jq -rs 'map(keys[0])[0:2] | join(" ")' "$PR/said")" "direct sent"
pr_find plain "$PR_URI"
is "found again by its title" "$(pr_ended)" "printed -"
pr_find never "$PR_URI" sent:false
is "another title was never there" "$(pr_ended)" "absent -"
pr_find never "$PR_URI" sent:true
is "one that was sent, and nobody knows it: unknown" "$(pr_ended)" "unknown PRINT_UNKNOWN"

# ---- completed, and too little came out ----
pr_mode nothing
pr_print nothing "$PR_URI"
is "completed without a page: not printed" "$(pr_ended) $(pr_sheets)" "unknown PRINT_UNKNOWN 1"
pr_find nothing "$PR_URI"
is "asked afterwards, too" "$(pr_ended)" "unknown PRINT_UNKNOWN"
pr_mode once
pr_print once "$PR_URI" '"copies":2'
is "one copy of two: not printed" "$(pr_ended) $(pr_sheets)" "unknown PRINT_UNKNOWN 2"
pr_find once "$PR_URI" 'sent:true, "copies":2'
is "asked afterwards, neither" "$(pr_ended)" "unknown PRINT_UNKNOWN"
pr_mode

# ---- what keeps it from printing ----
waits() { # MODE NAME WHAT
	pr_mode "$1"
	pr_later pr_print "$1" "$PR_URI"
	pr_said "PRINT_$2"
	is "$3: no reason that says only the state" "$(jq -rs '[.[].detail // empty | select(test("^Printing"))] | length' "$PR/said")" 0
	is "$3: said, and nothing is out" "$(pr_states | grep -o ":$2") $(pr_sheets)" ":$2 $n"
	pr_mode
	wait $PR_ASKER
	n=$((n + 1))
	is "$3: printed once it is put right" "$(pr_ended) $(pr_sheets)" "printed - $n"
}
n=2
pr_until pr_idle
waits media-empty MEDIA "no paper"
waits media-jam JAM "a jam"
waits cover-open COVER "a cover that is open"
waits toner-empty SUPPLY "no toner"
waits spool-area-full TROUBLE "anything else"

pr_mode abort
pr_print broken "$PR_URI"
is "an engine that fails: unknown" "$(pr_ended) $(pr_sheets)" "unknown PRINT_ENGINE $n"
pr_mode hold
pr_later pr_print one "$PR_URI"
first=$PR_ASKER
pr_said sent
PR_SAID=$PR/said.two pr_print two "$PR_URI"
is "busy with another: not taken" "$(PR_SAID=$PR/said.two pr_ended)" "failed PRINT_BUSY"
pr_mode
wait $first
n=$((n + 1))
is "and the other comes out" "$(pr_ended) $(pr_sheets)" "printed - $n"

# ---- refused before there is a job ----
refused() { # WHAT WANT PRINTER MEMBERS
	pr_print "$1" "$3" "$4"
	is "$1: refused, no job" "$(pr_ended) $(grep -c '"job"' "$PR/said")" "failed $2 0"
}
refused "sides that it has not" PRINT_OPTION "$PR_URI" '"sides":"three-sided"'
refused "paper that it has not" PRINT_OPTION "$PR_URI" '"media":"iso_a0_841x1189mm"'
refused "more copies than it makes" PRINT_OPTION "$PR_URI" '"copies":100000'
refused "an address of another kind" PRINT_NO_QUEUE http://localhost/ ''
refused "a host that nobody knows" PRINT_OFFLINE ipp://printer.invalid/ipp/print ''
refused "a title that would be cut" USAGE "$PR_URI" "\"title\":\"$(printf '%0200d' 1)\""
PR_DOC=/dev/null refused "no document" FORM_BROKEN "$PR_URI" ''

# ---- whoever asked has enough of it ----
pr_mode media-jam
pr_print left "$PR_URI" --on PRINT_JAM=leave
is "left in a jam" "$(pr_ended) $(pr_sheets)" "left - $n"
pr_mode
n=$((n + 1))
pr_find left "$PR_URI"
is "and found when it came out" "$(pr_ended) $(pr_sheets)" "printed - $n"
pr_print empty "$PR_URI" --on job=cancel
is "taken back before it was sent: not printed" "$(pr_ended) $(pr_sheets)" "failed PRINT_CANCELED $n"
pr_print emptier "$PR_URI" --on job=leave
is "left before it was sent" "$(pr_ended) $(pr_sheets)" "left - $n"
pr_find emptier "$PR_URI" sent:false
like "found as what it is" "$(pr_ended)" "^(absent -|failed PRINT_CANCELED)$"
pr_mode media-jam
pr_print taken "$PR_URI" --on PRINT_JAM=cancel
is "taken back in a jam: who knows" "$(pr_ended)" "unknown PRINT_CANCELED"
pr_mode

# ---- it is off, and on again ----
pr_until pr_answers "$PR_URI"
pr_printer_kill
pr_print off "$PR_URI"
is "the printer is off: not printed" "$(pr_ended)" "failed PRINT_OFFLINE"
pr_printer
n=$(pr_sheets)
pr_mode half
pr_later pr_print lost "$PR_URI"
pr_until test -e "$(pr_sheet "$n")"
pr_printer_kill
pr_said PRINT_OFFLINE
pr_mode
pr_printer
wait $PR_ASKER
is "switched off with half a page out: unknown" "$(pr_ended)" "unknown PRINT_UNKNOWN"
like "it was said that it was off" "$(pr_states)" ":OFFLINE"
is "and nobody printed it again" "$(pr_sheets)" $((n + 1))

# It takes connections and says nothing: whoever asked is heard all the same.
kill -STOP "$PR_PID"
pr_find lost "$PR_URI" sent:true --on start=leave
is "a printer that hangs is left" "$(pr_ended)" "left -"
pr_print never "$PR_URI" --on start=leave
is "before there is a job, too" "$(pr_ended)" "left -"
kill -CONT "$PR_PID"

# one that takes no PDF
pr_printer_kill
PR_FORMATS=image/pwg-raster pr_printer
pr_print raster "$PR_URI"
is "a printer that takes no PDF is told before a job" "$(pr_ended)" "failed PRINT_OPTION"
