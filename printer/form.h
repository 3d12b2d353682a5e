/*
 * Forms: what stands on the paper, as data (printer/forms/NAME.conf; a site adds its own). A form
 * and the fields of a record are laid out once, and drawn as a page or told as text from that.
 */
#ifndef CK_FORM_H
#define CK_FORM_H

#include <stdint.h>
#include <jansson.h>

#include "base/buf.h"
#include "certkiosk/err.h"

struct ck_form;	 /* one file */
struct ck_sheet; /* laid out: pages with everything in its place */

/* FORM_UNKNOWN no such file; CONFIG with file, line and reason. */
int ck_form_open(const char *dir, const char *name, struct ck_form **, struct ck_err *);
/* What stood in that file when it was read: mistakes name it all the same. */
int ck_form_parse(
    const char *dir, const char *name, const char *text, struct ck_form **, struct ck_err *);
void ck_form_free(struct ck_form *);
const char *ck_form_title(const struct ck_form *);
/* the fields without which there never is a form: name and label of each; NULL: no memory */
json_t *ck_form_needs(const struct ck_form *);
/* Every form of a folder in name order; one that is wrong comes as NULL, with why. each returns -1
 * to stop. -1 also: no such folder. */
typedef int ck_form_seen(
    void *u, const char *name, const struct ck_form *, const struct ck_err *why);
int ck_form_each(const char *dir, ck_form_seen *each, void *u, struct ck_err *);

/* FORM_GLYPH: a character our fonts lack, by name, of all that a form says by itself. */
int ck_form_drawable(const struct ck_form *, struct ck_err *);
/* The same of what it would show of these fields: the first character of each that has such a one.
 * each returns -1 to stop. */
int ck_form_lacks(const struct ck_form *, const json_t *fields,
    int (*each)(void *u, const char *field, const char *character), void *u, struct ck_err *);

/* Of the fields it shows, whatever others there are: by name, as they stand on the paper. What is
 * not there and what is empty are the same. */
int ck_form_digest(
    const struct ck_form *, const json_t *fields, unsigned char out[32], struct ck_err *);

struct ck_form_copy {
	const char *number; /* slip of the record */
	int64_t made;
	const char *mark; /* of a copy: 补打第1次; NULL on the original */
};

/* FORM_FIELD a field that has to be there is not; FORM_GLYPH a character our fonts lack, by name;
 * FORM_TOO_LONG more than CK_PAPER_PAGES_MAX pages. */
int ck_form_lay(const struct ck_form *, const json_t *fields, const struct ck_form_copy *,
    struct ck_sheet **, struct ck_err *);
void ck_sheet_free(struct ck_sheet *);
int ck_sheet_pages(const struct ck_sheet *);
/* PDF 1.4, one cross-reference table; the same sheet and codes give the same bytes. qr: one a page.
 */
int ck_sheet_draw(
    const struct ck_sheet *, const char *const *qr, struct ck_buf *pdf, struct ck_err *);
int ck_sheet_text(
    const struct ck_sheet *, int (*line)(void *u, const char *text), void *u, struct ck_err *);

#endif
