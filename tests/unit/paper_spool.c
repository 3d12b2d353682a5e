/* What printers and queues say, and what that means. */
#include "t.h"

#include <string.h>

#include "certkiosk/paper.h"
#include "spool.h"

struct seen {
	enum ck_job_state state;
	bool begun, holding;
	int pages;
	const char *reasons;
};

/* what most of them begin with */
#define QUEUE .queue = true, .waits = true, .askable = true
#define SENT .sent = true, .side = CK_ANSWERED
#define NUMBERED .numbered = true, .side = CK_ANSWERED
#define ALL_OUT \
	{ \
		CK_JOB_COMPLETED, true, false, 2, "" \
	}

/* one row: what is seen, and what it has to be taken for */
static const struct row {
	const char *name;
	bool queue, waits, askable, sent, numbered, canceled, doubt;
	enum ck_asked side, device;
	struct seen job, at_device;
	const char *printer, *device_printer;
	const char *end, *state; /* NULL: neither */
	enum ck_code why;
	bool ask, take_back;
} rows[] = {
	/* the printer itself */
	{ .name = "completed", SENT, .job = ALL_OUT, .end = CK_PRINT_DONE },
	{ .name = "completed, and not all of it may have been sent",
	    NUMBERED,
	    .job = ALL_OUT,
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "queue and printer completed, and not all of it may have been sent",
	    QUEUE,
	    NUMBERED,
	    .device = CK_ANSWERED,
	    .job = ALL_OUT,
	    .at_device = ALL_OUT,
	    .end = CK_PRINT_DONE },
	{ .name = "completed, and it does not count",
	    SENT,
	    .job = { CK_JOB_COMPLETED, true, false, -1, "processing-to-stop-point" },
	    .end = CK_PRINT_DONE },
	{ .name = "completed, and counted not a page",
	    SENT,
	    .job = { CK_JOB_COMPLETED, true, false, 0, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "completed with a page too few",
	    SENT,
	    .job = { CK_JOB_COMPLETED, true, false, 1, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "completed with errors",
	    SENT,
	    .job = { CK_JOB_COMPLETED, true, false, 2, "job-completed-with-errors" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "only handed on",
	    SENT,
	    .job = { CK_JOB_COMPLETED, true, false, 2, "queued-in-device" },
	    .end = CK_PRINT_SENT },
	{ .name = "aborted",
	    SENT,
	    .job = { CK_JOB_ABORTED, true, false, 0, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_ENGINE },
	{ .name = "canceled at the printer",
	    SENT,
	    .job = { CK_JOB_CANCELED, true, false, 0, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_CANCELED },
	{ .name = "canceled before it was begun",
	    .sent = true,
	    .canceled = true,
	    .side = CK_ANSWERED,
	    .job = { CK_JOB_CANCELED, false, false, 0, "" },
	    .end = CK_PRINT_FAILED,
	    .why = CK_E_PRINT_CANCELED },
	{ .name = "waiting for its document for ever",
	    NUMBERED,
	    .job = { CK_JOB_HELD, false, true, 0, "job-incoming" },
	    .state = CK_JOB_WAITING,
	    .take_back = true },
	{ .name = "told to go, and it is still waiting for it",
	    .numbered = true,
	    .canceled = true,
	    .side = CK_ANSWERED,
	    .job = { CK_JOB_HELD, false, true, 0, "job-incoming" },
	    .state = CK_JOB_WAITING },
	{ .name = "told to go, and gone",
	    .numbered = true,
	    .canceled = true,
	    .side = CK_ANSWERED,
	    .job = { CK_JOB_CANCELED, false, false, 0, "" },
	    .end = CK_PRINT_ABSENT },
	{ .name = "told to go when it was begun",
	    .numbered = true,
	    .canceled = true,
	    .side = CK_ANSWERED,
	    .job = { CK_JOB_CANCELED, true, false, 0, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_CANCELED },
	{ .name = "the same, begun: a page may be out",
	    NUMBERED,
	    .job = { CK_JOB_PROCESSING, true, true, 0, "job-incoming" },
	    .state = CK_JOB_PRINTING },
	{ .name = "not there, and there was no job", .side = CK_ANSWERED, .end = CK_PRINT_ABSENT },
	{ .name = "not there, and there was a job",
	    NUMBERED,
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "not there, and it was sent",
	    SENT,
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "silent",
	    .sent = true,
	    .side = CK_SILENT,
	    .job = { CK_JOB_PROCESSING, true, false, 0, "" },
	    .state = CK_JOB_STOPPED,
	    .why = CK_E_PRINT_OFFLINE },
	{ .name = "pending",
	    SENT,
	    .job = { CK_JOB_PENDING, false, false, 0, "" },
	    .state = CK_JOB_WAITING },
	{ .name = "low on paper is no trouble",
	    SENT,
	    .job = { CK_JOB_PROCESSING, true, false, 1, "" },
	    .printer = "media-low-report",
	    .state = CK_JOB_PRINTING },
	{ .name = "halted, and nobody says why",
	    SENT,
	    .job = { CK_JOB_HALTED, true, false, 1, "" },
	    .state = CK_JOB_STOPPED,
	    .why = CK_E_PRINT_TROUBLE },
	/* a queue, and the printer behind it */
	{ .name = "queue completed: the printer is asked",
	    QUEUE,
	    SENT,
	    .job = ALL_OUT,
	    .ask = true },
	{ .name = "queue and printer completed",
	    QUEUE,
	    SENT,
	    .device = CK_ANSWERED,
	    .job = ALL_OUT,
	    .at_device = ALL_OUT,
	    .end = CK_PRINT_DONE },
	{ .name = "queue completed, printer aborted",
	    QUEUE,
	    SENT,
	    .device = CK_ANSWERED,
	    .job = ALL_OUT,
	    .at_device = { CK_JOB_ABORTED, true, false, 1, "" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_ENGINE },
	{ .name = "queue completed, the printer forgot",
	    QUEUE,
	    SENT,
	    .device = CK_ANSWERED,
	    .job = ALL_OUT,
	    .printer = "cups-ipp-missing-job-history-warning",
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_UNKNOWN },
	{ .name = "queue saw it out, the printer keeps no list",
	    QUEUE,
	    SENT,
	    .device = CK_ANSWERED,
	    .job = ALL_OUT,
	    .end = CK_PRINT_DONE },
	{ .name = "queue that does not wait, the printer silent",
	    .queue = true,
	    .askable = true,
	    SENT,
	    .device = CK_SILENT,
	    .job = ALL_OUT,
	    .end = CK_PRINT_SENT },
	{ .name = "queue of a printer that cannot be asked",
	    .queue = true,
	    SENT,
	    .job = ALL_OUT,
	    .end = CK_PRINT_SENT },
	{ .name = "canceled at the queue, still at the printer",
	    QUEUE,
	    .sent = true,
	    .canceled = true,
	    .side = CK_ANSWERED,
	    .device = CK_ANSWERED,
	    .job = { CK_JOB_CANCELED, true, false, 0, "" },
	    .at_device = { CK_JOB_PROCESSING, true, false, 0, "" },
	    .device_printer = "media-jam-warning",
	    .state = CK_JOB_STOPPED,
	    .why = CK_E_PRINT_JAM },
	{ .name = "the filter failed, the printer never saw it",
	    QUEUE,
	    SENT,
	    .device = CK_ANSWERED,
	    .job = { CK_JOB_HALTED, true, false, 0, "job-completed-with-errors" },
	    .end = CK_PRINT_FAILED,
	    .why = CK_E_PRINT_FILTER,
	    .take_back = true },
	{ .name = "the filter failed, the printer is silent",
	    QUEUE,
	    SENT,
	    .device = CK_SILENT,
	    .job = { CK_JOB_HALTED, true, false, 0, "job-completed-with-errors" },
	    .end = CK_PRINT_UNKNOWN,
	    .why = CK_E_PRINT_FILTER,
	    .take_back = true },
	{ .name = "the queue would print again what is out",
	    QUEUE,
	    .sent = true,
	    .doubt = true,
	    .side = CK_ANSWERED,
	    .device = CK_ANSWERED,
	    .job = { CK_JOB_PENDING, false, false, 0, "" },
	    .at_device = ALL_OUT,
	    .end = CK_PRINT_DONE,
	    .take_back = true },
	{ .name = "printing, and the printer is off",
	    QUEUE,
	    SENT,
	    .device = CK_SILENT,
	    .job = { CK_JOB_PROCESSING, true, false, 2, "" },
	    .state = CK_JOB_STOPPED,
	    .why = CK_E_PRINT_OFFLINE },
	{ .name = "a queue that is paused",
	    QUEUE,
	    SENT,
	    .job = { CK_JOB_PENDING, false, false, 0, "" },
	    .printer = "paused",
	    .state = CK_JOB_WAITING,
	    .why = CK_E_PRINT_STOPPED },
	{ .name = "the queue forgot, the printer is off",
	    QUEUE,
	    NUMBERED,
	    .device = CK_SILENT,
	    .state = CK_JOB_WAITING,
	    .why = CK_E_PRINT_OFFLINE },
	{ .name = "CUPS is gone, the printer saw it out",
	    QUEUE,
	    .sent = true,
	    .doubt = true,
	    .side = CK_SILENT,
	    .device = CK_ANSWERED,
	    .job = { CK_JOB_PROCESSING, true, false, 0, "" },
	    .at_device = ALL_OUT,
	    .end = CK_PRINT_DONE },
	{ .name = "CUPS is gone, and so is the printer",
	    QUEUE,
	    .sent = true,
	    .doubt = true,
	    .side = CK_SILENT,
	    .device = CK_SILENT,
	    .job = { CK_JOB_PENDING, false, false, 0, "" },
	    .state = CK_JOB_WAITING,
	    .why = CK_E_PRINT_NO_SERVICE },
};

static void
fill(struct ck_job_seen *j, const struct seen *s)
{
	*j = (struct ck_job_seen){
		.state = s->state, .begun = s->begun, .holding = s->holding, .pages = s->pages
	};
	snprintf(j->reasons, sizeof j->reasons, " %s ", s->reasons != NULL ? s->reasons : "");
}

static const char *
or_none(const char *s)
{
	return s != NULL ? s : "none";
}

static void
judged(const struct row *r)
{
	struct ck_spool_facts f = { .queue = r->queue,
		.waits = r->waits,
		.askable = r->askable,
		.sent = r->sent,
		.numbered = r->numbered,
		.canceled = r->canceled,
		.doubt = r->doubt,
		.pages = 2,
		.side = r->side,
		.device = r->device };
	struct ck_verdict v;

	fill(&f.job, &r->job);
	fill(&f.at_device, &r->at_device);
	snprintf(f.printer.reasons, sizeof f.printer.reasons, " %s ", or_none(r->printer));
	snprintf(f.device_printer.reasons, sizeof f.device_printer.reasons, " %s ",
	    or_none(r->device_printer));
	ck_spool_judge(&f, &v);
	T(strcmp(or_none(v.end), or_none(r->end)) == 0 &&
		strcmp(or_none(v.state), or_none(r->state)) == 0,
	    "%s: %s", r->name, or_none(r->end != NULL ? r->end : r->state));
	T(v.why.code == r->why && v.ask_device == r->ask && v.take_back == r->take_back,
	    "%s: why, and what is to be done", r->name);
}

static void
troubles(void)
{
	static const struct {
		const char *reasons;
		enum ck_code code;
	} known[] = {
		{ " none ", CK_E_NONE },
		{ " media-empty-warning media-needed-error ", CK_E_PRINT_MEDIA },
		{ " media-jam ", CK_E_PRINT_JAM },
		{ " media-empty-error cover-open-error ", CK_E_PRINT_COVER },
		{ " door-open-report ", CK_E_PRINT_COVER },
		{ " marker-supply-empty-error ", CK_E_PRINT_SUPPLY },
		{ " toner-low-warning marker-supply-low-report ", CK_E_NONE },
		{ " offline-report ", CK_E_PRINT_OFFLINE },
		{ " connecting-to-device ", CK_E_PRINT_OFFLINE },
		{ " paused ", CK_E_PRINT_STOPPED },
		{ " my-media-jam ", CK_E_NONE },
	};
	struct ck_printer_seen p = { 0 };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		snprintf(p.reasons, sizeof p.reasons, "%s", known[i].reasons);
		T(ck_spool_trouble(&p) == known[i].code, "the matter with%s", known[i].reasons);
	}
	p = (struct ck_printer_seen){ .stopped = true, .reasons = " none " };
	T(ck_spool_trouble(&p) == CK_E_PRINT_STOPPED, "stopped, and it does not say why");
}

static void
messages(void)
{
	static const char *const said[][2] = {
		{ "Printing.", "" },
		{ "IDLE", "" },
		{ "Tray 2 is open.", "Tray 2 is open" },
		{ "No toner...", "No toner" },
		{ "", "" },
	};
	char out[64];

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		ck_spool_message(said[i][0], out, sizeof out);
		T(strcmp(out, said[i][1]) == 0, "a message is worth: '%s'", said[i][1]);
	}
}

int
main(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		judged(&rows[i]);
	troubles();
	messages();
	return T_END();
}
