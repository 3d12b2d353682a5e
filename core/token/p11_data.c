/* Data objects: an electronic seal beside the certificate it belongs to. */
#include <stdlib.h>
#include <string.h>

#include "token/p11.h"

/* the maker of a seal chose its own; this one is for the first */
#define APPLICATION "certkiosk"
#define APPLICATION_MAX 64

/* The objects of one label, and which of them is what it should be. */
struct held {
	struct ck_found found;
	size_t same; /* index of the first; found.n: none is */
};

/* PKCS#11 2.40, C_CreateObject: what a key says that knows no such objects */
static bool
refuses(CK_RV rv)
{
	return rv == CKR_ATTRIBUTE_VALUE_INVALID || rv == CKR_ATTRIBUTE_TYPE_INVALID ||
	       rv == CKR_ATTRIBUTE_READ_ONLY || rv == CKR_ACTION_PROHIBITED ||
	       rv == CKR_TEMPLATE_INCONSISTENT || rv == CKR_TEMPLATE_INCOMPLETE ||
	       rv == CKR_FUNCTION_NOT_SUPPORTED;
}

static int
compare(struct ck_p11 *t, CK_OBJECT_HANDLE o, const struct ck_data *d, size_t *len, bool *same,
    struct ck_err *err)
{
	unsigned char *buf = malloc(CK_DATA_MAX);
	CK_ATTRIBUTE a = { CKA_VALUE, buf, CK_DATA_MAX };
	int rc = -1;

	if (buf == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading a data object");
	rc = ck_p11_attrs(t, o, &a, 1, err);
	*len = a.ulValueLen;
	*same = rc == 0 && a.ulValueLen == d->n && memcmp(buf, d->bytes, d->n) == 0;
	free(buf);
	return rc;
}

static int
look(struct ck_p11 *t, const struct ck_data *d, struct held *h, struct ck_err *err)
{
	size_t len = 0;
	bool same = false;

	if (ck_p11_find_data(t, d->label, &h->found, err) != 0)
		return -1;
	for (h->same = 0; h->same < h->found.n; h->same++) {
		if (compare(t, h->found.at[h->same], d, &len, &same, err) != 0)
			return -1;
		if (same)
			break;
	}
	return 0;
}

/* Software that looks for its seal by CKA_APPLICATION finds the new one as it found the old. */
static int
application_of(struct ck_p11 *t, const struct held *h, char out[APPLICATION_MAX], size_t *n,
    struct ck_err *err)
{
	CK_ATTRIBUTE a = { CKA_APPLICATION, out, APPLICATION_MAX };

	memcpy(out, APPLICATION, *n = sizeof APPLICATION - 1);
	if (h->found.n == 0)
		return 0;
	if (ck_p11_attrs(t, h->found.at[0], &a, 1, err) != 0)
		return -1;
	if (a.ulValueLen > 0)
		*n = a.ulValueLen;
	else
		memcpy(out, APPLICATION, *n);
	return 0;
}

static CK_RV
create(
    struct ck_p11 *t, const struct ck_data *d, const char *app, size_t app_len, CK_OBJECT_HANDLE *o)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE a[] = {
		{ CKA_CLASS, &class, sizeof class },
		{ CKA_TOKEN, &yes, sizeof yes },
		{ CKA_PRIVATE, &no, sizeof no },
		{ CKA_MODIFIABLE, &yes, sizeof yes },
		{ CKA_LABEL, (void *)(uintptr_t)d->label, strlen(d->label) },
		{ CKA_APPLICATION, (void *)(uintptr_t)app, app_len },
		{ CKA_VALUE, (void *)(uintptr_t)d->bytes, d->n },
	};

	return t->f->C_CreateObject(t->session, a, sizeof a / sizeof *a, o);
}

/* As with certificates, a full key may say CKR_OK and store nothing, or half. */
static int
kept(struct ck_p11 *t, CK_OBJECT_HANDLE o, const struct ck_data *d, struct ck_err *err)
{
	size_t len = 0;
	bool same = false;

	if (compare(t, o, d, &len, &same, err) != 0)
		return -1;
	if (same)
		return 0;
	t->f->C_DestroyObject(t->session, o);
	if (len == 0)
		return ck_fail(err, CK_E_KEY_FULL, "the data object was not kept");
	return ck_fail(err, CK_E_WRITE_NOT_KEPT, "%zu bytes written, %zu read back", d->n, len);
}

static int
failed(struct ck_p11 *t, CK_RV rv, const struct ck_data *d, struct ck_err *err)
{
	struct ck_err later = { .code = CK_E_NONE };
	struct held h;

	/* it may be there all the same */
	if (look(t, d, &h, &later) == 0 && h.same < h.found.n)
		return 0;
	if (refuses(rv))
		return ck_fail_native(err, CK_E_KEY_NO_DATA, rv, "C_CreateObject: 0x%lx", rv);
	return ck_p11_fail(t, rv, "C_CreateObject", err);
}

static int
write_new(struct ck_p11 *t, const struct held *h, const struct ck_data *d, struct ck_err *err)
{
	CK_OBJECT_HANDLE o = CK_INVALID_HANDLE;
	char app[APPLICATION_MAX];
	size_t app_len = 0;
	CK_RV rv = CKR_OK;

	if (application_of(t, h, app, &app_len, err) != 0)
		return -1;
	rv = create(t, d, app, app_len, &o);
	return rv == CKR_OK ? kept(t, o, d, err) : failed(t, rv, d, err);
}

/* All of the label but the one that was proved. */
static int
drop_others(struct ck_p11 *t, const struct ck_data *d, struct ck_err *err)
{
	struct held h;

	if (look(t, d, &h, err) != 0)
		return -1;
	if (h.same == h.found.n)
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "the data object is gone again");
	t->bridge_stale = t->bridge_stale || h.found.n > 1;
	for (size_t i = 0; i < h.found.n; i++) {
		CK_RV rv = CKR_OK;

		if (i != h.same)
			rv = t->f->C_DestroyObject(t->session, h.found.at[i]);
		if (rv != CKR_OK && rv != CKR_OBJECT_HANDLE_INVALID)
			return ck_p11_fail(t, rv, "C_DestroyObject", err);
	}
	return 0;
}

int
ck_p11_has_data(struct ck_token *tok, const struct ck_data *d, bool *yes, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	struct held h;

	*yes = false;
	if (ck_p11_here(t, &ti, err) != 0 || look(t, d, &h, err) != 0 ||
	    ck_p11_here(t, &ti, err) != 0)
		return -1;
	*yes = h.found.n == 1 && h.same == 0;
	return 0;
}

int
ck_p11_put_data(struct ck_token *tok, const struct ck_data *d, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	CK_TOKEN_INFO ti = { .flags = 0 };
	bool whole = false;
	struct held h;

	if (ck_p11_here(t, &ti, err) != 0 || look(t, d, &h, err) != 0)
		return -1;
	if (h.found.n == 1 && h.same == 0)
		return 0;
	if (ti.flags & CKF_WRITE_PROTECTED)
		return ck_fail(err, CK_E_KEY_READONLY, "no data object can be written");
	if ((h.same == h.found.n && write_new(t, &h, d, err) != 0) || drop_others(t, d, err) != 0 ||
	    ck_p11_has_data(tok, d, &whole, err) != 0)
		return -1;
	return whole ? 0 : ck_fail(err, CK_E_WRITE_NOT_KEPT, "an older one is still there");
}
