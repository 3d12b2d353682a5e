/*
 * The end of a case: what must be true whatever was interrupted. The key is looked at without the
 * kiosk, the books of CA and desk are read where they lie, and every file of the world is searched.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sandbox/db.h"
#include "certkiosk/record.h"
#include "prove.h"

/* more than the store of any case has */
#define LEDGER_LINES 1000

static int64_t
ask(const struct trial *t, const char *sql)
{
	return sb_int(t->w->sb.db, -1, sql, NULL);
}

static void
want(struct trial *t, const char *what, int64_t is, int64_t should)
{
	if (is != should)
		trial_wrong(t, "%s: %ld, not %ld", what, (long)is, (long)should);
}

/* ---- at any end ---- */

static void
judge_ledger(struct trial *t)
{
	struct ck_store_conf conf = { .reserve = 0 };
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };
	int64_t lines = 0;

	snprintf(conf.dir, sizeof conf.dir, "%s/state", t->w->wish->dir);
	if (ck_store_open(&conf, &st, &err) != 0 || ck_ledger_verify(st, &lines, &err) != 0)
		trial_wrong(t, "the ledger: %s", err.detail);
	ck_store_close(st);
}

static void
judge_secrets(struct trial *t)
{
	/* the envelope's password is the desk's to know, and it stands in its books; a PIN is not
	 */
	static const struct {
		const char *secret, *where;
	} places[] = {
		{ OLD_PIN, "state" },
		{ OLD_PIN, "shim" },
		{ OLD_PIN, "tokens" },
		{ OLD_PIN, "media" },
		{ OLD_PIN, "casandbox.log" },
		{ OLD_PIN, "sandbox.db" },
		{ OLD_PIN, "sandbox.db-wal" },
		{ PASSWORD, "state" },
		{ PASSWORD, "shim" },
		{ PASSWORD, "tokens" },
		{ PASSWORD, "media" },
		{ PASSWORD, "casandbox.log" },
		{ SECOND_CODE, "state" },
		{ SECOND_CODE, "shim" },
		{ SECOND_CODE, "tokens" },
		{ SECOND_CODE, "media" },
		{ SECOND_CODE, "casandbox.log" },
	};
	char path[SB_PATH_MAX], found[SB_PATH_MAX];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		world_path(t->w, places[i].where, path);
		if (files_find(path, places[i].secret, found))
			trial_wrong(t, "\"%s\" is in %s", places[i].secret, found);
	}
}

/* What the desk gave for one enrolment stands in its books and in no file of ours. */
static void
judge_one_time(struct trial *t)
{
	static const char *const places[] = { "state", "shim", "media", "casandbox.log" };
	char secret[SB_HEX_MAX], path[SB_PATH_MAX], found[SB_PATH_MAX];

	if (!sb_text(t->w->sb.db, secret, sizeof secret,
		"SELECT secret FROM lease WHERE secret IS NOT ''", NULL))
		return;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		world_path(t->w, places[i], path);
		if (files_find(path, secret, found))
			trial_wrong(t, "the enrolment's secret is in %s", found);
	}
}

/* Each PIN that was typed may have reached the key once, and the change counts as one; each login
 * that was told of has. */
static void
judge_wire(struct trial *t)
{
	long sent = world_logins(t->w);
	long changes = world_calls(t->w, "C_SetPIN") > 0;

	if (t->w->file)
		return;
	if (sent > t->typed + changes)
		trial_wrong(t, "%ld PINs on the wire, %d typed", sent, t->typed);
	if (sent < t->unlocked)
		trial_wrong(t, "%d times unlocked by %ld PINs", t->unlocked, sent);
	if (t->visits == 1 && t->last.key_back + t->last.restarts == 0 && t->last.end[0] != '\0' &&
	    sent != t->typed + t->changed)
		trial_wrong(t, "undisturbed, and %ld PINs on the wire, not %d", sent,
		    t->typed + t->changed);
}

/* Only right PINs are typed here, so none may have been wrong. */
static void
judge_tries(struct trial *t)
{
	char path[SB_PATH_MAX], found[SB_PATH_MAX];

	world_path(t->w, "shim/tries", path);
	if (!t->w->file && world_logins(t->w) > 0 && !files_find(path, "0", found))
		trial_wrong(t, "a wrong PIN was sent");
}

void
judge_usable(struct trial *t)
{
	struct held h;

	if (held_look(t->w, held_opens(t->w, PASSWORD) ? PASSWORD : OLD_PIN, &h) != 0 ||
	    h.good == 0)
		trial_wrong(t, "after visit %d no certificate on the key is of use", t->visits);
}

void
judge_always(struct trial *t)
{
	judge_ledger(t);
	judge_secrets(t);
	judge_one_time(t);
	judge_wire(t);
	judge_tries(t);
}

/* ---- orders ---- */

void
judge_unpaid(struct trial *t)
{
	if (t->w->order)
		want(t, "certificates nobody has paid for",
		    ask(t,
			"SELECT count(*) FROM cert WHERE origin='issued' AND lease NOT IN (SELECT"
			" lease.id FROM lease JOIN orders ON orders.id=lease.orderid JOIN payment ON"
			" payment.id=settled WHERE payment.state='paid')"),
		    0);
}

static void
judge_order(struct trial *t)
{
	bool receipt = strcmp(t->w->wish->pay, "transfer") == 0;

	want(t, "orders", ask(t, "SELECT count(*) FROM orders"), 1);
	want(
	    t, "orders that are done", ask(t, "SELECT count(*) FROM orders WHERE state='done'"), 1);
	want(t, "payments", ask(t, "SELECT count(*) FROM payment"), 1);
	want(t, "payments paid", ask(t, "SELECT count(*) FROM payment WHERE state='paid'"), 1);
	want(t, "sheets at the desk", ask(t, "SELECT count(*) FROM sheet"), receipt);
	want(t, "sheets whole at the desk", ask(t, "SELECT count(*) FROM sheet WHERE whole=1"),
	    receipt);
	if (!t->doubled)
		want(t, "sheets sent in more than their bytes",
		    ask(t, "SELECT count(*) FROM sheet WHERE sent<>size"), 0);
}

/* ---- done ---- */

static bool
holds(const struct held *h, const char *cert)
{
	for (int i = 0; i < h->certs && i < HELD_MAX; i++)
		if (strcmp(h->cert[i], cert) == 0 && h->valid[i])
			return true;
	return false;
}

static void
judge_key(struct trial *t, const char *pin, bool new)
{
	bool beside = new && t->w->download;
	char issued[SB_HEX_MAX] = "";
	struct held h;

	if (held_look(t->w, pin, &h) != 0) {
		trial_wrong(t, "the key cannot be looked at");
		return;
	}
	if (!h.opens)
		trial_wrong(t, "the key does not take the PIN that should hold");
	want(t, "pairs on the key", h.pairs, 1 + beside);
	want(t, "certificates on the key", h.certs, 1 + beside);
	want(t, "strays on the key", h.strays, 0);
	if (h.opens && !h.signs)
		trial_wrong(t, "its key does not sign for it");
	if (h.certs < 1)
		return;
	sb_text(t->w->sb.db, issued, sizeof issued,
	    "SELECT sha FROM cert WHERE origin='issued' AND status='good'", NULL);
	if (!holds(&h, new ? issued : t->w->old))
		trial_wrong(
		    t, "the %s certificate is not on the key, or not valid", new ? "new" : "old");
	if (beside && !holds(&h, t->w->old))
		trial_wrong(t, "what was on the key is not there any more");
}

/* What was brought is there, byte for byte, as it was or put aside. */
static void
judge_brought(struct trial *t)
{
	char brought[SB_PATH_MAX], now[SB_PATH_MAX], aside[SB_PATH_MAX];

	world_path(t->w, "fresh/media/stick/zhang.p12", brought);
	world_path(t->w, "media/stick/zhang.p12", now);
	world_path(t->w, "media/stick/zhang.p12.old", aside);
	if (!files_same(brought, now) && !files_same(brought, aside))
		trial_wrong(t, "what was brought is not there any more");
}

static void
judge_closed(struct trial *t, const char *state)
{
	char number[40];
	const char *is = trial_record(t, number);

	if (strcmp(is, state) != 0)
		trial_wrong(t, "the record is %s, not %s", is, state);
}

/* ---- consent ---- */

struct agreed {
	char number[40];
	int times;
};

static int
count_agreed(void *u, const struct ck_ledger_row *row)
{
	struct agreed *a = u;

	a->times += strcmp(row->record, a->number) == 0 &&
		    strncmp(row->text, "agreed to: ", strlen("agreed to: ")) == 0;
	return 0;
}

/* Asked for and written down once, however often the visit was begun again. */
static void
judge_consent(struct trial *t)
{
	struct ck_store_conf conf = { .reserve = 0 };
	struct agreed a = { .times = 0 };
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };

	trial_record(t, a.number);
	snprintf(conf.dir, sizeof conf.dir, "%s/state", t->w->wish->dir);
	if (ck_store_open(&conf, &st, &err) != 0 ||
	    ck_ledger_each(st, 0, LEDGER_LINES, count_agreed, &a, &err) == -1)
		trial_wrong(t, "the ledger: %s", err.detail);
	ck_store_close(st);
	want(t, "times that were agreed to", a.times, 1);
}

void
judge_done(struct trial *t)
{
	judge_consent(t);
	want(
	    t, "certificates issued", ask(t, "SELECT count(*) FROM cert WHERE origin='issued'"), 1);
	want(t, "certificates live",
	    ask(t, "SELECT count(*) FROM cert WHERE origin='issued' AND status='good'"), 1);
	want(t, "confirmed at the desk",
	    ask(t, "SELECT count(*) FROM lease WHERE state='confirmed'"), 1);
	want(t, "leases open",
	    ask(t, "SELECT count(*) FROM lease WHERE state IN ('nothing','key','issued')"), 0);
	if (t->w->confirms)
		want(t, "unconfirmed at the CA",
		    ask(t,
			"SELECT count(*) FROM cert WHERE origin='issued' AND certconf IS NOT 'accepted'"),
		    0);
	if (t->w->order)
		judge_order(t);
	if (t->w->seal)
		judge_seal(t);
	judge_key(t, t->w->on_behalf ? PASSWORD : OLD_PIN, true);
	if (t->w->file)
		judge_brought(t);
	judge_closed(t, "done");
	judge_always(t);
}

/* ---- given up ---- */

static void
judge_given_back(struct trial *t)
{
	want(t, "certificates live",
	    ask(t, "SELECT count(*) FROM cert WHERE origin='issued' AND status='good'"), 0);
	want(t, "leases held", ask(t, "SELECT count(*) FROM lease WHERE state IS NOT 'released'"),
	    0);
	want(t, "envelopes free", ask(t, "SELECT count(*) FROM envelope WHERE state='free'"), 1);
	judge_key(t, held_opens(t->w, PASSWORD) ? PASSWORD : OLD_PIN, false);
}

/* Nothing is swept after confirmation; the old pair may still be there. */
static void
judge_kept(struct trial *t)
{
	char issued[SB_HEX_MAX] = "";
	bool found = false;
	struct held h;

	want(t, "certificates live",
	    ask(t, "SELECT count(*) FROM cert WHERE origin='issued' AND status='good'"), 1);
	want(t, "leases open",
	    ask(t, "SELECT count(*) FROM lease WHERE state IN ('nothing','key','issued')"), 0);
	sb_text(t->w->sb.db, issued, sizeof issued,
	    "SELECT sha FROM cert WHERE origin='issued' AND status='good'", NULL);
	if (held_look(t->w, held_opens(t->w, PASSWORD) ? PASSWORD : OLD_PIN, &h) != 0 || !h.opens ||
	    !h.signs)
		trial_wrong(t, "a certificate on the key is not signed for");
	for (int i = 0; i < h.certs && i < HELD_MAX; i++)
		found = found || (strcmp(h.cert[i], issued) == 0 && h.valid[i]);
	if (!found)
		trial_wrong(t, "the new certificate is not on the key");
	want(t, "pairs without certificate", h.pairs - h.certs, 0);
	want(t, "strays on the key", h.strays, 0);
}

void
judge_given_up(struct trial *t)
{
	if (ask(t, "SELECT count(*) FROM lease WHERE state='confirmed'") == 1)
		judge_kept(t);
	else
		judge_given_back(t);
	if (t->w->file)
		judge_brought(t);
	judge_closed(t, "abandoned");
	judge_always(t);
}
