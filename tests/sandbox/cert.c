#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "pki.h"

#define SERIAL_BYTES 12	    /* random and above the 64 bits the CA/Browser rules ask for */
#define NAME_TEXT_MAX 16384 /* a 4 KB subject written wholly in escapes */

/* one "KEY=value"; the value was unescaped already */
static int
name_add(X509_NAME *name, const char *key, const unsigned char *value, size_t n)
{
	ASN1_OBJECT *what = OBJ_txt2obj(key, 0);
	X509_NAME_ENTRY *entry = NULL;
	int country = what != NULL && OBJ_obj2nid(what) == NID_countryName;
	int rc = -1;

	/* by type, not MBSTRING: that one refuses what is longer than the standard's upper bounds
	 */
	if (what != NULL)
		entry = X509_NAME_ENTRY_create_by_OBJ(NULL, what,
		    country ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING, value, (int)n);
	if (entry != NULL && X509_NAME_add_entry(name, entry, -1, 0) == 1)
		rc = 0;
	X509_NAME_ENTRY_free(entry);
	ASN1_OBJECT_free(what);
	return rc;
}

/* up to the next bare '/'; returns what follows it */
static const char *
unescape(const char *s, unsigned char *out, size_t *n)
{
	unsigned char byte = 0;

	*n = 0;
	while (*s != '\0' && *s != '/') {
		if (s[0] == '\\' && s[1] == 'x' && s[2] != '\0' && s[3] != '\0') {
			char two[3] = { s[2], s[3], '\0' };

			byte = (unsigned char)strtoul(two, NULL, 16);
			s += 4;
		} else if (s[0] == '\\' && s[1] != '\0') {
			byte = (unsigned char)s[1];
			s += 2;
		} else {
			byte = (unsigned char)*s++;
		}
		out[(*n)++] = byte;
	}
	return s;
}

X509_NAME *
sb_name(const char *text)
{
	unsigned char *value = NULL, *equals = NULL;
	X509_NAME *name = X509_NAME_new();
	size_t n = 0;
	int bad = strlen(text) >= NAME_TEXT_MAX || (value = malloc(NAME_TEXT_MAX)) == NULL;

	while (!bad && *text != '\0') {
		text = unescape(*text == '/' ? text + 1 : text, value, &n);
		equals = memchr(value, '=', n);
		if (equals == NULL) {
			bad = 1;
			break;
		}
		*equals = '\0';
		bad = name_add(name, (char *)value, equals + 1, n - (size_t)(equals + 1 - value));
	}
	free(value);
	if (!bad)
		return name;
	ck_log(CK_LOG_ERROR, "a subject looks like /C=CN/O=.../CN=...");
	X509_NAME_free(name);
	return NULL;
}

static int
put_ext(X509 *x, const X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *ext = NULL;
	X509V3_CTX ctx;
	int rc = 0;

	if (value == NULL)
		return 0;
	X509V3_set_ctx(&ctx, (X509 *)(uintptr_t)issuer, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	rc = ext != NULL && X509_add_ext(x, ext, -1) == 1 ? 0 : -1;
	X509_EXTENSION_free(ext);
	return rc;
}

static int
take_over(X509 *x, const X509 *as)
{
	static const int same[] = { NID_ext_key_usage, NID_subject_alt_name,
		NID_certificate_policies, NID_info_access };

	for (size_t i = 0; as != NULL && i < sizeof same / sizeof *same; i++) {
		int at = X509_get_ext_by_NID(as, same[i], -1);

		if (at >= 0 && X509_add_ext(x, X509_get_ext(as, at), -1) != 1)
			return -1;
	}
	return 0;
}

/* with an ldap address before the one that serves, as many CAs write them */
static int
put_urls(X509 *x, const struct sb_cert_spec *spec)
{
	char text[1024];

	snprintf(text, sizeof text, "OCSP;URI:%s", spec->responder != NULL ? spec->responder : "");
	if (spec->responder != NULL && put_ext(x, x, NID_info_access, text) != 0)
		return -1;
	snprintf(text, sizeof text, "URI:ldap://ldap.example.cn/cn=crl,URI:%s",
	    spec->list != NULL ? spec->list : "");
	return spec->list != NULL ? put_ext(x, x, NID_crl_distribution_points, text) : 0;
}

static int
put_extensions(X509 *x, const struct sb_cert_spec *spec)
{
	const X509 *issuer = spec->issuer != NULL ? spec->issuer : x;

	if (put_urls(x, spec) != 0)
		return -1;
	if (put_ext(x, issuer, NID_basic_constraints, spec->ca ? "critical,CA:TRUE" : NULL) != 0 ||
	    put_ext(x, issuer, NID_key_usage, spec->key_usage) != 0 ||
	    put_ext(x, issuer, NID_ext_key_usage, spec->ext_usage) != 0 ||
	    put_ext(x, issuer, NID_subject_alt_name, spec->alt_names) != 0 ||
	    put_ext(x, issuer, NID_subject_key_identifier, "hash") != 0 ||
	    put_ext(x, issuer, NID_authority_key_identifier,
		spec->issuer != NULL ? "keyid" : NULL) != 0)
		return -1;
	return take_over(x, spec->as);
}

static int
put_serial(X509 *x)
{
	unsigned char bytes[SERIAL_BYTES];
	BIGNUM *bn = NULL;
	int rc = -1;

	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return -1;
	bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and always as long */
	bn = BN_bin2bn(bytes, sizeof bytes, NULL);
	if (bn != NULL && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x)) != NULL)
		rc = 0;
	BN_free(bn);
	return rc;
}

X509 *
sb_cert_make(const struct sb_cert_spec *spec)
{
	const X509_NAME *by =
	    spec->issuer != NULL ? X509_get_subject_name(spec->issuer) : spec->subject;
	EVP_PKEY *signer = spec->issuer != NULL ? spec->issuer_key : spec->key;
	const EVP_MD *md = spec->md != NULL ? spec->md : EVP_sha256();
	X509 *x = X509_new();

	if (x != NULL && X509_set_version(x, X509_VERSION_3) == 1 && put_serial(x) == 0 &&
	    X509_set_subject_name(x, spec->subject) == 1 && X509_set_issuer_name(x, by) == 1 &&
	    X509_set_pubkey(x, spec->key) == 1 &&
	    ASN1_TIME_set(X509_getm_notBefore(x), spec->from) != NULL &&
	    ASN1_TIME_set(X509_getm_notAfter(x), spec->to) != NULL &&
	    put_extensions(x, spec) == 0 && X509_sign(x, signer, md) > 0)
		return x;
	ck_log(CK_LOG_ERROR, "a certificate could not be made");
	X509_free(x);
	return NULL;
}

int
sb_cert_sha(const X509 *x, char hex[65])
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_digest(x, EVP_sha256(), sha, &n) != 1)
		return -1;
	ck_hex(sha, n, hex);
	return 0;
}

int
sb_key_sha(EVP_PKEY *key, char hex[65])
{
	unsigned char *der = NULL, sha[EVP_MAX_MD_SIZE];
	int n = i2d_PUBKEY(key, &der);
	unsigned len = 0;
	int rc = -1;

	if (n > 0 && EVP_Digest(der, (size_t)n, sha, &len, EVP_sha256(), NULL) == 1) {
		ck_hex(sha, len, hex);
		rc = 0;
	}
	OPENSSL_free(der);
	return rc;
}

int64_t
sb_time_of(const ASN1_TIME *t)
{
	struct tm tm = { 0 };

	return ASN1_TIME_to_tm(t, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

int64_t
sb_years_later(int64_t t, int years)
{
	ck_day day = ck_day_of(t);

	return ck_day_start(ck_day_add_months(day, 12 * years)) + (t - ck_day_start(day));
}

bool
sb_when(const char *text, int64_t now, int64_t *out)
{
	char *end = NULL;
	ck_day day = 0;

	if (text[0] == '+' || text[0] == '-') {
		int64_t n = strtoll(text, &end, 10);

		*out = now + (*end == 'd' ? n * 86400 : n);
		return strcmp(end, "d") == 0 || strcmp(end, "s") == 0;
	}
	if (ck_date_read(text, &day)) {
		*out = ck_day_start(day);
		return true;
	}
	return ck_time_read(text, out);
}

bool
sb_is_ca(const X509 *x)
{
	return X509_check_ca((X509 *)(uintptr_t)x) == 1;
}
