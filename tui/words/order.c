#include "order.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/ask.h"
#include "text.h"

#define FEN 100
#define FILE_CHOICE "file:"

static bool
asks(const json_t *question, const char *name)
{
	return strcmp(text_of(question, "ask"), name) == 0;
}

static const json_t *
facts_of(const json_t *question)
{
	return json_object_get(question, "facts");
}

void
ck_amount_text(json_int_t fen, char out[CK_AMOUNT_MAX])
{
	snprintf(out, CK_AMOUNT_MAX, "¥%lld.%02lld", (long long)fen / FEN, (long long)fen % FEN);
}

/* ---- facts ---- */

static void
add_text(json_t *facts, const char *name, const char *text)
{
	if (*text != '\0')
		json_object_set_new(facts, name, json_string(text));
}

static void
add_amount(json_t *facts, const json_t *of)
{
	const json_t *amount = json_object_get(of, "amount");
	char text[CK_AMOUNT_MAX];

	if (!json_is_integer(amount) || json_integer_value(amount) < 0)
		return;
	ck_amount_text(json_integer_value(amount), text);
	add_text(facts, "amount_text", text);
}

void
ck_order_amount(json_t *facts)
{
	if (json_integer_value(json_object_get(facts, "amount")) > 0)
		add_amount(facts, facts);
}

/* under a name that is shown as a minute; no time at all is left out */
static void
add_time(json_t *facts, const char *from, const char *to)
{
	json_t *at = json_object_get(facts, from);

	if (json_is_string(at) || json_integer_value(at) > 0)
		json_object_set(facts, to, at);
}

static const char *
called(enum ck_lang lang, const json_t *paper)
{
	const char *own = text_of(paper, lang == CK_LANG_ZH ? "zh" : "en");

	return *own != '\0' ? own : text_of(paper, "kind");
}

static void
add_next(enum ck_lang lang, json_t *facts)
{
	const char *next = text_of(facts, "next");
	const json_t *paper;
	size_t i;

	json_array_foreach(json_object_get(facts, "papers"), i, paper)
	{
		if (*next != '\0' && strcmp(text_of(paper, "kind"), next) == 0)
			add_text(facts, "next_text", called(lang, paper));
	}
}

void
ck_order_facts(enum ck_lang lang, const json_t *question, json_t *facts)
{
	add_amount(facts, facts_of(question));
	add_time(facts, "until", "until_at");
	add_time(facts, "again", "again_at");
	if (*text_of(facts, "method") != '\0')
		add_text(facts, "method_text", word_of(lang, "method", text_of(facts, "method")));
	if (*text_of(facts, "group") != '\0')
		add_text(facts, "group_text", word_of(lang, "group", text_of(facts, "group")));
	add_next(lang, facts);
	add_text(facts, "title_text",
	    text_of(json_object_get(facts, "title"), lang == CK_LANG_ZH ? "zh" : "en"));
	if (strcmp(text_of(facts, "payer"), "central") == 0)
		json_object_set_new(facts, "central", json_true());
}

/* ---- choices ---- */

static const json_t *
price_of(const json_t *question, long months)
{
	const json_t *price;
	size_t i;

	json_array_foreach(json_object_get(facts_of(question), "choices"), i, price)
	{
		if (json_integer_value(json_object_get(price, "months")) == months)
			return price;
	}
	return NULL;
}

/* false: what was chosen is no price */
static bool
put_price(enum ck_lang lang, const json_t *question, const char *value, char *out, size_t cap)
{
	const json_t *price = price_of(question, strtol(value, NULL, 10));
	bool central = strcmp(text_of(facts_of(question), "payer"), "central") == 0;
	json_t *facts;

	if (price == NULL)
		return false;
	facts = json_deep_copy(price);
	add_amount(facts, price);
	json_object_set(facts, "end_day", json_object_get(price, "end"));
	ck_fill(out, cap, word_of(lang, "price", central ? "central" : "row"), facts);
	json_decref(facts);
	return true;
}

bool
ck_order_choice(
    enum ck_lang lang, const json_t *question, const json_t *choice, char *out, size_t cap)
{
	const char *value = text_of(choice, "value"), *own;
	json_t *file;
	char name[96];

	if (asks(question, CK_ASK_ORDER) && put_price(lang, question, value, out, cap))
		return true;
	if (strncmp(value, FILE_CHOICE, strlen(FILE_CHOICE)) == 0) {
		own = strrchr(value, '/'); /* where the stick was put is nobody's concern */
		file =
		    json_pack("{s:s}", "file", own != NULL ? own + 1 : value + strlen(FILE_CHOICE));
		ck_fill(out, cap, word_of(lang, "choice", "file"), file);
		json_decref(file);
		return true;
	}
	snprintf(name, sizeof name, "%.40s-%.40s", text_of(question, "ask"), value);
	own = ck_word(lang, "choice", name);
	if (own == NULL && asks(question, CK_ASK_METHOD))
		own = word_of(lang, "method", value);
	if (own != NULL)
		ck_fill(out, cap, own, choice);
	return own != NULL;
}

/* ---- what is typed ---- */

const char *
ck_order_field(enum ck_lang lang, const json_t *question, const char *name)
{
	const json_t *own = json_object_get(json_object_get(facts_of(question), "labels"), name);
	const char *label = text_of(own, lang == CK_LANG_ZH ? "zh" : "en");
	char group[64], full[96];

	if (*label != '\0')
		return label;
	snprintf(group, sizeof group, "field.%.50s", text_of(question, "ask"));
	snprintf(full, sizeof full, "%.40s-%.40s", name, text_of(facts_of(question), "group"));
	label = ck_word(lang, group, full);
	return label != NULL ? label : word_of(lang, group, name);
}

const char *
ck_order_rule(enum ck_lang lang, const json_t *question, const char *name)
{
	const json_t *own = json_object_get(json_object_get(facts_of(question), "labels"), name);

	return ck_word(lang, "rule", own != NULL ? text_of(own, "is") : name);
}

int
ck_order_wrong(const json_t *question)
{
	const char *detail = text_of(json_object_get(question, "error"), "detail");
	size_t n = strcspn(detail, ":"), i;
	const json_t *field;

	json_array_foreach(json_object_get(question, "fields"), i, field)
	{
		const char *name = text_of(field, "name");

		if (n > 0 && strlen(name) == n && strncmp(name, detail, n) == 0)
			return (int)i;
	}
	return -1;
}

void
ck_order_wrong_text(enum ck_lang lang, const json_t *question, bool staff, char *out, size_t cap)
{
	const json_t *field =
	    json_array_get(json_object_get(question, "fields"), (size_t)ck_order_wrong(question));
	const char *name = text_of(field, "name");
	const char *detail = text_of(json_object_get(question, "error"), "detail");
	bool doubtful = strcmp(text_of(facts_of(question), "doubtful"), name) == 0;
	size_t n = strcspn(detail, ":");
	json_t *facts = json_pack("{s:s, s:s*, s:s}", "field_text",
	    ck_order_field(lang, question, name), "rule", ck_order_rule(lang, question, name),
	    "text", detail[n] == ':' ? detail + n + 1 + strspn(detail + n + 1, " ") : "");

	ck_fill(out, cap,
	    word_of(lang, "wrong",
		!doubtful ? "field"
		: staff	  ? "doubtful"
			  : "doubtful-self"),
	    facts);
	json_decref(facts);
}

/* ---- papers ---- */

/* the paper whose kind these bytes are, as it is called; NULL: there is none */
static const char *
called_as(enum ck_lang lang, const json_t *question, const char *kind, size_t n)
{
	const json_t *paper;
	size_t i;

	json_array_foreach(json_object_get(facts_of(question), "papers"), i, paper)
	{
		const char *of = text_of(paper, "kind");

		if (strlen(of) == n && strncmp(of, kind, n) == 0)
			return called(lang, paper);
	}
	return NULL;
}

/* "form: 2, 3; licence" */
static void
name_missing(enum ck_lang lang, const json_t *question, const char *detail, char *out, size_t cap)
{
	size_t at = 0, n;

	for (out[0] = '\0'; *detail != '\0' && at < cap; detail += n) {
		const char *name = called_as(lang, question, detail, n = strcspn(detail, ":;"));

		at += (size_t)snprintf(out + at, cap - at, "%.*s", name != NULL ? INT_MAX : (int)n,
		    name != NULL ? name : detail);
		detail += n;
		n = strcspn(detail, ";");
		n += detail[n] == ';' ? 1 + strspn(detail + n + 1, " ") : 0;
		if (at < cap)
			at += (size_t)snprintf(out + at, cap - at, "%.*s", (int)n, detail);
	}
}

json_t *
ck_order_error(enum ck_lang lang, const json_t *question)
{
	json_t *err = json_copy(json_object_get(question, "error"));
	char named[CK_SENTENCE_MAX];

	if (strcmp(text_of(err, "name"), "SHEET_MISSING") == 0) {
		name_missing(lang, question, text_of(err, "detail"), named, sizeof named);
		json_object_set_new(err, "detail", json_string(named));
	}
	return err;
}

char
ck_order_paper(
    enum ck_lang lang, const json_t *question, const json_t *paper, char *out, size_t cap)
{
	const char *state = text_of(paper, "state");
	bool next = strcmp(text_of(paper, "kind"), text_of(facts_of(question), "next")) == 0;
	json_t *facts = json_deep_copy(paper);

	add_text(facts, "called", called(lang, paper));
	if (json_integer_value(json_object_get(facts, "have")) == 0)
		json_object_del(facts, "have");
	ck_fill(out, cap, word_of(lang, "paper", "row"), facts);
	json_decref(facts);
	if (strcmp(state, "refused") == 0)
		return 'x';
	return strcmp(state, "in") == 0 ? 'v' : next ? '>' : '.';
}
