/* What tests look at: is every cell right, and what does it read like. */
#include "canvas.h"

#include <stdio.h>
#include <stdlib.h>

#include "grid.h"

static bool
half_alone(const struct ck_canvas *c, int x, int y)
{
	const struct ck_cell *at = ck_grid_cell(c, x, y), *left = ck_grid_cell(c, x - 1, y),
			     *right = ck_grid_cell(c, x + 1, y);

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
	const struct ck_cell *at = ck_grid_cell(c, x, y), *next;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		next = ck_grid_cell(c, x + ways[i].dx, y + ways[i].dy);
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

static void
print_row(const struct ck_canvas *c, int y, FILE *f)
{
	int end = c->cols;
	const struct ck_cell *row = ck_grid_cell(c, 0, y);

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
