# Sourced by stories of downloads: one sandbox with S3, which has two kiosks.
#
#   download_new          makes it
#   fresh OPTION…         a key (makekey's options; empty: --no-key --no-cert), an empty store, and codes for the
#                         certificate that was made with it: first, second
#   more OPTION…          another certificate on that key
#   download OPTION…      headless, at the counter whose file is CONF; secrets in SECRETS, one a line; SAY: true or
#                         false to what is shown; what it said is in $SB/out
#   ended  said  asked  detail  certs FILTER  open_records

. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
pin=Old-4471
company='/C=CN/O=山东某某事业单位/CN=山东某某事业单位'
soon=(--not-before -5y --not-after +14d)

download_new() {
	sb_new
	sb_systems sd-bianban
	sb_site_conf kiosk-2 certkiosk-2.conf state-2
	sb_knob desk.live 0 # nobody waits a minute here
	CONF=$SB/certkiosk.conf n=0
}

fresh() {
	rm -rf "$SB"/tokens/* "$SB"/shim/* "$SB"/state*
	mkdir -m 700 "$SB"/state{,-2}
	n=$((n + 1)) first=D-$n second=Zk7-q$n SAY=true
	sb_key --label "T$n" --pin $pin --alg rsa2048 --usage sign --subject "$company" --not-before -1700d --not-after +100d "$@"
	sb_download_codes "$first" "$second" "$CERT"
	SECRETS=("pin $pin" "code $second")
}

more() {
	"$SB_TOOLS/makekey" --dir "$SB" --second --serial "$KEY" --pin $pin --alg p256 --usage sign "$@" >/dev/null
}

say_all() {
	printf '{"ask":"download","reference":"%s"}\n' "$first" "$first" "$first" "$first" "$first"
	printf '{"ask":"make-anew","yes":%s}\n{"ask":"consent","yes":true}\n' "$SAY"
}
download() {
	say_all >"$SB/answers"
	SB_CONF=$CONF ck renew --system sd-bianban --way download --clerk 07 --json --answers "$SB/answers" --secrets-fd 9 "$@" \
		9< <(printf '%s\n' "${SECRETS[@]}") >"$SB/out" 2>"$SB/err"
}

ended() { jq -r 'select(.end) | "\(.end) \(.error.name // "-")"' "$SB/out"; }
detail() { jq -r 'select(.end).error.detail' "$SB/out"; }
asked() { jq -r 'select(.ask).ask' "$SB/out" | uniq | tr '\n' ' '; }
said() { jq -r 'select(.say).say' "$SB/out" | tr '\n' ' '; }
certs() { ck keys --json | jq -sr '[.[].row?.entries? // [] | .[].certificate | select(. != null)]'"$1"; }
entries() { ck keys --json | jq -s '[.[].row?.entries? // [] | .[]] | length'; }
open_records() {
	for conf in certkiosk certkiosk-2; do SB_CONF=$SB/$conf.conf ck records --json; done | grep -c '"station"'
}
