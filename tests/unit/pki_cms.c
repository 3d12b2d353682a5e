/* Signatures over a digest: what OpenSSL makes of them, and a key that signs wrong is noticed. */
#define OPENSSL_SUPPRESS_DEPRECATED /* how a device signs, libp11 included */
#include "t.h"

#include <openssl/cms.h>
#include <openssl/ecdsa.h>

#include "pki/pki.h"
#include "pki_make.h"

static const char document[] = "what is signed, and lies elsewhere";
static unsigned char digest[32];

static struct made
person(EVP_PKEY *key)
{
	struct spec s = { .subject = { { "CN", "\xe5\xbc\xa0\xe4\xb8\x89", 0, 0 } }, .key = key };

	return make_cert(&s);
}

/* with its own eyes, and CAdES as well */
static bool
openssl_verifies(const unsigned char *der, size_t n, const struct made *m, const char *text)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
	BIO *in = BIO_new_mem_buf(text, -1);
	X509_STORE *store = X509_STORE_new();
	bool good;

	X509_STORE_add_cert(store, m->x);
	X509_VERIFY_PARAM_set_flags(X509_STORE_get0_param(store), X509_V_FLAG_NO_CHECK_TIME);
	X509_VERIFY_PARAM_set_purpose(X509_STORE_get0_param(store), X509_PURPOSE_ANY);
	good = cms != NULL && CMS_verify(cms, NULL, store, in, NULL, CMS_BINARY | CMS_CADES) == 1;
	ERR_clear_error();
	X509_STORE_free(store);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return good;
}

static int64_t
time_of(const unsigned char *der, size_t n)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
	CMS_SignerInfo *si = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	const ASN1_TIME *t =
	    CMS_signed_get0_data_by_OBJ(si, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_UTCTIME);
	struct tm tm = { 0 };

	if (t != NULL)
		ASN1_TIME_to_tm(t, &tm);
	CMS_ContentInfo_free(cms);
	return t != NULL ? (int64_t)timegm(&tm) : -1;
}

static void
signs(const char *what, EVP_PKEY *key)
{
	struct made m = person(key);
	struct ck_err err = { 0 };
	unsigned char *der = NULL;
	size_t n = 0;
	int rc = ck_cms_sign(m.key, m.der, m.n, digest, 1795000000, &der, &n, &err);

	T(rc == 0, "%s: signed (%zu bytes, %zu of them the certificate)%s", what, n, m.n,
	    err.detail);
	T(rc == 0 && openssl_verifies(der, n, &m, document), "%s: CAdES as OpenSSL sees it", what);
	T(rc == 0 && !openssl_verifies(der, n, &m, "something else"), "%s: of this document only",
	    what);
	T(rc == 0 && time_of(der, n) == 1795000000, "%s: at the time it was told", what);
	free(der);
	made_free(&m);
	EVP_PKEY_free(key);
}

static void
others_key(void)
{
	struct made m = person(NULL);
	EVP_PKEY *other = EVP_EC_gen("P-256");
	struct ck_err err = { 0 };
	unsigned char *der = NULL;
	size_t n = 0;

	T(ck_cms_sign(other, m.der, m.n, digest, 1, &der, &n, &err) == -1 &&
		err.code == CK_E_SIGNATURE_WRONG && der == NULL,
	    "another key's certificate is no certificate to sign with");
	err = (struct ck_err){ 0 };
	T(ck_cms_sign(other, (const unsigned char *)"x", 1, digest, 1, &der, &n, &err) == -1 &&
		err.code == CK_E_CERT_UNREADABLE,
	    "no certificate, no signature");
	EVP_PKEY_free(other);
	made_free(&m);
}

/* ---- devices: a handle with the public half of a key, that signs by a method of its own ---- */

/* the other key of a pair of them, as a device does that mixes up its objects */
static EVP_PKEY *behind;

static int
crossed(int n, const unsigned char *from, unsigned char *to, RSA *rsa, int padding)
{
	RSA *other = EVP_PKEY_get1_RSA(behind);
	int done = RSA_private_encrypt(n, from, to, other, padding);

	(void)rsa;
	RSA_free(other);
	return done;
}

static int
removed(int n, const unsigned char *from, unsigned char *to, RSA *rsa, int padding)
{
	(void)n, (void)from, (void)to, (void)rsa, (void)padding;
	return -1;
}

static void
device(const char *what, EVP_PKEY *key,
    int (*sign)(int, const unsigned char *, unsigned char *, RSA *, int), enum ck_code want)
{
	struct made m = person(key);
	RSA *rsa = EVP_PKEY_get1_RSA(key), *own = RSAPublicKey_dup(rsa);
	RSA_METHOD *method = RSA_meth_dup(RSA_get_default_method());
	EVP_PKEY *handle = EVP_PKEY_new();
	struct ck_err err = { 0 };
	unsigned char *der = NULL;
	size_t n = 0;

	RSA_meth_set_priv_enc(method, sign);
	RSA_set_method(own, method);
	EVP_PKEY_assign_RSA(handle, own);
	T(ck_cms_sign(handle, m.der, m.n, digest, 1, &der, &n, &err) == -1 && err.code == want &&
		der == NULL,
	    "%s: nothing is handed out (%s)", what, err.detail);
	EVP_PKEY_free(handle);
	RSA_meth_free(method);
	RSA_free(rsa);
	made_free(&m);
}

static void
devices(void)
{
	EVP_PKEY *key = rsa_key(2048);

	behind = rsa_key(2048);
	device("a key that signs wrong", key, crossed, CK_E_SIGNATURE_WRONG);
	device("a key that does not sign", key, removed, CK_E_KEY_TROUBLE);
	EVP_PKEY_free(behind);
	EVP_PKEY_free(key);
}

static void
short_text(void)
{
	EVP_PKEY *key = EVP_EC_gen("P-256"), *rsa = EVP_RSA_gen(2048), *big = EVP_EC_gen("P-384");
	unsigned char sig[CK_P256_SIG], der[80], *p = der;
	struct ck_err err = { 0 };
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	ECDSA_SIG *rs = ECDSA_SIG_new();
	int n;

	T(ck_sign_p256(key, "CK1*A*B", sig, &err) == 0, "a text is signed");
	ECDSA_SIG_set0(rs, BN_bin2bn(sig, 32, NULL), BN_bin2bn(sig + 32, 32, NULL));
	n = i2d_ECDSA_SIG(rs, &p);
	T(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(ctx, der, (size_t)n, (const unsigned char *)"CK1*A*B", 7) == 1,
	    "r and s of 32 bytes each, over SHA-256");
	T(ck_sign_p256(rsa, "x", sig, &err) == -1 && err.code == CK_E_INTERNAL, "no RSA key");
	err = (struct ck_err){ 0 };
	T(ck_sign_p256(big, "x", sig, &err) == -1 && err.code == CK_E_INTERNAL, "no larger curve");
	ECDSA_SIG_free(rs);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(big);
}

int
main(void)
{
	EVP_Digest(document, strlen(document), digest, NULL, EVP_sha256(), NULL);
	signs("RSA-2048", rsa_key(2048));
	signs("RSA-4096", rsa_key(4096));
	signs("P-256", NULL);
	others_key();
	devices();
	short_text();
	return T_END();
}
