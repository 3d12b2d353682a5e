#include "service_rows.h"

const char *
ck_called(enum ck_lang lang, const json_t *both)
{
	return text_of(both, lang == CK_LANG_ZH ? "zh" : "en");
}

static void
say_text(const struct ck_show *s, const char *name, const char *text)
{
	json_t *facts = json_pack("{s:s}", "text", text);

	if (*text != '\0')
		say(s, "service", name, facts);
	json_decref(facts);
}

void
ck_show_bring(const struct ck_show *s, const json_t *facts)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(facts, "bring"), i, one)
	    say_text(s, "bring", ck_called(s->lang, one));
	say_text(s, "note", ck_called(s->lang, json_object_get(facts, "note")));
}

void
ck_show_service(const struct ck_show *s, const json_t *row)
{
	json_t *more = json_deep_copy(row);

	json_object_set_new(
	    more, "called_text", json_string(ck_called(s->lang, json_object_get(row, "called"))));
	if (json_is_false(json_object_get(row, "submits")))
		json_object_set_new(more, "brought", json_true());
	say(s, "service", "row", more);
	ck_show_bring(s, row);
	json_decref(more);
}

void
ck_show_application(const struct ck_show *s, const json_t *row)
{
	json_t *more = json_deep_copy(row);

	json_object_set_new(
	    more, "state_text", json_string(word(s, "service-state", text_of(row, "state"))));
	say(s, "service", "application", more);
	json_decref(more);
}

void
ck_show_applied(const struct ck_show *s, const json_t *end)
{
	const json_t *facts = json_object_get(end, "facts");
	json_t *more = json_deep_copy(facts);

	if (strcmp(text_of(end, "end"), "done") != 0) {
		json_decref(more);
		return;
	}
	json_object_set_new(more, "record", json_string(text_of(end, "record")));
	json_object_set_new(
	    more, "title_text", json_string(ck_called(s->lang, json_object_get(facts, "title"))));
	json_object_set_new(
	    more, "form_text", json_string(word(s, "form", text_of(facts, "form"))));
	say(s, "service", *text_of(facts, "application") != '\0' ? "sent" : "brought", more);
	ck_show_bring(s, facts);
	json_decref(more);
}
