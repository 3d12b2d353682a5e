/* One line typed or scanned. */
#include <stdio.h>
#include <string.h>

#include "desk.h"
#include "keys.h"

#define BOX_COLS 50
#define LINES 9

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_line_ask *a = self;
	struct ck_rect all = ck_middle(r, r.w, LINES), box;
	char name[32];

	ck_put_centre(c, r.x, all.y, r.w, CK_S_HEAD, ck_say(ctx, "typed", a->word));
	box = ck_middle((struct ck_rect){ r.x, all.y + 2, r.w, 3 }, BOX_COLS, 3);
	ck_box(c, box);
	ck_input_draw(c, (struct ck_rect){ box.x + 2, box.y + 1, box.w - 4, 1 }, &a->input, true,
	    CK_KEY_FOCUS);
	snprintf(name, sizeof name, "%.20s-what", a->word);
	ck_put_wrapped(c, (struct ck_rect){ box.x, all.y + 6, box.w, 3 }, CK_S_DIM,
	    ck_say(ctx, "typed", name));
}

/* blanks typed by mistake before a scan are no part of the number */
static enum ck_went
done(struct ck_line_ask *a)
{
	char text[CK_INPUT_MAX + 1];

	snprintf(text, sizeof text, "%s", a->input.text + strspn(a->input.text, " "));
	if (*text != '\0')
		ck_input_set(&a->input, text);
	return *text != '\0' ? CK_WENT_DONE : CK_WENT_REFUSED;
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_line_ask *a = self;

	(void)ctx;
	if (ck_is_key(e, CK_KEY_ESC))
		return CK_WENT_BACK;
	if (ck_is_key(e, CK_KEY_ENTER))
		return done(a);
	switch (ck_input_key(&a->input, e)) {
	case CK_CAME_NOTHING:
		return CK_WENT_NOTHING;
	case CK_CAME_REFUSED:
		return CK_WENT_REFUSED;
	default:
		return CK_WENT_CHANGE;
	}
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = (struct ck_function){
		.key = CK_KEY_ENTER, .name = "Enter", .text = ck_say(ctx, "does", "go")
	};
	out[1] = ck_back_function(ctx);
	return 2;
}

void
ck_line_ask_view(struct ck_line_ask *a, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = a,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = a->word,
		.idle = CK_IDLE_WIPE,
		.typing = true,
	};
}
