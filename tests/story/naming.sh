#!/bin/bash
# Id and label of the new certificate by its family's rule: set when the old pair is gone, the same
# after a pull at each change, left alone where the key refuses or another pair has the id.
. "$(dirname "$0")/../sandbox/recover.sh"
sb_new
readers
CN=上海某某科技有限公司

rules() { # SETTING…
	sed -i '/_rule = /d' "$SB/keys.d/softhsm.conf"
	printf '%s\n' "$@" >>"$SB/keys.d/softhsm.conf"
}
objects() { # class, id and label of all that is on the key, under its PIN
	P=$1 pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --token-label T1 --login --pin env:P \
		--list-objects 2>/dev/null | awk '
		/Object/ { class = $1; id = label = "" }
		/^  label:/ { label = $2 }
		/^  ID:/ { print class, $2, label }' | sort
}
alike() { # NAME ID LABEL: the three objects
	is "$1: all three objects are named" "$(objects "$PASSWORD")" \
		"$(printf '%s\n' "Certificate $2 $3" "Private $2 $3" "Public $2 $3")"
}
sha1_of() {
	openssl x509 -inform DER -in "$SB/cert" -pubkey -noout |
		openssl ec -pubin -outform DER -conv_form uncompressed 2>/dev/null | tail -c 65 | sha1sum | cut -c1-40
}
old_id() { ck keys --json | jq -r 'select(.row).row.entries[0].id'; }
another() {
	fresh --alg p256 "$@"
	SECRETS+=("pin $PASSWORD")
}
done_as() { # NAME
	ctl
	visit
	settled "$1"
}

rules 'id_rule = "sha1";' 'label_rule = "{cn}";'
another
done_as "the key's SHA-1"
alike "the key's SHA-1" "$(sha1_of)" "$CN"
rules 'id_rule = "old";'
another
old=$(old_id)
done_as "the old id"
alike "the old id" "$old" T1
rules 'label_rule = "new-{date}-{old}";'
another
done_as "a label alone"
like "a label alone" "$(objects "$PASSWORD" | head -n 1)" 'Certificate [0-9a-f]{24} new-20[0-9-]{8}-T1$'

rules 'id_rule = "label";' 'label_rule = "K-{serial}";'
another
done_as "the label's bytes"
label=K-$(openssl x509 -inform DER -in "$SB/cert" -serial -noout | cut -d= -f2)
alike "the label's bytes" "$(printf %s "$label" | xxd -p -c 64)" "$label"
rules 'id_rule = "label";'
ck keys --json >"$SB/out.json"
like "an id of no label: told where it stands" "$(tail -n 1 "$SB/out.json")" \
	'CONFIG.*softhsm\.conf.*id_rule.*needs a label_rule'

# ---- pulled before each change, and after it ----
rules 'id_rule = "old";' 'label_rule = "{cn}";'
for n in 0 1 2 3 5; do
	another
	old=$(old_id)
	pulled "pulled at change $n" "yank C_SetAttributeValue $n"
	back
	settled "$CASE"
	alike "$CASE" "$old" "$CN"
done
another
old=$(old_id)
sb_shim 'dieafter C_SetAttributeValue 0 once'
SECRETS+=("password $PASSWORD")
visit
settled "killed after the first change"
alike "killed after the first change" "$old" "$CN"

# ---- given up meanwhile: a pair is not left under two ids ----
another
old=$(old_id)
WAIT=0
ctl 'yank C_SetAttributeValue 1'
visit
wait $VISIT
is "given up half-way: it waits" "$? $(open_records)" "1 1"
ctl
number=$(ck records --json | jq -r 'select(.row).row.record')
printf 'pin %s\n' "$PASSWORD" >"$SB/pin"
ok "given up half-way" ck abandon "$number" --clerk 07 --secrets-fd 9 --json 9<"$SB/pin"
alike "given up half-way" "$old" "$CN"
WAIT=20

# ---- a key that refuses; an id that another pair has ----
another
old=$(old_id)
ctl noset
visit
settled "a key that refuses"
is "a key that refuses: it is told" "$(count '"say":"names-kept"')" 1
ok "a key that refuses: its own id" test "$(old_id)" != "$old"
another
ctl 'fail C_SetAttributeValue 10 1'
visit
settled "a key that refuses half-way"
is "a key that refuses half-way: one id, and not the old one" \
	"$(objects "$PASSWORD" | awk -v old="$old" '$2 != old { print $2 }' | sort | uniq -c | awk '{ print $1 }')" 3
another --usage both
old=$(old_id)
ctl
visit
wait $VISIT
is "the old pair is kept: done" "$? $(count '"say":"kept"') $(count '"say":"names-kept"')" "0 1 1"
is "the old pair is kept: it alone is under its id" \
	"$(ck keys --json | jq -r --arg i "$old" 'select(.row).row.entries[]|select(.id==$i).id')" "$old"
rules 'label_rule = "{name}";'
ok "a rule nobody knows" ! ck keys --json
like "is named with its file" "$(<"$SB/said")" 'CONFIG.*softhsm.conf.*label_rule'
service_killed
