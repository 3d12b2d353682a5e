#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

#define PAD_X 6
#define PAD_Y 4.4
#define ROW_MIN 22.6
#define LINE_BY_HAND 17 /* what a pen needs */
#define NUMBER_W 20	/* "12." and a gap */
#define CLAUSE_BEFORE 3.2
#define BOX_PAD 7
#define BOX_GAP 8
#define BOX_LABEL_H 17 /* with what is left below it */
#define BOX_LINE_GAP 3
#define SEAL_MM 38 /* a company's round seal, most of them; its place, not its measure */
#define SEAL_ABOVE 4

/* ---- a grid ---- */

struct row {
	const struct ck_form_cell *cells[CK_FORM_COLUMNS_MAX];
	PangoLayout *labels[CK_FORM_COLUMNS_MAX], *values[CK_FORM_COLUMNS_MAX];
	int spans[CK_FORM_COLUMNS_MAX];
	int n, columns, used;
	double h;
};

static void
row_drop(struct row *r)
{
	for (int i = 0; i < r->n; i++) {
		if (r->labels[i] != NULL)
			g_object_unref(r->labels[i]);
		if (r->values[i] != NULL)
			g_object_unref(r->values[i]);
	}
}

/* Half of a column at most is left to labels. */
static double
label_w(const struct ck_layer *l, const struct row *r, int i)
{
	double w = l->labels + 2 * PAD_X + 1, most = CK_BODY_W / r->columns / 2;

	if (r->cells[i]->label[0] == '\0')
		return 0;
	return w < most ? w : most;
}

static double
cell_w(const struct row *r, int i)
{
	return CK_BODY_W * r->spans[i] / r->columns;
}

/* A value is as wide as the label leaves; where: by which name a letter is told that no font has.
 */
static int
set_texts(struct ck_layer *l, struct row *r, int i, const char *label)
{
	const struct ck_form_cell *c = r->cells[i];
	const struct ck_form_field *field = ck_form_field(l->form, c->field);
	double lw = label_w(l, r, i), vw = cell_w(r, i) - lw - 2 * PAD_X;

	if (ck_fill_cell(&l->filler, c, l->text, l->err) == -1 ||
	    ck_sheet_line(
		l->sheet, l->err, "%s%s%s", label, label[0] != '\0' ? "：" : "", l->text) == -1)
		return -1;
	if (lw > 0 && ck_type_set(l->sheet->type, CK_STYLE_LABEL, label, lw - 2 * PAD_X, label,
			  &r->labels[i], l->err) == -1)
		return -1;
	return ck_type_set(l->sheet->type, CK_STYLE_VALUE, l->text, vw,
	    field != NULL ? field->label : label, &r->values[i], l->err);
}

/* its texts set, and the row as high as the highest */
static int
set_cell(struct ck_layer *l, struct row *r, int i)
{
	const struct ck_form_cell *c = r->cells[i];
	double h = 0, label_h = 0;
	char *label = NULL;
	int rc = -1;

	if (ck_fill_text(&l->filler, c->label, l->text, l->err) == -1)
		return -1;
	if ((label = strdup(l->text)) == NULL)
		return ck_fail(l->err, CK_E_NO_MEMORY, "form");
	rc = set_texts(l, r, i, label);
	free(label);
	if (rc == -1)
		return -1;
	ck_type_size(r->values[i], NULL, &h);
	if (r->labels[i] != NULL)
		ck_type_size(r->labels[i], NULL, &label_h);
	if (h < c->lines * LINE_BY_HAND)
		h = c->lines * LINE_BY_HAND;
	if (h < label_h)
		h = label_h;
	if (r->h < h + 2 * PAD_Y)
		r->h = h + 2 * PAD_Y;
	return 0;
}

/* The layout is the leaf's from here on. */
static int
put_centred(struct ck_layer *l, struct row *r, PangoLayout **layout, double x, double w)
{
	PangoLayout *mine = *layout;
	double h = 0;

	*layout = NULL;
	if (mine == NULL)
		return 0;
	ck_type_size(mine, NULL, &h);
	return ck_sheet_leaf(l->sheet,
	    &(struct ck_leaf){ CK_LEAVES_TEXT, x, (r->h - h) / 2, w, h, mine, NULL, "P" }, l->err);
}

static int
put_cell(struct ck_layer *l, struct row *r, int i, double x)
{
	double lw = label_w(l, r, i), w = cell_w(r, i);

	if (lw > 0 && ck_sheet_leaf(l->sheet,
			  &(struct ck_leaf){ .what = CK_LEAVES_TINT, .x = x, .w = lw, .h = r->h },
			  l->err) == -1)
		return -1;
	if (ck_sheet_leaf(l->sheet,
		&(struct ck_leaf){ .what = CK_LEAVES_FRAME, .x = x, .w = w, .h = r->h },
		l->err) == -1 ||
	    put_centred(l, r, &r->labels[i], x + PAD_X, lw - 2 * PAD_X) == -1)
		return -1;
	return put_centred(l, r, &r->values[i], x + lw + PAD_X, w - lw - 2 * PAD_X);
}

static int
put_row(struct ck_layer *l, struct row *r)
{
	struct ck_unit *u = NULL;
	double x = 0;
	int rc = 0;

	if (r->n == 0)
		return 0;
	/* the last one takes what is left of the row */
	r->spans[r->n - 1] += r->columns - r->used;
	for (int i = 0; i < r->n && rc == 0; i++)
		rc = set_cell(l, r, i);
	if (rc == 0 && (u = ck_sheet_unit(l->sheet, 0, l->err)) == NULL)
		rc = -1;
	if (rc == 0)
		u->h = r->h;
	for (int i = 0; i < r->n && rc == 0; i++) {
		rc = put_cell(l, r, i, x);
		x += cell_w(r, i);
	}
	row_drop(r);
	return rc;
}

int
ck_lay_grid(struct ck_layer *l, const struct ck_form_section *sec)
{
	const struct row empty = { .columns = sec->columns, .h = ROW_MIN };
	struct row r = empty;

	for (size_t i = 0; i < sec->n; i++) {
		const struct ck_form_cell *c = &sec->cells[i];

		if (!ck_filler_has(&l->filler, &c->when))
			continue;
		if (r.used + c->span > r.columns) {
			if (put_row(l, &r) == -1)
				return -1;
			r = empty;
		}
		r.cells[r.n] = c;
		r.spans[r.n++] = c->span;
		r.used += c->span;
	}
	return put_row(l, &r);
}

/* ---- clauses and lines ---- */

static enum ck_style
style_of(const struct ck_form_section *sec)
{
	static const enum ck_style sizes[] = {
		[CK_SIZE_NORMAL] = CK_STYLE_VALUE,
		[CK_SIZE_SMALL] = CK_STYLE_SMALL,
		[CK_SIZE_LARGE] = CK_STYLE_LARGE,
		[CK_SIZE_HUGE] = CK_STYLE_HUGE,
	};

	return sec->part == CK_PART_CLAUSES ? CK_STYLE_CLAUSE : sizes[sec->size];
}

static int
put_number(struct ck_layer *l, int number, double base)
{
	struct ck_leaf leaf = { .what = CK_LEAVES_TEXT, .y = base, .tag = "P" };
	char text[16] = "";

	snprintf(text, sizeof text, "%d.", number);
	if (ck_type_set(l->sheet->type, CK_STYLE_CLAUSE, text, 0, text, &leaf.layout, l->err) == -1)
		return -1;
	leaf.line = pango_layout_line_ref(pango_layout_get_line_readonly(leaf.layout, 0));
	return ck_sheet_leaf(l->sheet, &leaf, l->err);
}

/* One line of a paragraph, and the paragraph's number beside its first. */
static int
put_line(struct ck_layer *l, PangoLayout *layout, PangoLayoutIter *iter, double x, int number)
{
	struct ck_unit *u = &l->sheet->units[l->sheet->n_units - 1];
	struct ck_leaf leaf = { .what = CK_LEAVES_TEXT, .tag = "P" };
	PangoRectangle box = { 0 };
	int top = 0, bottom = 0;

	pango_layout_iter_get_line_yrange(iter, &top, &bottom);
	pango_layout_iter_get_line_extents(iter, NULL, &box);
	u->h = (bottom - top) / (double)PANGO_SCALE;
	leaf.x = x + box.x / (double)PANGO_SCALE;
	leaf.y = (pango_layout_iter_get_baseline(iter) - top) / (double)PANGO_SCALE;
	leaf.line = pango_layout_line_ref(pango_layout_iter_get_line_readonly(iter));
	leaf.layout = g_object_ref(layout);
	if (number > 0 && put_number(l, number, leaf.y) == -1) {
		pango_layout_line_unref(leaf.line);
		g_object_unref(leaf.layout);
		return -1;
	}
	return ck_sheet_leaf(l->sheet, &leaf, l->err);
}

/* A line is a unit, but neither page has only one line of a paragraph. */
static int
put_lines(struct ck_layer *l, PangoLayout *layout, double x, double before, int number)
{
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	int n = pango_layout_get_line_count(layout), rc = 0;

	for (int i = 0; i < n && rc == 0; i++) {
		struct ck_unit *u = ck_sheet_unit(l->sheet, i == 0 ? before : 0, l->err);

		if (u == NULL) {
			rc = -1;
			break;
		}
		u->keep = n > 1 && (i == 0 || i == n - 2);
		rc = put_line(l, layout, iter, x, i == 0 ? number : 0);
		pango_layout_iter_next_line(iter);
	}
	pango_layout_iter_free(iter);
	return rc;
}

static int
lay_clause(struct ck_layer *l, const struct ck_form_section *sec, const char *text, int number)
{
	bool numbered = sec->part == CK_PART_CLAUSES;
	double x = numbered ? NUMBER_W : 0;
	PangoLayout *layout = NULL;
	int rc = 0;

	rc = numbered ? ck_sheet_line(l->sheet, l->err, "%d. %s", number, text)
		      : ck_sheet_line(l->sheet, l->err, "%s", text);
	if (rc == -1 ||
	    ck_type_set(l->sheet->type, style_of(sec), text, CK_BODY_W - x,
		sec->heading[0] != '\0' ? sec->heading : l->form->title, &layout, l->err) == -1)
		return -1;
	rc = put_lines(l, layout, x, number == 1 ? 0 : CLAUSE_BEFORE, numbered ? number : 0);
	g_object_unref(layout);
	return rc;
}

int
ck_lay_clauses(struct ck_layer *l, const struct ck_form_section *sec)
{
	int number = 0;

	for (size_t i = 0; i < sec->n; i++) {
		const struct ck_form_clause *c = &sec->clauses[i];

		if (!ck_filler_has(&l->filler, &c->when))
			continue;
		if (ck_fill_text(&l->filler, c->text, l->text, l->err) == -1 ||
		    lay_clause(l, sec, l->text, ++number) == -1)
			return -1;
	}
	return 0;
}

/* ---- boxes for hand and seal ---- */

enum { BOX_LABEL, BOX_TEXT, BOX_DATE, BOX_TEXTS };

struct box {
	const struct ck_form_box *form;
	double x, w, h;
	PangoLayout *texts[BOX_TEXTS];
	double heights[BOX_TEXTS];
};

static int
set_box(struct ck_layer *l, struct box *b)
{
	static const enum ck_style styles[] = { CK_STYLE_LABEL, CK_STYLE_VALUE, CK_STYLE_LABEL };
	const char *const texts[] = { b->form->label, b->form->text, b->form->date };

	for (int i = 0; i < BOX_TEXTS; i++) {
		if (ck_fill_text(&l->filler, texts[i], l->text, l->err) == -1)
			return -1;
		if (l->text[0] == '\0')
			continue;
		if (ck_sheet_line(
			l->sheet, l->err, "%s%s", i == BOX_LABEL ? "□ " : "　 ", l->text) == -1 ||
		    ck_type_set(l->sheet->type, styles[i], l->text, b->w - 2 * BOX_PAD, l->text,
			&b->texts[i], l->err) == -1)
			return -1;
		ck_type_size(b->texts[i], NULL, &b->heights[i]);
	}
	if (b->texts[BOX_DATE] != NULL)
		pango_layout_set_alignment(b->texts[BOX_DATE], PANGO_ALIGN_RIGHT);
	return 0;
}

static double
text_y(const struct box *b)
{
	double below = b->heights[BOX_LABEL] + BOX_LINE_GAP;

	return BOX_PAD + (below > BOX_LABEL_H ? below : BOX_LABEL_H);
}

/* A box of less height than its texts take is as high as they are. */
static double
least_h(const struct box *b)
{
	double h = b->texts[BOX_TEXT] != NULL ? text_y(b) + b->heights[BOX_TEXT]
					      : BOX_PAD + b->heights[BOX_LABEL];

	return h + BOX_LINE_GAP + b->heights[BOX_DATE] + BOX_PAD;
}

/* The layouts are the leaves' from here on. */
static int
put_texts(struct ck_layer *l, struct box *b)
{
	const double y[] = { BOX_PAD, text_y(b), b->h - BOX_PAD - b->heights[BOX_DATE] };

	for (int i = 0; i < BOX_TEXTS; i++) {
		struct ck_leaf leaf = { CK_LEAVES_TEXT, b->x + BOX_PAD, y[i], b->w - 2 * BOX_PAD,
			b->heights[i], b->texts[i], NULL, "P" };

		b->texts[i] = NULL;
		if (leaf.layout != NULL && ck_sheet_leaf(l->sheet, &leaf, l->err) == -1)
			return -1;
	}
	return 0;
}

static int
put_seal(struct ck_layer *l, const struct box *b)
{
	double high = b->h - BOX_PAD - b->heights[BOX_LABEL] - BOX_LINE_GAP - SEAL_ABOVE,
	       wide = b->w - 2 * BOX_PAD, d = SEAL_MM * CK_MM;

	d = high < d ? high : d;
	d = wide < d ? wide : d;
	return ck_sheet_leaf(l->sheet,
	    &(struct ck_leaf){ .what = CK_LEAVES_RING,
		.x = b->x + (b->w - d) / 2,
		.y = b->h - d - SEAL_ABOVE,
		.w = d,
		.h = d },
	    l->err);
}

static int
put_box(struct ck_layer *l, struct box *b)
{
	if (ck_sheet_leaf(l->sheet,
		&(struct ck_leaf){ .what = CK_LEAVES_FRAME, .x = b->x, .w = b->w, .h = b->h },
		l->err) == -1 ||
	    (b->form->seal && put_seal(l, b) == -1))
		return -1;
	return put_texts(l, b);
}

static int
lay_boxes(struct ck_layer *l, const struct ck_form_section *sec, struct box *boxes, int n)
{
	struct ck_unit *u = NULL;
	double h = n > 0 ? sec->height_mm * CK_MM : 0;

	for (int i = 0; i < n; i++) {
		boxes[i].w = (CK_BODY_W - (n - 1) * BOX_GAP) / n;
		boxes[i].x = i * (boxes[i].w + BOX_GAP);
		if (set_box(l, &boxes[i]) == -1)
			return -1;
		if (least_h(&boxes[i]) > h)
			h = least_h(&boxes[i]);
	}
	if ((u = ck_sheet_unit(l->sheet, 0, l->err)) == NULL)
		return -1;
	u->h = h;
	for (int i = 0; i < n; i++) {
		boxes[i].h = h;
		if (put_box(l, &boxes[i]) == -1)
			return -1;
	}
	return 0;
}

int
ck_lay_boxes(struct ck_layer *l, const struct ck_form_section *sec)
{
	struct box boxes[CK_FORM_BOXES_MAX] = { { .form = NULL } };
	int n = 0, rc = 0;

	for (size_t i = 0; i < sec->n; i++)
		if (ck_filler_has(&l->filler, &sec->boxes[i].when))
			boxes[n++].form = &sec->boxes[i];
	rc = lay_boxes(l, sec, boxes, n);
	for (int i = 0; i < n; i++)
		for (int k = 0; k < BOX_TEXTS; k++)
			if (boxes[i].texts[k] != NULL)
				g_object_unref(boxes[i].texts[k]);
	return rc;
}
