/* The closed list, first cause, and what may stand in a detail; names of facts and questions. */
#include "t.h"

#include "certkiosk/ask.h"
#include "certkiosk/err.h"
#include "certkiosk/facts.h"

static void
the_list(void)
{
	int n = 0, twice = 0, lost = 0;

	for (; ck_err_at(n) != NULL; n++) {
		const struct ck_err_fact *f = ck_err_at(n);

		for (int i = 0; i < n; i++)
			twice += ck_err_at(i)->code == f->code ||
				 strcmp(ck_err_at(i)->name, f->name) == 0;
		lost += ck_err_fact((int)f->code) != f || ck_whose_name(f->whose) == NULL;
	}
	T(n > 80, "the list has its %d rows", n);
	T(twice == 0, "no number and no name twice");
	T(lost == 0, "every row is found by its number");
	T(ck_err_at(-1) == NULL, "no row before the first");
	T(ck_err_fact(0) == NULL, "none is not an error");
	T(ck_err_fact(1999) == NULL, "a number outside the list has no row");
	T(CK_E_PIN_WRONG == 1201, "numbers are those on the slips");
	T_STR(ck_err_fact(1201)->name, "PIN_WRONG", "name of 1201");
	T_STR(ck_whose_name(ck_err_fact(1201)->whose), "customer", "a wrong PIN is the customer's");
	T_STR(ck_whose_name(ck_err_fact(CK_E_INTERNAL)->whose), "program",
	    "INTERNAL is the program's");
	T(ck_err_fact(CK_E_NO_KEY)->key == CK_KEY_UNTOUCHED, "NO_KEY leaves the key untouched");
}

static void
first_cause(void)
{
	struct ck_err err = { 0 };

	T(ck_fail(&err, CK_E_CONFIG, "%s: line %d", "a.conf", 7) == -1, "ck_fail returns -1");
	T_STR(err.detail, "a.conf: line 7", "detail is formatted");
	T(ck_fail_native(&err, CK_E_LINK, 32, "later") == -1, "a later failure returns -1 too");
	T(err.code == CK_E_CONFIG && err.native == 0, "the first cause wins");
	T_STR(err.detail, "a.conf: line 7", "its detail stays");
	T(ck_fail(NULL, CK_E_CONFIG, "nobody asks") == -1, "a NULL err is accepted");

	memset(&err, 0, sizeof err);
	ck_fail_native(&err, CK_E_PIN_WRONG, 0xa0, "x");
	T(err.code == CK_E_PIN_WRONG && err.native == 160, "the native number is kept");

	memset(&err, 0, sizeof err);
	ck_fail(&err, CK_E_NONE, "confused caller");
	T(err.code == CK_E_INTERNAL, "a failure never looks like success");
}

static void
details(void)
{
	struct ck_err err = { 0 };
	char longest[3000];

	ck_fail(&err, CK_E_CA_REFUSED, "CA says: %s", "\033[2J\xe2\x80\xaegnp.exe\nbye");
	T_STR(err.detail, "CA says: \xef\xbf\xbd[2Jgnp.exe bye",
	    "a detail cannot steer the terminal");

	memset(&err, 0, sizeof err);
	for (size_t i = 0; i + 3 < sizeof longest; i += 3)
		memcpy(longest + i, "\xe8\xaf\x81", 4);
	ck_fail(&err, CK_E_CA_REFUSED, "%s", longest);
	T(strlen(err.detail) == 510, "a long detail is cut at a character");
	T_STR(err.detail + 504, "\xe8\xaf\x81...", "and says so");
}

static void
words(void)
{
	char text[CK_ALG_TEXT_MAX];

	ck_alg_text(&(struct ck_cert_facts){ .alg = CK_ALG_RSA, .bits = 2048 }, text);
	T_STR(text, "RSA 2048", "an algorithm with its size");
	ck_alg_text(&(struct ck_cert_facts){ .alg = CK_ALG_SM2, .bits = 256 }, text);
	T_STR(text, "SM2", "one of a single size");
	ck_alg_text(&(struct ck_cert_facts){ .alg = CK_ALG_OTHER, .bits = INT32_MAX }, text);
	T_STR(text, "? 2147483647", "one without a name");
	T_STR(ck_class_name(CK_CLASS_ORG), "organisation", "class name");
	T_STR(ck_keytype_name(CK_KEY_RSA3072), "rsa3072", "key type name");
	T(ck_keytype_from("p256") == CK_KEY_P256, "key type by name");
	T(ck_keytype_from("p384") == -1, "no other key type");
	T(ck_keytype_from(NULL) == -1, "no key type without a name");
	T_STR(ck_field_kind_names[CK_FIELD_YES], "yes", "field kind name");
	T(ck_outcome_from("abandoned") == CK_END_ABANDONED, "outcome by name");
	T(ck_outcome_from("Done") == -1, "no other outcome");
	T(ck_outcome_status[ck_outcome_from("done")] == 0 &&
		ck_outcome_status[ck_outcome_from("parked")] == 3 &&
		ck_outcome_status[ck_outcome_from("refused")] == 4 &&
		ck_outcome_status[ck_outcome_from("abandoned")] == 5 &&
		ck_outcome_status[ck_outcome_from("failed")] == 1 &&
		ck_outcome_status[ck_outcome_from("usage")] == 2,
	    "exit status of every outcome");
}

int
main(void)
{
	the_list();
	first_cause();
	details();
	words();
	return T_END();
}
