/* PROTOCOL.desk section 14: what it costs, who acts, and the order that says so. */
#include <string.h>

#include "certkiosk/desk.h"
#include "desk_wire.h"

#define MONTHS_MAX 120

const char *const ck_order_group_names[] = { "agent", "owner", "invoice", "sms-code", NULL };

/* ---- quote ---- */

static int
read_choices(const struct ck_desk_said *a, struct ck_quote *q)
{
	const json_t *list = json_object_get(a->body, "choices");
	size_t n = json_array_size(list);

	if (n == 0 || n > CK_CHOICES_MAX)
		return ck_desk_said_wrong(a, "choices");
	for (; q->n_choices < n; q->n_choices++) {
		const json_t *from = json_array_get(list, q->n_choices);
		struct ck_choice *c = &q->choices[q->n_choices];

		if (ck_field_int(a, from, "months", true, 1, MONTHS_MAX, &c->months) != 1 ||
		    ck_field_amount(a, from, "amount", true, &c->amount) != 1 ||
		    ck_field_time(a, from, "quoted_end", true, &c->quoted_end) != 1)
			return -1;
		if (q->central && c->amount != 0)
			return ck_desk_said_wrong(a, "amount");
		/* people choose by it: of two prices one would be shown and the other asked */
		for (size_t i = 0; i < q->n_choices; i++)
			if (q->choices[i].months == c->months)
				return ck_desk_said_wrong(a, "months");
	}
	return 0;
}

/* The words of a list are read as fields of an object: each gets one of its own. */
static int
word_of(const struct ck_desk_said *a, const json_t *list, size_t i, const char *name,
    char out[CK_WORD_MAX])
{
	json_t *one = json_pack("{s:O}", name, json_array_get(list, i));
	int rc = one != NULL ? ck_field_tag(a, one, name, true, out) : ck_desk_said_wrong(a, name);

	json_decref(one);
	return rc == 1 ? 0 : -1;
}

static int
read_methods(const struct ck_desk_said *a, struct ck_quote *q)
{
	const json_t *list = json_object_get(a->body, "methods");

	if (!json_is_array(list) || json_array_size(list) > CK_METHODS_MAX)
		return ck_desk_said_wrong(a, "methods");
	for (; q->n_methods < json_array_size(list); q->n_methods++)
		if (word_of(a, list, q->n_methods, "methods", q->methods[q->n_methods]) != 0)
			return -1;
	return 0;
}

/* A group this program does not know is one nobody could fill in. */
static int
read_ask(const struct ck_desk_said *a, struct ck_quote *q)
{
	const json_t *list = json_object_get(a->body, "ask");
	char word[CK_WORD_MAX] = "";

	if (!json_is_array(list))
		return ck_desk_said_wrong(a, "ask");
	for (size_t i = 0; i < json_array_size(list); i++) {
		int group = 0;

		if (word_of(a, list, i, "ask", word) != 0)
			return -1;
		while (group < CK_ORDER_GROUPS && strcmp(word, ck_order_group_names[group]) != 0)
			group++;
		if (group == CK_ORDER_GROUPS)
			return ck_desk_said_wrong(a, "ask");
		q->ask[group] = true;
	}
	return 0;
}

int
ck_desk_quote(struct ck_desk *d, const char *lease, struct ck_quote *out, struct ck_err *err)
{
	static const char *const payers[] = { "customer", "central", NULL };
	struct ck_desk_said a = { .body = NULL };
	int payer = 0, rc = -1;

	*out = (struct ck_quote){ .now = 0 };
	if (ck_desk_call(d, CK_CALL_QUOTE, json_pack("{s:s}", "lease", lease), &a, err) != 0 ||
	    ck_field_word(&a, a.body, "payer", payers, &payer) != 1)
		goto out;
	out->now = a.now;
	out->central = payer == 1;
	if (read_choices(&a, out) == 0 && read_methods(&a, out) == 0 && read_ask(&a, out) == 0)
		rc = 0;
out:
	ck_desk_said_free(&a);
	return rc;
}

/* ---- sms-code ---- */

int
ck_desk_sms_code(struct ck_desk *d, const char *lease, const char *mobile, int64_t *until,
    int *again_s, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = json_pack("{s:s, s:s}", "lease", lease, "mobile", mobile);
	int rc = -1;

	*until = 0;
	*again_s = 0;
	if (ck_desk_call(d, CK_CALL_SMS_CODE, ask, &a, err) != 0) {
		if (a.refused == CK_E_SMS_WAIT)
			ck_field_again(&a, a.body, true, again_s);
	} else if (ck_field_time(&a, a.body, "until", true, until) == 1 &&
		   ck_field_again(&a, a.body, true, again_s) == 1) {
		rc = 0;
	}
	ck_desk_said_free(&a);
	return rc;
}

/* ---- order ---- */

/* a copy of a group, which the caller goes on using; absent when there is none */
static int
add(json_t *ask, const char *name, const json_t *group)
{
	return group == NULL ? 0 : json_object_set_new(ask, name, json_deep_copy(group));
}

/* NULL when out of memory */
static json_t *
order_request(const char *lease, const struct ck_desk_order *o)
{
	json_t *ask = json_pack("{s:s, s:i, s:I, s:s*}", "lease", lease, "months", o->months,
	    "amount", (json_int_t)o->amount, "sms_code", o->sms_code);

	if (ask != NULL && add(ask, "agent", o->agent) == 0 && add(ask, "owner", o->owner) == 0 &&
	    add(ask, "invoice", o->invoice) == 0 && add(ask, "consents", o->consents) == 0 &&
	    (o->consents != NULL || json_object_set_new(ask, "consents", json_array()) == 0))
		return ask;
	json_decref(ask);
	return NULL;
}

int
ck_desk_order(struct ck_desk *d, const char *lease, const struct ck_desk_order *order,
    struct ck_lease *out, int64_t *amount, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	int rc = -1;

	*out = (struct ck_lease){ .id = "" };
	if (ck_desk_call(d, CK_CALL_ORDER, order_request(lease, order), &a, err) != 0) {
		if (a.refused == CK_E_AMOUNT_CHANGED)
			ck_field_amount(&a, a.body, "amount", true, amount);
		goto out;
	}
	if (ck_desk_read_lease(&a, out) != 0)
		goto out;
	if (strcmp(out->id, lease) != 0)
		ck_desk_said_wrong(&a, "lease");
	else if (out->order[0] == '\0')
		ck_desk_said_wrong(&a, "order");
	else if (out->steps.step[CK_STEP_APPLICANT].state != CK_STEP_PASSED)
		ck_desk_said_wrong(&a, "steps");
	else
		rc = 0;
out:
	ck_desk_said_free(&a);
	return rc;
}
