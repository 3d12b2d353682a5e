/* The figures of a report, from heads of records alone. */
#include "base/clock.h"
#include "t.h"
#include "walk/report.h"

#define DAY ck_day_start(ck_day_make(2026, 11, 20))
#define HOUR 3600

static struct ck_report r;

static struct ck_record_head
head(enum ck_record_state state, int64_t opened, int64_t closed)
{
	return (struct ck_record_head){
		.state = state, .opened = opened, .touched = closed, .closed = closed
	};
}

static const char *
outcome(enum ck_record_state state, int64_t opened, int64_t closed)
{
	struct ck_record_head h = head(state, opened, closed);

	return ck_report_outcome(&r, &h);
}

static void
add(enum ck_record_state state, int64_t opened, int64_t closed)
{
	struct ck_record_head h = head(state, opened, closed);
	struct ck_err err = { 0 };

	if (ck_report_add(&r, &h, &err) == -1)
		T(false, "added");
}

static void
outcomes(void)
{
	struct ck_record_head parked = { .state = CK_RECORD_PARKED };

	T_STR(outcome(CK_RECORD_DONE, DAY, DAY + CK_DAY_S - 1), "done", "in the last second");
	T_STR(outcome(CK_RECORD_DONE, DAY, DAY + CK_DAY_S), "open", "a second later it was open");
	T_STR(outcome(CK_RECORD_ABANDONED, DAY, DAY + HOUR), "abandoned", "abandoned");
	T_STR(
	    outcome(CK_RECORD_ABANDONED, DAY, DAY + 2 * CK_DAY_S), "open", "abandoned days later");
	T_STR(outcome(CK_RECORD_REFUSED, DAY, DAY), "refused", "refused");
	T_STR(outcome(CK_RECORD_OPEN, DAY, 0), "open", "open");
	parked.since = DAY + HOUR;
	T_STR(ck_report_outcome(&r, &parked), "parked", "parked");
	parked.since = DAY + CK_DAY_S;
	T_STR(ck_report_outcome(&r, &parked), "open", "parked the day after");
}

static void
figures(void)
{
	T(ck_report_median(&r) == -1, "of nothing there is no median");
	/* midnight, the hour before noon, the last of the day, by China's clock */
	add(CK_RECORD_DONE, DAY - 600, DAY);
	add(CK_RECORD_DONE, DAY + 11 * HOUR, DAY + 11 * HOUR + 119);
	T(ck_report_median(&r) == 6, "of two, the mean of both: 10 and 2 minutes");
	add(CK_RECORD_DONE, DAY + 23 * HOUR, DAY + 23 * HOUR + 59 * 60);
	T(ck_report_median(&r) == 10, "of three, the one between");
	T(r.by_hour[0] == 1 && r.by_hour[11] == 1 && r.by_hour[23] == 1, "each in its hour");
	add(CK_RECORD_DONE, DAY + HOUR, DAY + CK_DAY_S);
	add(CK_RECORD_OPEN, DAY, 0);
	add(CK_RECORD_ABANDONED, DAY, DAY + 1);
	add(CK_RECORD_REFUSED, DAY, DAY + 1);
	T(r.done == 3 && r.open == 2 && r.abandoned == 1 && r.refused == 1 && r.parked == 0 &&
		r.total == 7,
	    "each counted once");
	add(CK_RECORD_DONE, DAY + HOUR, DAY + HOUR - 3000);
	T(r.minutes[3] == 0 && r.by_hour[0] == 2, "a clock set back: no time at all");
	for (int i = 0; i < 1000; i++)
		add(CK_RECORD_DONE, DAY, DAY + 60);
	T(r.done == 1004 && r.by_hour[0] == 1002 && ck_report_median(&r) == 1, "a thousand");
	ck_report_free(&r);
}

int
main(void)
{
	r = (struct ck_report){ .from = DAY, .to = DAY + CK_DAY_S };
	outcomes();
	figures();
	return T_END();
}
