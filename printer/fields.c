#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>

#include "base/buf.h"
#include "form.h"
#include "show.h"
#include "template.h"

/* where a field is empty that is no part to be left out: room to write it by hand */
#define BY_HAND "＿＿＿＿＿＿"
#define TAKEN "■ "
#define NOT_TAKEN "□ "
#define BETWEEN "　 "

const struct ck_form_field *
ck_form_field(const struct ck_form *f, const char *name)
{
	for (size_t i = 0; i < f->n_fields; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			return &f->fields[i];
	return NULL;
}

/* ---- one field ---- */

#define ANY_OTHER "*" /* an option for every value that is none of the others */
/* a name, "_" and a row's number */
#define BROUGHT_MAX (CK_FORM_NAME_MAX + 16)

/* What brings it: in a table it is one in each row. */
static const char *
brought_as(const struct ck_filler *f, const char *name, char as[BROUGHT_MAX])
{
	const struct ck_form_field *field = ck_form_field(f->form, name);

	if (field == NULL || !field->row)
		return name;
	snprintf(as, BROUGHT_MAX, "%s_%d", name, f->row);
	return as;
}

static int
choose(const struct ck_form_field *field, char out[CK_FORM_VALUE_MAX], struct ck_err *err)
{
	for (size_t i = 0; i < field->n_options; i++) {
		const struct ck_form_option *o = &field->options[i];

		if (strcmp(out, o->value) == 0 || strcmp(out, o->label) == 0 ||
		    strcmp(o->value, ANY_OTHER) == 0) {
			strcpy(out, o->label);
			return 0;
		}
	}
	return ck_fail(err, CK_E_FORM_FIELD, "%s (%s): %.100s", field->label, field->name, out);
}

int
ck_fill_field(
    const struct ck_filler *f, const char *name, char out[CK_FORM_VALUE_MAX], struct ck_err *err)
{
	const struct ck_form_field *field = ck_form_field(f->form, name);
	const char *own = json_string_value(json_object_get(f->own, name));
	char as[BROUGHT_MAX];
	const char *raw = json_string_value(json_object_get(f->fields, brought_as(f, name, as)));
	uint32_t cp = 0;

	out[0] = '\0';
	if (own != NULL)
		snprintf(out, CK_FORM_VALUE_MAX, "%s", own);
	if (own != NULL || field == NULL || raw == NULL)
		return 0;
	if (strlen(raw) >= CK_FORM_VALUE_MAX)
		return ck_fail(err, CK_E_FORM_TOO_LONG, "%s (%s)", field->label, name);
	if (!ck_show_clean(raw, out, CK_FORM_VALUE_MAX, &cp))
		return ck_fail(
		    err, CK_E_FORM_GLYPH, "U+%04X: %s (%s)", (unsigned)cp, field->label, name);
	if (out[0] == '\0')
		return 0;
	if (!ck_form_kind_chooses(field->kind))
		ck_show_as(field->kind, out);
	else if (choose(field, out, err) == -1)
		return -1;
	if (f->shown != NULL &&
	    json_object_set_new(f->shown, brought_as(f, name, as), json_string(out)) != 0)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	return 0;
}

/* Blanks alone are nothing. */
static bool
is_there(const struct ck_filler *f, const char *name)
{
	char out[CK_FORM_VALUE_MAX] = "", as[BROUGHT_MAX];
	const char *raw = json_string_value(json_object_get(f->fields, brought_as(f, name, as)));
	uint32_t cp = 0;

	if (raw == NULL)
		return false;
	ck_show_clean(raw, out, sizeof out, &cp);
	return out[0] != '\0';
}

/* Its value is compared as it came or as it stands on the paper: a person types what he sees. */
static bool
holds(const struct ck_filler *f, const struct ck_form_if *i)
{
	const struct ck_form_field *field = ck_form_field(f->form, i->field);
	const char *raw = json_string_value(json_object_get(f->fields, i->field));
	char text[CK_FORM_VALUE_MAX] = "";
	uint32_t cp = 0;

	if (i->value[0] == '\0' || raw == NULL || field == NULL)
		return is_there(f, i->field);
	ck_show_clean(raw, text, sizeof text, &cp);
	for (size_t k = 0; k < field->n_options; k++)
		if (strcmp(field->options[k].value, i->value) == 0 &&
		    strcmp(field->options[k].label, text) == 0)
			return true;
	return strcmp(text, i->value) == 0;
}

bool
ck_filler_has(const struct ck_filler *f, const struct ck_form_when *w)
{
	return (w->with.field[0] == '\0' || holds(f, &w->with)) &&
	       (w->without.field[0] == '\0' || !holds(f, &w->without));
}

static const struct ck_form_when *
when_of(const struct ck_form_section *s, size_t i)
{
	return s->part == CK_PART_GRID || s->part == CK_PART_ROWS ? &s->cells[i].when
	       : s->part == CK_PART_BOXES			  ? &s->boxes[i].when
								  : &s->clauses[i].when;
}

static bool
has_row(const struct ck_filler *f)
{
	for (size_t i = 0; i < f->form->n_fields; i++)
		if (f->form->fields[i].row && is_there(f, f->form->fields[i].name))
			return true;
	return false;
}

int
ck_filler_rows(const struct ck_filler *f)
{
	struct ck_filler at = *f;

	for (at.row = 1; has_row(&at); at.row++)
		continue;
	return at.row - 1;
}

bool
ck_filler_has_section(const struct ck_filler *f, const struct ck_form_section *s)
{
	bool any = s->n == 0;

	if (s->part == CK_PART_ROWS && ck_filler_rows(f) == 0)
		return false;
	for (size_t i = 0; i < s->n && !any; i++)
		any = ck_filler_has(f, when_of(s, i));
	return any && ck_filler_has(f, &s->when);
}

/* ---- texts with fields in ---- */

struct filling {
	const struct ck_filler *f;
	char *out;
	size_t n;
	bool all; /* it fitted so far */
};

static void
put(struct filling *w, const char *s, size_t n)
{
	w->all = w->all && w->n + n < CK_FORM_FILLED_MAX;
	if (!w->all)
		return;
	memcpy(w->out + w->n, s, n);
	w->n += n;
	w->out[w->n] = '\0';
}

static bool
named_there(const struct ck_filler *f, const struct ck_pieces *p)
{
	char name[CK_FORM_NAME_MAX] = "";

	memcpy(name, p->s, p->n);
	return json_object_get(f->own, name) != NULL || is_there(f, name);
}

/* Behind a [: is something in it missing? Then it is passed over. */
static void
open_bracket(const struct ck_filler *f, struct ck_pieces *p)
{
	struct ck_pieces ahead = *p;
	bool whole = true;

	while (ck_piece_next(&ahead) && ahead.is != CK_PIECE_CLOSE)
		whole = whole && (ahead.is != CK_PIECE_FIELD || named_there(f, &ahead));
	if (!whole)
		*p = ahead;
}

static int
put_field(struct filling *w, const struct ck_pieces *p, struct ck_err *err)
{
	char name[CK_FORM_NAME_MAX] = "", value[CK_FORM_VALUE_MAX] = "";

	memcpy(name, p->s, p->n);
	if (ck_fill_field(w->f, name, value, err) == -1)
		return -1;
	if (value[0] == '\0')
		strcpy(value, BY_HAND);
	put(w, value, strlen(value));
	return 0;
}

int
ck_fill_text(
    const struct ck_filler *f, const char *text, char out[CK_FORM_FILLED_MAX], struct ck_err *err)
{
	struct filling w = { .f = f, .out = out, .all = true };
	struct ck_pieces p = { .at = text };

	out[0] = '\0';
	while (ck_piece_next(&p)) {
		if (p.is == CK_PIECE_OPEN)
			open_bracket(f, &p);
		else if (p.is == CK_PIECE_TEXT)
			put(&w, p.s, p.n);
		else if (p.is == CK_PIECE_FIELD && put_field(&w, &p, err) == -1)
			return -1;
	}
	return w.all ? 0 : ck_fail(err, CK_E_FORM_TOO_LONG, "%.60s", text);
}

int
ck_fill_cell(const struct ck_filler *f, const struct ck_form_cell *c, char out[CK_FORM_FILLED_MAX],
    struct ck_err *err)
{
	const struct ck_form_field *field = ck_form_field(f->form, c->field);
	char value[CK_FORM_VALUE_MAX] = "";
	size_t n = 0;

	out[0] = '\0';
	if (c->text[0] != '\0')
		return ck_fill_text(f, c->text, out, err);
	if (field == NULL)
		return 0;
	if (ck_fill_field(f, c->field, value, err) == -1)
		return -1;
	if (c->required && value[0] == '\0')
		return ck_fail(err, CK_E_FORM_FIELD, "%s (%s)", field->label, field->name);
	if (field->kind != CK_KIND_CHOICE) {
		strcpy(out, value);
		return 0;
	}
	for (size_t i = 0; i < field->n_options; i++) {
		const char *label = field->options[i].label;

		n += (size_t)snprintf(out + n, CK_FORM_FILLED_MAX - n, "%s%s%s",
		    i > 0 ? BETWEEN : "", strcmp(value, label) == 0 ? TAKEN : NOT_TAKEN, label);
	}
	return 0;
}

/* ---- what it shows, as 32 bytes ---- */

static int
gather_rows(
    const struct ck_filler *f, const struct ck_form_section *s, char *text, struct ck_err *err)
{
	struct ck_filler at = *f;
	int n = ck_filler_rows(f), rc = 0;

	for (at.row = 1; at.row <= n; at.row++)
		for (size_t i = 0; i < s->n && rc == 0; i++)
			if (ck_filler_has(f, &s->cells[i].when))
				rc = ck_fill_cell(&at, &s->cells[i], text, err);
	return rc;
}

static int
gather_section(
    const struct ck_filler *f, const struct ck_form_section *s, char *text, struct ck_err *err)
{
	int rc = ck_fill_text(f, s->heading, text, err);

	if (s->part == CK_PART_ROWS && rc == 0)
		rc = gather_rows(f, s, text, err);
	for (size_t i = 0; i < s->n && rc == 0; i++) {
		if (!ck_filler_has(f, when_of(s, i)))
			continue;
		if (s->part == CK_PART_ROWS)
			rc = ck_fill_text(f, s->cells[i].label, text, err);
		else if (s->part == CK_PART_GRID)
			rc = ck_fill_text(f, s->cells[i].label, text, err) == 0
				 ? ck_fill_cell(f, &s->cells[i], text, err)
				 : -1;
		else if (s->part == CK_PART_BOXES)
			rc = ck_fill_text(f, s->boxes[i].label, text, err) == 0 &&
				     ck_fill_text(f, s->boxes[i].date, text, err) == 0
				 ? ck_fill_text(f, s->boxes[i].text, text, err)
				 : -1;
		else
			rc = ck_fill_text(f, s->clauses[i].text, text, err);
	}
	return rc;
}

static int
gather(const struct ck_filler *f, struct ck_err *err)
{
	const struct ck_form *form = f->form;
	char *text = malloc(CK_FORM_FILLED_MAX);
	int rc = -1;

	if (text == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	if (ck_fill_text(f, form->above, text, err) == 0 &&
	    ck_fill_text(f, form->below, text, err) == 0 &&
	    ck_fill_text(f, form->footer, text, err) == 0)
		rc = ck_fill_text(f, form->page, text, err);
	for (size_t i = 0; i < form->n_sections && rc == 0; i++)
		if (ck_filler_has_section(f, &form->sections[i]))
			rc = gather_section(f, &form->sections[i], text, err);
	free(text);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "name=text" a line */
static int
canonical(json_t *shown, struct ck_buf *lines)
{
	const char **names = calloc(json_object_size(shown) + 1, sizeof *names), *name = NULL;
	json_t *value = NULL;
	size_t n = 0;
	int rc = names != NULL ? 0 : -1;

	if (rc == 0)
		json_object_foreach(shown, name, value) names[n++] = name;
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *text = json_string_value(json_object_get(shown, names[i]));

		if (ck_buf_add(lines, names[i], strlen(names[i])) == -1 ||
		    ck_buf_add(lines, "=", 1) == -1 ||
		    ck_buf_add(lines, text, strlen(text)) == -1 || ck_buf_add(lines, "\n", 1) == -1)
			rc = -1;
	}
	free(names);
	return rc;
}

int
ck_form_digest(
    const struct ck_form *form, const json_t *fields, unsigned char out[32], struct ck_err *err)
{
	json_t *own = json_pack("{s:s, s:s, s:s}", "number", "-", "page", "-", "pages", "-");
	json_t *shown = json_object();
	const struct ck_filler f = { .form = form, .fields = fields, .own = own, .shown = shown };
	struct ck_buf lines = { 0 };
	int rc = -1;

	if (own == NULL || shown == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "form");
		goto out;
	}
	if (gather(&f, err) == -1)
		goto out;
	if (canonical(shown, &lines) == -1 || EVP_Digest(lines.n > 0 ? (const void *)lines.p : "",
						  lines.n, out, NULL, EVP_sha256(), NULL) != 1)
		ck_fail(err, CK_E_NO_MEMORY, "form");
	else
		rc = 0;
out:
	ck_buf_free(&lines);
	json_decref(shown);
	json_decref(own);
	return rc;
}
