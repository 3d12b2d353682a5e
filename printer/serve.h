/* The requests of include/certkiosk/paper.h: each speaks over the link until its last line. -1:
 * that could not be said (LINK), or why it failed, which main.c says. */
#ifndef CK_SERVE_H
#define CK_SERVE_H

#include <jansson.h>

#include "base/frame.h"

typedef int ck_serve(struct ck_link *, const json_t *request, struct ck_err *);

ck_serve ck_serve_form, ck_serve_text, ck_serve_check, ck_serve_glyphs; /* make.c */
ck_serve ck_serve_verify, ck_serve_verify_qr;				/* check.c */
ck_serve ck_serve_print, ck_serve_find, ck_serve_printers;		/* deliver.c */
ck_serve ck_serve_scanners, ck_serve_scan, ck_serve_read;		/* scan.c */

#endif
