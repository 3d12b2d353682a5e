#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "token/p11.h"

/* what a code means whatever was called; the rest is KEY_TROUBLE */
static const struct {
	CK_RV rv;
	enum ck_code code;
} meanings[] = {
	{ CKR_DEVICE_REMOVED, CK_E_KEY_REMOVED },
	{ CKR_TOKEN_NOT_PRESENT, CK_E_KEY_REMOVED },
	{ CKR_TOKEN_NOT_RECOGNIZED, CK_E_KEY_REMOVED },
	{ CKR_DEVICE_MEMORY, CK_E_KEY_FULL },
	{ CKR_TOKEN_WRITE_PROTECTED, CK_E_KEY_READONLY },
	{ CKR_SESSION_READ_ONLY, CK_E_KEY_READONLY },
	{ CKR_SESSION_COUNT, CK_E_KEY_BUSY },
	{ CKR_PIN_INCORRECT, CK_E_PIN_WRONG },
	{ CKR_PIN_LOCKED, CK_E_PIN_LOCKED },
	{ CKR_PIN_LEN_RANGE, CK_E_PIN_LENGTH },
	{ CKR_PIN_INVALID, CK_E_PIN_REFUSED },
	{ CKR_PIN_TOO_WEAK, CK_E_PIN_REFUSED },
	{ CKR_USER_PIN_NOT_INITIALIZED, CK_E_PIN_NOT_SET },
	{ CKR_MECHANISM_INVALID, CK_E_KEY_UNSUITABLE },
	{ CKR_KEY_SIZE_RANGE, CK_E_KEY_UNSUITABLE },
	{ CKR_CURVE_NOT_SUPPORTED, CK_E_KEY_UNSUITABLE },
	{ CKR_DOMAIN_PARAMS_INVALID, CK_E_KEY_UNSUITABLE },
	{ CKR_FUNCTION_NOT_SUPPORTED, CK_E_KEY_UNSUITABLE },
	{ CKR_CRYPTOKI_NOT_INITIALIZED, CK_E_MODULE_BROKEN },
};

static enum ck_code
meaning(CK_RV rv)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (meanings[i].rv == rv)
			return meanings[i].code;
	return CK_E_KEY_TROUBLE;
}

static bool
still_there(struct ck_p11 *t)
{
	CK_TOKEN_INFO ti = { .flags = 0 };
	CK_SESSION_INFO si = { .slotID = 0 };

	return t->f->C_GetTokenInfo(t->slot, &ti) == CKR_OK &&
	       memcmp(ti.serialNumber, t->serial, sizeof t->serial) == 0 &&
	       t->f->C_GetSessionInfo(t->session, &si) == CKR_OK;
}

int
ck_p11_doubt(struct ck_p11 *t, unsigned long native, const char *what, struct ck_err *err)
{
	enum ck_code code = still_there(t) ? CK_E_KEY_TROUBLE : CK_E_KEY_REMOVED;

	return ck_fail_native(err, code, native, "%s: 0x%lx", what, native);
}

int
ck_p11_fail(struct ck_p11 *t, CK_RV rv, const char *what, struct ck_err *err)
{
	enum ck_code code = meaning(rv);

	/* a login that vanished took the key's power with it: it was out, or another took its place
	 */
	if (rv == CKR_USER_NOT_LOGGED_IN && t->logged_in)
		code = CK_E_KEY_REMOVED;
	if (code == CK_E_KEY_TROUBLE)
		return ck_p11_doubt(t, rv, what, err);
	return ck_fail_native(err, code, rv, "%s: 0x%lx", what, rv);
}

int
ck_p11_here(struct ck_p11 *t, CK_TOKEN_INFO *ti, struct ck_err *err)
{
	CK_SESSION_INFO si = { .slotID = 0 };
	CK_RV rv = t->f->C_GetTokenInfo(t->slot, ti);

	ck_module_alive(t->module);
	if (rv != CKR_OK)
		return ck_p11_fail(t, rv, "C_GetTokenInfo", err);
	if (memcmp(ti->serialNumber, t->serial, sizeof t->serial) != 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "another key is in the reader");
	rv = t->f->C_GetSessionInfo(t->session, &si);
	if (rv != CKR_OK)
		return ck_p11_fail(t, rv, "C_GetSessionInfo", err);
	return 0;
}

/* ---- what a key says of itself ---- */

/* PKCS#11 pads with blanks to the field's length; some vendors with NULs */
static void
unpad(char *dst, size_t cap, const unsigned char *field, size_t n)
{
	while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\0'))
		n--;
	ck_clean(dst, cap, (const char *)field, n);
}

void
ck_p11_tries(const CK_TOKEN_INFO *ti, struct ck_tries *tries)
{
	*tries = (struct ck_tries){
		.number = -1,
		.low = (ti->flags & CKF_USER_PIN_COUNT_LOW) != 0,
		.last = (ti->flags & CKF_USER_PIN_FINAL_TRY) != 0,
		.locked = (ti->flags & CKF_USER_PIN_LOCKED) != 0,
	};
	if (tries->locked)
		tries->number = 0;
	else if (tries->last)
		tries->number = 1;
}

/* Keys answer 0 or "unavailable" for a bound they don't know; an empty PIN is never one. */
static void
pin_bounds(const CK_TOKEN_INFO *ti, const struct ck_family *fam, struct ck_token_info *info)
{
	CK_ULONG min = ti->ulMinPinLen, max = ti->ulMaxPinLen;

	info->pin_min = min < 1 || min > CK_SECRET_MAX ? 1 : (int)min;
	info->pin_max = max < 1 || max > CK_SECRET_MAX ? CK_SECRET_MAX : (int)max;
	if (fam->pin_min > info->pin_min)
		info->pin_min = fam->pin_min;
	if (fam->pin_max != 0 && fam->pin_max < info->pin_max)
		info->pin_max = fam->pin_max;
	info->pin_digits = fam->pin_digits;
}

/* What is public and what is private is one memory on most keys; those that tell two mean the same.
 */
static void
memory_of(const CK_TOKEN_INFO *ti, struct ck_token_info *info)
{
	if (ti->ulTotalPublicMemory == CK_UNAVAILABLE_INFORMATION ||
	    ti->ulFreePublicMemory == CK_UNAVAILABLE_INFORMATION ||
	    ti->ulFreePublicMemory > ti->ulTotalPublicMemory)
		return;
	info->memory_total = (int64_t)ti->ulTotalPublicMemory;
	info->memory_free = (int64_t)ti->ulFreePublicMemory;
}

static bool
can_make(CK_FUNCTION_LIST *f, CK_SLOT_ID slot, CK_MECHANISM_TYPE mechanism)
{
	CK_MECHANISM_INFO mi = { .flags = 0 };

	return f->C_GetMechanismInfo(slot, mechanism, &mi) == CKR_OK;
}

static void
fill_info(CK_FUNCTION_LIST *f, const struct ck_family *fam, CK_SLOT_ID slot,
    const CK_TOKEN_INFO *ti, struct ck_token_info *info)
{
	CK_SLOT_INFO si = { .flags = 0 };
	bool rsa = can_make(f, slot, CKM_RSA_PKCS_KEY_PAIR_GEN);

	*info = (struct ck_token_info){
		.driver = "p11",
		.initialised = (ti->flags & CKF_TOKEN_INITIALIZED) != 0,
		.pin_set = (ti->flags & CKF_USER_PIN_INITIALIZED) != 0,
		.pin_default = (ti->flags & CKF_USER_PIN_TO_BE_CHANGED) != 0,
		.readonly = (ti->flags & CKF_WRITE_PROTECTED) != 0,
		.pinpad = (ti->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0,
		.two_pairs = fam->two_pairs,
		.rsa2048 = rsa && fam->keytypes[CK_KEY_RSA2048],
		.rsa3072 = rsa && fam->keytypes[CK_KEY_RSA3072],
		.p256 = fam->keytypes[CK_KEY_P256] && can_make(f, slot, CKM_EC_KEY_PAIR_GEN),
		.shows_certs = true,
		.naming = fam->naming,
		.limit = fam->limit,
	};
	memcpy(info->family, fam->name, sizeof info->family);
	memcpy(info->module, fam->module, sizeof info->module);
	unpad(info->serial, sizeof info->serial, ti->serialNumber, sizeof ti->serialNumber);
	unpad(info->label, sizeof info->label, ti->label, sizeof ti->label);
	unpad(info->model, sizeof info->model, ti->model, sizeof ti->model);
	unpad(info->maker, sizeof info->maker, ti->manufacturerID, sizeof ti->manufacturerID);
	if (f->C_GetSlotInfo(slot, &si) == CKR_OK)
		unpad(info->reader, sizeof info->reader, si.slotDescription,
		    sizeof si.slotDescription);
	pin_bounds(ti, fam, info);
	memory_of(ti, info);
	ck_p11_tries(ti, &info->tries);
}

void
ck_p11_info_of(struct ck_p11 *t, const CK_TOKEN_INFO *ti, struct ck_token_info *info)
{
	fill_info(t->f, t->family, t->slot, ti, info);
}

int
ck_p11_describe(
    struct ck_module *m, const struct ck_family *fam, CK_SLOT_ID slot, struct ck_token_info *info)
{
	CK_TOKEN_INFO ti = { .flags = 0 };

	ck_module_alive(m);
	if (m->f->C_GetTokenInfo(slot, &ti) != CKR_OK)
		return -1;
	fill_info(m->f, fam, slot, &ti, info);
	return 0;
}

/* ---- open, info, close ---- */

int
ck_p11_open(struct ck_module *m, const struct ck_family *fam, CK_SLOT_ID slot,
    struct ck_token **out, struct ck_err *err)
{
	CK_TOKEN_INFO ti = { .flags = 0 };
	CK_RV rv = CKR_OK;
	struct ck_p11 *t = calloc(1, sizeof *t);

	if (t == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "opening the key");
	t->token.ops = &ck_p11_ops;
	t->module = m;
	t->family = fam;
	t->f = m->f;
	t->slot = slot;
	rv = t->f->C_GetTokenInfo(slot, &ti);
	memcpy(t->serial, ti.serialNumber, sizeof t->serial);
	if (rv == CKR_OK)
		rv = t->f->C_OpenSession(
		    slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, NULL, NULL, &t->session);
	/* a write-protected key may refuse the writing session, and is to be looked at all the same
	 */
	if (rv == CKR_TOKEN_WRITE_PROTECTED)
		rv = t->f->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &t->session);
	if (rv != CKR_OK) {
		ck_p11_fail(t, rv, "C_OpenSession", err);
		free(t);
		return -1;
	}
	m->taken = true;
	*out = &t->token;
	return 0;
}

static int
p11_info(struct ck_token *tok, struct ck_token_info *info, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };

	if (ck_p11_here(t, &ti, err) != 0)
		return -1;
	ck_p11_info_of(t, &ti, info);
	return 0;
}

/* Ours first: libp11's release closes its own sessions only (the guard sees to that). */
static void
p11_close(struct ck_token *tok)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;

	if (t->logged_in)
		t->f->C_Logout(t->session);
	t->f->C_CloseSession(t->session);
	ck_p11_bridge_down(t);
	t->module->taken = false;
	free(t);
}

const struct ck_token_ops ck_p11_ops = {
	.driver = "p11",
	.close = p11_close,
	.info = p11_info,
	.login = ck_p11_login,
	.list = ck_p11_list,
	.genkey = ck_p11_genkey,
	.key = ck_p11_key,
	.put_cert = ck_p11_put_cert,
	.remove = ck_p11_remove,
	.rename = ck_p11_rename,
	.set_pin = ck_p11_set_pin,
	.drop_double = ck_p11_drop_double,
	.put_data = ck_p11_put_data,
	.has_data = ck_p11_has_data,
};
