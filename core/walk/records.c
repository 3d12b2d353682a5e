/*
 * Records as lists show them. What is sealed in them is opened only for who asks for it: a list
 * with names, or a search, which compares and tells no more than the list would.
 */
#include "walk/records.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "walk/batch.h"
#include "walk/paper.h"
#include "walk/parked.h"
#include "walk/search.h"
#include "walk/service.h"
#include "walk/show.h"
#include "walk/visit.h"

/* a person looks through no more; a search that finds more has to be a better one */
#define FOUND_MAX 200

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

/* ---- a row ---- */

json_t *
ck_record_json(const struct ck_record_head *h, const char *station, int deadline_days)
{
	int64_t deadline = h->closed == 0 ? ck_deadline(h, deadline_days, ck_now()) : 0;

	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}",
	    "record", h->number, "system", h->system, "way", h->way, "clerk", h->clerk, "state",
	    ck_record_state_names[h->state], "station", station, "opened", ck_time_json(h->opened),
	    "touched", ck_time_json(h->touched), "closed", ck_time_json(h->closed), "reason",
	    h->reason, "since", ck_time_json(h->since), "next", ck_time_json(h->next), "deadline",
	    ck_time_json(deadline));
}

/* Where an open one stopped, as whoever comes back is told. Without its system's rules nobody knows
 * more than its last line. */
static const char *
station_of(struct ck_store *store, const struct ck_record_head *h, const struct ck_policy *policy)
{
	int way = ck_way_from(h->way);
	struct ck_record *record = NULL;
	const char *station = h->station;
	struct ck_err unread = { 0 };
	struct ck_progress done;
	struct ck_rules rules;

	if (h->closed != 0 || way == -1 || policy == NULL ||
	    ck_record_find(store, "number", h->number, &record, &unread) != 1)
		return station;
	rules = ck_rules_of(policy, (enum ck_way)way);
	ck_progress_of(record, &done);
	if (!done.closed) /* meanwhile */
		station = ck_station_name(ck_stopped_at(&done, &rules));
	ck_record_free(record);
	return station;
}

json_t *
ck_record_row(const struct ck_site *site, struct ck_store *store, const struct ck_record_head *h,
    const struct ck_policy *policy)
{
	/* a system this site has no more has no deadline, nor has an application */
	json_t *row = ck_record_json(h, station_of(store, h, policy),
	    policy != NULL && !ck_is_service(h) ? policy->deadline_days : 0);
	char slip[CK_SLIP_MAX];
	struct ck_err unread = { 0 };
	struct ck_form form;

	if (h->closed == 0 && ck_slip_make(site->kiosk, h->number, slip))
		json_object_set_new(row, "slip", json_string(slip));
	if (ck_form_of(store, h->number, &form, &unread) == 1)
		ck_form_tell(&form, row);
	return row;
}

/* ---- what is sealed ---- */

enum part { SERIAL, LABEL, ENVELOPE, ORDER, HOLDER };

struct sealed {
	bool there;
	char text[CK_NAME_MAX];
};

struct list {
	const struct ck_site *site;
	struct ck_talk *talk;
	struct ck_store *store;
	struct ck_policy policy; /* of the last row: most have the same */
	bool all, names, searched, more;
	struct ck_sought sought;
	int64_t limit, n;
	struct ck_err first; /* why something sealed did not open; the others are listed */
};

static void
take(struct sealed *s, const char *from)
{
	ck_clean_str(s->text, sizeof s->text, from);
	s->there = true;
}

/* Of the certificate that is renewed; a record of an earlier version of the program has no other.
 */
static void
take_holder(struct sealed *s, const unsigned char *cert, size_t n)
{
	struct ck_err unreadable = { 0 };
	struct ck_cert_facts f;

	if (ck_cert_read(cert, n, &f, &unreadable) == 0)
		take(s, f.name);
}

static int
get(struct list *l, const struct ck_record_head *h, int item, const char *name, unsigned char **p,
    size_t *n)
{
	struct ck_err err = { 0 };
	int found = ck_store_fact(l->store, h, item, name, p, n, &err);

	if (found == -1 && l->first.code == CK_E_NONE)
		l->first = err;
	return found;
}

static void
unseal(struct list *l, const struct ck_record_head *h, enum part part, struct sealed *s)
{
	static const struct {
		int item;
		const char *name;
	} facts[] = {
		[SERIAL] = { CK_ITEM_RECORD, "key" }, /* MODULE|SERIAL */
		[LABEL] = { 0, "key-label" },
		[ENVELOPE] = { 0, "envelope" },
		[ORDER] = { 0, "order" },
		[HOLDER] = { 0, "holder" },
	};
	unsigned char *p = NULL;
	const char *bar;
	size_t n = 0;

	*s = (struct sealed){ .there = false };
	if (get(l, h, facts[part].item, facts[part].name, &p, &n) == 1) {
		bar = part == SERIAL ? strrchr((char *)p, '|') : NULL;
		take(s, bar != NULL ? bar + 1 : (char *)p);
	} else if (part == HOLDER && get(l, h, 0, "old-cert", &p, &n) == 1) {
		take_holder(s, p, n);
	}
	OPENSSL_clear_free(p, n);
}

static json_t *
sealed_json(struct list *l, const struct ck_record_head *h, enum part part)
{
	struct sealed s;

	unseal(l, h, part, &s);
	return s.there ? json_string(s.text) : json_null();
}

/* ---- is it meant? ---- */

static bool
fits(struct list *l, const struct ck_record_head *h)
{
	static bool (*const by[])(const struct ck_sought *, const char *) = {
		[SERIAL] = ck_sought_in,
		[LABEL] = ck_sought_in,
		[ENVELOPE] = ck_sought_is,
		[ORDER] = ck_sought_is,
		[HOLDER] = ck_sought_name,
	};
	const struct ck_sought *sought = &l->sought;
	struct sealed s;

	if (strcmp(h->number, sought->number) == 0 ||
	    (sought->part[0] != '\0' && strstr(h->number, sought->part) != NULL))
		return true;
	if (sought->number[0] != '\0' || (h->closed != 0 && h->wipe == 0))
		return false;
	for (enum part part = SERIAL; part <= (l->names ? HOLDER : ORDER); part++) {
		unseal(l, h, part, &s);
		if (s.there && by[part](sought, s.text))
			return true;
	}
	return false;
}

/* ---- the list ---- */

static json_t *
row_of(struct list *l, const struct ck_record_head *h)
{
	struct ck_err unknown = { 0 };
	bool ruled = strcmp(l->policy.id, h->system) == 0 ||
		     ck_policy_find(l->site->systems_dir, h->system, &l->policy, &unknown) == 0;
	json_t *row = ck_record_row(l->site, l->store, h, ruled ? &l->policy : NULL);

	if (!ruled)
		l->policy.id[0] = '\0';
	if (l->names) {
		json_object_set_new(row, "name", sealed_json(l, h, HOLDER));
		json_object_set_new(row, "key_label", sealed_json(l, h, LABEL));
		json_object_set_new(row, "key_serial", sealed_json(l, h, SERIAL));
	}
	return row;
}

static int
list_one(void *u, const struct ck_record_head *h)
{
	struct list *l = u;

	if (ck_is_batch(h) || (l->searched && !fits(l, h)))
		return 0;
	l->more = l->limit > 0 && l->n == l->limit;
	if (l->more)
		return 1;
	l->n++;
	ck_talk_row(l->talk, row_of(l, h));
	return 0;
}

static int
walk(struct list *l, struct ck_err *err)
{
	const char *part = l->sought.number[0] != '\0' ? l->sought.number
			   : l->sought.part[0] != '\0' ? l->sought.part
						       : NULL;
	int r;

	if (l->searched && l->sought.elsewhere)
		return 0;
	r = l->searched ? ck_store_each_held(l->store, part, list_one, l, err)
			: ck_store_each(l->store, !l->all, list_one, l, err);
	return r == -1 ? -1 : 0;
}

static int
read_order(struct list *l, const json_t *order, struct ck_err *err)
{
	const json_t *limit = json_object_get(order, "limit");
	const char *search = text(order, "search");

	l->all = json_is_true(json_object_get(order, "all"));
	l->names = json_is_true(json_object_get(order, "names"));
	l->searched = search != NULL;
	l->limit = json_is_integer(limit) ? json_integer_value(limit)
		   : search != NULL	  ? FOUND_MAX
					  : 0;
	if (l->limit < 0)
		return ck_fail(err, CK_E_USAGE, "limit");
	return search != NULL ? ck_sought_read(&l->sought, l->site->kiosk, search, err) : 0;
}

enum ck_outcome
ck_show_records(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct list *l = calloc(1, sizeof *l);
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };
	json_t *facts = NULL;

	if (l == NULL) {
		ck_fail(&err, CK_E_NO_MEMORY, "records");
		goto out;
	}
	l->site = site;
	l->talk = &talk;
	if (read_order(l, order, &err) == -1 || ck_store_open(&site->store, &store, &err) == -1)
		goto out;
	l->store = store;
	if (walk(l, &err) == 0) {
		facts = json_pack("{s:I, s:b}", "records", (json_int_t)l->n, "more", l->more);
		err = l->first;
	}
out:
	free(l);
	return ck_end_of_list(&talk, store, facts, &err);
}

/* ---- the lines of one ---- */

static int
row_of_line(void *u, const struct ck_line_row *l)
{
	ck_talk_row(u, json_pack("{s:o, s:s, s:s, s:s}", "at", ck_time_json(l->at), "station",
			   l->station, "mark", l->mark, "text", l->text));
	return 0;
}

enum ck_outcome
ck_show_record(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	const char *number = text(order, "record");
	struct ck_store *store = NULL;
	struct ck_record *record = NULL;
	struct ck_err err = { 0 };
	int found;

	if (ck_store_open(&site->store, &store, &err) == -1)
		goto out;
	found = number != NULL ? ck_record_find(store, "number", number, &record, &err) : 0;
	if (found == 0)
		ck_no_record(store, number != NULL ? number : "", &err);
	if (found == 1)
		ck_record_lines(record, row_of_line, &talk, &err);
out:
	ck_record_free(record);
	return ck_end_of_list(&talk, store, NULL, &err);
}
