#include "base/passphrase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/buf.h"

#define HEAD "scrypt$"
/* a multiple of three each: base64 without padding, and the setting fits a line of 80 columns */
#define SALT_LEN 12
#define HASH_LEN 24

/* RFC 7914, with 16 MiB and about a quarter of a second: what OWASP's password storage advice gives
 * for machines that have no more to spare. Other numbers need another HEAD. */
#define COST 16384
#define BLOCK 8
#define PARALLEL 5
#define MEMORY_MAX (24 << 20)

struct line {
	unsigned char salt[SALT_LEN], hash[HASH_LEN];
};

static bool
take(const char *text, size_t len, unsigned char *out, size_t n)
{
	char part[CK_PASSPHRASE_LINE_MAX];
	unsigned char *bytes = NULL;
	size_t got = 0;
	bool good;

	if (len != n / 3 * 4 || len >= sizeof part)
		return false;
	memcpy(part, text, len);
	part[len] = '\0';
	bytes = ck_unbase64(part, n, &got);
	good = bytes != NULL && got == n;
	if (good)
		memcpy(out, bytes, n);
	free(bytes);
	return good;
}

static bool
parse(const char *text, struct line *l)
{
	const char *salt = text + strlen(HEAD), *hash;

	if (strncmp(text, HEAD, strlen(HEAD)) != 0 || (hash = strchr(salt, '$')) == NULL)
		return false;
	return take(salt, (size_t)(hash - salt), l->salt, sizeof l->salt) &&
	       take(hash + 1, strlen(hash + 1), l->hash, sizeof l->hash);
}

bool
ck_passphrase_line_good(const char *line)
{
	struct line l;

	return parse(line, &l);
}

static int
derive(const struct ck_secret *s, const unsigned char salt[SALT_LEN], unsigned char out[HASH_LEN],
    struct ck_err *err)
{
	if (EVP_PBE_scrypt(ck_secret_bytes(s), ck_secret_len(s), salt, SALT_LEN, COST, BLOCK,
		PARALLEL, MEMORY_MAX, out, HASH_LEN) == 1)
		return 0;
	return ck_fail(err, CK_E_NO_MEMORY, "scrypt");
}

int
ck_passphrase_make(const struct ck_secret *s, char out[CK_PASSPHRASE_LINE_MAX], struct ck_err *err)
{
	char *salt = NULL, *hash = NULL;
	struct line l;
	int r = -1;

	if (RAND_bytes(l.salt, sizeof l.salt) != 1) {
		ck_fail(err, CK_E_INTERNAL, "no random bytes");
		goto out;
	}
	if (derive(s, l.salt, l.hash, err) == -1)
		goto out;
	salt = ck_base64(l.salt, sizeof l.salt);
	hash = ck_base64(l.hash, sizeof l.hash);
	if (salt == NULL || hash == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "scrypt");
		goto out;
	}
	snprintf(out, CK_PASSPHRASE_LINE_MAX, HEAD "%s$%s", salt, hash);
	r = 0;
out:
	free(salt);
	free(hash);
	return r;
}

int
ck_passphrase_fits(const struct ck_secret *s, const char *line, struct ck_err *err)
{
	struct line l = { .salt = { 0 } };
	bool known = parse(line, &l);
	unsigned char hash[HASH_LEN];
	bool same;

	if (derive(s, l.salt, hash, err) == -1)
		return -1;
	same = CRYPTO_memcmp(hash, l.hash, sizeof hash) == 0;
	OPENSSL_cleanse(hash, sizeof hash);
	return known && same;
}
