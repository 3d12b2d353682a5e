#include "agree.h"

#include "kit/text.h"
#include "pick.h"
#include "words/say.h"

#define LABEL_GAP 2

enum { NO, YES, CHOICES };

struct shown {
	struct ck_agree *agree;
	const struct ck_ctx *ctx;
};

static const char *
filled(const struct shown *s, const char *name, char out[CK_SENTENCE_MAX])
{
	ck_fill(out, CK_SENTENCE_MAX, ck_say(s->ctx, s->agree->about, name), s->agree->facts);
	return out;
}

static void
fill(void *u, struct ck_sheet *sheet)
{
	const struct shown *s = u;
	const char *label = ck_say(s->ctx, "fact", "record");
	char text[CK_SENTENCE_MAX];

	ck_sheet_put(sheet, CK_S_HEAD, filled(s, "head", text));
	ck_sheet_gap(sheet);
	ck_sheet_beside(
	    sheet, ck_shown_columns(label) + LABEL_GAP, label, text_of(s->agree->facts, "record"));
	ck_sheet_gap(sheet);
	ck_sheet_put(sheet, CK_S_PLAIN, filled(s, "what", text));
	ck_sheet_gap(sheet);
	ck_sheet_toned(sheet, CK_TONE_CAREFUL, filled(s, "final", text));
	ck_sheet_gap(sheet);
	ck_pick_put(sheet, &s->agree->list);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct shown s = { .agree = self, .ctx = ctx };

	s.agree->rows[NO] = (struct ck_row){ ck_say(ctx, s.agree->about, "no"), NULL };
	s.agree->rows[YES] = (struct ck_row){ ck_say(ctx, s.agree->about, "yes"), NULL };
	ck_sheet_draw_middle(c, r, fill, &s);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_agree *a = self;

	(void)ctx;
	if (ck_is_key(e, CK_KEY_ESC))
		return CK_WENT_BACK;
	switch (ck_list_key(&a->list, e)) {
	case CK_CAME_CHOICE:
		return a->list.at == YES ? CK_WENT_DONE : CK_WENT_BACK;
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
ck_agree_view(struct ck_agree *a, struct ck_view *view)
{
	a->list = (struct ck_list){ .rows = a->rows, .n = CHOICES };
	*view = (struct ck_view){ .self = a,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = a->about,
		.idle = CK_IDLE_WIPE };
}
