/* Type: the one family our forms are set in, and what it can show. */
#ifndef CK_TYPE_H
#define CK_TYPE_H

#include <stdbool.h>
#include <pango/pangocairo.h>

#include "certkiosk/err.h"

enum ck_style {
	CK_STYLE_TITLE,
	CK_STYLE_TITLE_SMALL,
	CK_STYLE_BESIDE, /* above and below the title */
	CK_STYLE_MARK,
	CK_STYLE_HEADING,
	CK_STYLE_LABEL,
	CK_STYLE_VALUE,
	CK_STYLE_CLAUSE,
	CK_STYLE_SMALL,
	CK_STYLE_LARGE,
	CK_STYLE_HUGE,
	CK_STYLES,
};

struct ck_type;

/* CONFIG: the family is not installed. */
int ck_type_open(struct ck_type **, struct ck_err *);
void ck_type_close(struct ck_type *);
/* A paragraph, width wide (0: one line as long as it is); the caller's to g_object_unref.
 * FORM_GLYPH, where: of what it is part. */
int ck_type_set(struct ck_type *, enum ck_style, const char *text, double width, const char *where,
    PangoLayout **, struct ck_err *);
void ck_type_size(PangoLayout *, double *w, double *h);
/* The first character it cannot show, by name: "U+4DAE 䶮", or "U+0007" where it would be no sight.
 * false: it shows them all. */
#define CK_LACKS_MAX 16
bool ck_type_lacks(const struct ck_type *, enum ck_style, const char *text, char out[CK_LACKS_MAX]);
/* FORM_GLYPH */
int ck_type_covers(
    const struct ck_type *, enum ck_style, const char *text, const char *where, struct ck_err *);

#endif
