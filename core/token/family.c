/* What keys.d says, checked and as data. */
#include "token/family.h"

#include <stdio.h>
#include <string.h>

#include "base/conf.h"

/* RSA key generation on old keys takes a minute; more than this is a module that hangs */
#define CALL_TIMEOUT_DEFAULT 60
#define CALL_TIMEOUT_MAX 600

struct table {
	struct ck_family *at;
	size_t n;
};

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
read_quirks(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	if (ck_conf_bool(at, "relist_after_removal", false, &fam->relist, err) < 0 ||
	    ck_conf_bool(
		at, "locked_reported_as_incorrect", false, &fam->locked_as_incorrect, err) < 0)
		return -1;
	return 0;
}

/* Only words that are known may stand in braces. */
static int
read_naming(const struct ck_conf_at *at, struct ck_naming *naming, struct ck_err *err)
{
	static const char *const rules[] = { [CK_ID_RANDOM] = "random",
		[CK_ID_SHA1] = "sha1",
		[CK_ID_OLD] = "old",
		[CK_ID_LABEL] = "label",
		NULL };
	static const char *const words[] = { "{cn}", "{serial}", "{date}", "{old}" };
	int rule = CK_ID_RANDOM;

	if (ck_conf_word(at, "id_rule", false, rules, &rule, err) < 0 ||
	    ck_conf_text(at, "label_rule", false, naming->label, sizeof naming->label, err) < 0)
		return -1;
	naming->id = (enum ck_id_rule)rule;
	if (naming->id == CK_ID_LABEL && naming->label[0] == '\0')
		return ck_conf_wrong(at, "id_rule", err, "\"label\" needs a label_rule");
	for (const char *p = naming->label; (p = strpbrk(p, "{}")) != NULL;) {
		size_t i = 0, n = sizeof words / sizeof *words;

		while (i < n && strncmp(p, words[i], strlen(words[i])) != 0)
			i++;
		if (i == n)
			return ck_conf_wrong(
			    at, "label_rule", err, "knows only {cn}, {serial}, {date}, {old}");
		p += strlen(words[i]);
	}
	return 0;
}

static int
read_module(const struct ck_conf_at *at, struct ck_family *fam, struct ck_err *err)
{
	if (ck_conf_path(at, "module", true, fam->module, sizeof fam->module, err) < 0 ||
	    ck_conf_bool(at, "two_pairs", false, &fam->two_pairs, err) < 0 ||
	    read_quirks(at, fam, err) != 0 || read_naming(at, &fam->naming, err) != 0)
		return -1;
	return ck_match_read(at, &fam->match, err);
}

/* A key found is opened by its family's name: two of one name would be one family with two drivers,
 * which is what a file that was copied and half changed makes. */
static int
read_name(
    const struct ck_conf_at *at, const struct table *t, struct ck_family *fam, struct ck_err *err)
{
	if (ck_conf_text(at, "name", true, fam->name, sizeof fam->name, err) < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->at[i].name, fam->name) == 0)
			return ck_conf_wrong(
			    at, "name", err, "\"%s\" is another file's, too", fam->name);
	return 0;
}

static int
read_settings(
    const struct ck_conf_at *at, const struct table *t, struct ck_family *fam, struct ck_err *err)
{
	static const char *const drivers[] = {
		[CK_DRIVER_P11] = "p11", [CK_DRIVER_FILE] = "file", NULL
	};
	int driver = 0;

	if (read_name(at, t, fam, err) != 0 ||
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
	struct table *t = u;
	struct ck_family *fam = &t->at[t->n];
	struct ck_conf *conf = NULL;
	int rc = -1;

	if (t->n == CK_FAMILIES_MAX)
		return ck_fail(
		    err, CK_E_CONFIG, "%s: more than %d key families", file, CK_FAMILIES_MAX);
	if (ck_conf_open(file, &conf, err) != 0)
		return -1;
	*fam =
	    (struct ck_family){ .two_pairs = true, .relist = true, .limit = CALL_TIMEOUT_DEFAULT };
	if (read_settings(ck_conf_root(conf), t, fam, err) == 0 && ck_conf_done(conf, err) == 0) {
		rc = 0;
		t->n++;
	}
	ck_conf_close(conf);
	return rc;
}

int
ck_families_read(
    const char *keys_dir, struct ck_family all[CK_FAMILIES_MAX], size_t *n, struct ck_err *err)
{
	struct table t = { .at = all };

	if (ck_conf_each_file(keys_dir, read_family, &t, err) != 0)
		return -1;
	*n = t.n;
	return t.n > 0 ? 0 : ck_fail(err, CK_E_CONFIG, "%s: no key family (*.conf)", keys_dir);
}
