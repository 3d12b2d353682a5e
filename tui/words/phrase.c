#include "phrase.h"

#include <stdio.h>
#include <string.h>

#include "order.h"
#include "text.h"

/* longer ones are hashes of certificates, which tell people nothing */
#define SERIAL_MAX 32
/* CK_ASK_PAPER: behind it stands what the label says */
#define PRINTER "printer:"

json_t *
ck_phrase_facts(enum ck_lang lang, const json_t *facts, const char *const *names)
{
	static const char *const of_walk[] = { "station", "bound", "state", "way", "act", "class",
		NULL };
	json_t *more = json_deep_copy(facts);
	char beside[32];

	for (names = names != NULL ? names : of_walk; *names != NULL; names++) {
		snprintf(beside, sizeof beside, "%.20s_text", *names);
		json_object_set_new(
		    more, beside, json_string(word_of(lang, *names, text_of(facts, *names))));
	}
	return more;
}

bool
ck_phrase_notice(
    enum ck_lang lang, int i, const json_t *notice, const char *hotline, char out[CK_SENTENCE_MAX])
{
	static const char *const names[CK_NOTICE_LINES] = { "cost", "bring", "takes", "call" };
	const json_t *both = json_object_get(notice, names[i]);
	const char *text =
	    i < CK_NOTICE_LINES - 1 ? text_of(both, lang == CK_LANG_ZH ? "zh" : "en") : hotline;
	json_t *facts = NULL;

	if (*text == '\0')
		return false;
	facts = json_pack("{s:s}", "text", text);
	ck_fill(out, CK_SENTENCE_MAX, word_of(lang, "notice", names[i]), facts);
	json_decref(facts);
	return true;
}

const char *
ck_phrase_title(enum ck_lang lang, const char *name)
{
	const struct ck_err_words *words = NULL;
	const struct ck_err_fact *f;

	for (int i = 0; words == NULL && (f = ck_err_at(i)) != NULL; i++)
		if (strcmp(f->name, name) == 0)
			words = ck_err_word(lang, (int)f->code);
	return words != NULL ? words->title : NULL;
}

static void
fill(enum ck_lang lang, const char *group, const char *name, const json_t *facts, char *out,
    size_t cap)
{
	json_t *more = ck_phrase_facts(lang, facts, NULL);

	ck_fill(out, cap, word_of(lang, group, name), more);
	json_decref(more);
}

void
ck_phrase_step(enum ck_lang lang, const char *station, char *out, size_t cap)
{
	fill(lang, "step", station, NULL, out, cap);
}

char
ck_phrase_mark(const json_t *line)
{
	static const char *const waits[] = { "waiting", "declined", "paper-printing", "paper-left",
		"slip-sent", "paper-waits" };
	static const char *const bad[] = { "pin-unchanged", "seal-not-written", "form-none",
		"form-by-hand", "refund", "paper-trouble", "paper-failed", "paper-unknown" };
	const char *what = text_of(line, "say");

	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
		if (strcmp(what, waits[i]) == 0)
			return '>';
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (strcmp(what, bad[i]) == 0)
			return '!';
	return 'v';
}

/* An error that ended nothing is told by its name. */
static void
add_title(enum ck_lang lang, json_t *facts)
{
	const char *title = ck_phrase_title(lang, text_of(facts, "code"));

	if (title != NULL)
		json_object_set_new(facts, "title", json_string(title));
}

/* Where on a form, as people call it. */
static void
add_field(enum ck_lang lang, json_t *facts)
{
	const char *known = ck_word(lang, "form-field", text_of(facts, "field"));

	if (known != NULL)
		json_object_set_new(facts, "field_text", json_string(known));
}

void
ck_phrase_did(enum ck_lang lang, const json_t *line, char *out, size_t cap)
{
	json_t *facts = json_deep_copy(json_object_get(line, "facts"));

	add_title(lang, facts);
	add_field(lang, facts);
	ck_order_amount(facts);
	fill(lang, "did", text_of(line, "say"), facts, out, cap);
	json_decref(facts);
}

void
ck_phrase_question(enum ck_lang lang, const json_t *question, char *out, size_t cap)
{
	json_t *facts = ck_phrase_facts(lang, json_object_get(question, "facts"), NULL);
	const json_t *hint = json_object_get(facts, "hint");

	/* the site's own words, in both languages */
	if (hint != NULL)
		json_object_set(
		    facts, "hint_text", json_object_get(hint, lang == CK_LANG_ZH ? "zh" : "en"));
	ck_order_facts(lang, question, facts);
	ck_fill(out, cap, word_of(lang, "ask", text_of(question, "ask")), facts);
	json_decref(facts);
}

void
ck_phrase_choice(
    enum ck_lang lang, const json_t *question, const json_t *choice, char *out, size_t cap)
{
	const char *value = text_of(choice, "value");
	const char *known = ck_word(lang, "choice", value);
	bool serial = known == NULL && strlen(value) <= SERIAL_MAX;

	if (ck_order_choice(lang, question, choice, out, cap))
		return;
	if (strncmp(value, PRINTER, strlen(PRINTER)) == 0) {
		fill(lang, "choice", "printer", choice, out, cap);
		return;
	}
	snprintf(out, cap, "%s%s%s", known != NULL ? known : text_of(choice, "label"),
	    serial ? "   " : "", serial ? value : "");
}

void
ck_phrase_restart(
    enum ck_lang lang, const char *sentence, const json_t *line, char *out, size_t cap)
{
	struct ck_told told;
	json_t *facts = NULL;

	ck_tell_err(lang, json_object_get(line, "error"), NULL, &told);
	facts = json_pack("{s:s}", "title", told.title);
	ck_fill(out, cap, sentence, facts);
	json_decref(facts);
}

void
ck_phrase_left(enum ck_lang lang, const json_t *left, char out[CK_SENTENCE_MAX])
{
	char one[CK_SENTENCE_MAX];
	const char *before = "";
	size_t i, n = 0;
	json_t *at;

	out[0] = '\0';
	json_array_foreach(left, i, at)
	{
		ck_fill(one, sizeof one, word_of(lang, "left", text_of(at, "what")), at);
		if (n < CK_SENTENCE_MAX)
			n += (size_t)snprintf(out + n, CK_SENTENCE_MAX - n, "%s%s", before, one);
		before = word_of(lang, "left", "and");
	}
}
