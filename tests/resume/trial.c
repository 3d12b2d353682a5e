/* One case: the visits it takes, what was typed in them, what was found wrong, and how it is told.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certkiosk/record.h"
#include "prove.h"

#define SAID_SHOWN 30
#define SHOWN_MAX 12 /* wrong ends told in full; the rest is counted */

void
trial_begin(struct world *w, struct trial *t, const char *name, ...)
{
	va_list ap;

	*t = (struct trial){ .w = w };
	va_start(ap, name);
	vsnprintf(t->name, sizeof t->name, name, ap);
	va_end(ap);
	if (world_fresh(w) != 0) {
		perror("the world cannot be put back");
		abort();
	}
}

void
trial_wrong(struct trial *t, const char *fmt, ...)
{
	size_t n = strlen(t->wrong);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->wrong + n, sizeof t->wrong - n, fmt, ap);
	va_end(ap);
	n = strlen(t->wrong);
	if (n < sizeof t->wrong - 1)
		strcpy(t->wrong + n, "\n");
}

static void
no_secret_said(struct trial *t, const struct visit *v)
{
	if (v->said == NULL)
		return;
	if (memmem(v->said, v->said_n, OLD_PIN, strlen(OLD_PIN)) != NULL ||
	    memmem(v->said, v->said_n, PASSWORD, strlen(PASSWORD)) != NULL)
		trial_wrong(t, "a secret is in what was said");
}

void
trial_visit(struct trial *t, struct visit *v)
{
	visit_free(&t->last);
	if (visit_run(t->w, v) != 0) {
		perror("certkiosk does not start");
		abort();
	}
	t->visits++;
	t->typed += v->typed;
	t->unlocked += v->unlocked;
	t->changed += v->changed;
	if (v->stood_still)
		trial_wrong(t, "it stood still");
	no_secret_said(t, v);
	if (v->wrong[0] != '\0')
		trial_wrong(t, "visit %d: %s", t->visits, v->wrong);
	judge_usable(t);
	judge_unpaid(t);
	t->last = *v;
}

/* ---- the record, read as the engine left it ---- */

struct newest {
	char number[40], state[16];
	int open;
};

static int
note_newest(void *u, const struct ck_record_head *head)
{
	struct newest *n = u;

	if (n->number[0] == '\0') {
		snprintf(n->number, sizeof n->number, "%s", head->number);
		snprintf(n->state, sizeof n->state, "%s", ck_record_state_names[head->state]);
	}
	n->open += head->closed == 0;
	return 0;
}

const char *
trial_record(const struct trial *t, char number[40])
{
	static const char *const words[] = { "open", "parked", "done", "refused", "abandoned" };
	struct ck_store_conf conf = { .reserve = 0 };
	struct newest n = { .number = "" };
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };
	const char *state = "none";

	snprintf(conf.dir, sizeof conf.dir, "%s/state", t->w->wish->dir);
	if (ck_store_open(&conf, &st, &err) == 0)
		ck_store_each(st, false, note_newest, &n, &err);
	ck_store_close(st);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], n.state) == 0)
			state = words[i];
	if (n.open > (*n.state == 'o' || *n.state == 'p'))
		state = "not the only one that is open";
	snprintf(number, 40, "%s", n.number);
	return state;
}

void
trial_finish(struct trial *t)
{
	struct visit v = { .abandon = NULL };
	char number[40];

	if (strcmp(trial_record(t, number), "done") != 0) {
		world_shim(t->w, NULL);
		trial_visit(t, &v);
		if (v.status != 0)
			trial_wrong(t, "status %d, %s %s", v.status, v.error, v.detail);
	}
	judge_done(t);
}

/* ---- telling ---- */

static void
show_said(const char *said)
{
	const char *from = said + strlen(said);

	for (int lines = 0; from > said; from--)
		if (from[-1] == '\n' && ++lines > SAID_SHOWN)
			break;
	while (*from != '\0') {
		int n = (int)strcspn(from, "\n");

		printf("#     %.*s\n", n, from);
		from += n + (from[n] == '\n');
	}
}

static void
show_again(const struct wish *w, const char *mode, const char *only)
{
	printf("#   again: tests/resume/prove %s --points %s --way %s --system %s --alg %s"
	       " --medium %s --pay %s%s --seed %ld --only \"%s\"\n",
	    mode, w->points, w->way, w->system, w->alg, w->medium, w->pay,
	    w->patient ? " --patient" : "", w->seed, only);
}

void
trial_end(struct trial *t, struct count *c, const char *only)
{
	c->points++;
	if (t->w->wish->only != NULL)
		printf("%s", t->last.said);
	if (t->wrong[0] != '\0' && ++c->wrong <= SHOWN_MAX) {
		char *save = NULL;

		printf("# %s\n", t->name);
		for (char *line = strtok_r(t->wrong, "\n", &save); line != NULL;
		     line = strtok_r(NULL, "\n", &save))
			printf("#   %s\n", line);
		if (t->last.said != NULL)
			show_said(t->last.said);
		show_again(t->w->wish, c->mode, only);
		fflush(stdout);
	}
	visit_free(&t->last);
}

void
count_each(struct count *c, long since, long there_are, const char *what)
{
	long tried = c->points - since;

	if (tried == there_are)
		return;
	c->wrong++;
	printf("# %s: %ld were tried, and there are %ld\n", what, tried, there_are);
}

void
count_some(struct count *c, long n, const char *what)
{
	if (n > 0)
		return;
	c->wrong++;
	printf("# %s: not one was tried\n", what);
}

int
prove_count(const struct count *c, const char *what)
{
	bool good = c->wrong == 0 && c->points > 0;

	printf("%s - %s: %ld points, %s\n", good ? "ok" : "not ok", what, c->points,
	    c->wrong == 0 ? "all at the right end" : "");
	if (!good)
		printf("# %ld of %ld at a wrong end\n", c->wrong, c->points);
	return good ? 0 : 1;
}
