/* The judgement of the doctor: pure. What it does not understand it leaves alone. */
#include "walk/doctor.h"

#include <stdlib.h>
#include <string.h>

const char *const ck_found_words[] = {
	[CK_FOUND_UNSEEN] = "needs-pin",
	[CK_FOUND_PAIR] = "pair-without-certificate",
	[CK_FOUND_PRIVATE] = "private-key-alone",
	[CK_FOUND_PUBLIC] = "public-key-alone",
	[CK_FOUND_VISIT] = "pair-of-open-record",
	[CK_FOUND_GIVEN_UP] = "given-up",
	[CK_FOUND_APART] = "certificate-under-another-id",
	[CK_FOUND_CERT] = "certificate-without-key",
	[CK_FOUND_TWO_PAIRS] = "two-pairs-one-id",
	[CK_FOUND_TWO_CERTS] = "two-certificates-one-id",
	[CK_FOUND_TWICE] = "certificate-twice",
	[CK_FOUND_EXPIRED] = "expired-certificate",
	[CK_FOUND_STRANGE] = "not-understood",
	[CK_FOUND_FULL] = "full",
	[CK_FOUND_AT_DESK] = "issued-at-desk",
	[CK_FOUND_WITHDRAWN] = "issued-withdrawn",
	[CK_FOUND_IN_VISIT] = "issued-in-visit",
	[CK_FOUND_NOTHING] = "issued-none",
	[CK_FOUND_UNFIT] = "issued-unfit",
	[CK_FOUND_DESK_SILENT] = "desk-silent",
	[CK_FOUND_SEAL] = "seal-waits",
};

/* beside the entries, one each */
struct paper {
	bool read;
	struct ck_cert_facts facts;
};

struct exam {
	const struct ck_seen_key *seen;
	const struct ck_entries *all;
	struct paper *papers;
	bool sees;    /* whatever private keys there are show */
	bool may_act; /* the key takes a PIN here, and changes */
	struct ck_findings *out;
	struct ck_err *err;
};

bool
ck_same_finding(const struct ck_finding *a, const struct ck_finding *b)
{
	return a->kind == b->kind && a->id_len == b->id_len &&
	       memcmp(a->id, b->id, a->id_len) == 0 && a->cert == b->cert &&
	       memcmp(a->sha256, b->sha256, CK_HASH_LEN) == 0;
}

int
ck_findings_add(struct ck_findings *all, const struct ck_finding *f, struct ck_err *err)
{
	size_t cap = all->cap > 0 ? 2 * all->cap : 16;
	struct ck_finding *at = all->at;

	if (all->n == all->cap) {
		if ((at = realloc(all->at, cap * sizeof *at)) == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "findings");
		all->at = at;
		all->cap = cap;
	}
	all->at[all->n++] = *f;
	return 0;
}

bool
ck_is_left_over(const struct ck_made *m, const struct ck_entry *e)
{
	if (!m->closed_unused || m->confirmed || (m->bound && !m->released) || e->may_decipher ||
	    e->certs > 1 || e->privates > 1)
		return false;
	if (m->has_spki && e->has_spki)
		return memcmp(m->spki, e->spki, CK_HASH_LEN) == 0;
	return !m->swept && e->certs == 0;
}

/* ---- about entries ---- */

static bool
same_id(const struct ck_entry *a, const struct ck_entry *b)
{
	return a->id_len > 0 && a->id_len == b->id_len && memcmp(a->id, b->id, a->id_len) == 0;
}

static bool
same_bytes(const struct ck_entry *a, const struct ck_entry *b)
{
	return a->cert != NULL && b->cert != NULL && a->cert_len == b->cert_len &&
	       memcmp(a->cert, b->cert, a->cert_len) == 0;
}

static bool
is_expired(const struct exam *x, size_t i)
{
	return x->papers[i].read && x->papers[i].facts.not_after < x->seen->now;
}

/* As far as can be seen: a private key may hide until the PIN. */
static bool
is_good(const struct exam *x, size_t i)
{
	const struct ck_cert_facts *f = &x->papers[i].facts;

	return x->papers[i].read && f->not_before <= x->seen->now && x->seen->now <= f->not_after &&
	       x->all->at[i].has_private != CK_HAS_NO;
}

/* all certificates under its id can be read */
static bool
is_understood(const struct exam *x, const struct ck_entry *e)
{
	int read = 0;

	for (size_t i = 0; i < x->all->n; i++)
		read += same_id(e, &x->all->at[i]) && x->papers[i].read;
	return read == e->certs;
}

static int
add(struct exam *x, enum ck_found_kind kind, enum ck_act act, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];
	const struct ck_cert_facts *c = &x->papers[i].facts;
	struct ck_finding f = { .kind = kind, .id_len = e->id_len, .cert = x->papers[i].read };

	/* what is not shown could be the one thing that matters */
	f.act = x->may_act && !x->all->more ? act : CK_ACT_NONE;
	memcpy(f.id, e->id, e->id_len);
	memcpy(f.label, e->label, sizeof f.label);
	memcpy(f.record, x->seen->origins[i].record, sizeof f.record);
	if (f.cert) {
		memcpy(f.sha256, c->sha256, sizeof f.sha256);
		memcpy(f.name, c->name, sizeof f.name);
		memcpy(f.serial, c->serial, sizeof f.serial);
		f.not_after = c->not_after;
	}
	return ck_findings_add(x->out, &f, x->err);
}

/* ---- pairs ---- */

static bool
has_cert_elsewhere(const struct exam *x, const struct ck_entry *e)
{
	for (size_t i = 0; e->has_spki && i < x->all->n; i++)
		if (x->papers[i].read && memcmp(x->papers[i].facts.spki, e->spki, CK_HASH_LEN) == 0)
			return true;
	return false;
}

static int
judge_bare(struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];
	const struct ck_origin *from = &x->seen->origins[i];
	enum ck_found_kind kind = e->has_private != CK_HAS_YES ? CK_FOUND_PUBLIC
				  : e->has_public	       ? CK_FOUND_PAIR
							       : CK_FOUND_PRIVATE;
	bool whole = kind == CK_FOUND_PAIR && e->has_spki;

	if (from->is == CK_OF_VISIT)
		return add(x, CK_FOUND_VISIT, CK_ACT_NONE, i);
	if (!x->sees || (e->has_private != CK_HAS_YES && !e->has_public))
		return 0;
	if (has_cert_elsewhere(x, e))
		return add(x, CK_FOUND_APART, CK_ACT_NONE, i);
	return add(x, kind,
	    from->is == CK_LEFT_OVER ? CK_ACT_SWEEP
	    : whole		     ? CK_ACT_FETCH
				     : CK_ACT_NONE,
	    i);
}

/* Revoked it is of no use; but it goes only while there is one that is. */
static int
judge_given_up(struct exam *x, size_t i)
{
	bool other = false;

	for (size_t j = 0; j < x->all->n; j++)
		other = other || (!same_id(&x->all->at[i], &x->all->at[j]) && is_good(x, j) &&
				     x->all->at[j].has_private == CK_HAS_YES);
	return add(x, CK_FOUND_GIVEN_UP,
	    x->seen->origins[i].revoked && other ? CK_ACT_CLEAR : CK_ACT_NONE, i);
}

/* Once an id: at the first of its entries. */
static int
judge_pair(struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];

	for (size_t j = 0; j < i; j++)
		if (same_id(e, &x->all->at[j]))
			return 0;
	if (e->privates > 1)
		return add(x, CK_FOUND_TWO_PAIRS, CK_ACT_NONE, i);
	if (e->certs == 1 && x->papers[i].read && x->seen->origins[i].is == CK_LEFT_OVER)
		return judge_given_up(x, i);
	return e->certs == 0 && e->id_len > 0 ? judge_bare(x, i) : 0;
}

/* ---- certificates ---- */

/* Under its id there is nothing but this one certificate. */
static bool
stands_alone(const struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];

	return x->sees && e->id_len > 0 && e->has_private == CK_HAS_NO && !e->has_public &&
	       e->certs == 1;
}

/* The same bytes at i and, before it, at j: one of the two may go when it is of no use any more. */
static int
judge_twice(struct exam *x, size_t i, size_t j)
{
	const struct ck_entry *e = &x->all->at[i];
	bool one_id = same_id(e, &x->all->at[j]);
	size_t gone = one_id || stands_alone(x, i) ? i : stands_alone(x, j) ? j : i;
	bool may = is_expired(x, i) && x->seen->origins[gone].is != CK_OF_VISIT &&
		   (one_id ? is_understood(x, e) : stands_alone(x, gone));

	return add(x, CK_FOUND_TWICE, may ? CK_ACT_DROP : CK_ACT_NONE, gone);
}

static bool
is_outlived(const struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];

	for (size_t j = 0; is_expired(x, i) && j < x->all->n; j++)
		if (is_good(x, j) && ck_cert_same_subject(e->cert, e->cert_len, x->all->at[j].cert,
					 x->all->at[j].cert_len))
			return true;
	return false;
}

static bool
has_key_somewhere(const struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];

	if (e->has_private != CK_HAS_NO)
		return true;
	for (size_t j = 0; j < x->all->n; j++)
		if (x->all->at[j].has_private == CK_HAS_YES && x->all->at[j].has_spki &&
		    memcmp(x->all->at[j].spki, x->papers[i].facts.spki, CK_HASH_LEN) == 0)
			return true;
	return false;
}

/* Of two certificates under an id the vendor's software may take either. */
static bool
has_rival(const struct exam *x, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (same_id(&x->all->at[i], &x->all->at[j]) && x->papers[j].read &&
		    !is_outlived(x, j))
			return true;
	return false;
}

static int
judge_cert(struct exam *x, size_t i)
{
	const struct ck_entry *e = &x->all->at[i];

	if (!x->papers[i].read)
		return e->cert != NULL || e->certs > 0 ? add(x, CK_FOUND_STRANGE, CK_ACT_NONE, i)
						       : 0;
	if (x->papers[i].facts.is_ca)
		return 0;
	for (size_t j = 0; j < i; j++)
		if (same_bytes(e, &x->all->at[j]))
			return judge_twice(x, i, j);
	if (is_outlived(x, i))
		return add(x, CK_FOUND_EXPIRED, CK_ACT_NONE, i);
	if (has_rival(x, i))
		return add(x, CK_FOUND_TWO_CERTS, CK_ACT_NONE, i);
	if (x->sees && !has_key_somewhere(x, i))
		return add(x, CK_FOUND_CERT, CK_ACT_NONE, i);
	return 0;
}

/* ---- the key as a whole ---- */

static bool
hides_keys(const struct ck_seen_key *seen)
{
	bool any = false;

	for (size_t i = 0; !seen->looked && i < seen->all->n; i++) {
		if (seen->all->at[i].has_private == CK_HAS_UNKNOWN || seen->all->at[i].closed)
			return true;
		any = any || seen->all->at[i].has_private == CK_HAS_YES;
	}
	return !seen->looked && !any;
}

static bool
is_full(const struct ck_seen_key *seen)
{
	const struct ck_token_info *k = seen->key;

	return seen->all->more || seen->all->n >= CK_ENTRIES_MAX || !k->two_pairs ||
	       (k->memory_total > 0 && k->memory_free < CK_ROOM_FOR_RENEWAL);
}

static int
judge_whole(struct exam *x)
{
	struct ck_finding unseen = { .kind = CK_FOUND_UNSEEN,
		.act = x->may_act ? CK_ACT_LOOK : CK_ACT_NONE };
	struct ck_finding full = { .kind = CK_FOUND_FULL };

	if (!x->sees && ck_findings_add(x->out, &unseen, x->err) == -1)
		return -1;
	return is_full(x->seen) ? ck_findings_add(x->out, &full, x->err) : 0;
}

int
ck_doctor_find(const struct ck_seen_key *seen, struct ck_findings *out, struct ck_err *err)
{
	const struct ck_token_info *k = seen->key;
	struct exam x = {
		.seen = seen,
		.all = seen->all,
		.papers = calloc(CK_ENTRIES_MAX, sizeof *x.papers),
		.sees = !hides_keys(seen),
		.may_act = k->pin_set && !k->readonly && !k->pinpad && !k->tries.locked,
		.out = out,
		.err = err,
	};
	struct ck_err unreadable = { 0 };
	int r = -1;

	if (x.papers == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificates");
	for (size_t i = 0; i < x.all->n; i++)
		x.papers[i].read = x.all->at[i].cert != NULL &&
				   ck_cert_read(x.all->at[i].cert, x.all->at[i].cert_len,
				       &x.papers[i].facts, &unreadable) == 0;
	if (judge_whole(&x) == -1)
		goto out;
	for (size_t i = 0; i < x.all->n; i++)
		if (judge_pair(&x, i) == -1 || judge_cert(&x, i) == -1)
			goto out;
	r = 0;
out:
	free(x.papers);
	return r;
}
