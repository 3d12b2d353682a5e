#!/bin/bash
# A renewal that was interrupted is found by its key, its number, the text of a slip, its envelope, order or
# lease, here or at the desk; the person is told where it stopped and says whether to go on. A wrong envelope
# password is found out on the tape, and too many have to wait.
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
sb_key_proof
sb_site_conf kiosk-2 certkiosk-2.conf state-2
sb_knob desk.live 0

subject='/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司'
pin=Old-4471 password=Env-9038 n=0
two=$SB/certkiosk-2.conf
ways=(--system sheca-cisweb --way on-behalf)

# SB_CONF=… go VERB…: answers in $answers, passwords in $words, PINs $pin; said in $SB/out
go() {
	local p
	{
		[ -z "${answers:-}" ] || printf '%s\n' "$answers"
		printf '{"ask":"envelope","serial":"%s"}\n' "${serial:-E$n}"
	} >"$SB/answers"
	ck "$@" --answers "$SB/answers" --secrets-fd 9 9< <(
		printf 'pin %s\n' $pin $pin
		for p in ${words:-$password}; do printf 'password %s\n' "$p"; done
	) >"$SB/out" 2>>"$SB/err"
}
a_key() {
	rm -rf "$SB"/tokens/* "$SB"/shim/*
	n=$((n + 1))
	sb_key --label "T$n" --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
	sb_envelope "E$n" $password --for "$CERT"
	sb_ctl order "O-$n" "$CERT" # is for those without an envelope
}
began() { # STATION SYSTEM…: a new key; its renewal at kiosk-1 was interrupted there, and is $record
	local station=$1
	shift
	a_key
	CK_FAULT_AT=$station go renew "$@" --json
	record=$(ck records --json | jq -r 'select(.row.state == "open").row.record' | head -n 1)
	slip=$(ck records --json | jq -r --arg r "$record" '.row | select(.record == $r).slip')
}
ended() { tail -n 1 "$SB/out" | jq -r '"\(.end) \(.error.name // "-")"'; }
detail() { tail -n 1 "$SB/out" | jq -r '.error.detail // ""'; }
question() { jq -c 'select(.ask == "resume").facts' "$SB/out"; }
said() { jq -c --arg w "$1" 'select(.say == $w).facts' "$SB/out"; }
lines() { ck records --show "$record" --json | grep -c '"mark"'; }
entries() { ck keys --json | jq -sc '[.[].row?.entries? // [] | .[] | {id, sha: .certificate.sha256}]'; }
rc_is() { # NAME WANT COMMAND…
	local name=$1 want=$2
	shift 2
	"$@"
	is "$name" $? "$want" || tail -n 1 "$SB/out"
}

# ---- the question ----
began install "${ways[@]}" --clerk 07
is "an engine that takes over for one that was killed asks nobody" "$(question)" ""
was=$(lines) held=$(entries)
answers='{"ask":"resume","yes":false}' rc_is "no: it ends saved" 3 go renew "${ways[@]}" --clerk 07 --json
is "the record, where it stopped, at which counter" "$(question | jq -c '[.record,.station,.kiosk,has("at"),has("holder")]')" \
	"[\"$record\",\"install\",\"kiosk-1\",true,false]"
is "the list of records says the same station" "$(ck records --json | jq -r '.row.station // empty')" install
is "nothing was written down, nothing changed on the key" "$(lines) $(entries)" "$was $held"
is "no PIN was asked for" "$(grep -c '"ask":"pin"' "$SB/out")" 0
like "it says so, with the text for a slip" "$(said declined)$(tail -n 1 "$SB/out")" "$record.*$slip"
answers='{"ask":"resume","yes":false}' go renew "${ways[@]}" --clerk 07 --lang zh
like "in words, in Chinese" "$(<"$SB/out")" "没有继续办理：$record.*小票 +$slip"
words=' ' go renew "${ways[@]}" --clerk 07 --lang zh # nobody has the password at hand
is "one that fails and stays open gives it, too" "$(sed -n 's/^  小票 *//p' "$SB/out")" "$slip"
rc_is "the record alone says system and way; of a clerk's work a clerk is asked for" 4 go renew --record "$record" --json
is "and told which" "$(ended) $(detail)" "refused CLERK_NEEDED $record"
rc_is "by its number, gone on with by itself" 0 go renew --record "$record" --clerk 08 --json
is "asked once" "$(question | wc -l)" 1
is "and it is done" "$(ended) $(sb_show -c '.counts | [.issued,.live,.confirmed]')" "done - [$n,$n,$n]"

# ---- resume TEXT ----
wide() { sed 'y/ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ０１２３４５６７８９－/' <<<"$1"; }
for by in number slip scanned small wide undashed undashed-number envelope lease; do
	began request "${ways[@]}" --clerk 07
	case $by in
	number) text=$record ;;
	slip) text=$slip ;;
	scanned) text="$slip"$'\r\n' ;;
	small) text=" ${slip,,} " ;;
	undashed) text=${slip//-/} && text=${text,,} ;;
	undashed-number) text=${record//-/} ;;
	wide) text=$(wide "$slip") ;;
	envelope) text=e$n ;;
	lease) text=$(sb_show '.leases[-1].lease') ;;
	esac
	rc_is "resume by $by" 0 go resume "$text" --clerk 07 --json
	is "$by: the same record to its end" "$(tail -n 1 "$SB/out" | jq -r .record) $(said resumed | jq -r .record)" "$record $record"
done
began request --system key-proof --way self
rc_is "resume by order, by the customer alone" 0 go resume "o-$n" --json
is "the same record" "$(tail -n 1 "$SB/out" | jq -r .record)" "$record"
is "and the order is done" "$(sb_show --arg o "O-$n" '.orders[] | select(.order == $o).state')" done

rc_is "one that is closed" 4 go resume "$record" --json
is "is told how it ended" "$(ended) $(said over | jq -c '[.record,.state]')" "refused RECORD_CLOSED [\"$record\",\"done\"]"
record=$(ck records --all --json | jq -r '.row | select(.way == "on-behalf").record' | head -n 1)
go resume "$record" --json
is "at the last of its own steps" "$(jq -c 'select(.say == "over") | [.n, .of]' "$SB/out")" "[13,13]"
record=$(ck records --all --json | jq -r '.row | select(.system == "key-proof").record' | head -n 1)
rc_is "the order of one that is closed" 4 go resume "O-$n" --json
is "leads to it, too" "$(ended) $(said over | jq -r .record)" "refused RECORD_CLOSED $record"
rc_is "nowhere" 4 go resume E-4711 --clerk 07 --json
is "nobody knows it" "$(ended) $(detail)" "refused NO_RECORD E-4711"
rc_is "mistyped" 4 go resume "${slip%?}$([ "${slip: -1}" = A ] && echo B || echo A)" --json
is "is seen by its check character" "$(ended)" "refused SLIP_WRONG"
undashed=${slip//-/}
rc_is "mistyped, and without dashes" 4 go resume "${undashed%?}$([ "${slip: -1}" = A ] && echo B || echo A)" --json
is "the same" "$(ended)" "refused SLIP_WRONG"
SB_CONF=$two rc_is "another counter's without dashes" 4 go resume "$undashed" --clerk 07 --json
is "is to be typed as it is printed" "$(ended)" "refused SLIP_WRONG"
sb_stop
rc_is "while the desk is away" 4 go resume E-4711 --clerk 07 --json
is "nobody says that there is none" "$(ended)" "refused DESK_UNREACHABLE"
sb_start

# ---- typed with an input method ----
a_key
serial=" $(wide "E$n")" CK_FAULT_AT=install go renew "${ways[@]}" --clerk 07 --json
is "an envelope's serial" "$(sb_show '.leases[-1].envelope')" "E$n"
printf '%s\n' "pin $pin" "password $password" >"$SB/typed"
slip=$(ck records --json | jq -r '.row.slip // empty')
SHELL=/bin/bash timeout 20 script -qfec "$CK_BIN/certkiosk resume $slip --clerk 07 --lang zh --config $SB/certkiosk.conf --secrets-fd 9 9<$SB/typed" \
	/dev/null <<<"ｙ" >"$SB/out" 2>&1
like "a yes, at a terminal" "$(<"$SB/out")" "接着办业务.*更新完成"
rm "$SB/typed"

# ---- begun at another counter ----
for by in slip envelope; do
	began install "${ways[@]}" --clerk 07
	[ $by = slip ] && text=$slip || text=E$n
	SB_CONF=$two rc_is "at another counter by $by" 4 go resume "$text" --json
	is "$by: it is told where it is, and that a clerk is needed" "$(ended) $(said found-elsewhere | jq -c '[.kiosk,.record,.bound,.way,.system]')" \
		"refused CLERK_NEEDED [\"kiosk-1\",\"$record\",\"issued\",\"on-behalf\",\"sheca-cisweb\"]"
	is "$by: and of which record" "$(detail)" "kiosk-1 $record"
	SB_CONF=$two rc_is "$by: with a clerk it is taken over" 0 go resume "$text" --clerk 08 --json
	is "$by: with the pair on the key" "$(said adopted)" "{}"
	SB_CONF=$two rc_is "$by: over is over" 4 go resume "$text" --clerk 08 --json
	rc_is "$by: the first counter, asked with the slip and without the key" 0 go resume "$slip" --clerk 07 --json
	is "$by: knows who finished it" "$(said finished-elsewhere | jq -r .kiosk) $(ended)" "kiosk-2 done -"
done

# ---- all but the old pair was brought to its end ----
began retire "${ways[@]}" --clerk 07
mkdir "$SB/aside" && mv "$SB"/tokens/* "$SB/aside/"
SB_CONF=$two rc_is "killed before the old pair went; at another counter, without the key" 4 go resume "$slip" --clerk 08 --json
is "the key has to be put in" "$(said last-step | jq -r .record) $(ended)" "$record refused NO_KEY"
mv "$SB"/aside/* "$SB/tokens/" && rmdir "$SB/aside"
pin=$password SB_CONF=$two rc_is "with it the last step is done" 0 go resume "$slip" --clerk 08 --json
is "the old pair is gone, nothing was issued again" "$(entries | jq length) $(sb_show -c '.counts | [.issued,.live,.open]')" "1 [$n,$n,0]"
rc_is "the first counter" 0 go resume "$slip" --clerk 07 --json
is "knows who finished it" "$(said finished-elsewhere | jq -r .kiosk)" kiosk-2
began close "${ways[@]}" --clerk 07
SB_CONF=$two rc_is "killed after it went; at another counter" 4 go resume "$slip" --clerk 08 --json
is "there is nothing left to do" "$(ended) $(detail) $(grep -c '"ask":"pin"' "$SB/out")" "refused RECORD_CLOSED kiosk-1 $record 0"

# ---- a lease keeps its way ----
for station in install pin; do
	began $station "${ways[@]}" --clerk 07
	SB_CONF=$two rc_is "$station: what a clerk began, by its slip and alone" 4 go resume "$slip" --way self --json
	is "$station: was begun otherwise" "$(ended) $(detail)" "refused OTHER_WAY kiosk-1 $record: sheca-cisweb, on-behalf"
	SB_CONF=$two rc_is "$station: by the key" 4 go renew --system sheca-cisweb --way self --json
	is "$station: is not gone on with, and nothing stays open there" "$(ended) $(SB_CONF=$two ck records --json | grep -c '"station"')" \
		"refused OTHER_WAY 0"
	rc_is "$station: its own counter brings it to the end" 0 go resume "$slip" --clerk 07 --json
	is "$station: the PIN is the envelope's" "$(sb_show '.leases[-1] | "\(.way) \(.pin)"')" "on-behalf changed"
done
a_key
go renew --system key-proof --way on-behalf --clerk 07 --json
SB_CONF=$two rc_is "on behalf, ended, where the PIN stays" 4 go resume "O-$n" --clerk 08 --json
is "is over at another counter, too" "$(ended)" "refused RECORD_CLOSED"

# ---- another key of the same model ----
began issue "${ways[@]}" --clerk 07
mkdir "$SB/aside" && mv "$SB"/tokens/* "$SB/aside/"
sb_key --label Another --pin $pin --usage sign --alg p256 --not-before -351d --not-after +14d --subject "$subject"
rc_is "another key is in" 1 go resume "$slip" --clerk 07 --wait 0 --json
is "it is refused" "$(ended)" "failed OTHER_KEY"
like "with both labels" "$(detail)" "^Another .*T$n "
was=$(entries)
SB_CONF=$two rc_is "and at another counter" 4 go resume "$slip" --clerk 08 --json
is "it is refused before a PIN is asked for" "$(ended) $(grep -c '"ask":"pin"' "$SB/out") $(entries)" "refused OTHER_KEY 0 $was"
like "with its label, and whose it is not" "$(detail)" "^Another .*kiosk-1 $record$"
other=$n n=$((n + 1))
sb_envelope "E$n" $password --for "$CERT"
SB_CONF=$two CK_FAULT_AT=newkey go renew "${ways[@]}" --clerk 08 --json
SB_CONF=$two rc_is "one that has a record of its own there" 4 go resume "$slip" --clerk 08 --json
is "is refused, too, and that record left alone" "$(ended) $(said resumed)" "refused OTHER_KEY "
SB_CONF=$two rc_is "which goes on with its own" 0 go renew "${ways[@]}" --clerk 08 --json
n=$other
rm -rf "$SB"/tokens/*
rc_is "no key is in" 1 go resume "$slip" --clerk 07 --wait 0 --json
is "the one is asked for by label and serial" "$(jq -r 'select(.ask == "key-back").facts.label' "$SB/out")" "T$n"
mv "$SB"/aside/* "$SB/tokens/"
rc_is "the right one goes on" 0 go resume "$slip" --clerk 07 --json
n=$((other + 1))

# ---- the password on the tape ----
began install "${ways[@]}" --clerk 07
words='Wrong-11 Wrong-22' rc_is "two wrong passwords" 1 go resume "$slip" --clerk 07 --json
is "are found out here" "$(ended) $(sb_show .counts.wrong)" "failed ENVELOPE_WRONG 0"
words='Wrong-33 Wrong-44 Wrong-55 Env-9038' rc_is "three more, of the next engine" 1 go resume "$slip" --clerk 07 --json
is "and the next has to wait" "$(ended) $(sb_show .counts.wrong)" "failed PASSWORD_WAIT 0"
like "until when is told" "$(detail)" '^20[0-9-]+T[0-9:]+'
logins=$(sb_logins)
rc_is "the right one, too" 1 go resume "$slip" --clerk 07 --json
is "is not even asked for, nor is the PIN" \
	"$(ended) $(grep -c '"ask":"envelope-password"' "$SB/out") $(grep -c '"ask":"pin"' "$SB/out") $(sb_logins)" "failed PASSWORD_WAIT 0 0 $logins"
words=Wrong-66 CK_FAULT_CLOCK=61 rc_is "after a minute one may be tried" 1 go resume "$slip" --clerk 07 --json
CK_FAULT_CLOCK=150 rc_is "after a sixth, two minutes" 1 go resume "$slip" --clerk 07 --json
is "have not passed" "$(ended)" "failed PASSWORD_WAIT"
CK_FAULT_CLOCK=-200 rc_is "a clock that was set back locks nobody" 0 go resume "$slip" --clerk 07 --json
is "and the right one is forgotten to have been wrong" "$(ck records --show "$record" --json | grep -c '"the right envelope password"')" 1
is "one issued, live and confirmed each; nothing left open" "$(sb_show -c '.counts | [.issued - .live, .live - .confirmed, .unconfirmed, .open]')" "[0,0,0,0]"
ok "the ledger is whole" ck ledger verify
ok "the other counter's, too" env CK_BIN="$CK_BIN" "$CK_BIN/certkiosk" ledger verify --config "$two"
