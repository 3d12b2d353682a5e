/* Before what can't be undone: a digit too many must not revoke a certificate, nor cost a sheet of
 * paper. */
#ifndef CK_AGREE_H
#define CK_AGREE_H

#include <jansson.h>

#include "kit/list.h"
#include "view.h"

struct ck_agree {
	const char *about;   /* "giveup", "reprint": words ABOUT.head, .what, .final, .yes, .no */
	const json_t *facts; /* for these; "record" is its number */
	/* the screen's own */
	struct ck_list list;
	struct ck_row rows[2];
};

/* DONE: agreed. BACK: not, which is what stands first. */
void ck_agree_view(struct ck_agree *, struct ck_view *);

#endif
