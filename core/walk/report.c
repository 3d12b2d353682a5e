#include "walk/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/batch.h"
#include "walk/show.h"
#include "walk/service.h"

#define HOUR_S 3600
#define MINUTE_S 60
#define MORE 256 /* minutes to make room for at once: a counter's day */

/* ---- figures ---- */

/* One that was parked later, or has been touched since, was open then as far as its head tells. */
const char *
ck_report_outcome(const struct ck_report *r, const struct ck_record_head *h)
{
	if (h->closed != 0 && h->closed < r->to)
		return ck_record_state_names[h->state];
	if (h->state == CK_RECORD_PARKED && h->since < r->to)
		return ck_record_state_names[CK_RECORD_PARKED];
	return ck_record_state_names[CK_RECORD_OPEN];
}

static int
add_done(struct ck_report *r, const struct ck_record_head *h, struct ck_err *err)
{
	int64_t *more;

	if ((size_t)r->done == r->cap) {
		more = realloc(r->minutes, (r->cap + MORE) * sizeof *more);
		if (more == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "report");
		r->minutes = more;
		r->cap += MORE;
	}
	/* a clock that was set back in between */
	r->minutes[r->done++] =
	    h->closed > h->opened ? (h->closed - h->opened + MINUTE_S / 2) / MINUTE_S : 0;
	r->by_hour[(h->closed - ck_day_start(ck_day_of(h->closed))) / HOUR_S]++;
	return 0;
}

int
ck_report_add(struct ck_report *r, const struct ck_record_head *h, struct ck_err *err)
{
	const char *outcome = ck_report_outcome(r, h);
	int64_t *of[] = {
		[CK_RECORD_OPEN] = &r->open,
		[CK_RECORD_PARKED] = &r->parked,
		[CK_RECORD_REFUSED] = &r->refused,
		[CK_RECORD_ABANDONED] = &r->abandoned,
	};

	r->total++;
	if (strcmp(outcome, ck_record_state_names[CK_RECORD_DONE]) == 0)
		return add_done(r, h, err);
	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		if (of[i] != NULL && strcmp(outcome, ck_record_state_names[i]) == 0)
			++*of[i];
	return 0;
}

static int
by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t
ck_report_median(struct ck_report *r)
{
	size_t n = (size_t)r->done;

	if (n == 0)
		return -1;
	qsort(r->minutes, n, sizeof *r->minutes, by_size);
	return n % 2 == 1 ? r->minutes[n / 2] : (r->minutes[n / 2 - 1] + r->minutes[n / 2]) / 2;
}

void
ck_report_free(struct ck_report *r)
{
	free(r->minutes);
	r->minutes = NULL;
	r->cap = 0;
}

/* ---- the rows ---- */

struct shown {
	struct ck_talk talk;
	struct ck_report report;
	const char *clerk; /* NULL: of all */
	struct ck_err err;
};

static int
row_of(void *u, const struct ck_record_head *h)
{
	struct shown *s = u;

	if (ck_is_batch(h) || ck_is_service(h) ||
	    (s->clerk != NULL && strcmp(s->clerk, h->clerk) != 0))
		return 0;
	if (ck_report_add(&s->report, h, &s->err) == -1)
		return 1;
	ck_talk_row(&s->talk,
	    json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "record", h->number, "system",
		h->system, "way", h->way, "clerk", h->clerk, "state",
		ck_record_state_names[h->state], "opened", ck_time_json(h->opened), "closed",
		ck_time_json(h->closed), "outcome", ck_report_outcome(&s->report, h)));
	return 0;
}

static json_t *
figures(struct ck_report *r)
{
	int64_t median = ck_report_median(r);
	json_t *hours = json_array();

	for (size_t i = 0; i < sizeof r->by_hour / sizeof *r->by_hour; i++)
		json_array_append_new(hours, json_integer(r->by_hour[i]));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "done", (json_int_t)r->done,
	    "parked", (json_int_t)r->parked, "abandoned", (json_int_t)r->abandoned, "refused",
	    (json_int_t)r->refused, "open", (json_int_t)r->open, "total", (json_int_t)r->total,
	    "by_hour", hours, "minutes_median", median >= 0 ? json_integer(median) : json_null());
}

static int
read_time(const json_t *order, const char *name, int64_t *at, struct ck_err *err)
{
	const char *text = json_string_value(json_object_get(order, name));

	if (text != NULL && ck_time_read(text, at))
		return 0;
	return ck_fail(err, CK_E_USAGE, "%s: 2026-11-20T00:00:00+08:00", name);
}

enum ck_outcome
ck_show_report(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct shown s = {
		.talk = { .link = link },
		.clerk = json_string_value(json_object_get(order, "clerk")),
	};
	struct ck_report *r = &s.report;
	struct ck_store *store = NULL;
	json_t *facts = NULL;

	if (read_time(order, "from", &r->from, &s.err) == 0 &&
	    read_time(order, "to", &r->to, &s.err) == 0 &&
	    ck_store_open(&site->store, &store, &s.err) == 0 &&
	    ck_store_each_between(store, r->from, r->to, row_of, &s, &s.err) != -1 &&
	    s.err.code == CK_E_NONE)
		facts = figures(r);
	ck_report_free(r);
	return ck_end_of_list(&s.talk, store, facts, &s.err);
}
