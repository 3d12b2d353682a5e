#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/fault.h"

#define CHINA_S \
	(8 * 3600)	/* UTC+8 all year; the zone files' Shanghai has summer times until 1991 */
#define EPOCH 719468	/* days from 1 March of year 0 to 1970-01-01 */
#define ERA_DAYS 146097 /* 400 years */

/* What four digits can write. RFC 5280 4.1.2.5 ends "no end" certificates in 99991231235959Z, which
 * is the year 10000 in China. */
#define LAST_YEAR 9999

int64_t
ck_now(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_REALTIME, &t);
#ifdef CK_TEST
	t.tv_sec += ck_fault_clock();
#endif
	return t.tv_sec;
}

int64_t
ck_shared_ms(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
ck_mono_ms(void)
{
	int64_t ahead = 0;

#ifdef CK_TEST
	ahead = ck_fault_mono();
#endif
	return ahead + ck_shared_ms();
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

ck_day
ck_day_of(int64_t t)
{
	return (ck_day)floor_div(t + CHINA_S, CK_DAY_S);
}

int64_t
ck_day_start(ck_day day)
{
	return (int64_t)day * CK_DAY_S - CHINA_S;
}

/* Years begin in March here, so that the leap day is a year's last and months have a fixed pattern:
 * (153 m + 2) / 5 days lie before the m-th month from March. */
ck_day
ck_day_make(int y, int m, int d)
{
	int64_t year = y - (m <= 2), era = floor_div(year, 400);
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;

	return (
	    ck_day)(era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH);
}

void
ck_day_split(ck_day day, int *y, int *m, int *d)
{
	int64_t z = (int64_t)day + EPOCH, era = floor_div(z, ERA_DAYS);
	int64_t in_era = z - era * ERA_DAYS;
	int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
	int64_t month = (5 * in_year + 2) / 153;

	*d = (int)(in_year - (153 * month + 2) / 5 + 1);
	*m = (int)(month < 10 ? month + 3 : month - 9);
	*y = (int)(year + era * 400 + (*m <= 2));
}

static int
month_days(int y, int m)
{
	return (
	    int)(ck_day_make(m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1) - ck_day_make(y, m, 1));
}

ck_day
ck_day_add_months(ck_day day, int n)
{
	int y = 0, m = 0, d = 0, last = 0;
	int64_t months = 0;

	ck_day_split(day, &y, &m, &d);
	months = (int64_t)y * 12 + m - 1 + n;
	y = (int)floor_div(months, 12);
	m = (int)(months - (int64_t)y * 12) + 1;
	last = month_days(y, m);
	return ck_day_make(y, m, d < last ? d : last);
}

/* year, month, day and, of a time, the seconds into that day; held within what can be written */
struct civil {
	int y, m, d, s;
};

static struct civil
civil_of(ck_day day, int s)
{
	struct civil c = { .s = s };

	ck_day_split(day, &c.y, &c.m, &c.d);
	if (c.y > LAST_YEAR)
		c = (struct civil){ LAST_YEAR, 12, 31, CK_DAY_S - 1 };
	if (c.y < 0)
		c = (struct civil){ 0, 1, 1, 0 };
	return c;
}

void
ck_date_text(ck_day day, char out[CK_DATE_LEN])
{
	struct civil c = civil_of(day, 0);

	/* % 10000 and the like tell the compiler what civil_of promises */
	snprintf(out, CK_DATE_LEN, "%04u-%02u-%02u", (unsigned)c.y % 10000, (unsigned)c.m % 100,
	    (unsigned)c.d % 100);
}

void
ck_time_text(int64_t t, char out[CK_TIME_LEN])
{
	ck_day day = ck_day_of(t);
	struct civil c = civil_of(day, (int)(t - ck_day_start(day)));
	unsigned s = (unsigned)c.s % CK_DAY_S;

	snprintf(out, CK_TIME_LEN, "%04u-%02u-%02uT%02u:%02u:%02u+08:00", (unsigned)c.y % 10000,
	    (unsigned)c.m % 100, (unsigned)c.d % 100, s / 3600, s / 60 % 60, s % 60);
}

/* n digits at *s, no more than most; moves on */
static bool
number(const char **s, int n, int most, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return false;
		v = v * 10 + (**s - '0');
	}
	*out = v;
	return v <= most;
}

static bool
letter(const char **s, const char *any_of)
{
	if (**s == '\0' || strchr(any_of, **s) == NULL)
		return false;
	(*s)++;
	return true;
}

static bool
date(const char **s, ck_day *day)
{
	int y = 0, m = 0, d = 0;

	if (!number(s, 4, LAST_YEAR, &y) || !letter(s, "-") || !number(s, 2, 12, &m) ||
	    !letter(s, "-") || !number(s, 2, 31, &d) || m < 1 || d < 1 || d > month_days(y, m))
		return false;
	*day = ck_day_make(y, m, d);
	return true;
}

/* Z, +08:00 or +0800: seconds east of Greenwich; no place is further than 14 hours */
static bool
zone(const char **s, int *east)
{
	bool west = **s == '-';
	int h = 0, m = 0;

	*east = 0;
	if (letter(s, "Z"))
		return true;
	if (!letter(s, "+-") || !number(s, 2, 14, &h))
		return false;
	letter(s, ":");
	if (!number(s, 2, 59, &m))
		return false;
	*east = (h * 3600 + m * 60) * (west ? -1 : 1);
	return true;
}

bool
ck_date_read(const char *s, ck_day *out)
{
	ck_day day = 0;

	if (s == NULL || !date(&s, &day) || *s != '\0')
		return false;
	*out = day;
	return true;
}

bool
ck_time_read(const char *s, int64_t *out)
{
	int h = 0, min = 0, sec = 0, east = 0;
	ck_day day = 0;

	if (s == NULL || !date(&s, &day) || !letter(&s, "T ") || !number(&s, 2, 23, &h) ||
	    !letter(&s, ":") || !number(&s, 2, 59, &min))
		return false;
	if (letter(&s, ":") && !number(&s, 2, 59, &sec))
		return false;
	if (!zone(&s, &east) || *s != '\0')
		return false;
	*out = (int64_t)day * CK_DAY_S + h * 3600 + min * 60 + sec - east;
	return true;
}
