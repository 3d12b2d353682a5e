#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "policy/read.h"

#define TOLERANCE_MAX 172800 /* two days: a CA that rounds the end to whole days somewhere */
#define KEEP_MAX 36600	     /* a hundred years: longer than any law asks */
#define DEADLINE_DAYS \
	30		   /* a bank's transfer, a review and the papers sent again take two weeks \
			    */
#define KEEP_FORMS_DAYS 30 /* until the file of the day was looked through once more */
#define UNIQUE_ID "2.5.4.45" /* X.520, uniqueIdentifier */
#define KINDS_MAX 3	     /* key types: there are no more */

/* the spellings of a policy file, in the order of the enums */
static const char *const way_words[] = { "self", "on-behalf", "download", NULL };
static const char *const class_words[] = { "person", "organisation", "server", NULL };
static const char *const unit_words[] = { "months", "days", NULL };
static const char *const before_words[] = { "any", NULL }; /* in place of a number: CK_BEFORE_ANY */
static const char *const rule_words[] = { "desk", "from-old-end", "from-now", NULL };
static const char *const length_words[] = { "months", "days", "years", NULL };
static const char *const authorise_words[] = { "envelope", "key", NULL };
static const char *const enrol_words[] = { "p10cr", "kur", "est", "est-renew", NULL };
static const char *const pin_words[] = { "stays", "envelope", NULL };
static const char *const retire_words[] = { "remove", "keep", NULL };
static const char *const second_words[] = { "abandon", "last-try", "leave-pair", "unsettled-pin",
	NULL };
static const char *const notice_words[CK_NOTICES] = { "cost", "bring", "takes" };

enum kind {
	TEXT,	/* char[cap] */
	NUMBER, /* int within min..max; or the one word, which is -1 */
	YES,	/* bool */
	WORD,	/* enum: index of the word */
	WORDS,	/* bool[]: one for each word, true for those in the list; at least one if needed */
};

struct setting {
	const char *group; /* NULL: at the top of the file */
	const char *name;
	enum kind kind;
	bool optional;
	size_t at, cap;
	int min, max;
	const char *const *words;
};

#define POLICY(m) offsetof(struct ck_policy, m)
#define TEXT_OF(type, m) .kind = TEXT, .at = offsetof(type, m), .cap = sizeof(((type *)0)->m)

static const struct setting settings[] = {
	{ NULL, "title", TEXT_OF(struct ck_policy, title) },
	{ NULL, "hotline", TEXT_OF(struct ck_policy, hotline), .optional = true },
	{ NULL, "email", TEXT_OF(struct ck_policy, email), .optional = true },
	{ NULL, "unique_id", TEXT_OF(struct ck_policy, unique_id), .optional = true },
	{ "window", "unit", WORD, .at = POLICY(unit), .words = unit_words },
	{ "window", "before", NUMBER, .at = POLICY(before), .max = CK_DAYS_MAX,
	    .words = before_words },
	{ "window", "after", NUMBER, .at = POLICY(after), .max = CK_DAYS_MAX },
	{ "window", "ends_with_certificate", YES, .at = POLICY(ends_with_certificate) },
	{ NULL, "serves", WORDS, .at = POLICY(serves), .words = class_words },
	{ NULL, "ways", WORDS, .at = POLICY(ways), .words = way_words },
	{ NULL, "authorise", WORD, .at = POLICY(authorise), .words = authorise_words },
	{ NULL, "enrol", WORD, .at = POLICY(enrol), .words = enrol_words },
	{ "pin_after", "self", WORD, .at = POLICY(pin_after[CK_WAY_SELF]), .words = pin_words },
	{ "pin_after", "on_behalf", WORD, .at = POLICY(pin_after[CK_WAY_ON_BEHALF]),
	    .words = pin_words },
	{ NULL, "seal", YES, .optional = true, .at = POLICY(seal) },
	{ NULL, "retire", WORD, .at = POLICY(retire), .words = retire_words },
	{ "key", "as_old", YES, .at = POLICY(keytype_as_old) },
	{ NULL, "issue_tolerance_s", NUMBER, .at = POLICY(issue_tolerance), .max = TOLERANCE_MAX },
	{ NULL, "second_clerk", WORDS, .optional = true, .at = POLICY(second_clerk),
	    .words = second_words },
	{ NULL, "deadline_days", NUMBER, .optional = true, .at = POLICY(deadline_days),
	    .max = CK_DAYS_MAX },
	{ NULL, "keep_private_days", NUMBER, .optional = true, .at = POLICY(keep_private_days),
	    .max = KEEP_MAX },
	{ NULL, "keep_days", NUMBER, .optional = true, .at = POLICY(keep_days), .max = KEEP_MAX },
	{ NULL, "form", TEXT_OF(struct ck_policy, form), .optional = true },
	{ NULL, "keep_forms_days", NUMBER, .optional = true, .at = POLICY(keep_forms_days),
	    .max = KEEP_MAX },
};

/* of groups that may be left out, or are members of lists */
static const struct setting trait_settings[] = {
	{ NULL, "oid", TEXT_OF(struct ck_trait, oid), .optional = true },
	{ NULL, "value", TEXT_OF(struct ck_trait, value), .optional = true },
	{ NULL, "issuer", TEXT_OF(struct ck_trait, issuer), .optional = true },
};
static const struct setting class_setting[] = {
	{ NULL, "class", WORD, .at = offsetof(struct ck_class_rule, is), .words = class_words },
};
static const struct setting pin_settings[] = {
	{ NULL, "max_length", NUMBER, .at = POLICY(pin_max), .min = 1, .max = CK_SECRET_MAX },
};
static const struct setting rule_setting[] = {
	{ NULL, "rule", WORD, .at = POLICY(term.rule), .words = rule_words },
};
static const struct setting length_settings[] = {
	{ NULL, "unit", WORD, .at = POLICY(term.unit), .words = length_words },
	{ NULL, "length", NUMBER, .at = POLICY(term.length), .min = 1, .max = CK_DAYS_MAX },
};
#define READ(table, at, to, err) read_all(table, sizeof(table) / sizeof *(table), at, to, err)

/* enums are written through WORD as what gcc makes of them */
_Static_assert(sizeof(enum ck_unit) == sizeof(int) && sizeof(enum ck_ca_way) == sizeof(int) &&
		   sizeof(enum ck_class) == sizeof(int) && sizeof(enum ck_term_rule) == sizeof(int),
    "enumerations are as wide as int");

const char *
ck_way_name(enum ck_way w)
{
	return way_words[w];
}

const char *
ck_notice_name(enum ck_notice n)
{
	return notice_words[n];
}

const char *
ck_second_name(enum ck_second s)
{
	return second_words[s];
}

int
ck_index_of(const char *word, const char *const *words)
{
	for (int i = 0; words[i] != NULL; i++)
		if (strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

int
ck_way_from(const char *name)
{
	return ck_index_of(name, way_words);
}

const char *
ck_enrol_name(enum ck_ca_way w)
{
	return enrol_words[w];
}

int
ck_enrol_from(const char *name)
{
	return ck_index_of(name, enrol_words);
}

/* ---- one setting ---- */

static size_t
count_of(const char *const *words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

static int
read_words(const struct setting *s, const struct ck_conf_at *at, bool *to, struct ck_err *err)
{
	char word[32] = "";
	size_t n = 0;
	int k = 0, rc;

	if ((rc = ck_conf_list(at, s->name, !s->optional, count_of(s->words), &n, err)) != 1)
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (ck_conf_list_text(at, s->name, i, word, sizeof word, err) != 1)
			return -1;
		k = ck_index_of(word, s->words);
		if (k < 0)
			return ck_conf_wrong(
			    at, s->name, err, "\"%s\" is none of the words here", word);
		if (to[k])
			return ck_conf_wrong(at, s->name, err, "\"%s\" stands there twice", word);
		to[k] = true;
	}
	if (n == 0 && !s->optional)
		return ck_conf_wrong(at, s->name, err, "the list is empty");
	return 1;
}

static int
read_one(const struct setting *s, const struct ck_conf_at *at, void *base, struct ck_err *err)
{
	char *to = (char *)base + s->at;
	int rc = -1, n = 0;

	switch (s->kind) {
	case TEXT:
		return ck_conf_text(at, s->name, !s->optional, to, s->cap, err);
	case YES:
		return ck_conf_bool(at, s->name, !s->optional, (bool *)to, err);
	case WORDS:
		return read_words(s, at, (bool *)to, err);
	case NUMBER:
		rc = s->words != NULL
			 ? ck_conf_int_or(at, s->name, !s->optional, s->min, s->max, s->words[0],
			       CK_BEFORE_ANY, &n, err)
			 : ck_conf_int(at, s->name, !s->optional, s->min, s->max, &n, err);
		break;
	case WORD:
		rc = ck_conf_word(at, s->name, !s->optional, s->words, &n, err);
		break;
	}
	if (rc == 1)
		memcpy(to, &n, sizeof n);
	return rc;
}

static int
read_all(const struct setting *s, size_t n, const struct ck_conf_at *root, void *base,
    struct ck_err *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct ck_conf_at *at = root;

		if (s[i].group != NULL && ck_conf_group(root, s[i].group, true, &at, err) != 1)
			return -1;
		if (read_one(&s[i], at, base, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- what is more than one value ---- */

static int
read_keytypes(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *key = NULL;
	char word[32] = "";
	size_t n = 0;
	int kind = 0;

	if (ck_conf_group(root, "key", true, &key, err) != 1 ||
	    ck_conf_list(key, "types", true, KINDS_MAX, &n, err) != 1)
		return -1;
	if (n == 0)
		return ck_conf_wrong(key, "types", err, "the list is empty");
	for (size_t i = 0; i < n; i++) {
		if (ck_conf_list_text(key, "types", i, word, sizeof word, err) != 1)
			return -1;
		kind = ck_keytype_from(word);
		if (kind < 0)
			return ck_conf_wrong(key, "types", err, "\"%s\" is no kind of key", word);
		for (size_t k = 0; k < p->n_keytypes; k++)
			if ((int)p->keytypes[k] == kind)
				return ck_conf_wrong(
				    key, "types", err, "\"%s\" stands there twice", word);
		p->keytypes[p->n_keytypes++] = (enum ck_keytype)kind;
	}
	return 0;
}

bool
ck_looks_oid(const char *s)
{
	size_t dots = 0;

	for (; *s != '\0'; s++) {
		size_t digits = strspn(s, "0123456789");

		if (digits == 0)
			return false;
		s += digits;
		if (*s == '\0')
			return dots > 0;
		if (*s != '.')
			return false;
		dots++;
	}
	return false;
}

static int
read_trait(const struct ck_conf_at *at, struct ck_trait *m, struct ck_err *err)
{
	if (READ(trait_settings, at, m, err) != 0)
		return -1;
	if (m->oid[0] != '\0' && !ck_looks_oid(m->oid))
		return ck_conf_wrong(at, "oid", err, "\"%s\" is no object identifier", m->oid);
	if (m->value[0] != '\0' && m->oid[0] == '\0')
		return ck_conf_wrong(at, "value", err, "a value needs the oid that carries it");
	if (m->oid[0] == '\0' && m->issuer[0] == '\0')
		return ck_conf_wrong(at, "oid", err, "expected an oid or an issuer in this group");
	return 0;
}

static int
read_rules(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	int rc =
	    ck_conf_list(root, "class_rules", false, CK_CLASS_RULES_MAX, &p->n_class_rules, err);

	for (size_t i = 0; rc == 1 && i < p->n_class_rules; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(root, "class_rules", i, err);

		if (at == NULL || read_trait(at, &p->class_rules[i].trait, err) != 0 ||
		    READ(class_setting, at, &p->class_rules[i], err) != 0)
			rc = -1;
	}
	return rc < 0 ? -1 : 0;
}

static int
read_only(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	int rc = ck_conf_list(root, "only", false, CK_TRAITS_MAX, &p->n_only, err);

	if (rc == 1 && p->n_only == 0)
		return ck_conf_wrong(root, "only", err, "the list is empty");
	for (size_t i = 0; rc == 1 && i < p->n_only; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(root, "only", i, err);

		if (at == NULL || read_trait(at, &p->only[i], err) != 0)
			rc = -1;
	}
	return rc < 0 ? -1 : 0;
}

static int
read_pin(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(root, "pin", false, &at, err);

	return rc == 1 ? READ(pin_settings, at, p, err) : rc;
}

/* Where the desk decides, a length would be one nobody keeps to. */
static int
read_no_length(const struct ck_conf_at *at, struct ck_err *err)
{
	for (size_t i = 0; i < sizeof length_settings / sizeof *length_settings; i++) {
		struct setting s = length_settings[i];
		struct ck_policy unused = { 0 };

		s.optional = true;
		if (read_one(&s, at, &unused, err) != 0)
			return ck_conf_wrong(
			    at, s.name, err, "must not be there where rule is \"desk\"");
	}
	return 0;
}

static int
read_term(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(root, "term", false, &at, err);

	if (rc != 1)
		return rc;
	if (READ(rule_setting, at, p, err) != 0)
		return -1;
	return p->term.rule == CK_TERM_DESK ? read_no_length(at, err)
					    : READ(length_settings, at, p, err);
}

/* Told in the reader's language: one alone would leave the other without. */
static int
read_both(
    const struct ck_conf_at *root, const char *name, struct ck_told_both *to, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(root, name, false, &at, err);

	if (rc != 1)
		return rc;
	return ck_conf_text(at, "zh", true, to->zh, sizeof to->zh, err) == 1 &&
		       ck_conf_text(at, "en", true, to->en, sizeof to->en, err) == 1
		   ? 0
		   : -1;
}

static int
read_notice(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(root, "notice", false, &at, err);

	for (size_t i = 0; rc == 1 && i < CK_NOTICES; i++)
		if (read_both(at, notice_words[i], &p->notice[i], err) != 0)
			rc = -1;
	return rc < 0 ? -1 : 0;
}

/* ---- the file ---- */

bool
ck_good_id(const char *id, size_t n)
{
	return n > 0 && n < sizeof((struct ck_policy *)0)->id &&
	       strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") >= n;
}

static int
name_it(const char *file, struct ck_policy *p, struct ck_err *err)
{
	const char *slash = strrchr(file, '/'), *name = slash != NULL ? slash + 1 : file;
	const char *dot = strrchr(name, '.');

	if (dot == NULL || strcmp(dot, ".conf") != 0 || !ck_good_id(name, (size_t)(dot - name)))
		return ck_fail(err, CK_E_CONFIG,
		    "%s: a system's file is called by its id: small letters, digits, hyphens, "
		    ".conf",
		    file);
	memcpy(p->id, name, (size_t)(dot - name));
	if (strlen(file) >= sizeof p->file)
		return ck_fail(err, CK_E_CONFIG, "%s: the path is too long", file);
	memcpy(p->file, file, strlen(file));
	return 0;
}

int
ck_policy_read(const char *file, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *root = NULL;
	struct ck_conf *conf = NULL;
	int rc = -1;

	memset(p, 0, sizeof *p);
	p->deadline_days = DEADLINE_DAYS;
	p->keep_forms_days = KEEP_FORMS_DAYS;
	strcpy(p->unique_id, UNIQUE_ID);
	if (name_it(file, p, err) != 0 || ck_conf_open(file, &conf, err) != 0)
		return -1;
	root = ck_conf_root(conf);
	if (READ(settings, root, p, err) == 0 && read_keytypes(root, p, err) == 0 &&
	    read_rules(root, p, err) == 0 && read_only(root, p, err) == 0 &&
	    read_pin(root, p, err) == 0 && read_term(root, p, err) == 0 &&
	    read_both(root, "pin_hint", &p->pin_hint, err) == 0 && read_notice(root, p, err) == 0 &&
	    ck_policy_consents(root, p, err) == 0 && ck_policy_order(root, p, err) == 0 &&
	    ck_policy_services(root, p, err) == 0 && ck_policy_check(root, p, err) == 0)
		rc = ck_conf_done(conf, err);
	ck_conf_close(conf);
	return rc;
}

int
ck_policy_find(const char *dir, const char *id, struct ck_policy *p, struct ck_err *err)
{
	char file[sizeof p->file] = "";
	int n = 0;

	if (!ck_good_id(id, strlen(id)))
		return ck_fail(err, CK_E_SYSTEM_UNKNOWN, "%s", id);
	n = snprintf(file, sizeof file, "%s/%s.conf", dir, id);
	if (n < 0 || (size_t)n >= sizeof file)
		return ck_fail(err, CK_E_CONFIG, "%s: the path is too long", dir);
	if (access(file, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return ck_fail(err, CK_E_SYSTEM_UNKNOWN, "%s: there is no %s", id, file);
	return ck_policy_read(file, p, err);
}
