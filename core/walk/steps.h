/*
 * What the desk wants before it lets a certificate be issued: the steps of PROTOCOL.desk, 13, as
 * the stations between authorise and newkey go through them. The desk is the authority; the record
 * has a copy of the first step that has not passed ("due") for lists, plan and people.
 */
#ifndef CK_STEPS_H
#define CK_STEPS_H

#include <jansson.h>

#include "certkiosk/desk.h"
#include "certkiosk/err.h"
#include "policy/policy.h"
#include "walk/plan.h"

struct ck_visit;

#define CK_AMOUNT_LEN 24 /* "100.00", CNY */
void ck_amount_text(int64_t fen, char out[CK_AMOUNT_LEN]);

/* what this engine has of an order under way; nothing here survives it */
struct ck_errand {
	struct ck_quote *quote; /* NULL: to be asked for */
	int months;		/* that were chosen; 0: not yet */
	int64_t amount;
	bool chosen;		      /* in this engine */
	bool typed[CK_GROUP_SMS];     /* by ck_order_group: in this engine */
	bool again[CK_GROUP_SMS];     /* the desk turned it down: to be typed again */
	char doubtful[32];	      /* a code whose check digit is wrong, as it was typed */
	int64_t sms_until, sms_again; /* 0: none was sent */
	bool correcting;	      /* the rejection was read, and is being put right */
	struct ck_payment *payment;   /* what can be paid now; NULL: none */
	struct ck_identity *identity; /* likewise */
	bool expired;		      /* that can't be any more, and it was said */
	const char *waits; /* CK_WAITS_…: it is to be parked for that; NULL: not for a step */
	/* while a question stands: the desk is asked so often, and not before */
	int every_ms;
	int64_t next_ms;
	bool stood; /* one did, and the desk was not heard since */
};
void ck_errand_free(struct ck_errand *);

/* The first that has not passed, and its station; CK_AT_KEY: all have. */
enum ck_station ck_steps_due(const struct ck_desk_steps *);
/* Is our form among the papers it still wants? */
bool ck_steps_want_form(const struct ck_desk_steps *);
/* Did the review turn it down, and has that not been put right? */
bool ck_steps_rejected(const struct ck_desk_steps *);
/* Why a record stands still before this step. */
const char *ck_steps_waits(const struct ck_visit *, const struct ck_desk_steps *);

/* The desk's word becomes v->lease and, where it is another than before, a line of the record; what
 * passed and what is refunded is told. STEP_UNKNOWN: our rules have no such step. */
int ck_steps_hear(struct ck_visit *, const struct ck_lease *, struct ck_err *);
/* The desk is asked, and heard. */
int ck_steps_ask(struct ck_visit *, struct ck_err *);

/* The order that was made is said anew; nothing is paid yet. */
bool ck_steps_changing(const struct ck_visit *);

/* GO: there is nothing to be corrected, or the person is at it; ASK: a rejection is told; LATER. */
enum ck_turn ck_steps_rejection(struct ck_visit *, struct ck_err *);
/* The person said "later" to this question: the record is parked for the step at hand. */
bool ck_steps_later(const struct ck_visit *, const char *question, const char *field);
/* The record is parked for what the desk wants first. Always LATER. */
enum ck_turn ck_steps_park(struct ck_visit *);
/* The question that was filled in stands until the desk says something else. */
void ck_steps_watch(struct ck_visit *);
/* A code that has run out, by the desk's clock: told once; what was paid by it counts all the same.
 */
bool ck_steps_ran_out(struct ck_visit *);
/* lost.c: while it stands: is it time, and did the desk say something else? */
bool ck_steps_moved(struct ck_visit *);

/* applicant.c: what it costs, as the desk says today. QUOTED_OTHER_FEE. */
int ck_take_quote(struct ck_visit *, struct ck_err *);
/* May it cost so much? QUOTED_OTHER_FEE. */
int ck_judge_fee(const struct ck_visit *, int months, int64_t fen, struct ck_err *);
/* What was typed for this group; NULL: nothing. A new reference. */
json_t *ck_order_group(const struct ck_visit *, enum ck_order_group);

/* A code whose check digit is wrong, typed once more as it was: a clerk who has the paper before him
 * says it is so. */
bool ck_insisted(struct ck_visit *, const char *code);

#endif
