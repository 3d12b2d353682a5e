#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/conf.h"
#include "base/utf8.h"

#define CONF_MAX (1024 * 1024) /* the longest of ours is a hundredth of it */
#define FOUND_MAX 96	       /* of a wrong value, what is enough to recognise it in the file */
#define WORDS_MAX 256	       /* "one of a, b, c" */
#define NAME_LEN_MAX 32 /* of settings that are compared letter by letter; ours are below 24 */

struct ck_conf {
	config_t c;
	char file[PATH_MAX];
	char dir[PATH_MAX]; /* of the file: @include and relative paths begin here */
};

/*
 * A ck_conf_at is libconfig's own setting under another name, so that only this file knows
 * libconfig. Its hook, which nobody else uses, says that a reader asked for the setting.
 */
static int asked;

static const config_setting_t *
setting_of(const struct ck_conf_at *at)
{
	return (const config_setting_t *)at;
}

static const struct ck_conf *
conf_of(const config_setting_t *s)
{
	return (const struct ck_conf *)s->config; /* its first member */
}

static const struct ck_conf_at *
at_of(const config_setting_t *s)
{
	return (const struct ck_conf_at *)s;
}

/* libconfig knows an included file by what stands in the @include, which is relative to our dir */
static int
full_name(const struct ck_conf *conf, const char *file, char *out, size_t cap)
{
	bool included = file != NULL && strcmp(file, conf->file) != 0;

	return included ? snprintf(out, cap, "%s/%s", conf->dir, file)
			: snprintf(out, cap, "%s", conf->file);
}

/* "file:line", or "file" for the root group, which libconfig gives no line */
struct place {
	char text[CK_DETAIL_MAX];
};

static struct place
place_of(const config_setting_t *s)
{
	struct place p = { "" };
	unsigned line = config_setting_source_line(s);
	int n = full_name(conf_of(s), config_setting_source_file(s), p.text, sizeof p.text);

	if (!config_setting_is_root(s) && n > 0 && (size_t)n < sizeof p.text)
		snprintf(p.text + n, sizeof p.text - (size_t)n, ":%u", line);
	return p;
}

static void
found(const config_setting_t *s, char *out, size_t cap)
{
	switch (config_setting_type(s)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		snprintf(out, cap, "%lld", config_setting_get_int64(s));
		break;
	case CONFIG_TYPE_FLOAT:
		snprintf(out, cap, "%g", config_setting_get_float(s));
		break;
	case CONFIG_TYPE_BOOL:
		snprintf(out, cap, "%s", config_setting_get_bool(s) ? "true" : "false");
		break;
	case CONFIG_TYPE_STRING:
		snprintf(out, cap, "\"%s\"", config_setting_get_string(s));
		break;
	case CONFIG_TYPE_GROUP:
		snprintf(out, cap, "a group { }");
		break;
	default:
		snprintf(out, cap, "a list of %d", config_setting_length(s));
		break;
	}
}

/* "file:line: setting: expected …, found …"; a member of a list goes by the list's name */
static int
unexpected(const config_setting_t *s, const char *name, struct ck_err *err, const char *expected)
{
	char what[FOUND_MAX * 4] = "", shown[FOUND_MAX] = "";

	found(s, what, sizeof what);
	ck_clean_str(shown, sizeof shown, what);
	return ck_fail(err, CK_E_CONFIG, "%s: %s: expected %s, found %s", place_of(s).text, name,
	    expected, shown);
}

/* Are at most two letters wrong, too many or too few, and fewer than half of them? */
static bool
nearly(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	int row[NAME_LEN_MAX + 1], before = 0, above = 0;

	if (n > NAME_LEN_MAX || m > NAME_LEN_MAX)
		return false;
	for (size_t j = 0; j <= m; j++)
		row[j] = (int)j;
	/* Levenshtein's distance, one row of the table at a time */
	for (size_t i = 0; i < n; i++) {
		before = row[0];
		row[0] = (int)i + 1;
		for (size_t j = 0; j < m; j++) {
			above = row[j + 1];
			row[j + 1] = before + (a[i] != b[j]);
			if (row[j + 1] > above + 1)
				row[j + 1] = above + 1;
			if (row[j + 1] > row[j] + 1)
				row[j + 1] = row[j] + 1;
			before = above;
		}
	}
	return row[m] <= 2 && (size_t)row[m] * 2 < n;
}

/* The setting nobody asked for that looks as if this one were meant: its line is where to look. */
static const config_setting_t *
misspelt(const config_setting_t *g, const char *name)
{
	int n = config_setting_length(g);

	for (int i = 0; i < n; i++) {
		const config_setting_t *s = config_setting_get_elem(g, (unsigned)i);

		if (config_setting_get_hook(s) != &asked && config_setting_name(s) != NULL &&
		    nearly(name, config_setting_name(s)))
			return s;
	}
	return NULL;
}

static int
missing(const config_setting_t *g, const char *name, struct ck_err *err)
{
	const config_setting_t *s = misspelt(g, name);

	if (s != NULL)
		return ck_fail(err, CK_E_CONFIG, "%s: %s: unknown setting, %s is missing",
		    place_of(s).text, config_setting_name(s), name);
	return ck_fail(err, CK_E_CONFIG, "%s: %s: missing%s", place_of(g).text, name,
	    config_setting_is_root(g) ? "" : " in this group");
}

/* 1 found and marked as asked for, 0 absent, -1 absent but needed */
static int
lookup(const struct ck_conf_at *at, const char *name, bool need, config_setting_t **out,
    struct ck_err *err)
{
	const config_setting_t *g = setting_of(at);

	*out = config_setting_get_member(g, name);
	if (*out != NULL) {
		config_setting_set_hook(*out, &asked);
		return 1;
	}
	return need ? missing(g, name, err) : 0;
}

/* Is it UTF-8 without control or invisible characters? Piece by piece: it may be long. */
static bool
plain(const char *v)
{
	char clean[64] = "";
	uint32_t cp = 0;
	size_t n = strlen(v);
	int len = 0;

	for (size_t i = 0; i < n; i += (size_t)len)
		if ((len = ck_utf8_next(v + i, n - i, &cp)) <= 0 ||
		    ck_clean(clean, sizeof clean, v + i, (size_t)len) > 0)
			return false;
	return true;
}

static int
text(const config_setting_t *s, const char *name, char *out, size_t cap, struct ck_err *err)
{
	char expected[64] = "";
	const char *v = config_setting_get_string(s);

	snprintf(expected, sizeof expected, "a text of 1 to %zu bytes", cap - 1);
	if (v == NULL || v[0] == '\0' || strlen(v) >= cap)
		return unexpected(s, name, err, expected);
	if (!plain(v))
		return unexpected(s, name, err, "UTF-8 without control or invisible characters");
	memcpy(out, v, strlen(v) + 1);
	return 1;
}

/* what libconfig says when it could not read or understand the file */
static int
not_read(const struct ck_conf *conf, struct ck_err *err)
{
	char file[CK_DETAIL_MAX] = "";

	if (config_error_type(&conf->c) != CONFIG_ERR_PARSE)
		return ck_fail(err, CK_E_CONFIG, "%s: cannot be read", conf->file);
	full_name(conf, config_error_file(&conf->c), file, sizeof file);
	return ck_fail(err, CK_E_CONFIG, "%s:%d: %s", file, config_error_line(&conf->c),
	    config_error_text(&conf->c));
}

static int
read_all(int fd, const char *file, size_t max, struct ck_buf *b, struct ck_err *err)
{
	unsigned char some[8192];
	ssize_t got = 1;

	b->max = max;
	while (got != 0) {
		got = read(fd, some, sizeof some);
		if (got == -1 && errno != EINTR)
			return ck_fail(err, CK_E_CONFIG, "%s: cannot be read", file);
		if (got > 0 && ck_buf_add(b, some, (size_t)got) == -1)
			return ck_fail(err, CK_E_CONFIG, "%s: longer than %zu bytes", file, max);
	}
	if (b->n > 0 && memchr(b->p, '\0', b->n) != NULL)
		return ck_fail(err, CK_E_CONFIG, "%s: no text", file);
	return 0;
}

int
ck_conf_slurp(const char *file, size_t max, char **text, struct ck_err *err)
{
	/* O_NONBLOCK: a pipe nobody writes to would be waited for */
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), rc = -1;
	struct ck_buf b = { 0 };
	struct stat st;

	if (fd == -1 || fstat(fd, &st) == -1)
		ck_fail(err, CK_E_CONFIG, "%s: cannot be read", file);
	else if (!S_ISREG(st.st_mode))
		ck_fail(err, CK_E_CONFIG, "%s: not a regular file", file);
	else
		rc = read_all(fd, file, max, &b, err);
	if (rc == 0 && (*text = b.n > 0 ? strdup((char *)b.p) : strdup("")) == NULL)
		rc = ck_fail(err, CK_E_NO_MEMORY, "configuration");
	ck_buf_free(&b);
	if (fd != -1)
		close(fd);
	return rc;
}

int
ck_conf_parse(const char *file, const char *text, struct ck_conf **out, struct ck_err *err)
{
	struct ck_conf *conf = NULL;
	char *slash = NULL;

	if (strlen(file) >= sizeof conf->file)
		return ck_fail(err, CK_E_CONFIG, "%s: path too long", file);
	conf = calloc(1, sizeof *conf);
	if (conf == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "configuration");
	config_init(&conf->c);
	strcpy(conf->file, file);
	strcpy(conf->dir, file);
	slash = strrchr(conf->dir, '/');
	if (slash == NULL)
		strcpy(conf->dir, ".");
	else
		*slash = '\0';
	config_set_include_dir(&conf->c, conf->dir);
	if (config_read_string(&conf->c, text) != CONFIG_TRUE) {
		not_read(conf, err);
		ck_conf_close(conf);
		return -1;
	}
	config_setting_set_hook(config_root_setting(&conf->c), &asked);
	*out = conf;
	return 0;
}

int
ck_conf_open(const char *file, struct ck_conf **out, struct ck_err *err)
{
	char *text = NULL;
	int rc = ck_conf_slurp(file, CONF_MAX, &text, err);

	if (rc == 0)
		rc = ck_conf_parse(file, text, out, err);
	free(text);
	return rc;
}

void
ck_conf_close(struct ck_conf *conf)
{
	if (conf == NULL)
		return;
	config_destroy(&conf->c);
	free(conf);
}

const struct ck_conf_at *
ck_conf_root(struct ck_conf *conf)
{
	return at_of(config_root_setting(&conf->c));
}

int
ck_conf_text(const struct ck_conf_at *at, const char *name, bool need, char *out, size_t cap,
    struct ck_err *err)
{
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err);

	return rc == 1 ? text(s, name, out, cap, err) : rc;
}

int
ck_conf_int(const struct ck_conf_at *at, const char *name, bool need, int min, int max, int *out,
    struct ck_err *err)
{
	char expected[64] = "";
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err), v = 0;

	if (rc != 1)
		return rc;
	v = config_setting_get_int(s);
	snprintf(expected, sizeof expected, "a whole number from %d to %d", min, max);
	if (config_setting_type(s) != CONFIG_TYPE_INT || v < min || v > max)
		return unexpected(s, name, err, expected);
	*out = v;
	return 1;
}

int
ck_conf_int_or(const struct ck_conf_at *at, const char *name, bool need, int min, int max,
    const char *word, int worth, int *out, struct ck_err *err)
{
	char expected[96] = "";
	config_setting_t *s = NULL;
	const char *v = NULL;
	int rc = lookup(at, name, need, &s, err), n = 0;
	bool number = false;

	if (rc != 1)
		return rc;
	v = config_setting_get_string(s);
	n = config_setting_get_int(s);
	number = config_setting_type(s) == CONFIG_TYPE_INT && n >= min && n <= max;
	snprintf(
	    expected, sizeof expected, "a whole number from %d to %d or \"%s\"", min, max, word);
	if (!number && (v == NULL || strcmp(v, word) != 0))
		return unexpected(s, name, err, expected);
	*out = number ? n : worth;
	return 1;
}

int
ck_conf_bool(
    const struct ck_conf_at *at, const char *name, bool need, bool *out, struct ck_err *err)
{
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err);

	if (rc != 1)
		return rc;
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return unexpected(s, name, err, "true or false");
	*out = config_setting_get_bool(s) == CONFIG_TRUE;
	return 1;
}

int
ck_conf_word(const struct ck_conf_at *at, const char *name, bool need, const char *const *words,
    int *out, struct ck_err *err)
{
	char expected[WORDS_MAX] = "one of";
	const char *v = NULL;
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err);

	if (rc != 1)
		return rc;
	v = config_setting_get_string(s);
	for (int i = 0; words[i] != NULL; i++) {
		size_t n = strlen(expected);

		if (v != NULL && strcmp(v, words[i]) == 0) {
			*out = i;
			return 1;
		}
		snprintf(expected + n, sizeof expected - n, " \"%s\"", words[i]);
	}
	return unexpected(s, name, err, expected);
}

int
ck_conf_path(const struct ck_conf_at *at, const char *name, bool need, char *out, size_t cap,
    struct ck_err *err)
{
	char v[PATH_MAX] = "", file[PATH_MAX] = "";
	const char *slash = NULL;
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err), len = 0;

	if (rc == 1)
		rc = text(s, name, v, cap < sizeof v ? cap : sizeof v, err);
	if (rc != 1)
		return rc;
	full_name(conf_of(s), config_setting_source_file(s), file, sizeof file);
	slash = strrchr(file, '/');
	if (v[0] == '/' || slash == NULL)
		len = snprintf(out, cap, "%s", v);
	else
		len = snprintf(out, cap, "%.*s/%s", (int)(slash - file), file, v);
	if (len < 0 || (size_t)len >= cap)
		return unexpected(s, name, err, "a shorter path");
	return 1;
}

int
ck_conf_group(const struct ck_conf_at *at, const char *name, bool need,
    const struct ck_conf_at **out, struct ck_err *err)
{
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err);

	if (rc != 1)
		return rc;
	if (!config_setting_is_group(s))
		return unexpected(s, name, err, "a group { }");
	*out = at_of(s);
	return 1;
}

int
ck_conf_list(const struct ck_conf_at *at, const char *name, bool need, size_t max, size_t *n,
    struct ck_err *err)
{
	char expected[64] = "";
	config_setting_t *s = NULL;
	int rc = lookup(at, name, need, &s, err);

	if (rc != 1)
		return rc;
	snprintf(expected, sizeof expected, "a list of at most %zu", max);
	if ((!config_setting_is_list(s) && !config_setting_is_array(s)) ||
	    (size_t)config_setting_length(s) > max)
		return unexpected(s, name, err, expected);
	*n = (size_t)config_setting_length(s);
	return 1;
}

static config_setting_t *
list_member(const struct ck_conf_at *at, const char *name, size_t i, struct ck_err *err)
{
	config_setting_t *list = config_setting_get_member(setting_of(at), name), *s = NULL;

	if (list != NULL && i < UINT_MAX)
		s = config_setting_get_elem(list, (unsigned)i);
	if (s == NULL)
		ck_fail(err, CK_E_INTERNAL, "%s: no member %zu", name, i);
	else
		config_setting_set_hook(s, &asked);
	return s;
}

const struct ck_conf_at *
ck_conf_list_group(const struct ck_conf_at *at, const char *name, size_t i, struct ck_err *err)
{
	const config_setting_t *s = list_member(at, name, i, err);

	if (s == NULL || config_setting_is_group(s))
		return at_of(s);
	unexpected(s, name, err, "groups { } in the list");
	return NULL;
}

int
ck_conf_list_text(const struct ck_conf_at *at, const char *name, size_t i, char *out, size_t cap,
    struct ck_err *err)
{
	const config_setting_t *s = list_member(at, name, i, err);

	return s == NULL ? -1 : text(s, name, out, cap, err);
}

void
ck_conf_place(const struct ck_conf_at *at, const char *name, char *out, size_t cap)
{
	snprintf(out, cap, "%s", place_of(config_setting_get_member(setting_of(at), name)).text);
}

int
ck_conf_wrong(
    const struct ck_conf_at *at, const char *name, struct ck_err *err, const char *fmt, ...)
{
	const config_setting_t *s = config_setting_get_member(setting_of(at), name);
	char why[CK_DETAIL_MAX] = "";
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	if (s == NULL) /* said of a setting that is not there: the group is where to look */
		s = setting_of(at);
	return ck_fail(err, CK_E_CONFIG, "%s: %s: %s", place_of(s).text, name, why);
}

static int
all_asked(const config_setting_t *s, struct ck_err *err)
{
	const config_setting_t *named = s;

	if (config_setting_get_hook(s) != &asked) {
		while (config_setting_name(named) == NULL)
			named = config_setting_parent(named);
		return ck_fail(err, CK_E_CONFIG, "%s: %s: unknown setting", place_of(s).text,
		    config_setting_name(named));
	}
	if (!config_setting_is_aggregate(s))
		return 0;
	for (int i = 0; i < config_setting_length(s); i++)
		if (all_asked(config_setting_get_elem(s, (unsigned)i), err) != 0)
			return -1;
	return 0;
}

int
ck_conf_done(struct ck_conf *conf, struct ck_err *err)
{
	return all_asked(config_root_setting(&conf->c), err);
}

static int
is_conf(const struct dirent *d)
{
	size_t n = strlen(d->d_name), ext = strlen(".conf");

	return d->d_name[0] != '.' && n > ext && strcmp(d->d_name + n - ext, ".conf") == 0;
}

/* not alphasort: the order must not depend on the machine's language */
static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int
ck_conf_each_file(const char *dir, int (*each)(void *u, const char *file, struct ck_err *), void *u,
    struct ck_err *err)
{
	char file[PATH_MAX] = "";
	struct dirent **names = NULL;
	int n = scandir(dir, &names, is_conf, by_name), rc = 0;

	if (n < 0)
		return ck_fail(err, CK_E_CONFIG, "%s: not a folder that can be read", dir);
	for (int i = 0; i < n; i++) {
		int len = snprintf(file, sizeof file, "%s/%s", dir, names[i]->d_name);

		if (rc == 0 && (len < 0 || (size_t)len >= sizeof file))
			rc = ck_fail(err, CK_E_CONFIG, "%s: path too long", dir);
		if (rc == 0)
			rc = each(u, file, err);
		free(names[i]);
	}
	free(names);
	return rc;
}
