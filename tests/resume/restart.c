/*
 * CA and desk killed between any two exchanges: up again before the next one, when a connection
 * that was kept is dead; or down for the rest of the visit, which is gone on with when they are up
 * again.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove.h"

static void
restarts(struct visit *v)
{
	world_server_kill(v->w);
	world_server_start(v->w);
}

static void
goes_down(struct visit *v)
{
	world_server_kill(v->w);
}

static const struct {
	const char *name;
	void (*held)(struct visit *);
	bool up; /* the visit need not notice */
} kinds[] = {
	{ "restarted", restarts, true },
	{ "down", goes_down, false },
};

/* false: it was not reached any more */
static bool
at_point(struct world *w, size_t kind, const char *point, struct count *c)
{
	struct visit v = { .fault_at = point, .held = kinds[kind].held };
	char only[64];
	struct trial t;

	snprintf(only, sizeof only, "%s:%s", kinds[kind].name, point);
	trial_begin(w, &t, "CA and desk %s at %s", kinds[kind].name, point);
	trial_visit(&t, &v);
	if (!v.was_held && v.status == 0) {
		visit_free(&t.last);
		return false;
	}
	if (kinds[kind].up && v.status != 0)
		trial_wrong(&t, "status %d, %s %s", v.status, v.error, v.detail);
	if (w->server == 0)
		world_server_start(w);
	trial_finish(&t);
	trial_end(&t, c, only);
	return true;
}

int
prove_restart(struct world *w)
{
	static const char *const sides[] = { "before", "after" };
	struct count c = { .mode = "restart" };
	const char *only = w->wish->only, *colon = only != NULL ? strchr(only, ':') : NULL;
	struct stretch s;
	char point[32];

	if (only == NULL && stretch_find(w, &c, &s) != 0)
		return prove_count(&c, "a visit that nothing happens to");
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		if (colon != NULL && strncmp(only, kinds[k].name, (size_t)(colon - only)) == 0)
			at_point(w, k, colon + 1, &c);
		for (size_t side = 0; only == NULL && side < 2; side++) {
			long since = c.points;

			for (long n = s.first_exchange; n <= s.last_exchange; n++) {
				snprintf(point, sizeof point, "http.%s#%ld", sides[side], n);
				if (!at_point(w, k, point, &c))
					break;
			}
			if (s.last_exchange != LONG_MAX)
				count_each(
				    &c, since, s.last_exchange - s.first_exchange + 1, sides[side]);
			count_some(&c, c.points - since, sides[side]);
		}
	}
	return prove_count(&c, "CA and desk killed between any two exchanges");
}
