#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cups/cups.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "ipp_own.h"

/* for a piece of a document: a printer that is out of memory takes no more for a while */
#define PIECE_MS 10000

/* ---- what is read out of an answer ---- */

/* Keywords with blanks around each. */
static void
read_reasons(ipp_attribute_t *a, char out[CK_REASONS_MAX])
{
	size_t n = 1;
	char word[96];

	snprintf(out, CK_REASONS_MAX, " ");
	for (int i = 0; i < ippGetCount(a); i++) {
		const char *s = ippGetString(a, i, NULL);

		if (s == NULL || ck_clean_str(word, sizeof word, s) != 0 ||
		    n + strlen(word) + 2 > CK_REASONS_MAX)
			continue;
		n += (size_t)snprintf(out + n, CK_REASONS_MAX - n, "%s ", word);
	}
}

static void
read_text(ipp_attribute_t *a, char *out, size_t cap)
{
	const char *s = ippGetString(a, 0, NULL);

	if (s != NULL && out[0] == '\0')
		ck_clean_str(out, cap, s);
}

static void
read_job_attribute(struct ck_job_seen *j, const char *name, ipp_attribute_t *a)
{
	if (strcmp(name, "job-id") == 0)
		j->id = ippGetInteger(a, 0);
	else if (strcmp(name, "job-state") == 0)
		j->state = (enum ck_job_state)ippGetInteger(a, 0);
	else if (strcmp(name, "job-name") == 0)
		read_text(a, j->title, sizeof j->title);
	else if (strcmp(name, "job-uuid") == 0)
		read_text(a, j->uuid, sizeof j->uuid);
	else if (strcmp(name, "job-state-reasons") == 0)
		read_reasons(a, j->reasons);
	else if (strcmp(name, "job-printer-state-message") == 0 ||
		 strcmp(name, "job-state-message") == 0)
		read_text(a, j->text, sizeof j->text);
	else if (strcmp(name, "job-impressions-completed") == 0)
		j->pages = ippGetInteger(a, 0);
	else if (strcmp(name, "time-at-processing") == 0)
		j->begun = ippGetValueTag(a) == IPP_TAG_INTEGER && ippGetInteger(a, 0) != 0;
}

static const char *const job_wants[] = { "job-id", "job-state", "job-name", "job-uuid",
	"job-state-reasons", "job-state-message", "job-printer-state-message",
	"job-impressions-completed", "time-at-processing" };
#define JOB_WANTS ((int)(sizeof job_wants / sizeof *job_wants))

/* The jobs of an answer, one after the other: reads from *a on and leaves it behind the job. */
static bool
next_job(ipp_t *answer, ipp_attribute_t **a, struct ck_job_seen *j)
{
	*j = (struct ck_job_seen){ .begun = true, .pages = -1, .reasons = " " };
	while (*a != NULL && ippGetGroupTag(*a) != IPP_TAG_JOB)
		*a = ippNextAttribute(answer);
	if (*a == NULL)
		return false;
	while (*a != NULL && ippGetGroupTag(*a) == IPP_TAG_JOB) {
		if (ippGetName(*a) != NULL)
			read_job_attribute(j, ippGetName(*a), *a);
		*a = ippNextAttribute(answer);
	}
	j->holding = ck_spool_says(j->reasons, "job-incoming") ||
		     ck_spool_says(j->reasons, "job-data-insufficient");
	return true;
}

/* ---- a job ---- */

int
ck_ipp_create(struct ck_ipp *p, const char *title, struct ck_job_seen *job, struct ck_err *err)
{
	ipp_t *q = ck_ipp_question(p, IPP_OP_CREATE_JOB, 0), *answer = NULL;
	ipp_attribute_t *a = NULL;
	ipp_status_t status;

	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", NULL, title);
	cupsEncodeOptions2(q, p->n_chosen, p->chosen, IPP_TAG_OPERATION);
	cupsEncodeOptions2(q, p->n_chosen, p->chosen, IPP_TAG_JOB);
	if ((answer = ck_ipp_ask(p, q, &status, err)) == NULL)
		return -1;
	a = ippFirstAttribute(answer);
	if (!next_job(answer, &a, job) || job->id <= 0)
		ck_fail(err, CK_E_PRINT_TROUBLE, "no job-id");
	ippDelete(answer);
	return job->id > 0 ? 0 : -1;
}

/* How much of the document was written. */
static size_t
write_document(struct ck_ipp *p, int fd, size_t n)
{
	char piece[16384];
	size_t at = 0;

	while (at < n) {
		ssize_t got =
		    pread(fd, piece, n - at < sizeof piece ? n - at : sizeof piece, (off_t)at);

		if (got <= 0 || ck_ipp_stops(p))
			break;
		p->deadline = ck_mono_ms() + PIECE_MS;
		if (cupsWriteRequestData(p->http, piece, (size_t)got) != HTTP_STATUS_CONTINUE)
			return at + (size_t)got;
		at += (size_t)got;
	}
	return at;
}

int
ck_ipp_send(struct ck_ipp *p, int job, int fd, size_t n, struct ck_err *err)
{
	ipp_t *q = ck_ipp_question(p, IPP_OP_SEND_DOCUMENT, job), *answer = NULL;
	ipp_status_t status;
	size_t written = 0;
	int rc = -1;

	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_NAME, "document-name", NULL, "form.pdf");
	ippAddString(
	    q, IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", NULL, "application/pdf");
	ippAddBoolean(q, IPP_TAG_OPERATION, "last-document", 1);
	/* its length is told beforehand: what ends early is never taken for a whole document */
	if (ck_ipp_connected(p, err) == 0 &&
	    cupsSendRequest(p->http, q, p->resource, ippLength(q) + n) == HTTP_STATUS_CONTINUE)
		written = write_document(p, fd, n);
	if (written < n) {
		ck_ipp_silent(p, err);
		ck_ipp_disconnect(p);
		rc = written == 0 ? CK_IPP_UNSENT : CK_IPP_CUT;
		goto out;
	}
	p->deadline = ck_mono_ms() + PIECE_MS;
	answer = ck_ipp_judge(p, cupsGetResponse(p->http, p->resource), &status, err);
	rc = answer != NULL ? 0 : -1;
out:
	ippDelete(q);
	ippDelete(answer);
	return rc;
}

int
ck_ipp_cancel(struct ck_ipp *p, int job, struct ck_err *err)
{
	ipp_status_t status;
	ipp_t *answer = NULL;

	/* whoever wants it taken back has already said that nothing else is waited for */
	p->hurry = true;
	answer = ck_ipp_ask(p, ck_ipp_question(p, IPP_OP_CANCEL_JOB, job), &status, err);
	p->hurry = false;
	if (answer == NULL)
		return -1;
	ippDelete(answer);
	return 0;
}

/* ---- looking ---- */

static ipp_t *
ask_again_later(struct ck_ipp *p, ipp_t *q, ipp_status_t *status, struct ck_err *err)
{
	ipp_t *answer = NULL;

	p->looking = true;
	answer = ck_ipp_ask(p, q, status, err);
	p->looking = false;
	return answer;
}

int
ck_ipp_job(struct ck_ipp *p, int job, struct ck_job_seen *seen, struct ck_err *err)
{
	ipp_t *q = ck_ipp_question(p, IPP_OP_GET_JOB_ATTRIBUTES, job), *answer = NULL;
	struct ck_err unseen = { 0 };
	ipp_attribute_t *a = NULL;
	ipp_status_t status;

	ck_ipp_want(q, JOB_WANTS, job_wants);
	*seen = (struct ck_job_seen){ .pages = -1, .reasons = " " };
	if ((answer = ask_again_later(p, q, &status, &unseen)) == NULL) {
		if (status == IPP_STATUS_ERROR_NOT_FOUND || status == IPP_STATUS_ERROR_GONE)
			return 0;
		return ck_fail_native(err, unseen.code, unseen.native, "%s", unseen.detail);
	}
	a = ippFirstAttribute(answer);
	next_job(answer, &a, seen);
	ippDelete(answer);
	return 0;
}

/* Of several of one title (a queue tries again after a fault) the one that came out, else the last.
 */
static bool
tells_more(const struct ck_job_seen *j, const struct ck_job_seen *than)
{
	if (than->state == CK_JOB_COMPLETED || j->state == CK_JOB_COMPLETED)
		return than->state != CK_JOB_COMPLETED;
	return j->id > than->id;
}

static ipp_t *
jobs_of(struct ck_ipp *p, const char *which, ipp_status_t *status, struct ck_err *err)
{
	ipp_t *q = ck_ipp_question(p, IPP_OP_GET_JOBS, 0);

	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", NULL, which);
	ck_ipp_want(q, JOB_WANTS, job_wants);
	return ask_again_later(p, q, status, err);
}

int
ck_ipp_find(struct ck_ipp *p, const char *title, struct ck_job_seen *seen, struct ck_err *err)
{
	/* "all" is younger than many printers */
	static const char *const which[] = { "all", "not-completed", "completed" };
	struct ck_job_seen job;
	ipp_status_t status;

	*seen = (struct ck_job_seen){ .pages = -1, .reasons = " " };
	for (size_t i = 0; i < sizeof which / sizeof *which; i++) {
		struct ck_err unseen = { 0 };
		ipp_t *answer = jobs_of(p, which[i], &status, &unseen);
		ipp_attribute_t *a = ippFirstAttribute(answer);

		if (answer == NULL && i == 0 && status != IPP_STATUS_ERROR_SERVICE_UNAVAILABLE)
			continue;
		if (answer == NULL)
			return ck_fail_native(err, unseen.code, unseen.native, "%s", unseen.detail);
		while (next_job(answer, &a, &job))
			if (strcmp(job.title, title) == 0 && tells_more(&job, seen))
				*seen = job;
		ippDelete(answer);
		if (i == 0)
			break;
	}
	return 0;
}

int
ck_ipp_printer(struct ck_ipp *p, struct ck_printer_seen *seen, struct ck_err *err)
{
	static const char *const wants[] = { "printer-state", "printer-state-reasons",
		"printer-state-message", "printer-is-accepting-jobs" };
	ipp_t *q = ck_ipp_question(p, IPP_OP_GET_PRINTER_ATTRIBUTES, 0), *answer = NULL;
	const char *said = NULL;
	ipp_status_t status;

	ck_ipp_want(q, (int)(sizeof wants / sizeof *wants), wants);
	*seen = (struct ck_printer_seen){ .reasons = " " };
	if ((answer = ask_again_later(p, q, &status, err)) == NULL)
		return -1;
	seen->stopped = ippGetInteger(ippFindAttribute(answer, "printer-state", IPP_TAG_ENUM), 0) ==
			IPP_PSTATE_STOPPED;
	seen->accepting = ippGetBoolean(
	    ippFindAttribute(answer, "printer-is-accepting-jobs", IPP_TAG_BOOLEAN), 0);
	read_reasons(
	    ippFindAttribute(answer, "printer-state-reasons", IPP_TAG_ZERO), seen->reasons);
	said =
	    ippGetString(ippFindAttribute(answer, "printer-state-message", IPP_TAG_ZERO), 0, NULL);
	if (said != NULL)
		ck_spool_message(said, seen->text, sizeof seen->text);
	ippDelete(answer);
	return 0;
}
