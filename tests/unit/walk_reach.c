/*
 * ck_next() explored over every (record, key, desk) that a visit can come to when a kill, a yank, a
 * withdrawal by the CA or a person's "give it up" may fall between any two acts.
 *
 * An act is one thing that changes the world for good: a line of the record, a call that writes to
 * the key, an exchange the CA or desk commits. A station looks first, so which act is due follows
 * from what is there: act() is that, in the order of the stations' own files, and after every act
 * ck_next() is asked anew. From each world found this way the walk must have a next station, each
 * act must change something, the promises must hold, and without further faults the walk must come
 * to its end.
 */
#include "t.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "walk/plan.h"

#define WORLDS_MAX 200000
/* more acts than a whole visit has: the walk goes in a circle */
#define ACTS_MAX 80

struct world {
	struct ck_progress record;
	struct ck_seen seen;
	/* key */
	bool old_key, old_cert, pair, new_cert, stale_cert, renamed, pin_new, seal;
	/* desk and CA */
	bool lease, bound, live, confirmed, withdrawn_once, rejected_once;
	bool early;	       /* a request was bound before its time */
	enum ck_station wants; /* the station of its first step that has not passed */
};

struct rules {
	struct ck_rules plan;
	bool removes,
	    renames; /* the policy retires the old pair; the family has names of its own */
};

struct found {
	struct world *at;
	size_t n;
};

/* ---- one act ---- */

/* the next step of the system, from this one on */
static enum ck_station
step_from(enum ck_station s, const struct rules *r)
{
	const struct ck_rules *p = &r->plan;

	for (; s <= CK_AT_REVIEW; s++)
		if ((s == CK_AT_APPLICANT && p->applicant) || (s == CK_AT_PAPERS && p->papers) ||
		    (s == CK_AT_IDENTITY && p->identity) || (s == CK_AT_PAY && p->pay) ||
		    (s == CK_AT_REVIEW && p->review))
			return s;
	return CK_AT_KEY;
}

/* What the desk said last is a line of the record of its own. */
static void
hear(struct world *w, const struct rules *r)
{
	w->record.due = w->wants;
	w->record.form_due = r->plan.form_before && w->wants == CK_AT_PAPERS;
}

static void
act_step(struct world *w, const struct rules *r)
{
	if (w->record.due == w->wants)
		w->wants = step_from(w->wants + 1, r);
	else
		hear(w, r);
}

/* A new lease for what was released meanwhile: the same pair and request begin anew (authorise.c).
 */
static void
act_authorise(struct world *w, const struct rules *r)
{
	struct ck_progress *p = &w->record;

	if (!p->lease_meant) {
		p->lease_meant = true;
	} else if (!w->lease) {
		w->lease = true;
		w->bound = false;
		w->stale_cert = w->new_cert;
		w->wants = step_from(CK_AT_APPLICANT, r);
	} else if (!p->leased || (p->requested && !w->bound)) {
		p->leased = true;
		p->requested = p->issued = p->installed = false;
		hear(w, r);
	} else if (p->due != w->wants) {
		hear(w, r);
	} else {
		w->seen.authorised = true;
	}
}

static void
act_install(struct world *w)
{
	if (w->stale_cert)
		w->stale_cert = w->new_cert = false;
	else if (!w->new_cert)
		w->new_cert = true;
	else
		w->record.installed = true;
}

static void
act_seal(struct world *w)
{
	if (!w->seal)
		w->seal = true;
	else
		w->record.sealed = true;
}

/* Giving up, it is known since the unlocking which PIN holds. */
static void
act_pin(struct world *w)
{
	struct ck_progress *p = &w->record;

	if (!p->pin_meant)
		p->pin_meant = true;
	else if (!w->pin_new && !p->abandon_meant)
		w->pin_new = true;
	else
		p->pin_settled = true;
}

static void
act_retire(struct world *w, const struct rules *r)
{
	struct ck_progress *p = &w->record;

	if (r->removes && !p->naming_meant && !p->retire_meant)
		p->retire_meant = true;
	else if (p->retire_meant && !p->naming_meant && w->old_cert)
		w->old_cert = false;
	else if (p->retire_meant && !p->naming_meant && w->old_key)
		w->old_key = false;
	else if (r->renames && !p->naming_meant)
		p->naming_meant = true;
	else if (r->renames && !w->renamed)
		w->renamed = true;
	else if (r->renames && !p->named)
		p->named = true;
	else
		p->retired = true;
}

/* One part a call; the desk knows whether it was confirmed after all (abandon.c). */
static void
act_abandon(struct world *w)
{
	struct ck_progress *p = &w->record;

	if (!p->confirmed && (p->lease_meant || p->leased) && !p->released) {
		if (w->lease && w->confirmed)
			p->confirmed = true;
		else if (w->lease)
			w->lease = w->bound = w->live = false;
		else
			p->released = true;
	} else if (!p->confirmed && p->newkey_meant && !p->swept) {
		if (w->new_cert)
			w->new_cert = w->stale_cert = false;
		else if (w->pair)
			w->pair = false;
		else
			p->swept = true;
	} else {
		p->closed = true;
	}
}

static void
act(struct world *w, enum ck_station s, const struct rules *r)
{
	struct ck_progress *p = &w->record;

	switch (s) {
	case CK_AT_KEY:
		w->seen.key = true;
		break;
	case CK_AT_CERT:
		w->seen.cert = true;
		break;
	case CK_AT_ELIGIBLE:
		p->begun = true;
		break;
	case CK_AT_CONSENT:
		if (!p->consented)
			p->consented = true;
		else
			w->seen.consented = true;
		break;
	case CK_AT_UNLOCK:
		w->seen.unlocked = true;
		break;
	case CK_AT_AUTHORISE:
		act_authorise(w, r);
		break;
	case CK_AT_APPLICANT:
	case CK_AT_PAPERS:
	case CK_AT_IDENTITY:
	case CK_AT_PAY:
	case CK_AT_REVIEW:
		act_step(w, r);
		break;
	case CK_AT_FORM_BEFORE:
		p->formed = true;
		break;
	case CK_AT_NEWKEY:
		if (!p->newkey_meant)
			p->newkey_meant = true;
		else if (!w->pair)
			w->pair = true;
		else
			p->newkey_made = true;
		break;
	case CK_AT_REQUEST:
		if (!w->bound) {
			w->early = w->early || w->wants != CK_AT_KEY;
			w->bound = true;
		} else
			p->requested = true;
		break;
	case CK_AT_ISSUE:
		if (!w->live)
			w->live = true;
		else
			p->issued = true;
		break;
	case CK_AT_INSTALL:
		act_install(w);
		break;
	case CK_AT_CONFIRM:
		if (!w->confirmed)
			w->confirmed = true;
		else
			p->confirmed = true;
		break;
	case CK_AT_SEAL:
		act_seal(w);
		break;
	case CK_AT_PIN:
		act_pin(w);
		break;
	case CK_AT_RETIRE:
		act_retire(w, r);
		break;
	case CK_AT_FORM:
		p->formed = true;
		break;
	case CK_AT_CLOSE:
		p->closed = true;
		break;
	case CK_AT_ABANDON:
		act_abandon(w);
		break;
	case CK_AT_END:
		break;
	}
}

/* ---- what may happen between two acts ---- */

enum fault { KILLED, YANKED, WITHDRAWN, REJECTED, GIVEN_UP, FAULTS };

static bool
strike(struct world *w, enum fault f, const struct rules *r)
{
	switch (f) {
	case KILLED:
		w->seen = (struct ck_seen){ 0 };
		return true;
	case YANKED:
		w->seen.key = w->seen.cert = w->seen.unlocked = false;
		return true;
	case WITHDRAWN: /* the CA's own time-out; once, or no visit would ever end */
		if (!w->lease || w->confirmed || w->withdrawn_once)
			return false;
		w->lease = w->bound = w->live = false;
		w->withdrawn_once = true;
		/* seen when the engine asks next: it starts anew from there */
		w->seen.authorised = false;
		return true;
	case REJECTED: /* what was reviewed is to be corrected; once, as above */
		if (!w->lease || w->wants != CK_AT_REVIEW || w->rejected_once)
			return false;
		w->wants = step_from(CK_AT_APPLICANT, r);
		w->rejected_once = true;
		return true;
	case GIVEN_UP: /* said before the walk begins (walk.c, prepare) */
		if (!w->record.begun || w->record.abandon_meant || w->record.closed)
			return false;
		w->seen = (struct ck_seen){ 0 };
		w->record.abandon_meant = true;
		return true;
	case FAULTS:
		break;
	}
	return false;
}

/* ---- the promises, in any world ---- */

static bool
never_bricked(const struct world *w)
{
	bool old = w->old_key && w->old_cert;
	bool fresh = w->pair && w->new_cert && !w->stale_cert && w->live && w->confirmed;

	return old || fresh;
}

static bool
never_too_soon(const struct world *w)
{
	return !w->early &&
	       (w->confirmed ||
		   (w->old_key && w->old_cert && !w->pin_new && !w->renamed && !w->seal)) &&
	       (w->record.newkey_meant || !w->pair) && (w->record.pin_meant || !w->pin_new);
}

static bool
right_end(const struct world *w, const struct rules *r)
{
	const struct ck_progress *p = &w->record;
	bool fresh = w->pair && w->new_cert && w->live && w->confirmed;
	bool half_named = w->renamed != p->named;

	if (!p->closed)
		return true;
	if (p->abandon_meant && !w->confirmed)
		return w->old_key && w->old_cert && !w->pair && !w->new_cert && !w->live &&
		       !w->lease;
	if (p->abandon_meant)
		return fresh && !half_named && (w->old_key == w->old_cert) &&
		       (!p->pin_meant || p->pin_settled);
	return fresh && w->seal == r->plan.seal && w->pin_new == r->plan.pin_changes &&
	       w->renamed == r->renames && w->old_key == !r->removes &&
	       w->old_cert == !r->removes && p->formed == (r->plan.form || r->plan.form_before);
}

/* ---- exploring ---- */

static bool
add(struct found *f, const struct world *w)
{
	for (size_t i = f->n; i-- > 0;)
		if (memcmp(&f->at[i], w, sizeof *w) == 0)
			return true;
	if (f->n == WORLDS_MAX)
		return false;
	memcpy(&f->at[f->n++], w, sizeof *w);
	return true;
}

/* 1: one act further, 0: at the end, -1: a station that changes nothing */
static int
go_on(const struct world *now, const struct rules *r, struct world *next)
{
	enum ck_station s = ck_next(&now->record, &r->plan, &now->seen);

	memcpy(next, now, sizeof *next);
	if (s == CK_AT_END)
		return now->record.closed ? 0 : -1;
	act(next, s, r);
	return memcmp(next, now, sizeof *next) != 0 ? 1 : -1;
}

static bool
arrives(const struct world *from, const struct rules *r)
{
	struct world w, next;
	int moved = 1;

	memcpy(&w, from, sizeof w);
	for (int i = 0; i < ACTS_MAX && moved == 1; i++) {
		moved = go_on(&w, r, &next);
		memcpy(&w, &next, sizeof w);
	}
	return moved == 0 && right_end(&w, r);
}

struct tally {
	long worlds, stuck, bricked, soon, wrong, lost;
};

static bool
explore(const struct rules *r, struct found *f, struct tally *t)
{
	struct world first, next;
	bool room = true;

	memset(&first, 0, sizeof first); /* compared byte by byte */
	first.old_key = first.old_cert = true;
	f->n = 0;
	room = add(f, &first);
	for (size_t i = 0; i < f->n && room; i++) {
		struct world now;

		memcpy(&now, &f->at[i], sizeof now);
		t->worlds++;
		t->bricked += !never_bricked(&now);
		t->soon += !never_too_soon(&now);
		t->wrong += !right_end(&now, r);
		t->lost += !arrives(&now, r);
		if (now.record.closed)
			continue;
		if (go_on(&now, r, &next) != 1)
			t->stuck++;
		room = add(f, &next);
		for (int fault = 0; fault < FAULTS && room; fault++) {
			memcpy(&next, &now, sizeof next);
			if (strike(&next, (enum fault)fault, r))
				room = add(f, &next);
		}
	}
	return room;
}

int
main(void)
{
	struct found f = { .at = calloc(WORLDS_MAX, sizeof *f.at) };
	struct tally t = { 0 };
	bool room = f.at != NULL;

	/* by key, by envelope, by envelope that becomes the PIN, and that with a form and
	 * documents, and a seal; by key, and all a desk may want first */
	static const struct ck_rules plan[] = { { .envelope = false }, { .envelope = true },
		{ .envelope = true, .pin_changes = true },
		{ .envelope = true,
		    .pin_changes = true,
		    .form = true,
		    .consent = true,
		    .seal = true },
		{ .form_before = true,
		    .applicant = true,
		    .papers = true,
		    .identity = true,
		    .pay = true,
		    .review = true } };

	for (unsigned i = 0; i < 20 && room; i++) {
		const struct rules r = { plan[i % 5], i / 5 & 1, i / 10 & 1 };

		room = explore(&r, &f, &t);
	}
	T(room && t.worlds > 5000, "%ld worlds can be come to", t.worlds);
	T(t.stuck == 0, "in each a station is next, and changes something (%ld stuck)", t.stuck);
	T(t.lost == 0, "from each the walk comes to its right end (%ld do not)", t.lost);
	T(t.bricked == 0, "in each the key signs for a good certificate (%ld)", t.bricked);
	T(t.soon == 0, "nothing unwritten, nothing old gone, no PIN before it is confirmed (%ld)",
	    t.soon);
	T(t.wrong == 0, "what is closed is whole (%ld)", t.wrong);
	free(f.at);
	return T_END();
}
