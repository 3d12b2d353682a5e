#include "signin.h"

#include "keys.h"

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
	return ck_list_or_back(&s->list, e);
}

void
ck_signin_view(struct ck_signin *s, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = s,
		.draw = draw,
		.key = key,
		.functions = ck_choose_functions,
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
