#include <stdlib.h>
#include <string.h>

#include "template.h"

#define WHENS_MAX 256
#define CODE_MM_MIN 28 /* smaller ones were not read from a scan at 100 dpi */
#define CODE_MM_MAX 70
#define BOX_MM_MIN 15
#define BOX_MM_MAX 120
#define LINES_MAX 20

const char *const ck_form_kinds[] = { "text", "date", "time", "id", "phone", "serial", "word",
	"choice", NULL };
static const char *const size_words[] = { "normal", "small", "large", "huge", NULL };
static const char *const own_names[] = { "number", "page", "pages" };

struct reader {
	struct ck_form *form;
	struct ck_err *err;
	const struct ck_form_when *section, *item; /* what hangs over what is read now */
	bool rows;				   /* that is a table's */
	struct hang {
		const struct ck_conf_at *at;
		const char *name;
		const struct ck_form_if *on;
	} hangs[WHENS_MAX];
	size_t n_hangs;
};

static bool
is_own(const char *name)
{
	for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
		if (strcmp(name, own_names[i]) == 0)
			return true;
	return false;
}

/* ---- which fields there are ---- */

/* Is it there whenever the field is? */
static bool
always(const struct ck_form_when *w, const char *field)
{
	if (w == NULL || w->without.field[0] != '\0')
		return w == NULL;
	return w->with.field[0] == '\0' ||
	       (w->with.value[0] == '\0' && strcmp(w->with.field, field) == 0);
}

static struct ck_form_field *
mention(struct reader *r, const struct ck_conf_at *at, const char *setting, const char *name,
    bool optional)
{
	struct ck_form *f = r->form;
	struct ck_form_field *field = NULL;
	bool row = r->rows && strcmp(setting, "label") != 0;

	for (size_t i = 0; i < f->n_fields && field == NULL; i++)
		if (strcmp(f->fields[i].name, name) == 0)
			field = &f->fields[i];
	if (field == NULL && f->n_fields == CK_FORM_FIELDS_MAX) {
		ck_conf_wrong(at, setting, r->err, "more than %d fields", CK_FORM_FIELDS_MAX);
		return NULL;
	}
	if (field == NULL) {
		field = &f->fields[f->n_fields++];
		strcpy(field->name, name);
		strcpy(field->label, name);
		field->row = row;
	}
	if (field->row != row) {
		ck_conf_wrong(at, setting, r->err, "%s is a field of rows, and of none", name);
		return NULL;
	}
	/* what hangs on a row's would hang on which of them? */
	if (!row && !optional && always(r->section, name) && always(r->item, name))
		field->shown = true;
	return field;
}

static int
say_kind(struct reader *r, const struct ck_conf_at *at, const char *setting,
    struct ck_form_field *field, enum ck_form_kind kind)
{
	if (field->kind_said && field->kind != kind)
		return ck_conf_wrong(at, setting, r->err, "%s is a %s elsewhere", field->name,
		    ck_form_kinds[field->kind]);
	field->kind = kind;
	field->kind_said = true;
	return 0;
}

static int
mention_piece(
    struct reader *r, const struct ck_conf_at *at, const char *setting, const struct ck_pieces *p)
{
	char name[CK_FORM_NAME_MAX] = "";
	struct ck_form_field *field = NULL;

	memcpy(name, p->s, p->n);
	if (strcmp(name, "number") != 0 && is_own(name) && strcmp(setting, "page") != 0)
		return ck_conf_wrong(at, setting, r->err, "{%s} stands in page alone", name);
	if (is_own(name))
		return 0;
	if ((field = mention(r, at, setting, name, p->open)) == NULL)
		return -1;
	if (p->kind == NULL)
		return 0;
	for (int k = 0; !ck_form_kind_chooses((enum ck_form_kind)k); k++)
		if (strlen(ck_form_kinds[k]) == p->kind_n &&
		    strncmp(ck_form_kinds[k], p->kind, p->kind_n) == 0)
			return say_kind(r, at, setting, field, (enum ck_form_kind)k);
	return ck_conf_wrong(
	    at, setting, r->err, "{%s:%.*s}: no such kind", name, (int)p->kind_n, p->kind);
}

/* 1 and 0 as ck_conf_text; its fields are known afterwards */
static int
read_text(struct reader *r, const struct ck_conf_at *at, const char *setting, bool need, char *out,
    size_t cap)
{
	struct ck_pieces p = { .at = out };
	int rc = ck_conf_text(at, setting, need, out, cap, r->err);

	if (rc != 1)
		return rc;
	while (ck_piece_next(&p))
		if (p.is == CK_PIECE_FIELD && mention_piece(r, at, setting, &p) == -1)
			return -1;
	return p.wrong == NULL ? 1 : ck_conf_wrong(at, setting, r->err, "%s", p.wrong);
}

static int
name_good(struct reader *r, const struct ck_conf_at *at, const char *setting, const char *name)
{
	if (name[0] == '\0' || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0')
		return ck_conf_wrong(at, setting, r->err, "a field is named by a-z 0-9 _");
	if (is_own(name))
		return ck_conf_wrong(
		    at, setting, r->err, "%s is no field, it stands only in texts", name);
	return 1;
}

static int
read_name(struct reader *r, const struct ck_conf_at *at, const char *setting, char *out)
{
	int rc = ck_conf_text(at, setting, false, out, CK_FORM_NAME_MAX, r->err);

	return rc == 1 ? name_good(r, at, setting, out) : rc;
}

/* "field" or "field=value" */
static int
read_if(struct reader *r, const struct ck_conf_at *at, const char *setting, struct ck_form_if *out)
{
	char text[CK_FORM_NAME_MAX] = "", *value = NULL;
	int rc = ck_conf_text(at, setting, false, text, sizeof text, r->err);

	if (rc != 1)
		return rc;
	if ((value = strchr(text, '=')) != NULL) {
		*value = '\0';
		strcpy(out->value, value + 1);
		if (out->value[0] == '\0')
			return ck_conf_wrong(at, setting, r->err, "behind = belongs a value");
	}
	strcpy(out->field, text);
	if (r->n_hangs == WHENS_MAX)
		return ck_conf_wrong(at, setting, r->err, "more than %d of them", WHENS_MAX);
	r->hangs[r->n_hangs++] = (struct hang){ at, setting, out };
	return name_good(r, at, setting, out->field);
}

static int
read_when(struct reader *r, const struct ck_conf_at *at, struct ck_form_when *w)
{
	return read_if(r, at, "when", &w->with) < 0 || read_if(r, at, "unless", &w->without) < 0
		   ? -1
		   : 0;
}

static bool
can_be(const struct ck_form_field *f, const char *value)
{
	for (size_t i = 0; i < f->n_options; i++)
		if (strcmp(f->options[i].value, value) == 0)
			return true;
	return !ck_form_kind_chooses(f->kind) || value[0] == '\0';
}

/* What a form shows must follow from what it shows, or a photocopy could not be compared with it.
 */
static int
judge_hangs(struct reader *r)
{
	for (size_t i = 0; i < r->n_hangs; i++) {
		const struct hang *h = &r->hangs[i];
		const struct ck_form_field *f = ck_form_field(r->form, h->on->field);

		if (f == NULL || !f->shown)
			return ck_conf_wrong(h->at, h->name, r->err,
			    "%s itself stands nowhere on this form, or not always", h->on->field);
		if (!can_be(f, h->on->value))
			return ck_conf_wrong(h->at, h->name, r->err,
			    "%s is none of the options of %s", h->on->value, f->name);
	}
	return 0;
}

/* ---- the parts of a section ---- */

/* What a person types off a page has to be one of them. */
static int
judge_option(
    struct reader *r, const struct ck_conf_at *at, const struct ck_form_option *of, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *value = of[i].value, *label = of[i].label;

		if (strcmp(of[n].value, value) == 0 || strcmp(of[n].value, label) == 0)
			return ck_conf_wrong(
			    at, "value", r->err, "%s is there already", of[n].value);
		if (strcmp(of[n].label, value) == 0 || strcmp(of[n].label, label) == 0)
			return ck_conf_wrong(
			    at, "label", r->err, "%s is there already", of[n].label);
	}
	return 0;
}

static int
read_options(struct reader *r, const struct ck_conf_at *at, struct ck_form_field *field)
{
	const struct ck_conf_at *o = NULL;
	struct ck_form_option *to = NULL;
	size_t n = 0;

	if (ck_conf_list(at, "options", true, CK_FORM_OPTIONS_MAX, &n, r->err) != 1)
		return -1;
	if (field->n_options > 0)
		return ck_conf_wrong(
		    at, "options", r->err, "those of %s stand elsewhere", field->name);
	for (size_t i = 0; i < n; i++) {
		to = &field->options[i];
		if ((o = ck_conf_list_group(at, "options", i, r->err)) == NULL ||
		    ck_conf_text(o, "value", true, to->value, sizeof to->value, r->err) != 1 ||
		    ck_conf_text(o, "label", true, to->label, sizeof to->label, r->err) != 1 ||
		    judge_option(r, o, field->options, i) == -1)
			return -1;
	}
	field->n_options = n;
	return n > 0 ? 0 : ck_conf_wrong(at, "options", r->err, "the list is empty");
}

static int
read_cell_field(struct reader *r, const struct ck_conf_at *at, struct ck_form_cell *c)
{
	struct ck_form_field *field = NULL;
	int kind = 0, rc = 0;

	if ((rc = read_name(r, at, "field", c->field)) != 1)
		return rc;
	if ((field = mention(r, at, "field", c->field, false)) == NULL)
		return -1;
	if (c->label[0] != '\0')
		strcpy(field->label, c->label);
	if ((rc = ck_conf_word(at, "kind", false, ck_form_kinds, &kind, r->err)) < 0)
		return -1;
	if (rc == 1 && say_kind(r, at, "kind", field, (enum ck_form_kind)kind) == -1)
		return -1;
	if (rc == 1 && ck_form_kind_chooses((enum ck_form_kind)kind) &&
	    read_options(r, at, field) == -1)
		return -1;
	return ck_conf_bool(at, "required", false, &c->required, r->err) < 0 ? -1 : 1;
}

static int
read_cell(struct reader *r, const struct ck_conf_at *at, int columns, struct ck_form_cell *c)
{
	int field = 0, text = 0;

	c->span = 1;
	if (read_when(r, at, &c->when) == -1)
		return -1;
	r->item = &c->when;
	if (read_text(r, at, "label", false, c->label, sizeof c->label) < 0 ||
	    (field = read_cell_field(r, at, c)) < 0 ||
	    (text = read_text(r, at, "text", false, c->text, sizeof c->text)) < 0 ||
	    ck_conf_int(at, "span", false, 1, columns, &c->span, r->err) < 0 ||
	    ck_conf_int(at, "lines", false, 1, LINES_MAX, &c->lines, r->err) < 0)
		return -1;
	r->item = NULL;
	if (field == 1 && text == 1)
		return ck_conf_wrong(at, "text", r->err, "a cell has a field or a text");
	return 0;
}

static int
read_clause(struct reader *r, const struct ck_conf_at *at, struct ck_form_clause *c)
{
	int rc = 0;

	if (read_when(r, at, &c->when) == -1)
		return -1;
	r->item = &c->when;
	rc = read_text(r, at, "text", true, c->text, sizeof c->text) == 1 ? 0 : -1;
	r->item = NULL;
	return rc;
}

static int
read_box(struct reader *r, const struct ck_conf_at *at, struct ck_form_box *b)
{
	int rc = 0;

	if (read_when(r, at, &b->when) == -1)
		return -1;
	r->item = &b->when;
	rc = read_text(r, at, "label", true, b->label, sizeof b->label) < 0 ||
		     read_text(r, at, "text", false, b->text, sizeof b->text) < 0 ||
		     read_text(r, at, "date", false, b->date, sizeof b->date) < 0 ||
		     ck_conf_bool(at, "seal", false, &b->seal, r->err) < 0
		 ? -1
		 : 0;
	r->item = NULL;
	return rc;
}

static const struct part {
	const char *name;
	size_t max, size;
} parts[] = {
	[CK_PART_GRID] = { "cells", CK_FORM_CELLS_MAX, sizeof(struct ck_form_cell) },
	[CK_PART_CLAUSES] = { "clauses", CK_FORM_CLAUSES_MAX, sizeof(struct ck_form_clause) },
	[CK_PART_LINES] = { "lines", CK_FORM_CLAUSES_MAX, sizeof(struct ck_form_clause) },
	[CK_PART_BOXES] = { "boxes", CK_FORM_BOXES_MAX, sizeof(struct ck_form_box) },
	[CK_PART_ROWS] = { "rows", CK_FORM_ROW_COLUMNS_MAX, sizeof(struct ck_form_cell) },
};

static int
read_member(struct reader *r, const struct ck_conf_at *at, struct ck_form_section *s, size_t i)
{
	switch (s->part) {
	case CK_PART_GRID:
		return read_cell(r, at, s->columns, &s->cells[i]);
	case CK_PART_ROWS:
		return read_cell(r, at, CK_FORM_ROW_SHARES_MAX, &s->cells[i]);
	case CK_PART_BOXES:
		return read_box(r, at, &s->boxes[i]);
	default:
		return read_clause(r, at, &s->clauses[i]);
	}
}

static int
read_members(struct reader *r, const struct ck_conf_at *at, struct ck_form_section *s, size_t n)
{
	const struct part *part = &parts[s->part];
	void *members = calloc(n + 1, part->size);

	if (members == NULL)
		return ck_fail(r->err, CK_E_NO_MEMORY, "form");
	if (s->part == CK_PART_GRID || s->part == CK_PART_ROWS)
		s->cells = members;
	else if (s->part == CK_PART_BOXES)
		s->boxes = members;
	else
		s->clauses = members;
	s->n = n;
	r->rows = s->part == CK_PART_ROWS;
	for (size_t i = 0; i < n; i++) {
		const struct ck_conf_at *m = ck_conf_list_group(at, part->name, i, r->err);

		if (m == NULL || read_member(r, m, s, i) == -1)
			return -1;
	}
	r->rows = false;
	return 0;
}

/* exactly one of the five */
static int
read_part(struct reader *r, const struct ck_conf_at *at, struct ck_form_section *s)
{
	size_t n = 0, count = 0;
	int found = 0, size = CK_SIZE_NORMAL, rc = 0;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		rc = ck_conf_list(at, parts[i].name, false, parts[i].max, &n, r->err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		if (found++ > 0)
			return ck_conf_wrong(at, parts[i].name, r->err,
			    "a section has one of cells, clauses, lines, boxes, rows");
		s->part = (enum ck_form_part)i;
		count = n;
	}
	if (found == 0)
		return ck_conf_wrong(at, "heading", r->err,
		    "a section has one of cells, clauses, lines, boxes, rows");
	s->columns = 2;
	s->height_mm = 40;
	if (s->part == CK_PART_GRID &&
	    ck_conf_int(at, "columns", false, 1, CK_FORM_COLUMNS_MAX, &s->columns, r->err) < 0)
		return -1;
	if (s->part == CK_PART_BOXES &&
	    ck_conf_int(at, "height_mm", false, BOX_MM_MIN, BOX_MM_MAX, &s->height_mm, r->err) < 0)
		return -1;
	if (s->part == CK_PART_LINES &&
	    ck_conf_word(at, "size", false, size_words, &size, r->err) < 0)
		return -1;
	s->size = (enum ck_form_size)size;
	return read_members(r, at, s, count);
}

static int
read_section(struct reader *r, const struct ck_conf_at *at, struct ck_form_section *s)
{
	if (read_when(r, at, &s->when) == -1)
		return -1;
	r->section = &s->when;
	if (read_text(r, at, "heading", false, s->heading, sizeof s->heading) < 0 ||
	    read_part(r, at, s) == -1)
		return -1;
	r->section = NULL;
	return 0;
}

static int
read_sections(struct reader *r, const struct ck_conf_at *root)
{
	struct ck_form *f = r->form;
	size_t n = 0;

	if (ck_conf_list(root, "sections", true, CK_FORM_SECTIONS_MAX, &n, r->err) != 1)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(root, "sections", i, r->err);

		f->n_sections = i + 1;
		if (at == NULL || read_section(r, at, &f->sections[i]) == -1)
			return -1;
	}
	return n > 0 ? 0 : ck_conf_wrong(root, "sections", r->err, "the list is empty");
}

/* Of a field that stands in texts, where it can have no options of its own. */
static int
read_word(struct reader *r, const struct ck_conf_at *at)
{
	char name[CK_FORM_NAME_MAX] = "";
	struct ck_form_field *field = NULL;

	if (ck_conf_text(at, "field", true, name, sizeof name, r->err) != 1)
		return -1;
	for (size_t i = 0; i < r->form->n_fields; i++)
		if (strcmp(r->form->fields[i].name, name) == 0)
			field = &r->form->fields[i];
	if (field == NULL)
		return ck_conf_wrong(at, "field", r->err, "%s stands nowhere on this form", name);
	return say_kind(r, at, "field", field, CK_KIND_WORD) == -1 ? -1
								   : read_options(r, at, field);
}

static int
read_words(struct reader *r, const struct ck_conf_at *root)
{
	size_t n = 0;

	if (ck_conf_list(root, "words", false, CK_FORM_WORDS_MAX, &n, r->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct ck_conf_at *at = ck_conf_list_group(root, "words", i, r->err);

		if (at == NULL || read_word(r, at) == -1)
			return -1;
	}
	return 0;
}

int
ck_form_read(struct ck_conf *conf, struct ck_form *f, struct ck_err *err)
{
	const struct ck_conf_at *root = ck_conf_root(conf);
	struct reader *r = calloc(1, sizeof *r);
	int rc = -1;

	if (r == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "form");
	*r = (struct reader){ .form = f, .err = err };
	f->code_mm = 30;
	strcpy(f->page, "第 {page} 页　共 {pages} 页");
	if (ck_conf_text(root, "title", true, f->title, sizeof f->title, err) == 1 &&
	    read_text(r, root, "above", false, f->above, sizeof f->above) >= 0 &&
	    read_text(r, root, "below", false, f->below, sizeof f->below) >= 0 &&
	    read_text(r, root, "footer", false, f->footer, sizeof f->footer) >= 0 &&
	    read_text(r, root, "page", false, f->page, sizeof f->page) >= 0 &&
	    ck_conf_int(root, "code_mm", false, CODE_MM_MIN, CODE_MM_MAX, &f->code_mm, err) >= 0 &&
	    read_sections(r, root) == 0 && read_words(r, root) == 0 && judge_hangs(r) == 0)
		rc = ck_conf_done(conf, err);
	free(r);
	return rc;
}

void
ck_form_wipe(struct ck_form *f)
{
	for (size_t i = 0; i < f->n_sections; i++) {
		free(f->sections[i].cells);
		free(f->sections[i].clauses);
		free(f->sections[i].boxes);
	}
}
