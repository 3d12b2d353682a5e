#include <stdlib.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "pki/der.h"
#include "pki/double.h"

/* what a certificate of a double one is for, RFC 5280 section 4.2.1.3 */
#define TO_SIGN (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)
#define TO_ENCIPHER (KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT | KU_KEY_AGREEMENT)

enum use { NEITHER, SIGNS, ENCIPHERS };

struct side {
	X509 *x; /* NULL: unreadable */
	enum use use;
	int64_t from, to;
};

/* one that says nothing, or both, stands for itself; so does a CA's */
static enum use
use_of(X509 *x)
{
	uint32_t usage = X509_get_key_usage(x);
	bool signs = (usage & TO_SIGN) != 0, enciphers = (usage & TO_ENCIPHER) != 0;

	if ((usage & KU_KEY_CERT_SIGN) != 0 || signs == enciphers)
		return NEITHER;
	return signs ? SIGNS : ENCIPHERS;
}

static void
read_side(const struct ck_cert_der *cert, struct side *s)
{
	struct ck_err unreadable = { .code = CK_E_NONE };

	if (ck_x509_read(cert->p, cert->n, &s->x, NULL, NULL, &unreadable) == 0 &&
	    ck_asn1_time(X509_get0_notBefore(s->x), &s->from) == 0 &&
	    ck_asn1_time(X509_get0_notAfter(s->x), &s->to) == 0)
		s->use = use_of(s->x);
}

/* the algorithm with its curve */
static bool
same_kind(X509 *a, X509 *b)
{
	X509_ALGOR *of_a = NULL, *of_b = NULL;

	return X509_PUBKEY_get0_param(NULL, NULL, NULL, &of_a, X509_get_X509_PUBKEY(a)) == 1 &&
	       X509_PUBKEY_get0_param(NULL, NULL, NULL, &of_b, X509_get_X509_PUBKEY(b)) == 1 &&
	       X509_ALGOR_cmp(of_a, of_b) == 0;
}

static bool
fit(const struct side *a, const struct side *b)
{
	return a->use != NEITHER && b->use != NEITHER && a->use != b->use &&
	       ck_name_same(X509_get_subject_name(a->x), X509_get_subject_name(b->x)) &&
	       ck_name_same(X509_get_issuer_name(a->x), X509_get_issuer_name(b->x)) &&
	       same_kind(a->x, b->x);
}

/* years are far below what overflows */
static int64_t
distance(const struct side *a, const struct side *b)
{
	return llabs((long long)(a->from - b->from)) + llabs((long long)(a->to - b->to));
}

static int
nearest(const struct side *all, size_t n, size_t i)
{
	int64_t least = INT64_MAX, is;
	int found = CK_ALONE;

	for (size_t j = 0; j < n; j++) {
		if (!fit(&all[i], &all[j]) || (is = distance(&all[i], &all[j])) > least)
			continue;
		found = is < least ? (int)j : CK_ALONE;
		least = is;
	}
	return found;
}

int
ck_couples(const struct ck_cert_der *all, size_t n, int *of, struct ck_err *err)
{
	struct side *sides = calloc(n + 1, sizeof *sides);

	if (sides == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificates");
	ERR_set_mark();
	for (size_t i = 0; i < n; i++)
		read_side(&all[i], &sides[i]);
	for (size_t i = 0; i < n; i++) {
		int j = nearest(sides, n, i);

		of[i] = j != CK_ALONE && nearest(sides, n, (size_t)j) == (int)i ? j : CK_ALONE;
	}
	for (size_t i = 0; i < n; i++)
		X509_free(sides[i].x);
	ERR_pop_to_mark();
	free(sides);
	return 0;
}
