/* The inside of the last screen, for the files that make it up. */
#ifndef CK_ENDING_INSIDE_H
#define CK_ENDING_INSIDE_H

#include "certkiosk/ask.h"
#include "ending.h"
#include "kit/qr.h"
#include "pick.h"

#define CK_ENDING_ROWS 3

enum ck_ending_kind {
	CK_ENDING_DONE,
	CK_ENDING_KEPT,	      /* not finished, and can be gone on with: the slip */
	CK_ENDING_GIVEN_BACK, /* abandoned, as somebody wanted */
	CK_ENDING_LEFT,	      /* the person stopped before anything was begun */
	CK_ENDING_PAPER,      /* a form was to be printed, and may have been */
	CK_ENDING_FAILED,     /* refused, or broken off: an error says why */
};

struct ck_ending {
	char verb[16];
	const json_t *end;
	const struct ck_course *course; /* NULL: none */
	enum ck_outcome outcome;
	enum ck_ending_kind kind;
	struct ck_qr *qr; /* NULL: nothing to be found again by */
	bool qr_alone;	  /* F4 */
	struct ck_list list;
	struct ck_row rows[CK_ENDING_ROWS];
	enum ck_after afters[CK_ENDING_ROWS], after;
};

bool ck_ending_application(const struct ck_ending *); /* for another service */
bool ck_ending_visit(const struct ck_ending *);	      /* a renewal, or one given back */
const char *ck_ending_fact(const struct ck_ending *, const char *name); /* "" = none */
/* the last {"did":…,"say":SAY}; NULL: it was not said */
const json_t *ck_ending_did(const struct ck_ending *, const char *say);
/* of the form it ended with (certkiosk forms); "": there is none */
const char *ck_ending_form(const struct ck_ending *);
struct ck_list *ck_ending_list(struct ck_ending *, const struct ck_ctx *);
void ck_ending_draw(void *self, struct ck_canvas *, struct ck_rect, const struct ck_ctx *);

#endif
