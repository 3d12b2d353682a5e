/* Plain malloc and free that leave nothing behind: for libraries that carry a secret for a moment
 * (libcurl and jansson when the desk hands out a one-time enrolment secret, or takes the code of a
 * text message), and for jansson in a front that shows whose key it is. */
#ifndef CK_WIPE_H
#define CK_WIPE_H

#include <stddef.h>

void ck_wiping_free(void *);		   /* of anything malloc gave; accepts NULL */
void *ck_wiping_realloc(void *, size_t n); /* never leaves the old bytes where they were */

#endif
