/*
 * Two faults in one renewal, at random: the second in the visit that goes on after the first. The
 * seed is printed, and a case is its number under a seed, so that each can be had again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../sandbox/knob.h"
#include "prove.h"

#define CASES 200
/* a second fault that comes too late for what is left of the visit is no pair: another throw */
#define THROWS 8

/* how much there is of each in a visit that nothing disturbs */
struct length {
	long points, calls, exchanges;
};

struct dice {
	uint64_t state;
	struct length max;
};

/* xorshift64*: the same everywhere, which rand() is not */
static long throw(struct dice * d, long sides)
{
	d->state ^= d->state >> 12;
	d->state ^= d->state << 25;
	d->state ^= d->state >> 27;
	return (long)((d->state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % sides;
}

struct fault {
	char what[80];	      /* for people */
	char at[32];	      /* fault point, or empty */
	char rule[64];	      /* of the shim, or empty */
	const char *how;      /* CK_FAULT_HOW */
	const char *knob;     /* which message is lost */
	bool server, at_once; /* killed; and up again at once */
};

static void
die_at_point(struct dice *d, struct fault *f)
{
	f->how = throw(d, 2) == 0 ? "power" : NULL;
	snprintf(f->at, sizeof f->at, "%ld", 1 + throw(d, d->max.points));
	snprintf(f->what, sizeof f->what, "%s killed at point %s",
	    f->how != NULL ? "both" : "engine", f->at);
}

static void
die_at_call(struct dice *d, struct fault *f)
{
	const char *action = throw(d, 2) == 0 ? "die" : "dieafter";

	snprintf(f->rule, sizeof f->rule, "power\n%s * %ld", action, throw(d, d->max.calls));
	snprintf(f->what, sizeof f->what, "%s", f->rule + strlen("power\n"));
}

static void
yank(struct dice *d, struct fault *f)
{
	snprintf(f->rule, sizeof f->rule, "yank * %ld", throw(d, d->max.calls));
	snprintf(f->what, sizeof f->what, "%s", f->rule);
}

static void
at_exchange(struct dice *d, struct fault *f, const char *side)
{
	snprintf(f->at, sizeof f->at, "http.%s#%ld", side, 1 + throw(d, d->max.exchanges));
}

static void
lose(struct dice *d, struct fault *f)
{
	static const char *const knobs[] = { "lose-request", "lose-reply", "garbage" };

	at_exchange(d, f, "before");
	f->knob = knobs[throw(d, 3)];
	snprintf(f->what, sizeof f->what, "%s at %s", f->knob, f->at);
}

static void
kill_server(struct dice *d, struct fault *f)
{
	at_exchange(d, f, throw(d, 2) == 0 ? "before" : "after");
	f->server = true;
	f->at_once = throw(d, 2) == 0;
	snprintf(f->what, sizeof f->what, "CA %s at %s", f->at_once ? "restarted" : "down", f->at);
}

static void (*const kinds[])(
    struct dice *, struct fault *) = { die_at_point, die_at_call, yank, lose, kill_server };

/* ---- a visit with one of them ---- */

static void
held(struct visit *v)
{
	static const char *const sides[] = { "desk", "cmp", "est" };
	const struct fault *f = v->u;
	char name[40];

	for (size_t i = 0; f->knob != NULL && i < sizeof sides / sizeof *sides; i++) {
		snprintf(name, sizeof name, "%s.%s", sides[i], f->knob);
		sb_knob_set(&v->w->sb, name, "1", 0);
	}
	if (f->server)
		world_server_kill(v->w);
	if (f->at_once)
		world_server_start(v->w);
}

/* Did it strike? */
static bool
visit_with(struct trial *t, struct fault *f)
{
	bool holds = f->knob != NULL || f->server;
	struct visit v = { .fault_at = f->at[0] != '\0' ? f->at : NULL,
		.fault_how = f->how,
		.held = holds ? held : NULL,
		.u = f };
	bool struck = false;
	char number[40];

	if (strcmp(trial_record(t, number), "done") == 0)
		return false;
	world_shim(t->w, f->rule);
	trial_visit(t, &v);
	struck = v.status < 0 || v.restarts > 0 || v.was_held || world_yanked(t->w);
	world_shim(t->w, NULL);
	sb_knob_clear(&t->w->sb, NULL);
	if (t->w->server == 0)
		world_server_start(t->w);
	return struck;
}

static void
any(struct dice *d, struct fault *f)
{
	*f = (struct fault){ .at = "" };
	kinds[throw(d, (long)(sizeof kinds / sizeof *kinds))](d, f);
}

/* Two that strike, one after the other; false: in none of the throws both did. */
static bool
one(struct world *w, const struct length *max, long number, struct count *c)
{
	struct dice d = { ((uint64_t)w->wish->seed << 24) ^ (uint64_t)(number + 1) ^
			      UINT64_C(0x9E3779B97F4A7C15),
		*max };
	struct fault first, second;
	bool both = false;
	struct trial t = { .w = w };
	char only[24];

	for (int i = 0; i < 8; i++) /* neighbours must not look alike */
		throw(&d, 2);
	for (int i = 0; i < THROWS && !both && t.wrong[0] == '\0'; i++) {
		any(&d, &first);
		any(&d, &second);
		trial_begin(w, &t, "case %ld: %s, then %s", number, first.what, second.what);
		both = visit_with(&t, &first) && visit_with(&t, &second);
		if (!both)
			visit_free(&t.last);
	}
	trial_finish(&t);
	snprintf(only, sizeof only, "%ld", number);
	trial_end(&t, c, only);
	return both;
}

/* What there is to strike at: a visit that is left alone. */
static struct length
measure(struct world *w)
{
	char log[SB_PATH_MAX];
	struct visit v = { .fault_log = log };
	struct trial t;

	trial_begin(w, &t, "left alone");
	world_points_log(w, log);
	trial_visit(&t, &v);
	visit_free(&t.last);
	return (struct length){ .points = world_points(w, NULL),
		.calls = world_calls(w, NULL),
		.exchanges = world_points(w, "http.before") };
}

int
prove_pairs(struct world *w)
{
	long cases = w->wish->cases > 0 ? w->wish->cases : CASES, both = 0;
	struct count c = { .mode = "pairs" };
	struct length max = measure(w);

	printf("# seed %ld\n", w->wish->seed);
	if (max.points == 0 || max.calls == 0 || max.exchanges == 0)
		return prove_count(&c, "what a visit comes by");
	if (w->wish->only != NULL) {
		one(w, &max, strtol(w->wish->only, NULL, 10), &c);
		return prove_count(&c, "two faults at random points");
	}
	for (long i = 0; i < cases; i++)
		both += one(w, &max, i, &c);
	printf("# both struck in %ld of %ld\n", both, cases);
	/* one that never does in a thousand is the dice's, more are no dice */
	count_some(&c, both * 100 >= cases * 99, "two faults that strike");
	return prove_count(&c, "two faults at random points");
}
