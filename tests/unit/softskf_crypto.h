/* What a CA and its key centre do for a smart key, by OpenSSL alone. */
#ifndef SOFTSKF_CRYPTO_H
#define SOFTSKF_CRYPTO_H

#include <openssl/asn1t.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "softskf_lab.h"

#define ID "1234567812345678"
#define ECC_PUB (lab.u + 128u)
#define ECC_CIPHER (160u + lab.u + 16u)
#define ENVELOPE (3u * lab.u + 64u + ECC_PUB + ECC_CIPHER)

typedef struct {
	ASN1_INTEGER *x, *y;
	ASN1_OCTET_STRING *hash, *text;
} SM2_CIPHER;

ASN1_SEQUENCE(SM2_CIPHER) = {
	ASN1_SIMPLE(SM2_CIPHER, x, ASN1_INTEGER),
	ASN1_SIMPLE(SM2_CIPHER, y, ASN1_INTEGER),
	ASN1_SIMPLE(SM2_CIPHER, hash, ASN1_OCTET_STRING),
	ASN1_SIMPLE(SM2_CIPHER, text, ASN1_OCTET_STRING),
} static_ASN1_SEQUENCE_END(SM2_CIPHER)

/* the public half of a blob of the library's */
static EVP_PKEY *
sm2_public(const uint8_t *blob)
{
	uint8_t point[65] = { 4 };
	OSSL_PARAM p[] = { OSSL_PARAM_utf8_string("group", (char *)(uintptr_t) "SM2", 0),
		OSSL_PARAM_octet_string("pub", point, sizeof point), OSSL_PARAM_END };
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
	EVP_PKEY *key = NULL;

	LAB(get_ulong(blob) == 256);
	memcpy(point + 1, blob + lab.u + 32, 32);
	memcpy(point + 33, blob + lab.u + 96, 32);
	LAB(EVP_PKEY_fromdata_init(c) == 1 &&
	    EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, p) == 1);
	EVP_PKEY_CTX_free(c);
	return key;
}

static void
sm2_halves(EVP_PKEY *key, uint8_t xy[64], uint8_t d[32])
{
	uint8_t point[65];
	BIGNUM *n = NULL;
	size_t len = 0;

	LAB(EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", point, 65, &len) == 1 &&
	    len == 65);
	LAB(EVP_PKEY_get_bn_param(key, "priv", &n) == 1 && BN_bn2binpad(n, d, 32) == 32);
	BN_clear_free(n);
	memcpy(xy, point + 1, 64);
}

/* signature of the library's over data, under the usual ID: 1 good */
__attribute__((unused)) static int
sm2_verifies(EVP_PKEY *key, const uint8_t sig[128], const void *data, size_t n)
{
	ECDSA_SIG *s = ECDSA_SIG_new();
	EVP_MD_CTX *m = EVP_MD_CTX_new();
	EVP_PKEY_CTX *c = NULL;
	uint8_t *der = NULL;
	int len = 0, good = 0;

	ECDSA_SIG_set0(s, BN_bin2bn(sig, 64, NULL), BN_bin2bn(sig + 64, 64, NULL));
	len = i2d_ECDSA_SIG(s, &der);
	LAB(len > 0 && EVP_DigestVerifyInit(m, &c, EVP_sm3(), NULL, key) == 1 &&
	    EVP_PKEY_CTX_set1_id(c, ID, sizeof ID - 1) == 1);
	good = EVP_DigestVerify(m, der, (size_t)len, data, n) == 1;
	OPENSSL_free(der);
	ECDSA_SIG_free(s);
	EVP_MD_CTX_free(m);
	return good;
}

static void
put_number(const ASN1_INTEGER *i, uint8_t out[64])
{
	BIGNUM *n = ASN1_INTEGER_to_BN(i, NULL);

	LAB(n != NULL && BN_bn2binpad(n, out, 64) == 64);
	BN_free(n);
}

/* 16 bytes for a key, as an ECCCIPHERBLOB */
__attribute__((unused)) static void
sm2_wrap(EVP_PKEY *key, const uint8_t in[16], uint8_t *blob)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	uint8_t der[256];
	const uint8_t *at = der;
	size_t n = sizeof der;
	SM2_CIPHER *t = NULL;

	LAB(EVP_PKEY_encrypt_init(c) == 1 && EVP_PKEY_encrypt(c, der, &n, in, 16) == 1);
	t = (SM2_CIPHER *)ASN1_item_d2i(NULL, &at, (long)n, ASN1_ITEM_rptr(SM2_CIPHER));
	LAB(t != NULL && t->hash->length == 32 && t->text->length == 16);
	put_number(t->x, blob);
	put_number(t->y, blob + 64);
	memcpy(blob + 128, t->hash->data, 32);
	put_ulong(blob + 160, 16);
	memcpy(blob + 160 + lab.u, t->text->data, 16);
	ASN1_item_free((ASN1_VALUE *)t, ASN1_ITEM_rptr(SM2_CIPHER));
	EVP_PKEY_CTX_free(c);
}

__attribute__((unused)) static int
sm4(int encrypt, const EVP_CIPHER *how, bool padded, const uint8_t key[16], const uint8_t *iv,
    const uint8_t *in, int n, uint8_t *out)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	int a = 0, b = 0;

	LAB(EVP_CipherInit_ex2(c, how, key, iv, encrypt, NULL) == 1);
	EVP_CIPHER_CTX_set_padding(c, padded);
	LAB(EVP_CipherUpdate(c, out, &a, in, n) == 1 && EVP_CipherFinal_ex(c, out + a, &b) == 1);
	EVP_CIPHER_CTX_free(c);
	return a + b;
}

enum shape { ZERO_FIRST, ALL_ENCRYPTED, ZERO_LAST };

/* an encryption pair for who has the signing key, as an ENVELOPEDKEYBLOB */
__attribute__((unused)) static void
sm2_envelope(EVP_PKEY *signing, EVP_PKEY *pair, enum shape shape, uint8_t *out)
{
	const uint8_t wrap[16] = "wrapping a pair";
	uint8_t *priv = out + 3 * lab.u, *pub = priv + 64, xy[64], d[64] = { 0 };

	memset(out, 0, ENVELOPE);
	put_ulong(out, 1);
	put_ulong(out + lab.u, SGD_SM4_ECB);
	put_ulong(out + 2 * lab.u, 256);
	sm2_halves(pair, xy, d + 32);
	if (shape == ALL_ENCRYPTED)
		sm4(1, EVP_sm4_ecb(), false, wrap, NULL, d, 64, priv);
	else
		sm4(1, EVP_sm4_ecb(), false, wrap, NULL, d + 32, 32,
		    priv + (shape == ZERO_FIRST ? 32 : 0));
	put_ulong(pub, 256);
	memcpy(pub + lab.u + 32, xy, 32);
	memcpy(pub + lab.u + 96, xy + 32, 32);
	sm2_wrap(signing, wrap, pub + ECC_PUB);
}

#endif
