/* SM2 pairs of a container. */
#include "softskf.h"

#include <string.h>
#include <openssl/ec.h>
#include <openssl/rand.h>

static ULONG
generate(const struct ss_call *c, ULONG algorithm, ECCPUBLICKEYBLOB *out)
{
	struct ss_pair p;
	EVP_PKEY *key = NULL;
	ULONG rv = SAR_FAIL;

	if (algorithm != SGD_SM2_1 && algorithm != SGD_SM2_1_2012)
		return SAR_NOTSUPPORTYETERR;
	if (out == NULL)
		return SAR_INVALIDPARAMERR;
	if ((rv = ss_may(c, SECURE_USER_ACCOUNT)) != SAR_OK)
		return rv;
	key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
	rv = key != NULL && ss_pair_of(key, &p) == 0 ? ss_pair_save(c, true, &p) : SAR_FAIL;
	if (rv == SAR_OK)
		ss_sm2_to_blob(p.public, out);
	OPENSSL_cleanse(&p, sizeof p);
	EVP_PKEY_free(key);
	return rv;
}

/* The private key is 32 bytes in a field of 64. Those who make it agree neither on the half nor on
 * whether the other one was encrypted with it; block by block, three forms can be told apart by the
 * public key. */
static const BYTE *
find_private(const BYTE clear[64], const BYTE xy[SS_XY])
{
	if (ss_sm2_belongs(clear + 32, xy))
		return clear + 32;
	return ss_sm2_belongs(clear, xy) ? clear : NULL;
}

static ULONG
open_envelope(EVP_PKEY *signing, const ENVELOPEDKEYBLOB *e, struct ss_pair *p)
{
	BYTE key[16], clear[64];
	const BYTE *d = NULL;
	ULONG rv = SAR_INDATAERR;

	memcpy(p->public, e->PubKey.XCoordinate + 32, 32);
	memcpy(p->public + 32, e->PubKey.YCoordinate + 32, 32);
	if (ss_sm2_unwrap(signing, &e->ECCCipherBlob, key) == 0 &&
	    ss_sm4_open(key, e->cbEncryptedPriKey, sizeof clear, clear) == 0)
		d = find_private(clear, p->public);
	if (d != NULL) {
		memcpy(p->private, d, 32);
		p->kind = SS_SM2;
		p->public_len = SS_XY;
		p->private_len = 32;
		rv = SAR_OK;
	}
	OPENSSL_cleanse(key, sizeof key);
	OPENSSL_cleanse(clear, sizeof clear);
	return rv;
}

static ULONG
import(const struct ss_call *c, const ENVELOPEDKEYBLOB *e)
{
	struct ss_pair signing, p = { .kind = SS_SM2 };
	EVP_PKEY *key = NULL;
	ULONG rv = SAR_OK;

	if (e == NULL || e->Version != 1 || e->ulBits != 256 || e->PubKey.BitLen != 256)
		return SAR_INVALIDPARAMERR;
	/* SM1 and SSF33 are in the hardware only */
	if (e->ulSymmAlgID != SGD_SM4_ECB)
		return SAR_NOTSUPPORTYETERR;
	if ((rv = ss_pair_unseal(c, true, &signing)) != SAR_OK)
		return rv;
	key = signing.kind == SS_SM2 ? ss_pair_key(&signing) : NULL;
	rv = key != NULL ? open_envelope(key, e, &p) : SAR_KEYINFOTYPEERR;
	if (rv == SAR_OK)
		rv = ss_pair_save(c, false, &p);
	EVP_PKEY_free(key);
	OPENSSL_cleanse(&signing, sizeof signing);
	OPENSSL_cleanse(&p, sizeof p);
	return rv;
}

static int
to_blob(const BYTE *der, size_t n, ECCSIGNATUREBLOB *out)
{
	ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &der, (long)n);
	int rc = -1;

	memset(out, 0, sizeof *out);
	if (s != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(s), out->r, 64) == 64 &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(s), out->s, 64) == 64)
		rc = 0;
	ECDSA_SIG_free(s);
	return rc;
}

static ULONG
sign(const struct ss_call *c, const BYTE *digest, ULONG n, ECCSIGNATUREBLOB *out)
{
	struct ss_pair p;
	EVP_PKEY *key = NULL;
	EVP_PKEY_CTX *x = NULL;
	BYTE der[96];
	size_t len = sizeof der;
	ULONG rv = SAR_OK;

	if (digest == NULL || out == NULL)
		return SAR_INVALIDPARAMERR;
	if (n != 32)
		return SAR_INDATALENERR;
	if ((rv = ss_pair_unseal(c, true, &p)) != SAR_OK)
		return rv;
	key = p.kind == SS_SM2 ? ss_pair_key(&p) : NULL;
	OPENSSL_cleanse(&p, sizeof p);
	if (key == NULL)
		return SAR_KEYINFOTYPEERR;
	x = EVP_PKEY_CTX_new(key, NULL);
	if (EVP_PKEY_sign_init(x) != 1 || EVP_PKEY_sign(x, der, &len, digest, 32) != 1 ||
	    to_blob(der, len, out) != 0)
		rv = SAR_FAIL;
	if (ss_fault_bad_sign())
		out->s[63] ^= 1;
	EVP_PKEY_CTX_free(x);
	EVP_PKEY_free(key);
	return rv;
}

static int
from_blob(const ECCSIGNATUREBLOB *b, BYTE **der)
{
	ECDSA_SIG *s = ECDSA_SIG_new();
	int n = -1;

	if (s != NULL &&
	    ECDSA_SIG_set0(s, BN_bin2bn(b->r, 64, NULL), BN_bin2bn(b->s, 64, NULL)) == 1)
		n = i2d_ECDSA_SIG(s, der);
	ECDSA_SIG_free(s);
	return n;
}

static ULONG
verify(const ECCPUBLICKEYBLOB *pub, const BYTE *digest, ULONG n, const ECCSIGNATUREBLOB *sig)
{
	EVP_PKEY *key = ss_sm2_from_blob(pub);
	EVP_PKEY_CTX *x = NULL;
	BYTE *der = NULL;
	ULONG rv = SAR_FAIL;
	int len = 0;

	if (key == NULL || digest == NULL || sig == NULL) {
		EVP_PKEY_free(key);
		return SAR_INVALIDPARAMERR;
	}
	x = EVP_PKEY_CTX_new(key, NULL);
	len = from_blob(sig, &der);
	if (n != 32)
		rv = SAR_INDATALENERR;
	else if (len > 0 && EVP_PKEY_verify_init(x) == 1 &&
		 EVP_PKEY_verify(x, der, (size_t)len, digest, 32) == 1)
		rv = SAR_OK;
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(x);
	EVP_PKEY_free(key);
	return rv;
}

static ULONG
export_session(const struct ss_call *c, ULONG algorithm, const ECCPUBLICKEYBLOB *pub,
    ECCCIPHERBLOB *out, HANDLE *session)
{
	EVP_PKEY *key = ss_sm2_from_blob(pub);
	BYTE bytes[16];
	ULONG rv = ss_session_algorithm(algorithm);

	if (key == NULL || out == NULL || session == NULL)
		rv = SAR_INVALIDPARAMERR;
	else if (rv == SAR_OK &&
		 (RAND_bytes(bytes, sizeof bytes) != 1 || ss_sm2_wrap(key, bytes, out) != 0))
		rv = SAR_FAIL;
	if (rv == SAR_OK)
		rv = ss_session_new(c, algorithm, bytes, session);
	OPENSSL_cleanse(bytes, sizeof bytes);
	EVP_PKEY_free(key);
	return rv;
}

SS_EXPORT(SKF_GenECCKeyPair, SS_CON, con, (HCONTAINER con, ULONG algorithm, ECCPUBLICKEYBLOB *out),
    generate(&c, algorithm, out))
SS_EXPORT(SKF_ImportECCKeyPair, SS_CON, con, (HCONTAINER con, ENVELOPEDKEYBLOB *e), import(&c, e))
SS_EXPORT(SKF_ECCSignData, SS_CON, con,
    (HCONTAINER con, BYTE *digest, ULONG n, ECCSIGNATUREBLOB *out), sign(&c, digest, n, out))
SS_EXPORT(SKF_ECCVerify, SS_DEV, dev,
    (DEVHANDLE dev, ECCPUBLICKEYBLOB *pub, BYTE *digest, ULONG n, ECCSIGNATUREBLOB *sig),
    verify(pub, digest, n, sig))
SS_EXPORT(SKF_ExtECCVerify, SS_DEV, dev,
    (DEVHANDLE dev, ECCPUBLICKEYBLOB *pub, BYTE *digest, ULONG n, ECCSIGNATUREBLOB *sig),
    verify(pub, digest, n, sig))
SS_EXPORT(SKF_ECCExportSessionKey, SS_CON, con,
    (HCONTAINER con, ULONG algorithm, ECCPUBLICKEYBLOB *pub, ECCCIPHERBLOB *out, HANDLE *session),
    export_session(&c, algorithm, pub, out, session))
