#include <stdio.h>

#include "form.h"
#include "show.h"
#include "template.h"
#include "type.h"

static int
one_char(const struct ck_type *t, const char *text, const char *where, struct ck_err *err)
{
	return ck_type_covers(t, CK_STYLE_VALUE, text, where, err) == -1 ||
		       ck_type_covers(t, CK_STYLE_TITLE, text, where, err) == -1
		   ? -1
		   : 0;
}

/* As a field would bring it: what is cleaned away before it is set is refused there, too. */
static bool
lacks(const struct ck_type *t, const char *text, char character[CK_LACKS_MAX])
{
	char clean[CK_FORM_VALUE_MAX] = "";
	uint32_t cp = 0;

	if (!ck_show_clean(text, clean, sizeof clean, &cp)) {
		snprintf(character, CK_LACKS_MAX, "U+%04X", (unsigned)cp);
		return true;
	}
	return ck_type_lacks(t, CK_STYLE_VALUE, clean, character) ||
	       ck_type_lacks(t, CK_STYLE_TITLE, clean, character);
}

/* NAME of a table's field is NAME_1 to NAME_rows. */
static int
lacks_field(const struct ck_type *t, const struct ck_form_field *f, const json_t *fields, int rows,
    int (*each)(void *u, const char *field, const char *character), void *u)
{
	char character[CK_LACKS_MAX], name[CK_FORM_NAME_MAX + 16];
	int rc = 0;

	snprintf(name, sizeof name, "%s", f->name);
	for (int row = 1; rc == 0 && row <= (f->row ? rows : 1); row++) {
		const char *text;

		if (f->row)
			snprintf(name, sizeof name, "%s_%d", f->name, row);
		text = json_string_value(json_object_get(fields, name));
		if (text != NULL && lacks(t, text, character))
			rc = each(u, name, character);
	}
	return rc;
}

int
ck_form_lacks(const struct ck_form *f, const json_t *fields,
    int (*each)(void *u, const char *field, const char *character), void *u, struct ck_err *err)
{
	const struct ck_filler filler = { .form = f, .fields = fields };
	struct ck_type *t = NULL;
	int rc = ck_type_open(&t, err), rows = ck_filler_rows(&filler);

	for (size_t i = 0; rc == 0 && i < f->n_fields; i++)
		rc = lacks_field(t, &f->fields[i], fields, rows, each, u);
	ck_type_close(t);
	return rc;
}

static int
section(
    const struct ck_type *t, const struct ck_form_section *s, const char *where, struct ck_err *err)
{
	int rc = one_char(t, s->heading, where, err);

	for (size_t i = 0; i < s->n && rc == 0; i++)
		if (s->part == CK_PART_GRID || s->part == CK_PART_ROWS)
			rc = one_char(t, s->cells[i].label, where, err) == 0
				 ? one_char(t, s->cells[i].text, where, err)
				 : -1;
		else if (s->part == CK_PART_BOXES)
			rc = one_char(t, s->boxes[i].label, where, err) == 0 &&
				     one_char(t, s->boxes[i].text, where, err) == 0
				 ? one_char(t, s->boxes[i].date, where, err)
				 : -1;
		else
			rc = one_char(t, s->clauses[i].text, where, err);
	return rc;
}

static int
options(const struct ck_type *t, const struct ck_form *f, struct ck_err *err)
{
	for (size_t i = 0; i < f->n_fields; i++)
		for (size_t k = 0; k < f->fields[i].n_options; k++)
			if (one_char(t, f->fields[i].options[k].label, f->name, err) == -1)
				return -1;
	return 0;
}

int
ck_form_drawable(const struct ck_form *f, struct ck_err *err)
{
	const char *const texts[] = { f->title, f->above, f->below, f->footer, f->page };
	struct ck_type *t = NULL;
	int rc = ck_type_open(&t, err);

	for (size_t i = 0; rc == 0 && i < sizeof texts / sizeof *texts; i++)
		rc = one_char(t, texts[i], f->name, err);
	for (size_t i = 0; rc == 0 && i < f->n_sections; i++)
		rc = section(t, &f->sections[i], f->name, err);
	if (rc == 0)
		rc = options(t, f, err);
	ck_type_close(t);
	return rc;
}
