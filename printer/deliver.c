#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "certkiosk/paper.h"
#include "follow.h"
#include "serve.h"

/* RFC 8011 has names of at most 255 bytes; one that is cut would never be found again */
#define TITLE_MAX 127
/* longer, and it is at something else */
#define BUSY_MS 1500
#define BUSY_LOOK_MS 100

static const char *
text(const json_t *request, const char *name)
{
	const char *s = json_string_value(json_object_get(request, name));

	return s != NULL && s[0] != '\0' ? s : NULL;
}

static int
read_title(const json_t *request, const char **title, struct ck_err *err)
{
	*title = text(request, "title");
	if (*title == NULL || strlen(*title) > TITLE_MAX)
		return ck_fail(err, CK_E_USAGE, "title");
	return 0;
}

static const char *
printer_of(const json_t *request)
{
	const char *printer = text(request, "printer");

	return printer != NULL ? printer : "";
}

static int
document_size(size_t *n, struct ck_err *err)
{
	struct stat sb;

	if (fstat(CK_PAPER_FILE, &sb) == -1)
		return ck_fail_native(
		    err, CK_E_FORM_BROKEN, (unsigned long)errno, "%s", strerror(errno));
	if (sb.st_size <= 0 || sb.st_size > CK_PAPER_BYTES_MAX)
		return ck_fail(err, CK_E_FORM_BROKEN, "%lld bytes", (long long)sb.st_size);
	*n = (size_t)sb.st_size;
	return 0;
}

static void
describe(struct ck_course *c)
{
	c->facts.queue = ck_ipp_queue(c->side);
	c->facts.waits = ck_ipp_waits(c->side);
	c->facts.askable = ck_ipp_device(c->side)[0] != '\0';
}

/* ---- print ---- */

/* The printer behind a queue may be used without it where that is nothing but its address, and
 * where nobody holds the queue back. */
static bool
passable(struct ck_ipp *queue)
{
	struct ck_printer_seen now;
	struct ck_err unseen = { 0 };

	return ck_ipp_plain(queue) && ck_ipp_printer(queue, &now, &unseen) == 0 && now.accepting &&
	       !now.stopped;
}

/* A printer that does one job at a time is busy for a moment after each. */
static int
create_job(struct ck_course *c, struct ck_ipp *p, struct ck_err *err)
{
	int64_t deadline = ck_mono_ms() + BUSY_MS;

	for (;;) {
		struct ck_err why = { 0 };

		if (ck_ipp_create(p, c->title, &c->facts.job, &why) == 0)
			return 0;
		if (why.code == CK_E_PRINT_BUSY && ck_mono_ms() < deadline) {
			ck_course_listen(c, BUSY_LOOK_MS);
			if (!c->gone && !c->leave && !c->cancel)
				continue;
		}
		return ck_fail_native(err, why.code, why.native, "%s", why.detail);
	}
}

/* A job at the printer itself; -1: the queue has to do it, and loses nothing by that. */
static int
create_direct(struct ck_course *c, const struct ck_ipp_choice *choice)
{
	const struct ck_ipp_wait wait = ck_course_wait(c);
	struct ck_err unseen = { 0 };
	struct ck_ipp *direct = NULL;

	if (!passable(c->side) ||
	    ck_ipp_open(ck_ipp_device(c->side), &wait, &direct, &unseen) == -1)
		return -1;
	if (ck_ipp_choose(direct, c->side, choice, &unseen) == -1 ||
	    create_job(c, direct, &unseen) == -1) {
		ck_ipp_close(direct);
		return -1;
	}
	ck_ipp_close(c->side);
	c->side = direct;
	return 0;
}

/* What it tells of a job as it makes one is next to nothing. */
static void
know_job(struct ck_course *c)
{
	struct ck_job_seen job;
	struct ck_err unseen = { 0 };

	if (c->facts.job.uuid[0] == '\0' &&
	    ck_ipp_job(c->side, c->facts.job.id, &job, &unseen) == 0 &&
	    strcmp(job.title, c->title) == 0)
		c->facts.job = job;
}

static int
create(struct ck_course *c, const json_t *request, struct ck_err *err)
{
	const struct ck_ipp_wait wait = ck_course_wait(c);
	const struct ck_ipp_choice choice = {
		.media = text(request, "media"),
		.sides = text(request, "sides"),
		.copies = (int)json_integer_value(json_object_get(request, "copies")),
	};

	if (ck_ipp_open(printer_of(request), &wait, &c->side, err) == -1)
		return -1;
	if (!ck_ipp_queue(c->side) || create_direct(c, &choice) == -1) {
		if (ck_ipp_choose(c->side, c->side, &choice, err) == -1 ||
		    create_job(c, c->side, err) == -1)
			return -1;
	}
	know_job(c);
	c->facts.numbered = true;
	c->facts.pages = (int)json_integer_value(json_object_get(request, "pages"));
	describe(c);
	return 0;
}

static int
say_created(struct ck_course *c, struct ck_err *err)
{
	json_t *line = json_pack("{s:i, s:s, s:s, s:b}", "job", c->facts.job.id, "uuid",
	    c->facts.job.uuid, "printer", ck_ipp_name(c->side), "direct", !c->facts.queue);
	int rc = line == NULL ? ck_fail(err, CK_E_PRINT_TROUBLE, "job-uuid")
			      : ck_link_send(c->link, line, err);

	json_decref(line);
	return rc;
}

/* Nothing was sent: an empty job would only stand in the way of the next. */
static int
give_up(struct ck_course *c, struct ck_err *err)
{
	struct ck_err why = { 0 };

	ck_ipp_cancel(c->side, c->facts.job.id, &why);
	why = (struct ck_err){ 0 };
	if (c->leave)
		return ck_course_close(c, CK_PRINT_LEFT, NULL, err);
	if (c->cancel || c->unsent.code == CK_E_NONE)
		ck_fail(&why, CK_E_PRINT_CANCELED, "%s", "");
	else
		why = c->unsent;
	return ck_course_close(c, CK_PRINT_FAILED, &why, err);
}

static int
say_sent(struct ck_course *c, struct ck_err *err)
{
	json_t *line = json_pack("{s:b}", "sent", 1);
	int rc = ck_link_send(c->link, line, err);

	json_decref(line);
	return rc;
}

static int
send_and_follow(struct ck_course *c, size_t n, struct ck_err *err)
{
	switch (ck_ipp_send(c->side, c->facts.job.id, CK_PAPER_FILE, n, &c->unsent)) {
	case 0:
		c->facts.sent = true;
		if (say_sent(c, err) == -1)
			return -1;
		break;
	case CK_IPP_UNSENT:
		if (!c->gone)
			return give_up(c, err);
		break;
	default:
		break;
	}
	return ck_course_follow(c, err);
}

int
ck_serve_print(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	const char *title = NULL;
	struct ck_err refused = { 0 };
	struct ck_course c;
	size_t n = 0;
	int rc = -1;

	if (read_title(request, &title, err) == -1 || document_size(&n, err) == -1)
		return -1;
	ck_course_begin(&c, link, title);
	if (create(&c, request, &refused) == -1) {
		/* broken off by whoever asked: there is no job, or an empty one */
		rc = c.leave
			 ? ck_course_close(&c, CK_PRINT_LEFT, NULL, err)
			 : ck_fail_native(err, refused.code, refused.native, "%s", refused.detail);
		goto out;
	}
	if (say_created(&c, err) == -1)
		goto out;
	while (!c.go && !c.leave && !c.cancel && !c.gone)
		ck_course_listen(&c, -1);
	if (c.gone)
		ck_fail(err, CK_E_LINK, "%s", c.lost.detail);
	else if (!c.go)
		rc = give_up(&c, err);
	else
		rc = send_and_follow(&c, n, err);
out:
	ck_course_end(&c);
	return rc;
}

/* ---- find ---- */

/* How it ended is not known by what cannot be reached; only who asks may stop asking. */
static int
reach(struct ck_course *c, const char *printer, struct ck_err *err)
{
	const struct ck_ipp_wait wait = ck_course_wait(c);
	const int again_ms = 500;

	for (;;) {
		struct ck_err why = { 0 };

		if (ck_ipp_open(printer, &wait, &c->side, &why) == 0)
			return 0;
		ck_course_listen(c, 0);
		if (c->gone)
			return ck_fail(err, CK_E_LINK, "%s", c->lost.detail);
		if (c->leave || c->cancel)
			return ck_course_close(c, CK_PRINT_LEFT, NULL, err) == 0 ? 1 : -1;
		if (why.code != CK_E_PRINT_OFFLINE && why.code != CK_E_PRINT_NO_SERVICE)
			return ck_course_close(c, CK_PRINT_UNKNOWN, &why, err) == 0 ? 1 : -1;
		if (ck_course_tell(c, CK_JOB_WAITING, why.code, -1, why.detail, err) == -1)
			return -1;
		ck_course_listen(c, again_ms);
	}
}

int
ck_serve_find(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	const char *title = NULL;
	struct ck_course c;
	int rc = -1;

	if (read_title(request, &title, err) == -1)
		return -1;
	ck_course_begin(&c, link, title);
	c.facts.sent = json_is_true(json_object_get(request, "sent"));
	c.facts.numbered = json_object_get(request, "job") != NULL;
	rc = reach(&c, printer_of(request), err);
	if (rc != 0)
		goto out;
	describe(&c);
	c.facts.doubt = true;
	rc = ck_course_follow(&c, err);
out:
	ck_course_end(&c);
	return rc == -1 ? -1 : 0;
}

/* ---- printers ---- */

struct listing {
	struct ck_link *link;
	struct ck_course *course;
};

static bool
directly(struct listing *l, const struct ck_ipp *queue)
{
	const struct ck_ipp_wait wait = ck_course_wait(l->course);
	struct ck_err unseen = { 0 };
	struct ck_ipp *p = NULL;
	bool direct = !ck_ipp_queue(queue) && ck_ipp_takes_pdf(queue);

	if (ck_ipp_plain(queue) && ck_ipp_open(ck_ipp_device(queue), &wait, &p, &unseen) == 0)
		direct = ck_ipp_takes_pdf(p);
	ck_ipp_close(p);
	return direct;
}

static void
put(json_t *row, const char *name, const char *value)
{
	char clean[CK_DETAIL_MAX];

	ck_clean_str(clean, sizeof clean, value);
	json_object_set_new(row, name, json_string(clean));
}

static int
tell_printer(void *u, struct ck_ipp *p, const struct ck_ipp_row *r, struct ck_err *err)
{
	struct listing *l = u;
	struct ck_printer_seen now;
	const struct ck_err_fact *why = NULL;
	json_t *row = NULL, *line = NULL;
	int rc = -1;

	if (ck_ipp_printer(p, &now, err) == -1)
		return -1;
	why = ck_err_fact((int)ck_spool_trouble(&now));
	row = json_pack("{s:b, s:b, s:b, s:s}", "default", r->is_default, "direct", directly(l, p),
	    "accepting", now.accepting, "state", now.stopped ? "stopped" : "ready");
	put(row, "name", r->name);
	put(row, "uri", ck_ipp_queue(p) ? ck_ipp_device(p) : r->name);
	put(row, "info", r->info);
	put(row, "media", r->media);
	put(row, "sides", r->sides);
	put(row, "copies", r->copies);
	if (why != NULL)
		put(row, "why", why->name);
	line = json_pack("{s:o}", "row", row);
	rc =
	    line == NULL ? ck_fail(err, CK_E_NO_MEMORY, "a row") : ck_link_send(l->link, line, err);
	json_decref(line);
	return rc;
}

int
ck_serve_printers(struct ck_link *link, const json_t *request, struct ck_err *err)
{
	struct ck_course c;
	struct listing l = { .link = link, .course = &c };
	struct ck_ipp_wait wait;
	int rc = -1;

	ck_course_begin(&c, link, "");
	wait = ck_course_wait(&c);
	rc = json_object_get(request, "printer") != NULL
		 ? ck_ipp_one(printer_of(request), &wait, tell_printer, &l, err)
		 : ck_ipp_each(&wait, tell_printer, &l, err);
	if (rc == 0)
		rc = ck_course_close(&c, "listed", NULL, err);
	ck_course_end(&c);
	return rc;
}
