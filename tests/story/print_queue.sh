#!/bin/bash
# A form goes through a queue of CUPS, as its users have set it up. What the queue says is believed where it
# asks the printer itself; one that only hands on is said to have been sent to.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
pr_mode
pr_printer

pr_print early ""
is "no CUPS: said before there is a job" "$(pr_ended) $(grep -c '"job"' "$PR/said")" "failed PRINT_NO_SERVICE 0"
pr_cups
pr_ask '{"paper":"printers"}'
is "no printer is set up: none listed" "$(pr_ended) $(grep -c row "$PR/said")" "listed - 0"
pr_print none ""
is "no default either" "$(pr_ended)" "failed PRINT_NO_QUEUE"
pr_queue kiosk "$PR_URI"
# an address with words for CUPS's backend is CUPS's to use
pr_queue through "$PR_URI?waitjob=true"
pr_queue hands-on "$PR_URI?waitjob=false"
# one that takes what it gets and never says a word
lpadmin -p deaf -v file:/dev/null -m raw -E 2>/dev/null
pr_print nowhere nowhere
is "a queue that is not there" "$(pr_ended)" "failed PRINT_NO_QUEUE"
pr_print default ""
is "several and no default" "$(pr_ended)" "failed PRINT_NO_QUEUE"
lpadmin -d through

pr_print first ""
is "the default prints" "$(pr_ended) $(jq -rs '.[0] | .printer + " " + (.direct|tostring)' "$PR/said")" "printed - through false"
pr_print straight kiosk
is "one that is nothing but a printer's address is passed by" \
	"$(pr_ended) $(jq -rs '.[0] | .printer + " " + (.direct|tostring)' "$PR/said")" "printed - $PR_URI true"
ok "bit for bit" cmp "$PR_DOC" "$(pr_sheet 1)"
pr_find straight kiosk
is "and is found by the queue's name all the same" "$(pr_ended)" "printed -"
pr_mode half
pr_later pr_print handed hands-on
pr_until test -e "$(pr_sheet 2)"
pr_mode
wait $PR_ASKER
is "where a queue does not wait for the printer, that is asked" "$(pr_ended)" "printed -"

pr_print thrown deaf
is "where nobody can be asked: sent, no more" "$(pr_ended)" "sent -"
lpadmin -x deaf

# ---- as users have set it ----
lpoptions -p through -o sides=two-sided-long-edge -o media=A4 -o copies=2
pr_print wished through
is "sides and copies as lpoptions has them" \
	"$(pr_ended) $(grep -E '^IPP_(COPIES|SIDES)=' "$PR/p/out/3.env" | tr '\n' ' ')" \
	"printed - IPP_COPIES=2 IPP_SIDES=two-sided-long-edge "
lpoptions -p kiosk -o sides=two-sided-short-edge
pr_print passed kiosk
is "past the queue, too" "$(pr_ended) $(grep IPP_SIDES= "$PR/p/out/4.env")" "printed - IPP_SIDES=two-sided-short-edge"
pr_print asked through '"sides":"one-sided", "copies":1'
is "unless something else is asked for" "$(pr_ended) $(grep -E '^IPP_(COPIES=2|SIDES=.*)' "$PR/p/out/5.env" | tr '\n' ' ')" \
	"printed - IPP_SIDES=one-sided "
lpoptions -p through/wrong -o sides=three-sided
pr_print wrong through/wrong
is "what it has not is told before a job" "$(pr_ended) $(grep -c '"job"' "$PR/said")" "failed PRINT_OPTION 0"
lpoptions -p through -r sides -r media -r copies

pr_ask '{"paper":"printers"}'
is "each is listed" "$(jq -rs 'map(.row | select(.) | "\(.name) \(.default) \(.direct) \(.accepting) \(.state)") | sort | join(", ")' "$PR/said")" \
	"hands-on false false true ready, kiosk false true true ready, through true false true ready"
pr_ask '{"paper":"printers","printer":""}'
is "the usual one alone" "$(jq -rs 'map(.row | select(.) | "\(.name) \(.default)") | join(", ")' "$PR/said") $(pr_ended)" "through true listed -"
pr_ask '{"paper":"printers","printer":"nowhere"}'
is "none of that name" "$(grep -c '"row"' "$PR/said") $(pr_ended)" "0 failed PRINT_NO_QUEUE"

# ---- what keeps it ----
n=$(pr_sheets)
cupsdisable -r "belt and braces" through
pr_later pr_print paused through
pr_said PRINT_STOPPED
is "a queue that is paused: said, and why" "$(jq -rs 'map(select(.why))[0].detail' "$PR/said") $(pr_sheets)" "belt and braces $n"
cupsenable through
wait $PR_ASKER
is "printed when it goes on" "$(pr_ended)" "printed -"
cupsdisable kiosk
pr_print held kiosk --on PRINT_STOPPED=cancel
is "nobody is passed by a queue that is held; never begun is not printed" \
	"$(pr_ended) $(jq -rs '.[0].direct' "$PR/said")" "failed PRINT_CANCELED false"
cupsenable kiosk
cupsreject through
pr_print rejected through
is "a queue that takes no jobs" "$(pr_ended)" "failed PRINT_REJECTING"
cupsaccept through
n=$(pr_sheets)
pr_mode media-empty
pr_later pr_print paper through
pr_said PRINT_MEDIA
pr_mode
wait $PR_ASKER
is "no paper: said, and printed when there is" "$(pr_ended) $(pr_states | grep -o ':MEDIA')" "printed - :MEDIA"
pr_mode media-jam
pr_print jammed through --on PRINT_JAM=cancel
is "taken back in a jam: who knows" "$(pr_ended)" "unknown PRINT_CANCELED"
pr_mode
pr_until pr_idle
pr_mode abort
pr_print failed through
like "an engine that fails: unknown" "$(pr_ended)" "^unknown PRINT_(ENGINE|CANCELED)$"
pr_mode
n=$(pr_sheets)
head -c 2000 /dev/urandom >"$PR/junk.pdf"
PR_DOC=$PR/junk.pdf pr_print junk through
is "no PDF: the filter fails, and it is over" "$(pr_ended) $(pr_sheets)" "failed PRINT_FILTER $n"
is "and nothing is left in the queue" "$(lpstat -o through | wc -l)" 0

pr_printer_kill
pr_later pr_print off through
pr_said PRINT_OFFLINE
pr_printer
wait $PR_ASKER
is "the printer was off: printed when it is back" "$(pr_ended) $(pr_sheets)" "printed - $((n + 1))"
