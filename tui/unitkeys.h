/* The clerk's desk: a unit's keys in a row. */
#ifndef CK_UNITKEYS_H
#define CK_UNITKEYS_H

#include "stage.h"

/* Until the clerk has enough of them: BACK, or why the face is left. */
enum ck_stage_went ck_unitkeys(struct ck_stage *, const char *clerk);

#endif
