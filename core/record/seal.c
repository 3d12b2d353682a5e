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
	size_t size = NONCE_LEN + n + TAG_LEN;
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

unsigned char *
ck_unseal(const struct ck_keys *keys, const char *aad, const void *sealed, size_t n, size_t *out_n,
    struct ck_err *err)
{
	const unsigned char *in = sealed;
	size_t plain = n >= NONCE_LEN + TAG_LEN ? n - NONCE_LEN - TAG_LEN : 0;
	bool fits = in != NULL && n >= NONCE_LEN + TAG_LEN && plain <= CK_SEAL_MAX;
	unsigned char *out = fits ? calloc(1, plain + 1) : NULL, tag[TAG_LEN];
	EVP_CIPHER_CTX *ctx = NULL;
	int len = 0;

	if (out != NULL)
		memcpy(tag, in + NONCE_LEN + plain, TAG_LEN);
	if (out == NULL || (ctx = gcm(keys, in, aad, 0)) == NULL ||
	    EVP_DecryptUpdate(ctx, out, &len, in + NONCE_LEN, (int)plain) != 1 ||
	    EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_LEN, tag) != 1 ||
	    EVP_DecryptFinal_ex(ctx, out + len, &len) != 1) {
		ck_fail(err, CK_E_STORE_DAMAGED, "sealed %s", aad);
		OPENSSL_clear_free(out, plain);
		out = NULL;
	}
	EVP_CIPHER_CTX_free(ctx);
	*out_n = out != NULL ? plain : 0;
	return out;
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
