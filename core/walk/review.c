/*
 * Station review: people at the CA look at what was handed in, which may take days. Nobody has to
 * stand here for it; what they turn down is told with their reason, and put right at the stations
 * before this one.
 */
#include "walk/visit.h"

enum ck_turn
ck_at_review(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_step_now *now = &v->lease.steps.step[CK_STEP_REVIEW];
	enum ck_turn turn;

	if (ck_steps_later(v, CK_ASK_REVIEW, "do"))
		return ck_steps_park(v);
	if (ck_steps_ask(v, err) == -1)
		return CK_STOP;
	if (now->state == CK_STEP_PASSED || v->done.due != CK_AT_REVIEW)
		return CK_GO;
	if ((turn = ck_steps_rejection(v, err)) != CK_GO)
		return turn;
	ck_question(&v->talk, CK_ASK_REVIEW, NULL, "{s:s*}", "text",
	    now->text[0] != '\0' ? now->text : NULL);
	ck_question_field(&v->talk, "do", CK_FIELD_CHOICE, 0, 0, NULL);
	ck_question_choice(&v->talk, "later", "later");
	ck_steps_watch(v);
	return CK_ASK;
}
