/*
 * Forms and printer, where a system of the site names a form: who signs it for the site, is each
 * form right, is there something to print on. Without a form a renewal is done all the same, and
 * one that is made waits for its printer: what somebody can see to at the printer is only careful.
 */
#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "walk/diagnose.h"
#include "walk/paper.h"
#include "walk/show.h"

/* every form of a folder is laid out once */
#define CHECK_S 30

/* ---- the site's signature ---- */

static void
look_at_signer(struct ck_diagnosis *d)
{
	const struct ck_site_paper *p = &d->site->paper;
	json_t *facts = json_pack("{s:s*}", "file", p->cert_file[0] != '\0' ? p->cert_file : NULL);
	struct ck_signer signer = { .key = NULL };
	enum ck_health state = CK_CAREFUL;
	struct ck_cert_facts f;
	struct ck_err err = { 0 };

	if (ck_signer_open(p, &signer, &err) == -1) {
		state = CK_BAD;
	} else if (signer.key == NULL) {
		json_object_set_new(facts, "unsigned", json_true());
	} else if (ck_cert_read(signer.cert, signer.cert_len, &f, &err) == -1) {
		state = CK_BAD;
	} else {
		state = ck_health_of_own(&f, ck_now());
		json_object_set_new(facts, "name", json_string(f.name));
		json_object_set_new(facts, "not_after", ck_time_json(f.not_after));
		json_object_set_new(
		    facts, "days_left", json_integer(ck_day_of(f.not_after) - ck_day_of(ck_now())));
	}
	ck_signer_close(&signer);
	ck_diagnosed(d, "form-certificate", NULL, state, &err, facts);
}

/* ---- the forms ---- */

static void
take_form(void *u, const json_t *line)
{
	const char *name = json_string_value(json_object_get(line, "form"));

	if (name != NULL)
		json_object_set_new(u, name, json_deep_copy(line));
}

static bool
is_named(const struct ck_diagnosis *d, const char *form)
{
	for (size_t i = 0; i < d->n_forms; i++)
		if (strcmp(d->forms[i].name, form) == 0)
			return true;
	return false;
}

/* A form that wants what no renewal has is never made. */
static void
judge_needs(const json_t *needs, struct ck_err *err)
{
	const char *name;
	json_t *label;

	json_object_foreach((json_t *)(uintptr_t)needs, name, label)
	{
		if (!ck_form_brings(name))
			ck_fail(err, CK_E_FORM_FIELD, "%s (%s)", json_string_value(label), name);
	}
}

/* line: what the print program says of it; NULL: no such form, or why nobody can tell */
static void
tell_form(struct ck_diagnosis *d, const char *system, const char *name, const json_t *line,
    const struct ck_err *unseen)
{
	const json_t *wrong = json_object_get(line, "error");
	const char *title = json_string_value(json_object_get(line, "title"));
	struct ck_err err = *unseen;

	if (wrong != NULL)
		ck_err_from_json(wrong, &err);
	else if (line == NULL && err.code == CK_E_NONE)
		ck_fail(&err, CK_E_FORM_UNKNOWN, "%s/%s.conf", d->site->paper.forms_dir, name);
	else if (system != NULL)
		judge_needs(json_object_get(line, "needs"), &err);
	ck_diagnosed(d, "form", system,
	    err.code == CK_E_NONE ? CK_OK
	    : system != NULL	  ? CK_BAD
				  : CK_CAREFUL,
	    &err, json_pack("{s:s, s:s*}", "form", name, "title", title));
}

void
ck_diagnose_forms(struct ck_diagnosis *d)
{
	json_t *seen = json_object(), *line;
	struct ck_err unseen = { 0 };
	const char *name;

	(void)ck_press_ask(&d->talk,
	    json_pack("{s:s, s:s}", "paper", "check", "forms", d->site->paper.forms_dir), CHECK_S,
	    take_form, seen, &unseen);
	for (size_t i = 0; i < d->n_forms; i++)
		tell_form(d, d->forms[i].system, d->forms[i].name,
		    json_object_get(seen, d->forms[i].name), &unseen);
	/* nobody's yet: told, for somebody is about to use it */
	json_object_foreach(seen, name, line)
	{
		if (json_object_get(line, "error") != NULL && !is_named(d, name))
			tell_form(d, NULL, name, line, &unseen);
	}
	json_decref(seen);
}

/* ---- the printer ---- */

static enum ck_health
health_of_printer(const json_t *row, struct ck_err *err)
{
	const char *why = json_string_value(json_object_get(row, "why"));
	const char *name = json_string_value(json_object_get(row, "name"));

	if (json_is_false(json_object_get(row, "accepting")))
		ck_fail(err, CK_E_PRINT_REJECTING, "%s", name);
	else if (why != NULL)
		ck_fail(err, ck_print_code(why), "%s", name);
	return err->code == CK_E_NONE ? CK_OK : CK_CAREFUL;
}

static void
look_at_printer(struct ck_diagnosis *d)
{
	json_t *row = NULL, *facts;
	enum ck_health state = CK_BAD;
	struct ck_err err = { 0 };

	if (ck_printer_alone(d->site->paper.printer, &d->talk, &row, &err) == 0)
		state = health_of_printer(row, &err);
	else if (err.code == CK_E_PRINT_OFFLINE) /* it is known, and off */
		state = CK_CAREFUL;
	facts = json_pack("{s:O*}", "printer", json_object_get(row, "name"));
	json_decref(row);
	ck_diagnosed(d, "printer", NULL, state, &err, facts);
}

void
ck_diagnose_paper(struct ck_diagnosis *d)
{
	if (d->n_forms == 0)
		return;
	look_at_signer(d);
	ck_diagnose_forms(d);
	look_at_printer(d);
}
