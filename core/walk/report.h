/* What a counter did between two moments: the figures, from the heads of the records alone. Pure.
 */
#ifndef CK_REPORT_H
#define CK_REPORT_H

#include <stddef.h>

#include "certkiosk/record.h"

struct ck_report {
	int64_t from, to;
	int64_t done, parked, abandoned, refused, open, total;
	int64_t by_hour[24]; /* those done, by the hour of China in which they were */
	/* minutes from the beginning to the end of each that was done */
	int64_t *minutes; /* ck_report_free */
	size_t cap;
};

/* How it stood at the end of that time: the state of one that was closed by then, "parked", or
 * "open". */
const char *ck_report_outcome(const struct ck_report *, const struct ck_record_head *);
int ck_report_add(struct ck_report *, const struct ck_record_head *, struct ck_err *);
/* of those done; -1: none was. Puts them in order. */
int64_t ck_report_median(struct ck_report *);
void ck_report_free(struct ck_report *);

#endif
