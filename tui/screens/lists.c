/* Lists as they come from the engine: a table with what is known of the row in focus below it, or
 * lines of text; what is to be said while there is nothing, and when it went wrong. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "listed.h"
#include "words/desk_rows.h"

/* the rule and what is said of the row in focus: mostly, and of the longest names */
#define DETAIL_ROWS 6
#define DETAIL_MOST 9
#define HEAD_ROWS 2

struct ck_rows {
	enum ck_list_kind kind;
	json_t *rows, *end;
	json_t *sought; /* facts for the words */
	struct ck_table table;
	struct ck_prose prose;
	enum ck_row_act act;
};

/* by kind: its words, and what can be done with it */
static const struct {
	const char *name;
	bool choose; /* a row: what is behind it */
	bool counted;
	bool latest; /* no more than CK_LATEST_MAX are shown */
} kinds[CK_LIST_KINDS] = {
	[CK_LIST_RECORDS] = { "records", .choose = true, .counted = true },
	[CK_LIST_LINES] = { "lines", .counted = true },
	[CK_LIST_REPORT] = { "report", .counted = true },
	[CK_LIST_LEDGER] = { "ledger", .counted = true, .latest = true },
	[CK_LIST_DIAGNOSIS] = { "diagnosis", .counted = true },
	[CK_LIST_STATUS] = { "status" },
	[CK_LIST_DOCTOR] = { "doctor" },
	[CK_LIST_FORMS] = { "forms", .choose = true, .counted = true },
	[CK_LIST_FORMS_ALL] = { "forms-all", .choose = true, .counted = true, .latest = true },
	[CK_LIST_FORM] = { "form" },
	[CK_LIST_PRINTERS] = { "printers", .choose = true, .counted = true },
	[CK_LIST_BATCHES] = { "batches", .choose = true, .counted = true },
	[CK_LIST_BATCH] = { "batch", .counted = true },
	[CK_LIST_BATCH_OVER] = { "batch", .counted = true },
	[CK_LIST_WAYS] = { "ways", .choose = true },
	[CK_LIST_SERVICES] = { "services", .choose = true },
};

static bool
is_open(const json_t *row)
{
	const char *state = text_of(row, "state");

	return strcmp(state, "open") == 0 || strcmp(state, "parked") == 0;
}

/* an application is the CA's once it was sent, and is asked about first: by a command */
static bool
may_abandon(const json_t *row)
{
	return is_open(row) && strcmp(text_of(row, "way"), "service") != 0;
}

static bool
has_form(const json_t *row)
{
	/* one that is open prints it at its own end */
	return *text_of(row, "form") != '\0' && !is_open(row);
}

static bool
has_list(const json_t *row)
{
	return row != NULL && (is_open(row) || *text_of(row, "form") != '\0');
}

static bool
may_print(const json_t *row)
{
	return row != NULL && strcmp(text_of(row, "state"), "wiped") != 0;
}

#define KINDS(one, other) (1u << (one) | 1u << (other))
#define FORMS KINDS(CK_LIST_FORMS, CK_LIST_FORMS_ALL)

/* its function keys, as they stand; fits: with the row in focus, NULL: with none */
static const struct {
	unsigned kinds;
	int key;
	char letter;
	const char *name, *word;
	enum ck_row_act act;
	bool (*fits)(const json_t *row);
} acts[] = {
	{ 1u << CK_LIST_DIAGNOSIS, CK_KEY_F(4), 'r', "F4", "again", CK_ROW_AGAIN, NULL },
	{ 1u << CK_LIST_FORMS, CK_KEY_F(4), 'r', "F4", "all", CK_ROW_ALL, NULL },
	{ 1u << CK_LIST_FORMS_ALL, CK_KEY_F(4), 'r', "F4", "waiting", CK_ROW_ALL, NULL },
	{ 1u << CK_LIST_RECORDS, CK_KEY_F(5), 'g', "F5", "resume", CK_ROW_RESUME, is_open },
	{ 1u << CK_LIST_RECORDS, CK_KEY_F(6), 'x', "F6", "abandon", CK_ROW_ABANDON, may_abandon },
	{ 1u << CK_LIST_RECORDS, CK_KEY_F(7), '/', "F7", "search", CK_ROW_SEARCH, NULL },
	{ 1u << CK_LIST_RECORDS, CK_KEY_F(8), 'p', "F8", "form", CK_ROW_FORM, has_form },
	{ FORMS, CK_KEY_F(5), 'p', "F5", "print", CK_ROW_PRINT, may_print },
	{ FORMS, CK_KEY_F(6), 'o', "F6", "printer", CK_ROW_PRINTER, may_print },
	{ 1u << CK_LIST_FORM, CK_KEY_F(5), 'p', "F5", "print", CK_ROW_PRINT, NULL },
	{ 1u << CK_LIST_FORM, CK_KEY_F(6), 'o', "F6", "printer", CK_ROW_PRINTER, NULL },
	{ 1u << CK_LIST_BATCHES, CK_KEY_F(4), 'n', "F4", "new", CK_ROW_NEW, NULL },
	{ 1u << CK_LIST_BATCHES, CK_KEY_F(5), 'g', "F5", "next", CK_ROW_RESUME, is_open },
	{ 1u << CK_LIST_BATCHES, CK_KEY_F(8), 'p', "F8", "list", CK_ROW_PRINT, has_list },
	{ 1u << CK_LIST_BATCH, CK_KEY_F(5), 'g', "F5", "next", CK_ROW_RESUME, NULL },
	{ KINDS(CK_LIST_BATCH, CK_LIST_BATCH_OVER), CK_KEY_F(8), 'p', "F8", "list", CK_ROW_PRINT,
	    NULL },
};
#define ACTS (sizeof acts / sizeof *acts)

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
	json_decref(l->sought);
	ck_prose_clear(&l->prose);
	free(l);
}

void
ck_rows_end(struct ck_rows *l, const json_t *end)
{
	json_decref(l->end);
	l->end = json_incref((json_t *)(uintptr_t)end);
}

void
ck_rows_sought(struct ck_rows *l, const char *text)
{
	json_decref(l->sought);
	l->sought = json_pack("{s:s*}", "text", text);
}

/* ---- what is seen ---- */

static int
count(const struct ck_rows *l)
{
	return (int)json_array_size(l->rows);
}

static const json_t *
focus(const struct ck_rows *l)
{
	return kinds[l->kind].choose ? json_array_get(l->rows, (size_t)l->table.at) : NULL;
}

/* how the number of rows is told */
static const char *
count_word(const struct ck_rows *l)
{
	if (l->end == NULL)
		return "reading";
	if (json_is_true(json_object_get(json_object_get(l->end, "facts"), "more")))
		return "more";
	return kinds[l->kind].latest && count(l) >= CK_LATEST_MAX ? "latest" : "count";
}

/* what it is, and how many; while they still come, that they do */
static void
headline(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	json_t *facts = json_pack("{s:i}", "n", count(l));
	char text[CK_SENTENCE_MAX];

	ck_put(c, r.x, r.y, r.w, CK_S_HEAD, ck_say(ctx, "title", kinds[l->kind].name));
	ck_fill(text, sizeof text, ck_say(ctx, "list", count_word(l)), facts);
	json_decref(facts);
	if (l->end == NULL || (count(l) > 0 && kinds[l->kind].counted))
		ck_put_right(c, r.x, r.y, r.w, CK_S_DIM, text);
}

static void
take_line(void *u, const char *text, int hang)
{
	ck_prose_add(u, CK_S_HEAD, text, hang);
}

/* what all of them are together; returns the lines used */
static int
draw_totals(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const json_t *facts = json_object_get(l->end, "facts");
	struct ck_prose p = { .n = 0 };
	const struct ck_show show = { .lang = ctx->lang, .line = take_line, .u = &p };
	int used = 0;

	if (l->kind == CK_LIST_REPORT && json_object_get(facts, "total") != NULL)
		ck_show_totals(&show, facts);
	else if (l->kind == CK_LIST_DIAGNOSIS && json_object_get(facts, "ok") != NULL)
		ck_show_health(&show, facts);
	else
		return 0;
	used = ck_prose_draw(c, r, &p);
	ck_prose_clear(&p);
	return used + 1;
}

/* why the list broke off, or never came; returns the lines used */
static int
draw_error(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const json_t *err = json_object_get(l->end, "error");
	char text[CK_SENTENCE_MAX + 32];
	struct ck_told told;
	int y = r.y;

	/* of a diagnosis it is that of its first bad row, and stands there */
	if (err == NULL || (l->kind == CK_LIST_DIAGNOSIS && count(l) > 0))
		return 0;
	ck_tell_here(ctx, ctx->clerk, err, json_object_get(l->end, "facts"), &told);
	snprintf(text, sizeof text, "%s   [CK-%d]", told.title,
	    (int)json_integer_value(json_object_get(err, "code")));
	y += ck_put_toned(c, (struct ck_rect){ r.x, y, r.w, 2 }, CK_TONE_BAD, text);
	y += ck_put_wrapped(c, (struct ck_rect){ r.x + 2, y, r.w - 2, 4 }, CK_S_PLAIN, told.what);
	y += ck_put_wrapped(c, (struct ck_rect){ r.x + 2, y, r.w - 2, 4 }, CK_S_HEAD, told.todo);
	return y + 1 - r.y;
}

/* lines that what is said of the row in focus takes, with the rule above it */
static int
detail_rows(const struct ck_prose *p, int w)
{
	int n = ck_prose_lines(p, w) + 1;

	return n < DETAIL_ROWS ? DETAIL_ROWS : n > DETAIL_MOST ? DETAIL_MOST : n;
}

/* Every row in its columns; returns the lines used. */
static int
draw_columns(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const char *heads[CK_TABLE_COLUMNS_MAX], **cells = NULL;
	struct ck_texts t = { .n = 0 };
	int used = 0;

	l->table.columns = ck_listed_table(ctx, &t, l->kind, r.w, l->rows, heads, &cells);
	l->table.rows = count(l);
	l->table.heads = heads;
	l->table.cells = (const char *const *)cells;
	l->table.choose = kinds[l->kind].choose;
	if (l->table.columns > 0)
		used = ck_table_draw(c, r, &l->table);
	free(cells);
	ck_texts_free(&t);
	l->table.heads = l->table.cells = NULL;
	return used;
}

static void
draw_table(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_prose p = { .n = 0 };
	int below = 0;

	if (focus(l) != NULL) {
		ck_listed_detail(ctx, l->kind, focus(l), &p);
		below = detail_rows(&p, r.w) + 1;
	}
	r.y += draw_columns(l, c, (struct ck_rect){ r.x, r.y, r.w, r.h - below }, ctx) + 1;
	if (below > 0) {
		ck_rule(c, r.x, r.y, r.w);
		ck_prose_draw(c, (struct ck_rect){ r.x, r.y + 1, r.w, below - 2 }, &p);
	}
	ck_prose_clear(&p);
}

static void
draw_empty(struct ck_rows *l, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	bool sought = json_object_get(l->sought, "text") != NULL;
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(ctx, "empty", sought ? "found" : kinds[l->kind].name),
	    l->sought);
	ck_put_wrapped(c, r, CK_S_PLAIN, text);
}

/* the border of a sheet, and a blank on both sides of what stands on it */
#define EDGE 4

/* What stands on a form stands on a sheet here, too; returns its room. */
static struct ck_rect
sheet_of_paper(struct ck_canvas *c, struct ck_rect r, const struct ck_prose *p)
{
	int lines = ck_prose_lines(p, r.w - EDGE) + 2;

	r.h = lines < r.h ? lines : r.h - 1;
	ck_box(c, r);
	return (struct ck_rect){ r.x + EDGE / 2, r.y + 1, r.w - EDGE, r.h - 2 };
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
	used += draw_totals(l, c, (struct ck_rect){ in.x, in.y + used, in.w, 2 }, ctx);
	in.y += used;
	in.h -= used;
	if (count(l) == 0 && l->end != NULL && used == 0)
		draw_empty(l, c, in, ctx);
	if (count(l) == 0)
		return;
	if (ck_listed_in_table(l->kind)) {
		draw_table(l, c, in, ctx);
		return;
	}
	ck_prose_clear(&l->prose);
	ck_listed_prose(ctx, l->kind, l->rows, &l->prose);
	if (l->kind == CK_LIST_FORM)
		in = sheet_of_paper(c, in, &l->prose);
	ck_prose_draw(c, in, &l->prose);
}

/* ---- keys ---- */

static enum ck_went
done(struct ck_rows *l, enum ck_row_act act)
{
	l->act = act;
	return CK_WENT_DONE;
}

static enum ck_went
act(struct ck_rows *l, int pressed)
{
	for (size_t i = 0; i < ACTS; i++) {
		if ((acts[i].kinds & 1u << l->kind) == 0 || acts[i].key != pressed)
			continue;
		if (acts[i].fits != NULL && !acts[i].fits(focus(l)))
			return CK_WENT_REFUSED;
		return done(l, acts[i].act);
	}
	return CK_WENT_NOTHING;
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
	l->table.rows = count(l); /* more may have come since it was drawn */
	l->table.choose = kinds[l->kind].choose;
	came =
	    ck_listed_in_table(l->kind) ? ck_table_key(&l->table, e) : ck_prose_key(&l->prose, e);
	if (came == CK_CAME_CHOICE)
		return done(l, CK_ROW_SHOW);
	if (came == CK_CAME_NOTHING && e->key == CK_KEY_ENTER)
		return CK_WENT_BACK;
	return came == CK_CAME_CHANGE ? CK_WENT_CHANGE : CK_WENT_NOTHING;
}

static const char *
enter_word(const struct ck_rows *l)
{
	return l->kind == CK_LIST_RECORDS    ? "show"
	       : l->kind == CK_LIST_BATCHES  ? "keys"
	       : l->kind == CK_LIST_WAYS     ? "choose"
	       : l->kind == CK_LIST_SERVICES ? "choose"
	       : l->kind == CK_LIST_PRINTERS ? "print"
					     : "preview";
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_rows *l = self;
	int n = 0;

	if (kinds[l->kind].choose && count(l) > 0)
		out[n++] = (struct ck_function){ .key = CK_KEY_ENTER,
			.name = "Enter",
			.text = ck_say(ctx, "does", enter_word(l)) };
	out[n++] = ck_back_function(ctx);
	for (size_t i = 0; i < ACTS; i++)
		if ((acts[i].kinds & 1u << l->kind) != 0 &&
		    (acts[i].fits == NULL || acts[i].fits(focus(l))))
			out[n++] = (struct ck_function){ .key = acts[i].key,
				.letter = acts[i].letter,
				.name = acts[i].name,
				.text = ck_say(ctx, "does", acts[i].word) };
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
		.help =
		    l->kind == CK_LIST_FORMS_ALL ? kinds[CK_LIST_FORMS].name : kinds[l->kind].name,
		.idle = CK_IDLE_WIPE,
	};
}

enum ck_row_act
ck_rows_chosen(const struct ck_rows *l, const json_t **row)
{
	bool of_row = l->act != CK_ROW_NEW && l->act != CK_ROW_SEARCH && l->act != CK_ROW_AGAIN &&
		      l->act != CK_ROW_ALL;

	*row = of_row ? focus(l) : NULL;
	return l->act;
}
