/* Rows in columns: old beside new, records, figures. Columns are as wide as what is in them; where
 * that is too much the widest gives way. */
#ifndef CK_KIT_TABLE_H
#define CK_KIT_TABLE_H

#include "widget.h"

#define CK_TABLE_COLUMNS_MAX 8

struct ck_table {
	int columns, rows;
	const char *const *heads; /* [columns]; NULL = none */
	const char *const *cells; /* [rows * columns]; a NULL is empty */
	unsigned right;		  /* bit of a column that stands to the right */
	bool choose;		  /* rows can be chosen */
	int at, top, page;	  /* the table's own */
};

/* returns the lines used, heads included */
int ck_table_draw(struct ck_canvas *, struct ck_rect, struct ck_table *);
enum ck_came ck_table_key(struct ck_table *, const struct ck_event *);

#endif
