#include "canvas.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

#include "grid.h"

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

struct ck_cell *
ck_grid_cell(const struct ck_canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->cols || y >= c->rows)
		return NULL;
	return &c->cells[y * c->cols + x];
}

const struct ck_cell *
ck_canvas_at(const struct ck_canvas *c, int x, int y)
{
	return ck_grid_cell(c, x, y);
}

void
ck_grid_flaw(struct ck_canvas *c, int *count, int x, int y)
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
	struct ck_cell *at = ck_grid_cell(c, x, y);

	if (at->wide == 0)
		blank(at - 1);
	else if (at->wide == 2)
		blank(at + 1);
	blank(at);
}

struct ck_cell *
ck_grid_take(struct ck_canvas *c, int x, int y, enum ck_style style)
{
	struct ck_cell *at = ck_grid_cell(c, x, y);

	if (at->taken)
		ck_grid_flaw(c, &c->overlaps, x, y);
	vacate(c, x, y);
	at->taken = 1;
	at->style = (uint8_t)style;
	return at;
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
			ck_grid_cell(c, x, y)->style = (uint8_t)style;
}

void
ck_canvas_lift(struct ck_canvas *c, struct ck_rect r)
{
	r = inside(c, r);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			vacate(c, x, y);
			ck_grid_cell(c, x, y)->style = CK_S_PLAIN;
			ck_grid_cell(c, x, y)->key = 0;
		}
}

static void
draw_line(struct ck_canvas *c, int x, int y, unsigned line)
{
	struct ck_cell *at = ck_grid_cell(c, x, y);

	if (at == NULL) {
		ck_grid_flaw(c, &c->cut, x, y);
		return;
	}
	if (at->line == 0) /* lines join lines; all else is in their way */
		at = ck_grid_take(c, x, y, CK_S_BORDER);
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
			ck_grid_cell(c, x, y)->key = key;
}

int
ck_canvas_key_at(const struct ck_canvas *c, int x, int y)
{
	const struct ck_cell *at = ck_grid_cell(c, x, y);

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
	struct ck_cell *mine = ck_grid_cell(c, 0, y);
	const struct ck_cell *theirs = ck_grid_cell(other, 0, y);

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

char
ck_line_sign(unsigned line)
{
	if ((line & (CK_UP | CK_DOWN)) == 0)
		return '-';
	return (line & (CK_TO_LEFT | CK_TO_RIGHT)) == 0 ? '|' : '+';
}
