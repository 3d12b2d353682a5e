#include "desk_proof.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/hmac.h>

#include "base/buf.h"

#define KEY_TITLE "certkiosk key proof v1"
#define PUBLIC_TITLE "certkiosk public key proof v1"
#define ENVELOPE_TITLE "certkiosk envelope proof v1"
#define DOWNLOAD_TITLE "certkiosk download proof v1"

/* title 00 who 00 challenge hash; all proofs are made over this, hash NULL: without one */
static int
message(struct ck_buf *out, const char *title, const char *who, const unsigned char *challenge,
    size_t n, const unsigned char hash[CK_HASH_LEN], struct ck_err *err)
{
	if (ck_buf_add(out, title, strlen(title) + 1) == 0 &&
	    ck_buf_add(out, who, strlen(who) + 1) == 0 && ck_buf_add(out, challenge, n) == 0 &&
	    (hash == NULL || ck_buf_add(out, hash, CK_HASH_LEN) == 0))
		return 0;
	return ck_fail(err, CK_E_NO_MEMORY, "no memory for a proof");
}

static int
sign(EVP_PKEY *key, const char *title, const char *kiosk, const unsigned char *challenge, size_t n,
    const unsigned char hash[CK_HASH_LEN], unsigned char **sig, size_t *sig_n, struct ck_err *err)
{
	struct ck_buf msg = { .p = NULL };
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned long e = 0;
	const char *why = NULL;
	int rc = -1;

	*sig = NULL;
	*sig_n = (size_t)EVP_PKEY_get_size(key);
	ERR_clear_error();
	if (message(&msg, title, kiosk, challenge, n, hash, err) != 0)
		goto out;
	*sig = malloc(*sig_n > 0 ? *sig_n : 1);
	if (ctx == NULL || *sig == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "no memory for a proof");
		goto out;
	}
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(ctx, *sig, sig_n, msg.p, msg.n) != 1) {
		e = ERR_peek_error();
		why = ERR_reason_error_string(e);
		ck_fail_native(err, CK_E_KEY_TROUBLE, e, "the key does not sign: %s",
		    why != NULL ? why : "no reason given");
		ERR_clear_error();
		goto out;
	}
	rc = 0;
out:
	if (rc != 0) {
		free(*sig);
		*sig = NULL;
	}
	EVP_MD_CTX_free(ctx);
	ck_buf_free(&msg);
	return rc;
}

int
ck_proof_key(EVP_PKEY *key, const char *kiosk, const unsigned char *challenge, size_t n,
    const unsigned char cert_sha256[CK_HASH_LEN], unsigned char **sig, size_t *sig_n,
    struct ck_err *err)
{
	return sign(key, KEY_TITLE, kiosk, challenge, n, cert_sha256, sig, sig_n, err);
}

int
ck_proof_public(EVP_PKEY *key, const char *kiosk, const unsigned char *challenge, size_t n,
    const unsigned char spki_sha256[CK_HASH_LEN], unsigned char **sig, size_t *sig_n,
    struct ck_err *err)
{
	return sign(key, PUBLIC_TITLE, kiosk, challenge, n, spki_sha256, sig, sig_n, err);
}

static int
prove(const char *title, const struct ck_envelope *e, const struct ck_secret *password,
    const unsigned char *hash, unsigned char mac[CK_HASH_LEN], struct ck_err *err)
{
	struct ck_buf msg = { .p = NULL };
	unsigned char *k = ck_locked_alloc(CK_HASH_LEN);
	unsigned n = 0;
	int rc = -1;

	if (k == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "no locked memory for a proof");
		goto out;
	}
	if (message(&msg, title, e->serial, e->challenge, e->challenge_len, hash, err) != 0)
		goto out;
	if (PKCS5_PBKDF2_HMAC(ck_secret_bytes(password), (int)ck_secret_len(password), e->salt,
		(int)e->salt_len, e->iterations, EVP_sha256(), CK_HASH_LEN, k) != 1 ||
	    HMAC(EVP_sha256(), k, CK_HASH_LEN, msg.p, msg.n, mac, &n) == NULL) {
		ck_fail(err, CK_E_INTERNAL, "libcrypto makes no proof");
		ERR_clear_error();
		goto out;
	}
	rc = 0;
out:
	ck_locked_free(k, CK_HASH_LEN);
	ck_buf_free(&msg);
	return rc;
}

int
ck_proof_envelope(const struct ck_envelope *e, const struct ck_secret *password,
    const unsigned char cert_sha256[CK_HASH_LEN], unsigned char mac[CK_HASH_LEN],
    struct ck_err *err)
{
	return prove(ENVELOPE_TITLE, e, password, cert_sha256, mac, err);
}

int
ck_proof_download(const struct ck_envelope *codes, const struct ck_secret *code,
    unsigned char mac[CK_HASH_LEN], struct ck_err *err)
{
	return prove(DOWNLOAD_TITLE, codes, code, NULL, mac, err);
}
