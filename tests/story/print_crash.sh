#!/bin/bash
# Whatever dies between the order and the sheet: asked by its title afterwards, printer and queue say what
# became of it, and where they cannot, a person is asked. Never a second sheet without that.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
pr_mode
pr_printer
pr_cups
pr_queue kiosk "$PR_URI?waitjob=true"

settled() { # WANT [MEMBERS]: of $title at $at
	pr_until pr_idle
	pr_find "$title" "$at" "${2:-sent:true}"
	local end
	end=$(pr_ended)
	like "$title: $1" "$end" "^($1)"
	local out
	out=$(grep -lx "IPP_JOB_NAME=$title" "$PR"/p/out/*.env 2>/dev/null | wc -l)
	like "$title: $out sheet" "$out" '^[01]$'
	case $end in
	printed*) is "$title: printed is one sheet" "$out" 1 ;;
	absent* | failed*) is "$title: not printed is none" "$out" 0 ;;
	esac
}

# ---- the print program, at each line it says ----
for at in "$PR_URI" kiosk; do
	[ "$at" = kiosk ] && how=queue || how=direct
	title=$how-created
	pr_print $title "$at" --on job=kill
	settled 'absent -' 'sent:false, job:1'
	title=$how-sent
	pr_print $title "$at" --on sent=kill
	# as far as anybody wrote down it may have been cut off, and only CUPS would have noticed
	[ "$at" = kiosk ] && want='printed -' || want='unknown PRINT_UNKNOWN'
	settled "$want" 'sent:false, job:1'
	title=$how-printing
	pr_mode half
	pr_print $title "$at" --on printing=kill
	pr_mode
	settled 'printed -'
	# whoever asked for it, and the program with him
	title=$how-asker
	pr_print $title "$at" --on sent=die
	settled 'printed -'
done

# ---- the printer, with a page half out or none; it forgets its jobs ----
for at in "$PR_URI" kiosk; do
	[ "$at" = kiosk ] && how=queue || how=direct
	title=$how-printer-half
	n=$(pr_sheets)
	pr_mode half
	pr_print $title "$at" --on sent=leave
	pr_until test -e "$(pr_sheet "$n")"
	pr_printer_kill
	pr_mode
	pr_printer
	settled 'unknown'
done
title=direct-printer-created
mkfifo "$PR/p.held" "$PR/p.go"
PRINTASK=$PR/p pr_later pr_print $title "$PR_URI" --on job=hold
read -rn 1 <"$PR/p.held"
pr_printer_kill
printf . >"$PR/p.go"
wait $PR_ASKER
is "$title: nothing was sent, nothing is printed" "$(pr_ended)" "failed PRINT_OFFLINE"
pr_printer

# Taken back while the end of it is still on its way: what comes out all the same is nobody's surprise.
title=direct-crawling at=$PR_URI n=$(pr_sheets)
pr_print $title "$PR_URI" --on job=kill
job=$(jq 'select(.job).job' "$PR/said")
mkfifo "$PR/crawl"
pr_crawl "$job" &
crawler=$!
pr_until grep -q held "$PR/crawled"
pr_find $title "$PR_URI" "sent:false, job:$job"
like "$title: not known to be nothing" "$(pr_ended)" "^unknown"
printf . >"$PR/crawl"
wait $crawler
settled 'unknown' "sent:false, job:$job"

# ---- cupsd, at each line ----
at=kiosk
title=cupsd-created
PRINTASK=$PR/p pr_later pr_print $title kiosk --on job=hold
read -rn 1 <"$PR/p.held"
pr_cups_kill
printf . >"$PR/p.go"
wait $PR_ASKER
pr_cups_again
is "$title: nothing was sent, nothing is printed" "$(pr_ended)" "failed PRINT_NO_SERVICE"
title=cupsd-sent
PRINTASK=$PR/p pr_later pr_print $title kiosk --on sent=hold
read -rn 1 <"$PR/p.held"
pr_cups_kill
printf . >"$PR/p.go"
pr_until grep -qE 'PRINT_NO_SERVICE|"end"' "$PR/said"
pr_cups_again
wait $PR_ASKER
like "$title: followed to an end that is true" "$(pr_ended)" "^(printed -|unknown)"
settled 'printed -|unknown'
title=cupsd-printing
n=$(pr_sheets)
pr_mode half
pr_later pr_print $title kiosk
pr_until test -e "$(pr_sheet "$n")"
pr_cups_kill
pr_said PRINT_NO_SERVICE
pr_mode
pr_cups_again
wait $PR_ASKER
is "$title: what its backend brought out without it is known" "$(pr_ended)" "printed -"
settled 'printed -'
# it comes back with its spool, and would print again
title=cupsd-again
n=$(pr_sheets)
pr_mode half
pr_print $title kiosk --on sent=leave
pr_until test -e "$(pr_sheet "$n")"
pr_cups_kill
pr_mode
pr_later pr_find $title kiosk sent:true
pr_said PRINT_NO_SERVICE
pr_cups_again
wait $PR_ASKER
settled 'printed -'

# ---- the queue remembers nothing, and the printer is off: nobody can say ----
pr_printer_kill
pr_find gone kiosk --on PRINT_OFFLINE=leave
is "where nobody can say, it is asked until someone leaves" "$(pr_ended)" "left -"
pr_cups_stop
pr_find gone kiosk --on PRINT_NO_SERVICE=leave
is "without CUPS too" "$(pr_ended)" "left -"
