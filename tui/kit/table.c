#include "table.h"

#include "text.h"

#define GAP 2
/* a column does not shrink below what shows a date */
#define LEAST_COLUMN 10

static const char *
cell_of(const struct ck_table *t, int row, int column)
{
	const char *text = t->cells[row * t->columns + column];

	return text != NULL ? text : "";
}

static int
natural(const struct ck_table *t, int column)
{
	int widest = t->heads != NULL ? ck_shown_columns(t->heads[column]) : 0, n;

	for (int i = 0; i < t->rows; i++)
		if ((n = ck_shown_columns(cell_of(t, i, column))) > widest)
			widest = n;
	return widest;
}

static void
measure(const struct ck_table *t, int room, int *widths)
{
	int sum = (t->columns - 1) * GAP, widest;

	for (int i = 0; i < t->columns; i++)
		sum += widths[i] = natural(t, i);
	for (; sum > room; sum--, widths[widest]--) {
		widest = 0;
		for (int i = 1; i < t->columns; i++)
			if (widths[i] > widths[widest])
				widest = i;
		if (widths[widest] <= LEAST_COLUMN)
			break;
	}
}

static void
draw_cells(struct ck_canvas *c, struct ck_rect r, const struct ck_table *t, const int *widths,
    int row, enum ck_style style)
{
	int x = r.x;

	for (int i = 0; i < t->columns; x += widths[i] + GAP, i++) {
		const char *text = row < 0 ? t->heads[i] : cell_of(t, row, i);
		int room = r.x + r.w - x < widths[i] ? r.x + r.w - x : widths[i];

		if ((t->right & 1U << i) != 0)
			ck_put_right(c, x, r.y, room, style, text);
		else
			ck_put(c, x, r.y, room, style, text);
	}
}

int
ck_table_draw(struct ck_canvas *c, struct ck_rect r, struct ck_table *t)
{
	int widths[CK_TABLE_COLUMNS_MAX], heads = t->heads != NULL, shown;
	struct ck_rect line = { r.x, r.y, r.w, 1 }, body = { r.x, r.y + heads, r.w, r.h - heads };

	if (t->columns < 1 || t->columns > CK_TABLE_COLUMNS_MAX || body.h < 1)
		return 0;
	shown = t->rows < body.h ? t->rows : body.h;
	if (shown < t->rows)
		line.w -= CK_SCROLL_COLUMNS;
	if (t->choose) { /* "> " */
		line.x += 2;
		line.w -= 2;
	}
	t->page = shown;
	measure(t, line.w, widths);
	if (heads)
		draw_cells(c, line, t, widths, -1, CK_S_DIM);
	ck_scroll(&t->top, t->choose ? t->at : t->top, shown, t->rows);
	for (int i = 0; i < shown; i++) {
		bool focus = t->choose && t->top + i == t->at;
		struct ck_rect all = { r.x, body.y + i, line.w + (line.x - r.x), 1 };

		if (focus) {
			ck_paint(c, all, CK_S_FOCUS);
			ck_put(c, r.x, all.y, 1, CK_S_FOCUS, ">");
		}
		if (t->choose)
			ck_canvas_key(c, all, CK_KEY_PICK + t->top + i);
		line.y = all.y;
		draw_cells(c, line, t, widths, t->top + i, focus ? CK_S_FOCUS : CK_S_PLAIN);
	}
	body.h = shown;
	if (shown > 0)
		ck_scroll_marks(c, body, t->top, t->rows - t->top - shown);
	return heads + shown;
}

enum ck_came
ck_table_key(struct ck_table *t, const struct ck_event *e)
{
	int *moves = t->choose ? &t->at : &t->top;

	if (e->kind != CK_EV_KEY || t->rows == 0)
		return CK_CAME_NOTHING;
	if (ck_scroll_key(e, moves, t->rows, t->page))
		return CK_CAME_CHANGE;
	if (!t->choose)
		return CK_CAME_NOTHING;
	if (e->key == CK_KEY_ENTER)
		return CK_CAME_CHOICE;
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + t->rows) {
		t->at = e->key - CK_KEY_PICK;
		return CK_CAME_CHOICE;
	}
	return CK_CAME_NOTHING;
}
