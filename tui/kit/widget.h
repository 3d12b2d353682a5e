/* What all widgets share. A widget is a small struct the screen owns; NAME_draw puts it on a
 * canvas, NAME_key gives it an event and says what came of it. None keeps anything elsewhere. */
#ifndef CK_KIT_WIDGET_H
#define CK_KIT_WIDGET_H

#include "canvas.h"
#include "key.h"
#include "style.h"

enum ck_came {
	CK_CAME_NOTHING, /* not for this widget */
	CK_CAME_CHANGE,	 /* draw it again */
	CK_CAME_CHOICE,	 /* Enter, a digit, a press: this one it is */
	CK_CAME_REFUSED, /* for it, but not possible: too long, not a digit, not to be chosen */
};

/* Things side by side, on as many lines as they take. */
struct ck_flow {
	struct ck_rect r;
	int gap, x, line;
};
struct ck_flow ck_flow_in(struct ck_rect, int gap);
/* where the next thing of so many columns goes; false when there is no line left for it */
bool ck_flow_next(struct ck_flow *, int columns, int *x, int *y);

/* Sign and text, the lines after the first below the text; returns how many. */
int ck_put_toned(struct ck_canvas *, struct ck_rect, enum ck_tone, const char *text);

/* Rows of a longer list that are to be seen: top follows at. */
void ck_scroll(int *top, int at, int rows, int n);
/* "^ 3" and "v 12" at the right edge: how many are above and below */
#define CK_SCROLL_COLUMNS 6
void ck_scroll_marks(struct ck_canvas *, struct ck_rect, int above, int below);
/* Up, Down, Home, End, the pages: moves at among n; false = another key */
bool ck_scroll_key(const struct ck_event *, int *at, int n, int page);

#endif
