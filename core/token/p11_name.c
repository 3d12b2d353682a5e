#include <string.h>

#include "token/p11.h"

/* The private key first: it is what a key most likely keeps as it is. */
static const CK_OBJECT_CLASS order[] = { CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_CERTIFICATE };
#define N_CLASSES (sizeof order / sizeof *order)

/* PKCS#11 2.40, 4.1.2 and C_SetAttributeValue: what a key says that lets nobody change this */
static bool
refuses(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_READ_ONLY || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_ACTION_PROHIBITED ||
	       rv == CKR_TEMPLATE_INCONSISTENT || rv == CKR_FUNCTION_NOT_SUPPORTED;
}

static CK_RV
set_all(
    struct ck_p11 *t, const struct ck_found *found, CK_ATTRIBUTE_TYPE type, const void *p, size_t n)
{
	CK_ATTRIBUTE a = { type, (void *)(uintptr_t)p, n };
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < found->n && rv == CKR_OK; i++)
		rv = t->f->C_SetAttributeValue(t->session, found->at[i], &a, 1);
	return rv;
}

/* What is under one id comes under the other; *rv says how it went. -1: it can't be looked at. */
static int
move(struct ck_p11 *t, CK_OBJECT_CLASS class, struct ck_bytes from, struct ck_bytes to, CK_RV *rv,
    struct ck_err *err)
{
	struct ck_found found;

	if (ck_p11_find(t, class, from.p, from.n, &found, err) != 0)
		return -1;
	*rv = set_all(t, &found, CKA_ID, to.p, to.n);
	return 0;
}

/* Half a pair under another id is worse than either: what came over goes back. */
static int
move_back(
    struct ck_p11 *t, size_t upto, struct ck_bytes from, struct ck_bytes to, struct ck_err *err)
{
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i <= upto; i++) {
		if (move(t, order[i], to, from, &rv, err) != 0)
			return -1;
		if (rv != CKR_OK && !refuses(rv))
			return ck_p11_fail(t, rv, "C_SetAttributeValue", err);
	}
	return 0;
}

static int
move_all(struct ck_p11 *t, struct ck_bytes from, struct ck_bytes to, struct ck_err *err)
{
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < N_CLASSES; i++) {
		if (move(t, order[i], from, to, &rv, err) != 0)
			return -1;
		if (rv == CKR_OK)
			continue;
		if (!refuses(rv))
			return ck_p11_fail(t, rv, "C_SetAttributeValue", err);
		if (move_back(t, i, from, to, err) != 0)
			return -1;
		return ck_fail_native(err, CK_E_KEY_ID_FIXED, rv, "0x%lx", rv);
	}
	return 0;
}

/* A label is for people: one that can't be changed stays. */
static int
label_all(struct ck_p11 *t, struct ck_bytes id, const char *label, struct ck_err *err)
{
	struct ck_found found;
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < N_CLASSES; i++) {
		if (ck_p11_find(t, order[i], id.p, id.n, &found, err) != 0)
			return -1;
		rv = set_all(t, &found, CKA_LABEL, label, strlen(label));
		if (rv != CKR_OK && !refuses(rv))
			return ck_p11_fail(t, rv, "C_SetAttributeValue", err);
	}
	return 0;
}

int
ck_p11_rename(
    struct ck_token *tok, const struct ck_name *was, const struct ck_name *to, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	struct ck_bytes from = { was->id, was->id_len }, id = { to->id, to->id_len };
	CK_TOKEN_INFO ti = { .flags = 0 };
	size_t privates = 0;

	if (ck_p11_here(t, &ti, err) != 0)
		return -1;
	if (t->f->C_SetAttributeValue == NULL)
		return ck_fail(err, CK_E_KEY_ID_FIXED, "the module has no such function");
	t->bridge_stale = true;
	if ((from.n != id.n || memcmp(from.p, id.p, id.n) != 0) && move_all(t, from, id, err) != 0)
		return -1;
	if (to->label[0] != '\0' && label_all(t, id, to->label, err) != 0)
		return -1;
	/* a key that says yes and changes nothing */
	if (ck_p11_count(t, CKO_PRIVATE_KEY, id.p, id.n, &privates, err) != 0)
		return -1;
	if (privates == 0)
		return ck_fail(err, CK_E_KEY_ID_FIXED, "it says so, and keeps the old one");
	return ck_p11_here(t, &ti, err);
}
