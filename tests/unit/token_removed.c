/*
 * The key is pulled at every single call in turn. Whatever was under way ends, nothing hangs, every
 * call after it says KEY_REMOVED, and the key can be opened again afterwards.
 */
#include "token_lab.h"

static struct ck_keyring *ring;
static struct ck_token_info row;
static const char *pin = LAB_PIN; /* what it is now */
static unsigned char *der;
static int der_n;

/* one operation of a visit; false when it failed */
struct visit {
	struct ck_token *t;
	EVP_PKEY *key;
	struct ck_entries e;
};

static const unsigned char id[] = "yanked pair";
#define ID id, sizeof id - 1

static int
op_take(struct visit *v, struct ck_err *err)
{
	return ck_keyring_take(ring, &row, &v->t, err);
}

static int
op_info(struct visit *v, struct ck_err *err)
{
	struct ck_token_info info;

	return ck_token_info(v->t, &info, err);
}

static int
op_login(struct visit *v, struct ck_err *err)
{
	return lab_login(v->t, pin, err);
}

static int
op_list(struct visit *v, struct ck_err *err)
{
	int rc = ck_token_list(v->t, &v->e, err);

	ck_entries_free(&v->e);
	return rc;
}

static int
op_genkey(struct visit *v, struct ck_err *err)
{
	return ck_token_genkey(v->t, CK_KEY_P256, ID, "yank", err);
}

static int
op_key(struct visit *v, struct ck_err *err)
{
	EVP_PKEY_free(v->key);
	return ck_token_key(v->t, ID, &v->key, err);
}

/* the handle itself knows no codes: it signs or it doesn't */
static int
op_sign(struct visit *v, struct ck_err *err)
{
	if (v->key != NULL && lab_signs(v->key))
		return 0;
	return ck_fail(err, CK_E_KEY_REMOVED, "the handle does not sign");
}

static int
op_put(struct visit *v, struct ck_err *err)
{
	return ck_token_put_cert(v->t, ID, "yank", der, (size_t)der_n, err);
}

static int
op_set_pin(struct visit *v, struct ck_err *err)
{
	const char *next = strcmp(pin, LAB_PIN) == 0 ? "654321" : LAB_PIN;
	struct ck_secret *old = lab_secret(pin), *new = lab_secret(next);
	struct ck_tries tries;
	int rc = ck_token_set_pin(v->t, old, new, &tries, err);

	ck_secret_free(old);
	ck_secret_free(new);
	if (rc == 0)
		pin = next;
	return rc;
}

static int
op_remove(struct visit *v, struct ck_err *err)
{
	return ck_token_remove(v->t, ID, CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, err);
}

static const struct {
	const char *name;
	int (*run)(struct visit *, struct ck_err *);
} ops[] = {
	{ "take", op_take },
	{ "info", op_info },
	{ "login", op_login },
	{ "list", op_list },
	{ "genkey", op_genkey },
	{ "key", op_key },
	{ "sign", op_sign },
	{ "put_cert", op_put },
	{ "set_pin", op_set_pin },
	{ "remove", op_remove },
};
#define N_OPS (sizeof ops / sizeof *ops)

struct outcome {
	size_t failed, after; /* operations that failed; that went well after one had failed */
	const char *wrong;    /* one that failed with another code */
	enum ck_code code;
};

static struct outcome
visit(void)
{
	static struct visit v;
	struct outcome o = { .failed = 0 };

	v = (struct visit){ .t = NULL };
	for (size_t i = 0; i < N_OPS; i++) {
		struct ck_err err = { .code = CK_E_NONE };

		if (i > 0 && v.t == NULL)
			break;
		if (ops[i].run(&v, &err) == 0) {
			o.after += o.failed > 0;
			continue;
		}
		o.failed++;
		if (err.code != CK_E_KEY_REMOVED && o.wrong == NULL) {
			o.wrong = ops[i].name;
			o.code = err.code;
		}
	}
	EVP_PKEY_free(v.key);
	ck_token_close(v.t);
	return o;
}

static size_t
first_row(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_err err = { .code = CK_E_NONE };
	size_t n = 0;

	if (ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &err) == 0 && n > 0)
		row = rows[0];
	return n;
}

/* what: "yank * N" and the like, %zu for the call's number */
static void
at_every_call(const char *what, const char *then)
{
	size_t k = 0, pulled = 0;

	for (k = 0; k < 1000; k++) {
		size_t base = 0;
		struct outcome o;

		lab_ctl(then);
		LAB(first_row() == 1);
		base = lab_calls();
		lab_write("shim/ctl", "%s * %zu\n%s", what, base + k, then);
		o = visit();
		if (lab_calls() <= base + k)
			break;
		pulled++;
		if (o.wrong != NULL || o.after > 0)
			T(false, "%s at call %zu: %s ends in %d, %zu went well after it", what, k,
			    o.wrong ? o.wrong : "-", o.code, o.after);
	}
	lab_ctl("");
	T(k > 60 && k < 1000, "%s: a whole visit in the end, after %zu interrupted ones", what,
	    pulled);
	LAB(first_row() == 1);
	T(visit().failed == 0, "and one without interruption");
}

/* out and in again, or exchanged, between two operations */
static void
between(const char *ctl, const char *what)
{
	for (size_t i = 1; i < N_OPS; i++) {
		static struct visit v;
		struct ck_err err = { .code = CK_E_NONE };
		enum ck_code code = CK_E_NONE;

		v = (struct visit){ .t = NULL };
		lab_ctl("");
		LAB(first_row() == 1);
		for (size_t j = 0; j < i; j++)
			LAB(ops[j].run(&v, &err) == 0);
		lab_ctl(ctl);
		if (ops[i].run(&v, &err) != 0)
			code = err.code;
		/* a handle signs in sessions the driver does not see; the next call tells */
		T(code == CK_E_KEY_REMOVED || strcmp(ops[i].name, "sign") == 0, "%s before %s: %d",
		    what, ops[i].name, code);
		EVP_PKEY_free(v.key);
		ck_token_close(v.t);
		/* put straight what a half visit left */
		lab_ctl("");
		LAB(first_row() == 1 && visit().failed == 0);
	}
}

/* errors that may mean a removal, with the key still there */
static void
still_there(void)
{
	static const unsigned long doubtful[] = { CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED,
		CKR_DEVICE_ERROR, CKR_ARGUMENTS_BAD };
	static struct visit v;
	struct ck_err err = { .code = CK_E_NONE };

	LAB(first_row() == 1 && op_take(&v, &err) == 0 && op_login(&v, &err) == 0);
	for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
		err = (struct ck_err){ .code = CK_E_NONE };
		lab_fail("C_FindObjectsInit", doubtful[i]);
		T(op_list(&v, &err) == -1 && err.code == CK_E_KEY_TROUBLE &&
			err.native == doubtful[i],
		    "0x%lx with the key there is trouble, and told by its number", doubtful[i]);
	}
	lab_ctl("");
	T(op_list(&v, &err) == 0, "and passes");
	ck_token_close(v.t);
}

int
main(void)
{
	lab_begin();
	lab_token("YANK", true);
	der = lab_cert(NULL, 1, &der_n);
	ring = lab_ring();
	still_there();
	at_every_call("yank", "");
	between("absent\n", "out");
	between("replugged 2\n", "out and in again");
	between("serial OTHER\n", "another key");
	ck_keyring_close(ring);
	OPENSSL_free(der);
	return T_END();
}
