#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "pki/der.h"
#include "pki/pki.h"
#include "pki/sm2.h"

#define CHALLENGE_LEN 32
#define SIGNATURE_MAX 1024 /* RSA-8192; nothing on a key is larger */

/*
 * The handle may be a key on a token: libp11's methods behind a legacy EVP_PKEY, which cannot be
 * duplicated and must not outlive its slot. Whatever is kept, or has to judge the handle's own
 * signatures, gets a copy of the public half made of bytes.
 */
static EVP_PKEY *
public_copy(EVP_PKEY *handle, struct ck_err *err)
{
	unsigned char *der = NULL;
	const unsigned char *p = NULL;
	int n = i2d_PUBKEY(handle, &der);
	EVP_PKEY *pub = NULL;

	p = der;
	if (n > 0)
		pub = d2i_PUBKEY(NULL, &p, n);
	if (pub == NULL)
		ck_fail(err, CK_E_KEY_TROUBLE, "the key tells no public half");
	OPENSSL_free(der);
	return pub;
}

/* Byte for byte, not only canonically: a CA may look the old certificate up by the encoded name. */
static bool
same_bytes(const X509_NAME *a, const X509_NAME *b)
{
	const unsigned char *pa = NULL, *pb = NULL;
	size_t na = 0, nb = 0;

	return X509_NAME_get0_der(a, &pa, &na) == 1 && X509_NAME_get0_der(b, &pb, &nb) == 1 &&
	       na == nb && memcmp(pa, pb, na) == 0;
}

static X509_REQ *
build(const X509_NAME *subject, EVP_PKEY *pub, struct ck_err *err)
{
	X509_REQ *req = X509_REQ_new();

	if (req == NULL || X509_REQ_set_version(req, X509_REQ_VERSION_1) != 1 ||
	    X509_REQ_set_subject_name(req, subject) != 1 || X509_REQ_set_pubkey(req, pub) != 1 ||
	    !same_bytes(X509_REQ_get_subject_name(req), subject)) {
		ck_fail(err, CK_E_INTERNAL, "the request cannot be put together");
		X509_REQ_free(req);
		return NULL;
	}
	return req;
}

/* What goes out must read back as what was meant: same bytes, same signature. */
static int
encode(X509_REQ *req, EVP_PKEY *pub, const char *sm2_id, unsigned char **der, size_t *n,
    struct ck_err *err)
{
	unsigned char *bytes = NULL, *again = NULL;
	const unsigned char *p = NULL;
	X509_REQ *back = NULL;
	int len = i2d_X509_REQ(req, &bytes), len2 = 0, rc = -1;

	p = bytes;
	if (len > 0)
		back = d2i_X509_REQ(NULL, &p, len);
	if (back != NULL)
		len2 = i2d_X509_REQ(back, &again);
	if (len <= 0 || len != len2 || memcmp(bytes, again, (size_t)len) != 0) {
		ck_fail(err, CK_E_INTERNAL, "the request does not read back");
		goto out;
	}
	if (!ck_signed_request(back, pub, sm2_id)) {
		ck_fail(err, CK_E_SIGNATURE_WRONG, "the request's signature does not verify");
		goto out;
	}
	rc = ck_der_copy(bytes, (size_t)len, der, n, err);
out:
	X509_REQ_free(back);
	OPENSSL_free(bytes);
	OPENSSL_free(again);
	return rc;
}

int
ck_csr_make(EVP_PKEY *handle, const unsigned char *old_cert, size_t old_n, unsigned char **der,
    size_t *n, struct ck_err *err)
{
	EVP_PKEY *pub = NULL;
	X509_REQ *req = NULL;
	X509 *old = NULL;
	int rc = -1;

	*der = NULL;
	*n = 0;
	if (ck_x509_read(old_cert, old_n, &old, NULL, NULL, err) != 0)
		return -1;
	ERR_set_mark();
	pub = public_copy(handle, err);
	if (pub == NULL)
		goto out;
	req = build(X509_get_subject_name(old), pub, err);
	if (req == NULL)
		goto out;
	if (X509_REQ_sign(req, handle, EVP_sha256()) <= 0) {
		ck_sign_failed(err);
		goto out;
	}
	rc = encode(req, pub, NULL, der, n, err);
out:
	ERR_pop_to_mark();
	X509_REQ_free(req);
	EVP_PKEY_free(pub);
	X509_free(old);
	return rc;
}

int
ck_sm2_csr_make(const struct ck_sm2_key *key, const unsigned char *old_cert, size_t old_n,
    unsigned char **der, size_t *n, struct ck_err *err)
{
	EVP_PKEY *pub = ck_sm2_public(key->point);
	X509_REQ *req = NULL;
	X509 *old = NULL;
	int rc = -1;

	*der = NULL;
	*n = 0;
	if (pub == NULL) {
		ck_fail(err, CK_E_KEY_TROUBLE, "its public half is no point of SM2's curve");
		goto out;
	}
	if (ck_x509_read(old_cert, old_n, &old, NULL, NULL, err) != 0)
		goto out;
	ERR_set_mark();
	req = build(X509_get_subject_name(old), pub, err);
	if (req != NULL && ck_sm2_sign_request(req, key, err) == 0)
		rc = encode(req, pub, key->id != NULL ? key->id : CK_SM2_ID, der, n, err);
	ERR_pop_to_mark();
out:
	X509_REQ_free(req);
	X509_free(old);
	EVP_PKEY_free(pub);
	return rc;
}

int
ck_csr_spki(const unsigned char *der, size_t n, unsigned char spki[CK_HASH_LEN], struct ck_err *err)
{
	const unsigned char *p = der;
	X509_REQ *req = NULL;
	int rc = -1;

	ERR_set_mark();
	if (n <= CK_CERT_MAX)
		req = d2i_X509_REQ(NULL, &p, (long)n);
	if (req == NULL || p != der + n)
		ck_fail(err, CK_E_INTERNAL, "the bytes are no request");
	else
		rc = ck_spki_hash(X509_REQ_get_X509_PUBKEY(req), spki, err);
	X509_REQ_free(req);
	ERR_pop_to_mark();
	return rc;
}

static int
sign(EVP_PKEY *handle, const unsigned char *bytes, size_t n, unsigned char *sig, size_t *sig_n,
    struct ck_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	int rc = 0;

	if (ctx == NULL)
		rc = ck_fail(err, CK_E_NO_MEMORY, "signature");
	/* SHA-256 is what all that follows is signed with, at the desk, too */
	else if (ck_sm2_is(handle))
		rc = ck_fail(err, CK_E_KEY_UNSUITABLE, "an SM2 pair, which signs with SM3");
	else if (EVP_PKEY_get_size(handle) > (int)*sig_n ||
		 EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, handle) != 1 ||
		 EVP_DigestSign(ctx, sig, sig_n, bytes, n) != 1)
		rc = ck_sign_failed(err);
	EVP_MD_CTX_free(ctx);
	return rc;
}

static bool
verifies(
    EVP_PKEY *pub, const unsigned char *bytes, size_t n, const unsigned char *sig, size_t sig_n)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && pub != NULL &&
		    EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pub) == 1 &&
		    EVP_DigestVerify(ctx, sig, sig_n, bytes, n) == 1;

	EVP_MD_CTX_free(ctx);
	return good;
}

int
ck_key_proves(EVP_PKEY *handle, const unsigned char *cert, size_t n, struct ck_err *err)
{
	unsigned char challenge[CHALLENGE_LEN] = { 0 }, sig[SIGNATURE_MAX] = { 0 };
	size_t sig_n = sizeof sig;
	X509 *x = NULL;
	int rc = -1;

	if (ck_x509_read(cert, n, &x, NULL, NULL, err) != 0)
		return -1;
	ERR_set_mark();
	if (RAND_bytes(challenge, sizeof challenge) != 1) {
		ck_fail(err, CK_E_INTERNAL, "no random bytes");
		goto out;
	}
	if (sign(handle, challenge, sizeof challenge, sig, &sig_n, err) != 0)
		goto out;
	if (!verifies(X509_get0_pubkey(x), challenge, sizeof challenge, sig, sig_n)) {
		ck_fail(err, CK_E_SIGNATURE_WRONG, "a test signature does not fit the certificate");
		goto out;
	}
	rc = 0;
out:
	ERR_pop_to_mark();
	X509_free(x);
	return rc;
}
