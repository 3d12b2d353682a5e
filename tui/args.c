#include "args.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "kit/style.h"

/* descriptors a shell can pass: one digit in practice, and never more than the limit of files */
#define FD_LIMIT 1023
/* a counter's day */
#define WAIT_LIMIT_S 86400
/* a hundred years, as in the policies */
#define DAYS_LIMIT 36600
/* nobody reads more lines than that */
#define LAST_LIMIT 1000000

enum option_id {
	O_SYSTEM,
	O_WAY,
	O_KEY,
	O_CERT,
	O_CLERK,
	O_BY,
	O_RECORD,
	O_BATCH,
	O_MEDIUM,
	O_SAVE_TO,
	O_ANSWERS,
	O_SECRETS,
	O_WAIT,
	O_ON,
	O_FILE,
	O_TO,
	O_OUT,
	O_PRINTER,
	O_ALL,
	O_BEFORE,
	O_OLDER_THAN,
	O_SHOW,
	O_SEARCH,
	O_NAMES,
	O_DAY,
	O_LAST,
	O_QR,
	O_FIELDS,
	O_FORM_DIR,
	O_WATCH,
	O_JSON,
	O_CONFIG,
	O_LANG,
	O_HELP,
	O_VERSION,
	O_DESK,
	O_THEME,
	O_ASCII,
	O_NO_MOUSE,
	O_COUNT,
};
#define BIT(o) (UINT64_C(1) << (o))
#define ANYWHERE (BIT(O_JSON) | BIT(O_CONFIG) | BIT(O_LANG) | BIT(O_HELP) | BIT(O_VERSION))
#define SCREEN (BIT(O_DESK) | BIT(O_THEME) | BIT(O_ASCII) | BIT(O_NO_MOUSE))
#define ANSWERS (BIT(O_ANSWERS) | BIT(O_SECRETS))

static const struct option options[] = {
	[O_SYSTEM] = { "system", required_argument, NULL, O_SYSTEM },
	[O_WAY] = { "way", required_argument, NULL, O_WAY },
	[O_KEY] = { "key", required_argument, NULL, O_KEY },
	[O_CERT] = { "cert", required_argument, NULL, O_CERT },
	[O_CLERK] = { "clerk", required_argument, NULL, O_CLERK },
	[O_BY] = { "by", required_argument, NULL, O_BY },
	[O_RECORD] = { "record", required_argument, NULL, O_RECORD },
	[O_BATCH] = { "batch", required_argument, NULL, O_BATCH },
	[O_MEDIUM] = { "medium", required_argument, NULL, O_MEDIUM },
	[O_SAVE_TO] = { "save-to", required_argument, NULL, O_SAVE_TO },
	[O_ANSWERS] = { "answers", required_argument, NULL, O_ANSWERS },
	[O_SECRETS] = { "secrets-fd", required_argument, NULL, O_SECRETS },
	[O_WAIT] = { "wait", required_argument, NULL, O_WAIT },
	[O_ON] = { "on", required_argument, NULL, O_ON },
	[O_FILE] = { "file", required_argument, NULL, O_FILE },
	[O_TO] = { "to", required_argument, NULL, O_TO },
	[O_OUT] = { "out", required_argument, NULL, O_OUT },
	[O_PRINTER] = { "printer", required_argument, NULL, O_PRINTER },
	[O_ALL] = { "all", no_argument, NULL, O_ALL },
	[O_BEFORE] = { "before", required_argument, NULL, O_BEFORE },
	[O_OLDER_THAN] = { "older-than", required_argument, NULL, O_OLDER_THAN },
	[O_SHOW] = { "show", required_argument, NULL, O_SHOW },
	[O_SEARCH] = { "search", required_argument, NULL, O_SEARCH },
	[O_NAMES] = { "names", no_argument, NULL, O_NAMES },
	[O_DAY] = { "day", required_argument, NULL, O_DAY },
	[O_LAST] = { "last", required_argument, NULL, O_LAST },
	[O_QR] = { "qr", required_argument, NULL, O_QR },
	[O_FIELDS] = { "fields", required_argument, NULL, O_FIELDS },
	[O_FORM_DIR] = { "form-dir", required_argument, NULL, O_FORM_DIR },
	[O_WATCH] = { "watch", no_argument, NULL, O_WATCH },
	[O_JSON] = { "json", no_argument, NULL, O_JSON },
	[O_CONFIG] = { "config", required_argument, NULL, O_CONFIG },
	[O_LANG] = { "lang", required_argument, NULL, O_LANG },
	[O_HELP] = { "help", no_argument, NULL, O_HELP },
	[O_VERSION] = { "version", no_argument, NULL, O_VERSION },
	[O_DESK] = { "desk", no_argument, NULL, O_DESK },
	[O_THEME] = { "theme", required_argument, NULL, O_THEME },
	[O_ASCII] = { "ascii", no_argument, NULL, O_ASCII },
	[O_NO_MOUSE] = { "no-mouse", no_argument, NULL, O_NO_MOUSE },
	[O_COUNT] = { NULL, 0, NULL, 0 },
};

static const struct {
	const char *name, *second; /* words */
	enum ck_verb verb;
	const char *follows; /* a word more: a record's number, or what says which visit */
	uint64_t may, must;
} verbs[] = {
	/* without any word: the screens */
	{ "", NULL, CK_VERB_SCREEN, NULL, SCREEN, 0 },
	{ "renew", NULL, CK_VERB_RENEW, NULL,
	    ANSWERS | BIT(O_SYSTEM) | BIT(O_WAY) | BIT(O_KEY) | BIT(O_CERT) | BIT(O_CLERK) |
		BIT(O_RECORD) | BIT(O_BATCH) | BIT(O_MEDIUM) | BIT(O_SAVE_TO) | BIT(O_WAIT),
	    BIT(O_SYSTEM) | BIT(O_WAY) },
	{ "resume", NULL, CK_VERB_RESUME, "TEXT",
	    ANSWERS | BIT(O_SYSTEM) | BIT(O_WAY) | BIT(O_KEY) | BIT(O_CERT) | BIT(O_CLERK) |
		BIT(O_MEDIUM) | BIT(O_SAVE_TO) | BIT(O_WAIT),
	    0 },
	{ "abandon", NULL, CK_VERB_ABANDON, "NUMBER",
	    ANSWERS | BIT(O_CLERK) | BIT(O_MEDIUM) | BIT(O_WAIT), 0 },
	{ "keys", NULL, CK_VERB_KEYS, NULL, BIT(O_WATCH) | BIT(O_MEDIUM), 0 },
	{ "policy", NULL, CK_VERB_POLICY, NULL, BIT(O_SYSTEM) | BIT(O_CERT) | BIT(O_ON),
	    BIT(O_SYSTEM) | BIT(O_CERT) | BIT(O_ON) },
	{ "records", "tend", CK_VERB_TEND, NULL, 0, 0 },
	{ "records", "purge", CK_VERB_PURGE, NULL, BIT(O_BEFORE) | BIT(O_OLDER_THAN), 0 },
	{ "records", NULL, CK_VERB_RECORDS, NULL,
	    BIT(O_ALL) | BIT(O_SHOW) | BIT(O_SEARCH) | BIT(O_NAMES) | BIT(O_LAST), 0 },
	{ "report", NULL, CK_VERB_REPORT, NULL, BIT(O_DAY) | BIT(O_CLERK), 0 },
	{ "ledger", "verify", CK_VERB_LEDGER, NULL, 0, 0 },
	{ "ledger", "show", CK_VERB_LEDGER_SHOW, NULL, BIT(O_LAST), 0 },
	{ "diagnose", NULL, CK_VERB_DIAGNOSE, NULL, 0, 0 },
	{ "check", NULL, CK_VERB_CHECK, NULL, 0, 0 },
	{ "form", NULL, CK_VERB_FORM, "NUMBER", BIT(O_OUT), 0 },
	{ "forms", NULL, CK_VERB_FORMS, NULL, BIT(O_ALL), 0 },
	{ "print", NULL, CK_VERB_PRINT, "NUMBER", BIT(O_ANSWERS) | BIT(O_PRINTER) | BIT(O_CLERK),
	    0 },
	{ "printers", NULL, CK_VERB_PRINTERS, NULL, 0, 0 },
	{ "batch", "begin", CK_VERB_BATCH_BEGIN, NULL, BIT(O_SYSTEM) | BIT(O_WAY) | BIT(O_CLERK),
	    BIT(O_SYSTEM) | BIT(O_WAY) | BIT(O_CLERK) },
	{ "batch", "list", CK_VERB_BATCHES, NULL, BIT(O_ALL), 0 },
	{ "batch", "show", CK_VERB_BATCH, "NUMBER", 0, 0 },
	{ "batch", "print", CK_VERB_PRINT, "NUMBER", BIT(O_ANSWERS) | BIT(O_PRINTER) | BIT(O_CLERK),
	    0 },
	{ "service", "list", CK_VERB_SERVICES, NULL, BIT(O_SYSTEM), 0 },
	{ "service", "resume", CK_VERB_SERVICE_RESUME, "NUMBER", BIT(O_CLERK), 0 },
	{ "service", "status", CK_VERB_SERVICE_STATUS, "NUMBER", 0, 0 },
	{ "service", "drop", CK_VERB_SERVICE_DROP, "NUMBER", BIT(O_CLERK), 0 },
	{ "service", NULL, CK_VERB_SERVICE, "NAME",
	    BIT(O_ANSWERS) | BIT(O_SYSTEM) | BIT(O_KEY) | BIT(O_CERT) | BIT(O_CLERK) |
		BIT(O_MEDIUM) | BIT(O_WAIT),
	    BIT(O_SYSTEM) },
	{ "pin", NULL, CK_VERB_PIN, NULL, ANSWERS | BIT(O_KEY) | BIT(O_CLERK) | BIT(O_MEDIUM), 0 },
	{ "export", NULL, CK_VERB_EXPORT, NULL,
	    BIT(O_KEY) | BIT(O_CERT) | BIT(O_TO) | BIT(O_MEDIUM), BIT(O_KEY) | BIT(O_TO) },
	{ "status", NULL, CK_VERB_STATUS, NULL,
	    BIT(O_ANSWERS) | BIT(O_KEY) | BIT(O_CERT) | BIT(O_FILE) | BIT(O_SYSTEM) | BIT(O_MEDIUM),
	    0 },
	{ "doctor", NULL, CK_VERB_DOCTOR, NULL,
	    ANSWERS | BIT(O_KEY) | BIT(O_CLERK) | BIT(O_SYSTEM) | BIT(O_MEDIUM), 0 },
	{ "sign-in", NULL, CK_VERB_SIGN_IN, NULL, ANSWERS | BIT(O_BY), BIT(O_BY) },
	{ "sign-out", NULL, CK_VERB_SIGN_OUT, NULL, BIT(O_CLERK), BIT(O_CLERK) },
	{ "clerk-word", NULL, CK_VERB_CLERK_WORD, NULL, BIT(O_SECRETS), 0 },
	{ "verify-form", NULL, CK_VERB_VERIFY_FORM, "FILE",
	    BIT(O_CERT) | BIT(O_QR) | BIT(O_FIELDS) | BIT(O_FORM_DIR), 0 },
};
#define N_VERBS (sizeof verbs / sizeof *verbs)

/* Told without what stands behind a "=": it may be a PIN somebody wrote there against all advice.
 */
static int
wrong(struct ck_args *a, const char *word, const char *text, struct ck_err *err)
{
	a->wrong = word;
	snprintf(a->text, sizeof a->text, "%.*s", (int)strcspn(text, "="), text);
	return ck_fail(err, CK_E_USAGE, "%s: %s", word, a->text);
}

static int
wrong_option(struct ck_args *a, const char *word, int o, struct ck_err *err)
{
	char name[32];

	snprintf(name, sizeof name, "--%s", options[o].name);
	return wrong(a, word, name, err);
}

static int
read_lang(struct ck_args *a, struct ck_err *err)
{
	if (strcmp(optarg, "zh") != 0 && strcmp(optarg, "en") != 0)
		return wrong_option(a, "value", O_LANG, err);
	a->lang = *optarg == 'z' ? CK_LANG_ZH : CK_LANG_EN;
	return 0;
}

static int
read_number(struct ck_args *a, int o, int max, int *out, struct ck_err *err)
{
	char *end = NULL;
	long n = strtol(optarg, &end, 10);

	if (end == optarg || *end != '\0' || n < 0 || n > max)
		return wrong_option(a, "value", o, err);
	*out = (int)n;
	return 0;
}

/* where a text goes; NULL: it is none */
static const char **
text_place(struct ck_args *a, int o)
{
	const char **places[O_COUNT] = {
		[O_SYSTEM] = &a->system,
		[O_WAY] = &a->way,
		[O_KEY] = &a->key,
		[O_CERT] = &a->cert,
		[O_CLERK] = &a->clerk,
		[O_BY] = &a->by,
		[O_RECORD] = &a->record,
		[O_BATCH] = &a->batch,
		[O_MEDIUM] = &a->medium,
		[O_SAVE_TO] = &a->save_to,
		[O_ANSWERS] = &a->answers,
		[O_ON] = &a->on,
		[O_BEFORE] = &a->before,
		[O_OUT] = &a->out,
		[O_PRINTER] = &a->printer,
		[O_FILE] = &a->file,
		[O_TO] = &a->to,
		[O_SHOW] = &a->record,
		[O_SEARCH] = &a->search,
		[O_DAY] = &a->day,
		[O_QR] = &a->qr,
		[O_FIELDS] = &a->fields,
		[O_FORM_DIR] = &a->form_dir,
		[O_CONFIG] = &a->config,
	};

	return places[o];
}

static void
take_flag(struct ck_args *a, int o)
{
	a->json = a->json || o == O_JSON;
	a->names = a->names || o == O_NAMES;
	a->all = a->all || o == O_ALL;
	a->desk = a->desk || o == O_DESK;
	a->ascii = a->ascii || o == O_ASCII;
	a->no_mouse = a->no_mouse || o == O_NO_MOUSE;
}

static int
take_option(struct ck_args *a, int o, struct ck_err *err)
{
	const char **place = text_place(a, o);
	ck_day day;

	if (place != NULL) {
		*place = optarg;
		return *optarg != '\0' && (o != O_DAY || ck_date_read(optarg, &day))
			   ? 0
			   : wrong_option(a, "value", o, err);
	}
	switch (o) {
	case O_LANG:
		return read_lang(a, err);
	case O_THEME:
		a->theme = ck_theme_from(optarg);
		return a->theme != -1 ? 0 : wrong_option(a, "value", o, err);
	case O_SECRETS:
		return read_number(a, o, FD_LIMIT, &a->secrets_fd, err);
	case O_OLDER_THAN:
		return read_number(a, o, DAYS_LIMIT, &a->older_than, err);
	case O_WAIT:
		return read_number(a, o, WAIT_LIMIT_S, &a->wait_s, err);
	case O_LAST:
		return read_number(a, o, LAST_LIMIT, &a->last, err);
	default:
		take_flag(a, o);
		return 0;
	}
}

/* all options, wherever they stand; getopt moves the words behind them */
static int
read_options(int argc, char **argv, struct ck_args *a, uint64_t *seen, struct ck_err *err)
{
	int o;

	optind = 0;
	opterr = 0;
	while ((o = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (o == '?' || o == ':')
			return wrong(a, "option", argv[optind - 1], err);
		*seen |= BIT(o);
		if (take_option(a, o, err) == -1)
			return -1;
	}
	return 0;
}

/* options that have no sense together */
static const struct {
	enum option_id o;
	uint64_t from;
} apart[] = {
	{ O_ALL, BIT(O_SHOW) | BIT(O_SEARCH) },
	{ O_SEARCH, BIT(O_SHOW) },
	{ O_NAMES, BIT(O_SHOW) },
	{ O_LAST, BIT(O_SHOW) },
	/* what is on a key, or what is in a file */
	{ O_FILE, BIT(O_KEY) | BIT(O_CERT) | BIT(O_MEDIUM) | BIT(O_ANSWERS) },
	/* readers are watched, no folder is */
	{ O_WATCH, BIT(O_MEDIUM) },
	{ O_OLDER_THAN, BIT(O_BEFORE) },
	/* they were chosen with it */
	{ O_BATCH, BIT(O_SYSTEM) | BIT(O_WAY) },
};

static int
check_options(struct ck_args *a, uint64_t seen, uint64_t may, uint64_t must, struct ck_err *err)
{
	/* a code says nothing without what it stands for */
	if ((seen & BIT(O_QR)) != 0)
		must |= BIT(O_FIELDS);
	else if ((seen & (BIT(O_FIELDS) | BIT(O_FORM_DIR))) != 0)
		must |= BIT(O_QR) & may;
	/* the record knows its system and its way, and so does the batch */
	if ((seen & (BIT(O_RECORD) | BIT(O_BATCH))) != 0)
		must &= ~(BIT(O_SYSTEM) | BIT(O_WAY));
	for (int o = 0; o < O_COUNT; o++) {
		if ((seen & BIT(o)) != 0 && ((may | ANYWHERE) & BIT(o)) == 0)
			return wrong_option(a, "misplaced", o, err);
		if ((must & BIT(o)) != 0 && (seen & BIT(o)) == 0)
			return wrong_option(a, "missing", o, err);
	}
	if (a->way != NULL && strcmp(a->way, "self") != 0 && strcmp(a->way, "on-behalf") != 0 &&
	    (strcmp(a->way, "download") != 0 || a->verb == CK_VERB_BATCH_BEGIN))
		return wrong_option(a, "value", O_WAY, err);
	if (a->by != NULL && strcmp(a->by, "key") != 0 && strcmp(a->by, "passphrase") != 0)
		return wrong_option(a, "value", O_BY, err);
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++)
		if ((seen & BIT(apart[i].o)) != 0 && (seen & apart[i].from) != 0)
			return wrong_option(a, "misplaced", apart[i].o, err);
	/* both would read the same bytes */
	if (a->answers != NULL && strcmp(a->answers, "-") == 0 && a->secrets_fd == 0)
		return wrong_option(a, "value", O_SECRETS, err);
	return 0;
}

/* The one whose words these are; else the first that begins like them. N_VERBS: none. */
static size_t
verb_of(char **words, int n)
{
	size_t first = N_VERBS;

	for (size_t v = N_VERBS; v-- > 0;) {
		const char *second = verbs[v].second;

		if (strcmp(words[0], verbs[v].name) != 0)
			continue;
		if (n > 1 && second != NULL && strcmp(words[1], second) == 0)
			return v;
		/* one word is enough for some */
		if (first == N_VERBS || verbs[first].second != NULL)
			first = v;
	}
	return first;
}

/* where the word goes that follows the verb */
static const char **
followed(struct ck_args *a)
{
	switch (a->verb) {
	case CK_VERB_RESUME:
		return &a->typed;
	case CK_VERB_SERVICE:
		return &a->service;
	case CK_VERB_VERIFY_FORM:
		return &a->file;
	default:
		return &a->record;
	}
}

static int
read_words(char **words, int n, struct ck_args *a, size_t *verb, struct ck_err *err)
{
	int used = 1;

	*verb = 0;
	if (n == 0) {
		a->verb = verbs[0].verb;
		return 0;
	}
	*verb = *words[0] != '\0' ? verb_of(words, n) : N_VERBS;
	if (*verb == N_VERBS)
		return wrong(a, "verb", words[0], err);
	a->verb = verbs[*verb].verb;
	if (verbs[*verb].second != NULL) {
		if (n == 1)
			return wrong(a, "missing", verbs[*verb].second, err);
		if (strcmp(words[used++], verbs[*verb].second) != 0)
			return wrong(a, "verb", words[1], err);
	}
	/* a code in place of the document */
	if (verbs[*verb].follows != NULL && a->qr == NULL) {
		if (n == used)
			return wrong(a, "missing", verbs[*verb].follows, err);
		*followed(a) = words[used++];
	}
	return used == n ? 0 : wrong(a, "extra", words[used], err);
}

int
ck_args_read(int argc, char **argv, struct ck_args *a, struct ck_err *err)
{
	uint64_t seen = 0;
	size_t verb = 0;

	a->secrets_fd = a->wait_s = a->older_than = a->theme = a->last = -1;
	if (read_options(argc, argv, a, &seen, err) == -1)
		return -1;
	if ((seen & (BIT(O_HELP) | BIT(O_VERSION))) != 0) {
		a->verb = (seen & BIT(O_HELP)) != 0 ? CK_VERB_HELP : CK_VERB_VERSION;
		return 0;
	}
	if (read_words(argv + optind, argc - optind, a, &verb, err) == -1 ||
	    check_options(a, seen, verbs[verb].may, verbs[verb].must, err) == -1)
		return -1;
	if (a->verb == CK_VERB_RECORDS && (seen & BIT(O_SHOW)) != 0)
		a->verb = CK_VERB_RECORD;
	if (a->verb == CK_VERB_KEYS && (seen & BIT(O_WATCH)) != 0)
		a->verb = CK_VERB_WATCH;
	return 0;
}
