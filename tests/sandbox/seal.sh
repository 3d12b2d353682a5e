# Sourced by stories after lib.sh: the electronic seal on a key, with the eyes of its maker's own tool.
#
#   seal_tool LABEL PIN OPTION…        pkcs11-tool at the key of that label
#   seal_of_last_year LABEL PIN        one is on it
#   seal_waits [BYTES]                 one waits at the desk for the newest certificate; its hash is $at_desk
#   seal_on_key LABEL PIN              how many there are, and the hash of the bytes

SEAL=电子印章

seal_tool() {
	local label=$1 pin=$2
	shift 2
	PIN=$pin pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label "$label" --login --pin env:PIN "$@" 2>/dev/null
}
seal_of_last_year() {
	printf 'of last year' >"$SB/old-seal"
	seal_tool "$1" "$2" --write-object "$SB/old-seal" --type data --label $SEAL --application-label maker >/dev/null
}
seal_waits() {
	sb_seal $SEAL "$@"
	at_desk=$(sb_show '.seals[-1].sha')
}
seal_on_key() {
	rm -f "$SB/read"
	seal_tool "$1" "$2" --read-object --type data --label $SEAL --output-file "$SB/read"
	echo "$(seal_tool "$1" "$2" --list-objects --type data | grep -c "label: *'*$SEAL") $(sha256sum <"$SB/read" | cut -d' ' -f1)"
}
