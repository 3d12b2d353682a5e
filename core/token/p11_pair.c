#include <string.h>

#include "token/p11.h"

/* prime256v1 as CKA_EC_PARAMS wants it: the DER of its object identifier (RFC 5480, 2.1.1.1) */
static const unsigned char p256_oid[] = { 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01,
	0x07 };
static const unsigned char f4[] = { 0x01, 0x00, 0x01 };

/* what lies under an id */
struct pair {
	size_t privates, publics, certs;
	bool tells; /* the private key itself tells its public part */
};

static int
look(struct ck_p11 *t, const unsigned char *id, size_t id_len, struct pair *p, struct ck_err *err)
{
	unsigned char buf[CK_MODULUS_MAX], point[CK_EC_POINT_MAX];
	CK_ATTRIBUTE a[] = {
		{ CKA_MODULUS, buf, sizeof buf },
		{ CKA_EC_POINT, point, sizeof point },
	};
	struct ck_found found;

	*p = (struct pair){ .privates = 0 };
	if (ck_p11_find(t, CKO_PRIVATE_KEY, id, id_len, &found, err) != 0)
		return -1;
	p->privates = found.n;
	if (found.n > 0) {
		if (ck_p11_attrs(t, found.at[0], a, 2, err) != 0)
			return -1;
		p->tells = a[0].ulValueLen > 0 || a[1].ulValueLen > 0;
	}
	if (ck_p11_count(t, CKO_PUBLIC_KEY, id, id_len, &p->publics, err) != 0)
		return -1;
	return ck_p11_count(t, CKO_CERTIFICATE, id, id_len, &p->certs, err);
}

/* A private key nobody knows the public part of was left by an interrupted generation: no request
 * can ever have been made with it. */
static bool
usable(const struct pair *p)
{
	return p->privates > 0 && (p->publics > 0 || p->certs > 0 || p->tells);
}

static int
sweep(struct ck_p11 *t, const unsigned char *id, size_t id_len, const struct pair *p,
    struct ck_err *err)
{
	if (p->privates > 0 && ck_p11_destroy(t, CKO_PRIVATE_KEY, id, id_len, err) != 0)
		return -1;
	if (p->publics > 0 && ck_p11_destroy(t, CKO_PUBLIC_KEY, id, id_len, err) != 0)
		return -1;
	return 0;
}

/*
 * A signing pair. DECRYPT and UNWRAP are said to be false because modules set them by default, and
 * a key that may decipher could never be retired.
 */
static CK_RV
generate(struct ck_p11 *t, enum ck_keytype type, const unsigned char *id, size_t id_len,
    const char *label)
{
	bool ec = type == CK_KEY_P256;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ULONG bits = type == CK_KEY_RSA3072 ? 3072 : 2048;
	CK_MECHANISM mechanism = {
		.mechanism = ec ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN,
	};
	CK_ATTRIBUTE pub[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_VERIFY, &yes, sizeof yes },
		{ CKA_ID, (void *)(uintptr_t)id, id_len },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
		{ CKA_MODULUS_BITS, &bits, sizeof bits },
		{ CKA_PUBLIC_EXPONENT, (void *)(uintptr_t)f4, sizeof f4 },
	};
	CK_ATTRIBUTE priv[] = {
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &yes, sizeof yes },
		{ CKA_SENSITIVE, &yes, sizeof yes },
		{ CKA_EXTRACTABLE, &no, sizeof no },
		{ CKA_SIGN, &yes, sizeof yes },
		{ CKA_DECRYPT, &no, sizeof no },
		{ CKA_UNWRAP, &no, sizeof no },
		{ CKA_ID, (void *)(uintptr_t)id, id_len },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
	};
	CK_OBJECT_HANDLE po = 0, vo = 0;

	if (ec)
		pub[5] =
		    (CK_ATTRIBUTE){ CKA_EC_PARAMS, (void *)(uintptr_t)p256_oid, sizeof p256_oid };
	return t->f->C_GenerateKeyPair(
	    t->session, &mechanism, pub, ec ? 6 : 7, priv, sizeof priv / sizeof *priv, &po, &vo);
}

/* Keys have been seen to report an error with the pair complete, or half of it made: look, and
 * leave nothing half. What the looking finds wrong is not the first cause. */
static int
after_failure(
    struct ck_p11 *t, CK_RV rv, const unsigned char *id, size_t id_len, struct ck_err *err)
{
	struct ck_err later = { .code = CK_E_NONE };
	struct pair p;

	if (rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_TEMPLATE_INCONSISTENT)
		return ck_fail_native(err, CK_E_KEY_UNSUITABLE, rv, "C_GenerateKeyPair: 0x%lx", rv);
	if (look(t, id, id_len, &p, &later) == 0) {
		if (p.privates == 1 && p.publics == 1)
			return 0;
		sweep(t, id, id_len, &p, &later);
	}
	return ck_p11_fail(t, rv, "C_GenerateKeyPair (the key may be full)", err);
}

int
ck_p11_genkey(struct ck_token *tok, enum ck_keytype type, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	struct pair p;
	CK_RV rv = CKR_OK;

	if (ck_p11_here(t, &ti, err) != 0 || look(t, id, id_len, &p, err) != 0)
		return -1;
	if (usable(&p))
		return 0;
	if (ti.flags & CKF_WRITE_PROTECTED)
		return ck_fail(err, CK_E_KEY_READONLY, "no key pair can be made");
	if (sweep(t, id, id_len, &p, err) != 0)
		return -1;
	rv = generate(t, type, id, id_len, label);
	if (rv != CKR_OK)
		return after_failure(t, rv, id, id_len, err);
	if (look(t, id, id_len, &p, err) != 0)
		return -1;
	if (!usable(&p))
		return ck_fail(err, CK_E_KEY_FULL, "the new pair was not kept");
	return 0;
}

/* Certificate first and public key last: what is left after an interruption still shows what it
 * was. */
int
ck_p11_remove(struct ck_token *tok, const unsigned char *id, size_t id_len, unsigned parts,
    struct ck_err *err)
{
	static const struct {
		enum ck_part part;
		CK_OBJECT_CLASS class;
	} order[] = {
		{ CK_PART_CERT, CKO_CERTIFICATE },
		{ CK_PART_PRIVATE, CKO_PRIVATE_KEY },
		{ CK_PART_PUBLIC, CKO_PUBLIC_KEY },
	};
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };

	if (ck_p11_here(t, &ti, err) != 0)
		return -1;
	for (size_t i = 0; i < sizeof order / sizeof *order; i++)
		if ((parts & order[i].part) != 0 &&
		    ck_p11_destroy(t, order[i].class, id, id_len, err) != 0)
			return -1;
	/* objects that were not found may also have gone with the key */
	return ck_p11_here(t, &ti, err);
}
