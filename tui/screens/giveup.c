#include "giveup.h"

#include "keys.h"
#include "kit/text.h"
#include "pick.h"

#define LABEL_GAP 2

enum { KEEP, GIVE_UP, CHOICES };

struct shown {
	struct ck_giveup *giveup;
	const struct ck_ctx *ctx;
};

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const char *label = ck_say(s->ctx, "fact", "record");

	ck_sheet_put(sheet, CK_S_HEAD, ck_say(s->ctx, "giveup", "head"));
	ck_sheet_gap(sheet);
	ck_sheet_beside(sheet, ck_shown_columns(label) + LABEL_GAP, label, s->giveup->record);
	ck_sheet_gap(sheet);
	ck_sheet_put(sheet, CK_S_PLAIN, ck_say(s->ctx, "giveup", "what"));
	ck_sheet_gap(sheet);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, ck_say(s->ctx, "giveup", "final"));
	ck_sheet_gap(sheet);
	ck_pick_put(sheet, &s->giveup->list);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .giveup = self, .ctx = ctx };

	s.giveup->rows[KEEP] = (struct ck_row){ ck_say(ctx, "giveup", "no"), NULL };
	s.giveup->rows[GIVE_UP] = (struct ck_row){ ck_say(ctx, "giveup", "yes"), NULL };
	ck_sheet_draw_middle(c, r, fill, &s);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_giveup *g = self;
	enum ck_went went = ck_list_or_back(&g->list, e);

	(void)ctx;
	return went == CK_WENT_DONE && g->list.at != GIVE_UP ? CK_WENT_BACK : went;
}

void
ck_giveup_view(struct ck_giveup *g, struct ck_view *view)
{
	g->list = (struct ck_list){ .rows = g->rows, .n = CHOICES };
	*view = (struct ck_view){ .self = g,
		.draw = draw,
		.key = key,
		.functions = ck_back_functions,
		.help = "giveup",
		.idle = CK_IDLE_WIPE };
}
