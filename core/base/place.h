/* Where the parts of one build find each other: beside the running program, in the build tree's or
 * the installed tree's other folders as seen from there, or at the place it was configured for. */
#ifndef CK_PLACE_H
#define CK_PLACE_H

#include <stddef.h>

/* out: the first place that has name; installed/name when none has it. */
void ck_place(const char *name, const char *installed, char *out, size_t cap);

#endif
