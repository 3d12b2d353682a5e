/* When a new certificate ends, where the rules say so. */
#include "policy/window.h"

static int64_t
add(int64_t t, enum ck_unit unit, int n)
{
	ck_day day = ck_day_of(t);

	return ck_day_start(ck_day_add(day, unit, n)) + (t - ck_day_start(day));
}

int64_t
ck_policy_new_end(const struct ck_policy *p, int64_t old_end, int64_t now)
{
	switch (p->term.rule) {
	case CK_TERM_FROM_OLD_END:
		return add(old_end, p->term.unit, p->term.length);
	case CK_TERM_FROM_NOW:
		return add(now, p->term.unit, p->term.length);
	default:
		return 0;
	}
}
