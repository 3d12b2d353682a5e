#!/bin/bash
# What may touch a secret. It lives in a ck_secret from the keyboard to the one call that consumes it:
# who looks at its bytes, who sends a PIN to a key, is a short list and stands here. At the end the
# rules are tried on a tree that breaks each of them.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lint/lib.sh
tmp=$(mktemp -d "${TMPDIR:-/tmp}/certkiosk-lint.XXXXXX") || exit 2
trap 'rm -rf "$tmp"' EXIT

outside() { # REGEX PLACES, code on standard input: matches elsewhere
	grep -E ":.*\b($1)" | grep -vE "^($2):"
}

exactly() { # N REGEX, code on standard input: says so when there are more or fewer
	local n
	n=$(grep -cE "$2")
	[ "$n" -eq "$1" ] || echo "$n of $2"
}

check() { # ROOT
	code "$1" include core tui printer >"$tmp/code"
	# the link, what clerks' passphrases are known by, the two proofs, HTTP Basic, the key and the rule for its PINs
	outside 'ck_secret_bytes *\(' 'include/certkiosk/secret\.h|core/base/(secret|frame|passphrase)\.c|core/ca/(cmp|desk_proof|http)\.c|core/token/(p11_pin|file_box|token)\.c' \
		<"$tmp/code" | rule "the bytes of a secret are looked at by those who consume them"
	{
		exactly 1 '(->|\.)C_Login *\(' <"$tmp/code"
		exactly 1 '(->|\.)C_SetPIN *\(' <"$tmp/code"
		outside '(->|\.)?C_(Login|SetPIN) *\(' 'core/token/p11_pin\.c' <"$tmp/code"
	} | rule "a PIN goes to a key in two calls of one file"
	outside 'PKCS11_(login|change_pin|init_pin|init_token) *\(' 'nowhere' <"$tmp/code" |
		grep -v 'PKCS11_login(.*NOT_A_PIN)' | rule "libp11 is given no PIN"
	grep -E '(->|\.)(C_InitToken|C_InitPIN) *\(' "$tmp/code" | rule "nothing initialises a key"
	grep -E '^[^:]*\.h:.*\bchar\b *(const *)?\*? *(pin|password|passphrase|secret) *[][,;)]' "$tmp/code" |
		rule "no header passes a secret as plain characters"
}

check .

# ---- the rules themselves ----
mkdir -p "$tmp/bad/core/walk" "$tmp/bad/include"
cat >"$tmp/bad/core/walk/bad.c" <<'EOF'
	json_pack("{s:s}", "x", ck_secret_bytes(v->password));
	t->f->C_Login(s, CKU_USER, p, n);
	PKCS11_login(&slot, 0, pin);
	f->C_InitPIN(s, p, n);
EOF
echo 'int f(const char *pin, int);' >"$tmp/bad/include/bad.h"
{ check "$tmp/bad" | sed -n 's/^ok - //p'; [ -s "$tmp/code" ] || echo "no rule spoke"; } |
	rule "a breach of every rule is seen"
