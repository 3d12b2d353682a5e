/*
 * Station unlock: the customer types the PIN, once per question, and it goes to the key once
 * (tries.c says when it may).
 */
#include <string.h>

#include "walk/clerk.h"

/* of the system's manual: what it is as long as nobody changed it */
static json_t *
hint(const struct ck_policy *p)
{
	return p->pin_hint.zh[0] != '\0'
		   ? json_pack("{s:s, s:s}", "zh", p->pin_hint.zh, "en", p->pin_hint.en)
		   : NULL;
}

static void
ask_pin(struct ck_visit *v, const struct ck_tries *t)
{
	const char *hotline = v->policy.hotline[0] != '\0' ? v->policy.hotline : NULL;
	const char *charset = v->key.pin_digits ? "digits" : "any";

	ck_question(&v->talk, ck_pin_unsettled(v) ? CK_ASK_UNSETTLED : CK_ASK_PIN, &v->trouble,
	    "{s:i, s:b, s:b, s:b, s:s, s:o*, s:s*, s:s*}", "tries", t->number, "unlimited",
	    t->unlimited, "low", t->low, "last", t->last, "serial", v->key.serial, "hint",
	    hint(&v->policy), "hotline", hotline, "for", v->done.abandon_meant ? "abandon" : NULL);
	if (ck_pin_unsettled(v)) {
		ck_question_field(&v->talk, "which", CK_FIELD_CHOICE, 1, 1, NULL);
		ck_question_choice(&v->talk, "envelope", "envelope");
		ck_question_choice(&v->talk, "old", "old");
	}
	ck_question_field(
	    &v->talk, "pin", CK_FIELD_SECRET, v->key.pin_min, v->key.pin_max, charset);
}

/* What costs no try is said before it could: length and letters, and a clerk's word that is not so.
 */
static enum ck_turn
try_pin(struct ck_visit *v, struct ck_secret *pin, bool said_envelope, struct ck_tries *t,
    struct ck_err *err)
{
	struct ck_err wrong = { 0 };

	if (ck_token_pin_fits(&v->key, pin, &wrong) == 0 &&
	    (!said_envelope || ck_guess(v, pin, &wrong) == 0))
		return ck_try_pin(v, pin, t, err);
	if (wrong.code != CK_E_PIN_LENGTH && wrong.code != CK_E_ENVELOPE_WRONG &&
	    wrong.code != CK_E_PASSWORD_WAIT) {
		*err = wrong;
		return CK_STOP;
	}
	v->trouble = wrong;
	return CK_ASK;
}

/* The private key is seen only now on keys that hide it. */
static int
judge_pair(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	const struct ck_entry *e;
	int r = -1;

	ck_busy_key(v);
	if (ck_token_list(v->token, &all, err) == -1)
		goto out;
	e = ck_entry_of(&all, v->old.id, v->old.id_len);
	if (e != NULL && e->closed && v->done.pin_meant)
		r = 0; /* a file of the old PIN beside one of the new */
	else if (!v->old.gone && (e == NULL || e->has_private != CK_HAS_YES))
		ck_fail(err, CK_E_CERT_WITHOUT_KEY, "%s", v->old.facts.name);
	else if (e != NULL && e->privates > 1)
		ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s", v->key.serial);
	else
		r = 0;
out:
	ck_entries_free(&all);
	return r;
}

static int
prove_key(struct ck_visit *v, struct ck_err *err)
{
	EVP_PKEY *handle = NULL;
	int r = -1;

	ck_busy_key(v);
	if (ck_token_key(v->token, v->old.id, v->old.id_len, &handle, err) == -1)
		goto out;
	ck_busy_signed(v);
	r = ck_desk_prove_key(v->desk, v->old.der, v->old.der_len, handle, &v->proof, err);
out:
	EVP_PKEY_free(handle);
	return r == 0 ? 0 : ck_visit_blame_key(v, err);
}

/* After an interrupted change: which of the two it was is seen, not believed. Where nothing is on
 * the tape to see it by, station pin compares with the password the desk has proved; giving up,
 * nobody proves one, and the clerk's word stands. */
static int
settle_pin(struct ck_visit *v, bool said_envelope, struct ck_err *err)
{
	struct ck_fact changed = ck_text_fact("pin", "changed", 0);
	int seen = ck_is_envelope_password(v, v->pin);

	if (seen == 0 || (seen == -1 && !(said_envelope && v->done.abandon_meant)))
		return 0;
	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = "PIN was changed",
		    .ledger = true,
		    .facts = &changed,
		    .n_facts = 1 },
		err) == -1)
		return -1;
	ck_visit_did(v, "pin-settled", NULL);
	return 0;
}

static enum ck_turn
after_login(struct ck_visit *v, bool said_envelope, struct ck_err *err)
{
	ck_visit_did(v, "unlocked", NULL);
	if (!v->done.abandon_meant && !v->rules.download && judge_pair(v, err) == -1)
		return CK_STOP;
	if (ck_pin_unsettled(v) && settle_pin(v, said_envelope, err) == -1)
		return CK_STOP;
	if (!v->done.abandon_meant && !v->rules.download &&
	    ck_wants_authority(&v->done, &v->rules)) {
		if (ck_visit_connect(v, err) == -1 || prove_key(v, err) == -1)
			return CK_STOP;
		ck_visit_did(v, "key-proved", NULL);
	}
	v->seen.unlocked = true;
	return CK_GO;
}

enum ck_turn
ck_enter_pin(struct ck_visit *v, struct ck_err *err)
{
	const char *question = ck_pin_unsettled(v) ? CK_ASK_UNSETTLED : CK_ASK_PIN;
	const char *which = ck_answer_text(&v->talk, question, "which");
	struct ck_secret *pin = ck_answer_secret(&v->talk, question, "pin");
	bool said_envelope = which != NULL && strcmp(which, "envelope") == 0;
	struct ck_token_info now;
	enum ck_turn turn = CK_STOP;

	ck_busy_key(v);
	if (ck_token_info(v->token, &now, err) == -1)
		goto out;
	if (pin == NULL) {
		if ((turn = ck_may_try_pin(v, &now.tries, err)) == CK_GO && ck_pin_unsettled(v))
			turn = ck_second_clerk(v, CK_SECOND_UNSETTLED, err);
		if (turn != CK_GO)
			goto out;
		ask_pin(v, &now.tries);
		return CK_ASK;
	}
	turn = try_pin(v, pin, said_envelope, &now.tries, err);
	if (turn == CK_ASK) {
		ck_answer_drop(&v->talk);
		ck_secret_free(pin);
		return ck_enter_pin(v, err);
	}
	if (turn == CK_GO) {
		v->trouble = (struct ck_err){ 0 };
		v->by_envelope = said_envelope;
		ck_secret_free(v->pin);
		v->pin = pin;
		pin = NULL;
	}
out:
	ck_secret_free(pin);
	return turn;
}

enum ck_turn
ck_at_unlock(struct ck_visit *v, struct ck_err *err)
{
	bool taken = !v->key.shows_certs && v->pin != NULL;
	enum ck_turn turn = taken ? CK_GO : ck_enter_pin(v, err);

	return turn == CK_GO ? after_login(v, v->by_envelope, err) : turn;
}
