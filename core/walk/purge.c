/* certkiosk records purge: closed records go, older than is said or than their systems' policies
 * say. */
#include "base/clock.h"
#include "walk/show.h"

/* our own work on some of them, and the disk's */
#define SOME_S 60

struct purge {
	struct ck_talk talk;
	struct ck_store *store;
	int64_t count;
};

static int
purge(struct purge *p, const char *system, ck_day before, struct ck_err *err)
{
	int64_t after = 0;
	int more = 1;

	while (more == 1) {
		ck_talk_busy(&p->talk, CK_BUSY_STORE, SOME_S);
		more =
		    ck_store_purge(p->store, system, ck_day_start(before), &after, &p->count, err);
	}
	return more;
}

/* Each system's as its policy says; 0 days: for good. */
static int
by_policy(struct purge *p, const struct ck_site *site, ck_day today, struct ck_err *err)
{
	struct ck_policy policy;

	for (size_t i = 0; i < site->n_systems; i++) {
		const char *id = site->systems[i].id;

		if (ck_policy_find(site->systems_dir, id, &policy, err) == -1)
			return -1;
		if (policy.keep_days > 0 && purge(p, id, today - policy.keep_days, err) == -1)
			return -1;
	}
	return 0;
}

enum ck_outcome
ck_purge(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct purge p = { .talk = { .link = link } };
	const char *day = json_string_value(json_object_get(order, "before"));
	const json_t *days = json_object_get(order, "older_than");
	struct ck_err err = { 0 };
	ck_day today = ck_day_of(ck_now()), before = 0;
	json_t *facts = NULL;
	int rc, tidy = -1;

	if (day != NULL && !ck_date_read(day, &before)) {
		ck_fail(&err, CK_E_USAGE, "--before: 2026-11-20");
		goto out;
	}
	if (json_is_integer(days))
		before = today - (ck_day)json_integer_value(days);
	if (ck_store_open(&site->store, &p.store, &err) == -1)
		goto out;
	rc = day != NULL || json_is_integer(days) ? purge(&p, NULL, before, &err)
						  : by_policy(&p, site, today, &err);
	if (rc == 0)
		tidy = ck_store_tidy(p.store, &err);
	facts = json_pack("{s:I, s:b}", "purged", (json_int_t)p.count, "tidy", tidy == 1);
out:
	return ck_end_of_list(&p.talk, p.store, facts, &err);
}
