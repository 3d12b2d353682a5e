/*
 * Killed in every gap between two events. Points of the fault table by number (record lines,
 * stations, exchanges, the tape, writes to a medium of files), calls of the module by number;
 * behind a call is before the next one, and as the engine may die with the answer in hand, calls
 * that write are also died behind. The front goes with it, as when the power is cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove.h"

/* calls that change the key, or spend a try of its PIN */
static const char *const writes[] = { "C_Login", "C_GenerateKeyPair", "C_CreateObject",
	"C_DestroyObject", "C_SetAttributeValue", "C_SetPIN", "C_Finalize" };

/* Did it die? Then the same visit goes on. false: the points have run out. */
static bool
resumed(struct trial *t, struct visit *v, struct count *c, const char *rest)
{
	bool died = v->status < 0 && !v->stood_still;

	if (died)
		trial_finish(t);
	else if (v->status != 0)
		trial_wrong(t, "not interrupted, and yet status %d, %s", v->status, v->error);
	else
		judge_done(t);
	if (died || t->wrong[0] != '\0')
		trial_end(t, c, rest);
	else
		visit_free(&t->last);
	return died;
}

static bool
at_point(struct world *w, const char *point, struct count *c)
{
	char log[SB_PATH_MAX];
	struct visit v = { .fault_at = point, .fault_how = "power", .fault_log = log };
	struct trial t;

	world_points_log(w, log);
	trial_begin(w, &t, "point %s", point);
	trial_visit(&t, &v);
	return resumed(&t, &v, c, point);
}

static bool
at_call(struct world *w, const char *rule, struct count *c)
{
	struct visit v = { .abandon = NULL };
	struct trial t;
	char lines[128];

	trial_begin(w, &t, "%s", rule);
	snprintf(lines, sizeof lines, "power\n%s", rule);
	world_shim(w, lines);
	trial_visit(&t, &v);
	return resumed(&t, &v, c, rule);
}

/* Every station, both sides of lines and exchanges, the tape: a table with a hole would be
 * enumerated without a word. */
static void
judge_table(const struct world *w, struct count *c)
{
	static const char *const names[] = { "key", "cert", "eligible", "consent", "unlock",
		"authorise", "newkey", "request", "issue", "install", "confirm", "retire", "close",
		"ca.request", "ca.sent", "ca.reply", "record.before", "record.after", "http.before",
		"http.after" };
	static const char *const of_files[] = { "file-begun", "file-written", "file-new" };

	count_each(c, 0, world_points(w, NULL), "points of a visit");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		count_some(c, world_points(w, names[i]), names[i]);
	for (size_t i = 0; w->file && i < sizeof of_files / sizeof *of_files; i++)
		count_some(c, world_points(w, of_files[i]), of_files[i]);
	if (w->on_behalf && strcmp(w->wish->system, "sheca-cisweb") == 0)
		count_some(c, world_points(w, "pin"), "pin");
}

/* Its data object is written, compared and an old one removed by calls alone. */
static void
calls_of_seal(struct world *w, struct count *c)
{
	static const char *const sides[] = { "die", "dieafter" };
	long since = c->points, first, last;
	char rule[64];

	stretch_calls(w, &first, &last);
	for (size_t i = 0; i < 2; i++)
		for (long n = first; n <= last; n++) {
			snprintf(rule, sizeof rule, "%s * %ld", sides[i], n);
			if (!at_call(w, rule, c))
				break;
		}
	count_each(c, since, 2 * (last - first + 1), "calls of this part, from both sides");
	count_some(c, first > 0 ? last - first + 1 : 0, "calls of this part");
}

static int
fault_points(struct world *w, struct count *c)
{
	struct stretch s;
	char point[24];

	if (stretch_find(w, c, &s) != 0)
		return prove_count(c, "a visit that nothing happens to");
	for (long n = s.first; n <= s.last; n++) {
		snprintf(point, sizeof point, "%ld", n);
		if (!at_point(w, point, c))
			break;
	}
	if (stretch_wanted(w)) {
		count_each(c, 0, s.last - s.first + 1, "points of this part");
		if (w->seal)
			calls_of_seal(w, c);
		return prove_count(c, "killed at every point of this part");
	}
	judge_table(w, c);
	return prove_count(c, "killed at every point of the fault table");
}

static int
calls(struct world *w, struct count *c)
{
	char rule[64];

	for (long n = 0;; n++) {
		snprintf(rule, sizeof rule, "die * %ld", n);
		if (!at_call(w, rule, c))
			break;
	}
	/* the last visit went through */
	count_each(c, 0, world_calls(w, NULL), "calls of a visit");
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++) {
		long since = c->points;

		for (long n = 0;; n++) {
			snprintf(rule, sizeof rule, "dieafter %s %ld", writes[i], n);
			if (!at_call(w, rule, c))
				break;
		}
		count_each(c, since, world_calls(w, writes[i]), writes[i]);
	}
	return prove_count(c, "killed before every call of the key, and behind those that write");
}

int
prove_kill(struct world *w)
{
	const struct wish *wish = w->wish;
	struct count c = { .mode = "kill" };

	if (wish->only != NULL) {
		if (strcmp(wish->points, "calls") == 0 || strncmp(wish->only, "die", 3) == 0)
			at_call(w, wish->only, &c);
		else
			at_point(w, wish->only, &c);
		return prove_count(&c, wish->only);
	}
	return strcmp(wish->points, "calls") == 0 ? calls(w, &c) : fault_points(w, &c);
}
