/*
 * A key that goes during the visit: pulled, swapped, its reader unplugged, the reader service dead.
 * One routine for all of them. What was open is let go and the PIN wiped; station key then finds
 * the same key again, by module, serial number and public keys, in a module that was started anew
 * (that alone brings every module back), or asks for it and waits; from there the plan goes on as
 * after any interruption, because the stations look before they act.
 */
#include <string.h>

#include "walk/visit.h"

/* Keys that no reader service sees are looked for this often, while they are waited for; with one,
 * a module may lag behind it. */
#define LOOK_MS 1000
/* How often it may fail at one station before that is its end. */
#define TIMES_MAX 1
#define SLIPS_MAX 5

/* What a module may answer when the key went and it has not noticed (PKCS#11 2.40, 5.1): general
 * error, function failed, device error, device memory, removed, session closed, session handle,
 * token not present, not recognized, user already, not logged in. */
static bool
may_be_gone(unsigned long native)
{
	static const unsigned long all[] = { 0x05, 0x06, 0x30, 0x32, 0xB0, 0xB3, 0xE0, 0xE1, 0x100,
		0x101 };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] == native)
			return true;
	return false;
}

static bool
says_gone(const struct ck_err *err)
{
	return err->code == CK_E_KEY_REMOVED ||
	       (err->code == CK_E_KEY_TROUBLE && may_be_gone(err->native));
}

/* While it is looked for: not there, or not yet. A service that dies or starts may seem to turn us
 * down for a moment. */
static bool
not_there(const struct ck_err *err)
{
	switch (err->code) {
	case CK_E_NO_KEY:
	case CK_E_OTHER_KEY:
	case CK_E_MANY_KEYS:
	case CK_E_KEY_UNKNOWN:
	case CK_E_KEY_MUTE:
	case CK_E_READER_SERVICE:
	case CK_E_READER_DENIED:
		return true;
	default:
		return says_gone(err);
	}
}

/* The key was there all the time and fails at the same station again: no third attempt. One whose
 * contacts are loose, or whose reader told late that it had been out, gets some more. */
static bool
hopeless(struct ck_lost *l, enum ck_station at)
{
	bool same = l->times > 0 && l->at == at && !l->was_out;

	l->times = same ? l->times + 1 : 1;
	l->slips = l->left || (same && l->slips);
	l->at = at;
	l->was_out = l->left = false;
	return l->times > (l->slips ? SLIPS_MAX : TIMES_MAX);
}

static void
let_go(struct ck_visit *v)
{
	ck_token_close(v->token);
	v->token = NULL;
	ck_secret_free(v->pin);
	v->pin = NULL;
	v->seen.key = v->seen.cert = v->seen.unlocked = false;
	v->last_try_granted = v->last_try_said = false;
}

bool
ck_key_lost(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lost *l = &v->lost;
	/* it was back and went before anybody was told: contacts bounce as a key is pushed in */
	bool bounced = l->missing && v->token != NULL;

	if ((l->missing && !bounced) || !says_gone(err) || !v->had_key)
		return false;
	if (!bounced && hopeless(l, v->at))
		return false;
	let_go(v);
	l->missing = true;
	if (!bounced) {
		v->trouble = l->why = *err; /* also why the PIN is asked for once more */
		ck_visit_did(v, "key-lost", "{s:s, s:s, s:s}", "serial", v->key.serial, "label",
		    v->key.label, "code", ck_err_fact((int)l->why.code)->name);
	}
	*err = (struct ck_err){ 0 };
	return true;
}

void
ck_key_found(struct ck_visit *v)
{
	v->lost.missing = false;
	if (v->lost.was_out)
		v->lost.left = false; /* as it was put in */
	v->lost.why = (struct ck_err){ 0 };
}

/* ---- what the readers tell ---- */

/* A key in no reader we know by name may be this one: then its module is asked. */
int
ck_key_pulled(struct ck_visit *v, struct ck_err *err)
{
	struct ck_token_info now;
	struct ck_reader_event e;
	bool ours = false, any = false;

	while (v->readers != NULL && ck_reader_watch_next(v->readers, &e))
		if (e.what == CK_CARD_OUT) {
			ours = ours || ck_token_in_reader(&v->key, e.card.reader);
			any = true;
		}
	v->lost.left = v->lost.left || ours;
	if (!any || v->token == NULL)
		return 0;
	if (ours)
		return ck_fail(err, CK_E_KEY_REMOVED, "%s", v->key.reader);
	ck_busy_key(v);
	return ck_token_info(v->token, &now, err);
}

static bool
pulled_or_moved(void *u)
{
	struct ck_visit *v = u;

	if (v->token != NULL && v->readers != NULL) {
		ck_look_quietly(v, true);
		(void)ck_key_pulled(v, &v->lost.told);
		ck_look_quietly(v, false);
	}
	return v->lost.told.code != CK_E_NONE || (v->errand.every_ms > 0 && ck_steps_moved(v));
}

int
ck_key_ask(struct ck_visit *v, struct ck_err *err)
{
	bool readers = v->token != NULL && v->readers != NULL, desk = v->errand.every_ms > 0;
	int r;

	v->lost.told = (struct ck_err){ 0 };
	if (readers || desk)
		v->talk.wake = (struct ck_wake){
			.moved = pulled_or_moved,
			.u = v,
			.fd = readers ? ck_reader_watch_fd(v->readers) : -1,
			.every_ms = desk ? v->errand.every_ms : -1,
		};
	r = ck_talk_ask(&v->talk, err);
	v->errand.every_ms = 0;
	/* whoever leaves while the key is out hears why it was waited */
	if (r == -1 && err->code == CK_E_STOPPED && v->lost.missing &&
	    v->lost.why.code != CK_E_NONE)
		*err = v->lost.why;
	if (r == -1 || v->lost.told.code == CK_E_NONE)
		return r;
	*err = v->lost.told;
	return -1;
}

/* ---- waiting for it ---- */

/* Took it, or found something else than was said: the question is off. */
static bool
moved(void *u)
{
	struct ck_visit *v = u;
	struct ck_err now = { 0 };
	enum ck_turn turn;

	(void)ck_key_pulled(v, &now); /* nothing is open: the events only woke us */
	ck_look_quietly(v, true);
	turn = ck_take_key(v, ck_judge_renewal, &now);
	ck_look_quietly(v, false);
	if (turn == CK_GO || !not_there(&now))
		return true;
	if (now.code == CK_E_NO_KEY) /* another one was in, and is out again */
		return v->lost.why.code == CK_E_OTHER_KEY;
	return now.code != v->lost.why.code || strcmp(now.detail, v->lost.why.detail) != 0;
}

bool
ck_key_awaited(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lost *l = &v->lost;

	if (!l->missing || !not_there(err))
		return false;
	/* that there is none says less than why it went; so does that nobody will put it in */
	if (err->code != CK_E_NO_KEY) {
		l->why = *err;
	} else if (l->why.code == CK_E_OTHER_KEY) {
		l->why = (struct ck_err){ 0 };
		ck_fail(&l->why, CK_E_KEY_REMOVED, "%s", v->key.serial);
	}
	if (ck_answered(&v->talk, CK_ASK_KEY_BACK)) {
		if (l->why.code != CK_E_NONE)
			*err = l->why;
		return false;
	}
	l->was_out = true;
	*err = (struct ck_err){ 0 };
	ck_question(&v->talk, CK_ASK_KEY_BACK, &l->why, "{s:s, s:s, s:s}", "serial", v->key.serial,
	    "label", v->key.label, "family", v->key.family);
	v->talk.wake = (struct ck_wake){
		.moved = moved,
		.u = v,
		.fd = v->readers != NULL ? ck_reader_watch_fd(v->readers) : -1,
		.every_ms = LOOK_MS,
	};
	return true;
}
