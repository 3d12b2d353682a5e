/* The rows of lists in words. */
#ifndef CK_ROWS_IN_WORDS_H
#define CK_ROWS_IN_WORDS_H

#include "say.h"

enum ck_row_of {
	CK_ROW_OF_KEYS,
	CK_ROW_OF_WATCH,
	CK_ROW_OF_RECORDS,
	CK_ROW_OF_RECORD, /* its lines */
	CK_ROW_OF_TEND,
	CK_ROW_OF_PURGE,
	CK_ROW_OF_STATUS,
	CK_ROW_OF_EXPORT,
	CK_ROW_OF_DOCTOR,
	CK_ROW_OF_LEDGER,
	CK_ROW_OF_DIAGNOSE,
	CK_ROW_OF_REPORT,
	CK_ROW_OF_FORM, /* its signatures */
	CK_ROW_OF_DOCUMENT,
	CK_ROW_OF_FORMS,
	CK_ROW_OF_PRINTERS,
	CK_ROW_OF_BATCHES,
	CK_ROW_OF_BATCH, /* its keys */
	CK_ROW_OF_SERVICES,
	CK_ROW_OF_APPLICATION,
};

void ck_show_row(const struct ck_show *, enum ck_row_of, const json_t *row);

/* what a system costs, what to bring, how long it takes, whom to call; indent: at most 8 */
void ck_show_notice(const struct ck_show *, int indent, const json_t *notice, const char *hotline);

#endif
