/* Days in China, months that clamp, and times that are written down. */
#include "t.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"

static int64_t
at(const char *text)
{
	int64_t t = -1;

	if (!ck_time_read(text, &t))
		printf("#   cannot read %s\n", text);
	return t;
}

static void
day_text(int64_t t, const char *want, const char *name)
{
	char text[CK_DATE_LEN];

	ck_date_text(ck_day_of(t), text);
	T_STR(text, want, "%s", name);
}

static void
midnight(void)
{
	ck_day day = ck_day_make(2026, 11, 20);

	day_text(at("2026-11-19T15:59:59Z"), "2026-11-19", "one second before midnight in China");
	day_text(at("2026-11-19T16:00:00Z"), "2026-11-20", "midnight in China");
	day_text(at("2026-11-20T15:59:59Z"), "2026-11-20", "last second of the day");
	day_text(0, "1970-01-01", "the epoch is 8 o'clock in China");
	day_text(-8 * 3600, "1970-01-01", "first second of that day");
	day_text(-8 * 3600 - 1, "1969-12-31", "the second before");
	T(ck_day_start(day) == at("2026-11-19T16:00:00Z"), "a day starts at midnight in China");
	T(ck_day_of(ck_day_start(day)) == day && ck_day_of(ck_day_start(day) - 1) == day - 1 &&
		ck_day_of(ck_day_start(day + 1) - 1) == day,
	    "first and last second belong to the day");
	/* Shanghai had summer time from 1986 to 1991; authorities count plain UTC+8 */
	day_text(at("1988-07-01T15:30:00Z"), "1988-07-01", "no summer time");
}

/* every day of 301 years against the C library's own calendar, in UTC */
static void
calendar(void)
{
	int wrong = 0;
	ck_day first = ck_day_make(1900, 1, 1), last = ck_day_make(2200, 12, 31);

	T(first == -25567 && last == 84370, "1900-01-01 and 2200-12-31 by their numbers");
	for (ck_day day = first; day <= last; day++) {
		time_t t = (time_t)day * 86400;
		struct tm tm = { 0 };
		int y = 0, m = 0, d = 0;

		gmtime_r(&t, &tm);
		ck_day_split(day, &y, &m, &d);
		wrong += y != tm.tm_year + 1900 || m != tm.tm_mon + 1 || d != tm.tm_mday ||
			 ck_day_make(y, m, d) != day;
	}
	T(wrong == 0, "every day from 1900 to 2200");
}

static void
months(const char *from, int n, const char *want)
{
	char text[CK_DATE_LEN] = "";
	ck_day day = 0;

	T(ck_date_read(from, &day), "%s is a date", from);
	ck_date_text(ck_day_add_months(day, n), text);
	T_STR(text, want, "%s %+d months", from, n);
}

static void
adding_months(void)
{
	months("2028-03-31", -1, "2028-02-29");
	months("2027-03-31", -1, "2027-02-28");
	months("2100-03-31", -1, "2100-02-28");
	months("2000-03-31", -1, "2000-02-29");
	months("2026-11-20", 1, "2026-12-20");
	months("2026-12-31", 1, "2027-01-31");
	months("2026-01-31", 1, "2026-02-28");
	months("2026-01-15", -1, "2025-12-15");
	months("2026-05-31", 6, "2026-11-30");
	months("2024-02-29", 12, "2025-02-28");
	months("2024-02-29", -48, "2020-02-29");
	months("1970-01-31", -2, "1969-11-30");
	months("2026-07-31", 0, "2026-07-31");
}

static void
reading_dates(void)
{
	static const char *const bad[] = { "", "2026", "2026-2-3", "2026-02-30", "2027-02-29",
		"2100-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",
		"2026-01-01 ", " 2026-01-01", "2026/01/01", "02026-01-01", "+026-01-01",
		"2026-01-0a", "2026-01-01T00:00:00Z" };
	ck_day day = 12345;

	T(ck_date_read("2028-02-29", &day) && day == ck_day_make(2028, 2, 29), "a leap day");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		day = 12345;
		T(!ck_date_read(bad[i], &day) && day == 12345, "not a date: \"%s\"", bad[i]);
	}
	T(!ck_date_read(NULL, &day), "no date at all");
}

static void
reading_times(void)
{
	static const char *const bad[] = { "", "2026-11-20", "2026-11-20T10:32:00",
		"2026-11-20T10:32", "2026-11-20T24:00:00Z", "2026-11-20T10:60:00Z",
		"2026-11-20T10:32:60Z", "2026-02-30T10:32:00Z", "2026-11-20T10:32:00z",
		"2026-11-20T10:32:00+8", "2026-11-20T10:32:00+08", "2026-11-20T10:32:00+15:00",
		"2026-11-20T10:32:00+08:60", "2026-11-20T10:32:00Z ", "2026-11-20T10:32:00ZZ",
		"2026-11-20T10:32:00.5Z", "2026-11-20  10:32:00Z", "2026-11-20T10:32:Z",
		"2026-11-20T1:32:00Z" };
	int64_t t = 77;

	T(at("1970-01-01T00:00:00Z") == 0, "the epoch");
	T(at("2026-11-20T02:32:00Z") == 1795141920, "a time by its number");
	T(at("2026-11-20T10:32:00+08:00") == at("2026-11-20T02:32:00Z"), "+08:00");
	T(at("2026-11-20 10:32:00+0800") == at("2026-11-20T02:32:00Z"), "a blank, and +0800");
	T(at("2026-11-20T10:32+08:00") == at("2026-11-20T02:32:00Z"), "without seconds");
	T(at("2026-11-19T21:02:00-05:30") == at("2026-11-20T02:32:00Z"), "west of Greenwich");
	T(at("2028-02-29T23:59:59Z") + 1 == at("2028-03-01T00:00:00Z"), "a leap day's last second");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		T(!ck_time_read(bad[i], &t) && t == 77, "not a time: \"%s\"", bad[i]);
	T(!ck_time_read(NULL, &t), "no time at all");
}

static void
time_text(int64_t t, const char *want, const char *name)
{
	char text[CK_TIME_LEN];

	ck_time_text(t, text);
	T_STR(text, want, "%s", name);
}

static void
writing(void)
{
	time_text(1795141920, "2026-11-20T10:32:00+08:00", "a time in China");
	time_text(-1, "1970-01-01T07:59:59+08:00", "before the epoch");
	/* RFC 5280 4.1.2.5: no well-defined end */
	time_text(
	    at("9999-12-31T23:59:59Z"), "9999-12-31T23:59:59+08:00", "the end without an end");
	day_text(at("9999-12-31T23:59:59Z"), "9999-12-31", "its day");
	time_text(INT64_C(9000000000000), "9999-12-31T23:59:59+08:00", "a time beyond writing");
}

static void
system_clock(void)
{
	int64_t now = ck_now(), mono = ck_mono_ms();

	T(llabs(now - (int64_t)time(NULL)) <= 2, "now is now");
	T(ck_mono_ms() >= mono && ck_mono_ms() - mono < 60000, "the other clock does not go back");
	setenv("CK_FAULT_CLOCK", "-86400", 1);
	T(llabs(ck_now() + 86400 - now) <= 2, "a test build can be a day behind");
	unsetenv("CK_FAULT_CLOCK");
}

static void
time_passes(void)
{
	char name[] = "/tmp/certkiosk-clock.XXXXXX";
	int fd = mkstemp(name);
	int64_t mono = ck_mono_ms();

	T(fd >= 0 && write(fd, "150000\n", 7) == 7, "a file says that more time has passed");
	setenv("CK_FAULT_MONO", name, 1);
	T(ck_mono_ms() - mono >= 150000 && ck_mono_ms() - mono < 210000, "it has");
	unlink(name);
	T(ck_mono_ms() - mono < 60000, "without it, it has not");
	unsetenv("CK_FAULT_MONO");
	close(fd);
}

int
main(void)
{
	midnight();
	calendar();
	adding_months();
	reading_dates();
	reading_times();
	writing();
	system_clock();
	time_passes();
	return T_END();
}
