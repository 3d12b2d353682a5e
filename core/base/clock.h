/*
 * Time, and days as authorities count them: whole calendar days of China Standard Time (UTC+8, no
 * summer time), first and last day included. Nothing else in the tree asks the system for the time.
 */
#ifndef CK_CLOCK_H
#define CK_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int64_t ck_now(void);	  /* seconds since 1970, UTC */
int64_t ck_mono_ms(void); /* for durations and deadlines only */
/* the same, where another process lives by it: a test that lets time pass here does not there */
int64_t ck_shared_ms(void);

#define CK_DAY_S 86400 /* China has no summer time, and POSIX no leap seconds */

/* A day is its number since 1970-01-01 in China. */
typedef int32_t ck_day;
ck_day ck_day_of(int64_t t);
int64_t ck_day_start(ck_day); /* its first second; the day ends before ck_day_start(day + 1) */
ck_day ck_day_make(int y, int m, int d); /* m 1..12, d 1..31 of that month */
void ck_day_split(ck_day, int *y, int *m, int *d);
/* n months on or back; 31 March - 1 month = 28 or 29 February */
ck_day ck_day_add_months(ck_day, int n);

#define CK_DATE_LEN 11 /* 2026-11-20 */
#define CK_TIME_LEN 26 /* 2026-11-20T10:32:00+08:00 */
void ck_date_text(ck_day, char out[CK_DATE_LEN]);
void ck_time_text(int64_t, char out[CK_TIME_LEN]); /* China's time */

/* "2026-11-20"; false for anything else, also for days no month has */
bool ck_date_read(const char *, ck_day *);
/* "2026-11-20T10:32:00+08:00", "…Z", "T" or a blank between; a zone is required */
bool ck_time_read(const char *, int64_t *);

#endif
