/* Lists as they come from the engine: a table with what is known of the row in focus below it, or
 * lines of text; what is to be said while there is nothing, and when it went wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "listed.h"
#include "words/say.h"

/* the rule and what is said of the row in focus */
#define DETAIL_ROWS 6
#define HEAD_ROWS 2

struct ck_rows {
	enum ck_list_kind kind;
	json_t *rows, *end;
	struct ck_table table;
	struct ck_prose prose;
	enum ck_row_act act;
};

/* by kind: its words, and what can be done with it */
static const struct {
	const char *name;
	bool again, search, open;
} kinds[CK_LIST_KINDS] = {
	[CK_LIST_RECORDS] = { "records", false, true, true },
	[CK_LIST_LINES] = { "lines", false, false, false },
	[CK_LIST_REPORT] = { "report", false, false, false },
	[CK_LIST_LEDGER] = { "ledger", false, false, false },
	[CK_LIST_DIAGNOSIS] = { "diagnosis", true, false, false },
	[CK_LIST_STATUS] = { "status", false, false, false },
	[CK_LIST_DOCTOR] = { "doctor", false, false, false },
};

struct ck_rows *
ck_rows_new(enum ck_list_kind kind, const json_t *rows)
{
	struct ck_rows *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->kind = kind;
	l->rows = json_incref((json_t *)(uintptr_t)rows);
	return l;
}

void
ck_rows_free(struct ck_rows *l)
{
	if (l == NULL)
		return;
	json_decref(l->rows);
	json_decref(l->end);
	ck_prose_clear(&l->prose);
	free(l);
}

void
ck_rows_end(struct ck_rows *l, const json_t *end)
{
	json_decref(l->end);
	l->end = json_incref((json_t *)(uintptr_t)end);
}

/* ---- what is seen ---- */

static int
count(const struct ck_rows *l)
{
	return (int)json_array_size(l->rows);
}

/* "正在读取 …", how many there are, or nothing */
static void
headline(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	char text[CK_SENTENCE_MAX], right[CK_SENTENCE_MAX];
	json_t *facts = json_deep_copy(json_object_get(l->end, "facts"));

	if (facts == NULL)
		facts = json_object();
	json_object_set_new(facts, "n", json_integer(count(l)));
	ck_fill(right, sizeof right,
	    ck_say(ctx, "list",
		l->end == NULL ? "reading"
		: count(l) > 0 ? "count"
			       : "nothing"),
	    facts);
	ck_fill(text, sizeof text, ck_say(ctx, "title", kinds[l->kind].name), facts);
	json_decref(facts);
	ck_put(c, r.x, r.y, r.w, CK_S_HEAD, text);
	ck_put_right(c, r.x, r.y, r.w, CK_S_DIM, right);
}

/* why the list broke off, or never came; returns the lines used */
static int
draw_error(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const json_t *err = json_object_get(l->end, "error");
	char text[CK_SENTENCE_MAX + 32];
	struct ck_told told;
	int y = r.y;

	if (err == NULL)
		return 0;
	ck_tell_err(ctx->lang, err, json_object_get(l->end, "facts"), &told);
	snprintf(text, sizeof text, "%s   [CK-%d]", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	y += ck_put_toned(c, (struct ck_rect){ r.x, y, r.w, 2 }, CK_TONE_BAD, text);
	y += ck_put_wrapped(c, (struct ck_rect){ r.x + 2, y, r.w - 2, 4 }, CK_S_PLAIN, told.what);
	y += ck_put_wrapped(c, (struct ck_rect){ r.x + 2, y, r.w - 2, 4 }, CK_S_HEAD, told.todo);
	return y + 1 - r.y;
}

static void
draw_detail(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_prose p = { .n = 0 };

	ck_rule(c, r.x, r.y, r.w);
	ck_listed_detail(ctx, l->kind, json_array_get(l->rows, (size_t)l->table.at), &p);
	ck_prose_draw(c, (struct ck_rect){ r.x, r.y + 1, r.w, r.h - 1 }, &p);
	ck_prose_clear(&p);
}

static void
draw_table(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const char *heads[CK_TABLE_COLUMNS_MAX], **cells = NULL;
	struct ck_texts t = { .n = 0 };
	struct ck_rect above = { r.x, r.y, r.w, r.h - DETAIL_ROWS - 1 };

	l->table.columns = ck_listed_table(ctx, &t, l->kind, l->rows, heads, &cells);
	l->table.rows = count(l);
	l->table.heads = heads;
	l->table.cells = (const char *const *)cells;
	l->table.choose = true;
	if (l->table.columns > 0)
		r.y += ck_table_draw(c, above, &l->table) + 1;
	free(cells);
	ck_texts_free(&t);
	l->table.heads = l->table.cells = NULL;
	draw_detail(l, c, (struct ck_rect){ r.x, r.y, r.w, DETAIL_ROWS }, ctx);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_rows *l = self;
	struct ck_rect in = { r.x + 1, r.y + 1, r.w - 2, r.h - 1 };
	int used;

	headline(l, c, in, ctx);
	in.y += HEAD_ROWS;
	in.h -= HEAD_ROWS;
	used = draw_error(l, c, in, ctx);
	in.y += used;
	in.h -= used;
	if (count(l) == 0 && l->end != NULL && used == 0)
		ck_put_wrapped(c, in, CK_S_PLAIN, ck_say(ctx, "empty", kinds[l->kind].name));
	if (count(l) == 0)
		return;
	if (ck_listed_in_table(l->kind)) {
		draw_table(l, c, in, ctx);
		return;
	}
	ck_prose_clear(&l->prose);
	ck_listed_prose(ctx, l->kind, l->rows, &l->prose);
	ck_prose_draw(c, in, &l->prose);
}

/* ---- keys ---- */

static const json_t *
focus(const struct ck_rows *l)
{
	return ck_listed_in_table(l->kind) ? json_array_get(l->rows, (size_t)l->table.at) : NULL;
}

static bool
is_open(const struct ck_rows *l)
{
	const char *state = text_of(focus(l), "state");

	return strcmp(state, "open") == 0 || strcmp(state, "parked") == 0;
}

static enum ck_went
done(struct ck_rows *l, enum ck_row_act act)
{
	l->act = act;
	return CK_WENT_DONE;
}

static enum ck_went
act(struct ck_rows *l, int pressed)
{
	switch (pressed) {
	case CK_KEY_F(4):
		return kinds[l->kind].again ? done(l, CK_ROW_AGAIN) : CK_WENT_NOTHING;
	case CK_KEY_F(5):
		if (!kinds[l->kind].open)
			return CK_WENT_NOTHING;
		return is_open(l) ? done(l, CK_ROW_RESUME) : CK_WENT_REFUSED;
	case CK_KEY_F(6):
		if (!kinds[l->kind].open)
			return CK_WENT_NOTHING;
		return is_open(l) ? done(l, CK_ROW_ABANDON) : CK_WENT_REFUSED;
	case CK_KEY_F(7):
		return kinds[l->kind].search ? done(l, CK_ROW_SEARCH) : CK_WENT_NOTHING;
	default:
		return CK_WENT_NOTHING;
	}
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_rows *l = self;
	enum ck_came came;

	(void)ctx;
	if (e->kind != CK_EV_KEY)
		return CK_WENT_NOTHING;
	if (e->key == CK_KEY_ESC)
		return CK_WENT_BACK;
	if (e->key >= CK_KEY_F1 && e->key <= CK_KEY_F12)
		return act(l, e->key);
	came =
	    ck_listed_in_table(l->kind) ? ck_table_key(&l->table, e) : ck_prose_key(&l->prose, e);
	if (came == CK_CAME_CHOICE)
		return done(l, CK_ROW_SHOW);
	if (came == CK_CAME_NOTHING && e->key == CK_KEY_ENTER)
		return CK_WENT_BACK;
	return came == CK_CAME_CHANGE ? CK_WENT_CHANGE : CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_rows *l = self;
	int n = 0;

	if (ck_listed_in_table(l->kind) && count(l) > 0)
		out[n++] = (struct ck_function){ CK_KEY_ENTER, 0, "Enter",
			ck_say(ctx, "does", "show"), false };
	out[n++] = (struct ck_function){ CK_KEY_ESC, 0, "Esc", ck_say(ctx, "does", "back"), false };
	if (kinds[l->kind].again)
		out[n++] = (struct ck_function){ CK_KEY_F(4), 'r', "F4",
			ck_say(ctx, "does", "again"), false };
	if (kinds[l->kind].open && is_open(l)) {
		out[n++] = (struct ck_function){ CK_KEY_F(5), 'g', "F5",
			ck_say(ctx, "does", "resume"), false };
		out[n++] = (struct ck_function){ CK_KEY_F(6), 'x', "F6",
			ck_say(ctx, "does", "abandon"), false };
	}
	if (kinds[l->kind].search)
		out[n++] = (struct ck_function){ CK_KEY_F(7), '/', "F7",
			ck_say(ctx, "does", "search"), false };
	return n;
}

void
ck_rows_view(struct ck_rows *l, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = l,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = kinds[l->kind].name,
		.idle = CK_IDLE_WIPE,
	};
}

enum ck_row_act
ck_rows_chosen(const struct ck_rows *l, const json_t **row)
{
	bool of_row = l->act == CK_ROW_SHOW || l->act == CK_ROW_RESUME || l->act == CK_ROW_ABANDON;

	*row = of_row ? focus(l) : NULL;
	return l->act;
}
