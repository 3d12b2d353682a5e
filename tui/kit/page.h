/* What every screen has around its one question: where one is, may the key be pulled, how the parts
 * of the counter are, and which keys do something. */
#ifndef CK_KIT_PAGE_H
#define CK_KIT_PAGE_H

#include "widget.h"

struct ck_said {
	enum ck_tone tone;
	const char *text;
};

struct ck_function {
	int key;	  /* CK_KEY_F(1) */
	char letter;	  /* the second way where nothing is typed, and with Alt always; 0 = none */
	const char *name; /* "F1" */
	const char *text; /* "帮助" */
	bool right;	  /* stands at the right edge */
	bool spare;	  /* left out where they would stand too close; it works all the same */
};

struct ck_page {
	const char *where; /* "证书服务终端 · 静安受理点 1 号机" */
	const char *who;   /* the clerk; NULL = nobody */
	const char *clock;
	struct ck_said lamp;	      /* "请勿拔出 Key" */
	const struct ck_said *states; /* reader, CA, printer */
	int n_states;
	struct ck_said note; /* below them: own certificates that end soon; text NULL = none */
	const struct ck_function *functions;
	int n_functions;
};

/* returns the room left for the screen's own */
struct ck_rect ck_page_draw(struct ck_canvas *, const struct ck_page *);
/* The function key an event stands for, by itself, by Alt, by its letter; 0 = none of these.
 * typing: a field is in focus, letters belong to it. */
int ck_functions_key(const struct ck_function *, int n, const struct ck_event *, bool typing);

#endif
