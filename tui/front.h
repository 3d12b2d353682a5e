/*
 * A front runs one piece of work: it starts the engine, hands its questions to whoever is there and
 * the answers back, keeps the deadlines, and starts a new engine when one crashes or hangs. What
 * the person sees is the business of ck_front_ops; there is one for batch (batch.c).
 */
#ifndef CK_FRONT_H
#define CK_FRONT_H

#include <poll.h>
#include <stdbool.h>
#include <jansson.h>

#include "certkiosk/ask.h"
#include "certkiosk/err.h"
#include "certkiosk/reply.h"

/* While a question stands: leave it when one of these becomes readable. -1 = not watched. */
struct ck_watch {
	int link; /* the engine has something to say */
	int stop; /* the person, or the system, wants to leave */
};

enum ck_asked {
	CK_ASKED_ANSWER, /* reply is filled in */
	CK_ASKED_NONE,	 /* nobody and nothing can answer this */
	CK_ASKED_STOP,	 /* the person leaves */
	CK_ASKED_SPOKE,	 /* the engine spoke meanwhile: the question is off until asked again */
	CK_ASKED_FAIL,	 /* err says why */
};

/* Waits until fd (-1 = nothing) has something to read, or for the watched: ANSWER, STOP, SPOKE. */
enum ck_asked ck_watch_wait(const struct ck_watch *, int fd);
/* Waits for the watched alone, at most so long (-1 = for ever): STOP, SPOKE, NONE when it passed.
 */
enum ck_asked ck_watch_for(const struct ck_watch *, int ms);

struct ck_front_ops {
	/* every line of the engine but questions, as it came. The last one is the end, which the
	 * front makes itself when the engine can't. {"restart":N,"error":{…}} is the front's own.
	 */
	void (*tell)(void *u, const json_t *line);
	enum ck_asked (*ask)(void *u, const json_t *question, const struct ck_watch *,
	    struct ck_reply *, struct ck_err *);
	/* in place of poll(2) while the engine is at work, rests or ends; NULL: poll(2) itself */
	int (*wait)(void *u, struct pollfd *, nfds_t, int ms);
};

struct ck_front {
	const char *engine; /* program */
	const char *config; /* its configuration file */
	bool visit;	    /* renew, abandon: brought back by the record after a crash */
	bool reads;	    /* changes nothing: once told to stop it is not waited for */
	int first_s;	    /* seconds until the engine's first word; 0 = CK_FIRST_WORD_S */
	int stop_fd;	    /* readable when the person wants to leave; -1 = never */
	const struct ck_front_ops *ops;
	void *u;
};

/* Loading a vendor's module and migrating a store come before the first word. */
#define CK_FIRST_WORD_S 60

struct ck_ended {
	enum ck_outcome outcome;
	char record[32];
	struct ck_err err;
};

/* Always ends, always tells exactly one end line, leaves no process behind. */
void ck_front_run(const struct ck_front *, const json_t *request, struct ck_ended *);

/* The end line a front makes where there is no engine to make it; new reference. */
json_t *ck_end_line(const struct ck_ended *, const json_t *facts);

#endif
