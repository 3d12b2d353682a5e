/* How a visit or a service of the key ended: done, parked with its slip, refused, abandoned,
 * failed.
 */
#ifndef CK_ENDING_H
#define CK_ENDING_H

#include "course.h"
#include "view.h"

enum ck_after {
	CK_AFTER_CLOSE,	  /* that is all */
	CK_AFTER_AGAIN,	  /* once more, from where it stopped */
	CK_AFTER_ABANDON, /* give this renewal back */
	CK_AFTER_OWN_PIN, /* the owner sets a PIN of his own now */
	CK_AFTER_PRINT,	  /* its form, for the first time or once more */
	CK_AFTER_SLIP,	  /* its slip, whether it has a form or not */
};

struct ck_ending;

/* verb as in {"do":…}; end and course are kept by reference */
struct ck_ending *ck_ending_new(const char *verb, const json_t *end, const struct ck_course *);
void ck_ending_free(struct ck_ending *);
void ck_ending_view(struct ck_ending *, struct ck_view *);
enum ck_after ck_ending_after(const struct ck_ending *); /* once DONE or BACK */

#endif
