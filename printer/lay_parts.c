#include <stdio.h>
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

/* its texts set, and the row as high as the highest */
static int
set_cell(struct ck_layer *l, struct row *r, int i)
{
	const struct ck_form_cell *c = r->cells[i];
	const struct ck_form_field *field = ck_form_field(l->form, c->field);
	double lw = label_w(l, r, i), h = 0, label_h = 0;
	char label[CK_FORM_LABEL_MAX * 4] = "";

	if (ck_fill_text(&l->filler, c->label, l->text, l->err) == -1)
		return -1;
	memcpy(label, l->text, strnlen(l->text, sizeof label - 1));
	if (ck_fill_cell(&l->filler, c, l->text, l->err) == -1 ||
	    ck_sheet_line(
		l->sheet, l->err, "%s%s%s", label, label[0] != '\0' ? "：" : "", l->text) == -1)
		return -1;
	if (lw > 0 && ck_type_set(l->sheet->type, CK_STYLE_LABEL, label, lw - 2 * PAD_X, label,
			  &r->labels[i], l->err) == -1)
		return -1;
	if (ck_type_set(l->sheet->type, CK_STYLE_VALUE, l->text, cell_w(r, i) - lw - 2 * PAD_X,
		field != NULL ? field->label : label, &r->values[i], l->err) == -1)
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

struct box {
	double x, w, h;
};

enum corner { AT_TOP, AT_BOTTOM };

static int
put_in_box(struct ck_layer *l, const struct box *b, enum ck_style style, const char *text,
    enum corner corner, double y)
{
	struct ck_leaf leaf = { .what = CK_LEAVES_TEXT, .tag = "P" };
	double w = b->w - 2 * BOX_PAD;

	if (text[0] == '\0')
		return 0;
	if (ck_type_set(l->sheet->type, style, text, w, text, &leaf.layout, l->err) == -1)
		return -1;
	if (corner == AT_BOTTOM)
		pango_layout_set_alignment(leaf.layout, PANGO_ALIGN_RIGHT);
	ck_type_size(leaf.layout, NULL, &leaf.h);
	leaf.x = b->x + BOX_PAD;
	leaf.y = corner == AT_TOP ? y : b->h - BOX_PAD - leaf.h;
	return ck_sheet_leaf(l->sheet, &leaf, l->err);
}

static int
put_seal(struct ck_layer *l, const struct box *b)
{
	double d = SEAL_MM * CK_MM, room = (b->w < b->h ? b->w : b->h) - 2 * BOX_PAD;

	if (d > room)
		d = room;
	return ck_sheet_leaf(l->sheet,
	    &(struct ck_leaf){ .what = CK_LEAVES_RING,
		.x = b->x + (b->w - d) / 2,
		.y = b->h - d - SEAL_ABOVE,
		.w = d,
		.h = d },
	    l->err);
}

static int
fill_box(struct ck_layer *l, const struct box *b, const struct ck_form_box *f)
{
	const struct {
		enum ck_style style;
		const char *text;
		enum corner corner;
		double y;
	} texts[] = {
		{ CK_STYLE_LABEL, f->label, AT_TOP, BOX_PAD },
		{ CK_STYLE_VALUE, f->text, AT_TOP, BOX_PAD + 17 },
		{ CK_STYLE_LABEL, f->date, AT_BOTTOM, 0 },
	};

	if (ck_sheet_leaf(l->sheet,
		&(struct ck_leaf){ .what = CK_LEAVES_FRAME, .x = b->x, .w = b->w, .h = b->h },
		l->err) == -1 ||
	    (f->seal && put_seal(l, b) == -1))
		return -1;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (ck_fill_text(&l->filler, texts[i].text, l->text, l->err) == -1 ||
		    (l->text[0] != '\0' && ck_sheet_line(l->sheet, l->err, "%s%s",
					       i == 0 ? "□ " : "　 ", l->text) == -1) ||
		    put_in_box(l, b, texts[i].style, l->text, texts[i].corner, texts[i].y) == -1)
			return -1;
	return 0;
}

int
ck_lay_boxes(struct ck_layer *l, const struct ck_form_section *sec)
{
	struct ck_unit *u = ck_sheet_unit(l->sheet, 0, l->err);
	struct box b = { .h = sec->height_mm * CK_MM };
	int n = 0;

	if (u == NULL)
		return -1;
	u->h = b.h;
	for (size_t i = 0; i < sec->n; i++)
		n += ck_filler_has(&l->filler, &sec->boxes[i].when);
	if (n > 0)
		b.w = (CK_BODY_W - (n - 1) * BOX_GAP) / n;
	for (size_t i = 0; i < sec->n; i++) {
		if (!ck_filler_has(&l->filler, &sec->boxes[i].when))
			continue;
		if (fill_box(l, &b, &sec->boxes[i]) == -1)
			return -1;
		b.x += b.w + BOX_GAP;
	}
	return 0;
}
