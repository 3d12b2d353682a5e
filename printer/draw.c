#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cairo-pdf.h>
#include <qrencode.h>

#include "base/clock.h"
#include "certkiosk/paper.h"
#include "sheet.h"

#define HAIR 0.5
#define TINT 0.955 /* grey that a photocopier drops */
#define RING_GREY 0.62
#define LEVEL_Q_MAX 100 /* letters; with more of them a module would become too small */

struct pen {
	cairo_t *cr;
	const struct ck_sheet *sheet;
	struct ck_err *err;
};

/* ---- leaves ---- */

static void
draw_text(cairo_t *cr, const struct ck_leaf *leaf, double x, double y)
{
	if (leaf->tag != NULL)
		cairo_tag_begin(cr, leaf->tag, NULL);
	cairo_move_to(cr, x, y);
	if (leaf->line != NULL)
		pango_cairo_show_layout_line(cr, leaf->line);
	else
		pango_cairo_show_layout(cr, leaf->layout);
	if (leaf->tag != NULL)
		cairo_tag_end(cr, leaf->tag);
}

static void
draw_ring(cairo_t *cr, const struct ck_leaf *leaf, double x, double y)
{
	const double dots[] = { 1.2, 3 };

	cairo_save(cr);
	cairo_set_dash(cr, dots, 2, 0);
	cairo_set_source_rgb(cr, RING_GREY, RING_GREY, RING_GREY);
	cairo_new_sub_path(cr); /* or a line leads there from the last point */
	cairo_arc(cr, x + leaf->w / 2, y + leaf->h / 2, leaf->w / 2, 0, 2 * M_PI);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void
draw_leaf(cairo_t *cr, const struct ck_leaf *leaf, double x, double y)
{
	switch (leaf->what) {
	case CK_LEAVES_TEXT:
		draw_text(cr, leaf, x, y);
		break;
	case CK_LEAVES_LINE:
		cairo_move_to(cr, x, y);
		cairo_line_to(cr, x + leaf->w, y);
		cairo_stroke(cr);
		break;
	case CK_LEAVES_FRAME:
		cairo_rectangle(cr, x, y, leaf->w, leaf->h);
		cairo_stroke(cr);
		break;
	case CK_LEAVES_TINT:
		cairo_set_source_rgb(cr, TINT, TINT, TINT);
		cairo_rectangle(cr, x, y, leaf->w, leaf->h);
		cairo_fill(cr);
		cairo_set_source_rgb(cr, 0, 0, 0);
		break;
	case CK_LEAVES_RING:
		draw_ring(cr, leaf, x, y);
		break;
	}
}

static void
draw_unit(const struct pen *p, const struct ck_unit *u)
{
	const struct ck_leaf *leaves = p->sheet->leaves + u->first;

	/* what is filled first, or it would cover half of a neighbour's line */
	for (size_t i = 0; i < u->n; i++)
		if (leaves[i].what == CK_LEAVES_TINT)
			draw_leaf(p->cr, &leaves[i], CK_LEFT + leaves[i].x, u->y + leaves[i].y);
	for (size_t i = 0; i < u->n; i++)
		if (leaves[i].what != CK_LEAVES_TINT)
			draw_leaf(p->cr, &leaves[i], CK_LEFT + leaves[i].x, u->y + leaves[i].y);
}

/* ---- the code ---- */

static void
draw_modules(cairo_t *cr, const QRcode *q, double x, double y, double side)
{
	double m = side / q->width;

	for (int j = 0; j < q->width; j++)
		for (int i = 0, k = 0; i < q->width; i = k + 1) {
			for (; i < q->width && !(q->data[j * q->width + i] & 1);)
				i++;
			for (k = i; k < q->width && (q->data[j * q->width + k] & 1);)
				k++;
			/* a hair higher, or a light line shows between two rows */
			if (k > i)
				cairo_rectangle(cr, x + i * m, y + j * m, (k - i) * m, m * 1.002);
		}
	cairo_fill(cr);
}

static int
draw_code(const struct pen *p, const char *text)
{
	QRecLevel level = strlen(text) > LEVEL_Q_MAX ? QR_ECLEVEL_M : QR_ECLEVEL_Q;
	QRcode *q = QRcode_encodeString(text, 0, level, QR_MODE_8, 1);

	if (q == NULL)
		return ck_fail(p->err, CK_E_FORM_TOO_LONG, "QR");
	draw_modules(p->cr, q, CK_LEFT + CK_BODY_W - p->sheet->code, CK_TOP, p->sheet->code);
	QRcode_free(q);
	return 0;
}

/* ---- pages ---- */

static int
draw_page_number(const struct pen *p, int page)
{
	const struct ck_sheet *s = p->sheet;
	const char *text = json_string_value(json_array_get(s->numbers, (size_t)page - 1));
	PangoLayout *l = NULL;

	if (ck_type_set(s->type, CK_STYLE_SMALL, text, CK_NUMBER_W, text, &l, p->err) == -1)
		return -1;
	pango_layout_set_alignment(l, PANGO_ALIGN_RIGHT);
	cairo_move_to(p->cr, CK_LEFT + CK_BODY_W - CK_NUMBER_W, s->foot.y + s->foot_text_y);
	pango_cairo_show_layout(p->cr, l);
	g_object_unref(l);
	return 0;
}

static int
draw_page(const struct pen *p, int page, const char *code)
{
	const struct ck_sheet *s = p->sheet;

	cairo_set_line_width(p->cr, HAIR);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	draw_unit(p, page == 1 ? &s->head : &s->again);
	for (size_t i = 0; i < s->n_units; i++)
		if (s->units[i].page == page)
			draw_unit(p, &s->units[i]);
	draw_unit(p, &s->foot);
	if ((code != NULL && draw_code(p, code) == -1) || draw_page_number(p, page) == -1)
		return -1;
	cairo_show_page(p->cr);
	return 0;
}

/* ---- the document ---- */

static cairo_status_t
keep(void *u, const unsigned char *bytes, unsigned n)
{
	return ck_buf_add(u, bytes, n) == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
begin(const struct ck_sheet *s, struct ck_buf *pdf)
{
	cairo_surface_t *surface =
	    cairo_pdf_surface_create_for_stream(keep, pdf, CK_PAGE_W, CK_PAGE_H);
	char at[CK_TIME_LEN] = "";

	/* a classical table of references, which signatures are appended to (pdf.h) */
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
	ck_time_text(s->made, at);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, s->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, s->number);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "certkiosk");
	/* without it: the minute of now, and other bytes every time */
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
	return surface;
}

static int
judge(const struct ck_sheet *s, cairo_status_t status, struct ck_err *err)
{
	if (status == CAIRO_STATUS_SUCCESS)
		return 0;
	if (status == CAIRO_STATUS_WRITE_ERROR) /* keep's: beyond its bound */
		return ck_fail(err, CK_E_FORM_TOO_LONG, "%s", s->title);
	return ck_fail(err, CK_E_INTERNAL, "%s", cairo_status_to_string(status));
}

int
ck_sheet_draw(
    const struct ck_sheet *s, const char *const *qr, struct ck_buf *pdf, struct ck_err *err)
{
	cairo_surface_t *surface = begin(s, pdf);
	struct pen p = { .cr = cairo_create(surface), .sheet = s, .err = err };
	int rc = 0;

	cairo_tag_begin(p.cr, "Document", NULL);
	for (int page = 1; page <= s->pages && rc == 0; page++)
		rc = draw_page(&p, page, qr != NULL ? qr[page - 1] : NULL);
	cairo_tag_end(p.cr, "Document");
	cairo_surface_finish(surface);
	if (rc == 0)
		rc = judge(s, cairo_status(p.cr), err);
	if (rc == 0)
		rc = judge(s, cairo_surface_status(surface), err);
	cairo_destroy(p.cr);
	cairo_surface_destroy(surface);
	return rc;
}
