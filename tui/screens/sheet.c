#include "sheet.h"

#include "kit/text.h"

static struct ck_sheet
sheet_in(struct ck_canvas *c, struct ck_rect r, enum ck_tight tight, bool measure)
{
	r.x += CK_SHEET_MARGIN;
	r.w -= 2 * CK_SHEET_MARGIN;
	if (r.w > CK_SHEET_COLUMNS)
		r = (struct ck_rect){ r.x + (r.w - CK_SHEET_COLUMNS) / 2, r.y, CK_SHEET_COLUMNS,
			r.h };
	return (struct ck_sheet){ .c = c, .r = r, .tight = tight, .measure = measure };
}

/* as loose as the room allows; returns the lines it takes */
static int
fit(struct ck_canvas *c, struct ck_rect r, ck_sheet_fill *fill, void *u, enum ck_tight *tight)
{
	struct ck_sheet s;

	for (*tight = CK_TIGHT_NOT;; (*tight)++) {
		s = sheet_in(c, r, *tight, true);
		fill(u, &s);
		if (s.used <= r.h || *tight == CK_TIGHT_BARE)
			return s.used;
	}
}

void
ck_sheet_draw(struct ck_canvas *c, struct ck_rect r, ck_sheet_fill *fill, void *u)
{
	enum ck_tight tight;
	struct ck_sheet s;

	fit(c, r, fill, u, &tight);
	s = sheet_in(c, r, tight, false);
	fill(u, &s);
}

void
ck_sheet_draw_middle(struct ck_canvas *c, struct ck_rect r, ck_sheet_fill *fill, void *u)
{
	enum ck_tight tight;
	int spare = r.h - fit(c, r, fill, u, &tight);
	struct ck_sheet s;

	if (spare > 0) {
		r.y += spare / 3;
		r.h -= spare / 3;
	}
	s = sheet_in(c, r, tight, false);
	fill(u, &s);
}

bool
ck_sheet_has_room(const struct ck_sheet *s, enum ck_tight tight)
{
	return s->tight < tight;
}

void
ck_sheet_gap(struct ck_sheet *s)
{
	s->gap = s->used > 0 && s->tight < CK_TIGHT_CLOSE;
}

struct ck_rect
ck_sheet_lines(struct ck_sheet *s, int n)
{
	int at = s->used + s->gap;
	struct ck_rect lines = { s->r.x, s->r.y + at, s->r.w, n };

	if (n <= 0)
		return lines;
	/* what is beyond the room counts as cut, by whoever draws it */
	if (!s->measure && at + n > s->r.h)
		lines.h = s->r.h > at ? s->r.h - at : 0;
	s->gap = false;
	s->used = at + n;
	return lines;
}

static void
put(struct ck_sheet *s, struct ck_rect r, enum ck_style style, const char *text)
{
	if (!s->measure)
		ck_put_wrapped(s->c, r, style, text);
}

void
ck_sheet_put(struct ck_sheet *s, enum ck_style style, const char *text)
{
	put(s, ck_sheet_lines(s, ck_wrapped_lines(text, s->r.w)), style, text);
}

/* Two lines are made about as long as each other: a word by itself looks lost. More are a text,
 * which is read from its left edge. */
static int
evened(const char *text, int width, int lines)
{
	while (lines == 2 && ck_wrapped_lines(text, width - 1) == lines)
		width--;
	return width;
}

void
ck_sheet_centre(struct ck_sheet *s, enum ck_style style, const char *text)
{
	int n = ck_wrapped_lines(text, s->r.w);
	struct ck_rect r = ck_sheet_lines(s, n);

	if (s->measure)
		return;
	if (n == 1)
		ck_put_centre(s->c, r.x, r.y, r.w, style, text);
	else
		put(s, ck_middle(r, evened(text, r.w, n), r.h), style, text);
}

void
ck_sheet_toned(struct ck_sheet *s, enum ck_tone tone, const char *text)
{
	struct ck_rect r;

	if (*text == '\0')
		return;
	r = ck_sheet_lines(s, ck_wrapped_lines(text, s->r.w - 2));
	if (!s->measure)
		ck_put_toned(s->c, r, tone, text);
}

void
ck_sheet_beside(struct ck_sheet *s, int columns, const char *label, const char *text)
{
	int n = ck_wrapped_lines(text, s->r.w - columns);
	struct ck_rect r;

	if (n == 0)
		return;
	r = ck_sheet_lines(s, n);
	if (s->measure)
		return;
	ck_put(s->c, r.x, r.y, columns, CK_S_DIM, label);
	ck_put_wrapped(
	    s->c, (struct ck_rect){ r.x + columns, r.y, r.w - columns, r.h }, CK_S_PLAIN, text);
}
