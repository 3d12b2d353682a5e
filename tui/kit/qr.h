/* A QR code for a phone, in half blocks (two modules a character) or, where there are only ASCII
 * signs, in grounds alone, two characters a module. Around it is the quiet zone of ISO/IEC 18004.
 */
#ifndef CK_KIT_QR_H
#define CK_KIT_QR_H

#include "widget.h"

struct ck_qr;
/* NULL: too long for any code, or no memory; the text is all there is then */
struct ck_qr *ck_qr_new(const char *text);
void ck_qr_free(struct ck_qr *); /* wiped */

/* Makes it fit into so many cells: where the quiet zone has to give way above and below, to no less
 * than two modules, which phones take. false: it does not. */
bool ck_qr_fit(struct ck_qr *, int w, int h, bool ascii);
/* cells it takes, quiet zone included */
void ck_qr_size(const struct ck_qr *, bool ascii, int *w, int *h);
/* In the upper left of the room; false, and nothing drawn, where there is too little. */
bool ck_qr_draw(struct ck_canvas *, struct ck_rect, const struct ck_qr *, bool ascii);

#endif
