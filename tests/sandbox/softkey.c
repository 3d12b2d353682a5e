#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>
#include <p11-kit/pkcs11.h>

#include "base/log.h"
#include "softkey.h"

#define SLOTS_MAX 64
#define RSA_BYTES_MAX 512
#define SO_PIN "sandbox-officer" /* never asked for again */

struct softkey {
	void *module;
	CK_FUNCTION_LIST *f;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	char serial[SK_SERIAL_MAX];
};

/* OID 1.2.840.10045.3.1.7 in DER: what CKA_EC_PARAMS wants */
static unsigned char p256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static unsigned char f4[] = { 1, 0, 1 };

static int
good(CK_RV rv, const char *call)
{
	if (rv == CKR_OK)
		return 1;
	ck_log(CK_LOG_ERROR, "%s: 0x%lx", call, rv);
	return 0;
}

int
sk_open(const char *module, struct softkey **out)
{
	struct softkey *k = calloc(1, sizeof *k);
	CK_C_GetFunctionList get = NULL;

	*out = k;
	if (k == NULL)
		return -1;
	k->module = dlopen(module, RTLD_NOW);
	if (k->module != NULL)
		*(void **)&get = dlsym(k->module, "C_GetFunctionList");
	if (get == NULL) {
		ck_log(CK_LOG_ERROR, "%s is no PKCS#11 module", module);
		return -1;
	}
	if (!good(get(&k->f), "C_GetFunctionList"))
		return -1;
	if (good(k->f->C_Initialize(NULL), "C_Initialize"))
		return 0;
	k->f = NULL;
	return -1;
}

void
sk_close(struct softkey *k)
{
	if (k == NULL)
		return;
	if (k->f != NULL)
		k->f->C_Finalize(NULL);
	if (k->module != NULL)
		dlclose(k->module);
	free(k);
}

const char *
sk_serial(const struct softkey *k)
{
	return k->serial;
}

static int
note_serial(struct softkey *k, CK_SLOT_ID slot)
{
	CK_TOKEN_INFO info;

	if (!good(k->f->C_GetTokenInfo(slot, &info), "C_GetTokenInfo"))
		return -1;
	memcpy(k->serial, info.serialNumber, SK_SERIAL_MAX - 1);
	k->serial[SK_SERIAL_MAX - 1] = '\0';
	k->serial[strcspn(k->serial, " ")] = '\0';
	k->slot = slot;
	return (info.flags & CKF_TOKEN_INITIALIZED) != 0 ? 1 : 0;
}

static int
log_in(struct softkey *k, CK_USER_TYPE who, const char *pin)
{
	CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;

	if (k->session == 0 &&
	    !good(k->f->C_OpenSession(k->slot, flags, NULL, NULL, &k->session), "C_OpenSession"))
		return -1;
	return good(k->f->C_Login(k->session, who, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin)),
		   "C_Login")
		   ? 0
		   : -1;
}

int
sk_init(struct softkey *k, const char *label, const char *pin)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;
	unsigned char padded[32];
	size_t len = strlen(label);

	memset(padded, ' ', sizeof padded);
	memcpy(padded, label, len < sizeof padded ? len : sizeof padded);
	if (!good(k->f->C_GetSlotList(CK_TRUE, slots, &n), "C_GetSlotList") || n == 0)
		return -1;
	k->slot = slots[n - 1]; /* SoftHSM2 keeps one free slot, the last */
	if (!good(k->f->C_InitToken(k->slot, (CK_UTF8CHAR *)SO_PIN, sizeof SO_PIN - 1, padded),
		"C_InitToken") ||
	    log_in(k, CKU_SO, SO_PIN) != 0 ||
	    !good(k->f->C_InitPIN(k->session, (CK_UTF8CHAR *)(uintptr_t)pin, strlen(pin)),
		"C_InitPIN") ||
	    !good(k->f->C_Logout(k->session), "C_Logout") || log_in(k, CKU_USER, pin) != 0)
		return -1;
	return note_serial(k, k->slot) == 1 ? 0 : -1;
}

int
sk_take(struct softkey *k, const char *serial, const char *pin)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;

	if (!good(k->f->C_GetSlotList(CK_TRUE, slots, &n), "C_GetSlotList"))
		return -1;
	for (CK_ULONG i = 0; i < n; i++)
		if (note_serial(k, slots[i]) == 1 && strcmp(k->serial, serial) == 0)
			return log_in(k, CKU_USER, pin);
	ck_log(CK_LOG_ERROR, "no key has the serial %s", serial);
	return -1;
}

/* ---- the public half as OpenSSL knows it ---- */

static EVP_PKEY *
from_params(const char *type, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		ck_log(CK_LOG_ERROR, "the key's public half cannot be read");
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return key;
}

static EVP_PKEY *
rsa_public(struct softkey *k, CK_OBJECT_HANDLE pub)
{
	unsigned char n[RSA_BYTES_MAX], e[8];
	CK_ATTRIBUTE want[] = {
		{ CKA_MODULUS, n, sizeof n },
		{ CKA_PUBLIC_EXPONENT, e, sizeof e },
	};
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *bn = NULL, *be = NULL;
	EVP_PKEY *key = NULL;

	if (bld == NULL || !good(k->f->C_GetAttributeValue(k->session, pub, want, 2), "modulus"))
		goto out;
	bn = BN_bin2bn(n, (int)want[0].ulValueLen, NULL);
	be = BN_bin2bn(e, (int)want[1].ulValueLen, NULL);
	if (bn != NULL && be != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, be) == 1)
		key = from_params("RSA", bld);
out:
	BN_free(bn);
	BN_free(be);
	OSSL_PARAM_BLD_free(bld);
	return key;
}

static EVP_PKEY *
ec_public(struct softkey *k, CK_OBJECT_HANDLE pub)
{
	unsigned char point[128];
	CK_ATTRIBUTE want = { CKA_EC_POINT, point, sizeof point };
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	/* an OCTET STRING around the uncompressed point (PKCS#11 2.40, 2.3.3) */
	if (bld != NULL && good(k->f->C_GetAttributeValue(k->session, pub, &want, 1), "point") &&
	    want.ulValueLen > 2 &&
	    OSSL_PARAM_BLD_push_utf8_string(
		bld, OSSL_PKEY_PARAM_GROUP_NAME, (char *)(uintptr_t) "prime256v1", 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(
		bld, OSSL_PKEY_PARAM_PUB_KEY, point + 2, want.ulValueLen - 2) == 1)
		key = from_params("EC", bld);
	OSSL_PARAM_BLD_free(bld);
	return key;
}

/* ---- objects ---- */

EVP_PKEY *
sk_pair(struct softkey *k, enum sk_alg alg, const unsigned char id[SK_ID_LEN], const char *label,
    bool decipher)
{
	static const CK_ULONG sizes[] = {
		[SK_RSA2048] = 2048,
		[SK_RSA1024] = 1024,
		[SK_RSA3072] = 3072,
	};
	CK_ULONG bits = alg == SK_P256 ? 0 : sizes[alg];
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE, enc = decipher && bits != 0;
	CK_ATTRIBUTE pub[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_VERIFY, &yes, sizeof yes },
		{ CKA_ENCRYPT, &enc, sizeof enc },
		{ CKA_ID, (void *)(uintptr_t)id, SK_ID_LEN },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_MODULUS_BITS, &bits, sizeof bits },
		{ CKA_PUBLIC_EXPONENT, f4, sizeof f4 },
	};
	CK_ATTRIBUTE priv[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &yes, sizeof yes },
		{ CKA_SENSITIVE, &yes, sizeof yes },
		{ CKA_EXTRACTABLE, &no, sizeof no },
		{ CKA_SIGN, &yes, sizeof yes },
		{ CKA_DECRYPT, &enc, sizeof enc },
		/* SoftHSM2 would say yes to it unasked */
		{ CKA_UNWRAP, &enc, sizeof enc },
		{ CKA_ID, (void *)(uintptr_t)id, SK_ID_LEN },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
	};
	CK_MECHANISM how = { bits != 0 ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_ULONG n_pub = sizeof pub / sizeof *pub, n_priv = sizeof priv / sizeof *priv;
	CK_OBJECT_HANDLE hp = 0, hs = 0;

	if (bits == 0) {
		pub[6] = (CK_ATTRIBUTE){ CKA_EC_PARAMS, p256, sizeof p256 };
		n_pub--;
	}
	if (!good(k->f->C_GenerateKeyPair(k->session, &how, pub, n_pub, priv, n_priv, &hp, &hs),
		"C_GenerateKeyPair"))
		return NULL;
	return bits != 0 ? rsa_public(k, hp) : ec_public(k, hp);
}

int
sk_put_cert(struct softkey *k, const unsigned char id[SK_ID_LEN], const char *label,
    const unsigned char *der, size_t n)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	const unsigned char *p = der;
	X509 *x = d2i_X509(NULL, &p, (long)n);
	unsigned char *subject = NULL;
	int len = x != NULL ? i2d_X509_NAME(X509_get_subject_name(x), &subject) : 0;
	CK_ATTRIBUTE all[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_CERTIFICATE_TYPE, &type, sizeof type },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_ID, (void *)(uintptr_t)id, SK_ID_LEN },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_SUBJECT, subject, (CK_ULONG)len },
		{ CKA_VALUE, (void *)(uintptr_t)der, n },
	};
	CK_OBJECT_HANDLE h = 0;
	int rc = -1;

	if (len > 0 && good(k->f->C_CreateObject(k->session, all, sizeof all / sizeof *all, &h),
			   "C_CreateObject"))
		rc = 0;
	OPENSSL_free(subject);
	X509_free(x);
	return rc;
}

int
sk_put_data(struct softkey *k, const char *label, const unsigned char *bytes, size_t n)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE all[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_MODIFIABLE, &yes, sizeof yes },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_VALUE, (void *)(uintptr_t)bytes, n },
	};
	CK_OBJECT_HANDLE h = 0;

	return good(k->f->C_CreateObject(k->session, all, sizeof all / sizeof *all, &h),
		   "C_CreateObject")
		   ? 0
		   : -1;
}
