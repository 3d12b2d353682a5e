/* However long a site's own words are, on a page nothing stands over anything else. */
#include "paper_page.h"

struct box {
	double left, top, right, bottom;
};

static void
widen(struct box *b, double left, double top, double right, double bottom)
{
	b->left = left < b->left ? left : b->left;
	b->top = top < b->top ? top : b->top;
	b->right = right > b->right ? right : b->right;
	b->bottom = bottom > b->bottom ? bottom : b->bottom;
}

/* where all words of a page are that have this letter */
static struct box
place(const char *page, const char *letter)
{
	struct box b = { 1e9, 1e9, -1, -1 };
	double left, top, right, bottom;
	char word[2048];

	for (const char *at = page; (at = strstr(at, "<word ")) != NULL; at++)
		if (sscanf(at,
			"<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%2047[^<]",
			&left, &top, &right, &bottom, word) == 5 &&
		    strstr(word, letter) != NULL)
			widen(&b, left, top, right, bottom);
	T(b.right > 0, "%s is on the page", letter);
	return b;
}

/* its first page with words and their places; to be freed */
static char *
page_of(const char *text, const char *fields)
{
	json_t *j = json_loads(fields, 0, NULL);
	struct ck_buf pdf = { 0 };
	struct ck_err err = { 0 };
	char command[1024];

	lab_put("a.conf", text, strlen(text));
	T(lab_make(lab_dir, "a", j, NULL, NULL, &pdf, &err) >= 1, "a page %s", err.detail);
	lab_put("a.pdf", pdf.p, pdf.n);
	snprintf(command, sizeof command, "pdftotext -l 1 -bbox '%s' -", lab_path("a.pdf"));
	ck_buf_free(&pdf);
	json_decref(j);
	return lab_says(command);
}

#define TEN(x) x x x x x x x x x x

static void
boxes(void)
{
	char *page = page_of("title = \"T\";\nsections = ( { height_mm = 15; boxes = (\n"
			     "{ label = \"" TEN("甲") TEN("甲") "\"; text = \"" TEN("乙") TEN("乙")
				 TEN("乙") "[{a}]\"; date = \"" TEN(
				     "丙") "\"; seal = true; },\n"
					   "{ label = \"戊\"; }, { label = \"己\"; } ); },\n"
					   "{ lines = ( { text = \"" TEN("丁") "\"; } ); } );\n",
	    "{\"a\":\"" TEN("乙") TEN("乙") "\"}");
	struct box label = place(page, "甲"), text = place(page, "乙"), date = place(page, "丙"),
		   next = place(page, "丁"), beside = place(page, "戊");

	T(label.bottom <= text.top, "a box's text stands below a label of two lines");
	T(text.bottom <= date.top, "the date below a text of many");
	T(date.bottom <= next.top, "and what follows below the box");
	T(text.right <= beside.left, "the next box beside it");
	free(page);
}

/* Who searches for a serial number types its letters. */
static void
letters(void)
{
	char *page = page_of("title = \"T\";\nsections = ( { cells = ( { field = \"a\"; "
			     "label = \"L\"; } ); } );\n",
	    "{\"a\":\"8da0b44cdffb18b2fiflffi\"}");

	T(strstr(page, ">8da0b44cdffb18b2fiflffi<") != NULL, "two letters are two letters: %s",
	    page);
	free(page);
}

#define DPI 100

/* the page as grey pixels, and where its words are */
static struct lab_grey
picture(const char *seal, struct box *label)
{
	char form[512], *page = NULL;

	snprintf(form, sizeof form,
	    "title = \"T\";\nsections = ( { height_mm = 46; boxes = ( { label = \"" TEN(
		"甲") "\"; %s },\n{ label = \"乙\"; }, { label = \"丙\"; } ); } );\n",
	    seal);
	page = page_of(form, "{}");
	*label = place(page, "甲");
	free(page);
	return lab_raster(lab_path("a.pdf"), 1, DPI);
}

static void
seal(void)
{
	struct box b, again;
	struct lab_grey with = picture("seal = true;", &b), without = picture("", &again);
	size_t other = 0, elsewhere = 0;

	for (int y = 0; y < with.h; y++)
		for (int x = 0; x < with.w; x++) {
			size_t i = (size_t)(y * with.w + x);
			double left = x * 72.0 / DPI, top = y * 72.0 / DPI;
			bool in =
			    left >= b.left && left <= b.right && top >= b.top && top <= b.bottom;

			other += in && with.p[i] != without.p[i];
			elsewhere += !in && with.p[i] != without.p[i];
		}
	T(elsewhere > 100 && other == 0, "where a seal goes is below what it is for (%zu)", other);
	free(with.p);
	free(without.p);
}

static void
foot(void)
{
	char *page = page_of(
	    "title = \"T\";\nfooter = \"" TEN("甲") TEN("甲") TEN("甲")
		TEN("甲") "甲甲甲甲甲\";\npage = \"" TEN(
		    "乙") "{site}{page}/{pages}\";\n"
			  "sections = ( { lines = ( { text = \"" TEN("丁") "\"; } ); } );\n",
	    "{\"site\":\"" TEN("丙") "\"}");
	struct box left = place(page, "甲"), right = place(page, "乙");

	T(left.right <= right.left, "contacts stand beside the page's number");
	T(strstr(page, TEN("丙") "1/1") != NULL, "which may have a field in it");
	free(page);
	page = page_of("title = \"T\";\npage = \"" TEN(
			   "乙") "{site}{page}\";\n"
				 "sections = ( { lines = ( { text = \"丁\"; } ); } );\n",
	    "{\"site\":\"" TEN(TEN("丙")) "\"}");
	right = place(page, "丙");
	T(right.left > 0 && right.right < 595 && right.bottom < 842 - 4.2 / 25.4 * 72,
	    "and be long");
	free(page);
}

static void
labels(void)
{
	char *page = page_of("title = \"T\";\nsections = ( { columns = 1; cells = (\n"
			     "{ label = \"{a}\"; field = \"b\"; } ); } );\n",
	    "{\"a\":\"" TEN(TEN("甲")) TEN("甲") TEN("甲") TEN("甲")
		TEN("甲") "乙\",\"b\":\"丙\"}");

	T(strstr(page, "乙") != NULL, "a label with a long field in it is there to its end");
	T(place(page, "甲").right <= place(page, "丙").left, "beside what it says");
	free(page);
}

int
main(void)
{
	lab_start();
	boxes();
	letters();
	seal();
	foot();
	labels();
	lab_end();
	return T_END();
}
