/* What a person or a scanner typed to find a record by: which values it fits. Pure. */
#ifndef CK_SEARCH_H
#define CK_SEARCH_H

#include <stdbool.h>

#include "certkiosk/err.h"
#include "base/slip.h"

/* a holder's name has no more */
#define CK_SOUGHT_MAX 512

struct ck_sought {
	char text[CK_SOUGHT_MAX];	 /* without blanks around it, wide letters as plain ones */
	char raw[CK_SOUGHT_MAX];	 /* the wide ones as they are: names may have them */
	char number[CK_SLIP_RECORD_MAX]; /* a record's here; empty: it is none */
	char part[CK_SLIP_RECORD_MAX];	 /* what may stand in a record's number; empty: nothing */
	bool elsewhere;			 /* the slip of another counter: no record of ours */
};

/* USAGE when nothing is left of it or too much; SLIP_WRONG */
int ck_sought_read(struct ck_sought *, const char *kiosk, const char *typed, struct ck_err *);

/* Letters of either case are the same in all of them. */
bool ck_sought_is(const struct ck_sought *, const char *value);	  /* the whole of it */
bool ck_sought_in(const struct ck_sought *, const char *value);	  /* or a part long enough */
bool ck_sought_name(const struct ck_sought *, const char *value); /* or any part */

#endif
