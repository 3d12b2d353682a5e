#include "ending.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/ask.h"
#include "ending_inside.h"
#include "keys.h"
#include "kit/text.h"
#include "words/phrase.h"

/* ---- what kind of end ---- */

bool
ck_ending_visit(const struct ck_ending *e)
{
	return strcmp(e->verb, "renew") == 0 || strcmp(e->verb, "resume") == 0 ||
	       strcmp(e->verb, "abandon") == 0;
}

bool
ck_ending_application(const struct ck_ending *e)
{
	return strcmp(e->verb, "service") == 0;
}

const char *
ck_ending_fact(const struct ck_ending *e, const char *name)
{
	const char *s = json_string_value(json_object_get(json_object_get(e->end, "facts"), name));

	return s != NULL ? s : "";
}

const char *
ck_ending_form(const struct ck_ending *e)
{
	const json_t *form = json_object_get(json_object_get(e->end, "facts"), "form");
	const char *state = json_string_value(json_object_get(form, "state"));

	return state != NULL ? state : ck_ending_fact(e, "form");
}

static int
code_of(const struct ck_ending *e)
{
	return (int)json_integer_value(json_object_get(json_object_get(e->end, "error"), "code"));
}

/* there is a record that can be gone on with */
static bool
open_record(const struct ck_ending *e)
{
	return *ck_ending_fact(e, "slip") != '\0';
}

static bool
prints(const struct ck_ending *e)
{
	return strcmp(e->verb, "print") == 0;
}

/* An application that was filled in is sent without anybody, whatever broke it off. */
static bool
goes_on(const struct ck_ending *e)
{
	return ck_ending_application(e) && json_object_get(e->end, "record") != NULL &&
	       (e->outcome == CK_END_PARKED || e->outcome == CK_END_FAILED);
}

/* A person who stopped needs no error told: it is kept, or it is as if nothing had been. */
static enum ck_ending_kind
kind_of(const struct ck_ending *e)
{
	bool error = json_object_get(e->end, "error") != NULL;

	if (goes_on(e))
		return CK_ENDING_KEPT;
	if (code_of(e) == CK_E_STOPPED)
		return open_record(e) ? CK_ENDING_KEPT : CK_ENDING_LEFT;
	if (prints(e) && *ck_ending_form(e) != '\0')
		return CK_ENDING_PAPER;
	/* the record waits as before, whatever became of its slip */
	if (prints(e) && open_record(e))
		return CK_ENDING_KEPT;
	switch (e->outcome) {
	case CK_END_DONE:
		return CK_ENDING_DONE;
	case CK_END_PARKED:
		return CK_ENDING_KEPT;
	case CK_END_ABANDONED:
		return error && strcmp(e->verb, "abandon") != 0 ? CK_ENDING_FAILED
								: CK_ENDING_GIVEN_BACK;
	default:
		return CK_ENDING_FAILED;
	}
}

const json_t *
ck_ending_did(const struct ck_ending *e, const char *say)
{
	const json_t *did = e->course != NULL ? e->course->did : NULL, *line;
	size_t i = json_array_size(did);

	while (i-- > 0) {
		const char *said;

		line = json_array_get(did, i);
		said = json_string_value(json_object_get(line, "say"));
		if (said != NULL && strcmp(said, say) == 0)
			return line;
	}
	return NULL;
}

struct ck_ending *
ck_ending_new(const char *verb, const json_t *end, const struct ck_course *course)
{
	struct ck_ending *e = calloc(1, sizeof *e);
	const char *outcome = json_string_value(json_object_get(end, "end"));
	const char *record = json_string_value(json_object_get(end, "record"));
	int known = outcome != NULL ? ck_outcome_from(outcome) : -1;

	if (e == NULL)
		return NULL;
	snprintf(e->verb, sizeof e->verb, "%s", verb);
	e->end = end;
	e->course = course;
	e->outcome = known != -1 ? (enum ck_outcome)known : CK_END_FAILED;
	e->kind = kind_of(e);
	if (open_record(e))
		e->qr = ck_qr_new(ck_ending_fact(e, "slip"));
	else if (record != NULL && e->kind == CK_ENDING_FAILED)
		e->qr = ck_qr_new(record);
	return e;
}

void
ck_ending_free(struct ck_ending *e)
{
	if (e == NULL)
		return;
	ck_qr_free(e->qr);
	free(e);
}

/* ---- what can be done now ---- */

static void
add(struct ck_ending *e, const struct ck_ctx *ctx, enum ck_after after, const char *word)
{
	e->rows[e->list.n] = (struct ck_row){ ck_say(ctx, "after", word), NULL };
	e->afters[e->list.n++] = after;
}

/* a customer's key must not be forgotten in the reader */
static const char *
pull_word(const struct ck_ending *e, const struct ck_ctx *ctx)
{
	bool of_key = !prints(e) && strncmp(e->verb, "sign-", 5) != 0;

	return of_key && ctx->key_in ? "close-pull" : "close";
}

/* A second sheet is a clerk's business, and so is a printer that does not print. */
static void
add_print(struct ck_ending *e, const struct ck_ctx *ctx)
{
	const char *form = ck_ending_form(e);

	if (!ctx->clerk || *form == '\0' || strcmp(form, "wiped") == 0)
		return;
	add(e, ctx, CK_AFTER_PRINT,
	    strcmp(form, "printed") == 0 ? "reprint"
	    : strcmp(form, "waits") == 0 ? "print"
					 : "print-look");
}

/* What was refused will mostly be refused again, but for what whoever stands here can put right. */
static bool
worth_another(const struct ck_ending *e)
{
	const struct ck_err_fact *fact = ck_err_fact(code_of(e));

	return e->outcome == CK_END_FAILED || (fact != NULL && fact->whose == CK_WHOSE_CUSTOMER);
}

static bool
abandons(const struct ck_ending *e, const struct ck_ctx *ctx)
{
	return ctx->clerk && open_record(e) && strcmp(e->verb, "abandon") != 0;
}

struct ck_list *
ck_ending_list(struct ck_ending *e, const struct ck_ctx *ctx)
{
	e->list.rows = e->rows;
	e->list.n = 0;
	switch (e->kind) {
	case CK_ENDING_DONE:
		add(e, ctx, CK_AFTER_CLOSE, pull_word(e, ctx));
		if (ck_ending_did(e, "pin-changed") != NULL ||
		    ck_ending_did(e, "pin-settled") != NULL)
			add(e, ctx, CK_AFTER_OWN_PIN, "own-pin");
		add_print(e, ctx);
		break;
	case CK_ENDING_PAPER:
		add(e, ctx, CK_AFTER_CLOSE, pull_word(e, ctx));
		add_print(e, ctx);
		break;
	case CK_ENDING_KEPT:
		add(e, ctx, CK_AFTER_CLOSE, ck_ending_application(e) ? pull_word(e, ctx) : "keep");
		add(e, ctx, CK_AFTER_AGAIN, "go-on");
		break;
	case CK_ENDING_GIVEN_BACK:
	case CK_ENDING_LEFT:
		add(e, ctx, CK_AFTER_CLOSE, pull_word(e, ctx));
		break;
	case CK_ENDING_FAILED:
		if (!worth_another(e))
			add(e, ctx, CK_AFTER_CLOSE, pull_word(e, ctx));
		add(e, ctx, CK_AFTER_AGAIN, open_record(e) ? "go-on" : "again");
		if (worth_another(e))
			add(e, ctx, CK_AFTER_CLOSE, open_record(e) ? "keep" : pull_word(e, ctx));
		break;
	}
	if (abandons(e, ctx))
		add(e, ctx, CK_AFTER_ABANDON, "abandon");
	return &e->list;
}

enum ck_after
ck_ending_after(const struct ck_ending *e)
{
	return e->after;
}

/* ---- keys ---- */

static enum ck_went
key(void *self, struct ck_event *event, const struct ck_ctx *ctx)
{
	struct ck_ending *e = self;
	struct ck_list *list = ck_ending_list(e, ctx);
	enum ck_went went;

	if (e->qr_alone && (ck_is_key(event, CK_KEY_ESC) || ck_is_key(event, CK_KEY_ENTER) ||
			       ck_is_key(event, CK_KEY_F(4)))) {
		e->qr_alone = false;
		return CK_WENT_CHANGE;
	}
	if (ck_is_key(event, CK_KEY_F(4)) && e->qr != NULL) {
		e->qr_alone = true;
		return CK_WENT_CHANGE;
	}
	if (ck_is_key(event, CK_KEY_F(5)) && open_record(e)) {
		e->after = CK_AFTER_SLIP;
		return CK_WENT_DONE;
	}
	e->after = CK_AFTER_CLOSE;
	went = ck_list_or_back(list, event);
	if (went == CK_WENT_DONE)
		e->after = e->afters[list->at];
	return went;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_ending *e = self;
	int n = 0;

	if (e->qr_alone)
		out[n++] = ck_back_function(ctx);
	else if (e->qr != NULL)
		out[n++] = (struct ck_function){ .key = CK_KEY_F(4),
			.letter = 'q',
			.name = "F4",
			.text = ck_say(ctx, "fkey", "qr") };
	if (!e->qr_alone && open_record(e))
		out[n++] = (struct ck_function){ .key = CK_KEY_F(5),
			.letter = 'p',
			.name = "F5",
			.text = ck_say(ctx, "fkey", "slip") };
	return n;
}

void
ck_ending_view(struct ck_ending *e, struct ck_view *view)
{
	*view = (struct ck_view){ .self = e,
		.draw = ck_ending_draw,
		.key = key,
		.functions = functions,
		.help = "ending",
		.idle = CK_IDLE_WIPE };
}
