/* The counter waits for a customer: what can be done here, and what keeps it from being done. */
#ifndef CK_ATTRACT_H
#define CK_ATTRACT_H

#include "view.h"

struct ck_attract {
	/* the last row of the watch that says something is wrong with reader or key ("trouble",
	 * "unknown", "service-gone"), or the end of a watch that could not go on; NULL = none */
	const json_t *trouble;
	/* one is still in a reader, served or left behind: it wants to be taken, and any key
	 * pressed shows what is on it */
	bool left_key;
};
/* DONE: a customer wants something else of a system's menu; the page's own keys do the rest */
void ck_attract_view(struct ck_attract *, struct ck_view *);

#endif
