#include "canvas.h"

#include <string.h>
#include <openssl/crypto.h>

#include "base/utf8.h"
#include "grid.h"
#include "text.h"

static void
combine(struct ck_cell *at, wchar_t mark)
{
	size_t n = wcslen(at->ch);

	if (n > 0 && n < CK_CELL_CHARS)
		at->ch[n] = mark;
}

/* ---- one line of text ---- */

struct pen {
	struct ck_canvas *c;
	int x, y, end;
	enum ck_style style;
	struct ck_cell *last; /* what a combining mark joins */
};

/* false: no room */
static bool
ink(struct pen *p, uint32_t cp)
{
	int columns = ck_columns_of(cp);

	if (columns == 0) {
		if (p->last != NULL)
			combine(p->last, (wchar_t)cp);
		return true;
	}
	if (p->x + columns > p->end)
		return false;
	p->last = ck_grid_take(p->c, p->x, p->y, p->style);
	p->last->ch[0] = (wchar_t)cp;
	p->last->wide = (uint8_t)columns;
	if (columns == 2)
		ck_grid_take(p->c, p->x + 1, p->y, p->style)->wide = 0;
	p->x += columns;
	return true;
}

/* n bytes of text as they are shown; what has no room is left out */
static void
write_text(struct pen *p, const char *text, size_t n)
{
	char glyph[CK_GLYPH_MAX];
	size_t len;

	for (size_t at = 0; at < n; at += len) {
		uint32_t cp = 0;
		int got = ck_utf8_next(text + at, n - at, &cp);

		len = got > 0 ? (size_t)got : 1;
		ck_glyph(glyph, text + at, len);
		for (const char *g = glyph; (got = ck_utf8_next(g, strlen(g), &cp)) > 0; g += got)
			if (!ink(p, cp)) {
				OPENSSL_cleanse(glyph, sizeof glyph);
				return;
			}
	}
	OPENSSL_cleanse(glyph, sizeof glyph);
}

/* where text that is too long ends so that its mark has room behind it */
static const char *
cut_mark(int width)
{
	return width >= 8 ? "..." : width >= 2 ? "~" : "";
}

static int
put_bytes(struct ck_canvas *c, int x, int y, int width, enum ck_style style, const char *text,
    size_t n, bool whole)
{
	struct pen p = { .c = c, .x = x, .y = y, .style = style };
	const char *mark = whole ? "" : cut_mark(width);

	if (y < 0 || y >= c->rows || x < 0 || x >= c->cols || width <= 0)
		return 0;
	p.end = (width < c->cols - x ? x + width : c->cols) - (int)strlen(mark);
	write_text(&p, text, n);
	if (whole)
		return p.x - x;
	ck_grid_flaw(c, &c->cut, x, y);
	p.end += (int)strlen(mark);
	p.last = NULL;
	write_text(&p, mark, strlen(mark));
	return p.x - x;
}

static int
room(const struct ck_canvas *c, int x, int width)
{
	return width < c->cols - x ? width : c->cols - x;
}

int
ck_put(struct ck_canvas *c, int x, int y, int width, enum ck_style style, const char *text)
{
	bool whole = ck_shown_columns(text) <= room(c, x, width);

	if (y < 0 || y >= c->rows || (!whole && room(c, x, width) <= 0)) {
		if (*text != '\0')
			ck_grid_flaw(c, &c->cut, x, y);
		return 0;
	}
	return put_bytes(c, x, y, room(c, x, width), style, text, strlen(text), whole);
}

int
ck_put_right(struct ck_canvas *c, int x, int y, int width, enum ck_style style, const char *text)
{
	int n = ck_shown_columns(text);

	return n < width ? ck_put(c, x + width - n, y, n, style, text)
			 : ck_put(c, x, y, width, style, text);
}

int
ck_put_centre(struct ck_canvas *c, int x, int y, int width, enum ck_style style, const char *text)
{
	int n = ck_shown_columns(text);

	return n < width ? ck_put(c, x + (width - n) / 2, y, n, style, text)
			 : ck_put(c, x, y, width, style, text);
}

/* ---- lines of text ---- */

/* the next line of text; skip is where the one behind it begins */
static size_t
next_line(const char *text, int width, size_t *skip)
{
	size_t paragraph = strcspn(text, "\n");
	size_t n = ck_line_end(text, paragraph, width, ck_glyph_columns), shown = n;

	*skip = n;
	if (n == paragraph && text[n] == '\n')
		*skip = n + 1;
	else
		*skip += strspn(text + n, " ");
	while (shown > 0 && text[shown - 1] == ' ')
		shown--;
	return shown;
}

int
ck_wrapped_lines(const char *text, int width)
{
	size_t skip = 0;
	int n = 0;

	for (; *text != '\0' && width > 0; text += skip, n++)
		next_line(text, width, &skip);
	return n;
}

int
ck_put_wrapped(struct ck_canvas *c, struct ck_rect r, enum ck_style style, const char *text)
{
	size_t skip = 0;
	int n = 0;

	r.w = room(c, r.x, r.w);
	for (; *text != '\0' && r.w > 0; text += skip, n++) {
		size_t shown = next_line(text, r.w, &skip);
		bool last = n + 1 >= r.h && text[skip] != '\0';

		if (n >= r.h) {
			ck_grid_flaw(c, &c->cut, r.x, r.y);
			break;
		}
		if (last) /* as much as the last line holds, and the mark */
			put_bytes(c, r.x, r.y + n, r.w, style, text, strcspn(text, "\n"), false);
		else
			put_bytes(c, r.x, r.y + n, r.w, style, text, shown, true);
		if (last)
			return n + 1;
	}
	return n;
}
