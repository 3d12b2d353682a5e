#!/bin/bash
# The electronic seal that is renewed with a certificate: written beside the old one, read back, told to the
# desk. Whatever becomes of it, and wherever it is interrupted, the renewal has its right end; a seal that was
# not written is there at the next look at the key.
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/order.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/seal.sh"
SB_ANSWER_S=3 sb_new
sb_systems sheca-issp
system=sheca-issp label=$SEAL
subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'

of_last_year() { seal_of_last_year "T$n" "$pin"; }
on_key() { seal_on_key "T$n" "${now_pin:-$pin}"; }
waits() { seal_waits "$@"; }
desk_says() { sb_show '.seals[-1].state'; }
right() { [ "$(on_key)" = "1 $at_desk" ]; }
sealed() { jq -r 'select(.say // "" | startswith("seal-")) | "\(.say) \(.facts.label // .facts.code)"' "$SB/out" | tr '\n' ' '; }
ledger() { ck ledger show --json | jq -r 'select(.row.station? == "seal").row.text'; }
check() { # ANSWER…: the doctor
	printf '%s\n' "$@" >"$SB/answers"
	ck doctor --json --answers "$SB/answers" --secrets-fd 9 9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err"
}
found() { jq -r 'select(.row.kind? == "seal-waits").row | "\(.label) \(.act)"' "$SB/out" | uniq; }
yes='{"ask":"doctor-seal","yes":true}' look='{"ask":"doctor-look","yes":false}'

# ---- written ----
fresh
of_last_year
waits 65536
ok "the largest seal: done" renew
ok "it is on the key, and the old one is not" right
is "said" "$(sealed)" "seal-written $label "
is "the desk has heard it" "$(desk_says)" written
like "it comes before the rest" "$(jq -r 'select(.did).did' "$SB/out" | uniq | tr '\n' ' ')" " confirm seal retire "
is "in the ledger" "$(ledger | sed 's/: .*//' | tr '\n' ' ')" "seal written, read back seal "
is "what it is called stands in no record in clear" "$(grep -c $label "$SB"/state/records.db* | cut -d: -f2 | sort -u)" 0
check "$look"
is "nothing waits any more" "$(found)" ""

fresh
ok "no seal: done" renew
is "and nothing is said of one" "$(sealed)" ""
is "but in the ledger" "$(ledger)" "no seal to be renewed"

# ---- not written: the renewal is whole all the same, and the seal is offered again ----
not_written() { # NAME WHY RULE
	fresh
	of_last_year
	old=$(on_key)
	waits
	sb_shim "$3"
	ok "$1: done" renew
	sb_shim ''
	is "$1: said" "$(sealed) $(ended)" "seal-not-written $2  done -"
	is "$1: the old one is as it was" "$(on_key)" "$old"
	is "$1: one certificate, in use" "$(issued) $(state)" "1 done "
	is "$1: in the ledger" "$(ledger | head -n 1)" "seal not written: $2"
}
not_written "no room" SEAL_NO_ROOM 'fail C_CreateObject 31 1'
is "the desk has heard it" "$(desk_says)" not-written
check "$look" '{"ask":"doctor-seal","yes":false}'
is "the doctor finds it, and asks" "$(found) $(jq -r 'select(.ask).ask' "$SB/out" | tr '\n' ' ')" "$label seal doctor-look doctor-seal "
is "who says no keeps what he has" "$(on_key) $(desk_says)" "$old not-written"
check "$look" "$yes"
is "who says yes has it" "$(sealed)" "seal-written $label "
ok "on the key" right
is "and the desk knows" "$(desk_says)" written
check "$look"
is "once" "$(found)" ""

not_written "no such objects" KEY_NO_DATA 'fail C_CreateObject d1 1'
printf '%s\n' "$look" "$yes" >"$SB/answers"
rm -rf "$SB/state"
mkdir -m 700 "$SB/state"
sb_shim 'fail C_CreateObject 31 0'
check "$look" "$yes"
is "still none, at a counter that knows nothing of it: said" "$(sealed)" "seal-not-written SEAL_NO_ROOM "
sb_shim ''
check "$look" "$yes"
ok "and then there is" right

# ---- answers lost, requests doubled ----
for call in seal seal-ack; do
	for how in lose-request lose-reply doubled garbage; do
		fresh
		waits
		sb_knob "desk.$how.$call" 1
		ok "$how of $call: done" renew
		[ "$how $call" = 'garbage seal' ] || ok "$how of $call: on the key" right
		sb_knob --clear
		check "$look" "$yes"
		ok "$how of $call: and at the next look it is" right
		is "$how of $call: as the desk knows" "$(desk_says)" written
	done
done

# ---- the desk is away ----
during() { # what is done while the key writes the seal
	sb_shim 'hold C_CreateObject 1'
	renew & job=$!
	until [ -e "$SB/shim/held" ]; do kill -0 $job || break; sleep 0.02; done
	"$@"
	sb_shim ''
	wait $job
}
restart() { sb_kill; sb_start; }
fresh
waits
ok "the desk restarts meanwhile: done" during restart
is "on the key, and told" "$(right && echo right) $(desk_says)" "right written"
fresh
waits
ok "the desk is gone: done all the same" during sb_kill
sb_start
is "on the key; the desk has not heard it" "$(right && echo right) $(desk_says)" "right waiting"
check "$look"
is "until the next look at the key" "$(found)$(desk_says)" written

# ---- the key is pulled ----
for rule in 'C_CreateObject 1' 'C_DestroyObject 0'; do
	fresh
	of_last_year
	waits
	sb_shim "yank $rule"
	printf '' >"$SB/answers"
	ck renew --system $system --way self --json --wait 0 --answers "$SB/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\n' $pin) >"$SB/out" 2>"$SB/err"
	is "pulled at $rule: nothing is closed" "$(state)" "open "
	sb_shim '# in again'
	ok "pulled at $rule: put in again, done" renew
	ok "pulled at $rule: one seal, the new one" right
	is "pulled at $rule: one certificate" "$(issued) $(desk_says)" "1 written"
done

# ---- killed at each line of the record, at each call of the key ----
span() { # LIST FROM TO: numbers of the lines from the first FROM before the first TO
	awk -v f="$2" -v t="$3" '$0 == f { on = 1 } $0 == t { exit } on { print NR }' "$1"
}
killed() { # NAME LEAST POINT…: each POINT is a command line of variables, or a rule
	local name=$1 least=$2 tried=0 wrong=0 point
	shift 2
	for point in "$@"; do
		fresh
		of_last_year
		waits
		[[ $point = die* ]] && sb_shim "$point"
		CK_FAULT_AT=$([[ $point = die* ]] || echo "$point") renew && echo "# $point: it came through"
		sb_shim ''
		tried=$((tried + 1))
		[ "$(state)" = 'done ' ] || renew
		if ! right || [ "$(issued) $(state)$(desk_says)" != "1 done written" ]; then
			wrong=$((wrong + 1))
			echo "# $point: $(on_key), $(issued) $(state)$(desk_says), $(ended)"
		fi
	done
	is "$name: killed $tried times, each at its right end" $wrong 0
	ok "$name: often enough to mean it" test $tried -ge "$least"
}
fresh
of_last_year
waits
CK_FAULT_LOG=$SB/points renew
mapfile -t points < <(span "$SB/points" seal retire)
killed "at each point" 6 "${points[@]}"
# the seal is the second object that is made; looked for before, compared and the old one removed after
fresh
of_last_year
waits
renew
made=$(grep -n C_CreateObject "$SB/shim/calls" | sed -n '2s/:.*//p')
mapfile -t points < <(seq -f 'die * %g' $((made - 11)) $((made + 16)))
killed "at each call" 28 "${points[@]}"

# ---- given up between the certificate and its seal ----
fresh
waits
CK_FAULT_AT=seal renew
ok "given up" ck abandon "$(ck records --json | jq -r '.row?.record // empty')" --secrets-fd 9 9< <(printf 'pin %s\n' $pin)
is "the certificate stays, the seal waits" "$(issued) $(state)$(desk_says)" "1 abandoned waiting"
check "$look" "$yes"
is "and can still be had" "$(right && echo right) $(desk_says)" "right written"

# ---- on behalf: the PIN changes after it ----
sed -i '1i seal = true;' "$SB/systems/sheca-cisweb.conf"
fresh
waits
sb_envelope E-seal Env-9038 --for "$CERT"
ok "on behalf: done" sb_renew $pin Env-9038 E-seal --system sheca-cisweb --way on-behalf --clerk 07 --json
now_pin=Env-9038
ok "the seal is on the key, under the new PIN" right

# ---- beside files ----
stick=$SB/media/stick
printf '%s\n' 'name = "U-disk";' 'driver = "file";' "roots = [ \"$SB/media/*\" ];" 'keytypes = [ "p256" ];' >"$SB/keys.d/files.conf"
rm -rf "$SB/keys.d/softhsm.conf" "$SB/state"
mkdir -m 700 "$SB/state"
mkdir -p "$stick"
sb_key --medium "$stick/zhang.p12" --form p12 --pin $pin --label zhang --alg p256 --not-before -351d --not-after +14d --subject "$subject"
printf 'of last year' >"$stick/$label"
waits
ok "files: done" renew
is "the seal is a file beside them" "$(sha256sum <"$stick/$label" | cut -d' ' -f1) $(desk_says)" "$at_desk written"
is "the old one is put aside" "$(cat "$stick/$label.old")" "of last year"
ok "the ledger is whole" ck ledger verify
