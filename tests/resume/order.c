/*
 * A whole order. The customer types what is asked for, shows a face to a phone, pays every code
 * that is shown, whichever payment it belongs to, brings the bank's receipt on a stick; and the CA
 * looks at it. Who is patient waits until the screen goes on by itself, others press a button as
 * soon as it is done elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "../sandbox/knob.h"
#include "../sandbox/meanwhile.h"
#include "../sandbox/order.h"
#include "prove.h"

#define AMOUNT 20000 /* a year, as the sandbox's table has it */

/* ---- the customer ---- */

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static void
press(const struct visit *v, const char *ask, const char *button, char line[ORDER_LINE])
{
	snprintf(line, ORDER_LINE, "{\"ask\":\"%s\",\"do\":\"%s\"}\n", ask,
	    v->w->wish->patient ? "wait" : button);
}

/* Nothing may have been issued yet, nor may another price be shown than was agreed to. */
static void
judge_price(struct visit *v, const json_t *facts)
{
	int64_t shown = json_integer_value(json_object_get(facts, "amount"));

	if (sb_int(v->w->sb.db, -1, "SELECT count(*) FROM cert WHERE origin='issued'", NULL) != 0)
		snprintf(v->wrong, sizeof v->wrong, "payment is asked for after it was issued");
	if (shown != AMOUNT)
		snprintf(v->wrong, sizeof v->wrong, "%ld fen are shown", (long)shown);
}

/* By what is shown, as the customer sees no more than that. */
static void
pay(struct visit *v, const json_t *facts)
{
	struct sb *sb = &v->w->sb;
	const char *id = strstr(text_of(facts, "code"), "Y-");

	judge_price(v, facts);
	if (id != NULL) {
		sb_money(sb->db, id);
		return;
	}
	sb_pays(sb, 0, NULL);
	sb_money_in(sb, 0, NULL);
}

static bool
receipt_wanted(const json_t *question)
{
	const json_t *field = json_array_get(json_object_get(question, "fields"), 0), *choice;
	size_t i;

	json_array_foreach(json_object_get(field, "choices"), i,
	    choice) if (strcmp(text_of(choice, "value"), "proof") == 0) return true;
	return false;
}

static void
at_payment(struct visit *v, const json_t *question, char line[ORDER_LINE])
{
	const json_t *facts = json_object_get(question, "facts");

	if (receipt_wanted(question)) {
		snprintf(line, ORDER_LINE, "{\"ask\":\"payment\",\"do\":\"proof\"}\n");
		return;
	}
	pay(v, facts);
	press(v, "payment", *text_of(facts, "code") != '\0' ? "again" : "other", line);
}

bool
order_answer(struct visit *v, const json_t *question, char line[ORDER_LINE])
{
	static char *passed[] = { "passed" };
	const char *ask = text_of(question, "ask");
	bool agent = strcmp(text_of(json_object_get(question, "facts"), "group"), "agent") == 0;

	if (!v->w->order)
		return false;
	if (strcmp(ask, "order") == 0) {
		snprintf(line, ORDER_LINE, "{\"ask\":\"order\",\"months\":\"12\"}\n");
	} else if (strcmp(ask, "applicant") == 0) {
		snprintf(line, ORDER_LINE, "%s",
		    agent ? "{\"ask\":\"applicant\",\"name\":\"王五\",\"resident-id\":"
			    "\"440524188001010014\",\"mobile\":\"13800138000\"}\n"
			  : "{\"ask\":\"applicant\",\"want\":\"no\"}\n");
	} else if (strcmp(ask, "pay-method") == 0) {
		snprintf(line, ORDER_LINE, "{\"ask\":\"pay-method\",\"method\":\"%s\"}\n",
		    v->w->wish->pay);
	} else if (strcmp(ask, "papers") == 0) {
		snprintf(line, ORDER_LINE,
		    "{\"ask\":\"papers\",\"do\":\"file:%s/pictures/receipt.png\"}\n",
		    v->w->wish->dir);
	} else if (strcmp(ask, "payment") == 0) {
		at_payment(v, question, line);
	} else if (strcmp(ask, "identity") == 0) {
		sb_identity(&v->w->sb, 1, passed);
		press(v, ask, "again", line);
	} else if (strcmp(ask, "review") == 0) {
		sb_review(&v->w->sb, 1, passed);
		snprintf(line, ORDER_LINE, "{\"ask\":\"review\",\"do\":\"wait\"}\n");
	} else {
		return false;
	}
	return true;
}
