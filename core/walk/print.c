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

#include "base/log.h"
#include "walk/follow.h"

const char *
ck_form_state(const struct ck_form *f)
{
	/* a copy on its way counts more than the sheet that is out */
	if (f->mark == CK_PRINT_UNSURE)
		return "unknown";
	if (ck_print_open(f->mark))
		return "printing";
	if (!f->kept)
		return "wiped";
	return f->copies > 0 ? "printed" : "waits";
}

/* one that nobody saw may lie somewhere all the same */
int
ck_form_reprint(const struct ck_form *f)
{
	return f->copies + f->denied;
}

int
ck_form_may_print(const struct ck_visit *v, const struct ck_form *f, struct ck_err *err)
{
	if (ck_form_reprint(f) > 0 && v->clerk == NULL)
		return ck_fail(err, CK_E_CLERK_NEEDED, "%s", f->record);
	return 0;
}

void
ck_form_tell(const struct ck_form *f, json_t *to)
{
	json_object_set_new(to, "form", json_string(ck_form_state(f)));
	json_object_set_new(to, "reprint", json_integer(ck_form_reprint(f)));
}

/* ---- what it came to ---- */

static const char *
name_of(const struct ck_err *why)
{
	return why->code != CK_E_NONE ? ck_err_fact((int)why->code)->name : "";
}

/* Only who looks knows, and a clerk's word is needed for another sheet. Without one it stays as it
 * is. */
static int
ask_sheet(struct ck_run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;
	struct ck_err left = { 0 };
	char saw[96];
	bool out;

	ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-unknown", "{s:s}",
	    "printer", r->p.printer);
	if (v->clerk == NULL || r->press.front_left)
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
	snprintf(saw, sizeof saw, "as clerk %s saw", v->clerk->id);
	if (ck_print_note(v->store, &r->p, out ? CK_PRINT_OUT : CK_PRINT_DENIED, saw, err) == -1)
		return -1;
	if (out)
		ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-seen", NULL);
	return 0;
}

static int
printed(struct ck_run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	if (ck_print_note(v->store, &r->p, CK_PRINT_OUT, "", err) == -1)
		return -1;
	ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-printed", "{s:s}",
	    "printer", r->p.printer);
	return 0;
}

static int
nothing(struct ck_run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	if (ck_print_note(v->store, &r->p, CK_PRINT_NOTHING, name_of(&r->why), err) == -1)
		return -1;
	ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-failed", "{s:s, s:s}",
	    "code", name_of(&r->why), "why", r->why.detail);
	return 0;
}

static int
left(struct ck_run *r, struct ck_err *err)
{
	struct ck_visit *v = r->v;

	/* one that was never handed over is what it was; find takes it back */
	if (r->p.mark == CK_PRINT_HANDED &&
	    ck_print_note(v->store, &r->p, CK_PRINT_LOOSE, name_of(&r->trouble), err) == -1)
		return -1;
	ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-left", NULL);
	return 0;
}

static int
settle(struct ck_run *r, struct ck_err *err)
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

/* "failed" is what becomes of a job, and of a question that could not be put. */
static bool
of_job(enum ck_code code)
{
	const struct ck_err_fact *f = ck_err_fact((int)code);

	return f != NULL && code != CK_E_PRINT_GONE && strncmp(f->name, "PRINT_", 6) == 0;
}

static int
find(struct ck_run *r, struct ck_err *err)
{
	const struct ck_print *p = &r->p;
	json_t *request = json_pack("{s:s, s:s, s:s, s:b, s:i, s:i}", "paper", "find", "title",
	    p->title, "printer", p->printer, "sent", p->mark >= CK_PRINT_HANDED, "pages", r->pages,
	    "copies", r->v->site->paper.copies);

	if (p->mark >= CK_PRINT_CREATED)
		json_object_update_new(
		    request, json_pack("{s:I, s:s}", "job", (json_int_t)p->job, "uuid", p->uuid));
	if (ck_run_follow(r, -1, request, err) == 0)
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
deliver(struct ck_run *r, const struct ck_form *f, const struct ck_drawn *doc, struct ck_err *err)
{
	const struct ck_site_paper *s = &r->v->site->paper;
	struct ck_err why = { 0 };
	int file = ck_paper_file(doc->pdf, doc->n, err), rc;

	if (file == -1)
		return -1;
	rc = ck_run_follow(r, file,
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
draw_copy(struct ck_run *r, const struct ck_form *f, const char *slip, struct ck_drawn *doc,
    struct ck_err *err)
{
	struct ck_draw d = { .form = f->name, .number = slip, .made = f->made };
	struct ck_kept kept;
	char mark[64];
	int rc = -1;

	if (ck_kept_read(r->v->store, f->record, &kept, err) == -1)
		return -1;
	snprintf(mark, sizeof mark, "\xe8\xa1\xa5\xe6\x89\x93\xe7\xac\xac%d\xe6\xac\xa1",
	    ck_form_reprint(f)); /* "a copy, the n-th" */
	d.text = kept.text;
	d.fields = kept.fields;
	d.qr = kept.qr;
	d.mark = mark;
	rc = ck_draw_form(r->v, &d, doc, err);
	ck_kept_free(&kept);
	return rc;
}

static int
document(struct ck_run *r, const struct ck_form *f, const char *slip, struct ck_drawn *doc,
    struct ck_err *err)
{
	int found;

	if (ck_form_reprint(f) > 0)
		return draw_copy(r, f, slip, doc, err);
	found = ck_form_get(r->v->store, f->record, CK_FORM_PDF, &doc->pdf, &doc->n, err);
	return found == 1 ? 0 : found == 0 ? ck_fail(err, CK_E_FORM_WIPED, "%s", f->record) : -1;
}

/* ---- from beginning to end ---- */

/* A document goes only after its job is on record. What may stand there without one is taken back,
 * and not waited for. */
static void
find_meant(struct ck_run *r)
{
	struct ck_err no = { 0 };
	bool glance = r->glance;

	r->glance = true;
	(void)find(r, &no);
	r->glance = glance;
	r->ending = CK_PRINT_ABSENT;
	r->why = (struct ck_err){ 0 };
}

static int
settle_one(void *u, const struct ck_print *p)
{
	struct ck_run *r = u;
	int rc = 0;

	r->p = *p;
	if (p->mark == CK_PRINT_MEANT)
		find_meant(r);
	else
		rc = find(r, &r->failed);
	return rc == 0 && settle(r, &r->failed) == 0 ? 0 : 1;
}

/* What was begun before, one after the other; none is left open unless nobody knows better. */
static int
settle_all(struct ck_run *r, const char *record, struct ck_err *err)
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

/* Nothing is printed again by itself, and least of all after somebody had to look. */
static bool
once_more(struct ck_run *r)
{
	struct ck_err left = { 0 };
	const char *what = NULL;
	bool elsewhere = r->elsewhere;

	r->elsewhere = false;
	if ((r->p.mark != CK_PRINT_NOTHING && r->p.mark != CK_PRINT_DENIED) || !r->person ||
	    r->press.front_left)
		return false;
	if (elsewhere && r->p.mark == CK_PRINT_NOTHING)
		return true;
	if (ck_run_ask(r, &r->why, false, &what, &left) == -1 || what == NULL)
		return false;
	if (strcmp(what, "again") != 0 && !ck_run_elsewhere(r, what))
		return false;
	r->elsewhere = false;
	return true;
}

static int
attempt(struct ck_run *r, const struct ck_form *f, const char *slip, struct ck_err *err)
{
	const struct ck_clerk *clerk = r->v->clerk;
	struct ck_drawn doc = { .pdf = NULL };
	int rc = -1;

	r->p = (struct ck_print){ .copy = ck_form_reprint(f) + 1 };
	memcpy(r->p.record, f->record, sizeof r->p.record);
	memcpy(r->p.printer, r->printer, sizeof r->p.printer);
	snprintf(r->p.clerk, sizeof r->p.clerk, "%s", clerk != NULL ? clerk->id : "");
	if (document(r, f, slip, &doc, err) == 0 &&
	    ck_print_begin(r->v->store, slip, &r->p, err) == 0 && deliver(r, f, &doc, err) == 0 &&
	    settle(r, err) == 0)
		rc = 0;
	ck_drawn_free(&doc);
	return rc;
}

/* Which sheet the next one is, the last one's end decides. */
static int
print_until(struct ck_run *r, const char *record, const char *slip, struct ck_err *err)
{
	struct ck_form f;

	do {
		if (get_form(r->v->store, record, &f, err) == -1 || attempt(r, &f, slip, err) == -1)
			return -1;
	} while (once_more(r));
	return 0;
}

/* One at a time, whoever of several engines is asked. */
static int
lock(struct ck_visit *v, const char *record, struct ck_err *err)
{
	return ck_visit_lock(v, CK_PAPER_STEP, record, CK_E_FORM_BUSY, err);
}

static void
begin_run(struct ck_run *r, struct ck_visit *v, const char *printer)
{
	*r = (struct ck_run){ .v = v };
	snprintf(r->printer, sizeof r->printer, "%s",
	    printer != NULL ? printer : v->site->paper.printer);
}

static int
print_form(struct ck_run *r, const struct ck_paper_wish *wish, struct ck_err *err)
{
	struct ck_form before, now;
	char slip[CK_SLIP_MAX];

	/* what hangs in the air is settled even when nothing is kept to be printed again */
	if (ck_form_find(r->v->store, wish->record, &before, err) == -1)
		return -1;
	r->pages = before.pages;
	/* it may have come out since it was asked for */
	if (wish->again && ck_form_may_print(r->v, &before, err) == -1)
		return -1;
	if (settle_all(r, wish->record, err) == -1 ||
	    get_form(r->v->store, wish->record, &now, err) == -1)
		return -1;
	/* it is out after all, or still nobody knows: nothing more without another word */
	if (now.mark == CK_PRINT_UNSURE && wish->again && r->v->clerk == NULL)
		return ck_fail(err, CK_E_CLERK_NEEDED, "%s", wish->record);
	if (now.copies != before.copies || (now.copies > 0 && !wish->again) ||
	    ck_print_open(now.mark) || r->press.front_left ||
	    (now.denied != before.denied && !once_more(r)))
		return 0;
	r->elsewhere = false;
	if (!ck_slip_make(r->v->site->kiosk, wish->record, slip))
		return ck_fail(err, CK_E_INTERNAL, "slip of %s", wish->record);
	return print_until(r, wish->record, slip, err);
}

int
ck_paper_print(struct ck_visit *v, const struct ck_paper_wish *wish, struct ck_err *err)
{
	struct ck_run r;
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
	struct ck_form f;
	struct ck_run r;
	int rc = -1;

	begin_run(&r, v, NULL);
	r.glance = true;
	r.pages = ck_form_of(v->store, p->record, &f, err) == 1 ? f.pages : 0;
	if (lock(v, p->record, err) == 0 && settle_one(&r, p) == 0)
		rc = 0;
	else if (err->code == CK_E_NONE)
		*err = r.failed;
	ck_store_unlock_keys(v->store);
	*did = r.p.mark == CK_PRINT_OUT	       ? "printed"
	       : !ck_print_open((int)r.p.mark) ? "not-printed"
	       : r.p.mark == CK_PRINT_UNSURE   ? "print-unknown"
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
	ck_talk_step(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), CK_PAPER_WORD_S);
	if (found == 1 && ck_paper_print(v, &(struct ck_paper_wish){ .record = number }, &err) == 0)
		return;
	ck_log_err(CK_LOG_WARN, "the form waits", &err);
	ck_talk_did(&v->talk, CK_PAPER_STEP, ck_steps(v), ck_steps(v), "paper-waits", "{s:s, s:s}",
	    "code", name_of(&err), "why", err.detail);
}
