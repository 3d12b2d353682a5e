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

/* ---- the table of tests/golden/windows.txt ---- */

static const char *
rule_of(const char *code)
{
	static const char *const rules[][2] = {
		{ "-", "eligible" },
		{ "TOO_EARLY", "window" },
		{ "TOO_LATE", "window" },
		{ "NOT_YET_VALID", "not-yet-valid" },
		{ "CLASS_NOT_SERVED", "class" },
		{ "SERVER_CERT", "server-certificate" },
	};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rules[i][0], code) == 0)
			return rules[i][1];
	return "no such rule";
}

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
test_row(char *line)
{
	char *col[8] = { 0 }, *save = NULL, *name = strdup(line);
	char first[CK_DATE_LEN] = "", last[CK_DATE_LEN] = "";
	struct ck_cert_facts f = { .alg = CK_ALG_RSA, .bits = 2048 };
	struct ck_verdict v = { 0 };
	struct ck_moment when = { 0 };
	struct ck_policy p = { 0 };
	const char *code = NULL;
	bool good = true;

	for (int i = 0; i < 8; i++) {
		col[i] = strtok_r(i == 0 ? line : NULL, " ", &save);
		good = good && col[i] != NULL;
	}
	T(good, "eight columns: %s", name);
	if (!good)
		goto out;
	p = policy(col[0]);
	f.server = strcmp(col[1], "server") == 0;
	f.organisation = strcmp(col[1], "organisation") == 0;
	good = ck_time_read(col[2], &f.not_before) && ck_time_read(col[3], &f.not_after) &&
	       ck_moment_read(col[4], &when);
	ck_policy_judge(&p, &f, when, &v);
	ck_date_text(v.first_day, first);
	ck_date_text(v.last_day, last);
	code = v.code == CK_E_NONE ? "-" : ck_err_fact(v.code)->name;
	good = good && strcmp(code, col[5]) == 0 && strcmp(v.rule, rule_of(col[5])) == 0 &&
	       v.eligible == (strcmp(col[5], "-") == 0) && strcmp(first, col[6]) == 0 &&
	       strcmp(last, col[7]) == 0 && strcmp(ck_class_name(v.class), col[1]) == 0 &&
	       reason_fits(&v);
	T(good, "%s", name);
	if (!good)
		printf("#   got %s %s %s %s: %s\n", v.rule, code, first, last, v.reason);
out:
	free(name);
}

static void
test_table(void)
{
	FILE *f = fopen("tests/golden/windows.txt", "r");
	char line[512] = "";
	int rows = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		test_row(line);
		rows++;
	}
	T(rows > 40, "the table was read");
	if (f != NULL)
		fclose(f);
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
	test_reasons();
	test_moments();
	test_classes();
	test_real_certificate();
	test_keytypes();
	return T_END();
}
