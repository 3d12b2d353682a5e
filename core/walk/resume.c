/*
 * What was begun before, here or at another counter. Before a secret is asked for, the desk is
 * asked what became of the lease: another counter may have ended the visit, or be at it now. Then
 * the person is told where it stopped and says whether to go on. A desk that can't be asked now
 * keeps nobody from going on: station authorise hears the same from it later.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "walk/visit.h"

/* 1 *now is what the desk says of the record's lease; 0: it never had one; -1: nobody can say */
static int
ask_desk(struct ck_visit *v, struct ck_lease *now)
{
	struct ck_err no = { 0 };
	int found;

	if (!v->done.leased && !v->done.lease_meant)
		return 0;
	if ((found = ck_lease_now(v, now, &no)) == -1)
		ck_log_err(CK_LOG_WARN, "what became of the lease", &no);
	return found;
}

/* The certificate is in place and confirmed; what we know of it is over. */
static int
close_finished(struct ck_visit *v, const struct ck_lease *now, struct ck_err *err)
{
	if (ck_end_elsewhere(v, now, err) == -1)
		return -1;
	ck_visit_did(
	    v, "finished-elsewhere", "{s:s, s:s}", "kiosk", now->kiosk, "record", now->record);
	return 1;
}

/* 1 the record is closed, 0, -1. *now: what the desk says, id empty when it says nothing. */
static int
judge_lease(struct ck_visit *v, struct ck_lease *now, struct ck_err *err)
{
	if (v->done.abandon_meant || ask_desk(v, now) != 1 || ck_lease_is_ours(v, now))
		return 0;
	if (now->state == CK_BOUND_CONFIRMED)
		return close_finished(v, now, err);
	if (now->state != CK_BOUND_RELEASED)
		return 0;
	ck_visit_did(
	    v, "released-elsewhere", "{s:s, s:s}", "kiosk", now->kiosk, "record", now->record);
	return ck_mean_to_abandon(v, CK_GIVEN_BACK_ELSEWHERE, err);
}

int
ck_ended_elsewhere(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now = calloc(1, sizeof *now);
	int r = now != NULL ? judge_lease(v, now, err) : ck_fail(err, CK_E_NO_MEMORY, "lease");

	free(now);
	return r;
}

int
ck_close_idle(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now = NULL;
	bool idle;

	if (v->done.leased || v->done.newkey_meant || v->done.abandon_meant)
		return 0;
	if ((now = calloc(1, sizeof *now)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	idle = ask_desk(v, now) == 0;
	free(now);
	if (!idle)
		return 0;
	return ck_end_record(v, CK_AT_CLOSE, CK_RECORD_REFUSED, "nothing was granted", err) == 0
		   ? 1
		   : -1;
}

/* ---- the question ---- */

/* GO yes, LATER no, ASK not answered yet */
static enum ck_turn
heard(struct ck_visit *v, const char *record)
{
	if (v->agreed)
		return CK_GO;
	if (ck_answer_yes(&v->talk, CK_ASK_RESUME, "yes")) {
		v->agreed = true;
		return CK_GO;
	}
	if (!ck_answered(&v->talk, CK_ASK_RESUME))
		return CK_ASK;
	v->declined = true;
	ck_visit_did(v, "declined", "{s:s}", "record", record);
	return CK_LATER;
}

static const char *
stopped_at(const struct ck_visit *v)
{
	return ck_station_name(ck_stopped_at(&v->done, &v->rules));
}

static void
ask(struct ck_visit *v, const struct ck_record_head *head, const struct ck_lease *held)
{
	bool elsewhere = held->id[0] != '\0';
	char at[CK_TIME_LEN] = "";

	if (head != NULL)
		ck_time_text(head->touched, at);
	ck_question(&v->talk, CK_ASK_RESUME, NULL, "{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}",
	    "record", head != NULL ? head->number : NULL, "station",
	    head != NULL ? stopped_at(v) : NULL, "at", head != NULL ? at : NULL, "kiosk",
	    head != NULL ? v->site->kiosk : NULL, "holder", elsewhere ? held->kiosk : NULL,
	    "holder_record", elsewhere ? held->record : NULL, "bound",
	    elsewhere ? ck_bound_names[held->state] : NULL);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
}

/* ---- our own record ---- */

/* What was made before: whoever sees the end may not have seen that. What is borrowed of the record
 * is used before the next is asked for. */
static void
tell_made(struct ck_visit *v)
{
	struct ck_cert_facts facts;
	struct ck_err no = { 0 };
	char end[CK_TIME_LEN];
	const unsigned char *cert;
	const char *how;
	size_t n = 0;

	cert = ck_record_get(v->record, 0, "new-cert", &n);
	if (cert != NULL && ck_cert_read(cert, n, &facts, &no) == 0) {
		ck_time_text(facts.not_after, end);
		ck_visit_did(
		    v, "issued-before", "{s:s, s:s}", "serial", facts.serial, "not_after", end);
	}
	if (v->done.confirmed)
		ck_visit_did(v, "confirmed", NULL);
	how = ck_record_text(v->record, CK_ITEM_SEAL, "state");
	if (how != NULL && strcmp(how, "none") != 0)
		ck_visit_did(v, strcmp(how, "written") == 0 ? "seal-written" : "seal-not-written",
		    "{s:s*}", "code", ck_record_text(v->record, CK_ITEM_SEAL, "why"));
	if ((how = ck_record_text(v->record, 0, "pin")) != NULL)
		ck_visit_did(
		    v, strcmp(how, "changed") == 0 ? "pin-settled" : "pin-unchanged", NULL);
	if ((how = ck_record_text(v->record, 0, "retired")) != NULL)
		ck_visit_did(v,
		    strcmp(how, "removed") == 0	    ? "retired"
		    : strcmp(how, "aside") == 0	    ? "put-aside"
		    : strcmp(how, "untouched") == 0 ? "others-kept"
						    : "kept",
		    NULL);
}

static int
note_taken_up(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_record_head *head = ck_record_head(v->record);
	char text[96], slip[CK_SLIP_MAX];

	v->resumed = true;
	ck_visit_did(v, "resumed", "{s:s, s:s, s:s, s:s*}", "record", head->number, "station",
	    stopped_at(v), "way", head->way, "slip", ck_visit_slip(v, slip));
	if (!v->done.abandon_meant)
		tell_made(v);
	if (v->clerk == NULL || strcmp(v->clerk->id, head->clerk) == 0)
		return 0;
	snprintf(text, sizeof text, "taken up by clerk %s", v->clerk->id);
	return ck_visit_note(
	    v, &(struct ck_note){ .mark = CK_NOTE, .text = text, .ledger = true }, err);
}

/* No secret is asked for that can't be of use yet. */
static int
judge_wait(const struct ck_visit *v, struct ck_err *err)
{
	bool password = v->rules.envelope && ck_wants_authority(&v->done, &v->rules);

	return password && !v->done.abandon_meant ? ck_guess_allowed(v, err) : 0;
}

static enum ck_turn
take_up(struct ck_visit *v, struct ck_lease *held, struct ck_err *err)
{
	const struct ck_record_head *head = ck_record_head(v->record);
	enum ck_turn turn = heard(v, head->number);
	int ended;

	if (turn == CK_LATER)
		return turn;
	if (turn == CK_ASK || !v->looked) {
		if ((ended = judge_lease(v, held, err)) != 0)
			return ended == 1 ? CK_GO : CK_STOP;
		v->looked = true;
	}
	if (turn == CK_ASK && !v->done.abandon_meant) {
		if (held->id[0] != '\0' && ck_lease_is_ours(v, held))
			held->id[0] = '\0';
		ask(v, head, held);
		return CK_ASK;
	}
	return note_taken_up(v, err) == 0 && judge_wait(v, err) == 0 ? CK_GO : CK_STOP;
}

enum ck_turn
ck_take_up(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_record_head *head;
	struct ck_lease *held = NULL;
	enum ck_turn turn = CK_STOP;

	if (v->record == NULL || v->resumed || v->done.closed)
		return CK_GO;
	head = ck_record_head(v->record);
	ck_visit_read_progress(v);
	if (strcmp(head->system, v->system->id) != 0 ||
	    strcmp(head->way, ck_way_name(v->way)) != 0) {
		ck_fail(err, CK_E_OTHER_WAY, "%s: %s, %s", head->number, head->system, head->way);
		return CK_STOP;
	}
	if ((held = calloc(1, sizeof *held)) == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "lease");
	else
		turn = take_up(v, held, err);
	free(held);
	return turn;
}

/* ---- another counter's ---- */

enum ck_turn
ck_take_over(struct ck_visit *v, const struct ck_lookup *look, struct ck_err *err)
{
	struct ck_err no = { 0 };
	struct ck_lease *held;
	const char *id;
	enum ck_turn turn;

	if (look->n_leases == 0)
		return CK_GO;
	turn = heard(v, look->leases[look->n_leases - 1].record);
	if (turn != CK_ASK)
		return turn;
	if ((held = calloc(1, sizeof *held)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "lease");
		return CK_STOP;
	}
	id = look->leases[look->n_leases - 1].lease;
	ck_busy_net(v);
	if (ck_desk_query(v->desk, CK_QUERY_LEASE, id, held, &no) != 1) {
		ck_fail(err, no.code != CK_E_NONE ? no.code : CK_E_LEASE_LOST, "%s",
		    no.code != CK_E_NONE ? no.detail : id);
		turn = CK_STOP;
	} else if (held->way[0] != '\0' && strcmp(held->way, ck_way_name(v->way)) != 0) {
		ck_fail(err, CK_E_OTHER_WAY, "%s %s: %s, %s", held->kiosk, held->record,
		    v->system->id, held->way);
		turn = CK_STOP;
	} else {
		ask(v, NULL, held);
	}
	free(held);
	return turn;
}

/* ---- the key has changed ---- */

enum ck_turn
ck_look_back(struct ck_visit *v, struct ck_err *err)
{
	bool named = v->record != NULL, idle = false;
	struct ck_err no = { 0 };
	char name[CK_KEY_NAME_MAX];

	ck_key_name(&v->key, name);
	if (!named && ck_record_find(v->store, "key", name, &v->record, &no) != 1)
		return CK_STOP;
	ck_visit_read_progress(v);
	if (ck_ended_elsewhere(v, &no) == 1) {
		*err = (struct ck_err){ 0 };
		return CK_GO;
	}
	if (v->done.abandon_meant) {
		/* given back there, and its pair swept: only the old one is looked for now */
		v->agreed = true;
		*err = (struct ck_err){ 0 };
		return ck_take_key(v, ck_judge_of(v), err);
	}
	if (named)
		return CK_STOP;
	idle = ck_close_idle(v, &no) == 1;
	ck_record_free(v->record);
	v->record = NULL;
	ck_visit_read_progress(v);
	if (!idle)
		return CK_STOP;
	*err = (struct ck_err){ 0 };
	return ck_take_key(v, ck_judge_of(v), err);
}
