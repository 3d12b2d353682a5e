#include <stdlib.h>
#include <string.h>
#include <openssl/x509.h>

#include "token/p11.h"

/* what C_CreateObject needs beside the bytes: SoftHSM refuses a certificate without CKA_SUBJECT,
 * and libp11's own store leaves CKA_SERIAL_NUMBER out, by which vendors' software finds it */
struct names {
	unsigned char *subject, *issuer, *serial;
	int subject_len, issuer_len, serial_len;
};

static int
names_of(const unsigned char *der, size_t n, struct names *out, struct ck_err *err)
{
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)n);

	*out = (struct names){ .subject = NULL };
	if (x != NULL && p == der + n) {
		out->subject_len = i2d_X509_NAME(X509_get_subject_name(x), &out->subject);
		out->issuer_len = i2d_X509_NAME(X509_get_issuer_name(x), &out->issuer);
		out->serial_len = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &out->serial);
	}
	X509_free(x);
	if (out->subject_len <= 0 || out->issuer_len <= 0 || out->serial_len <= 0)
		return ck_fail(err, CK_E_CERT_UNREADABLE, "the certificate to be written");
	return 0;
}

static void
names_free(struct names *n)
{
	OPENSSL_free(n->subject);
	OPENSSL_free(n->issuer);
	OPENSSL_free(n->serial);
}

/* Length of the value that is there, and whether it is these bytes. */
static int
compare(struct ck_p11 *t, CK_OBJECT_HANDLE o, const unsigned char *der, size_t n, size_t *len,
    bool *same, struct ck_err *err)
{
	unsigned char *buf = malloc(CK_CERT_MAX);
	CK_ATTRIBUTE a = { CKA_VALUE, buf, CK_CERT_MAX };
	int rc = -1;

	if (buf == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading a certificate back");
	rc = ck_p11_attrs(t, o, &a, 1, err);
	*len = a.ulValueLen;
	*same = rc == 0 && a.ulValueLen == n && memcmp(buf, der, n) == 0;
	free(buf);
	return rc;
}

static int
have(struct ck_p11 *t, const unsigned char *id, size_t id_len, const unsigned char *der, size_t n,
    bool *yes, struct ck_err *err)
{
	struct ck_found found;
	size_t len = 0;

	*yes = false;
	if (ck_p11_find(t, CKO_CERTIFICATE, id, id_len, &found, err) != 0)
		return -1;
	for (size_t i = 0; i < found.n && !*yes; i++)
		if (compare(t, found.at[i], der, n, &len, yes, err) != 0)
			return -1;
	return 0;
}

static CK_RV
create(struct ck_p11 *t, const unsigned char *id, size_t id_len, const char *label,
    const struct names *names, const unsigned char *der, size_t n, CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_ID, (void *)(uintptr_t)id, id_len },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_SUBJECT, names->subject, (CK_ULONG)names->subject_len },
		{ CKA_ISSUER, names->issuer, (CK_ULONG)names->issuer_len },
		{ CKA_SERIAL_NUMBER, names->serial, (CK_ULONG)names->serial_len },
		{ CKA_VALUE, (void *)(uintptr_t)der, n },
	};

	return t->f->C_CreateObject(t->session, a, sizeof a / sizeof *a, o);
}

/* A full key may say CKR_OK and store nothing, or half (SoftHSM on a full disk). */
static int
kept(struct ck_p11 *t, CK_OBJECT_HANDLE o, const unsigned char *der, size_t n, struct ck_err *err)
{
	size_t len = 0;
	bool same = false;

	if (compare(t, o, der, n, &len, &same, err) != 0)
		return -1;
	if (same)
		return 0;
	t->f->C_DestroyObject(t->session, o);
	if (len == 0)
		return ck_fail(err, CK_E_KEY_FULL, "the certificate was not kept");
	return ck_fail(err, CK_E_WRITE_NOT_KEPT, "%zu bytes written, %zu read back", n, len);
}

/* After an error the certificate may be there all the same (pulled during the last exchange). */
static int
after_failure(struct ck_p11 *t, CK_RV rv, const unsigned char *id, size_t id_len,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	struct ck_err later = { .code = CK_E_NONE };
	bool there = false;

	if (have(t, id, id_len, der, n, &there, &later) == 0 && there)
		return 0;
	return ck_p11_fail(t, rv, "C_CreateObject", err);
}

int
ck_p11_put_cert(struct ck_token *tok, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	struct names names = { .subject = NULL };
	bool there = false;
	CK_RV rv = CKR_OK;
	int rc = -1;

	if (ck_p11_here(t, &ti, err) != 0 || names_of(der, n, &names, err) != 0 ||
	    have(t, id, id_len, der, n, &there, err) != 0)
		goto out;
	if (there) {
		rc = 0;
		goto out;
	}
	if (ti.flags & CKF_WRITE_PROTECTED) {
		ck_fail(err, CK_E_KEY_READONLY, "no certificate can be written");
		goto out;
	}
	rv = create(t, id, id_len, label, &names, der, n, &o);
	rc = rv == CKR_OK ? kept(t, o, der, n, err) : after_failure(t, rv, id, id_len, der, n, err);
out:
	names_free(&names);
	return rc;
}

int
ck_p11_drop_double(struct ck_token *tok, const unsigned char *id, size_t id_len,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	struct ck_found found;
	size_t len = 0, kept_ones = 0;
	bool same = false;
	CK_RV rv = CKR_OK;

	if (ck_p11_here(t, &ti, err) != 0 ||
	    ck_p11_find(t, CKO_CERTIFICATE, id, id_len, &found, err) != 0)
		return -1;
	for (size_t i = 0; i < found.n; i++) {
		if (compare(t, found.at[i], der, n, &len, &same, err) != 0)
			return -1;
		if (!same || kept_ones++ == 0)
			continue;
		rv = t->f->C_DestroyObject(t->session, found.at[i]);
		if (rv != CKR_OK && rv != CKR_OBJECT_HANDLE_INVALID)
			return ck_p11_fail(t, rv, "C_DestroyObject", err);
	}
	if (have(t, id, id_len, der, n, &same, err) != 0)
		return -1;
	if (kept_ones > 0 && !same)
		return ck_fail(
		    err, CK_E_WRITE_NOT_KEPT, "the certificate that was to stay is gone");
	return ck_p11_here(t, &ti, err);
}
