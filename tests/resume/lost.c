/*
 * Every exchange of a visit, whoever it is with, by number: its request lost, its answer lost after
 * it was done, cut, swapped for the one before it, the request doubled on the way, the server dead
 * between doing it and saying so. Then the same visit goes on, and has one end.
 *
 * With a CA nobody may ask twice (SB_RESEND_SAFE=false), which then makes a second certificate of a
 * request that comes again or turns it down, there is one more end: nobody but a clerk can know
 * whether a request without an answer arrived. What is asked then is told by name, and the record
 * is given back as the clerk of such a case would do.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../sandbox/knob.h"
#include "prove.h"

static const char *const faults[] = { "lose-request", "lose-reply", "cut", "stale", "doubled",
	"crash" };

#define AFTER_ISSUE "after-issue"

#define ASKED_MAX 16 /* questions told by name */

struct lost {
	struct count count;
	bool resend_safe;
	char asked[ASKED_MAX][128];
	size_t n_asked;
};

static void
read_hit(const struct world *w, char hit[96])
{
	char path[SB_PATH_MAX];
	FILE *f = NULL;

	hit[0] = '\0';
	world_path(w, "hit", path);
	f = fopen(path, "r");
	if (f == NULL)
		return;
	if (fgets(hit, 96, f) != NULL)
		hit[strcspn(hit, "\n")] = '\0';
	fclose(f);
	remove(path);
}

static long
requests(const struct world *w)
{
	return (long)sb_int(w->sb.db, -1, "SELECT count(*) FROM tx", NULL);
}

/* Again, and the CA hears nothing; then back to how it was. */
static void
give_up(struct trial *t, struct lost *l, const char *hit)
{
	struct visit again = { .abandon = NULL }, back = { .abandon = NULL };
	char number[40], question[128];
	long before = requests(t->w);

	trial_visit(t, &again);
	if (again.status != 1 || strcmp(again.error, "CA_NO_ANSWER") != 0)
		trial_wrong(t, "asked again: status %d, %s", again.status, again.error);
	if (requests(t->w) != before)
		trial_wrong(t, "the authority was asked a second time");
	if (strncmp(hit, "lose-request of ", 16) != 0)
		trial_wrong(t, "a clerk is asked what the desk knows");
	snprintf(question, sizeof question, "%s, %s", again.error, hit);
	trial_record(t, number);
	back.abandon = number;
	trial_visit(t, &back);
	if (back.status != 0 || strcmp(back.end, "abandoned") != 0)
		trial_wrong(
		    t, "given back: status %d, %s %s", back.status, back.error, back.detail);
	judge_given_up(t);
	if (l->n_asked < ASKED_MAX)
		snprintf(l->asked[l->n_asked++], sizeof l->asked[0], "%s", question);
}

static void
start_again(struct trial *t)
{
	world_server_kill(t->w);
	if (world_server_start(t->w) != 0)
		trial_wrong(t, "the server does not start on its books");
}

static void
go_on(struct trial *t, struct lost *l, const char *hit)
{
	struct visit v = { .abandon = NULL };

	if (t->last.status == 0) {
		judge_done(t);
		return;
	}
	if (t->last.status == 5 && strncmp(hit, "stale of est", 12) == 0) {
		judge_given_up(t);
		return;
	}
	/* who waits for a desk that says nothing comes back later */
	if (t->last.end[0] == '\0' ||
	    (t->last.error[0] == '\0' && !(t->w->order && strcmp(t->last.end, "parked") == 0)))
		trial_wrong(t, "status %d without a word", t->last.status);
	trial_visit(t, &v);
	if (v.status == 0)
		judge_done(t);
	else if (!l->resend_safe && strcmp(v.error, "CA_NO_ANSWER") == 0)
		give_up(t, l, hit);
	else
		trial_wrong(t, "status %d, %s %s", v.status, v.error, v.detail);
}

/* Dead before the certificate's own answer is in the books, by which it would repeat itself. */
static void
at_issue(struct world *w, struct lost *l)
{
	bool est = strncmp(w->wish->system, "est", 3) == 0;
	const char *knob = est ? "est.crash" : "cmp.crash";
	struct visit v = { .abandon = NULL };
	struct trial t;
	char left[16];

	trial_begin(w, &t, AFTER_ISSUE);
	sb_knob_set(&w->sb, knob, "after-issue", 0);
	if (!l->resend_safe)
		sb_knob_set(&w->sb, "cmp.again", "anew", 0);
	trial_visit(&t, &v);
	if (sb_knob_text(&w->sb, knob, NULL, left, sizeof left))
		trial_wrong(&t, "nothing was issued, and status %d, %s", v.status, v.error);
	start_again(&t);
	go_on(&t, l, AFTER_ISSUE);
	trial_end(&t, &l->count, AFTER_ISSUE);
}

/* A visit that was left with a certificate made and not yet on the key. */
static const char *
begin_and_leave(struct trial *t, char number[40])
{
	struct visit v = { .fault_at = "install", .fault_how = "power" };

	trial_visit(t, &v);
	trial_record(t, number);
	return number;
}

static void
give_back(struct trial *t, const char *number)
{
	struct visit v = { .abandon = number };

	if (t->last.status != 0)
		trial_visit(t, &v);
	if (t->last.status != 0)
		trial_wrong(t, "given up again: status %d, %s %s", t->last.status, t->last.error,
		    t->last.detail);
	judge_given_up(t);
}

static void
mean(struct world *w, const struct lost *l, const char *fault, long n)
{
	char knob[32], nth[24];

	snprintf(knob, sizeof knob, "wire.%s", fault);
	snprintf(nth, sizeof nth, "%ld", n);
	sb_knob_set(&w->sb, knob, nth, 0);
	if (strcmp(w->wish->points, "waiting") == 0)
		sb_knob_set(&w->sb,
		    strncmp(w->wish->system, "est", 3) == 0 ? "est.waiting" : "cmp.waiting", "1",
		    0);
	if (!l->resend_safe)
		sb_knob_set(
		    &w->sb, "cmp.again", strcmp(fault, "doubled") == 0 ? "refuse" : "anew", 0);
}

/* 0: this visit has no exchange of that number */
static int
at_exchange(struct world *w, struct lost *l, const char *fault, long n)
{
	struct visit v = { .abandon = NULL };
	char only[48], hit[96], number[40];
	struct trial t;

	snprintf(only, sizeof only, "%s %ld", fault, n);
	trial_begin(w, &t, "%s", only);
	if (strcmp(w->wish->points, "back") == 0)
		v.abandon = begin_and_leave(&t, number);
	mean(w, l, fault, n);
	t.doubled = strcmp(fault, "doubled") == 0;
	trial_visit(&t, &v);
	read_hit(w, hit);
	if (hit[0] != '\0' && strcmp(fault, "crash") == 0)
		start_again(&t);
	if (stretch_wanted(w))
		printf("# %s: %s\n", only, hit);
	if (hit[0] == '\0' && v.status == 0) {
		visit_free(&t.last);
		return 0;
	}
	if (hit[0] == '\0')
		trial_wrong(&t, "no fault, and yet status %d, %s", v.status, v.error);
	else if (v.abandon != NULL)
		give_back(&t, number);
	else
		go_on(&t, l, hit);
	snprintf(t.name + strlen(t.name), sizeof t.name - strlen(t.name), ": %s", hit);
	trial_end(&t, &l->count, only);
	return hit[0] != '\0';
}

static int
told(const struct lost *l, const char *what)
{
	for (size_t i = 0; i < l->n_asked; i++)
		printf("# a clerk is asked: %s\n", l->asked[i]);
	return prove_count(&l->count, what);
}

int
prove_lost(struct world *w)
{
	const char *safe = getenv("SB_RESEND_SAFE");
	struct lost l = { .count = { .mode = "lost" },
		.resend_safe = safe == NULL || strcmp(safe, "false") != 0 };
	char fault[32], what[160];
	struct stretch s;
	long n = 0;

	/* its answer lost for good, such a CA hears from the desk alone that all is well */
	w->confirms = w->confirms && l.resend_safe;
	if (w->wish->only != NULL) {
		if (strcmp(w->wish->only, AFTER_ISSUE) == 0)
			at_issue(w, &l);
		else if (sscanf(w->wish->only, "%31s %ld", fault, &n) == 2)
			at_exchange(w, &l, fault, n);
		return told(&l, w->wish->only);
	}
	if (stretch_find(w, &l.count, &s) != 0)
		return told(&l, "a visit that nothing happens to");
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		long since = l.count.points;

		for (n = s.first_exchange; n <= s.last_exchange; n++)
			if (!at_exchange(w, &l, faults[i], n))
				break;
		if (s.last_exchange != LONG_MAX)
			count_each(
			    &l.count, since, s.last_exchange - s.first_exchange + 1, faults[i]);
		count_some(&l.count, l.count.points - since, faults[i]);
	}
	if (strcmp(w->wish->points, "back") != 0 && s.last_exchange == LONG_MAX)
		at_issue(w, &l);
	/* who only asks the desk and sends again comes to one certificate here, too: nothing is on
	 * its way behind this CA's gateway */
	if (!l.resend_safe)
		count_some(
		    &l.count, (long)l.n_asked, "a request without an answer left to a clerk");
	snprintf(what, sizeof what,
	    "each message lost, cut, swapped, doubled or not said (%s, %s%s)", w->wish->system,
	    w->wish->points, l.resend_safe ? "" : ", asked once only");
	return told(&l, what);
}
