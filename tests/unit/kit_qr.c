/* QR codes read back from the cells they were drawn in, module by module, quiet zone included. */
#include "t.h"

#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>
#include <qrencode.h>

#include "../../tui/kit/qr.h"

#define QUIET 4

static bool
half_dark(const struct ck_cell *at, bool lower)
{
	switch (at->ch[0]) {
	case L'█':
		return true;
	case L'▀':
		return !lower;
	case L'▄':
		return lower;
	default:
		return false;
	}
}

static bool
dark(const struct ck_canvas *c, int x, int y, bool ascii)
{
	const struct ck_cell *at = ck_canvas_at(c, ascii ? 2 * x : x, ascii ? y : y / 2);

	if (!ascii)
		return at->style != CK_S_QR || half_dark(at, y % 2 == 1);
	return at->style != CK_S_QR || at[1].style != CK_S_QR;
}

static void
read_back(const char *text, bool ascii)
{
	struct ck_qr *qr = ck_qr_new(text);
	QRcode *want = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_L);
	int w = 0, h = 0, wrong = 0, light_seen = 0;
	struct ck_canvas *c;

	ck_qr_size(qr, ascii, &w, &h);
	c = ck_canvas_new(w, h);
	T(ck_qr_draw(c, ck_canvas_all(c), qr, ascii), "%s: drawn in %dx%d", text, w, h);
	for (int y = 0; y < want->width + 2 * QUIET; y++)
		for (int x = 0; x < want->width + 2 * QUIET; x++) {
			int mx = x - QUIET, my = y - QUIET;
			bool in = mx >= 0 && my >= 0 && mx < want->width && my < want->width;
			bool d = in && (want->data[my * want->width + mx] & 1) != 0;

			wrong += dark(c, x, y, ascii) != d;
			light_seen += !d;
		}
	T(wrong == 0 && light_seen > 0, "%s: %d modules are wrong", text, wrong);
	T(!ck_qr_draw(c, (struct ck_rect){ 0, 0, w - 1, h }, qr, ascii), "%s: not where it is cut",
	    text);
	T(!ck_qr_draw(c, (struct ck_rect){ 0, 0, w, h - 1 }, qr, ascii), "%s: nor below", text);
	ck_canvas_free(c);
	QRcode_free(want);
	ck_qr_free(qr);
}

/* Where lines are short the quiet zone gives way, never the code. */
static void
fits(void)
{
	struct ck_qr *qr;
	char link[101];
	int w = 0, h = 0;

	memset(link, 'x', sizeof link - 1);
	link[sizeof link - 1] = '\0';
	qr = ck_qr_new(link);
	T(ck_qr_fit(qr, 45, 23, false), "a hundred characters in 45x23");
	ck_qr_size(qr, false, &w, &h);
	T(w == 45 && h == 23, "with all of its quiet zone: %dx%d", w, h);
	T(ck_qr_fit(qr, 45, 21, false), "and in 45x21");
	ck_qr_size(qr, false, &w, &h);
	T(w == 45 && h == 21, "with half of it above and below: %dx%d", w, h);
	T(!ck_qr_fit(qr, 45, 20, false) && !ck_qr_fit(qr, 44, 40, false), "in less it does not");
	ck_qr_size(qr, false, &w, &h);
	T(h == 23, "and is as it was");
	ck_qr_free(qr);
}

int
main(void)
{
	static char much[4000];

	setlocale(LC_ALL, "C.UTF-8");
	for (int ascii = 0; ascii < 2; ascii++) {
		read_back("20261120-0371", ascii);
		read_back("https://pay.example.cn/o/8f3a61b2c7?k=静安1", ascii);
	}
	memset(much, 'x', sizeof much - 1);
	T(ck_qr_new(much) == NULL, "too much for any code");
	T(ck_qr_new("") == NULL, "nothing to be read");
	ck_qr_free(NULL);
	fits();
	return T_END();
}
