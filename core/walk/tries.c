/*
 * When a PIN may go to the key. The last try, as far as the key tells, is spent only on a clerk's
 * word; where the key tells nothing, the second PIN already needs one. Without a clerk
 * (self-service) it ends instead.
 */
#include "walk/clerk.h"

bool
ck_pin_unsettled(const struct ck_visit *v)
{
	return v->done.pin_meant && !v->done.pin_settled;
}

bool
ck_on_the_edge(const struct ck_tries *t, bool failed)
{
	if (t->last || t->number == 1)
		return true;
	if (t->number > 1 || t->unlimited)
		return false;
	/* a key that raised no flag after a wrong PIN tells nothing at all */
	return failed && !t->low;
}

static enum ck_turn
agreed_by_two(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = ck_second_clerk(v, CK_SECOND_LAST_TRY, err);

	v->last_try_granted = turn == CK_GO;
	return turn;
}

enum ck_turn
ck_may_try_pin(struct ck_visit *v, const struct ck_tries *t, struct ck_err *err)
{
	enum ck_code code = t->last || t->number == 1 ? CK_E_PIN_LAST_TRY : CK_E_PIN_TRIES_UNKNOWN;
	bool end = ck_answer_no(&v->talk, CK_ASK_LAST_TRY, "yes");
	bool edge = ck_on_the_edge(t, v->pin_failed);

	if (t->locked || t->number == 0) {
		ck_fail(err, CK_E_PIN_LOCKED, "%s", v->key.serial);
		return CK_STOP;
	}
	if (v->clerk == NULL && ck_pin_unsettled(v)) {
		ck_fail(err, CK_E_PIN_UNSETTLED, "%s", v->key.serial);
		return CK_STOP;
	}
	if (ck_answer_yes(&v->talk, CK_ASK_LAST_TRY, "yes"))
		v->last_try_said = true;
	/* self-service: one failure is enough unless the key counts down in numbers, or not at
	 * all */
	if (v->clerk == NULL)
		end = edge || (v->pin_failed && t->number < 0 && !t->unlimited);
	if (end) {
		if (!edge)
			*err = v->trouble;
		ck_fail(err, code, "%s", v->key.serial);
		return CK_STOP;
	}
	if (!edge || v->last_try_granted)
		return CK_GO;
	if (v->last_try_said)
		return agreed_by_two(v, err);
	ck_question(&v->talk, CK_ASK_LAST_TRY, &v->trouble, "{s:s, s:b}", "serial", v->key.serial,
	    "known", code == CK_E_PIN_LAST_TRY);
	ck_question_field(&v->talk, "yes", CK_FIELD_YES, 1, 1, NULL);
	return CK_ASK;
}

static bool
try_again(enum ck_code code)
{
	return code == CK_E_PIN_WRONG || code == CK_E_PIN_LENGTH;
}

/* outside a renewal there is no record to keep it in */
static int
note_try(struct ck_visit *v, struct ck_err *err)
{
	if (v->record == NULL)
		return 0;
	return ck_visit_note(
	    v, &(struct ck_note){ .mark = CK_INTENT, .text = "a PIN goes to the key" }, err);
}

enum ck_turn
ck_try_pin(struct ck_visit *v, struct ck_secret *pin, struct ck_tries *t, struct ck_err *err)
{
	struct ck_err wrong = { 0 };

	if (ck_token_pin_fits(&v->key, pin, &wrong) == 0) {
		if (note_try(v, err) == -1)
			return CK_STOP;
		v->last_try_granted = v->last_try_said = false;
		v->seconded[CK_SECOND_LAST_TRY] = v->seconded[CK_SECOND_UNSETTLED] = false;
		ck_busy_key(v);
		if (ck_token_login(v->token, pin, t, &wrong) == 0)
			return CK_GO;
		v->pin_failed = v->pin_failed || wrong.code == CK_E_PIN_WRONG;
	}
	if (!try_again(wrong.code)) {
		*err = wrong;
		return CK_STOP;
	}
	v->trouble = wrong;
	return CK_ASK;
}
