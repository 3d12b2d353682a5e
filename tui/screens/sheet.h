/* What a screen says, from top to bottom: measured first, then drawn. Where it is too much for the
 * room, what matters least is left out, then the blank lines. */
#ifndef CK_SHEET_H
#define CK_SHEET_H

#include "kit/widget.h"

/* a line of more columns is hard to read */
#define CK_SHEET_COLUMNS 92
/* columns left free on both sides of an ordinary counter's terminal */
#define CK_SHEET_MARGIN 4

enum ck_tight {
	CK_TIGHT_NOT,
	CK_TIGHT_SPARE, /* without what is only good to know */
	CK_TIGHT_CLOSE, /* without blank lines, too */
	CK_TIGHT_BARE,	/* without what is said elsewhere as well */
};

struct ck_sheet {
	struct ck_canvas *c;
	struct ck_rect r; /* its columns, and the lines left */
	enum ck_tight tight;
	bool measure; /* nothing is drawn, only counted */
	bool gap;     /* a blank line before the next thing */
	int used;     /* lines so far */
};

/* fill says the same things in the same order each time it is called */
typedef void ck_sheet_fill(void *u, struct ck_sheet *);
/* at the top of the room: what grows while one looks at it */
void ck_sheet_draw(struct ck_canvas *, struct ck_rect, ck_sheet_fill *, void *u);
/* in its upper middle */
void ck_sheet_draw_middle(struct ck_canvas *, struct ck_rect, ck_sheet_fill *, void *u);

/* Is there room for what may be left out at this degree? */
bool ck_sheet_has_room(const struct ck_sheet *, enum ck_tight);
void ck_sheet_gap(struct ck_sheet *);
/* Lines for something else; draw there unless it is only measured. */
struct ck_rect ck_sheet_lines(struct ck_sheet *, int n);
void ck_sheet_put(struct ck_sheet *, enum ck_style, const char *text);
void ck_sheet_centre(struct ck_sheet *, enum ck_style, const char *text);
void ck_sheet_toned(struct ck_sheet *, enum ck_tone, const char *text);
/* a word in the first columns, the text beside it; nothing at all for an empty text */
void ck_sheet_beside(struct ck_sheet *, int columns, const char *label, const char *text);

#endif
