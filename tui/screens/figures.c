/* Today in figures: how many of each, and bars by the hour. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "keys.h"
#include "kit/text.h"

#define HOURS 24
/* hours that are always there: a counter's day */
#define FIRST_HOUR 8
#define LAST_HOUR 20
/* the highest bar, where there is room */
#define BAR_ROWS 12
#define LEAST_BAR_ROWS 4
/* totals above, hours and what they are below */
#define TOTAL_ROWS 7
#define AXIS_ROWS 3
/* where a figure has no room */
#define THOUSAND 1000

struct hours {
	int first, last;
	json_int_t most, at[HOURS];
};

static void
read_hours(const json_t *facts, struct hours *h)
{
	const json_t *all = json_object_get(facts, "by_hour");

	*h = (struct hours){ .first = FIRST_HOUR, .last = LAST_HOUR };
	for (int i = 0; i < HOURS; i++) {
		json_int_t n = json_integer_value(json_array_get(all, (size_t)i));

		h->at[i] = n > 0 ? n : 0;
		if (n <= 0)
			continue;
		h->most = n > h->most ? n : h->most;
		h->first = i < h->first ? i : h->first;
		h->last = i > h->last ? i : h->last;
	}
}

/* as high as it is of the highest; whoever has any has a line at least */
static int
height(const struct hours *h, int hour, int rows)
{
	json_int_t most = h->most > rows ? h->most : rows;
	int n = (int)((h->at[hour] * rows + most - 1) / most);

	return n;
}

static void
bar(struct ck_canvas *c, const struct hours *h, int hour, struct ck_rect r, int width)
{
	char sign[CK_MOST_COLS], text[24];
	int n = height(h, hour, r.h), y = r.y + r.h;

	memset(sign, '#', (size_t)width);
	sign[width] = '\0';
	for (int i = 1; i <= n; i++)
		ck_put(c, r.x, y - i, width, CK_S_DONE, sign);
	if (h->at[hour] > 0) {
		snprintf(text, sizeof text, "%lld", (long long)h->at[hour]);
		if ((int)strlen(text) > width + 1)
			snprintf(text, sizeof text, "%lldk", (long long)h->at[hour] / THOUSAND);
		ck_put_centre(c, r.x, y - n - 1, width + 1, CK_S_PLAIN, text);
	}
	snprintf(text, sizeof text, "%d", hour);
	ck_put_centre(c, r.x, y + 1, width, CK_S_DIM, text);
}

static void
bars(struct ck_canvas *c, struct ck_rect r, const struct hours *h, const struct ck_ctx *ctx)
{
	int n = h->last - h->first + 1, each = r.w / n, rows = r.h - AXIS_ROWS - 1;
	struct ck_rect one;

	each = each > 6 ? 6 : each;
	rows = rows > BAR_ROWS ? BAR_ROWS : rows;
	if (each < 3 || rows < LEAST_BAR_ROWS)
		return;
	r.x += (r.w - n * each) / 2;
	one = (struct ck_rect){ r.x, r.y + 1, each, rows };
	for (int i = h->first; i <= h->last; i++, one.x += each)
		bar(c, h, i, one, each - 1);
	ck_rule(c, r.x - 1, r.y + rows + 1, n * each + 1);
	ck_put_centre(c, r.x, r.y + rows + 3, n * each, CK_S_DIM, ck_say(ctx, "figures", "hours"));
}

/* ---- the totals ---- */

static const char *const totals[] = { "done", "parked", "open", "abandoned", "refused", "total" };
#define TOTALS ((int)(sizeof totals / sizeof *totals))

static void
draw_totals(struct ck_canvas *c, struct ck_rect r, const json_t *facts, const struct ck_ctx *ctx)
{
	int each = r.w / TOTALS;
	char text[24];

	for (int i = 0; i < TOTALS; i++, r.x += each) {
		const json_t *n = json_object_get(facts, totals[i]);

		snprintf(text, sizeof text, "%lld", (long long)json_integer_value(n));
		ck_put_centre(c, r.x, r.y, each, CK_S_HEAD, json_is_integer(n) ? text : "-");
		ck_put_centre(c, r.x, r.y + 1, each, CK_S_DIM, ck_say(ctx, "figures", totals[i]));
	}
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const struct ck_figures *f = self;
	const json_t *facts = json_object_get(f->end, "facts"), *median;
	struct ck_rect in = { r.x + 1, r.y + 1, r.w - 2, r.h - 1 };
	char text[CK_SENTENCE_MAX];
	struct ck_told told;
	struct hours h;
	bool quick;

	ck_put(c, in.x, in.y, in.w, CK_S_HEAD, ck_say(ctx, "figures", "title"));
	if (f->end == NULL) {
		ck_put_right(c, in.x, in.y, in.w, CK_S_DIM, ck_say(ctx, "list", "reading"));
		return;
	}
	if (json_object_get(f->end, "error") != NULL) {
		ck_tell_err(ctx->lang, json_object_get(f->end, "error"), NULL, &told);
		in.y += 2;
		in.y += ck_put_toned(c, in, CK_TONE_BAD, told.title);
		in.y += ck_put_wrapped(
		    c, (struct ck_rect){ in.x + 2, in.y, in.w - 2, 4 }, CK_S_PLAIN, told.todo);
		return;
	}
	draw_totals(c, (struct ck_rect){ in.x, in.y + 2, in.w, 2 }, facts, ctx);
	median = json_object_get(facts, "minutes_median");
	quick = json_is_integer(median) && json_integer_value(median) == 0;
	ck_fill(
	    text, sizeof text, ck_say(ctx, "figures", quick ? "median-quick" : "median"), facts);
	ck_put_centre(c, in.x, in.y + 5, in.w, CK_S_DIM, text);
	read_hours(facts, &h);
	in.y += TOTAL_ROWS;
	in.h -= TOTAL_ROWS;
	if (h.most > 0)
		bars(c, in, &h, ctx);
	else
		ck_put_centre(c, in.x, in.y + 3, in.w, CK_S_PLAIN, ck_say(ctx, "figures", "none"));
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	(void)self;
	(void)ctx;
	return ck_is_key(e, CK_KEY_ESC) || ck_is_key(e, CK_KEY_ENTER) ? CK_WENT_BACK
								      : CK_WENT_NOTHING;
}

void
ck_figures_view(struct ck_figures *f, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = f,
		.draw = draw,
		.key = key,
		.functions = ck_back_functions,
		.help = "figures",
		.idle = CK_IDLE_STAY,
	};
}
