#include "canvas.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

#include "base/utf8.h"
#include "text.h"

struct ck_canvas {
	struct ck_cell *cells;
	int cols, rows;
	int cursor_x, cursor_y;
	int overlaps, cut;
	int flaw_x, flaw_y;
};

static size_t
bytes_of(int cols, int rows)
{
	return (size_t)cols * (size_t)rows * sizeof(struct ck_cell);
}

static int
within(int n, int most)
{
	return n < 1 ? 1 : n > most ? most : n;
}

struct ck_canvas *
ck_canvas_new(int cols, int rows)
{
	struct ck_canvas *c = calloc(1, sizeof *c);

	if (c == NULL || ck_canvas_resize(c, cols, rows) == 0)
		return c;
	free(c);
	return NULL;
}

static void
free_cells(struct ck_canvas *c)
{
	if (c->cells != NULL)
		OPENSSL_cleanse(c->cells, bytes_of(c->cols, c->rows));
	free(c->cells);
}

void
ck_canvas_free(struct ck_canvas *c)
{
	if (c == NULL)
		return;
	free_cells(c);
	free(c);
}

int
ck_canvas_resize(struct ck_canvas *c, int cols, int rows)
{
	struct ck_cell *cells;

	cols = within(cols, CK_MOST_COLS);
	rows = within(rows, CK_MOST_ROWS);
	if ((cells = malloc(bytes_of(cols, rows))) == NULL)
		return -1;
	free_cells(c);
	c->cells = cells;
	c->cols = cols;
	c->rows = rows;
	ck_canvas_clear(c);
	return 0;
}

void
ck_canvas_clear(struct ck_canvas *c)
{
	memset(c->cells, 0, bytes_of(c->cols, c->rows));
	for (int i = 0; i < c->cols * c->rows; i++)
		c->cells[i].wide = 1;
	c->cursor_x = c->cursor_y = c->flaw_x = c->flaw_y = -1;
	c->overlaps = c->cut = 0;
}

struct ck_rect
ck_canvas_all(const struct ck_canvas *c)
{
	return (struct ck_rect){ 0, 0, c->cols, c->rows };
}

static struct ck_cell *
cell(const struct ck_canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->cols || y >= c->rows)
		return NULL;
	return &c->cells[y * c->cols + x];
}

const struct ck_cell *
ck_canvas_at(const struct ck_canvas *c, int x, int y)
{
	return cell(c, x, y);
}

static void
note_flaw(struct ck_canvas *c, int *count, int x, int y)
{
	(*count)++;
	if (c->flaw_x == -1) {
		c->flaw_x = x;
		c->flaw_y = y;
	}
}

/* ---- single cells ---- */

static void
blank(struct ck_cell *cell)
{
	memset(cell->ch, 0, sizeof cell->ch);
	cell->wide = 1;
	cell->line = 0;
	cell->taken = 0;
}

/* Make room in one cell: the other half of a wide character that stood here goes as well. */
static void
vacate(struct ck_canvas *c, int x, int y)
{
	struct ck_cell *at = cell(c, x, y);

	if (at->wide == 0)
		blank(at - 1);
	else if (at->wide == 2)
		blank(at + 1);
	blank(at);
}

static struct ck_cell *
take(struct ck_canvas *c, int x, int y, enum ck_style style)
{
	struct ck_cell *at = cell(c, x, y);

	if (at->taken)
		note_flaw(c, &c->overlaps, x, y);
	vacate(c, x, y);
	at->taken = 1;
	at->style = (uint8_t)style;
	return at;
}

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
	p->last = take(p->c, p->x, p->y, p->style);
	p->last->ch[0] = (wchar_t)cp;
	p->last->wide = (uint8_t)columns;
	if (columns == 2)
		take(p->c, p->x + 1, p->y, p->style)->wide = 0;
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
	note_flaw(c, &c->cut, x, y);
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
			note_flaw(c, &c->cut, x, y);
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
			note_flaw(c, &c->cut, r.x, r.y);
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

/* ---- grounds and lines ---- */

static struct ck_rect
inside(const struct ck_canvas *c, struct ck_rect r)
{
	int right = r.x + r.w < c->cols ? r.x + r.w : c->cols;
	int below = r.y + r.h < c->rows ? r.y + r.h : c->rows;

	r.x = r.x > 0 ? r.x : 0;
	r.y = r.y > 0 ? r.y : 0;
	r.w = right - r.x;
	r.h = below - r.y;
	return r;
}

void
ck_paint(struct ck_canvas *c, struct ck_rect r, enum ck_style style)
{
	r = inside(c, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			cell(c, x, y)->style = (uint8_t)style;
}

void
ck_canvas_lift(struct ck_canvas *c, struct ck_rect r)
{
	r = inside(c, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			vacate(c, x, y);
			cell(c, x, y)->style = CK_S_PLAIN;
			cell(c, x, y)->key = 0;
		}
}

static void
draw_line(struct ck_canvas *c, int x, int y, unsigned line)
{
	struct ck_cell *at = cell(c, x, y);

	if (at == NULL) {
		note_flaw(c, &c->cut, x, y);
		return;
	}
	if (at->line == 0) /* lines join lines; all else is in their way */
		at = take(c, x, y, CK_S_BORDER);
	at->line = (uint8_t)(at->line | line);
}

void
ck_box(struct ck_canvas *c, struct ck_rect r)
{
	int right = r.x + r.w - 1, below = r.y + r.h - 1;

	if (r.w < 2 || r.h < 2)
		return;
	for (int x = r.x + 1; x < right; x++) {
		draw_line(c, x, r.y, CK_TO_LEFT | CK_TO_RIGHT);
		draw_line(c, x, below, CK_TO_LEFT | CK_TO_RIGHT);
	}
	for (int y = r.y + 1; y < below; y++) {
		draw_line(c, r.x, y, CK_UP | CK_DOWN);
		draw_line(c, right, y, CK_UP | CK_DOWN);
	}
	draw_line(c, r.x, r.y, CK_DOWN | CK_TO_RIGHT);
	draw_line(c, right, r.y, CK_DOWN | CK_TO_LEFT);
	draw_line(c, r.x, below, CK_UP | CK_TO_RIGHT);
	draw_line(c, right, below, CK_UP | CK_TO_LEFT);
}

void
ck_rule(struct ck_canvas *c, int x, int y, int w)
{
	if (w < 2)
		return;
	draw_line(c, x, y, CK_TO_RIGHT);
	for (int i = 1; i < w - 1; i++)
		draw_line(c, x + i, y, CK_TO_LEFT | CK_TO_RIGHT);
	draw_line(c, x + w - 1, y, CK_TO_LEFT);
}

/* ---- presses and the cursor ---- */

void
ck_canvas_key(struct ck_canvas *c, struct ck_rect r, int key)
{
	r = inside(c, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			cell(c, x, y)->key = key;
}

int
ck_canvas_key_at(const struct ck_canvas *c, int x, int y)
{
	const struct ck_cell *at = cell(c, x, y);

	return at != NULL ? at->key : 0;
}

void
ck_canvas_cursor(struct ck_canvas *c, int x, int y)
{
	c->cursor_x = x;
	c->cursor_y = y;
}

void
ck_canvas_cursor_at(const struct ck_canvas *c, int *x, int *y)
{
	*x = c->cursor_x;
	*y = c->cursor_y;
}

bool
ck_canvas_follow(struct ck_canvas *c, const struct ck_canvas *other, int y)
{
	size_t n = sizeof(struct ck_cell) * (size_t)(c->cols < other->cols ? c->cols : other->cols);
	struct ck_cell *mine = cell(c, 0, y);
	const struct ck_cell *theirs = cell(other, 0, y);

	if (mine == NULL || theirs == NULL || memcmp(mine, theirs, n) == 0)
		return false;
	memcpy(mine, theirs, n);
	return true;
}

struct ck_rect
ck_middle(struct ck_rect in, int w, int h)
{
	if (w > in.w)
		w = in.w;
	if (h > in.h)
		h = in.h;
	return (struct ck_rect){ in.x + (in.w - w) / 2, in.y + (in.h - h) / 2, w, h };
}

/* ---- for tests ---- */

static bool
half_alone(const struct ck_canvas *c, int x, int y)
{
	const struct ck_cell *at = cell(c, x, y), *left = cell(c, x - 1, y),
			     *right = cell(c, x + 1, y);

	if (at->wide == 2)
		return right == NULL || right->wide != 0;
	return at->wide == 0 && (left == NULL || left->wide != 2);
}

static bool
line_loose(const struct ck_canvas *c, int x, int y)
{
	static const struct {
		unsigned out, back;
		int dx, dy;
	} ways[] = {
		{ CK_UP, CK_DOWN, 0, -1 },
		{ CK_DOWN, CK_UP, 0, 1 },
		{ CK_TO_LEFT, CK_TO_RIGHT, -1, 0 },
		{ CK_TO_RIGHT, CK_TO_LEFT, 1, 0 },
	};
	const struct ck_cell *at = cell(c, x, y), *next;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		next = cell(c, x + ways[i].dx, y + ways[i].dy);
		if ((at->line & ways[i].out) != 0 &&
		    (next == NULL || (next->line & ways[i].back) == 0))
			return true;
	}
	return false;
}

void
ck_canvas_flaws(const struct ck_canvas *c, struct ck_flaws *f)
{
	*f = (struct ck_flaws){
		.overlaps = c->overlaps, .cut = c->cut, .x = c->flaw_x, .y = c->flaw_y
	};
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++) {
			bool half = half_alone(c, x, y), loose = line_loose(c, x, y);

			f->halves += half;
			f->loose_lines += loose;
			if ((half || loose) && f->x == -1) {
				f->x = x;
				f->y = y;
			}
		}
}

char
ck_line_sign(unsigned line)
{
	if ((line & (CK_UP | CK_DOWN)) == 0)
		return '-';
	return (line & (CK_TO_LEFT | CK_TO_RIGHT)) == 0 ? '|' : '+';
}

static void
print_row(const struct ck_canvas *c, int y, FILE *f)
{
	int end = c->cols;
	const struct ck_cell *row = cell(c, 0, y);

	while (end > 0 && row[end - 1].wide == 1 && row[end - 1].line == 0 &&
	       (row[end - 1].ch[0] == 0 || row[end - 1].ch[0] == ' '))
		end--;
	for (int x = 0; x < end; x++)
		if (row[x].line != 0)
			fputc(ck_line_sign(row[x].line), f);
		else if (row[x].ch[0] != 0)
			fprintf(f, "%ls", row[x].ch);
		else if (row[x].wide != 0)
			fputc(' ', f);
	fputc('\n', f);
}

char *
ck_canvas_text(const struct ck_canvas *c)
{
	char *out = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&out, &size);

	if (f == NULL)
		return NULL;
	for (int y = 0; y < c->rows; y++)
		print_row(c, y, f);
	if (fclose(f) == 0)
		return out;
	free(out);
	return NULL;
}
