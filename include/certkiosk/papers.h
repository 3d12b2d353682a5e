/*
 * Papers of a record: sheets that came in for it, by a scanner or on a stick, sealed as facts are,
 * and gone with them. A sheet has its place by kind and page; another one there replaces it.
 */
#ifndef CK_PAPERS_H
#define CK_PAPERS_H

#include "certkiosk/record.h"

/* one kind of paper more than a desk may want, each with all its pages */
#define CK_SHEETS_MAX 180
#define CK_PAPER_FORM "form" /* the kind this program makes itself */
#define CK_SHEET_BYTES_MAX (8 << 20)

struct ck_sheet_kept {
	char kind[32], type[24]; /* "form", "image/png" */
	int page;		 /* from 1 */
	unsigned char sha256[CK_HASH_LEN];
	size_t size;
	bool uploaded; /* all of it is at the desk */
};

/* The sheet and a line of its record, in one transaction: as ck_record_put. */
int ck_record_put_sheet(struct ck_record *, const struct ck_sheet_kept *, const void *bytes,
    const struct ck_line *, struct ck_err *);
/* All of it is at the desk, and a line says so, in one transaction; of this very sheet alone. */
int ck_record_sheet_up(
    struct ck_record *, const struct ck_sheet_kept *, const struct ck_line *, struct ck_err *);
/* No sheet of this kind is kept any more, and a line says so. */
int ck_record_drop_sheets(
    struct ck_record *, const char *kind, const struct ck_line *, struct ck_err *);

/* By kind and page; list has room for CK_SHEETS_MAX. */
int ck_record_sheets(struct ck_record *, struct ck_sheet_kept *list, size_t *n, struct ck_err *);
/* Malloc'd. 1, 0 it is not there (any more), -1. */
int ck_record_sheet(struct ck_record *, const struct ck_sheet_kept *, unsigned char **out,
    size_t *n, struct ck_err *);

#endif
