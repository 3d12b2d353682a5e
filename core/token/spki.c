#include <string.h>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "token/p11.h"

static bool
hash_pubkey(const X509_PUBKEY *pub, unsigned char out[CK_HASH_LEN])
{
	unsigned char *der = NULL;
	int n = pub == NULL ? -1 : i2d_X509_PUBKEY(pub, &der);

	if (n > 0)
		SHA256(der, (size_t)n, out);
	OPENSSL_free(der);
	return n > 0;
}

/* Takes bits over. */
static bool
hash_parts(
    int nid, int ptype, void *param, unsigned char *bits, int n, unsigned char out[CK_HASH_LEN])
{
	X509_PUBKEY *pub = X509_PUBKEY_new();
	bool good = false;

	if (pub == NULL || !X509_PUBKEY_set0_param(pub, OBJ_nid2obj(nid), ptype, param, bits, n)) {
		OPENSSL_free(bits);
		if (ptype == V_ASN1_OBJECT)
			ASN1_OBJECT_free(param);
	} else {
		good = hash_pubkey(pub, out);
	}
	X509_PUBKEY_free(pub);
	return good;
}

static ASN1_INTEGER *
integer(struct ck_bytes b)
{
	BIGNUM *n = BN_bin2bn(b.p, (int)b.n, NULL);
	ASN1_INTEGER *i = n == NULL ? NULL : BN_to_ASN1_INTEGER(n, NULL);

	BN_free(n);
	return i;
}

/* RSAPublicKey ::= SEQUENCE { modulus, publicExponent } (RFC 8017, A.1.1) */
bool
ck_spki_rsa(struct ck_bytes modulus, struct ck_bytes exponent, unsigned char out[CK_HASH_LEN])
{
	ASN1_INTEGER *n = NULL, *e = NULL;
	unsigned char *der = NULL, *p = NULL;
	int body = 0, whole = 0;
	bool good = false;

	if (modulus.n == 0 || exponent.n == 0)
		return false;
	n = integer(modulus);
	e = integer(exponent);
	if (n == NULL || e == NULL)
		goto out;
	body = i2d_ASN1_INTEGER(n, NULL) + i2d_ASN1_INTEGER(e, NULL);
	whole = ASN1_object_size(1, body, V_ASN1_SEQUENCE);
	der = OPENSSL_malloc((size_t)whole);
	if (der == NULL)
		goto out;
	p = der;
	ASN1_put_object(&p, 1, body, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
	i2d_ASN1_INTEGER(n, &p);
	i2d_ASN1_INTEGER(e, &p);
	good = hash_parts(NID_rsaEncryption, V_ASN1_NULL, NULL, der, whole, out);
out:
	ASN1_INTEGER_free(n);
	ASN1_INTEGER_free(e);
	return good;
}

/* PKCS#11 wants CKA_EC_POINT wrapped in an OCTET STRING; some keys hold the bare point. Both begin
 * with 04, so the wrapping counts only where its length is right and a point's first byte follows.
 */
static struct ck_bytes
unwrap_point(struct ck_bytes point)
{
	const unsigned char *p = point.p;
	long n = 0;
	int tag = 0, class = 0;

	if (ASN1_get_object(&p, &n, &tag, &class, (long)point.n) == 0 &&
	    tag == V_ASN1_OCTET_STRING && p + n == point.p + point.n && n > 1 && p[0] >= 2 &&
	    p[0] <= 4)
		return (struct ck_bytes){ p, (size_t)n };
	return point;
}

bool
ck_spki_ec(struct ck_bytes params, struct ck_bytes point, unsigned char out[CK_HASH_LEN])
{
	const unsigned char *p = params.p;
	ASN1_OBJECT *curve = NULL;
	unsigned char *bits = NULL;

	if (params.n == 0 || point.n < 2)
		return false;
	ERR_set_mark();
	curve = d2i_ASN1_OBJECT(NULL, &p, (long)params.n);
	point = unwrap_point(point);
	ERR_pop_to_mark();
	bits = OPENSSL_memdup(point.p, point.n);
	if (curve == NULL || bits == NULL) {
		ASN1_OBJECT_free(curve);
		OPENSSL_free(bits);
		return false;
	}
	return hash_parts(NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, curve, bits, (int)point.n, out);
}

bool
ck_spki_cert(struct ck_bytes der, unsigned char out[CK_HASH_LEN])
{
	const unsigned char *p = der.p;
	X509 *x = NULL;
	bool good = false;

	ERR_set_mark();
	x = d2i_X509(NULL, &p, (long)der.n);
	good = x != NULL && hash_pubkey(X509_get_X509_PUBKEY(x), out);
	X509_free(x);
	ERR_pop_to_mark();
	return good;
}
