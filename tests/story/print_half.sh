#!/bin/bash
# Whatever dies while half of a document is on its way: the print program, whoever asked for it, the visit
# that wanted its form. What the other side has by then comes out or does not; never twice without a
# clerk's yes, and who looks afterwards finds it settled.
. "$(dirname "$0")/../sandbox/lib.sh"
. "$(dirname "$0")/../sandbox/printer.sh"
pr_new
pr_mode
pr_printer
pr_cups
pr_queue kiosk "$PR_URI?waitjob=true"
CUPS_OWN=$CUPS_SERVER

SHORT=$PR_DOC LONG=$PR/long.pdf
at=$(sed -n '/^startxref/{n;p}' "$SHORT")
cp "$SHORT" "$LONG"
head -c 4000000 /dev/zero | tr '\0' 'x' | fold -w 99 | sed 's/^/%/' >>"$LONG"
printf '\nstartxref\n%d\n%%%%EOF\n' "$at" >>"$LONG"

begin() { # TITLE DOCUMENT: half of it is there, of $asker
	title=$1 PR_HALF=$(($(stat -c %s "$2") / 2))
	case $at in
	kiosk) pr_way "$PR_CUPS_PORT" && CUPS_SERVER=localhost:$PR_WAY to=kiosk ;;
	*) pr_way "$PR_PORT" && to=ipp://localhost:$PR_WAY/ipp/print ;;
	esac
	: >"$PR/said"
	"$CK_BUILD/test/printask" "$PR_PRINT" "$(pr_request print "$title" "$to" '')" "$2" >"$PR/said" 2>>"$PR/print.err" &
	asker=$!
	pr_held
	CUPS_SERVER=$CUPS_OWN
	is "$title: there is a job, and nobody says that all of it is sent" \
		"$(jq -rs 'map(select(.job or .sent) | keys[0]) | join(" ")' "$PR/said")" direct
}
program() { pgrep -P $asker -x certkiosk-print; }
dies() { # PID
	kill -KILL "$1"
	wait $asker 2>/dev/null
}
settled() { # WANT: of $title at $at
	local end out
	pr_until pr_idle
	pr_find "$title" "$at" 'sent:false, job:1'
	end=$(pr_ended)
	like "$title: $1" "$end" "^($1)"
	out=$(grep -lx "IPP_JOB_NAME=$title" "$PR"/p/out/*.env 2>/dev/null | wc -l)
	case $end in
	printed*) is "$title: printed is one sheet" "$out" 1 ;;
	absent* | failed*) is "$title: not printed is none" "$out" 0 ;;
	*) like "$title: $out sheet" "$out" '^[01]$' ;;
	esac
	pr_print "$title-next" "$at"
	is "$title: nothing stands in the way of the next" "$(pr_ended)" "printed -"
}

# A printer prints what it has of it, and says completed; CUPS lets go of it. $cut: what is known then.
for at in "$PR_URI" kiosk; do
	[ "$at" = kiosk ] && how=queue cut=absent || how=direct cut='absent|unknown'
	begin $how-program "$LONG"
	dies "$(program)"
	pr_go off
	settled "$cut"
	begin $how-asker "$LONG"
	dies $asker
	pr_go off
	settled "$cut"
	# nobody is left to take it back later: it does so itself
	begin $how-hung-up "$LONG"
	kill -TERM $asker
	wait $asker
	[ "$at" != kiosk ] || is "$title: its job is gone" "$(lpstat -W not-completed -o kiosk)" ''
	pr_go off
	settled "$cut|failed"
	# all of it had left, and half was on its way
	begin $how-lost "$SHORT"
	dies $asker
	pr_go off
	settled "$cut"
	begin $how-late "$SHORT"
	dies $asker
	pr_go on
	settled "$([ "$at" = kiosk ] && echo printed || echo unknown)"
done

# ---- a visit, and the record's own journal ----
sb_new
trap pr_end EXIT
PR_HALF=60000
pr_way "$PR_PORT"
sb_form "ipp://localhost:$PR_WAY/ipp/print"
n=0
customer() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1)) before=$(pr_sheets)
	sb_key --label "T$n" --pin Old-4471 --usage sign --alg p256 --not-before -351d --not-after +14d --subject /C=CN/CN=张三
	sb_envelope "E$n" Env-9038 --for "$CERT"
	pr_way "$PR_PORT"
	sb_renew Old-4471 Env-9038 "E$n" --system sheca-cisweb "$@" --json >"$SB/out" 2>"$SB/err" &
	visit=$!
	pr_held
	is "$title: half of it is there" "$(ck forms --json | jq -r '.row? | select(.).state')" printing
}
programs() { # of this sandbox: the engine, or what it has started
	case $1 in
	*engine) pgrep -f "^$1 .*$SB/certkiosk.conf" ;;
	*) pgrep -P "$(programs certkiosk-engine)" -x "$1" ;;
	esac
}
came() { echo $(($(pr_sheets) - before)); }
state() { ck forms --all --json | jq -r '.row? | select(.) | "\(.state) \(.copies)"' | tail -n 1; }
asked() { # ANSWER…: a clerk looks, and says so
	printf '%s\n' "$@" >"$SB/print-answers"
	ck print "$(jq -r 'select(.end).record' "$SB/out")" --clerk 07 --answers "$SB/print-answers" --json >"$SB/printed" 2>"$SB/err"
}
for dead in engine print; do
	title=visit-$dead
	customer --way self
	kill -KILL "$(programs certkiosk-$dead)"
	pr_until grep -q paper-unknown "$SB/out" # both look at once, and half of it still stands there
	pr_go off
	wait $visit
	is "$title: the renewal is done" "$(jq -r 'select(.end).end' "$SB/out")" "done"
	pr_until pr_idle
	like "$title: of its form $(came) sheet is out, and who looks decides" "$(came) $(state)" '^[01] unknown 0$'
	like "$title: tend does no more" "$(ck records tend --json | jq -r '.row? | select(.did) | .did') $(came)" '^print-unknown [01]$'
	if [ "$(came)" = 1 ]; then
		asked '{"ask":"paper-out","yes":true}'
	else
		asked '{"ask":"paper-out","yes":false}' '{"ask":"paper-trouble","do":"again"}'
	fi
	is "$title: one sheet, once a clerk has looked" "$(came) $(state)" "1 printed 1"
	is "$title: nothing is open any more" "$(ck forms --json | jq -r '.row? | select(.).record')" ''
done
ok "the ledger is whole" ck ledger verify
