/*
 * What a form may show of a renewal, as texts under names that certkiosk-forms(5) lists: which of
 * them stand on the paper is the form's own affair. Times are instants with their zone; words like
 * "on-behalf" are for the form to put in its language.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "walk/paper.h"

/* X.520 */
#define OID_COMMON_NAME "2.5.4.3"
#define OID_ORGANISATION "2.5.4.10"
#define OID_DEPARTMENT "2.5.4.11"

static void
put_algorithm(json_t *fields, const char *name, const struct ck_cert_facts *f)
{
	char text[CK_ALG_TEXT_MAX];

	ck_alg_text(f, text);
	ck_put_text(fields, name, f->alg != CK_ALG_OTHER ? text : NULL);
}

/* Whole and as the certificate has it, so that what cannot be printed is refused by its own name.
 */
static bool
put_attribute(
    json_t *fields, const char *name, const unsigned char *cert, size_t n, const char *oid)
{
	char *text = ck_cert_attribute(cert, n, oid);
	bool there = text != NULL;

	ck_put_text(fields, name, text);
	free(text);
	return there;
}

/* What was cut for a screen is not what the certificate says. */
static int
put_whole(json_t *fields, const char *name, const char *text, size_t cap, struct ck_err *err)
{
	if (text != NULL && ck_clean_cut(text, cap))
		return ck_fail(err, CK_E_FORM_TOO_LONG, "%s", name);
	ck_put_text(fields, name, text);
	return 0;
}

int
ck_form_names(const struct ck_visit *v, const unsigned char *cert, size_t n,
    const struct ck_cert_facts *facts, json_t *fields, struct ck_err *err)
{
	/* the order of struct ck_cert_facts' name */
	if (!put_attribute(fields, "name", cert, n, OID_COMMON_NAME) &&
	    !put_attribute(fields, "name", cert, n, OID_ORGANISATION) &&
	    put_whole(fields, "name", facts->name, sizeof facts->name, err) == -1)
		return -1;
	put_attribute(fields, "organisation", cert, n, OID_ORGANISATION);
	put_attribute(fields, "department", cert, n, OID_DEPARTMENT);
	if (put_whole(fields, "unique_id", ck_policy_unique_id(&v->policy, facts),
		sizeof facts->oids[0].value, err) == -1)
		return -1;
	return put_whole(fields, "issuer", facts->issuer, sizeof facts->issuer, err);
}

static void
put_old(const struct ck_visit *v, int64_t made, json_t *fields)
{
	const struct ck_cert_facts *old = &v->old.facts;

	ck_put_text(fields, "service", "renew");
	ck_put_text(fields, "class", ck_class_name(ck_policy_class(&v->policy, old)));
	ck_put_text(fields, "expired", made > old->not_after ? "yes" : "no");
	ck_put_text(fields, "old_serial", old->serial);
	ck_put_time(fields, "old_not_before", old->not_before);
	ck_put_time(fields, "old_not_after", old->not_after);
	put_algorithm(fields, "old_algorithm", old);
}

static void
put_new(const struct ck_cert_facts *new, json_t *fields)
{
	ck_put_text(fields, "new_serial", new->serial);
	ck_put_time(fields, "new_not_before", new->not_before);
	ck_put_time(fields, "new_not_after", new->not_after);
	put_algorithm(fields, "algorithm", new);
}

/* agreed to anew later, because it changed */
static bool
is_outdated(const json_t *list, size_t i)
{
	const json_t *name = json_object_get(json_array_get(list, i), "name");

	for (size_t k = i + 1; k < json_array_size(list); k++)
		if (json_equal(name, json_object_get(json_array_get(list, k), "name")))
			return true;
	return false;
}

/* documents that were agreed to: "NAME VERSION; NAME VERSION" */
static int
put_consents(const struct ck_visit *v, json_t *fields, struct ck_err *err)
{
	json_t *list = ck_consents_of(v->record), *one;
	struct ck_buf text = { 0 };
	char both[256];
	size_t i;
	int n, rc = 0;

	json_array_foreach(list, i, one)
	{
		if (is_outdated(list, i))
			continue;
		n = snprintf(both, sizeof both, "%s%s %s", text.n > 0 ? "; " : "",
		    json_string_value(json_object_get(one, "name")),
		    json_string_value(json_object_get(one, "version")));
		if (ck_buf_add(&text, both, (size_t)n) == -1)
			rc = ck_fail(err, CK_E_NO_MEMORY, "form");
	}
	if (rc == 0)
		ck_put_text(fields, "consents", (const char *)text.p);
	ck_buf_free(&text);
	json_decref(list);
	return rc;
}

/* ---- the order ---- */

static void
put_group(const struct ck_visit *v, enum ck_order_group g, json_t *fields)
{
	/* certkiosk-forms(5) */
	static const struct {
		enum ck_order_group group;
		enum ck_person person;
		const char *field;
	} all[] = {
		{ CK_GROUP_AGENT, CK_PERSON_NAME, "agent_name" },
		{ CK_GROUP_AGENT, CK_PERSON_RESIDENT_ID, "agent_id" },
		{ CK_GROUP_AGENT, CK_PERSON_MOBILE, "agent_phone" },
		{ CK_GROUP_AGENT, CK_PERSON_MAIL, "agent_email" },
		{ CK_GROUP_OWNER, CK_PERSON_RESIDENT_ID, "owner_id" },
		{ CK_GROUP_OWNER, CK_PERSON_CREDIT_CODE, "owner_id" },
		{ CK_GROUP_OWNER, CK_PERSON_LEGAL, "legal_person" },
		{ CK_GROUP_OWNER, CK_PERSON_MOBILE, "owner_phone" },
		{ CK_GROUP_OWNER, CK_PERSON_PHONE, "owner_phone" },
		{ CK_GROUP_INVOICE, CK_PERSON_TITLE, "invoice_title" },
		{ CK_GROUP_INVOICE, CK_PERSON_TAX_ID, "invoice_tax" },
		{ CK_GROUP_INVOICE, CK_PERSON_ADDRESS, "invoice_address" },
		{ CK_GROUP_INVOICE, CK_PERSON_BANK, "invoice_bank" },
		{ CK_GROUP_INVOICE, CK_PERSON_MAIL, "invoice_email" },
		{ CK_GROUP_INVOICE, CK_PERSON_MOBILE, "invoice_phone" },
	};
	json_t *typed = ck_order_group(v, g);

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i].group == g)
			ck_put_text(fields, all[i].field,
			    json_string_value(
				json_object_get(typed, ck_person_name(all[i].person))));
	json_decref(typed);
}

static void
put_order(const struct ck_visit *v, json_t *fields)
{
	const char *months = ck_record_text(v->record, 0, "months");
	const char *fen = ck_record_text(v->record, 0, "amount");
	long n = months != NULL ? strtol(months, NULL, 10) : 0;
	char amount[CK_AMOUNT_LEN], text[CK_AMOUNT_LEN + 8];

	for (enum ck_order_group g = CK_GROUP_AGENT; g < CK_GROUP_SMS; g++)
		put_group(v, g, fields);
	ck_put_text(fields, "order", ck_record_text(v->record, 0, "order"));
	ck_put_text(fields, "months", months);
	if (n > 0 && n % 12 == 0) {
		snprintf(text, sizeof text, "%ld", n / 12);
		ck_put_text(fields, "years", text);
	}
	if (fen == NULL)
		return;
	ck_amount_text(strtoll(fen, NULL, 10), amount);
	ck_put_text(fields, "amount", amount);
	snprintf(text, sizeof text, "%s \xe5\x85\x83", amount); /* yuan */
	ck_put_text(fields, "price", text);
}

static void
put_visit(const struct ck_visit *v, json_t *fields)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	const struct ck_clerk *clerk = ck_site_clerk(v->site, h->clerk);
	const char *pin = ck_record_text(v->record, 0, "pin");

	ck_put_text(fields, "system", v->policy.title);
	ck_put_text(fields, "hotline", v->policy.hotline);
	ck_put_text(fields, "way", h->way);
	ck_put_text(fields, "envelope", ck_record_text(v->record, 0, "envelope"));
	ck_put_text(fields, "pin", pin != NULL ? pin : "stays"); /* "changed", "unchanged" */
	ck_put_text(fields, "old_pair", ck_record_text(v->record, 0, "retired")); /* "removed", … */
	ck_put_text(fields, "clerk", h->clerk);
	ck_put_text(fields, "clerk_name", clerk != NULL ? clerk->name : NULL);
	ck_put_text(fields, "site", v->site->name);
	ck_put_text(fields, "kiosk", v->site->kiosk);
	ck_put_text(fields, "record", h->number);
	ck_put_text(fields, "key_serial", v->key.serial);
	ck_put_text(fields, "key_label", v->key.label);
	ck_put_text(fields, "key_family", v->key.family);
	ck_put_time(fields, "opened", h->opened);
}

/* certkiosk-forms(5) lists the same (tests/story/diagnose_paper.sh) */
static const char *const brought[] = { "name", "organisation", "department", "class", "unique_id",
	"issuer", "old_serial", "new_serial", "old_not_before", "old_not_after", "new_not_before",
	"new_not_after", "algorithm", "old_algorithm", "key_serial", "key_label", "key_family",
	"system", "hotline", "way", "envelope", "pin", "old_pair", "clerk", "clerk_name",
	"consents", "agent_name", "agent_id", "agent_phone", "agent_email", "owner_id",
	"owner_phone", "legal_person", "invoice_title", "invoice_tax", "invoice_address",
	"invoice_bank", "invoice_email", "invoice_phone", "order", "months", "years", "amount",
	"price", "service", "expired", "site", "kiosk", "record", "date", "opened" };

bool
ck_form_brings(const char *field)
{
	for (size_t i = 0; i < sizeof brought / sizeof *brought; i++)
		if (strcmp(brought[i], field) == 0)
			return true;
	return false;
}

int
ck_form_fields(struct ck_visit *v, int64_t made, json_t **fields, struct ck_err *err)
{
	struct ck_cert_facts facts = v->old.facts;
	const unsigned char *cert = v->old.der;
	size_t n = v->old.der_len;

	if (!v->rules.form_before) {
		cert = ck_record_get(v->record, 0, "new-cert", &n);
		if (cert == NULL)
			return ck_fail(
			    err, CK_E_STORE_DAMAGED, "the record has lost its certificate");
		if (ck_cert_read(cert, n, &facts, err) == -1)
			return -1;
	}
	*fields = json_object();
	if (ck_form_names(v, cert, n, &facts, *fields, err) == -1 ||
	    put_consents(v, *fields, err) == -1) {
		json_decref(*fields);
		*fields = NULL;
		return -1;
	}
	put_old(v, made, *fields);
	if (!v->rules.form_before)
		put_new(&facts, *fields);
	put_order(v, *fields);
	put_visit(v, *fields);
	ck_put_time(*fields, "date", made);
	return 0;
}
