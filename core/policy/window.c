#include "policy/window.h"

#define MONTHS_IN_YEAR 12

ck_day
ck_day_add(ck_day day, enum ck_unit unit, int n)
{
	switch (unit) {
	case CK_UNIT_YEARS:
		return ck_day_add_months(day, n * MONTHS_IN_YEAR);
	case CK_UNIT_MONTHS:
		return ck_day_add_months(day, n);
	default:
		return day + n;
	}
}

struct ck_window
ck_window_of(const struct ck_policy *p, const struct ck_cert_facts *f)
{
	ck_day end = ck_day_of(f->not_after);
	bool any = p->before == CK_BEFORE_ANY;

	return (struct ck_window){
		.first = any ? ck_day_of(f->not_before) : ck_day_add(end, p->unit, -p->before),
		.last = p->ends_with_certificate ? end : ck_day_add(end, p->unit, p->after),
		.has_end = p->ends_with_certificate,
		.end = f->not_after,
	};
}

bool
ck_moment_read(const char *text, struct ck_moment *out)
{
	struct ck_moment m = { 0 };

	m.whole_day = ck_date_read(text, &m.day);
	if (!m.whole_day && !ck_time_read(text, &m.at))
		return false;
	*out = m;
	return true;
}

void
ck_moment_text(struct ck_moment m, char out[CK_TIME_LEN])
{
	if (m.whole_day)
		ck_date_text(m.day, out);
	else
		ck_time_text(m.at, out);
}

static ck_day
day_of(struct ck_moment m)
{
	return m.whole_day ? m.day : ck_day_of(m.at);
}

bool
ck_moment_before(struct ck_moment m, ck_day day)
{
	return day_of(m) < day;
}

bool
ck_moment_before_instant(struct ck_moment m, int64_t t)
{
	return m.whole_day ? m.day < ck_day_of(t) : m.at < t;
}

bool
ck_moment_past(struct ck_moment m, const struct ck_window *w)
{
	return day_of(m) > w->last || (w->has_end && !m.whole_day && m.at > w->end);
}
