/*
 * Does anybody vouch for our clock? What is wiped or purged does not come back, and a clock that is
 * ahead would do it too early: a desk of the site tells the time first. One that is behind only
 * does it later.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "walk/visit.h"

/* an id as PROTOCOL.desk, 1 allows it, of no lease: the answer is the time alone */
#define NO_LEASE "-"

static int
ask_desk(struct ck_visit *v, struct ck_lease *told, struct ck_err *err)
{
	int asked = -1;

	ck_busy_net(v);
	if (ck_visit_connect(v, err) == 0)
		asked = ck_desk_query(v->desk, CK_QUERY_LEASE, NO_LEASE, told, err);
	ck_visit_disconnect(v);
	return asked;
}

static int
ask_desks(struct ck_visit *v, struct ck_lease *told, struct ck_err *err)
{
	struct ck_err silent = { 0 };

	for (size_t i = 0; i < v->site->n_systems; i++) {
		struct ck_err no = { 0 };

		v->system = &v->site->systems[i];
		if (ask_desk(v, told, &no) != -1)
			return ck_now() <= told->now ? 0 : ck_visit_judge_clock(v, told->now, err);
		ck_fail_native(&silent, no.code, no.native, "%s: %s", v->system->id, no.detail);
	}
	return ck_fail_native(err, silent.code, silent.native, "%s", silent.detail);
}

int
ck_desks_vouch(const struct ck_site *site, struct ck_link *link, struct ck_err *err)
{
	struct ck_lease *told = calloc(1, sizeof *told);
	struct ck_visit *v = calloc(1, sizeof *v);
	int r = -1;

	if (told == NULL || v == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "clock");
		goto out;
	}
	v->site = site;
	v->talk.link = link;
	r = ask_desks(v, told, err);
out:
	ck_visit_close(v);
	free(told);
	return r;
}
