/* The counter waits for a customer: what can be done here, and what keeps it from being done. */
#ifndef CK_ATTRACT_H
#define CK_ATTRACT_H

#include "view.h"

struct ck_attract {
	const json_t
	    *trouble; /* the last row of the watch that says something is wrong with
		       * reader or key ("trouble", "unknown", "service-gone"); NULL = none */
};
/* DONE never; the page's own keys do the rest */
void ck_attract_view(struct ck_attract *, struct ck_view *);

#endif
