/* How a clerk signs in, where the site leaves a choice. */
#ifndef CK_SIGNIN_H
#define CK_SIGNIN_H

#include "kit/list.h"
#include "view.h"

enum ck_sign_by { CK_SIGN_KEY, CK_SIGN_WORD, CK_SIGN_WAYS };

struct ck_signin {
	struct ck_list list; /* the screen's own */
	struct ck_row rows[CK_SIGN_WAYS];
};

void ck_signin_view(struct ck_signin *, struct ck_view *);
enum ck_sign_by ck_signin_chosen(const struct ck_signin *); /* once DONE */

#endif
