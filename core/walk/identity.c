/*
 * Station identity: the agent opens a link on a phone and shows face and document there; the desk
 * says how it ended. Who failed hears why, and may try again or come back.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/visit.h"

static const struct ck_step_now *
now_of(const struct ck_visit *v)
{
	return &v->lease.steps.step[CK_STEP_IDENTITY];
}

static void
drop(struct ck_visit *v)
{
	free(v->errand.identity);
	v->errand.identity = NULL;
	v->errand.expired = false;
}

static int
note_failed(struct ck_visit *v, struct ck_err *err)
{
	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_NOTE, .text = "identity was not confirmed", .ledger = true },
	    err);
}

static int
begin(struct ck_visit *v, struct ck_err *err)
{
	struct ck_identity *i = calloc(1, sizeof *i);

	drop(v);
	if (i == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "identity");
	ck_busy_net(v);
	if (ck_desk_identity(v->desk, v->lease.id, i, err) == -1) {
		free(i);
		return -1;
	}
	v->errand.identity = i;
	return 0;
}

/* link NULL: it failed, and nothing is begun anew before the person says so */
static enum ck_turn
ask(struct ck_visit *v, const struct ck_identity *link)
{
	char until[CK_TIME_LEN] = "";

	if (link != NULL)
		ck_time_text(link->until, until);
	if (link != NULL && ck_steps_ran_out(v))
		ck_fail(&v->trouble, CK_E_CODE_EXPIRED, "%s", until);
	ck_question(&v->talk, CK_ASK_IDENTITY, &v->trouble, "{s:s*, s:s*, s:s}", "code",
	    link != NULL ? link->code : NULL, "until", link != NULL ? until : NULL, "away",
	    CK_AWAY_PHONE);
	ck_question_field(&v->talk, "do", CK_FIELD_CHOICE, 0, 0, NULL);
	ck_question_choice(&v->talk, "again", "again");
	ck_question_choice(&v->talk, "later", "later");
	ck_steps_watch(v);
	return CK_ASK;
}

static enum ck_turn
settle(struct ck_visit *v, struct ck_err *err)
{
	const char *said = ck_answer_text(&v->talk, CK_ASK_IDENTITY, "do");
	bool again = said != NULL && strcmp(said, "again") == 0;

	v->trouble = (struct ck_err){ 0 };
	if (now_of(v)->state == CK_STEP_FAILED && !again) {
		if (v->errand.identity != NULL && note_failed(v, err) == -1)
			return CK_STOP;
		drop(v);
		ck_fail(&v->trouble, CK_E_IDENTITY_FAILED, "%s", now_of(v)->text);
		return ask(v, NULL);
	}
	if ((v->errand.identity == NULL || again) &&
	    (begin(v, err) == -1 || ck_steps_ask(v, err) == -1))
		return CK_STOP;
	if (now_of(v)->state == CK_STEP_PASSED)
		return CK_GO;
	return ask(v, v->errand.identity);
}

enum ck_turn
ck_at_identity(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = CK_GO;

	if (ck_steps_later(v, CK_ASK_IDENTITY, "do"))
		return ck_steps_park(v);
	if (v->errand.stood && ck_steps_ask(v, err) == -1)
		return CK_STOP;
	if (now_of(v)->state != CK_STEP_PASSED)
		turn = settle(v, err);
	if (turn != CK_GO)
		return turn;
	drop(v);
	v->trouble = (struct ck_err){ 0 };
	return ck_steps_hear(v, &v->lease, err) == 0 ? CK_GO : CK_STOP;
}
