/* The same with keys that lie on a token, through the driver and libp11. */
#include "t.h"

#include <openssl/cms.h>
#include <openssl/err.h>

#include "certkiosk/token.h"
#include "pki/pki.h"
#include "token_lab.h"

static bool
fits(const unsigned char *der, size_t n, const unsigned char *cert, size_t cert_n)
{
	const unsigned char *p = der, *q = cert;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)n);
	X509 *x = d2i_X509(NULL, &q, (long)cert_n);
	BIO *in = BIO_new_mem_buf("document", -1);
	bool good = cms != NULL && CMS_verify(cms, NULL, NULL, in, NULL,
				       CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1;

	if (!good)
		ERR_print_errors_fp(stdout);
	BIO_free(in);
	X509_free(x);
	CMS_ContentInfo_free(cms);
	return good;
}

static void
signs(struct ck_token *t, const char *what, enum ck_keytype type)
{
	static unsigned char id = 1;
	const unsigned char key_id[] = { 7, 7, 7, 7, 7, 7, 7, id++ };
	struct ck_err err = { .code = CK_E_NONE };
	EVP_PKEY *key = NULL;
	unsigned char digest[32], *der = NULL, sig[CK_P256_SIG], *cert = NULL;
	size_t n = 0;
	int cert_n = 0;

	EVP_Digest("document", 8, digest, NULL, EVP_sha256(), NULL);
	LAB(ck_token_genkey(t, type, key_id, sizeof key_id, "form", &err) == 0);
	LAB(ck_token_key(t, key_id, sizeof key_id, &key, &err) == 0);
	cert = lab_cert(key, 1, &cert_n);
	T(ck_cms_sign(key, cert, (size_t)cert_n, digest, 1795000000, &der, &n, &err) == 0,
	    "%s: a key on a token signs (%s)", what, err.detail);
	T(der != NULL && fits(der, n, cert, (size_t)cert_n), "%s: and it fits", what);
	T(type != CK_KEY_P256 || ck_sign_p256(key, "text", sig, &err) == 0,
	    "%s: and a short text, where it is one for that", what);
	free(der);
	OPENSSL_free(cert);
	EVP_PKEY_free(key);
}

int
main(void)
{
	struct ck_keyring *ring = NULL;
	struct ck_token *t = NULL;
	struct ck_err err = { .code = CK_E_NONE };

	lab_begin();
	lab_token("one", true);
	ring = lab_ring();
	t = lab_take(ring);
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	signs(t, "RSA-2048", CK_KEY_RSA2048);
	signs(t, "P-256", CK_KEY_P256);
	ck_token_close(t);
	ck_keyring_close(ring);
	return T_END();
}
