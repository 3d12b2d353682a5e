/* A form is kept as it was drawn, and drawn again, as a copy or on a screen, from what is kept of
 * it alone: rules and forms of the site may be other ones by then. */
#include <stdlib.h>
#include <string.h>

#include "walk/paper.h"

#define GLYPHS_S 10 /* some thousand texts are looked through */

int
ck_kept_write(struct ck_record *r, const struct ck_draw *d, const struct ck_drawn *drawn,
    int keep_days, const struct ck_line *line, struct ck_err *err)
{
	char *fields = json_dumps(d->fields, JSON_COMPACT | JSON_SORT_KEYS);
	char *qr = json_dumps(drawn->qr, JSON_COMPACT);
	struct ck_fact kept = ck_text_fact("form", "kept", 0);
	struct ck_line whole = *line;
	int rc = -1;

	whole.ledger = true;
	whole.facts = &kept;
	whole.n_facts = 1;
	if (fields == NULL || qr == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "form");
	else
		rc = ck_record_put_form(r,
		    &(struct ck_form_made){ .name = d->form,
			.made = d->made,
			.pages = drawn->pages,
			.keep_days = keep_days,
			.part = { [CK_FORM_FIELDS] = { fields, strlen(fields) },
			    [CK_FORM_QR] = { qr, strlen(qr) },
			    [CK_FORM_PDF] = { drawn->pdf, drawn->n },
			    [CK_FORM_TEMPLATE] = { d->text, strlen(d->text) } } },
		    &whole, err);
	free(qr);
	free(fields);
	return rc;
}

static int
part(struct ck_store *st, const char *record, enum ck_form_part which, char **out, size_t *n,
    struct ck_err *err)
{
	unsigned char *p = NULL;
	int found = ck_form_get(st, record, which, &p, n, err);

	*out = (char *)p;
	return found == 1 ? 0 : found == 0 ? ck_fail(err, CK_E_FORM_WIPED, "%s", record) : -1;
}

static int
json_part(struct ck_store *st, const char *record, enum ck_form_part which, json_t **out,
    struct ck_err *err)
{
	char *text = NULL;
	size_t n = 0;

	if (part(st, record, which, &text, &n, err) == -1)
		return -1;
	*out = json_loadb(text, n, 0, NULL);
	free(text);
	return 0;
}

int
ck_kept_read(struct ck_store *st, const char *record, struct ck_kept *k, struct ck_err *err)
{
	size_t n = 0;

	*k = (struct ck_kept){ .text = NULL };
	if (json_part(st, record, CK_FORM_FIELDS, &k->fields, err) == 0 &&
	    json_part(st, record, CK_FORM_QR, &k->qr, err) == 0 &&
	    part(st, record, CK_FORM_TEMPLATE, &k->text, &n, err) == 0) {
		if (json_is_object(k->fields) && json_is_array(k->qr))
			return 0;
		ck_fail(err, CK_E_STORE_DAMAGED, "%s: form", record);
	}
	ck_kept_free(k);
	return -1;
}

void
ck_kept_free(struct ck_kept *k)
{
	json_decref(k->fields);
	json_decref(k->qr);
	free(k->text);
	*k = (struct ck_kept){ .text = NULL };
}

/* ---- one that nobody but the site signs, of whatever was put together for it ---- */

static void
drop_field(void *u, const json_t *line)
{
	const char *field = json_string_value(json_object_get(line, "field"));

	if (field != NULL)
		json_object_del(u, field);
}

int
ck_form_drop_letters(struct ck_visit *v, const char *form, json_t *fields, struct ck_err *err)
{
	return ck_press_ask(&v->talk,
	    json_pack("{s:s, s:s, s:s, s:O}", "paper", "glyphs", "forms", v->site->paper.forms_dir,
		"form", form, "fields", fields),
	    GLYPHS_S, drop_field, fields, err);
}
