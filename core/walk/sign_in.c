/*
 * A clerk signs in and out at the desk. Nothing rests on it in the engine, which is gone when it
 * has been said; the front keeps who it is, and the ledger proves that somebody who served had
 * shown his key or known his passphrase.
 */
#include <string.h>

#include "walk/clerk.h"
#include "walk/own.h"

#define STEPS 2
/* our own work and the disk's, before the first call of the key */
#define STEP_S 60
#define ID_MAX ((int)sizeof((struct ck_clerk *)0)->id - 1)

static const char station[] = "sign-in";

/* ---- by key ---- */

static int
judge_pad(const struct ck_token_info *k, struct ck_err *err)
{
	if (k->pinpad)
		return ck_fail(err, CK_E_KEY_PINPAD, "%s", k->serial);
	if (!k->pin_set)
		return ck_fail(err, CK_E_PIN_NOT_SET, "%s", k->serial);
	return 0;
}

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, judge_pad, err);
}

/* v->clerk from here on: who he says he is, and the one to be asked about his own last try. */
static int
look(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	struct ck_err no = { 0 }, unwritten = { 0 };

	ck_busy_key(v);
	if (ck_token_list(v->token, &all, err) == -1)
		return -1;
	v->clerk = ck_clerk_of_entries(v->site, &all);
	ck_entries_free(&all);
	if (v->clerk == NULL) /* it was changed for another meanwhile */
		return ck_fail(err, CK_E_KEY_REMOVED, "%s", v->key.serial);
	if (ck_clerk_judge_key(v->site, v->token, v->clerk, &no) == 0)
		return 0;
	(void)ck_clerk_note(
	    v, v->clerk, station, CK_NOTE, ck_err_fact((int)no.code)->name, &unwritten);
	return ck_fail_native(err, no.code, no.native, "%s", no.detail);
}

static void
ask_pin(struct ck_visit *v, const struct ck_tries *t)
{
	const char *charset = v->key.pin_digits ? "digits" : "any";

	ck_question(&v->talk, CK_ASK_CLERK_PIN, &v->trouble, "{s:s, s:s, s:s, s:s, s:i, s:b, s:b}",
	    "clerk", v->clerk->id, "name", v->clerk->name, "label", v->key.label, "serial",
	    v->key.serial, "tries", t->number, "low", t->low, "last", t->last);
	ck_question_field(
	    &v->talk, "pin", CK_FIELD_SECRET, v->key.pin_min, v->key.pin_max, charset);
}

/* The words about a customer's PIN are not a clerk's. */
static int
note_wrong(struct ck_visit *v, struct ck_err *err)
{
	if (v->trouble.code != CK_E_PIN_WRONG)
		return 0;
	v->trouble = (struct ck_err){ 0 };
	ck_fail(&v->trouble, CK_E_CLERK_PIN_WRONG, "%s", v->key.serial);
	return ck_clerk_note(v, v->clerk, station, CK_NOTE, "a wrong PIN", err);
}

static enum ck_turn
unlock(struct ck_visit *v, struct ck_err *err)
{
	struct ck_secret *pin = ck_answer_secret(&v->talk, CK_ASK_CLERK_PIN, "pin");
	struct ck_token_info now;
	enum ck_turn turn = CK_STOP;

	ck_busy_key(v);
	if (ck_token_info(v->token, &now, err) == -1)
		goto out;
	if (pin != NULL) {
		turn = ck_try_pin(v, pin, &now.tries, err);
		if (turn != CK_ASK)
			goto out;
		ck_answer_drop(&v->talk);
		if (note_wrong(v, err) == -1) {
			turn = CK_STOP;
			goto out;
		}
	}
	if ((turn = ck_may_try_pin(v, &now.tries, err)) == CK_GO) {
		ask_pin(v, &now.tries);
		turn = CK_ASK;
	}
out:
	ck_secret_free(pin);
	return turn;
}

static int
by_key(struct ck_visit *v, struct ck_err *err)
{
	v->signs_in = true;
	ck_talk_step(&v->talk, "key", 1, STEPS, STEP_S);
	if (ck_visit_settle(v, take_key, err) == -1 || look(v, err) == -1)
		return -1;
	ck_talk_did(&v->talk, "key", 1, STEPS, "key-found", "{s:s, s:s, s:s}", "serial",
	    v->key.serial, "label", v->key.label, "family", v->key.family);
	ck_talk_step(&v->talk, "sign-in", 2, STEPS, STEP_S);
	if (ck_visit_settle(v, unlock, err) == -1)
		return -1;
	ck_busy_key(v);
	return ck_clerk_prove_key(v->site, v->token, v->clerk, err);
}

/* ---- by passphrase ---- */

static enum ck_turn
hear_word(struct ck_visit *v, struct ck_err *err)
{
	const char *id = ck_answer_text(&v->talk, CK_ASK_CLERK_WORD, "clerk");
	struct ck_secret *word = ck_answer_secret(&v->talk, CK_ASK_CLERK_WORD, "passphrase");
	struct ck_err no = { 0 };
	int r = -1;

	if (id != NULL && word != NULL)
		r = ck_clerk_prove_word(v, id, word, &v->clerk, &no);
	ck_secret_free(word);
	if (r == 0)
		return CK_GO;
	if (no.code != CK_E_NONE && no.code != CK_E_CLERK_NOT_PROVED &&
	    no.code != CK_E_CLERK_WAIT) {
		*err = no;
		return CK_STOP;
	}
	ck_question(&v->talk, CK_ASK_CLERK_WORD, &no, NULL);
	ck_question_field(&v->talk, "clerk", CK_FIELD_TEXT, 1, ID_MAX, NULL);
	ck_question_field(&v->talk, "passphrase", CK_FIELD_SECRET, 1, CK_SECRET_MAX, NULL);
	return CK_ASK;
}

static int
by_word(struct ck_visit *v, struct ck_err *err)
{
	if (!v->site->clerk_passphrase)
		return ck_fail(err, CK_E_CLERK_WORD_OFF, "%s", "");
	ck_talk_step(&v->talk, "sign-in", 2, STEPS, STEP_S);
	return ck_visit_settle(v, hear_word, err);
}

/* ---- in and out ---- */

/* Whose key it is, as watch and records know it, so that the front can lock when it goes. */
static json_t *
facts_of(const struct ck_visit *v, const char *by)
{
	char name[CK_KEY_NAME_MAX];
	json_t *facts = json_pack(
	    "{s:s, s:s, s:s, s:n}", "clerk", v->clerk->id, "name", v->clerk->name, "by", by, "key");

	if (!v->had_key)
		return facts;
	ck_key_name(&v->key, name);
	json_object_set_new(facts, "key", json_string(v->key.serial));
	json_object_set_new(facts, "key_name", json_string(name));
	json_object_set_new(facts, "label", json_string(v->key.label));
	json_object_set_new(facts, "reader", json_string(v->key.reader));
	return facts;
}

static int
sign_in(struct ck_visit *v, bool word, json_t **facts, struct ck_err *err)
{
	const char *by = word ? CK_BY_WORD : CK_BY_KEY;

	if ((word ? by_word(v, err) : by_key(v, err)) == -1 ||
	    ck_clerk_note(v, v->clerk, station, CK_DONE,
		word ? "signed in by passphrase" : "signed in by key", err) == -1)
		return -1;
	ck_talk_did(&v->talk, "sign-in", STEPS, STEPS, "signed-in", "{s:s, s:s}", "clerk",
	    v->clerk->id, "name", v->clerk->name);
	*facts = facts_of(v, by);
	return 0;
}

static enum ck_outcome
finish(struct ck_visit *v, struct ck_link *link, json_t *facts, const struct ck_err *err)
{
	struct ck_talk talk = { .link = link };
	enum ck_outcome outcome = err->code == CK_E_NONE    ? CK_END_DONE
				  : err->code == CK_E_USAGE ? CK_END_USAGE
							    : CK_END_REFUSED;

	ck_visit_close(v);
	ck_talk_end(&talk, outcome, NULL, facts, err);
	return outcome;
}

enum ck_outcome
ck_sign_in(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	const char *by = json_string_value(json_object_get(order, "by"));
	bool word = by != NULL && strcmp(by, CK_BY_WORD) == 0;
	struct ck_err err = { 0 };
	struct ck_visit *v = NULL;
	json_t *facts = NULL;

	if (by == NULL || (!word && strcmp(by, CK_BY_KEY) != 0))
		ck_fail(&err, CK_E_USAGE, "by: " CK_BY_KEY ", " CK_BY_WORD);
	else if ((v = ck_own_begin(site, link, order, &err)) != NULL)
		(void)sign_in(v, word, &facts, &err);
	return finish(v, link, facts, &err);
}

enum ck_outcome
ck_sign_out(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);

	if (v != NULL && v->clerk == NULL)
		ck_fail(&err, CK_E_USAGE, "clerk");
	else if (v != NULL &&
		 ck_clerk_note(v, v->clerk, "sign-out", CK_DONE, "signed out", &err) == 0)
		ck_talk_did(&v->talk, "sign-out", 1, 1, "signed-out", "{s:s, s:s}", "clerk",
		    v->clerk->id, "name", v->clerk->name);
	return finish(v, link, NULL, &err);
}

/* ---- a passphrase for the site's file ---- */

static int
judge_new(const struct ck_secret *word, const struct ck_secret *again, struct ck_err *err)
{
	if (word == NULL || again == NULL || !ck_secret_same(word, again))
		return ck_fail(err, CK_E_CLERK_WORD_MISMATCH, "%s", "");
	if (ck_secret_len(word) < CK_PASSPHRASE_MIN)
		return ck_fail(err, CK_E_CLERK_WORD_RULES, "%d", CK_PASSPHRASE_MIN);
	return 0;
}

static int
ask_new(struct ck_talk *talk, const struct ck_err *why, struct ck_err *err)
{
	ck_question(talk, CK_ASK_NEW_WORD, why, "{s:i}", "min", CK_PASSPHRASE_MIN);
	ck_question_field(
	    talk, "passphrase", CK_FIELD_SECRET, CK_PASSPHRASE_MIN, CK_SECRET_MAX, NULL);
	ck_question_field(talk, "again", CK_FIELD_SECRET, CK_PASSPHRASE_MIN, CK_SECRET_MAX, NULL);
	return ck_talk_ask(talk, err);
}

static int
make_line(struct ck_talk *talk, char line[CK_PASSPHRASE_LINE_MAX], struct ck_err *err)
{
	struct ck_secret *word, *again;
	struct ck_err why = { 0 };
	int r = -1;

	while (r == -1) {
		if (ask_new(talk, &why, err) == -1)
			return -1;
		word = ck_answer_secret(talk, CK_ASK_NEW_WORD, "passphrase");
		again = ck_answer_secret(talk, CK_ASK_NEW_WORD, "again");
		why = (struct ck_err){ 0 };
		if (judge_new(word, again, &why) == 0)
			r = ck_passphrase_make(word, line, err);
		ck_secret_free(word);
		ck_secret_free(again);
		if (err->code != CK_E_NONE)
			return -1;
	}
	return 0;
}

enum ck_outcome
ck_clerk_word(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	char line[CK_PASSPHRASE_LINE_MAX] = "";
	struct ck_err err = { 0 };
	json_t *facts = NULL;

	(void)site;
	(void)order;
	if (make_line(&talk, line, &err) == 0)
		facts = json_pack("{s:s}", "passphrase", line);
	ck_talk_free(&talk);
	return finish(NULL, link, facts, &err);
}
