/*
 * One title on its way through queue and printer, and whoever follows it over the link. What it may
 * say meanwhile (go, leave, cancel) is heard while a printer is waited for, too.
 */
#ifndef CK_FOLLOW_H
#define CK_FOLLOW_H

#include "base/frame.h"
#include "ipp.h"
#include "spool.h"

struct ck_course {
	struct ck_link *link;
	const char *title;
	struct ck_ipp *side;   /* the queue, or the printer itself */
	struct ck_ipp *device; /* behind that queue, once it was asked */
	struct ck_spool_facts facts;
	struct ck_err unsent; /* why not all of the document was taken */

	bool go, leave, cancel, gone; /* heard */
	struct ck_err lost;	      /* gone, and why */

	const char *told; /* the last state, its reason and its pages */
	enum ck_code told_why;
	int told_pages;
};

void ck_course_begin(struct ck_course *, struct ck_link *, const char *title);
void ck_course_end(struct ck_course *);
/* so that a call on a printer hears the link */
struct ck_ipp_wait ck_course_wait(struct ck_course *);
/* Hears what is said within that time; -1 = until something is. */
void ck_course_listen(struct ck_course *, int timeout_ms);

int ck_course_tell(struct ck_course *, const char *state, enum ck_code why, int pages,
    const char *detail, struct ck_err *);
/* the last line; why may hold nothing */
int ck_course_close(
    struct ck_course *, const char *ending, const struct ck_err *why, struct ck_err *);

/* To the end, or until nobody wants to know. Says the last line. -1: that could not be said. */
int ck_course_follow(struct ck_course *, struct ck_err *);

#endif
