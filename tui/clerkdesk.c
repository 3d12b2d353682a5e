/* The clerk's desk: sign in, choose a duty, do it, until signed out or locked. */
#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>

#include "base/clock.h"
#include "errand.h"
#include "face.h"
#include "home.h"
#include "live.h"
#include "papers.h"
#include "screens/desk.h"
#include "screens/signin.h"
#include "services.h"
#include "unitkeys.h"
#include "words/say.h"

/* an engine that has not told of its site by then has other troubles, which signing in tells */
#define SITE_MS 3000

struct counter {
	struct ck_stage *stage;
	char id[64], name[128], reader[160];
	bool printer_seen;
};

static bool
leaves(enum ck_stage_went went)
{
	return went == CK_STAGE_LOCK || went == CK_STAGE_OVER;
}

/* ---- signing in and out ---- */

/* What ways there are is known a moment after the program began. */
static enum ck_stage_went
await_site(struct counter *c)
{
	const struct ck_status *status = ck_stage_status(c->stage);
	enum ck_stage_went went = CK_STAGE_READY;
	int64_t until = ck_mono_ms() + SITE_MS, left = SITE_MS;

	while (went == CK_STAGE_READY && *ck_status_site(status) == '\0' && left > 0) {
		went = ck_stage_wait(c->stage, NULL, 0, (int)left);
		left = until - ck_mono_ms();
	}
	return went;
}

/* DONE: by is set. There is nothing to choose where the site knows no passphrases. */
static enum ck_stage_went
choose_way(struct counter *c, const char **by)
{
	struct ck_signin ask = { .list = { .at = 0 } };
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went = await_site(c);

	if (went != CK_STAGE_READY)
		return went;
	went = CK_STAGE_DONE;
	if (ck_status_passphrases(ck_stage_status(c->stage))) {
		ck_signin_view(&ask, &view);
		ck_stage_set(c->stage, &view);
		went = ck_stage_wait(c->stage, NULL, 0, -1);
		ck_stage_set(c->stage, NULL);
	}
	*by = ck_signin_chosen(&ask) == CK_SIGN_WORD ? "passphrase" : "key";
	return went;
}

static enum ck_stage_went
sign_in(struct counter *c)
{
	struct ck_live l = { .stage = c->stage, .reads = true };
	const char *by = NULL;
	enum ck_stage_went went = choose_way(c, &by);
	json_t *request = NULL;
	const json_t *facts;

	if (went != CK_STAGE_DONE)
		return went;
	request = json_pack("{s:s, s:s}", "do", "sign-in", "by", by);
	ck_live_run(&l, request);
	went = l.left;
	facts = json_object_get(l.end, "facts");
	if (went == CK_STAGE_READY && l.ended.outcome == CK_END_DONE) {
		snprintf(c->id, sizeof c->id, "%s", text_of(facts, "clerk"));
		snprintf(c->name, sizeof c->name, "%s", text_of(facts, "name"));
		snprintf(c->reader, sizeof c->reader, "%s", text_of(facts, "reader"));
		went = CK_STAGE_DONE;
	} else if (went == CK_STAGE_READY) {
		went = ck_errand_ended(&l, "sign-in");
	}
	ck_live_clear(&l);
	json_decref(request);
	return went;
}

/* Nothing of it is shown: the desk is left already. */
static void
sign_out(struct counter *c)
{
	struct ck_live l = { .stage = c->stage };
	json_t *request = json_pack("{s:s, s:s}", "do", "sign-out", "clerk", c->id);

	ck_live_run(&l, request);
	ck_live_clear(&l);
	json_decref(request);
}

/* ---- duties ---- */

static enum ck_stage_went
serve(struct counter *c)
{
	struct ck_errand errand = { .row = NULL };
	enum ck_stage_went went = CK_STAGE_READY;
	bool seen = false;

	while (went == CK_STAGE_READY) {
		went = ck_home(c->stage, seen, &errand);
		seen = false;
		if (went == CK_STAGE_DONE) {
			went = ck_errand_run(c->stage, &errand, c->id);
			seen = went == CK_STAGE_READY;
			if (went == CK_STAGE_BACK)
				went = CK_STAGE_READY;
		}
		ck_errand_clear(&errand);
	}
	return went;
}

/* A line typed or scanned; DONE: text is filled in. */
static enum ck_stage_went
type_line(struct counter *c, const char *word, char *text, size_t cap)
{
	struct ck_line_ask ask = { .word = word };
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went;

	ck_line_ask_view(&ask, &view);
	ck_stage_set(c->stage, &view);
	went = ck_stage_wait(c->stage, NULL, 0, -1);
	ck_stage_set(c->stage, NULL);
	snprintf(text, cap, "%s", ask.input.text);
	ck_input_clear(&ask.input);
	return went;
}

static enum ck_stage_went
find(struct counter *c)
{
	char text[CK_INPUT_MAX + 1];
	enum ck_stage_went went = type_line(c, "find", text, sizeof text);

	if (went != CK_STAGE_DONE)
		return went;
	return ck_errand_record(c->stage, "resume", text, c->id);
}

static enum ck_stage_went
about_record(struct counter *c, enum ck_row_act act, const json_t *row)
{
	const char *record = text_of(row, "record");

	if (act == CK_ROW_SHOW)
		return ck_errand_list(c->stage,
		    json_pack("{s:s, s:s}", "do", "record", "record", record), CK_LIST_LINES, NULL,
		    NULL);
	if (act == CK_ROW_FORM)
		return ck_papers_form(c->stage, row, c->id);
	if (act == CK_ROW_ABANDON)
		return ck_errand_record(c->stage, "abandon", record, c->id);
	return ck_errand_record(c->stage,
	    strcmp(text_of(row, "way"), "service") == 0 ? "service" : "resume", record, c->id);
}

static enum ck_stage_went
records(struct counter *c)
{
	char search[CK_INPUT_MAX + 1] = "";
	enum ck_stage_went went = CK_STAGE_DONE;
	enum ck_row_act act = CK_ROW_SHOW;
	json_t *row = NULL;

	while (!leaves(went)) {
		went = ck_errand_list(c->stage,
		    json_pack("{s:s, s:b, s:b, s:s*}", "do", "records", "all", *search != '\0',
			"names", 1, "search", *search != '\0' ? search : NULL),
		    CK_LIST_RECORDS, &act, &row);
		if (went != CK_STAGE_DONE)
			break;
		if (act == CK_ROW_SEARCH)
			went = type_line(c, "search", search, sizeof search);
		else if (row != NULL)
			went = about_record(c, act, row);
		json_decref(row);
		row = NULL;
	}
	json_decref(row);
	OPENSSL_cleanse(search, sizeof search);
	return went;
}

static enum ck_stage_went
forms(struct counter *c)
{
	return ck_papers(c->stage, c->id);
}

/* From midnight: whoever was locked out and signed in again has the same day's work to hand over.
 * clerk NULL: of all. */
static json_t *
report_request(const char *clerk)
{
	char start[CK_TIME_LEN], end[CK_TIME_LEN];

	ck_time_text(ck_day_start(ck_day_of(ck_now())), start);
	ck_time_text(ck_now() + 1, end); /* what was done in this very second counts */
	return json_pack(
	    "{s:s, s:s, s:s, s:s*}", "do", "report", "from", start, "to", end, "clerk", clerk);
}

static enum ck_stage_went
figures(struct counter *c)
{
	struct ck_figures shown = { .end = NULL };
	struct ck_view view = { .self = NULL };
	struct ck_live l = { .stage = c->stage, .reads = true, .busy = &view };
	json_t *request = report_request(NULL);
	enum ck_stage_went went;

	ck_figures_view(&shown, &view);
	ck_live_run(&l, request);
	went = l.left;
	shown.end = l.end;
	if (went == CK_STAGE_READY)
		went = ck_stage_wait(c->stage, NULL, 0, -1);
	ck_stage_set(c->stage, NULL);
	ck_live_clear(&l);
	json_decref(request);
	return went;
}

static enum ck_stage_went
shift(struct counter *c)
{
	return ck_errand_list(c->stage, report_request(c->id), CK_LIST_REPORT, NULL, NULL);
}

static enum ck_stage_went
diagnose(struct counter *c)
{
	enum ck_stage_went went = CK_STAGE_DONE;
	enum ck_row_act act = CK_ROW_AGAIN;

	while (went == CK_STAGE_DONE && act == CK_ROW_AGAIN)
		went = ck_errand_list(
		    c->stage, json_pack("{s:s}", "do", "diagnose"), CK_LIST_DIAGNOSIS, &act, NULL);
	return went;
}

static enum ck_stage_went
ledger(struct counter *c)
{
	return ck_errand_list(c->stage,
	    json_pack("{s:s, s:i}", "do", "ledger", "last", CK_LATEST_MAX), CK_LIST_LEDGER, NULL,
	    NULL);
}

static enum ck_stage_went
batch(struct counter *c)
{
	return ck_unitkeys(c->stage, c->id);
}

static enum ck_stage_went
other(struct counter *c)
{
	return ck_services(c->stage, NULL, c->id);
}

static enum ck_stage_went (*const duties[CK_DUTIES])(struct counter *) = {
	[CK_DUTY_SERVE] = serve,
	[CK_DUTY_FIND] = find,
	[CK_DUTY_RECORDS] = records,
	[CK_DUTY_FORMS] = forms,
	[CK_DUTY_FIGURES] = figures,
	[CK_DUTY_SHIFT] = shift,
	[CK_DUTY_DIAGNOSE] = diagnose,
	[CK_DUTY_LEDGER] = ledger,
	[CK_DUTY_BATCH] = batch,
	[CK_DUTY_OTHER] = other,
};

struct waiting {
	int open, parked, forms;
};

static void
count_record(void *u, const json_t *row)
{
	struct waiting *w = u;
	bool parked = strcmp(text_of(row, "state"), "parked") == 0;

	w->open += !parked;
	w->parked += parked;
}

static void
count_form(void *u, const json_t *row)
{
	struct waiting *w = u;

	(void)row;
	w->forms++;
}

/* A list read beside the menu; known: to its end. Whoever chooses meanwhile does not wait for it.
 */
static enum ck_stage_went
read_beside(struct counter *c, const struct ck_view *view, const char *verb,
    void (*row)(void *u, const json_t *), struct waiting *w, bool *known)
{
	struct ck_live l = { .stage = c->stage, .reads = true, .busy = view, .row = row, .u = w };
	json_t *request = json_pack("{s:s}", "do", verb);
	enum ck_stage_went went;

	ck_live_run(&l, request);
	*known = l.ended.outcome == CK_END_DONE;
	went = l.left;
	ck_live_clear(&l);
	json_decref(request);
	return went;
}

static void
no_row(void *u, const json_t *row)
{
	(void)u;
	(void)row;
}

/* How many visits and forms wait, told beside the menu; and once, how the printer is, which the
 * line of states then says. */
static enum ck_stage_went
look_around(struct counter *c, struct ck_duties *menu, const struct ck_view *view)
{
	struct waiting w = { .open = 0 };
	bool known = false;
	enum ck_stage_went went = read_beside(c, view, "records", count_record, &w, &known);

	menu->open = known ? w.open : -1;
	menu->parked = known ? w.parked : -1;
	if (went == CK_STAGE_READY) {
		went = read_beside(c, view, "forms", count_form, &w, &known);
		menu->forms = known ? w.forms : -1;
	}
	if (went == CK_STAGE_READY && !c->printer_seen) {
		c->printer_seen = true;
		went = read_beside(c, view, "printers", no_row, &w, &known);
	}
	return went;
}

static enum ck_stage_went
work(struct counter *c)
{
	char clerk[256];
	struct ck_duties menu = { .clerk = clerk, .open = -1, .parked = -1, .forms = -1 };
	struct ck_view view = { .self = NULL };
	enum ck_stage_went went = ck_errand_unseen(c->stage, c->id);

	snprintf(clerk, sizeof clerk, "%s %s", c->id, c->name);
	while (!leaves(went)) {
		ck_duties_view(&menu, &view);
		went = look_around(c, &menu, &view);
		if (went == CK_STAGE_READY)
			went = ck_stage_wait(c->stage, NULL, 0, -1);
		ck_stage_set(c->stage, NULL);
		if (went != CK_STAGE_DONE)
			continue;
		if (menu.at == CK_DUTY_LEAVE)
			break;
		went = duties[menu.at](c);
	}
	OPENSSL_cleanse(clerk, sizeof clerk);
	return went;
}

enum ck_stage_went
ck_clerkdesk(struct ck_stage *s)
{
	struct counter c = { .stage = s };
	enum ck_stage_went went = sign_in(&c);

	if (went != CK_STAGE_DONE)
		return went;
	ck_stage_face(s, c.id, c.reader);
	went = work(&c);
	ck_stage_face(s, NULL, ""); /* whoever sees what follows is nobody in particular */
	ck_stage_wipe(s);
	OPENSSL_cleanse(c.name, sizeof c.name);
	sign_out(&c);
	OPENSSL_cleanse(&c, sizeof c);
	return went;
}
