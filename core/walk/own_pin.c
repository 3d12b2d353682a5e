/*
 * The key's owner changes its PIN: the present one, the new one twice. What can be judged without
 * the key is judged before anything reaches it; the present PIN is verified by itself, so that a
 * wrong one is known as such; then one C_SetPIN. Removed, crashed or in trouble from there on, the
 * key may hold either PIN, and that is what is said.
 */
#include <string.h>

#include "walk/offers.h"
#include "walk/own.h"

#define STEPS 3
/* our own work and the disk's, before the first call of the key */
#define STEP_S 60

static const char about[] = "own-pin"; /* the station its lines in the ledger name */

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, ck_judge_pin, err);
}

/* What the new PIN has to be: the key's rules, and those of the systems that renew what is on it,
 * so that the next renewal takes it. The present one may be longer; that is a reason to change it.
 */
static struct ck_token_info
rules_for_new(const struct ck_visit *v)
{
	struct ck_token_info rules = v->key;
	int most = v->policy.pin_max;

	if (most >= rules.pin_min && most < rules.pin_max)
		rules.pin_max = most;
	return rules;
}

static int
take_rules(struct ck_visit *v, struct ck_err *err)
{
	struct ck_offers *offers = NULL;
	struct ck_entries all = { .n = 0 };
	int r = -1;

	ck_busy_key(v);
	if (ck_offers_open(v->site, &offers, err) == 0 && ck_token_list(v->token, &all, err) == 0) {
		v->policy.pin_max = ck_offers_pin_max(offers, &all);
		r = 0;
	}
	ck_entries_free(&all);
	ck_offers_close(offers);
	return r;
}

static void
ask_pins(struct ck_visit *v, const struct ck_tries *t)
{
	const char *charset = v->key.pin_digits ? "digits" : "any";
	bool again = v->password != NULL; /* the new one is known and good */
	struct ck_token_info new = rules_for_new(v);

	ck_question(&v->talk, again ? CK_ASK_PIN : CK_ASK_OWN_PIN, &v->trouble,
	    "{s:i, s:b, s:b, s:b, s:s, s:i, s:i, s:b}", "tries", t->number, "unlimited",
	    t->unlimited, "low", t->low, "last", t->last, "serial", v->key.serial, "min",
	    new.pin_min, "max", new.pin_max, "digits", new.pin_digits);
	ck_question_field(
	    &v->talk, "pin", CK_FIELD_SECRET, v->key.pin_min, v->key.pin_max, charset);
	if (again)
		return;
	ck_question_field(&v->talk, "new", CK_FIELD_SECRET, new.pin_min, new.pin_max, charset);
	ck_question_field(&v->talk, "again", CK_FIELD_SECRET, new.pin_min, new.pin_max, charset);
}

/* Nothing of it has reached the key. 0: the new PIN is good and kept. */
static int
judge_new(struct ck_visit *v, const struct ck_secret *pin)
{
	struct ck_secret *new = ck_answer_secret(&v->talk, CK_ASK_OWN_PIN, "new");
	struct ck_secret *again = ck_answer_secret(&v->talk, CK_ASK_OWN_PIN, "again");
	const struct ck_token_info rules = rules_for_new(v);
	struct ck_err *why = &v->trouble;
	int r = -1;

	*why = (struct ck_err){ 0 };
	if (new == NULL || again == NULL || !ck_secret_same(new, again)) {
		ck_fail(why, CK_E_PIN_MISMATCH, "%s", v->key.serial);
	} else if (ck_token_pin_fits(&rules, new, why) == 0) {
		if (ck_secret_same(new, pin)) {
			ck_fail(why, CK_E_PIN_SAME, "%s", v->key.serial);
		} else {
			v->password = new;
			new = NULL;
			r = 0;
		}
	}
	ck_secret_free(new);
	ck_secret_free(again);
	return r;
}

/* GO: the present PIN is v->pin, the key is logged in, the new one is v->password. */
static enum ck_turn
unlock(struct ck_visit *v, struct ck_err *err)
{
	const char *question = v->password != NULL ? CK_ASK_PIN : CK_ASK_OWN_PIN;
	struct ck_secret *pin = ck_answer_secret(&v->talk, question, "pin");
	struct ck_token_info now;
	enum ck_turn turn = CK_STOP;

	ck_busy_key(v);
	if (ck_token_info(v->token, &now, err) == -1)
		goto out;
	if (pin != NULL && (v->password != NULL || judge_new(v, pin) == 0)) {
		if ((turn = ck_try_pin(v, pin, &now.tries, err)) == CK_GO) {
			v->trouble = (struct ck_err){ 0 };
			v->pin = pin;
			return CK_GO;
		}
		if (turn == CK_STOP)
			goto out;
	}
	if (pin != NULL)
		ck_answer_drop(&v->talk);
	if ((turn = ck_may_try_pin(v, &now.tries, err)) == CK_GO) {
		ask_pins(v, &now.tries);
		turn = CK_ASK;
	}
out:
	ck_secret_free(pin);
	return turn;
}

/* The key itself has said no, as token.h tells. */
static bool
surely_unchanged(enum ck_code code)
{
	return code == CK_E_PIN_REFUSED || code == CK_E_PIN_LENGTH || code == CK_E_PIN_WRONG ||
	       code == CK_E_PIN_LOCKED || code == CK_E_KEY_READONLY || code == CK_E_KEY_PINPAD ||
	       code == CK_E_PIN_NOT_SET;
}

static int
note(struct ck_visit *v, const char *name, enum ck_mark mark, const char *text, struct ck_err *err)
{
	return ck_ledger_note(v->store, name, about, mark, text, err);
}

/* Intent first: a line without its end is a change nobody knows the outcome of. */
static enum ck_outcome
change(struct ck_visit *v, const char *name, struct ck_err *err)
{
	struct ck_err no = { 0 }, unwritten = { 0 };
	const struct ck_err_fact *fact;
	struct ck_tries tries;

	if (note(v, name, CK_INTENT, "its owner changes the PIN", err) == -1)
		return CK_END_REFUSED;
	ck_talk_step(&v->talk, "set-pin", STEPS, STEPS, STEP_S);
	ck_talk_busy(&v->talk, CK_BUSY_OWN_PIN, v->key.limit + CK_KEY_MARGIN_S);
	if (ck_token_set_pin(v->token, v->pin, v->password, &tries, &no) == 0) {
		v->talk.key_written = true;
		ck_talk_did(&v->talk, "set-pin", STEPS, STEPS, "own-pin-changed", NULL);
		return note(v, name, CK_DONE, "PIN changed by its owner", err) == 0 ? CK_END_DONE
										    : CK_END_FAILED;
	}
	if (surely_unchanged(no.code)) {
		if (no.code == CK_E_PIN_REFUSED) /* whose words are about an envelope's password */
			ck_fail_native(err, CK_E_PIN_RULES, no.native, "%s", no.detail);
		ck_fail_native(err, no.code, no.native, "%s", no.detail);
		(void)note(v, name, CK_DONE, "PIN unchanged: the key refused", &unwritten);
		return CK_END_REFUSED;
	}
	v->talk.key_written = true;
	fact = ck_err_fact((int)no.code);
	(void)note(v, name, CK_NOTE, "nobody knows whether the PIN was changed", &unwritten);
	ck_fail_native(err, CK_E_PIN_EITHER, no.native, "%s", fact != NULL ? fact->name : "?");
	return CK_END_FAILED;
}

static enum ck_outcome
walk(struct ck_visit *v, struct ck_err *err)
{
	char name[CK_KEY_NAME_MAX], renewing[CK_NUMBER_MAX];

	ck_talk_step(&v->talk, "key", 1, STEPS, STEP_S);
	if (ck_visit_settle(v, take_key, err) == -1)
		return CK_END_REFUSED;
	ck_talk_did(&v->talk, "key", 1, STEPS, "key-found", "{s:s, s:s, s:s}", "serial",
	    v->key.serial, "label", v->key.label, "family", v->key.family);
	ck_key_name(&v->key, name);
	if (take_rules(v, err) == -1)
		return CK_END_REFUSED;
	if (ck_own_pin_settled(v, name, renewing, err) == -1)
		return CK_END_REFUSED;
	/* each file has a password of its own, and a key has one */
	if (strcmp(v->key.driver, "file") == 0 && renewing[0] != '\0') {
		ck_fail(err, CK_E_MEDIUM_RENEWING, "%s", renewing);
		return CK_END_REFUSED;
	}
	ck_talk_step(&v->talk, "unlock", 2, STEPS, STEP_S);
	if (ck_visit_settle(v, unlock, err) == -1)
		return CK_END_REFUSED;
	ck_talk_did(&v->talk, "unlock", 2, STEPS, "unlocked", NULL);
	return change(v, name, err);
}

enum ck_outcome
ck_own_pin(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	enum ck_outcome outcome = CK_END_REFUSED;
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);

	if (v != NULL)
		outcome = walk(v, &err);
	return ck_own_end(v, link, outcome, &err);
}
