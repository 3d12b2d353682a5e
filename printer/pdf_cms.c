#include "pdf_cms.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "base/utf8.h"

/* as in the certificates' own room: a value with a comma stands in quotation marks, so that an
 * organisation called "x, CN=y" cannot pass for two attributes */
#define NAME_FLAGS \
	(XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_QUOTE | \
	    ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN)

struct der {
	const unsigned char *p;
	size_t n;
};

struct parts {
	struct der cert, sid, alg;
};

/* ---- the shape: RFC 5652, section 5, with every choice made ---- */

/* tag, shortest length, value; takes it off in */
static bool
take(struct der *in, unsigned char tag, struct der *value, struct der *whole)
{
	size_t len = 0, head = 2, more;

	if (in->n < 2 || in->p[0] != tag)
		return false;
	len = in->p[1];
	if (len >= 0x80) {
		more = len & 0x7F;
		if (more < 1 || more > 3 || in->n < 2 + more)
			return false;
		for (len = 0; head < 2 + more; head++)
			len = len << 8 | in->p[head];
		if (len < 0x80 || len >> 8 * (more - 1) == 0)
			return false;
	}
	if (len > in->n - head)
		return false;
	*value = (struct der){ in->p + head, len };
	if (whole != NULL)
		*whole = (struct der){ in->p, head + len };
	in->p += head + len;
	in->n -= head + len;
	return true;
}

static bool
same(struct der a, const void *bytes, size_t n)
{
	return a.n == n && memcmp(a.p, bytes, n) == 0;
}

#define HAS(in, text) has(in, text, sizeof text - 1)

static bool
has(struct der *in, const char *bytes, size_t n)
{
	if (in->n < n || memcmp(in->p, bytes, n) != 0)
		return false;
	in->p += n;
	in->n -= n;
	return true;
}

#define OID_SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_DATA "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
#define OID_SHA256 "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define ONE "\x02\x01\x01"

/* parameters absent (RFC 5754, section 2), or NULL as older programs write */
static bool
has_sha256(struct der *in)
{
	return HAS(in, "\x30\x0b" OID_SHA256) || HAS(in, "\x30\x0d" OID_SHA256 "\x05\x00");
}

static bool
signer(struct der in, struct parts *out)
{
	struct der v;

	return HAS(&in, ONE) && take(&in, 0x30, &out->sid, NULL) && has_sha256(&in) &&
	       take(&in, 0xA0, &v, NULL) && take(&in, 0x30, &v, &out->alg) &&
	       take(&in, 0x04, &v, NULL) && in.n == 0;
}

static bool
shape(struct der in, struct parts *out)
{
	struct der v, w;

	if (!take(&in, 0x30, &v, NULL) || in.n != 0 || !HAS(&v, OID_SIGNED) ||
	    !take(&v, 0xA0, &w, NULL) || v.n != 0 || !take(&w, 0x30, &in, NULL) || w.n != 0)
		return false;
	if (!HAS(&in, ONE) || !take(&in, 0x31, &v, NULL) || !has_sha256(&v) || v.n != 0 ||
	    !HAS(&in, "\x30\x0b" OID_DATA))
		return false;
	if (!take(&in, 0xA0, &v, NULL) || !take(&v, 0x30, &w, &out->cert) || v.n != 0)
		return false;
	return take(&in, 0x31, &v, NULL) && in.n == 0 && take(&v, 0x30, &w, NULL) && v.n == 0 &&
	       signer(w, out);
}

/* named as the certificate names itself, to the letter */
static bool
names(const struct parts *parts, X509 *x)
{
	const unsigned char *name = NULL;
	unsigned char *serial = NULL;
	size_t n = 0;
	int len = i2d_ASN1_INTEGER(X509_get0_serialNumber(x), &serial);
	bool good = len > 0 && X509_NAME_get0_der(X509_get_issuer_name(x), &name, &n) == 1 &&
		    parts->sid.n == n + (size_t)len && memcmp(parts->sid.p, name, n) == 0 &&
		    memcmp(parts->sid.p + n, serial, (size_t)len) == 0;

	OPENSSL_free(serial);
	return good;
}

/* rsaEncryption and no other name of it (RFC 3370, section 3.2), ecdsa-with-SHA256 */
static bool
fits_key(const struct parts *parts, X509 *x)
{
	static const char rsa[] = "\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00",
			  ec[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
	EVP_PKEY *key = X509_get0_pubkey(x);

	if (key == NULL)
		return false;
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? same(parts->alg, rsa, sizeof rsa - 1)
							 : same(parts->alg, ec, sizeof ec - 1);
}

/* ---- who ---- */

static void
name_text(const X509_NAME *name, char *out, size_t cap)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *line = NULL;
	long n = 0;

	if (bio != NULL && X509_NAME_print_ex(bio, name, 0, NAME_FLAGS) >= 0)
		n = BIO_get_mem_data(bio, &line);
	ck_clean(out, cap, n > 0 ? line : "", n > 0 ? (size_t)n : 0);
	BIO_free(bio);
}

static void
common_name(const X509_NAME *name, char *out, size_t cap)
{
	int at = -1, i = -1, n = 0;
	unsigned char *utf8 = NULL;

	while ((i = X509_NAME_get_index_by_NID(name, NID_commonName, i)) >= 0)
		at = i;
	if (at >= 0)
		n = ASN1_STRING_to_UTF8(
		    &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	ck_clean(out, cap, n > 0 ? (const char *)utf8 : "", n > 0 ? (size_t)n : 0);
	OPENSSL_free(utf8);
}

static void
serial_text(X509 *x, char *out, size_t cap)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = bn != NULL ? BN_bn2hex(bn) : NULL;

	ck_clean_str(out, cap, hex == NULL ? "" : BN_is_zero(bn) ? "00" : hex);
	OPENSSL_free(hex);
	BN_free(bn);
}

bool
ck_pdf_cert_hash(const unsigned char *der, size_t n, char sha256[65])
{
	unsigned char hash[32];
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	bool good =
	    x != NULL && p == der + n && EVP_Digest(der, n, hash, NULL, EVP_sha256(), NULL) == 1;

	X509_free(x);
	if (good)
		ck_hex(hash, sizeof hash, sha256);
	return good;
}

static X509 *
read_cert(struct der cert, struct ck_pdf_signature *s)
{
	const unsigned char *p = cert.p;
	X509 *x = d2i_X509(NULL, &p, (long)cert.n);

	if (x == NULL || p != cert.p + cert.n || !ck_pdf_cert_hash(cert.p, cert.n, s->sha256)) {
		X509_free(x);
		return NULL;
	}
	name_text(X509_get_subject_name(x), s->subject, sizeof s->subject);
	name_text(X509_get_issuer_name(x), s->issuer, sizeof s->issuer);
	common_name(X509_get_subject_name(x), s->name, sizeof s->name);
	serial_text(x, s->serial, sizeof s->serial);
	if (s->name[0] == '\0')
		ck_clean_str(s->name, sizeof s->name, s->subject);
	return x;
}

/* ---- what it signs ---- */

static const void *
attribute(CMS_SignerInfo *si, int nid, int type)
{
	/* -3: there once, with one value */
	return CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(nid), -3, type);
}

static bool
signs_digest(CMS_SignerInfo *si, const unsigned char *digest)
{
	const ASN1_OCTET_STRING *said = attribute(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING);
	const ASN1_OBJECT *type = attribute(si, NID_pkcs9_contentType, V_ASN1_OBJECT);

	return said != NULL && ASN1_STRING_length(said) == 32 &&
	       memcmp(ASN1_STRING_get0_data(said), digest, 32) == 0 && type != NULL &&
	       OBJ_obj2nid(type) == NID_pkcs7_data;
}

/* RFC 5035: the certificate beside it is the one the signer meant */
static bool
signs_cert(CMS_SignerInfo *si, X509 *x)
{
	const ASN1_STRING *said =
	    attribute(si, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE);
	const unsigned char *p = said != NULL ? ASN1_STRING_get0_data(said) : NULL;
	ESS_SIGNING_CERT_V2 *ess =
	    p != NULL ? d2i_ESS_SIGNING_CERT_V2(NULL, &p, ASN1_STRING_length(said)) : NULL;
	STACK_OF(X509) *chain = sk_X509_new_null();
	bool good = ess != NULL && chain != NULL && sk_X509_push(chain, x) == 1 &&
		    OSSL_ESS_check_signing_certs(NULL, ess, chain, 1) == 1;

	sk_X509_free(chain);
	ESS_SIGNING_CERT_V2_free(ess);
	return good;
}

static void
take_time(CMS_SignerInfo *si, struct ck_pdf_signature *s)
{
	const ASN1_TIME *time = attribute(si, NID_pkcs9_signingTime, V_ASN1_UTCTIME);
	struct tm tm = { 0 };

	if (time == NULL) /* from 2050 on */
		time = attribute(si, NID_pkcs9_signingTime, V_ASN1_GENERALIZEDTIME);
	if (time != NULL && ASN1_TIME_to_tm(time, &tm) == 1)
		s->at = (int64_t)timegm(&tm);
}

static bool
same_again(CMS_ContentInfo *cms, struct der der)
{
	unsigned char *again = NULL;
	int n = i2d_CMS_ContentInfo(cms, &again);
	bool good = n > 0 && same(der, again, (size_t)n);

	OPENSSL_free(again);
	return good;
}

static const char *
check(struct der der, X509 *x, const unsigned char *digest, struct ck_pdf_signature *s)
{
	const unsigned char *p = der.p;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)der.n);
	CMS_SignerInfo *si =
	    cms != NULL ? sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0) : NULL;
	const char *why = NULL;

	if (si == NULL || !same_again(cms, der)) {
		why = "the signature is damaged";
		goto out;
	}
	take_time(si, s);
	CMS_SignerInfo_set1_signer_cert(si, x);
	if (!signs_digest(si, digest))
		why = "what was signed is not what stands there";
	else if (!signs_cert(si, x))
		why = "the certificate is not the one that was signed with";
	else if (CMS_SignerInfo_verify(si) != 1)
		why = "the signature does not fit the certificate";
out:
	CMS_ContentInfo_free(cms);
	return why;
}

/* ---- the hole ---- */

static int
digit(unsigned char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* malloc'd; NULL: not all of it are digits as we write them */
static unsigned char *
unhex(const unsigned char *hex, size_t n)
{
	unsigned char *out = n % 2 == 0 ? malloc(n / 2 + 1) : NULL;

	for (size_t i = 0; out != NULL && i < n; i += 2) {
		int high = digit(hex[i]), low = digit(hex[i + 1]);

		if (high == -1 || low == -1) {
			free(out);
			return NULL;
		}
		out[i / 2] = (unsigned char)(high << 4 | low);
	}
	return out;
}

static bool
only_zeros(struct der rest)
{
	for (size_t i = 0; i < rest.n; i++)
		if (rest.p[i] != 0)
			return false;
	return true;
}

int
ck_pdf_cms(const unsigned char *hex, size_t n, const unsigned char digest[32],
    struct ck_pdf_signature *s, struct ck_err *err)
{
	unsigned char *bytes = unhex(hex, n);
	struct der rest = { bytes, bytes != NULL ? n / 2 : 0 }, v, der = { 0 };
	struct parts parts = { 0 };
	const char *why = "the signature is damaged";
	X509 *x = NULL;

	ERR_set_mark();
	if (bytes == NULL || only_zeros(rest) || !take(&rest, 0x30, &v, &der)) {
		why =
		    bytes != NULL && only_zeros(rest) ? "there is no signature in its place" : why;
		goto out;
	}
	if (!shape(der, &parts) || (x = read_cert(parts.cert, s)) == NULL)
		goto out;
	if (!only_zeros(rest))
		why = "there is something behind the signature";
	else if (names(&parts, x) && fits_key(&parts, x))
		why = check(der, x, digest, s);
out:
	ERR_pop_to_mark();
	X509_free(x);
	free(bytes);
	return why == NULL ? 0 : ck_fail(err, CK_E_FORM_ALTERED, "%s", why);
}
