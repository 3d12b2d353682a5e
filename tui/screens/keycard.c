#include "keycard.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "words/say.h"

/* A certificate that ends within so many days is a reason to renew it today: the shortest time
 * before the end that a system allows. */
#define SOON_DAYS 30
#define WHOLE 1000 /* a bar counts in thousandths */

/* ---- days ---- */

static bool
time_of(const json_t *cert, const char *name, int64_t *at)
{
	return ck_time_read(text_of(cert, name), at);
}

static int
passed(const struct ck_ctx *ctx, const json_t *cert)
{
	int64_t from = 0, to = 0;

	if (!time_of(cert, "not_before", &from) || !time_of(cert, "not_after", &to) || to <= from)
		return -1;
	if (ctx->now <= from)
		return 0;
	return ctx->now >= to ? WHOLE : (int)((ctx->now - from) * WHOLE / (to - from));
}

static const char *
ends(const struct ck_ctx *ctx, int64_t end, ck_day days, enum ck_tone *tone)
{
	static const char *const ended[] = { "expired-today", "expired-yesterday", "expired" };
	static const char *const ending[] = { "ends-today", "ends-tomorrow", "soon" };
	int at = days < 0 ? -days : days;

	*tone = CK_TONE_BAD;
	if (ctx->now > end)
		return ended[at < 2 ? at : 2];
	*tone = CK_TONE_CAREFUL;
	if (days <= SOON_DAYS)
		return ending[at < 2 ? at : 2];
	*tone = CK_TONE_GOOD;
	return "fine";
}

static void
set_state(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *cert, struct ck_card *card)
{
	int64_t from = 0, to = 0;
	ck_day days = 0;
	const char *word = "no-dates";
	json_t *facts = NULL;

	card->tone = CK_TONE_CAREFUL;
	if (time_of(cert, "not_before", &from) && ctx->now < from) {
		word = "not-yet";
	} else if (time_of(cert, "not_after", &to)) {
		days = ck_day_of(to) - ck_day_of(ctx->now);
		word = ends(ctx, to, days, &card->tone);
	}
	facts = json_pack("{s:i, s:O*}", "days", days < 0 ? -days : days, "not_before",
	    json_object_get(cert, "not_before"));
	card->state = ck_texts_say(t, ctx, "cards", word, facts);
	json_decref(facts);
}

/* ---- may it be renewed? ---- */

/* of a window that today is not in, on which side: people ask when, not whether */
static const char *
rule_of(const struct ck_ctx *ctx, const json_t *system)
{
	const char *rule = text_of(system, "rule");
	ck_day first = 0;

	if (strcmp(rule, "window") == 0 && ck_date_read(text_of(system, "first_day"), &first))
		return ck_day_of(ctx->now) < first ? "early" : "late";
	return rule;
}

/* Why not, and whom to call; what there is no sentence for is told as the error it would be. */
static const char *
refusal(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *system, const char *title)
{
	const char *rule = rule_of(ctx, system), *known = ck_word(ctx->lang, "refusal", rule);
	const char *hotline = text_of(system, "hotline"), *class = NULL;
	json_t *facts = json_deep_copy(system), *err = NULL;
	const char *text = NULL;
	struct ck_told told;

	json_object_set_new(
	    facts, "hotline", json_string(*hotline != '\0' ? hotline : ctx->hotline));
	json_object_set_new(facts, "name", json_string(title != NULL ? title : ""));
	class = ck_say(ctx, "class", text_of(system, "class"));
	json_object_set_new(facts, "class_text",
	    json_string(*class != '\0' ? class : ck_say(ctx, "cards", "this-kind")));
	if (known == NULL) {
		err = json_pack("{s:O?}", "code", json_object_get(system, "code"));
		ck_tell_err(ctx->lang, err, NULL, &told);
		json_object_set_new(facts, "what", json_string(told.title));
		json_decref(err);
	}
	text = ck_texts_say(t, ctx, "refusal", known != NULL ? rule : "other", facts);
	json_decref(facts);
	return text;
}

static const char *
window(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *system, const char *title)
{
	json_t *facts = json_deep_copy(system);
	const char *text = NULL;

	json_object_set_new(facts, "name", json_string(title != NULL ? title : ""));
	text = ck_texts_say(t, ctx, "cards", title != NULL ? "window-in" : "window", facts);
	json_decref(facts);
	return text;
}

/* more than one: each with its name */
static void
set_notes(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *systems, struct ck_card *card)
{
	const json_t *system;
	size_t i;

	json_array_foreach(systems, i, system)
	{
		bool may = json_is_true(json_object_get(system, "eligible"));
		const char *title = text_of(system, "title");

		if (i == CK_CARD_NOTES)
			break;
		title = *title != '\0' ? title : text_of(system, "system");
		card->notes[i].tone = may ? CK_TONE_GOOD : CK_TONE_BAD;
		card->notes[i].text =
		    may ? window(ctx, t, system, title) : refusal(ctx, t, system, title);
	}
}

static void
set_verdict(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *entry, struct ck_card *card)
{
	const json_t *systems = json_object_get(entry, "systems"), *first;
	json_t *facts = json_pack("{s:s}", "hotline", ctx->hotline);

	if (strcmp(text_of(entry, "private"), "no") == 0) {
		card->why = ck_texts_say(t, ctx, "refusal", "no-private", facts);
	} else if (json_array_size(systems) == 1) {
		first = json_array_get(systems, 0);
		if (json_is_true(json_object_get(first, "eligible")))
			card->window = window(ctx, t, first, NULL);
		else
			card->why = refusal(ctx, t, first, NULL);
	} else if (json_array_size(systems) > 1) {
		set_notes(ctx, t, systems, card);
	} else if (json_is_true(json_object_get(entry, "server"))) {
		card->why = ck_texts_say(t, ctx, "refusal", "server-certificate", facts);
	} else if (json_is_array(systems)) {
		card->why = ck_texts_say(t, ctx, "refusal", "unknown-issuer", facts);
	}
	json_decref(facts);
}

/* ---- the certificate ---- */

/* of "C=CN, O=Some CA, CN=Issuing CA G2" what people know it by */
static void
common_name(const char *dn, char *out, size_t cap)
{
	const char *at = strncmp(dn, "CN=", 3) == 0 ? dn : NULL, *next;
	size_t n = 0;

	for (next = dn; at == NULL && (next = strstr(next, ", CN=")) != NULL;)
		at = next + 2;
	if (at == NULL) {
		snprintf(out, cap, "%s", dn);
		return;
	}
	for (at += 3; *at != '\0' && n + 1 < cap; at++) {
		if (at[0] == ',' && at[1] == ' ')
			break;
		if (at[0] == '\\' && at[1] != '\0')
			at++;
		out[n++] = *at;
	}
	out[n] = '\0';
}

static void
set_facts(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *entry, int most,
    struct ck_card *card)
{
	static const char *const names[] = { "serial", "issued-by", "alg", "unique-id" };
	const json_t *cert = json_object_get(entry, "certificate");
	char issuer[CK_SENTENCE_MAX];
	json_t *facts = json_deep_copy(cert);
	int n = 0;

	common_name(text_of(cert, "issuer"), issuer, sizeof issuer);
	json_object_set_new(facts, "issuer", json_string(issuer));
	json_object_set(facts, "unique_id", json_object_get(entry, "unique_id"));
	for (size_t i = 0; i < sizeof names / sizeof *names && n < most; i++) {
		card->facts[n] = ck_texts_say(t, ctx, "cards", names[i], facts);
		n += *card->facts[n] != '\0';
	}
	card->facts[n] = NULL;
	json_decref(facts);
}

/* server, person or organisation, as the first system to know says */
static const char *
kind_of(const struct ck_ctx *ctx, const json_t *entry)
{
	const json_t *system = json_array_get(json_object_get(entry, "systems"), 0);

	if (json_is_true(json_object_get(entry, "server")))
		return ck_say(ctx, "kind", "server");
	return ck_say(ctx, "kind", text_of(system, "class"));
}

/* what can be said of an entry that shows no certificate */
static void
without(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *entry, const char *word,
    struct ck_card *card)
{
	char why[32];

	snprintf(why, sizeof why, "%s-why", word);
	card->name = ck_texts_say(t, ctx, "cards", word, entry);
	card->why = ck_texts_say(t, ctx, "cards", why, entry);
}

bool
ck_keycard_wanted(const json_t *entry)
{
	return json_is_object(json_object_get(entry, "certificate")) ||
	       json_is_true(json_object_get(entry, "closed"));
}

void
ck_keycard(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *entry, int facts,
    struct ck_card *card)
{
	const json_t *cert = json_object_get(entry, "certificate");
	int64_t from = 0, to = 0;

	*card = (struct ck_card){ .kind = "", .passed = -1 };
	if (!json_is_object(cert) || json_object_get(cert, "error") != NULL) {
		without(ctx, t, entry, json_is_object(cert) ? "unreadable" : "closed", card);
		return;
	}
	card->name = ck_texts_say(t, ctx, "cards", "name", cert);
	if (card->name[strspn(card->name, " ")] == '\0')
		card->name = ck_say(ctx, "cards", "nameless");
	card->kind = kind_of(ctx, entry);
	set_facts(ctx, t, entry, facts, card);
	if (time_of(cert, "not_before", &from) && time_of(cert, "not_after", &to))
		card->valid = ck_texts_say(t, ctx, "cards", "valid", cert);
	card->passed = passed(ctx, cert);
	set_state(ctx, t, cert, card);
	set_verdict(ctx, t, entry, card);
}

/* ---- the key ---- */

static const struct {
	const char *state;
	enum ck_tone tone;
} pins[] = {
	{ "ok", CK_TONE_GOOD },
	{ "low", CK_TONE_CAREFUL },
	{ "default", CK_TONE_CAREFUL },
	{ "last", CK_TONE_CAREFUL },
	{ "locked", CK_TONE_BAD },
	{ "unset", CK_TONE_CAREFUL },
	{ "pinpad", CK_TONE_CAREFUL },
};

struct ck_note
ck_key_pin(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *key)
{
	const json_t *pin = json_object_get(key, "pin");
	char word[32];

	for (size_t i = 0; i < sizeof pins / sizeof *pins; i++) {
		if (strcmp(text_of(pin, "state"), pins[i].state) != 0)
			continue;
		snprintf(word, sizeof word, "pin-%s", pins[i].state);
		return (struct ck_note){ pins[i].tone, ck_texts_say(t, ctx, "keys", word, pin) };
	}
	return (struct ck_note){ CK_TONE_PLAIN, "" };
}

const char *
ck_key_line(const struct ck_ctx *ctx, struct ck_texts *t, const json_t *key)
{
	return ck_texts_say(t, ctx, "keys", "key", key);
}

const char *
ck_key_unfit(const json_t *key)
{
	const char *state = text_of(json_object_get(key, "pin"), "state");

	if (json_is_true(json_object_get(key, "readonly")))
		return "readonly";
	if (json_is_false(json_object_get(key, "two_pairs")))
		return "one-pair";
	if (strcmp(state, "locked") == 0 || strcmp(state, "unset") == 0 ||
	    strcmp(state, "pinpad") == 0)
		return state;
	return NULL;
}
