#include "pick.h"

#include <stdio.h>

#include "kit/text.h"

/* rows a digit can choose, and "> 1  " before them */
#define DIGITS 9
#define INDENT 5
/* between a row that can't be chosen and why */
#define DASH " - "
/* lines of a list that goes on */
#define LEAST 4

static void
text_of(const struct ck_row *row, char *out, size_t cap)
{
	snprintf(out, cap, "%s%s%s", row->text, row->why != NULL ? DASH : "",
	    row->why != NULL ? row->why : "");
}

static int
lines_of(const struct ck_row *row, int width)
{
	char text[CK_PICK_TEXT_MAX];
	int n;

	text_of(row, text, sizeof text);
	n = ck_wrapped_lines(text, width - INDENT);
	return n > 0 ? n : 1;
}

static int
lines_between(const struct ck_list *l, int from, int to, int width)
{
	int sum = 0;

	for (int i = from; i < to; i++)
		sum += lines_of(&l->rows[i], width);
	return sum;
}

static int
all_lines(const struct ck_list *l, int width)
{
	return lines_between(l, 0, l->n, width);
}

static void
draw_row(struct ck_canvas *c, struct ck_rect r, const struct ck_row *row, int i, bool focus)
{
	enum ck_style style = focus ? CK_S_FOCUS : row->why != NULL ? CK_S_DIM : CK_S_PLAIN;
	char digit[] = { (char)('1' + i), '\0' }, text[CK_PICK_TEXT_MAX];

	ck_canvas_key(c, r, CK_KEY_PICK + i);
	if (focus) {
		ck_paint(c, r, style);
		ck_put(c, r.x, r.y, 1, style, ">");
	}
	if (i < DIGITS)
		ck_put(c, r.x + 2, r.y, 1, style, digit);
	text_of(row, text, sizeof text);
	ck_put_wrapped(c, (struct ck_rect){ r.x + INDENT, r.y, r.w - INDENT, r.h }, style, text);
}

static void
draw(struct ck_canvas *c, struct ck_rect r, struct ck_list *l)
{
	bool all = all_lines(l, r.w) <= r.h;
	struct ck_rect row = r;
	int i;

	if (!all)
		row.w -= CK_SCROLL_COLUMNS;
	/* nothing may be in focus */
	if (l->top > l->at || all)
		l->top = all || l->at < 0 ? 0 : l->at;
	while (l->top < l->at && lines_between(l, l->top, l->at + 1, row.w) > r.h)
		l->top++;
	for (i = l->top; i < l->n; i++, row.y += row.h) {
		row.h = lines_of(&l->rows[i], row.w);
		if (row.y + row.h > r.y + r.h && i > l->top)
			break;
		draw_row(c, row, &l->rows[i], i, i == l->at);
	}
	l->page = i - l->top;
	if (r.h > 0)
		ck_scroll_marks(c, r, l->top, l->n - i);
}

void
ck_pick_put(struct ck_sheet *s, struct ck_list *l)
{
	/* a blank line below what goes on, so that it is seen to be a part */
	int lines = all_lines(l, s->r.w), left = s->r.h - s->used - s->gap - 1;
	struct ck_rect r;

	if (lines > left + 1 && lines > LEAST)
		lines = left > LEAST ? left : LEAST;
	r = ck_sheet_lines(s, lines);
	if (!s->measure)
		draw(s->c, r, l);
}
