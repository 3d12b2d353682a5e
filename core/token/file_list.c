/* Which media are there, of everything plugged in or pointed at. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "token/file.h"

static bool
writable(const char *dir)
{
	return access(dir, W_OK) == 0;
}

void
ck_file_describe(const struct ck_family *fam, const struct ck_medium *m, const struct ck_box *b,
    struct ck_token_info *info)
{
	const char *to = m->save_to[0] != '\0' ? m->save_to : b->home;

	*info = (struct ck_token_info){
		.driver = "file",
		.initialised = true,
		.pin_set = b->form != CK_FORM_PLAIN,
		.readonly = !writable(b->home) || !writable(to),
		.two_pairs = true,
		.rsa2048 = fam->keytypes[CK_KEY_RSA2048],
		.rsa3072 = fam->keytypes[CK_KEY_RSA3072],
		.p256 = fam->keytypes[CK_KEY_P256],
		.shows_certs = b->kind == CK_BOX_FOLDER,
		.pin_min = fam->pin_min > 0 ? fam->pin_min : 1,
		.pin_max = fam->pin_max > 0 ? fam->pin_max : CK_SECRET_MAX,
		.pin_digits = fam->pin_digits,
		.tries = { .number = -1, .unlimited = true },
		.limit = fam->limit,
	};
	snprintf(info->family, sizeof info->family, "%s", fam->name);
	snprintf(info->module, sizeof info->module, "%s", fam->module);
	snprintf(info->serial, sizeof info->serial, "%s", b->serial);
	snprintf(info->model, sizeof info->model, "%s",
	    b->kind == CK_BOX_P12 ? "PKCS#12" : "UserCert.der");
	ck_clean_str(info->label, sizeof info->label, b->name);
	ck_clean_str(info->reader, sizeof info->reader, b->dir);
}

/* What a medium is shown by: the newest of its boxes; NULL when all of it was retired. */
static const struct ck_box *
live(const struct ck_boxes *all, const struct ck_box *root)
{
	const struct ck_box *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct ck_box *b = &all->at[i];

		if (!b->aside && !b->torn && ck_box_root(all, b) == root &&
		    (best == NULL || (b->made && b->seq > best->seq)))
			best = b;
	}
	return best;
}

/* By its name, also after it was put aside; any file of a medium stands for it. */
static bool
wanted(const struct ck_medium *m, const struct ck_boxes *all, const struct ck_box *root)
{
	char plain[CK_NAME_LEN];

	for (size_t i = 0; m->only[0] != '\0' && i < all->n; i++) {
		ck_name_old(all->at[i].name, plain);
		if (ck_box_root(all, &all->at[i]) == root &&
		    (strcasecmp(all->at[i].name, m->only) == 0 || strcasecmp(plain, m->only) == 0))
			return true;
	}
	return m->only[0] == '\0';
}

static void
scan_all(const struct ck_family *fam, const struct ck_medium *m, struct ck_boxes *all,
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

void
ck_files_list(const struct ck_family *fam, const struct ck_medium *m, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *broken, struct ck_err *crowded)
{
	struct ck_boxes *all = calloc(1, sizeof *all);

	if (all == NULL) {
		ck_fail(broken, CK_E_NO_MEMORY, "looking for media");
		return;
	}
	scan_all(fam, m, all, broken);
	for (size_t i = 0; i < all->n; i++) {
		const struct ck_box *b = &all->at[i], *shown = NULL;

		if (ck_box_root(all, b) != b || (shown = live(all, b)) == NULL ||
		    !wanted(m, all, b))
			continue;
		if (*n == cap) {
			all->more = true;
			break;
		}
		ck_file_describe(fam, m, shown, &rows[*n]);
		memcpy(rows[(*n)++].serial, b->serial, sizeof b->serial);
	}
	if (all->more)
		ck_fail(crowded, CK_E_MEDIUM_CROWDED, "%s", m->place);
	ck_boxes_free(all);
}

static void
remember_place(struct ck_file *t, const char *place)
{
	if (strcmp(place, t->home) == 0 || t->n_also == CK_ALSO_MAX)
		return;
	for (size_t i = 0; i < t->n_also; i++)
		if (strcmp(place, t->also[i]) == 0)
			return;
	snprintf(t->also[t->n_also++], CK_PLACE_MAX, "%s", place);
}

int
ck_file_find(struct ck_file *t, struct ck_err *err)
{
	struct ck_boxes *all = calloc(1, sizeof *all);
	struct ck_err broken = { .code = CK_E_NONE };
	size_t hits = 0;

	if (all == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "looking for media");
	scan_all(t->family, t->medium, all, &broken);
	for (size_t i = 0; i < all->n; i++) {
		const struct ck_box *b = &all->at[i];

		if (ck_box_root(all, b) != b || live(all, b) == NULL ||
		    strcmp(b->serial, t->serial) != 0)
			continue;
		snprintf(t->home, sizeof t->home, "%s", b->home);
		hits++;
	}
	for (size_t i = 0; hits == 1 && i < all->n; i++)
		if (strcmp(ck_box_root(all, &all->at[i])->serial, t->serial) == 0)
			remember_place(t, all->at[i].home);
	ck_boxes_free(all);
	if (hits == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "no medium %s", t->serial);
	if (hits > 1)
		return ck_fail(err, CK_E_MANY_KEYS, "%zu copies of %s", hits, t->serial);
	return 0;
}

/* ---- where a person points at ---- */

/* A folder as it is really called: later opens follow no link. */
static int
real_folder(const char *path, char out[CK_PLACE_MAX], struct ck_err *err)
{
	char *real = realpath(path, NULL);
	struct stat sb;
	int rc = -1;

	if (real == NULL)
		ck_file_fail(err, errno, path);
	else if (stat(real, &sb) != 0 || !S_ISDIR(sb.st_mode) || strlen(real) >= CK_PLACE_MAX)
		ck_fail(err, CK_E_MEDIUM_BROKEN, "%s is no folder", path);
	else
		rc = 0;
	if (rc == 0)
		snprintf(out, CK_PLACE_MAX, "%s", real);
	free(real);
	return rc;
}

/* A folder that was made here is found in the one it was made in. */
static bool
is_made(const char *path)
{
	const char *slash = strrchr(path, '/');
	char root[CK_SERIAL_LEN];
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len = 0;
	unsigned seq = 0;

	return slash != NULL && ck_name_tag(slash + 1, root, &seq, id, &id_len);
}

/* PATH/FILE.p12: the folder and the name; the file may have been put aside meanwhile. */
static int
split_file(struct ck_medium *m, const char *path, struct ck_err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[CK_PLACE_MAX];

	if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof dir ||
	    strlen(slash + 1) >= sizeof m->only)
		return ck_fail(err, CK_E_MEDIUM_BROKEN, "%s", path);
	snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
	snprintf(m->only, sizeof m->only, "%s", slash + 1);
	return real_folder(dir, m->place, err);
}

int
ck_medium_point(struct ck_medium *m, const char *medium, const char *save_to, struct ck_err *err)
{
	struct stat sb;

	if (medium != NULL && (stat(medium, &sb) == 0 && S_ISDIR(sb.st_mode) && !is_made(medium)
				      ? real_folder(medium, m->place, err)
				      : split_file(m, medium, err)) != 0)
		return -1;
	return save_to == NULL ? 0 : real_folder(save_to, m->save_to, err);
}
