/*
 * The ways back. A visit that died, at every point of the fault table, is given up; and from every
 * station the giving up itself dies at each of its points, or calls of the key, and is asked for
 * again.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove.h"

#define CASE_MAX 96

static const char *const stations[] = { "unlock", "authorise", "newkey", "request", "issue",
	"install", "confirm", "pin", "retire", "close" };

/* Gives the record up; false when there is none that is open. */
static bool
give_up(struct trial *t, struct visit *v)
{
	char number[40];

	if (strcmp(trial_record(t, number), "open") != 0)
		return false;
	v->abandon = number;
	trial_visit(t, v);
	return true;
}

static void
died_at(struct world *w, struct trial *t, const char *point)
{
	struct visit v = { .fault_at = point, .fault_how = "power" };

	trial_begin(w, t, "visit killed at %s", point);
	trial_visit(t, &v);
}

static void
judge_end(struct trial *t, const struct visit *v)
{
	if (v->status != 0)
		trial_wrong(t, "abandon: status %d, %s %s", v->status, v->error, v->detail);
	judge_given_up(t);
}

/* ---- a visit that died anywhere ---- */

/* false: the points have run out */
static bool
from_point(struct world *w, const char *point, struct count *c)
{
	struct visit v = { .abandon = NULL };
	struct trial t;
	char number[40];

	died_at(w, &t, point);
	if (t.last.status >= 0) {
		visit_free(&t.last);
		return false;
	}
	if (give_up(&t, &v))
		judge_end(&t, &v);
	else if (strcmp(trial_record(&t, number), "done") == 0)
		judge_done(&t);
	else
		trial_finish(&t);
	trial_end(&t, c, point);
	return true;
}

/* ---- an end that died itself ---- */

/* what: a fault point's number, or a rule of the shim. false: it was not interrupted any more. */
static bool
from_station(struct world *w, const char *station, const char *what, struct count *c)
{
	bool rule = strchr(what, ' ') != NULL, died = false;
	struct visit v = { .fault_at = rule ? NULL : what, .fault_how = "power" }, again = v;
	char lines[CASE_MAX], only[CASE_MAX + 32];
	struct trial t;

	died_at(w, &t, station);
	snprintf(lines, sizeof lines, "power\n%s", rule ? what : "");
	world_shim(w, lines);
	snprintf(only, sizeof only, "%s:%s", station, what);
	snprintf(t.name, sizeof t.name, "given up at %s, killed at %s", station, what);
	if (!give_up(&t, &v)) {
		trial_wrong(&t, "no open record");
	} else {
		world_shim(w, NULL);
		died = v.status < 0;
		again.fault_at = NULL;
		if (!died || !give_up(&t, &again))
			again.status = died ? 0 : v.status;
		judge_end(&t, &again);
	}
	trial_end(&t, c, only);
	return died;
}

/* how often the giving up died */
static long
every_end(struct world *w, const char *station, struct count *c)
{
	bool calls = strcmp(w->wish->points, "calls") == 0;
	long first = calls ? 0 : 1, n = first;
	char what[CASE_MAX];

	do
		snprintf(what, sizeof what, calls ? "die * %ld" : "%ld", n);
	while (from_station(w, station, what, c) && ++n);
	/* before there is a pair, and once it is settled, the key is not asked for */
	if (!calls)
		count_some(c, n - first, station);
	return n - first;
}

static int
only(struct world *w, struct count *c)
{
	char station[CASE_MAX] = "", *colon = NULL;

	snprintf(station, sizeof station, "%s", w->wish->only);
	if ((colon = strchr(station, ':')) == NULL) {
		from_point(w, station, c);
	} else {
		*colon = '\0';
		from_station(w, station, colon + 1, c);
	}
	return prove_count(c, w->wish->only);
}

int
prove_back(struct world *w)
{
	struct count c = { .mode = "back" };
	char point[24];
	long died = 0;
	int bad = 0;

	if (w->wish->only != NULL)
		return only(w, &c);
	if (strcmp(w->wish->points, "fault") == 0) {
		for (long n = 1;; n++) {
			snprintf(point, sizeof point, "%ld", n);
			if (!from_point(w, point, &c))
				break;
		}
		bad = prove_count(&c, "killed at every point, and given up");
		c = (struct count){ .mode = "back" };
	}
	for (size_t i = 0; i < sizeof stations / sizeof *stations; i++)
		if (w->on_behalf || strcmp(stations[i], "pin") != 0)
			died += every_end(w, stations[i], &c);
	count_some(&c, died, "killed while it is given up");
	return prove_count(&c, "given up from every station, killed wherever that can be") | bad;
}
