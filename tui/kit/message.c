#include "message.h"

/* as wide as a sentence is read at once; the least terminal has 80 */
#define WIDTH 60
#define PAD 3
#define BUTTON_LINES 3

void
ck_message_draw(struct ck_canvas *c, const struct ck_message *m)
{
	struct ck_rect all = ck_canvas_all(c), r, in;
	int most = all.h - 7 - BUTTON_LINES, lines = ck_wrapped_lines(m->text, WIDTH - 2 * PAD);

	if (lines > most)
		lines = most;
	/* border, title, blank, text, blank, buttons, border */
	r = ck_middle(all, WIDTH, lines + 5 + (m->buttons.n > 0 ? 1 + BUTTON_LINES : 0));
	ck_canvas_lift(c, r);
	ck_canvas_cursor(c, -1, -1);
	ck_box(c, r);
	in = (struct ck_rect){ r.x + PAD, r.y + 1, r.w - 2 * PAD, 1 };
	ck_put_toned(c, in, m->tone, m->title);
	in.y += 2;
	in.h = lines;
	ck_put_wrapped(c, in, CK_S_PLAIN, m->text);
	in.y += lines + 1;
	in.h = BUTTON_LINES;
	ck_buttons_draw(c, in, &m->buttons);
}
