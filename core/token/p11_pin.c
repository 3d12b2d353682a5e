#include "token/p11.h"

/* Everything that can be told about a PIN without spending a try. */
static int
may_ask(struct ck_p11 *t, CK_TOKEN_INFO *ti, const struct ck_secret *pin, struct ck_tries *tries,
    struct ck_err *err)
{
	struct ck_token_info info;

	if (ck_p11_here(t, ti, err) != 0)
		return -1;
	ck_p11_info_of(t, ti, &info);
	*tries = info.tries;
	if (info.pinpad)
		return ck_fail(err, CK_E_KEY_PINPAD, "the PIN is typed on the key's reader");
	if (!info.pin_set)
		return ck_fail(err, CK_E_PIN_NOT_SET, "the key has no user PIN");
	if (info.tries.locked)
		return ck_fail(err, CK_E_PIN_LOCKED, "locked before this try");
	return ck_token_pin_fits(&info, pin, err);
}

/* The flags after a try; some keys answer "incorrect" for locked, only the flag tells (OpenSC). */
static int
pin_fail(struct ck_p11 *t, CK_RV rv, const char *what, struct ck_tries *tries, struct ck_err *err)
{
	CK_TOKEN_INFO ti = { .flags = 0 };
	bool was_last = tries->last;

	if (t->f->C_GetTokenInfo(t->slot, &ti) == CKR_OK)
		ck_p11_tries(&ti, tries);
	/* keys that never say "locked", neither by code nor by flag: a last try that failed was it
	 */
	if (rv == CKR_PIN_INCORRECT && was_last && t->family->locked_as_incorrect)
		rv = CKR_PIN_LOCKED;
	if (rv == CKR_PIN_LOCKED) {
		tries->locked = true;
		tries->number = 0;
	}
	if (rv == CKR_PIN_INCORRECT && tries->locked)
		rv = CKR_PIN_LOCKED;
	return ck_p11_fail(t, rv, what, err);
}

static bool
user_state(const CK_SESSION_INFO *si)
{
	return si->state == CKS_RW_USER_FUNCTIONS || si->state == CKS_RO_USER_FUNCTIONS;
}

/* A key that is logged in would answer "already" to any PIN, so it is logged out before it is
 * asked. */
static int
logout(struct ck_p11 *t, struct ck_err *err)
{
	CK_SESSION_INFO si = { .slotID = 0 };
	CK_RV rv = t->f->C_GetSessionInfo(t->session, &si);

	if (rv != CKR_OK)
		return ck_p11_fail(t, rv, "C_GetSessionInfo", err);
	if (!t->logged_in && !user_state(&si))
		return 0;
	rv = t->f->C_Logout(t->session);
	if (rv != CKR_OK && rv != CKR_USER_NOT_LOGGED_IN)
		return ck_p11_fail(t, rv, "C_Logout", err);
	t->logged_in = false;
	t->bridge_stale = true;
	return 0;
}

int
ck_p11_login(
    struct ck_token *tok, const struct ck_secret *pin, struct ck_tries *tries, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	CK_RV rv = CKR_OK;

	*tries = (struct ck_tries){ .number = -1 };
	if (may_ask(t, &ti, pin, tries, err) != 0 || logout(t, err) != 0)
		return -1;
	rv = t->f->C_Login(t->session, CKU_USER, (CK_UTF8CHAR *)(uintptr_t)ck_secret_bytes(pin),
	    ck_secret_len(pin));
	/* "already logged in" verified nothing: it is an error like any other here */
	if (rv != CKR_OK)
		return pin_fail(t, rv, "C_Login", tries, err);
	t->logged_in = true;
	if (t->f->C_GetTokenInfo(t->slot, &ti) == CKR_OK)
		ck_p11_tries(&ti, tries);
	return 0;
}

int
ck_p11_set_pin(struct ck_token *tok, const struct ck_secret *old, const struct ck_secret *new,
    struct ck_tries *tries, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	struct ck_token_info info;
	CK_RV rv = CKR_OK;

	*tries = (struct ck_tries){ .number = -1 };
	if (may_ask(t, &ti, old, tries, err) != 0)
		return -1;
	ck_p11_info_of(t, &ti, &info);
	if (info.readonly)
		return ck_fail(err, CK_E_KEY_READONLY, "the PIN can't be changed");
	if (ck_token_pin_fits(&info, new, err) != 0)
		return -1;
	rv = t->f->C_SetPIN(t->session, (CK_UTF8CHAR *)(uintptr_t)ck_secret_bytes(old),
	    ck_secret_len(old), (CK_UTF8CHAR *)(uintptr_t)ck_secret_bytes(new), ck_secret_len(new));
	if (rv != CKR_OK)
		return pin_fail(t, rv, "C_SetPIN", tries, err);
	if (t->f->C_GetTokenInfo(t->slot, &ti) == CKR_OK)
		ck_p11_tries(&ti, tries);
	return 0;
}
