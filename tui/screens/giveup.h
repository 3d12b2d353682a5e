/* Before a renewal is given up: a digit too many must not revoke a certificate. */
#ifndef CK_GIVEUP_H
#define CK_GIVEUP_H

#include "kit/list.h"
#include "view.h"

struct ck_giveup {
	const char *record; /* its number */
	/* the screen's own */
	struct ck_list list;
	struct ck_row rows[2];
};

/* DONE: agreed. BACK: not, which is what stands first. */
void ck_giveup_view(struct ck_giveup *, struct ck_view *);

#endif
