/*
 * What an order takes: the fields of each group, the ways to pay that are offered, the most it may
 * cost, the papers. Which of it a renewal really goes through is the desk's word (PROTOCOL.desk,
 * 13); what the desk asks for and is not told here a kiosk could not put to anybody.
 */
#include <string.h>

#include "policy/read.h"

#define AMOUNT_MAX 100000000 /* PROTOCOL.desk, 13: fen */

static const char *const step_words[] = { "applicant", "papers", "identity", "payment", "review",
	NULL };
static const char *const owner_words[] = { "always", "expired", NULL };
static const char *const per_words[] = { "order", "year", NULL };
static const char *const form_words[] = { "after", "before", NULL };
static const char *const group_words[] = { "agent", "owner", "invoice" };
static const char *const fee_words[] = { "person", "organisation" };

/* ---- lists of words ---- */

static int
read_steps(const struct ck_conf_at *at, struct ck_order_rules *o, struct ck_err *err)
{
	char word[CK_WORD_MAX] = "";
	size_t n = 0;
	int k = 0;

	if (ck_conf_list(at, "steps", true, CK_STEPS, &n, err) != 1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (ck_conf_list_text(at, "steps", i, word, sizeof word, err) != 1)
			return -1;
		if ((k = ck_index_of(word, step_words)) < 0)
			return ck_conf_wrong(at, "steps", err, "\"%s\" is no step", word);
		if (o->step[k])
			return ck_conf_wrong(at, "steps", err, "\"%s\" stands there twice", word);
		o->step[k] = true;
	}
	return n > 0 ? 0 : ck_conf_wrong(at, "steps", err, "the list is empty");
}

/* PROTOCOL.desk's WORD */
static bool
good_word(const char *w)
{
	return *w != '\0' && strspn(w, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(w);
}

static int
read_methods(const struct ck_conf_at *at, struct ck_order_rules *o, struct ck_err *err)
{
	int rc = ck_conf_list(at, "methods", false, CK_METHODS_MAX, &o->n_methods, err);

	for (size_t i = 0; rc == 1 && i < o->n_methods; i++) {
		char *m = o->methods[i];

		if (ck_conf_list_text(at, "methods", i, m, sizeof o->methods[i], err) != 1)
			return -1;
		if (!good_word(m))
			return ck_conf_wrong(at, "methods", err,
			    "\"%s\": expected small letters, digits and hyphens", m);
		for (size_t k = 0; k < i; k++)
			if (strcmp(o->methods[k], m) == 0)
				return ck_conf_wrong(
				    at, "methods", err, "\"%s\" stands there twice", m);
	}
	return rc < 0 ? -1 : 0;
}

/* ---- groups ---- */

static int
read_fields(const struct ck_conf_at *at, struct ck_order_fields *f, struct ck_err *err)
{
	char word[CK_WORD_MAX] = "";
	int k = 0;

	if (ck_conf_list(at, "fields", true, CK_ORDER_FIELDS_MAX, &f->n, err) != 1)
		return -1;
	for (size_t i = 0; i < f->n; i++) {
		if (ck_conf_list_text(at, "fields", i, word, sizeof word, err) != 1)
			return -1;
		if ((k = ck_person_from(word)) < 0)
			return ck_conf_wrong(at, "fields", err, "\"%s\" is no field", word);
		for (size_t j = 0; j < i; j++)
			if ((int)f->field[j] == k)
				return ck_conf_wrong(
				    at, "fields", err, "\"%s\" stands there twice", word);
		f->field[i] = (enum ck_person)k;
	}
	return f->n > 0 ? 0 : ck_conf_wrong(at, "fields", err, "the list is empty");
}

static int
read_group(const struct ck_conf_at *order, enum ck_order_group g, struct ck_order_rules *o,
    struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(order, group_words[g], false, &at, err), when = 0;

	if (rc != 1)
		return rc;
	if (read_fields(at, &o->fields[g], err) == -1)
		return -1;
	if (g == CK_GROUP_INVOICE)
		return ck_conf_bool(at, "optional", false, &o->invoice_optional, err) < 0 ? -1 : 0;
	if (g != CK_GROUP_OWNER)
		return 0;
	if (ck_conf_word(at, "when", true, owner_words, &when, err) != 1)
		return -1;
	o->owner_expired_only = when == 1;
	return 0;
}

/* ---- money and papers ---- */

static int
read_fee(const struct ck_conf_at *order, struct ck_order_rules *o, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	int rc = ck_conf_group(order, "fee", false, &at, err), per = 0;

	if (rc != 1)
		return rc;
	if (ck_conf_word(at, "per", true, per_words, &per, err) != 1)
		return -1;
	o->fee_per_year = per == 1;
	for (size_t i = 0; i < sizeof fee_words / sizeof *fee_words; i++)
		if (ck_conf_int(at, fee_words[i], true, 0, AMOUNT_MAX, &o->fee[i], err) != 1)
			return -1;
	return 0;
}

static int
read_paper(const struct ck_conf_at *at, struct ck_paper_rule *p, struct ck_err *err)
{
	if (ck_conf_text(at, "kind", true, p->kind, sizeof p->kind, err) != 1 ||
	    ck_conf_text(at, "zh", true, p->called.zh, sizeof p->called.zh, err) != 1 ||
	    ck_conf_text(at, "en", true, p->called.en, sizeof p->called.en, err) != 1 ||
	    ck_conf_int(at, "pages", true, 1, CK_PAPER_SHEETS_MAX, &p->pages, err) != 1)
		return -1;
	if (!good_word(p->kind))
		return ck_conf_wrong(
		    at, "kind", err, "\"%s\": expected small letters, digits and hyphens", p->kind);
	return 0;
}

static int
read_papers(const struct ck_conf_at *order, struct ck_order_rules *o, struct ck_err *err)
{
	int rc = ck_conf_list(order, "papers", false, CK_PAPERS_MAX, &o->n_papers, err);

	for (size_t i = 0; rc == 1 && i < o->n_papers; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(order, "papers", i, err);

		if (at == NULL || read_paper(at, &o->papers[i], err) == -1)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(o->papers[k].kind, o->papers[i].kind) == 0)
				return ck_conf_wrong(at, "kind", err, "\"%s\" stands there twice",
				    o->papers[i].kind);
	}
	return rc < 0 ? -1 : 0;
}

/* ---- are they right together? ---- */

static bool
has_form(const struct ck_order_rules *o)
{
	for (size_t i = 0; i < o->n_papers; i++)
		if (strcmp(o->papers[i].kind, "form") == 0)
			return true;
	return false;
}

static int
check(const struct ck_conf_at *at, const struct ck_policy *p, struct ck_err *err)
{
	const struct ck_order_rules *o = &p->order;

	if (!o->step[CK_STEP_APPLICANT])
		return ck_conf_wrong(
		    at, "steps", err, "expected \"applicant\" among them: it makes the order");
	if (o->step[CK_STEP_PAYMENT] != (o->n_methods > 0))
		return ck_conf_wrong(at, o->n_methods > 0 ? "methods" : "steps", err,
		    "\"payment\" and methods go together");
	if (o->step[CK_STEP_PAPERS] && o->n_papers == 0)
		return ck_conf_wrong(at, "steps", err, "\"papers\" need the list of papers");
	/* the proof of a transfer is one without that step */
	if (!o->step[CK_STEP_PAPERS] && o->n_papers > 0 && !o->step[CK_STEP_PAYMENT])
		return ck_conf_wrong(at, "papers", err, "\"papers\" is none of the steps");
	if (o->form_before && !has_form(o))
		return ck_conf_wrong(at, "form_when", err, "\"before\" needs the paper \"form\"");
	return 0;
}

int
ck_policy_order(const struct ck_conf_at *root, struct ck_policy *p, struct ck_err *err)
{
	const struct ck_conf_at *at = NULL;
	struct ck_order_rules *o = &p->order;
	int rc, before = 0;

	o->fee[CK_CLASS_PERSON] = o->fee[CK_CLASS_ORG] = CK_FEE_ANY;
	if ((rc = ck_conf_group(root, "order", false, &at, err)) != 1)
		return rc;
	if (read_steps(at, o, err) == -1)
		return -1;
	for (enum ck_order_group g = CK_GROUP_AGENT; g < CK_GROUP_SMS; g++)
		if (read_group(at, g, o, err) < 0)
			return -1;
	if (read_methods(at, o, err) == -1 || read_fee(at, o, err) < 0 ||
	    read_papers(at, o, err) == -1 ||
	    ck_conf_bool(at, "sms_code", false, &o->sms_code, err) < 0 ||
	    ck_conf_word(at, "form_when", false, form_words, &before, err) < 0)
		return -1;
	o->form_before = before == 1;
	return check(at, p, err);
}

/* ---- judged ---- */

bool
ck_order_wants(const struct ck_order_rules *o, enum ck_order_group g, bool expired)
{
	return g == CK_GROUP_OWNER && o->fields[g].n > 0 && (expired || !o->owner_expired_only);
}

bool
ck_order_too_dear(const struct ck_order_rules *o, enum ck_class c, int months, int64_t amount)
{
	int64_t fee = c == CK_CLASS_PERSON || c == CK_CLASS_ORG ? o->fee[c] : CK_FEE_ANY;

	if (fee == CK_FEE_ANY || amount == 0)
		return false;
	return amount > (o->fee_per_year ? (fee * months + 11) / 12 : fee);
}
