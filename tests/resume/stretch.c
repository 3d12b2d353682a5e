/*
 * A part of a visit, and that alone: killed at each point of it, CA and desk killed at both sides
 * of each exchange, each message lost or spoiled. Where it begins and ends is seen in a visit that
 * nothing happens to.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "prove.h"

static const struct part {
	const char *points, *from, *to;
	const char *stations[4]; /* that are in it, NULL-terminated */
} parts[] = {
	{ "order", "authorise", "newkey", { "applicant", "identity", "pay" } },
	{ "seal", "seal", "retire", { "seal" } },
};

static const struct part *
part_of(const struct world *w)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(parts[i].points, w->wish->points) == 0)
			return &parts[i];
	return NULL;
}

bool
stretch_wanted(const struct world *w)
{
	return part_of(w) != NULL;
}

static void
print_stretch(const struct world *w, const struct part *p, const struct stretch *s)
{
	char path[SB_PATH_MAX], line[64];
	FILE *f = NULL;
	long n = 0;

	world_path(w, "points", path);
	f = fopen(path, "r");
	printf("# from %s to %s:", p->from, p->to);
	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (++n >= s->first && n <= s->last)
			printf(" %ld %s", n, line);
	}
	printf("\n# of these the exchanges %ld to %ld\n", s->first_exchange, s->last_exchange);
	if (f != NULL)
		fclose(f);
}

int
stretch_find(struct world *w, struct count *c, struct stretch *s)
{
	const struct part *p = part_of(w);
	char log[SB_PATH_MAX];
	struct visit v = { .fault_log = log };
	struct trial t;

	*s = (struct stretch){ 1, LONG_MAX, 1, LONG_MAX };
	if (p == NULL)
		return 0;
	world_points_log(w, log);
	trial_begin(w, &t, "undisturbed");
	trial_visit(&t, &v);
	judge_done(&t);
	s->first = world_points_before(w, p->from, NULL) + 1;
	s->last = world_points_before(w, p->to, NULL) + 1;
	s->first_exchange = world_points_before(w, p->from, "http.before") + 1;
	s->last_exchange = world_points_before(w, p->to, "http.before");
	for (size_t i = 0; p->stations[i] != NULL; i++)
		count_some(c, world_points(w, p->stations[i]), p->stations[i]);
	print_stretch(w, p, s);
	trial_end(&t, c, "undisturbed");
	c->points--; /* nothing happened */
	return c->wrong == 0 && s->first > 0 && s->last > s->first ? 0 : -1;
}

/* ---- calls of the key ---- */

static void
note_calls(struct visit *v)
{
	*(long *)v->u = world_calls(v->w, NULL);
}

static long
calls_before(struct world *w, const char *station)
{
	long calls = -1;
	struct visit v = { .fault_at = station, .held = note_calls, .u = &calls };
	struct trial t;

	trial_begin(w, &t, "held at %s", station);
	trial_visit(&t, &v);
	visit_free(&t.last);
	return calls;
}

void
stretch_calls(struct world *w, long *first, long *last)
{
	const struct part *p = part_of(w);

	*first = calls_before(w, p->from);
	*last = calls_before(w, p->to) - 1;
	printf("# of its calls those from %ld to %ld\n", *first, *last);
}
