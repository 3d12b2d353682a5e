#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "certkiosk/paper.h"
#include "spool.h"

/* Printers say the same thing in several words; the first that fits is what a clerk can do
 * something about. RFC 8011, 5.4.12; connecting-to-device and cups-* are CUPS's. */
static const struct trouble {
	const char *keyword;
	enum ck_code code;
} troubles[] = {
	{ "cover-open", CK_E_PRINT_COVER },
	{ "door-open", CK_E_PRINT_COVER },
	{ "interlock-open", CK_E_PRINT_COVER },
	{ "media-jam", CK_E_PRINT_JAM },
	{ "media-empty", CK_E_PRINT_MEDIA },
	{ "media-needed", CK_E_PRINT_MEDIA },
	{ "input-tray-missing", CK_E_PRINT_MEDIA },
	{ "toner-empty", CK_E_PRINT_SUPPLY },
	{ "marker-supply-empty", CK_E_PRINT_SUPPLY },
	{ "marker-waste-full", CK_E_PRINT_SUPPLY },
	{ "developer-empty", CK_E_PRINT_SUPPLY },
	{ "opc-life-over", CK_E_PRINT_SUPPLY },
	{ "offline", CK_E_PRINT_OFFLINE },
	{ "connecting-to-device", CK_E_PRINT_OFFLINE },
	{ "connecting-to-printer", CK_E_PRINT_OFFLINE },
	{ "timed-out", CK_E_PRINT_OFFLINE },
	{ "shutdown", CK_E_PRINT_OFFLINE },
	{ "paused", CK_E_PRINT_STOPPED },
	{ "moving-to-paused", CK_E_PRINT_STOPPED },
	{ "stopped-partly", CK_E_PRINT_STOPPED },
	{ "stopping", CK_E_PRINT_STOPPED },
	{ "spool-area-full", CK_E_PRINT_TROUBLE },
	{ "output-area-full", CK_E_PRINT_TROUBLE },
	{ "output-tray-missing", CK_E_PRINT_TROUBLE },
	{ "fuser-over-temp", CK_E_PRINT_TROUBLE },
	{ "other", CK_E_PRINT_TROUBLE },
};

bool
ck_spool_says(const char *reasons, const char *keyword)
{
	static const char *const how[] = { "", "-report", "-warning", "-error" };
	char word[96];

	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		snprintf(word, sizeof word, " %s%s ", keyword, how[i]);
		if (strstr(reasons, word) != NULL)
			return true;
	}
	return false;
}

enum ck_code
ck_spool_trouble(const struct ck_printer_seen *p)
{
	for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
		if (ck_spool_says(p->reasons, troubles[i].keyword))
			return troubles[i].code;
	return p->stopped ? CK_E_PRINT_STOPPED : CK_E_NONE;
}

static void
ends(struct ck_verdict *v, const char *end, enum ck_code code, const char *text)
{
	v->end = end;
	v->state = NULL;
	v->why = (struct ck_err){ 0 };
	if (code != CK_E_NONE)
		ck_fail(&v->why, code, "%s", text);
}

static void
goes_on(struct ck_verdict *v, const char *state, enum ck_code code, const char *text)
{
	v->state = state;
	if (code != CK_E_NONE)
		ck_fail(&v->why, code, "%s", text);
}

/* A printer's own sentence is worth a look only where it says more than the state does. */
void
ck_spool_message(const char *said, char *out, size_t cap)
{
	static const char *const states[] = { "idle", "ready", "printing", "processing", "stopped",
		"paused", "now printing", "ready to print" };
	size_t n = 0;

	ck_clean_str(out, cap, said);
	for (n = strlen(out); n > 0 && strchr(". ", out[n - 1]) != NULL; n--)
		out[n - 1] = '\0';
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcasecmp(out, states[i]) == 0)
			out[0] = '\0';
}

/* ---- what the printer itself says of its own job ---- */

/* A printer takes half a document for a whole one when whoever sends it is cut off, and prints what
 * there is of it; CUPS does not. */
static bool
maybe_cut(const struct ck_spool_facts *f)
{
	return !f->sent && !f->queue;
}

/* A job is completed too when it was only handed on, or not all of it came out; one that counts and
 * is at nothing has proved nothing. */
static bool
doubtful(const struct ck_job_seen *j, int pages)
{
	return ck_spool_says(j->reasons, "job-completed-with-errors") ||
	       ck_spool_says(j->reasons, "aborted-by-system") ||
	       ck_spool_says(j->reasons, "document-format-error") ||
	       (j->pages >= 0 && j->pages < pages);
}

/* It ended before its time: nothing came out only where it was never begun. Of one that never had
 * all of its document there is nothing to tell. */
static void
judge_broken_off(const struct ck_spool_facts *f, const struct ck_job_seen *j, struct ck_verdict *v)
{
	enum ck_code code = f->canceled			 ? CK_E_PRINT_CANCELED
			    : j->state == CK_JOB_ABORTED ? CK_E_PRINT_ENGINE
							 : CK_E_PRINT_CANCELED;

	if (j->begun || j->pages > 0)
		ends(v, CK_PRINT_UNKNOWN, code, j->text);
	else if (f->canceled && !f->sent)
		ends(v, CK_PRINT_ABSENT, CK_E_NONE, "");
	else
		ends(v, CK_PRINT_FAILED, code, j->text);
}

static void
judge_printed(const struct ck_spool_facts *f, const struct ck_job_seen *j, struct ck_verdict *v)
{
	if (ck_spool_says(j->reasons, "queued-in-device"))
		ends(v, CK_PRINT_SENT, CK_E_NONE, "");
	else if (doubtful(j, f->pages) || maybe_cut(f))
		ends(v, CK_PRINT_UNKNOWN, CK_E_PRINT_UNKNOWN, j->text);
	else
		ends(v, CK_PRINT_DONE, CK_E_NONE, "");
}

static void
judge_lost(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	if (!f->sent && !f->numbered)
		ends(v, CK_PRINT_ABSENT, CK_E_NONE, "");
	else
		ends(v, CK_PRINT_UNKNOWN, CK_E_PRINT_UNKNOWN, "");
}

/* Nothing more will come: the rest of the document was never taken. */
static bool
abandoned(const struct ck_spool_facts *f, const struct ck_job_seen *j)
{
	return !f->sent && j->holding && !j->begun && j->state < CK_JOB_CANCELED;
}

static void
judge_under_way(const struct ck_job_seen *j, const struct ck_printer_seen *p, struct ck_verdict *v)
{
	enum ck_code code = ck_spool_trouble(p);
	bool begun = j->state == CK_JOB_PROCESSING || j->state == CK_JOB_HALTED;

	if (j->state == CK_JOB_HALTED && code == CK_E_NONE)
		code = CK_E_PRINT_TROUBLE;
	goes_on(v,
	    !begun		? CK_JOB_WAITING
	    : code == CK_E_NONE ? CK_JOB_PRINTING
				: CK_JOB_STOPPED,
	    code, p->text);
}

static void
judge_own(const struct ck_spool_facts *f, const struct ck_job_seen *j,
    const struct ck_printer_seen *p, struct ck_verdict *v)
{
	v->pages = j->pages;
	if (j->state == CK_JOB_NONE) {
		judge_lost(f, v);
	} else if (abandoned(f, j)) {
		/* the rest may be on its way all the same: it is over when the printer says so */
		v->take_back = !f->canceled;
		goes_on(v, CK_JOB_WAITING, CK_E_NONE, "");
	} else if (j->state == CK_JOB_COMPLETED) {
		judge_printed(f, j, v);
	} else if (j->state == CK_JOB_CANCELED || j->state == CK_JOB_ABORTED) {
		judge_broken_off(f, j, v);
	} else {
		judge_under_way(j, p, v);
	}
}

/* ---- what a queue says, and the device behind it ---- */

/* CUPS never ends such a job by itself (2.4.2: processing-stopped for as long as one looks). */
static bool
filter_failed(const struct ck_job_seen *j)
{
	return j->state == CK_JOB_HALTED && ck_spool_says(j->reasons, "job-completed-with-errors");
}

/* At the device the job is still there: what the queue says of it is out of date. */
static bool
device_has_it(const struct ck_spool_facts *f)
{
	return f->device == CK_ANSWERED && f->at_device.state != CK_JOB_NONE;
}

static void
judge_device(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	v->at_device = true;
	judge_own(f, &f->at_device, &f->device_printer, v);
}

/* The queue says completed, and the device knows nothing of it, or says nothing. */
static void
judge_completed(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	if (!f->waits)
		ends(v, CK_PRINT_SENT, CK_E_NONE, "");
	else if (ck_spool_says(f->job.reasons, "cups-ipp-missing-job-history") ||
		 ck_spool_says(f->printer.reasons, "cups-ipp-missing-job-history") ||
		 doubtful(&f->job, 0))
		ends(v, CK_PRINT_UNKNOWN, CK_E_PRINT_UNKNOWN, f->job.text);
	else
		ends(v, CK_PRINT_DONE, CK_E_NONE, "");
}

static void
judge_filter(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	bool none = !f->askable || f->device == CK_ANSWERED;

	v->take_back = true;
	ends(v, none && f->job.pages <= 0 ? CK_PRINT_FAILED : CK_PRINT_UNKNOWN, CK_E_PRINT_FILTER,
	    f->job.text);
}

static bool
over(const struct ck_job_seen *j)
{
	return j->state == CK_JOB_NONE || j->state >= CK_JOB_CANCELED || filter_failed(j);
}

/* While a queue prints, only the printer knows how many pages are out, and that it is off (CUPS has
 * a sentence for that, but no keyword). */
static bool
device_tells_more(const struct ck_spool_facts *f)
{
	const struct ck_job_seen *j = &f->job;

	return f->askable &&
	       (over(j) ? j->begun || j->state == CK_JOB_NONE : j->state == CK_JOB_PROCESSING);
}

static void
judge_waiting(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	const struct ck_job_seen *j = &f->job;

	if (j->state == CK_JOB_PROCESSING && f->device == CK_SILENT) {
		goes_on(v, CK_JOB_STOPPED, CK_E_PRINT_OFFLINE, f->printer.text);
	} else if (j->state == CK_JOB_PROCESSING && device_has_it(f) &&
		   f->at_device.state < CK_JOB_CANCELED) {
		judge_device(f, v);
	} else {
		judge_own(f, j, &f->printer, v);
		v->pages = -1; /* a queue counts what its filter made, not what came out */
	}
}

static void
judge_queue(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	const struct ck_job_seen *j = &f->job;

	if (f->device == CK_NOT_ASKED && device_tells_more(f)) {
		v->ask_device = true;
		return;
	}
	/* a queue that was killed would print again what its backend has brought out meanwhile */
	if (device_has_it(f) && (over(j) || (f->doubt && f->at_device.state == CK_JOB_COMPLETED))) {
		judge_device(f, v);
		v->take_back = j->state != CK_JOB_NONE && j->state < CK_JOB_CANCELED;
	} else if (j->state == CK_JOB_NONE && f->askable && f->device != CK_ANSWERED) {
		goes_on(v, CK_JOB_WAITING, CK_E_PRINT_OFFLINE, "");
	} else if (filter_failed(j)) {
		judge_filter(f, v);
	} else if (j->state == CK_JOB_COMPLETED) {
		judge_completed(f, v);
	} else {
		judge_waiting(f, v);
	}
}

/* Nobody answers. The queue's device may know already that it is out. */
static void
judge_silent(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	if (f->queue && f->askable && f->device == CK_NOT_ASKED) {
		v->ask_device = true;
		return;
	}
	if (device_has_it(f) && f->at_device.state == CK_JOB_COMPLETED) {
		judge_device(f, v);
		return;
	}
	goes_on(v, f->job.begun ? CK_JOB_STOPPED : CK_JOB_WAITING,
	    f->queue ? CK_E_PRINT_NO_SERVICE : CK_E_PRINT_OFFLINE, "");
}

void
ck_spool_judge(const struct ck_spool_facts *f, struct ck_verdict *v)
{
	*v = (struct ck_verdict){ .pages = -1 };
	if (f->side != CK_ANSWERED)
		judge_silent(f, v);
	else if (f->queue)
		judge_queue(f, v);
	else
		judge_own(f, &f->job, &f->printer, v);
}
