#include "walk/talk.h"

#include <poll.h>
#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

void
ck_talk_free(struct ck_talk *t)
{
	json_decref(t->question);
	t->question = NULL;
	ck_answer_drop(t);
	json_decref(t->takes);
	t->takes = NULL;
}

static void
say(struct ck_talk *t, json_t *line)
{
	struct ck_err err = { 0 };

	if (line == NULL || ck_link_send(t->link, line, &err) == -1)
		ck_log_err(CK_LOG_WARN, "the front does not listen", &err);
	json_decref(line);
	t->idle = false;
}

static json_t *
pack(const char *fmt, va_list ap)
{
	return fmt != NULL ? json_vpack_ex(NULL, 0, fmt, ap) : json_object();
}

void
ck_talk_step(struct ck_talk *t, const char *station, int n, int of, int limit)
{
	json_t *pin = t->renews ? json_boolean(t->pin_changes) : NULL;
	json_t *consent = t->renews ? json_boolean(t->consents) : NULL;

	say(t, json_pack("{s:s, s:i, s:i, s:i, s:o*, s:o*, s:O*}", "step", station, "n", n, "of",
		   of, "limit", limit, "pin", pin, "consent", consent, "takes", t->takes));
}

void
ck_talk_busy(struct ck_talk *t, const char *what, int limit)
{
	if (t->mute)
		return;
	say(t, json_pack("{s:s, s:i}", "busy", what, "limit", limit));
}

void
ck_talk_idle(struct ck_talk *t)
{
	if (t->idle)
		return; /* to be told again would only wake the front */
	say(t, json_pack("{s:b}", "idle", 1));
	t->idle = true;
}

void
ck_talk_idle_again(struct ck_talk *t)
{
	t->idle = false;
	ck_talk_idle(t);
}

void
ck_talk_row(struct ck_talk *t, json_t *row)
{
	say(t, json_pack("{s:o}", "row", row));
}

void
ck_talk_did(
    struct ck_talk *t, const char *station, int n, int of, const char *word, const char *fmt, ...)
{
	va_list ap;
	json_t *facts;

	va_start(ap, fmt);
	facts = pack(fmt, ap);
	va_end(ap);
	say(t, json_pack("{s:s, s:i, s:i, s:s, s:o}", "did", station, "n", n, "of", of, "say", word,
		   "facts", facts));
}

/* What err.def says of the key holds for a visit that has not written to it yet. */
static json_t *
error_json(const struct ck_talk *t, const struct ck_err *err)
{
	json_t *error = err != NULL && err->code != CK_E_NONE ? ck_err_json(err) : NULL;
	const char *key = json_string_value(json_object_get(error, "key"));
	bool safe = error != NULL && (t->key_written || (key != NULL && strcmp(key, "safe") == 0));

	if (safe)
		json_object_set_new(error, "key", json_string(t->adds ? "added" : "safe"));
	return error;
}

void
ck_put_text(json_t *to, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(to, name, json_string(text));
}

void
ck_put_time(json_t *to, const char *name, int64_t t)
{
	char text[CK_TIME_LEN];

	ck_time_text(t, text);
	ck_put_text(to, name, text);
}

void
ck_talk_end(struct ck_talk *t, enum ck_outcome outcome, const char *record, json_t *facts,
    const struct ck_err *err)
{
	say(t, json_pack("{s:s, s:s*, s:o*, s:o*}", "end", ck_outcome_names[outcome], "record",
		   record, "facts", facts, "error", error_json(t, err)));
}

void
ck_question(struct ck_talk *t, const char *name, const struct ck_err *trouble, const char *fmt, ...)
{
	va_list ap;
	json_t *facts;

	va_start(ap, fmt);
	facts = pack(fmt, ap);
	va_end(ap);
	json_decref(t->question);
	t->question = json_pack("{s:s, s:i, s:[], s:o, s:o*}", "ask", name, "id", ++t->asked,
	    "fields", "facts", facts, "error", error_json(t, trouble));
}

void
ck_question_field(struct ck_talk *t, const char *name, enum ck_field_kind kind, int min, int max,
    const char *charset)
{
	json_array_append_new(json_object_get(t->question, "fields"),
	    json_pack("{s:s, s:s, s:i, s:i, s:s*}", "name", name, "kind", ck_field_kind_names[kind],
		"min", min, "max", max, "charset", charset));
}

void
ck_question_choice(struct ck_talk *t, const char *value, const char *label)
{
	json_t *fields = json_object_get(t->question, "fields");
	json_t *last = json_array_get(fields, json_array_size(fields) - 1);
	json_t *choices = json_object_get(last, "choices");

	if (choices == NULL) {
		choices = json_array();
		json_object_set_new(last, "choices", choices);
	}
	json_array_append_new(choices, json_pack("{s:s, s:s}", "value", value, "label", label));
}

/* A line from the front that is not an answer: the person gave up, or nonsense. */
static int
not_an_answer(const json_t *line, struct ck_err *err)
{
	if (json_is_true(json_object_get(line, "stop")))
		return ck_fail(err, CK_E_STOPPED, "the person gave up for now");
	return ck_fail(err, CK_E_LINK, "the front said something unexpected");
}

static bool
answers(const struct ck_talk *t, const json_t *line)
{
	const char *name = json_string_value(json_object_get(line, "answer"));
	const char *asked = json_string_value(json_object_get(t->question, "ask"));
	json_t *id = json_object_get(line, "id");

	return name != NULL && strcmp(name, asked) == 0 &&
	       json_integer_value(id) == json_integer_value(json_object_get(t->question, "id"));
}

/* The engine spoke while the front was answering: that question is off, what was typed for it goes
 * nowhere. */
static bool
too_late(struct ck_talk *t, json_t *line)
{
	json_t *id = json_object_get(line, "id");

	if (json_object_get(line, "answer") == NULL || !json_is_integer(id) ||
	    json_integer_value(id) >= t->asked)
		return false;
	ck_link_drop_secrets(t->link);
	json_decref(line);
	return true;
}

/* 1 with the line, 0 the question is off, -1 the front is gone */
static int
wait_answer(struct ck_talk *t, json_t **line, struct ck_err *err)
{
	bool wakes = t->wake.moved != NULL;
	struct pollfd p[] = {
		{ .fd = ck_link_fd(t->link), .events = POLLIN },
		{ .fd = wakes ? t->wake.fd : -1, .events = POLLIN },
	};

	for (;;) {
		int r = ck_link_recv(t->link, wakes ? 0 : -1, line, err);

		if (r == 1 && too_late(t, *line))
			continue;
		if (r != 0)
			return r;
		p[0].revents = 0;
		if (poll(p, 2, t->wake.every_ms) != -1 && p[0].revents == 0 &&
		    t->wake.moved(t->wake.u))
			return 0;
	}
}

int
ck_talk_ask(struct ck_talk *t, struct ck_err *err)
{
	json_t *line = NULL;
	size_t i;
	int r;

	if (t->question == NULL)
		return ck_fail(err, CK_E_INTERNAL, "nothing to ask");
	ck_answer_drop(t);
	ck_link_drop_secrets(t->link);
	if (t->off != 0)
		json_object_set_new(t->question, "off", json_integer(t->off));
	if (ck_link_send(t->link, t->question, err) == -1)
		return -1;
	r = wait_answer(t, &line, err);
	t->off = r == 0 ? t->asked : 0;
	t->wake = (struct ck_wake){ .moved = NULL };
	if (r != 1)
		return r;
	if (!answers(t, line)) {
		not_an_answer(line, err);
		json_decref(line);
		return -1;
	}
	t->answer = line;
	for (i = 0; i < CK_SECRETS_MAX; i++)
		t->secrets[i] = ck_link_secret(t->link);
	return 0;
}

int
ck_talk_pause(struct ck_talk *t, int ms, struct ck_err *err)
{
	json_t *line = NULL;
	int r = ck_link_recv(t->link, ms, &line, err);

	if (r == 1 && too_late(t, line))
		return 0;
	if (r == 1) {
		not_an_answer(line, err);
		json_decref(line);
		return -1;
	}
	return r;
}

bool
ck_answered(const struct ck_talk *t, const char *question)
{
	const char *name = json_string_value(json_object_get(t->answer, "answer"));

	return name != NULL && strcmp(name, question) == 0;
}

const char *
ck_answer_text(const struct ck_talk *t, const char *question, const char *field)
{
	return ck_answered(t, question) ? json_string_value(json_object_get(t->answer, field))
					: NULL;
}

bool
ck_answer_yes(const struct ck_talk *t, const char *question, const char *field)
{
	return ck_answered(t, question) && json_is_true(json_object_get(t->answer, field));
}

bool
ck_answer_no(const struct ck_talk *t, const char *question, const char *field)
{
	return ck_answered(t, question) && json_is_false(json_object_get(t->answer, field));
}

struct ck_secret *
ck_answer_secret(struct ck_talk *t, const char *question, const char *field)
{
	json_t *names = json_object_get(t->answer, "secrets"), *name;
	struct ck_secret *s;
	size_t i;

	if (!ck_answered(t, question))
		return NULL;
	json_array_foreach(names, i, name)
	{
		if (i >= CK_SECRETS_MAX || json_string_value(name) == NULL ||
		    strcmp(json_string_value(name), field) != 0)
			continue;
		s = t->secrets[i];
		t->secrets[i] = NULL;
		return s;
	}
	return NULL;
}

void
ck_answer_drop(struct ck_talk *t)
{
	size_t i;

	json_decref(t->answer);
	t->answer = NULL;
	for (i = 0; i < CK_SECRETS_MAX; i++) {
		ck_secret_free(t->secrets[i]);
		t->secrets[i] = NULL;
	}
}
