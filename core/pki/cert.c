#include <stdlib.h>
#include <string.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include "base/utf8.h"
#include "pki/der.h"
#include "pki/pki.h"
#include "pki/sm2.h"

/* bits of KeyUsage, RFC 5280 section 4.2.1.3 */
enum { DIGITAL_SIGNATURE, NON_REPUDIATION, KEY_ENCIPHERMENT, DATA_ENCIPHERMENT, KEY_AGREEMENT };

static void
add_oid(struct ck_cert_facts *f, const ASN1_OBJECT *o, const char *value)
{
	struct ck_oid *to = &f->oids[f->n_oids];
	int n = 0;

	if (f->n_oids == CK_OIDS_MAX)
		return;
	n = OBJ_obj2txt(to->oid, sizeof to->oid, o, 1);
	if (n <= 0 || (size_t)n >= sizeof to->oid)
		return;
	ck_clean_str(to->value, sizeof to->value, value);
	f->n_oids++;
}

/* ---- subject, serial, time, key ---- */

static void
last_of(const X509_NAME *subject, int nid, char *out, size_t cap)
{
	int at = -1, i = -1;

	out[0] = '\0';
	while ((i = X509_NAME_get_index_by_NID(subject, nid, i)) >= 0)
		at = i;
	if (at >= 0)
		ck_asn1_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), out, cap);
}

static void
take_subject(struct ck_cert_facts *f, const X509 *x)
{
	const X509_NAME *subject = X509_get_subject_name(x);
	char value[CK_NAME_MAX] = "";
	int i = 0;

	ck_name_text(subject, f->subject, sizeof f->subject);
	ck_name_text(X509_get_issuer_name(x), f->issuer, sizeof f->issuer);
	last_of(subject, NID_commonName, f->name, sizeof f->name);
	if (f->name[0] == '\0')
		last_of(subject, NID_organizationName, f->name, sizeof f->name);
	if (f->name[0] == '\0')
		memcpy(f->name, f->subject, sizeof f->name);
	f->organisation = X509_NAME_get_index_by_NID(subject, NID_organizationName, -1) >= 0 ||
			  X509_NAME_get_index_by_NID(subject, NID_organizationIdentifier, -1) >= 0;
	for (i = 0; i < X509_NAME_entry_count(subject); i++) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(subject, i);

		ck_asn1_text(X509_NAME_ENTRY_get_data(e), value, sizeof value);
		add_oid(f, X509_NAME_ENTRY_get_object(e), value);
	}
}

static int
take_serial(struct ck_cert_facts *f, const X509 *x, struct ck_err *err)
{
	BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
	char *hex = bn != NULL ? BN_bn2hex(bn) : NULL;
	int rc = 0;

	if (hex == NULL)
		rc = ck_fail(err, CK_E_CERT_UNREADABLE, "its serial number is no number");
	else
		ck_clean_str(f->serial, sizeof f->serial, BN_is_zero(bn) ? "00" : hex);
	OPENSSL_free(hex);
	BN_free(bn);
	return rc;
}

static void
take_key(struct ck_cert_facts *f, const X509 *x)
{
	EVP_PKEY *key = X509_get0_pubkey(x); /* NULL for algorithms OpenSSL does not know */
	char group[32] = "";

	f->alg = CK_ALG_OTHER;
	if (key == NULL)
		return;
	f->bits = EVP_PKEY_get_bits(key);
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		f->alg = CK_ALG_RSA;
	else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC &&
		 EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
		 strcmp(group, SN_X9_62_prime256v1) == 0)
		f->alg = CK_ALG_P256;
	else if (ck_sm2_is(key))
		f->alg = CK_ALG_SM2;
}

/* ---- extensions: each takes what it says; -1 when it is damaged ---- */

static int
take_usage(struct ck_cert_facts *f, X509_EXTENSION *e)
{
	ASN1_BIT_STRING *bits = X509V3_EXT_d2i(e);

	if (bits == NULL)
		return -1;
	f->may_encipher = ASN1_BIT_STRING_get_bit(bits, KEY_ENCIPHERMENT) != 0 ||
			  ASN1_BIT_STRING_get_bit(bits, DATA_ENCIPHERMENT) != 0 ||
			  ASN1_BIT_STRING_get_bit(bits, KEY_AGREEMENT) != 0;
	ASN1_BIT_STRING_free(bits);
	return 0;
}

static int
take_purposes(struct ck_cert_facts *f, X509_EXTENSION *e)
{
	EXTENDED_KEY_USAGE *list = X509V3_EXT_d2i(e);
	int i = 0;

	if (list == NULL)
		return -1;
	for (i = 0; i < sk_ASN1_OBJECT_num(list); i++) {
		const ASN1_OBJECT *o = sk_ASN1_OBJECT_value(list, i);

		add_oid(f, o, "");
		f->server = f->server || OBJ_obj2nid(o) == NID_server_auth;
	}
	sk_ASN1_OBJECT_pop_free(list, ASN1_OBJECT_free);
	return 0;
}

static int
take_alt_names(struct ck_cert_facts *f, X509_EXTENSION *e)
{
	GENERAL_NAMES *list = X509V3_EXT_d2i(e);
	int i = 0;

	if (list == NULL)
		return -1;
	for (i = 0; i < sk_GENERAL_NAME_num(list); i++)
		if (sk_GENERAL_NAME_value(list, i)->type == GEN_DNS)
			f->server = true;
	GENERAL_NAMES_free(list);
	return 0;
}

/* Policies of old certificates are often odd; nothing rests on them but a site's own rule. */
static int
take_policies(struct ck_cert_facts *f, X509_EXTENSION *e)
{
	CERTIFICATEPOLICIES *list = X509V3_EXT_d2i(e);
	int i = 0;

	for (i = 0; list != NULL && i < sk_POLICYINFO_num(list); i++)
		add_oid(f, sk_POLICYINFO_value(list, i)->policyid, "");
	CERTIFICATEPOLICIES_free(list);
	return 0;
}

static const struct {
	int nid;
	int (*take)(struct ck_cert_facts *, X509_EXTENSION *);
} known[] = {
	{ NID_key_usage, take_usage },
	{ NID_ext_key_usage, take_purposes },
	{ NID_subject_alt_name, take_alt_names },
	{ NID_certificate_policies, take_policies },
};

/* CAs put identifiers of their own into private extensions, as one plain string. */
static void
plain_text(X509_EXTENSION *e, char *out, size_t cap)
{
	const ASN1_OCTET_STRING *data = X509_EXTENSION_get_data(e);
	const unsigned char *start = ASN1_STRING_get0_data(data), *p = start;
	int len = ASN1_STRING_length(data);
	ASN1_TYPE *t = d2i_ASN1_TYPE(NULL, &p, len);

	out[0] = '\0';
	if (t != NULL && p == start + len)
		switch (t->type) {
		case V_ASN1_UTF8STRING:
		case V_ASN1_PRINTABLESTRING:
		case V_ASN1_IA5STRING:
		case V_ASN1_VISIBLESTRING:
		case V_ASN1_NUMERICSTRING:
		case V_ASN1_T61STRING:
		case V_ASN1_BMPSTRING:
		case V_ASN1_UNIVERSALSTRING:
			ck_asn1_text(t->value.asn1_string, out, cap);
			break;
		default:
			break;
		}
	ASN1_TYPE_free(t);
}

static int
take_extensions(struct ck_cert_facts *f, const X509 *x, struct ck_err *err)
{
	char value[sizeof f->oids[0].value] = "";
	int i = 0, nid = NID_undef;
	size_t k = 0;

	f->may_encipher = true;
	f->is_ca = X509_check_ca((X509 *)(uintptr_t)x) == 1; /* 3: an old self-signed one */
	for (i = 0; i < X509_get_ext_count(x); i++) {
		X509_EXTENSION *e = X509_get_ext(x, i);

		plain_text(e, value, sizeof value);
		add_oid(f, X509_EXTENSION_get_object(e), value);
		nid = OBJ_obj2nid(X509_EXTENSION_get_object(e));
		for (k = 0; k < sizeof known / sizeof known[0]; k++)
			if (known[k].nid == nid && known[k].take(f, e) != 0)
				return ck_fail(err, CK_E_CERT_UNREADABLE,
				    "its extension %s is damaged", OBJ_nid2sn(nid));
	}
	return 0;
}

int
ck_cert_read(const unsigned char *bytes, size_t n, struct ck_cert_facts *f, struct ck_err *err)
{
	unsigned char *der = NULL;
	size_t der_n = 0;
	X509 *x = NULL;
	int rc = -1;

	memset(f, 0, sizeof *f);
	if (ck_x509_read(bytes, n, &x, &der, &der_n, err) != 0)
		return -1;
	ERR_set_mark();
	take_subject(f, x);
	take_key(f, x);
	if (take_serial(f, x, err) != 0 || take_extensions(f, x, err) != 0)
		goto out;
	if (ck_asn1_time(X509_get0_notBefore(x), &f->not_before) != 0 ||
	    ck_asn1_time(X509_get0_notAfter(x), &f->not_after) != 0) {
		ck_fail(err, CK_E_CERT_UNREADABLE, "its validity is no time");
		goto out;
	}
	if (ck_spki_hash(X509_get_X509_PUBKEY(x), f->spki, err) != 0)
		goto out;
	if (EVP_Digest(der, der_n, f->sha256, NULL, EVP_sha256(), NULL) != 1) {
		ck_fail(err, CK_E_INTERNAL, "SHA-256");
		goto out;
	}
	rc = 0;
out:
	ERR_pop_to_mark();
	X509_free(x);
	free(der);
	return rc;
}

/* A NUL would end it early: it becomes what no paper shows either. */
static char *
without_nul(const unsigned char *utf8, size_t n)
{
	static const char replacement[] = "\xEF\xBF\xBD";
	char *out = malloc(n * (sizeof replacement - 1) + 1), *to = out;

	for (size_t i = 0; out != NULL && i < n; i++)
		if (utf8[i] != '\0')
			*to++ = (char)utf8[i];
		else
			to = stpcpy(to, replacement);
	if (out != NULL)
		*to = '\0';
	return out;
}

char *
ck_cert_attribute(const unsigned char *der, size_t n, const char *oid)
{
	const unsigned char *p = der;
	unsigned char *utf8 = NULL;
	ASN1_OBJECT *type = OBJ_txt2obj(oid, 1);
	char *out = NULL;
	int at = -1, len = -1;
	X509 *x = NULL;

	ERR_set_mark();
	x = d2i_X509(NULL, &p, (long)n);
	if (x != NULL && type != NULL) {
		const X509_NAME *subject = X509_get_subject_name(x);

		for (int i = -1; (i = X509_NAME_get_index_by_OBJ(subject, type, i)) >= 0;)
			at = i;
		if (at >= 0)
			len = ASN1_STRING_to_UTF8(
			    &utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	}
	if (len > 0)
		out = without_nul(utf8, (size_t)len);
	OPENSSL_free(utf8);
	ASN1_OBJECT_free(type);
	X509_free(x);
	ERR_pop_to_mark();
	return out;
}

int
ck_cert_key_id(const unsigned char *der, size_t n, unsigned char *out, struct ck_err *err)
{
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	unsigned len = 0;
	int ok = x != NULL && X509_pubkey_digest(x, EVP_sha1(), out, &len) == 1;

	X509_free(x);
	return ok ? 0 : ck_fail(err, CK_E_CERT_UNREADABLE, "its public key");
}
