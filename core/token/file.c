/*
 * The file driver: a pair in a PKCS#12 file or a folder. Every operation looks at the medium anew;
 * what was opened is carried over as long as its bytes are the same.
 */
#include "token/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <openssl/x509.h>

#include "token/p11.h"

/* ---- looking ---- */

bool
ck_file_ours(const struct ck_file *t, const struct ck_box *b)
{
	return strcmp(ck_box_root(t->now, b)->serial, t->serial) == 0;
}

static bool
same_cert(const struct ck_box *a, const struct ck_box *b)
{
	return a->cert_len == b->cert_len &&
	       (a->cert_len == 0 || memcmp(a->cert, b->cert, a->cert_len) == 0);
}

/* Same bytes, same pair: what was opened stays open. */
static void
carry_over(struct ck_boxes *from, struct ck_box *b)
{
	for (size_t i = 0; from != NULL && i < from->n; i++) {
		struct ck_box *old = &from->at[i];

		if (!old->open || old->sealed_len != b->sealed_len || b->sealed == NULL ||
		    memcmp(old->sealed, b->sealed, b->sealed_len) != 0 ||
		    (b->kind == CK_BOX_FOLDER && !same_cert(old, b)))
			continue;
		if (b->kind == CK_BOX_P12) {
			b->cert = old->cert;
			b->cert_len = old->cert_len;
			old->cert = NULL;
			memcpy(b->label, old->label, sizeof b->label);
		}
		b->key = old->key;
		b->keys = old->keys;
		b->open = true;
		old->key = NULL;
		old->open = false;
		return;
	}
}

int
ck_file_look(struct ck_file *t, struct ck_err *err)
{
	struct ck_boxes *all = calloc(1, sizeof *all);
	struct ck_err broken = { .code = CK_E_NONE };
	struct stat sb;
	size_t n = 0;

	if (all == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "looking at the medium");
	ck_boxes_scan(all, t->home, &broken);
	for (size_t i = 0; i < t->n_also; i++)
		ck_boxes_scan(all, t->also[i], &broken);
	if (t->medium->save_to[0] != '\0')
		ck_boxes_scan(all, t->medium->save_to, &broken);
	for (size_t i = 0; i < all->n; i++)
		carry_over(t->now, &all->at[i]);
	ck_boxes_free(t->now);
	t->now = all;
	for (size_t i = 0; i < all->n; i++)
		n += ck_file_ours(t, &all->at[i]);
	if (n == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s is not in %s", t->serial, t->home);
	if (all->more)
		return ck_fail(err, CK_E_MEDIUM_CROWDED, "%s", t->home);
	if (t->medium->save_to[0] != '\0' && stat(t->medium->save_to, &sb) != 0)
		return ck_file_fail(err, errno, t->medium->save_to);
	return 0;
}

/* Of files that share an id: one in force before one put aside, a whole one before a torn one, the
 * newest. */
static bool
goes_before(const struct ck_box *a, const struct ck_box *b)
{
	if (a->aside != b->aside)
		return !a->aside;
	if (a->torn != b->torn)
		return b->torn;
	return a->seq > b->seq;
}

static struct ck_box *
box_of(struct ck_file *t, const unsigned char *id, size_t id_len)
{
	struct ck_box *best = NULL;

	for (size_t i = 0; i < t->now->n; i++) {
		struct ck_box *b = &t->now->at[i];

		if (b->id_len == id_len && memcmp(b->id, id, id_len) == 0 && ck_file_ours(t, b) &&
		    (best == NULL || goes_before(b, best)))
			best = b;
	}
	return best;
}

/* The one whose password is the medium's: made last, or the one that was there. */
static struct ck_box *
in_force(struct ck_file *t)
{
	struct ck_box *best = NULL;

	for (size_t i = 0; i < t->now->n; i++) {
		struct ck_box *b = &t->now->at[i];

		if (b->aside || b->keys == 0 || !ck_file_ours(t, b))
			continue;
		if (best == NULL || (b->made && (!best->made || b->seq > best->seq)))
			best = b;
	}
	return best;
}

const char *
ck_file_place(struct ck_file *t)
{
	const struct ck_box *b = in_force(t);

	if (t->medium->save_to[0] != '\0')
		return t->medium->save_to;
	return b != NULL ? b->home : t->home;
}

/* Another file of the same pair in the same place: an interruption left both. */
static bool
is_twin(const struct ck_file *t, const struct ck_box *a, const struct ck_box *b)
{
	return a != b && a->made && b->made && !b->aside && a->id_len == b->id_len &&
	       memcmp(a->id, b->id, a->id_len) == 0 && strcmp(a->home, b->home) == 0 &&
	       ck_file_ours(t, b);
}

/* ---- info, login, list, key ---- */

static int
file_info(struct ck_token *tok, struct ck_token_info *info, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;

	if (ck_file_look(t, err) != 0)
		return -1;
	b = in_force(t);
	if (b == NULL)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s holds no key now", t->serial);
	ck_file_describe(t->family, t->medium, b, info);
	snprintf(info->serial, sizeof info->serial, "%s", t->serial);
	return 0;
}

/* The newest file, or, after an interruption, the one before it: whichever opens is the pair. */
static struct ck_box *
open_newest(struct ck_file *t, const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_box *newest = in_force(t);
	struct ck_err no = { .code = CK_E_NONE };

	if (ck_box_open(newest, pin, err) == 0)
		return newest;
	for (size_t i = 0; i < t->now->n; i++)
		if (is_twin(t, newest, &t->now->at[i]) && !t->now->at[i].torn &&
		    ck_box_open(&t->now->at[i], pin, &no) == 0) {
			*err = (struct ck_err){ .code = CK_E_NONE };
			return &t->now->at[i];
		}
	return NULL;
}

static int
drop_twins(struct ck_file *t, const struct ck_box *good, struct ck_err *err)
{
	for (size_t i = 0; i < t->now->n; i++)
		if (is_twin(t, good, &t->now->at[i]) && t->now->at[i].seq != good->seq &&
		    ck_box_drop(&t->now->at[i], err) != 0)
			return -1;
	return 0;
}

/* The old pair beside the new one, where they share a password. */
static void
open_others(struct ck_file *t, const struct ck_secret *pin)
{
	struct ck_err closed = { .code = CK_E_NONE };

	for (size_t i = 0; i < t->now->n; i++)
		if (!t->now->at[i].aside && t->now->at[i].keys > 0 &&
		    ck_file_ours(t, &t->now->at[i]))
			ck_box_open(&t->now->at[i], pin, &closed);
}

static int
file_login(
    struct ck_token *tok, const struct ck_secret *pin, struct ck_tries *tries, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_token_info info;
	struct ck_box *good = NULL;

	*tries = (struct ck_tries){ .number = -1, .unlimited = true };
	/* what an earlier password opened proves nothing about this one */
	ck_boxes_free(t->now);
	t->now = NULL;
	t->logged_in = false;
	if (file_info(tok, &info, err) != 0 || ck_token_pin_fits(&info, pin, err) != 0)
		return -1;
	if (!info.pin_set)
		return ck_fail(err, CK_E_PIN_NOT_SET, "%s", info.label);
	if ((good = open_newest(t, pin, err)) == NULL || drop_twins(t, good, err) != 0 ||
	    ck_file_look(t, err) != 0)
		return -1;
	if (ck_secret_copy(t->pin, pin) != 0)
		return ck_fail(err, CK_E_NO_MEMORY, "password");
	open_others(t, pin);
	t->logged_in = true;
	return 0;
}

static int
fill_entry(const struct ck_box *b, struct ck_entry *e, struct ck_err *err)
{
	unsigned char *der = NULL;
	int n = 0;

	*e = (struct ck_entry){ .id_len = b->id_len, .privates = (int)b->keys };
	memcpy(e->id, b->id, b->id_len);
	memcpy(e->label, b->label, sizeof e->label);
	e->closed = b->keys > 0 && !b->open;
	e->has_private = b->keys == 0 ? CK_HAS_NO : b->open ? CK_HAS_YES : CK_HAS_UNKNOWN;
	if (b->key != NULL && (n = i2d_PUBKEY(b->key, &der)) > 0) {
		e->has_public = e->has_spki =
		    EVP_Digest(der, (size_t)n, e->spki, NULL, EVP_sha256(), NULL) == 1;
		OPENSSL_free(der);
	}
	if (b->cert == NULL)
		return 0;
	e->cert = malloc(b->cert_len);
	if (e->cert == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading a certificate");
	memcpy(e->cert, b->cert, e->cert_len = b->cert_len);
	e->certs = 1;
	if (!e->has_spki)
		e->has_spki = ck_spki_cert((struct ck_bytes){ e->cert, e->cert_len }, e->spki);
	return 0;
}

static int
file_list(struct ck_token *tok, struct ck_entries *out, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;

	out->n = 0;
	out->more = false;
	if (ck_file_look(t, err) != 0)
		return -1;
	_Static_assert(CK_BOXES_MAX <= CK_ENTRIES_MAX, "one entry a box");
	for (size_t i = 0; i < t->now->n; i++) {
		const struct ck_box *b = &t->now->at[i];

		if (b->aside || b->torn || !ck_file_ours(t, b) || box_of(t, b->id, b->id_len) != b)
			continue;
		if (fill_entry(b, &out->at[out->n], err) != 0) {
			ck_entries_free(out);
			return -1;
		}
		out->n++;
	}
	return 0;
}

static int
file_key(struct ck_token *tok, const unsigned char *id, size_t id_len, EVP_PKEY **key,
    struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_box *b = NULL;

	if (ck_file_look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b != NULL && b->keys > 1)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s: %zu keys", b->dir, b->keys);
	if (b == NULL || b->key == NULL || !EVP_PKEY_up_ref(b->key))
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "no open key under this id");
	*key = b->key;
	return 0;
}

/* ---- what is written and what goes ---- */

static int
file_genkey(struct ck_token *tok, enum ck_keytype type, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_box *b = NULL;

	(void)label; /* a new one is called after the old one */
	if (ck_file_look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b != NULL && b->keys > 0)
		return 0;
	if (!t->logged_in)
		return ck_fail(err, CK_E_INTERNAL, "no password yet");
	/* torn before anybody was told of it */
	if (b != NULL && b->torn && (ck_box_drop(b, err) != 0 || ck_file_look(t, err) != 0))
		return -1;
	b = in_force(t);
	if (b == NULL)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s", t->serial);
	return ck_file_new_pair(t, b, type, id, id_len, err);
}

static int
file_put_cert(struct ck_token *tok, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;

	(void)label;
	if (ck_file_look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b == NULL || b->key == NULL || !b->made)
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "no open key made here under this id");
	if (b->cert != NULL && b->cert_len == n && memcmp(b->cert, der, n) == 0)
		return 0;
	if (b->cert != NULL)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s has a certificate", b->name);
	return ck_file_anew(t, b, der, n, t->pin, err);
}

static int
put_aside(const struct ck_box *b, struct ck_err *err)
{
	char old[CK_OLD_LEN];

	if (b->kind == CK_BOX_P12)
		return b->aside ? 0 : ck_file_aside(b->dir, b->name, old, err);
	/* the certificate first: what is left after an interruption is then known as retired */
	if (!b->aside && b->cert != NULL && ck_file_aside(b->dir, b->cert_file, old, err) != 0)
		return -1;
	return b->keys == 1 ? ck_file_aside(b->dir, b->key_file, old, err) : 0;
}

/* One the CA withdrew: nobody has used it. */
static int
take_cert_off(struct ck_file *t, const struct ck_box *b, struct ck_err *err)
{
	if (b != NULL && (!b->made || b->key == NULL))
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "%s was not made here", b->name);
	return b == NULL || b->cert == NULL ? 0 : ck_file_anew(t, b, NULL, 0, t->pin, err);
}

static int
file_remove(struct ck_token *tok, const unsigned char *id, size_t id_len, unsigned parts,
    struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;

	if (ck_file_look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (parts == CK_PART_CERT)
		return take_cert_off(t, b, err);
	if (parts != (CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC))
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "a file goes as a whole");
	if (b == NULL)
		return 0;
	/* a pair that never had a certificate was never anybody's */
	if (b->torn || (b->made && !b->aside && b->open && b->cert == NULL))
		return ck_box_drop(b, err);
	return put_aside(b, err);
}

/* Of the pair made here: what the customer brought keeps its bytes. */
static int
file_set_pin(struct ck_token *tok, const struct ck_secret *old, const struct ck_secret *new,
    struct ck_tries *tries, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_token_info info;
	struct ck_box *b = NULL;

	/* the login is the proof of the old one */
	if (file_login(tok, old, tries, err) != 0 || file_info(tok, &info, err) != 0 ||
	    ck_token_pin_fits(&info, new, err) != 0)
		return -1;
	if (info.readonly)
		return ck_fail(err, CK_E_KEY_READONLY, "the password can't be changed");
	b = in_force(t);
	if (!b->made || b->key == NULL)
		return ck_fail(err, CK_E_PIN_REFUSED, "%s was not made here", b->name);
	if (ck_file_anew(t, b, b->cert, b->cert_len, new, err) != 0)
		return -1;
	return ck_secret_copy(t->pin, new) == 0 ? 0 : ck_fail(err, CK_E_NO_MEMORY, "password");
}

static void
file_close(struct ck_token *tok)
{
	struct ck_file *t = (struct ck_file *)tok;

	ck_boxes_free(t->now);
	ck_secret_free(t->pin);
	free(t);
}

static const struct ck_token_ops file_ops = {
	.driver = "file",
	.close = file_close,
	.info = file_info,
	.login = file_login,
	.list = file_list,
	.genkey = file_genkey,
	.key = file_key,
	.put_cert = file_put_cert,
	.remove = file_remove,
	.set_pin = file_set_pin,
	.put_data = ck_file_put_data,
	.has_data = ck_file_has_data,
};

/* Copies of a stick share all but what was made since. */
static int
holds_new(struct ck_file *t, const struct ck_pairs *pairs, struct ck_err *err)
{
	const struct ck_box *b = NULL;

	if (pairs->id_len == 0)
		return 0;
	if (ck_file_look(t, err) != 0)
		return -1;
	b = box_of(t, pairs->id, pairs->id_len);
	if (b == NULL || b->torn || b->keys == 0)
		return ck_fail(err, CK_E_OTHER_KEY, "%s holds other pairs", t->serial);
	return 0;
}

int
ck_file_open(const struct ck_family *fam, const struct ck_medium *m, const char *serial,
    const struct ck_pairs *pairs, struct ck_token **out, struct ck_err *err)
{
	struct ck_file *t = calloc(1, sizeof *t);

	if (t == NULL || (t->pin = ck_secret_new()) == NULL) {
		free(t);
		return ck_fail(err, CK_E_NO_MEMORY, "opening the medium");
	}
	t->token.ops = &file_ops;
	t->family = fam;
	t->medium = m;
	snprintf(t->serial, sizeof t->serial, "%s", serial);
	if (ck_file_find(t, err) != 0 || holds_new(t, pairs, err) != 0) {
		file_close(&t->token);
		return -1;
	}
	*out = &t->token;
	return 0;
}
