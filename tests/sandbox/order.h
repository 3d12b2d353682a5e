/*
 * What a lease takes beside key and envelope (PROTOCOL.desk 13 to 17): its order, who pays, and the
 * steps. Which of them a lease takes is frozen with its grant (a course); a lease without a course
 * takes none, which is all of them as long as knob desk.steps is off.
 */
#ifndef SANDBOX_ORDER_H
#define SANDBOX_ORDER_H

#include "desk.h"

#define SB_TEXT_MAX 1024 /* for people, 300 characters */
#define SB_PROOF "transfer-proof"

/* what a system's business back end wants; the figures are the manuals' */
struct sb_terms {
	const char *system;
	int64_t person, organisation; /* fen a year */
	int months;		      /* at most, by the year */
	const char *methods[4];
	bool id, mail, sms;  /* of the agent: resident ID, mail; a code to the mobile */
	const char *invoice; /* the field an invoice can't be without, NULL: none */
	bool identity;	     /* by phone */
	bool expired;	     /* ... then owner, papers and review as well */
	bool proof;	     /* of a transfer, which is reviewed */
};
const struct sb_terms *sb_terms(const char *system); /* NULL: it takes no steps */

struct sb_course {
	bool person, expired, central;
	int64_t old_end, link_until;
	/* empty: not taken */
	char applicant[16], identity[16], review[16];
	char identity_text[SB_TEXT_MAX], review_text[SB_TEXT_MAX], link[256];
};
/* 1, 0 no course, -1 */
int sb_course_load(sqlite3 *, const char *lease, struct sb_course *);
int sb_course_put(sqlite3 *, const char *lease, const struct sb_course *);
/* At the grant: what it takes, and an order of the web that waits for it. */
int sb_course_begin(struct sb_call *, struct sb_lease *, int64_t old_end);
/* At the release: what becomes of the order and of payments. */
int sb_course_end(struct sb_call *, const struct sb_lease *);
bool sb_course_passed(struct sb_call *, const struct sb_lease *);
/* What was rejected and has been corrected is looked at again. */
int sb_course_corrected(sqlite3 *, const char *lease, struct sb_course *);
/* "order_state" of a release */
int sb_say_order_back(struct sb_call *, const struct sb_lease *);
/* The lease of the request, open and with a course; refuses others. */
int sb_want_course(struct sb_call *, struct sb_lease *, struct sb_course *);

int64_t sb_price(struct sb *, const struct sb_terms *, const struct sb_course *, int64_t months);
bool sb_order_settled(sqlite3 *, const char *order);
int64_t sb_order_amount(sqlite3 *, const char *order);
/* Are all papers of this lease in, but for the proof of a transfer? */
bool sb_papers_in(sqlite3 *, const char *lease);

/* no code, an account: the money takes days */
bool sb_to_account(const char *method);
/* The money of this payment has arrived: it settles its order, or goes back. */
int sb_money(sqlite3 *, const char *payment);

#endif
