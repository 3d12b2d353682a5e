/* The form of an application for another service: what was typed, what it is about, what to bring.
 * The site alone signs it; no customer's key does. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/formfile.h"
#include "walk/paper.h"
#include "walk/service.h"

/* rows "label_1", "value_1", … */
static int
put_typed(const struct ck_record *r, json_t *fields, struct ck_err *err)
{
	const char *text = ck_record_text(r, 0, "fields");
	json_t *typed = text != NULL ? json_loads(text, 0, NULL) : NULL, *one;
	char name[32];
	size_t i;

	if (!json_is_array(typed)) {
		json_decref(typed);
		return ck_fail(err, CK_E_STORE_DAMAGED, "the record has lost its fields");
	}
	json_array_foreach(typed, i, one)
	{
		snprintf(name, sizeof name, "label_%zu", i + 1);
		ck_put_text(fields, name, json_string_value(json_object_get(one, "label")));
		snprintf(name, sizeof name, "value_%zu", i + 1);
		ck_put_text(fields, name, json_string_value(json_object_get(one, "value")));
	}
	json_decref(typed);
	return 0;
}

static int
put_papers(
    const struct ck_services *all, const struct ck_service *s, json_t *fields, struct ck_err *err)
{
	struct ck_buf text = { 0 };
	char one[sizeof all->papers->called.zh + 16];
	int rc = 0;

	for (size_t i = 0; i < s->n_papers && rc == 0; i++) {
		int n = snprintf(one, sizeof one, "%s%zu. %s", i > 0 ? "; " : "", i + 1,
		    all->papers[s->papers[i]].called.zh);

		if (ck_buf_add(&text, one, (size_t)n) == -1)
			rc = ck_fail(err, CK_E_NO_MEMORY, "form");
	}
	if (rc == 0)
		ck_put_text(fields, "papers", (const char *)text.p);
	ck_buf_free(&text);
	return rc;
}

/* the certificate it is about */
static int
put_about(const struct ck_visit *v, json_t *fields, struct ck_err *err)
{
	struct ck_cert_facts f;
	size_t n = 0;
	const unsigned char *cert = ck_record_get(v->record, 0, "cert", &n);

	if (cert == NULL)
		return 0;
	if (ck_cert_read(cert, n, &f, err) == -1 ||
	    ck_form_names(v, cert, n, &f, fields, err) == -1)
		return -1;
	ck_put_text(fields, "old_serial", f.serial);
	ck_put_time(fields, "old_not_after", f.not_after);
	return 0;
}

static void
put_visit(const struct ck_visit *v, const struct ck_service *s, int64_t made, json_t *fields)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	const struct ck_clerk *clerk = ck_site_clerk(v->site, h->clerk);

	ck_put_text(fields, "service", s->title.zh);
	ck_put_text(fields, "note", s->note.zh);
	ck_put_text(fields, "submits", s->submits ? "yes" : "no");
	ck_put_text(fields, "system", v->policy.title);
	ck_put_text(fields, "hotline", v->policy.hotline);
	ck_put_text(fields, "clerk", h->clerk);
	ck_put_text(fields, "clerk_name", clerk != NULL ? clerk->name : NULL);
	ck_put_text(fields, "site", v->site->name);
	ck_put_text(fields, "kiosk", v->site->kiosk);
	ck_put_text(fields, "record", h->number);
	ck_put_time(fields, "opened", h->opened);
	ck_put_time(fields, "date", made);
}

static int
draw(struct ck_visit *v, struct ck_draw *d, json_t *fields, struct ck_err *err)
{
	struct ck_drawn drawn = { .pdf = NULL };
	char *template = NULL;
	int rc = -1;

	if (ck_form_drop_letters(v, d->form, fields, err) == 0 &&
	    ck_form_file(v->site->paper.forms_dir, d->form, &template, err) == 0) {
		d->text = template;
		d->fields = fields;
		if (ck_draw_form(v, d, &drawn, err) == 0)
			rc = ck_kept_write(v->record, d, &drawn, v->policy.keep_forms_days,
			    &(struct ck_line){ .station = CK_SERVICE_WAY,
				.mark = CK_DONE,
				.text = "application form made and kept" },
			    err);
	}
	ck_drawn_free(&drawn);
	free(template);
	return rc;
}

int
ck_service_form(struct ck_visit *v, const struct ck_service *s, struct ck_err *err)
{
	char slip[CK_SLIP_MAX];
	struct ck_draw d = { .form = v->policy.services.form, .number = slip, .made = ck_now() };
	json_t *fields = json_object();
	int rc = -1;

	put_visit(v, s, d.made, fields);
	if (!ck_slip_make(v->site->kiosk, ck_record_head(v->record)->number, slip))
		ck_fail(err, CK_E_INTERNAL, "slip of %s", ck_record_head(v->record)->number);
	else if (put_typed(v->record, fields, err) == 0 &&
		 put_papers(&v->policy.services, s, fields, err) == 0 &&
		 put_about(v, fields, err) == 0)
		rc = draw(v, &d, fields, err);
	json_decref(fields);
	return rc;
}
