#include "cards_inside.h"

#include "kit/text.h"
#include "prose.h"
#include "words/phrase.h"
#include "words/say.h"

/* keys that are in at once: a counter has fewer ports */
#define KEYS_MAX 16
/* as many deeds as are always to be seen; more of them scroll */
#define LEAST_DEEDS 3
#define CHOOSE_ROWS 2 /* the headline and a blank below it */

/* ---- several keys ---- */

static void
key_card(
    const struct ck_ctx *ctx, struct ck_texts *t, size_t i, const json_t *key, struct ck_card *card)
{
	const json_t *entries[CK_KEYVIEW_CARDS];
	const char *name = ck_keyview_entries(key, entries) > 0
			       ? text_of(json_object_get(entries[0], "certificate"), "name")
			       : "";
	struct ck_note pin = ck_key_pin(ctx, t, key);
	json_t *facts = json_pack("{s:i, s:s}", "n", (int)i + 1, "name",
	    *name != '\0' ? name : ck_say(ctx, "cards", "none-on-it"));

	*card = (struct ck_card){ .kind = "", .passed = -1, .tone = pin.tone, .state = pin.text };
	card->name = ck_texts_say(t, ctx, "cards", "numbered", facts);
	card->facts[0] = ck_key_line(ctx, t, key);
	json_decref(facts);
}

static void
draw_keys(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_texts t = { .n = 0 };
	struct ck_card cards[KEYS_MAX];
	const json_t *key;
	size_t i;

	v->keys.n = 0;
	v->keys.cards = cards;
	json_array_foreach(v->rows, i, key) if (i < KEYS_MAX)
	    key_card(ctx, &t, i, key, &cards[v->keys.n++]);
	if (v->keys.at >= v->keys.n)
		v->keys.at = 0;
	r.y += ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, r.w, 2 }, CK_S_HEAD,
		   ck_say(ctx, "cards", "which-key")) +
	       1;
	r.h -= CHOOSE_ROWS;
	ck_cards_draw(c, r, &v->keys);
	v->keys.cards = NULL;
	ck_texts_free(&t);
}

/* ---- one key ---- */

/* lines above the cards: the key and its PIN, and what keeps it from being written to */
static int
draw_key(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx,
    struct ck_texts *t)
{
	const json_t *key = ck_keyview_key(v);
	const char *line = ck_key_line(ctx, t, key), *why = ck_key_unfit(key);
	struct ck_note pin = ck_key_pin(ctx, t, key);
	int columns = ck_shown_columns(pin.text) + 2, first = r.y;
	bool beside = ck_shown_columns(line) + 3 + columns <= r.w;

	r.y += ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, r.w, 3 }, CK_S_PLAIN, line);
	if (beside)
		ck_put_toned(c, (struct ck_rect){ r.x + r.w - columns, first, columns, 1 },
		    pin.tone, pin.text);
	else
		r.y += ck_put_toned(c, (struct ck_rect){ r.x, r.y, r.w, 1 }, pin.tone, pin.text);
	if (why != NULL && ck_word(ctx->lang, "unfit", why) != NULL)
		r.y += ck_put_toned(c, (struct ck_rect){ r.x, r.y, r.w, 2 }, CK_TONE_CAREFUL,
		    ck_say(ctx, "unfit", why));
	return r.y - first;
}

/* keys of their own: what is no certificate and may be worth a look */
static int
bare_pairs(const json_t *key)
{
	const json_t *entry;
	size_t i;
	int n = 0;

	/* that of a visit under way is nothing to look into */
	if (json_object_get(key, "record") != NULL)
		return 0;
	json_array_foreach(json_object_get(key, "entries"), i, entry) n +=
	    !ck_keycard_wanted(entry);
	return n;
}

static int
draw_bare(struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx, int n)
{
	json_t *facts = json_pack("{s:i}", "n", n);
	char text[CK_SENTENCE_MAX];

	ck_fill(text, sizeof text, ck_say(ctx, "cards", "bare"), facts);
	json_decref(facts);
	return ck_put_toned(c, (struct ck_rect){ r.x, r.y, r.w, 1 }, CK_TONE_CAREFUL, text);
}

static int
lines_of(const struct ck_card *cards, int n, int w)
{
	int lines = 1;

	for (int i = 0; i < n; i++)
		lines += ck_card_lines(&cards[i], w) + 1;
	return lines;
}

/* How much of a card there is room for: all facts of all, of the one in focus, its number alone. */
static const struct {
	int focus, others;
} levels[] = { { CK_CARD_FACTS, CK_CARD_FACTS }, { CK_CARD_FACTS, 0 }, { 1, 0 }, { 0, 0 } };
#define LEVELS ((int)(sizeof levels / sizeof *levels))

static void
make_cards(struct ck_keyview *v, const struct ck_ctx *ctx, struct ck_texts *t,
    struct ck_card *cards, int level)
{
	const json_t *entries[CK_KEYVIEW_CARDS];
	size_t n = ck_keyview_entries(ck_keyview_key(v), entries);

	for (size_t i = 0; i < n; i++)
		ck_keycard(ctx, t, entries[i],
		    i == v->cert ? levels[level].focus : levels[level].others, &cards[i]);
	v->cards.n = (int)n;
	v->cards.at = (int)v->cert;
}

/* Others may be scrolled away, the one in focus is seen whole. */
static bool
fits(const struct ck_keyview *v, const struct ck_card *cards, struct ck_rect r, int level)
{
	if (level == 0)
		return lines_of(cards, v->cards.n, r.w) <= r.h;
	return lines_of(&cards[v->cards.at], 1, r.w) + 1 <= r.h;
}

static int
draw_cards(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx,
    struct ck_texts *t)
{
	struct ck_card cards[CK_KEYVIEW_CARDS];
	int used, level = 0;

	make_cards(v, ctx, t, cards, level);
	if (v->cards.n == 0)
		return ck_put_wrapped(c, r, CK_S_HEAD, ck_say(ctx, "cards", "none"));
	while (!fits(v, cards, r, level) && level + 1 < LEVELS)
		make_cards(v, ctx, t, cards, ++level);
	v->cards.cards = cards;
	used = ck_cards_draw(c, r, &v->cards);
	v->cards.cards = NULL;
	return used;
}

/* ---- what can be done ---- */

static int
large(const struct ck_deed_row *rows, int n)
{
	int large = 0;

	while (large < n && !ck_deed_is_small(rows[large].deed))
		large++;
	return large;
}

/* one below the other, and the small ones side by side below; returns the lines used */
static int
draw_deeds(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx,
    struct ck_texts *t, const struct ck_deed_row *rows, int n)
{
	struct ck_row list[CK_DEED_ROWS_MAX];
	struct ck_button buttons[CK_DEED_ROWS_MAX];
	static const char *const digits[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };
	int above = large(rows, n), at = ck_deed_next(rows, n, v->deeds.at, true), small = 0,
	    lines = 0;
	/* -1: the focus is on one of the small ones */
	struct ck_list l = { list, above, at < above ? at : -1, v->deeds.top, 0 };

	for (int i = 0; i < n; i++) {
		const char *why = rows[i].why != NULL ? ck_say(ctx, "why-not", rows[i].why) : NULL;

		list[i] = (struct ck_row){
			ck_deed_text(ctx, t, ck_keyview_key(v), ck_keyview_entry(v), &rows[i]), why
		};
	}
	for (int i = above; i < n && i < 9; i++)
		buttons[small++] = (struct ck_button){ '1' + i, digits[i], list[i].text };
	if (above > 0)
		lines = ck_list_draw(c, (struct ck_rect){ r.x, r.y, r.w, r.h - 1 }, &l);
	/* a press on a row is not one on the card of that number */
	for (int i = 0; i < lines; i++)
		ck_canvas_key(c, (struct ck_rect){ r.x, r.y + i, r.w - CK_SCROLL_COLUMNS, 1 },
		    CK_KEY_FOCUS + l.top + i);
	lines += lines > 0;
	v->deeds.top = l.top;
	v->deeds.page = l.page;
	return lines + ck_buttons_draw(c, (struct ck_rect){ r.x + 1, r.y + lines, r.w - 1, 2 },
			   &(struct ck_buttons){ buttons, small, at >= above ? at - above : -1 });
}

/* ---- what is told before it is begun with ---- */

static const json_t *
notice_of(const struct ck_keyview *v, const json_t *system)
{
	return json_object_get(
	    json_object_get(ck_keyview_key(v), "notices"), text_of(system, "system"));
}

/* As much of it as there is room for, of the one system that knows the certificate; all of it, and
 * of several systems, stands behind F1. */
static void
draw_notice(
    const struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	const json_t *systems = json_object_get(ck_keyview_entry(v), "systems");
	const json_t *system = json_array_get(systems, 0);
	char text[CK_SENTENCE_MAX];
	int end = r.y + r.h, lines;

	if (json_array_size(systems) != 1 || notice_of(v, system) == NULL)
		return;
	for (int i = 0; i < CK_NOTICE_LINES; i++) {
		if (!ck_phrase_notice(
			ctx->lang, i, notice_of(v, system), text_of(system, "hotline"), text))
			continue;
		lines = ck_wrapped_lines(text, r.w);
		if (r.y + lines > end)
			break;
		r.y += ck_put_wrapped(c, (struct ck_rect){ r.x, r.y, r.w, lines }, CK_S_DIM, text);
	}
}

void
ck_keyview_more(void *self, struct ck_prose *p, const struct ck_ctx *ctx)
{
	const struct ck_keyview *v = self;
	const json_t *systems = json_object_get(ck_keyview_entry(v), "systems"), *system;
	char text[CK_SENTENCE_MAX];
	size_t i;

	if (ck_keyview_choosing(v))
		return;
	json_array_foreach(systems, i, system)
	{
		if (notice_of(v, system) == NULL)
			continue;
		ck_prose_add(p, CK_S_HEAD, text_of(system, "title"), 0);
		ck_prose_add(p, CK_S_PLAIN, "", 0);
		for (int n = 0; n < CK_NOTICE_LINES; n++)
			if (ck_phrase_notice(ctx->lang, n, notice_of(v, system),
				text_of(system, "hotline"), text))
				ck_prose_add(p, CK_S_PLAIN, text, 0);
		ck_prose_add(p, CK_S_PLAIN, "", 0);
	}
}

static void
draw_one(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_deed_row rows[CK_DEED_ROWS_MAX];
	struct ck_texts t = { .n = 0 };
	int n = ck_deeds(ctx, ck_keyview_key(v), ck_keyview_entry(v), rows), end = r.y + r.h, used,
	    need;

	used = draw_key(v, c, r, ctx, &t) + 1;
	r.y += used;
	need = large(rows, n) + 2;
	need = need > LEAST_DEEDS + 2 ? LEAST_DEEDS + 2 : need;
	need += ctx->clerk && bare_pairs(ck_keyview_key(v)) > 0;
	r.h = end - r.y - need - 1;
	r.y += draw_cards(v, c, r, ctx, &t);
	if (ctx->clerk && bare_pairs(ck_keyview_key(v)) > 0)
		r.y += draw_bare(c, r, ctx, bare_pairs(ck_keyview_key(v)));
	r.y++;
	r.h = end - r.y;
	used = draw_deeds(v, c, r, ctx, &t, rows, n) + 1;
	r.y += used;
	r.h -= used;
	draw_notice(v, c, r, ctx);
	ck_texts_free(&t);
}

void
ck_keyview_draw(
    struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	/* a blank line above, a column at each side */
	struct ck_rect in = { r.x + 1, r.y + 1, r.w - 2, r.h - 1 };

	if (ck_keyview_choosing(v))
		draw_keys(v, c, in, ctx);
	else
		draw_one(v, c, in, ctx);
}
