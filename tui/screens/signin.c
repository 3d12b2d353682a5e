#include "signin.h"

#define WIDTH 56
#define LINES 6

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_signin *s = self;
	struct ck_rect all = ck_middle(r, WIDTH, LINES);

	s->rows[CK_SIGN_KEY].text = ck_say(ctx, "sign-in", "key");
	s->rows[CK_SIGN_WORD].text = ck_say(ctx, "sign-in", "word");
	s->list.rows = s->rows;
	s->list.n = CK_SIGN_WAYS;
	ck_put_centre(c, all.x, all.y, all.w, CK_S_HEAD, ck_say(ctx, "sign-in", "head"));
	ck_list_draw(c, (struct ck_rect){ all.x, all.y + 3, all.w, CK_SIGN_WAYS }, &s->list);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_signin *s = self;

	(void)ctx;
	if (ck_is_key(e, CK_KEY_ESC))
		return CK_WENT_BACK;
	switch (ck_list_key(&s->list, e)) {
	case CK_CAME_CHOICE:
		return CK_WENT_DONE;
	case CK_CAME_CHANGE:
		return CK_WENT_CHANGE;
	case CK_CAME_REFUSED:
		return CK_WENT_REFUSED;
	default:
		return CK_WENT_NOTHING;
	}
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] =
	    (struct ck_function){ CK_KEY_ENTER, 0, "Enter", ck_say(ctx, "does", "choose"), false };
	out[1] = (struct ck_function){ CK_KEY_ESC, 0, "Esc", ck_say(ctx, "does", "back"), false };
	return 2;
}

void
ck_signin_view(struct ck_signin *s, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = s,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "sign-in",
		.idle = CK_IDLE_WIPE,
		.staff = true,
	};
}

enum ck_sign_by
ck_signin_chosen(const struct ck_signin *s)
{
	return (enum ck_sign_by)s->list.at;
}
