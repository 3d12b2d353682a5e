#include "words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

/* longest name of a fact in a sentence */
#define FACT_NAME_MAX 32

const struct ck_words *
ck_words(enum ck_lang lang)
{
	return lang == CK_LANG_ZH ? &ck_words_zh : &ck_words_en;
}

enum ck_lang
ck_lang_of(const char *lc_all, const char *lc_messages, const char *lang)
{
	/* POSIX, 8.2: the first that is set and not empty decides */
	const char *in_order[] = { lc_all, lc_messages, lang };

	for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++)
		if (in_order[i] != NULL && *in_order[i] != '\0')
			return strncmp(in_order[i], "zh", 2) == 0 ? CK_LANG_ZH : CK_LANG_EN;
	return CK_LANG_EN;
}

const struct ck_sentence *
ck_sentence_at(enum ck_lang lang, size_t i)
{
	const struct ck_words *w = ck_words(lang);

	for (size_t part = 0; part < w->n_parts; i -= w->parts[part++]->n)
		if (i < w->parts[part]->n)
			return &w->parts[part]->at[i];
	return NULL;
}

static const char *
find_in(const struct ck_sentences *part, const char *group, const char *name)
{
	size_t n = strlen(group);

	for (size_t i = 0; i < part->n; i++) {
		const char *full = part->at[i].name;

		if (strncmp(full, group, n) == 0 && full[n] == '.' &&
		    strcmp(full + n + 1, name) == 0)
			return part->at[i].text;
	}
	return NULL;
}

const char *
ck_word(enum ck_lang lang, const char *group, const char *name)
{
	const struct ck_words *w = ck_words(lang);
	const char *text = NULL;

	for (size_t i = 0; i < w->n_parts && text == NULL; i++)
		text = find_in(w->parts[i], group, name);
	return text;
}

const struct ck_err_words *
ck_err_word(enum ck_lang lang, int code)
{
	const struct ck_words *w = ck_words(lang);

	for (size_t i = 0; i < w->n_errors; i++)
		if ((int)w->errors[i].code == code)
			return &w->errors[i];
	return NULL;
}

/* ---- facts into sentences ---- */

/* up to which column of 2026-11-20T10:32:00+08:00 */
enum shape { AS_IT_IS, A_DAY = 10, A_MINUTE = 16, A_SECOND = 19 };

static bool
ends_in(const char *name, const char *tail)
{
	size_t n = strlen(name), t = strlen(tail);

	return n >= t && strcmp(name + n - t, tail) == 0;
}

static enum shape
shape_of(const char *name)
{
	if (ends_in(name, "_after") || ends_in(name, "_before") || ends_in(name, "_day"))
		return A_DAY;
	if (ends_in(name, "_at") || strcmp(name, "at") == 0 || strcmp(name, "opened") == 0 ||
	    strcmp(name, "touched") == 0 || strcmp(name, "closed") == 0 ||
	    strcmp(name, "since") == 0 || strcmp(name, "next") == 0 ||
	    strcmp(name, "deadline") == 0)
		return A_MINUTE;
	/* of an error that says until when one has to wait: a minute would be too early */
	return strcmp(name, "detail") == 0 ? A_SECOND : AS_IT_IS;
}

static void
show_time(int64_t at, enum shape shape, char *out, size_t cap)
{
	char text[CK_TIME_LEN];

	ck_time_text(at, text);
	text[A_DAY] = ' ';
	text[shape] = '\0';
	snprintf(out, cap, "%s", text);
}

/* false: missing */
static bool
show(const json_t *fact, const char *name, char *out, size_t cap)
{
	enum shape shape = shape_of(name);
	int64_t at = 0;

	*out = '\0';
	if (json_is_string(fact)) {
		const char *s = json_string_value(fact);

		if (shape != AS_IT_IS && ck_time_read(s, &at))
			show_time(at, shape, out, cap);
		else
			ck_clean(out, cap, s, json_string_length(fact));
		return *out != '\0';
	}
	if (json_is_integer(fact) && json_integer_value(fact) >= 0) {
		if (shape != AS_IT_IS)
			show_time(json_integer_value(fact), shape, out, cap);
		else
			snprintf(out, cap, "%" JSON_INTEGER_FORMAT, json_integer_value(fact));
		return true;
	}
	return json_is_true(fact);
}

struct line {
	char *out;
	size_t cap, n;
	size_t back; /* where an optional part began */
	bool optional, missing;
};

static void
put(struct line *l, const char *s, size_t n)
{
	if (n > l->cap - 1 - l->n)
		n = l->cap - 1 - l->n;
	memcpy(l->out + l->n, s, n);
	l->n += n;
}

/* s stands on '{'; returns behind '}' */
static const char *
put_fact(struct line *l, const char *s, const json_t *facts)
{
	char name[FACT_NAME_MAX], text[CK_SENTENCE_MAX];
	const char *end = strchr(s, '}');

	if (end == NULL || (size_t)(end - s) > sizeof name) {
		put(l, s, 1);
		return s + 1;
	}
	snprintf(name, sizeof name, "%.*s", (int)(end - s - 1), s + 1);
	if (show(json_object_get(facts, name), name, text, sizeof text))
		put(l, text, strlen(text));
	else if (l->optional)
		l->missing = true;
	else
		put(l, "?", 1);
	return end + 1;
}

/* A sentence that was cut may end in the middle of a character: that one goes. */
static size_t
whole_characters(const char *s, size_t n)
{
	size_t last = n;
	uint32_t cp = 0;

	while (last > 0 && ((unsigned char)s[last - 1] & 0xC0) == 0x80)
		last--;
	return last > 0 && ck_utf8_next(s + last - 1, n - last + 1, &cp) < 0 ? last - 1 : n;
}

void
ck_fill(char *out, size_t cap, const char *sentence, const json_t *facts)
{
	struct line l = { .out = out, .cap = cap };
	const char *s = sentence;

	while (*s != '\0') {
		if (*s == '{') {
			s = put_fact(&l, s, facts);
			continue;
		}
		if (*s == '[') {
			l.back = l.n;
			l.optional = true;
			l.missing = false;
		} else if (*s == ']' && l.optional) {
			if (l.missing)
				l.n = l.back;
			l.optional = false;
		} else {
			put(&l, s, 1);
		}
		s++;
	}
	out[whole_characters(out, l.n)] = '\0';
}

/* ---- errors ---- */

static const char *const key_names[] = {
	[CK_KEY_UNTOUCHED] = "untouched",
	[CK_KEY_SAFE] = "safe",
};

/* The engine knows whether this visit has written to the key; the list alone does not. */
static const char *
safe_text(enum ck_lang lang, const json_t *err, const struct ck_err_fact *fact)
{
	const char *said = json_string_value(json_object_get(err, "key"));
	const char *text = said != NULL ? ck_word(lang, "safe", said) : NULL;

	return text != NULL ? text : ck_word(lang, "safe", key_names[fact->key]);
}

/* "mobile: …": a field is known to people by its label */
static void
name_field(enum ck_lang lang, json_t *all, int code, const char *detail)
{
	size_t n = detail != NULL ? strcspn(detail, ":") : 0;
	const char *label;
	char name[64];

	if ((code != CK_E_FIELD_WRONG && code != CK_E_OWNER_OTHER) || n == 0)
		return;
	snprintf(name, sizeof name, "applicant.%.*s", n < 40 ? (int)n : 40, detail);
	if ((label = ck_word(lang, "field", name)) != NULL)
		json_object_set_new(all, "detail", json_sprintf("%s%s", label, detail + n));
}

void
ck_tell_err(enum ck_lang lang, const json_t *err, const json_t *facts, struct ck_told *told)
{
	int code = (int)json_integer_value(json_object_get(err, "code"));
	const struct ck_err_fact *fact = ck_err_fact(code);
	const struct ck_err_words *w = ck_err_word(lang, code);
	json_t *all = json_deep_copy(err), *more = json_deep_copy(facts);
	const char *detail = json_string_value(json_object_get(err, "detail"));

	/* a newer engine may know codes we do not */
	if (fact == NULL || w == NULL) {
		fact = ck_err_fact(CK_E_INTERNAL);
		w = ck_err_word(lang, CK_E_INTERNAL);
	}
	json_object_update_missing(all, more);
	name_field(lang, all, code, detail);
	/* the question's name is for scripts; people know it by what it asks for */
	if (code == CK_E_NO_ANSWER && detail != NULL && ck_word(lang, "question", detail) != NULL)
		json_object_set_new(all, "detail", json_string(ck_word(lang, "question", detail)));
	*told = (struct ck_told){ 0 };
	ck_fill(told->title, sizeof told->title, w->title, NULL);
	ck_fill(told->what, sizeof told->what, w->what, all);
	ck_fill(told->safe, sizeof told->safe,
	    w->safe != NULL ? w->safe : safe_text(lang, err, fact), all);
	ck_fill(told->todo, sizeof told->todo, w->todo, all);
	ck_fill(told->who, sizeof told->who, ck_word(lang, "who", ck_whose_name(fact->whose)), all);
	if (detail != NULL && strstr(w->what, "{detail}") == NULL &&
	    strstr(w->todo, "{detail}") == NULL)
		ck_clean_str(told->detail, sizeof told->detail, detail);
	json_decref(all);
	json_decref(more);
}
