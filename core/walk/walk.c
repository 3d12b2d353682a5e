/*
 * THE WALK. plan.c says which station is next, the station says how it ended, and this loop asks,
 * waits, goes on or finds the end. One function reads as the whole visit: walk_on.
 */
#include "walk/walk.h"
#include "walk/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "walk/clerk.h"
#include "walk/find.h"
#include "walk/paper.h"
#include "walk/parked.h"

/* A person stands at the counter so long for a CA that asks for patience; then the record is
 * parked. */
#define PATIENCE_S 60
/* the longest single pause within it */
#define PAUSE_MAX_S 20

/* From a step's beginning to its first call of key or network, which have limits of their own: only
 * our own work and the disk's lie there. */
#define STEP_S 60

static enum ck_turn (*const stations[])(struct ck_visit *, struct ck_err *) = {
	[CK_AT_KEY] = ck_at_key,
	[CK_AT_CERT] = ck_at_cert,
	[CK_AT_ELIGIBLE] = ck_at_eligible,
	[CK_AT_CONSENT] = ck_at_consent,
	[CK_AT_UNLOCK] = ck_at_unlock,
	[CK_AT_AUTHORISE] = ck_at_authorise,
	[CK_AT_APPLICANT] = ck_at_applicant,
	[CK_AT_FORM_BEFORE] = ck_at_form_before,
	[CK_AT_PAPERS] = ck_at_papers,
	[CK_AT_IDENTITY] = ck_at_identity,
	[CK_AT_PAY] = ck_at_pay,
	[CK_AT_REVIEW] = ck_at_review,
	[CK_AT_NEWKEY] = ck_at_newkey,
	[CK_AT_REQUEST] = ck_at_request,
	[CK_AT_ISSUE] = ck_at_issue,
	[CK_AT_INSTALL] = ck_at_install,
	[CK_AT_CONFIRM] = ck_at_confirm,
	[CK_AT_SEAL] = ck_at_seal,
	[CK_AT_PIN] = ck_at_pin,
	[CK_AT_RETIRE] = ck_at_retire,
	[CK_AT_FORM] = ck_at_form,
	[CK_AT_CLOSE] = ck_at_close,
	[CK_AT_ABANDON] = ck_at_abandon,
};

/* 1: waited long enough to try again, 0: too long for a person, -1: the person left */
static int
wait_a_little(struct ck_visit *v, struct ck_err *err)
{
	int64_t now = ck_now(), pause = v->retry_at - now;

	if (v->waited_since == 0)
		v->waited_since = now;
	if (pause < 1)
		pause = 1;
	if (pause > PAUSE_MAX_S || now + pause - v->waited_since > PATIENCE_S)
		return 0;
	ck_talk_busy(&v->talk, CK_BUSY_NET, (int)pause + PAUSE_MAX_S);
	return ck_talk_pause(&v->talk, (int)pause * 1000, err) == -1 ? -1 : 1;
}

static void
say_step(struct ck_visit *v, enum ck_station at)
{
	int of, n = ck_step_of(at, &v->rules, &of);

	v->at = at;
	ck_talk_step(&v->talk, ck_station_name(at), n, of, STEP_S);
}

/* Once everything is settled on the key it may go. */
static bool
wants_key(enum ck_station s)
{
	return s != CK_AT_CLOSE && s != CK_AT_ABANDON;
}

/* GO at the end, LATER when it has to be parked, STOP with the cause. */
static enum ck_turn
walk_on(struct ck_visit *v, struct ck_err *err)
{
	enum ck_station next, said = CK_AT_END;
	enum ck_turn turn;
	int again;

	while ((next = ck_next(&v->done, &v->rules, &v->seen)) != CK_AT_END) {
		if (next != said)
			say_step(v, said = next);
		CK_FAULT(ck_station_name(next));
		turn = wants_key(next) && ck_key_pulled(v, err) == -1 ? CK_STOP
								      : stations[next](v, err);
		ck_answer_drop(&v->talk);
		switch (turn) {
		case CK_GO:
			v->waited_since = 0;
			if (ck_batch_mark(v, err) == -1)
				return CK_STOP;
			break;
		case CK_ASK:
			if (ck_key_ask(v, err) == -1 && !ck_key_lost(v, err))
				return CK_STOP;
			break;
		case CK_LATER:
			if (v->declined || v->errand.waits != NULL)
				return CK_LATER;
			if ((again = wait_a_little(v, err)) != 1)
				return again == 0 ? CK_LATER : CK_STOP;
			break;
		case CK_STOP:
			if (!ck_key_lost(v, err))
				return CK_STOP;
			break;
		}
	}
	return CK_GO;
}

/* No second try of the same visit could end otherwise: what was begun is given back at once. */
static bool
hopeless(enum ck_code code)
{
	switch (code) {
	case CK_E_KEY_FULL:
	case CK_E_KEY_READONLY:
	case CK_E_KEY_UNSUITABLE:
	case CK_E_CERT_WITHOUT_KEY:
	case CK_E_OLD_EXPIRED:
	case CK_E_ENVELOPE_UNFIT:
	case CK_E_QUOTED_OTHER_END:
	case CK_E_CA_REFUSED:
	case CK_E_CA_BAD_SECRET:
	case CK_E_CA_PAIR_REFUSED:
	case CK_E_CA_OLD_CERT:
	case CK_E_CA_NO_SERVICE:
	case CK_E_CA_OTHER_ISSUERS:
	case CK_E_ISSUED_OTHER_KEY:
	case CK_E_ISSUED_OTHER_SUBJECT:
	case CK_E_ISSUED_OTHER_CLASS:
	case CK_E_ISSUED_OTHER_ISSUER:
	case CK_E_ISSUED_TOO_SHORT:
	case CK_E_ISSUED_NOT_YET:
	case CK_E_ISSUED_TOO_LONG:
		return true;
	default:
		return false;
	}
}

static enum ck_outcome
outcome_of_record(const struct ck_visit *v)
{
	switch (ck_record_head(v->record)->state) {
	case CK_RECORD_DONE:
		return CK_END_DONE;
	case CK_RECORD_ABANDONED:
		return CK_END_ABANDONED;
	case CK_RECORD_REFUSED:
		return CK_END_REFUSED;
	default:
		return CK_END_FAILED;
	}
}

/* The key may be lost, broken or locked for good; what hangs on it is only a pair nobody can use.
 */
static bool
out_of_reach(enum ck_code code)
{
	return code == CK_E_NO_KEY || code == CK_E_OTHER_KEY || code == CK_E_PIN_LOCKED ||
	       code == CK_E_PIN_LAST_TRY || code == CK_E_PIN_TRIES_UNKNOWN ||
	       code == CK_E_MODULE_MISSING || code == CK_E_MODULE_BROKEN ||
	       code == CK_E_KEY_TROUBLE || code == CK_E_KEY_READONLY;
}

/* Is nothing missing but the key, and a clerk here to say that it can't be had? */
static bool
may_leave(const struct ck_visit *v, const struct ck_err *cause)
{
	return v->clerk != NULL && out_of_reach(cause->code) && ck_abandon_wants_key(&v->done) &&
	       !(ck_abandon_gives_back(&v->done) && v->done.leased && !v->done.released);
}

/* A record given back at the desk whose key can't be had: a clerk's word closes it, and the ledger
 * says what was left on the key. 1 closed, 0 the key was put in while he was asked, -1. */
static int
close_without_key(struct ck_visit *v, const struct ck_err *cause)
{
	struct ck_err err = { 0 }, unwatched = { 0 };

	if (!may_leave(v, cause))
		return -1;
	ck_question(
	    &v->talk, CK_ASK_LEAVE, cause, "{s:s}", "record", ck_record_head(v->record)->number);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
	if (v->token == NULL && ck_watch_key_back(v, &unwatched) == -1)
		ck_log_err(CK_LOG_WARN, "the readers, while a key is missing", &unwatched);
	if (ck_talk_ask(&v->talk, &err) == -1)
		return -1;
	if (!ck_answered(&v->talk, CK_ASK_LEAVE))
		return 0;
	if (!ck_answer_yes(&v->talk, CK_ASK_LEAVE, "yes") ||
	    ck_second_clerk_now(v, CK_SECOND_LEAVE, &err) == -1)
		return -1;
	v->left_pair = true;
	v->at = CK_AT_ABANDON;
	return ck_at_abandon(v, &err) == CK_GO ? 1 : -1;
}

/* The way back that stopped: on a clerk's word it ends without the key, and with the key it goes on
 * as often as that is put in. */
static enum ck_outcome
stopped_on_the_way_back(struct ck_visit *v, struct ck_err *cause)
{
	int closed;

	while ((closed = close_without_key(v, cause)) == 0) {
		*cause = (struct ck_err){ 0 };
		if (walk_on(v, cause) == CK_GO)
			return outcome_of_record(v);
	}
	return closed == 1 ? outcome_of_record(v) : CK_END_FAILED;
}

/* Nothing is wrong with the record: it waits until CA and desk can be reached again, which may be
 * days. */
static void
note_silence(struct ck_visit *v, enum ck_code code)
{
	struct ck_err err = { 0 };

	if ((code == CK_E_DESK_UNREACHABLE || code == CK_E_DESK_SLOW ||
		code == CK_E_CA_UNREACHABLE || code == CK_E_CA_NO_ANSWER) &&
	    ck_record_park(v->record, CK_WAITS_LINE, 0, &err) == -1)
		ck_log_err(CK_LOG_WARN, "parking", &err);
}

/* Neither could another try; but nobody's order, perhaps a paid one, is given back for what may be
 * a slip in our own rules. */
static bool
hopeless_without_order(const struct ck_visit *v, enum ck_code code)
{
	return (code == CK_E_QUOTED_OTHER_FEE || code == CK_E_STEP_UNKNOWN) &&
	       ck_record_text(v->record, 0, "order") == NULL;
}

/* Who leaves while the desk wants something comes back for that. */
static bool
left_at_step(struct ck_visit *v, const struct ck_err *cause)
{
	bool step = v->at >= CK_AT_APPLICANT && v->at <= CK_AT_REVIEW && v->done.due != CK_AT_KEY;
	struct ck_err err = { 0 };

	if (!step || (cause->code != CK_E_STOPPED && cause->code != CK_E_LINK))
		return false;
	v->errand.waits = ck_steps_waits(v, &v->lease.steps);
	if (ck_record_park(v->record, v->errand.waits, 0, &err) == -1)
		ck_log_err(CK_LOG_WARN, "parking", &err);
	return true;
}

/*
 * A walk that stopped. Without a record, or with one that nothing depends on yet, it was a refusal
 * and nothing is kept open; a hopeless one is given back; any other stays open and is gone on with
 * when the key is put in again.
 */
static enum ck_outcome
stopped(struct ck_visit *v, struct ck_err *cause)
{
	const struct ck_err_fact *fact = ck_err_fact((int)cause->code);
	struct ck_err err = { 0 };

	if (v->record == NULL)
		return CK_END_REFUSED;
	if (v->done.closed)
		return outcome_of_record(v);
	if (v->done.abandon_meant)
		return stopped_on_the_way_back(v, cause);
	if (!v->seen.key && v->lost.times == 0)
		return v->resumed || v->lost.missing ? CK_END_FAILED : CK_END_REFUSED;
	if (left_at_step(v, cause)) {
		*cause = (struct ck_err){ 0 };
		return CK_END_PARKED;
	}
	if ((v->done.lease_meant && !hopeless(cause->code) &&
		!hopeless_without_order(v, cause->code)) ||
	    v->done.confirmed) {
		note_silence(v, cause->code);
		return CK_END_FAILED;
	}
	if (ck_mean_to_abandon(v, fact != NULL ? fact->name : "stopped", &err) == -1)
		return CK_END_FAILED;
	if (walk_on(v, &err) == CK_GO)
		return outcome_of_record(v);
	ck_log_err(CK_LOG_WARN, "giving back", &err);
	return CK_END_FAILED;
}

/* What a person declined to go on with stays as it is. */
static enum ck_outcome
park(struct ck_visit *v)
{
	const char *waits = v->errand.waits != NULL ? v->errand.waits : CK_WAITS_AUTHORITY;
	struct ck_err err = { 0 };

	if (!v->declined && ck_record_park(v->record, waits, v->retry_at, &err) == -1)
		ck_log_err(CK_LOG_WARN, "parking", &err);
	return CK_END_PARKED;
}

/* What the front tells besides: whom to call, why a parked one stands still and when it may go on,
 * how it is found again. */
static json_t *
end_facts(const struct ck_visit *v, enum ck_outcome outcome)
{
	json_t *facts = json_object();
	char at[CK_TIME_LEN], slip[CK_SLIP_MAX];
	struct ck_err no = { 0 };
	struct ck_form form;

	if (v->policy.hotline[0] != '\0')
		json_object_set_new(facts, "hotline", json_string(v->policy.hotline));
	if (outcome == CK_END_PARKED && v->retry_at != 0) {
		ck_time_text(v->retry_at, at);
		json_object_set_new(facts, "retry_at", json_string(at));
	}
	if (outcome == CK_END_PARKED && v->errand.waits != NULL)
		json_object_set_new(facts, "waits", json_string(v->errand.waits));
	if (ck_visit_slip(v, slip) != NULL)
		json_object_set_new(facts, "slip", json_string(slip));
	if (v->record != NULL &&
	    ck_form_of(v->store, ck_record_head(v->record)->number, &form, &no) == 1)
		ck_form_tell(&form, facts);
	if (outcome == CK_END_ABANDONED) {
		json_object_set_new(facts, "restored", json_boolean(!v->done.confirmed));
		json_object_set_new(facts, "kept", json_boolean(v->done.confirmed));
		if (json_array_size(v->left) > 0)
			json_object_set(facts, "left", v->left);
	}
	return facts;
}

enum ck_outcome
ck_walk(const struct ck_site *site, struct ck_link *link, const struct ck_order *asked)
{
	struct ck_visit *v = calloc(1, sizeof *v);
	struct ck_talk talk = { .link = link };
	struct ck_order order = *asked;
	struct ck_found found = { .record = "" };
	struct ck_err err = { 0 };
	enum ck_outcome outcome = CK_END_REFUSED;
	const char *number = NULL;
	char kept[32] = "";
	json_t *facts;

	if (v == NULL) {
		ck_fail(&err, CK_E_NO_MEMORY, "visit");
		ck_talk_end(&talk, CK_END_FAILED, NULL, NULL, &err);
		return CK_END_FAILED;
	}
	v->site = site;
	v->talk.link = link;
	if (ck_take_order(v, &order, &found, &err) == 0) {
		switch (walk_on(v, &err)) {
		case CK_GO:
			outcome = outcome_of_record(v);
			if (outcome == CK_END_DONE)
				ck_paper_after(v);
			break;
		case CK_LATER:
			outcome = park(v);
			if (v->done.formed)
				ck_paper_after(v);
			break;
		default:
			outcome = stopped(v, &err);
		}
	} else if (err.code == CK_E_USAGE) {
		outcome = CK_END_USAGE;
	}
	if (v->record != NULL) {
		memcpy(kept, ck_record_head(v->record)->number, sizeof kept);
		number = kept;
	}
	ck_batch_end(v, outcome, &err);
	facts = end_facts(v, outcome);
	talk.key_written = v->talk.key_written;
	talk.adds = v->talk.adds;
	/* the key and every secret are let go before the front hears that it may be pulled */
	ck_visit_close(v);
	ck_talk_end(&talk, outcome, number, facts, &err);
	return outcome;
}
