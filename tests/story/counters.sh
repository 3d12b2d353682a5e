#!/bin/bash
# A visit begun at one counter goes on at another: kiosk-1 is killed as it comes to each station, kiosk-2 brings
# the visit to the one right end with the pair found on the key, and kiosk-1 finds it done. Of two that are at
# it at once one wins and the other is told.
. "$(dirname "${BASH_SOURCE[0]}")/../sandbox/lib.sh"
sb_new
sb_key_proof
sb_site_conf kiosk-2 certkiosk-2.conf state-2
sb_knob desk.live 0 # nobody waits a minute here

old_pin=Old-4471 new_pin=Env-9038 n=0 typed=0
stick=$SB/media/stick
cat >"$SB/files.conf" <<CONF
name = "U-disk";
driver = "file";
roots = [ "$SB/media/*" ];
keytypes = [ "p256" ];
CONF
cp "$SB/keys.d/softhsm.conf" "$SB/softhsm.conf"

at() { # COUNTER VERB OPTION…: with PIN in $pin; everything said in $SB/out
	local conf=$SB/certkiosk.conf verb=$2
	[ "$1" = 1 ] || conf=$SB/certkiosk-2.conf
	shift 2
	printf '{"ask":"envelope","serial":"%s"}\n{"ask":"unsettled-pin","which":"%s"}\n%s\n' "$envelope" "$which" "${say:-}" >"$SB/answers"
	SB_CONF=$conf ck "$verb" --json --answers "$SB/answers" --secrets-fd 9 "$@" \
		9< <(printf 'pin %s\npassword %s\n' "$pin" $new_pin) >"$SB/out" 2>>"$SB/err"
}

fresh() { # [DAYS-LEFT]
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB"/state "$SB"/state-2 "$SB/media"
	mkdir -m 700 "$SB/state" "$SB/state-2"
	mkdir -p "$stick"
	rm "$SB"/keys.d/*
	which=old pin=$old_pin envelope=E$((n += 1))
	visit=(renew --system sheca-cisweb --way on-behalf --clerk 07)
	[ $mode != self ] || visit=(renew --system key-proof --way self)
	if [ $mode = file ]; then
		cp "$SB/files.conf" "$SB/keys.d/"
		sb_key --medium "$stick/zhang.p12" --form p12 --pin $old_pin --label zhang --alg p256
	else
		cp "$SB/softhsm.conf" "$SB/keys.d/"
		sb_key --label "T$n" --pin $old_pin --usage sign --alg p256 --subject '/C=CN/O=上海某某科技有限公司/CN=上海某某科技有限公司' \
			--not-before -351d --not-after "${1:-+14}d"
	fi
	sb_envelope "$envelope" $new_pin --for "$CERT"
}

holds() { # PASSWORD: does the key take it? (not through the kiosk)
	local new
	if [ $mode = file ]; then
		new=$(find "$SB/media" -name "*-$KEY-*" ! -name '*.old' | sort | tail -n 1)
		PW=$1 openssl pkcs12 -in "${new:-$stick/zhang.p12}" -passin env:PW -noout 2>/dev/null
	else
		SOFTHSM2_CONF=$SB/softhsm2.conf PIN=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so \
			--token-label "T$n" --login --pin env:PIN --list-objects >/dev/null 2>&1
	fi
}
say_pin() { # what its owner would type now, and the clerk's word for it
	which=old pin=$old_pin
	! holds $new_pin || which=envelope pin=$new_pin
}
entries() { ck keys --json | jq -s '[.[].row?.entries? // [] | .[]] | length'; }
open_records() {
	for conf in certkiosk certkiosk-2; do
		SB_CONF=$SB/$conf.conf ck records --json
	done | grep -c '"station"'
}
ledgers() {
	for conf in certkiosk certkiosk-2; do
		SB_CONF=$SB/$conf.conf ck ledger verify >/dev/null || echo broken
	done
}
ended() { tail -n 1 "$SB/out" | jq -r '.error.name // "-"'; }
told() { grep -oE '"say":"(adopted|finished-elsewhere|released-elsewhere)"' "$SB/out" | cut -d'"' -f4; }

# A is killed there, B goes on, A comes back. What was wrong is said.
case_of() { # POINT
	local b a before right
	fresh
	CK_FAULT_AT=$1 at 1 "${visit[@]}"
	killed=$?
	say_pin
	before=$(sb_logins)
	at 2 "${visit[@]}"
	b="$? $(ended)"
	[ $(($(sb_logins) - before)) -le 2 ] || echo "# B verified more than the PIN typed and the change"
	adopted=$(told)
	say_pin
	before=$(sb_logins)
	at 1 "${visit[@]}"
	a="$? $(ended)"
	[ $(($(sb_logins) - before)) -le 1 ] || echo "# A verified more than the PIN typed"
	finished=$(told)
	# what A had brought so far that the old certificate was gone is A's to finish; what it had not even begun is over
	case "$b, $a" in
	"0 -, 0 -" | "4 TOO_EARLY, 0 -" | "0 -, 4 TOO_EARLY" | "0 -, 4 OTHER_KEY") ;;
	*) echo "# B $b, A $a" ;;
	esac
	right="$n $n $n 0 0"
	[ "$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.unconfirmed) \(.open)"')" = "$right" ] ||
		echo "# books: $(sb_show -c .counts)"
	[ "$(entries)" = 1 ] || echo "# entries on the key: $(entries)"
	[ "$(open_records)" = 0 ] || echo "# records open: $(open_records)"
	[ -z "$(ledgers)" ] || echo "# a ledger is broken"
	holds $([ $mode = self ] && echo $old_pin || echo $new_pin) || echo "# another PIN holds than should"
}

for mode in ${MODES:-on-behalf self file}; do
	wrong=0 points=0
	for station in ${STATIONS:-authorise newkey request issue install confirm pin retire close}; do
		[ "$mode $station" != "self pin" ] || continue
		points=$((points + 1))
		case_of $station >"$SB/wrong"
		[ ! -s "$SB/wrong" ] || { wrong=$((wrong + 1)); echo "# $mode, $station:"; cat "$SB/wrong"; }
	done
	is "$mode: begun at one counter, ended at another, found done at the first: $points stations" $wrong 0
done

[ "${MODES:-all}" = all ] || exit 0

# ---- the PIN change at the first counter came to no answer ----
mode=on-behalf
for shim in die dieafter; do
	fresh
	sb_shim "$shim C_SetPIN 0"
	at 1 "${visit[@]}"
	sb_shim
	say_pin
	is "$shim at the PIN change: the other counter tells by what is typed" \
		"$(at 2 "${visit[@]}"; echo $?) $(holds $new_pin && ! holds $old_pin && echo new)" "0 new"
	say_pin
	is "$shim: the first counter asks nothing any more" "$(at 1 "${visit[@]}"; echo $?) $(told) $(grep -c '"ask":"unsettled' "$SB/out")" \
		"0 finished-elsewhere 0"
done

# ---- both at once ----
fresh
sb_knob desk.live 60
sb_knob cmp.delay 1500
at 1 "${visit[@]}" &
first=$!
until [ "$(sb_show '.leases[-1].spki // "-"')" != - ] && [ "$(sb_show '.counts.open')" = 1 ]; do sleep 0.05; done
mkdir "$SB/second"
(printf '{"ask":"envelope","serial":"%s"}\n' "$envelope" >"$SB/second/answers"
	SB_CONF=$SB/certkiosk-2.conf ck "${visit[@]}" --json --answers "$SB/second/answers" --secrets-fd 9 \
		9< <(printf 'pin %s\npassword %s\n' "$pin" $new_pin) >"$SB/second/out" 2>>"$SB/err")
is "both at once: the second is told by whom, and nothing stays open there" \
	"$? $(tail -n 1 "$SB/second/out" | jq -r '"\(.error.name) \(.error.detail)"' | cut -d, -f1) $(SB_CONF=$SB/certkiosk-2.conf ck records --json | grep -c '"station"')" \
	"4 LEASE_ELSEWHERE kiosk-1 0"
is "nor is the first one's number said to be abandoned" "$(grep -c '"say":"abandoned"' "$SB/second/out")" 0
wait $first
is "the first wins" "$? $(ended)" "0 -"
sb_knob --clear cmp.delay

fresh
sb_knob desk.live 0
CK_FAULT_AT=install at 1 "${visit[@]}"
CK_FAULT_AT=confirm at 2 "${visit[@]}"
sb_knob desk.live 60
at 1 "${visit[@]}"
is "the first one back while the second is at it: told by whom, still open" "$? $(tail -n 1 "$SB/out" |
	jq -r '"\(.error.name) \(.error.detail)"' | cut -d, -f1) $(jq -r 'select(.ask == "resume").facts | "\(.station) \(.holder) \(.bound)"' "$SB/out")" \
	"1 LEASE_ELSEWHERE kiosk-2 install kiosk-2 issued"
sb_knob desk.live 0
at 1 "${visit[@]}"
is "a minute later it takes it back" "$? $(ended)" "0 -"
say_pin
sed -i 's/^keep_private_days = .*/keep_private_days = 30;/' "$SB/systems/sheca-cisweb.conf"
at 2 "${visit[@]}"
is "and the second finds it done" "$? $(told) $(jq -r 'select(.say == "finished-elsewhere").facts.kiosk' "$SB/out")" "0 finished-elsewhere kiosk-1"
sed -i 's/^keep_private_days = .*/keep_private_days = 0;/' "$SB/systems/sheca-cisweb.conf"
second=$(SB_CONF=$SB/certkiosk-2.conf ck records --all --json | jq -r '.row.record // empty')
like "its last line says where, in words" "$(SB_CONF=$SB/certkiosk-2.conf ck records --show "$second" --lang zh)" '在另一台终端办完: kiosk-1 CK-'
is "what is sealed in it is kept as the policy says" \
	"$(sqlite3 -cmd '.timeout 5000' "$SB/state-2/records.db" 'SELECT (wipe - closed) / 86400 FROM record')" 30

# ---- the first counter only asked what became of it ----
fresh
CK_FAULT_AT=install at 1 "${visit[@]}"
sb_knob desk.live 60
sb_knob desk.clock 120
CK_FAULT_CLOCK=120 ck records tend --json >"$SB/out"
is "two minutes later the first looks after it" "$(jq -r '.row.did // empty' "$SB/out")" waits
CK_FAULT_CLOCK=120 at 2 "${visit[@]}"
is "and keeps nobody from going on with it" "$? $(ended)" "0 -"
sb_knob --clear desk.clock
sb_knob desk.live 0

# ---- given up at the other counter ----
fresh
CK_FAULT_AT=install at 1 "${visit[@]}"
CK_FAULT_AT=confirm at 2 "${visit[@]}"
at 2 abandon "$(SB_CONF=$SB/certkiosk-2.conf ck records --json | jq -r '.row.record // empty')" --clerk 07
is "given up at the second" "$? $(ended)" "0 -"
at 1 "${visit[@]}"
is "the first is put back, too" "$? $(ended) $(told) $(entries) $(sb_show '.counts.open')" "5 - released-elsewhere 1 0"

# ---- a pair of its own at each counter ----
# the authority takes the right back and gives it anew: the first one's pair lies under an id the second
# can't know of, and is not bound yet
fresh
CK_FAULT_AT=request at 1 "${visit[@]}"
sqlite3 -cmd '.timeout 5000' "$SB/sandbox.db" "UPDATE lease SET state = 'released' WHERE envelope = '$envelope'"
CK_FAULT_AT=request at 1 "${visit[@]}"
CK_FAULT_AT=confirm at 2 "${visit[@]}"
is "two pairs beside the old one" "$(entries)" 3
at 1 "${visit[@]}"
is "the first goes on with the one that is bound and sweeps its own" "$? $(ended) $(told) $(entries)" "0 - adopted 1"

# ---- its days ended since ----
fresh -28
CK_FAULT_AT=issue at 1 "${visit[@]}"
later=$((10 * 86400))
sb_knob desk.clock $later
CK_FAULT_CLOCK=$later at 2 "${visit[@]}"
is "granted in time, ended after it" "$? $(ended) $(told)" "0 - adopted"
sb_knob --clear desk.clock

# ---- a copy of the medium, from before the pair was made ----
mode=file
fresh
cp -r "$stick" "$SB/copy"
CK_FAULT_AT=install at 1 "${visit[@]}"
mv "$stick" "$SB/real" && mv "$SB/copy" "$stick"
at 2 "${visit[@]}"
is "a copy without the pair" "$? $(ended)" "1 PAIR_ELSEWHERE"
rm -r "$stick" && mv "$SB/real" "$stick"
at 2 "${visit[@]}"
is "the right one goes on there" "$? $(ended)" "0 -"
is "one live and confirmed for each but the one given up, none left open" \
	"$(sb_show -c '.counts | [.live - .confirmed, .unconfirmed, .open]') $(ledgers)" "[0,0,0] "
