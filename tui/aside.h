/* An engine beside the one at work: asked one thing, and what it says is taken when it comes. What
 * keeps the line of states true (readers, desk) runs so, behind whatever is on the screen. */
#ifndef CK_ASIDE_H
#define CK_ASIDE_H

#include <jansson.h>

#include "certkiosk/err.h"
#include "engine.h"

struct ck_aside {
	struct ck_peer engine;
};

/* ENGINE_GONE, LINK */
int ck_aside_start(struct ck_aside *, const char *program, const char *config,
    const json_t *request, struct ck_err *);
int ck_aside_fd(const struct ck_aside *); /* readable when it says something; -1: none runs */
/* 1: *line is the caller's; 0: nothing now; -1: it is gone, whether it said its end or not */
int ck_aside_next(struct ck_aside *, json_t **line);
void ck_aside_end(struct ck_aside *); /* at once; accepts one that is not running */

#endif
