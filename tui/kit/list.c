#include "list.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

/* rows a digit can choose */
#define DIGITS 9
/* "> 1  " */
#define ROW_INDENT 5
#define GAP 2

static void
draw_row(struct ck_canvas *c, struct ck_rect r, const struct ck_row *row, int i, bool focus)
{
	enum ck_style style = focus ? CK_S_FOCUS : row->why != NULL ? CK_S_DIM : CK_S_PLAIN;
	char digit[] = { (char)('1' + i), '\0' };
	int used;

	if (focus) {
		ck_paint(c, r, style);
		ck_put(c, r.x, r.y, 1, style, ">");
	}
	if (i < DIGITS)
		ck_put(c, r.x + 2, r.y, 1, style, digit);
	ck_canvas_key(c, r, CK_KEY_PICK + i);
	r.x += ROW_INDENT;
	r.w -= ROW_INDENT;
	used = ck_put(c, r.x, r.y, r.w, style, row->text) + GAP;
	if (row->why != NULL)
		ck_put(c, r.x + used, r.y, r.w - used, style, row->why);
}

int
ck_list_draw(struct ck_canvas *c, struct ck_rect r, struct ck_list *l)
{
	int shown = l->n < r.h ? l->n : r.h;
	struct ck_rect line = { r.x, r.y, shown < l->n ? r.w - CK_SCROLL_COLUMNS : r.w, 1 };

	l->page = shown;
	ck_scroll(&l->top, l->at, shown, l->n);
	for (int i = 0; i < shown; i++, line.y++)
		draw_row(c, line, &l->rows[l->top + i], l->top + i, l->top + i == l->at);
	r.h = shown;
	if (shown > 0)
		ck_scroll_marks(c, r, l->top, l->n - l->top - shown);
	return shown;
}

static enum ck_came
choose(struct ck_list *l, int i)
{
	if (i < 0 || i >= l->n)
		return CK_CAME_REFUSED;
	l->at = i;
	return l->rows[i].why == NULL ? CK_CAME_CHOICE : CK_CAME_REFUSED;
}

enum ck_came
ck_list_key(struct ck_list *l, const struct ck_event *e)
{
	if (e->kind != CK_EV_KEY || l->n == 0)
		return CK_CAME_NOTHING;
	if (ck_scroll_key(e, &l->at, l->n, l->page))
		return CK_CAME_CHANGE;
	if (e->key == CK_KEY_ENTER)
		return choose(l, l->at);
	if (e->key > '0' && e->key <= '0' + DIGITS)
		return choose(l, e->key - '1');
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + CK_KEY_PICKS)
		return choose(l, e->key - CK_KEY_PICK);
	return CK_CAME_NOTHING;
}

/* ---- buttons ---- */

#define BUTTON_GAP 3

int
ck_buttons_draw(struct ck_canvas *c, struct ck_rect r, const struct ck_buttons *b)
{
	struct ck_flow flow = ck_flow_in(r, BUTTON_GAP);
	int x, y;

	for (int i = 0; i < b->n; i++) {
		const struct ck_button *one = &b->buttons[i];
		int name = ck_shown_columns(one->name), text = ck_shown_columns(one->text);
		/* " 1  text " */
		struct ck_rect all = { 0, 0, name + text + 4, 1 };

		if (!ck_flow_next(&flow, all.w, &x, &y)) {
			ck_put(c, r.x, r.y, 0, CK_S_PLAIN, one->text); /* counts as cut */
			break;
		}
		all.x = x;
		all.y = y;
		if (i == b->at)
			ck_paint(c, all, CK_S_FOCUS);
		ck_put(c, x + 1, y, name, i == b->at ? CK_S_FOCUS : CK_S_HEAD, one->name);
		ck_put(c, x + name + 3, y, text, i == b->at ? CK_S_FOCUS : CK_S_PLAIN, one->text);
		ck_canvas_key(c, all, one->key);
	}
	return b->n > 0 ? flow.line + 1 : 0;
}
