/*
 * Station applicant: for how long, at what price, who acts, for whom, and who gets the invoice. The
 * price is shown before anything is ordered; what people typed is sealed in the record before it is
 * sent, asked for once, and shown again when the desk turns it down. Then the order is made, by
 * which the step passes. The code of a text message goes to the desk and nowhere else.
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/person.h"
#include "base/slip.h"
#include "base/utf8.h"
#include "walk/visit.h"

/* X.520 */
#define OID_COMMON_NAME "2.5.4.3"
#define OID_ORGANISATION "2.5.4.10"

#define SMS_CODE_MAX 16

static const char *const group_names[] = { "agent", "owner", "invoice" };

/* ---- what it costs ---- */

int
ck_judge_fee(const struct ck_visit *v, int months, int64_t fen, struct ck_err *err)
{
	enum ck_class class = ck_policy_class(&v->policy, &v->old.facts);
	char amount[CK_AMOUNT_LEN];

	if (!ck_order_too_dear(&v->policy.order, class, months, fen))
		return 0;
	ck_amount_text(fen, amount);
	return ck_fail(err, CK_E_QUOTED_OTHER_FEE, "%d: CNY %s", months, amount);
}

static int
judge_fees(const struct ck_visit *v, const struct ck_quote *q, struct ck_err *err)
{
	for (size_t i = 0; i < q->n_choices; i++)
		if (ck_judge_fee(v, q->choices[i].months, q->choices[i].amount, err) == -1)
			return -1;
	return 0;
}

/* A group the desk asks for and the rules have no fields for could not be put to anybody. */
static int
judge_groups(const struct ck_visit *v, const struct ck_quote *q, struct ck_err *err)
{
	const struct ck_order_rules *o = &v->policy.order;

	for (int g = CK_GROUP_AGENT; g < CK_ORDER_GROUPS; g++) {
		bool known = g == CK_GROUP_SMS ? o->sms_code : o->fields[g].n > 0;

		if (q->ask[g] && !known)
			return ck_fail(
			    err, CK_E_STEP_UNKNOWN, "applicant: %s", ck_order_group_names[g]);
	}
	return 0;
}

int
ck_take_quote(struct ck_visit *v, struct ck_err *err)
{
	struct ck_errand *e = &v->errand;

	if (e->quote != NULL)
		return 0;
	if ((e->quote = calloc(1, sizeof *e->quote)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "quote");
	ck_busy_net(v);
	if (ck_desk_quote(v->desk, v->lease.id, e->quote, err) == 0 &&
	    judge_fees(v, e->quote, err) == 0)
		return 0;
	free(e->quote);
	e->quote = NULL;
	return -1;
}

static const struct ck_choice *
choice_of(const struct ck_quote *q, long months)
{
	for (size_t i = 0; i < q->n_choices; i++)
		if (q->choices[i].months == months)
			return &q->choices[i];
	return NULL;
}

static enum ck_turn
ask_months(struct ck_visit *v)
{
	const struct ck_quote *q = v->errand.quote;
	json_t *choices = json_array();
	char end[CK_TIME_LEN], months[12];

	for (size_t i = 0; i < q->n_choices; i++) {
		ck_time_text(q->choices[i].quoted_end, end);
		json_array_append_new(
		    choices, json_pack("{s:i, s:I, s:s}", "months", q->choices[i].months, "amount",
				 (json_int_t)q->choices[i].amount, "end", end));
	}
	ck_question(&v->talk, CK_ASK_ORDER, &v->trouble, "{s:o, s:s}", "choices", choices, "payer",
	    q->central ? "central" : "customer");
	ck_question_field(&v->talk, "months", CK_FIELD_CHOICE, 0, 0, NULL);
	for (size_t i = 0; i < q->n_choices; i++) {
		snprintf(months, sizeof months, "%d", q->choices[i].months);
		ck_question_choice(&v->talk, months, months);
	}
	ck_question_choice(&v->talk, "later", "later");
	return CK_ASK;
}

/* A form that is a paper says what was chosen and typed: of other words it is void, and where the
 * desk wants one it is made anew. Said before they are, so that no form is taken for what it is
 * not.
 */
static int
void_form(struct ck_visit *v, const char *name, const char *text, struct ck_err *err)
{
	struct ck_fact facts[] = { { .name = "form" }, { .name = "form-fields" },
		{ .name = "form-made" } };
	const char *kept = ck_record_text(v->record, 0, name);

	if (ck_record_text(v->record, 0, "form-fields") == NULL || !v->rules.form_before ||
	    (kept != NULL && strcmp(kept, text) == 0))
		return 0;
	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_NOTE,
		    .text = "the application form is void",
		    .ledger = true,
		    CK_FACTS(facts) },
		err) == -1)
		return -1;
	ck_visit_did(v, "form-void", NULL);
	return 0;
}

static int
note_choice(struct ck_visit *v, const struct ck_choice *c, struct ck_err *err)
{
	char months[12], amount[24];
	struct ck_fact facts[2];

	snprintf(months, sizeof months, "%d", c->months);
	snprintf(amount, sizeof amount, "%lld", (long long)c->amount);
	facts[0] = ck_text_fact("months", months, 0);
	facts[1] = ck_text_fact("amount", amount, 0);
	if (void_form(v, "months", months, err) == -1)
		return -1;
	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_NOTE, .text = "the price was shown", CK_FACTS(facts) },
	    err);
}

/* As it was shown before, and still holds. */
static const struct ck_choice *
kept_choice(const struct ck_visit *v)
{
	const char *months = ck_record_text(v->record, 0, "months");
	const char *amount = ck_record_text(v->record, 0, "amount");
	const struct ck_choice *c = NULL;

	if (months != NULL && amount != NULL)
		c = choice_of(v->errand.quote, strtol(months, NULL, 10));
	return c != NULL && c->amount == strtoll(amount, NULL, 10) ? c : NULL;
}

/* GO: the price of what was chosen is known to who chose it. */
static enum ck_turn
choose(struct ck_visit *v, struct ck_err *err)
{
	const char *said = ck_answer_text(&v->talk, CK_ASK_ORDER, "months");
	struct ck_errand *e = &v->errand;
	bool anew = ck_steps_changing(v) && !e->chosen;
	const struct ck_choice *c = said == NULL && !anew ? kept_choice(v) : NULL;

	if (ck_steps_later(v, CK_ASK_ORDER, "months"))
		return ck_steps_park(v);
	if (c == NULL) {
		c = said != NULL ? choice_of(e->quote, strtol(said, NULL, 10)) : NULL;
		if (c == NULL)
			return ask_months(v);
		v->trouble = (struct ck_err){ 0 };
		if (ck_judge_end(v, c->quoted_end, e->quote->now, err) == -1 ||
		    note_choice(v, c, err) == -1)
			return CK_STOP;
		e->chosen = true;
	}
	e->months = c->months;
	e->amount = c->amount;
	return CK_GO;
}

/* ---- groups ---- */

static json_t *
kept(const struct ck_visit *v, enum ck_order_group g)
{
	const char *text = ck_record_text(v->record, 0, group_names[g]);

	return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

json_t *
ck_order_group(const struct ck_visit *v, enum ck_order_group g)
{
	json_t *fields = kept(v, g);

	if (json_object_size(fields) > 0)
		return fields;
	json_decref(fields);
	return NULL;
}

static bool
wanted(const struct ck_visit *v, enum ck_order_group g)
{
	return v->errand.quote->ask[g] ||
	       ck_order_wants(&v->policy.order, g, ck_now() > v->old.facts.not_after);
}

/* Anew: the desk turned it down, or the review did, or the person wants another order. */
static bool
to_be_typed(const struct ck_visit *v, enum ck_order_group g)
{
	const struct ck_errand *e = &v->errand;

	if (!wanted(v, g))
		return false;
	return ck_record_text(v->record, 0, group_names[g]) == NULL || e->again[g] ||
	       ((e->correcting || ck_steps_changing(v)) && !e->typed[g]);
}

static bool
may_decline(const struct ck_visit *v, enum ck_order_group g)
{
	return g == CK_GROUP_INVOICE && v->policy.order.invoice_optional;
}

/* values: as they were typed, NULL: as they are kept; taken over */
static enum ck_turn
ask_group(struct ck_visit *v, enum ck_order_group g, json_t *values)
{
	const struct ck_order_fields *f = &v->policy.order.fields[g];
	const char *doubtful = v->errand.doubtful[0] != '\0' ? "credit-code" : NULL;
	bool decline = may_decline(v, g);

	if (values == NULL)
		values = ck_order_group(v, g);
	ck_question(&v->talk, CK_ASK_APPLICANT, &v->trouble, "{s:s, s:o*, s:s*}", "group",
	    group_names[g], "values", values, "doubtful", doubtful);
	if (decline) {
		ck_question_field(&v->talk, "want", CK_FIELD_CHOICE, 0, 0, NULL);
		ck_question_choice(&v->talk, "yes", "yes");
		ck_question_choice(&v->talk, "no", "no");
	}
	for (size_t i = 0; i < f->n; i++)
		ck_question_field(&v->talk, ck_person_name(f->field[i]), CK_FIELD_TEXT, !decline,
		    CK_PERSON_CHARS, "any");
	return CK_ASK;
}

/* 1 the certificate has it there, 0 something else, -1 nothing */
static int
compare(const struct ck_visit *v, const char *oid, const char *typed)
{
	char *has = ck_cert_attribute(v->old.der, v->old.der_len, oid);
	int same = has != NULL ? ck_person_same(has, typed) : -1;

	free(has);
	return same;
}

/* Only what the certificate says can be told to be another's; the desk judges the rest. */
static bool
is_owner(const struct ck_visit *v, enum ck_person p, const char *typed)
{
	int organisation, name;

	if (p != CK_PERSON_ORGANISATION)
		return true;
	organisation = compare(v, OID_ORGANISATION, typed);
	name = compare(v, OID_COMMON_NAME, typed);
	return organisation == 1 || name == 1 || (organisation == -1 && name == -1);
}

bool
ck_insisted(struct ck_visit *v, const char *code)
{
	bool again = v->clerk != NULL && strcmp(v->errand.doubtful, code) == 0;

	ck_clean_str(v->errand.doubtful, sizeof v->errand.doubtful, again ? "" : code);
	return again;
}

static int
insisted(struct ck_visit *v, const char *code, struct ck_err *err)
{
	char text[160];

	if (!ck_insisted(v, code))
		return 0;
	snprintf(text, sizeof text,
	    "a credit code whose check digit is wrong, on a clerk's word: %s", v->clerk->id);
	return ck_visit_note(
		   v, &(struct ck_note){ .mark = CK_NOTE, .text = text, .ledger = true }, err) == 0
		   ? 1
		   : -1;
}

/* GO: taken into out; ASK: v->trouble says what is wrong */
static enum ck_turn
take_field(
    struct ck_visit *v, enum ck_order_group g, enum ck_person p, json_t *out, struct ck_err *err)
{
	const char *name = ck_person_name(p);
	const char *typed = ck_answer_text(&v->talk, CK_ASK_APPLICANT, name);
	char normal[CK_PERSON_MAX] = "";
	enum ck_person_is is = CK_PERSON_WRONG;
	int sure = 1;

	if (typed != NULL)
		is = ck_person_take(p, typed, ck_day_of(ck_now()), normal);
	if (is == CK_PERSON_DOUBTFUL)
		sure = insisted(v, normal, err);
	if (sure == -1)
		return CK_STOP;
	v->trouble = (struct ck_err){ 0 };
	if (is == CK_PERSON_WRONG || sure == 0)
		ck_fail(&v->trouble, CK_E_FIELD_WRONG, "%s", name);
	else if (g == CK_GROUP_OWNER && !is_owner(v, p, normal))
		ck_fail(&v->trouble, CK_E_OWNER_OTHER, "%s", name);
	else
		json_object_set_new(out, name, json_string(normal));
	return v->trouble.code == CK_E_NONE ? CK_GO : CK_ASK;
}

/* What was typed, as it was: shown again beside what is wrong with it. */
static json_t *
as_typed(const struct ck_visit *v, enum ck_order_group g)
{
	const struct ck_order_fields *f = &v->policy.order.fields[g];
	json_t *values = json_object();

	for (size_t i = 0; i < f->n; i++) {
		const char *name = ck_person_name(f->field[i]);
		const char *typed = ck_answer_text(&v->talk, CK_ASK_APPLICANT, name);

		if (typed != NULL)
			json_object_set_new(values, name, json_string(typed));
	}
	return values;
}

static int
note_group(struct ck_visit *v, enum ck_order_group g, const json_t *fields, struct ck_err *err)
{
	char line[64], *text = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);
	struct ck_fact fact;
	int rc = -1;

	if (text == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "order");
	snprintf(line, sizeof line, "%s: %s", group_names[g],
	    json_object_size(fields) > 0 ? "filled in" : "declined");
	fact = ck_text_fact(group_names[g], text, CK_FACT_SEALED);
	if (void_form(v, group_names[g], text, err) == 0)
		rc = ck_visit_note(v,
		    &(struct ck_note){
			.mark = CK_NOTE, .text = line, .facts = &fact, .n_facts = 1 },
		    err);
	free(text);
	return rc;
}

static enum ck_turn
take_group(struct ck_visit *v, enum ck_order_group g, struct ck_err *err)
{
	const struct ck_order_fields *f = &v->policy.order.fields[g];
	const char *want = ck_answer_text(&v->talk, CK_ASK_APPLICANT, "want");
	bool declined = may_decline(v, g) && want != NULL && strcmp(want, "no") == 0;
	json_t *fields = json_object();
	enum ck_turn turn = CK_GO;

	for (size_t i = 0; i < f->n && turn == CK_GO && !declined; i++)
		turn = take_field(v, g, f->field[i], fields, err);
	if (turn == CK_ASK)
		ask_group(v, g, as_typed(v, g));
	if (turn == CK_GO && note_group(v, g, fields, err) == -1)
		turn = CK_STOP;
	json_decref(fields);
	if (turn == CK_GO) {
		v->errand.typed[g] = true;
		v->errand.again[g] = false;
		v->trouble = (struct ck_err){ 0 };
		ck_answer_drop(&v->talk);
	}
	return turn;
}

/* An answer is to the group that was asked for. */
static bool
is_about(const struct ck_visit *v, enum ck_order_group g)
{
	const json_t *facts = json_object_get(v->talk.question, "facts");
	const char *asked = json_string_value(json_object_get(facts, "group"));

	return ck_answered(&v->talk, CK_ASK_APPLICANT) && asked != NULL &&
	       strcmp(asked, group_names[g]) == 0;
}

static enum ck_turn
fill_in(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = CK_GO;

	for (enum ck_order_group g = CK_GROUP_AGENT; g < CK_GROUP_SMS && turn == CK_GO; g++)
		if (to_be_typed(v, g))
			turn = is_about(v, g) ? take_group(v, g, err) : ask_group(v, g, NULL);
	return turn;
}

/* ---- the code that comes by text message ---- */

static enum ck_turn
ask_sms(struct ck_visit *v, const char *mobile)
{
	char shown[CK_PERSON_MAX], until[CK_TIME_LEN], again[CK_TIME_LEN];

	ck_person_mask(CK_PERSON_MOBILE, mobile, shown);
	ck_time_text(v->errand.sms_until, until);
	ck_time_text(v->errand.sms_again, again);
	ck_question(&v->talk, CK_ASK_SMS, &v->trouble, "{s:s, s:s*, s:s*, s:s}", "mobile", shown,
	    "until", v->errand.sms_until != 0 ? until : NULL, "again",
	    v->errand.sms_again != 0 ? again : NULL, "away", CK_AWAY_PHONE);
	ck_question_field(&v->talk, "code", CK_FIELD_TEXT, 0, SMS_CODE_MAX - 1, "0-9A-Za-z");
	return CK_ASK;
}

/* That none is sent again yet is no reason not to type the one that came. */
static enum ck_turn
send_sms(struct ck_visit *v, const char *mobile, struct ck_err *err)
{
	struct ck_errand *e = &v->errand;
	int64_t until = 0;
	int again = 0;
	struct ck_err no = { 0 };

	ck_busy_net(v);
	if (ck_desk_sms_code(v->desk, v->lease.id, mobile, &until, &again, &no) == 0) {
		e->sms_until = until;
		e->sms_again = ck_now() + again;
		v->trouble = (struct ck_err){ 0 };
		ck_visit_did(v, "sms-sent", NULL);
	} else if (no.code == CK_E_SMS_WAIT) {
		e->sms_again = ck_now() + again;
		v->trouble = no;
	} else {
		*err = no;
		return CK_STOP;
	}
	return ask_sms(v, mobile);
}

/* GO: code is what was typed, empty where none is needed. An order that is corrected takes none
 * unless the desk says so: the mobile may be the same. */
static enum ck_turn
take_sms(struct ck_visit *v, const json_t *agent, char code[SMS_CODE_MAX], struct ck_err *err)
{
	const char *typed = ck_answer_text(&v->talk, CK_ASK_SMS, "code");
	const char *mobile = json_string_value(json_object_get(agent, "mobile"));

	code[0] = '\0';
	if (!v->errand.quote->ask[CK_GROUP_SMS])
		return CK_GO;
	if (mobile == NULL) {
		ck_fail(err, CK_E_STEP_UNKNOWN, "applicant: sms-code");
		return CK_STOP;
	}
	if (typed == NULL && ck_record_text(v->record, 0, "order") != NULL)
		return CK_GO;
	if (typed == NULL || !ck_typed(typed, code, SMS_CODE_MAX) || code[0] == '\0')
		return send_sms(v, mobile, err);
	return CK_GO;
}

/* ---- the order ---- */

static int
note_order(struct ck_visit *v, const char *order, struct ck_err *err)
{
	struct ck_fact changed = { .name = "changing" };
	char amount[CK_AMOUNT_LEN], text[160];

	ck_amount_text(v->errand.amount, amount);
	snprintf(text, sizeof text, "order %s: %d months, CNY %s", order, v->errand.months, amount);
	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = text,
		    .ledger = true,
		    .facts = &changed,
		    .n_facts = 1 },
		err) == -1)
		return -1;
	ck_visit_did(v, "order-made", "{s:s, s:i, s:I}", "order", order, "months", v->errand.months,
	    "amount", (json_int_t)v->errand.amount);
	return 0;
}

/* The group with the field a refusal's detail begins with; CK_GROUP_SMS: none that was typed */
static enum ck_order_group
group_of(const struct ck_visit *v, const struct ck_err *why)
{
	for (enum ck_order_group g = CK_GROUP_AGENT; g < CK_GROUP_SMS; g++)
		for (size_t i = 0; wanted(v, g) && i < v->policy.order.fields[g].n; i++) {
			const char *name = ck_person_name(v->policy.order.fields[g].field[i]);
			size_t n = strlen(name);

			if (strncmp(why->detail, name, n) == 0 &&
			    (why->detail[n] == ':' || why->detail[n] == '\0'))
				return g;
		}
	return CK_GROUP_SMS;
}

static enum ck_turn
type_again(struct ck_visit *v, enum ck_order_group g, struct ck_err *err)
{
	if (g == CK_GROUP_SMS || !wanted(v, g)) {
		*err = v->trouble;
		return CK_STOP;
	}
	v->errand.again[g] = true;
	return ask_group(v, g, NULL);
}

/* What the desk turned down is asked for once more, beside why. */
static enum ck_turn
refused(struct ck_visit *v, const struct ck_err *why, const json_t *agent, bool coded,
    struct ck_err *err)
{
	const char *mobile = json_string_value(json_object_get(agent, "mobile"));
	struct ck_errand *e = &v->errand;

	v->trouble = *why;
	switch (why->code) {
	case CK_E_AMOUNT_CHANGED:
		free(e->quote);
		e->quote = NULL;
		return ck_take_quote(v, err) == 0 ? ask_months(v) : CK_STOP;
	case CK_E_FIELD_WRONG:
		return type_again(v, group_of(v, why), err);
	case CK_E_OWNER_OTHER:
		return type_again(v, CK_GROUP_OWNER, err);
	case CK_E_SMS_WRONG:
	case CK_E_SMS_WAIT:
		if (mobile != NULL)
			return coded ? ask_sms(v, mobile) : send_sms(v, mobile, err);
		break;
	default:
		/* paid while it was said anew: then it stays as it was */
		if (ck_steps_changing(v) && ck_steps_ask(v, err) == 0 && !ck_steps_changing(v))
			return CK_GO;
		break;
	}
	*err = *why;
	return CK_STOP;
}

static enum ck_turn
make_order(struct ck_visit *v, const json_t *agent, const char *code, struct ck_err *err)
{
	json_t *owner = ck_order_group(v, CK_GROUP_OWNER);
	json_t *invoice = ck_order_group(v, CK_GROUP_INVOICE);
	json_t *consents = ck_consents_of(v->record);
	struct ck_desk_order order = {
		.months = v->errand.months,
		.amount = v->errand.amount,
		.agent = wanted(v, CK_GROUP_AGENT) ? agent : NULL,
		.owner = wanted(v, CK_GROUP_OWNER) ? owner : NULL,
		.invoice = wanted(v, CK_GROUP_INVOICE) ? invoice : NULL,
		.sms_code = code[0] != '\0' ? code : NULL,
		.consents = consents,
	};
	struct ck_lease *lease = calloc(1, sizeof *lease);
	int64_t amount = order.amount;
	struct ck_err no = { 0 };
	enum ck_turn turn = CK_STOP;

	ck_busy_net(v);
	if (lease == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "order");
	else if (ck_desk_order(v->desk, v->lease.id, &order, lease, &amount, &no) == -1)
		turn = refused(v, &no, agent, order.sms_code != NULL, err);
	else if (note_order(v, lease->order, err) == 0 && ck_steps_hear(v, lease, err) == 0)
		turn = CK_GO;
	free(lease);
	json_decref(owner);
	json_decref(invoice);
	json_decref(consents);
	return turn;
}

static enum ck_turn
settle(struct ck_visit *v, struct ck_err *err)
{
	char code[SMS_CODE_MAX];
	json_t *agent = NULL;
	enum ck_turn turn = CK_STOP;

	if (ck_take_quote(v, err) == -1 || judge_groups(v, v->errand.quote, err) == -1)
		return CK_STOP;
	if ((turn = choose(v, err)) != CK_GO || (turn = fill_in(v, err)) != CK_GO)
		return turn;
	agent = ck_order_group(v, CK_GROUP_AGENT);
	if ((turn = take_sms(v, agent, code, err)) == CK_GO)
		turn = make_order(v, agent, code, err);
	OPENSSL_cleanse(code, sizeof code);
	json_decref(agent);
	return turn;
}

enum ck_turn
ck_at_applicant(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = ck_steps_rejection(v, err);

	if (turn == CK_GO && v->lease.steps.step[CK_STEP_APPLICANT].state == CK_STEP_PASSED &&
	    !ck_steps_changing(v))
		return ck_steps_hear(v, &v->lease, err) == 0 ? CK_GO : CK_STOP;
	if (turn == CK_GO)
		turn = settle(v, err);
	if (turn == CK_GO)
		v->trouble = (struct ck_err){ 0 };
	return turn;
}
