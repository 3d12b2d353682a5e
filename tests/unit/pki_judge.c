#include "pki/pki.h"

#include "pki_make.h"
#include "t.h"

#define NOW 1735689600 /* 2025-01-01 */
#define OLD_END "260101000000Z"
#define NEW_END "270101000000Z"
#define NEW_END_S 1798761600
#define TOLERANCE 300

/* what stays the same in every row: the CA, the old certificate, the request for the new key */
struct scene {
	struct made ca, foreign, old;
	EVP_PKEY *key;
	unsigned char *csr;
	size_t csr_len;
	struct ck_issuers *accepted;
};

static const struct part ca_ext = { .name = "basicConstraints", .value = "critical,CA:TRUE" };

#define ORG(cn) \
	{ \
		{ "C", "CN", V_ASN1_PRINTABLESTRING, 0 }, { .name = "O", .value = "某公司" }, \
		{ \
			.name = "CN", .value = cn \
		} \
	}

static struct ck_issuers *
accepted(const struct made *a)
{
	struct ck_issuers *is = NULL;
	char dir[256] = "", file[280] = "", *pem = made_pem(a);

	scratch_dir(dir, sizeof dir);
	snprintf(file, sizeof file, "%s/accepted.pem", dir);
	write_file(file, pem);
	ck_issuers_read(file, NULL, &is, NULL);
	unlink(file);
	rmdir(dir);
	free(pem);
	return is;
}

static void
set_scene(struct scene *s)
{
	struct spec ca = { .subject = { { .name = "CN", .value = "CA" } }, .exts = { ca_ext } };
	struct spec old = { .subject = ORG("Unit"), .to = OLD_END, .by = &s->foreign };

	s->ca = make_cert(&ca);
	s->foreign = make_cert(&ca);
	s->old = make_cert(&old);
	s->key = EVP_EC_gen("P-256");
	ck_csr_make(s->key, s->old.der, s->old.n, &s->csr, &s->csr_len, NULL);
	s->accepted = accepted(&s->ca);
}

static void
scene_free(struct scene *s)
{
	made_free(&s->ca);
	made_free(&s->foreign);
	made_free(&s->old);
	EVP_PKEY_free(s->key);
	free(s->csr);
	ck_issuers_free(s->accepted);
}

static enum ck_code
judged(const struct scene *s, const struct spec *issued, int64_t quoted, int64_t from, int64_t to,
    struct ck_err *err)
{
	struct ck_expected want = {
		.old_cert = s->old.der,
		.old_len = s->old.n,
		.csr = s->csr,
		.csr_len = s->csr_len,
		.accepted = s->accepted,
		.now = NOW,
		.quoted_end = quoted,
		.ruled_from = from,
		.ruled_to = to,
		.tolerance = TOLERANCE,
	};
	struct made m = make_cert(issued);
	int rc = 0;

	*err = (struct ck_err){ 0 };
	rc = ck_judge_issued(&want, m.der, m.n, err);
	made_free(&m);
	return rc == 0 ? CK_E_NONE : err->code;
}

static enum ck_code
verdict(const struct scene *s, const struct spec *issued, int64_t quoted, struct ck_err *err)
{
	return judged(s, issued, quoted, 0, 0, err);
}

static void
test_rows(const struct scene *s)
{
	const struct part server = { .name = "extendedKeyUsage", .value = "serverAuth" };
	const struct {
		const char *what;
		struct spec spec;
		int64_t quoted;
		enum ck_code code;
	} rows[] = {
		{ "as asked", { .subject = ORG("Unit") }, 0, CK_E_NONE },
		{ "the name in other letters", { .subject = ORG("UNIT ") }, 0, CK_E_NONE },
		{ "another key", { .subject = ORG("Unit"), .key = s->ca.key }, 0,
		    CK_E_ISSUED_OTHER_KEY },
		{ "another name", { .subject = ORG("Unity") }, 0, CK_E_ISSUED_OTHER_SUBJECT },
		{ "a server certificate", { .subject = ORG("Unit"), .exts = { server } }, 0,
		    CK_E_ISSUED_OTHER_CLASS },
		{ "another issuer of the same name", { .subject = ORG("Unit"), .by = &s->foreign },
		    0, CK_E_ISSUED_OTHER_ISSUER },
		{ "starts when clocks may differ",
		    { .subject = ORG("Unit"), .from = "250101000500Z" }, 0, CK_E_NONE },
		{ "starts a second later", { .subject = ORG("Unit"), .from = "250101000501Z" }, 0,
		    CK_E_ISSUED_NOT_YET },
		{ "ends with the old one", { .subject = ORG("Unit"), .to = OLD_END }, 0,
		    CK_E_ISSUED_TOO_SHORT },
		{ "ends a second later", { .subject = ORG("Unit"), .to = "260101000001Z" }, 0,
		    CK_E_NONE },
		{ "ends as promised", { .subject = ORG("Unit") }, NEW_END_S + TOLERANCE,
		    CK_E_NONE },
		{ "ends a second before what was promised", { .subject = ORG("Unit") },
		    NEW_END_S + TOLERANCE + 1, CK_E_ISSUED_TOO_SHORT },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct spec spec = rows[i].spec;
		struct ck_err err = { 0 };

		spec.by = spec.by ? spec.by : &s->ca;
		spec.key = spec.key ? spec.key : s->key;
		spec.from = spec.from ? spec.from : "250101000000Z";
		spec.to = spec.to ? spec.to : NEW_END;
		T(verdict(s, &spec, rows[i].quoted, &err) == rows[i].code &&
			(rows[i].code == CK_E_NONE || err.detail[0] != '\0'),
		    "issued: %s", rows[i].what);
	}
}

/* the end that the system's rules allow, from an end to an end, give or take what clocks do */
static void
test_ruled(const struct scene *s)
{
	static const struct {
		const char *what;
		int64_t from, to;
		enum ck_code code;
	} rows[] = {
		{ "that very end", NEW_END_S, NEW_END_S, CK_E_NONE },
		{ "as early as clocks may differ", NEW_END_S + TOLERANCE, NEW_END_S + TOLERANCE,
		    CK_E_NONE },
		{ "a second earlier", NEW_END_S + TOLERANCE + 1, NEW_END_S + TOLERANCE + 1,
		    CK_E_ISSUED_TOO_SHORT },
		{ "as late as clocks may differ", NEW_END_S - TOLERANCE, NEW_END_S - TOLERANCE,
		    CK_E_NONE },
		{ "a second later", NEW_END_S - TOLERANCE - 1, NEW_END_S - TOLERANCE - 1,
		    CK_E_ISSUED_TOO_LONG },
		{ "amid two days", NEW_END_S - 86400, NEW_END_S + 86400, CK_E_NONE },
		{ "before both", NEW_END_S + 86400, NEW_END_S + 172800, CK_E_ISSUED_TOO_SHORT },
		{ "after both", NEW_END_S - 172800, NEW_END_S - 86400, CK_E_ISSUED_TOO_LONG },
	};
	struct spec spec = { .subject = ORG("Unit"),
		.from = "250101000000Z",
		.to = NEW_END,
		.key = s->key,
		.by = &s->ca };
	struct ck_err err = { 0 };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		T(judged(s, &spec, 0, rows[i].from, rows[i].to, &err) == rows[i].code, "ruled: %s",
		    rows[i].what);
	T(strstr(err.detail, "ends 2027-01-01T08:00:00+08:00, the rules say 2026-12-31T08") != NULL,
	    "with both times");
	T(judged(s, &spec, NEW_END_S + TOLERANCE + 1, NEW_END_S, NEW_END_S, &err) ==
		CK_E_ISSUED_TOO_SHORT,
	    "as ruled, but not as promised");
}

/* several things wrong: the gravest is told */
static void
test_order(const struct scene *s)
{
	struct spec spec = { .subject = { { .name = "CN", .value = "x" } },
		.to = OLD_END,
		.from = "250601000000Z",
		.key = s->foreign.key,
		.by = &s->foreign };
	struct ck_err err = { 0 };

	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_OTHER_KEY, "first the key");
	spec.key = s->key;
	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_OTHER_SUBJECT, "then the subject");
	memcpy(
	    spec.subject, ((struct spec){ .subject = ORG("unit") }).subject, sizeof spec.subject);
	spec.exts[0] = (struct part){ .name = "subjectAltName", .value = "DNS:a.example" };
	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_OTHER_CLASS, "then the class");
	spec.exts[0].name = NULL;
	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_OTHER_ISSUER, "then the issuer");
	spec.by = &s->ca;
	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_NOT_YET, "then the start");
	T(strstr(err.detail, "2025-06-01T08:00:00+08:00") != NULL, "with its time");
	spec.from = NULL;
	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_TOO_SHORT, "then the end");
	T(strstr(err.detail, "2026-01-01T08:00:00+08:00") != NULL, "with its time");
}

static void
test_detail(const struct scene *s)
{
	struct spec spec = { .subject = { { .name = "CN", .value = "\033[31mevil\u202e" } },
		.key = s->key,
		.by = &s->ca };
	struct ck_err err = { 0 };

	T(verdict(s, &spec, 0, &err) == CK_E_ISSUED_OTHER_SUBJECT &&
		strchr(err.detail, 033) == NULL && strstr(err.detail, "\u202e") == NULL &&
		strstr(err.detail, "Unit") != NULL,
	    "both names, harmless");
}

static void
test_unreadable(const struct scene *s)
{
	struct ck_expected want = { .old_cert = s->old.der,
		.old_len = s->old.n,
		.csr = s->csr,
		.csr_len = s->csr_len,
		.accepted = s->accepted,
		.now = NOW };
	struct ck_err err = { 0 };

	T(ck_judge_issued(&want, s->old.der, s->old.n - 1, &err) == -1 &&
		err.code == CK_E_CERT_UNREADABLE,
	    "an answer that is no certificate");
	err = (struct ck_err){ 0 };
	T(ck_judge_issued(&want, s->old.der, s->old.n, &err) == -1 &&
		err.code == CK_E_ISSUED_OTHER_KEY,
	    "the old certificate once more");
}

int
main(void)
{
	struct scene s = { 0 };

	set_scene(&s);
	test_rows(&s);
	test_ruled(&s);
	test_order(&s);
	test_detail(&s);
	test_unreadable(&s);
	scene_free(&s);
	return T_END();
}
