/* Where a face waits: no key, or what is on the keys that are in. */
#ifndef CK_HOME_H
#define CK_HOME_H

#include "errand.h"
#include "stage.h"

/* DONE: the errand is filled in; else why home was left. seen: the keys that are in now were served
 * or left behind, and nothing of theirs is shown until somebody touches a key, or puts one in. */
enum ck_stage_went ck_home(struct ck_stage *, bool seen, struct ck_errand *);

#endif
