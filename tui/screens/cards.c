/* The keys that are in: which one, which of its certificates, what is done with it. */
#include "cards_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys.h"
#include "words/say.h"

/* ---- what is in focus ---- */

const json_t *
ck_keyview_key(const struct ck_keyview *v)
{
	return json_array_get(v->rows, v->key);
}

size_t
ck_keyview_entries(const json_t *key, const json_t *out[CK_KEYVIEW_CARDS])
{
	const json_t *entry;
	size_t i, n = 0;

	json_array_foreach(json_object_get(key, "entries"), i,
	    entry) if (n < CK_KEYVIEW_CARDS && ck_keycard_wanted(entry)) out[n++] = entry;
	return n;
}

const json_t *
ck_keyview_entry(const struct ck_keyview *v)
{
	const json_t *entries[CK_KEYVIEW_CARDS];
	size_t n = ck_keyview_entries(ck_keyview_key(v), entries);

	return v->cert < n ? entries[v->cert] : NULL;
}

bool
ck_keyview_choosing(const struct ck_keyview *v)
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
	snprintf(v->key_mark, sizeof v->key_mark, "%s", text_of(ck_keyview_key(v), "serial"));
	snprintf(v->cert_mark, sizeof v->cert_mark, "%s", mark_of(ck_keyview_entry(v)));
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

/* What can be renewed is what people come for. */
static size_t
first_wanted(const json_t *key)
{
	const json_t *entries[CK_KEYVIEW_CARDS], *systems, *one;
	size_t n = ck_keyview_entries(key, entries), i, j;

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
	v->cert = first_wanted(ck_keyview_key(v));
	v->cards = (struct ck_cards){ .n = 0 };
	v->deeds = (struct ck_list){ .n = 0 };
	remember(v);
}

static bool
find_again(struct ck_keyview *v)
{
	const json_t *entries[CK_KEYVIEW_CARDS], *key;
	size_t i, n;

	json_array_foreach(v->rows, i, key) if (strcmp(text_of(key, "serial"), v->key_mark) == 0)
	{
		v->key = i;
		n = ck_keyview_entries(key, entries);
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
	const json_t *entries[CK_KEYVIEW_CARDS];
	int n = (int)ck_keyview_entries(ck_keyview_key(v), entries);

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
	const json_t *key = ck_keyview_key(v), *entry = ck_keyview_entry(v);

	bool codes;

	if (i < 0 || i >= n)
		return CK_WENT_REFUSED;
	codes = rows[i].way != NULL && strcmp(rows[i].way, CK_WAY_BY_CODES) == 0;
	/* why not stands beside it */
	if (rows[i].why != NULL)
		return CK_WENT_REFUSED;
	v->deeds.at = i;
	v->chosen = (struct ck_chosen){
		.deed = rows[i].deed,
		.key = text_of(key, "serial"),
		.certificate = codes ? NULL
				     : json_string_value(json_object_get(
					   json_object_get(entry, "certificate"), "sha256")),
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
	int n = ck_deeds(ctx, ck_keyview_key(v), ck_keyview_entry(v), rows);
	int at = v->deeds.at = ck_deed_next(rows, n, v->deeds.at, true);

	if (e->key == CK_KEY_LEFT || e->key == CK_KEY_BACK_TAB || e->key == CK_KEY_PAGE_UP)
		return move(v, (int)v->cert - 1);
	if (e->key == CK_KEY_RIGHT || e->key == CK_KEY_TAB || e->key == CK_KEY_PAGE_DOWN)
		return move(v, (int)v->cert + 1);
	if (e->key >= CK_KEY_PICK && e->key < CK_KEY_PICK + CK_KEYVIEW_CARDS)
		return move(v, e->key - CK_KEY_PICK);
	if (e->key >= CK_KEY_FOCUS && e->key < CK_KEY_FOCUS + CK_DEED_ROWS_MAX)
		return choose(v, rows, n, e->key - CK_KEY_FOCUS);
	if (ck_scroll_key(e, &v->deeds.at, n, n)) {
		v->deeds.at = ck_deed_next(rows, n, v->deeds.at, v->deeds.at > at);
		return CK_WENT_CHANGE;
	}
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
	if (e->key != CK_KEY_ESC && ck_keyview_choosing(v))
		return key_keys(v, e);
	if (e->key != CK_KEY_ESC) {
		went = key_one(v, e, ctx);
		v->picked = v->picked || went != CK_WENT_NOTHING;
		return went;
	}
	if (ck_keyview_choosing(v) || !v->picked || json_array_size(v->rows) < 2)
		return CK_WENT_BACK;
	v->picked = false;
	return CK_WENT_CHANGE;
}

static void
draw(void *self, struct ck_canvas *c, struct ck_rect r, const struct ck_ctx *ctx)
{
	ck_keyview_draw(self, c, r, ctx);
}

static int
functions(void *self, const struct ck_ctx *ctx, struct ck_function out[CK_VIEW_FUNCTIONS_MAX])
{
	const struct ck_keyview *v = self;
	const json_t *entries[CK_KEYVIEW_CARDS];
	int n = 0;

	if (!ck_keyview_choosing(v) && ck_keyview_entries(ck_keyview_key(v), entries) > 1)
		out[n++] = (struct ck_function){
			.key = CK_KEY_TAB, .name = "Tab", .text = ck_say(ctx, "does", "other-card")
		};
	out[n++] = ck_choose_function(ctx);
	out[n++] = ck_back_function(ctx);
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
		.more = ck_keyview_more,
		.idle = CK_IDLE_WIPE,
	};
}

void
ck_keyview_chosen(const struct ck_keyview *v, struct ck_chosen *chosen)
{
	*chosen = v->chosen;
}
