#include "agree.h"

#include "keys.h"
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
	enum ck_went went = ck_list_or_back(&a->list, e);

	(void)ctx;
	return went == CK_WENT_DONE && a->list.at != YES ? CK_WENT_BACK : went;
}

void
ck_agree_view(struct ck_agree *a, struct ck_view *view)
{
	a->list = (struct ck_list){ .rows = a->rows, .n = CHOICES };
	*view = (struct ck_view){ .self = a,
		.draw = draw,
		.key = key,
		.functions = ck_back_functions,
		.help = a->about,
		.idle = CK_IDLE_WIPE };
}
