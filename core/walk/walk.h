/* The walk: one visit from the key in the reader to the closed record. */
#ifndef CK_WALK_H
#define CK_WALK_H

#include "certkiosk/ask.h"
#include "walk/visit.h"

/* What the front wants of a visit; texts are borrowed. */
struct ck_order {
	const char *system, *way, *clerk; /* clerk NULL for self */
	struct ck_wish wish;
	const char *typed; /* says which visit is meant (find.h); NULL: the key or the wish do */
	bool again;	   /* an engine that was lost had begun with it: wish.record is taken up */
	bool abandon;	   /* give the record in wish.record back instead of going on */
};

/* order.c: the visit the order is about, ready for its first station; what the order leaves out is
 * filled in. The texts filled in are found's and the record's. USAGE and refusals. */
struct ck_found;
int ck_take_order(
    struct ck_visit *, struct ck_order *, struct ck_found *found, struct ck_err *);

/* Runs until the end, a wait too long for a person, or a refusal; says "end" itself. The store, the
 * key and the lines are closed when it returns. */
enum ck_outcome ck_walk(const struct ck_site *, struct ck_link *, const struct ck_order *);

#endif
