/*
 * Station retire: the old signing certificate and its pair go, if the policy says so and only while
 * the new one is seen to be good. A private key that may decipher is never removed: what was
 * encrypted to it years ago must stay readable. A download touches nothing that is there.
 */
#include <string.h>

#include "walk/visit.h"

/* The new pair and its certificate, whole, on the key at this moment. */
static bool
new_is_good(const struct ck_visit *v, const struct ck_entries *all)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = 0;
	const struct ck_entry *e = ck_entry_of(all, id, ck_visit_id(v, id));
	const void *cert = ck_record_get(v->record, 0, "new-cert", &n);

	return e != NULL && e->has_private == CK_HAS_YES && n > 0 && e->cert_len == n &&
	       memcmp(e->cert, cert, n) == 0;
}

static bool
may_go(const struct ck_visit *v, const struct ck_entry *old)
{
	return v->policy.retire == CK_RETIRE_REMOVE && !v->rules.download &&
	       !v->old.facts.may_encipher &&
	       (old == NULL || (!old->may_decipher && old->privates <= 1 && old->certs <= 1));
}

static int
settle(struct ck_visit *v, const char *how, const char *text, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact("retired", how, 0);

	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_DONE, .text = text, .ledger = true, .facts = &f, .n_facts = 1 },
	    err);
}

static int
remove_old(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact intent = ck_text_fact("retire-intent", "yes", 0);

	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_INTENT,
		    .text = v->old.facts.serial,
		    .ledger = true,
		    .facts = &intent,
		    .n_facts = 1 },
		err) == -1)
		return -1;
	ck_busy_key(v);
	return ck_token_remove(v->token, v->old.id, v->old.id_len,
	    CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, err);
}

/* The old pair goes or stays; what is on the key afterwards is in *all. */
static int
retire_old(struct ck_visit *v, struct ck_entries *all, struct ck_err *err)
{
	if (!new_is_good(v, all))
		return ck_fail(err, CK_E_WRITE_NOT_KEPT, "%s", v->key.serial);
	if (!may_go(v, ck_entry_of(all, v->old.id, v->old.id_len)))
		return 0;
	if (remove_old(v, err) == -1)
		return -1;
	ck_entries_free(all);
	ck_busy_key(v);
	return ck_token_list(v->token, all, err);
}

static int
settle_old(struct ck_visit *v, struct ck_err *err)
{
	/* a file is the customer's own: it gets another name and stays (token.h) */
	bool aside = strcmp(v->key.driver, "file") == 0;

	if (v->rules.download) {
		if (settle(v, "untouched", "nothing else on the key was touched", err) == -1)
			return -1;
		ck_visit_did(v, "others-kept", NULL);
		return 0;
	}
	if (!v->done.retire_meant) {
		if (settle(v, "kept", "old certificate and pair kept", err) == -1)
			return -1;
		ck_visit_did(v, "kept", NULL);
		return 0;
	}
	if (aside) {
		if (settle(v, "aside", "old certificate and pair put aside", err) == -1)
			return -1;
		ck_visit_did(v, "put-aside", NULL);
		return 0;
	}
	if (settle(v, "removed", "old certificate and pair removed", err) == -1)
		return -1;
	ck_visit_did(v, "retired", "{s:s}", "removed", v->old.facts.serial);
	return 0;
}

/* Once the new pair is being renamed the old one is behind us, and its id may be the new one's. */
enum ck_turn
ck_at_retire(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	enum ck_turn turn = CK_STOP;

	ck_busy_key(v);
	if (ck_token_list(v->token, &all, err) == -1)
		goto out;
	if (!v->done.naming_meant && retire_old(v, &all, err) == -1)
		goto out;
	if (ck_name_new(v, &all, err) == -1 || settle_old(v, err) == -1)
		goto out;
	turn = CK_GO;
out:
	ck_entries_free(&all);
	return turn;
}
