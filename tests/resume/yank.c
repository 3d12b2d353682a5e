/*
 * The key vanishes at a call of the module. Somebody puts in another one of the same model first,
 * which has to be turned down with both labels and stay as it was, then the right one; that
 * vanishes once more, a few calls later, and comes back. One visit, from beginning to end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prove.h"

/* the second time comes up to so many calls after the key is back */
#define LATER_MAX 97

struct hands {
	struct trial *t;
	enum { IN, OTHER_IN, BACK_IN, BACK_AGAIN } stage;
	long later;
	bool other_in, refused, twice;
};

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static void
judge_refusal(struct hands *h, const json_t *question)
{
	const char *detail = text_of(json_object_get(question, "error"), "detail");
	const struct world *w = h->t->w;

	h->refused = true;
	if (strstr(detail, w->label) == NULL || strstr(detail, w->other_label) == NULL)
		trial_wrong(h->t, "the other key is refused as \"%s\"", detail);
}

/* Until its certificate was read, a key is known by its serial number alone; before it was found at
 * all, any key will do. */
static bool
is_known(const struct visit *v)
{
	if (strstr(v->said, "\"key-lost\"") == NULL)
		return false;
	return !v->w->same_serial || strstr(v->said, "\"cert-read\"") != NULL;
}

static void
put_back(struct hands *h, struct world *w)
{
	char rule[64];

	world_take_out(w);
	snprintf(rule, sizeof rule, "yank * %ld", world_calls(w, NULL) + h->later);
	world_shim(w, rule);
	h->stage = BACK_IN;
	world_put_in(w);
}

static void
put_back_again(struct hands *h, struct world *w)
{
	h->twice = true;
	h->stage = BACK_AGAIN;
	world_take_out(w);
	world_shim(w, NULL);
	world_put_in(w);
}

/* It went while it was looked for, and nobody is told of that twice. */
static void
quiet(struct visit *v)
{
	struct hands *h = v->u;

	if (h->stage == BACK_IN && world_yanked(v->w))
		put_back_again(h, v->w);
}

static int
hands(struct visit *v, int n, const json_t *question)
{
	const char *why = text_of(json_object_get(question, "error"), "name");
	struct hands *h = v->u;

	(void)n;
	if (h->stage == IN && is_known(v)) {
		world_take_out(v->w);
		world_swap(v->w);
		world_shim(v->w, NULL);
		h->other_in = true;
		h->stage = OTHER_IN;
		world_put_in(v->w);
	} else if (h->stage == IN) {
		put_back(h, v->w);
	} else if (h->stage == OTHER_IN && strcmp(why, "OTHER_KEY") == 0) {
		judge_refusal(h, question);
		world_take_out(v->w);
		world_swap(v->w);
		put_back(h, v->w);
	} else if (h->stage == BACK_IN && strcmp(why, "OTHER_KEY") != 0) {
		put_back_again(h, v->w);
	}
	return 0;
}

static void
other_untouched(struct trial *t)
{
	char fresh[SB_PATH_MAX], now[SB_PATH_MAX];

	world_path(t->w, "fresh/other", fresh);
	world_path(t->w, "other", now);
	if (!files_same(fresh, now) || !files_same(now, fresh))
		trial_wrong(t, "the other key was touched");
}

/* false: there are no calls left at which it could vanish */
static bool
at_call(struct world *w, long n, struct count *c, struct hands *h)
{
	struct visit v = { .hands = hands, .quiet = quiet, .u = h };
	struct trial t;
	char rule[64], only[24];
	bool vanished = false;

	snprintf(only, sizeof only, "%ld", n);
	w->same_serial = n % 2 == 1;
	*h = (struct hands){ .t = &t, .later = 1 + n * 31 % LATER_MAX };
	trial_begin(w, &t, "gone at call %ld", n);
	snprintf(rule, sizeof rule, "yank * %ld", n);
	world_shim(w, rule);
	trial_visit(&t, &v);
	vanished = world_calls(w, NULL) > n;
	world_shim(w, NULL);
	if (h->stage == OTHER_IN) /* where it still is */
		world_swap(w);
	if (v.status != 0)
		trial_wrong(&t, "status %d, %s %s", v.status, v.error, v.detail);
	if (h->other_in && !h->refused)
		trial_wrong(&t, "the other key was not refused");
	judge_done(&t);
	other_untouched(&t);
	if (vanished)
		trial_end(&t, c, only);
	else
		visit_free(&t.last);
	return vanished;
}

int
prove_yank(struct world *w)
{
	struct count c = { .mode = "yank" };
	long refused = 0, twice = 0;
	struct hands h;

	if (w->wish->only != NULL) {
		at_call(w, strtol(w->wish->only, NULL, 10), &c, &h);
		return prove_count(&c, "gone at this call");
	}
	for (long n = 0; at_call(w, n, &c, &h); n++) {
		refused += h.refused;
		twice += h.twice;
	}
	printf("# another key was refused at %ld of them, and it vanished twice at %ld\n", refused,
	    twice);
	count_some(&c, refused, "another key in its place");
	count_some(&c, twice, "gone twice");
	return prove_count(
	    &c, "gone at every call of the key, another in its place, and gone again");
}
