#include "desk_rows.h"

#include <stdbool.h>
#include <stdlib.h>

/* columns of the longest bar */
#define BAR 40

/* ---- a unit's keys in a row ---- */

static void
put_text(json_t *more, const char *fact, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(more, fact, json_string(text));
}

json_t *
ck_batch_texts(enum ck_lang lang, const json_t *row)
{
	static const char *const names[] = { "state", "way", NULL };
	json_t *more = ck_phrase_facts(lang, row, names);

	/* a count of none is no news */
	if (json_integer_value(json_object_get(row, "parked")) == 0)
		json_object_del(more, "parked");
	put_text(more, "form_text", ck_word(lang, "form", text_of(row, "form")));
	return more;
}

json_t *
ck_batch_key_texts(enum ck_lang lang, const json_t *row)
{
	json_t *more = json_deep_copy(row);
	const char *why = text_of(row, "why"), *title = ck_phrase_title(lang, why);

	put_text(more, "result_text", ck_word(lang, "batch-result", text_of(row, "result")));
	put_text(more, "why_text", title != NULL ? title : ck_word(lang, "waits", why));
	return more;
}

void
ck_show_batch(const struct ck_show *s, const json_t *row)
{
	json_t *more = ck_batch_texts(s->lang, row);

	say(s, "batch", "row", more);
	json_decref(more);
}

void
ck_show_batch_key(const struct ck_show *s, const json_t *row)
{
	json_t *more = ck_batch_key_texts(s->lang, row);

	say(s, "batch", "key", more);
	json_decref(more);
}

/* ---- the report ---- */

void
ck_show_reported(const struct ck_show *s, const json_t *row)
{
	static const char *const names[] = { "way", NULL };
	json_t *more = with_words(s, row, names);

	json_object_set_new(
	    more, "outcome_text", json_string(word(s, "state", text_of(row, "outcome"))));
	say(s, "report", "row", more);
	json_decref(more);
}

static void
show_hour(const struct ck_show *s, size_t hour, json_int_t n, json_int_t most)
{
	int bar = (int)((n * BAR + most - 1) / most);
	json_t *facts = json_pack("{s:s, s:o, s:I}", "hour", "", "bar", json_null(), "n", n);

	json_object_set_new(facts, "hour", json_sprintf("%02d", (int)hour));
	json_object_set_new(
	    facts, "bar", json_sprintf("%.*s", bar, "########################################"));
	say(s, "report", "hour", facts);
	json_decref(facts);
}

void
ck_show_totals(const struct ck_show *s, const json_t *facts)
{
	json_t *more = json_deep_copy(facts), *median = json_object_get(facts, "minutes_median");

	if (json_is_integer(median) && json_integer_value(median) == 0) {
		json_object_del(more, "minutes_median");
		json_object_set_new(more, "quick", json_true());
	}
	say(s, "report", "figures", more);
	json_decref(more);
}

void
ck_show_figures(const struct ck_show *s, const json_t *facts)
{
	const json_t *hours = json_object_get(facts, "by_hour"), *n;
	json_int_t most = 0;
	size_t i;

	ck_show_totals(s, facts);
	json_array_foreach(hours, i, n) most =
	    json_integer_value(n) > most ? json_integer_value(n) : most;
	json_array_foreach(hours, i, n) if (json_integer_value(n) > 0)
	    show_hour(s, i, json_integer_value(n), most);
}

/* ---- the diagnosis ---- */

static char
mark_of(const char *state)
{
	return strcmp(state, "ok") == 0 ? 'v' : strcmp(state, "careful") == 0 ? '!' : 'x';
}

/* counts of what is listed, and numbers without a sign: words have neither */
static json_t *
with_counts(const json_t *row)
{
	static const char *const lists[] = { "readers", "keys", "unknown" };
	json_t *more = json_deep_copy(row), *list;
	char name[32];

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if ((list = json_object_get(row, lists[i])) == NULL)
			continue;
		snprintf(name, sizeof name, "n_%s", lists[i]);
		json_object_set_new(more, name, json_integer((json_int_t)json_array_size(list)));
	}
	list = json_object_get(row, "offset_s");
	if (json_is_integer(list))
		json_object_set_new(more, "apart", json_integer(llabs(json_integer_value(list))));
	return more;
}

static void
show_why(const struct ck_show *s, const json_t *err)
{
	struct ck_told told;
	json_t *facts;

	ck_tell_err(s->lang, err, NULL, &told);
	facts = json_pack("{s:s, s:s, s:s, s:s}", "title", told.title, "what", told.what, "todo",
	    told.todo, "detail", told.detail);
	say(s, "part", "why", facts);
	json_decref(facts);
}

void
ck_show_part(const struct ck_show *s, const json_t *row)
{
	json_t *more = with_counts(row);
	char text[CK_SENTENCE_MAX] = { mark_of(text_of(row, "state")), ' ' };

	ck_fill(text + 2, sizeof text - 2, word(s, "part", text_of(row, "part")), more);
	s->line(s->u, text, MARK_COLUMNS);
	if (json_object_get(row, "error") != NULL)
		show_why(s, json_object_get(row, "error"));
	else if (strcmp(text_of(row, "state"), "careful") == 0)
		say(s, "careful", text_of(row, "part"), more);
	json_decref(more);
}

void
ck_show_health(const struct ck_show *s, const json_t *facts)
{
	bool bad = json_integer_value(json_object_get(facts, "bad")) > 0;
	bool careful = json_integer_value(json_object_get(facts, "careful")) > 0;

	say(s, "health", bad ? "bad" : careful ? "careful" : "ok", facts);
}
