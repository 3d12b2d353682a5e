/*
 * Station pay: how, and then the desk's word that it is paid; nobody else's counts. A code that has
 * run out is replaced when the person says so; the amount that is shown is the desk's. Who pays by
 * a transfer comes back when the money has arrived.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/sheets.h"

static bool
passed(const struct ck_visit *v)
{
	return v->lease.steps.step[CK_STEP_PAYMENT].state == CK_STEP_PASSED;
}

/* ---- which way ---- */

/* What both the rules and the desk offer, in the order of the rules. */
static size_t
offered(const struct ck_visit *v, const char *out[CK_METHODS_MAX])
{
	const struct ck_order_rules *o = &v->policy.order;
	const struct ck_quote *q = v->errand.quote;
	size_t n = 0;

	for (size_t i = 0; i < o->n_methods; i++)
		for (size_t k = 0; k < q->n_methods; k++)
			if (strcmp(o->methods[i], q->methods[k]) == 0)
				out[n++] = o->methods[i];
	return n;
}

/* What was shown as the order was made. Of one made elsewhere the desk says it when it is asked for
 * a payment of any other. */
static int64_t
amount_of(const struct ck_visit *v)
{
	const char *kept = ck_record_text(v->record, 0, "amount");

	if (v->errand.amount != 0)
		return v->errand.amount;
	return kept != NULL ? strtoll(kept, NULL, 10) : 0;
}

/* ---- another order ---- */

/* What was chosen and typed at this counter. */
static void
offer_change(struct ck_visit *v)
{
	if (ck_record_text(v->record, 0, "months") != NULL)
		ck_question_choice(&v->talk, "change", "change");
}

static bool
change_wanted(const struct ck_visit *v)
{
	const char *method = ck_answer_text(&v->talk, CK_ASK_METHOD, "method");
	const char *what = ck_answer_text(&v->talk, CK_ASK_PAYMENT, "do");

	return (method != NULL && strcmp(method, "change") == 0) ||
	       (what != NULL && strcmp(what, "change") == 0);
}

/* It is quoted and said anew, and takes the place of the one that was made. */
static int
change(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact facts[] = {
		ck_text_fact("changing", "yes", 0),
		ck_text_fact("due", ck_station_name(CK_AT_APPLICANT), 0),
		{ .name = "pay-method" },
		{ .name = "pay-account" },
	};

	ck_errand_free(&v->errand);
	v->trouble = (struct ck_err){ 0 };
	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_NOTE, .text = "the order is to be changed", CK_FACTS(facts) },
	    err);
}

/* ---- which of them ---- */

static enum ck_turn
ask_method(struct ck_visit *v, const char *const *methods, size_t n)
{
	int64_t amount = amount_of(v);

	ck_question(&v->talk, CK_ASK_METHOD, &v->trouble, "{s:o*}", "amount",
	    amount != 0 ? json_integer((json_int_t)amount) : NULL);
	ck_question_field(&v->talk, "method", CK_FIELD_CHOICE, 0, 0, NULL);
	for (size_t i = 0; i < n; i++)
		ck_question_choice(&v->talk, methods[i], methods[i]);
	offer_change(v);
	ck_question_choice(&v->talk, "later", "later");
	ck_steps_watch(v);
	return CK_ASK;
}

static bool
is_among(const char *method, const char *const *methods, size_t n)
{
	for (size_t i = 0; method != NULL && i < n; i++)
		if (strcmp(methods[i], method) == 0)
			return true;
	return false;
}

static int
note_method(struct ck_visit *v, const struct ck_payment *p, struct ck_err *err)
{
	char fen[24], yuan[CK_AMOUNT_LEN], text[96];
	struct ck_fact facts[3] = { { .name = "" }, { .name = "" }, { .name = "pay-account" } };

	snprintf(fen, sizeof fen, "%lld", (long long)p->amount);
	ck_amount_text(p->amount, yuan);
	snprintf(text, sizeof text, "to be paid by %s: CNY %s", p->method, yuan);
	facts[0] = ck_text_fact("pay-method", p->method, 0);
	facts[1] = ck_text_fact("amount", fen, 0);
	/* days later, when the money has come */
	if (p->code[0] == '\0')
		facts[2] = ck_text_fact("pay-account", "yes", 0);
	return ck_visit_note(
	    v, &(struct ck_note){ .mark = CK_INTENT, .text = text, CK_FACTS(facts) }, err);
}

/* ---- the code ---- */

static void
drop_payment(struct ck_visit *v)
{
	free(v->errand.payment);
	v->errand.payment = NULL;
	v->errand.expired = false;
}

/* Of an order made elsewhere the desk's quote has the choice that was made; where several stand
 * there the one that ends as the order does, or none can be told from the other: the longest. */
static int
months_of(const struct ck_visit *v)
{
	const char *kept = ck_record_text(v->record, 0, "months");
	const struct ck_quote *q = v->errand.quote;
	int longest = 0;

	if (kept != NULL)
		return (int)strtol(kept, NULL, 10);
	for (size_t i = 0; i < q->n_choices; i++) {
		if (q->choices[i].quoted_end == v->lease.quoted_end)
			return q->choices[i].months;
		if (q->choices[i].months > longest)
			longest = q->choices[i].months;
	}
	return longest;
}

static int
judge_amount(const struct ck_visit *v, int64_t amount, struct ck_err *err)
{
	return ck_judge_fee(v, months_of(v), amount, err);
}

/* The desk's refusal makes another question of it, or the end. */
static enum ck_turn
refused(struct ck_visit *v, const struct ck_err *why, int64_t amount, struct ck_err *err)
{
	const char *methods[CK_METHODS_MAX];
	bool unseen = amount_of(v) == 0;

	switch (why->code) {
	case CK_E_PAID_ALREADY:
		if (ck_steps_ask(v, err) == -1)
			return CK_STOP;
		if (passed(v))
			return CK_GO;
		/* the desk has the money and not yet booked it: nothing can be paid meanwhile */
		v->trouble = *why;
		return ask_method(v, methods, offered(v, methods));
	case CK_E_AMOUNT_CHANGED:
		if (judge_amount(v, amount, err) == -1)
			return CK_STOP;
		v->errand.amount = amount;
		if (!unseen)
			v->trouble = *why;
		return ask_method(v, methods, offered(v, methods));
	case CK_E_METHOD_UNKNOWN:
		v->trouble = *why;
		free(v->errand.quote);
		v->errand.quote = NULL;
		if (ck_take_quote(v, err) == -1)
			return CK_STOP;
		return ask_method(v, methods, offered(v, methods));
	default:
		*err = *why;
		return CK_STOP;
	}
}

static enum ck_turn
begin(struct ck_visit *v, const char *method, struct ck_err *err)
{
	struct ck_payment *p = calloc(1, sizeof *p);
	int64_t amount = amount_of(v);
	struct ck_err no = { 0 };
	enum ck_turn turn = CK_STOP;

	drop_payment(v);
	ck_busy_net(v);
	if (p == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "payment");
	} else if (ck_desk_pay(v->desk, v->lease.id, method, &amount, p, &no) == -1) {
		turn = refused(v, &no, amount, err);
	} else if (note_method(v, p, err) == 0) {
		v->errand.payment = p;
		v->errand.amount = p->amount;
		v->trouble = (struct ck_err){ 0 };
		p = NULL;
		turn = CK_GO;
	}
	free(p);
	return turn;
}

/* An order made elsewhere: its price is shown before a way to pay it is chosen. The desk tells it
 * to who asks for a payment of nothing, and begins none. */
static int
learn_amount(struct ck_visit *v, const char *method, struct ck_err *err)
{
	struct ck_payment *p = NULL;
	struct ck_err no = { 0 };
	int64_t amount = 0;
	int rc = 0;

	if (amount_of(v) != 0)
		return 0;
	if ((p = calloc(1, sizeof *p)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "payment");
	ck_busy_net(v);
	if (ck_desk_pay(v->desk, v->lease.id, method, &amount, p, &no) == -1 &&
	    no.code == CK_E_AMOUNT_CHANGED && (rc = judge_amount(v, amount, err)) == 0)
		v->errand.amount = amount;
	free(p);
	return rc;
}

static json_t *
account(const struct ck_payment *p)
{
	json_t *lines = json_array();

	for (size_t i = 0; i < p->n_lines; i++)
		json_array_append_new(lines, json_pack("{s:s, s:s}", "label", p->lines[i].label,
						 "value", p->lines[i].value));
	return lines;
}

/* The bank's receipt, which no desk takes for the money. */
static bool
proof_wanted(const struct ck_visit *v)
{
	const struct ck_desk_steps *s = &v->lease.steps;

	if (v->errand.payment == NULL || !v->errand.payment->wants_proof)
		return false;
	for (size_t i = 0; i < s->n_papers; i++)
		if (s->papers[i].state != CK_PAPER_IN)
			return true;
	/* it is only told once the payment has begun */
	return s->n_papers == 0;
}

/* The person is at it, and does not leave it for later. */
static bool
brings_proof(const struct ck_visit *v)
{
	const char *said = ck_answer_text(&v->talk, CK_ASK_PAYMENT, "do");

	if (!proof_wanted(v))
		return false;
	if (ck_answered(&v->talk, CK_ASK_PAPERS))
		return !ck_steps_later(v, CK_ASK_PAPERS, "do");
	return said != NULL && strcmp(said, "proof") == 0;
}

static enum ck_turn
ask_payment(struct ck_visit *v, size_t methods)
{
	const struct ck_payment *p = v->errand.payment;
	const struct ck_step_now *s = &v->lease.steps.step[CK_STEP_PAYMENT];
	char until[CK_TIME_LEN];
	struct ck_err *trouble = &v->trouble;

	if (ck_steps_ran_out(v))
		ck_fail(trouble, CK_E_CODE_EXPIRED, "%s", p->method);
	ck_time_text(p->until, until);
	ck_question(&v->talk, CK_ASK_PAYMENT, trouble, "{s:s, s:I, s:s*, s:s*, s:o, s:s, s:s}",
	    "method", p->method, "amount", (json_int_t)p->amount, "code",
	    p->code[0] != '\0' ? p->code : NULL, "until", p->until != 0 ? until : NULL, "account",
	    account(p), "state", ck_step_state_names[s->state], "away", CK_AWAY_PAYMENT);
	ck_question_field(&v->talk, "do", CK_FIELD_CHOICE, 0, 0, NULL);
	if (methods > 1)
		ck_question_choice(&v->talk, "other", "other");
	if (p->code[0] != '\0')
		ck_question_choice(&v->talk, "again", "again");
	if (proof_wanted(v))
		ck_question_choice(&v->talk, "proof", "proof");
	offer_change(v);
	ck_question_choice(&v->talk, "later", "later");
	ck_steps_watch(v);
	return CK_ASK;
}

/* ---- the station ---- */

/* A way that was chosen before is taken again; the same way again is the same payment. */
static const char *
method_of(struct ck_visit *v, const char *const *methods, size_t n)
{
	const char *said = ck_answer_text(&v->talk, CK_ASK_METHOD, "method");
	const char *kept = ck_record_text(v->record, 0, "pay-method");

	if (is_among(said, methods, n))
		return said;
	if (n == 1)
		return methods[0];
	return is_among(kept, methods, n) ? kept : NULL;
}

static enum ck_turn
settle(struct ck_visit *v, struct ck_err *err)
{
	const char *methods[CK_METHODS_MAX], *method;
	const char *said = ck_answer_text(&v->talk, CK_ASK_PAYMENT, "do");
	bool other = said != NULL && strcmp(said, "other") == 0;
	bool again = said != NULL && strcmp(said, "again") == 0;
	enum ck_turn turn = CK_GO;
	size_t n;

	if (ck_take_quote(v, err) == -1)
		return CK_STOP;
	if ((n = offered(v, methods)) == 0) {
		ck_fail(err, CK_E_METHOD_UNKNOWN, "%s", v->errand.quote->methods[0]);
		return CK_STOP;
	}
	if (learn_amount(v, methods[0], err) == -1)
		return CK_STOP;
	if (other) {
		drop_payment(v);
		return ask_method(v, methods, n);
	}
	method = method_of(v, methods, n);
	if (v->errand.payment == NULL && method == NULL)
		return ask_method(v, methods, n);
	if (v->errand.payment == NULL || again)
		turn = begin(v, method, err);
	if (turn != CK_GO || passed(v))
		return turn;
	return ask_payment(v, n);
}

enum ck_turn
ck_at_pay(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn;

	if (ck_steps_later(v, CK_ASK_METHOD, "method") || ck_steps_later(v, CK_ASK_PAYMENT, "do"))
		return ck_steps_park(v);
	/* the question may have gone off: the desk has said something */
	if (v->errand.stood && ck_steps_ask(v, err) == -1)
		return CK_STOP;
	if (passed(v)) {
		drop_payment(v);
		return ck_steps_hear(v, &v->lease, err) == 0 ? CK_GO : CK_STOP;
	}
	if (change_wanted(v))
		return change(v, err) == 0 ? CK_GO : CK_STOP;
	turn = brings_proof(v) ? ck_take_papers(v, err) : CK_GO;
	if (turn == CK_GO)
		turn = settle(v, err);
	if (turn == CK_GO)
		v->trouble = (struct ck_err){ 0 };
	return turn;
}
