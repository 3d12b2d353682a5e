/*
 * Forms of records, and the journal of what was done to have them on paper. A form is kept sealed
 * before anything of it is printed, so that a lost sheet never needs the customer again; a record
 * has one at most, and a new one only when the one before is void. Every attempt to print has a
 * line of the journal, found by its title at printer and queue, too: what became of it is settled
 * before another begins.
 */
#ifndef CK_FORMS_H
#define CK_FORMS_H

#include "certkiosk/record.h"

#define CK_FORM_NAME_MAX 33

struct ck_form {
	char record[CK_NUMBER_MAX];
	char name[CK_FORM_NAME_MAX]; /* of its template */
	int64_t made;
	int pages, keep_days;
	int copies;	 /* surely on paper; the first is the original */
	int64_t printed; /* the last of them; 0: none is */
	int64_t wipe;	 /* when what is sealed of it goes; 0: not before it is printed, or gone */
	bool kept;	 /* what is sealed of it is still there */
	int mark;	 /* of its last attempt (enum ck_print_mark), -1: there was none */
	int denied;	 /* attempts that may have come out, and nobody saw it */
};

/* What is sealed of it: with fields and template it is drawn again, whatever stands in the folder
 * of forms by then. */
enum ck_form_part { CK_FORM_FIELDS, CK_FORM_QR, CK_FORM_PDF, CK_FORM_TEMPLATE };
#define CK_FORM_PARTS 4
struct ck_form_made {
	const char *name;
	int64_t made;
	int pages, keep_days; /* days it is kept once it was printed */
	struct {
		const void *p;
		size_t n; /* at most CK_PAPER_BYTES_MAX */
	} part[CK_FORM_PARTS];
};

/* The form and a line of its record, in one transaction: as ck_record_put. A second one of the same
 * record is INTERNAL as long as the record has its fact "form"; without that it takes the place of
 * the first, of which nothing stays. */
int ck_record_put_form(
    struct ck_record *, const struct ck_form_made *, const struct ck_line *, struct ck_err *);

/* 1, 0 there is none, -1 */
int ck_form_of(struct ck_store *, const char *record, struct ck_form *, struct ck_err *);
/* Malloc'd, NUL-terminated beyond n. 1, 0 it is not there (any more), -1. */
int ck_form_get(struct ck_store *, const char *record, enum ck_form_part, unsigned char **out,
    size_t *n, struct ck_err *);
/* Oldest first; when waiting only those of which no sheet is known to be out, or that have an
 * attempt that is not settled. each returns non-zero
 * to stop, and changes nothing in the store. */
int ck_store_each_form(struct ck_store *, bool waiting,
    int (*each)(void *u, const struct ck_form *), void *u, struct ck_err *);

/* ---- the journal ---- */

/* from CK_PRINT_OUT on it is settled */
enum ck_print_mark {
	CK_PRINT_MEANT,	  /* it may have been asked for */
	CK_PRINT_CREATED, /* there is a job, and nothing in it */
	CK_PRINT_HANDED,  /* the document was, or was about to be, handed over */
	CK_PRINT_LOOSE,	  /* nobody follows it any more */
	CK_PRINT_UNSURE,  /* only a person who looks can tell */
	CK_PRINT_OUT,	  /* on paper: proved, or a person saw it */
	CK_PRINT_NOTHING, /* not a sheet of it is, nor will be */
	CK_PRINT_DENIED,  /* nobody knew, and a person who looked saw none */
};
static inline bool
ck_print_open(int mark)
{
	return mark >= CK_PRINT_MEANT && mark < CK_PRINT_OUT;
}
extern const char *const ck_print_mark_names[]; /* "meant" … "printed" "failed" */

#define CK_TITLE_MAX 128 /* printers cut longer ones, and a cut one is not found again */
#define CK_PRINTER_MAX 256
struct ck_print {
	char title[CK_TITLE_MAX]; /* SLIP#8 hexadecimal digits.N, never twice */
	char record[CK_NUMBER_MAX];
	int copy; /* 1: the original */
	enum ck_print_mark mark;
	char printer[CK_PRINTER_MAX]; /* "": the default one, which is known from CREATED on */
	int64_t job;
	char uuid[64];
	int64_t at;
	char clerk[64];
};

/* What is about to be tried: title and time are filled in, the slip's first. FORM_BUSY while
 * another one of the record is not settled. Journal, record and ledger say so before it returns. */
int ck_print_begin(struct ck_store *, const char *slip, struct ck_print *, struct ck_err *);
/* It has come to mark; printer, job and uuid are kept, too. why: for the ledger, no personal data.
 * FORM_BUSY: somebody else has settled it. */
int ck_print_note(
    struct ck_store *, struct ck_print *, enum ck_print_mark, const char *why, struct ck_err *);
/* Those that are not settled, oldest first, UNSURE ones behind the others; record NULL: of all.
 * each as above, but it may change what it likes. */
int ck_store_each_print(struct ck_store *, const char *record,
    int (*each)(void *u, const struct ck_print *), void *u, struct ck_err *);

#endif
