/*
 * Papers that come in: sheets.c takes them from the scanner or a stick and puts each in its place
 * in the record, upload.c brings them to the desk. Station papers (papers.c) asks for them.
 */
#ifndef CK_SHEETS_H
#define CK_SHEETS_H

#include "base/slip.h"
#include "certkiosk/papers.h"
#include "walk/visit.h"

/* What of the papers the desk wants is kept here already. */
struct ck_intake {
	size_t n; /* papers the desk wants, as it lists them */
	struct ck_wanted {
		const struct ck_paper_rule *rule; /* NULL: our rules do not know it */
		const struct ck_paper_now *now;
		int pages; /* that make it whole; 0: our form, of which there is none */
		int have;
		bool missing[CK_PAPER_SHEETS_MAX + 1]; /* by page */
		bool whole;
	} want[CK_PAPERS_MAX];
	size_t n_sheets;
	struct ck_sheet_kept sheets[CK_SHEETS_MAX];
};

/* papers.c. GO: the desk has all it wants; ASK for the rest. Station pay takes the proof of a
 * transfer so. */
enum ck_turn ck_take_papers(struct ck_visit *, struct ck_err *);

/* NULL: our rules do not know such a paper. */
const struct ck_paper_rule *ck_paper_rule(const struct ck_visit *, const char *kind);

/* As record and lease have it now. What the desk turned down after all of it was there is dropped
 * first: it is wanted anew. */
int ck_intake_read(struct ck_visit *, struct ck_intake *, struct ck_err *);
/* The first that is not whole; NULL: all are. */
const struct ck_wanted *ck_intake_next(const struct ck_intake *);

/* A run of the scanner. Each sheet that has a place is kept before the next one comes. 0: it is
 * over, and why says what was wrong with the last sheet that had none; -1. */
int ck_sheets_scan(struct ck_visit *, struct ck_err *why, struct ck_err *);
/* The same of one picture, or the pages of a PDF. */
int ck_sheets_file(struct ck_visit *, const char *path, struct ck_err *why, struct ck_err *);
/* Pictures and PDF on a stick, an array of paths. */
json_t *ck_sheets_files(const struct ck_site_paper *);

/* printed.c: a print of our form. */
struct ck_printed {
	char number[CK_SLIP_MAX]; /* its record's slip */
	int pages;		  /* 0: there is none */
};
/* The one whose pages come in. */
int ck_printed_read(struct ck_visit *, struct ck_printed *, struct ck_err *);
/* Was it made for the right this record holds now, there or here? 1, 0, -1: the desk did not say.
 */
int ck_printed_for_this(struct ck_visit *, const char *number, struct ck_err *);
/* From now on this one's; what is kept of the other is dropped. */
int ck_printed_turn_to(struct ck_visit *, const struct ck_printed *, struct ck_err *);

/* upload.c: what is whole and not at the desk yet goes there. PAPER_REFUSED, PAPER_UNKNOWN: what it
 * was about is not kept any more. */
int ck_sheets_upload(struct ck_visit *, const struct ck_intake *, struct ck_err *);

#endif
