/*
 * The word of a second clerk, for the acts the system's policy names: somebody else than the one
 * who serves, known by the PIN of his own key where that is in a reader, else by his passphrase. A
 * wrong one is told and asked for again; the record or, where there is none yet, the ledger's lines
 * of this clerk say who agreed to what.
 */
#include <stdio.h>
#include <string.h>

#include "walk/clerk.h"
#include "walk/show.h"

#define ID_MAX ((int)sizeof((struct ck_clerk *)0)->id - 1)

static const char station[] = "second-clerk";

/* what the ledger says of each, before who it was */
static const char *const lines[] = {
	[CK_SECOND_ABANDON] = "a second clerk agrees to abandon",
	[CK_SECOND_LAST_TRY] = "a second clerk agrees to what may be the last try",
	[CK_SECOND_LEAVE] = "a second clerk agrees to close without the key",
	[CK_SECOND_UNSETTLED] = "a second clerk agrees to try a PIN",
};

struct second {
	const struct ck_clerk *who;
	const char *by;
};

/* ---- by his own key ---- */

/* No word is asked for this key: what may be its last try is left alone. */
static int
may_try(const struct ck_visit *v, const struct ck_token_info *k, const struct ck_secret *pin,
    struct ck_err *err)
{
	if (k->pinpad)
		return ck_fail(err, CK_E_KEY_PINPAD, "%s", k->serial);
	if (k->tries.locked || k->tries.number == 0)
		return ck_fail(err, CK_E_PIN_LOCKED, "%s", k->serial);
	if (ck_on_the_edge(&k->tries, v->second_failed))
		return ck_fail(err,
		    k->tries.last || k->tries.number == 1 ? CK_E_PIN_LAST_TRY
							  : CK_E_PIN_TRIES_UNKNOWN,
		    "%s", k->serial);
	return ck_token_pin_fits(k, pin, err);
}

static int
try_pin(struct ck_visit *v, struct ck_token *token, const struct ck_clerk *who,
    const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_token_info now;
	struct ck_tries tries;
	struct ck_err no = { 0 };

	if (ck_token_info(token, &now, err) == -1 || may_try(v, &now, pin, err) == -1 ||
	    ck_clerk_judge_key(v->site, token, who, err) == -1)
		return -1;
	if (ck_token_login(token, pin, &tries, &no) == 0)
		return ck_clerk_prove_key(v->site, token, who, err);
	if (no.code != CK_E_PIN_WRONG)
		return ck_fail_native(err, no.code, no.native, "%s", no.detail);
	v->second_failed = true;
	if (ck_clerk_note(v, who, station, CK_NOTE, "a wrong PIN", err) == -1)
		return -1;
	return ck_fail(err, CK_E_CLERK_PIN_WRONG, "%s", now.serial);
}

/* 1 it was taken, 0 there is none of his, -1 */
static int
with_ring(struct ck_visit *v, struct ck_keyring *ring, const struct ck_clerk *who,
    const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_token *token = NULL;
	struct ck_err none = { 0 };
	size_t n = 0;
	int r = 0;

	if (ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &none) == -1)
		return 0;
	for (size_t i = 0; i < n && r == 0; i++) {
		if (strcmp(rows[i].driver, "file") == 0 ||
		    ck_clerk_of_key(v->site, ring, &rows[i]) != who)
			continue;
		r = -1;
		if (ck_keyring_take(ring, &rows[i], &token, err) == 0 &&
		    try_pin(v, token, who, pin, err) == 0)
			r = 1;
		ck_token_close(token);
	}
	return r;
}

/* One key is open at a time, and one module loaded: the customer's is let go meanwhile. */
static int
by_own_key(
    struct ck_visit *v, const struct ck_clerk *who, const struct ck_secret *pin, struct ck_err *err)
{
	struct ck_keyring *ring = NULL;
	struct ck_patience patience;
	int r = -1;

	ck_token_close(v->token);
	v->token = NULL;
	ck_keyring_close(v->ring);
	v->ring = NULL;
	if (ck_keyring_open(v->site->keys_dir, &ring, err) == 0) {
		ck_patience_begin(&patience, &v->talk, ring);
		ck_talk_busy(&v->talk, CK_BUSY_KEY, patience.limit);
		r = with_ring(v, ring, who, pin, err);
	}
	ck_keyring_close(ring);
	return r;
}

/* The customer's key again, if it is still in; one that went is waited for by the walk. */
static enum ck_turn
take_back(struct ck_visit *v, struct ck_err *err)
{
	struct ck_err no = { 0 };
	enum ck_turn turn;

	v->lost.missing = true;
	turn = ck_take_key(v, ck_judge_renewal, &no);
	v->lost.missing = false;
	if (turn == CK_GO)
		return CK_GO;
	ck_fail_native(
	    err, no.code == CK_E_NO_KEY ? CK_E_KEY_REMOVED : no.code, no.native, "%s", no.detail);
	return CK_STOP;
}

/* ---- the answer ---- */

static int
prove(struct ck_visit *v, const char *id, const struct ck_secret *word, struct second *s,
    struct ck_err *err)
{
	const struct ck_clerk *said = ck_site_clerk(v->site, id);
	int r = 0;

	if (said == v->clerk)
		return ck_fail(err, CK_E_CLERK_SAME, "%s", said->id);
	*s = (struct second){ .who = said, .by = CK_BY_KEY };
	if (said != NULL && said->n_certs > 0 && (r = by_own_key(v, said, word, err)) != 0)
		return r == 1 ? 0 : -1;
	s->by = CK_BY_WORD;
	return ck_clerk_prove_word(v, id, word, &s->who, err);
}

/* The store is not a person's to put right. */
static bool
ask_again(enum ck_code code)
{
	switch (code) {
	case CK_E_STORE_UNWRITABLE:
	case CK_E_STORE_FULL:
	case CK_E_STORE_DAMAGED:
	case CK_E_STORE_BUSY:
	case CK_E_NO_MEMORY:
	case CK_E_INTERNAL:
	case CK_E_CONFIG:
		return false;
	default:
		return true;
	}
}

static int
note(struct ck_visit *v, enum ck_second act, const struct second *s, struct ck_err *err)
{
	char text[256];

	snprintf(text, sizeof text, "%s: %s %s", lines[act], s->who->id, s->by);
	if (v->record == NULL)
		return ck_clerk_note(v, s->who, station, CK_DONE, text, err);
	return ck_visit_note(
	    v, &(struct ck_note){ .mark = CK_NOTE, .text = text, .ledger = true }, err);
}

static enum ck_turn
hear(struct ck_visit *v, enum ck_second act, const char *id, const struct ck_secret *word,
    struct ck_err *err)
{
	/* the key of a record that is closed without it is wanted no more */
	bool held = v->token != NULL && act != CK_SECOND_LEAVE;
	struct second s = { .who = NULL };
	struct ck_err why = { 0 };
	int r = prove(v, id, word, &s, &why);

	if (held && v->token == NULL && take_back(v, err) == CK_STOP)
		return CK_STOP;
	if (r == -1 && !ask_again(why.code)) {
		*err = why;
		return CK_STOP;
	}
	v->trouble = why;
	if (r == -1)
		return CK_ASK;
	if (note(v, act, &s, err) == -1)
		return CK_STOP;
	v->seconded[act] = true;
	ck_visit_did(v, "second-clerk", "{s:s, s:s, s:s, s:s}", "clerk", s.who->id, "name",
	    s.who->name, "by", s.by, "act", ck_second_name(act));
	return CK_GO;
}

static void
ask(struct ck_visit *v, enum ck_second act)
{
	ck_question(&v->talk, CK_ASK_SECOND, &v->trouble, "{s:s, s:s}", "act", ck_second_name(act),
	    "clerk", v->clerk->id);
	ck_question_field(&v->talk, "clerk", CK_FIELD_TEXT, 1, ID_MAX, NULL);
	ck_question_field(&v->talk, "word", CK_FIELD_SECRET, 1, CK_SECRET_MAX, NULL);
}

enum ck_turn
ck_second_clerk(struct ck_visit *v, enum ck_second act, struct ck_err *err)
{
	const char *id = ck_answer_text(&v->talk, CK_ASK_SECOND, "clerk");
	struct ck_secret *word = NULL;
	enum ck_turn turn = CK_ASK;

	if (!v->policy.second_clerk[act] || v->seconded[act])
		return CK_GO;
	if (v->clerk == NULL) {
		ck_fail(err, CK_E_CLERK_NEEDED, "%s", ck_second_name(act));
		return CK_STOP;
	}
	word = ck_answer_secret(&v->talk, CK_ASK_SECOND, "word");
	if (id != NULL && word != NULL)
		turn = hear(v, act, id, word, err);
	ck_secret_free(word);
	if (turn == CK_ASK)
		ask(v, act);
	return turn;
}

int
ck_second_clerk_now(struct ck_visit *v, enum ck_second act, struct ck_err *err)
{
	enum ck_turn turn;

	while ((turn = ck_second_clerk(v, act, err)) == CK_ASK) {
		ck_answer_drop(&v->talk);
		if (ck_talk_ask(&v->talk, err) == -1)
			return -1;
	}
	ck_answer_drop(&v->talk);
	return turn == CK_GO ? 0 : -1;
}
