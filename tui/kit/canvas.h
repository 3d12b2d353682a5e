/*
 * What is to be seen, as a grid of cells, without a terminal: text by display width, lines that
 * join where they meet, and what a press on a cell means. All text is taken for text from outside.
 *
 * A wide character is never cut in half. Text that does not fit its room ends in "..." (or "~"
 * where even that is too much), and counts as a flaw; so does a second thing put on a cell. What
 * shall lie over something lifts it off first (ck_canvas_lift).
 */
#ifndef CK_KIT_CANVAS_H
#define CK_KIT_CANVAS_H

#include <stdbool.h>
#include <stdint.h>
#include <wchar.h>

#include "style.h"

/* what an ordinary counter's terminal has, and what every screen fits */
#define CK_LEAST_COLS 80
#define CK_LEAST_ROWS 24
/* more than any screen has cells for: what is beyond stays empty */
#define CK_MOST_COLS 512
#define CK_MOST_ROWS 256

struct ck_rect {
	int x, y, w, h;
};

/* a base character and what combines with it; more marks than that are no writing */
#define CK_CELL_CHARS 3

enum ck_line { CK_UP = 1, CK_DOWN = 2, CK_TO_LEFT = 4, CK_TO_RIGHT = 8 };

struct ck_cell {
	wchar_t ch[CK_CELL_CHARS + 1]; /* empty: a blank, a line, or the right half of a wide one */
	int32_t key;		       /* what a press means; 0 = nothing */
	uint8_t style;
	uint8_t wide;  /* its columns; 0: the right half of a wide character */
	uint8_t line;  /* enum ck_line */
	uint8_t taken; /* something was put here */
};

struct ck_canvas;

/* NULL: no memory */
struct ck_canvas *ck_canvas_new(int cols, int rows);
void ck_canvas_free(struct ck_canvas *); /* wiped */
/* empties it; -1: no memory, and it stays what it was */
int ck_canvas_resize(struct ck_canvas *, int cols, int rows);
void ck_canvas_clear(struct ck_canvas *);
struct ck_rect ck_canvas_all(const struct ck_canvas *);
const struct ck_cell *ck_canvas_at(const struct ck_canvas *, int x, int y); /* NULL: outside */

/* One line of text in the width columns from x on; returns the columns taken. */
int ck_put(struct ck_canvas *, int x, int y, int width, enum ck_style, const char *text);
int ck_put_right(struct ck_canvas *, int x, int y, int width, enum ck_style, const char *text);
int ck_put_centre(struct ck_canvas *, int x, int y, int width, enum ck_style, const char *text);
/* Text in as many lines as it takes, line ends kept; returns how many. */
int ck_put_wrapped(struct ck_canvas *, struct ck_rect, enum ck_style, const char *text);
int ck_wrapped_lines(const char *text, int width);

void ck_paint(struct ck_canvas *, struct ck_rect, enum ck_style); /* ground only, takes no cell */
void ck_box(struct ck_canvas *, struct ck_rect);
void ck_rule(struct ck_canvas *, int x, int y, int w); /* joins what it ends at */
/* Take off what is there, wide characters cut at the edges whole. */
void ck_canvas_lift(struct ck_canvas *, struct ck_rect);

/* A press in the rectangle stands for this key (key.h). */
void ck_canvas_key(struct ck_canvas *, struct ck_rect, int key);
int ck_canvas_key_at(const struct ck_canvas *, int x, int y); /* 0: nothing */

/* where the cursor stands; x = -1: nowhere, as after clear */
void ck_canvas_cursor(struct ck_canvas *, int x, int y);
void ck_canvas_cursor_at(const struct ck_canvas *, int *x, int *y);

/* Makes row y like that of another; false: it was, as far as both go. */
bool ck_canvas_follow(struct ck_canvas *, const struct ck_canvas *other, int y);

char ck_line_sign(unsigned line); /* in ASCII: + - | */
struct ck_rect ck_middle(struct ck_rect in, int w, int h);

/* ---- for tests ---- */
struct ck_flaws {
	int overlaps, cut;	 /* since it was cleared */
	int halves, loose_lines; /* as it is now */
	int x, y;		 /* of the first cell with a flaw; -1 */
};
void ck_canvas_flaws(const struct ck_canvas *, struct ck_flaws *);
/* plain lines, no blanks at their ends, lines drawn as + - |; the caller frees it, NULL = no memory
 */
char *ck_canvas_text(const struct ck_canvas *);
#endif
