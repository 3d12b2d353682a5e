/* The keys as they come and go, until somebody has seen enough: what `certkiosk keys --watch`
 * shows, so that a reader, a driver or a key that makes trouble can be looked at on the spot. */
#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "walk/offers.h"
#include "walk/show.h"
#include "walk/visit.h"

/* Some modules show a key only a while after its reader does: it is looked for again so often. */
#define LATE_LOOK_MS 300
#define LATE_LOOKS 10

struct watched {
	const struct ck_site *site;
	struct ck_talk talk;
	struct ck_keyring *ring;
	struct ck_offers *offers;
	struct ck_reader_watch *readers;
	struct ck_patience patience;
	bool readers_only; /* no module is touched: somebody else may be at work on the key */
	struct ck_reader_event late; /* the key no module has shown yet */
	int looks;		     /* still to be made for it */
};

/* a row of the watch begins with what happened and when; takes more */
static void
say(struct watched *w, const char *event, json_t *more)
{
	char at[CK_TIME_LEN];
	json_t *row;

	ck_time_text(ck_now(), at);
	row = json_pack("{s:s, s:s}", "event", event, "at", at);
	json_object_update_missing(row, more);
	json_decref(more);
	ck_talk_row(&w->talk, row);
}

static void
say_trouble(struct watched *w, const char *event, const struct ck_err *err)
{
	say(w, event, json_pack("{s:o}", "error", ck_err_json(err)));
}

/* How long the person waited for it, from the event on. */
static void
say_key(struct watched *w, const struct ck_token_info *k, const struct ck_card *card, int64_t since)
{
	char reader[CK_READER_NAME_MAX];
	struct ck_err err = { 0 }, untold = { 0 };
	struct ck_entries all;
	json_t *row;

	if (ck_key_read(w->ring, k, &all, &err) == -1) {
		say_trouble(w, "trouble", &err);
		goto out;
	}
	row = ck_key_row(w->site, k, &all);
	ck_offers_add(w->offers, k, &all, row, &untold);
	/* modules may have names of their own for readers */
	if (card != NULL) {
		ck_clean_str(reader, sizeof reader, card->reader);
		json_object_set_new(row, "card", json_string(reader));
	}
	json_object_set_new(row, "after_ms", json_integer(ck_mono_ms() - since));
	say(w, "key", row);
	if (untold.code != CK_E_NONE)
		say_trouble(w, "trouble", &untold);
out:
	ck_entries_free(&all);
}

/* Whose counter it is, and what it can't do. */
static void
say_site(struct watched *w)
{
	say(w, "site", ck_offers_site(w->offers));
	for (size_t i = 0; i < w->site->n_systems; i++)
		if (ck_offers_trouble(w->offers, i) != NULL)
			say_trouble(w, "trouble", ck_offers_trouble(w->offers, i));
}

/* card NULL: what no reader shows. False: there is nothing to be said of it. */
static bool
look(struct watched *w, const struct ck_card *card, int64_t since)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	const struct ck_stranger *strangers;
	struct ck_err err = { 0 };
	size_t n = 0, n_strangers = 0;

	ck_talk_busy(&w->talk, CK_BUSY_KEY, w->patience.limit);
	if (ck_keyring_list_at(w->ring, card, rows, CK_TOKENS_MAX, &n, &err) == -1 &&
	    err.code != CK_E_KEY_UNKNOWN)
		say_trouble(w, "trouble", &err);
	for (size_t i = 0; i < n; i++)
		say_key(w, &rows[i], card, since);
	strangers = ck_keyring_strangers(w->ring, &n_strangers);
	for (size_t i = 0; i < n_strangers; i++)
		say(w, "unknown", ck_stranger_json(&strangers[i]));
	return n + n_strangers > 0 || err.code != CK_E_NONE;
}

static void
look_again(struct watched *w)
{
	struct ck_err err = { 0 };

	if (look(w, &w->late.card, w->late.at)) {
		w->looks = 0;
	} else if (--w->looks == 0) {
		ck_fail(&err, CK_E_NO_KEY, "%s", w->late.card.reader);
		say_trouble(w, "trouble", &err);
	}
}

static void
take_event(struct watched *w, const struct ck_reader_event *e)
{
	const char *name = ck_reader_what_names[e->what];
	struct ck_err err = { 0 };
	char reader[CK_READER_NAME_MAX];

	if (e->what == CK_SERVICE_GONE) {
		ck_reader_fail(e->why, e->native, &err);
		say_trouble(w, name, &err);
		return;
	}
	ck_clean_str(reader, sizeof reader, e->card.reader);
	say(w, name, reader[0] != '\0' ? json_pack("{s:s}", "reader", reader) : NULL);
	if (e->what != CK_READER_IN && strcmp(e->card.reader, w->late.card.reader) == 0)
		w->looks = 0; /* it is gone, or another */
	if (w->readers_only)
		return;
	if (e->what == CK_CARD_IN && !look(w, &e->card, e->at)) {
		w->late = *e;
		w->looks = LATE_LOOKS;
	}
}

/* Sleeps until a reader or the front has something to say; -1 when the front wants no more. */
static int
wait_event(struct watched *w, struct ck_err *err)
{
	struct pollfd p[] = {
		{ .fd = ck_link_fd(w->talk.link), .events = POLLIN },
		{ .fd = ck_reader_watch_fd(w->readers), .events = POLLIN },
	};

	if (w->looks == 0)
		ck_talk_idle(&w->talk);
	if (poll(p, 2, w->looks > 0 ? LATE_LOOK_MS : CK_IDLE_S * 1000) == 0) {
		if (w->looks > 0)
			look_again(w);
		else if (ck_reader_watch_check(w->readers, err) == -1)
			return -1;
		else if (w->readers_only)
			ck_talk_idle_again(&w->talk);
	}
	return p[0].revents != 0 ? ck_talk_pause(&w->talk, 0, err) : 0;
}

static void
follow(struct watched *w, struct ck_err *err)
{
	struct ck_reader_event e;

	if (!w->readers_only)
		look(w, NULL, ck_mono_ms());
	do {
		while (ck_reader_watch_next(w->readers, &e))
			take_event(w, &e);
	} while (wait_event(w, err) == 0);
	if (err->code == CK_E_STOPPED)
		*err = (struct ck_err){ 0 };
}

enum ck_outcome
ck_show_watch(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct watched w = { .site = site, .talk = { .link = link } };
	struct ck_err err = { 0 };
	enum ck_outcome outcome;

	w.readers_only = json_is_true(json_object_get(order, "readers"));
	if (ck_keyring_open(site->keys_dir, &w.ring, &err) == 0 &&
	    ck_offers_open(site, &w.offers, &err) == 0 &&
	    ck_reader_watch_start(&w.readers, &err) == 0) {
		ck_patience_begin(&w.patience, &w.talk, w.ring);
		ck_talk_step(&w.talk, "key", 1, 1, w.patience.limit);
		say_site(&w);
		follow(&w, &err);
	}
	ck_reader_watch_stop(w.readers);
	ck_offers_close(w.offers);
	ck_keyring_close(w.ring);
	outcome = err.code == CK_E_NONE ? CK_END_DONE : CK_END_FAILED;
	ck_talk_end(&w.talk, outcome, NULL, NULL, &err);
	return outcome;
}
