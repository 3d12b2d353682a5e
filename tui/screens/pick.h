/* What one chooses from, as the kit's list has it, but with rows that may be longer than a line. */
#ifndef CK_PICK_H
#define CK_PICK_H

#include "kit/list.h"
#include "sheet.h"

/* of one row, in bytes: a name of 60 characters, and as much again */
#define CK_PICK_TEXT_MAX 512

/* In as many lines as it takes, or as are left. Its keys are ck_list_key's. */
void ck_pick_put(struct ck_sheet *, struct ck_list *);

#endif
