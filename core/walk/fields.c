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
put(json_t *fields, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(fields, name, json_string(text));
}

static void
put_time(json_t *fields, const char *name, int64_t t)
{
	char text[CK_TIME_LEN];

	ck_time_text(t, text);
	put(fields, name, text);
}

static void
put_algorithm(json_t *fields, const char *name, const struct ck_cert_facts *f)
{
	char rsa[32];

	snprintf(rsa, sizeof rsa, "RSA %d", f->bits);
	put(fields, name, f->alg == CK_ALG_P256 ? "P-256" : f->alg == CK_ALG_RSA ? rsa : NULL);
}

/* Whole and as the certificate has it, so that what cannot be printed is refused by its own name.
 */
static bool
put_attribute(
    json_t *fields, const char *name, const unsigned char *cert, size_t n, const char *oid)
{
	char *text = ck_cert_attribute(cert, n, oid);
	bool there = text != NULL;

	put(fields, name, text);
	free(text);
	return there;
}

/* What was cut for a screen is not what the certificate says. */
static int
put_whole(json_t *fields, const char *name, const char *text, size_t cap, struct ck_err *err)
{
	if (text != NULL && ck_clean_cut(text, cap))
		return ck_fail(err, CK_E_FORM_TOO_LONG, "%s", name);
	put(fields, name, text);
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
put_certificates(const struct ck_visit *v, const struct ck_cert_facts *new, json_t *fields)
{
	const struct ck_cert_facts *old = &v->old.facts;

	put(fields, "class", ck_class_name(ck_policy_class(&v->policy, new)));
	put(fields, "old_serial", old->serial);
	put_time(fields, "old_not_before", old->not_before);
	put_time(fields, "old_not_after", old->not_after);
	put_algorithm(fields, "old_algorithm", old);
	put(fields, "new_serial", new->serial);
	put_time(fields, "new_not_before", new->not_before);
	put_time(fields, "new_not_after", new->not_after);
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
		put(fields, "consents", (const char *)text.p);
	ck_buf_free(&text);
	json_decref(list);
	return rc;
}

static void
put_visit(const struct ck_visit *v, json_t *fields)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	const struct ck_clerk *clerk = ck_site_clerk(v->site, h->clerk);
	const char *pin = ck_record_text(v->record, 0, "pin");

	put(fields, "system", v->policy.title);
	put(fields, "hotline", v->policy.hotline);
	put(fields, "way", h->way);
	put(fields, "envelope", ck_record_text(v->record, 0, "envelope"));
	put(fields, "pin", pin != NULL ? pin : "stays"); /* "changed", "unchanged" */
	put(fields, "old_pair", ck_record_text(v->record, 0, "retired")); /* "removed", … */
	put(fields, "clerk", h->clerk);
	put(fields, "clerk_name", clerk != NULL ? clerk->name : NULL);
	put(fields, "site", v->site->name);
	put(fields, "kiosk", v->site->kiosk);
	put(fields, "record", h->number);
	put(fields, "key_serial", v->key.serial);
	put(fields, "key_label", v->key.label);
	put(fields, "key_family", v->key.family);
	put_time(fields, "opened", h->opened);
}

/* certkiosk-forms(5) lists the same (tests/story/diagnose_paper.sh) */
static const char *const brought[] = { "name", "organisation", "department", "class", "unique_id",
	"issuer", "old_serial", "new_serial", "old_not_before", "old_not_after", "new_not_before",
	"new_not_after", "algorithm", "old_algorithm", "key_serial", "key_label", "key_family",
	"system", "hotline", "way", "envelope", "pin", "old_pair", "clerk", "clerk_name",
	"consents", "site", "kiosk", "record", "date", "opened" };

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
	struct ck_cert_facts new;
	const unsigned char *cert;
	size_t n = 0;

	cert = ck_record_get(v->record, 0, "new-cert", &n);
	if (cert == NULL)
		return ck_fail(err, CK_E_STORE_DAMAGED, "the record has lost its certificate");
	if (ck_cert_read(cert, n, &new, err) == -1)
		return -1;
	*fields = json_object();
	if (ck_form_names(v, cert, n, &new, *fields, err) == -1 ||
	    put_consents(v, *fields, err) == -1) {
		json_decref(*fields);
		*fields = NULL;
		return -1;
	}
	put_certificates(v, &new, *fields);
	put_visit(v, *fields);
	put_time(*fields, "date", made);
	return 0;
}
