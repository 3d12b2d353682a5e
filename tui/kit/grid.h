/* The inside of a canvas, for the files that make it up. */
#ifndef CK_KIT_GRID_H
#define CK_KIT_GRID_H

#include "canvas.h"

struct ck_canvas {
	struct ck_cell *cells;
	int cols, rows;
	int cursor_x, cursor_y;
	int overlaps, cut;
	int flaw_x, flaw_y; /* of the first */
};

struct ck_cell *ck_grid_cell(const struct ck_canvas *, int x, int y); /* NULL: outside */
/* Room for something in one cell: a wide character that stood half in it goes. */
struct ck_cell *ck_grid_take(struct ck_canvas *, int x, int y, enum ck_style);
void ck_grid_flaw(struct ck_canvas *, int *count, int x, int y);

#endif
