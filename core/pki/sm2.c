#include "pki/sm2.h"

#include <string.h>
#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/objects.h>

/* OpenSSL's name of the algorithm and of its curve, sm2p256v1 (1.2.156.10197.1.301) */
#define SM2 "SM2"
/* of a BIT STRING's last byte; a signature is whole bytes */
#define UNUSED_BITS 0x07
#define UNCOMPRESSED 0x04 /* SEC 1, section 2.3.3: x and y follow */

/* a, b, xG and yG of sm2p256v1 (GM/T 0003.5), in the order Z takes them */
static const unsigned char curve[4 * CK_SM2_HALF] =
    "\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
    "\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc"
    "\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7"
    "\xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93"
    "\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94"
    "\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7"
    "\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53"
    "\xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0";

/* n, the order of its points: r and s lie below */
static const unsigned char order[CK_SM2_HALF] =
    "\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
    "\x72\x03\xdf\x6b\x21\xc6\x05\x2b\x53\xbb\xf4\x09\x39\xd5\x41\x23";

static bool
id_fits(const char *id)
{
	size_t n = id != NULL ? strlen(id) : 0;

	return n > 0 && n < CK_SM2_ID_MAX;
}

/* ---- keys ---- */

bool
ck_sm2_is(const EVP_PKEY *key)
{
	/* the number of the type is -1 for a key that was read from bytes */
	return key != NULL && EVP_PKEY_is_a(key, SM2) == 1;
}

int
ck_sm2_point(const EVP_PKEY *key, unsigned char point[CK_SM2_POINT])
{
	unsigned char octets[1 + CK_SM2_POINT] = { 0 };
	size_t n = 0;
	int rc = -1;

	ERR_set_mark();
	if (ck_sm2_is(key) &&
	    EVP_PKEY_get_octet_string_param(
		key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, octets, sizeof octets, &n) == 1 &&
	    n == sizeof octets && octets[0] == UNCOMPRESSED) {
		memcpy(point, octets + 1, CK_SM2_POINT);
		rc = 0;
	}
	ERR_pop_to_mark();
	return rc;
}

EVP_PKEY *
ck_sm2_public(const unsigned char point[CK_SM2_POINT])
{
	unsigned char octets[1 + CK_SM2_POINT] = { UNCOMPRESSED };
	char group[] = SM2;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets, sizeof octets),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = NULL;
	EVP_PKEY *key = NULL;

	memcpy(octets + 1, point, CK_SM2_POINT);
	ERR_set_mark();
	ctx = EVP_PKEY_CTX_new_from_name(NULL, SM2, NULL);
	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	ERR_pop_to_mark();
	return key;
}

/* ---- what is signed ---- */

struct piece {
	const void *p;
	size_t n;
};

static bool
sm3(const struct piece *pieces, size_t n, unsigned char out[CK_SM2_E])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && EVP_DigestInit_ex(ctx, EVP_sm3(), NULL) == 1;

	for (size_t i = 0; i < n; i++)
		good = good && EVP_DigestUpdate(ctx, pieces[i].p, pieces[i].n) == 1;
	good = good && EVP_DigestFinal_ex(ctx, out, NULL) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

int
ck_sm2_digest(const unsigned char point[CK_SM2_POINT], const char *id, const unsigned char *message,
    size_t n, unsigned char e[CK_SM2_E], struct ck_err *err)
{
	size_t id_n = id_fits(id) ? strlen(id) : 0;
	unsigned char bits[2] = { (unsigned char)(id_n * 8 >> 8), (unsigned char)(id_n * 8) };
	unsigned char z[CK_SM2_E];
	const struct piece who[] = { { bits, sizeof bits }, { id, id_n }, { curve, sizeof curve },
		{ point, CK_SM2_POINT } };
	const struct piece what[] = { { z, sizeof z }, { message, n } };

	if (id_n == 0)
		return ck_fail(err, CK_E_INTERNAL, "SM2 without a user ID");
	if (!sm3(who, sizeof who / sizeof *who, z) || !sm3(what, sizeof what / sizeof *what, e))
		return ck_fail(err, CK_E_INTERNAL, "SM3");
	return 0;
}

/* ---- r and s ---- */

static bool
in_range(const unsigned char half[CK_SM2_HALF])
{
	static const unsigned char zero[CK_SM2_HALF];

	return memcmp(half, zero, CK_SM2_HALF) != 0 && memcmp(half, order, CK_SM2_HALF) < 0;
}

static int
encode(const unsigned char rs[CK_SM2_SIG], unsigned char der[CK_SM2_DER_MAX])
{
	BIGNUM *r = BN_bin2bn(rs, CK_SM2_HALF, NULL),
	       *s = BN_bin2bn(rs + CK_SM2_HALF, CK_SM2_HALF, NULL);
	ECDSA_SIG *sig = ECDSA_SIG_new();
	int n = -1;

	if (sig == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(sig, r, s) != 1) {
		BN_free(r);
		BN_free(s);
	} else {
		n = i2d_ECDSA_SIG(sig, NULL);
		n = n > 0 && n <= CK_SM2_DER_MAX ? i2d_ECDSA_SIG(sig, &der) : -1;
	}
	ECDSA_SIG_free(sig);
	return n;
}

int
ck_sm2_to_der(const unsigned char rs[CK_SM2_SIG], unsigned char der[CK_SM2_DER_MAX], size_t *n,
    struct ck_err *err)
{
	int len = -1;

	if (!in_range(rs) || !in_range(rs + CK_SM2_HALF))
		return ck_fail(err, CK_E_SIGNATURE_WRONG, "r or s is no number of a signature");
	len = encode(rs, der);
	if (len <= 0)
		return ck_fail(err, CK_E_NO_MEMORY, "signature");
	*n = (size_t)len;
	return 0;
}

int
ck_sm2_from_der(
    const unsigned char *der, size_t n, unsigned char rs[CK_SM2_SIG], struct ck_err *err)
{
	unsigned char again[CK_SM2_DER_MAX];
	const unsigned char *p = der;
	struct ck_err no = { .code = CK_E_NONE };
	ECDSA_SIG *sig = NULL;
	size_t again_n = 0;
	bool good = false;

	ERR_set_mark();
	sig = n <= CK_SM2_DER_MAX ? d2i_ECDSA_SIG(NULL, &p, (long)n) : NULL;
	/* one encoding alone: what follows, or leads, would be anybody's */
	good = sig != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), rs, CK_SM2_HALF) != -1 &&
	       BN_bn2binpad(ECDSA_SIG_get0_s(sig), rs + CK_SM2_HALF, CK_SM2_HALF) != -1 &&
	       ck_sm2_to_der(rs, again, &again_n, &no) == 0 && again_n == n &&
	       memcmp(again, der, n) == 0;
	ECDSA_SIG_free(sig);
	ERR_pop_to_mark();
	return good ? 0 : ck_fail(err, CK_E_SIGNATURE_WRONG, "no SM2 signature");
}

bool
ck_sm2_verify(EVP_PKEY *pub, const char *id, const unsigned char *message, size_t n,
    const unsigned char *sig, size_t sig_n)
{
	unsigned char rs[CK_SM2_SIG];
	EVP_MD_CTX *ctx = NULL;
	EVP_PKEY_CTX *way = NULL; /* ctx's */
	bool good = false;

	if (!ck_sm2_is(pub) || !id_fits(id) || ck_sm2_from_der(sig, sig_n, rs, NULL) != 0)
		return false;
	ERR_set_mark();
	ctx = EVP_MD_CTX_new();
	good = ctx != NULL && EVP_DigestVerifyInit(ctx, &way, EVP_sm3(), NULL, pub) == 1 &&
	       EVP_PKEY_CTX_set1_id(way, id, (int)strlen(id)) == 1 &&
	       EVP_DigestVerify(ctx, sig, sig_n, message, n) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_pop_to_mark();
	return good;
}

/* ---- who signed it ---- */

static ASN1_OCTET_STRING *
octets_of(const char *id)
{
	ASN1_OCTET_STRING *s = id_fits(id) ? ASN1_OCTET_STRING_new() : NULL;

	if (s == NULL || ASN1_OCTET_STRING_set(s, (const unsigned char *)id, (int)strlen(id)) == 1)
		return s;
	ASN1_OCTET_STRING_free(s);
	return NULL;
}

bool
ck_signed_cert(X509 *x, EVP_PKEY *by, const char *sm2_id)
{
	ASN1_OCTET_STRING *id = NULL;
	bool good = false;

	ERR_set_mark();
	if (ck_sm2_is(by) && (id = octets_of(sm2_id)) != NULL)
		X509_set0_distinguishing_id(x, id);
	good = (!ck_sm2_is(by) || id != NULL) && X509_verify(x, by) == 1;
	ERR_pop_to_mark();
	return good;
}

bool
ck_signed_request(X509_REQ *req, EVP_PKEY *by, const char *sm2_id)
{
	ASN1_OCTET_STRING *id = NULL;
	bool good = false;

	ERR_set_mark();
	if (ck_sm2_is(by) && (id = octets_of(sm2_id)) != NULL)
		X509_REQ_set0_distinguishing_id(req, id);
	good = (!ck_sm2_is(by) || id != NULL) && X509_REQ_verify(req, by) == 1;
	ERR_pop_to_mark();
	return good;
}

/* sm2-with-sm3 has no parameters (GM/T 0015); some write NULL */
static bool
is_sm2_sm3(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *oid = NULL;
	int params = V_ASN1_UNDEF;

	X509_ALGOR_get0(&oid, &params, NULL, alg);
	return OBJ_obj2nid(oid) == NID_SM2_with_SM3 &&
	       (params == V_ASN1_UNDEF || params == V_ASN1_NULL);
}

/* By hand what OpenSSL gives no way to name the ID for. */
static bool
signs(EVP_PKEY *by, const char *id, const X509_ALGOR *alg, const ASN1_BIT_STRING *sig,
    const unsigned char *tbs, size_t n)
{
	return is_sm2_sm3(alg) && (sig->flags & UNUSED_BITS) == 0 &&
	       ck_sm2_verify(
		   by, id, tbs, n, ASN1_STRING_get0_data(sig), (size_t)ASN1_STRING_length(sig));
}

/* The first member of a SEQUENCE, as it came: a list is signed over its own bytes. */
static const unsigned char *
first_of(const unsigned char *der, size_t n, size_t *first_n)
{
	const unsigned char *p = der, *first = NULL;
	int tag = 0, class = 0;
	long len = 0;

	/* anything else has the high bit, or is of indefinite length */
	if (ASN1_get_object(&p, &len, &tag, &class, (long)n) != V_ASN1_CONSTRUCTED)
		return NULL;
	first = p;
	if (ASN1_get_object(&p, &len, &tag, &class, len) != V_ASN1_CONSTRUCTED)
		return NULL;
	*first_n = (size_t)(p - first) + (size_t)len;
	return first;
}

bool
ck_signed_list(X509_CRL *crl, const unsigned char *der, size_t n, EVP_PKEY *by, const char *sm2_id)
{
	const ASN1_BIT_STRING *sig = NULL;
	const X509_ALGOR *alg = NULL;
	const unsigned char *tbs = NULL;
	size_t tbs_n = 0;
	bool good = false;

	ERR_set_mark();
	if (ck_sm2_is(by)) {
		X509_CRL_get0_signature(crl, &sig, &alg);
		tbs = first_of(der, n, &tbs_n);
		good = tbs != NULL && signs(by, sm2_id, alg, sig, tbs, tbs_n);
	} else
		good = X509_CRL_verify(crl, by) == 1;
	ERR_pop_to_mark();
	return good;
}

static bool
answer_fits(OCSP_BASICRESP *basic, EVP_PKEY *by, const char *sm2_id)
{
	unsigned char *tbs = NULL;
	int n = i2d_OCSP_RESPDATA((OCSP_RESPDATA *)(uintptr_t)OCSP_resp_get0_respdata(basic), &tbs);
	bool good = n > 0 && signs(by, sm2_id, OCSP_resp_get0_tbs_sigalg(basic),
				 OCSP_resp_get0_signature(basic), tbs, (size_t)n);

	OPENSSL_free(tbs);
	return good;
}

X509 *
ck_signed_answer(OCSP_BASICRESP *basic, STACK_OF(X509) * known, const char *sm2_id)
{
	X509 *signer = NULL;
	bool good = false;

	ERR_set_mark();
	if (OCSP_resp_get0_signer(basic, &signer, known) == 1)
		/* the signature alone: a chain would be judged by rules SHA-1 CAs do not pass */
		good = ck_sm2_is(X509_get0_pubkey(signer))
			   ? answer_fits(basic, X509_get0_pubkey(signer), sm2_id)
			   : OCSP_basic_verify(basic, known, NULL, OCSP_NOVERIFY) == 1;
	ERR_pop_to_mark();
	return good ? signer : NULL;
}

/* ---- a request whose key signs elsewhere ---- */

static bool
name_algorithm(X509_REQ *req)
{
	X509_ALGOR *alg = X509_ALGOR_new();
	bool good = alg != NULL &&
		    X509_ALGOR_set0(alg, OBJ_nid2obj(NID_SM2_with_SM3), V_ASN1_UNDEF, NULL) == 1 &&
		    X509_REQ_set1_signature_algo(req, alg) == 1;

	X509_ALGOR_free(alg);
	return good;
}

static bool
put_signature(X509_REQ *req, const unsigned char *der, size_t n)
{
	ASN1_BIT_STRING *bits = ASN1_BIT_STRING_new();

	if (bits == NULL || ASN1_STRING_set(bits, der, (int)n) != 1) {
		ASN1_BIT_STRING_free(bits);
		return false;
	}
	/* otherwise the encoder drops zero bits at the end, which an s may well have */
	bits->flags = ASN1_STRING_FLAG_BITS_LEFT;
	X509_REQ_set0_signature(req, bits);
	return true;
}

int
ck_sm2_sign_request(X509_REQ *req, const struct ck_sm2_key *key, struct ck_err *err)
{
	unsigned char e[CK_SM2_E], rs[CK_SM2_SIG] = { 0 }, der[CK_SM2_DER_MAX];
	const char *id = key->id != NULL ? key->id : CK_SM2_ID;
	unsigned char *tbs = NULL;
	size_t n = 0;
	int tbs_n = -1, rc = -1;

	if (!name_algorithm(req) || (tbs_n = i2d_re_X509_REQ_tbs(req, &tbs)) <= 0) {
		ck_fail(err, CK_E_INTERNAL, "the request cannot be put together");
		goto out;
	}
	if (ck_sm2_digest(key->point, id, tbs, (size_t)tbs_n, e, err) != 0 ||
	    key->sign(key->device, e, rs, err) != 0 || ck_sm2_to_der(rs, der, &n, err) != 0)
		goto out;
	if (put_signature(req, der, n))
		rc = 0;
	else
		ck_fail(err, CK_E_NO_MEMORY, "signature");
out:
	OPENSSL_free(tbs);
	return rc;
}
