/* Certificates as cards, one above the other, borders joined: who, what kind, from when to when as
 * a bar, and in words whether it can be renewed and when, or why not. */
#ifndef CK_KIT_CARD_H
#define CK_KIT_CARD_H

#include "widget.h"

#define CK_CARD_FACTS 6
/* as many systems as one certificate can be renewed in */
#define CK_CARD_NOTES 8

struct ck_note {
	enum ck_tone tone;
	const char *text;
};

struct ck_card {
	const char *name, *kind;
	const char
	    *facts[CK_CARD_FACTS]; /* number, issuer, algorithm …; the first NULL ends them */
	const char *valid;	   /* "2025-12-05 至 2026-12-04"; NULL = none */
	int passed;		   /* of the validity, in thousandths; -1 = no bar */
	enum ck_tone tone;
	const char *state;  /* "即将到期，还有 14 天" */
	const char *window; /* "可以更新：2026-11-04 至 2027-01-04"; NULL = none */
	const char *why;    /* it can't be renewed, because; NULL = it can */
	struct ck_note notes[CK_CARD_NOTES]; /* below all else; the first without text ends them */
};

struct ck_cards {
	const struct ck_card *cards;
	int n;
	int at, top, page; /* the widget's own */
};

/* lines of one in so many columns, its borders not counted */
int ck_card_lines(const struct ck_card *, int w);
/* returns the lines used */
int ck_cards_draw(struct ck_canvas *, struct ck_rect, struct ck_cards *);
/* Arrows move, a press moves and chooses. Digits are free for what can be done with a card. */
enum ck_came ck_cards_key(struct ck_cards *, const struct ck_event *);

/* "[####....]" in width columns; passed in thousandths */
void ck_bar(struct ck_canvas *, int x, int y, int width, int passed);

#endif
