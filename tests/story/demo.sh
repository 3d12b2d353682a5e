#!/bin/bash
# make demo without a terminal: it ends well by itself, names the form it made and what came out of its
# printer, and leaves nothing else behind.
. "$(dirname "$0")/../sandbox/lib.sh"
SB=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-demo.XXXXXX") || exit 1
trap 'rm -rf "$SB"' EXIT
mkdir "$SB/tmp" "$SB/build"
ln -s "$CK_BUILD/bin" "$CK_BUILD/test" "$SB/build/"
ok "it ends well" env TMPDIR="$SB/tmp" "$SB_TREE/tests/sandbox/demo.sh" "$SB/build" </dev/null
cp "$SB/said" "$SB/told"
ok "the whole form, it says" grep -q 'The whole document is as it was signed' "$SB/told"
form=$(sed -n 's/.*the signed form *//p' "$SB/told") sheet=$(sed -n 's/.*what was printed *//p' "$SB/told")
ok "the form is where it says" "$CK_BIN/certkiosk" verify-form "$form"
ok "so is what was printed, the same" cmp "$form" "$sheet"
is "pdfsig says so, too" "$(pdfsig -nocert "$form" 2>/dev/null | grep -c 'Signature is Valid')" 2
like "of the customer, for this envelope" "$(pdftotext "$form" - | tr -d '\n')" '上海某某科技有限公司.*88880001'
is "nothing else is left" "$(find "$SB/tmp" -mindepth 1) $(pgrep -af "$SB/tmp/") $(find "$SB/build/demo" -type f | wc -l)" "  2"
