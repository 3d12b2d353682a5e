#include "walk/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "certkiosk/papers.h"
#include "walk/parked.h"
#include "walk/visit.h"

/* PROTOCOL.desk, 13: where the desk does not say */
#define AGAIN_S 3

static const enum ck_station stations[CK_STEPS] = {
	[CK_STEP_APPLICANT] = CK_AT_APPLICANT,
	[CK_STEP_PAPERS] = CK_AT_PAPERS,
	[CK_STEP_IDENTITY] = CK_AT_IDENTITY,
	[CK_STEP_PAYMENT] = CK_AT_PAY,
	[CK_STEP_REVIEW] = CK_AT_REVIEW,
};

/* did.*; what the applicant's passing is called is said with the order itself, papers one by one */
static const char *const passed_words[CK_STEPS] = {
	[CK_STEP_IDENTITY] = "identity-passed",
	[CK_STEP_PAYMENT] = "paid",
	[CK_STEP_REVIEW] = "review-passed",
};

void
ck_errand_free(struct ck_errand *e)
{
	free(e->quote);
	free(e->payment);
	free(e->identity);
	*e = (struct ck_errand){ .quote = NULL };
}

/* ---- what it says ---- */

/* CK_STEPS: none */
static int
first_of(const struct ck_desk_steps *s)
{
	int i = 0;

	while (i < CK_STEPS && s->step[i].state == CK_STEP_PASSED)
		i++;
	return i;
}

enum ck_station
ck_steps_due(const struct ck_desk_steps *s)
{
	int i = first_of(s);

	return i < CK_STEPS ? stations[i] : CK_AT_KEY;
}

bool
ck_steps_want_form(const struct ck_desk_steps *s)
{
	if (s->step[CK_STEP_PAPERS].state == CK_STEP_PASSED)
		return false;
	for (size_t i = 0; i < s->n_papers; i++)
		if (strcmp(s->papers[i].kind, CK_PAPER_FORM) == 0)
			return s->papers[i].state != CK_PAPER_IN;
	return false;
}

bool
ck_steps_rejected(const struct ck_desk_steps *s)
{
	return s->step[CK_STEP_REVIEW].state == CK_STEP_FAILED;
}

const char *
ck_steps_waits(const struct ck_visit *v, const struct ck_desk_steps *s)
{
	static const char *const waits[CK_STEPS] = {
		[CK_STEP_APPLICANT] = CK_WAITS_PERSON,
		[CK_STEP_PAPERS] = CK_WAITS_PAPERS,
		[CK_STEP_IDENTITY] = CK_WAITS_IDENTITY,
		[CK_STEP_PAYMENT] = CK_WAITS_UNPAID,
		[CK_STEP_REVIEW] = CK_WAITS_REVIEW,
	};
	int i = first_of(s);

	if (i == CK_STEPS)
		return CK_WAITS_PERSON;
	if (ck_steps_rejected(s))
		return CK_WAITS_REJECTED;
	if (i == CK_STEP_PAYMENT && ck_record_text(v->record, 0, "pay-account") != NULL)
		return CK_WAITS_TRANSFER;
	return waits[i];
}

/* ---- the desk's word ---- */

static int
judge(const struct ck_visit *v, const struct ck_desk_steps *s, struct ck_err *err)
{
	for (int i = 0; i < CK_STEPS; i++)
		if (s->step[i].state != CK_STEP_PASSED && !v->policy.order.step[i])
			return ck_fail(err, CK_E_STEP_UNKNOWN, "%s", ck_desk_step_names[i]);
	return 0;
}

/* What stood still before it and does not any more. */
static void
tell_passed(struct ck_visit *v, enum ck_station was, const struct ck_desk_steps *s)
{
	for (int i = 0; i < CK_STEPS; i++)
		if (stations[i] == was && s->step[i].state == CK_STEP_PASSED &&
		    passed_words[i] != NULL)
			ck_visit_did(v, passed_words[i], "{s:s*}", "order",
			    ck_record_text(v->record, 0, "order"));
}

/* Facts whose bytes are NULL are removed. */
static struct ck_fact
fact_or_none(const char *name, const char *text)
{
	return text != NULL ? ck_text_fact(name, text, 0) : (struct ck_fact){ .name = name };
}

static bool
holds(const struct ck_visit *v, const char *fact, const char *text)
{
	const char *kept = ck_record_text(v->record, 0, fact);

	return kept == NULL ? text == NULL : text != NULL && strcmp(kept, text) == 0;
}

bool
ck_steps_changing(const struct ck_visit *v)
{
	return ck_record_text(v->record, 0, "changing") != NULL;
}

/* Who changes the order is not asked for the rest meanwhile; what was paid is not changed. */
static int
note_due(struct ck_visit *v, const struct ck_desk_steps *s, struct ck_err *err)
{
	bool paid = s->step[CK_STEP_PAYMENT].state == CK_STEP_PASSED;
	const char *changing = ck_steps_changing(v) && !paid ? "yes" : NULL;
	enum ck_station due = changing != NULL ? CK_AT_APPLICANT : ck_steps_due(s);
	enum ck_station was = v->done.due;
	const char *name = due != CK_AT_KEY ? ck_station_name(due) : NULL;
	const char *form = ck_steps_want_form(s) ? "yes" : NULL;
	struct ck_fact facts[] = { fact_or_none("due", name), fact_or_none("form-due", form),
		fact_or_none("changing", changing) };
	char text[64];

	if (holds(v, "due", name) && holds(v, "form-due", form) && holds(v, "changing", changing))
		return 0;
	snprintf(text, sizeof text, "the desk wants: %s", name != NULL ? name : "nothing more");
	if (ck_visit_note(
		v, &(struct ck_note){ .mark = CK_NOTE, .text = text, CK_FACTS(facts) }, err) == -1)
		return -1;
	tell_passed(v, was, s);
	return 0;
}

static int
note_order(struct ck_visit *v, const struct ck_lease *l, struct ck_err *err)
{
	struct ck_fact facts[2];
	char end[24];
	size_t n = 0;

	snprintf(end, sizeof end, "%lld", (long long)l->quoted_end);
	if (l->order[0] != '\0' && !holds(v, "order", l->order))
		facts[n++] = ck_text_fact("order", l->order, CK_FACT_HANDLE);
	if (l->quoted_end != 0 && !holds(v, "quoted-end", end))
		facts[n++] = ck_text_fact("quoted-end", end, 0);
	if (n == 0)
		return 0;
	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_NOTE,
		.text = "the order as the desk has it",
		.facts = facts,
		.n_facts = n },
	    err);
}

void
ck_amount_text(int64_t fen, char out[CK_AMOUNT_LEN])
{
	snprintf(out, CK_AMOUNT_LEN, "%lld.%02d", (long long)(fen / 100), (int)(fen % 100));
}

/* What goes back to who paid stands in the ledger. */
static int
note_refund(struct ck_visit *v, int64_t fen, struct ck_err *err)
{
	char amount[CK_AMOUNT_LEN], text[64];
	struct ck_fact fact;

	ck_amount_text(fen, amount);
	if (fen == 0 || holds(v, "refund", amount))
		return 0;
	snprintf(text, sizeof text, "CNY %s goes back to who paid", amount);
	fact = ck_text_fact("refund", amount, 0);
	if (ck_visit_note(v,
		&(struct ck_note){
		    .mark = CK_NOTE, .text = text, .ledger = true, .facts = &fact, .n_facts = 1 },
		err) == -1)
		return -1;
	ck_visit_did(v, "refund", "{s:I}", "amount", (json_int_t)fen);
	return 0;
}

int
ck_steps_hear(struct ck_visit *v, const struct ck_lease *l, struct ck_err *err)
{
	if (&v->lease != l)
		memcpy(&v->lease, l, sizeof v->lease);
	v->errand.stood = false;
	if (!ck_steps_rejected(&l->steps))
		v->errand.correcting = false;
	if (note_order(v, l, err) == -1 || note_due(v, &l->steps, err) == -1 ||
	    note_refund(v, l->refund, err) == -1)
		return -1;
	return judge(v, &l->steps, err);
}

int
ck_steps_ask(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now = calloc(1, sizeof *now);
	int found, rc = -1;

	if (now == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	found = ck_lease_now(v, now, err);
	if (found == 1 && now->state != CK_BOUND_RELEASED && ck_lease_is_ours(v, now))
		rc = ck_steps_hear(v, now, err);
	else if (found != -1)
		ck_fail(err, CK_E_LEASE_LOST, "%s", v->lease.id);
	free(now);
	return rc;
}

/* ---- standing still ---- */

enum ck_turn
ck_steps_park(struct ck_visit *v)
{
	v->errand.waits = ck_steps_waits(v, &v->lease.steps);
	v->retry_at = 0;
	return CK_LATER;
}

bool
ck_steps_later(const struct ck_visit *v, const char *question, const char *field)
{
	const char *said = ck_answer_text(&v->talk, question, field);

	return said != NULL && strcmp(said, "later") == 0;
}

static int
note_rejection(struct ck_visit *v, const char *text, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact("rejected", text, CK_FACT_SEALED);

	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_NOTE,
		.text = "the review turned it down",
		.ledger = true,
		.facts = &f,
		.n_facts = 1 },
	    err);
}

enum ck_turn
ck_steps_rejection(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_desk_steps *s = &v->lease.steps;
	const char *said = ck_answer_text(&v->talk, CK_ASK_REVIEW, "do");
	const char *text =
	    s->step[CK_STEP_REVIEW].text[0] != '\0' ? s->step[CK_STEP_REVIEW].text : "-";
	struct ck_err why = { 0 };

	if (!ck_steps_rejected(s) || v->errand.correcting)
		return CK_GO;
	if (said != NULL && strcmp(said, "correct") == 0) {
		v->errand.correcting = true;
		return CK_GO;
	}
	if (said != NULL)
		return ck_steps_park(v);
	if (!holds(v, "rejected", text) && note_rejection(v, text, err) == -1)
		return CK_STOP;
	ck_fail(&why, CK_E_REVIEW_REJECTED, "%s", s->step[CK_STEP_REVIEW].text);
	ck_question(&v->talk, CK_ASK_REVIEW, &why, NULL);
	ck_question_field(&v->talk, "do", CK_FIELD_CHOICE, 0, 0, NULL);
	if (v->done.due != CK_AT_REVIEW)
		ck_question_choice(&v->talk, "correct", "correct");
	ck_question_choice(&v->talk, "later", "later");
	ck_steps_watch(v);
	return CK_ASK;
}

/* ---- while a question stands ---- */

void
ck_steps_watch(struct ck_visit *v)
{
	const struct ck_desk_steps *s = &v->lease.steps;
	int i = first_of(s), again = i < CK_STEPS ? s->step[i].again_s : 0;

	v->errand.every_ms = (again > 0 ? again : AGAIN_S) * 1000;
	v->errand.next_ms = ck_mono_ms() + v->errand.every_ms;
	v->errand.stood = true;
}

static bool
same(const struct ck_lease *a, const struct ck_lease *b)
{
	bool same = a->state == b->state && a->refund == b->refund &&
		    strcmp(a->steps.method, b->steps.method) == 0 &&
		    a->steps.n_papers == b->steps.n_papers;

	for (int i = 0; i < CK_STEPS && same; i++)
		same = a->steps.step[i].state == b->steps.step[i].state &&
		       strcmp(a->steps.step[i].text, b->steps.step[i].text) == 0;
	for (size_t i = 0; i < a->steps.n_papers && same; i++)
		same = a->steps.papers[i].state == b->steps.papers[i].state;
	return same;
}

/* now: the desk's, by whose clock it was said until when */
static bool
is_over(const struct ck_errand *e, int64_t now)
{
	const struct ck_payment *p = e->payment;
	const struct ck_identity *i = e->identity;

	return (p != NULL && p->until != 0 && now >= p->until) || (i != NULL && now >= i->until);
}

bool
ck_steps_ran_out(struct ck_visit *v)
{
	v->errand.expired = is_over(&v->errand, v->lease.now);
	return v->errand.expired;
}

/* A desk that does not answer now is asked again; the person hears nothing of it. */
bool
ck_steps_moved(struct ck_visit *v)
{
	struct ck_lease *now;
	struct ck_err no = { 0 };
	bool moved = false, mute = v->talk.mute;

	if (ck_mono_ms() < v->errand.next_ms)
		return false;
	v->errand.next_ms = ck_mono_ms() + v->errand.every_ms;
	if ((now = calloc(1, sizeof *now)) == NULL)
		return false;
	v->talk.mute = true;
	if (ck_lease_now(v, now, &no) == 1)
		moved =
		    !same(now, &v->lease) || (!v->errand.expired && is_over(&v->errand, now->now));
	else
		ck_log_err(CK_LOG_WARN, "the desk, while somebody waits", &no);
	v->talk.mute = mute;
	free(now);
	return moved;
}
