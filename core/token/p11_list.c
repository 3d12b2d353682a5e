#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "token/p11.h"

/* longest label read; what is shown is cut to the entry's room anyway */
#define LABEL_RAW_MAX 256

struct scan {
	struct ck_p11 *t;
	struct ck_entries *out;
	unsigned char *der; /* CK_CERT_MAX bytes */
};

/* id and label, as every class has them */
struct head {
	unsigned char id[CK_TOKEN_ID_MAX];
	char label[LABEL_RAW_MAX];
	size_t id_len, label_len;
};

static struct ck_entry *
find_entry(struct ck_entries *out, const struct head *h)
{
	for (size_t i = 0; i < out->n; i++) {
		struct ck_entry *e = &out->at[i];

		if (e->id_len == h->id_len && memcmp(e->id, h->id, h->id_len) == 0)
			return e;
	}
	return NULL;
}

static struct ck_entry *
add_entry(struct ck_entries *out, const struct head *h)
{
	struct ck_entry *e;

	if (out->n == CK_ENTRIES_MAX) {
		out->more = true;
		return NULL;
	}
	e = &out->at[out->n++];
	memset(e, 0, sizeof *e);
	memcpy(e->id, h->id, h->id_len);
	e->id_len = h->id_len;
	ck_clean(e->label, sizeof e->label, h->label, h->label_len);
	return e;
}

/* The entry of this id; objects without one have nothing in common and get one each. */
static struct ck_entry *
entry_of(struct ck_entries *out, const struct head *h)
{
	struct ck_entry *e = h->id_len == 0 ? NULL : find_entry(out, h);

	if (e == NULL)
		return add_entry(out, h);
	if (e->label[0] == '\0')
		ck_clean(e->label, sizeof e->label, h->label, h->label_len);
	return e;
}

static int
read_cert(struct scan *s, CK_OBJECT_HANDLE o, struct ck_err *err)
{
	struct head h = { .id_len = 0 };
	CK_ATTRIBUTE a[] = {
		{ CKA_ID, h.id, sizeof h.id },
		{ CKA_LABEL, h.label, sizeof h.label },
		{ CKA_VALUE, s->der, CK_CERT_MAX },
	};
	struct ck_entry *e = NULL;

	if (ck_p11_attrs(s->t, o, a, 3, err) != 0)
		return -1;
	h.id_len = a[0].ulValueLen;
	h.label_len = a[1].ulValueLen;
	e = entry_of(s->out, &h);
	if (e == NULL)
		return 0;
	e->certs++;
	if (a[2].ulValueLen == 0)
		return 0;
	if (e->cert != NULL && (e = add_entry(s->out, &h)) == NULL)
		return 0;
	e->cert = malloc(a[2].ulValueLen);
	if (e->cert == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading a certificate");
	memcpy(e->cert, s->der, a[2].ulValueLen);
	e->cert_len = a[2].ulValueLen;
	return 0;
}

static int
read_rsa(struct scan *s, CK_OBJECT_HANDLE o, struct ck_entry *e, struct ck_err *err)
{
	unsigned char n[CK_MODULUS_MAX], exp[16];
	CK_ATTRIBUTE a[] = {
		{ CKA_MODULUS, n, sizeof n },
		{ CKA_PUBLIC_EXPONENT, exp, sizeof exp },
	};

	if (ck_p11_attrs(s->t, o, a, 2, err) != 0)
		return -1;
	e->has_spki = ck_spki_rsa((struct ck_bytes){ n, a[0].ulValueLen },
	    (struct ck_bytes){ exp, a[1].ulValueLen }, e->spki);
	return 0;
}

static int
read_ec(struct scan *s, CK_OBJECT_HANDLE o, struct ck_entry *e, struct ck_err *err)
{
	unsigned char params[CK_EC_PARAMS_MAX], point[CK_EC_POINT_MAX];
	CK_ATTRIBUTE a[] = {
		{ CKA_EC_PARAMS, params, sizeof params },
		{ CKA_EC_POINT, point, sizeof point },
	};

	if (ck_p11_attrs(s->t, o, a, 2, err) != 0)
		return -1;
	e->has_spki = ck_spki_ec((struct ck_bytes){ params, a[0].ulValueLen },
	    (struct ck_bytes){ point, a[1].ulValueLen }, e->spki);
	return 0;
}

static int
read_public(struct scan *s, CK_OBJECT_HANDLE o, struct ck_err *err)
{
	struct head h = { .id_len = 0 };
	CK_KEY_TYPE type = 0;
	CK_ATTRIBUTE a[] = {
		{ CKA_ID, h.id, sizeof h.id },
		{ CKA_LABEL, h.label, sizeof h.label },
		{ CKA_KEY_TYPE, &type, sizeof type },
	};
	struct ck_entry *e = NULL;

	if (ck_p11_attrs(s->t, o, a, 3, err) != 0)
		return -1;
	h.id_len = a[0].ulValueLen;
	h.label_len = a[1].ulValueLen;
	e = h.id_len == 0 ? NULL : entry_of(s->out, &h);
	if (e == NULL)
		return 0;
	e->has_public = true;
	if (e->has_spki || a[2].ulValueLen != sizeof type)
		return 0;
	if (type == CKK_RSA)
		return read_rsa(s, o, e, err);
	return type == CKK_EC ? read_ec(s, o, e, err) : 0;
}

/* A key that deciphers opens old mail for ever; DERIVE is how EC keys do it. */
static int
read_private(struct scan *s, CK_OBJECT_HANDLE o, struct ck_err *err)
{
	struct head h = { .id_len = 0 };
	CK_BBOOL decrypt = CK_FALSE, unwrap = CK_FALSE, derive = CK_FALSE;
	CK_ATTRIBUTE a[] = {
		{ CKA_ID, h.id, sizeof h.id },
		{ CKA_LABEL, h.label, sizeof h.label },
		{ CKA_DECRYPT, &decrypt, sizeof decrypt },
		{ CKA_UNWRAP, &unwrap, sizeof unwrap },
		{ CKA_DERIVE, &derive, sizeof derive },
	};
	struct ck_entry *e = NULL;

	if (ck_p11_attrs(s->t, o, a, 5, err) != 0)
		return -1;
	h.id_len = a[0].ulValueLen;
	h.label_len = a[1].ulValueLen;
	e = h.id_len == 0 ? NULL : entry_of(s->out, &h);
	if (e == NULL)
		return 0;
	e->privates++;
	e->has_private = CK_HAS_YES;
	if (decrypt != CK_FALSE || unwrap != CK_FALSE || derive != CK_FALSE)
		e->may_decipher = true;
	return 0;
}

static int
each_of(struct scan *s, CK_OBJECT_CLASS class,
    int (*read)(struct scan *, CK_OBJECT_HANDLE, struct ck_err *), struct ck_err *err)
{
	struct ck_found found;

	if (ck_p11_find(s->t, class, NULL, 0, &found, err) != 0)
		return -1;
	if (found.more)
		s->out->more = true;
	for (size_t i = 0; i < found.n; i++)
		if (read(s, found.at[i], err) != 0)
			return -1;
	return 0;
}

/* A second certificate under an id (a renewal that kept its pair) shares everything else with it.
 */
static void
share(struct ck_entry *e, const struct ck_entry *first)
{
	e->has_public = first->has_public;
	e->has_private = first->has_private;
	e->may_decipher = first->may_decipher;
	e->certs = first->certs;
	e->privates = first->privates;
	e->has_spki = first->has_spki;
	memcpy(e->spki, first->spki, sizeof e->spki);
}

/* what only the whole picture tells */
static void
settle(struct ck_entries *out, bool sees_private)
{
	for (size_t i = 0; i < out->n; i++) {
		struct ck_entry *e = &out->at[i];
		struct head h = { .id_len = e->id_len };
		const struct ck_entry *first;

		memcpy(h.id, e->id, e->id_len);
		first = e->id_len > 0 ? find_entry(out, &h) : NULL;
		if (first != NULL && first != e)
			share(e, first);

		if (e->privates == 0 && e->id_len > 0 && !sees_private)
			e->has_private = CK_HAS_UNKNOWN;
		if (!e->has_spki && e->cert != NULL)
			e->has_spki =
			    ck_spki_cert((struct ck_bytes){ e->cert, e->cert_len }, e->spki);
	}
}

int
ck_p11_list(struct ck_token *tok, struct ck_entries *out, struct ck_err *err)
{
	struct ck_p11 *t = (struct ck_p11 *)tok;
	struct scan s = { .t = t, .out = out, .der = malloc(CK_CERT_MAX) };
	CK_TOKEN_INFO ti = { .flags = 0 };
	int rc = -1;

	out->n = 0;
	out->more = false;
	if (s.der == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading the key");
	/* looked at before and after: a key pulled in between shows no objects, and no error
	 * (SoftHSM) */
	if (ck_p11_here(t, &ti, err) == 0 && each_of(&s, CKO_CERTIFICATE, read_cert, err) == 0 &&
	    each_of(&s, CKO_PUBLIC_KEY, read_public, err) == 0 &&
	    each_of(&s, CKO_PRIVATE_KEY, read_private, err) == 0 && ck_p11_here(t, &ti, err) == 0)
		rc = 0;
	if (rc == 0)
		settle(out, t->logged_in || (ti.flags & CKF_LOGIN_REQUIRED) == 0);
	else
		ck_entries_free(out);
	free(s.der);
	return rc;
}
