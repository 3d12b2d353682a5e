/* A job of certkiosk-print under way, as print.c begins it and follow.c follows it. */
#ifndef CK_WALK_FOLLOW_H
#define CK_WALK_FOLLOW_H

#include "walk/paper.h"

#define CK_PAPER_STEP "paper"
/* what the front allows between two words: a look, a call of libcups, our own work */
#define CK_PAPER_WORD_S 30

struct ck_run {
	struct ck_visit *v;
	struct ck_press press;
	struct ck_print p;
	bool person;	/* somebody can be asked */
	bool glance;	/* nobody waits: it is looked at, and left */
	bool slip;	/* no form: no journal, nobody asked, and what stands still is taken back */
	bool elsewhere; /* another printer was chosen: taken back here, begun there */
	char printer[CK_PRINTER_MAX];
	json_t *printers; /* their names, once they were asked for */

	/* of the job that is followed */
	struct ck_err trouble; /* why it stands still */
	int64_t quiet_until;   /* ck_mono_ms: before that nobody is told or asked */
	bool told;
	int pages;	      /* of the form; 0 = not known */
	const char *ending;   /* CK_PRINT_…; NULL: not yet */
	struct ck_err why;    /* of the ending, or why there is none */
	struct ck_err failed; /* of one of several that were to be settled */
};

/* The request, until it has an ending, which is then in r: the person is told of trouble and asked
 * what is to become of it. -1: there is none, and why. */
int ck_run_follow(struct ck_run *, int file, json_t *request, struct ck_err *);

/* What is to become of a form that does not come out: the answer, NULL when the question is off.
 * follows: there is a job that may go on. -1: the front left. */
int ck_run_ask(struct ck_run *, const struct ck_err *trouble, bool follows, const char **what,
    struct ck_err *);
/* Was another printer the answer? Then it is the run's. */
bool ck_run_elsewhere(struct ck_run *, const char *what);

#endif
