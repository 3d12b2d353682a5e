#include <string.h>

#include "token/p11.h"

static CK_RV
find_begin(struct ck_p11 *t, CK_ATTRIBUTE *match, CK_ULONG n)
{
	CK_RV rv = t->f->C_FindObjectsInit(t->session, match, n);

	ck_module_alive(t->module);
	/* a search that ended in an error may still count as open in the module */
	if (rv == CKR_OPERATION_ACTIVE) {
		t->f->C_FindObjectsFinal(t->session);
		rv = t->f->C_FindObjectsInit(t->session, match, n);
	}
	return rv;
}

/* Modules may hand out fewer than asked for at a time; only an empty answer is the end. */
static CK_RV
find_all(struct ck_p11 *t, struct ck_found *found)
{
	while (found->n < CK_OBJECTS_MAX) {
		CK_ULONG room = CK_OBJECTS_MAX - found->n, got = 0;
		CK_RV rv = t->f->C_FindObjects(t->session, found->at + found->n, room, &got);

		if (rv != CKR_OK)
			return rv;
		if (got > room)
			return CKR_GENERAL_ERROR;
		if (got == 0)
			return CKR_OK;
		found->n += got;
	}
	found->more = true;
	return CKR_OK;
}

static int
find(struct ck_p11 *t, CK_ATTRIBUTE *match, CK_ULONG n, struct ck_found *found, struct ck_err *err)
{
	CK_RV rv = find_begin(t, match, n);

	found->n = 0;
	found->more = false;
	if (rv != CKR_OK)
		return ck_p11_fail(t, rv, "C_FindObjectsInit", err);
	rv = find_all(t, found);
	t->f->C_FindObjectsFinal(t->session);
	if (rv != CKR_OK)
		return ck_p11_fail(t, rv, "C_FindObjects", err);
	return 0;
}

int
ck_p11_find(struct ck_p11 *t, CK_OBJECT_CLASS class, const unsigned char *id, size_t id_len,
    struct ck_found *found, struct ck_err *err)
{
	CK_ATTRIBUTE match[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_ID, (void *)(uintptr_t)id, id_len },
	};

	return find(t, match, id == NULL ? 1 : 2, found, err);
}

int
ck_p11_find_data(struct ck_p11 *t, const char *label, struct ck_found *found, struct ck_err *err)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_ATTRIBUTE match[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_LABEL, (void *)(uintptr_t)label, strlen(label) },
	};

	return find(t, match, 2, found, err);
}

int
ck_p11_count(struct ck_p11 *t, CK_OBJECT_CLASS class, const unsigned char *id, size_t id_len,
    size_t *n, struct ck_err *err)
{
	struct ck_found found;

	*n = 0;
	if (ck_p11_find(t, class, id, id_len, &found, err) != 0)
		return -1;
	*n = found.n;
	return 0;
}

/* PKCS#11 2.40, 5.7: these three leave the other attributes of the call readable. */
static bool
partly(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_SENSITIVE || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_BUFFER_TOO_SMALL;
}

int
ck_p11_attrs(struct ck_p11 *t, CK_OBJECT_HANDLE o, CK_ATTRIBUTE *a, size_t n, struct ck_err *err)
{
	CK_ULONG room[CK_ATTRS_MAX] = { 0 };
	CK_TOKEN_INFO ti = { .flags = 0 };
	CK_RV rv = CKR_OK;

	for (size_t i = 0; i < n; i++)
		room[i] = a[i].ulValueLen;
	rv = t->f->C_GetAttributeValue(t->session, o, a, n);
	ck_module_alive(t->module);
	/* not every module fills in the others as the standard asks: one by one, then */
	if (partly(rv) && n > 1) {
		for (size_t i = 0; i < n; i++) {
			a[i].ulValueLen = room[i];
			if (ck_p11_attrs(t, o, &a[i], 1, err) != 0)
				return -1;
		}
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (rv != CKR_OK || a[i].ulValueLen > room[i])
			a[i].ulValueLen = 0;
	if (rv == CKR_OK || partly(rv))
		return 0;
	/* what went away after the search has nothing to say, unless the key went too */
	if (rv == CKR_OBJECT_HANDLE_INVALID)
		return ck_p11_here(t, &ti, err);
	return ck_p11_fail(t, rv, "C_GetAttributeValue", err);
}

int
ck_p11_destroy(struct ck_p11 *t, CK_OBJECT_CLASS class, const unsigned char *id, size_t id_len,
    struct ck_err *err)
{
	struct ck_found found;
	size_t left = 0;

	if (ck_p11_find(t, class, id, id_len, &found, err) != 0)
		return -1;
	if (found.n == 0)
		return 0;
	t->bridge_stale = true;
	for (size_t i = 0; i < found.n; i++) {
		CK_RV rv = t->f->C_DestroyObject(t->session, found.at[i]);

		if (rv != CKR_OK && rv != CKR_OBJECT_HANDLE_INVALID)
			return ck_p11_fail(t, rv, "C_DestroyObject", err);
	}
	if (ck_p11_count(t, class, id, id_len, &left, err) != 0)
		return -1;
	if (left != 0)
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "removed objects are still there");
	return 0;
}
