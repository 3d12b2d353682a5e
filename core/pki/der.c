#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "pki/der.h"
#include "pki/pki.h"

/* base64 of the largest certificate, and the readable text `openssl x509 -text` puts before it */
#define PEM_MAX 131072
#define PEM_BEGIN "-----BEGIN "

/*
 * A SEQUENCE with a length in long form: no certificate is shorter than 128 bytes. What follows
 * cannot be text that happens to begin with the digit 0, since no character starts with 81..83.
 */
static bool
looks_der(const unsigned char *b, size_t n)
{
	return n > 2 && b[0] == 0x30 && b[1] >= 0x81 && b[1] <= 0x83;
}

/* A bundle, or a key beside the certificate, would leave it to chance which one is meant. */
static bool
one_object(const unsigned char *b, size_t n)
{
	const size_t len = strlen(PEM_BEGIN);
	const unsigned char *at = memmem(b, n, PEM_BEGIN, len);

	if (at == NULL)
		return false;
	at += len;
	return memmem(at, n - (size_t)(at - b), PEM_BEGIN, len) == NULL;
}

static unsigned char *
copy(const unsigned char *from, size_t n, struct ck_err *err)
{
	unsigned char *to = malloc(n);

	if (to == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "DER");
	else
		memcpy(to, from, n);
	return to;
}

int
ck_der_copy(
    const unsigned char *bytes, size_t n, unsigned char **der, size_t *der_n, struct ck_err *err)
{
	*der = copy(bytes, n, err);
	*der_n = *der != NULL ? n : 0;
	return *der != NULL ? 0 : -1;
}

int
ck_sign_failed(struct ck_err *err)
{
	unsigned long e = ERR_peek_last_error();

	return ck_fail_native(
	    err, CK_E_KEY_TROUBLE, (unsigned long)ERR_GET_REASON(e), "the key did not sign");
}

static unsigned char *
from_pem(const unsigned char *bytes, size_t n, size_t *der_n, struct ck_err *err)
{
	unsigned char *der = NULL, *data = NULL;
	char *name = NULL, *header = NULL;
	long len = 0;
	BIO *bio = NULL;

	if (n > PEM_MAX) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "%zu bytes are too many for a certificate", n);
		return NULL;
	}
	if (!one_object(bytes, n)) {
		ck_fail(
		    err, CK_E_CERT_UNREADABLE, "neither DER nor PEM with exactly one certificate");
		return NULL;
	}
	bio = BIO_new_mem_buf(bytes, (int)n);
	if (bio == NULL || PEM_read_bio(bio, &name, &header, &data, &len) != 1) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "the PEM text is damaged");
		goto out;
	}
	/* a header means encryption, and OpenSSL would ask the terminal for a password */
	if (header[0] != '\0' ||
	    (strcmp(name, PEM_STRING_X509) != 0 && strcmp(name, PEM_STRING_X509_OLD) != 0)) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "the PEM holds no certificate but %s", name);
		goto out;
	}
	if (len > 0)
		der = copy(data, (size_t)len, err);
	else
		ck_fail(err, CK_E_CERT_UNREADABLE, "the PEM is empty");
	*der_n = (size_t)len;
out:
	OPENSSL_free(name);
	OPENSSL_free(header);
	OPENSSL_free(data);
	BIO_free(bio);
	return der;
}

static X509 *
parse(const unsigned char *der, size_t n, struct ck_err *err)
{
	const unsigned char *p = der;
	X509 *x = NULL;

	if (n > CK_CERT_MAX) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "%zu bytes are too many for a certificate", n);
		return NULL;
	}
	x = looks_der(der, n) ? d2i_X509(NULL, &p, (long)n) : NULL;
	if (x == NULL) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "the bytes are no certificate");
		return NULL;
	}
	if (p != der + n) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "%zu bytes follow the certificate",
		    n - (size_t)(p - der));
		X509_free(x);
		return NULL;
	}
	return x;
}

int
ck_x509_read(const unsigned char *bytes, size_t n, X509 **x, unsigned char **der, size_t *der_n,
    struct ck_err *err)
{
	unsigned char *own = NULL;
	size_t own_n = n;
	int rc = -1;

	*x = NULL;
	ERR_set_mark();
	if (looks_der(bytes, n) && der == NULL) {
		*x = parse(bytes, n, err);
		rc = *x != NULL ? 0 : -1;
		goto out;
	}
	if (looks_der(bytes, n))
		own = n > CK_CERT_MAX ? NULL : copy(bytes, n, err);
	else
		own = from_pem(bytes, n, &own_n, err);
	if (own == NULL) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "%zu bytes are too many for a certificate", n);
		goto out;
	}
	*x = parse(own, own_n, err);
	if (*x == NULL)
		goto out;
	if (der != NULL) {
		*der = own;
		*der_n = own_n;
		own = NULL;
	}
	rc = 0;
out:
	free(own);
	ERR_pop_to_mark();
	return rc;
}

unsigned char *
ck_cert_der(const unsigned char *bytes, size_t n, size_t *der_n, struct ck_err *err)
{
	unsigned char *der = NULL;
	X509 *x = NULL;

	if (ck_x509_read(bytes, n, &x, &der, der_n, err) != 0)
		return NULL;
	X509_free(x);
	return der;
}

int
ck_spki_hash(const X509_PUBKEY *pub, unsigned char *hash, struct ck_err *err)
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(pub, &der);
	int rc = 0;

	if (n <= 0 || EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL) != 1)
		rc = ck_fail(err, CK_E_INTERNAL, "a public key has no encoding");
	OPENSSL_free(der);
	return rc;
}

int
ck_asn1_time(const ASN1_TIME *from, int64_t *to)
{
	struct tm tm = { 0 };

	if (from == NULL || ASN1_TIME_to_tm(from, &tm) != 1)
		return -1;
	*to = (int64_t)timegm(&tm);
	return 0;
}
