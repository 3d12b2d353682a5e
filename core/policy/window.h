/* Within policy: the days on which a certificate may be renewed. */
#ifndef CK_POLICY_WINDOW_H
#define CK_POLICY_WINDOW_H

#include "policy/policy.h"

struct ck_window {
	ck_day first, last; /* both included */
	bool has_end;	    /* the last day is over at this instant, itself included */
	int64_t end;
};
struct ck_window ck_window_of(const struct ck_policy *, const struct ck_cert_facts *);
/* n units on, or back; a month's end clamps */
ck_day ck_day_add(ck_day, enum ck_unit, int n);

/* Where a moment stands: a whole day is early or late only if all of it is. */
bool ck_moment_before(struct ck_moment, ck_day);
bool ck_moment_before_instant(struct ck_moment, int64_t);
bool ck_moment_past(struct ck_moment, const struct ck_window *);

#endif
