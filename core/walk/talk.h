/* The engine's side of the conversation in ask.h. Stations build questions and read answers here;
 * only the walk's loop sends and waits. */
#ifndef CK_TALK_H
#define CK_TALK_H

#include <stdbool.h>
#include <jansson.h>

#include "certkiosk/ask.h"
#include "certkiosk/err.h"
#include "certkiosk/secret.h"
#include "base/frame.h"

/* What may turn up while a question stands, and make it another one: looked at when fd is readable,
 * and every so often. */
struct ck_wake {
	bool (*moved)(void *u); /* true: the question is off; NULL: nothing may */
	void *u;
	int fd, every_ms; /* -1: none, never */
};

struct ck_talk {
	struct ck_link *link;
	json_t *question; /* being built or waiting for its answer */
	json_t *answer;	  /* of the question named in it, until dropped */
	struct ck_secret
	    *secrets[CK_SECRETS_MAX]; /* that came with the answer, by place in "secrets" */
	struct ck_wake wake;	      /* of the question; gone with it */
	int asked;		      /* questions so far; their ids */
	int off;		      /* the one before, if it was off before it was answered */
	bool idle;		      /* said, and nothing since */
	bool mute;		      /* nothing is said of being busy */
	bool renews;		      /* these steps are a renewal's */
	bool pin_changes, consents;   /* with or without stations pin and consent */
	json_t *takes;		      /* stations of what the desk may ask for; NULL: none */
	bool key_written; /* a pair was made: no error may say that nothing was changed */
	bool adds; /* a download: nobody knows of a certificate that worked on the key before */
};

void ck_talk_free(struct ck_talk *); /* not the link */

/* what comes with a call of the key beyond its module's limit: our own work, a disk that syncs */
#define CK_KEY_MARGIN_S 2

/* ---- telling; a front that is gone is noticed at the next question ---- */
void ck_talk_step(struct ck_talk *, const char *station, int n, int of, int limit);
void ck_talk_busy(struct ck_talk *, const char *what, int limit); /* what: CK_BUSY_… */
/* nothing is done until something happens: the front's patience has no end */
void ck_talk_idle(struct ck_talk *);
void ck_talk_idle_again(struct ck_talk *);	 /* it still does: for whoever would wonder */
void ck_talk_row(struct ck_talk *, json_t *row); /* takes row */
/* Members of a row, or of a form's fields; nothing to say is left out. */
void ck_put_text(json_t *to, const char *name, const char *text);
void ck_put_time(json_t *to, const char *name, int64_t t);
/* fmt and what follows: json_pack of an object, or NULL for no facts */
void ck_talk_did(
    struct ck_talk *, const char *station, int n, int of, const char *say, const char *fmt, ...);
void ck_talk_end(struct ck_talk *, enum ck_outcome, const char *record, json_t *facts,
    const struct ck_err *); /* takes facts */

/* ---- asking ---- */
/* Begin a question; facts as in did. trouble, when it holds a code, says why it is asked again. */
void ck_question(
    struct ck_talk *, const char *name, const struct ck_err *trouble, const char *fmt, ...);
void ck_question_field(
    struct ck_talk *, const char *name, enum ck_field_kind, int min, int max, const char *charset);
/* choices of the last field; takes value */
void ck_question_choice(struct ck_talk *, const char *value, const char *label);

/* Send the question and wait for its answer, or, without one, until it is off. STOPPED when the
 * person gives up, LINK when the front is gone or answers something else; the answer to a question
 * that is off is not heard. */
int ck_talk_ask(struct ck_talk *, struct ck_err *);
/* Wait up to ms for word from the front: 0 time passed, -1 STOPPED or LINK. */
int ck_talk_pause(struct ck_talk *, int ms, struct ck_err *);

/* ---- the answer to a question by name: NULL when there is none (the station then asks) ---- */
bool ck_answered(const struct ck_talk *, const char *question);
const char *ck_answer_text(const struct ck_talk *, const char *question, const char *field);
bool ck_answer_yes(const struct ck_talk *, const char *question, const char *field);
bool ck_answer_no(const struct ck_talk *, const char *question, const char *field);
struct ck_secret *ck_answer_secret(
    struct ck_talk *, const char *question, const char *field); /* take */
void ck_answer_drop(struct ck_talk *);

#endif
