#include "service.h"

#include "keys.h"
#include "pick.h"
#include "words/say.h"
#include "words/service_rows.h"

enum { ON, BACK, CHOICES };

struct shown {
	struct ck_service_page *page;
	const struct ck_ctx *ctx;
};

void
ck_service_put_bring(struct ck_sheet *sheet, const struct ck_ctx *ctx, const json_t *facts)
{
	const json_t *bring = json_object_get(facts, "bring"), *one;
	char text[CK_SENTENCE_MAX];
	size_t i;

	if (json_array_size(bring) > 0)
		ck_sheet_put(sheet, CK_S_PLAIN, ck_say(ctx, "apply", "bring"));
	json_array_foreach(bring, i, one)
	{
		snprintf(text, sizeof text, "  - %s", ck_called(ctx->lang, one));
		ck_sheet_put(sheet, CK_S_PLAIN, text);
	}
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const json_t *row = s->page->row;
	const char *note = ck_called(s->ctx->lang, json_object_get(row, "note"));
	bool submits = json_is_true(json_object_get(row, "submits"));

	ck_sheet_put(sheet, CK_S_HEAD, text_of(row, "title"));
	ck_sheet_put(sheet, CK_S_HEAD, ck_called(s->ctx->lang, json_object_get(row, "called")));
	ck_sheet_gap(sheet);
	ck_service_put_bring(sheet, s->ctx, row);
	ck_sheet_gap(sheet);
	if (json_is_true(json_object_get(row, "certificate")))
		ck_sheet_put(sheet, CK_S_PLAIN, ck_say(s->ctx, "apply", "certificate"));
	ck_sheet_put(sheet, CK_S_PLAIN, ck_say(s->ctx, "apply", submits ? "submits" : "brought"));
	ck_sheet_toned(
	    sheet, CK_TONE_CAREFUL, *note != '\0' ? note : ck_say(s->ctx, "apply", "decides"));
	ck_sheet_gap(sheet);
	ck_pick_put(sheet, &s->page->list);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .page = self, .ctx = ctx };

	s.page->rows[ON] = (struct ck_row){ ck_say(ctx, "apply", "on"), NULL };
	s.page->rows[BACK] = (struct ck_row){ ck_say(ctx, "apply", "back"), NULL };
	ck_sheet_draw_middle(c, r, fill, &s);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_service_page *p = self;
	enum ck_went went = ck_list_or_back(&p->list, e);

	(void)ctx;
	return went == CK_WENT_DONE && p->list.at != ON ? CK_WENT_BACK : went;
}

void
ck_service_page_view(struct ck_service_page *p, struct ck_view *view)
{
	p->list = (struct ck_list){ .rows = p->rows, .n = CHOICES };
	*view = (struct ck_view){ .self = p,
		.draw = draw,
		.key = key,
		.functions = ck_choose_functions,
		.help = "apply",
		.idle = CK_IDLE_WIPE };
}
