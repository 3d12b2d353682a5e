/*
 * certkiosk records purge: closed records go, older than is said or than their systems' policies
 * say. "Days ago" is counted from a clock that a desk vouches for; a day that was named is a
 * person's own word. A policy that can't be read keeps its own records, not the others'.
 */
#include "base/clock.h"
#include "walk/show.h"
#include "walk/visit.h"

/* our own work on some of them, and the disk's */
#define SOME_S 60

struct purge {
	const struct ck_site *site;
	struct ck_talk talk;
	struct ck_store *store;
	ck_day today;
	int longest;  /* days that any system of the site keeps its own; 0: for good */
	json_t *gone; /* systems of closed records that are not the site's any more */
	int64_t count;
	struct ck_err first; /* why the first of those that were passed over was */
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

/* ---- by policy ---- */

/* 0 days: for good */
static int
purge_kept(struct purge *p, const char *system, int days, struct ck_err *err)
{
	return days > 0 ? purge(p, system, p->today - days, err) : 0;
}

/* Nobody knows how long its records are to be kept: they stay, and the others go. */
static void
pass_over(struct purge *p, const char *system, const struct ck_err *why)
{
	if (p->first.code == CK_E_NONE)
		p->first = *why;
	ck_talk_row(&p->talk, json_pack("{s:s, s:o}", "system", system, "error", ck_err_json(why)));
}

static int
purge_systems(struct purge *p, struct ck_err *err)
{
	struct ck_policy policy;

	for (size_t i = 0; i < p->site->n_systems; i++) {
		const char *id = p->site->systems[i].id;
		struct ck_err no = { 0 };

		if (ck_policy_find(p->site->systems_dir, id, &policy, &no) == -1) {
			pass_over(p, id, &no);
			policy.keep_days = 0;
		} else if (purge_kept(p, id, policy.keep_days, err) == -1) {
			return -1;
		}
		if (i == 0 || policy.keep_days == 0 ||
		    (p->longest != 0 && policy.keep_days > p->longest))
			p->longest = policy.keep_days;
	}
	return 0;
}

static int
note_gone(void *u, const struct ck_record_head *h)
{
	struct purge *p = u;

	if (h->closed == 0 || ck_site_system(p->site, h->system) != NULL)
		return 0;
	return json_object_set_new(p->gone, h->system, json_true());
}

/* A system that was taken out of the site: by its policy where that is still there, else as long as
 * any other. */
static int
purge_gone(struct purge *p, struct ck_err *err)
{
	struct ck_policy policy;
	const char *id;
	json_t *value;

	if (ck_store_each(p->store, false, note_gone, p, err) == -1)
		return -1;
	json_object_foreach(p->gone, id, value)
	{
		struct ck_err no = { 0 };
		int days = p->longest;

		if (ck_policy_find(p->site->systems_dir, id, &policy, &no) == 0)
			days = policy.keep_days;
		if (no.code != CK_E_NONE && no.code != CK_E_SYSTEM_UNKNOWN)
			pass_over(p, id, &no);
		else if (purge_kept(p, id, days, err) == -1)
			return -1;
	}
	return 0;
}

/* ---- the run ---- */

static int
run(struct purge *p, const json_t *order, struct ck_err *err)
{
	const char *day = json_string_value(json_object_get(order, "before"));
	const json_t *days = json_object_get(order, "older_than");
	ck_day before = 0;

	if (day != NULL && !ck_date_read(day, &before))
		return ck_fail(err, CK_E_USAGE, "--before: 2026-11-20");
	if (ck_store_open(&p->site->store, &p->store, err) == -1)
		return -1;
	if (day != NULL)
		return purge(p, NULL, before, err);
	if (ck_desks_vouch(p->site, p->talk.link, err) == -1)
		return -1;
	if (json_is_integer(days))
		return purge(p, NULL, p->today - (ck_day)json_integer_value(days), err);
	return purge_systems(p, err) == 0 ? purge_gone(p, err) : -1;
}

enum ck_outcome
ck_purge(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct purge p = { .site = site,
		.talk = { .link = link },
		.today = ck_day_of(ck_now()),
		.gone = json_object() };
	struct ck_err err = { 0 };
	json_t *facts = NULL;
	int tidy = -1;

	if (run(&p, order, &err) == 0)
		tidy = ck_store_tidy(p.store, &err);
	/* some went before a failure, too; of none there is nothing to tell */
	if (tidy != -1 || p.count > 0)
		facts = json_pack("{s:I, s:b}", "purged", (json_int_t)p.count, "tidy", tidy == 1);
	if (err.code == CK_E_NONE)
		err = p.first;
	json_decref(p.gone);
	return ck_end_of_list(&p.talk, p.store, facts, &err);
}
