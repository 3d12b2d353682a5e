#include "giveup.h"

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

	(void)ctx;
	if (ck_is_key(e, CK_KEY_ESC))
		return CK_WENT_BACK;
	switch (ck_list_key(&g->list, e)) {
	case CK_CAME_CHOICE:
		return g->list.at == GIVE_UP ? CK_WENT_DONE : CK_WENT_BACK;
	case CK_CAME_CHANGE:
		return CK_WENT_CHANGE;
	case CK_CAME_REFUSED:
		return CK_WENT_REFUSED;
	case CK_CAME_NOTHING:
		break;
	}
	return CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = (struct ck_function){
		.key = CK_KEY_ESC, .name = "Esc", .text = ck_say(ctx, "fkey", "back")
	};
	return 1;
}

void
ck_giveup_view(struct ck_giveup *g, struct ck_view *view)
{
	g->list = (struct ck_list){ .rows = g->rows, .n = CHOICES };
	*view = (struct ck_view){ .self = g,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "giveup",
		.idle = CK_IDLE_WIPE };
}
