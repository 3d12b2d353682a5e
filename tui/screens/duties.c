/* The clerk's menu. */
#include "desk.h"

#include <stdio.h>
#include <string.h>

#include "keys.h"
#include "kit/text.h"
#include "texts.h"

static const char *const names[CK_DUTIES] = {
	[CK_DUTY_SERVE] = "serve",
	[CK_DUTY_FIND] = "find",
	[CK_DUTY_RECORDS] = "records",
	[CK_DUTY_FORMS] = "forms",
	[CK_DUTY_FIGURES] = "figures",
	[CK_DUTY_SHIFT] = "shift",
	[CK_DUTY_DIAGNOSE] = "diagnose",
	[CK_DUTY_LEDGER] = "ledger",
	[CK_DUTY_BATCH] = "batch",
	[CK_DUTY_OTHER] = "other",
	[CK_DUTY_LEAVE] = "leave",
};

/* the tenth has a letter */
static const char digits[CK_DUTIES + 1] = "123456789a0";

/* what belongs to the customers, to the counter and to the clerk stands apart */
static bool
apart(int i)
{
	return i == CK_DUTY_FIGURES || i == CK_DUTY_BATCH || i == CK_DUTY_LEAVE;
}

#define WIDEST 72
/* "> 1  " */
#define INDENT 5
#define GAP 3
/* with room, a blank line between any two */
#define AIRY_ROWS (2 * CK_DUTIES + 8)

static int
name_columns(const struct ck_ctx *ctx)
{
	int widest = 0, n;

	for (int i = 0; i < CK_DUTIES; i++)
		if ((n = ck_shown_columns(ck_say(ctx, "duty", names[i]))) > widest)
			widest = n;
	return widest;
}

/* a count of none is no news, unless it is that of both */
static const char *
waiting(const struct ck_duties *d)
{
	if (d->open < 0)
		return "records-unknown";
	if (d->open == 0 && d->parked == 0)
		return "records-none";
	return d->parked == 0 ? "records-open" : d->open == 0 ? "records-parked" : "records-about";
}

static const char *
unprinted(const struct ck_duties *d)
{
	return d->forms < 0 ? "forms-unknown" : d->forms == 0 ? "forms-none" : "forms-about";
}

/* what is behind it, and how much of it there is */
static void
about(const struct ck_duties *d, const struct ck_ctx *ctx, int i, char out[CK_SENTENCE_MAX])
{
	char name[32];
	json_t *facts =
	    json_pack("{s:i, s:i, s:i}", "open", d->open, "parked", d->parked, "forms", d->forms);

	snprintf(name, sizeof name, "%s-about", names[i]);
	if (i == CK_DUTY_RECORDS)
		snprintf(name, sizeof name, "%s", waiting(d));
	if (i == CK_DUTY_FORMS)
		snprintf(name, sizeof name, "%s", unprinted(d));
	ck_fill(out, CK_SENTENCE_MAX, ck_say(ctx, "duty", name), facts);
	json_decref(facts);
}

static void
row(struct ck_canvas *c, struct ck_rect r, const struct ck_duties *d, const struct ck_ctx *ctx,
    int i)
{
	int columns = name_columns(ctx);
	enum ck_style style = i == d->at ? CK_S_FOCUS : CK_S_PLAIN;
	char digit[] = { digits[i], '\0' }, text[CK_SENTENCE_MAX];

	about(d, ctx, i, text);
	if (i == d->at) {
		ck_paint(c, r, style);
		ck_put(c, r.x, r.y, 1, style, ">");
	}
	ck_put(c, r.x + 2, r.y, 1, style, digit);
	ck_put(c, r.x + INDENT, r.y, columns, style, ck_say(ctx, "duty", names[i]));
	columns += INDENT + GAP;
	ck_put(c, r.x + columns, r.y, r.w - columns, i == d->at ? style : CK_S_DIM, text);
	ck_canvas_key(c, r, CK_KEY_PICK + i);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const struct ck_duties *d = self;
	int between = r.h >= AIRY_ROWS ? 2 : 1, lines = 2 + CK_DUTIES * between + 2;
	struct ck_rect at = ck_middle(r, WIDEST < r.w ? WIDEST : r.w, lines);
	json_t *facts = json_pack("{s:s*}", "clerk", d->clerk);
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(ctx, "duty", "head"), facts);
	json_decref(facts);
	at.y += ck_put_wrapped(c, (struct ck_rect){ at.x, at.y, at.w, 2 }, CK_S_HEAD, text) + 1;
	at.h = 1;
	for (int i = 0; i < CK_DUTIES; i++, at.y += between) {
		at.y += apart(i);
		row(c, at, d, ctx, i);
	}
}

static enum ck_went
choose(struct ck_duties *d, int i)
{
	if (i < 0 || i >= CK_DUTIES)
		return CK_WENT_REFUSED;
	d->at = i;
	return CK_WENT_DONE;
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_duties *d = self;
	const char *digit;

	(void)ctx;
	if (e->kind != CK_EV_KEY)
		return CK_WENT_NOTHING;
	if (ck_scroll_key(e, &d->at, CK_DUTIES, CK_DUTIES))
		return CK_WENT_CHANGE;
	if (e->key == CK_KEY_ENTER)
		return choose(d, d->at);
	if (e->key > ' ' && e->key < 0x7F && (digit = strchr(digits, e->key)) != NULL)
		return choose(d, (int)(digit - digits));
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + CK_KEY_PICKS)
		return choose(d, e->key - CK_KEY_PICK);
	return CK_WENT_NOTHING;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	(void)self;
	out[0] = ck_choose_function(ctx);
	return 1;
}

void
ck_duties_view(struct ck_duties *d, struct ck_view *v)
{
	*v = (struct ck_view){
		.self = d,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "duties",
		.idle = CK_IDLE_STAY,
	};
}
