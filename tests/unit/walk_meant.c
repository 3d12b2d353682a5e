/* A clerk's own key and a customer's with the same serial number: which is meant by it? */
#include "t.h"
#include "walk/visit.h"

int
main(void)
{
	static struct ck_token_info rows[3] = { { .family = "A", .serial = "0000" },
		{ .family = "B", .serial = "0000" }, { .family = "C", .serial = "4711" } };
	const bool first[] = { true, false, false }, third[] = { false, false, true },
		   all[] = { true, true, true };

	T(!ck_own_key_meant(NULL, rows, third, 3, 2), "unnamed a clerk's own is not meant");
	T(ck_own_key_meant("4711", rows, third, 3, 2), "by its serial it is");
	T(!ck_own_key_meant("4712", rows, third, 3, 2), "by another it is not");
	T(!ck_own_key_meant("0000", rows, first, 3, 0),
	    "nor by its own, where a customer's key has the same");
	T(ck_own_key_meant("0000", rows, all, 3, 0), "unless all of that serial are clerks'");
	return T_END();
}
