#include "errand.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "live.h"
#include "screens/agree.h"
#include "screens/confirm.h"
#include "screens/ending.h"
#include "screens/keycard.h"
#include "services.h"
#include "words/say.h"

/* ---- what was chosen ---- */

static void
keep(char *to, size_t cap, const char *text)
{
	snprintf(to, cap, "%s", text != NULL ? text : "");
}

static const char *
or_null(const char *text)
{
	return *text != '\0' ? text : NULL;
}

void
ck_errand_take(struct ck_errand *e, const struct ck_chosen *c, const json_t *rows)
{
	const json_t *row;
	size_t i;

	*e = (struct ck_errand){ .deed = c->deed };
	keep(e->key, sizeof e->key, c->key);
	keep(e->certificate, sizeof e->certificate, c->certificate);
	keep(e->system, sizeof e->system, c->system);
	keep(e->way, sizeof e->way, c->way);
	keep(e->record, sizeof e->record, c->record);
	json_array_foreach(rows, i, row)
	{
		const char *serial = json_string_value(json_object_get(row, "serial"));

		if (serial != NULL && strcmp(serial, e->key) == 0)
			e->row = json_incref((json_t *)(uintptr_t)row);
	}
}

void
ck_errand_clear(struct ck_errand *e)
{
	json_decref(e->row);
	*e = (struct ck_errand){ .row = NULL };
}

/* ---- requests ---- */

static json_t *
request_of(const struct ck_errand *e, const char *clerk)
{
	static const char *const verbs[] = {
		[CK_DEED_RENEW] = "renew",
		[CK_DEED_RESUME] = "resume",
		[CK_DEED_ABANDON] = "abandon",
		[CK_DEED_DOCTOR] = "doctor",
		[CK_DEED_PIN] = "pin",
		[CK_DEED_STATUS] = "status",
	};
	json_t *o = json_pack(
	    "{s:s, s:s*, s:s*}", "do", verbs[e->deed], "key", or_null(e->key), "clerk", clerk);

	if (e->deed == CK_DEED_RENEW)
		json_object_update_new(
		    o, json_pack("{s:s*, s:s*, s:s*}", "cert", or_null(e->certificate), "system",
			   or_null(e->system), "way", or_null(e->way)));
	if (e->deed == CK_DEED_RESUME)
		json_object_set_new(o, "text", json_string(e->record));
	if (e->deed == CK_DEED_ABANDON)
		json_object_set_new(o, "record", json_string(e->record));
	return o;
}

static json_t *
record_request(const char *verb, const char *record, const char *clerk)
{
	return json_pack("{s:s, s:s, s:s*}", "do", verb,
	    strcmp(verb, "resume") == 0 ? "text" : "record", record, "clerk", clerk);
}

static json_t *
pin_request(const char *key, const char *clerk)
{
	return json_pack("{s:s, s:s*, s:s*}", "do", "pin", "key", or_null(key), "clerk", clerk);
}

/* ---- one piece of work, and how it ended ---- */

/* Left because nobody is there, or because the desk is locked: no last screen either. */
static bool
leaves_face(enum ck_stage_went went)
{
	return went == CK_STAGE_IDLE || went == CK_STAGE_LOCK || went == CK_STAGE_OVER ||
	       went == CK_STAGE_STAFF || went == CK_STAGE_NEXT;
}

enum ck_stage_went
ck_errand_show(struct ck_stage *s, struct ck_view *view)
{
	const struct ck_status *status = ck_stage_status(s);
	bool clerk = ck_stage_ctx(s)->clerk, was_in = false;
	int came = ck_status_came(status);
	enum ck_stage_went went = CK_STAGE_READY;

	view->heeds = !clerk || view->of_key;
	ck_stage_set(s, view);
	while (went == CK_STAGE_READY) {
		bool in = ck_status_key_in(status);

		if (!clerk && ck_status_came(status) != came)
			went = CK_STAGE_NEXT;
		else if (view->of_key && was_in && !in)
			went = CK_STAGE_BACK;
		else
			went = ck_stage_wait(s, NULL, 0, -1);
		was_in = was_in || in;
	}
	ck_stage_set(s, NULL);
	return went;
}

static enum ck_stage_went
show_ending(struct ck_live *l, const char *verb, enum ck_after *after)
{
	struct ck_ending *e = ck_ending_new(verb, l->end, &l->course);
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went;

	*after = CK_AFTER_CLOSE;
	if (e == NULL)
		return CK_STAGE_READY;
	ck_ending_view(e, &view);
	went = ck_errand_show(l->stage, &view);
	*after = ck_ending_after(e);
	ck_ending_free(e);
	return leaves_face(went) ? went : CK_STAGE_READY;
}

enum ck_stage_went
ck_errand_ended(struct ck_live *l, const char *verb)
{
	enum ck_after after;

	return show_ending(l, verb, &after);
}

/* Of what was said only what became of the key: what names a customer is not to be kept. */
static json_t *
deeds_of(const struct ck_course *course)
{
	static const char *const kept[] = { "confirmed", "seal-written", "seal-not-written",
		"pin-changed", "pin-settled", "retired", "kept", "others-kept", "put-aside",
		"own-pin-changed" };
	json_t *out = json_array(), *line;
	size_t i, k;

	json_array_foreach(course->did, i, line)
	{
		const char *say = text_of(line, "say");

		for (k = 0; k < sizeof kept / sizeof *kept; k++)
			if (strcmp(say, kept[k]) == 0)
				json_array_append_new(
				    out, json_pack("{s:s, s:s, s:{}}", "did", text_of(line, "did"),
					     "say", say, "facts"));
	}
	return out;
}

/* The desk was locked before anybody saw how it ended. Where nothing was begun there is nothing to
 * be told, either. */
static void
keep_unseen(const struct ck_live *l, const char *verb, const char *clerk)
{
	const json_t *facts = json_object_get(l->end, "facts");
	json_t *error = json_copy(json_object_get(l->end, "error"));

	if (error != NULL)
		json_object_del(error, "detail");
	if (l->ended.record[0] != '\0' || strcmp(verb, "pin") == 0)
		ck_stage_keep(
		    l->stage, json_pack("{s:s, s:s, s:s*, s:{s:s, s:O*, s:O*}, s:o, s:O*}", "end",
				  ck_outcome_names[l->ended.outcome], "verb", verb, "record",
				  or_null(l->ended.record), "facts", "unseen", clerk, "slip",
				  json_object_get(facts, "slip"), "hotline",
				  json_object_get(facts, "hotline"), "did", deeds_of(&l->course),
				  "error", error));
	json_decref(error);
}

static bool
is_visit(const char *verb)
{
	return strcmp(verb, "renew") == 0 || strcmp(verb, "resume") == 0 ||
	       strcmp(verb, "abandon") == 0 || strcmp(verb, "service") == 0;
}

/* It is printed on whatever printer it was, or on the usual one. */
static json_t *
print_request(const char *record, const char *printer, const char *clerk)
{
	return json_pack("{s:s, s:s, s:s*, s:s*}", "do", "print", "record", record, "printer",
	    printer, "clerk", clerk);
}

static json_t *
slip_request(const char *record, const char *printer, const char *clerk)
{
	json_t *request = print_request(record, printer, clerk);

	json_object_set_new(request, "slip", json_true());
	return request;
}

/* It can be gone on with, whatever of it was printed. */
static bool
has_slip(const struct ck_live *l)
{
	return *text_of(json_object_get(l->end, "facts"), "slip") != '\0';
}

static bool
of_service(const json_t *request)
{
	return strcmp(text_of(request, "do"), "service") == 0;
}

/* What follows from the last screen; NULL: nothing. */
static json_t *
next_request(const struct ck_live *l, enum ck_after after, const json_t *request, const char *key,
    const char *clerk)
{
	const char *record = l->ended.record, *printer = text_of(request, "printer");

	printer = *printer != '\0' ? printer : NULL;
	switch (after) {
	case CK_AFTER_AGAIN:
		/* one that was refused is closed: it begins anew */
		if (*record != '\0' && l->ended.outcome != CK_END_REFUSED &&
		    strcmp(text_of(request, "do"), "abandon") != 0 &&
		    (strcmp(text_of(request, "do"), "print") != 0 || has_slip(l)))
			return record_request(
			    of_service(request) ? "service" : "resume", record, clerk);
		return json_incref((json_t *)(uintptr_t)request);
	case CK_AFTER_ABANDON:
		return *record != '\0' ? record_request("abandon", record, clerk) : NULL;
	case CK_AFTER_OWN_PIN:
		return pin_request(key, clerk);
	case CK_AFTER_PRINT:
		return *record != '\0' ? print_request(record, printer, clerk) : NULL;
	case CK_AFTER_SLIP:
		return *record != '\0' ? slip_request(record, printer, clerk) : NULL;
	case CK_AFTER_CLOSE:
		break;
	}
	return NULL;
}

/* A screen that says what can't be undone: READY, or not. */
static enum ck_stage_went
agree_to(struct ck_stage *s, const char *about, json_t *facts)
{
	struct ck_agree a = { .about = about, .facts = facts };
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went;

	ck_agree_view(&a, &view);
	went = ck_errand_show(s, &view);
	json_decref(facts);
	return went == CK_STAGE_DONE ? CK_STAGE_READY : went;
}

struct work {
	bool agreed;	/* to give it up: asked once */
	int reprint;	/* the mark that its form's next sheet has; 0: none */
	bool unsettled; /* unless it turns out first what became of the last one */
};

static bool
is_unsettled(const char *state)
{
	return strcmp(state, "printing") == 0 || strcmp(state, "unknown") == 0;
}

/* What stands in a row of a form or a record, or in the facts of an end. */
static void
read_paper(struct work *w, const json_t *at)
{
	w->reprint = (int)json_integer_value(json_object_get(at, "reprint"));
	w->unsettled = is_unsettled(text_of(at, "state")) || is_unsettled(text_of(at, "form"));
}

/* What is printed by itself tells of the form, a visit of all that was done. */
static void
read_end(struct work *w, const json_t *end)
{
	const json_t *facts = json_object_get(end, "facts"), *form = json_object_get(facts, "form");

	read_paper(w, json_is_object(form) ? form : facts);
}

static json_t *
reprint_facts(const struct work *w, const char *record)
{
	return w->unsettled ? json_pack("{s:s, s:b}", "record", record, "unsettled", 1)
			    : json_pack("{s:s, s:i}", "record", record, "reprint", w->reprint);
}

/* READY: it may begin. The CA's office hears of one that is given up before anything is asked, and
 * a sheet of a form too many can't be told from the one that was signed. */
static enum ck_stage_went
agree(struct ck_stage *s, const json_t *request, struct work *w)
{
	const char *verb = text_of(request, "do"), *record = text_of(request, "record");
	enum ck_stage_went went = CK_STAGE_READY;

	if (strcmp(verb, "abandon") == 0 && !w->agreed) {
		went = agree_to(s, "giveup", json_pack("{s:s}", "record", record));
		w->agreed = went == CK_STAGE_READY;
	} else if (strcmp(verb, "print") == 0 && w->reprint > 0 &&
		   !json_is_true(json_object_get(request, "slip"))) {
		went = agree_to(s, "reprint", reprint_facts(w, record));
	}
	return went;
}

/* Of a batch's keys there is no next one, or it was taken away again before anything was begun. */
static bool
no_next(const struct ck_live *l, const json_t *request)
{
	return json_object_get(request, "batch") != NULL && l->ended.record[0] == '\0' &&
	       (l->left == CK_STAGE_BACK || l->ended.err.code == CK_E_NO_KEY ||
		   l->ended.err.code == CK_E_STOPPED);
}

/* Takes the request over. */
static enum ck_stage_went
serve(struct ck_stage *s, json_t *request, struct work w, const char *key, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_READY;
	enum ck_after after;

	while (request != NULL && (went = agree(s, request, &w)) == CK_STAGE_READY) {
		const char *verb = json_string_value(json_object_get(request, "do"));
		struct ck_live l = { .stage = s, .visit = is_visit(verb) };
		json_t *next = NULL;
		bool unseen;

		ck_live_run(&l, request);
		unseen = clerk != NULL &&
			 (l.left == CK_STAGE_LOCK || ck_status_clerk_gone(ck_stage_status(s)));
		if (l.ended.err.code != CK_E_NONE)
			ck_status_ask_again(ck_stage_status(s));
		went = leaves_face(l.left)    ? l.left
		       : no_next(&l, request) ? CK_STAGE_BACK
					      : show_ending(&l, verb, &after);
		if (unseen && went == CK_STAGE_LOCK)
			keep_unseen(&l, verb, clerk);
		if (went == CK_STAGE_READY)
			next = next_request(&l, after, request, key, clerk);
		read_end(&w, l.end);
		ck_live_clear(&l);
		json_decref(request);
		request = next;
	}
	json_decref(request);
	return went;
}

enum ck_stage_went
ck_errand_unseen(struct ck_stage *s, const char *clerk)
{
	json_t *end = ck_stage_kept(s);
	const char *verb = text_of(end, "verb");
	struct ck_live l = { .stage = s, .end = end };
	enum ck_stage_went went = CK_STAGE_READY;
	struct work w = { .agreed = false };
	enum ck_after after;
	json_t *request;

	if (end == NULL)
		return went;
	read_end(&w, end);
	l.course.did = json_incref(json_object_get(end, "did"));
	snprintf(l.ended.record, sizeof l.ended.record, "%s", text_of(end, "record"));
	l.ended.outcome = (enum ck_outcome)ck_outcome_from(text_of(end, "end"));
	request = strcmp(verb, "pin") == 0 ? pin_request(NULL, clerk)
					   : record_request(verb, l.ended.record, clerk);
	went = show_ending(&l, verb, &after);
	if (went == CK_STAGE_LOCK)
		ck_stage_keep(s, json_incref(end));
	if (went == CK_STAGE_READY)
		went = serve(s, next_request(&l, after, request, NULL, clerk), w, NULL, clerk);
	ck_live_clear(&l);
	json_decref(request);
	return went;
}

enum ck_stage_went
ck_errand_record(struct ck_stage *s, const char *verb, const char *record, const char *clerk)
{
	return serve(s, record_request(verb, record, clerk), (struct work){ 0 }, NULL, clerk);
}

enum ck_stage_went
ck_errand_print(struct ck_stage *s, const json_t *row, const char *printer, const char *clerk)
{
	struct work w = { .agreed = false };

	read_paper(&w, row);
	return serve(s, print_request(text_of(row, "record"), printer, clerk), w, NULL, clerk);
}

enum ck_stage_went
ck_errand_batch(struct ck_stage *s, const char *batch, const char *clerk)
{
	return serve(s, json_pack("{s:s, s:s, s:s}", "do", "renew", "batch", batch, "clerk", clerk),
	    (struct work){ 0 }, NULL, clerk);
}

enum ck_stage_went
ck_errand_begin(struct ck_stage *s, const json_t *way, const char *clerk, json_t **row)
{
	struct ck_live l = { .stage = s, .reads = true };
	json_t *request = json_pack("{s:s, s:s, s:s, s:s}", "do", "batch-begin", "system",
	    text_of(way, "system"), "way", text_of(way, "way"), "clerk", clerk);
	enum ck_stage_went went;

	ck_live_run(&l, request);
	went = l.left;
	if (went == CK_STAGE_READY && l.ended.outcome == CK_END_DONE)
		*row = json_pack("{s:s, s:s}", "record", l.ended.record, "state", "open");
	else if (went == CK_STAGE_READY)
		went = ck_errand_ended(&l, "batch-begin");
	ck_live_clear(&l);
	json_decref(request);
	return went;
}

enum ck_stage_went
ck_errand_handover(struct ck_stage *s, const json_t *row, const char *clerk)
{
	const char *record = text_of(row, "record");
	enum ck_stage_went went = CK_STAGE_READY;

	if (strcmp(text_of(row, "state"), "open") == 0)
		went = agree_to(s, "handover", json_pack("{s:s}", "record", record));
	return went == CK_STAGE_READY ? ck_errand_print(s, row, NULL, clerk) : went;
}

enum ck_stage_went
ck_errand_apply(struct ck_stage *s, const json_t *service, const char *key, const char *clerk)
{
	return serve(s,
	    json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "do", "service", "system",
		text_of(service, "system"), "service", text_of(service, "service"), "key", key,
		"clerk", clerk),
	    (struct work){ 0 }, key, clerk);
}

/* Old beside new, before anything is asked for that can't be unsaid. */
static enum ck_stage_went
confirm(struct ck_stage *s, const struct ck_errand *e)
{
	struct ck_confirm c = {
		.row = e->row, .certificate = e->certificate, .system = e->system, .way = e->way
	};
	struct ck_view view = { .self = NULL };

	ck_confirm_view(&c, &view);
	return ck_errand_show(s, &view);
}

enum ck_stage_went
ck_errand_run(struct ck_stage *s, struct ck_errand *e, const char *clerk)
{
	enum ck_stage_went went = CK_STAGE_DONE;
	json_t *request;

	if (e->deed == CK_DEED_OTHER)
		return ck_services(s, or_null(e->key), clerk);
	request = request_of(e, clerk);
	/* of a download the engine shows what it will be, once it knows */
	if (e->deed == CK_DEED_RENEW && strcmp(e->way, CK_WAY_BY_CODES) != 0)
		went = confirm(s, e);
	if (went == CK_STAGE_DONE && (e->deed == CK_DEED_STATUS || e->deed == CK_DEED_DOCTOR))
		return ck_errand_list(s, request,
		    e->deed == CK_DEED_STATUS ? CK_LIST_STATUS : CK_LIST_DOCTOR, NULL, NULL);
	if (went == CK_STAGE_DONE)
		return serve(s, request, (struct work){ 0 }, e->key, clerk);
	json_decref(request);
	return went;
}
