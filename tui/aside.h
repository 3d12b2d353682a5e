/* An engine beside the one at work: asked one thing, and what it says is taken when it comes. What
 * keeps the line of states true (readers, desk) runs so, behind whatever is on the screen. */
#ifndef CK_ASIDE_H
#define CK_ASIDE_H

#include <stdint.h>
#include <jansson.h>

#include "certkiosk/err.h"
#include "engine.h"

struct ck_aside {
	struct ck_peer engine;
	int limit_s;	  /* as it was told last */
	int64_t deadline; /* ck_shared_ms: by then it has said something */
};

/* ENGINE_GONE, LINK */
int ck_aside_start(struct ck_aside *, const char *program, const char *config,
    const json_t *request, struct ck_err *);
int ck_aside_fd(const struct ck_aside *); /* readable when it says something; -1: none runs */
/* ck_mono_ms when it has to be looked at; -1: none runs */
int64_t ck_aside_due(const struct ck_aside *);
/* 1: *line is the caller's; 0: nothing now; -1: it is gone, whether it said its end or not, or
 * hung and was ended */
int ck_aside_next(struct ck_aside *, json_t **line);
void ck_aside_end(struct ck_aside *); /* at once; accepts one that is not running */

#endif
