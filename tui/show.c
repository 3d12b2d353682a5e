#include "show.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fold.h"
#include "rows.h"
#include "say.h"

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
	ck_fill(out + n, cap - n, word(s, "step", text_of(step, "step")),
	    json_object_get(step, "facts"));
}

/* code words a sentence of the walk may hold */
static const char *const walk_words[] = { "station", "bound", "state", "way", "act", NULL };

static void
show_did(const struct ck_show *s, const json_t *line)
{
	const char *what = text_of(line, "say");
	char text[CK_SENTENCE_MAX], mark = 'v';
	json_t *facts;
	size_t n;

	if (strcmp(what, "waiting") == 0 || strcmp(what, "declined") == 0)
		mark = '>';
	else if (strcmp(what, "pin-unchanged") == 0)
		mark = '!';
	place(line, mark, text, sizeof text);
	n = strlen(text);
	facts = with_words(s, json_object_get(line, "facts"), walk_words);
	ck_fill(text + n, sizeof text - n, word(s, "did", what), facts);
	s->line(s->u, text, (int)n);
	json_decref(facts);
}

/* ---- questions ---- */

void
ck_show_question(const struct ck_show *s, const json_t *question)
{
	char text[CK_SENTENCE_MAX];

	json_t *facts = with_words(s, json_object_get(question, "facts"), walk_words);

	ck_fill(text, sizeof text, word(s, "ask", text_of(question, "ask")), facts);
	s->line(s->u, text, 0);
	json_decref(facts);
}

void
ck_show_choice(const struct ck_show *s, size_t i, const json_t *choice)
{
	const char *value = text_of(choice, "value");
	const char *known = ck_word(s->lang, "choice", value);
	/* serial numbers tell keys apart, hashes of certificates tell people nothing */
	bool serial = known == NULL && strlen(value) <= 32;
	char text[CK_SENTENCE_MAX];
	int hang = snprintf(text, sizeof text, "  %zu  ", i + 1);

	snprintf(text + hang, sizeof text - (size_t)hang, "%s%s%s",
	    known != NULL ? known : text_of(choice, "label"), serial ? "   " : "",
	    serial ? value : "");
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
	ck_show_left(s, json_object_get(facts, "left"), text);
	labelled(s, "left", text);
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
	else if (json_object_get(line, "error") != NULL)
		show_error(s, line, visit);
	else if (visit)
		show_result(
		    s, line, strcmp(end, "done") == 0 || strcmp(end, "abandoned") == 0 ? 'v' : '>');
	else if (verb == CK_VERB_LEDGER)
		say(s, "end", "ledger", facts);
	else if (verb == CK_VERB_CLERK_WORD)
		say(s, "end", "clerk-word", facts);
	else if (rows == 0 && lists)
		say(s, verb == CK_VERB_KEYS ? "keys" : "records", "none", NULL);
	if (changes && strcmp(end, "usage") != 0)
		show_pull(s);
}

static void
show_restart(const struct ck_show *s, const json_t *line)
{
	struct ck_told told;
	json_t *facts = NULL;

	ck_tell_err(s->lang, json_object_get(line, "error"), NULL, &told);
	facts = json_pack("{s:s}", "title", told.title);
	say(s, "end", "restart", facts);
	json_decref(facts);
}

void
ck_show_line(const struct ck_show *s, enum ck_verb verb, long rows, const json_t *line)
{
	if (json_object_get(line, "did") != NULL)
		show_did(s, line);
	else if (json_object_get(line, "row") != NULL)
		ck_show_row(s, verb, json_object_get(line, "row"));
	else if (json_object_get(line, "restart") != NULL)
		show_restart(s, line);
	else if (json_object_get(line, "end") != NULL)
		show_end(s, verb, rows, line);
}
