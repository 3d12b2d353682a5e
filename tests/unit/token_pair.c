/* New pairs: made once, beside the old, whatever interrupted the making; and handles that sign. */
#include "token_lab.h"

static struct ck_keyring *ring;
static struct ck_entries e;

static const struct ck_entry *
entry(struct ck_token *t, const char *id)
{
	struct ck_err err = { .code = CK_E_NONE };
	const struct ck_entry *found = NULL;

	ck_entries_free(&e);
	LAB(ck_token_list(t, &e, &err) == 0);
	for (size_t i = 0; i < e.n; i++)
		if (e.at[i].id_len == strlen(id) && memcmp(e.at[i].id, id, strlen(id)) == 0)
			found = &e.at[i];
	return found;
}

static enum ck_code
genkey(struct ck_token *t, enum ck_keytype type, const char *id)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_genkey(t, type, (const unsigned char *)id, strlen(id), "certkiosk", &err);
	return err.code;
}

static enum ck_code
get_key(struct ck_token *t, const char *id, EVP_PKEY **key)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_key(t, (const unsigned char *)id, strlen(id), key, &err);
	return err.code;
}

static enum ck_code
drop(struct ck_token *t, const char *id, unsigned parts)
{
	struct ck_err err = { .code = CK_E_NONE };

	ck_token_remove(t, (const unsigned char *)id, strlen(id), parts, &err);
	return err.code;
}

static bool
spki_is(const struct ck_entry *en, EVP_PKEY *key)
{
	unsigned char *der = NULL, hash[CK_HASH_LEN];
	int n = i2d_PUBKEY(key, &der);
	bool same = false;

	if (n > 0 && EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL) == 1)
		same = en != NULL && en->has_spki && memcmp(en->spki, hash, sizeof hash) == 0;
	OPENSSL_free(der);
	return same;
}

/* a request as the walk makes it: public copy inside, the handle signs */
static bool
request_verifies(EVP_PKEY *key)
{
	EVP_PKEY *pub = lab_public(key);
	X509_REQ *req = X509_REQ_new();
	bool good = pub != NULL && X509_REQ_set_pubkey(req, pub) &&
		    X509_REQ_sign(req, key, EVP_sha256()) > 0 && X509_REQ_verify(req, pub) == 1;

	X509_REQ_free(req);
	EVP_PKEY_free(pub);
	return good;
}

static void
each_type(struct ck_token *t)
{
	static const struct {
		enum ck_keytype type;
		const char *id;
		int bits;
	} types[] = {
		{ CK_KEY_P256, "pair-p256", 256 },
		{ CK_KEY_RSA2048, "pair-rsa2048", 2048 },
		{ CK_KEY_RSA3072, "pair-rsa3072", 3072 },
	};
	EVP_PKEY *keys[3] = { NULL };

	for (size_t i = 0; i < 3; i++) {
		const char *id = types[i].id;
		const struct ck_entry *en = NULL;

		T(genkey(t, types[i].type, id) == CK_E_NONE, "%s: made", id);
		en = entry(t, id);
		T(en && en->has_public && en->has_private == CK_HAS_YES && en->privates == 1 &&
			!en->may_decipher && en->cert == NULL,
		    "%s: a signing pair", id);
		T(get_key(t, id, &keys[i]) == CK_E_NONE && keys[i], "%s: a handle", id);
		T(EVP_PKEY_get_bits(keys[i]) == types[i].bits, "%s: %d bits", id, types[i].bits);
		T(spki_is(en, keys[i]), "%s: the list's hash is the handle's", id);
	}
	for (size_t i = 0; i < 3; i++) {
		T(lab_signs(keys[i]), "%s: signs, others made since", types[i].id);
		T(request_verifies(keys[i]), "%s: a request", types[i].id);
	}
	lab_ctl("badsign\n");
	T(!lab_signs(keys[0]) && !lab_signs(keys[1]), "a wrong signature is seen");
	lab_ctl("");
	for (size_t i = 0; i < 3; i++)
		EVP_PKEY_free(keys[i]);
}

static void
made_once(struct ck_token *t)
{
	unsigned char before[CK_HASH_LEN];
	const struct ck_entry *en = entry(t, "pair-p256");
	size_t n = e.n;

	memcpy(before, en->spki, sizeof before);
	T(genkey(t, CK_KEY_P256, "pair-p256") == CK_E_NONE, "once more under the same id");
	en = entry(t, "pair-p256");
	T(en->privates == 1 && memcmp(before, en->spki, sizeof before) == 0 && e.n == n,
	    "is the same pair");
	lab_ctl("readonly\n");
	T(genkey(t, CK_KEY_P256, "pair-p256") == CK_E_NONE, "even where nothing can be written");
	T(genkey(t, CK_KEY_P256, "new") == CK_E_KEY_READONLY, "but no new one");
	lab_ctl("full\n");
	T(genkey(t, CK_KEY_P256, "new") == CK_E_KEY_FULL, "a full key");
	lab_ctl("");
	T(entry(t, "new") == NULL, "nothing is left of it");
}

/* the handle wants a public half from somewhere; what has none anywhere was left by an interruption
 */
static void
half_made(struct ck_token *t)
{
	EVP_PKEY *key = NULL;

	T(genkey(t, CK_KEY_P256, "half") == CK_E_NONE &&
		drop(t, "half", CK_PART_PRIVATE) == CK_E_NONE,
	    "a public key alone");
	T(get_key(t, "half", &key) == CK_E_CERT_WITHOUT_KEY && key == NULL, "has no handle");
	T(genkey(t, CK_KEY_P256, "half") == CK_E_NONE && entry(t, "half")->privates == 1,
	    "is swept, and the pair made");
	T(get_key(t, "half", &key) == CK_E_NONE && lab_signs(key), "and signs");
	EVP_PKEY_free(key);
	key = NULL;
	T(drop(t, "half", CK_PART_PUBLIC) == CK_E_NONE && entry(t, "half")->privates == 1 &&
		get_key(t, "half", &key) != CK_E_NONE && key == NULL,
	    "a private key whose public half nothing tells");
	T(genkey(t, CK_KEY_P256, "half") == CK_E_NONE && entry(t, "half")->privates == 1 &&
		get_key(t, "half", &key) == CK_E_NONE && lab_signs(key),
	    "is swept too");
	EVP_PKEY_free(key);
	key = NULL;
	T(genkey(t, CK_KEY_RSA2048, "rsa") == CK_E_NONE &&
		drop(t, "rsa", CK_PART_PUBLIC) == CK_E_NONE &&
		get_key(t, "rsa", &key) == CK_E_NONE && lab_signs(key),
	    "an RSA private key tells its public half itself");
	EVP_PKEY_free(key);
	T(genkey(t, CK_KEY_RSA2048, "rsa") == CK_E_NONE && entry(t, "rsa")->privates == 1 &&
		!entry(t, "rsa")->has_public,
	    "and is left alone");
}

static void
removal(struct ck_token *t)
{
	T(drop(t, "half", CK_PART_CERT) == CK_E_NONE && entry(t, "half")->privates == 1,
	    "removing a certificate that is not there touches no key");
	T(drop(t, "half", CK_PART_PRIVATE | CK_PART_PUBLIC) == CK_E_NONE &&
		entry(t, "half") == NULL,
	    "removing the pair");
	T(drop(t, "half", CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC) == CK_E_NONE,
	    "already gone is fine");
	T(entry(t, "pair-p256") && entry(t, "pair-rsa2048"), "the others stay");
	T(drop(t, "", CK_PART_CERT) == CK_E_INTERNAL, "an empty id names nothing");
}

/* an error that isn't one, and an error that is */
static void
errors(struct ck_token *t)
{
	struct ck_token_info info;
	struct ck_err err = { .code = CK_E_NONE };

	lab_ctl("nomech 1040\n");
	T(ck_token_info(t, &info, &err) == 0 && !info.p256 && info.rsa2048,
	    "a key that can't make P-256 pairs says so");
	lab_fail("C_GenerateKeyPair", CKR_GENERAL_ERROR);
	T(genkey(t, CK_KEY_P256, "err") == CK_E_KEY_TROUBLE, "a key in trouble");
	T(entry(t, "err") == NULL, "nothing half is left");
	lab_fail_after("C_GenerateKeyPair", CKR_GENERAL_ERROR);
	T(genkey(t, CK_KEY_P256, "err") == CK_E_NONE && entry(t, "err")->privates == 1,
	    "an error over a pair that is complete is none");
	drop(t, "err", CK_PART_PRIVATE | CK_PART_PUBLIC);
	lab_fail("C_GenerateKeyPair", CKR_CURVE_NOT_SUPPORTED);
	T(genkey(t, CK_KEY_P256, "err") == CK_E_KEY_UNSUITABLE, "a key that can't");
	lab_ctl("");
	T(genkey(t, CK_KEY_P256, "err") == CK_E_NONE, "and it works the next time");
	drop(t, "err", CK_PART_PRIVATE | CK_PART_PUBLIC);
}

static void
second_private(CK_FUNCTION_LIST *f, CK_SESSION_HANDLE s, const char *id, bool always)
{
	CK_BBOOL yes = CK_TRUE, auth = always;
	static unsigned char p256[] = { 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7 };
	CK_MECHANISM m = { .mechanism = CKM_EC_KEY_PAIR_GEN };
	CK_ATTRIBUTE pub[] = {
		{ CKA_TOKEN, &yes, 1 },
		{ CKA_ID, (void *)(uintptr_t)id, strlen(id) },
		{ CKA_EC_PARAMS, p256, sizeof p256 },
	};
	CK_ATTRIBUTE priv[] = {
		{ CKA_TOKEN, &yes, 1 },
		{ CKA_PRIVATE, &yes, 1 },
		{ CKA_SIGN, &yes, 1 },
		{ CKA_DECRYPT, &yes, 1 },
		{ CKA_ALWAYS_AUTHENTICATE, &auth, 1 },
		{ CKA_ID, (void *)(uintptr_t)id, strlen(id) },
	};
	CK_OBJECT_HANDLE a = 0, b = 0;

	LAB(f->C_GenerateKeyPair(s, &m, pub, 3, priv, 6, &a, &b) == CKR_OK);
}

/* what other software may have left */
static void
foreign(void)
{
	CK_FUNCTION_LIST *f = lab_softhsm();
	CK_SLOT_ID slots[4];
	CK_ULONG n = 4;
	CK_SESSION_HANDLE s = 0;
	unsigned char pin[] = LAB_PIN;
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_token *t = NULL;
	EVP_PKEY *key = NULL;

	LAB(f->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK);
	LAB(f->C_OpenSession(slots[0], 6, NULL, NULL, &s) == CKR_OK);
	LAB(f->C_Login(s, CKU_USER, pin, sizeof pin - 1) == CKR_OK);
	second_private(f, s, "twice", false);
	second_private(f, s, "twice", false);
	second_private(f, s, "always", true);
	second_private(f, s, "opens", false);
	f->C_Finalize(NULL);
	ring = lab_ring();
	t = lab_take(ring);
	T(entry(t, "twice") && entry(t, "twice")->has_private == CK_HAS_UNKNOWN,
	    "private keys can't be seen before login");
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	T(entry(t, "twice")->privates == 2, "two private keys under one id are counted");
	T(get_key(t, "twice", &key) == CK_E_PAIR_AMBIGUOUS && key == NULL, "and refused");
	T(get_key(t, "always", &key) == CK_E_KEY_UNSUITABLE && key == NULL,
	    "a key that wants its PIN for every signature is refused");
	T(entry(t, "opens")->may_decipher, "a key that may decipher is told");
	T(get_key(t, "opens", &key) == CK_E_NONE && lab_signs(key), "and signs");
	EVP_PKEY_free(key);
	ck_token_close(t);
	ck_keyring_close(ring);
}

/* handles and logins: an old handle may live on while a new login is made, and must not crash */
static void
across_logins(struct ck_token *t)
{
	struct ck_err err = { .code = CK_E_NONE };
	EVP_PKEY *old = NULL, *new = NULL;

	T(get_key(t, "pair-p256", &old) == CK_E_NONE && lab_signs(old), "a handle");
	T(lab_login(t, LAB_PIN, &err) == 0, "a login on top");
	T(get_key(t, "pair-p256", &new) == CK_E_NONE && lab_signs(new), "a new handle signs");
	lab_signs(old);
	EVP_PKEY_free(new);
	EVP_PKEY_free(old);
}

int
main(void)
{
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_token *t = NULL;

	lab_begin();
	lab_token("PAIR", true);
	ring = lab_ring();
	t = lab_take(ring);
	LAB(lab_login(t, LAB_PIN, &err) == 0);
	each_type(t);
	made_once(t);
	half_made(t);
	removal(t);
	errors(t);
	across_logins(t);
	T(lab_logins() == 2, "verifications = PINs typed, whatever libp11 does");
	ck_token_close(t);
	ck_keyring_close(ring);
	foreign();
	ck_entries_free(&e);
	return T_END();
}
