/*
 * What a printer and its queue say of a job, and what that means: facts in, a verdict out. Nothing
 * is asked here and nobody is told. "Printed" needs a proof, "not printed" too; what has neither is
 * unknown, and a person looks.
 */
#ifndef CK_SPOOL_H
#define CK_SPOOL_H

#include <stdbool.h>

#include "certkiosk/err.h"

/* job-state, RFC 8011, 5.3.7 */
enum ck_job_state {
	CK_JOB_NONE = 0, /* no job of this title */
	CK_JOB_PENDING = 3,
	CK_JOB_HELD,
	CK_JOB_PROCESSING,
	CK_JOB_HALTED,
	CK_JOB_CANCELED,
	CK_JOB_ABORTED,
	CK_JOB_COMPLETED,
};

#define CK_REASONS_MAX 512

/* reasons: keywords with a blank before and behind each, as the other side said them */
struct ck_job_seen {
	enum ck_job_state state;
	int id;
	bool begun;   /* it was worked at: time-at-processing has a value, or is not told */
	bool holding; /* no document yet, or not all of it */
	int pages;    /* impressions completed; -1 not told */
	char uuid[64], title[256], reasons[CK_REASONS_MAX], text[CK_DETAIL_MAX / 2];
};
struct ck_printer_seen {
	bool stopped, accepting;
	char reasons[CK_REASONS_MAX], text[CK_DETAIL_MAX / 2];
};

enum ck_asked { CK_NOT_ASKED, CK_SILENT, CK_ANSWERED };

struct ck_spool_facts {
	bool queue;    /* a queue of CUPS; else the printer itself, and no "device" */
	bool waits;    /* the queue's job is over when the printer's own is */
	bool askable;  /* the device behind the queue can be asked */
	bool sent;     /* all of the document was taken, or may have been */
	bool numbered; /* there was a job: the title was written down with its number */
	bool canceled; /* we took it back */
	bool doubt;    /* it was silent, or not asked before: what it says may be out of date */
	int pages;     /* of the document, times its copies */
	enum ck_asked side, device;
	struct ck_printer_seen printer, device_printer; /* of the queue, or the printer itself */
	struct ck_job_seen job, at_device;
};

struct ck_verdict {
	const char *end;   /* CK_PRINT_…: that was it; else NULL */
	const char *state; /* CK_JOB_…, while it is under way */
	bool ask_device;   /* not to be judged before the device was asked */
	bool take_back;	   /* what is left of the job has to go; without an end: then look again */
	bool at_device;	   /* the job of the device is the one that counts */
	int pages;	   /* out so far; -1 not known */
	struct ck_err why; /* may be none */
};
void ck_spool_judge(const struct ck_spool_facts *, struct ck_verdict *);

/* What is the matter with a printer, CK_E_NONE when nothing that keeps it from printing. */
enum ck_code ck_spool_trouble(const struct ck_printer_seen *);
/* A state's message, clean, without its full stop; "" when it only says the state again. */
void ck_spool_message(const char *said, char *out, size_t cap);
/* is that keyword among them, whatever its -error, -warning or -report? */
bool ck_spool_says(const char *reasons, const char *keyword);

#endif
