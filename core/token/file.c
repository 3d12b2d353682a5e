/*
 * The file driver: a pair in a PKCS#12 file or a folder. Every operation looks at the medium anew;
 * what was opened is carried over as long as its bytes are the same.
 */
#include "token/file.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/utf8.h"
#include "token/p11.h"

/* of an old file's name in the new one's: with its tag it fits any file system */
#define STEM_MAX 40

/* sticks and folders one medium's pairs are spread over, besides its own */
#define ALSO_MAX 4

struct ck_file {
	struct ck_token token;
	const struct ck_family *family;
	const struct ck_medium *medium; /* may be told where to save after this was opened */
	char serial[CK_SERIAL_LEN];
	char home[CK_PLACE_MAX];	   /* of the root */
	char also[ALSO_MAX][CK_PLACE_MAX]; /* where others of it are */
	size_t n_also;
	struct ck_secret *pin; /* what opens the box in force; set by login */
	bool logged_in;
	struct ck_boxes *now;
};

/* ---- looking ---- */

static bool
ours(const struct ck_boxes *all, const struct ck_box *b, const char *serial)
{
	return strcmp(ck_box_root(all, b)->serial, serial) == 0;
}

/* Same bytes, same pair: what was opened stays open. */
static void
carry_over(struct ck_boxes *from, struct ck_box *b)
{
	for (size_t i = 0; from != NULL && i < from->n; i++) {
		struct ck_box *old = &from->at[i];

		if (!old->open || old->sealed_len != b->sealed_len || b->sealed == NULL ||
		    memcmp(old->sealed, b->sealed, b->sealed_len) != 0)
			continue;
		if (b->cert == NULL && b->kind == CK_BOX_P12) {
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

static int
look(struct ck_file *t, struct ck_err *err)
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
	for (size_t i = 0; i < all->n; i++) {
		n += !all->at[i].made ? strcmp(all->at[i].serial, t->serial) == 0
				      : ours(all, &all->at[i], t->serial);
		carry_over(t->now, &all->at[i]);
	}
	ck_boxes_free(t->now);
	t->now = all;
	if (n == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s is not in %s", t->serial, t->home);
	if (t->medium->save_to[0] != '\0' && stat(t->medium->save_to, &sb) != 0)
		return ck_file_fail(err, errno, t->medium->save_to);
	return 0;
}

static struct ck_box *
box_of(struct ck_file *t, const unsigned char *id, size_t id_len)
{
	for (size_t i = 0; i < t->now->n; i++) {
		struct ck_box *b = &t->now->at[i];

		if (b->id_len == id_len && memcmp(b->id, id, id_len) == 0 &&
		    ours(t->now, b, t->serial))
			return b;
	}
	return NULL;
}

/* The one whose password is the medium's: made last, or the one that was there. */
static struct ck_box *
in_force(struct ck_file *t)
{
	struct ck_box *best = NULL;

	for (size_t i = 0; i < t->now->n; i++) {
		struct ck_box *b = &t->now->at[i];

		if (b->aside || b->keys == 0 || !ours(t->now, b, t->serial))
			continue;
		if (best == NULL || (b->made && (!best->made || b->seq > best->seq)))
			best = b;
	}
	return best;
}

/* ---- info ---- */

static bool
writable(const char *dir)
{
	return access(dir, W_OK) == 0;
}

static void
describe(const struct ck_family *fam, const struct ck_medium *m, const struct ck_box *root,
    bool plain, struct ck_token_info *info)
{
	const char *to = m->save_to[0] != '\0' ? m->save_to : root->home;

	*info = (struct ck_token_info){
		.driver = "file",
		.initialised = true,
		.pin_set = !plain,
		.readonly = !writable(root->home) || !writable(to),
		.two_pairs = true,
		.rsa2048 = fam->keytypes[CK_KEY_RSA2048],
		.rsa3072 = fam->keytypes[CK_KEY_RSA3072],
		.p256 = fam->keytypes[CK_KEY_P256],
		.shows_certs = root->kind == CK_BOX_FOLDER,
		.pin_min = fam->pin_min > 0 ? fam->pin_min : 1,
		.pin_max = fam->pin_max > 0 ? fam->pin_max : CK_SECRET_MAX,
		.pin_digits = fam->pin_digits,
		.tries = { .number = -1, .unlimited = true },
		.limit = fam->limit,
	};
	snprintf(info->family, sizeof info->family, "%s", fam->name);
	snprintf(info->module, sizeof info->module, "%s", fam->module);
	snprintf(info->serial, sizeof info->serial, "%s", root->serial);
	snprintf(info->model, sizeof info->model, "%s",
	    root->kind == CK_BOX_P12 ? "PKCS#12" : "UserCert.der");
	ck_clean_str(info->label, sizeof info->label, root->name);
	ck_clean_str(info->reader, sizeof info->reader, root->dir);
}

static int
file_info(struct ck_token *tok, struct ck_token_info *info, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;

	if (look(t, err) != 0)
		return -1;
	b = in_force(t);
	if (b == NULL)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s holds no key now", t->serial);
	describe(t->family, t->medium, b, b->form == CK_FORM_PLAIN, info);
	snprintf(info->serial, sizeof info->serial, "%s", t->serial);
	return 0;
}

/* ---- login, list, key ---- */

static int
file_login(
    struct ck_token *tok, const struct ck_secret *pin, struct ck_tries *tries, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_err closed = { .code = CK_E_NONE };
	struct ck_token_info info;
	struct ck_box *b = NULL;

	*tries = (struct ck_tries){ .number = -1, .unlimited = true };
	ck_boxes_sweep(t->home, t->serial);
	for (size_t i = 0; i < t->n_also; i++)
		ck_boxes_sweep(t->also[i], t->serial);
	if (t->medium->save_to[0] != '\0')
		ck_boxes_sweep(t->medium->save_to, t->serial);
	/* what an earlier password opened proves nothing about this one */
	ck_boxes_free(t->now);
	t->now = NULL;
	t->logged_in = false;
	if (file_info(tok, &info, err) != 0 || ck_token_pin_fits(&info, pin, err) != 0)
		return -1;
	if (!info.pin_set)
		return ck_fail(err, CK_E_PIN_NOT_SET, "%s", info.label);
	b = in_force(t);
	if (ck_box_open(b, pin, err) != 0)
		return -1;
	if (ck_secret_copy(t->pin, pin) != 0)
		return ck_fail(err, CK_E_NO_MEMORY, "password");
	for (size_t i = 0; i < t->now->n; i++)
		if (!t->now->at[i].aside && t->now->at[i].keys > 0 &&
		    ours(t->now, &t->now->at[i], t->serial))
			ck_box_open(&t->now->at[i], pin, &closed);
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
	if (look(t, err) != 0)
		return -1;
	_Static_assert(CK_BOXES_MAX <= CK_ENTRIES_MAX, "one entry a box");
	for (size_t i = 0; i < t->now->n; i++) {
		const struct ck_box *b = &t->now->at[i];

		if (b->aside || (b->keys == 0 && b->cert == NULL) || !ours(t->now, b, t->serial))
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

	if (look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b != NULL && b->keys > 1)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s: %zu keys", b->dir, b->keys);
	if (b == NULL || b->key == NULL || !EVP_PKEY_up_ref(b->key))
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "no open key under this id");
	*key = b->key;
	return 0;
}

/* ---- a new pair and its certificate ---- */

static EVP_PKEY *
generate(enum ck_keytype type)
{
	return type == CK_KEY_P256 ? EVP_EC_gen("P-256")
				   : EVP_RSA_gen(type == CK_KEY_RSA3072 ? 3072U : 2048U);
}

/* The old one's name up to its own tag or ending, cut between characters. */
static size_t
stem_of(const char *name)
{
	char root[CK_SERIAL_LEN];
	unsigned char id[CK_TOKEN_ID_MAX];
	const char *dot = strrchr(name, '.');
	size_t n = dot == NULL ? strlen(name) : (size_t)(dot - name), id_len = 0;
	unsigned seq = 0;

	if (ck_name_tag(name, root, &seq, id, &id_len)) {
		for (int dashes = 0; n > 0 && dashes < 3; n--)
			dashes += name[n - 1] == '-';
	}
	if (n > STEM_MAX)
		for (n = STEM_MAX; n > 0 && (name[n] & 0xc0) == 0x80; n--)
			continue;
	return n;
}

static int
plan_box(
    struct ck_file *t, const unsigned char *id, size_t id_len, struct ck_box *b, struct ck_err *err)
{
	const struct ck_box *old = in_force(t);
	const char *to = t->medium->save_to[0] != '\0' ? t->medium->save_to : NULL;
	char hex[2 * CK_TOKEN_ID_MAX + 1], stem[CK_NAME_LEN] = "UserCert";
	bool p12 = old != NULL && old->kind == CK_BOX_P12;
	int n = 0;

	if (old == NULL)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s", t->serial);
	if (p12)
		snprintf(stem, sizeof stem, "%.*s", (int)stem_of(old->name), old->name);
	*b = (struct ck_box){ .kind = old->kind, .keys = 1, .made = true, .id_len = id_len };
	b->form = old->form == CK_FORM_PKCS8_DER ? CK_FORM_PKCS8_DER : CK_FORM_PKCS8_PEM;
	memcpy(b->id, id, id_len);
	b->seq = (old->made ? old->seq : 0) + 1;
	ck_hex(id, id_len, hex);
	n = snprintf(b->name, sizeof b->name, "%s-%s-%u-%s%s", stem, t->serial, b->seq, hex,
	    p12 ? strrchr(old->name, '.') : "");
	if (n < 0 || (size_t)n >= sizeof b->name - sizeof CK_TMP || b->seq > CK_SEQ_MAX)
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "an id of %zu bytes", id_len);
	snprintf(b->home, sizeof b->home, "%s", to != NULL ? to : old->home);
	n = snprintf(b->dir, sizeof b->dir, "%s%s%s", b->home, p12 ? "" : "/", p12 ? "" : b->name);
	if (n < 0 || (size_t)n >= sizeof b->dir)
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "%s", b->home);
	snprintf(b->key_file, sizeof b->key_file, "%s", p12 ? b->name : old->key_file);
	snprintf(b->label, sizeof b->label, "%s", old->label);
	return 0;
}

/* A full medium keeps nothing half. */
static int
write_pair(struct ck_file *t, struct ck_box *b, struct ck_err *err)
{
	unsigned char *sealed = NULL;
	size_t n = 0;
	int rc = -1;

	if (ck_box_seal(b, t->pin, &sealed, &n, err) != 0)
		return -1;
	if (b->kind == CK_BOX_FOLDER && mkdir(b->dir, 0700) != 0 && errno != EEXIST) {
		ck_file_fail(err, errno, b->dir);
		goto out;
	}
	CK_FAULT("file-folder");
	rc = ck_file_write(b->dir, b->key_file, false, sealed, n, err);
	if (rc != 0 && b->kind == CK_BOX_FOLDER)
		rmdir(b->dir);
out:
	free(sealed);
	return rc;
}

/* What was just written is opened from the medium, not from memory: it is the only copy. */
static int
reopen(struct ck_file *t, const unsigned char *id, size_t id_len, EVP_PKEY *same,
    const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_box *b = NULL;

	if (look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b == NULL)
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "the new pair is not found again");
	if (ck_box_open(b, pin, err) != 0)
		return -1;
	if (b->key == NULL || EVP_PKEY_eq(b->key, same) != 1)
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "another key is read back");
	return 0;
}

static int
file_genkey(struct ck_token *tok, enum ck_keytype type, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	struct ck_box b, *there = NULL;
	int rc = -1;

	(void)label; /* a new one is called after the old one */
	if (look(t, err) != 0)
		return -1;
	there = box_of(t, id, id_len);
	if (there != NULL && there->keys > 0)
		return 0;
	if (!t->logged_in)
		return ck_fail(err, CK_E_INTERNAL, "no password yet");
	if (plan_box(t, id, id_len, &b, err) != 0)
		return -1;
	b.key = generate(type);
	if (b.key == NULL)
		ck_fail(err, CK_E_INTERNAL, "no key pair could be made");
	else if (write_pair(t, &b, err) == 0)
		rc = reopen(t, id, id_len, b.key, t->pin, err);
	EVP_PKEY_free(b.key);
	return rc;
}

static int
put_p12(struct ck_file *t, const struct ck_box *b, const unsigned char *der, size_t n,
    struct ck_err *err)
{
	struct ck_box whole = *b;
	unsigned char *sealed = NULL, *copy = malloc(n);
	size_t len = 0;
	int rc = -1;

	if (copy == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "writing a certificate");
	memcpy(copy, der, n);
	whole.cert = copy;
	whole.cert_len = n;
	if (ck_box_seal(&whole, t->pin, &sealed, &len, err) == 0)
		rc = ck_file_write(b->dir, b->name, true, sealed, len, err);
	free(sealed);
	free(copy);
	return rc;
}

static int
file_put_cert(struct ck_token *tok, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;
	EVP_PKEY *key = NULL;
	int rc = -1;

	(void)label;
	if (look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b == NULL || b->key == NULL)
		return ck_fail(err, CK_E_CERT_WITHOUT_KEY, "no open key under this id");
	if (b->cert != NULL && b->cert_len == n && memcmp(b->cert, der, n) == 0)
		return 0;
	if (b->cert != NULL)
		return ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s has a certificate", b->name);
	key = b->key;
	if (!EVP_PKEY_up_ref(key))
		return ck_fail(err, CK_E_INTERNAL, "key");
	if ((b->kind == CK_BOX_P12
		    ? put_p12(t, b, der, n, err)
		    : ck_file_write(b->dir, "UserCert.der", false, der, n, err)) == 0)
		rc = reopen(t, id, id_len, key, t->pin, err);
	EVP_PKEY_free(key);
	return rc;
}

/* ---- what goes, and the password ---- */

/* A pair without a certificate was never anybody's. */
static int
sweep_pair(const struct ck_box *b, struct ck_err *err)
{
	if (ck_file_unlink(b->dir, b->key_file, err) != 0)
		return -1;
	if (b->kind == CK_BOX_FOLDER && rmdir(b->dir) != 0 && errno != ENOENT)
		return ck_file_fail(err, errno, b->dir);
	return 0;
}

static int
put_aside(const struct ck_box *b, struct ck_err *err)
{
	if (b->kind == CK_BOX_P12)
		return b->aside ? 0 : ck_file_aside(b->dir, b->name, err);
	/* the certificate first: what is left after an interruption is then known as retired */
	if (!b->aside && b->cert != NULL && ck_file_aside(b->dir, b->cert_file, err) != 0)
		return -1;
	return b->keys == 1 ? ck_file_aside(b->dir, b->key_file, err) : 0;
}

static int
file_remove(struct ck_token *tok, const unsigned char *id, size_t id_len, unsigned parts,
    struct ck_err *err)
{
	struct ck_file *t = (struct ck_file *)tok;
	const struct ck_box *b = NULL;

	if (parts != (CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC))
		return ck_fail(err, CK_E_KEY_UNSUITABLE, "a file goes as a whole");
	if (look(t, err) != 0)
		return -1;
	b = box_of(t, id, id_len);
	if (b == NULL)
		return 0;
	/* an empty folder, or one whose key alone was made */
	if (b->made && !b->aside && b->cert == NULL && (b->keys == 0 || b->open)) {
		if (b->keys > 0)
			return sweep_pair(b, err);
		return rmdir(b->dir) == 0 || errno == ENOENT ? 0 : ck_file_fail(err, errno, b->dir);
	}
	return put_aside(b, err);
}

static int
reseal(struct ck_file *t, const struct ck_box *b, const struct ck_secret *new, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX], *sealed = NULL;
	size_t n = 0, id_len = b->id_len;
	EVP_PKEY *key = b->key;
	int rc = -1;

	memcpy(id, b->id, id_len);
	if (!EVP_PKEY_up_ref(key))
		return ck_fail(err, CK_E_INTERNAL, "key");
	if (ck_box_seal(b, new, &sealed, &n, err) == 0 &&
	    ck_file_write(b->dir, b->key_file, true, sealed, n, err) == 0)
		rc = reopen(t, id, id_len, key, new, err);
	free(sealed);
	EVP_PKEY_free(key);
	return rc;
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
	if (reseal(t, b, new, err) != 0)
		return -1;
	return ck_secret_copy(t->pin, new) == 0 ? 0 : ck_fail(err, CK_E_NO_MEMORY, "password");
}

/* ---- which media are there ---- */

/* What a medium is shown by: the newest of its boxes; NULL when all of it was retired. */
static const struct ck_box *
live(const struct ck_boxes *all, const struct ck_box *root)
{
	const struct ck_box *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct ck_box *b = &all->at[i];

		if (!b->aside && (b->keys > 0 || b->cert != NULL) && ck_box_root(all, b) == root &&
		    (best == NULL || (b->made && b->seq > best->seq)))
			best = b;
	}
	return best;
}

static bool
wanted(const struct ck_medium *m, const struct ck_boxes *all, const struct ck_box *root)
{
	for (size_t i = 0; m->only[0] != '\0' && i < all->n; i++)
		if (ck_box_root(all, &all->at[i]) == root && all->at[i].kind == CK_BOX_P12 &&
		    strncasecmp(all->at[i].name, m->only, strlen(m->only)) == 0)
			return true;
	return m->only[0] == '\0';
}

static void
scan_family(const struct ck_family *fam, const struct ck_medium *m, struct ck_boxes *all,
    struct ck_err *broken)
{
	glob_t found;

	if (m->place[0] != '\0')
		ck_boxes_scan(all, m->place, broken);
	for (size_t i = 0; m->place[0] == '\0' && i < fam->n_roots; i++) {
		if (glob(fam->roots[i], 0, NULL, &found) == 0)
			for (size_t j = 0; j < found.gl_pathc; j++)
				ck_boxes_scan(all, found.gl_pathv[j], broken);
		globfree(&found);
	}
	if (m->save_to[0] != '\0')
		ck_boxes_scan(all, m->save_to, broken);
}

int
ck_files_list(const struct ck_family *fam, const struct ck_medium *m, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *broken)
{
	struct ck_boxes *all = calloc(1, sizeof *all);

	if (all == NULL)
		return ck_fail(broken, CK_E_NO_MEMORY, "looking for media");
	scan_family(fam, m, all, broken);
	for (size_t i = 0; i < all->n && *n < cap; i++) {
		const struct ck_box *b = &all->at[i], *shown = NULL;

		if (ck_box_root(all, b) != b || (shown = live(all, b)) == NULL ||
		    !wanted(m, all, b))
			continue;
		describe(fam, m, shown, shown->form == CK_FORM_PLAIN, &rows[*n]);
		memcpy(rows[(*n)++].serial, b->serial, sizeof b->serial);
	}
	ck_boxes_free(all);
	return 0;
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
};

static void
remember_place(struct ck_file *t, const char *place)
{
	if (strcmp(place, t->home) == 0 || t->n_also == ALSO_MAX)
		return;
	for (size_t i = 0; i < t->n_also; i++)
		if (strcmp(place, t->also[i]) == 0)
			return;
	snprintf(t->also[t->n_also++], CK_PLACE_MAX, "%s", place);
}

/* Where the one medium of this serial has its root, and the rest of it. */
static int
find_home(
    const struct ck_family *fam, const struct ck_medium *m, struct ck_file *t, struct ck_err *err)
{
	struct ck_boxes *all = calloc(1, sizeof *all);
	struct ck_err broken = { .code = CK_E_NONE };
	size_t hits = 0;

	if (all == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "looking for media");
	scan_family(fam, m, all, &broken);
	for (size_t i = 0; i < all->n; i++) {
		const struct ck_box *b = &all->at[i];

		if (ck_box_root(all, b) != b || live(all, b) == NULL ||
		    strcmp(b->serial, t->serial) != 0)
			continue;
		snprintf(t->home, sizeof t->home, "%s", b->home);
		hits++;
	}
	for (size_t i = 0; hits == 1 && i < all->n; i++)
		if (ours(all, &all->at[i], t->serial))
			remember_place(t, all->at[i].home);
	ck_boxes_free(all);
	if (hits == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "no medium %s", t->serial);
	if (hits > 1)
		return ck_fail(err, CK_E_MANY_KEYS, "%zu copies of %s", hits, t->serial);
	return 0;
}

int
ck_file_open(const struct ck_family *fam, const struct ck_medium *m, const char *serial,
    struct ck_token **out, struct ck_err *err)
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
	if (find_home(fam, m, t, err) != 0) {
		file_close(&t->token);
		return -1;
	}
	*out = &t->token;
	return 0;
}
