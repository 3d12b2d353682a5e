/* While a job is under way: what certkiosk-print says of it, what the person is told, and what is
 * asked when it stands still. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "walk/follow.h"

/* one look at the printer; the front hears from us at least so often */
#define LOOK_S 5
/* a printer that opens its cover to draw in a sheet is no trouble yet */
#define TROUBLE_MS 5000
/* a page that takes longer, with no reason told, is one */
#define SILENT_MS 60000
/* who chose to wait is asked again after that, unless something changes */
#define AGAIN_MS 60000
/* it answers within two seconds (paper.h) */
#define LEAVE_MS 5000
#define CANCEL_MS 20000
/* where nobody is asked, a printer has this long to say what it is at */
#define GLANCE_MS 10000
#define PRINTERS_MAX 8
#define OTHER "printer:"

/* ---- what certkiosk-print says ---- */

static const char *
word(const json_t *line, const char *name)
{
	return json_string_value(json_object_get(line, name));
}

static void
take_text(char *to, size_t cap, const json_t *line, const char *name)
{
	const char *text = word(line, name);

	ck_clean_str(to, cap, text != NULL ? text : "");
}

static int
take_job(struct ck_run *r, const json_t *line, struct ck_err *err)
{
	r->p.job = json_integer_value(json_object_get(line, "job"));
	take_text(r->p.uuid, sizeof r->p.uuid, line, "uuid");
	take_text(r->p.printer, sizeof r->p.printer, line, "printer");
	if (!r->slip && ck_print_note(r->v->store, &r->p, CK_PRINT_CREATED, "", err) == -1)
		return -1;
	return ck_press_say(&r->press, json_pack("{s:b}", "go", 1), err);
}

/* Trouble of another kind is another trouble, and has its time again. */
static void
take_state(struct ck_run *r, const json_t *line)
{
	struct ck_visit *v = r->v;
	const char *why = word(line, "why"), *state = word(line, "state");
	enum ck_code code = why != NULL && *why != '\0' ? ck_print_code(why) : CK_E_NONE;
	json_int_t pages = json_integer_value(json_object_get(line, "pages"));

	if (code != r->trouble.code || code == CK_E_NONE) {
		r->quiet_until = ck_mono_ms() + (code == CK_E_NONE ? SILENT_MS : TROUBLE_MS);
		r->told = false;
	}
	r->trouble = (struct ck_err){ .code = code };
	if (code != CK_E_NONE) {
		take_text(r->trouble.detail, sizeof r->trouble.detail, line, "detail");
		return;
	}
	if (strcmp(state, CK_JOB_PRINTING) == 0 && !r->glance && !r->slip)
		ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-printing",
		    "{s:I, s:i}", "pages", pages > 0 ? pages : (json_int_t)-1, "of",
		    r->pages > 0 ? r->pages : -1);
}

static void
take_end(struct ck_run *r, const json_t *line)
{
	static const char *const all[] = { CK_PRINT_DONE, CK_PRINT_SENT, CK_PRINT_FAILED,
		CK_PRINT_UNKNOWN, CK_PRINT_ABSENT, CK_PRINT_LEFT };
	const json_t *why = json_object_get(line, "error");
	const char *end = word(line, "end");

	r->why = (struct ck_err){ 0 };
	if (why != NULL)
		ck_err_from_json(why, &r->why);
	r->ending = CK_PRINT_UNKNOWN; /* whatever it is that it says */
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(end, all[i]) == 0)
			r->ending = all[i];
}

static int
take(struct ck_run *r, const json_t *line, struct ck_err *err)
{
	if (json_is_integer(json_object_get(line, "job")))
		return take_job(r, line, err);
	if (json_is_true(json_object_get(line, "sent")))
		return !r->slip && r->p.mark < CK_PRINT_HANDED
			   ? ck_print_note(r->v->store, &r->p, CK_PRINT_HANDED, "", err)
			   : 0;
	if (word(line, "state") != NULL)
		take_state(r, line);
	else if (word(line, "end") != NULL)
		take_end(r, line);
	return 0;
}

/* ---- following ---- */

/* 1 a line was taken, 0 ms passed or the front left, -1 */
static int
hear(struct ck_run *r, int ms, struct ck_err *err)
{
	json_t *line = NULL;
	int got = ck_press_hear(&r->press, ms, &line, err);

	if (got != 1)
		return got;
	got = take(r, line, err) == 0 ? 1 : -1;
	json_decref(line);
	return got;
}

/* Told to leave or to take it back, it comes to an end of its own. */
static int
tell(struct ck_run *r, const char *what, int ms, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + ms;
	bool gone = r->press.front_left;
	int got = 1, left;

	ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, CK_PAPER_WORD_S);
	if (ck_press_say(&r->press, json_pack("{s:b}", what, 1), err) == -1)
		return -1;
	r->press.front_left = true; /* not heard meanwhile: it is over in a moment */
	while (r->ending == NULL && got == 1 && (left = (int)(until - ck_mono_ms())) > 0)
		got = hear(r, left, err);
	r->press.front_left = gone;
	if (got == -1)
		return -1;
	if (r->ending == NULL)
		return ck_fail(err, CK_E_PRINT_GONE, "no word for %d s", ms / 1000);
	return 0;
}

/* A form goes on when its printer does; a slip that came out later would lie there for anybody. */
static int
let_go(struct ck_run *r, struct ck_err *err)
{
	return r->slip ? tell(r, "cancel", CANCEL_MS, err) : tell(r, "leave", LEAVE_MS, err);
}

static void
note_printer(void *u, const json_t *row)
{
	struct ck_run *r = u;
	const char *name = word(row, "name");

	if (name != NULL && json_array_size(r->printers) < PRINTERS_MAX)
		json_array_append_new(r->printers, json_string(name));
}

static int
list_printers(struct ck_run *r, struct ck_err *err)
{
	r->printers = json_array();
	return ck_printers(r->v->site, &r->v->talk, note_printer, r, err);
}

/* Which other printers there are, should nobody know. */
static void
offer_printers(struct ck_run *r)
{
	char value[sizeof OTHER + CK_PRINTER_MAX];
	json_t *name;
	size_t i;

	json_array_foreach(r->printers, i, name)
	{
		if (strcmp(json_string_value(name), r->p.printer) == 0)
			continue;
		snprintf(value, sizeof value, OTHER "%s", json_string_value(name));
		ck_question_choice(&r->v->talk, value, json_string_value(name));
	}
}

static bool
moved(void *u)
{
	struct ck_run *r = u;
	enum ck_code was = r->trouble.code;
	struct ck_err err = { 0 };
	int got;

	while ((got = hear(r, 0, &err)) == 1 && r->ending == NULL && r->trouble.code == was)
		continue;
	if (got == -1)
		r->why = err;
	return got == -1 || r->ending != NULL || r->trouble.code != was;
}

int
ck_run_ask(struct ck_run *r, const struct ck_err *trouble, bool follows, const char **what,
    struct ck_err *err)
{
	const char *const ways[] = { follows ? "wait" : "again", "later" };
	/* of the mark on a sheet that were to come now */
	int reprint = r->p.mark == CK_PRINT_NOTHING ? r->p.copy - 1 : r->p.copy;
	/* the first one is what a hasty Enter takes: no second sheet where one may lie already */
	bool later_first = r->p.mark == CK_PRINT_DENIED;
	struct ck_talk *talk = &r->v->talk;

	if (r->printers == NULL && list_printers(r, err) == -1) {
		ck_log_err(CK_LOG_WARN, "printers", err);
		*err = (struct ck_err){ 0 };
	}
	ck_question(talk, CK_ASK_PAPER, trouble, "{s:s, s:s, s:b, s:o*}", "record", r->p.record,
	    "printer", r->p.printer, "follows", follows, "reprint",
	    !follows && reprint > 0 ? json_integer(reprint) : NULL);
	ck_question_field(talk, "do", CK_FIELD_CHOICE, 1, 1, NULL);
	ck_question_choice(talk, ways[later_first], ways[later_first]);
	ck_question_choice(talk, ways[!later_first], ways[!later_first]);
	offer_printers(r);
	if (follows)
		talk->wake = (struct ck_wake){
			.moved = moved, .u = r, .fd = ck_link_fd(r->press.peer.link), .every_ms = -1
		};
	if (ck_talk_ask(talk, err) == -1)
		return -1;
	*what = ck_answer_text(talk, CK_ASK_PAPER, "do");
	return 0;
}

bool
ck_run_elsewhere(struct ck_run *r, const char *what)
{
	if (strncmp(what, OTHER, strlen(OTHER)) != 0)
		return false;
	ck_clean_str(r->printer, sizeof r->printer, what + strlen(OTHER));
	return r->elsewhere = true;
}

/* It stands still: told, and somebody says what is to become of it. */
static int
halted(struct ck_run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;
	struct ck_err left = { 0 };
	const char *what = NULL;

	if (r->trouble.code == CK_E_NONE)
		ck_fail(&r->trouble, CK_E_PRINT_TROUBLE, "no word for %d s", SILENT_MS / 1000);
	if (!r->told)
		ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-trouble",
		    "{s:s, s:s}", "code", ck_err_fact((int)r->trouble.code)->name, "why",
		    r->trouble.detail);
	r->told = true;
	r->quiet_until = ck_mono_ms() + AGAIN_MS;
	if (!r->person)
		return let_go(r, err);
	if (ck_run_ask(r, &r->trouble, true, &what, &left) == -1) {
		r->press.front_left = true;
		return 0;
	}
	if (what == NULL && r->why.code != CK_E_NONE && r->ending == NULL) {
		*err = r->why;
		return -1;
	}
	if (what != NULL && strcmp(what, "later") == 0)
		return tell(r, "leave", LEAVE_MS, err);
	if (what != NULL && ck_run_elsewhere(r, what))
		return tell(r, "cancel", CANCEL_MS, err);
	return 0;
}

static int
follow(struct ck_run *r, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + GLANCE_MS, left;

	r->quiet_until = ck_mono_ms() + SILENT_MS;
	while (r->ending == NULL) {
		ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, CK_PAPER_WORD_S);
		left = (r->glance ? until : r->quiet_until) - ck_mono_ms();
		if (left > LOOK_S * 1000)
			left = LOOK_S * 1000;
		if (left > 0 && hear(r, (int)left, err) == -1)
			return -1;
		if (r->ending != NULL)
			break;
		if (r->press.front_left ||
		    (r->glance && (r->trouble.code != CK_E_NONE || ck_mono_ms() >= until)))
			return let_go(r, err);
		if (!r->glance && ck_mono_ms() >= r->quiet_until && halted(r, err) == -1)
			return -1;
	}
	return 0;
}

int
ck_run_follow(struct ck_run *r, int file, json_t *request, struct ck_err *err)
{
	bool gone = r->press.front_left;
	int rc = -1;

	r->ending = NULL;
	r->trouble = r->why = (struct ck_err){ 0 };
	r->told = false;
	ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, CK_PAPER_WORD_S);
	if (ck_press_start(&r->press, &r->v->talk, file, request, err) == 0) {
		r->press.front_left = gone;
		rc = follow(r, err);
	}
	gone = r->press.front_left;
	ck_press_end(&r->press);
	r->press.front_left = gone;
	return rc;
}
