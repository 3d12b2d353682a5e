/*
 * certkiosk records tend: what needs neither key nor secret, for each record that nobody is at. The
 * desk is asked, and what it says is put down: still waiting; the certificate is there; finished at
 * another counter; held no more. One that nobody came back for in time is given back, and what it
 * leaves on the key is told. What became of forms that were on their way to paper is looked for,
 * too. A record is locked only while it is written to or given back: a person who puts the key in
 * meanwhile does not wait for a slow desk, and what changed since the desk was asked is left for
 * the next time.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/batch.h"
#include "walk/paper.h"
#include "walk/parked.h"
#include "walk/records.h"
#include "walk/service.h"
#include "walk/show.h"

/* somebody will run it again by then; what people are told is when to look */
#define LOOK_AGAIN_S 3600
/* our own work on one record, and the disk's */
#define RECORD_S 60

struct tend {
	const struct ck_site *site;
	struct ck_talk talk;
	struct ck_store *store;
	json_t *numbers, *services;
	int64_t looked, closed, wiped;
	struct ck_err first; /* why the first of those that were passed over was */
	struct ck_err stray; /* the first of those that need a person, however often we come */
};

/* what the desk says of one */
struct word {
	enum { NONE, OURS, OTHERS, GONE } holder; /* NONE: it never had one */
	struct ck_lease lease;
	bool passed; /* what it stood still for has, since we asked last */
};

/* what is done about it */
enum fate { WAIT, TAKE, ELSEWHERE_DONE, GIVE_BACK, END_LATE };

/* ---- the record, with all the stations of the way back may look at ---- */

static void
close_visit(struct ck_visit *v)
{
	if (v != NULL)
		v->store = NULL; /* the next one's, too */
	ck_visit_close(v);
}

static int
read_old(struct ck_visit *v, struct ck_err *err)
{
	size_t n = 0;
	const void *cert = ck_record_get(v->record, 0, "old-cert", &n);

	if (cert == NULL)
		return 0;
	if ((v->old.der = malloc(n)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	memcpy(v->old.der, cert, n);
	v->old.der_len = n;
	return ck_cert_read(cert, n, &v->old.facts, err);
}

static int
fill(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	int way = ck_way_from(h->way);

	if (way == -1)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: way %s", h->number, h->way);
	v->way = (enum ck_way)way;
	if (ck_visit_take_system(v, h->system, err) == -1)
		return -1;
	ck_visit_take_rules(v);
	ck_visit_read_progress(v);
	return read_old(v, err);
}

/* 1; 0: it is gone or closed by now; -1 */
static int
open_visit(struct tend *t, const char *number, struct ck_visit **out, struct ck_err *err)
{
	struct ck_visit *v = calloc(1, sizeof *v);
	int found;

	if (v == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "record");
	v->site = t->site;
	v->store = t->store;
	v->talk.link = t->talk.link;
	found = ck_record_find(t->store, "number", number, &v->record, err);
	if (found == 1 && ck_record_head(v->record)->closed != 0)
		found = 0;
	if (found == 1 && fill(v, err) == -1)
		found = -1;
	*out = v;
	return found;
}

/* ---- the desk ---- */

static int
ask(struct ck_visit *v, struct word *w, struct ck_err *err)
{
	int found = ck_lease_now(v, &w->lease, err);

	if (found == -1)
		return -1;
	if (found == 0)
		w->holder = v->done.leased ? GONE : NONE;
	else if (w->lease.state == CK_BOUND_RELEASED)
		w->holder = GONE;
	else
		w->holder = ck_lease_is_ours(v, &w->lease) ? OURS : OTHERS;
	return 0;
}

/* ---- what follows from it ---- */

static bool
overdue(const struct ck_visit *v, const struct word *w)
{
	int64_t deadline =
	    ck_deadline(ck_record_head(v->record), v->policy.deadline_days, w->lease.now);

	return deadline != 0 && w->lease.now >= deadline;
}

/* Given up by us, and we were interrupted: nobody is waited for any more. */
static bool
given_up_here(const struct ck_visit *v)
{
	const char *why = ck_record_text(v->record, 0, "abandon");

	return why != NULL &&
	       (strcmp(why, CK_NOBODY_CAME) == 0 || strcmp(why, CK_HELD_NO_MORE) == 0);
}

/* Given up: what is left of it at the desk needs nobody, and of one that leaves nothing on the key
 * there is nothing to wait for. */
static enum fate
judge_given_up(const struct ck_visit *v, bool late)
{
	const struct ck_progress *p = &v->done;
	bool held = ck_abandon_gives_back(p) && !p->released;

	return late || held || given_up_here(v) || !ck_abandon_wants_key(p) ? GIVE_BACK : WAIT;
}

static enum fate
judge(const struct ck_visit *v, const struct word *w)
{
	const struct ck_progress *p = &v->done;
	bool late = overdue(v, w), settled = w->lease.state == CK_BOUND_CONFIRMED;

	if (w->holder == OTHERS && settled)
		return ELSEWHERE_DONE;
	if (p->abandon_meant)
		return judge_given_up(v, late);
	if (p->confirmed || (w->holder == OURS && settled))
		return late ? END_LATE : WAIT;
	if (w->holder == GONE || late)
		return GIVE_BACK;
	if (w->holder == OURS && w->lease.state == CK_BOUND_ISSUED && !p->issued)
		return TAKE;
	return WAIT;
}

static const char *
reason(const struct ck_visit *v, const struct word *w)
{
	const struct ck_record_head *h = ck_record_head(v->record);

	if (v->done.abandon_meant)
		return CK_WAITS_ABANDON;
	if (w->holder == OTHERS)
		return CK_WAITS_ELSEWHERE;
	if (w->holder == OURS && !v->done.requested && ck_steps_due(&w->lease.steps) != CK_AT_KEY)
		return ck_steps_waits(v, &w->lease.steps);
	if (v->done.issued)
		return v->done.confirmed ? CK_WAITS_PERSON : CK_WAITS_CERTIFICATE;
	/* as it was left: nothing has come of it yet */
	if (strcmp(h->reason, CK_WAITS_AUTHORITY) == 0)
		return CK_WAITS_AUTHORITY;
	return CK_WAITS_PERSON;
}

/* What the desk waits for first, as it says now. A step our rules do not know is for a person to be
 * told, who comes with the key. */
static int
hear(struct ck_visit *v, struct word *w, struct ck_err *err)
{
	enum ck_station was = v->done.due;
	struct ck_err no = { 0 };

	if (w->holder != OURS || v->done.requested || v->done.abandon_meant)
		return 0;
	v->at = was != CK_AT_KEY ? was : CK_AT_AUTHORISE;
	if (ck_steps_hear(v, &w->lease, &no) == -1 && no.code != CK_E_STEP_UNKNOWN) {
		*err = no;
		return -1;
	}
	w->passed = was != CK_AT_KEY && v->done.due != was && !ck_steps_rejected(&w->lease.steps);
	return 0;
}

static int
wait_on(struct ck_visit *v, const struct word *w, struct ck_err *err)
{
	return ck_record_park(v->record, reason(v, w), ck_now() + LOOK_AGAIN_S, err);
}

/* The next visit installs it without asking the CA for it again. */
static int
take(struct ck_visit *v, const struct word *w, struct ck_err *err)
{
	v->at = CK_AT_ISSUE;
	if (ck_keep_issued(v, w->lease.cert, w->lease.cert_len, NULL, err) == -1)
		return -1;
	return wait_on(v, w, err);
}

/* The new certificate is good and stays; what the visit had still to do stays undone. */
static int
end_late(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact confirmed = ck_text_fact("confirmed", "yes", 0);
	char text[CK_LEFT_MAX];

	v->at = CK_AT_CONFIRM;
	if (!v->done.confirmed && ck_visit_note(v,
				      &(struct ck_note){ .mark = CK_DONE,
					  .text = "confirmed at the desk",
					  .ledger = true,
					  .facts = &confirmed,
					  .n_facts = 1 },
				      err) == -1)
		return -1;
	v->left = ck_leftovers(v);
	ck_left_text(v->left, "renewed, and nobody came back", text);
	return ck_end_record(v, CK_AT_CLOSE, CK_RECORD_DONE, text, err);
}

/* At the desk; and the record is closed, unless a person said so who may yet come with the key to
 * have it swept. */
static int
give_back(struct ck_visit *v, const struct word *w, struct ck_err *err)
{
	bool waits = v->done.abandon_meant && !given_up_here(v) && !overdue(v, w);

	if (!v->done.abandon_meant &&
	    ck_mean_to_abandon(v, w->holder == GONE ? CK_HELD_NO_MORE : CK_NOBODY_CAME, err) == -1)
		return -1;
	v->at = CK_AT_ABANDON;
	v->left_pair = !waits;
	while (!v->done.closed) {
		if (waits && (v->done.released || v->done.confirmed) &&
		    ck_abandon_wants_key(&v->done))
			return wait_on(v, w, err);
		if (ck_at_abandon(v, err) != CK_GO)
			return -1;
	}
	return 0;
}

static int
carry_out(struct ck_visit *v, enum fate fate, struct word *w, struct ck_err *err)
{
	switch (fate) {
	case WAIT:
		return hear(v, w, err) == -1 ? -1 : wait_on(v, w, err);
	case TAKE:
		return take(v, w, err);
	case ELSEWHERE_DONE:
		return ck_end_elsewhere(v, &w->lease, err);
	case GIVE_BACK:
		return give_back(v, w, err);
	case END_LATE:
		return end_late(v, err);
	}
	return -1;
}

/* ---- one record ---- */

/* Under its lock the record is read again. 1 it is as it was when the desk was asked, 0 somebody
 * was at it since, -1; KEY_BUSY: somebody is. */
static int
hold(struct tend *t, struct ck_visit **v, struct ck_err *err)
{
	const char *key = ck_record_text((*v)->record, CK_ITEM_RECORD, "key");
	struct ck_record_head was = *ck_record_head((*v)->record);
	const struct ck_record_head *is;
	struct ck_visit *again = NULL;
	int found;

	if (key == NULL)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: whose key?", was.number);
	if (ck_store_lock_key(t->store, key, err) == -1)
		return -1;
	found = open_visit(t, was.number, &again, err);
	close_visit(*v);
	*v = again;
	if (found != 1)
		return found;
	is = ck_record_head(again->record);
	return is->touched == was.touched && is->state == was.state &&
	       strcmp(is->station, was.station) == 0;
}

static json_t *
row_of(const struct ck_visit *v, const char *did)
{
	const struct ck_record_head *h = ck_record_head(v->record);
	const char *station =
	    h->closed != 0 ? h->station : ck_station_name(ck_stopped_at(&v->done, &v->rules));
	json_t *row = ck_record_json(h, station, v->policy.deadline_days);

	json_object_set_new(row, "did", json_string(did));
	if (json_array_size(v->left) > 0)
		json_object_set(row, "left", v->left);
	return row;
}

static void
say(struct tend *t, const struct ck_visit *v, enum fate fate, const struct word *w)
{
	static const char *const did[] = {
		[WAIT] = "waits",
		[TAKE] = "certificate",
		[ELSEWHERE_DONE] = "elsewhere",
		[GIVE_BACK] = "given-back",
		[END_LATE] = "ended",
	};
	bool closed = ck_record_head(v->record)->closed != 0;
	const char *word = fate == GIVE_BACK && !closed ? "waits"
			   : fate == WAIT && w->passed	? "passed"
							: did[fate];
	json_t *row = row_of(v, word);

	if (w->holder == OTHERS)
		json_object_set_new(row, "at",
		    json_pack("{s:s, s:s}", "kiosk", w->lease.kiosk, "record", w->lease.record));
	t->closed += closed;
	ck_talk_row(&t->talk, row);
}

/* It is passed over, and the others go on. One that somebody is at is nobody's failure. */
static void
pass_over(struct tend *t, const char *number, const struct ck_err *err)
{
	bool busy = err->code == CK_E_NONE || err->code == CK_E_KEY_BUSY;
	json_t *row = json_pack("{s:s, s:s}", "record", number, "did", busy ? "busy" : "skipped");

	if (!busy) {
		struct ck_err *first = err->code == CK_E_RECORD_SYSTEM ? &t->stray : &t->first;

		json_object_set_new(row, "error", ck_err_json(err));
		if (first->code == CK_E_NONE)
			*first = *err;
	}
	ck_talk_row(&t->talk, row);
}

/* An application that was not handed in yet. */
static void
tend_service(struct tend *t, const char *number)
{
	struct ck_visit *v = calloc(1, sizeof *v);
	struct ck_err err = { 0 };
	int here = -1;

	ck_talk_busy(&t->talk, CK_BUSY_NET, RECORD_S);
	if (v == NULL) {
		ck_fail(&err, CK_E_NO_MEMORY, "record");
	} else {
		v->site = t->site;
		v->store = t->store;
		v->talk.link = t->talk.link;
		here = ck_service_tend(v, number, &err);
	}
	t->looked++;
	if (here == 1) {
		t->closed++;
		ck_talk_row(
		    &t->talk, json_pack("{s:s, s:s, s:s}", "record", number, "did", "sent", "state",
				  ck_record_state_names[ck_record_head(v->record)->state]));
	} else if (err.code != CK_E_RECORD_CLOSED) {
		pass_over(t, number, &err);
	}
	close_visit(v);
	ck_store_unlock_keys(t->store);
}

static void
tend_record(struct tend *t, const char *number)
{
	struct word *w = calloc(1, sizeof *w);
	struct ck_visit *v = NULL;
	struct ck_err err = { 0 };
	enum fate fate = WAIT;
	int here = -1;

	ck_talk_busy(&t->talk, CK_BUSY_NET, RECORD_S);
	if (w == NULL)
		ck_fail(&err, CK_E_NO_MEMORY, "record");
	else if ((here = open_visit(t, number, &v, &err)) == 1 && ask(v, w, &err) == -1)
		here = -1;
	if (here == 1 && (here = hold(t, &v, &err)) == 1) {
		fate = judge(v, w);
		/* by a clock that is wrong nothing ends */
		if ((fate == GIVE_BACK || fate == END_LATE) && overdue(v, w) &&
		    ck_visit_judge_clock(v, w->lease.now, &err) == -1)
			here = -1;
		else if (carry_out(v, fate, w, &err) == -1)
			here = -1;
	}
	t->looked++;
	if (here == 1)
		say(t, v, fate, w);
	else if (here == -1 || (v->record != NULL && ck_record_head(v->record)->closed == 0))
		pass_over(t, number, &err);
	close_visit(v);
	ck_store_unlock_keys(t->store);
	free(w);
}

/* ---- forms on their way to paper ---- */

/* A person, or a visit, is at it; or nobody can tell just now. The others go on. */
static int
tend_print(void *u, const struct ck_print *p)
{
	struct tend *t = u;
	struct ck_visit *v = calloc(1, sizeof *v);
	const char *did = NULL;
	struct ck_err err = { 0 };

	if (v == NULL)
		return 1;
	v->site = t->site;
	v->store = t->store;
	v->talk.link = t->talk.link;
	if (ck_paper_settle(v, p, &did, &err) == 0)
		ck_talk_row(&t->talk, json_pack("{s:s, s:s, s:s}", "record", p->record, "did", did,
					  "printer", p->printer));
	else if (err.code == CK_E_FORM_BUSY)
		pass_over(t, p->record, &(struct ck_err){ .code = CK_E_KEY_BUSY });
	else
		pass_over(t, p->record, &err);
	close_visit(v);
	return 0;
}

/* ---- all of them ---- */

static int
note_number(void *u, const struct ck_record_head *h)
{
	const struct tend *t = u;

	/* a batch waits for its clerk alone */
	if (ck_is_batch(h))
		return 0;
	return json_array_append_new(
	    ck_is_service(h) ? t->services : t->numbers, json_string(h->number));
}

/* What is due by our own clock: nobody waits for what is closed. If nobody vouches for the clock it
 * is left for the next time. */
static int
wipe(struct tend *t, struct ck_err *err)
{
	struct ck_err no = { 0 };
	int more = ck_store_any_due(t->store, ck_now(), err);

	if (more == 1 && ck_desks_vouch(t->site, t->talk.link, &no) == -1) {
		if (t->first.code == CK_E_NONE)
			t->first = no;
		return 0;
	}
	while (more == 1) {
		ck_talk_busy(&t->talk, CK_BUSY_STORE, RECORD_S);
		more = ck_store_wipe_due(t->store, ck_now(), &t->wiped, err);
	}
	return more;
}

/* A failure may be gone at the next run; a record whose system is not set up waits for a person. */
static enum ck_outcome
end(struct tend *t, json_t *facts, struct ck_err *err)
{
	if (err->code == CK_E_NONE)
		*err = t->first;
	if (err->code != CK_E_NONE || t->stray.code == CK_E_NONE)
		return ck_end_of_list(&t->talk, t->store, facts, err);
	ck_store_close(t->store);
	ck_talk_end(&t->talk, CK_END_PARKED, NULL, facts, &t->stray);
	return CK_END_PARKED;
}

enum ck_outcome
ck_tend(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct tend t = { .site = site,
		.talk = { .link = link },
		.numbers = json_array(),
		.services = json_array() };
	struct ck_err err = { 0 };
	json_t *facts = NULL;
	const json_t *number;
	int tidy = -1;
	size_t i;

	(void)order;
	if (ck_store_open(&site->store, &t.store, &err) == -1 ||
	    ck_store_each(t.store, true, note_number, &t, &err) == -1)
		goto out;
	json_array_foreach(t.numbers, i, number) tend_record(&t, json_string_value(number));
	json_array_foreach(t.services, i, number) tend_service(&t, json_string_value(number));
	if (ck_store_each_print(t.store, NULL, tend_print, &t, &err) == -1)
		goto out;
	if (wipe(&t, &err) == 0)
		tidy = ck_store_tidy(t.store, &err);
	facts = json_pack("{s:I, s:I, s:I, s:b}", "looked", (json_int_t)t.looked, "ended",
	    (json_int_t)t.closed, "wiped", (json_int_t)t.wiped, "tidy", tidy == 1);
out:
	json_decref(t.numbers);
	json_decref(t.services);
	return end(&t, facts, &err);
}
