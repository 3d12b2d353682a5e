#include "softskf.h"

#include <string.h>
#include <openssl/asn1t.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

/* session keys are no longer, and neither is what wraps a private key */
#define WRAPPED 16

/* what OpenSSL makes and takes of SM2 ciphertext (GM/T 0009) */
typedef struct {
	ASN1_INTEGER *x, *y;
	ASN1_OCTET_STRING *hash, *text;
} CIPHER;

ASN1_SEQUENCE(CIPHER) = {
	ASN1_SIMPLE(CIPHER, x, ASN1_INTEGER),
	ASN1_SIMPLE(CIPHER, y, ASN1_INTEGER),
	ASN1_SIMPLE(CIPHER, hash, ASN1_OCTET_STRING),
	ASN1_SIMPLE(CIPHER, text, ASN1_OCTET_STRING),
} static_ASN1_SEQUENCE_END(CIPHER)

EVP_PKEY *
ss_sm2_key(const BYTE xy[SS_XY], const BYTE *d)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BYTE point[1 + SS_XY] = { POINT_CONVERSION_UNCOMPRESSED };
	BIGNUM *n = d != NULL ? BN_bin2bn(d, 32, BN_secure_new()) : NULL;
	OSSL_PARAM *p = NULL;
	EVP_PKEY *key = NULL;

	memcpy(point + 1, xy, SS_XY);
	OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0);
	OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point);
	if (n != NULL)
		OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, n);
	p = OSSL_PARAM_BLD_to_param(b);
	if (p == NULL || EVP_PKEY_fromdata_init(c) != 1 ||
	    EVP_PKEY_fromdata(c, &key, d != NULL ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, p) != 1)
		key = NULL;
	OSSL_PARAM_free(p);
	OSSL_PARAM_BLD_free(b);
	BN_clear_free(n);
	EVP_PKEY_CTX_free(c);
	return key;
}

EVP_PKEY *
ss_sm2_from_blob(const ECCPUBLICKEYBLOB *blob)
{
	BYTE xy[SS_XY];

	if (blob == NULL || blob->BitLen != 256)
		return NULL;
	memcpy(xy, blob->XCoordinate + 32, 32);
	memcpy(xy + 32, blob->YCoordinate + 32, 32);
	return ss_sm2_key(xy, NULL);
}

void
ss_sm2_to_blob(const BYTE xy[SS_XY], ECCPUBLICKEYBLOB *blob)
{
	memset(blob, 0, sizeof *blob);
	blob->BitLen = 256;
	memcpy(blob->XCoordinate + 32, xy, 32);
	memcpy(blob->YCoordinate + 32, xy + 32, 32);
}

bool
ss_sm2_belongs(const BYTE d[32], const BYTE xy[SS_XY])
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(NID_sm2);
	EC_POINT *p = EC_POINT_new(g);
	BIGNUM *n = BN_bin2bn(d, 32, NULL);
	BYTE point[1 + SS_XY];
	bool same = !BN_is_zero(n) && BN_cmp(n, EC_GROUP_get0_order(g)) < 0 &&
		    EC_POINT_mul(g, p, n, NULL, NULL, NULL) == 1 &&
		    EC_POINT_point2oct(g, p, POINT_CONVERSION_UNCOMPRESSED, point, sizeof point,
			NULL) == sizeof point &&
		    memcmp(point + 1, xy, SS_XY) == 0;

	BN_clear_free(n);
	EC_POINT_free(p);
	EC_GROUP_free(g);
	return same;
}

static int
number_out(const ASN1_INTEGER *i, BYTE out[64])
{
	BIGNUM *n = ASN1_INTEGER_to_BN(i, NULL);
	int rc = n != NULL && BN_bn2binpad(n, out, 64) == 64 ? 0 : -1;

	BN_free(n);
	return rc;
}

static int
to_blob(const CIPHER *t, ECCCIPHERBLOB *out)
{
	if (t->hash->length != (int)sizeof out->HASH || t->text->length != WRAPPED ||
	    number_out(t->x, out->XCoordinate) != 0 || number_out(t->y, out->YCoordinate) != 0)
		return -1;
	memcpy(out->HASH, t->hash->data, sizeof out->HASH);
	out->CipherLen = WRAPPED;
	memcpy((BYTE *)out + offsetof(ECCCIPHERBLOB, Cipher), t->text->data, WRAPPED);
	return 0;
}

int
ss_sm2_wrap(EVP_PKEY *key, const BYTE in[16], ECCCIPHERBLOB *out)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	BYTE der[256];
	const BYTE *at = der;
	size_t n = sizeof der;
	CIPHER *t = NULL;
	int rc = -1;

	if (c != NULL && EVP_PKEY_encrypt_init(c) == 1 &&
	    EVP_PKEY_encrypt(c, der, &n, in, WRAPPED) == 1)
		t = (CIPHER *)ASN1_item_d2i(NULL, &at, (long)n, ASN1_ITEM_rptr(CIPHER));
	if (t != NULL)
		rc = to_blob(t, out);
	ASN1_item_free((ASN1_VALUE *)t, ASN1_ITEM_rptr(CIPHER));
	EVP_PKEY_CTX_free(c);
	return rc;
}

static int
number_in(const BYTE in[64], ASN1_INTEGER *i)
{
	BIGNUM *n = BN_bin2bn(in, 64, NULL);
	int rc = n != NULL && BN_to_ASN1_INTEGER(n, i) != NULL ? 0 : -1;

	BN_free(n);
	return rc;
}

static int
from_blob(const ECCCIPHERBLOB *b, BYTE **der)
{
	CIPHER *t = (CIPHER *)ASN1_item_new(ASN1_ITEM_rptr(CIPHER));
	const BYTE *text = (const BYTE *)b + offsetof(ECCCIPHERBLOB, Cipher);
	int n = -1;

	if (t != NULL && number_in(b->XCoordinate, t->x) == 0 &&
	    number_in(b->YCoordinate, t->y) == 0 &&
	    ASN1_OCTET_STRING_set(t->hash, b->HASH, sizeof b->HASH) == 1 &&
	    ASN1_OCTET_STRING_set(t->text, text, WRAPPED) == 1)
		n = ASN1_item_i2d((ASN1_VALUE *)t, der, ASN1_ITEM_rptr(CIPHER));
	ASN1_item_free((ASN1_VALUE *)t, ASN1_ITEM_rptr(CIPHER));
	return n;
}

int
ss_sm2_unwrap(EVP_PKEY *key, const ECCCIPHERBLOB *b, BYTE out[16])
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	BYTE *der = NULL, clear[256];
	size_t n = sizeof clear;
	int len = b->CipherLen == WRAPPED ? from_blob(b, &der) : -1, rc = -1;

	if (len > 0 && c != NULL && EVP_PKEY_decrypt_init(c) == 1 &&
	    EVP_PKEY_decrypt(c, clear, &n, der, (size_t)len) == 1 && n == WRAPPED) {
		memcpy(out, clear, WRAPPED);
		rc = 0;
	}
	OPENSSL_cleanse(clear, sizeof clear);
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(c);
	return rc;
}

/* ---- Z ---- */

static int
add_numbers(EVP_MD_CTX *m, const BIGNUM *const n[4])
{
	BYTE b[32];

	for (int i = 0; i < 4; i++)
		if (BN_bn2binpad(n[i], b, 32) != 32 || EVP_DigestUpdate(m, b, 32) != 1)
			return -1;
	return 0;
}

static int
add_curve(EVP_MD_CTX *m)
{
	EC_GROUP *g = EC_GROUP_new_by_curve_name(NID_sm2);
	BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new(), *x = BN_new(), *y = BN_new();
	int rc = -1;

	if (EC_GROUP_get_curve(g, p, a, b, NULL) == 1 &&
	    EC_POINT_get_affine_coordinates(g, EC_GROUP_get0_generator(g), x, y, NULL) == 1)
		rc = add_numbers(m, (const BIGNUM *const[]){ a, b, x, y });
	BN_free(p);
	BN_free(a);
	BN_free(b);
	BN_free(x);
	BN_free(y);
	EC_GROUP_free(g);
	return rc;
}

int
ss_sm2_z(const ECCPUBLICKEYBLOB *pub, const BYTE *id, size_t n, BYTE z[32])
{
	const BYTE bits[2] = { (BYTE)(n * 8 >> 8), (BYTE)(n * 8) };
	EVP_MD_CTX *m = EVP_MD_CTX_new();
	int rc = -1;

	if (n < 8192 && EVP_DigestInit(m, EVP_sm3()) == 1 && EVP_DigestUpdate(m, bits, 2) == 1 &&
	    EVP_DigestUpdate(m, id, n) == 1 && add_curve(m) == 0 &&
	    EVP_DigestUpdate(m, pub->XCoordinate + 32, 32) == 1 &&
	    EVP_DigestUpdate(m, pub->YCoordinate + 32, 32) == 1 && EVP_DigestFinal(m, z, NULL) == 1)
		rc = 0;
	EVP_MD_CTX_free(m);
	return rc;
}

int
ss_sm4_open(const BYTE key[16], const BYTE *in, size_t n, BYTE *out)
{
	EVP_CIPHER_CTX *x = EVP_CIPHER_CTX_new();
	int len = 0, rc = -1;

	if (n % 16 == 0 && EVP_DecryptInit_ex2(x, EVP_sm4_ecb(), key, NULL, NULL) == 1 &&
	    EVP_CIPHER_CTX_set_padding(x, 0) == 1 &&
	    EVP_DecryptUpdate(x, out, &len, in, (int)n) == 1 && (size_t)len == n)
		rc = 0;
	EVP_CIPHER_CTX_free(x);
	return rc;
}
