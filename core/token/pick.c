#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "token/file.h"
#include "token/p11.h"

/* key families one site knows; a CA hands out a handful of makes */
#define FAMILIES_MAX 32
/* RSA key generation on old keys takes a minute; more than this is a module that hangs */
#define CALL_TIMEOUT_DEFAULT 60
#define CALL_TIMEOUT_MAX 600

struct ck_keyring {
	struct ck_family families[FAMILIES_MAX];
	size_t n;
	struct ck_medium medium;
	struct ck_module module; /* one at a time; what was listed last stays for ck_keyring_take */
};

/* ---- keys.d ---- */

static int
read_keytypes(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	char word[16] = "";
	size_t n = 0;

	if (ck_conf_list(at, "keytypes", true, CK_KEY_P256 + 1, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int type = 0;

		if (ck_conf_list_text(at, "keytypes", i, word, sizeof word, err) < 0)
			return -1;
		type = ck_keytype_from(word);
		if (type < 0)
			return ck_conf_wrong(
			    at, "keytypes", err, "\"%s\" is none of rsa2048, rsa3072, p256", word);
		fam->keytypes[type] = true;
	}
	return n > 0 ? 0 : ck_conf_wrong(at, "keytypes", err, "names no kind of key");
}

static int
read_pin_rule(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	static const char *const charsets[] = { "any", "digits", NULL };
	int charset = 0;

	if (ck_conf_int(at, "pin_min", false, 1, CK_SECRET_MAX, &fam->pin_min, err) < 0 ||
	    ck_conf_int(at, "pin_max", false, 1, CK_SECRET_MAX, &fam->pin_max, err) < 0 ||
	    ck_conf_word(at, "pin_charset", false, charsets, &charset, err) < 0)
		return -1;
	if (fam->pin_max != 0 && fam->pin_max < fam->pin_min)
		return ck_conf_wrong(at, "pin_max", err, "is below pin_min (%d)", fam->pin_min);
	fam->pin_digits = charset == 1;
	return 0;
}

/* Absolute, so that what is meant does not hang on where the engine was started. */
static int
read_roots(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	snprintf(fam->module, sizeof fam->module, "file");
	if (ck_conf_list(at, "roots", true, CK_ROOTS_MAX, &fam->n_roots, err) < 0)
		return -1;
	for (size_t i = 0; i < fam->n_roots; i++) {
		if (ck_conf_list_text(at, "roots", i, fam->roots[i], sizeof fam->roots[i], err) < 0)
			return -1;
		if (fam->roots[i][0] != '/')
			return ck_conf_wrong(
			    at, "roots", err, "\"%s\" does not begin with /", fam->roots[i]);
	}
	return 0;
}

static int
read_module(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	if (ck_conf_path(at, "module", true, fam->module, sizeof fam->module, err) < 0 ||
	    ck_conf_bool(at, "two_pairs", false, &fam->two_pairs, err) < 0)
		return -1;
	return 0;
}

static int
read_settings(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	static const char *const drivers[] = {
		[CK_DRIVER_P11] = "p11", [CK_DRIVER_FILE] = "file", NULL
	};
	int driver = 0;

	if (ck_conf_text(at, "name", true, fam->name, sizeof fam->name, err) < 0 ||
	    ck_conf_word(at, "driver", true, drivers, &driver, err) < 0)
		return -1;
	fam->driver = (enum ck_driver)driver;
	if (driver == CK_DRIVER_FILE ? read_roots(at, fam, err) != 0
				     : read_module(at, fam, err) != 0)
		return -1;
	if (ck_conf_int(at, "call_timeout_s", false, 1, CALL_TIMEOUT_MAX, &fam->limit, err) < 0 ||
	    read_pin_rule(at, fam, err) != 0 || read_keytypes(at, fam, err) != 0)
		return -1;
	return 0;
}

static int
read_family(void *u, const char *file, struct ck_err *err)
{
	struct ck_keyring *k = u;
	struct ck_family *fam = &k->families[k->n];
	struct ck_conf *conf = NULL;
	int rc = -1;

	if (k->n == FAMILIES_MAX)
		return ck_fail(
		    err, CK_E_CONFIG, "%s: more than %d key families", file, FAMILIES_MAX);
	if (ck_conf_open(file, &conf, err) != 0)
		return -1;
	*fam = (struct ck_family){ .two_pairs = true, .limit = CALL_TIMEOUT_DEFAULT };
	if (read_settings(ck_conf_root(conf), fam, err) == 0 && ck_conf_done(conf, err) == 0) {
		rc = 0;
		k->n++;
	}
	ck_conf_close(conf);
	return rc;
}

int
ck_keyring_open(const char *keys_dir, struct ck_keyring **out, struct ck_err *err)
{
	struct ck_keyring *k = calloc(1, sizeof *k);

	*out = NULL;
	if (k == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "reading %s", keys_dir);
	if (ck_conf_each_file(keys_dir, read_family, k, err) != 0) {
		free(k);
		return -1;
	}
	if (k->n == 0) {
		free(k);
		return ck_fail(err, CK_E_CONFIG, "%s: no key family (*.conf)", keys_dir);
	}
	*out = k;
	return 0;
}

void
ck_keyring_close(struct ck_keyring *k)
{
	if (k == NULL)
		return;
	ck_module_free(&k->module);
	free(k);
}

int
ck_keyring_limit(const struct ck_keyring *k)
{
	int longest = 0;

	for (size_t i = 0; i < k->n; i++)
		if (k->families[i].limit > longest)
			longest = k->families[i].limit;
	return longest;
}

/* ---- which keys are there ---- */

struct rows {
	struct ck_token_info *at;
	size_t n, cap;
};

/* A slot that can't be asked is left out: another reader's trouble must not hide this key. */
static int
list_module(
    struct ck_keyring *k, const struct ck_family *fam, struct rows *rows, struct ck_err *err)
{
	CK_SLOT_ID slots[CK_SLOTS_MAX];
	size_t n = 0;

	/* always anew: SoftHSM and some vendors never notice a key that came after C_Initialize */
	if (ck_module_load(&k->module, fam->module, err) != 0 ||
	    ck_module_slots(&k->module, slots, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n && rows->n < rows->cap; i++) {
		struct ck_token_info *row = &rows->at[rows->n];

		/* SoftHSM always shows one key more, never initialised */
		if (ck_p11_describe(&k->module, fam, slots[i], row) == 0 && row->initialised)
			rows->n++;
	}
	return 0;
}

static bool
module_listed(const struct ck_keyring *k, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(k->families[j].module, k->families[i].module) == 0)
			return true;
	return false;
}

static const struct ck_family *
files_of(const struct ck_keyring *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->families[i].driver == CK_DRIVER_FILE)
			return &k->families[i];
	return NULL;
}

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
split_file(struct ck_keyring *k, const char *path, struct ck_err *err)
{
	const char *slash = strrchr(path, '/');
	char dir[CK_PLACE_MAX];

	if (slash == NULL || slash == path || (size_t)(slash - path) >= sizeof dir ||
	    strlen(slash + 1) >= sizeof k->medium.only)
		return ck_fail(err, CK_E_MEDIUM_BROKEN, "%s", path);
	snprintf(dir, sizeof dir, "%.*s", (int)(slash - path), path);
	snprintf(k->medium.only, sizeof k->medium.only, "%s", slash + 1);
	return real_folder(dir, k->medium.place, err);
}

int
ck_keyring_medium(struct ck_keyring *k, const char *medium, const char *save_to, struct ck_err *err)
{
	struct stat sb;

	if ((medium != NULL || save_to != NULL) && files_of(k) == NULL)
		return ck_fail(err, CK_E_CONFIG, "no key family with driver \"file\"");
	if (medium != NULL && (stat(medium, &sb) == 0 && S_ISDIR(sb.st_mode) && !is_made(medium)
				      ? real_folder(medium, k->medium.place, err)
				      : split_file(k, medium, err)) != 0)
		return -1;
	return save_to == NULL ? 0 : real_folder(save_to, k->medium.save_to, err);
}

static int
by_family_and_serial(const void *a, const void *b)
{
	const struct ck_token_info *x = a, *y = b;
	int c = strcmp(x->family, y->family);

	return c != 0 ? c : strcmp(x->serial, y->serial);
}

int
ck_keyring_list(
    struct ck_keyring *k, struct ck_token_info *rows, size_t cap, size_t *n, struct ck_err *err)
{
	struct rows r = { .at = rows, .cap = cap };
	struct ck_err first = { .code = CK_E_NONE }, crowded = { .code = CK_E_NONE };
	size_t files = 0;

	*n = 0;
	if (k->module.taken)
		return ck_fail(err, CK_E_KEY_BUSY, "a key is open in this visit");
	for (size_t i = 0; i < k->n; i++) {
		const struct ck_family *fam = &k->families[i];

		if (fam->driver == CK_DRIVER_FILE) {
			size_t before = r.n;

			/* every family would find the same in a place that was pointed at */
			if (k->medium.place[0] == '\0' || fam == files_of(k))
				ck_files_list(fam, &k->medium, rows, cap, &r.n, &first, &crowded);
			files += r.n - before;
		} else if (k->medium.place[0] == '\0' && !module_listed(k, i)) {
			list_module(k, fam, &r, &first);
		}
	}
	/* the one that is meant may be among what was not looked at */
	if (r.n == files && crowded.code != CK_E_NONE)
		return ck_fail(err, crowded.code, "%s", crowded.detail);
	if (r.n == 0 && first.code != CK_E_NONE)
		return ck_fail_native(err, first.code, first.native, "%s", first.detail);
	qsort(rows, r.n, sizeof *rows, by_family_and_serial);
	*n = r.n;
	return 0;
}

static const struct ck_family *
family_named(const struct ck_keyring *k, const char *name)
{
	for (size_t i = 0; i < k->n; i++)
		if (strcmp(k->families[i].name, name) == 0)
			return &k->families[i];
	return NULL;
}

int
ck_keyring_take(struct ck_keyring *k, const struct ck_token_info *which, struct ck_token **out,
    struct ck_err *err)
{
	const struct ck_family *fam = family_named(k, which->family);
	CK_SLOT_ID slots[CK_SLOTS_MAX], slot = 0;
	size_t n = 0, hits = 0;

	*out = NULL;
	if (fam == NULL)
		return ck_fail(err, CK_E_INTERNAL, "no key family %s", which->family);
	if (k->module.taken)
		return ck_fail(err, CK_E_KEY_BUSY, "a key is open in this visit");
	if (fam->driver == CK_DRIVER_FILE)
		return ck_file_open(fam, &k->medium, which->serial, out, err);
	if (strcmp(k->module.path, fam->module) != 0 &&
	    ck_module_load(&k->module, fam->module, err) != 0)
		return -1;
	if (ck_module_slots(&k->module, slots, &n, err) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct ck_token_info row;

		if (ck_p11_describe(&k->module, fam, slots[i], &row) != 0 || !row.initialised ||
		    strcmp(row.serial, which->serial) != 0)
			continue;
		slot = slots[i];
		hits++;
	}
	if (hits == 0)
		return ck_fail(err, CK_E_KEY_REMOVED, "no key %s in a reader", which->serial);
	/* badly personalised keys all carry "0000" */
	if (hits > 1)
		return ck_fail(err, CK_E_MANY_KEYS, "%zu keys with serial %s", hits, which->serial);
	return ck_p11_open(&k->module, fam, slot, out, err);
}
