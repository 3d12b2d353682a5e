/* When something is to be looked after, and when it does not work. */
#include "base/clock.h"
#include "t.h"
#include "walk/diagnose.h"

#define NOW INT64_C(1795240000)
#define MB (INT64_C(1) << 20)

static enum ck_health
own(int64_t from, int64_t left)
{
	struct ck_cert_facts f = { .not_before = NOW + from, .not_after = NOW + left };

	return ck_health_of_own(&f, NOW);
}

int
main(void)
{
	T(own(-1, 61 * CK_DAY_S) == CK_OK, "61 days left");
	T(own(-1, 60 * CK_DAY_S) == CK_CAREFUL, "60 days left");
	T(own(-1, 0) == CK_CAREFUL, "the last second");
	T(own(-1, -1) == CK_BAD, "the one after");
	T(own(1, 100 * CK_DAY_S) == CK_BAD, "not yet valid");
	T(ck_health_of_room(15 * MB, 16 * MB) == CK_BAD, "less than must be free");
	T(ck_health_of_room(16 * MB, 16 * MB) == CK_CAREFUL, "just that");
	T(ck_health_of_room(64 * MB - 1, 16 * MB) == CK_CAREFUL, "a little more");
	T(ck_health_of_room(64 * MB, 16 * MB) == CK_OK, "enough");
	T(ck_health_of_room(INT64_MAX, INT64_MAX / 2) == CK_CAREFUL, "numbers without bound");
	T(ck_health_of_clock(300, 300) == CK_CAREFUL && ck_health_of_clock(-300, 300) == CK_CAREFUL,
	    "as far beside as allowed");
	T(ck_health_of_clock(301, 300) == CK_BAD && ck_health_of_clock(-301, 300) == CK_BAD,
	    "further");
	T(ck_health_of_clock(150, 300) == CK_OK && ck_health_of_clock(-151, 300) == CK_CAREFUL,
	    "half of it");
	T(ck_health_of_clock(1, 1) == CK_CAREFUL && ck_health_of_clock(0, 1) == CK_OK,
	    "a site that allows a second");
	return T_END();
}
