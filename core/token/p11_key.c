#include <stdlib.h>
#include <string.h>
#include <libp11.h>
#include <openssl/err.h>

#include "token/p11.h"

/*
 * libp11 is brought up for the first handle wanted, and only to give EVP_PKEYs. It shares our
 * login: PKCS#11 keeps it per application and key, not per session.
 */
struct ck_bridge {
	PKCS11_CTX *ctx;
	PKCS11_SLOT *slots;
	unsigned n_slots;
	struct ck_bridge *older;
};

/* never reaches the key: the guard answers the login it belongs to */
#define NOT_A_PIN "no PIN goes this way"

/* libp11 leaves its CKR in OpenSSL's queue, which must be empty for whoever signs next. */
static int
bridge_fail(struct ck_p11 *t, const char *what, struct ck_err *err)
{
	unsigned long e = ERR_peek_last_error();
	unsigned long rv =
	    ERR_GET_LIB(e) == ERR_get_CKR_code() ? (unsigned long)ERR_GET_REASON(e) : 0;

	ERR_clear_error();
	return ck_p11_doubt(t, rv, what, err);
}

static void
bridge_free(struct ck_bridge *b, bool loaded)
{
	if (b->slots != NULL)
		PKCS11_release_all_slots(b->ctx, b->slots, b->n_slots);
	/* unloading what was never loaded is a crash in libp11 0.4.12 */
	if (loaded)
		PKCS11_CTX_unload(b->ctx);
	if (b->ctx != NULL)
		PKCS11_CTX_free(b->ctx);
	free(b);
}

static int
bridge_up(struct ck_p11 *t, struct ck_err *err)
{
	struct ck_bridge *b = NULL;

	if (t->bridge != NULL && !t->bridge_stale)
		return 0;
	b = calloc(1, sizeof *b);
	if (b == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "opening the key");
	t->module->show(t->slot);
	b->ctx = PKCS11_CTX_new();
	if (b->ctx == NULL || PKCS11_CTX_load(b->ctx, t->module->guard_path) != 0) {
		bridge_fail(t, "PKCS11_CTX_load", err);
		bridge_free(b, false);
		return -1;
	}
	if (PKCS11_enumerate_slots(b->ctx, &b->slots, &b->n_slots) != 0 || b->n_slots != 1 ||
	    b->slots[0].token == NULL || PKCS11_login(&b->slots[0], 0, NOT_A_PIN) != 0) {
		bridge_fail(t, "PKCS11_enumerate_slots", err);
		bridge_free(b, true);
		return -1;
	}
	b->older = t->bridge;
	t->bridge = b;
	t->bridge_stale = false;
	return 0;
}

void
ck_p11_bridge_down(struct ck_p11 *t)
{
	while (t->bridge != NULL) {
		struct ck_bridge *older = t->bridge->older;

		bridge_free(t->bridge, true);
		t->bridge = older;
	}
}

/* One private key, and one that signs without being asked for a PIN each time: libp11 would ask the
 * terminal for that PIN by itself. */
static int
check_one(struct ck_p11 *t, const unsigned char *id, size_t id_len, struct ck_err *err)
{
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE a = { CKA_ALWAYS_AUTHENTICATE, &always, sizeof always };
	struct ck_found found;

	if (ck_p11_find(t, CKO_PRIVATE_KEY, id, id_len, &found, err) != 0)
		return -1;
	if (found.n == 0)
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "no private key under this id");
	if (found.n > 1)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%zu private keys under one id", found.n);
	if (ck_p11_attrs(t, found.at[0], &a, 1, err) != 0)
		return -1;
	if (a.ulValueLen == sizeof always && always != CK_FALSE)
		return ck_fail(
		    err, CK_E_KEY_UNSUITABLE, "the key wants its PIN for every signature");
	return 0;
}

/* the public half came with it? without one nothing signed could be checked */
static bool
tells_public(EVP_PKEY *key)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(key, &der);

	OPENSSL_free(der);
	return n > 0;
}

int
ck_p11_key(struct ck_token *tok, const unsigned char *id, size_t id_len, EVP_PKEY **out,
    struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	PKCS11_KEY *keys = NULL;
	unsigned n = 0;

	if (ck_p11_here(t, &ti, err) != 0 || check_one(t, id, id_len, err) != 0 ||
	    bridge_up(t, err) != 0)
		return -1;
	if (PKCS11_enumerate_keys(t->bridge->slots[0].token, &keys, &n) != 0)
		return bridge_fail(t, "PKCS11_enumerate_keys", err);
	while (*out == NULL && n-- > 0)
		if (keys[n].id_len == id_len && memcmp(keys[n].id, id, id_len) == 0)
			*out = PKCS11_get_private_key(&keys[n]);
	if (*out == NULL || !tells_public(*out)) {
		EVP_PKEY_free(*out);
		*out = NULL;
		return bridge_fail(t, "PKCS11_get_private_key", err);
	}
	return 0;
}
