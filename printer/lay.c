#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/paper.h"
#include "sheet.h"

#define HEADING_BEFORE 13
#define HEADING_AFTER 5
#define TITLE_AFTER 4
#define BESIDE_AFTER 5
#define FOOT_BEFORE 5
#define FOOT_GAP 12
#define BODY_BEFORE 4
#define BODY_AFTER 9
#define MARK_PAD 8
#define MARK_Y (5.5 * CK_MM) /* no printer needs more margin than 4.2 mm */

/* ---- head and foot ---- */

static int
head_text(struct ck_layer *l, struct ck_unit *u, enum ck_style style, const char *text,
    double after, const char *tag)
{
	struct ck_sheet *s = l->sheet;
	PangoLayout *layout = NULL;
	double room = CK_BODY_W - s->code - CK_CODE_WHITE(s->code), h = 0;

	if (text[0] == '\0')
		return 0;
	if (ck_type_set(s->type, style, text, room, l->form->title, &layout, l->err) == -1)
		return -1;
	ck_type_size(layout, NULL, &h);
	if (ck_sheet_leaf(s,
		&(struct ck_leaf){ CK_LEAVES_TEXT, 0, u->h, room, h, layout, NULL, tag },
		l->err) == -1)
		return -1;
	u->h += h + after;
	return 0;
}

/* What stands on a copy only, framed, on every page: in the margin, or a copy could have other
 * pages than the original whose codes it carries. */
static int
put_mark(struct ck_layer *l, const char *mark)
{
	struct ck_sheet *s = l->sheet;
	PangoLayout *layout = NULL;
	double w = 0, h = 0, x = 0;

	if (mark == NULL || mark[0] == '\0')
		return 0;
	if (ck_type_set(s->type, CK_STYLE_MARK, mark, 0, mark, &layout, l->err) == -1)
		return -1;
	ck_type_size(layout, &w, &h);
	x = (CK_BODY_W - w) / 2;
	if (ck_sheet_leaf(s,
		&(struct ck_leaf){ CK_LEAVES_TEXT, x, MARK_Y - CK_TOP, w, h, layout, NULL, "P" },
		l->err) == -1)
		return -1;
	return ck_sheet_leaf(s,
	    &(struct ck_leaf){ .what = CK_LEAVES_FRAME,
		.x = x - MARK_PAD,
		.y = MARK_Y - CK_TOP - MARK_PAD / 4.0,
		.w = w + 2 * MARK_PAD,
		.h = h + MARK_PAD / 2.0 },
	    l->err);
}

/* A unit that stands outside of the flow is taken out of the list again. */
static struct ck_unit
taken(struct ck_sheet *s)
{
	return s->units[--s->n_units];
}

static int
lay_head(struct ck_layer *l, bool first, const char *mark, struct ck_unit *out)
{
	struct ck_sheet *s = l->sheet;
	struct ck_unit *u = ck_sheet_unit(s, 0, l->err);
	double code = s->code + CK_CODE_WHITE(s->code);

	if (u == NULL || put_mark(l, mark) == -1)
		return -1;
	if (first && (ck_fill_text(&l->filler, l->form->above, l->text, l->err) == -1 ||
			 head_text(l, u, CK_STYLE_BESIDE, l->text, TITLE_AFTER, "P") == -1))
		return -1;
	if (head_text(l, u, first ? CK_STYLE_TITLE : CK_STYLE_TITLE_SMALL, l->form->title,
		BESIDE_AFTER, first ? "H1" : "P") == -1 ||
	    ck_fill_text(&l->filler, l->form->below, l->text, l->err) == -1 ||
	    head_text(l, u, CK_STYLE_BESIDE, l->text, BESIDE_AFTER, "P") == -1)
		return -1;
	if (u->h < code)
		u->h = code;
	*out = taken(s);
	out->y = CK_TOP;
	return 0;
}

/* What stands on the right of it is known once the pages are: as wide as with two digits. */
static int
measure_number(struct ck_layer *l, double *w, double *h)
{
	PangoLayout *layout = NULL;

	json_object_set_new(l->own, "page", json_string("00"));
	json_object_set_new(l->own, "pages", json_string("00"));
	if (ck_fill_text(&l->filler, l->form->page, l->text, l->err) == -1 ||
	    ck_type_set(l->sheet->type, CK_STYLE_SMALL, l->text, CK_NUMBER_W, l->form->title,
		&layout, l->err) == -1)
		return -1;
	ck_type_size(layout, w, h);
	g_object_unref(layout);
	return 0;
}

static int
lay_foot(struct ck_layer *l)
{
	struct ck_sheet *s = l->sheet;
	struct ck_unit *u = ck_sheet_unit(s, 0, l->err);
	PangoLayout *layout = NULL;
	double h = 0, number_w = 0, number_h = 0, room = 0;

	if (u == NULL || measure_number(l, &number_w, &number_h) == -1)
		return -1;
	room = CK_BODY_W - number_w - FOOT_GAP;
	if (ck_fill_text(&l->filler, l->form->footer, l->text, l->err) == -1 ||
	    ck_type_set(s->type, CK_STYLE_SMALL, l->text, room, l->form->title, &layout, l->err) ==
		-1)
		return -1;
	ck_type_size(layout, NULL, &h);
	u->h = (h > number_h ? h : number_h) + FOOT_BEFORE;
	if (ck_sheet_leaf(s, &(struct ck_leaf){ .what = CK_LEAVES_LINE, .w = CK_BODY_W }, l->err) ==
	    -1) {
		g_object_unref(layout);
		return -1;
	}
	if (ck_sheet_leaf(s,
		&(struct ck_leaf){ CK_LEAVES_TEXT, 0, FOOT_BEFORE, room, h, layout, NULL, "P" },
		l->err) == -1)
		return -1;
	s->foot_text_y = FOOT_BEFORE;
	s->foot = taken(s);
	s->foot.y = CK_PAGE_H - CK_BOTTOM - s->foot.h;
	return 0;
}

/* ---- sections ---- */

static int
lay_heading(struct ck_layer *l, const struct ck_form_section *sec)
{
	struct ck_sheet *s = l->sheet;
	struct ck_unit *u = ck_sheet_unit(s, HEADING_BEFORE, l->err);
	PangoLayout *layout = NULL;

	if (u == NULL || ck_sheet_line(s, l->err, "%s", "") == -1)
		return -1;
	u->keep = true;
	if (sec->heading[0] == '\0')
		return 0;
	if (ck_fill_text(&l->filler, sec->heading, l->text, l->err) == -1 ||
	    ck_sheet_line(s, l->err, "%s", l->text) == -1 ||
	    ck_type_set(s->type, CK_STYLE_HEADING, l->text, CK_BODY_W, l->text, &layout, l->err) ==
		-1)
		return -1;
	ck_type_size(layout, NULL, &u->h);
	u->h += HEADING_AFTER;
	return ck_sheet_leaf(s,
	    &(struct ck_leaf){ CK_LEAVES_TEXT, 0, 0, CK_BODY_W, u->h, layout, NULL, "H2" }, l->err);
}

static int
lay_section(struct ck_layer *l, const struct ck_form_section *sec)
{
	struct ck_sheet *s = l->sheet;
	size_t before = s->n_units;

	if (!ck_filler_has_section(&l->filler, sec))
		return 0;
	/* where to sign is no page of its own: something of what is signed goes with it */
	if (sec->part == CK_PART_BOXES && before > 0)
		s->units[before - 1].keep = true;
	if (lay_heading(l, sec) == -1)
		return -1;
	switch (sec->part) {
	case CK_PART_GRID:
		return ck_lay_grid(l, sec);
	case CK_PART_BOXES:
		return ck_lay_boxes(l, sec);
	case CK_PART_ROWS:
		return ck_lay_rows(l, sec);
	default:
		return ck_lay_clauses(l, sec);
	}
}

/* ---- pages ---- */

/* Units from i on that stay together: where they end, and how high they are. */
static size_t
together(const struct ck_sheet *s, size_t i, double *h)
{
	*h = 0;
	for (; i < s->n_units; i++) {
		*h += (*h > 0 ? s->units[i].before : 0) + s->units[i].h;
		if (!s->units[i].keep)
			return i + 1;
	}
	return i;
}

static int
break_pages(struct ck_sheet *s, struct ck_err *err)
{
	double bottom = s->foot.y - BODY_AFTER, again = CK_TOP + s->again.h + BODY_BEFORE;
	double y = CK_TOP + s->head.h + BODY_BEFORE, h = 0;
	bool fresh = true;

	s->pages = 1;
	for (size_t i = 0, end = 0; i < s->n_units; i = end) {
		end = together(s, i, &h);
		if (y + (fresh ? 0 : s->units[i].before) + h > bottom) {
			if (again + h > bottom || s->pages == CK_PAPER_PAGES_MAX)
				return ck_fail(err, CK_E_FORM_TOO_LONG, "%s", s->title);
			s->pages++;
			y = again;
			fresh = true;
			if (s->units[i].under > 0) {
				if (ck_sheet_again(s, s->units[i].under - 1, i, err) == -1)
					return -1;
				end = i;
				continue;
			}
		}
		for (; i < end; i++) {
			y += fresh ? 0 : s->units[i].before;
			s->units[i].page = s->pages;
			s->units[i].y = y;
			y += s->units[i].h;
			fresh = fresh && s->units[i].h <= 0;
		}
	}
	return 0;
}

static int
number_pages(struct ck_layer *l)
{
	struct ck_sheet *s = l->sheet;

	json_object_set_new(l->own, "pages", json_sprintf("%d", s->pages));
	for (int page = 1; page <= s->pages; page++) {
		json_object_set_new(l->own, "page", json_sprintf("%d", page));
		if (ck_fill_text(&l->filler, l->form->page, l->text, l->err) == -1)
			return -1;
		if (json_array_append_new(s->numbers, json_string(l->text)) == -1)
			return ck_fail(l->err, CK_E_NO_MEMORY, "form");
	}
	return 0;
}

/* ---- all of it ---- */

/* Labels stand under each other through all grids: as wide as the longest, within reason. */
static int
measure_labels(struct ck_layer *l)
{
	PangoLayout *layout = NULL;
	double w = 0;

	for (size_t i = 0; i < l->form->n_sections; i++) {
		const struct ck_form_section *s = &l->form->sections[i];

		for (size_t k = 0; s->part == CK_PART_GRID && k < s->n; k++) {
			if (ck_fill_text(&l->filler, s->cells[k].label, l->text, l->err) == -1 ||
			    ck_type_set(l->sheet->type, CK_STYLE_LABEL, l->text, 0, l->form->title,
				&layout, l->err) == -1)
				return -1;
			ck_type_size(layout, &w, NULL);
			g_object_unref(layout);
			if (w > l->labels)
				l->labels = w;
		}
	}
	return 0;
}

static int
head_lines(struct ck_layer *l, const char *mark)
{
	struct ck_sheet *s = l->sheet;

	if (mark != NULL && mark[0] != '\0' && ck_sheet_line(s, l->err, "【%s】", mark) == -1)
		return -1;
	if (ck_fill_text(&l->filler, l->form->above, l->text, l->err) == -1 ||
	    (l->text[0] != '\0' && ck_sheet_line(s, l->err, "%s", l->text) == -1) ||
	    ck_sheet_line(s, l->err, "%s", l->form->title) == -1 ||
	    ck_fill_text(&l->filler, l->form->below, l->text, l->err) == -1)
		return -1;
	return l->text[0] != '\0' ? ck_sheet_line(s, l->err, "%s", l->text) : 0;
}

static int
lay(struct ck_layer *l, const struct ck_form_copy *copy)
{
	struct ck_sheet *s = l->sheet;

	if (head_lines(l, copy->mark) == -1 || measure_labels(l) == -1 ||
	    lay_head(l, true, copy->mark, &s->head) == -1 ||
	    lay_head(l, false, copy->mark, &s->again) == -1 || lay_foot(l) == -1)
		return -1;
	for (size_t i = 0; i < l->form->n_sections; i++)
		if (lay_section(l, &l->form->sections[i]) == -1)
			return -1;
	if (ck_fill_text(&l->filler, l->form->footer, l->text, l->err) == -1 ||
	    (l->text[0] != '\0' && (ck_sheet_line(s, l->err, "%s", "") == -1 ||
				       ck_sheet_line(s, l->err, "%s", l->text) == -1)))
		return -1;
	return break_pages(s, l->err) == 0 ? number_pages(l) : -1;
}

static struct ck_sheet *
sheet_new(const struct ck_form *form, const struct ck_form_copy *copy, struct ck_err *err)
{
	struct ck_sheet *s = calloc(1, sizeof *s);

	if (s == NULL || (s->lines = json_array()) == NULL || (s->numbers = json_array()) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "form");
		goto fail;
	}
	if (ck_type_open(&s->type, err) == -1)
		goto fail;
	s->code = form->code_mm * CK_MM;
	s->made = copy->made;
	strcpy(s->title, form->title);
	snprintf(s->number, sizeof s->number, "%s", copy->number);
	return s;
fail:
	ck_sheet_free(s);
	return NULL;
}

int
ck_form_lay(const struct ck_form *form, const json_t *fields, const struct ck_form_copy *copy,
    struct ck_sheet **out, struct ck_err *err)
{
	struct ck_sheet *s = sheet_new(form, copy, err);
	json_t *own = json_pack("{s:s}", "number", copy->number);
	struct ck_layer l = { .sheet = s,
		.form = form,
		.filler = { .form = form, .fields = fields, .own = own },
		.own = own,
		.text = malloc(CK_FORM_FILLED_MAX),
		.err = err };
	int rc = -1;

	if (s != NULL && own != NULL && l.text != NULL)
		rc = lay(&l, copy);
	else
		ck_fail(err, CK_E_NO_MEMORY, "form");
	free(l.text);
	json_decref(own);
	if (rc == -1) {
		ck_sheet_free(s);
		return -1;
	}
	*out = s;
	return 0;
}
