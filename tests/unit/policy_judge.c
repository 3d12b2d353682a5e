#include "pki/pki.h"
#include "policy/policy.h"

#include "pki_make.h"
#include "t.h"

#define SYSTEMS "core/policy/systems"
#define GOLDEN "tests/golden/systems"

static struct ck_policy
policy(const char *id)
{
	struct ck_policy p = { 0 };
	struct ck_err err = { 0 };

	if (ck_policy_find(GOLDEN, id, &p, NULL) != 0 && ck_policy_find(SYSTEMS, id, &p, &err) != 0)
		printf("# %s\n", err.detail);
	return p;
}

/* ---- the table of tests/golden/windows.tsv, whose head says what its columns are ---- */

enum column { SYSTEM, CLASS, FROM, TO, MOMENT, ANSWER, RULE, FIRST, LAST, NEW_END, WHY, COLUMNS };
#define LEAST_ROWS 200
#define SYSTEMS_N 5

static bool
reason_fits(const struct ck_verdict *v)
{
	char first[CK_DATE_LEN] = "", end = v->reason[0] ? v->reason[strlen(v->reason) - 1] : 0;

	ck_date_text(v->first_day, first);
	if (end != '.')
		return false;
	return strcmp(v->rule, "window") != 0 || strstr(v->reason, first) != NULL;
}

static void
end_text(const struct ck_verdict *v, char out[CK_TIME_LEN])
{
	strcpy(out, v->eligible ? "desk" : "-");
	if (v->tells_end)
		ck_moment_text(v->new_end, out);
}

static bool
verdict_is(const struct ck_verdict *v, char *const col[COLUMNS])
{
	char first[CK_DATE_LEN] = "", last[CK_DATE_LEN] = "", end[CK_TIME_LEN] = "";
	const char *answer = v->code == CK_E_NONE ? "yes" : ck_err_fact((int)v->code)->name;
	bool good = false;

	ck_date_text(v->first_day, first);
	ck_date_text(v->last_day, last);
	end_text(v, end);
	good = strcmp(answer, col[ANSWER]) == 0 && strcmp(v->rule, col[RULE]) == 0 &&
	       v->eligible == (strcmp(col[ANSWER], "yes") == 0) && strcmp(first, col[FIRST]) == 0 &&
	       strcmp(last, col[LAST]) == 0 && strcmp(end, col[NEW_END]) == 0 &&
	       strcmp(ck_class_name(v->class), col[CLASS]) == 0 && reason_fits(v);
	if (!good)
		printf(
		    "#   got %s %s %s %s %s: %s\n", answer, v->rule, first, last, end, v->reason);
	return good;
}

static void
test_row(char *line, int number)
{
	char *col[COLUMNS] = { 0 };
	struct ck_cert_facts f = { .alg = CK_ALG_RSA, .bits = 2048 };
	struct ck_verdict v = { 0 };
	struct ck_moment when = { 0 };
	struct ck_policy p = { 0 };
	int n = 0;

	for (; n < COLUMNS && line != NULL; n++)
		col[n] = strsep(&line, "\t");
	if (n < COLUMNS || line != NULL) {
		T(false, "line %d has %d columns", number, COLUMNS);
		return;
	}
	p = policy(col[SYSTEM]);
	f.server = strcmp(col[CLASS], "server") == 0;
	f.organisation = strcmp(col[CLASS], "organisation") == 0;
	if (!ck_time_read(col[FROM], &f.not_before) || !ck_time_read(col[TO], &f.not_after) ||
	    !ck_moment_read(col[MOMENT], &when)) {
		T(false, "line %d has times", number);
		return;
	}
	ck_policy_judge(&p, &f, when, &v);
	T(verdict_is(&v, col), "line %d: %s %s at %s: %s (%s)", number, col[SYSTEM], col[CLASS],
	    col[MOMENT], col[ANSWER], col[WHY]);
}

static void
test_table(void)
{
	FILE *f = fopen("tests/golden/windows.tsv", "r");
	char line[1024] = "", before[64] = "";
	int rows = 0, number = 0, systems = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		size_t id = strcspn(line, "\t");

		number++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (strncmp(line, before, id) != 0 || before[id] != '\0') {
			snprintf(before, sizeof before, "%.*s", (int)id, line);
			systems++;
		}
		test_row(line, number);
		rows++;
	}
	T(rows >= LEAST_ROWS && systems == SYSTEMS_N, "the table was read: %d rows", rows);
	if (f != NULL)
		fclose(f);
}

/* ---- a download: the codes say that today will do, and no more than that ---- */

static void
test_download(void)
{
	struct ck_policy p = policy("only");
	struct ck_cert_facts f = { 0 };
	struct ck_moment when = { 0 };
	struct ck_verdict v = { 0 };

	snprintf(f.issuer, sizeof f.issuer, "CN=Ours");
	T(ck_time_read("2020-01-01T00:00:00+08:00", &f.not_before) &&
		ck_time_read("2021-01-01T00:00:00+08:00", &f.not_after) &&
		ck_moment_read("2026-12-01", &when),
	    "times");
	ck_policy_judge(&p, &f, when, &v);
	T(!v.eligible && v.code == CK_E_TOO_LATE, "too late to be renewed");
	ck_policy_judge_download(&p, &f, when, &v);
	T(v.eligible && v.code == CK_E_NONE && strcmp(v.rule, "eligible") == 0,
	    "may be downloaded all the same");
	f.organisation = true;
	ck_policy_judge_download(&p, &f, when, &v);
	T(!v.eligible && v.code == CK_E_CLASS_NOT_SERVED, "of a class that is served");
	snprintf(f.issuer, sizeof f.issuer, "CN=x");
	ck_policy_judge_download(&p, &f, when, &v);
	T(!v.eligible && v.code == CK_E_OTHER_SYSTEM, "and this system's");
	f.server = true;
	ck_policy_judge_download(&p, &f, when, &v);
	T(!v.eligible && v.code == CK_E_SERVER_CERT, "and no server's");
}

/* ---- which refusal goes before which, where no system of ours has both ---- */

static void
test_order(void)
{
	static const struct {
		const char *what, *when, *issuer;
		bool server, organisation;
		enum ck_code code;
	} rows[] = {
		{ "its own", "2026-12-01", "CN=Ours", false, false, CK_E_NONE },
		{ "a server's of another system", "2026-12-01", "CN=x", true, false,
		    CK_E_SERVER_CERT },
		{ "an organisation's of another system", "2026-12-01", "CN=x", false, true,
		    CK_E_OTHER_SYSTEM },
		{ "another system's, too early", "2020-01-01", "CN=x", false, false,
		    CK_E_OTHER_SYSTEM },
		{ "an organisation's", "2026-12-01", "CN=Ours", false, true,
		    CK_E_CLASS_NOT_SERVED },
		{ "an organisation's, too early", "2020-01-01", "CN=Ours", false, true,
		    CK_E_CLASS_NOT_SERVED },
		{ "its own, too early", "2026-01-01", "CN=Ours", false, false, CK_E_TOO_EARLY },
	};
	struct ck_policy p = policy("only");
	struct ck_cert_facts f = { 0 };
	struct ck_moment when = { 0 };
	struct ck_verdict v = { 0 };

	ck_time_read("2026-12-20T12:00:00+08:00", &f.not_after);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		f.server = rows[i].server;
		f.organisation = rows[i].organisation;
		strcpy(f.issuer, rows[i].issuer);
		ck_moment_read(rows[i].when, &when);
		ck_policy_judge(&p, &f, when, &v);
		T(v.code == rows[i].code && v.eligible == (v.code == CK_E_NONE), "refusal: %s",
		    rows[i].what);
	}
	f.organisation = false;
	strcpy(f.issuer, "CN=x");
	ck_policy_judge(&p, &f, when, &v);
	T_STR(v.rule, "other-system", "its rule");
	T(strstr(v.reason, "another system than only") != NULL, "and its reason");
}

static void
test_only(void)
{
	static const struct {
		const char *what, *oid, *value, *issuer;
		bool ours;
	} rows[] = {
		{ "by its issuer", "1.2.3", "", "CN=Ours", true },
		{ "by an oid with its value", "1.2.156.99.7", "SY", "CN=x", true },
		{ "an oid with another value", "1.2.156.99.7", "SYX", "CN=x", false },
		{ "an oid under its issuer", "1.2.156.99.8", "any", "CN=Shared", true },
		{ "the same under another", "1.2.156.99.8", "any", "CN=x", false },
		{ "the issuer without it", "1.2.3", "any", "CN=Shared", false },
	};
	struct ck_policy p = policy("only"), all = policy("sd-bianban");
	struct ck_moment when = { .at = 1 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_cert_facts f = { .n_oids = 1 };
		struct ck_verdict v = { 0 };

		snprintf(f.oids[0].oid, sizeof f.oids[0].oid, "%s", rows[i].oid);
		snprintf(f.oids[0].value, sizeof f.oids[0].value, "%s", rows[i].value);
		snprintf(f.issuer, sizeof f.issuer, "%s", rows[i].issuer);
		ck_policy_judge(&p, &f, when, &v);
		T((v.code != CK_E_OTHER_SYSTEM) == rows[i].ours, "of this system: %s",
		    rows[i].what);
		ck_policy_judge(&all, &f, when, &v);
		T(v.code != CK_E_OTHER_SYSTEM, "where nothing is said all are: %s", rows[i].what);
	}
}

/* ---- the new certificate's end ---- */

static void
test_ends(void)
{
	static const struct {
		const char *what;
		enum ck_term_rule rule;
		enum ck_unit unit;
		int length;
		const char *old_end, *now, *end; /* NULL: the desk's word */
	} rows[] = {
		{ "the desk's word", CK_TERM_DESK, CK_UNIT_MONTHS, 0, "2026-12-20T12:00:00+08:00",
		    "2026-12-01T00:00:00+08:00", NULL },
		{ "a year from the old end", CK_TERM_FROM_OLD_END, CK_UNIT_YEARS, 1,
		    "2018-08-03T17:38:33+08:00", "2018-07-24T17:38:47+08:00",
		    "2019-08-03T17:38:33+08:00" },
		{ "a year from now", CK_TERM_FROM_NOW, CK_UNIT_YEARS, 1,
		    "2018-08-03T17:38:33+08:00", "2018-07-24T17:38:47+08:00",
		    "2019-07-24T17:38:47+08:00" },
		{ "six months from a 31st", CK_TERM_FROM_NOW, CK_UNIT_MONTHS, 6,
		    "2026-12-20T12:00:00+08:00", "2026-08-31T23:59:59+08:00",
		    "2027-02-28T23:59:59+08:00" },
		{ "365 days over a leap day", CK_TERM_FROM_NOW, CK_UNIT_DAYS, 365,
		    "2026-12-20T12:00:00+08:00", "2028-02-01T00:00:00+08:00",
		    "2029-01-31T00:00:00+08:00" },
		{ "a year from a leap day that Greenwich has not got yet", CK_TERM_FROM_NOW,
		    CK_UNIT_YEARS, 1, "2026-12-20T12:00:00+08:00", "2028-02-28T16:00:00Z",
		    "2029-02-28T00:00:00+08:00" },
		{ "four years from a leap day", CK_TERM_FROM_OLD_END, CK_UNIT_YEARS, 4,
		    "2028-02-29T08:00:00+08:00", "2028-02-01T00:00:00+08:00",
		    "2032-02-29T08:00:00+08:00" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_policy p = { .term = { rows[i].rule, rows[i].unit, rows[i].length } };
		int64_t old_end = 0, now = 0, end = 0;

		ck_time_read(rows[i].old_end, &old_end);
		ck_time_read(rows[i].now, &now);
		if (rows[i].end != NULL)
			ck_time_read(rows[i].end, &end);
		T(ck_policy_new_end(&p, old_end, now) == end, "new end: %s", rows[i].what);
	}
}

static void
test_end_told(void)
{
	struct ck_policy p = policy("sheca-cisweb");
	struct ck_cert_facts f = { 0 };
	struct ck_moment when = { 0 };
	struct ck_verdict v = { 0 };
	char end[CK_TIME_LEN] = "";

	p.term.rule = CK_TERM_FROM_NOW;
	p.term.unit = CK_UNIT_YEARS;
	p.term.length = 1;
	ck_time_read("2026-12-20T12:00:00+08:00", &f.not_after);
	ck_moment_read("2026-12-01T08:30:00Z", &when);
	ck_policy_judge(&p, &f, when, &v);
	end_text(&v, end);
	T_STR(end, "2027-12-01T16:30:00+08:00", "from a second on: to a second");
	ck_moment_read("2026-12-01", &when);
	ck_policy_judge(&p, &f, when, &v);
	end_text(&v, end);
	T_STR(end, "2027-12-01", "from a day on: a day");
	ck_moment_read("2026-10-01", &when);
	ck_policy_judge(&p, &f, when, &v);
	T(!v.tells_end, "of one that may not be renewed there is none");
}

static void
test_reasons(void)
{
	struct ck_policy sheca = policy("sheca-cisweb"), end = policy("until-end");
	struct ck_cert_facts f = { 0 };
	struct ck_moment when = { 0 };
	struct ck_verdict v = { 0 };

	ck_time_read("2026-12-20T12:00:00+08:00", &f.not_after);
	ck_moment_read("2026-11-19", &when);
	ck_policy_judge(&sheca, &f, when, &v);
	T_STR(v.reason,
	    "The certificate may be renewed from 2026-11-20 to 2027-01-20, first and last day "
	    "included; 2026-11-19 is too early.",
	    "a sentence with the dates");
	ck_moment_read("2026-12-20T04:00:01Z", &when);
	ck_policy_judge(&end, &f, when, &v);
	T_STR(v.reason,
	    "The certificate may be renewed from 2026-11-20 until the certificate's end at "
	    "2026-12-20T12:00:00+08:00; 2026-12-20T12:00:01+08:00 is too late.",
	    "a sentence with the instant");
}

static void
test_moments(void)
{
	static const char *const bad[] = { "", "today", "2026-02-29", "2026-11-20T10:00:00",
		"2026-11-20 ", "2026-13-01T00:00:00Z", "2026-11-20T24:00:00Z" };
	struct ck_moment m = { 0 };

	T(ck_moment_read("2026-11-20", &m) && m.whole_day && m.day == ck_day_make(2026, 11, 20),
	    "a day");
	T(ck_moment_read("1970-01-01T08:00:01+08:00", &m) && !m.whole_day && m.at == 1,
	    "an instant");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		T(!ck_moment_read(bad[i], &m), "no moment: \"%s\"", bad[i]);
}

/* ---- classes ---- */

static void
test_classes(void)
{
	static const struct {
		const char *what, *oid, *value, *issuer;
		bool server, organisation;
		enum ck_class is;
	} rows[] = {
		{ "no rule fits", "1.2.3", "x", "CN=x", false, true, CK_CLASS_ORG },
		{ "no rule fits a person", "1.2.3", "x", "CN=x", false, false, CK_CLASS_PERSON },
		{ "no rule fits a server", "1.2.3", "x", "CN=x", true, true, CK_CLASS_SERVER },
		{ "oid and value", "1.2.156.99.1", "unit", "CN=x", false, false, CK_CLASS_ORG },
		{ "oid with another value", "1.2.156.99.1", "units", "CN=x", true, true,
		    CK_CLASS_PERSON },
		{ "oid and issuer", "1.2.156.99.2", "", "CN=Persons", true, true, CK_CLASS_PERSON },
		{ "oid under another issuer", "1.2.156.99.2", "", "CN=x", false, true,
		    CK_CLASS_ORG },
		{ "issuer without the oid", "1.2.3", "", "CN=Persons", false, true, CK_CLASS_ORG },
		{ "issuer", "1.2.3", "", "CN=Servers", false, false, CK_CLASS_SERVER },
		{ "the first rule wins", "1.2.156.99.1", "unit", "CN=Servers", false, false,
		    CK_CLASS_ORG },
	};
	struct ck_policy p = policy("days");

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_cert_facts f = {
			.server = rows[i].server, .organisation = rows[i].organisation, .n_oids = 1
		};

		snprintf(f.oids[0].oid, sizeof f.oids[0].oid, "%s", rows[i].oid);
		snprintf(f.oids[0].value, sizeof f.oids[0].value, "%s", rows[i].value);
		snprintf(f.issuer, sizeof f.issuer, "%s", rows[i].issuer);
		T(ck_policy_class(&p, &f) == rows[i].is, "class: %s", rows[i].what);
	}
}

/* facts as they are read, not as the test would have them */
static void
test_real_certificate(void)
{
	struct spec s = { .subject = { { .name = "CN", .value = "\033]0;x\007\u202e" },
			      { .name = "1.2.156.99.1", .value = "unit" } },
		.from = "250101000000Z",
		.to = "261220155959Z" };
	struct made m = make_cert(&s);
	struct ck_policy p = policy("days");
	struct ck_moment when = { 0 };
	struct ck_cert_facts f = { 0 };
	struct ck_verdict v = { 0 };

	ck_moment_read("2026-12-01", &when);
	T(ck_cert_read(m.der, m.n, &f, NULL) == 0, "a certificate is read");
	ck_policy_judge(&p, &f, when, &v);
	T(v.code == CK_E_CLASS_NOT_SERVED && v.class == CK_CLASS_ORG, "and its attribute found");
	T(strpbrk(v.reason, "\033\007") == NULL && strstr(v.reason, "\u202e") == NULL,
	    "nothing of it in the sentence");
	made_free(&m);
}

/* ---- kind of the new key ---- */

static void
test_keytypes(void)
{
	enum { R2 = 1, R3 = 2, P = 4, ALL = 7 };
	static const struct {
		const char *system;
		enum ck_alg alg;
		int bits, makes, want; /* want -1: KEY_UNSUITABLE */
	} rows[] = {
		{ "sheca-cisweb", CK_ALG_RSA, 1024, ALL, CK_KEY_RSA2048 },
		{ "sheca-cisweb", CK_ALG_RSA, 2048, ALL, CK_KEY_RSA2048 },
		{ "sheca-cisweb", CK_ALG_RSA, 2049, ALL, CK_KEY_RSA3072 },
		{ "sheca-cisweb", CK_ALG_RSA, 4096, ALL, CK_KEY_RSA3072 },
		{ "sheca-cisweb", CK_ALG_P256, 256, ALL, CK_KEY_P256 },
		{ "sheca-cisweb", CK_ALG_OTHER, 384, ALL, CK_KEY_RSA2048 },
		{ "sheca-cisweb", CK_ALG_P256, 256, R2 | R3, CK_KEY_RSA2048 },
		{ "sheca-cisweb", CK_ALG_RSA, 2048, P, CK_KEY_P256 },
		{ "sheca-cisweb", CK_ALG_RSA, 2048, R3 | P, CK_KEY_RSA3072 },
		{ "sheca-cisweb", CK_ALG_RSA, 2048, 0, -1 },
		{ "days", CK_ALG_P256, 256, ALL, CK_KEY_RSA2048 },
		{ "days", CK_ALG_RSA, 3072, ALL, CK_KEY_RSA3072 },
		{ "days", CK_ALG_P256, 256, P, -1 },
		{ "until-end", CK_ALG_RSA, 2048, ALL, CK_KEY_P256 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ck_cert_facts old = { .alg = rows[i].alg, .bits = rows[i].bits };
		struct ck_policy p = policy(rows[i].system);
		enum ck_keytype kind = CK_KEY_RSA2048;
		struct ck_err err = { 0 };
		int rc = ck_policy_keytype(&p, &old, rows[i].makes & R2, rows[i].makes & R3,
		    rows[i].makes & P, &kind, &err);

		T(rows[i].want < 0 ? rc == -1 && err.code == CK_E_KEY_UNSUITABLE
				   : rc == 0 && (int)kind == rows[i].want,
		    "%s: new key for %d bits, key makes %d", rows[i].system, rows[i].bits,
		    rows[i].makes);
	}
}

int
main(void)
{
	test_table();
	test_download();
	test_order();
	test_only();
	test_ends();
	test_end_told();
	test_reasons();
	test_moments();
	test_classes();
	test_real_certificate();
	test_keytypes();
	return T_END();
}
