# Sourced by stories after lib.sh: readers without hardware, and which module is meant for which key.
#
#   service [VERSION]     starts the stand-in for pcscd, over the real libpcsclite
#   plug LINE             what it is told (fakepcscd_main.c); done when it returns
#   service_killed        kill -9
#   key_in READER SERIAL  puts that key into that reader (SB_MODULE is the shim, ATR its family's)
#   key_out READER        pulls it
#   family FILE NAME MODULE SETTING…     a file of keys.d

ATR=3B7F96000080318065B0850300EF120FFE829000
STRANGE=3B9F958131FE9F006646530523002571DF0000000000000B # no family's
R1='Longmai mToken 00 00' R2='Other Reader 01 00'

service() {
	coproc PCSC { exec "$SB_TOOLS/fakepcscd" "$PCSCLITE_CSOCK_NAME" "$@"; }
	exec 7>&"${PCSC[1]}" 8<&"${PCSC[0]}"
	SERVICE=$PCSC_PID
	read -r -t 10 _ <&8
}
plug() {
	printf '%s\n' "$*" >&7
	[ "$1" = die ] && return
	read -r -t 120 PLUGGED <&8
	[ "$PLUGGED" = ok ] || echo "not ok - $*: $PLUGGED"
}
service_killed() {
	kill -9 "$SERVICE"
	wait "$SERVICE" 2>/dev/null
	exec 7>&- 8<&-
}
# The module knows of a key before the reader tells of it, and a pulled one is gone from both.
seats() {
	local reader
	{
		echo none
		for reader in "${!SEATS[@]}"; do printf '%s %s\n' "${SEATS[$reader]}" "$reader"; done
	} >"$SB/shim/seats.next"
	mv "$SB/shim/seats.next" "$SB/shim/seats"
}
declare -A SEATS=()
key_in() {
	SEATS[$1]=$2
	seats
	plug card "$1|$ATR"
}
key_out() {
	unset "SEATS[$1]"
	seats
	plug nocard "$1"
}
family() {
	local file=$1 name=$2 module=$3
	shift 3
	printf '%s\n' "name = \"$name\";" 'driver = "p11";' "module = \"$module\";" \
		'keytypes = [ "rsa2048", "p256" ];' "$@" >"$SB/keys.d/$file.conf"
}
