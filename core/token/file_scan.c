/* What lies in the folders of a medium: which pairs, which of them made here and for whom. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "token/file.h"
#include "token/p11.h"

/* years of renewals whose first file is gone; names of a stick may also run in a circle */
#define LINKS_MAX 32
/* folders below a place: the folder of the certificate on the stick */
#define DEPTH 1

/* ---- boxes ---- */

static void
box_free(struct ck_box *b)
{
	free(b->sealed);
	free(b->cert);
	EVP_PKEY_free(b->key);
	*b = (struct ck_box){ .keys = 0 };
}

void
ck_boxes_free(struct ck_boxes *all)
{
	if (all == NULL)
		return;
	for (size_t i = 0; i < all->n; i++)
		box_free(&all->at[i]);
	free(all);
}

/* The public key identifies the pair; where that is sealed too (PKCS#12), the sealed bytes do. */
static void
name_box(struct ck_box *b)
{
	unsigned char hash[CK_HASH_LEN];

	if (b->cert == NULL)
		SHA256(b->sealed != NULL ? b->sealed : (const unsigned char *)b->name,
		    b->sealed != NULL ? b->sealed_len : strlen(b->name), hash);
	else if (!ck_spki_cert((struct ck_bytes){ b->cert, b->cert_len }, hash))
		SHA256(b->cert, b->cert_len, hash);
	ck_hex(hash, CK_SERIAL_BYTES, b->serial);
	if (b->made)
		return;
	memcpy(b->id, hash, CK_SERIAL_BYTES);
	b->id_len = CK_SERIAL_BYTES;
}

static struct ck_box *
new_box(struct ck_boxes *all, enum ck_box_kind kind, const char *home, const char *name)
{
	struct ck_box *b = NULL;
	char plain[CK_NAME_LEN];

	if (all->n == CK_BOXES_MAX) {
		all->more = true;
		return NULL;
	}
	b = &all->at[all->n];
	*b = (struct ck_box){ .kind = kind };
	snprintf(b->home, sizeof b->home, "%s", home);
	snprintf(b->name, sizeof b->name, "%s", name);
	b->aside = ck_name_old(name, plain);
	b->made = ck_name_tag(plain, b->root, &b->seq, b->id, &b->id_len);
	ck_clean_str(b->label, sizeof b->label, plain);
	return b;
}

static void
note_broken(struct ck_err *broken, const char *dir, const char *name, int error)
{
	ck_fail_native(broken, CK_E_MEDIUM_BROKEN, (unsigned long)error, "%s/%s", dir, name);
}

static void
take_p12(struct ck_boxes *all, int d, const char *dir, const char *name, struct ck_err *broken)
{
	struct ck_box *b = new_box(all, CK_BOX_P12, dir, name);

	if (b == NULL)
		return;
	snprintf(b->dir, sizeof b->dir, "%s", dir);
	snprintf(b->key_file, sizeof b->key_file, "%s", name);
	errno = 0;
	if (ck_file_read(d, name, &b->sealed, &b->sealed_len) == 0 &&
	    ck_p12_whole(b->sealed, b->sealed_len)) {
		b->keys = 1;
	} else if (b->sealed == NULL || !b->made || b->aside) {
		if (!b->aside)
			note_broken(broken, dir, name, errno);
		box_free(b);
		return;
	}
	b->torn = b->keys == 0;
	name_box(b);
	all->n++;
}

/* what one folder has to say */
struct names {
	char (*at)[CK_NAME_LEN];
	size_t n;
};

static void
take_key(struct ck_box *b, int d, const struct names *names)
{
	for (size_t i = 0; i < names->n; i++) {
		const char *name = names->at[i];
		enum ck_key_form form = CK_FORM_NONE;
		unsigned char *p = NULL;
		size_t n = 0;

		if (!ck_name_is_key(name) || ck_file_read(d, name, &p, &n) != 0)
			continue;
		form = b->made && !ck_key_whole(p, n) ? CK_FORM_NONE : ck_key_form(p, n);
		if (form == CK_FORM_NONE && b->made && b->keys == 0)
			snprintf(b->key_file, sizeof b->key_file, "%s", name);
		if (form == CK_FORM_NONE || b->keys++ > 0) {
			OPENSSL_cleanse(p, n);
			free(p);
			continue;
		}
		b->form = form;
		snprintf(b->key_file, sizeof b->key_file, "%s", name);
		b->sealed = p;
		b->sealed_len = n;
	}
}

/* One UserCert.der, in force or retired, with the key where there is one; or, of a folder made
 * here, whatever is there of it. */
static void
take_cert(struct ck_boxes *all, int d, const char *home, const char *dir, const char *cert,
    const struct names *names, bool with_key, struct ck_err *broken)
{
	const char *slash = strrchr(dir, '/');
	struct ck_box *b = new_box(all, CK_BOX_FOLDER, home, slash == NULL ? dir : slash + 1);
	char plain[CK_NAME_LEN];

	if (b == NULL)
		return;
	snprintf(b->dir, sizeof b->dir, "%s", dir);
	b->aside = false;
	if (cert != NULL) {
		b->aside = ck_name_old(cert, plain);
		snprintf(b->cert_file, sizeof b->cert_file, "%s", cert);
		if (ck_file_read(d, cert, &b->cert, &b->cert_len) == 0 && b->cert_len == 0 &&
		    b->made && !b->aside) {
			free(b->cert); /* torn */
			b->cert = NULL;
		} else if (b->cert == NULL || b->cert_len == 0 || b->cert_len > CK_CERT_MAX) {
			if (!b->aside)
				note_broken(broken, dir, cert, errno);
			box_free(b);
			return;
		}
		/* a name in .der says little; what was brought keeps its bytes, the CA gets DER */
		if (b->cert != NULL)
			ck_file_cert_der(&b->cert, &b->cert_len);
	}
	if (with_key)
		take_key(b, d, names);
	b->torn = b->made && !b->aside && b->keys == 0;
	name_box(b);
	all->n++;
}

static void
take_folder(struct ck_boxes *all, int d, const char *home, const char *dir,
    const struct names *names, bool made, struct ck_err *broken)
{
	const char *live = NULL;
	char plain[CK_NAME_LEN];
	size_t aside = 0;

	for (size_t i = 0; i < names->n; i++)
		if (ck_name_is_cert(names->at[i]))
			live = names->at[i];
	for (size_t i = 0; i < names->n; i++)
		if (ck_name_old(names->at[i], plain) && ck_name_is_cert(plain))
			take_cert(all, d, home, dir, names->at[i], names,
			    live == NULL && aside++ == 0, broken);
	if (live != NULL || (made && aside == 0))
		take_cert(all, d, home, dir, live, names, true, broken);
}

/* ---- folders ---- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* A stick of photographs is not crowded. */
static bool
matters(const struct dirent *e)
{
	char plain[CK_NAME_LEN];

	if (e->d_name[0] == '.')
		return false;
	ck_name_old(e->d_name, plain);
	return e->d_type == DT_DIR || e->d_type == DT_UNKNOWN || ck_name_is_p12(plain) ||
	       ck_name_is_cert(plain) || ck_name_is_key(e->d_name);
}

static bool
read_names(struct ck_boxes *all, int d, struct names *out)
{
	int copy = fcntl(d, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e = NULL;

	*out = (struct names){ .at = calloc(CK_NAMES_MAX, sizeof *out->at) };
	if (dir == NULL && copy >= 0)
		close(copy);
	for (size_t seen = 0; dir != NULL && out->at != NULL && (e = readdir(dir)) != NULL;) {
		if (seen++ == CK_SEEN_MAX || (matters(e) && out->n == CK_NAMES_MAX)) {
			all->more = true;
			break;
		}
		if (matters(e))
			snprintf(out->at[out->n++], CK_NAME_LEN, "%s", e->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	if (out->n > 0)
		qsort(out->at, out->n, sizeof *out->at, by_name);
	return out->at != NULL;
}

static bool
first_time(struct ck_boxes *all, int d)
{
	struct stat sb;

	if (fstat(d, &sb) != 0)
		return false;
	for (size_t i = 0; i < all->n_seen; i++)
		if (all->seen[i].dev == sb.st_dev && all->seen[i].ino == sb.st_ino)
			return false;
	if (all->n_seen == CK_PLACES_MAX) {
		all->more = true;
		return false;
	}
	all->seen[all->n_seen].dev = sb.st_dev;
	all->seen[all->n_seen++].ino = sb.st_ino;
	return true;
}

static void
scan(struct ck_boxes *all, const char *home, const char *dir, int depth, struct ck_err *broken)
{
	const char *slash = strrchr(dir, '/');
	char root[CK_SERIAL_LEN], sub[CK_PLACE_MAX], plain[CK_NAME_LEN];
	unsigned char id[CK_TOKEN_ID_MAX];
	struct names names = { .n = 0 };
	size_t id_len = 0;
	unsigned seq = 0;
	bool made = slash != NULL && ck_name_tag(slash + 1, root, &seq, id, &id_len);
	int d = ck_file_dir(dir);

	if (d < 0)
		return;
	if (!first_time(all, d) || !read_names(all, d, &names))
		goto out;
	take_folder(all, d, made ? home : dir, dir, &names, made, broken);
	for (size_t i = 0; i < names.n; i++) {
		ck_name_old(names.at[i], plain);
		if (ck_name_is_p12(plain))
			take_p12(all, d, dir, names.at[i], broken);
		else if (!made && (depth > 0 || ck_name_tag(plain, root, &seq, id, &id_len)) &&
			 (size_t)snprintf(sub, sizeof sub, "%s/%s", dir, names.at[i]) < sizeof sub)
			scan(all, dir, sub, depth - 1, broken);
	}
out:
	free(names.at);
	close(d);
}

/* ---- whose is what ---- */

static size_t
made_for(const struct ck_boxes *all, size_t at)
{
	const struct ck_box *b = &all->at[at];
	size_t best = at;

	for (size_t i = 0; b->made && i < all->n; i++)
		if (i != at && !all->at[i].torn && strcmp(all->at[i].serial, b->root) == 0 &&
		    /* torn between two names, the one that was there counts */
		    (best == at || (all->at[best].aside && !all->at[i].aside)))
			best = i;
	return best;
}

static void
link_boxes(struct ck_boxes *all)
{
	for (size_t i = 0; i < all->n; i++) {
		size_t root = i, up = 0;

		for (size_t n = 0; n < LINKS_MAX && (up = made_for(all, root)) != root; n++)
			root = up;
		all->at[i].origin = root;
	}
}

const struct ck_box *
ck_box_root(const struct ck_boxes *all, const struct ck_box *b)
{
	return &all->at[b->origin];
}

void
ck_boxes_scan(struct ck_boxes *all, const char *dir, struct ck_err *broken)
{
	char home[CK_PLACE_MAX];
	char *slash = NULL;

	snprintf(home, sizeof home, "%s", dir);
	slash = strrchr(home, '/');
	if (slash != NULL && slash != home)
		*slash = '\0';
	scan(all, home, dir, DEPTH, broken);
	link_boxes(all);
}
