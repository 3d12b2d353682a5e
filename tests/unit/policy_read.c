#include "policy/policy.h"

#include "pki_make.h"
#include "t.h"

#define SHIPPED "core/policy/systems/sheca-cisweb.conf"

static char dir[256], file[280];

/* ---- what is shipped ---- */

static void
test_sheca(void)
{
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	T(ck_policy_find("core/policy/systems", "sheca-cisweb", &p, &err) == 0,
	    "sheca-cisweb is read");
	T_STR(err.detail, "", "without a word");
	T_STR(p.id, "sheca-cisweb", "its id is the file's name");
	T_STR(p.file, SHIPPED, "it knows its file");
	T_STR(p.hotline, "021-62077128", "hotline");
	T_STR(p.email, "support@sheca.com", "mail");
	T(p.unit == CK_UNIT_MONTHS && p.before == 1 && p.after == 1 && !p.ends_with_certificate,
	    "one calendar month each side");
	T(p.serves[CK_CLASS_PERSON] && p.serves[CK_CLASS_ORG] && !p.serves[CK_CLASS_SERVER],
	    "persons and organisations, no servers");
	T(p.ways[CK_WAY_SELF] && p.ways[CK_WAY_ON_BEHALF], "both ways");
	T(p.authorise == CK_AUTH_ENVELOPE, "by envelope");
	T(p.enrol == CK_CA_P10CR, "by CMP under the envelope");
	T(p.pin_after[CK_WAY_SELF] == CK_PIN_STAYS &&
		p.pin_after[CK_WAY_ON_BEHALF] == CK_PIN_ENVELOPE,
	    "the PIN stays, or becomes the envelope password on behalf");
	T(p.retire == CK_RETIRE_REMOVE && p.keytype_as_old, "the old pair goes, the kind stays");
	T(p.n_keytypes == 3 && p.keytypes[0] == CK_KEY_RSA2048 && p.keytypes[2] == CK_KEY_P256,
	    "kinds of key in order");
	T(strstr(p.pin_hint.zh, "信封") != NULL && strstr(p.pin_hint.en, "envelope") != NULL,
	    "what its PIN may be, in both languages");
	T_STR(p.unique_id, "2.5.4.45", "and its unique identifier");
	T(p.n_class_rules == 0 && p.issue_tolerance == 300, "no rules of its own");
	for (int i = 0; i < CK_SECOND_N; i++)
		T(!p.second_clerk[i], "one clerk is enough: %s", ck_second_name(i));
	T(p.deadline_days == 30 && p.keep_private_days == 7 && p.keep_days == 0,
	    "30 days to come back; a name is kept for a week, records are for good");
	T_STR(p.form, "sheca-renewal", "its form");
	T(p.keep_forms_days == 30, "which is kept for 30 days");
	T(!p.seal, "no seal, unless said");
}

/* ---- the five: what they are told apart by ---- */

static void
test_five(void)
{
	static const struct {
		const char *id, *hotline;
		enum ck_unit unit;
		int before, after;
		bool at_end;
		enum ck_authorise authorise;
		bool on_behalf;
		enum ck_term_rule rule;
		int years, pin_max;
	} rows[] = {
		{ "sheca-cisweb", "021-62077128", CK_UNIT_MONTHS, 1, 1, false, CK_AUTH_ENVELOPE,
		    true, CK_TERM_DESK, 0, 0 },
		{ "sheca-issp", "962600", CK_UNIT_MONTHS, 3, 3, false, CK_AUTH_KEY, false,
		    CK_TERM_DESK, 0, 0 },
		{ "sd-bianban", "", CK_UNIT_DAYS, 90, 300, false, CK_AUTH_KEY, false,
		    CK_TERM_FROM_OLD_END, 5, 0 },
		{ "sdca-dezhou", "96701666", CK_UNIT_DAYS, 30, 0, true, CK_AUTH_KEY, false,
		    CK_TERM_FROM_OLD_END, 1, 8 },
		{ "szca-cgn", "400-112-3838", CK_UNIT_DAYS, CK_BEFORE_ANY, 90, false, CK_AUTH_KEY,
		    false, CK_TERM_DESK, 0, 0 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_policy p = { 0 };
		struct ck_err err = { 0 };
		bool years = rows[i].years != 0;

		T(ck_policy_find("core/policy/systems", rows[i].id, &p, &err) == 0, "%s is read%s",
		    rows[i].id, err.detail);
		T_STR(p.hotline, rows[i].hotline, "its hotline");
		T(p.unit == rows[i].unit && p.before == rows[i].before &&
			p.after == rows[i].after && p.ends_with_certificate == rows[i].at_end,
		    "its days");
		T(p.serves[CK_CLASS_PERSON] && p.serves[CK_CLASS_ORG] &&
			!p.serves[CK_CLASS_SERVER] && p.n_only == 0,
		    "whom it serves");
		T(p.authorise == rows[i].authorise && p.ways[CK_WAY_SELF] &&
			p.ways[CK_WAY_ON_BEHALF] == rows[i].on_behalf,
		    "its ways");
		T(p.pin_after[CK_WAY_SELF] == CK_PIN_STAYS &&
			(p.pin_after[CK_WAY_ON_BEHALF] == CK_PIN_ENVELOPE) == rows[i].on_behalf,
		    "its PINs afterwards");
		T(p.term.rule == rows[i].rule && p.term.length == rows[i].years &&
			(!years || p.term.unit == CK_UNIT_YEARS),
		    "its term");
		T(p.pin_max == rows[i].pin_max, "how long its PINs may be");
	}
}

static void
test_dezhou_hint(void)
{
	struct ck_policy p = { 0 };

	T(ck_policy_find("core/policy/systems", "sdca-dezhou", &p, NULL) == 0 &&
		strstr(p.pin_hint.zh, "111111") != NULL && strstr(p.pin_hint.en, "111111") != NULL,
	    "its manual's default, for people");
}

static void
test_find(void)
{
	static const char *const ids[] = { "no-such", "", "../systems/sheca-cisweb", "SHECA", "a b",
		"a.b", "\033[31m",
		"a-name-far-longer-than-any-identifier-of-a-system-would-ever-be-in-a-record" };
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		err = (struct ck_err){ 0 };
		T(ck_policy_find("core/policy/systems", ids[i], &p, &err) == -1 &&
			err.code == CK_E_SYSTEM_UNKNOWN && strchr(err.detail, 033) == NULL,
		    "no system %zu", i);
	}
	T(ck_way_from("self") == CK_WAY_SELF && ck_way_from("on-behalf") == CK_WAY_ON_BEHALF &&
		ck_way_from("download") == CK_WAY_DOWNLOAD && ck_way_from("on_behalf") == -1,
	    "ways by name");
	T_STR(ck_way_name(CK_WAY_ON_BEHALF), "on-behalf", "and back");
}

/* every system in the tree reads */
static void
test_golden(void)
{
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	T(ck_policy_find("tests/golden/systems", "days", &p, &err) == 0 && p.n_class_rules == 4,
	    "a file with class rules");
	T_STR(p.class_rules[1].trait.oid, "1.2.156.99.2", "a rule's oid");
	T_STR(p.class_rules[1].trait.issuer, "CN=Persons", "a rule's issuer");
	T_STR(p.class_rules[0].trait.value, "unit", "a rule's value");
	T(p.class_rules[2].is == CK_CLASS_SERVER && p.class_rules[2].trait.oid[0] == '\0',
	    "a rule's class");
	T(p.issue_tolerance == 60 && p.unit == CK_UNIT_DAYS && p.retire == CK_RETIRE_KEEP &&
		p.authorise == CK_AUTH_KEY,
	    "other words than sheca's");
	T(p.pin_hint.zh[0] == '\0' && p.pin_hint.en[0] == '\0', "no word on PINs");
	T_STR(p.unique_id, "2.5.4.45", "X.520's unique identifier, unless said");
	T(p.form[0] == '\0' && p.keep_forms_days == 30, "no form, unless said");
	T(p.term.rule == CK_TERM_DESK && p.pin_max == 0 && p.n_only == 0,
	    "the desk's term, PINs as the key takes them, every certificate, unless said");
	T(ck_policy_find("tests/golden/systems", "only", &p, &err) == 0 && p.n_only == 3,
	    "one that serves its own alone");
	T_STR(p.only[1].value, "SY", "what they are known by");
	T_STR(p.only[2].issuer, "CN=Shared", "and by two things together");
	T(ck_policy_find("tests/golden/systems", "until-end", &p, &err) == 0 &&
		p.enrol == CK_CA_KUR,
	    "one whose requests the old key signs");
}

/* ---- mistakes ---- */

static char *
whole(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 65536);

	if (f == NULL || text == NULL || fread(text, 1, 65535, f) == 0)
		abort();
	fclose(f);
	return text;
}

/* The shipped file with one spelling changed must be told with file, line and reason. offset: lines
 * from the change to the one told; -1: the file alone, a setting missing at its top has no line. */
static void
mistake(const char *from, const char *to, int offset, const char *why)
{
	char *text = whole(SHIPPED), *at = strstr(text, from), *bad = NULL, want[320] = "";
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };
	int line = 1;

	/* comments hold the same words; settings begin a line */
	while (at != NULL && at != text && at[-1] != '\n')
		at = strstr(at + 1, from);
	if (at == NULL)
		abort();
	for (char *c = text; c < at; c++)
		line += *c == '\n';
	if (asprintf(&bad, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) < 0)
		abort();
	write_file(file, bad);
	if (offset < 0)
		snprintf(want, sizeof want, "%s: ", file);
	else
		snprintf(want, sizeof want, "%s:%d: ", file, line + offset);
	T(ck_policy_read(file, &p, &err) == -1 && err.code == CK_E_CONFIG &&
		strncmp(err.detail, want, strlen(want)) == 0 && strstr(err.detail, why) != NULL,
	    "mistake in %.*s: %s", (int)strcspn(from, "\n"), from, why);
	if (strncmp(err.detail, want, strlen(want)) != 0 || strstr(err.detail, why) == NULL)
		printf("#   got  %s\n#   want %s… %s\n", err.detail, want, why);
	free(bad);
	free(text);
}

static void
test_mistakes(void)
{
	static const struct {
		const char *from, *to;
		int offset; /* lines from the change; -1: no line */
		const char *why;
	} rows[] = {
		{ "title =", "heading =", -1, "title: missing" },
		{ "title =", "titel =", 0, "titel: unknown setting, title is missing" },
		{ "title = \"上海CA", "title = \"\\x1b[31m", 0,
		    "title: expected UTF-8 without control" },
		{ "hotline =", "hot_line =", 0, "hot_line: unknown setting" },
		{ "email = \"support@sheca.com\"", "email = 5", 0, "email: expected a text" },
		{ "pin_hint = {", "pin_hint = 5; w = {", 0, "pin_hint: expected a group" },
		{ "pin_hint = {", "pin_hint = { zh = \"有\"; }; w = {", 0, "en: missing" },
		{ "pin_hint = {", "pin_hint = { en = \"yes\"; }; w = {", 0, "zh: missing" },
		{ "pin_hint = {", "pin_hint = { zh = \"\x1b[31m\"; en = \"x\"; }; w = {", 0,
		    "zh: expected UTF-8 without control" },
		{ "unique_id = \"2.5.4.45\"", "unique_id = \"2.5.4.\"", 0,
		    "unique_id: \"2.5.4.\" is no object identifier" },
		{ "window = {", "windows = {", 0, "windows: unknown setting" },
		{ "window = {", "window = 5; w = {", 0, "window: expected a group" },
		{ "\tunit = \"months\"", "\tunit = \"weeks\"", 0,
		    "expected one of \"months\" \"days\"" },
		{ "\tbefore = 1;", "\tbefore = -1;", 0, "before: expected a whole number from 0" },
		{ "\tbefore = 1;", "\tbefore = 121;", 0, "before: more than 120 months" },
		{ "\tafter = 1;", "\tafter = 121;", 0, "after: more than 120 months" },
		{ "\tafter = 1;", "\tafter = 1.5;", 0, "after: expected a whole number" },
		{ "\tafter = 1;", "\tafter = 1; untill = 2;", 0, "untill: unknown setting" },
		{ "window = {\n\tunit = \"months\";\n", "window = {\n", 0,
		    "unit: missing in this group" },
		{ "\tends_with_certificate = false", "\tends_with_certificate = \"no\"", 0,
		    "expected true or false" },
		{ "\tafter = 1;\n\tends_with_certificate = false",
		    "\tafter = 1;\n\tends_with_certificate = true", 0,
		    "after: must be 0 where ends_with_certificate is true" },
		{ "\tbefore = 1;", "\tbefore = \"all\";", 0,
		    "before: expected a whole number from 0 to 3660 or \"any\", found \"all\"" },
		{ "\tbefore = 1;", "\tbefore = 3661;", 0,
		    "before: expected a whole number from 0 to 3660 or \"any\", found 3661" },
		{ "\tafter = 1;", "\tafter = \"any\";", 0,
		    "after: expected a whole number from 0 to 3660, found \"any\"" },
		{ "\trule = \"desk\"", "\trule = \"from-end\"", 0,
		    "rule: expected one of \"desk\" \"from-old-end\" \"from-now\"" },
		{ "term = {", "term = { years = 1;", 0, "years: unknown setting" },
		{ "term = {\n\trule = \"desk\";", "term = {", 0, "rule: missing in this group" },
		{ "term = {", "term = \"desk\"; w = {", 0, "term: expected a group" },
		{ "\trule = \"desk\";", "\trule = \"desk\"; length = 1;", 0,
		    "length: must not be there where rule is \"desk\"" },
		{ "\trule = \"desk\";", "\trule = \"desk\"; unit = \"days\";", 0,
		    "unit: must not be there where rule is \"desk\"" },
		{ "\trule = \"desk\";", "\trule = \"desk\"; unit = \"weeks\";", 0,
		    "unit: expected one of \"months\" \"days\" \"years\"" },
		{ "term = {\n\trule = \"desk\";",
		    "term = {\n\trule = \"from-now\"; unit = \"days\";", 0,
		    "length: missing in this group" },
		{ "term = {\n\trule = \"desk\";", "term = {\n\trule = \"from-now\"; length = 1;", 0,
		    "unit: missing in this group" },
		{ "\trule = \"desk\";", "\trule = \"from-now\"; unit = \"years\"; length = 11;", 0,
		    "length: more than 10 years" },
		{ "\trule = \"desk\";",
		    "\trule = \"from-old-end\"; unit = \"months\"; length = 121;", 0,
		    "length: more than 120 months" },
		{ "\trule = \"desk\";", "\trule = \"from-now\"; unit = \"days\"; length = 3661;", 0,
		    "length: expected a whole number from 1 to 3660, found 3661" },
		{ "\trule = \"desk\";", "\trule = \"from-now\"; unit = \"days\"; length = 0;", 0,
		    "length: expected a whole number from 1 to 3660, found 0" },
		{ "retire =", "pin = 8; retire =", 0, "pin: expected a group" },
		{ "retire =", "pin = { }; retire =", 0, "max_length: missing in this group" },
		{ "retire =", "pin = { max_length = 0; }; retire =", 0,
		    "max_length: expected a whole number from 1 to 255, found 0" },
		{ "retire =", "pin = { max_length = 8; min_length = 1; }; retire =", 0,
		    "min_length: unknown setting" },
		{ "serves = [ \"person\"", "serves = [ \"persons\"", 0,
		    "serves: \"persons\" is none of the words" },
		{ "serves = [ \"person\"", "serves = [ \"organisation\"", 0, "stands there twice" },
		{ "serves = [ \"person\", \"organisation\" ]", "serves = [ ]", 0,
		    "serves: the list is empty" },
		{ "ways = [ \"self\"", "ways = [ \"alone\"", 0,
		    "ways: \"alone\" is none of the words" },
		{ "authorise = \"envelope\"", "authorise = \"pin\"", 0, "\"envelope\" \"key\"" },
		{ "enrol = \"p10cr\"", "enrol = \"scep\"", 0,
		    "\"p10cr\" \"kur\" \"est\" \"est-renew\"" },
		{ "enrol = \"p10cr\"", "enrol = \"kur\"", 0, "the old key signs only while" },
		{ "enrol = \"p10cr\"", "enrol = \"est-renew\"", 0, "\"est-renew\" needs" },
		{ "\ton_behalf = \"envelope\"", "\ton_behalf = \"changes\"", 0,
		    "\"stays\" \"envelope\"" },
		{ "retire = \"remove\"", "retire = \"wipe\"", 0, "\"remove\" \"keep\"" },
		{ "\ttypes = [ \"rsa2048\", \"rsa3072\"", "\ttypes = [ \"rsa2048\", \"rsa1024\"", 0,
		    "types: \"rsa1024\" is no kind of key" },
		{ "\ttypes = [ \"rsa2048\", \"rsa3072\"", "\ttypes = [ \"rsa2048\", \"rsa2048\"", 0,
		    "types: \"rsa2048\" stands there twice" },
		{ "\ttypes = [ \"rsa2048\", \"rsa3072\"",
		    "\ttypes = [ \"rsa2048\", \"p256\", \"p256\"", 0,
		    "types: expected a list of at most 3" },
		{ "\tas_old = true", "\tas_old = 1", 0, "as_old: expected true or false" },
		{ "issue_tolerance_s = 300", "issue_tolerance_s = 1000000", 0,
		    "issue_tolerance_s: expected a whole number from 0 to 172800" },
		{ "deadline_days = 30", "deadline_days = 3661", 0,
		    "deadline_days: expected a whole number from 0 to 3660" },
		{ "second_clerk = [ ];", "second_clerk = [ \"abandon\", \"all\" ];", 0,
		    "second_clerk: \"all\" is none of the words" },
		{ "second_clerk = [ ];", "second_clerk = [ \"abandon\", \"abandon\" ];", 0,
		    "second_clerk: \"abandon\" stands there twice" },
		{ "second_clerk = [ ];", "second_clerk = \"abandon\";", 0,
		    "second_clerk: expected a list" },
		{ "keep_days = 0;", "keep_days = -1;", 0,
		    "keep_days: expected a whole number from 0 to 36600" },
		{ "keep_forms_days = 30;", "seal = 1;", 0, "seal: expected true or false" },
		{ "keep_forms_days = 30;", "keep_forms_days = -1;", 0,
		    "keep_forms_days: expected a whole number from 0 to 36600" },
		{ "form = \"sheca-renewal\"", "form = \"../passwd\"", 0,
		    "form: expected a form's name" },
		{ "issue_tolerance_s = 300;", "issue_tolerance_s = 300 300;", 0, "syntax error" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		mistake(rows[i].from, rows[i].to, rows[i].offset, rows[i].why);
}

static void
test_rules(void)
{
	static const char *const rows[][2] = {
		{ "{ oid = \"2.5.4.1O\"; class = \"person\"; }", "oid: \"2.5.4.1O\" is no object" },
		{ "{ oid = \"2..5\"; class = \"person\"; }", "is no object identifier" },
		{ "{ oid = \"2\"; class = \"person\"; }", "is no object identifier" },
		{ "{ oid = \"2.5.\"; class = \"person\"; }", "is no object identifier" },
		{ "{ oid = \"2.5\"; }", "class: missing in this group" },
		{ "{ class = \"person\"; }", "oid: expected an oid or an issuer in this group" },
		{ "{ value = \"x\"; issuer = \"CN=x\"; class = \"person\"; }",
		    "value: a value needs the oid" },
		{ "{ oid = \"2.5\"; class = \"unit\"; }", "class: expected one of \"person\"" },
		{ "{ oid = \"2.5\"; classes = \"unit\"; class = \"person\"; }",
		    "classes: unknown setting" },
		{ "\"person\"", "class_rules: expected groups" },
	};
	static const char *const of_system[][2] = {
		{ "5", "only: expected a list of at most 8, found 5" },
		{ "( )", "only: the list is empty" },
		{ "( \"CN=x\" )", "only: expected groups" },
		{ "( { } )", "oid: expected an oid or an issuer in this group" },
		{ "( { oid = \"2\"; } )", "oid: \"2\" is no object identifier" },
		{ "( { value = \"x\"; issuer = \"CN=x\"; } )", "value: a value needs the oid" },
		{ "( { issuer = 5; } )", "issuer: expected a text" },
		{ "( { issuer = \"CN=x\"; class = \"person\"; } )", "class: unknown setting" },
		{ "( 1, 1, 1, 1, 1, 1, 1, 1, 1 )", "only: expected a list of at most 8" },
	};
	char to[512] = "";

	for (size_t i = 0; i < sizeof of_system / sizeof *of_system; i++) {
		snprintf(to, sizeof to, "only = %s; retire =", of_system[i][0]);
		mistake("retire =", to, 0, of_system[i][1]);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(to, sizeof to, "class_rules = ( %s ); retire =", rows[i][0]);
		mistake("retire =", to, 0, rows[i][1]);
	}
	strcpy(to, "class_rules = ( ");
	for (int i = 0; i <= CK_CLASS_RULES_MAX; i++)
		strcat(to, i == 0 ? "1" : ", 1");
	strcat(to, " ); retire =");
	mistake("retire =", to, 0, "class_rules: expected a list of at most 16");
}

/* no envelope, no password of it */
static void
test_together(void)
{
	mistake("authorise = \"envelope\"", "authorise = \"key\"", 19,
	    "on_behalf: there is no envelope");
}

/* what an old key would have to sign goes with no download */
static void
no_download(const char *path, const char *why)
{
	static const char from[] = "ways = [ \"self\" ]";
	char *text = whole(path), *at = strstr(text, from), *bad = NULL;
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	if (at == NULL || asprintf(&bad, "%.*sways = [ \"self\", \"download\" ]%s",
			      (int)(at - text), text, at + strlen(from)) < 0)
		abort();
	write_file(file, text);
	T(ck_policy_read(file, &p, &err) == 0, "%s is good without (%s)", path, err.detail);
	write_file(file, bad);
	T(ck_policy_read(file, &p, &err) == -1 && err.code == CK_E_CONFIG &&
		strstr(err.detail, why) != NULL,
	    "%s: %s (%s)", path, why, err.detail);
	free(bad);
	free(text);
}

static void
test_download(void)
{
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	T(ck_policy_find("core/policy/systems", "sd-bianban", &p, &err) == 0 &&
		p.ways[CK_WAY_DOWNLOAD] && p.pin_after[CK_WAY_DOWNLOAD] == CK_PIN_STAYS,
	    "S3 has downloads, which leave the PIN");
	T(ck_policy_find("core/policy/systems", "sheca-cisweb", &p, &err) == 0 &&
		!p.ways[CK_WAY_DOWNLOAD],
	    "S1 has none");
	no_download("tests/golden/systems/until-end.conf", "cannot be enrolled by \"kur\"");
	no_download("core/policy/systems/szca-cgn.conf", "cannot have its form before");
}

static void
test_names(void)
{
	static const char *const names[] = { "Sheca.conf", "sheca.cfg", "sheca", ".conf",
		"sheca cisweb.conf" };
	char path[320] = "", *text = whole(SHIPPED);
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		write_file(path, text);
		err = (struct ck_err){ 0 };
		T(ck_policy_read(path, &p, &err) == -1 && err.code == CK_E_CONFIG &&
			strstr(err.detail, "called by its id") != NULL,
		    "no name for a system's file: %s", names[i]);
		unlink(path);
	}
	err = (struct ck_err){ 0 };
	T(ck_policy_read("nowhere/a.conf", &p, &err) == -1 && err.code == CK_E_CONFIG &&
		strstr(err.detail, "nowhere/a.conf: cannot be read") != NULL,
	    "a file that is not there");
	free(text);
}

int
main(void)
{
	scratch_dir(dir, sizeof dir);
	snprintf(file, sizeof file, "%s/sheca-cisweb.conf", dir);
	test_sheca();
	test_five();
	test_dezhou_hint();
	test_find();
	test_golden();
	test_mistakes();
	test_rules();
	test_together();
	test_download();
	test_names();
	unlink(file);
	rmdir(dir);
	return T_END();
}
