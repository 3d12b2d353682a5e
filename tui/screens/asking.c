#include "asking.h"

#include <stdlib.h>
#include <string.h>

#include "asking_inside.h"
#include "keycard.h"
#include "keys.h"

static const struct ck_ask_layout layouts[] = {
	{ .ask = CK_ASK_KEY, .part = CK_ASK_PART_TEXT, .help = "choice" },
	{ .ask = CK_ASK_INSERT,
	    .part = CK_ASK_PART_TEXT,
	    .facts = { "label", "serial" },
	    .help = "insert" },
	{ .ask = CK_ASK_KEY_BACK,
	    .part = CK_ASK_PART_FACTS,
	    .facts = { "label", "serial", "family" },
	    .help = "insert" },
	{ .ask = CK_ASK_CERT, .part = CK_ASK_PART_TEXT, .help = "choice" },
	{ .ask = CK_ASK_RESUME,
	    .part = CK_ASK_PART_FACTS,
	    .facts = { "record", "station_text", "at", "kiosk", "holder", "holder_record",
		"bound_text" },
	    .yes_first = true,
	    .help = "resume" },
	{ .ask = CK_ASK_CONSENT, .part = CK_ASK_PART_DOCUMENT, .help = "consent" },
	{ .ask = CK_ASK_PIN,
	    .part = CK_ASK_PART_NONE,
	    .customer = true,
	    .away = true,
	    .tries = true,
	    .hint = true,
	    .help = "pin" },
	{ .ask = CK_ASK_OWN_PIN,
	    .part = CK_ASK_PART_TEXT,
	    .customer = true,
	    .away = true,
	    .tries = true,
	    .hint = true,
	    .help = "own-pin" },
	{ .ask = CK_ASK_LAST_TRY, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "last-try" },
	{ .ask = CK_ASK_UNSETTLED,
	    .part = CK_ASK_PART_TEXT,
	    .clerk = true,
	    .tries = true,
	    .help = "unsettled" },
	{ .ask = CK_ASK_ENVELOPE, .part = CK_ASK_PART_TEXT, .help = "envelope" },
	{ .ask = CK_ASK_PASSWORD, .part = CK_ASK_PART_TEXT, .tries = true, .help = "envelope" },
	{ .ask = CK_ASK_DOWNLOAD, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "download" },
	{ .ask = CK_ASK_ANEW,
	    .part = CK_ASK_PART_FACTS,
	    .facts = { "subject", "class_text", "issuer", "serial", "not_after", "new_not_after",
		"key_label" },
	    .clerk = true,
	    .help = "make-anew" },
	{ .ask = CK_ASK_LEAVE, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "leave" },
	{ .ask = CK_ASK_PAPER, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "paper-trouble" },
	{ .ask = CK_ASK_SHEET, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "paper-out" },
	{ .ask = CK_ASK_LOOK, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_FETCH, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_INSTALL, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_SWEEP, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_CLEAR, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_SEAL, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_DROP, .part = CK_ASK_PART_TEXT, .help = "agree" },
	{ .ask = CK_ASK_CLERK_KEY, .part = CK_ASK_PART_TEXT, .help = "sign-in" },
	{ .ask = CK_ASK_CLERK_PIN,
	    .part = CK_ASK_PART_FACTS,
	    .facts = { "label", "serial" },
	    .tries = true,
	    .help = "sign-in" },
	{ .ask = CK_ASK_CLERK_WORD, .part = CK_ASK_PART_NONE, .help = "sign-in" },
	{ .ask = CK_ASK_NEW_WORD, .part = CK_ASK_PART_TEXT, .help = "sign-in" },
	{ .ask = CK_ASK_SECOND, .part = CK_ASK_PART_TEXT, .clerk = true, .help = "second-clerk" },
	{ .ask = CK_ASK_ORDER, .part = CK_ASK_PART_TEXT, .help = "order" },
	{ .ask = CK_ASK_APPLICANT, .part = CK_ASK_PART_FORM, .why = true, .help = "applicant" },
	{ .ask = CK_ASK_SERVICE,
	    .part = CK_ASK_PART_FORM,
	    .why = true,
	    .spares = true,
	    .help = "service" },
	{ .ask = CK_ASK_SMS, .part = CK_ASK_PART_TEXT, .help = "sms-code" },
	{ .ask = CK_ASK_METHOD, .part = CK_ASK_PART_TEXT, .help = "pay-method" },
	{ .ask = CK_ASK_PAYMENT, .part = CK_ASK_PART_CODE, .waits = true, .help = "payment" },
	{ .ask = CK_ASK_IDENTITY,
	    .part = CK_ASK_PART_CODE,
	    .why = true,
	    .waits = true,
	    .help = "identity" },
	{ .ask = CK_ASK_REVIEW,
	    .part = CK_ASK_PART_TEXT,
	    .why = true,
	    .waits = true,
	    .help = "review" },
	{ .ask = CK_ASK_PAPERS,
	    .part = CK_ASK_PART_TEXT,
	    .why = true,
	    .papers = true,
	    .help = "papers" },
};
/* of an engine newer than we are: its own words, if it has any we know */
static const struct ck_ask_layout unknown = { .part = CK_ASK_PART_TEXT, .help = "choice" };

/* Nothing is in focus while a key, or somebody elsewhere, is waited for: an Enter too many must not
 * send anybody away. */
#define WAITS (-1)

static const struct ck_ask_layout *
layout_of(const char *ask)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (strcmp(layouts[i].ask, ask) == 0)
			return &layouts[i];
	return &unknown;
}

/* the serial number of the envelope, as far as it was told */
static const char *
envelope_of(const struct ck_asking *a)
{
	const char *serial = NULL;

	if (strcmp(a->ask, CK_ASK_PASSWORD) == 0)
		serial = json_string_value(
		    json_object_get(json_object_get(a->question, "facts"), "serial"));
	if (serial == NULL && a->course != NULL)
		serial = a->course->envelope;
	return serial != NULL ? serial : "";
}

/* -1: what was opened is counted. What was typed in one before stands there. */
static int
open_fields(struct ck_asking *a, const json_t *fields, size_t n)
{
	const json_t *values = json_object_get(json_object_get(a->question, "facts"), "values");
	const char *before;

	for (size_t i = 0; i < n; i++) {
		a->n++;
		if (ck_ask_field_open(&a->fields[i], a->question, a->layout->yes_first,
			json_array_get(fields, i)) == -1)
			return -1;
		a->fields[i].scan.envelope = envelope_of(a);
		before = json_string_value(json_object_get(values, a->fields[i].name));
		if (before != NULL && a->fields[i].kind == CK_FIELD_TEXT)
			ck_input_set(&a->fields[i].input, before);
	}
	return 0;
}

struct ck_asking *
ck_asking_new(const json_t *question, const struct ck_course *course)
{
	const json_t *fields = json_object_get(question, "fields");
	const char *ask = json_string_value(json_object_get(question, "ask"));
	size_t n = json_array_size(fields);
	struct ck_asking *a = calloc(1, sizeof *a);

	if (a == NULL)
		return NULL;
	a->question = question;
	a->course = course;
	a->ask = ask != NULL ? ask : "";
	a->layout = layout_of(a->ask);
	a->ways.at = WAITS;
	if (n > CK_ASK_FIELDS_MAX)
		n = CK_ASK_FIELDS_MAX;
	if (n > 0 && (a->fields = calloc(n, sizeof *a->fields)) == NULL)
		goto out;
	if (open_fields(a, fields, n) == -1)
		goto out;
	if (a->layout->part == CK_ASK_PART_DOCUMENT) {
		if (a->n != 1 || a->fields[0].kind != CK_FIELD_YES)
			a->layout = &unknown;
		else
			ck_ask_document_open(a);
	}
	if (a->layout->part == CK_ASK_PART_FORM)
		ck_ask_form_open(a);
	if (a->layout->part == CK_ASK_PART_CODE)
		ck_ask_code_open(a);
	if (a->layout->waits && a->n > 0)
		a->fields[0].list.at = WAITS;
	return a;
out:
	ck_asking_free(a);
	return NULL;
}

void
ck_asking_free(struct ck_asking *a)
{
	if (a == NULL)
		return;
	for (int i = 0; i < a->n; i++)
		ck_ask_field_close(&a->fields[i]);
	free(a->fields);
	ck_prose_clear(&a->document);
	ck_qr_free(a->qr);
	free(a);
}

int
ck_asking_reply(struct ck_asking *a, struct ck_reply *reply)
{
	int rc = 0;

	for (int i = 0; i < a->n && rc == 0; i++)
		rc = ck_ask_field_reply(&a->fields[i], reply);
	return rc;
}

/* ---- where one is ---- */

bool
ck_asking_beyond(const struct ck_asking *a, const struct ck_ctx *ctx)
{
	return a->layout->clerk && !ctx->clerk;
}

void
ck_asking_together(const struct ck_asking *a, int *from, int *to)
{
	*from = a->at;
	*to = a->at + (a->n > 0);
	if (a->n == 0 || !ck_ask_field_typed(&a->fields[a->at]))
		return;
	while (*from > 0 && ck_ask_field_typed(&a->fields[*from - 1]))
		(*from)--;
	while (*to < a->n && ck_ask_field_typed(&a->fields[*to]))
		(*to)++;
}

static bool
on_page(const struct ck_asking *a)
{
	return a->page != CK_ASK_PAGE_QUESTION;
}

/* tells the view whether letters belong to a field */
static enum ck_went
changed(struct ck_asking *a)
{
	if (a->view != NULL)
		a->view->typing =
		    !on_page(a) && !a->sending && a->n > 0 && ck_ask_field_typed(&a->fields[a->at]);
	return CK_WENT_CHANGE;
}

static enum ck_went
turn_to(struct ck_asking *a, enum ck_ask_page page)
{
	a->page = page;
	a->ways.at = page == CK_ASK_PAGE_QUESTION ? WAITS : 0;
	return changed(a);
}

static enum ck_went
focus(struct ck_asking *a, int at)
{
	/* below the last field of a form is what hands it in */
	if (at < 0 || at >= a->n + ck_ask_form_here(a))
		return CK_WENT_REFUSED;
	a->sending = at == a->n;
	a->at = at - a->sending;
	return changed(a);
}

/* ---- keys ---- */

struct ck_list *
ck_asking_ways(struct ck_asking *a, const struct ck_ctx *ctx)
{
	a->ways.rows = a->way_rows;
	a->ways.n = 1;
	if (on_page(a)) {
		a->way_rows[0] = (struct ck_row){ ck_say(ctx, "way-on", "back"), NULL };
		a->way_rows[1] = (struct ck_row){ ck_say(ctx, "way-on", "stop"), NULL };
		a->ways.n = 2;
	} else if (ck_asking_beyond(a, ctx)) {
		a->way_rows[0] = (struct ck_row){ ck_say(ctx, "way-on", "stop"), NULL };
		a->ways.at = 0;
	} else {
		const char *none = ck_word(ctx->lang, "none", a->ask);

		a->way_rows[0] =
		    (struct ck_row){ none != NULL ? none : ck_say(ctx, "none", "other"), NULL };
	}
	return &a->ways;
}

/* What was chosen where nothing is filled in. */
static enum ck_went
ways_key(struct ck_asking *a, struct ck_event *e, const struct ck_ctx *ctx)
{
	enum ck_went went = ck_went_by(ck_list_key(ck_asking_ways(a, ctx), e));

	if (went != CK_WENT_DONE)
		return went;
	if (on_page(a))
		return a->ways.at == 0 ? turn_to(a, CK_ASK_PAGE_QUESTION) : CK_WENT_BACK;
	return ck_asking_beyond(a, ctx) ? CK_WENT_BACK : CK_WENT_DONE;
}

/* Esc: off the page, back to the choice before what is typed, or away. */
static enum ck_went
leave(struct ck_asking *a)
{
	int from, to;

	if (on_page(a))
		return turn_to(a, CK_ASK_PAGE_QUESTION);
	ck_asking_together(a, &from, &to);
	if (from > 0)
		return focus(a, from - 1);
	return CK_WENT_BACK;
}

/* false: no key that goes from one field to another */
static bool
moves(struct ck_asking *a, const struct ck_event *e, enum ck_went *went)
{
	bool typed = ck_ask_field_typed(&a->fields[a->at]);
	int at = a->at + a->sending;

	if (e->key >= CK_KEY_FOCUS && e->key < CK_KEY_FOCUS + a->n)
		*went = focus(a, e->key - CK_KEY_FOCUS);
	else if (e->key == CK_KEY_BACK_TAB || (typed && e->key == CK_KEY_UP))
		*went = focus(a, at - 1);
	else if (typed && (e->key == CK_KEY_TAB || e->key == CK_KEY_DOWN))
		*went = focus(a, at + 1);
	else
		return false;
	return true;
}

/* An invoice that is not wanted has nothing to be filled in. */
static bool
declined(const struct ck_ask_field *f)
{
	return strcmp(f->name, "want") == 0 && strcmp(ck_ask_field_chosen(f), "no") == 0;
}

/* The next field; behind the last one the first that is not filled in, and if there is none that
 * is the answer. */
static enum ck_went
filled_in(struct ck_asking *a)
{
	if (!ck_ask_field_ready(&a->fields[a->at]))
		return CK_WENT_REFUSED;
	if (declined(&a->fields[a->at]))
		return CK_WENT_DONE;
	if (a->at + 1 < a->n)
		return focus(a, a->at + 1);
	for (int i = 0; i < a->n; i++)
		if (!ck_ask_field_ready(&a->fields[i])) {
			focus(a, i);
			return CK_WENT_REFUSED;
		}
	return CK_WENT_DONE;
}

static enum ck_went
field_key(struct ck_asking *a, struct ck_event *e, const struct ck_ctx *ctx)
{
	bool document = a->layout->part == CK_ASK_PART_DOCUMENT;
	enum ck_went went;

	/* the button of a form: Enter, or a press */
	if (e->key == CK_KEY_FOCUS + a->n || (a->sending && e->key == CK_KEY_ENTER)) {
		focus(a, a->n - 1);
		return filled_in(a);
	}
	if (a->sending)
		return CK_WENT_NOTHING;
	went = ck_went_by(
	    document ? ck_ask_document_key(a, e, ctx) : ck_ask_field_key(&a->fields[a->at], e));

	if (went == CK_WENT_DONE)
		return filled_in(a);
	return went == CK_WENT_CHANGE ? changed(a) : went;
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_asking *a = self;
	enum ck_went went;

	if (e->kind != CK_EV_KEY)
		return CK_WENT_NOTHING;
	if (e->key == CK_KEY_ESC)
		return leave(a);
	if (a->layout->away && e->key == CK_KEY_F(5) && ctx->clerk)
		return turn_to(a, CK_ASK_PAGE_AWAY);
	if (a->layout->away && e->key == CK_KEY_F(6))
		return turn_to(a, CK_ASK_PAGE_FORGOTTEN);
	if (on_page(a) || a->n == 0 || ck_asking_beyond(a, ctx))
		return ways_key(a, e, ctx);
	return moves(a, e, &went) ? went : field_key(a, e, ctx);
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	struct ck_asking *a = self;
	int n = 0;

	out[n++] = ck_back_function(ctx);
	if (a->layout->away && !on_page(a) && ctx->clerk)
		out[n++] = (struct ck_function){ .key = CK_KEY_F(5),
			.letter = 'a',
			.name = "F5",
			.text = ck_say(ctx, "fkey", "away") };
	if (a->layout->away && !on_page(a))
		out[n++] = (struct ck_function){ .key = CK_KEY_F(6),
			.letter = 'f',
			.name = "F6",
			.text = ck_say(ctx, "fkey", "forgotten") };
	return n;
}

static void
forget(void *self)
{
	struct ck_asking *a = self;

	for (int i = 0; i < a->n; i++)
		ck_ask_field_forget(&a->fields[i]);
	a->sending = false;
	changed(a);
}

/* Of a word we do not know nobody can say that the person comes back. */
static bool
elsewhere(const struct ck_asking *a)
{
	const char *away =
	    json_string_value(json_object_get(json_object_get(a->question, "facts"), "away"));

	return away != NULL &&
	       (strcmp(away, CK_AWAY_PAYMENT) == 0 || strcmp(away, CK_AWAY_PHONE) == 0);
}

void
ck_asking_view(struct ck_asking *a, struct ck_view *view)
{
	*view = (struct ck_view){ .self = a,
		.draw = ck_asking_draw,
		.key = key,
		.functions = functions,
		.forget = forget,
		.of_key = a->layout->tries,
		.help = a->layout->help,
		.idle = elsewhere(a) ? CK_IDLE_MASK : CK_IDLE_WIPE };
	view->alone = a->layout->customer && a->course != NULL && ck_way_of_clerk(a->course->way);
	a->view = view;
	changed(a);
}
