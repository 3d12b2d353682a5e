#include "attract.h"

#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "texts.h"
#include "words/say.h"

#define BOX_COLS 60
/* between the border and the text in it */
#define INSIDE 3
/* what can be done here without a clerk, word offer.N */
static const char *const offers[] = { "renew", "resume", "pin", "check" };
#define OFFERS ((int)(sizeof offers / sizeof *offers))

static int
centred(struct ck_canvas *c, struct ck_rect r, enum ck_style style, const char *text)
{
	int lines = ck_wrapped_lines(text, r.w);

	if (lines == 1)
		ck_put_centre(c, r.x, r.y, r.w, style, text);
	else if (lines > 1)
		ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, r.w, lines }, style, text);
	return lines;
}

/* below the box: whom to turn to */
static void
below(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	char text[CK_SENTENCE_MAX];
	json_t *facts = json_pack("{s:s}", "hotline", ctx->hotline);

	r.y += centred(c, r, CK_S_PLAIN,
	    ck_say(ctx, "attract",
		ctx->clerk	? "no-key-clerk"
		: ctx->services ? "no-key-other"
				: "no-key"));
	ck_fill(text, sizeof text, ck_say(ctx, "attract", "hotline"), facts);
	json_decref(facts);
	if (*ctx->hotline != '\0')
		centred(c, r, CK_S_PLAIN, text);
}

/* ---- nothing is wrong ---- */

/* what there is besides needs no key: Enter leads there */
static bool
leads_on(const struct ck_attract *a, const struct ck_ctx *ctx)
{
	return ctx->services && !ctx->clerk && a->trouble == NULL && !a->left_key;
}

static void
other(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	ck_paint(c, r, CK_S_FOCUS);
	ck_put(c, r.x, r.y, 1, CK_S_FOCUS, ">");
	ck_put(c, r.x + 2, r.y, r.w - 2, CK_S_FOCUS, ck_say(ctx, "offer", "others"));
	ck_canvas_key(c, r, CK_KEY_ENTER);
}

static int
offered(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_rect in = { r.x + INSIDE, r.y + 1, r.w - 2 * INSIDE, 1 };
	int note;

	ck_put(c, in.x, in.y, in.w, CK_S_PLAIN, ck_say(ctx, "attract", "here"));
	in.y += 2;
	for (int i = 0; i < OFFERS; i++, in.y++)
		ck_put(c, in.x + 2, in.y, in.w - 2, CK_S_PLAIN, ck_say(ctx, "offer", offers[i]));
	if (ctx->services)
		other(c, (struct ck_rect){ in.x, in.y++, in.w, 1 }, ctx);
	in.y++;
	in.h = 2;
	note = ck_put_wrapped(c, in, CK_S_DIM, ck_say(ctx, "attract", "no-pin"));
	r.h = in.y + note + 1 - r.y;
	ck_box(c, r);
	return r.h;
}

static void
draw_waiting(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_rect all = ck_middle(r, BOX_COLS, ctx->clerk ? 9 : ctx->services ? 18 : 17);

	all.y += centred(c, (struct ck_rect){ r.x, all.y, r.w, 2 }, CK_S_HEAD,
		     ck_say(ctx, "attract", ctx->clerk ? "insert-clerk" : "insert")) +
		 2;
	if (ctx->clerk)
		all.y += centred(c, (struct ck_rect){ r.x, all.y, r.w, 2 }, CK_S_DIM,
		    ck_say(ctx, "attract", "by-itself"));
	else
		all.y += offered(c, all, ctx);
	all.y++;
	below(c, (struct ck_rect){ r.x, all.y, r.w, 2 }, ctx);
}

/* ---- something is ---- */

/* What the watch says is wrong, in the words of the error; a key nobody knows is one as well. A
 * customer reads what he can do himself, or that it takes a clerk. */
static void
tell(const struct ck_ctx *ctx, const json_t *row, json_t **facts, struct ck_told *told)
{
	json_t *err = json_deep_copy(json_object_get(row, "error"));
	const struct ck_err_fact *fact = NULL;

	*facts = json_deep_copy(json_object_get(row, "unknown"));
	if (*facts == NULL)
		*facts = json_object();
	if (err == NULL)
		err = json_pack("{s:i, s:s*}", "code",
		    strcmp(text_of(row, "event"), "card-mute") == 0 ? CK_E_KEY_MUTE
								    : CK_E_KEY_UNKNOWN,
		    "detail", json_string_value(json_object_get(row, "reader")));
	/* what a module or a service said is for those who look after them */
	if (!ctx->clerk)
		json_object_del(err, "detail");
	ck_tell_err(ctx->lang, err, NULL, told);
	fact = ck_err_fact((int)json_integer_value(json_object_get(err, "code")));
	if (!ctx->clerk && (fact == NULL || fact->whose != CK_WHOSE_CUSTOMER))
		snprintf(told->todo, sizeof told->todo, "%s", ck_say(ctx, "attract", "to-clerk"));
	json_object_set(*facts, "code", json_object_get(err, "code"));
	json_object_set_new(*facts, "detail", json_string(told->detail));
	json_decref(err);
}

static void
draw_trouble(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx, const json_t *row)
{
	char small[CK_SENTENCE_MAX];
	struct ck_rect box, in;
	struct ck_told told;
	json_t *facts = NULL;
	int lines;

	tell(ctx, row, &facts, &told);
	/* for whoever looks after the machine: which number, which reader, which key */
	ck_fill(small, sizeof small, ck_say(ctx, "attract", ctx->clerk ? "detail" : "code"), facts);
	json_decref(facts);
	box = ck_middle(r, BOX_COLS, 0);
	in = (struct ck_rect){ box.x + INSIDE, 0, box.w - 2 * INSIDE, r.h };
	lines = ck_wrapped_lines(told.title, in.w - 2) + ck_wrapped_lines(told.what, in.w) +
		ck_wrapped_lines(told.todo, in.w) + ck_wrapped_lines(small, in.w) + 6;
	box = ck_middle((struct ck_rect){ r.x, r.y, r.w, r.h - 3 }, BOX_COLS, lines);
	in.y = box.y + 1;
	in.y += ck_put_toned(c, in, CK_TONE_CAREFUL, told.title) + 1;
	in.y += ck_put_wrapped(c, in, CK_S_PLAIN, told.what) + 1;
	in.y += ck_put_wrapped(c, in, CK_S_HEAD, told.todo) + 1;
	in.y += ck_put_wrapped(c, in, CK_S_DIM, small);
	box.h = in.y + 1 - box.y;
	ck_box(c, box);
	below(c, (struct ck_rect){ r.x, box.y + box.h + 1, r.w, 2 }, ctx);
}

/* a key that is still in, and nobody's business any more */
static void
draw_left(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_rect all = ck_middle(r, BOX_COLS, 3);

	all.y += centred(c, (struct ck_rect){ r.x, all.y, r.w, 2 }, CK_S_HEAD,
		     ck_say(ctx, "attract", ctx->clerk ? "take-clerk" : "take")) +
		 1;
	centred(c, (struct ck_rect){ r.x, all.y, r.w, 2 }, CK_S_DIM,
	    ck_say(ctx, "attract", "look-again"));
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const struct ck_attract *a = self;

	if (a->trouble != NULL)
		draw_trouble(c, r, ctx, a->trouble);
	else if (a->left_key)
		draw_left(c, r, ctx);
	else
		draw_waiting(c, r, ctx);
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	if (leads_on(self, ctx) && ck_is_key(e, CK_KEY_ENTER))
		return CK_WENT_DONE;
	return ctx->clerk && ck_is_key(e, CK_KEY_ESC) ? CK_WENT_BACK : CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	if (ctx->clerk)
		out[0] = ck_back_function(ctx);
	else if (leads_on(self, ctx))
		out[0] = ck_choose_function(ctx);
	return ctx->clerk || leads_on(self, ctx);
}

void
ck_attract_view(struct ck_attract *a, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = a,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "attract",
		.idle = CK_IDLE_STAY,
	};
}
