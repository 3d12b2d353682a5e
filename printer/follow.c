#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "certkiosk/paper.h"
#include "follow.h"

/* A page takes seconds; whoever looks on sees a change at once. */
#define LOOK_MS 500
/* So long a printer may take to let go of a job that was taken back, then a person looks. */
#define TAKEN_BACK_MS 1500

void
ck_course_begin(struct ck_course *c, struct ck_link *link, const char *title)
{
	*c = (struct ck_course){ .link = link, .title = title, .told_pages = -1 };
	c->facts.job = c->facts.at_device = (struct ck_job_seen){ .pages = -1, .reasons = " " };
}

void
ck_course_end(struct ck_course *c)
{
	ck_ipp_close(c->side);
	ck_ipp_close(c->device);
}

/* ---- the link ---- */

void
ck_course_listen(struct ck_course *c, int timeout_ms)
{
	json_t *line = NULL;

	if (c->gone)
		return;
	switch (ck_link_recv(c->link, timeout_ms, &line, &c->lost)) {
	case -1:
		c->gone = true;
		break;
	case 1:
		c->go |= json_is_true(json_object_get(line, "go"));
		c->leave |= json_is_true(json_object_get(line, "leave"));
		c->cancel |= json_is_true(json_object_get(line, "cancel"));
		break;
	default:
		break;
	}
	json_decref(line);
}

static bool
stops(void *u)
{
	struct ck_course *c = u;

	ck_course_listen(c, 0);
	return c->gone || c->leave || (c->cancel && !c->facts.canceled);
}

struct ck_ipp_wait
ck_course_wait(struct ck_course *c)
{
	return (struct ck_ipp_wait){ .stop = stops, .u = c };
}

/* Takes the line over. */
static int
say(struct ck_course *c, json_t *line, struct ck_err *err)
{
	int rc = line == NULL ? ck_fail(err, CK_E_NO_MEMORY, "a line")
			      : ck_link_send(c->link, line, err);

	json_decref(line);
	return rc;
}

int
ck_course_tell(struct ck_course *c, const char *state, enum ck_code why, int pages,
    const char *detail, struct ck_err *err)
{
	const struct ck_err_fact *fact = ck_err_fact((int)why);
	json_t *line = NULL;

	if (c->told != NULL && strcmp(c->told, state) == 0 && c->told_why == why &&
	    c->told_pages == pages)
		return 0;
	c->told = state;
	c->told_why = why;
	c->told_pages = pages;
	line = json_pack("{s:s}", "state", state);
	if (fact != NULL)
		json_object_set_new(line, "why", json_string(fact->name));
	if (fact != NULL && detail[0] != '\0')
		json_object_set_new(line, "detail", json_string(detail));
	if (pages >= 0)
		json_object_set_new(line, "pages", json_integer(pages));
	return say(c, line, err);
}

int
ck_course_close(
    struct ck_course *c, const char *ending, const struct ck_err *why, struct ck_err *err)
{
	json_t *line = json_pack("{s:s}", "end", ending);

	if (why != NULL && why->code != CK_E_NONE)
		json_object_set_new(line, "error", ck_err_json(why));
	return say(c, line, err);
}

/* ---- looking ---- */

/* By its number, which is quick; numbers are given out anew, so the title has to fit. */
static int
look_for(struct ck_ipp *p, const char *title, struct ck_job_seen *job)
{
	struct ck_job_seen now = { .pages = -1, .reasons = " " };
	struct ck_err unseen = { 0 };

	if (job->id > 0 && ck_ipp_job(p, job->id, &now, &unseen) == -1)
		return -1;
	if ((now.state == CK_JOB_NONE || strcmp(now.title, title) != 0) &&
	    ck_ipp_find(p, title, &now, &unseen) == -1)
		return -1;
	*job = now;
	return 0;
}

static void
look_at_side(struct ck_course *c)
{
	struct ck_spool_facts *f = &c->facts;
	struct ck_err unseen = { 0 };

	f->side = CK_SILENT;
	f->device = CK_NOT_ASKED;
	if (look_for(c->side, c->title, &f->job) == 0 &&
	    ck_ipp_printer(c->side, &f->printer, &unseen) == 0)
		f->side = CK_ANSWERED;
	else
		f->doubt = true;
}

static void
look_at_device(struct ck_course *c)
{
	const struct ck_ipp_wait wait = ck_course_wait(c);
	struct ck_spool_facts *f = &c->facts;
	struct ck_err unseen = { 0 };

	f->device = CK_SILENT;
	if (c->device == NULL &&
	    ck_ipp_open(ck_ipp_device(c->side), &wait, &c->device, &unseen) == -1)
		return;
	if (ck_ipp_queue(c->device)) {
		/* one more CUPS: it knows no more than ours */
		f->askable = f->waits = false;
		return;
	}
	if (look_for(c->device, c->title, &f->at_device) == -1 ||
	    ck_ipp_printer(c->device, &f->device_printer, &unseen) == -1)
		return;
	f->device = CK_ANSWERED;
}

static void
look(struct ck_course *c, struct ck_verdict *v)
{
	look_at_side(c);
	if (c->facts.doubt && c->facts.askable)
		look_at_device(c);
	ck_spool_judge(&c->facts, v);
	if (!v->ask_device)
		return;
	look_at_device(c);
	ck_spool_judge(&c->facts, v);
}

/* ---- the course of it ---- */

/* Where the job is now; what the other side says to it shows at the next look. */
static void
take_back(struct ck_course *c, const struct ck_verdict *v)
{
	struct ck_err unheard = { 0 };

	if (c->facts.job.state != CK_JOB_NONE && c->facts.job.state < CK_JOB_CANCELED)
		ck_ipp_cancel(c->side, c->facts.job.id, &unheard);
	if (v->at_device && v->end == NULL && c->device != NULL)
		ck_ipp_cancel(c->device, c->facts.at_device.id, &unheard);
}

/* To whoever prints, a document that was never taken as a whole has failed to print. */
static void
why_unsent(const struct ck_course *c, struct ck_err *why)
{
	if (c->cancel)
		ck_fail(why, CK_E_PRINT_CANCELED, "%s", "");
	else
		*why = c->unsent;
}

static int
conclude(struct ck_course *c, struct ck_verdict *v, struct ck_err *err)
{
	struct ck_err why = { 0 };

	if (v->take_back)
		take_back(c, v);
	if (strcmp(v->end, CK_PRINT_ABSENT) == 0 && c->unsent.code != CK_E_NONE) {
		why_unsent(c, &why);
		return ck_course_close(c, CK_PRINT_FAILED, &why, err);
	}
	if (v->pages >= 0 && v->pages != c->told_pages &&
	    ck_course_tell(c, CK_JOB_PRINTING, CK_E_NONE, v->pages, "", err) == -1)
		return -1;
	return ck_course_close(c, v->end, &v->why, err);
}

static int
nobody_knows(struct ck_course *c, struct ck_err *err)
{
	struct ck_err why = { 0 };

	ck_fail(&why, CK_E_PRINT_CANCELED, "%s", "");
	return ck_course_close(c, CK_PRINT_UNKNOWN, &why, err);
}

int
ck_course_follow(struct ck_course *c, struct ck_err *err)
{
	int64_t let_go = INT64_MAX;
	struct ck_verdict v = { 0 };

	for (;;) {
		look(c, &v);
		ck_course_listen(c, 0);
		if (c->gone)
			return ck_fail(err, CK_E_LINK, "%s", c->lost.detail);
		if (c->leave)
			return ck_course_close(c, CK_PRINT_LEFT, NULL, err);
		if ((c->cancel || (v.take_back && v.end == NULL)) && !c->facts.canceled) {
			/* a look that was broken off is no look */
			c->facts.canceled = true;
			take_back(c, &v);
			let_go = ck_mono_ms() + TAKEN_BACK_MS;
			continue;
		}
		if (v.end != NULL)
			return conclude(c, &v, err);
		if (ck_mono_ms() >= let_go)
			return nobody_knows(c, err);
		if (ck_course_tell(c, v.state, v.why.code, v.pages, v.why.detail, err) == -1)
			return -1;
		ck_course_listen(c, LOOK_MS);
	}
}
