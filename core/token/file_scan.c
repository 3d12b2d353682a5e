/* What lies in the folders of a medium: which pairs, which of them made here and for whom. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "token/file.h"
#include "token/p11.h"

/* a lineage never has more links than boxes are looked at */
#define LINKS_MAX CK_BOXES_MAX
/* folders below a place: the folder of the certificate on the stick */
#define DEPTH 1

/* the names software writes these under */
static const char cert_name[] = "UserCert.der";
static const char *const p12_endings[] = { ".p12", ".pfx", NULL };
static const char *const key_endings[] = { ".key", ".pem", ".der", ".p8", ".pk8", ".prv", NULL };

/* ---- names ---- */

bool
ck_name_has(const char *name, const char *ending)
{
	size_t n = strlen(name), e = strlen(ending);

	return n > e && strcasecmp(name + n - e, ending) == 0;
}

static bool
has_any(const char *name, const char *const *endings)
{
	for (; *endings != NULL; endings++)
		if (ck_name_has(name, *endings))
			return true;
	return false;
}

/* The name without .old or .oldN; true when it had one. */
static bool
strip_old(const char *name, char out[CK_NAME_LEN])
{
	char *dot = NULL;
	size_t n = 0;

	snprintf(out, CK_NAME_LEN, "%s", name);
	dot = strrchr(out, '.');
	if (dot == NULL || strncasecmp(dot, ".old", 4) != 0)
		return false;
	n = strspn(dot + 4, "0123456789");
	if (dot[4 + n] != '\0')
		return false;
	*dot = '\0';
	return true;
}

static char *
last_part(char *s)
{
	char *dash = strrchr(s, '-');

	if (dash == NULL)
		return NULL;
	*dash = '\0';
	return dash + 1;
}

bool
ck_name_tag(const char *name, char root[CK_SERIAL_LEN], unsigned *seq,
    unsigned char id[CK_TOKEN_ID_MAX], size_t *id_len)
{
	char s[CK_NAME_LEN];
	unsigned char hash[CK_SERIAL_BYTES];
	char *hex = NULL, *number = NULL, *serial = NULL, *end = NULL;
	unsigned long n = 0;

	snprintf(s, sizeof s, "%s", name);
	if (has_any(s, p12_endings))
		*strrchr(s, '.') = '\0';
	if ((hex = last_part(s)) == NULL || (number = last_part(s)) == NULL ||
	    (serial = last_part(s)) == NULL)
		return false;
	*id_len = strlen(hex) / 2;
	n = strtoul(number, &end, 10);
	if (*id_len == 0 || *id_len > CK_TOKEN_ID_MAX || !ck_unhex(hex, id, *id_len) ||
	    end == number || *end != '\0' || n > CK_SEQ_MAX || !ck_unhex(serial, hash, sizeof hash))
		return false;
	*seq = (unsigned)n;
	ck_hex(hash, sizeof hash, root);
	return true;
}

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

	if (all->n == CK_BOXES_MAX)
		return NULL;
	b = &all->at[all->n];
	*b = (struct ck_box){ .kind = kind };
	snprintf(b->home, sizeof b->home, "%s", home);
	snprintf(b->name, sizeof b->name, "%s", name);
	b->aside = strip_old(name, plain);
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
	b->keys = 1;
	errno = 0;
	if (ck_file_read(d, name, &b->sealed, &b->sealed_len) != 0 ||
	    !ck_p12_whole(b->sealed, b->sealed_len)) {
		if (!b->aside)
			note_broken(broken, dir, name, errno);
		box_free(b);
		return;
	}
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

		if (!has_any(name, key_endings) || strcasecmp(name, cert_name) == 0 ||
		    ck_file_read(d, name, &p, &n) != 0)
			continue;
		form = ck_key_form(p, n);
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
		b->aside = strip_old(cert, plain);
		snprintf(b->cert_file, sizeof b->cert_file, "%s", cert);
		if (ck_file_read(d, cert, &b->cert, &b->cert_len) != 0 || b->cert_len == 0 ||
		    b->cert_len > CK_CERT_MAX) {
			if (!b->aside)
				note_broken(broken, dir, cert, errno);
			box_free(b);
			return;
		}
	}
	if (with_key)
		take_key(b, d, names);
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
		if (strcasecmp(names->at[i], cert_name) == 0)
			live = names->at[i];
	for (size_t i = 0; i < names->n; i++)
		if (strip_old(names->at[i], plain) && strcasecmp(plain, cert_name) == 0)
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

static int
read_names(int d, struct names *out)
{
	int copy = fcntl(d, F_DUPFD_CLOEXEC, 0);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *e = NULL;

	*out = (struct names){ .at = calloc(CK_NAMES_MAX, sizeof *out->at) };
	if (dir == NULL && copy >= 0)
		close(copy);
	while (
	    dir != NULL && out->at != NULL && out->n < CK_NAMES_MAX && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			snprintf(out->at[out->n++], CK_NAME_LEN, "%s", e->d_name);
	if (dir != NULL)
		closedir(dir);
	if (out->at == NULL)
		return -1;
	qsort(out->at, out->n, sizeof *out->at, by_name);
	return 0;
}

static bool
first_time(struct ck_boxes *all, int d)
{
	struct stat sb;

	if (fstat(d, &sb) != 0 || all->n_seen == CK_PLACES_MAX)
		return false;
	for (size_t i = 0; i < all->n_seen; i++)
		if (all->seen[i].dev == sb.st_dev && all->seen[i].ino == sb.st_ino)
			return false;
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
	if (!first_time(all, d) || read_names(d, &names) != 0)
		goto out;
	take_folder(all, d, made ? home : dir, dir, &names, made, broken);
	for (size_t i = 0; i < names.n; i++) {
		strip_old(names.at[i], plain);
		if (has_any(plain, p12_endings))
			take_p12(all, d, dir, names.at[i], broken);
		else if ((depth > 0 || ck_name_tag(plain, root, &seq, id, &id_len)) &&
			 (size_t)snprintf(sub, sizeof sub, "%s/%s", dir, names.at[i]) < sizeof sub)
			scan(all, dir, sub, depth - 1, broken);
	}
out:
	free(names.at);
	close(d);
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
}

static const struct ck_box *
made_for(const struct ck_boxes *all, const struct ck_box *b)
{
	for (size_t i = 0; b->made && i < all->n; i++)
		if (&all->at[i] != b && strcmp(all->at[i].serial, b->root) == 0)
			return &all->at[i];
	return NULL;
}

const struct ck_box *
ck_box_root(const struct ck_boxes *all, const struct ck_box *b)
{
	const struct ck_box *up = NULL;

	for (size_t i = 0; i < LINKS_MAX && (up = made_for(all, b)) != NULL; i++)
		b = up;
	return b;
}

/* ---- after an interruption ---- */

/* A whole file that only misses its name gets it (a torn rename on FAT leaves that); anything else
 * was never told to anyone. */
static void
settle_tmp(int d, const char *tmp)
{
	char name[CK_NAME_LEN];
	unsigned char *p = NULL;
	struct stat sb;
	size_t n = 0;
	bool whole = false;

	snprintf(name, sizeof name, "%.*s", (int)(strlen(tmp) - strlen(CK_TMP)), tmp);
	if (fstatat(d, name, &sb, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT &&
	    ck_file_read(d, tmp, &p, &n) == 0)
		whole = has_any(name, p12_endings) ? ck_p12_whole(p, n)
						   : ck_key_form(p, n) != CK_FORM_NONE;
	if (!whole || renameat(d, tmp, d, name) != 0)
		unlinkat(d, tmp, 0);
	fsync(d);
	free(p);
}

void
ck_boxes_sweep(const char *dir, const char *root)
{
	char plain[CK_NAME_LEN], of[CK_SERIAL_LEN], sub[CK_PLACE_MAX];
	const char *slash = strrchr(dir, '/');
	unsigned char id[CK_TOKEN_ID_MAX];
	struct names names = { .n = 0 };
	size_t id_len = 0;
	unsigned seq = 0;
	bool inside =
	    slash != NULL && ck_name_tag(slash + 1, of, &seq, id, &id_len) && strcmp(of, root) == 0;
	int d = ck_file_dir(dir);

	if (d < 0)
		return;
	if (read_names(d, &names) != 0)
		goto out;
	for (size_t i = 0; i < names.n; i++) {
		bool tmp = ck_name_has(names.at[i], CK_TMP);

		snprintf(plain, sizeof plain, "%s", names.at[i]);
		if (tmp)
			plain[strlen(plain) - strlen(CK_TMP)] = '\0';
		if (!inside &&
		    (!ck_name_tag(plain, of, &seq, id, &id_len) || strcmp(of, root) != 0))
			continue;
		if (tmp)
			settle_tmp(d, names.at[i]);
		else if (!inside &&
			 (size_t)snprintf(sub, sizeof sub, "%s/%s", dir, plain) < sizeof sub)
			ck_boxes_sweep(sub, root);
	}
out:
	free(names.at);
	close(d);
}
