#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>

#include "base/utf8.h"
#include "pki/der.h"
#include "pki/pki.h"

/*
 * Values with a comma stand in quotation marks, so that an organisation called "x, CN=y" cannot
 * pass for two attributes. Control characters are left to ck_clean, which drops more of them.
 */
#define TEXT_FLAGS \
	(XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_QUOTE | \
	    ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN)

void
ck_asn1_text(const ASN1_STRING *s, char *out, size_t cap)
{
	unsigned char *utf8 = NULL;
	int n = 0;

	ERR_set_mark();
	n = ASN1_STRING_to_UTF8(&utf8, s);
	ck_clean(out, cap, n > 0 ? (const char *)utf8 : "", n > 0 ? (size_t)n : 0);
	OPENSSL_free(utf8);
	ERR_pop_to_mark();
}

/* OpenSSL compares what RFC 5280 section 7.1 calls for: every string kind as UTF-8, ASCII letters
 * in lower case, runs of blanks as one, none at the ends. */
bool
ck_name_same(const X509_NAME *a, const X509_NAME *b)
{
	return X509_NAME_cmp(a, b) == 0;
}

void
ck_name_text(const X509_NAME *name, char *out, size_t cap)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *line = NULL;
	long n = 0;

	ERR_set_mark();
	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, TEXT_FLAGS) >= 0)
		n = BIO_get_mem_data(bio, &line);
	ck_clean(out, cap, n > 0 ? line : "", n > 0 ? (size_t)n : 0);
	BIO_free(bio);
	ERR_pop_to_mark();
}

bool
ck_cert_same_subject(const unsigned char *a, size_t a_n, const unsigned char *b, size_t b_n)
{
	struct ck_err unreadable = { 0 };
	X509 *x = NULL, *y = NULL;
	bool same = ck_x509_read(a, a_n, &x, NULL, NULL, &unreadable) == 0 &&
		    ck_x509_read(b, b_n, &y, NULL, NULL, &unreadable) == 0 &&
		    ck_name_same(X509_get_subject_name(x), X509_get_subject_name(y));

	X509_free(x);
	X509_free(y);
	return same;
}
