#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "inside.h"

/*
 * nonce | ciphertext | tag. The nonce is random: NIST SP 800-38D 8.3 allows 2^32 of them under one
 * key, a kiosk makes some ten million in its life.
 */
#define NONCE_LEN 12
#define TAG_LEN 16
_Static_assert(CK_SEALED(0) == NONCE_LEN + TAG_LEN, "what sealing adds");
/* of a document on its way to the store */
#define PIECE 16384

static EVP_CIPHER_CTX *
gcm(const struct ck_keys *keys, const unsigned char *nonce, const char *aad, int seal)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int len = 0;

	/* an IV of 96 bits is what GCM takes unless told otherwise */
	if (ctx == NULL ||
	    EVP_CipherInit_ex(ctx, EVP_aes_256_gcm(), NULL, keys->seal, nonce, seal) != 1 ||
	    EVP_CipherUpdate(ctx, NULL, &len, (const unsigned char *)aad, (int)strlen(aad)) != 1) {
		EVP_CIPHER_CTX_free(ctx);
		return NULL;
	}
	return ctx;
}

unsigned char *
ck_seal(const struct ck_keys *keys, const char *aad, const void *p, size_t n, size_t *out_n,
    struct ck_err *err)
{
	size_t size = CK_SEALED(n);
	unsigned char *out = n <= CK_SEAL_MAX ? malloc(size) : NULL;
	EVP_CIPHER_CTX *ctx = NULL;
	int len = 0;

	if (out == NULL || RAND_bytes(out, NONCE_LEN) != 1 ||
	    (ctx = gcm(keys, out, aad, 1)) == NULL ||
	    EVP_EncryptUpdate(ctx, out + NONCE_LEN, &len, p, (int)n) != 1 ||
	    EVP_EncryptFinal_ex(ctx, out + NONCE_LEN + len, &len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, out + NONCE_LEN + n) != 1) {
		ck_fail(err, CK_E_INTERNAL, "seal %s", aad);
		free(out);
		out = NULL;
	}
	EVP_CIPHER_CTX_free(ctx);
	*out_n = out != NULL ? size : 0;
	return out;
}

/* In place. */
static bool
opens(const struct ck_keys *keys, const char *aad, const unsigned char *nonce, unsigned char *p,
    size_t n, unsigned char tag[TAG_LEN])
{
	EVP_CIPHER_CTX *ctx = gcm(keys, nonce, aad, 0);
	int len = 0;
	bool good = ctx != NULL && EVP_DecryptUpdate(ctx, p, &len, p, (int)n) == 1 &&
		    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) == 1 &&
		    EVP_DecryptFinal_ex(ctx, p + len, &len) == 1;

	EVP_CIPHER_CTX_free(ctx);
	return good;
}

/* Room for what is sealed in n bytes and a NUL. */
static unsigned char *
room_for(size_t n, size_t *plain)
{
	*plain = n >= CK_SEALED(0) ? n - CK_SEALED(0) : 0;
	return n >= CK_SEALED(0) && *plain <= CK_SEAL_MAX ? calloc(1, *plain + 1) : NULL;
}

unsigned char *
ck_unseal(const struct ck_keys *keys, const char *aad, const void *sealed, size_t n, size_t *out_n,
    struct ck_err *err)
{
	const unsigned char *in = sealed;
	unsigned char *out = in != NULL ? room_for(n, out_n) : NULL, tag[TAG_LEN];

	if (out != NULL) {
		memcpy(out, in + NONCE_LEN, *out_n);
		memcpy(tag, in + NONCE_LEN + *out_n, TAG_LEN);
	}
	if (out == NULL || !opens(keys, aad, in, out, *out_n, tag)) {
		ck_fail(err, CK_E_STORE_DAMAGED, "sealed %s", aad);
		OPENSSL_clear_free(out, out != NULL ? *out_n : 0);
		out = NULL;
		*out_n = 0;
	}
	return out;
}

/* ---- to the store and from it ---- */

static int
put(struct ck_store *st, sqlite3_blob *to, const void *p, size_t n, size_t at, struct ck_err *err)
{
	errno = 0;
	return sqlite3_blob_write(to, p, (int)n, (int)at) == SQLITE_OK ? 0 : ck_sql_fail(st, err);
}

static int
seal_pieces(struct ck_store *st, EVP_CIPHER_CTX *ctx, const unsigned char *p, size_t n,
    sqlite3_blob *to, struct ck_err *err)
{
	unsigned char piece[PIECE];
	int len = 0;

	for (size_t at = 0, k; at < n; at += k) {
		k = n - at < sizeof piece ? n - at : sizeof piece;
		if (EVP_EncryptUpdate(ctx, piece, &len, p + at, (int)k) != 1)
			return ck_fail(err, CK_E_INTERNAL, "seal");
		if (put(st, to, piece, k, NONCE_LEN + at, err) == -1)
			return -1;
	}
	if (EVP_EncryptFinal_ex(ctx, piece, &len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_LEN, piece) != 1)
		return ck_fail(err, CK_E_INTERNAL, "seal");
	return put(st, to, piece, TAG_LEN, NONCE_LEN + n, err);
}

int
ck_seal_into(struct ck_store *st, const char *aad, const void *p, size_t n, sqlite3_blob *to,
    struct ck_err *err)
{
	unsigned char nonce[NONCE_LEN];
	EVP_CIPHER_CTX *ctx =
	    RAND_bytes(nonce, sizeof nonce) == 1 ? gcm(st->keys, nonce, aad, 1) : NULL;
	int rc = -1;

	if (ctx == NULL)
		ck_fail(err, CK_E_INTERNAL, "seal %s", aad);
	else if (put(st, to, nonce, sizeof nonce, 0, err) == 0)
		rc = seal_pieces(st, ctx, p, n, to, err);
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}

unsigned char *
ck_unseal_from(
    struct ck_store *st, const char *aad, sqlite3_blob *from, size_t *out_n, struct ck_err *err)
{
	unsigned char nonce[NONCE_LEN], tag[TAG_LEN];
	unsigned char *out = room_for((size_t)sqlite3_blob_bytes(from), out_n);
	int n = (int)*out_n;

	errno = 0;
	if (out == NULL)
		ck_fail(err, CK_E_STORE_DAMAGED, "sealed %s", aad);
	else if (sqlite3_blob_read(from, nonce, NONCE_LEN, 0) != SQLITE_OK ||
		 sqlite3_blob_read(from, out, n, NONCE_LEN) != SQLITE_OK ||
		 sqlite3_blob_read(from, tag, TAG_LEN, NONCE_LEN + n) != SQLITE_OK)
		ck_sql_fail(st, err);
	else if (opens(st->keys, aad, nonce, out, *out_n, tag))
		return out;
	else
		ck_fail(err, CK_E_STORE_DAMAGED, "sealed %s", aad);
	OPENSSL_clear_free(out, *out_n);
	*out_n = 0;
	return NULL;
}

int
ck_keyed_hash(const unsigned char key[32], const char *name, const void *p, size_t n,
    unsigned char out[CK_HASH_LEN], struct ck_err *err)
{
	size_t name_len = strlen(name) + 1; /* its NUL parts it from the value */
	unsigned char *both = malloc(name_len + n);
	unsigned int len = 0;
	int rc = -1;

	if (both == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "hash %s", name);
	memcpy(both, name, name_len);
	if (n > 0)
		memcpy(both + name_len, p, n);
	if (HMAC(EVP_sha256(), key, 32, both, name_len + n, out, &len) == NULL ||
	    len != CK_HASH_LEN)
		ck_fail(err, CK_E_INTERNAL, "hash %s", name);
	else
		rc = 0;
	OPENSSL_clear_free(both, name_len + n);
	return rc;
}
