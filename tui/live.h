/*
 * A piece of work with a screen before it: the front's other face (batch.h is the one without).
 * What the engine says becomes a course, rows and an end; what it asks becomes a screen; and while
 * it is at work the stage goes on.
 */
#ifndef CK_LIVE_H
#define CK_LIVE_H

#include <stdbool.h>
#include <jansson.h>

#include "front.h"
#include "screens/course.h"
#include "stage.h"

struct ck_live {
	struct ck_stage *stage;
	/* the caller's, or empty: */
	const struct ck_view *busy; /* shown while it is at work; NULL: the course */
	bool visit;		    /* as in struct ck_front */
	bool reads; /* the same; else it may write to the key, and the lamp says so */
	void (*row)(void *u, const json_t *row);
	void (*did)(void *u, const json_t *line); /* what was done; may be left out */
	void *u;
	/* what came of it: */
	struct ck_course course;
	struct ck_ended ended;
	json_t *end;		 /* the last line */
	enum ck_stage_went left; /* why it was left before its end; READY: it was not */
	int leave;		 /* eventfd */
};

/* Runs it to its end, or until the person leaves. The course starts empty. */
void ck_live_run(struct ck_live *, const json_t *request);
void ck_live_clear(struct ck_live *); /* what came of it */

#endif
