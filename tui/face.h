/* The two faces of the counter, each a walk of its own. They return when the terminal is gone or
 * the program was told to end. */
#ifndef CK_FACE_H
#define CK_FACE_H

#include "stage.h"

/* The customer serves himself; F9 brings a clerk. */
void ck_selfserve(struct ck_stage *);
/* A clerk signs in, serves, and signs out: DONE, or the desk locks itself: LOCK. */
enum ck_stage_went ck_clerkdesk(struct ck_stage *);

#endif
