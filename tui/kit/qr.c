#include "qr.h"

#include <stdlib.h>
#include <openssl/crypto.h>
#include <qrencode.h>

/* ISO/IEC 18004, 5.3.8: four modules */
#define QUIET 4
/* what the cameras of today need of it */
#define QUIET_LEAST 2
/* what a screen of 80x24 holds is less than half of the 177 modules there may be */
#define MOST 177

struct ck_qr {
	int n;	   /* modules a side */
	int above; /* quiet ones above and below; beside it there is always room */
	unsigned char dark[MOST * MOST];
};

struct ck_qr *
ck_qr_new(const char *text)
{
	/* screens are clean: the least redundancy, the smallest code; version as needed */
	QRcode *made = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	struct ck_qr *qr = made != NULL && made->width <= MOST ? calloc(1, sizeof *qr) : NULL;
	size_t n = made != NULL ? (size_t)made->width * (size_t)made->width : 0;

	if (qr != NULL) {
		qr->n = made->width;
		qr->above = QUIET;
		for (size_t i = 0; i < n; i++)
			qr->dark[i] = made->data[i] & 1;
	}
	if (made != NULL)
		OPENSSL_cleanse(made->data, n);
	QRcode_free(made);
	return qr;
}

void
ck_qr_free(struct ck_qr *qr)
{
	if (qr == NULL)
		return;
	OPENSSL_cleanse(qr, sizeof *qr);
	free(qr);
}

void
ck_qr_size(const struct ck_qr *qr, bool ascii, int *w, int *h)
{
	int across = qr->n + 2 * QUIET, down = qr->n + 2 * qr->above;

	*w = ascii ? 2 * across : across;
	*h = ascii ? down : (down + 1) / 2;
}

bool
ck_qr_fit(struct ck_qr *qr, int w, int h, bool ascii)
{
	int across, down;

	for (qr->above = QUIET; qr->above >= QUIET_LEAST; qr->above--) {
		ck_qr_size(qr, ascii, &across, &down);
		if (across <= w && down <= h)
			return true;
	}
	qr->above = QUIET;
	return false;
}

/* modules are counted from the corner of the quiet zone */
static bool
dark(const struct ck_qr *qr, int x, int y)
{
	x -= QUIET;
	y -= qr->above;
	return x >= 0 && y >= 0 && x < qr->n && y < qr->n && qr->dark[y * qr->n + x] != 0;
}

static const char *
half_block(bool upper, bool lower)
{
	if (upper)
		return lower ? "█" : "▀";
	return lower ? "▄" : " ";
}

bool
ck_qr_draw(struct ck_canvas *c, struct ck_rect r, const struct ck_qr *qr, bool ascii)
{
	int w, h;

	ck_qr_size(qr, ascii, &w, &h);
	if (w > r.w || h > r.h)
		return false;
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++)
			if (ascii)
				ck_put(c, r.x + x, r.y + y, 1,
				    dark(qr, x / 2, y) ? CK_S_QR_DARK : CK_S_QR, " ");
			else
				ck_put(c, r.x + x, r.y + y, 1, CK_S_QR,
				    half_block(dark(qr, x, 2 * y), dark(qr, x, 2 * y + 1)));
	return true;
}
