#!/bin/bash
# Twenty customers at once, each with a key of his own, against one CA and desk: first at twenty kiosks
# with a store each, then all of them over one store. Everybody is served, nobody twice.
SB_ANSWER_S=30 SB_CALL_TIMEOUT_S=60 # nineteen others are in the way
. "$(dirname "$0")/../sandbox/lib.sh"
sb_new
N=20

# customer I: his own reader and key, PIN, envelope
make_customer() { # I
	local d=$SB/at/$1
	mkdir -p -m 700 "$d"/{tokens,shim}
	sed "s|^directories.tokendir.*|directories.tokendir = $d/tokens|" "$SB/softhsm2.conf" >"$d/softhsm2.conf"
	at "$1" "$SB_TOOLS/makekey" --dir "$SB" --label "T$1" --pin "first-$1" --out "$d/old.der" \
		--subject "/C=CN/O=第${1}公司/CN=第${1}公司" >"$d/key.json"
	sb_envelope "2026-$1" "second-$1"
}

at() { # I COMMAND…: in the place of customer I
	local d=$SB/at/$1
	shift
	SOFTHSM2_CONF=$d/softhsm2.conf CK_SHIM_DIR=$d/shim "$@"
}

# The password follows when everybody has been asked for his: from then on all twenty are at it.
secrets() { # I
	printf 'pin %s\n' "first-$1"
	read -r _ <&7
	printf 'password %s\n' "second-$1"
}

renew() { # I CONFIG
	local d=$SB/at/$1
	jq -nc --arg s "2026-$1" '{"ask":"envelope","serial":$s}' >"$d/answers"
	at "$1" "$CK_BIN/certkiosk" renew --config "$2" --system sheca-cisweb --way on-behalf --clerk 07 \
		--answers "$d/answers" --secrets-fd 9 --json 9< <(secrets "$1") >"$d/said" 2>"$d/err"
	echo $? >"$d/rc"
}

# FIRST LAST CONFIG…: customer I with the I-th configuration or the last one
all_renew() {
	local first=$1 last=$2 i conf clients=() waited=0
	shift 2
	for ((i = first; i <= last; i++)); do
		conf=$1
		[ $# -gt 1 ] && shift
		renew "$i" "$conf" &
		clients+=($!)
	done
	while [ "$(count_of "$first" "$last" said envelope-password)" -lt $N ] && [ $((waited += 1)) -lt 600 ]; do
		sleep 0.1
	done
	asked=$(count_of "$first" "$last" said envelope-password) ended=$(count_of "$first" "$last" rc .)
	printf '\n%.0s' $(seq $N) >&7
	wait "${clients[@]}"
}

count_of() { # FIRST LAST FILE REGEX: in how many of those customers' files it stands
	local i n=0
	for ((i = $1; i <= $2; i++)); do
		grep -qsE "$4" "$SB/at/$i/$3" && n=$((n + 1))
	done
	echo $n
}

ends() { # FIRST LAST: what the visits ended with, as "20 done", and why
	local i
	for ((i = $1; i <= $2; i++)); do
		tail -n 1 "$SB/at/$i/said" | jq -r '.end + (if .error then " " + .error.name else "" end)'
	done | sort | uniq -c | sed 's/^ *//' | paste -sd,
}

# what is on the key: the hashes of its certificates and of those that are the CA's for this envelope
keys_hold_the_new() { # FIRST LAST: how many hold exactly the one certificate issued to them
	local i n=0 on books
	for ((i = $1; i <= $2; i++)); do
		on=$(at "$i" ck keys --json | jq -r 'select(.row).row.entries[] |
			"\(.certificate.sha256) \(.public)"')
		books=$(jq -r --arg e "2026-$i" '.certificates[] | select(.envelope == $e and .status == "good"
			and .certconf == "accepted") | .sha' "$SB/books")
		[ -n "$books" ] && [ "$on" = "$books true" ] && n=$((n + 1))
	done
	echo $n
}

two_pins_each() { # FIRST LAST: at how many keys two PINs were verified, the login and the change
	local i n=0
	for ((i = $1; i <= $2; i++)); do
		[ "$(wc -c <"$SB/at/$i/shim/logins")" -eq 2 ] && n=$((n + 1))
	done
	echo $n
}

check_all() { # WHERE FIRST LAST
	local span=$((($3 - $2) + 1))
	is "$1: asked for twenty passwords at once" "$asked $ended" "$span 0"
	is "$1: all are done" "$(ends "$2" "$3")" "$span done"
	is "$1: exit status 0 each" "$(count_of "$2" "$3" rc '^0$')" "$span"
	sb_ctl show >"$SB/books"
	is "$1: each key holds its new certificate and no other" "$(keys_hold_the_new "$2" "$3")" "$span"
	is "$1: two PINs at each key, as typed" "$(two_pins_each "$2" "$3")" "$span"
	is "$1: nobody's log says anything" "$(cat "$SB"/at/*/err | head -n 3)" ""
}

for ((i = 1; i <= 2 * N; i++)); do
	make_customer $i
done
mkfifo "$SB/gate"
exec 7<>"$SB/gate" # kept open, so that whoever comes to it late finds his line
is "forty keys are different ones" "$(jq -r .serial "$SB"/at/*/key.json | sort -u | wc -l)" $((2 * N))

# ---- a store each ----
confs=()
for ((i = 1; i <= N; i++)); do
	mkdir -m 700 "$SB/state-$i"
	sb_site_conf kiosk-1 "certkiosk-$i.conf" "state-$i"
	confs+=("$SB/certkiosk-$i.conf")
done
all_renew 1 $N "${confs[@]}"
check_all "twenty stores" 1 $N
is "twenty stores: issued, live, confirmed, revoked" \
	"$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.revoked)"')" "$N $N $N 0"

# ---- one store ----
all_renew $((N + 1)) $((2 * N)) "$SB/certkiosk.conf"
check_all "one store" $((N + 1)) $((2 * N))
is "one store: issued, live, confirmed, revoked in all" \
	"$(sb_show '.counts | "\(.issued) \(.live) \(.confirmed) \(.revoked)"')" "$((2 * N)) $((2 * N)) $((2 * N)) 0"
is "one store: twenty records, each number once, all done" \
	"$(ck records --all --json | jq -r 'select(.row).row | "\(.record) \(.state)"' | sort -u | grep -c done)" $N
ok "one store: the ledger is whole" ck ledger verify
is "and no record is left open" "$(ck records --json | jq -r 'select(.row).row.record')" ""
