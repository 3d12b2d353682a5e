/* Before a renewal begins: the certificate as it is, and what will become of it, of the PIN and of
 * the old one. Nothing is asked for and nothing is done before it was agreed to. */
#ifndef CK_CONFIRM_H
#define CK_CONFIRM_H

#include "kit/list.h"
#include "view.h"

struct ck_confirm {
	const json_t *row;	 /* the watch's row of the key */
	const char *certificate; /* sha256 of the one that is meant */
	const char *system, *way;
	/* the screen's own */
	struct ck_list list;
	struct ck_row rows[2];
};

/* DONE: agreed. BACK: not. */
void ck_confirm_view(struct ck_confirm *, struct ck_view *);

#endif
