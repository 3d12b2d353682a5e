/* May a PIN go to the key? Every state a key can show, with and without a clerk, before and after
 * one was wrong: judged by the promise, not by a copy of the code. */
#include "t.h"

#include <stdlib.h>

#include "walk/visit.h"

struct world {
	struct ck_tries t;
	bool clerk, failed, granted;
};

static const struct ck_clerk clerk = { .id = "07", .name = "Li" };

static enum ck_turn
try(const struct world *w, const char *answer, struct ck_err *err, char asked[32])
{
	struct ck_visit *v = calloc(1, sizeof *v);
	enum ck_turn turn;

	v->clerk = w->clerk ? &clerk : NULL;
	v->pin_failed = w->failed;
	v->last_try_granted = w->granted;
	if (w->failed)
		ck_fail(&v->trouble, CK_E_PIN_WRONG, "%s", "before");
	if (answer != NULL)
		v->talk.answer = json_loads(answer, 0, NULL);
	turn = ck_may_try_pin(v, &w->t, err);
	snprintf(asked, 32, "%s",
	    v->talk.question == NULL ? ""
				     : json_string_value(json_object_get(v->talk.question, "ask")));
	ck_visit_close(v);
	return turn;
}

/* One more wrong PIN could lock it, as far as anybody can tell. */
static bool
dangerous(const struct world *w)
{
	return w->t.last || w->t.number == 1 || (w->t.number < 0 && w->failed && !w->t.low);
}

static void
every_state(void)
{
	long tried = 0, locked = 0, spent = 0, alone = 0, blocked = 0;

	for (unsigned bits = 0; bits < 1u << 6; bits++)
		for (int number = -1; number <= 3; number++) {
			struct world w = { .t = { number, bits & 1, bits >> 1 & 1, bits >> 2 & 1 },
				.clerk = bits >> 3 & 1,
				.failed = bits >> 4 & 1,
				.granted = bits >> 5 & 1 };
			struct ck_err err = { 0 };
			char asked[32];
			enum ck_turn turn = try(&w, NULL, &err, asked);

			tried++;
			if (w.t.locked || number == 0) {
				locked += turn != CK_STOP || err.code != CK_E_PIN_LOCKED;
				continue;
			}
			spent += turn == CK_GO && dangerous(&w) && !(w.clerk && w.granted);
			alone += !w.clerk &&
				 (turn == CK_ASK || (turn == CK_GO && w.failed && number < 0));
			blocked += w.clerk && !dangerous(&w) && turn != CK_GO;
		}
	T(tried == 320, "every state of a key was tried");
	T(locked == 0, "a locked key is never asked");
	T(spent == 0, "what may be the last try goes on a clerk's word only");
	T(alone == 0, "alone nobody is asked for that word, and one failure is enough");
	T(blocked == 0, "with a clerk, what is not dangerous is not held up");
}

static void
the_word(void)
{
	struct world w = { .t = { .number = -1, .last = true }, .clerk = true };
	struct ck_err err = { 0 };
	char asked[32];

	T(try(&w, NULL, &err, asked) == CK_ASK, "the last try: asked");
	T_STR(asked, CK_ASK_LAST_TRY, "the last try: the clerk");
	T(try(&w, "{\"answer\":\"last-try\",\"yes\":true}", &err, asked) == CK_GO, "yes is yes");
	T(try(&w, "{\"answer\":\"pin\",\"yes\":true}", &err, asked) == CK_ASK,
	    "yes to something else is not");
	T(try(&w, "{\"answer\":\"last-try\",\"yes\":false}", &err, asked) == CK_STOP &&
		err.code == CK_E_PIN_LAST_TRY,
	    "no is no");
}

/* A file counts nothing: no clerk is needed for it, however often it was wrong. */
static void
unlimited(void)
{
	struct ck_err err = { 0 };
	char asked[32];

	for (unsigned bits = 0; bits < 4; bits++) {
		struct world w = { .t = { .number = -1, .unlimited = true },
			.clerk = bits & 1,
			.failed = bits >> 1 & 1 };

		T(try(&w, NULL, &err, asked) == CK_GO, "no tries to lose: %s, %s",
		    w.clerk ? "with a clerk" : "alone", w.failed ? "after a wrong one" : "at first");
	}
}

int
main(void)
{
	every_state();
	unlimited();
	the_word();
	return T_END();
}
