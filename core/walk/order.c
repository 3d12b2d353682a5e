/*
 * Before the first station: does what the front wants make sense here? It names a system and a way,
 * or a record or a text that says both; the record is taken up, and its key looked for.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "walk/batch.h"
#include "walk/clerk.h"
#include "walk/find.h"
#include "walk/walk.h"
#include "walk/service.h"

/* The front waits for no engine that was lost: the one before us may still be dying, and a key is
 * let go last. */
#define DYING_TRIES 100
#define DYING_PAUSE_MS 50

static int
lock_key(struct ck_visit *v, const char *key, bool again, struct ck_err *err)
{
	struct ck_err busy = { 0 };

	for (int i = 0; ck_store_lock_key(v->store, key, &busy) == -1; i++) {
		if (!again || busy.code != CK_E_KEY_BUSY || i == DYING_TRIES) {
			*err = busy;
			return -1;
		}
		busy = (struct ck_err){ 0 };
		if (ck_talk_pause(&v->talk, DYING_PAUSE_MS, err) == -1)
			return -1;
	}
	return 0;
}

/* Nobody else goes on with it, or gives it back, from now on: what is read is what holds. */
static int
lock_record(struct ck_visit *v, bool again, struct ck_err *err)
{
	const char *key = ck_record_text(v->record, CK_ITEM_RECORD, "key");
	char number[CK_NUMBER_MAX];

	if (key == NULL) /* closed */
		return 0;
	memcpy(number, ck_record_head(v->record)->number, sizeof number);
	if (lock_key(v, key, again, err) == -1)
		return -1;
	ck_record_free(v->record);
	v->record = NULL;
	return ck_record_find(v->store, "number", number, &v->record, err) == 1 ? 0 : -1;
}

/* The line has its place among the steps of that visit, not of none. */
static void
tell_over(struct ck_visit *v)
{
	const struct ck_record_head *head = ck_record_head(v->record);
	int way = ck_way_from(head->way);
	struct ck_err no = { 0 };
	char at[CK_TIME_LEN];

	if (way != -1 && ck_visit_take_system(v, head->system, &no) == 0) {
		v->way = (enum ck_way)way;
		ck_visit_take_rules(v);
	}
	v->at = CK_AT_CLOSE;
	ck_time_text(head->closed, at);
	ck_visit_did(v, "over", "{s:s, s:s, s:s}", "record", head->number, "state",
	    ck_record_state_names[head->state], "at", at);
}

static int
order_from_record(struct ck_visit *v, struct ck_order *order, struct ck_err *err)
{
	const struct ck_record_head *head;
	int found = ck_record_find(v->store, "number", order->wish.record, &v->record, err);

	/* nobody goes on with a batch as with one key */
	if (found == 1 && ck_is_batch(ck_record_head(v->record))) {
		ck_record_free(v->record);
		v->record = NULL;
		return ck_fail(err, CK_E_NO_RECORD, "%s", order->wish.record);
	}
	if (found != 1)
		return found == 0 ? ck_no_record(v->store, order->wish.record, err) : -1;
	if (ck_is_service(ck_record_head(v->record))) {
		ck_record_free(v->record);
		v->record = NULL;
		return ck_fail(err, CK_E_SERVICE_RECORD, "%s", order->wish.record);
	}
	if (lock_record(v, order->again, err) == -1)
		return -1;
	head = ck_record_head(v->record);
	if (head->closed != 0 && !order->again) {
		tell_over(v);
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", head->number);
	}
	if (order->system == NULL)
		order->system = head->system;
	if (order->way == NULL)
		order->way = head->way;
	return 0;
}

static int
judge_way(struct ck_visit *v, const struct ck_order *order, struct ck_err *err)
{
	int way = order->way != NULL ? ck_way_from(order->way) : -1;

	if (way == -1)
		return ck_fail(err, CK_E_USAGE, "way: self, on-behalf, download");
	v->way = (enum ck_way)way;
	if (!v->policy.ways[way])
		return ck_fail(err, CK_E_WAY_NOT_OFFERED, "%s: %s", v->policy.id, order->way);
	if (order->clerk != NULL && (v->clerk = ck_site_clerk(v->site, order->clerk)) == NULL)
		return ck_fail(err, CK_E_CLERK_UNKNOWN, "%s", order->clerk);
	if (v->way != CK_WAY_SELF && v->clerk == NULL)
		return ck_fail(err, CK_E_CLERK_NEEDED, "%s",
		    v->record != NULL		? ck_record_head(v->record)->number
		    : v->meant.lease[0] != '\0' ? v->meant.visit
						: order->way);
	ck_visit_take_rules(v);
	return 0;
}

/* An engine before us had this key, or the record was asked for by name: it is looked for, and
 * asked for when it is out. */
static void
miss_key(struct ck_visit *v)
{
	const char *owner = ck_record_text(v->record, CK_ITEM_RECORD, "key");
	const char *label = ck_record_text(v->record, 0, "key-label");
	const char *serial = owner != NULL ? strrchr(owner, '|') : NULL;

	if (serial == NULL || v->done.closed)
		return;
	snprintf(v->key.module, sizeof v->key.module, "%.*s", (int)(serial - owner), owner);
	snprintf(v->key.serial, sizeof v->key.serial, "%s", serial + 1);
	snprintf(v->key.label, sizeof v->key.label, "%s", label != NULL ? label : "");
	v->lost.missing = true;
}

/* What was typed, in the order's own words: a record of ours, or system and way of another
 * counter's.
 */
static int
order_from_text(
    struct ck_visit *v, struct ck_order *order, struct ck_found *found, struct ck_err *err)
{
	if (ck_find(v, order->typed, order->system, found, err) == -1)
		return -1;
	if (found->record[0] != '\0') {
		order->wish.record = found->record;
		return 0;
	}
	order->system = found->system;
	if (found->way[0] != '\0') {
		if (order->way != NULL && strcmp(order->way, found->way) != 0)
			return ck_fail(err, CK_E_OTHER_WAY, "%s: %s, %s", v->meant.visit,
			    found->system, found->way);
		order->way = found->way;
	}
	snprintf(v->reference, sizeof v->reference, "%s", found->envelope);
	return 0;
}

/* Which system and way, was chosen with the batch; a record that is gone on with may be of others.
 */
static int
order_from_batch(
    struct ck_visit *v, struct ck_order *order, struct ck_found *found, struct ck_err *err)
{
	const char *number = order->wish.batch;
	struct ck_record *batch = NULL;
	json_t *rows;

	for (int i = 0; ck_batch_open(v, number, &batch, err) == -1; i++) {
		/* the one before us may still be dying */
		if (!order->again || err->code != CK_E_BATCH_BUSY || i == DYING_TRIES)
			return -1;
		*err = (struct ck_err){ 0 };
		if (ck_talk_pause(&v->talk, DYING_PAUSE_MS, err) == -1)
			return -1;
	}
	if ((rows = ck_batch_rows(v->site, v->store, batch, err)) != NULL &&
	    ck_batch_count(rows, NULL) >= CK_BATCH_MAX && !order->again)
		ck_fail(err, CK_E_BATCH_FULL, "%s: %d", number, CK_BATCH_MAX);
	snprintf(found->system, sizeof found->system, "%s", ck_record_head(batch)->system);
	snprintf(found->way, sizeof found->way, "%s", ck_batch_way(batch));
	if (order->wish.record == NULL) {
		order->system = found->system;
		order->way = found->way;
	}
	json_decref(rows);
	ck_record_free(batch);
	return err->code == CK_E_NONE ? 0 : -1;
}

static int
read_order(struct ck_visit *v, struct ck_order *order, struct ck_found *found, struct ck_err *err)
{
	if (order->wish.batch != NULL && order_from_batch(v, order, found, err) == -1)
		return -1;
	if (order->typed != NULL && order->wish.record == NULL &&
	    order_from_text(v, order, found, err) == -1)
		return -1;
	if (order->wish.record != NULL && order_from_record(v, order, err) == -1)
		return -1;
	if (order->system == NULL)
		return ck_fail(err, CK_E_USAGE, "system");
	return 0;
}

int
ck_take_order(
    struct ck_visit *v, struct ck_order *order, struct ck_found *found, struct ck_err *err)
{
	if (ck_store_open(&v->site->store, &v->store, err) == -1 ||
	    read_order(v, order, found, err) == -1)
		return -1;
	v->wish = order->wish;
	if (ck_visit_take_system(v, order->system, err) == -1 || judge_way(v, order, err) == -1)
		return -1;
	ck_visit_read_progress(v);
	/* an engine before us had the word already; and giving up is no going on */
	v->agreed = order->again || order->abandon || v->done.abandon_meant;
	if (order->abandon && !v->done.abandon_meant) {
		v->at = CK_AT_ABANDON;
		if (ck_second_clerk_now(v, CK_SECOND_ABANDON, err) == -1)
			return -1;
		return ck_mean_to_abandon(v, CK_ASKED_FOR, err);
	}
	if (v->record != NULL && !v->agreed && ck_ended_elsewhere(v, err) == -1)
		return -1;
	if ((order->again || order->typed != NULL) && v->record != NULL)
		miss_key(v);
	return 0;
}
