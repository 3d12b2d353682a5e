/*
 * The stage: one terminal, the page around every screen, and whoever sits before it. It shows a
 * view, gives it what is typed, keeps clock and line of states true, and says when the person has
 * chosen, left, or gone away. While an engine is at work the same wait stands in the place of
 * poll(2), so that nothing ever blocks the screen.
 */
#ifndef CK_STAGE_H
#define CK_STAGE_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <jansson.h>

#include "certkiosk/err.h"
#include "kit/style.h"
#include "screens/course.h"
#include "screens/view.h"
#include "status.h"

struct ck_stage_opts {
	const char *program, *config; /* the engine's */
	const char *term;
	enum ck_lang lang;
	enum ck_theme theme;
	bool ascii, mouse;
	bool desk; /* a clerk's alone: F9 leads nowhere */
};

enum ck_stage_went {
	CK_STAGE_READY, /* one of the others has something to read, or their time has passed */
	CK_STAGE_DONE,	/* the view says so */
	CK_STAGE_BACK,
	CK_STAGE_STAFF, /* a clerk wants the desk (customer's face, between visits) */
	CK_STAGE_NEXT,	/* another key came: another customer is there (customer's face) */
	CK_STAGE_IDLE,	/* nobody is there any more */
	CK_STAGE_LOCK,	/* the clerk's key was pulled, or nobody was there for too long */
	CK_STAGE_OVER,	/* the terminal is gone, or the program was told to end */
};

struct ck_stage;

/* Takes the signals that end or stop a program over as well. */
int ck_stage_open(const struct ck_stage_opts *, struct ck_stage **, struct ck_err *);
void ck_stage_close(struct ck_stage *); /* the terminal is what it was, empty; accepts NULL */

/* The view is kept by reference until another one is set; NULL: an empty page, which heeds. */
void ck_stage_set(struct ck_stage *, const struct ck_view *);
void ck_stage_redraw(struct ck_stage *); /* its model changed */
/* Shows it until something happens; n may be 0, ms -1. */
#define CK_STAGE_OTHERS_MAX 3
enum ck_stage_went ck_stage_wait(struct ck_stage *, struct pollfd *others, nfds_t n, int ms);
/* Off the terminal, which is what it was; nothing is shown any more. */
void ck_stage_leave(struct ck_stage *);
/* Nothing of the last customer is left: on the screen, in its scroll-back, in our memory. */
void ck_stage_wipe(struct ck_stage *);

/* Whose face it is: clerk NULL is the customer's. */
void ck_stage_face(struct ck_stage *, const char *clerk, const char *reader);
void ck_stage_course(struct ck_stage *, const struct ck_course *); /* of the visit; NULL none */
/* The end of a piece of work that a clerk did not see, because his desk was locked by then; nothing
 * of the customer is in it. Kept until it is taken; takes and gives a reference, NULL: none. */
void ck_stage_keep(struct ck_stage *, json_t *end);
json_t *ck_stage_kept(struct ck_stage *);
const struct ck_ctx *ck_stage_ctx(const struct ck_stage *);
struct ck_status *ck_stage_status(struct ck_stage *);
const struct ck_stage_opts *ck_stage_opts(const struct ck_stage *);
bool ck_stage_over(const struct ck_stage *);

#endif
