/*
 * What is written to a medium: a new pair, its certificate, another password. Each is a file (or a
 * folder) of its own under the next number; the one before goes only when the new one was opened
 * from the medium. Where both are left, login tells which holds (file.c).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "base/buf.h"
#include "base/fault.h"
#include "token/file.h"

static EVP_PKEY *
generate(enum ck_keytype type)
{
	return type == CK_KEY_P256 ? EVP_EC_gen("P-256")
				   : EVP_RSA_gen(type == CK_KEY_RSA3072 ? 3072U : 2048U);
}

static unsigned
next_number(const struct ck_file *t)
{
	unsigned seq = 0;

	for (size_t i = 0; i < t->now->n; i++)
		if (t->now->at[i].made && t->now->at[i].seq > seq &&
		    ck_file_ours(t, &t->now->at[i]))
			seq = t->now->at[i].seq;
	return seq + 1;
}

/* One like old, with its own name in home. */
static int
plan_box(const struct ck_file *t, const struct ck_box *old, const char *home,
    const unsigned char *id, size_t id_len, struct ck_box *b, struct ck_err *err)
{
	char hex[2 * CK_TOKEN_ID_MAX + 1], stem[CK_NAME_LEN] = "UserCert";
	bool p12 = old->kind == CK_BOX_P12;
	int n = 0;

	if (p12)
		ck_name_stem(old->name, stem);
	*b = (struct ck_box){ .kind = old->kind, .made = true, .id_len = id_len };
	b->form = old->form == CK_FORM_PKCS8_DER ? CK_FORM_PKCS8_DER : CK_FORM_PKCS8_PEM;
	memcpy(b->id, id, id_len);
	b->seq = next_number(t);
	ck_hex(id, id_len, hex);
	n = snprintf(b->name, sizeof b->name, "%s-%s-%u-%s%s", stem, t->serial, b->seq, hex,
	    p12 ? strrchr(old->name, '.') : "");
	if (n < 0 || (size_t)n >= sizeof b->name || b->seq > CK_SEQ_MAX)
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "an id of %zu bytes", id_len);
	snprintf(b->home, sizeof b->home, "%s", home);
	n = snprintf(b->dir, sizeof b->dir, "%s%s%s", b->home, p12 ? "" : "/", p12 ? "" : b->name);
	if (n < 0 || (size_t)n >= sizeof b->dir)
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "%s", b->home);
	snprintf(b->key_file, sizeof b->key_file, "%s", p12 ? b->name : old->key_file);
	snprintf(b->label, sizeof b->label, "%s", old->label);
	return 0;
}

/* The key comes last: a folder without one is known as torn. */
static int
write_box(struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	unsigned char *sealed = NULL;
	size_t n = 0;
	int rc = -1;

	if (ck_box_seal(b, pin, &sealed, &n, err) != 0)
		return -1;
	if (ck_file_room(b->home, 0, err) != 0)
		goto out;
	if (b->kind == CK_BOX_FOLDER && ck_file_folder(b->home, b->name, err) != 0)
		goto out;
	CK_FAULT("file-folder");
	if (b->kind == CK_BOX_FOLDER && b->cert != NULL) {
		if (ck_file_write(b->dir, CK_CERT_NAME, b->cert, b->cert_len, err) != 0)
			goto out;
		snprintf(b->cert_file, sizeof b->cert_file, CK_CERT_NAME);
	}
	rc = ck_file_write(b->dir, b->key_file, sealed, n, err);
out:
	free(sealed);
	return rc;
}

int
ck_box_drop(const struct ck_box *b, struct ck_err *err)
{
	if (b->kind == CK_BOX_P12)
		return ck_file_unlink(b->dir, b->name, false, err);
	/* the key first, so that what is left of it is known as torn */
	if (b->key_file[0] != '\0' && ck_file_unlink(b->dir, b->key_file, false, err) != 0)
		return -1;
	CK_FAULT("file-keyless");
	if (b->cert_file[0] != '\0' && ck_file_unlink(b->dir, b->cert_file, false, err) != 0)
		return -1;
	return ck_file_unlink(b->home, b->name, true, err);
}

/* What was just written is opened from the medium, not from memory: it will be the only copy. */
static int
prove(struct ck_file *t, const struct ck_box *made, const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_box *b = NULL;

	if (ck_file_look(t, err) != 0)
		return -1;
	for (size_t i = 0; i < t->now->n; i++)
		if (strcmp(t->now->at[i].name, made->name) == 0)
			b = &t->now->at[i];
	if (b == NULL || b->torn)
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "%s is not found again", made->name);
	if (ck_box_open(b, pin, err) != 0)
		return -1;
	if (b->key == NULL || EVP_PKEY_eq(b->key, made->key) != 1 ||
	    b->cert_len != made->cert_len ||
	    (made->cert_len > 0 && memcmp(b->cert, made->cert, made->cert_len) != 0))
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "%s is read back changed", made->name);
	return 0;
}

/* What is not proved does not stay: it would be the medium's newest. */
static int
make(struct ck_file *t, struct ck_box *b, const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_err no = { .code = CK_E_NONE };

	if (write_box(b, pin, err) == 0 && prove(t, b, pin, err) == 0)
		return 0;
	ck_box_drop(b, &no);
	return -1;
}

int
ck_file_new_pair(struct ck_file *t, const struct ck_box *like, enum ck_keytype type,
    const unsigned char *id, size_t id_len, struct ck_err *err)
{
	const char *to = t->medium->save_to[0] != '\0' ? t->medium->save_to : like->home;
	struct ck_box b;
	int rc = -1;

	if (plan_box(t, like, to, id, id_len, &b, err) != 0)
		return -1;
	b.key = generate(type);
	if (b.key == NULL)
		return ck_fail(err, CK_E_INTERNAL, "no key pair could be made");
	rc = make(t, &b, t->pin, err);
	EVP_PKEY_free(b.key);
	return rc;
}

int
ck_file_anew(struct ck_file *t, const struct ck_box *b, const unsigned char *der, size_t n,
    const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_box was = *b, next; /* names only: what b owns is gone after a look */
	int rc = -1;

	if (plan_box(t, b, b->home, b->id, b->id_len, &next, err) != 0)
		return -1;
	if (n > 0 && (next.cert = malloc(n)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "writing a certificate");
	if (n > 0)
		memcpy(next.cert, der, next.cert_len = n);
	if (!EVP_PKEY_up_ref(b->key))
		ck_fail(err, CK_E_INTERNAL, "key");
	else {
		next.key = b->key;
		if (make(t, &next, pin, err) == 0) {
			CK_FAULT("file-proved");
			rc = ck_box_drop(&was, err);
			CK_FAULT("file-dropped");
		}
		EVP_PKEY_free(next.key);
	}
	free(next.cert);
	return rc;
}
