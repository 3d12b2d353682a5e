/* Pictures of paper: read from what a stick holds, written from what a scanner saw, and looked at.
 */
#ifndef CK_PICTURE_H
#define CK_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "certkiosk/err.h"

/* A3 at 300 dpi is 17 million, a phone's photo 50; hostile ones claim more */
#define CK_PICTURE_PIXELS_MAX 64000000

struct ck_picture {
	int width, height;
	int colours;	  /* bytes a pixel: 1 grey, 3 red green blue */
	unsigned char *p; /* malloc'd */
};
void ck_picture_free(struct ck_picture *);

/* *type: "image/png", "image/jpeg". SHEET_FORMAT, SHEET_LARGE, SHEET_UNREADABLE. */
int ck_picture_read(
    const unsigned char *bytes, size_t n, struct ck_picture *, const char **type, struct ck_err *);
/* Grey as PNG, whole; colour as JPEG, a tenth of its size. SHEET_LARGE beyond out->max. */
int ck_picture_write(
    const struct ck_picture *, struct ck_buf *out, const char **type, struct ck_err *);

/* ---- look.c ---- */

/* A grey one of it: as the eye sees it, or through a red glass, where red ink is gone. */
int ck_picture_grey(const struct ck_picture *, bool red, struct ck_picture *grey, struct ck_err *);
/* Only what was printed in black stays on a grey one. */
void ck_picture_toner(struct ck_picture *grey);
/* Nothing written, drawn or stamped on it; of a grey one. */
bool ck_picture_blank(const struct ck_picture *grey);
/* Clockwise by 90, 180 or 270. */
int ck_picture_turn(struct ck_picture *, int degrees, struct ck_err *);

#endif
