/* A table: a row for each of what a record has many of, and its heads again on every page. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sheet.h"

#define PAD_X 3
#define PAD_Y 3
#define BETWEEN "　"

struct table {
	const struct ck_form_cell *columns[CK_FORM_ROW_COLUMNS_MAX];
	PangoLayout *texts[CK_FORM_ROW_COLUMNS_MAX]; /* of the row at hand */
	int n, shares;
	double h;
	struct ck_buf line; /* the row as text */
};

static double
column_w(const struct table *t, int i)
{
	return CK_BODY_W * t->columns[i]->span / t->shares;
}

static int
set_text(struct ck_layer *l, struct table *t, int i, const char *where)
{
	double h = 0;

	if ((i > 0 && ck_buf_add(&t->line, BETWEEN, strlen(BETWEEN)) == -1) ||
	    ck_buf_add(&t->line, l->text, strlen(l->text)) == -1)
		return ck_fail(l->err, CK_E_NO_MEMORY, "form");
	if (ck_type_set(l->sheet->type, CK_STYLE_SMALL, l->text, column_w(t, i) - 2 * PAD_X, where,
		&t->texts[i], l->err) == -1)
		return -1;
	ck_type_size(t->texts[i], NULL, &h);
	if (t->h < h + 2 * PAD_Y)
		t->h = h + 2 * PAD_Y;
	return 0;
}

/* The layout is the leaf's from here on. */
static int
put_text(struct ck_layer *l, struct table *t, int i, double x, bool head)
{
	struct ck_sheet *s = l->sheet;
	struct ck_leaf text = {
		.what = CK_LEAVES_TEXT, .x = x + PAD_X, .layout = t->texts[i], .tag = "P"
	};
	double w = column_w(t, i);

	t->texts[i] = NULL;
	ck_type_size(text.layout, NULL, &text.h);
	text.w = w - 2 * PAD_X;
	text.y = (t->h - text.h) / 2;
	if (ck_sheet_leaf(s, &text, l->err) == -1 ||
	    (head && ck_sheet_leaf(s,
			 &(struct ck_leaf){ .what = CK_LEAVES_TINT, .x = x, .w = w, .h = t->h },
			 l->err) == -1))
		return -1;
	return ck_sheet_leaf(
	    s, &(struct ck_leaf){ .what = CK_LEAVES_FRAME, .x = x, .w = w, .h = t->h }, l->err);
}

/* row 0: the heads */
static int
set_row(struct ck_layer *l, struct table *t, int row)
{
	t->h = 0;
	t->line.n = 0;
	l->filler.row = row;
	for (int i = 0; i < t->n; i++) {
		const struct ck_form_cell *c = t->columns[i];
		int rc = row == 0 ? ck_fill_text(&l->filler, c->label, l->text, l->err)
				  : ck_fill_cell(&l->filler, c, l->text, l->err);

		if (rc == -1 || set_text(l, t, i, c->label) == -1)
			return -1;
	}
	return ck_sheet_line(
	    l->sheet, l->err, "%s", t->line.p != NULL ? (const char *)t->line.p : "");
}

static int
put_row(struct ck_layer *l, struct table *t, int row, size_t under)
{
	struct ck_unit *u = NULL;
	double x = 0;

	if (set_row(l, t, row) == -1 || (u = ck_sheet_unit(l->sheet, 0, l->err)) == NULL)
		return -1;
	u->h = t->h;
	u->keep = row == 0;
	u->under = under;
	for (int i = 0; i < t->n; i++) {
		if (put_text(l, t, i, x, row == 0) == -1)
			return -1;
		x += column_w(t, i);
	}
	return 0;
}

int
ck_lay_rows(struct ck_layer *l, const struct ck_form_section *sec)
{
	struct table t = { .n = 0 };
	int rows = ck_filler_rows(&l->filler), rc;
	size_t heads;

	for (size_t i = 0; i < sec->n; i++)
		if (ck_filler_has(&l->filler, &sec->cells[i].when)) {
			t.columns[t.n++] = &sec->cells[i];
			t.shares += sec->cells[i].span;
		}
	rc = put_row(l, &t, 0, 0);
	heads = l->sheet->n_units; /* from 1 */
	for (int row = 1; row <= rows && rc == 0; row++)
		rc = put_row(l, &t, row, heads);
	l->filler.row = 0;
	for (int i = 0; i < t.n; i++)
		if (t.texts[i] != NULL)
			g_object_unref(t.texts[i]);
	ck_buf_free(&t.line);
	return rc;
}
