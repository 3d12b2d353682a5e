/* RSA pairs of a container. */
#include "softskf.h"

#include <string.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

void
ss_rsa_to_blob(EVP_PKEY *key, RSAPUBLICKEYBLOB *out)
{
	BIGNUM *n = NULL, *e = NULL;
	const int bytes = EVP_PKEY_get_size(key);

	memset(out, 0, sizeof *out);
	out->AlgID = SGD_RSA;
	out->BitLen = (ULONG)EVP_PKEY_get_bits(key);
	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
	EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e);
	BN_bn2binpad(n, out->Modulus, bytes);
	BN_bn2binpad(e, out->PublicExponent, sizeof out->PublicExponent);
	BN_free(n);
	BN_free(e);
}

static EVP_PKEY *
from_blob(const RSAPUBLICKEYBLOB *b)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BIGNUM *n = NULL, *e = NULL;
	OSSL_PARAM *p = NULL;
	EVP_PKEY *key = NULL;

	if (b != NULL && (b->BitLen == 1024 || b->BitLen == 2048)) {
		n = BN_bin2bn(b->Modulus, (int)b->BitLen / 8, NULL);
		e = BN_bin2bn(b->PublicExponent, sizeof b->PublicExponent, NULL);
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n);
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e);
		p = OSSL_PARAM_BLD_to_param(build);
	}
	if (p != NULL && (EVP_PKEY_fromdata_init(c) != 1 ||
			     EVP_PKEY_fromdata(c, &key, EVP_PKEY_PUBLIC_KEY, p) != 1))
		key = NULL;
	OSSL_PARAM_free(p);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	EVP_PKEY_CTX_free(c);
	return key;
}

static ULONG
generate(const struct ss_call *c, ULONG bits, RSAPUBLICKEYBLOB *out)
{
	struct ss_pair p;
	EVP_PKEY *key = NULL;
	ULONG rv = SAR_OK;

	if (out == NULL)
		return SAR_INVALIDPARAMERR;
	if (bits != 1024 && bits != 2048)
		return SAR_MODULUSLENERR;
	if ((rv = ss_may(c, SECURE_USER_ACCOUNT)) != SAR_OK)
		return rv;
	key = EVP_RSA_gen((unsigned)bits);
	rv = key != NULL && ss_pair_of(key, &p) == 0 ? ss_pair_save(c, true, &p) : SAR_GENRSAKEYERR;
	if (rv == SAR_OK)
		ss_rsa_to_blob(key, out);
	OPENSSL_cleanse(&p, sizeof p);
	EVP_PKEY_free(key);
	return rv;
}

static EVP_PKEY *
private_of(const struct ss_call *c, bool sign, ULONG *rv)
{
	struct ss_pair p;
	EVP_PKEY *key = NULL;

	*rv = ss_pair_unseal(c, sign, &p);
	if (*rv != SAR_OK)
		return NULL;
	key = p.kind == SS_RSA ? ss_pair_key(&p) : NULL;
	OPENSSL_cleanse(&p, sizeof p);
	*rv = key != NULL ? SAR_OK : SAR_KEYINFOTYPEERR;
	return key;
}

int
ss_rsa_unwrap(EVP_PKEY *key, const BYTE *in, size_t n, BYTE out[16])
{
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new(key, NULL);
	BYTE clear[512];
	size_t len = sizeof clear;
	int rc = -1;

	if (EVP_PKEY_decrypt_init(x) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_decrypt(x, clear, &len, in, n) == 1 && len == 16) {
		memcpy(out, clear, 16);
		rc = 0;
	}
	OPENSSL_cleanse(clear, sizeof clear);
	EVP_PKEY_CTX_free(x);
	return rc;
}

static bool
belongs(EVP_PKEY *pair)
{
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new(pair, NULL);
	const bool good = x != NULL && EVP_PKEY_pairwise_check(x) == 1;

	EVP_PKEY_CTX_free(x);
	return good;
}

/* The private half is a PKCS#1 RSAPrivateKey; whatever fills its last block stands behind it. */
static ULONG
open_envelope(
    EVP_PKEY *signing, const BYTE *wrapped, size_t wn, const BYTE *in, size_t n, struct ss_pair *p)
{
	BYTE key[16], clear[SS_PRIVATE_MAX];
	const BYTE *at = clear;
	EVP_PKEY *pair = NULL;
	ULONG rv = SAR_INDATAERR;

	if (ss_rsa_unwrap(signing, wrapped, wn, key) == 0 && ss_sm4_open(key, in, n, clear) == 0)
		pair = d2i_PrivateKey(EVP_PKEY_RSA, NULL, &at, (long)n);
	if (pair != NULL && EVP_PKEY_get_bits(pair) <= 2048 && belongs(pair) &&
	    ss_pair_of(pair, p) == 0)
		rv = SAR_OK;
	EVP_PKEY_free(pair);
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(clear, sizeof clear);
	return rv;
}

struct envelope {
	const BYTE *wrapped, *bytes;
	ULONG wrapped_len, len;
};

static ULONG
import(const struct ss_call *c, ULONG algorithm, const struct envelope *e)
{
	struct ss_pair p;
	EVP_PKEY *signing = NULL;
	ULONG rv = SAR_OK;

	if (e->wrapped == NULL || e->bytes == NULL)
		return SAR_INVALIDPARAMERR;
	if (algorithm != SGD_SM4_ECB)
		return SAR_NOTSUPPORTYETERR;
	if (e->len == 0 || e->len > SS_PRIVATE_MAX || e->len % 16 != 0)
		return SAR_INDATALENERR;
	signing = private_of(c, true, &rv);
	if (signing != NULL)
		rv = open_envelope(signing, e->wrapped, e->wrapped_len, e->bytes, e->len, &p);
	if (rv == SAR_OK)
		rv = ss_pair_save(c, false, &p);
	OPENSSL_cleanse(&p, sizeof p);
	EVP_PKEY_free(signing);
	return rv;
}

/* Data as it comes, which for others to verify it is a DigestInfo: nothing here makes one. */
static ULONG
sign(const struct ss_call *c, const BYTE *data, ULONG n, BYTE *out, ULONG *size)
{
	BYTE sig[256];
	size_t len = sizeof sig;
	ULONG rv = SAR_OK;
	EVP_PKEY *key = private_of(c, true, &rv);
	EVP_PKEY_CTX *x = NULL;

	if (key == NULL)
		return rv;
	x = EVP_PKEY_CTX_new(key, NULL);
	if (data == NULL || n == 0 || n > (ULONG)EVP_PKEY_get_size(key) - 11)
		rv = SAR_INDATALENERR;
	else if (EVP_PKEY_sign_init(x) != 1 ||
		 EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) != 1 ||
		 EVP_PKEY_sign(x, sig, &len, data, n) != 1)
		rv = SAR_FAIL;
	if (ss_fault_bad_sign())
		sig[0] ^= 1;
	EVP_PKEY_CTX_free(x);
	EVP_PKEY_free(key);
	return rv != SAR_OK ? rv : ss_bytes_out(sig, len, out, size);
}

static ULONG
verify(const RSAPUBLICKEYBLOB *pub, const BYTE *data, ULONG n, const BYTE *sig, ULONG len)
{
	EVP_PKEY *key = from_blob(pub);
	EVP_PKEY_CTX *x = NULL;
	ULONG rv = SAR_FAIL;

	if (key == NULL || data == NULL || sig == NULL) {
		EVP_PKEY_free(key);
		return SAR_INVALIDPARAMERR;
	}
	x = EVP_PKEY_CTX_new(key, NULL);
	if (EVP_PKEY_verify_init(x) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_verify(x, sig, len, data, n) == 1)
		rv = SAR_OK;
	EVP_PKEY_CTX_free(x);
	EVP_PKEY_free(key);
	return rv;
}

static int
wrap(EVP_PKEY *key, const BYTE in[16], BYTE *out, size_t *n)
{
	EVP_PKEY_CTX *x = EVP_PKEY_CTX_new(key, NULL);
	int rc = EVP_PKEY_encrypt_init(x) == 1 &&
			 EVP_PKEY_CTX_set_rsa_padding(x, RSA_PKCS1_PADDING) == 1 &&
			 EVP_PKEY_encrypt(x, out, n, in, 16) == 1
		     ? 0
		     : -1;

	EVP_PKEY_CTX_free(x);
	return rc;
}

static ULONG
export_session(const struct ss_call *c, ULONG algorithm, const RSAPUBLICKEYBLOB *pub, BYTE *out,
    ULONG *size, HANDLE *session)
{
	EVP_PKEY *key = from_blob(pub);
	BYTE bytes[16], wrapped[256];
	size_t n = sizeof wrapped;
	ULONG rv = ss_session_algorithm(algorithm);

	if (key == NULL || session == NULL)
		rv = SAR_INVALIDPARAMERR;
	else if (rv == SAR_OK &&
		 (RAND_bytes(bytes, sizeof bytes) != 1 || wrap(key, bytes, wrapped, &n) != 0))
		rv = SAR_RSAENCERR;
	if (rv == SAR_OK)
		rv = ss_bytes_out(wrapped, n, out, size);
	if (rv == SAR_OK && out != NULL)
		rv = ss_session_new(c, algorithm, bytes, session);
	OPENSSL_cleanse(bytes, sizeof bytes);
	EVP_PKEY_free(key);
	return rv;
}

SS_EXPORT(SKF_GenRSAKeyPair, SS_CON, con, (HCONTAINER con, ULONG bits, RSAPUBLICKEYBLOB *out),
    generate(&c, bits, out))
SS_EXPORT(SKF_ImportRSAKeyPair, SS_CON, con,
    (HCONTAINER con, ULONG algorithm, BYTE *wrapped, ULONG wn, BYTE *bytes, ULONG n),
    import(&c, algorithm, &((struct envelope){ wrapped, bytes, wn, n })))
SS_EXPORT(SKF_RSASignData, SS_CON, con,
    (HCONTAINER con, BYTE *data, ULONG n, BYTE *out, ULONG *size), sign(&c, data, n, out, size))
SS_EXPORT(SKF_RSAVerify, SS_DEV, dev,
    (DEVHANDLE dev, RSAPUBLICKEYBLOB *pub, BYTE *data, ULONG n, BYTE *sig, ULONG len),
    verify(pub, data, n, sig, len))
SS_EXPORT(SKF_RSAExportSessionKey, SS_CON, con,
    (HCONTAINER con, ULONG algorithm, RSAPUBLICKEYBLOB *pub, BYTE *out, ULONG *size,
	HANDLE *session),
    export_session(&c, algorithm, pub, out, size, session))
