/* certkiosk batch: one is begun; those there are; and what became of the keys of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/batch.h"
#include "walk/own.h"
#include "walk/paper.h"
#include "walk/show.h"

#define COLUMN_MAX 32

static const char *
text(const json_t *order, const char *name)
{
	return json_string_value(json_object_get(order, name));
}

/* ---- one is begun ---- */

/* The clerk's own that is still open: one without a key makes way, another has to be ended. */
static int
make_way(struct ck_visit *v, const char *key, struct ck_err *err)
{
	struct ck_line last = { .station = CK_BATCH_WAY,
		.mark = CK_DONE,
		.text = "ended without a key",
		.ledger = true };
	struct ck_record *batch = NULL;
	json_t *rows = NULL;
	int found = ck_record_find(v->store, "key", key, &batch, err), rc = -1;

	if (found != 1)
		return found;
	if ((rows = ck_batch_rows(v->site, v->store, batch, err)) != NULL)
		rc = json_array_size(rows) > 0
			 ? ck_fail(err, CK_E_BATCH_OPEN, "%s", ck_record_head(batch)->number)
			 : ck_record_close(batch, CK_RECORD_ABANDONED, &last, err);
	json_decref(rows);
	ck_record_free(batch);
	return rc;
}

static int
judge(struct ck_visit *v, const json_t *order, struct ck_err *err)
{
	const char *system = text(order, "system"), *way = text(order, "way");
	int which = way != NULL ? ck_way_from(way) : -1;

	if (v->clerk == NULL)
		return ck_fail(err, CK_E_CLERK_NEEDED, "batch");
	if (system == NULL || which == -1)
		return ck_fail(err, CK_E_USAGE, "system, way");
	if (ck_visit_take_system(v, system, err) == -1)
		return -1;
	/* each download has codes of its own */
	if (!v->policy.ways[which] || which == CK_WAY_DOWNLOAD)
		return ck_fail(err, CK_E_WAY_NOT_OFFERED, "%s: %s", system, way);
	return 0;
}

static int
begin(struct ck_visit *v, const char *way, struct ck_err *err)
{
	char key[CK_KEY_NAME_MAX];
	struct ck_fact fact = ck_text_fact("way", way, 0);
	struct ck_line line = { .station = CK_BATCH_WAY,
		.mark = CK_DONE,
		.text = "a unit's keys in a row",
		.ledger = true,
		.facts = &fact,
		.n_facts = 1 };

	/* in the place of a key: no module is called so */
	snprintf(key, sizeof key, CK_BATCH_WAY "|%s", v->clerk->id);
	if (make_way(v, key, err) == -1 || ck_record_begin(v->store, v->system->id, CK_BATCH_WAY,
					       v->clerk->id, key, &v->record, err) == -1)
		return -1;
	return ck_record_put(v->record, &line, err);
}

enum ck_outcome
ck_begin_batch(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);
	enum ck_outcome outcome = CK_END_REFUSED;
	char number[CK_NUMBER_MAX] = "";

	if (v != NULL && judge(v, order, &err) == 0 && begin(v, text(order, "way"), &err) == 0) {
		memcpy(number, ck_record_head(v->record)->number, sizeof number);
		outcome = CK_END_DONE;
	} else if (err.code == CK_E_USAGE) {
		outcome = CK_END_USAGE;
	}
	ck_visit_close(v);
	ck_talk_end(&talk, outcome, number[0] != '\0' ? number : NULL, NULL, &err);
	return outcome;
}

/* What one may be begun for: each system in each of its ways. */
enum ck_outcome
ck_show_batch_ways(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_policy policy;
	struct ck_err err = { 0 }, none = { 0 };

	(void)order;
	for (size_t i = 0; i < site->n_systems && err.code == CK_E_NONE; i++) {
		if (ck_policy_find(site->systems_dir, site->systems[i].id, &policy, &err) == -1)
			break;
		for (int way = 0; way < CK_WAY_DOWNLOAD; way++)
			if (policy.ways[way])
				ck_talk_row(&talk,
				    json_pack("{s:s, s:s, s:s}", "system", policy.id, "title",
					policy.title, "way", ck_way_name((enum ck_way)way)));
	}
	return ck_end_of_list(&talk, NULL, NULL, err.code != CK_E_NONE ? &err : &none);
}

/* ---- its keys ---- */

/* Once the list is made it is what was so then. */
static json_t *
rows_of_list(struct ck_store *st, const char *number, struct ck_err *err)
{
	static const char *const columns[] = { "name", "key_serial", "old_serial", "old_not_after",
		"new_serial", "new_not_after", "result", "why", "slip", "record" };
	json_t *rows = json_array();
	char name[COLUMN_MAX];
	struct ck_kept kept;
	bool more = true;

	if (ck_kept_read(st, number, &kept, err) == -1) {
		json_decref(rows);
		return NULL;
	}
	for (int n = 1; more; n++) {
		json_t *row = json_object();

		for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
			snprintf(name, sizeof name, "%s_%d", columns[i], n);
			if (json_object_get(kept.fields, name) != NULL)
				json_object_set(
				    row, columns[i], json_object_get(kept.fields, name));
		}
		more = json_object_size(row) > 0;
		if (more)
			json_array_append(rows, row);
		json_decref(row);
	}
	ck_kept_free(&kept);
	return rows;
}

static json_t *
rows_of(const struct ck_site *site, struct ck_store *st, const struct ck_record *batch,
    struct ck_err *err)
{
	if (ck_batch_listed(batch))
		return rows_of_list(st, ck_record_head(batch)->number, err);
	return ck_batch_rows(site, st, batch, err);
}

static json_t *
counts(const json_t *rows)
{
	return json_pack("{s:i, s:i, s:i}", "keys", ck_batch_count(rows, NULL), "done",
	    ck_batch_count(rows, CK_ROW_DONE), "parked", ck_batch_count(rows, CK_ROW_PARKED));
}

static int
tell_rows(const struct ck_site *site, struct ck_talk *talk, struct ck_store *st, const char *number,
    json_t **facts, struct ck_err *err)
{
	struct ck_record *batch = NULL;
	int found = number != NULL ? ck_record_find(st, "number", number, &batch, err) : 0;
	json_t *rows = NULL, *row;
	size_t i;

	if (found == 0 || (found == 1 && !ck_is_batch(ck_record_head(batch))))
		ck_fail(err, CK_E_BATCH_NONE, "%s", number != NULL ? number : "");
	else if (found == 1 && (rows = rows_of(site, st, batch, err)) != NULL)
		*facts = counts(rows);
	json_array_foreach(rows, i, row)
	{
		json_object_del(row, "key"); /* its serial says as much to people */
		json_object_set_new(row, "no", json_integer((json_int_t)i + 1));
		ck_talk_row(talk, json_incref(row));
	}
	json_decref(rows);
	ck_record_free(batch);
	return err->code == CK_E_NONE ? 0 : -1;
}

enum ck_outcome
ck_show_batch(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_store *store = NULL;
	struct ck_err err = { 0 };
	json_t *facts = NULL;

	if (ck_store_open(&site->store, &store, &err) == 0)
		(void)tell_rows(site, &talk, store, text(order, "batch"), &facts, &err);
	return ck_end_of_list(&talk, store, facts, &err);
}

/* ---- all of them ---- */

struct list {
	const struct ck_site *site;
	struct ck_talk *talk;
	struct ck_store *store;
	json_t *numbers;
};

static int
note_number(void *u, const struct ck_record_head *h)
{
	struct list *l = u;

	/* one that was ended without a key is of no interest */
	return ck_is_batch(h) && h->state != CK_RECORD_ABANDONED
		   ? json_array_append_new(l->numbers, json_string(h->number))
		   : 0;
}

/* What is wiped of it by now is not counted. */
static void
tell_batch(struct list *l, const char *number)
{
	struct ck_record *batch = NULL;
	const struct ck_record_head *h;
	json_t *rows, *row;
	struct ck_policy policy;
	struct ck_form form;
	struct ck_err no = { 0 };

	if (ck_record_find(l->store, "number", number, &batch, &no) != 1)
		return;
	h = ck_record_head(batch);
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "record", h->number, "system", h->system,
	    "way", ck_batch_way(batch), "clerk", h->clerk, "state", ck_record_state_names[h->state],
	    "opened", ck_time_json(h->opened));
	if (ck_policy_find(l->site->systems_dir, h->system, &policy, &no) == 0)
		json_object_set_new(row, "title", json_string(policy.title));
	if ((rows = rows_of(l->site, l->store, batch, &no)) != NULL)
		json_object_update_new(row, counts(rows));
	if (ck_form_of(l->store, number, &form, &no) == 1)
		ck_form_tell(&form, row);
	ck_talk_row(l->talk, row);
	json_decref(rows);
	ck_record_free(batch);
}

enum ck_outcome
ck_show_batches(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct list l = { .site = site, .talk = &talk, .numbers = json_array() };
	bool all = json_is_true(json_object_get(order, "all"));
	struct ck_err err = { 0 };
	const json_t *number;
	size_t i;

	if (ck_store_open(&site->store, &l.store, &err) == 0 &&
	    ck_store_each(l.store, !all, note_number, &l, &err) != -1)
		json_array_foreach(l.numbers, i, number) tell_batch(&l, json_string_value(number));
	json_decref(l.numbers);
	return ck_end_of_list(&talk, l.store, NULL, &err);
}
