/* How long a wrong envelope password keeps the next one from being tried. */
#include "t.h"
#include "walk/visit.h"

#define NOW INT64_C(1795240000)
#define DAY 86400

int
main(void)
{
	static const struct {
		int wrong;
		int64_t wait;
	} rows[] = { { 0, 0 }, { 1, 0 }, { 4, 0 }, { 5, 60 }, { 6, 120 }, { 7, 240 }, { 8, 480 },
		{ 9, 960 }, { 10, 1920 }, { 11, 3600 }, { 12, 3600 }, { 1000000, 3600 } };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		T(ck_guess_wait(rows[i].wrong, NOW, NOW) == rows[i].wait, "after so many in a row");
	T(ck_guess_wait(5, NOW, NOW + 59) == 1, "until the last second");
	T(ck_guess_wait(5, NOW, NOW + 60) == 0, "and then no more");
	T(ck_guess_wait(100, NOW, NOW + DAY) == 0, "a clock set forward locks nobody");
	T(ck_guess_wait(100, NOW, NOW - DAY) == 0 && ck_guess_wait(100, NOW, NOW - 1) == 0,
	    "a clock set back locks nobody for longer than the longest");
	return T_END();
}
