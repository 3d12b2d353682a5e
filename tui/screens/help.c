/* What this screen is for, and the keys of every screen. */
#include <stdio.h>

#include "desk.h"
#include "keys.h"
#include "kit/text.h"
#include "prose.h"

/* name and what it does: words helpkey.NAME and helpkey.NAME-does */
static const char *const keys[] = { "arrows", "digits", "enter", "esc", "tab", "pages", "functions",
	"alt", "mouse", "scanner" };
#define GAP 3
/* lines that Page Up and Page Down go: less than the smallest screen holds */
#define PAGE 15

static void
add(struct ck_prose *p, enum ck_style style, const char *text)
{
	ck_prose_add(p, style, text, 0);
}

/* names in a column, what they do beside them */
static void
add_keys(struct ck_prose *p, const struct ck_ctx *ctx)
{
	char line[CK_SENTENCE_MAX], word[32];
	int widest = 0, n;

	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if ((n = ck_columns(ck_say(ctx, "helpkey", keys[i]))) > widest)
			widest = n;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		const char *name = ck_say(ctx, "helpkey", keys[i]);

		snprintf(word, sizeof word, "%s-does", keys[i]);
		snprintf(line, sizeof line, "  %s%*s%s", name, widest - ck_columns(name) + GAP, "",
		    ck_say(ctx, "helpkey", word));
		ck_prose_add(p, CK_S_PLAIN, line, widest + GAP + 2);
	}
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_help *h = self;
	const char *about = h->name != NULL ? ck_word(ctx->lang, "help", h->name) : NULL;
	struct ck_prose p = { .top = h->top };

	add(&p, CK_S_HEAD, ck_say(ctx, "helppage", "this"));
	add(&p, CK_S_PLAIN, "");
	add(&p, CK_S_PLAIN, about != NULL ? about : ck_say(ctx, "helppage", "no-words"));
	add(&p, CK_S_PLAIN, "");
	if (h->of != NULL && h->of->more != NULL)
		h->of->more(h->of->self, &p, ctx);
	add(&p, CK_S_HEAD, ck_say(ctx, "helppage", "keys"));
	add(&p, CK_S_PLAIN, "");
	add_keys(&p, ctx);
	ck_prose_draw(c, (struct ck_rect){ r.x + 1, r.y + 1, r.w - 2, r.h - 2 }, &p);
	h->top = p.top;
	ck_prose_clear(&p);
}

/* a line, or nearly what a screen holds; how far it can go the next drawing knows */
static int
step(int key)
{
	switch (key) {
	case CK_KEY_UP:
		return -1;
	case CK_KEY_DOWN:
		return 1;
	case CK_KEY_PAGE_UP:
		return -PAGE;
	case CK_KEY_PAGE_DOWN:
		return PAGE;
	default:
		return 0;
	}
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_help *h = self;

	(void)ctx;
	if (e->kind != CK_EV_KEY)
		return CK_WENT_NOTHING;
	if (e->key == CK_KEY_ESC || e->key == CK_KEY_ENTER || e->key == CK_KEY_F(1))
		return CK_WENT_BACK;
	if (step(e->key) == 0)
		return CK_WENT_NOTHING;
	h->top += step(e->key);
	h->top = h->top < 0 ? 0 : h->top;
	return CK_WENT_CHANGE;
}

void
ck_help_view(struct ck_help *h, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = h,
		.draw = draw,
		.key = key,
		.functions = ck_back_functions,
		.help = h->name,
		.idle = CK_IDLE_WIPE,
	};
}
