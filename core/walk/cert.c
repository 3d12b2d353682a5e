/* Station cert: which certificate is to be renewed; read without a PIN. Of a download the authority
 * tells, by two codes; on the key there is at most something it gets beside. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "walk/visit.h"

/* one certificate on the key, judged so far as the choice needs it */
struct candidate {
	const struct ck_entry *entry;
	struct ck_cert_facts facts;
	bool known_issuer, eligible;
};

static int
remember(struct ck_visit *v, const struct candidate *c, struct ck_err *err)
{
	struct ck_old *old = &v->old;

	free(old->der);
	*old = (struct ck_old){ .facts = c->facts, .has_private = c->entry->has_private };
	old->der = malloc(c->entry->cert_len);
	if (old->der == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	memcpy(old->der, c->entry->cert, c->entry->cert_len);
	old->der_len = c->entry->cert_len;
	memcpy(old->id, c->entry->id, c->entry->id_len);
	old->id_len = c->entry->id_len;
	memcpy(old->label, c->entry->label, sizeof old->label);
	return 0;
}

static size_t
read_candidates(struct ck_visit *v, const struct ck_entries *all, const struct ck_issuers *issuers,
    struct candidate *out, struct ck_err *unreadable)
{
	struct ck_moment now = { .at = ck_now() };
	struct ck_verdict verdict;
	size_t i, n = 0;

	for (i = 0; i < all->n; i++) {
		struct candidate *c = &out[n];

		if (all->at[i].cert == NULL)
			continue;
		*c = (struct candidate){ .entry = &all->at[i] };
		if (ck_cert_read(c->entry->cert, c->entry->cert_len, &c->facts, unreadable) == -1)
			continue;
		c->known_issuer = ck_issuers_signed(issuers, c->entry->cert, c->entry->cert_len);
		ck_policy_judge(&v->policy, &c->facts, now, &verdict);
		c->eligible = c->known_issuer && verdict.eligible;
		n++;
	}
	return n;
}

static enum ck_turn
ask_which(struct ck_visit *v, const struct candidate *c, size_t n)
{
	char hex[2 * CK_HASH_LEN + 1];
	size_t i;

	ck_question(&v->talk, CK_ASK_CERT, NULL, NULL);
	ck_question_field(&v->talk, "certificate", CK_FIELD_CHOICE, 1, 1, NULL);
	for (i = 0; i < n; i++) {
		if (!c[i].eligible)
			continue;
		ck_hex(c[i].facts.sha256, CK_HASH_LEN, hex);
		ck_question_choice(&v->talk, hex, c[i].facts.name);
	}
	return CK_ASK;
}

static const struct candidate *
by_hash(const struct candidate *c, size_t n, const char *hex)
{
	unsigned char hash[CK_HASH_LEN];
	size_t i;

	if (!ck_unhex(hex, hash, sizeof hash))
		return NULL;
	for (i = 0; i < n; i++)
		if (memcmp(c[i].facts.sha256, hash, sizeof hash) == 0)
			return &c[i];
	return NULL;
}

/* Nobody named one: the only eligible one; else the only one of a known issuer, so that the verdict
 * can say why not; else whatever there is, for the same reason. */
static const struct candidate *
obvious(const struct candidate *c, size_t n, size_t *eligible)
{
	const struct candidate *good = NULL, *known = NULL;
	size_t i;

	*eligible = 0;
	for (i = 0; i < n; i++) {
		if (c[i].eligible) {
			good = &c[i];
			(*eligible)++;
		}
		if (c[i].known_issuer &&
		    (known == NULL || c[i].facts.not_after > known->facts.not_after))
			known = &c[i];
	}
	return good != NULL ? good : known != NULL ? known : n > 0 ? &c[0] : NULL;
}

static enum ck_turn
choose(struct ck_visit *v, const struct candidate *c, size_t n, struct ck_err *unreadable,
    const struct candidate **which, struct ck_err *err)
{
	const char *hex = ck_answer_text(&v->talk, CK_ASK_CERT, "certificate");
	size_t eligible = 0;

	if (hex == NULL)
		hex = v->wish.cert;
	*which = hex != NULL ? by_hash(c, n, hex) : obvious(c, n, &eligible);
	if (eligible > 1)
		return ask_which(v, c, n);
	if (*which == NULL && n == 0 && unreadable->code != CK_E_NONE)
		*err = *unreadable;
	else if (*which == NULL)
		ck_fail(err, CK_E_NO_CERT, "%s", hex != NULL ? hex : v->key.serial);
	else if (!(*which)->known_issuer)
		ck_fail(err, CK_E_UNKNOWN_ISSUER, "%s", (*which)->facts.issuer);
	else if ((*which)->entry->has_private == CK_HAS_NO)
		ck_fail(err, CK_E_CERT_WITHOUT_KEY, "%s", (*which)->facts.name);
	else
		return CK_GO;
	return CK_STOP;
}

/* What is not looked at could be the certificate; and one more pair has to fit. */
static int
list_all(struct ck_visit *v, struct ck_entries *all, struct ck_err *err)
{
	if (ck_token_list(v->token, all, err) == -1)
		return -1;
	if (all->more || all->n >= CK_ENTRIES_MAX)
		return ck_fail(err, CK_E_KEY_FULL, "%s: %d+", v->key.serial, CK_ENTRIES_MAX);
	return 0;
}

static enum ck_turn
find_new(struct ck_visit *v, struct ck_err *err)
{
	struct ck_issuers *issuers = NULL;
	struct candidate *c = calloc(CK_ENTRIES_MAX, sizeof *c);
	const struct candidate *which = NULL;
	struct ck_entries all = { .n = 0 };
	struct ck_err unreadable = { 0 };
	enum ck_turn turn = CK_STOP;
	size_t n;

	if (c == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "certificates");
		goto out;
	}
	if (ck_issuers_read(v->system->issuers, v->system->sm2_id, &issuers, err) == -1 ||
	    list_all(v, &all, err) == -1)
		goto out;
	n = read_candidates(v, &all, issuers, c, &unreadable);
	turn = choose(v, c, n, &unreadable, &which, err);
	if (turn == CK_GO && remember(v, which, err) == -1)
		turn = CK_STOP;
out:
	ck_entries_free(&all);
	ck_issuers_free(issuers);
	free(c);
	return turn;
}

/* An empty key that holds one pair will do. */
static int
judge_room(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	int r = list_all(v, &all, err);

	for (size_t i = 0; r == 0 && !v->key.two_pairs && i < all.n; i++)
		if (all.at[i].has_private != CK_HAS_NO)
			r = ck_fail(err, CK_E_KEY_FULL, "%s holds one pair only", v->key.family);
	ck_entries_free(&all);
	return r;
}

static int
judge_issuer(struct ck_visit *v, struct ck_err *err)
{
	struct ck_issuers *issuers = NULL;
	int r = ck_issuers_read(v->system->issuers, v->system->sm2_id, &issuers, err);

	if (r == 0 && !ck_issuers_signed(issuers, v->old.der, v->old.der_len))
		r = ck_fail(err, CK_E_UNKNOWN_ISSUER, "%s", v->old.facts.issuer);
	ck_issuers_free(issuers);
	return r;
}

static enum ck_turn
find_download(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn = judge_room(v, err) == 0 ? ck_prove_codes(v, err) : CK_STOP;

	return turn == CK_GO && judge_issuer(v, err) == -1 ? CK_STOP : turn;
}

/* Another certificate of the key was named: its renewal waits until this one is ended. */
static int
judge_wish(const struct ck_visit *v, const struct ck_cert_facts *ours, struct ck_err *err)
{
	unsigned char hash[CK_HASH_LEN];

	if (v->wish.cert == NULL || (ck_unhex(v->wish.cert, hash, sizeof hash) &&
					memcmp(hash, ours->sha256, sizeof hash) == 0))
		return 0;
	return ck_fail(
	    err, CK_E_OTHER_CERT, "%s: %s", ck_record_head(v->record)->number, ours->serial);
}

/* Sealed under another PIN than the new one's, and by its id the very same. */
static const struct ck_entry *
closed_entry(const struct ck_entries *all, const struct ck_entry *kept)
{
	const struct ck_entry *e = ck_entry_of(all, kept->id, kept->id_len);

	return e != NULL && e->closed ? e : NULL;
}

/* The record knows the certificate; the key must be the one that has (or, from retire on, had) it,
 * unless it is of a download. */
static int
find_again(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	struct ck_entry kept = { .has_private = CK_HAS_UNKNOWN };
	struct candidate c = { .entry = &kept };
	const struct ck_entry *e;
	const void *id;
	size_t id_len = 0;
	int r = -1;

	kept.cert =
	    (unsigned char *)(uintptr_t)ck_record_get(v->record, 0, "old-cert", &kept.cert_len);
	id = ck_record_get(v->record, 0, "old-id", &id_len);
	if (kept.cert == NULL || (id == NULL && !v->rules.download) || id_len > sizeof kept.id) {
		ck_fail(err, CK_E_STORE_DAMAGED, "the record has lost its certificate");
		goto out;
	}
	if (id != NULL)
		memcpy(kept.id, id, kept.id_len = id_len);
	if (ck_cert_read(kept.cert, kept.cert_len, &c.facts, err) == -1 ||
	    ck_token_list(v->token, &all, err) == -1)
		goto out;
	if (judge_wish(v, &c.facts, err) == -1)
		goto out;
	e = id != NULL ? ck_entry_of_spki(&all, c.facts.spki) : NULL;
	if (e == NULL && id != NULL)
		e = closed_entry(&all, &kept);
	if (e == NULL && id != NULL && !v->done.retire_meant) {
		ck_fail(err, CK_E_OTHER_KEY, "%s does not hold %s", v->key.serial, c.facts.serial);
		goto out;
	}
	if (e != NULL)
		memcpy(kept.label, e->label, sizeof kept.label);
	r = remember(v, &c, err);
	v->old.gone = e == NULL || e->cert == NULL;
out:
	ck_entries_free(&all);
	return r;
}

enum ck_turn
ck_at_cert(struct ck_visit *v, struct ck_err *err)
{
	enum ck_turn turn;
	char end[CK_TIME_LEN];

	ck_busy_key(v);
	if (v->done.begun)
		turn = find_again(v, err) == 0 ? CK_GO : CK_STOP;
	else
		turn = v->rules.download ? find_download(v, err) : find_new(v, err);
	if (turn != CK_GO)
		return turn;
	/* the visit that was asked for has made it, and the one before it is gone */
	if (v->meant.confirmed && memcmp(v->old.facts.spki, v->meant.spki, CK_HASH_LEN) == 0) {
		ck_fail(err, CK_E_RECORD_CLOSED, "%s", v->meant.visit);
		return CK_STOP;
	}
	ck_time_text(v->old.facts.not_after, end);
	ck_visit_did(v, "cert-read", "{s:s, s:s, s:s}", "name", v->old.facts.name, "serial",
	    v->old.facts.serial, "not_after", end);
	v->seen.cert = true;
	return CK_GO;
}
