/*
 * One printer, or one queue of CUPS, over IPP (RFC 8011). Every call is over within its own time,
 * and at once when whoever waits wants to stop: a printer that is off does not hold up the link.
 */
#ifndef CK_IPP_H
#define CK_IPP_H

#include <stdbool.h>
#include <stddef.h>

#include "certkiosk/err.h"
#include "spool.h"

struct ck_ipp;

/* asked a few times a second while a call waits */
struct ck_ipp_wait {
	bool (*stop)(void *u);
	void *u;
};

#define CK_IPP_NAME_MAX 1024

/*
 * printer: a URI (ipp, ipps) is the printer itself; else the name of a queue, or name/instance, or
 * "" for the default of this user. Looks at it once. PRINT_NO_SERVICE CUPS does not answer,
 * PRINT_NO_QUEUE, PRINT_OFFLINE the printer does not.
 */
int ck_ipp_open(const char *printer, const struct ck_ipp_wait *, struct ck_ipp **, struct ck_err *);
void ck_ipp_close(struct ck_ipp *);
const char *ck_ipp_name(const struct ck_ipp *); /* by which it is found again: a URI, or a queue */
bool ck_ipp_queue(const struct ck_ipp *);
/* The printer behind a queue where that speaks IPP, else "". waits: the queue follows it there. */
const char *ck_ipp_device(const struct ck_ipp *);
bool ck_ipp_waits(const struct ck_ipp *);
/* The address of the device says nothing but where it is: it may be used without the queue. */
bool ck_ipp_plain(const struct ck_ipp *);
bool ck_ipp_takes_pdf(const struct ck_ipp *);

/* What to print on and how; NULL and 0: as this user set it for the queue (lpoptions), else A4
 * where that is known, and the printer's own ways. as: the queue whose user's options count.
 * PRINT_OPTION: what it does not offer. */
struct ck_ipp_choice {
	const char *media, *sides;
	int copies;
};
int ck_ipp_choose(
    struct ck_ipp *, const struct ck_ipp *as, const struct ck_ipp_choice *, struct ck_err *);
/* of what was chosen: how many copies */
int ck_ipp_copies(const struct ck_ipp *);

/* A job without a document. PRINT_REJECTING, PRINT_BUSY, PRINT_OPTION, or as open. */
int ck_ipp_create(struct ck_ipp *, const char *title, struct ck_job_seen *, struct ck_err *);
/* The document, from its first byte. 0 all of it was taken; CK_IPP_UNSENT none of it was; -1: it
 * may have been. */
#define CK_IPP_UNSENT 1
int ck_ipp_send(struct ck_ipp *, int job, int fd, size_t n, struct ck_err *);
int ck_ipp_cancel(struct ck_ipp *, int job, struct ck_err *);

/* Looks; a job that is not there is CK_JOB_NONE. -1: nobody answered, or PRINT_TROUBLE. */
int ck_ipp_job(struct ck_ipp *, int job, struct ck_job_seen *, struct ck_err *);
int ck_ipp_find(struct ck_ipp *, const char *title, struct ck_job_seen *, struct ck_err *);
int ck_ipp_printer(struct ck_ipp *, struct ck_printer_seen *, struct ck_err *);

/* Every queue of CUPS with what is set for it. */
struct ck_ipp_row {
	const char *name, *info, *device, *media, *sides, *copies; /* "" not known */
	bool is_default;
};
int ck_ipp_each(const struct ck_ipp_wait *,
    int (*each)(void *u, struct ck_ipp *, const struct ck_ipp_row *, struct ck_err *), void *u,
    struct ck_err *);
/* The same of one, named as for open; and so it is the default. */
int ck_ipp_one(const char *printer, const struct ck_ipp_wait *,
    int (*each)(void *u, struct ck_ipp *, const struct ck_ipp_row *, struct ck_err *), void *u,
    struct ck_err *);

#endif
