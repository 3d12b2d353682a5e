/*
 * Station form-before: the same where the CA wants the form back with a signature and a seal on it,
 * before anything is issued: the old key signs it, and the visit ends with it on paper.
 *
 * Station form: the application form is filled in, signed by the new key in the login of this visit
 * and by the site, and kept sealed. Fields and time are on record before it is drawn: made again
 * after an interruption it is the same one. The renewal is done by now and does not wait for paper:
 * a form that cannot be made is noted with its reason; only for a key that went it is worth to
 * wait.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/formfile.h"
#include "walk/paper.h"

/* one crash of the print program is a crash, two are its answer */
#define TRIES 2

static const char *
frozen(const struct ck_visit *v)
{
	return ck_record_text(v->record, 0, "form-fields");
}

static int
freeze(struct ck_visit *v, struct ck_err *err)
{
	int64_t now = ck_now();
	json_t *fields = NULL;
	char made[CK_TIME_LEN], *text = NULL;
	int rc = -1;

	if (ck_form_fields(v, now, &fields, err) == -1)
		return -1;
	ck_time_text(now, made);
	if ((text = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "form");
	} else {
		struct ck_fact facts[] = {
			ck_text_fact("form-fields", text, CK_FACT_SEALED),
			ck_text_fact("form-made", made, 0),
		};

		rc = ck_visit_note(v,
		    &(struct ck_note){
			.mark = CK_INTENT, .text = "application form", CK_FACTS(facts) },
		    err);
	}
	free(text);
	json_decref(fields);
	return rc;
}

/* The record's own word on fields and time. */
static int
thaw(const struct ck_visit *v, json_t **fields, int64_t *made, struct ck_err *err)
{
	const char *text = frozen(v), *at = ck_record_text(v->record, 0, "form-made");

	*fields = text != NULL ? json_loads(text, 0, NULL) : NULL;
	if (json_is_object(*fields) && at != NULL && ck_time_read(at, made))
		return 0;
	return ck_fail(err, CK_E_STORE_DAMAGED, "the record has lost its form's fields");
}

static int
draw(struct ck_visit *v, const struct ck_draw *d, struct ck_drawn *out, struct ck_err *err)
{
	for (int i = 0; i < TRIES; i++) {
		*err = (struct ck_err){ 0 };
		if (ck_draw_form(v, d, out, err) == 0)
			return 0;
		if (err->code != CK_E_PRINT_GONE)
			break;
	}
	/* a signature that failed says only that the key had trouble */
	return ck_visit_blame_key(v, err);
}

static int
make(struct ck_visit *v, struct ck_draw *d, char **text, struct ck_drawn *out, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = 0;
	int rc = -1;

	if (ck_form_file(v->site->paper.forms_dir, d->form, text, err) == -1)
		return -1;
	d->text = *text;
	if (v->rules.form_before) {
		d->cert = v->old.der;
		d->cert_len = v->old.der_len;
		memcpy(id, v->old.id, n = v->old.id_len);
	} else {
		d->cert = ck_record_get(v->record, 0, "new-cert", &d->cert_len);
		n = ck_visit_id(v, id);
	}
	ck_busy_key(v);
	if (ck_token_key(v->token, id, n, &d->key, err) == 0)
		rc = draw(v, d, out, err);
	else
		ck_visit_blame_key(v, err);
	EVP_PKEY_free(d->key);
	d->key = NULL;
	return rc;
}

static int
keep(struct ck_visit *v, const struct ck_draw *d, const struct ck_drawn *drawn, struct ck_err *err)
{
	int rc = ck_kept_write(v->record, d, drawn, v->policy.keep_forms_days,
	    &(struct ck_line){ .station = ck_station_name(CK_AT_FORM),
		.mark = CK_DONE,
		.text = "application form signed and kept" },
	    err);

	if (rc == 0)
		ck_visit_read_progress(v);
	return rc;
}

/* Is it the form's own affair, or does it end or interrupt the visit? */
static bool
own_fault(enum ck_code code)
{
	switch (code) {
	case CK_E_KEY_REMOVED:
	case CK_E_STOPPED:
	case CK_E_LINK:
	case CK_E_NO_MEMORY:
	case CK_E_STORE_DAMAGED:
	case CK_E_STORE_FULL:
	case CK_E_STORE_UNWRITABLE:
	case CK_E_STORE_BUSY:
		return false;
	default:
		return true;
	}
}

static enum ck_turn
do_without(struct ck_visit *v, const struct ck_err *why, struct ck_err *err)
{
	const char *name = ck_err_fact((int)why->code)->name;
	struct ck_fact none = ck_text_fact("form", name, 0);
	char text[64];

	snprintf(text, sizeof text, "no application form: %s", name);
	if (ck_visit_note(v,
		&(struct ck_note){
		    .mark = CK_NOTE, .text = text, .ledger = true, .facts = &none, .n_facts = 1 },
		err) == -1)
		return CK_STOP;
	ck_visit_did(v, "form-none", "{s:s, s:s}", "code", name, "why", why->detail);
	return CK_GO;
}

/* 0 it is kept; -1, in why what is the form's own fault */
static int
settle(struct ck_visit *v, struct ck_err *why, struct ck_err *err)
{
	struct ck_draw d = { .form = v->policy.form };
	struct ck_drawn drawn = { .pdf = NULL };
	json_t *fields = NULL;
	char slip[CK_SLIP_MAX], *text = NULL;
	int rc = -1;

	if (frozen(v) == NULL && freeze(v, why) == -1)
		goto out;
	if (thaw(v, &fields, &d.made, err) == -1)
		goto out;
	d.fields = fields;
	d.number = ck_visit_slip(v, slip);
	if (make(v, &d, &text, &drawn, why) == 0 && keep(v, &d, &drawn, err) == 0) {
		ck_visit_did(v, "form-made", "{s:i}", "pages", drawn.pages);
		rc = 0;
	}
out:
	ck_drawn_free(&drawn);
	json_decref(fields);
	free(text);
	return rc;
}

enum ck_turn
ck_at_form(struct ck_visit *v, struct ck_err *err)
{
	struct ck_err why = { 0 };

	if (settle(v, &why, err) == 0)
		return CK_GO;
	if (why.code == CK_E_NONE)
		return CK_STOP;
	*err = why;
	return own_fault(why.code) ? do_without(v, &why, err) : CK_STOP;
}

/* It has to be stamped elsewhere mostly: who has the seal at hand comes again at once. */
enum ck_turn
ck_at_form_before(struct ck_visit *v, struct ck_err *err)
{
	struct ck_err why = { 0 };

	if (settle(v, &why, err) == 0)
		return ck_steps_park(v);
	if (why.code != CK_E_NONE)
		*err = why;
	return CK_STOP;
}
