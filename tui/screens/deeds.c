/* What can be done with a key and one of its certificates, and by whom. */
#include <stdio.h>
#include <string.h>

#include "keycard.h"
#include "words/say.h"

static bool
has_way(const json_t *system, const char *way)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_object_get(system, "ways"), i,
	    one) if (json_is_string(one) && strcmp(json_string_value(one), way) == 0) return true;
	return false;
}

struct offer {
	struct ck_deed_row *out;
	int n;
};

static void
add(struct offer *o, enum ck_deed deed, const char *why)
{
	if (o->n < CK_DEED_ROWS_MAX)
		o->out[o->n++] = (struct ck_deed_row){ .deed = deed, .why = why };
}

static void
add_system(struct offer *o, const json_t *system, const char *way, const char *why)
{
	if (o->n == CK_DEED_ROWS_MAX)
		return;
	add(o, CK_DEED_RENEW, why);
	o->out[o->n - 1].system = system;
	o->out[o->n - 1].way = way;
}

static void
add_way(struct offer *o, const json_t *system, const char *way, const char *why)
{
	if (has_way(system, way))
		add_system(o, system, way, why);
}

/* A clerk is there for customers who ask him to; a customer by himself never is on behalf. */
static void
add_renewals(const struct ck_ctx *ctx, const json_t *key, const json_t *entry, struct offer *o)
{
	const json_t *systems = json_object_get(entry, "systems"), *system;
	const char *why = ck_key_unfit(key);
	size_t i;

	if (strcmp(text_of(entry, "private"), "no") == 0)
		return;
	json_array_foreach(systems, i, system)
	{
		if (i == CK_CARD_NOTES || !json_is_true(json_object_get(system, "eligible")))
			continue;
		if (ctx->clerk)
			add_way(o, system, "on-behalf", why);
		add_way(o, system, "self", why);
		if (!ctx->clerk && !has_way(system, "self"))
			add_way(o, system, "on-behalf", "clerk");
	}
}

bool
ck_way_of_clerk(const char *way)
{
	return strcmp(way, "on-behalf") == 0 || strcmp(way, CK_WAY_BY_CODES) == 0;
}

/* to go on with it is to bring that to its end */
static bool
given_up(const json_t *record)
{
	return strcmp(text_of(record, "station"), "abandon") == 0;
}

/* A key that holds one pair will do while it is empty: the engine looks. */
static const char *
unfit_but_for_room(const json_t *key)
{
	const char *why = ck_key_unfit(key);

	return why != NULL && strcmp(why, "one-pair") != 0 ? why : NULL;
}

/* By two codes, whatever is on the key; only a clerk is given them. */
static void
add_downloads(const struct ck_ctx *ctx, const json_t *key, struct offer *o)
{
	const json_t *system;
	size_t i;

	if (!ctx->clerk)
		return;
	json_array_foreach(json_object_get(key, "downloads"), i, system)
	{
		if (i < CK_CARD_NOTES)
			add_system(o, system, CK_WAY_BY_CODES, unfit_but_for_room(key));
	}
}

/* one that a clerk began for somebody goes on with a clerk */
static void
add_open(const struct ck_ctx *ctx, const json_t *record, struct offer *o)
{
	bool clerks = ck_way_of_clerk(text_of(record, "way"));

	add(o, CK_DEED_RESUME, !ctx->clerk && clerks ? "clerk" : NULL);
	if (ctx->clerk && !given_up(record))
		add(o, CK_DEED_ABANDON, NULL);
}

int
ck_deeds(const struct ck_ctx *ctx, const json_t *key, const json_t *entry,
    struct ck_deed_row out[CK_DEED_ROWS_MAX])
{
	const json_t *record = json_object_get(key, "record");
	struct offer o = { .out = out };

	if (json_is_object(record))
		add_open(ctx, record, &o);
	else if (entry != NULL)
		add_renewals(ctx, key, entry, &o);
	if (!json_is_object(record))
		add_downloads(ctx, key, &o);
	add(&o, CK_DEED_DOCTOR, NULL);
	/* a PIN that waits to be tried can be changed as long as it can be typed here */
	add(&o, CK_DEED_PIN, unfit_but_for_room(key));
	if (json_is_object(json_object_get(entry, "certificate")))
		add(&o, CK_DEED_STATUS, NULL);
	if (ctx->services)
		add(&o, CK_DEED_OTHER, NULL);
	return o.n;
}

int
ck_deed_next(const struct ck_deed_row *rows, int n, int at, bool down)
{
	int step = down ? 1 : -1;

	for (int turn = 0; turn < 2; turn++, step = -step)
		for (int i = at; i >= 0 && i < n; i += step)
			if (rows[i].why == NULL)
				return i;
	return at;
}

bool
ck_deed_is_small(enum ck_deed deed)
{
	return deed == CK_DEED_DOCTOR || deed == CK_DEED_PIN || deed == CK_DEED_STATUS ||
	       deed == CK_DEED_OTHER;
}

/* ---- in words ---- */

/* systems that would renew this one, or download one */
static int
choices(const json_t *key, const json_t *entry, const struct ck_deed_row *d)
{
	const json_t *system;
	size_t i;
	int n = 0;

	if (strcmp(d->way, CK_WAY_BY_CODES) == 0)
		return (int)json_array_size(json_object_get(key, "downloads"));
	json_array_foreach(json_object_get(entry, "systems"), i, system) n +=
	    json_is_true(json_object_get(system, "eligible"));
	return n;
}

static const char *
renew_text(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *key, const json_t *entry,
    const struct ck_deed_row *d)
{
	char word[64];
	const char *title = text_of(d->system, "title");
	json_t *facts = json_object();

	if (choices(key, entry, d) > 1)
		json_object_set_new(facts, "title",
		    json_string(*title != '\0' ? title : text_of(d->system, "system")));
	snprintf(word, sizeof word, "%s%.16s-%.16s", ctx->clerk ? "" : "my-", d->way,
	    text_of(d->system, "authorise"));
	if (ck_word(ctx->lang, "deed", word) == NULL)
		snprintf(word, sizeof word, "%s%.16s", ctx->clerk ? "" : "my-", d->way);
	title = ck_texts_say(t, ctx, "deed", word, facts);
	json_decref(facts);
	return title;
}

static const char *
open_text(const struct ck_ctx *ctx, struct ck_texts *t, const char *word, const json_t *record)
{
	json_t *facts = ck_phrase_facts(ctx->lang, record, NULL);
	const char *text = NULL;

	/* the day is what one remembers */
	json_object_set(facts, "touched_day", json_object_get(record, "touched"));
	text = ck_texts_say(t, ctx, "deed", word, facts);
	json_decref(facts);
	return text;
}

const char *
ck_deed_text(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *key, const json_t *entry,
    const struct ck_deed_row *d)
{
	static const char *const words[] = {
		[CK_DEED_RESUME] = "resume",
		[CK_DEED_ABANDON] = "abandon",
		[CK_DEED_DOCTOR] = "doctor",
		[CK_DEED_PIN] = "pin",
		[CK_DEED_STATUS] = "status",
		[CK_DEED_OTHER] = "other",
	};

	if (d->deed == CK_DEED_RENEW)
		return renew_text(ctx, t, key, entry, d);
	if (d->deed == CK_DEED_RESUME && given_up(json_object_get(key, "record")))
		return open_text(ctx, t, "give-up", json_object_get(key, "record"));
	if (d->deed == CK_DEED_RESUME || d->deed == CK_DEED_ABANDON)
		return open_text(ctx, t, words[d->deed], json_object_get(key, "record"));
	return ck_say(ctx, "deed", words[d->deed]);
}
