/* A key that was served, or left behind, is still in its reader: nothing of it is shown, nor read.
 */
#ifndef CK_LEFTKEY_H
#define CK_LEFTKEY_H

#include "stage.h"

/* DONE: there is none, or none any more, or another one came, or somebody is there and wants to
 * see; else why it was left */
enum ck_stage_went ck_left_key(struct ck_stage *);

#endif
