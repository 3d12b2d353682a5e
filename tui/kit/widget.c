#include "widget.h"

#include <stdio.h>

#include "text.h"

struct ck_flow
ck_flow_in(struct ck_rect r, int gap)
{
	return (struct ck_flow){ .r = r, .gap = gap, .x = r.x };
}

bool
ck_flow_next(struct ck_flow *f, int columns, int *x, int *y)
{
	if (f->x > f->r.x && f->x + columns > f->r.x + f->r.w) {
		f->line++;
		f->x = f->r.x;
	}
	if (f->line >= f->r.h)
		return false;
	*x = f->x;
	*y = f->r.y + f->line;
	f->x += columns + f->gap;
	return true;
}

int
ck_put_toned(struct ck_canvas *c, struct ck_rect r, enum ck_tone tone, const char *text)
{
	char sign[] = { ck_tone_sign(tone), '\0' };
	int lines;

	if (tone != CK_TONE_PLAIN)
		ck_put(c, r.x, r.y, 1, ck_tone_style(tone), sign);
	r.x += 2;
	r.w -= 2;
	lines = ck_put_wrapped(c, r, ck_tone_style(tone), text);
	return lines > 0 ? lines : 1;
}

void
ck_scroll(int *top, int at, int rows, int n)
{
	if (*top > at)
		*top = at;
	if (rows > 0 && *top < at - rows + 1)
		*top = at - rows + 1;
	if (*top > n - rows)
		*top = n - rows;
	if (*top < 0)
		*top = 0;
}

void
ck_scroll_marks(struct ck_canvas *c, struct ck_rect r, int above, int below)
{
	char text[CK_SCROLL_COLUMNS + 8];

	snprintf(text, sizeof text, "^ %d", above);
	if (above > 0) {
		ck_put_right(c, r.x, r.y, r.w, CK_S_DIM, text);
		ck_canvas_key(c,
		    (struct ck_rect){ r.x + r.w - CK_SCROLL_COLUMNS, r.y, CK_SCROLL_COLUMNS, 1 },
		    CK_KEY_PAGE_UP);
	}
	snprintf(text, sizeof text, "v %d", below);
	if (below > 0) {
		ck_put_right(c, r.x, r.y + r.h - 1, r.w, CK_S_DIM, text);
		ck_canvas_key(c,
		    (struct ck_rect){
			r.x + r.w - CK_SCROLL_COLUMNS, r.y + r.h - 1, CK_SCROLL_COLUMNS, 1 },
		    CK_KEY_PAGE_DOWN);
	}
}

bool
ck_scroll_key(const struct ck_event *e, int *at, int n, int page)
{
	int to = *at;

	if (e->kind != CK_EV_KEY)
		return false;
	switch (e->key) {
	case CK_KEY_UP:
		to--;
		break;
	case CK_KEY_DOWN:
		to++;
		break;
	case CK_KEY_PAGE_UP:
		to -= page;
		break;
	case CK_KEY_PAGE_DOWN:
		to += page;
		break;
	case CK_KEY_HOME:
		to = 0;
		break;
	case CK_KEY_END:
		to = n - 1;
		break;
	default:
		return false;
	}
	to = to >= n ? n - 1 : to;
	*at = to < 0 ? 0 : to;
	return true;
}
