/*
 * Station authorise: the right to renew. With an envelope: its serial, then its password by
 * challenge proof; with two download codes, which were proved in station cert; otherwise by the key
 * proof itself. The answer is a lease, and what is already bound
 * to it. Then the desk's one-time pair, unless the envelope's password or the old key protects what
 * is asked of the CA. Comes again after a crash, because secrets live only in the engine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/slip.h"
#include "walk/visit.h"

static enum ck_turn
ask_serial(struct ck_visit *v)
{
	ck_question(&v->talk, CK_ASK_ENVELOPE, &v->trouble, NULL);
	ck_question_field(
	    &v->talk, "serial", CK_FIELD_TEXT, 1, CK_DESK_ID_MAX - 1, "A-Za-z0-9._:-");
	return CK_ASK;
}

static enum ck_turn
ask_password(struct ck_visit *v, int tries_left)
{
	ck_question(&v->talk, CK_ASK_PASSWORD, &v->trouble, "{s:s, s:i}", "serial", v->reference,
	    "tries", tries_left);
	ck_question_field(&v->talk, "password", CK_FIELD_SECRET, 1, CK_SECRET_MAX, "any");
	return CK_ASK;
}

/* The right serial may be typed at once after these; everything else ends the visit. */
static bool
another_envelope_may_do(enum ck_code code)
{
	return code == CK_E_ENVELOPE_UNKNOWN;
}

/* Asked for, the lease may be granted though its answer is lost: what it was asked with must be on
 * record first. A refusal undoes that, so that another envelope can be taken. */
static int
note_wish(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact facts[] = {
		ck_text_fact("lease-intent", "yes", 0),
		ck_text_fact("envelope", v->reference, CK_FACT_SEALED | CK_FACT_HANDLE),
	};
	struct ck_note note = { .mark = CK_INTENT, .text = "lease", .facts = facts };

	if (v->done.lease_meant)
		return 0;
	note.n_facts = v->rules.envelope ? 2 : 1;
	return ck_visit_note(v, &note, err);
}

static int
note_refusal(struct ck_visit *v, enum ck_code code, struct ck_err *err)
{
	const struct ck_err_fact *why = ck_err_fact((int)code);
	struct ck_fact facts[] = { { .name = "lease-intent" }, { .name = "envelope" } };

	if (v->done.leased)
		return 0;
	return ck_visit_note(
	    v, &(struct ck_note){ .mark = CK_NOTE, .text = why->name, CK_FACTS(facts) }, err);
}

/* The desk has said no, or was not asked: nothing was granted by this wish. */
static bool
surely_refused(enum ck_code code)
{
	return code != CK_E_DESK_SLOW && code != CK_E_DESK_GARBAGE && code != CK_E_REPLY_TOO_LONG;
}

/* By an earlier one whose answer was lost something may have been: the desk tells. */
static bool
granted_before(struct ck_visit *v)
{
	struct ck_lease *now = calloc(1, sizeof *now);
	struct ck_err no = { 0 };
	int found = now != NULL ? ck_lease_now(v, now, &no) : -1;
	bool granted = found == -1 || (found == 1 && now->state != CK_BOUND_RELEASED);

	free(now);
	return granted;
}

/* GO: v->envelope is what the desk says of the serial in v->reference, with a fresh challenge. */
static enum ck_turn
find_envelope(struct ck_visit *v, struct ck_err *err)
{
	const char *kept = ck_record_text(v->record, 0, "envelope");
	const char *typed = ck_answer_text(&v->talk, CK_ASK_ENVELOPE, "serial");
	struct ck_err no = { 0 };

	if (v->envelope.serial[0] != '\0')
		return CK_GO;
	if (kept == NULL && typed == NULL && v->reference[0] == '\0')
		return ask_serial(v);
	/* one that is no serial is for the desk to refuse */
	if (kept != NULL || (typed != NULL && !ck_typed(typed, v->reference, sizeof v->reference)))
		snprintf(v->reference, sizeof v->reference, "%s", kept != NULL ? kept : typed);
	ck_busy_net(v);
	if (ck_desk_envelope(v->desk, &v->proof, v->reference, &v->envelope, &no) == 0)
		return CK_GO;
	v->reference[0] = '\0';
	if (kept == NULL && another_envelope_may_do(no.code) && v->trouble.code == CK_E_NONE) {
		v->trouble = no;
		return ask_serial(v);
	}
	*err = no;
	return CK_STOP;
}

/* What the key could not take as its PIN must be known before a pair is made for it. */
static int
judge_password(struct ck_visit *v, struct ck_err *err)
{
	struct ck_err no = { 0 };

	if (!v->rules.pin_changes || v->done.pin_settled ||
	    ck_token_pin_fits(&v->key, v->password, &no) == 0)
		return 0;
	return ck_fail(err, CK_E_ENVELOPE_UNFIT, "%s", no.detail);
}

/* A key bound to the lease by another counter or by a record we don't have becomes ours. */
static int
judge_lease(struct ck_visit *v, struct ck_err *err)
{
	const unsigned char *ours = ck_record_get(v->record, 0, "new-spki", NULL);

	if (v->lease.state == CK_BOUND_RELEASED)
		return ck_fail(err, CK_E_LEASE_LOST, "%s", v->lease.id);
	if (v->lease.state == CK_BOUND_NOTHING)
		return 0;
	if (ours != NULL && memcmp(ours, v->lease.spki, CK_HASH_LEN) == 0)
		return 0;
	return ck_adopt(v, err);
}

/* The desk released the lease meanwhile and granted another: what was bound and issued under the
 * old one has ended. The same pair and the same request begin anew; a certificate that is on the
 * key already makes way first. */
static int
note_anew(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact facts[] = { { .name = "bound" }, { .name = "new-cert" },
		{ .name = "new-serial" }, { .name = "installed" }, { .name = "order" },
		ck_text_fact("reissue", "yes", 0) };

	if (ck_record_clear_tape(v->record, 0, err) == -1)
		return -1;
	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_NOTE, .text = "a new lease", .ledger = true, CK_FACTS(facts) },
	    err);
}

/* A wrong end is found before a pair is made for it; what was issued is judged by itself. Granted
 * some days ago, a lease may promise an end that was right then. */
int
ck_judge_end(const struct ck_visit *v, int64_t quoted, int64_t now, struct ck_err *err)
{
	int64_t ruled = ck_policy_new_end(&v->policy, v->old.facts.not_after, now);
	int64_t tolerance = v->policy.issue_tolerance;
	bool later = quoted > ruled + tolerance, earlier = quoted < ruled - tolerance;
	char promised[CK_TIME_LEN], end[CK_TIME_LEN];

	if (ruled == 0 || quoted == 0)
		return 0;
	if (!later && (!earlier || v->policy.term.rule == CK_TERM_FROM_NOW))
		return 0;
	ck_time_text(quoted, promised);
	ck_time_text(ruled, end);
	return ck_fail(err, CK_E_QUOTED_OTHER_END, "%s, the rules say %s", promised, end);
}

static int
judge_quote(const struct ck_visit *v, struct ck_err *err)
{
	const struct ck_lease *l = &v->lease;

	if (l->state == CK_BOUND_ISSUED || l->state == CK_BOUND_CONFIRMED)
		return 0;
	return ck_judge_end(v, l->quoted_end, l->now, err);
}

static int
note_lease(struct ck_visit *v, struct ck_err *err)
{
	char at[CK_TIME_LEN], end[24];
	const char *kept = ck_record_text(v->record, 0, "lease");
	struct ck_fact facts[4];
	size_t n = 3;

	if (kept != NULL && strcmp(kept, v->lease.id) == 0)
		return 0;
	if (kept != NULL && note_anew(v, err) == -1)
		return -1;
	ck_time_text(v->lease.now, at);
	snprintf(end, sizeof end, "%lld", (long long)v->lease.quoted_end);
	facts[0] = ck_text_fact("lease", v->lease.id, CK_FACT_HANDLE);
	facts[1] = ck_text_fact("frozen-at", at, 0);
	facts[2] = ck_text_fact("quoted-end", end, 0);
	if (v->lease.order[0] != '\0')
		facts[n++] = ck_text_fact("order", v->lease.order, CK_FACT_HANDLE);
	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = v->lease.id,
		    .ledger = true,
		    .facts = facts,
		    .n_facts = n },
		err) == -1)
		return -1;
	ck_visit_did(v, "leased", "{s:s}", "lease", v->lease.id);
	return 0;
}

static enum ck_turn
take_lease(struct ck_visit *v, struct ck_secret *password, int *tries_left, struct ck_err *err)
{
	struct ck_lease_wish wish = {
		.way = ck_way_name(v->way),
		.record = ck_record_head(v->record)->number,
		.clerk = v->clerk != NULL ? v->clerk->id : NULL,
		.envelope = password != NULL ? &v->envelope : NULL,
		.password = password,
	};
	bool wished = v->done.lease_meant;
	struct ck_err no = { 0 };
	int r;

	if (note_wish(v, err) == -1)
		return CK_STOP;
	ck_busy_net(v);
	r = ck_desk_lease(v->desk, &v->proof, &wish, &v->lease, tries_left, &no);
	v->envelope.serial[0] = '\0'; /* its challenge is spent */
	if (r == 0)
		return CK_GO;
	if (surely_refused(no.code) && !(wished && granted_before(v)) &&
	    note_refusal(v, no.code, err) == -1)
		return CK_STOP;
	if (no.code == CK_E_ENVELOPE_WRONG) {
		v->trouble = no;
		return CK_ASK;
	}
	*err = no;
	return CK_STOP;
}

/* A wrong one costs none of the desk's tries where the tape can tell. */
static enum ck_turn
try_password(struct ck_visit *v, struct ck_secret *password, int *tries_left, struct ck_err *err)
{
	struct ck_err no = { 0 };

	if (ck_guess(v, password, &no) == 0)
		return take_lease(v, password, tries_left, err);
	if (no.code != CK_E_ENVELOPE_WRONG) {
		*err = no;
		return CK_STOP;
	}
	v->trouble = no;
	return ck_guess_allowed(v, err) == 0 ? CK_ASK : CK_STOP;
}

static enum ck_turn
by_envelope(struct ck_visit *v, struct ck_err *err)
{
	struct ck_secret *password = ck_answer_secret(&v->talk, CK_ASK_PASSWORD, "password");
	int tries_left = -1;
	enum ck_turn turn = find_envelope(v, err);

	if (turn != CK_GO)
		goto out;
	if (password == NULL && ck_guess_allowed(v, err) == -1) {
		turn = CK_STOP;
		goto out;
	}
	if (password == NULL) {
		if (v->trouble.code == CK_E_ENVELOPE_UNKNOWN)
			v->trouble = (struct ck_err){ 0 };
		ck_visit_did(v, "envelope-proved", "{s:s}", "serial", v->reference);
		return ask_password(v, tries_left);
	}
	turn = try_password(v, password, &tries_left, err);
	if (turn == CK_ASK)
		ask_password(v, tries_left);
	if (turn == CK_GO) {
		v->trouble = (struct ck_err){ 0 };
		ck_secret_free(v->password);
		v->password = password;
		password = NULL;
		ck_visit_did(v, "password-proved", NULL);
	}
out:
	ck_secret_free(password);
	return turn;
}

static enum ck_turn
by_key(struct ck_visit *v, struct ck_err *err)
{
	int none = -1;

	return take_lease(v, NULL, &none, err);
}

/* What is confirmed takes no codes any more: they are used by then. 1 it is, 0, -1. */
static int
confirmed_before(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now;
	int found;

	if (!v->done.leased)
		return 0;
	if ((now = calloc(1, sizeof *now)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	found = ck_lease_now(v, now, err);
	if (found == 1 && now->state == CK_BOUND_CONFIRMED && ck_lease_is_ours(v, now))
		memcpy(&v->lease, now, sizeof *now);
	else if (found == 1)
		found = 0;
	free(now);
	return found;
}

static enum ck_turn
by_codes(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = CK_GO;
	int over = v->proof.id[0] == '\0' ? confirmed_before(v, err) : 0;

	if (over != 0)
		return over == 1 ? CK_GO : CK_STOP;
	if (v->proof.id[0] == '\0')
		turn = ck_prove_codes(v, err);
	return turn == CK_GO ? by_key(v, err) : turn;
}

/* The pair has ended with the confirmation; what is left to do then needs none. */
static int
take_pair(struct ck_visit *v, struct ck_err *err)
{
	if (!ck_visit_takes_pair(v) || v->lease.state == CK_BOUND_CONFIRMED)
		return 0;
	if (v->once == NULL && (v->once = ck_secret_new()) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "secret");
	ck_busy_net(v);
	return ck_desk_enrol_pair(v->desk, &v->proof, v->lease.id, v->once_for, v->once, err);
}

enum ck_turn
ck_at_authorise(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn;

	if (ck_visit_judge_signer(v, err) == -1)
		return CK_STOP;
	turn = v->rules.envelope   ? by_envelope(v, err)
	       : v->rules.download ? by_codes(v, err)
				   : by_key(v, err);
	if (turn != CK_GO)
		return turn;
	if (ck_visit_judge_clock(v, v->lease.now, err) == -1 || note_lease(v, err) == -1 ||
	    judge_lease(v, err) == -1 || judge_quote(v, err) == -1 ||
	    ck_steps_hear(v, &v->lease, err) == -1 || judge_password(v, err) == -1 ||
	    take_pair(v, err) == -1)
		return CK_STOP;
	v->seen.authorised = true;
	return CK_GO;
}
