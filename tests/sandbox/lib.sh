# Sourced by stories: one sandbox in a temporary directory, gone when the story ends.
#
#   CK_BUILD   the build directory (tests/run sets it); CK_BIN: where certkiosk is ($CK_BUILD/test)
#   sb_new [--rsa]        makes it and starts CA and desk; $SB is its directory, $SB_URL the CA's address,
#                         $SB_DESK_URL the desk's
#   SB_DESK    python: the desk is tests/desk2, a program of its own, which the same stories must suit
#   sb_systems ID…        adds systems that come with the program; sb_new gives sheca-cisweb alone
#   sb_consent            sheca-cisweb asks for consent to a document, $SB/systems/terms.txt; so do those
#                         that are made of it afterwards
#   sb_key_proof          adds the system "key-proof", which takes no envelopes
#   sb_kur                adds "kur" and "kur-envelope", whose requests the old key signs
#   sb_est                adds "est", "est-envelope" and "est-renew", which enrol over EST
#   sb_form [PRINTER]     sheca-cisweb's form again, which sandboxes do without, and a key of the site's
#   sb_paper              the same, and the print program is a fake (tests/fake/printprog_main.c) that
#                         does what sb_print says
#   sb_print MODE         from now on; sb_sheets: how many documents came out of it
#   sb_key OPTION…        makes a customer's key; sets KEY (serial), CERT, SPKI, CERT_FILE
#   sb_envelope SERIAL PASSWORD OPTION…      sb_ctl VERB…      sb_knob NAME VALUE [TIMES] | --clear
#   sb_download_codes REFERENCE CODE CERT [SYSTEM] [WHEN]   the CA gave them out; until when: +Ns, -Ns
#   sb_show FILTER        the books through jq -r
#   sb_steps SYSTEM…      from now on these take an order: sheca-issp, sdca-dezhou, szca-cgn (tests/sandbox/order.c)
#   sb_pays [METHOD]  sb_money_in  sb_identity passed|failed [TEXT]  sb_review passed|rejected [TEXT [STEP…]]
#   sb_paper_refused KIND TEXT  sb_sms  sb_seal LABEL [BYTES]       what happens elsewhere, to the newest there is
#   sb_web_order paid|unpaid [MONTHS]                               … for the newest certificate; its number
#   sb_stop  sb_kill  sb_start               end, kill -9, start again on the same port and books
#   sb_shim LINE…         what the key's shim does from now on; sb_logins counts PINs on the wire
#   ck VERB OPTION…       certkiosk with this sandbox's configuration
#   sb_renew PIN PASSWORD SERIAL OPTION…     certkiosk renew; secrets by descriptor
#   ok NAME [!] COMMAND…   is NAME GOT WANT   like NAME GOT REGEX
#
# What a command checked by ok said stands in $SB/said.

set -u
SB_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CK_BUILD=${CK_BUILD:-$SB_TREE/build}
CK_BIN=${CK_BIN:-$CK_BUILD/test}
SB_TOOLS=$CK_BUILD/test
SB_MODULE=${SB_MODULE:-$CK_BUILD/test/shim.so}
SB_WAIT_MS=10000 # a loaded machine starts a server in well under a second
SB='' SB_PID='' SB_PORT=0 SB_URL='' SB_DESK_PID='' SB_DESK_PORT=0 SB_DESK_URL=''

sb_new() {
	SB=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-sandbox.XXXXXX") || exit 1
	SB_OWNER=$BASHPID
	trap sb_end EXIT
	trap 'exit 1' HUP INT TERM
	chmod 700 "$SB"
	mkdir -m 700 "$SB"/{tokens,shim,keys.d,systems,state,certs}
	"$SB_TOOLS/casandbox" --init "$SB" "$@" || exit 1
	printf '%s\n' "directories.tokendir = $SB/tokens" 'objectstore.backend = file' \
		'log.level = ERROR' 'slots.removable = true' >"$SB/softhsm2.conf"
	export SOFTHSM2_CONF=$SB/softhsm2.conf CK_SHIM_DIR=$SB/shim
	sb_rules sheca-cisweb
	sb_keys_conf
	sb_start
	sb_site_conf
}

sb_keys_conf() {
	cat >"$SB/keys.d/softhsm.conf" <<-EOF
		name = "SoftHSM2";
		driver = "p11";
		module = "$SB_MODULE";
		keytypes = [ "rsa2048", "rsa3072", "p256" ];
		pin_min = 4;
		pin_max = 16;
		call_timeout_s = ${SB_CALL_TIMEOUT_S:-10};
	EOF
}

# The rules that came with the program, of these systems, without their forms.
sb_rules() {
	local id
	for id in "$@"; do
		sed '/^form = /d' "$SB_TREE/core/policy/systems/$id.conf" >"$SB/systems/$id.conf"
		# what its customers agree to
		find "$SB_TREE/core/policy/systems" -name "$id-*.txt" -exec cp {} "$SB/systems/" \;
	done
}
sb_systems() {
	sb_rules "$@"
	sb_site_conf
}

sb_form() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj '/CN=沙箱受理点' -utf8 \
		-keyout "$SB/pki/site.key" -out "$SB/pki/site.pem" 2>/dev/null || exit 1
	SB_PAPER='paper = { certificate = "pki/site.pem"; key = "pki/site.key";'
	SB_PAPER="$SB_PAPER forms_dir = \"$SB_TREE/printer/forms\"; ${1:+printer = \"$1\";} };"
	echo 'form = "sheca-renewal";' >>"$SB/systems/sheca-cisweb.conf"
	sb_site_conf
}

# The programs as they are, with a fake beside them.
sb_paper() {
	mkdir -p "$SB/bin" "$SB/print/jobs" "$SB/print/sheets"
	cp "$SB_TOOLS"/{certkiosk,certkiosk-engine,p11guard.so} "$SB/bin/"
	cp "$SB_TOOLS/printprog" "$SB/bin/certkiosk-print"
	CK_BIN=$SB/bin
	export CK_PRINTPROG=$SB/print
	sb_print ok
	sb_form
}
sb_print() { printf '%s\n' "$1" >"$SB/print/mode.next" && mv "$SB/print/mode.next" "$SB/print/mode"; }
sb_sheets() { find "$SB/print/sheets" -type f | wc -l; }

sb_consent() {
	printf '%s\n' '沙箱条款' '' '1. 只在沙箱里有效。' >"$SB/systems/terms.txt"
	echo 'consents = ( { name = "沙箱条款"; version = "1"; file = "terms.txt"; } );' >>"$SB/systems/sheca-cisweb.conf"
}

# A system that needs no envelope: the key proof authorises, the desk gives a one-time pair.
sb_key_proof() {
	sed 's/^authorise = .*/authorise = "key";/; s/on_behalf = "envelope"/on_behalf = "stays"/' \
		"$SB/systems/sheca-cisweb.conf" >"$SB/systems/key-proof.conf"
	sb_site_conf
}

# Two whose requests the old key signs, so that they are over with the certificate itself: "kur-envelope"
# is sheca-cisweb otherwise, "kur" takes no envelopes.
sb_kur() {
	sed 's/^enrol = .*/enrol = "kur";/; s/\tafter = 1/\tafter = 0/; s/ends_with_certificate = .*/ends_with_certificate = true;/' \
		"$SB/systems/sheca-cisweb.conf" >"$SB/systems/kur-envelope.conf"
	sed 's/^authorise = .*/authorise = "key";/; s/on_behalf = "envelope"/on_behalf = "stays"/' \
		"$SB/systems/kur-envelope.conf" >"$SB/systems/kur.conf"
	sb_site_conf
}

# Three that enrol over EST: "est-envelope" is sheca-cisweb otherwise, "est" takes no envelopes, and "est-renew"
# is over with the certificate itself, whose key asks.
sb_est() {
	sed 's/^enrol = .*/enrol = "est";/' "$SB/systems/sheca-cisweb.conf" >"$SB/systems/est-envelope.conf"
	sed 's/^authorise = .*/authorise = "key";/; s/on_behalf = "envelope"/on_behalf = "stays"/' \
		"$SB/systems/est-envelope.conf" >"$SB/systems/est.conf"
	sed 's/^enrol = .*/enrol = "est-renew";/; s/\tafter = 1/\tafter = 0/; s/ends_with_certificate = .*/ends_with_certificate = true;/' \
		"$SB/systems/est-envelope.conf" >"$SB/systems/est-renew.conf"
	sb_site_conf
}

# certkiosk.conf(5); sb_site_conf KIOSK gives another counter of the same site
sb_site_conf() {
	local kiosk=${1:-kiosk-1} file=$SB/${2:-certkiosk.conf} state=${3:-state} f sep='' ca
	{
		cat <<-EOF
			site = { name = "沙箱受理点"; kiosk = "$kiosk"; };
			keys_dir = "keys.d";
			systems_dir = "systems";
			state_dir = "$state";
			tls = {
				ca_file = "trust/tls.pem";
				cert_file = "pki/$kiosk.pem";
				key_file = "pki/$kiosk.key";
				pins = [ "$(cat "$SB/trust/pin")" ];
				connect_s = 3;
				answer_s = ${SB_ANSWER_S:-5};
			};
			${SB_PAPER:-}
			clerks = (
				{ id = "07"; name = "李柜员"; },
				{ id = "08"; name = "王柜员"; }
			);
			systems = (
		EOF
		for f in "$SB"/systems/*.conf; do
			ca=$SB_URL/cmp
			! grep -q '^enrol = "est' "$f" || ca=$SB_URL/.well-known/est/$(basename "$f" .conf)
			cat <<-EOF
				$sep{
					id = "$(basename "$f" .conf)";
					desk = "$SB_DESK_URL/desk/v1";
					ca = "$ca";
					ca_trust = "trust/cmp.pem";
					issuers = "trust/issuers.pem";
					accepted = "trust/accepted.pem";
					resend_safe = ${SB_RESEND_SAFE:-true};
				}
			EOF
			sep=', '
		done
		echo ');'
	} >"$file"
}

sb_start() {
	local apart=''
	[ "${SB_DESK:-}" != python ] || apart=--no-desk
	rm -f "$SB/port"
	"$SB_TOOLS/casandbox" --dir "$SB" --port "$SB_PORT" $apart 2>>"$SB/casandbox.log" &
	SB_PID=$!
	sb_wait_port port $SB_PID casandbox.log
	SB_PORT=$(<"$SB/port")
	SB_URL=https://localhost:$SB_PORT SB_DESK_URL=https://localhost:$SB_PORT
	[ -z "$apart" ] || sb_start_desk
}
sb_start_desk() {
	rm -f "$SB/desk2.port"
	"$SB_TREE/tests/desk2/desk.py" --dir "$SB" serve "$SB_DESK_PORT" 2>>"$SB/desk2.log" &
	SB_DESK_PID=$!
	sb_wait_port desk2.port $SB_DESK_PID desk2.log
	SB_DESK_PORT=$(<"$SB/desk2.port")
	SB_DESK_URL=https://localhost:$SB_DESK_PORT
}
sb_wait_port() { # FILE PID LOG
	local waited=0
	while [ ! -s "$SB/$1" ]; do
		if [ $((waited += 10)) -gt $SB_WAIT_MS ] || ! kill -0 "$2" 2>/dev/null; then
			echo "not ok - the sandbox did not start"
			tail -n 5 "$SB/$3" >&2
			exit 1
		fi
		sleep 0.01
	done
}

sb_stop() { # [SIGNAL]: the server's exit status
	local pid=$SB_PID desk=$SB_DESK_PID
	SB_PID='' SB_DESK_PID=''
	[ -z "$desk" ] || { kill "-${1:-TERM}" "$desk" && wait "$desk"; } 2>/dev/null
	[ -n "$pid" ] || return 0
	kill "-${1:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}
sb_kill() { sb_stop KILL; }

sb_end() {
	local rc=$?
	[ "$BASHPID" = "$SB_OWNER" ] || exit $rc # a function in the background has our trap
	sb_stop
	[ -n "${SB_KEEP:-}" ] && echo "# kept: $SB" || rm -rf "$SB"
	exit $rc
}

sb_key() {
	local line
	line=$("$SB_TOOLS/makekey" --dir "$SB" --out "$SB/certs/new.der" "$@") || return 1
	read -r KEY CERT SPKI < <(jq -r '"\(.serial) \(.cert_sha256) \(.spki)"' <<<"$line")
	CERT_FILE=$SB/certs/$CERT.der
	mv "$SB/certs/new.der" "$CERT_FILE"
}

sb_ctl() {
	case "${SB_DESK:-} $1" in
	"python envelope" | "python revoke" | "python hold" | "python good" | "python knob") ;; # the CA's
	python\ *)
		"$SB_TREE/tests/desk2/desk.py" --dir "$SB" "$@"
		return
		;;
	esac
	"$SB_TOOLS/sandboxctl" --dir "$SB" "$@"
}
sb_envelope() { sb_ctl envelope "$@"; }
sb_download_codes() { sb_ctl download-codes "$@"; }
sb_knob() { sb_ctl knob "$@"; }
sb_show() { sb_ctl show | jq -r "$@"; }
sb_steps() {
	local id
	for id in "$@"; do sb_knob "desk.steps.$id" 1 || return 1; done
}
sb_pays() { sb_ctl pays "$@"; }
sb_money_in() { sb_ctl money-in; }
sb_identity() { sb_ctl identity "$@"; }
sb_review() { sb_ctl review "$@"; }
sb_paper_refused() { sb_ctl paper-refused "$@"; }
sb_web_order() { sb_ctl web-order "$@"; }
sb_sms() { sb_ctl sms; }
sb_seal() { sb_ctl seal "$@"; }

# replaced whole: the shim reads it at every call
sb_shim() {
	printf '%s\n' "$@" >"$SB/shim/ctl.next" && mv "$SB/shim/ctl.next" "$SB/shim/ctl"
}
sb_logins() { if [ -e "$SB/shim/logins" ]; then wc -c <"$SB/shim/logins"; else echo 0; fi; }

ck() {
	local verb=$1
	shift
	"$CK_BIN/certkiosk" "$verb" --config "${SB_CONF:-$SB/certkiosk.conf}" "$@"
}

# each may be empty: then it is not among the answers
sb_renew() {
	local pin=$1 password=$2 envelope=$3
	shift 3
	{
		[ -z "$envelope" ] || jq -nc --arg s "$envelope" '{"ask":"envelope","serial":$s}'
	} >"$SB/answers"
	ck renew --answers "$SB/answers" --secrets-fd 9 "$@" 9< <(
		[ -z "$pin" ] || printf 'pin %s\n' "$pin"
		[ -z "$password" ] || printf 'password %s\n' "$password"
	)
}

ok() {
	local name=$1 want=0 rc
	shift
	[ "$1" = '!' ] && want=1 && shift
	"$@" >"$SB/said" 2>&1
	rc=$?
	if [ $((rc != 0)) -eq $want ]; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		echo "#   status $rc of: $*"
		sed 's/^/#   /' "$SB/said" | tail -n 8
		return 1
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		printf 'not ok - %s\n#   got  "%s"\n#   want "%s"\n' "$1" "$2" "$3"
		return 1
	fi
}

like() {
	if [[ $2 =~ $3 ]]; then
		echo "ok - $1"
	else
		printf 'not ok - %s\n#   got  "%s"\n#   want /%s/\n' "$1" "$2" "$3"
		return 1
	fi
}
