/* A form laid out: units that no page break divides, each with the marks it leaves on the paper.
 * Lengths are points, from the left upper corner of the page or of the unit. */
#ifndef CK_SHEET_H
#define CK_SHEET_H

#include <stdint.h>

#include "form.h"
#include "template.h"
#include "type.h"

#define CK_MM (72 / 25.4)
#define CK_PAGE_W (210 * CK_MM)
#define CK_PAGE_H (297 * CK_MM)
#define CK_LEFT (20 * CK_MM)
#define CK_BODY_W (CK_PAGE_W - 2 * CK_LEFT)
#define CK_TOP (14 * CK_MM)
#define CK_BOTTOM (12 * CK_MM)
#define CK_NUMBER_W (CK_BODY_W / 2) /* of a page's number, at most */
/* what stays white around a code: four of its modules (ISO/IEC 18004, 5.3.7), of the coarsest code
 * that says as much as ours do, of 25 modules */
#define CK_CODE_WHITE(size) ((size)*4 / 25)

enum ck_leaves { CK_LEAVES_TEXT, CK_LEAVES_LINE, CK_LEAVES_FRAME, CK_LEAVES_TINT, CK_LEAVES_RING };

struct ck_leaf {
	enum ck_leaves what;
	double x, y, w, h;
	PangoLayout *layout;
	PangoLayoutLine *line; /* only this line of it, y is its base line */
	const char *tag;       /* H1, H2, P: what a reading program makes of it */
};

struct ck_unit {
	double before, h;
	bool keep;	 /* on one page with the next */
	size_t first, n; /* its leaves */
	size_t
	    under; /* a table's row: the unit of its heads, from 1, which each page begins with */
	int page;
	double y;
};

struct ck_sheet {
	struct ck_type *type;
	struct ck_leaf *leaves;
	struct ck_unit *units;
	size_t n_leaves, cap_leaves, n_units, cap_units;
	struct ck_unit head, again, foot; /* of the first page, of the others, of all */
	double code;			  /* side of the QR */
	double foot_text_y;		  /* in the foot */
	int pages;
	json_t *numbers; /* of each page, as it stands on its right below */
	json_t *lines;	 /* the same for a screen */
	char title[CK_FORM_LABEL_MAX], number[CK_SLIP_MAX];
	int64_t made;
};

/* Begins a unit, which the leaves that follow belong to; borrowed until the next begins. */
struct ck_unit *ck_sheet_unit(struct ck_sheet *, double before, struct ck_err *);
/* Unit at stands before unit i once more, with the same marks. */
int ck_sheet_again(struct ck_sheet *, size_t at, size_t i, struct ck_err *);
/* The leaf takes the layout over, also when it fails. */
int ck_sheet_leaf(struct ck_sheet *, const struct ck_leaf *, struct ck_err *);
int ck_sheet_line(struct ck_sheet *, struct ck_err *, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What a section needs to know of the whole. */
struct ck_layer {
	struct ck_sheet *sheet;
	const struct ck_form *form;
	struct ck_filler filler;
	json_t *own;   /* the filler's */
	double labels; /* width of the labels of all grids, so that they stand under each other */
	char *text;    /* CK_FORM_FILLED_MAX bytes */
	struct ck_err *err;
};
int ck_lay_grid(struct ck_layer *, const struct ck_form_section *);
int ck_lay_rows(struct ck_layer *, const struct ck_form_section *);
int ck_lay_boxes(struct ck_layer *, const struct ck_form_section *);
int ck_lay_clauses(struct ck_layer *, const struct ck_form_section *); /* and lines */

#endif
