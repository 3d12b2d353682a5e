#include "identity.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

/*
 * TLS 1.3 wants RSA-PSS, which the padding in software turns into the mechanism CKM_RSA_X_509. Some
 * keys' modules lack it, and nothing but a signature tells.
 */
static bool
signs_pss(EVP_PKEY *key)
{
	static const unsigned char probe[] = "certkiosk";
	unsigned char sig[1024]; /* RSA-8192: no key has more */
	size_t n = sizeof sig;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *way = NULL;
	bool signs = false;

	ERR_set_mark();
	signs = ctx != NULL && EVP_DigestSignInit(ctx, &way, EVP_sha256(), NULL, key) == 1 &&
		EVP_PKEY_CTX_set_rsa_padding(way, RSA_PKCS1_PSS_PADDING) == 1 &&
		EVP_PKEY_CTX_set_rsa_pss_saltlen(way, RSA_PSS_SALTLEN_DIGEST) == 1 &&
		EVP_DigestSign(ctx, sig, &n, probe, sizeof probe) == 1;
	ERR_pop_to_mark();
	EVP_MD_CTX_free(ctx);
	return signs;
}

int
ck_identity_use(const struct ck_identity *who, SSL_CTX *tls)
{
	if (SSL_CTX_use_certificate(tls, who->cert) != 1 ||
	    SSL_CTX_use_PrivateKey(tls, who->key) != 1)
		return -1;
	if (EVP_PKEY_get_base_id(who->key) != EVP_PKEY_RSA || signs_pss(who->key))
		return 0;
	/* with TLS 1.3 such a key would silently present no certificate at all */
	return SSL_CTX_set_max_proto_version(tls, TLS1_2_VERSION) == 1 &&
		       SSL_CTX_set1_client_sigalgs_list(tls, "RSA+SHA256") == 1
		   ? 0
		   : -1;
}
