/*
 * Within printer: what a signature adds to a document. It is made here alone, and from nothing but
 * the document before it and these few things; so whether an addition is one of ours is found by
 * making it again. Its shape is therefore kept for ever: forms that were filed have it.
 */
#ifndef CK_PDF_MADE_H
#define CK_PDF_MADE_H

#include "pdf.h"
#include "pdf_read.h"

#define CK_PDF_FIELD_MAX 32

struct ck_pdf_made {
	char field[CK_PDF_FIELD_MAX];
	int64_t at;			 /* in /M */
	struct ck_pdf_span name, reason; /* <FEFF…> */
	size_t hole;			 /* bytes it holds */
};

/* added: only what comes behind the document; hole: offsets in both together. NULL, or why not. */
const char *ck_pdf_make(
    struct ck_pdf_span doc, const struct ck_pdf_made *, struct ck_buf *added, struct ck_pdf_hole *);

/* D:20261121204300Z; false: such a year has no four digits */
#define CK_PDF_WHEN 18
bool ck_pdf_when(int64_t at, char out[CK_PDF_WHEN]);

#endif
