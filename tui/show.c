#include "show.h"

#include "words/service_rows.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/ask.h"
#include "fold.h"
#include "words/desk_rows.h"
#include "words/order.h"
#include "words/rows.h"

/* columns of the widest label of an error's block, in either language, and air */
#define LABEL_COLUMNS 17

/* "[5/13] v " */
static void
place(const json_t *line, char mark, char *out, size_t cap)
{
	snprintf(out, cap, "[%2d/%d] %c ", (int)json_integer_value(json_object_get(line, "n")),
	    (int)json_integer_value(json_object_get(line, "of")), mark);
}

void
ck_show_step(const struct ck_show *s, const json_t *step, char *out, size_t cap)
{
	size_t n;

	place(step, '>', out, cap);
	n = strlen(out);
	ck_phrase_step(s->lang, text_of(step, "step"), out + n, cap - n);
}

static void
show_did(const struct ck_show *s, const json_t *line)
{
	char text[CK_SENTENCE_MAX];
	size_t n;

	place(line, ck_phrase_mark(line), text, sizeof text);
	n = strlen(text);
	ck_phrase_did(s->lang, line, text + n, sizeof text - n);
	s->line(s->u, text, (int)n);
}

/* ---- questions ---- */

/* whole, as it is to be read before it is agreed to */
static void
show_document(const struct ck_show *s, const char *text)
{
	s->line(s->u, "", 0);
	for (;;) {
		size_t n = strcspn(text, "\n");
		char *line = strndup(text, n);

		s->line(s->u, line != NULL ? line : "", 0);
		free(line);
		if (text[n] == '\0')
			break;
		text += n + 1;
	}
	s->line(s->u, "", 0);
}

/* what the money goes to, or a code is to open; and the papers, each by its state */
static void
show_order(const struct ck_show *s, const json_t *question)
{
	const json_t *facts = json_object_get(question, "facts"), *at;
	char text[CK_SENTENCE_MAX], line[CK_SENTENCE_MAX + 8];
	size_t i;

	json_array_foreach(json_object_get(facts, "account"), i, at)
	{
		snprintf(line, sizeof line, "  %s  %s", text_of(at, "label"), text_of(at, "value"));
		s->line(s->u, line, MARK_COLUMNS);
	}
	json_array_foreach(json_object_get(facts, "papers"), i, at)
	{
		line[0] = ck_order_paper(s->lang, question, at, text, sizeof text);
		snprintf(line + 1, sizeof line - 1, " %s", text);
		s->line(s->u, line, MARK_COLUMNS);
	}
	ck_show_bring(s, facts);
	/* not folded: it is copied, or made a code of */
	if (*text_of(facts, "code") != '\0')
		s->line(s->u, text_of(facts, "code"), 0);
}

void
ck_show_question(const struct ck_show *s, const json_t *question)
{
	char text[CK_SENTENCE_MAX];

	ck_phrase_question(s->lang, question, text, sizeof text);
	s->line(s->u, text, 0);
	if (strcmp(text_of(question, "ask"), CK_ASK_CONSENT) == 0)
		show_document(s, text_of(json_object_get(question, "facts"), "text"));
	show_order(s, question);
}

void
ck_show_choice(const struct ck_show *s, const json_t *question, size_t i, const json_t *choice)
{
	char text[CK_SENTENCE_MAX];
	int hang = snprintf(text, sizeof text, "  %zu  ", i + 1);

	ck_phrase_choice(s->lang, question, choice, text + hang, sizeof text - (size_t)hang);
	s->line(s->u, text, hang);
}

void
ck_show_trouble(const struct ck_show *s, const json_t *question, bool whole)
{
	const json_t *err = json_object_get(question, "error");
	struct ck_told told;
	char text[CK_SENTENCE_MAX + 64];

	ck_tell_err(s->lang, err, json_object_get(question, "facts"), &told);
	snprintf(text, sizeof text, "! %s   [CK-%d]", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	s->line(s->u, text, MARK_COLUMNS);
	if (!whole)
		return;
	/* what it waits for depends on what is there: an ATR, a reader, a service */
	if (json_array_size(json_object_get(question, "fields")) == 0) {
		snprintf(text, sizeof text, "%*s%s", MARK_COLUMNS, "", told.what);
		s->line(s->u, text, MARK_COLUMNS);
	}
	snprintf(text, sizeof text, "%*s%s", MARK_COLUMNS, "", told.todo);
	s->line(s->u, text, MARK_COLUMNS);
}

/* ---- the end ---- */

static void
labelled(const struct ck_show *s, const char *label, const char *text)
{
	const char *name = word(s, "block", label);
	int pad = LABEL_COLUMNS - ck_columns(name);
	char line[CK_SENTENCE_MAX + 64];

	if (*text == '\0')
		return;
	snprintf(
	    line, sizeof line, "%*s%s%*s%s", MARK_COLUMNS, "", name, pad > 0 ? pad : 1, "", text);
	s->line(s->u, line, MARK_COLUMNS + LABEL_COLUMNS);
}

/* A document says of itself who signed it; a page is what its code says. */
static void
show_verified(const struct ck_show *s, const json_t *facts)
{
	if (json_object_get(facts, "compared") == NULL) {
		say(s, "form", "same", facts);
		return;
	}
	say(s, "form", "whole", NULL);
	if (!json_is_true(json_object_get(facts, "customer")))
		say(s, "form", "no-customer", NULL);
	if (!json_is_true(json_object_get(facts, "site")))
		say(s, "form", "no-site", NULL);
	say(s, "form", json_is_true(json_object_get(facts, "compared")) ? "compared" : "uncompared",
	    NULL);
}

static void
show_error(const struct ck_show *s, const json_t *line, bool visit)
{
	const json_t *err = json_object_get(line, "error"), *facts = json_object_get(line, "facts");
	struct ck_told told;
	char text[CK_SENTENCE_MAX + 64];

	ck_tell_err(s->lang, err, facts, &told);
	s->line(s->u, "", 0);
	snprintf(text, sizeof text, "x %s   [CK-%d]", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	s->line(s->u, text, MARK_COLUMNS);
	labelled(s, "what", told.what);
	labelled(s, "safe", told.safe);
	labelled(s, "todo", told.todo);
	labelled(s, "who", told.who);
	labelled(s, "detail", told.detail);
	labelled(s, "record", text_of(line, "record"));
	labelled(s, "slip", text_of(facts, "slip"));
	if (!visit)
		return;
	ck_fill(text, sizeof text, word(s, "end", text_of(line, "end")), facts);
	labelled(s, "result", text);
}

static void
show_result(const struct ck_show *s, const json_t *line, char mark)
{
	const json_t *facts = json_object_get(line, "facts");
	const char *end = text_of(line, "end");
	char text[CK_SENTENCE_MAX] = { mark, ' ' };

	s->line(s->u, "", 0);
	ck_fill(text + 2, sizeof text - 2, word(s, "end", end), facts);
	s->line(s->u, text, MARK_COLUMNS);
	labelled(s, "record", text_of(line, "record"));
	labelled(s, "slip", text_of(facts, "slip"));
	if (json_object_get(facts, "form") != NULL)
		labelled(s, "form", word(s, "form", text_of(facts, "form")));
	ck_phrase_left(s->lang, json_object_get(facts, "left"), text);
	labelled(s, "left", text);
	if (strcmp(end, "parked") == 0 &&
	    ck_word(s->lang, "parked", text_of(facts, "waits")) != NULL)
		labelled(s, "what", ck_word(s->lang, "parked", text_of(facts, "waits")));
	if (strcmp(end, "parked") == 0) {
		ck_fill(text, sizeof text, word(s, "end", "later"), facts);
		labelled(s, "todo", text);
	}
}

/* The engine lets the key go before it says how it ended; one that is gone holds nothing. */
static void
show_pull(const struct ck_show *s)
{
	char text[CK_SENTENCE_MAX];

	snprintf(text, sizeof text, "O %s", word(s, "end", "pull"));
	s->line(s->u, text, MARK_COLUMNS);
}

static void
show_verdict(const struct ck_show *s, const json_t *facts)
{
	static const char *const names[] = { "class", NULL };
	json_t *more = with_words(s, facts, names);

	say(s, "policy", text_of(facts, "rule"), more);
	ck_show_notice(
	    s, MARK_COLUMNS, json_object_get(facts, "notice"), text_of(facts, "hotline"));
	json_decref(more);
}

static void
show_tidied(const struct ck_show *s, enum ck_verb verb, const json_t *facts)
{
	if (verb == CK_VERB_TEND)
		say(s, "end", "tended", facts);
	else
		say(s, "end", "purged", facts);
	if (!json_is_true(json_object_get(facts, "tidy")))
		say(s, "end", "untidy", NULL);
}

static void
show_end(const struct ck_show *s, enum ck_verb verb, long rows, const json_t *line)
{
	const json_t *facts = json_object_get(line, "facts");
	const char *end = text_of(line, "end");
	bool visit = verb == CK_VERB_RENEW || verb == CK_VERB_RESUME || verb == CK_VERB_ABANDON;
	bool changes = visit || verb == CK_VERB_PIN || verb == CK_VERB_DOCTOR;
	bool lists = verb == CK_VERB_KEYS || verb == CK_VERB_RECORDS || verb == CK_VERB_RECORD ||
		     verb == CK_VERB_STATUS || verb == CK_VERB_EXPORT;

	bool tidies = verb == CK_VERB_TEND || verb == CK_VERB_PURGE;

	/* done all the same, whatever failed besides */
	if (tidies && facts != NULL)
		show_tidied(s, verb, facts);
	if (verb == CK_VERB_POLICY && json_object_get(facts, "eligible") != NULL)
		show_verdict(s, facts);
	else if ((verb == CK_VERB_DIAGNOSE || verb == CK_VERB_CHECK) && facts != NULL)
		ck_show_health(s, facts);
	else if (json_object_get(line, "error") != NULL)
		show_error(s, line, visit);
	else if (visit)
		show_result(
		    s, line, strcmp(end, "done") == 0 || strcmp(end, "abandoned") == 0 ? 'v' : '>');
	else if (verb == CK_VERB_LEDGER)
		say(s, "end", "ledger", facts);
	else if (verb == CK_VERB_REPORT)
		ck_show_figures(s, facts);
	else if (verb == CK_VERB_CLERK_WORD)
		say(s, "end", "clerk-word", facts);
	else if (verb == CK_VERB_VERIFY_FORM)
		show_verified(s, facts);
	else if (rows == 0 && (verb == CK_VERB_FORMS || verb == CK_VERB_PRINTERS))
		say(s, verb == CK_VERB_FORMS ? "forms" : "printers", "none", NULL);
	else if (verb == CK_VERB_BATCH_BEGIN)
		say(s, "batch", "begun", line);
	else if (verb == CK_VERB_SERVICE || verb == CK_VERB_SERVICE_RESUME)
		ck_show_applied(s, line);
	else if (verb == CK_VERB_SERVICE_DROP)
		say(s, "service", "dropped", line);
	else if (rows == 0 && verb == CK_VERB_SERVICES)
		say(s, "service", "none", NULL);
	else if (rows == 0 && (verb == CK_VERB_BATCHES || verb == CK_VERB_BATCH))
		say(s, "batch", verb == CK_VERB_BATCH ? "no-key" : "none", NULL);
	else if (rows == 0 && lists)
		say(s, verb == CK_VERB_KEYS ? "keys" : "records", "none", NULL);
	if ((verb == CK_VERB_SERVICE || verb == CK_VERB_SERVICE_RESUME) &&
	    strcmp(end, "parked") == 0)
		say(s, "service", "kept", line);
	if (verb == CK_VERB_RECORDS && json_is_true(json_object_get(facts, "more")))
		say(s, "records", "more", facts);
	if (changes && strcmp(end, "usage") != 0)
		show_pull(s);
}

static void
show_restart(const struct ck_show *s, const json_t *line)
{
	char text[CK_SENTENCE_MAX];

	ck_phrase_restart(s->lang, ck_word(s->lang, "end", "restart"), line, text, sizeof text);
	s->line(s->u, text, MARK_COLUMNS);
}

static const enum ck_row_of row_of[] = {
	[CK_VERB_KEYS] = CK_ROW_OF_KEYS,
	[CK_VERB_WATCH] = CK_ROW_OF_WATCH,
	[CK_VERB_RECORDS] = CK_ROW_OF_RECORDS,
	[CK_VERB_RECORD] = CK_ROW_OF_RECORD,
	[CK_VERB_TEND] = CK_ROW_OF_TEND,
	[CK_VERB_PURGE] = CK_ROW_OF_PURGE,
	[CK_VERB_STATUS] = CK_ROW_OF_STATUS,
	[CK_VERB_EXPORT] = CK_ROW_OF_EXPORT,
	[CK_VERB_DOCTOR] = CK_ROW_OF_DOCTOR,
	[CK_VERB_REPORT] = CK_ROW_OF_REPORT,
	[CK_VERB_LEDGER_SHOW] = CK_ROW_OF_LEDGER,
	[CK_VERB_DIAGNOSE] = CK_ROW_OF_DIAGNOSE,
	[CK_VERB_CHECK] = CK_ROW_OF_DIAGNOSE,
	[CK_VERB_VERIFY_FORM] = CK_ROW_OF_FORM,
	[CK_VERB_FORM] = CK_ROW_OF_DOCUMENT,
	[CK_VERB_FORMS] = CK_ROW_OF_FORMS,
	[CK_VERB_PRINTERS] = CK_ROW_OF_PRINTERS,
	[CK_VERB_BATCHES] = CK_ROW_OF_BATCHES,
	[CK_VERB_BATCH] = CK_ROW_OF_BATCH,
	[CK_VERB_SERVICES] = CK_ROW_OF_SERVICES,
	[CK_VERB_SERVICE_STATUS] = CK_ROW_OF_APPLICATION,
	[CK_VERB_VERSION] = 0, /* the last: as long as there are verbs */
};

void
ck_show_line(const struct ck_show *s, enum ck_verb verb, long rows, const json_t *line)
{
	if (json_object_get(line, "did") != NULL)
		show_did(s, line);
	else if (json_object_get(line, "row") != NULL)
		ck_show_row(s, row_of[verb], json_object_get(line, "row"));
	else if (json_object_get(line, "restart") != NULL)
		show_restart(s, line);
	else if (json_object_get(line, "end") != NULL)
		show_end(s, verb, rows, line);
}
