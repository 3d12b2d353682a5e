#include "est_body.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "http.h"

#define COLUMNS 64
/* a new certificate and its chain, or an authority's own with those of a roll-over */
#define CERTS_MAX 64

char *
ck_est_request(const unsigned char *csr, size_t csr_n, size_t *n)
{
	char *line = ck_base64(csr, csr_n), *text = NULL;
	size_t all = line != NULL ? strlen(line) : 0, at = 0;

	text = line != NULL ? malloc(all + all / COLUMNS + 2) : NULL;
	*n = 0;
	for (; text != NULL && at < all; at += COLUMNS) {
		size_t some = all - at < COLUMNS ? all - at : COLUMNS;

		memcpy(text + *n, line + at, some);
		*n += some;
		text[(*n)++] = '\n';
	}
	if (text != NULL)
		text[*n] = '\0';
	free(line);
	return text;
}

/* ---- reading ---- */

/* What stands between the lines of PEM, cut out of text; NULL when it is not PEM of a PKCS#7, or
 * goes on behind it. */
static char *
within_armour(char *text)
{
	static const char *const labels[] = { "PKCS7", "CMS", "PKCS #7 SIGNED DATA" };
	char begin[64], end[64], *from = NULL, *to = NULL;

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		strcat(strcat(strcpy(begin, "-----BEGIN "), labels[i]), "-----");
		strcat(strcat(strcpy(end, "-----END "), labels[i]), "-----");
		if (strncmp(text, begin, strlen(begin)) != 0)
			continue;
		from = text + strlen(begin);
		to = strstr(from, end);
		if (to == NULL || to[strlen(end) + strspn(to + strlen(end), " \t\r\n")] != '\0')
			return NULL;
		*to = '\0';
		return from;
	}
	return NULL;
}

/* malloc'd DER */
static unsigned char *
decode(const unsigned char *body, size_t n, size_t *der_n)
{
	unsigned char *der = NULL;
	char *copy = NULL, *text = NULL;

	if (n == 0 || n > CK_REPLY_MAX || (copy = malloc(n + 1)) == NULL)
		return NULL;
	memcpy(copy, body, n);
	copy[n] = '\0';
	/* a SEQUENCE as it is; in base64 it begins with M */
	if (body[0] == (V_ASN1_CONSTRUCTED | V_ASN1_SEQUENCE)) {
		*der_n = n;
		return (unsigned char *)copy;
	}
	text = copy + strspn(copy, " \t\r\n");
	if (*text == '-')
		text = within_armour(text);
	if (text != NULL && memchr(body, '\0', n) == NULL)
		der = ck_unbase64(text, CK_REPLY_MAX, der_n);
	free(copy);
	return der;
}

static STACK_OF(X509) * read_pkcs7(const unsigned char *der, size_t n)
{
	const unsigned char *p = der;
	STACK_OF(X509) *certs = NULL;
	PKCS7 *p7 = d2i_PKCS7(NULL, &p, (long)n);

	if (p7 != NULL && p == der + n && PKCS7_type_is_signed(p7) && p7->d.sign != NULL &&
	    sk_X509_num(p7->d.sign->cert) > 0 && sk_X509_num(p7->d.sign->cert) <= CERTS_MAX)
		certs = X509_chain_up_ref(p7->d.sign->cert);
	PKCS7_free(p7);
	return certs;
}

STACK_OF(X509) * ck_est_certs(const unsigned char *body, size_t n)
{
	STACK_OF(X509) *certs = NULL;
	size_t der_n = 0;
	unsigned char *der = decode(body, n, &der_n);

	ERR_set_mark();
	if (der != NULL)
		certs = read_pkcs7(der, der_n);
	ERR_pop_to_mark();
	free(der);
	return certs;
}

X509 *
ck_est_pick(const STACK_OF(X509) * certs, const unsigned char *csr, size_t n)
{
	const unsigned char *p = csr;
	X509_REQ *req = d2i_X509_REQ(NULL, &p, (long)n);
	EVP_PKEY *ours = req != NULL ? X509_REQ_get0_pubkey(req) : NULL;
	X509 *found = NULL;

	ERR_set_mark();
	for (int i = 0; ours != NULL && found == NULL && i < sk_X509_num(certs); i++) {
		X509 *x = sk_X509_value(certs, i);
		EVP_PKEY *key = X509_get0_pubkey(x);

		if (key != NULL && EVP_PKEY_eq(key, ours) == 1)
			found = x;
	}
	ERR_pop_to_mark();
	X509_REQ_free(req);
	return found;
}

/* ---- an authority's own certificates ---- */

static bool
same_authority(const X509 *a, const X509 *b)
{
	const EVP_PKEY *ka = X509_get0_pubkey(a), *kb = X509_get0_pubkey(b);

	return ka != NULL && kb != NULL && EVP_PKEY_eq(ka, kb) == 1 &&
	       X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name(b)) == 0;
}

/* Does it stand above another of the authorities given? Then it is that one that issues. */
static bool
stands_above(const STACK_OF(X509) * given, X509 *x)
{
	for (int i = 0; i < sk_X509_num(given); i++) {
		X509 *other = sk_X509_value(given, i);

		/* what an authority certified for itself, as when its key rolls over, is its own */
		if (X509_NAME_cmp(X509_get_subject_name(other), X509_get_subject_name(x)) != 0 &&
		    X509_check_issued(x, other) == X509_V_OK)
			return true;
	}
	return false;
}

static bool
is_trusted(STACK_OF(X509) * given, X509_STORE *trust, X509 *x)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool good = false;

	if (ctx != NULL && X509_STORE_CTX_init(ctx, trust, x, given) == 1) {
		/* the site may trust an issuing authority without its root */
		X509_STORE_CTX_set_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
		good = X509_check_ca(x) != 0 && X509_verify_cert(ctx) == 1;
	}
	X509_STORE_CTX_free(ctx);
	return good;
}

int
ck_est_issuers(STACK_OF(X509) * given, X509_STORE *trust, const STACK_OF(X509) * accepted)
{
	int verdict = -1;

	ERR_set_mark();
	for (int i = 0; verdict != 1 && i < sk_X509_num(given); i++) {
		X509 *x = sk_X509_value(given, i);

		if (stands_above(given, x) || !is_trusted(given, trust, x))
			continue;
		verdict = 0;
		for (int k = 0; k < sk_X509_num(accepted); k++)
			if (same_authority(x, sk_X509_value(accepted, k)))
				verdict = 1;
	}
	ERR_pop_to_mark();
	return verdict;
}
