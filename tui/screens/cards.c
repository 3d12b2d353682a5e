/* The keys that are in: which one, its certificates, what can be done with the one in focus. */
#include "cards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keycard.h"
#include "kit/list.h"
#include "kit/text.h"
#include "words/say.h"

/* what a key may hold of certificates; the engine judges no more */
#define CARDS_MAX 32
/* keys that are in at once: a counter has fewer ports */
#define KEYS_MAX 16
/* a serial number, a certificate's hash: what was in focus, when the rows come anew */
#define MARK_MAX 128
/* as many deeds as are always to be seen; more of them scroll */
#define LEAST_DEEDS 3
#define CHOOSE_ROWS 2 /* the headline and a blank below it */

struct ck_keyview {
	json_t *rows;
	bool picked; /* among several, or something was done with it: it stays in hand */
	size_t key, cert;
	char key_mark[MARK_MAX], cert_mark[MARK_MAX];
	struct ck_cards keys, cards; /* where they were scrolled to */
	struct ck_list deeds;
	struct ck_chosen chosen;
};

/* ---- what is in focus ---- */

static const json_t *
key_of(const struct ck_keyview *v)
{
	return json_array_get(v->rows, v->key);
}

/* the entries that get a card, in order; returns how many */
static size_t
wanted(const json_t *key, const json_t *out[CARDS_MAX])
{
	const json_t *entry;
	size_t i, n = 0;

	json_array_foreach(json_object_get(key, "entries"), i,
	    entry) if (n < CARDS_MAX && ck_keycard_wanted(entry)) out[n++] = entry;
	return n;
}

static const json_t *
entry_of(const struct ck_keyview *v)
{
	const json_t *entries[CARDS_MAX];
	size_t n = wanted(key_of(v), entries);

	return v->cert < n ? entries[v->cert] : NULL;
}

static bool
choosing(const struct ck_keyview *v)
{
	return json_array_size(v->rows) > 1 && !v->picked;
}

static const char *
mark_of(const json_t *entry)
{
	const char *sha = text_of(json_object_get(entry, "certificate"), "sha256");

	return *sha != '\0' ? sha : text_of(entry, "id");
}

static void
remember(struct ck_keyview *v)
{
	snprintf(v->key_mark, sizeof v->key_mark, "%s", text_of(key_of(v), "serial"));
	snprintf(v->cert_mark, sizeof v->cert_mark, "%s", mark_of(entry_of(v)));
}

/* ---- the rows ---- */

struct ck_keyview *
ck_keyview_new(const json_t *rows)
{
	struct ck_keyview *v = calloc(1, sizeof *v);

	if (v != NULL)
		ck_keyview_update(v, rows);
	return v;
}

void
ck_keyview_free(struct ck_keyview *v)
{
	if (v == NULL)
		return;
	json_decref(v->rows);
	free(v);
}

/* A certificate that ends first, or has ended, is what people come for. */
static size_t
first_wanted(const json_t *key)
{
	const json_t *entries[CARDS_MAX], *systems, *one;
	size_t n = wanted(key, entries), i, j;

	for (i = 0; i < n; i++) {
		systems = json_object_get(entries[i], "systems");
		json_array_foreach(
		    systems, j, one) if (json_is_true(json_object_get(one, "eligible"))) return i;
	}
	return 0;
}

static void
focus_on(struct ck_keyview *v, size_t key)
{
	v->key = key;
	v->cert = first_wanted(key_of(v));
	v->cards = (struct ck_cards){ .n = 0 };
	v->deeds = (struct ck_list){ .n = 0 };
	remember(v);
}

static bool
find_again(struct ck_keyview *v)
{
	const json_t *entries[CARDS_MAX], *key;
	size_t i, n;

	json_array_foreach(v->rows, i, key) if (strcmp(text_of(key, "serial"), v->key_mark) == 0)
	{
		v->key = i;
		n = wanted(key, entries);
		for (v->cert = 0; v->cert < n; v->cert++)
			if (strcmp(mark_of(entries[v->cert]), v->cert_mark) == 0)
				return true;
		v->cert = first_wanted(key);
		return true;
	}
	return false;
}

void
ck_keyview_update(struct ck_keyview *v, const json_t *rows)
{
	bool had = v->rows != NULL;

	json_decref(v->rows);
	v->rows = json_incref((json_t *)(uintptr_t)rows);
	if (had && find_again(v))
		return;
	v->picked = false;
	focus_on(v, 0);
}

/* ---- several keys ---- */

static void
key_card(
    const struct ck_ctx *ctx, struct ck_texts *t, size_t i, const json_t *key, struct ck_card *card)
{
	const json_t *entries[CARDS_MAX];
	const char *name = wanted(key, entries) > 0
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
	const json_t *key = key_of(v);
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

/* keys of their own: what is no certificate and may be worth a look; that of a visit under way is
 * no more than that */
static int
bare_pairs(const json_t *key)
{
	const json_t *entry;
	size_t i;
	int n = 0;

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
	const json_t *entries[CARDS_MAX];
	size_t n = wanted(key_of(v), entries);

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
	struct ck_card cards[CARDS_MAX];
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

/* one below the other, and the small ones side by side below */
static void
draw_deeds(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx,
    struct ck_texts *t, const struct ck_deed_row *rows, int n)
{
	struct ck_row list[CK_DEED_ROWS_MAX];
	struct ck_button buttons[CK_DEED_ROWS_MAX];
	static const char *const digits[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };
	int above = large(rows, n), at = v->deeds.at, small = 0, lines = 0;
	struct ck_list l = { list, above, at < above ? at : 0, v->deeds.top, 0 };

	for (int i = 0; i < n; i++) {
		const char *why = rows[i].why != NULL ? ck_say(ctx, "why-not", rows[i].why) : NULL;

		list[i] =
		    (struct ck_row){ ck_deed_text(ctx, t, key_of(v), entry_of(v), &rows[i]), why };
	}
	for (int i = above; i < n && i < 9; i++)
		buttons[small++] = (struct ck_button){ '1' + i, digits[i], list[i].text };
	if (above > 0)
		lines = ck_list_draw(c, (struct ck_rect){ r.x, r.y, r.w, r.h - 1 }, &l);
	/* a press on a row is not one on the card of that number */
	for (int i = 0; i < lines; i++)
		ck_canvas_key(c, (struct ck_rect){ r.x, r.y + i, r.w - CK_SCROLL_COLUMNS, 1 },
		    CK_KEY_FOCUS + l.top + i);
	r.y += lines > 0 ? lines + 1 : 0;
	v->deeds.top = l.top;
	v->deeds.page = l.page;
	ck_buttons_draw(c, (struct ck_rect){ r.x + 1, r.y, r.w - 1, 2 },
	    &(struct ck_buttons){ buttons, small, at >= above ? at - above : -1 });
}

static void
draw_one(struct ck_keyview *v, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_deed_row rows[CK_DEED_ROWS_MAX];
	struct ck_texts t = { .n = 0 };
	int n = ck_deeds(ctx, key_of(v), entry_of(v), rows), end = r.y + r.h, used, need;

	used = draw_key(v, c, r, ctx, &t) + 1;
	r.y += used;
	need = large(rows, n) + 2;
	need = need > LEAST_DEEDS + 2 ? LEAST_DEEDS + 2 : need;
	need += ctx->clerk && bare_pairs(key_of(v)) > 0;
	r.h = end - r.y - need - 1;
	r.y += draw_cards(v, c, r, ctx, &t);
	if (ctx->clerk && bare_pairs(key_of(v)) > 0)
		r.y += draw_bare(c, r, ctx, bare_pairs(key_of(v)));
	r.y++;
	r.h = end - r.y;
	draw_deeds(v, c, r, ctx, &t, rows, n);
	ck_texts_free(&t);
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	struct ck_keyview *v = self;
	/* a blank line above, a column at each side */
	struct ck_rect in = { r.x + 1, r.y + 1, r.w - 2, r.h - 1 };

	if (choosing(v))
		draw_keys(v, c, in, ctx);
	else
		draw_one(v, c, in, ctx);
}

/* ---- keys ---- */

static enum ck_went
pick(struct ck_keyview *v, int i)
{
	if (i < 0 || (size_t)i >= json_array_size(v->rows))
		return CK_WENT_REFUSED;
	v->picked = true;
	v->keys.at = i;
	focus_on(v, (size_t)i);
	return CK_WENT_CHANGE;
}

static enum ck_went
key_keys(struct ck_keyview *v, const struct ck_event *e)
{
	if (e->key > '0' && e->key <= '9')
		return pick(v, e->key - '1');
	switch (ck_cards_key(&v->keys, e)) {
	case CK_CAME_CHOICE:
		return pick(v, v->keys.at);
	case CK_CAME_CHANGE:
		return CK_WENT_CHANGE;
	default:
		return CK_WENT_NOTHING;
	}
}

static enum ck_went
move(struct ck_keyview *v, int to)
{
	const json_t *entries[CARDS_MAX];
	int n = (int)wanted(key_of(v), entries);

	if (n < 2)
		return CK_WENT_NOTHING;
	v->cert = (size_t)((to + n) % n);
	v->deeds.at = 0;
	remember(v);
	return CK_WENT_CHANGE;
}

static enum ck_went
choose(struct ck_keyview *v, const struct ck_deed_row *rows, int n, int i)
{
	const json_t *key = key_of(v), *entry = entry_of(v);

	if (i < 0 || i >= n)
		return CK_WENT_REFUSED;
	v->deeds.at = i;
	if (rows[i].why != NULL)
		return CK_WENT_REFUSED;
	v->chosen = (struct ck_chosen){
		.deed = rows[i].deed,
		.key = text_of(key, "serial"),
		.certificate = json_string_value(
		    json_object_get(json_object_get(entry, "certificate"), "sha256")),
		.system = json_string_value(json_object_get(rows[i].system, "system")),
		.way = rows[i].way,
		.record =
		    json_string_value(json_object_get(json_object_get(key, "record"), "record")),
	};
	return CK_WENT_DONE;
}

static enum ck_went
key_one(struct ck_keyview *v, const struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_deed_row rows[CK_DEED_ROWS_MAX];
	int n = ck_deeds(ctx, key_of(v), entry_of(v), rows);

	if (e->key == CK_KEY_LEFT || e->key == CK_KEY_BACK_TAB || e->key == CK_KEY_PAGE_UP)
		return move(v, (int)v->cert - 1);
	if (e->key == CK_KEY_RIGHT || e->key == CK_KEY_TAB || e->key == CK_KEY_PAGE_DOWN)
		return move(v, (int)v->cert + 1);
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + CARDS_MAX)
		return move(v, e->key - CK_KEY_PICK);
	if (e->key >= CK_KEY_FOCUS && e->key < CK_KEY_FOCUS + CK_DEED_ROWS_MAX)
		return choose(v, rows, n, e->key - CK_KEY_FOCUS);
	if (ck_scroll_key(e, &v->deeds.at, n, n))
		return CK_WENT_CHANGE;
	if (e->key == CK_KEY_ENTER)
		return choose(v, rows, n, v->deeds.at);
	if (e->key > '0' && e->key <= '9')
		return choose(v, rows, n, e->key - '1');
	return CK_WENT_NOTHING;
}

static enum ck_went
key(void *self, struct ck_event *e, const struct ck_ctx *ctx)
{
	struct ck_keyview *v = self;
	enum ck_went went;

	if (e->kind != CK_EV_KEY)
		return CK_WENT_NOTHING;
	if (e->key != CK_KEY_ESC && choosing(v))
		return key_keys(v, e);
	if (e->key != CK_KEY_ESC) {
		went = key_one(v, e, ctx);
		v->picked = v->picked || went != CK_WENT_NOTHING;
		return went;
	}
	if (choosing(v) || !v->picked || json_array_size(v->rows) < 2)
		return CK_WENT_BACK;
	v->picked = false;
	return CK_WENT_CHANGE;
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_keyview *v = self;
	const json_t *entries[CARDS_MAX];
	int n = 0;

	if (!choosing(v) && wanted(key_of(v), entries) > 1)
		out[n++] = (struct ck_function){ CK_KEY_TAB, 0, "Tab",
			ck_say(ctx, "does", "other-card"), false };
	out[n++] =
	    (struct ck_function){ CK_KEY_ENTER, 0, "Enter", ck_say(ctx, "does", "choose"), false };
	out[n++] = (struct ck_function){ CK_KEY_ESC, 0, "Esc", ck_say(ctx, "does", "back"), false };
	return n;
}

void
ck_keyview_view(struct ck_keyview *v, struct ck_view *view)
{
	*view = (struct ck_view){
		.self = v,
		.draw = draw,
		.key = key,
		.functions = functions,
		.help = "cards",
		.idle = CK_IDLE_WIPE,
	};
}

void
ck_keyview_chosen(const struct ck_keyview *v, struct ck_chosen *chosen)
{
	*chosen = v->chosen;
}
