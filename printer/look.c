/* What is to be seen on a sheet without reading it. */
#include <stdlib.h>
#include <string.h>

#include "picture.h"

/* a scanner's lid and the edge of the sheet throw shadows: so much of each side is not looked at */
#define EDGE(side) ((side) / 25)
/* Darker than the paper by this is ink, of a pale stamp, too; what shines through from behind is
 * lighter. */
#define INK 48
/* One pixel of so many is dust and creases. A line of small print on A4 is one in five hundred. */
#define DUST 3000
/* what a printer makes black; ink of a red seal on white paper is lighter, seen without colours */
#define TONER 72

int
ck_picture_grey(const struct ck_picture *p, bool red, struct ck_picture *grey, struct ck_err *err)
{
	size_t n = (size_t)p->width * (size_t)p->height;

	*grey = (struct ck_picture){
		.width = p->width, .height = p->height, .colours = 1, .p = malloc(n)
	};
	if (grey->p == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "picture");
	if (p->colours == 1) {
		memcpy(grey->p, p->p, n);
		return 0;
	}
	/* ITU-R BT.601, in 256ths */
	for (size_t i = 0; i < n; i++) {
		const unsigned char *c = p->p + 3 * i;

		grey->p[i] =
		    red ? c[0] : (unsigned char)((77 * c[0] + 150 * c[1] + 29 * c[2]) >> 8);
	}
	return 0;
}

void
ck_picture_toner(struct ck_picture *g)
{
	size_t n = (size_t)g->width * (size_t)g->height;

	for (size_t i = 0; i < n; i++)
		g->p[i] = g->p[i] < TONER ? 0 : 255;
}

/* Most of a sheet is paper: its colour is the one in the middle. */
static int
paper_of(const size_t seen[256], size_t all)
{
	size_t below = 0;
	int grey = 0;

	while (grey < 255 && (below += seen[grey]) <= all / 2)
		grey++;
	return grey;
}

bool
ck_picture_blank(const struct ck_picture *g)
{
	size_t seen[256] = { 0 }, all = 0, ink = 0;
	int paper;

	for (int y = EDGE(g->height); y < g->height - EDGE(g->height); y++)
		for (int x = EDGE(g->width); x < g->width - EDGE(g->width); x++, all++)
			seen[g->p[(size_t)y * (size_t)g->width + (size_t)x]]++;
	paper = paper_of(seen, all);
	for (int grey = 0; grey < paper - INK; grey++)
		ink += seen[grey];
	return ink <= all / DUST;
}

int
ck_picture_turn(struct ck_picture *p, int degrees, struct ck_err *err)
{
	int w = p->width, h = p->height;
	bool lies = degrees != 180;
	struct ck_picture to = { lies ? h : w, lies ? w : h, p->colours, NULL };
	size_t c = (size_t)p->colours, row = (size_t)to.width;

	if (degrees == 0)
		return 0;
	if ((to.p = malloc((size_t)w * (size_t)h * c)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "picture");
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			int tx = degrees == 90 ? h - 1 - y : degrees == 180 ? w - 1 - x : y;
			int ty = degrees == 90 ? x : degrees == 180 ? h - 1 - y : w - 1 - x;

			memcpy(to.p + ((size_t)ty * row + (size_t)tx) * c,
			    p->p + ((size_t)y * (size_t)w + (size_t)x) * c, c);
		}
	ck_picture_free(p);
	*p = to;
	return 0;
}
