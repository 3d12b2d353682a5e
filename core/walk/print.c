/*
 * A form comes on paper, once. Before anything is asked of a printer the journal says what is
 * meant; before the document goes, that there is a job; and what hangs in the air from before is
 * found by its title first. Only what was proved, or seen by a person, is printed; nothing is
 * printed again because nobody knows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "walk/paper.h"

#define PAPER "paper"
/* one look at the printer; the front hears from us at least so often */
#define LOOK_S 5
/* what the front allows between two words: a look, a call of libcups, our own work */
#define WORD_S 30
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

struct run {
	struct ck_visit *v;
	struct ck_press press;
	struct ck_print p;
	bool person;	/* somebody can be asked */
	bool glance;	/* nobody waits: it is looked at, and left */
	bool elsewhere; /* another printer was chosen: taken back here, begun there */
	char printer[CK_PRINTER_MAX];
	json_t *printers; /* their names, once they were asked for */

	/* of the job that is followed */
	struct ck_err trouble; /* why it stands still */
	int64_t quiet_until;   /* ck_mono_ms: before that nobody is told or asked */
	bool told;
	int pages;	      /* of the form; 0 = not known */
	const char *ending;   /* CK_PRINT_…; NULL: not yet */
	struct ck_err why;    /* of the ending, or why there is none */
	struct ck_err failed; /* of one of several that were to be settled */
};

const char *
ck_form_state(const struct ck_form *f)
{
	if (!f->kept)
		return "wiped";
	if (f->copies > 0)
		return "printed";
	switch (f->mark) {
	case -1:
	case CK_PRINT_NOTHING:
		return "waits";
	case CK_PRINT_UNSURE:
		return "unknown";
	default:
		return "printing";
	}
}

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
take_job(struct run *r, const json_t *line, struct ck_err *err)
{
	r->p.job = json_integer_value(json_object_get(line, "job"));
	take_text(r->p.uuid, sizeof r->p.uuid, line, "uuid");
	take_text(r->p.printer, sizeof r->p.printer, line, "printer");
	if (ck_print_note(r->v->store, &r->p, CK_PRINT_CREATED, "", err) == -1)
		return -1;
	return ck_press_say(&r->press, json_pack("{s:b}", "go", 1), err);
}

/* Trouble of another kind is another trouble, and has its time again. */
static void
take_state(struct run *r, const json_t *line)
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
	if (strcmp(state, CK_JOB_PRINTING) == 0 && !r->glance)
		ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-printing",
		    "{s:I, s:i}", "pages", pages > 0 ? pages : (json_int_t)-1, "of",
		    r->pages > 0 ? r->pages : -1);
}

static void
take_end(struct run *r, const json_t *line)
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
take(struct run *r, const json_t *line, struct ck_err *err)
{
	if (json_is_integer(json_object_get(line, "job")))
		return take_job(r, line, err);
	if (json_is_true(json_object_get(line, "sent")))
		return r->p.mark < CK_PRINT_HANDED
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
hear(struct run *r, int ms, struct ck_err *err)
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
tell(struct run *r, const char *what, int ms, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + ms;
	bool gone = r->press.front_left;
	int got = 1, left;

	ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, WORD_S);
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

static void
note_printer(void *u, const json_t *row)
{
	struct run *r = u;
	const char *name = word(row, "name");

	if (name != NULL && json_array_size(r->printers) < PRINTERS_MAX)
		json_array_append_new(r->printers, json_string(name));
}

static int
list_printers(struct run *r, struct ck_err *err)
{
	r->printers = json_array();
	return ck_printers(r->v->site, &r->v->talk, note_printer, r, err);
}

/* Which other printers there are, should nobody know. */
static void
offer_printers(struct run *r)
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
	struct run *r = u;
	enum ck_code was = r->trouble.code;
	struct ck_err err = { 0 };
	int got;

	while ((got = hear(r, 0, &err)) == 1 && r->ending == NULL && r->trouble.code == was)
		continue;
	if (got == -1)
		r->why = err;
	return got == -1 || r->ending != NULL || r->trouble.code != was;
}

/* The answer, NULL: the question is off. -1: the front left. follows: there is a job that may go
 * on. */
static int
ask_what(struct run *r, const struct ck_err *trouble, bool follows, const char **what,
    struct ck_err *err)
{
	struct ck_talk *talk = &r->v->talk;

	if (r->printers == NULL && list_printers(r, err) == -1) {
		ck_log_err(CK_LOG_WARN, "printers", err);
		*err = (struct ck_err){ 0 };
	}
	ck_question(talk, CK_ASK_PAPER, trouble, "{s:s, s:s, s:b}", "record", r->p.record,
	    "printer", r->p.printer, "follows", follows);
	ck_question_field(talk, "do", CK_FIELD_CHOICE, 1, 1, NULL);
	ck_question_choice(talk, follows ? "wait" : "again", follows ? "wait" : "again");
	ck_question_choice(talk, "later", "later");
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

static bool
take_other(struct run *r, const char *what)
{
	if (strncmp(what, OTHER, strlen(OTHER)) != 0)
		return false;
	ck_clean_str(r->printer, sizeof r->printer, what + strlen(OTHER));
	return r->elsewhere = true;
}

/* It stands still: told, and somebody says what is to become of it. */
static int
halted(struct run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;
	struct ck_err left = { 0 };
	const char *what = NULL;

	if (r->trouble.code == CK_E_NONE)
		ck_fail(&r->trouble, CK_E_PRINT_TROUBLE, "no word for %d s", SILENT_MS / 1000);
	if (!r->told)
		ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-trouble",
		    "{s:s, s:s}", "code", ck_err_fact((int)r->trouble.code)->name, "why",
		    r->trouble.detail);
	r->told = true;
	r->quiet_until = ck_mono_ms() + AGAIN_MS;
	if (!r->person)
		return tell(r, "leave", LEAVE_MS, err);
	if (ask_what(r, &r->trouble, true, &what, &left) == -1) {
		r->press.front_left = true;
		return 0;
	}
	if (what == NULL && r->why.code != CK_E_NONE && r->ending == NULL) {
		*err = r->why;
		return -1;
	}
	if (what != NULL && strcmp(what, "later") == 0)
		return tell(r, "leave", LEAVE_MS, err);
	if (what != NULL && take_other(r, what))
		return tell(r, "cancel", CANCEL_MS, err);
	return 0;
}

static int
follow(struct run *r, struct ck_err *err)
{
	int64_t until = ck_mono_ms() + GLANCE_MS, left;

	r->quiet_until = ck_mono_ms() + SILENT_MS;
	while (r->ending == NULL) {
		ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, WORD_S);
		left = (r->glance ? until : r->quiet_until) - ck_mono_ms();
		if (left > LOOK_S * 1000)
			left = LOOK_S * 1000;
		if (left > 0 && hear(r, (int)left, err) == -1)
			return -1;
		if (r->ending != NULL)
			break;
		if (r->press.front_left ||
		    (r->glance && (r->trouble.code != CK_E_NONE || ck_mono_ms() >= until)))
			return tell(r, "leave", LEAVE_MS, err);
		if (!r->glance && ck_mono_ms() >= r->quiet_until && halted(r, err) == -1)
			return -1;
	}
	return 0;
}

/* ---- what it came to ---- */

static const char *
name_of(const struct ck_err *why)
{
	return why->code != CK_E_NONE ? ck_err_fact((int)why->code)->name : "";
}

/* Only who looks knows. Without anybody it stays as it is. */
static int
ask_sheet(struct run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;
	struct ck_err left = { 0 };
	char saw[96];
	bool out;

	ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-unknown", "{s:s}", "printer",
	    r->p.printer);
	if (!r->person || r->press.front_left)
		return 0;
	ck_question(&v->talk, CK_ASK_SHEET, &r->why, "{s:s, s:s}", "record", r->p.record, "printer",
	    r->p.printer);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
	if (ck_talk_ask(&v->talk, &left) == -1) {
		r->press.front_left = true;
		return 0;
	}
	out = ck_answer_yes(&v->talk, CK_ASK_SHEET, "yes");
	if (!out && !ck_answer_no(&v->talk, CK_ASK_SHEET, "yes"))
		return 0;
	snprintf(saw, sizeof saw, "as %s%s saw", v->clerk != NULL ? "clerk " : "a person",
	    v->clerk != NULL ? v->clerk->id : "");
	if (ck_print_note(v->store, &r->p, out ? CK_PRINT_OUT : CK_PRINT_NOTHING, saw, err) == -1)
		return -1;
	if (out)
		ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-seen", NULL);
	return 0;
}

static int
printed(struct run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	if (ck_print_note(v->store, &r->p, CK_PRINT_OUT, "", err) == -1)
		return -1;
	ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-printed", "{s:s}", "printer",
	    r->p.printer);
	return 0;
}

static int
nothing(struct run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	if (ck_print_note(v->store, &r->p, CK_PRINT_NOTHING, name_of(&r->why), err) == -1)
		return -1;
	ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-failed", "{s:s, s:s}", "code",
	    name_of(&r->why), "why", r->why.detail);
	return 0;
}

static int
left(struct run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	/* one that was never handed over is what it was; find takes it back */
	if (r->p.mark == CK_PRINT_HANDED &&
	    ck_print_note(v->store, &r->p, CK_PRINT_LOOSE, name_of(&r->trouble), err) == -1)
		return -1;
	ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-left", NULL);
	return 0;
}

static int
settle(struct run *r, struct ck_err *err)
{
	const char *end = r->ending;

	if (strcmp(end, CK_PRINT_DONE) == 0)
		return printed(r, err);
	if (strcmp(end, CK_PRINT_FAILED) == 0 || strcmp(end, CK_PRINT_ABSENT) == 0)
		return nothing(r, err);
	/* who wants another printer has to say first that this one gave nothing */
	if (strcmp(end, CK_PRINT_LEFT) == 0 && !r->elsewhere)
		return left(r, err);
	if (r->p.mark != CK_PRINT_UNSURE &&
	    ck_print_note(r->v->store, &r->p, CK_PRINT_UNSURE, name_of(&r->why), err) == -1)
		return -1;
	return ask_sheet(r, err);
}

/* ---- one attempt ---- */

static int
converse(struct run *r, int file, json_t *request, struct ck_err *err)
{
	bool gone = r->press.front_left;
	int rc = -1;

	r->ending = NULL;
	r->trouble = r->why = (struct ck_err){ 0 };
	r->told = false;
	ck_talk_busy(&r->v->talk, CK_BUSY_PAPER, WORD_S);
	if (ck_press_start(&r->press, &r->v->talk, file, request, err) == 0) {
		r->press.front_left = gone;
		rc = follow(r, err);
	}
	gone = r->press.front_left;
	ck_press_end(&r->press);
	r->press.front_left = gone;
	return rc;
}

/* "failed" is what becomes of a job, and of a question that could not be put. */
static bool
of_job(enum ck_code code)
{
	const struct ck_err_fact *f = ck_err_fact((int)code);

	return f != NULL && code != CK_E_PRINT_GONE && strncmp(f->name, "PRINT_", 6) == 0;
}

static int
find(struct run *r, struct ck_err *err)
{
	const struct ck_print *p = &r->p;
	json_t *request = json_pack("{s:s, s:s, s:s, s:b}", "paper", "find", "title", p->title,
	    "printer", p->printer, "sent", p->mark >= CK_PRINT_HANDED);

	if (p->mark >= CK_PRINT_CREATED)
		json_object_update_new(
		    request, json_pack("{s:I, s:s}", "job", (json_int_t)p->job, "uuid", p->uuid));
	if (converse(r, -1, request, err) == 0)
		return 0;
	if (!of_job(err->code))
		return -1;
	r->ending = CK_PRINT_FAILED;
	r->why = *err;
	*err = (struct ck_err){ 0 };
	return 0;
}

/* Its own words on why it did not begin, or that it died on the way: then what became of it is
 * looked for at once, and what nobody can look for stays in the journal. */
static int
deliver(struct run *r, const struct ck_form *f, const struct ck_drawn *doc, struct ck_err *err)
{
	const struct ck_site_paper *s = &r->v->site->paper;
	struct ck_err why = { 0 };
	int file = ck_paper_file(doc->pdf, doc->n, err), rc;

	if (file == -1)
		return -1;
	rc = converse(r, file,
	    json_pack("{s:s, s:s, s:s, s:i, s:s*, s:s*, s:i}", "paper", "print", "title",
		r->p.title, "printer", r->printer, "copies", s->copies, "media",
		s->media[0] != '\0' ? s->media : NULL, "sides",
		s->sides[0] != '\0' ? s->sides : NULL, "pages", f->pages),
	    &why);
	close(file);
	if (rc == 0)
		return 0;
	if (of_job(why.code) || (why.code != CK_E_PRINT_GONE && r->p.mark == CK_PRINT_MEANT)) {
		r->ending = CK_PRINT_FAILED;
		r->why = why;
		return 0;
	}
	ck_log_err(CK_LOG_WARN, "printing", &why);
	return find(r, err);
}

/* ---- the document ---- */

static int
draw_copy(struct run *r, const struct ck_form *f, const char *slip, struct ck_drawn *doc,
    struct ck_err *err)
{
	struct ck_draw d = { .form = f->name, .number = slip, .made = f->made };
	unsigned char *fields = NULL, *qr = NULL;
	size_t n_fields = 0, n_qr = 0;
	json_t *all = NULL, *codes = NULL;
	char mark[64];
	int rc = -1;

	snprintf(mark, sizeof mark, "\xe8\xa1\xa5\xe6\x89\x93\xe7\xac\xac%d\xe6\xac\xa1",
	    f->copies); /* "a copy, the n-th" */
	if (ck_form_get(r->v->store, f->record, CK_FORM_FIELDS, &fields, &n_fields, err) != 1 ||
	    ck_form_get(r->v->store, f->record, CK_FORM_QR, &qr, &n_qr, err) != 1)
		goto out;
	all = json_loads((char *)fields, 0, NULL);
	codes = json_loads((char *)qr, 0, NULL);
	d.fields = all;
	d.qr = codes;
	d.mark = mark;
	if (!json_is_object(all) || !json_is_array(codes))
		ck_fail(err, CK_E_STORE_DAMAGED, "%s: form", f->record);
	else
		rc = ck_draw_form(r->v, &d, doc, err);
out:
	json_decref(all);
	json_decref(codes);
	free(fields);
	free(qr);
	return rc;
}

static int
document(struct run *r, const struct ck_form *f, const char *slip, struct ck_drawn *doc,
    struct ck_err *err)
{
	int found;

	if (f->copies > 0)
		return draw_copy(r, f, slip, doc, err);
	found = ck_form_get(r->v->store, f->record, CK_FORM_PDF, &doc->pdf, &doc->n, err);
	return found == 1 ? 0 : found == 0 ? ck_fail(err, CK_E_FORM_WIPED, "%s", f->record) : -1;
}

/* ---- from beginning to end ---- */

/* A document goes only after its job is on record. What may stand there without one is taken back,
 * and not waited for. */
static int
find_meant(struct run *r)
{
	struct ck_err no = { 0 };
	bool glance = r->glance;

	r->glance = true;
	(void)find(r, &no);
	r->glance = glance;
	r->ending = CK_PRINT_ABSENT;
	r->why = (struct ck_err){ 0 };
	return 0;
}

static int
settle_one(void *u, const struct ck_print *p)
{
	struct run *r = u;

	r->p = *p;
	if ((p->mark == CK_PRINT_MEANT ? find_meant(r) : find(r, &r->failed)) == 0 &&
	    settle(r, &r->failed) == 0)
		return 0;
	return 1;
}

/* What was begun before, one after the other; none is left open unless nobody knows better. */
static int
settle_all(struct run *r, const char *record, struct ck_err *err)
{
	r->failed = (struct ck_err){ 0 };
	if (ck_store_each_print(r->v->store, record, settle_one, r, err) == -1)
		return -1;
	if (r->failed.code == CK_E_NONE)
		return 0;
	*err = r->failed;
	return -1;
}

static int
get_form(struct ck_store *st, const char *record, struct ck_form *f, struct ck_err *err)
{
	int found = ck_form_of(st, record, f, err);

	if (found == 1 && !f->kept)
		return ck_fail(err, CK_E_FORM_WIPED, "%s", record);
	return found == 1 ? 0 : found == 0 ? ck_fail(err, CK_E_FORM_NONE, "%s", record) : -1;
}

static bool
once_more(struct run *r)
{
	struct ck_err left = { 0 };
	const char *what = NULL;
	bool elsewhere = r->elsewhere;

	r->elsewhere = false;
	if (r->p.mark != CK_PRINT_NOTHING || !r->person || r->press.front_left)
		return false;
	if (elsewhere)
		return true;
	if (ask_what(r, &r->why, false, &what, &left) == -1 || what == NULL)
		return false;
	if (strcmp(what, "again") != 0 && !take_other(r, what))
		return false;
	r->elsewhere = false;
	return true;
}

static int
print_until(struct run *r, const struct ck_form *f, const struct ck_drawn *doc, const char *slip,
    struct ck_err *err)
{
	const struct ck_clerk *clerk = r->v->clerk;

	do {
		r->p = (struct ck_print){ .copy = f->copies + 1 };
		memcpy(r->p.record, f->record, sizeof r->p.record);
		memcpy(r->p.printer, r->printer, sizeof r->p.printer);
		snprintf(r->p.clerk, sizeof r->p.clerk, "%s", clerk != NULL ? clerk->id : "");
		if (ck_print_begin(r->v->store, slip, &r->p, err) == -1 ||
		    deliver(r, f, doc, err) == -1 || settle(r, err) == -1)
			return -1;
	} while (once_more(r));
	return 0;
}

/* One at a time, whoever of several engines is asked. */
static int
lock(struct ck_visit *v, const char *record, struct ck_err *err)
{
	char name[CK_NUMBER_MAX + 8];
	struct ck_err busy = { 0 };

	snprintf(name, sizeof name, PAPER "|%s", record);
	if (ck_store_lock_key(v->store, name, &busy) == 0)
		return 0;
	return ck_fail_native(err, busy.code == CK_E_KEY_BUSY ? CK_E_FORM_BUSY : busy.code,
	    busy.native, "%s", busy.code == CK_E_KEY_BUSY ? record : busy.detail);
}

static void
begin_run(struct run *r, struct ck_visit *v, const char *printer)
{
	*r = (struct run){ .v = v };
	snprintf(r->printer, sizeof r->printer, "%s",
	    printer != NULL ? printer : v->site->paper.printer);
}

static int
print_form(struct run *r, const struct ck_paper_wish *wish, struct ck_err *err)
{
	struct ck_drawn doc = { .pdf = NULL };
	struct ck_form before, now;
	char slip[CK_SLIP_MAX];
	int rc = -1;

	if (get_form(r->v->store, wish->record, &before, err) == -1)
		return -1;
	r->pages = before.pages;
	if (settle_all(r, wish->record, err) == -1 ||
	    get_form(r->v->store, wish->record, &now, err) == -1)
		return -1;
	/* it is out after all, or still nobody knows: nothing more without another word */
	if (now.copies != before.copies || (now.copies > 0 && !wish->again) ||
	    (now.mark != -1 && now.mark < CK_PRINT_OUT) || r->press.front_left)
		return 0;
	r->elsewhere = false;
	if (!ck_slip_make(r->v->site->kiosk, wish->record, slip))
		return ck_fail(err, CK_E_INTERNAL, "slip of %s", wish->record);
	if (document(r, &now, slip, &doc, err) == 0)
		rc = print_until(r, &now, &doc, slip, err);
	ck_drawn_free(&doc);
	return rc;
}

int
ck_paper_print(struct ck_visit *v, const struct ck_paper_wish *wish, struct ck_err *err)
{
	struct run r;
	int rc = -1;

	begin_run(&r, v, wish->printer);
	r.person = v->clerk != NULL || wish->again;
	if (lock(v, wish->record, err) == 0)
		rc = print_form(&r, wish, err);
	ck_store_unlock_keys(v->store);
	json_decref(r.printers);
	return rc;
}

int
ck_paper_settle(struct ck_visit *v, const struct ck_print *p, const char **did, struct ck_err *err)
{
	struct run r;
	int rc = -1;

	begin_run(&r, v, NULL);
	r.glance = true;
	if (lock(v, p->record, err) == 0 && settle_one(&r, p) == 0)
		rc = 0;
	else if (err->code == CK_E_NONE)
		*err = r.failed;
	ck_store_unlock_keys(v->store);
	*did = r.p.mark == CK_PRINT_OUT	      ? "printed"
	       : r.p.mark == CK_PRINT_NOTHING ? "not-printed"
	       : r.p.mark == CK_PRINT_UNSURE  ? "print-unknown"
					      : "print-waits";
	return rc;
}

void
ck_paper_after(struct ck_visit *v)
{
	const char *number = ck_record_head(v->record)->number;
	struct ck_form f;
	struct ck_err err = { 0 };
	int found = ck_form_of(v->store, number, &f, &err);

	if (found == 0 || (found == 1 && (f.copies > 0 || !f.kept)))
		return;
	ck_visit_let_go(v);
	ck_talk_step(&v->talk, "paper", ck_steps(v), ck_steps(v), WORD_S);
	if (found == 1 && ck_paper_print(v, &(struct ck_paper_wish){ .record = number }, &err) == 0)
		return;
	ck_log_err(CK_LOG_WARN, "the form waits", &err);
	ck_talk_did(&v->talk, PAPER, ck_steps(v), ck_steps(v), "paper-waits", "{s:s, s:s}", "code",
	    name_of(&err), "why", err.detail);
}
