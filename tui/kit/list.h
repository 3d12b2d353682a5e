/* What one chooses from: a list of rows, and a line of buttons. Digits choose at once, arrows and
 * Enter as well, and so does a press. */
#ifndef CK_KIT_LIST_H
#define CK_KIT_LIST_H

#include "widget.h"

struct ck_row {
	const char *text;
	const char *why; /* it can't be chosen, because; NULL = it can */
};

struct ck_list {
	const struct ck_row *rows;
	int n;
	int at, top, page; /* the list's own; the chosen row is at */
};

/* returns the lines used */
int ck_list_draw(struct ck_canvas *, struct ck_rect, struct ck_list *);
enum ck_came ck_list_key(struct ck_list *, const struct ck_event *);

struct ck_button {
	int key;	  /* which chooses it, besides Enter */
	const char *name; /* of the key: "1", "F5" */
	const char *text;
};

struct ck_buttons {
	const struct ck_button *buttons;
	int n;
	int at; /* -1: none is in focus */
};

/* as many lines as they take; returns how many. A press on one is its key */
int ck_buttons_draw(struct ck_canvas *, struct ck_rect, const struct ck_buttons *);

#endif
