#include <stdlib.h>
#include <string.h>
#include <openssl/cms.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "pki/der.h"
#include "pki/pki.h"

/* CMS_CADES: ESS signingCertificateV2, so that nobody puts another certificate of the same key
 * beside the signature. */
#define FLAGS (CMS_DETACHED | CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES)
/* an ECDSA P-256 signature in DER: two INTEGERs of up to 33 bytes */
#define P256_DER_MAX 72

/* OpenSSL 3.0 makes the digest's attribute only from the document itself, which lies elsewhere; and
 * its signing time is the machine's, ours is the desk's. */
static bool
add_attributes(CMS_SignerInfo *si, const unsigned char *digest, int64_t at)
{
	ASN1_TIME *time = ASN1_TIME_adj(NULL, (time_t)at, 0, 0);
	bool good = time != NULL &&
		    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_contentType, V_ASN1_OBJECT,
			OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
		    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING,
			digest, CK_HASH_LEN) == 1 &&
		    CMS_signed_add1_attr_by_NID(
			si, NID_pkcs9_signingTime, ASN1_STRING_type(time), time, -1) == 1;

	ASN1_TIME_free(time);
	return good;
}

/* What a device hands back need not be what it was asked for: read from its bytes, checked with a
 * key made from bytes. */
static int
verify(const unsigned char *der, int n, X509 *x, const unsigned char *digest, struct ck_err *err)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, n);
	CMS_SignerInfo *si =
	    cms != NULL ? sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0) : NULL;
	const ASN1_OCTET_STRING *said =
	    si != NULL ? CMS_signed_get0_data_by_OBJ(
			     si, OBJ_nid2obj(NID_pkcs9_messageDigest), -3, V_ASN1_OCTET_STRING)
		       : NULL;
	bool good = false;

	if (said != NULL && ASN1_STRING_length(said) == CK_HASH_LEN &&
	    memcmp(ASN1_STRING_get0_data(said), digest, CK_HASH_LEN) == 0) {
		CMS_SignerInfo_set1_signer_cert(si, x);
		good = CMS_SignerInfo_verify(si) == 1;
	}
	CMS_ContentInfo_free(cms);
	if (good)
		return 0;
	return ck_fail(err, CK_E_SIGNATURE_WRONG, "the signature does not fit the certificate");
}

static int
hand_out(CMS_ContentInfo *cms, X509 *x, const unsigned char *digest, unsigned char **der,
    size_t *der_n, struct ck_err *err)
{
	unsigned char *bytes = NULL;
	int n = i2d_CMS_ContentInfo(cms, &bytes), rc = -1;

	if (n <= 0)
		ck_fail(err, CK_E_INTERNAL, "the signature has no encoding");
	else if (verify(bytes, n, x, digest, err) == 0)
		rc = ck_der_copy(bytes, (size_t)n, der, der_n, err);
	OPENSSL_free(bytes);
	return rc;
}

int
ck_cms_sign(EVP_PKEY *handle, const unsigned char *cert, size_t n,
    const unsigned char digest[CK_HASH_LEN], int64_t at, unsigned char **der, size_t *der_n,
    struct ck_err *err)
{
	CMS_ContentInfo *cms = NULL;
	CMS_SignerInfo *si = NULL;
	X509 *x = NULL;
	int rc = -1;

	*der = NULL;
	*der_n = 0;
	if (ck_x509_read(cert, n, &x, NULL, NULL, err) != 0)
		return -1;
	ERR_set_mark();
	if (X509_check_private_key(x, handle) != 1) {
		ck_fail(err, CK_E_SIGNATURE_WRONG, "the key is not the certificate's");
		goto out;
	}
	cms = CMS_sign(NULL, NULL, NULL, NULL, FLAGS);
	si = cms != NULL ? CMS_add1_signer(cms, x, handle, EVP_sha256(), FLAGS) : NULL;
	if (si == NULL || !add_attributes(si, digest, at)) {
		ck_fail(err, CK_E_INTERNAL, "the signature cannot be put together");
		goto out;
	}
	if (CMS_SignerInfo_sign(si) != 1) {
		ck_sign_failed(err);
		goto out;
	}
	rc = hand_out(cms, x, digest, der, der_n, err);
out:
	ERR_pop_to_mark();
	CMS_ContentInfo_free(cms);
	X509_free(x);
	return rc;
}

int
ck_sign_p256(EVP_PKEY *key, const char *text, unsigned char sig[CK_P256_SIG], struct ck_err *err)
{
	unsigned char der[P256_DER_MAX];
	const unsigned char *p = der;
	size_t n = sizeof der;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	ECDSA_SIG *rs = NULL;
	int rc = -1;

	ERR_set_mark();
	if (ctx == NULL || EVP_PKEY_get_base_id(key) != EVP_PKEY_EC ||
	    EVP_PKEY_get_bits(key) != CK_P256_SIG / 2 * 8) {
		ck_fail(err, CK_E_INTERNAL, "no P-256 key");
		goto out;
	}
	if (EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) != 1 ||
	    EVP_DigestSign(ctx, der, &n, (const unsigned char *)text, strlen(text)) != 1) {
		ck_sign_failed(err);
		goto out;
	}
	rs = d2i_ECDSA_SIG(NULL, &p, (long)n);
	if (rs == NULL || BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig, CK_P256_SIG / 2) == -1 ||
	    BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig + CK_P256_SIG / 2, CK_P256_SIG / 2) == -1)
		ck_fail(err, CK_E_INTERNAL, "no ECDSA signature");
	else
		rc = 0;
out:
	ERR_pop_to_mark();
	ECDSA_SIG_free(rs);
	EVP_MD_CTX_free(ctx);
	return rc;
}
