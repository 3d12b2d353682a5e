/* The code on every page, read back off the page as a scanner sees it. */
#include "paper_page.h"

#include <math.h>

static char pdf_path[256];

static void
read_as(const struct lab_grey *g, const char *want, const char *how)
{
	char *got = lab_read_code(g);

	T_STR(got, want, "read %s", how);
	free(got);
}

/* ---- what happens to paper on its way ---- */

static unsigned char
pixel(const struct lab_grey *g, double x, double y)
{
	int i = (int)floor(x), j = (int)floor(y);
	double fx = x - i, fy = y - j;
	const unsigned char *p = g->p + (long)j * g->w + i;

	if (i < 0 || j < 0 || i + 1 >= g->w || j + 1 >= g->h)
		return 255;
	return (unsigned char)((1 - fy) * ((1 - fx) * p[0] + fx * p[1]) +
			       fy * ((1 - fx) * p[g->w] + fx * p[g->w + 1]));
}

/* about its middle; a sheet laid crooked on the glass, upside down, or the wrong way in */
static struct lab_grey
turned(const struct lab_grey *g, double degrees)
{
	double a = degrees * M_PI / 180;
	int side = (int)ceil(hypot(g->w, g->h));
	struct lab_grey out = { side, side, malloc((size_t)side * (size_t)side) };

	for (int y = 0; out.p != NULL && y < side; y++)
		for (int x = 0; x < side; x++) {
			double dx = x - side / 2.0, dy = y - side / 2.0;

			out.p[y * side + x] = pixel(g, dx * cos(a) + dy * sin(a) + g->w / 2.0,
			    dy * cos(a) - dx * sin(a) + g->h / 2.0);
		}
	return out;
}

/* Red ink, 38 mm across, all over the code: what a grey scan makes of it. Ink takes light away,
 * whatever is under it; a seal is rings and letters, and here it is all ink. */
static void
stamp(struct lab_grey *g, int dpi)
{
	double mm = dpi / 25.4, cx = (190 - 15) * mm, cy = (14 + 15) * mm, r = 19 * mm;
	double ink = 1 - 0.4 * (1 - 76 / 255.0);

	for (int y = 0; y < g->h; y++)
		for (int x = 0; x < g->w; x++)
			if (hypot(x - cx, y - cy) < r)
				g->p[y * g->w + x] = (unsigned char)(g->p[y * g->w + x] * ink);
}

/* ---- pages ---- */

static void
resolutions(void)
{
	static const int dpis[] = { 100, 150, 200, 300 };
	char how[32];

	for (size_t i = 0; i < sizeof dpis / sizeof *dpis; i++) {
		struct lab_grey g = lab_raster(pdf_path, 1, dpis[i]);

		snprintf(how, sizeof how, "at %d dpi", dpis[i]);
		read_as(&g, LAB_CODE, how);
		free(g.p);
	}
}

static void
turns(void)
{
	static const double degrees[] = { 90, 180, 270, 7, -3 };
	struct lab_grey g = lab_raster(pdf_path, 1, 200);
	char how[32];

	for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
		struct lab_grey t = turned(&g, degrees[i]);

		snprintf(how, sizeof how, "turned by %.0f degrees", degrees[i]);
		read_as(&t, LAB_CODE, how);
		free(t.p);
	}
	free(g.p);
}

static void
stamped(void)
{
	struct lab_grey g = lab_raster(pdf_path, 1, 200);

	stamp(&g, 200);
	read_as(&g, LAB_CODE, "under a red seal at 200 dpi grey");
	free(g.p);
}

static void
white_around(void)
{
	struct lab_grey g = lab_raster(pdf_path, 1, 300);
	double mm = 300 / 25.4;
	int dark = 0, first = 0, x1 = (int)((190 + 2.5) * mm), y1 = (int)((14 + 30 + 2.5) * mm);

	for (int y = (int)((14 - 2.5) * mm); y < y1; y++)
		for (int x = (int)((190 - 30 - 2.5) * mm); x < x1; x++)
			if (x < (190 - 30) * mm - 1 || x > 190 * mm + 1 || y < 14 * mm - 1 ||
			    y > (14 + 30) * mm + 1)
				dark += g.p[y * g.w + x] < 250;
	for (int x = (int)((190 - 30) * mm) + 2; x < (int)((190 - 28) * mm); x++)
		first += g.p[(int)(14.3 * mm) * g.w + x] < 64;
	T(dark == 0, "four modules stay white around it");
	T(first > 0, "and it is 30 mm across");
	free(g.p);
}

static char *
forty_clauses(void)
{
	struct ck_buf b = { 0 };
	const char head[] = "title = \"T\";\nsections = ( { clauses = (\n";
	const char one[] = "{ text = \"声明声明声明声明声明声明声明声明声明声明声明声明声明声明声明"
			   "声明声明声明声明声明声明声明声明声明声明声明声明声明声明声明\"; }";

	ck_buf_add(&b, head, strlen(head));
	for (int i = 0; i < 40; i++) {
		ck_buf_add(&b, ",", i > 0);
		ck_buf_add(&b, one, strlen(one));
	}
	ck_buf_add(&b, "); } );\n", 8);
	return (char *)b.p;
}

static void
every_page(void)
{
	static const char *const codes[] = { "CK1*PAGE-1", "CK1*PAGE-2" };
	const struct ck_form_copy copy = { .number = LAB_NUMBER, .made = LAB_MADE };
	char *text = forty_clauses();
	json_t *fields = json_object();
	struct ck_form *form = NULL;
	struct ck_sheet *sheet = NULL;
	struct ck_buf pdf = { 0 };
	struct ck_err err = { 0 };

	lab_put("a.conf", text, strlen(text));
	T(ck_form_open(lab_dir, "a", &form, &err) == 0 &&
		ck_form_lay(form, fields, &copy, &sheet, &err) == 0 && ck_sheet_pages(sheet) == 2 &&
		ck_sheet_draw(sheet, codes, &pdf, &err) == 0,
	    "two pages");
	lab_put("two.pdf", pdf.p, pdf.n);
	snprintf(pdf_path, sizeof pdf_path, "%s", lab_path("two.pdf"));
	for (int i = 0; i < 2; i++) {
		struct lab_grey g = lab_raster(pdf_path, i + 1, 150);

		read_as(&g, codes[i], codes[i]);
		free(g.p);
	}
	ck_sheet_free(sheet);
	ck_form_free(form);
	ck_buf_free(&pdf);
	json_decref(fields);
	free(text);
}

int
main(void)
{
	json_t *fields = lab_renewal();
	struct ck_buf pdf = { 0 };
	struct ck_err err = { 0 };

	lab_start();
	T(lab_make(LAB_FORMS, "sheca-renewal", fields, NULL, LAB_CODE, &pdf, &err) == 1, "made");
	lab_put("form.pdf", pdf.p, pdf.n);
	snprintf(pdf_path, sizeof pdf_path, "%s", lab_path("form.pdf"));
	resolutions();
	turns();
	stamped();
	white_around();
	every_page();
	ck_buf_free(&pdf);
	json_decref(fields);
	lab_end();
	return T_END();
}
