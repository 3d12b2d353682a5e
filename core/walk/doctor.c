/*
 * The doctor: looks at a key, tells what it finds, and does what the person agrees to, one act at a
 * time. It keeps nothing of its own: before each act it looks again, so that one that was
 * interrupted anywhere is simply what the next run finds, or no longer finds. Every act stands in
 * the ledger before it is done and after.
 */
#include "walk/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "walk/show.h"

/* our own work, and a store that is searched for who made a pair */
#define STEP_S 60

static const struct {
	const char *word, *question;
} acts[] = {
	[CK_ACT_NONE] = { NULL, NULL },
	[CK_ACT_LOOK] = { "look", CK_ASK_LOOK },
	[CK_ACT_FETCH] = { "fetch", CK_ASK_FETCH },
	[CK_ACT_INSTALL] = { "install", CK_ASK_INSTALL },
	[CK_ACT_SWEEP] = { "sweep", CK_ASK_SWEEP },
	[CK_ACT_CLEAR] = { "clear", CK_ASK_CLEAR },
	[CK_ACT_DROP] = { "drop", CK_ASK_DROP },
	[CK_ACT_SEAL] = { "seal", CK_ASK_SEAL },
};

/* ---- telling and asking ---- */

static json_t *
finding_json(const struct ck_doctor *d, const struct ck_finding *f, const struct ck_err *why)
{
	char id[2 * CK_TOKEN_ID_MAX + 1], sha[2 * CK_HASH_LEN + 1];
	json_t *o;

	ck_hex(f->id, f->id_len, id);
	o = json_pack("{s:s, s:s, s:s, s:b, s:s?}", "kind", ck_found_words[f->kind], "id", id,
	    "label", f->label, "safe", f->act != CK_ACT_NONE, "act", acts[f->act].word);
	if (f->cert) {
		ck_hex(f->sha256, sizeof f->sha256, sha);
		json_object_update_new(
		    o, json_pack("{s:s, s:s, s:o, s:s}", "name", f->name, "serial", f->serial,
			   "not_after", ck_time_json(f->not_after), "sha256", sha));
	}
	if (f->record[0] != '\0')
		json_object_set_new(o, "record", json_string(f->record));
	if (f->kind >= CK_FOUND_AT_DESK && d->v->system != NULL)
		json_object_set_new(o, "system", json_string(d->v->system->id));
	if (why != NULL)
		json_object_set_new(o, "error", ck_err_json(why));
	return o;
}

void
ck_doctor_tell(const struct ck_doctor *d, const struct ck_finding *f, const struct ck_err *why)
{
	ck_talk_row(&d->v->talk, finding_json(d, f, why));
}

int
ck_doctor_agreed(
    struct ck_doctor *d, const char *question, const struct ck_finding *f, struct ck_err *err)
{
	struct ck_talk *t = &d->v->talk;
	bool yes;

	ck_question(t, question, NULL, "o", finding_json(d, f, NULL));
	ck_question_field(t, "yes", CK_FIELD_YES, 1, 1, NULL);
	if (ck_talk_ask(t, err) == -1)
		return -1;
	yes = ck_answer_yes(t, question, "yes");
	ck_answer_drop(t);
	return yes;
}

int
ck_doctor_note(struct ck_doctor *d, enum ck_mark mark, const char *text, struct ck_err *err)
{
	return ck_ledger_note(d->v->store, d->key, "doctor", mark, text, err);
}

/* How full it is, as far as it tells: no finding by itself. */
static void
tell_room(const struct ck_doctor *d)
{
	const struct ck_token_info *k = &d->v->key;
	bool told = k->memory_total > 0;

	ck_talk_row(&d->v->talk,
	    json_pack("{s:s, s:s, s:s, s:i, s:b, s:i, s:o, s:o, s:b, s:b, s:n}", "kind", "room",
		"id", "", "label", "", "entries", (int)d->all.n, "more", d->all.more, "entries_max",
		CK_ENTRIES_MAX, "free", told ? json_integer(k->memory_free) : json_null(), "total",
		told ? json_integer(k->memory_total) : json_null(), "two_pairs", k->two_pairs,
		"safe", 0, "act"));
}

static int
tell_new(struct ck_doctor *d, struct ck_err *err)
{
	for (size_t i = 0; i < d->now.n; i++) {
		struct ck_finding *f = &d->now.at[i];
		size_t j = 0;

		while (j < d->told.n && !ck_same_finding(f, &d->told.at[j]))
			j++;
		f->answered = j < d->told.n && d->told.at[j].answered;
		/* what may be done about it can change with what the PIN shows */
		if (j < d->told.n && d->told.at[j].act == f->act)
			continue;
		if (j < d->told.n)
			d->told.at[j].act = f->act;
		else if (ck_findings_add(&d->told, f, err) == -1)
			return -1;
		ck_doctor_tell(d, f, NULL);
	}
	return 0;
}

static void
set_answered(struct ck_doctor *d, const struct ck_finding *f)
{
	for (size_t i = 0; i < d->told.n; i++)
		if (ck_same_finding(f, &d->told.at[i]))
			d->told.at[i].answered = true;
}

/* ---- looking ---- */

static bool
is_id(const struct ck_record *r, const char *fact, const struct ck_entry *e)
{
	size_t n = 0;
	const void *id = ck_record_get(r, 0, fact, &n);

	return id != NULL && n > 0 && n == e->id_len && memcmp(id, e->id, n) == 0;
}

static struct ck_made
made_by(const struct ck_record *r)
{
	enum ck_record_state state = ck_record_head(r)->state;
	size_t n = 0;
	const void *spki = ck_record_get(r, 0, "new-spki", &n);
	struct ck_made m = {
		.closed_unused = state == CK_RECORD_ABANDONED || state == CK_RECORD_REFUSED,
		.bound = ck_record_get(r, 0, "bound", NULL) != NULL,
		.released = ck_record_get(r, 0, "released", NULL) != NULL,
		.confirmed = ck_record_get(r, 0, "confirmed", NULL) != NULL,
		.swept = ck_record_get(r, 0, "swept", NULL) != NULL,
		.has_spki = spki != NULL && n == CK_HASH_LEN,
	};

	if (m.has_spki)
		memcpy(m.spki, spki, CK_HASH_LEN);
	return m;
}

static void
be_from(struct ck_origin *o, int is, const struct ck_record *r)
{
	o->is = is;
	snprintf(o->record, sizeof o->record, "%s", ck_record_head(r)->number);
}

/* What the desk of its record says of a certificate. Silence is not yes, and is told at the end. */
static bool
is_revoked(struct ck_doctor *d, const struct ck_record *r, const struct ck_entry *e)
{
	struct ck_lookup *look = calloc(1, sizeof *look);
	struct ck_err why = { 0 };
	bool revoked = false;

	d->v->system = ck_site_system(d->v->site, ck_record_head(r)->system);
	if (look == NULL || d->v->system == NULL)
		goto out;
	ck_busy_net(d->v);
	if (ck_visit_connect(d->v, &why) == 0 &&
	    ck_desk_lookup(d->v->desk, e->cert, e->cert_len, look, &why) == 0)
		revoked = look->status == CK_STATUS_REVOKED;
	else if (d->first.code == CK_E_NONE)
		d->first = why;
	ck_visit_disconnect(d->v);
out:
	d->v->system = NULL;
	free(look);
	return revoked;
}

/* A closed record is known by the id it journalled: nobody else's objects bear those 96 random
 * bits. */
static int
trace(struct ck_doctor *d, const struct ck_entry *e, struct ck_origin *o, struct ck_err *err)
{
	struct ck_record *r = NULL;
	struct ck_made m;
	int found;

	ck_busy_key(d->v);
	found = ck_record_by_fact(d->v->store, "new-id", e->id, e->id_len, &r, err);
	if (found == 1) {
		m = made_by(r);
		if (ck_record_head(r)->closed == 0)
			be_from(o, CK_OF_VISIT, r);
		else if (ck_is_left_over(&m, e))
			be_from(o, CK_LEFT_OVER, r);
		o->revoked = o->is == CK_LEFT_OVER && e->cert != NULL && is_revoked(d, r, e);
	}
	ck_record_free(r);
	return found == -1 ? -1 : 0;
}

static int
trace_all(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_record *open = NULL;
	int r = ck_record_find(d->v->store, "key", d->key, &open, err);

	memset(d->origins, 0, CK_ENTRIES_MAX * sizeof *d->origins);
	for (size_t i = 0; r != -1 && i < d->all.n; i++) {
		const struct ck_entry *e = &d->all.at[i];

		if (open != NULL && (is_id(open, "new-id", e) || is_id(open, "old-id", e)))
			be_from(&d->origins[i], CK_OF_VISIT, open);
		/* before the PIN nothing is said of pairs with a certificate */
		else if (e->id_len > 0 &&
			 (e->certs == 0 || (e->certs == 1 && e->has_private == CK_HAS_YES)))
			r = trace(d, e, &d->origins[i], err);
	}
	ck_record_free(open);
	return r == -1 ? -1 : 0;
}

static int
look(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_visit *v = d->v;
	struct ck_seen_key seen = { .all = &d->all,
		.origins = d->origins,
		.key = &v->key,
		.looked = d->looked,
		.now = ck_now() };

	ck_entries_free(&d->all);
	d->now.n = 0;
	ck_busy_key(v);
	if (ck_token_info(v->token, &v->key, err) == -1 ||
	    ck_token_list(v->token, &d->all, err) == -1 || trace_all(d, err) == -1)
		return -1;
	return ck_doctor_find(&seen, &d->now, err) == -1 ? -1 : ck_doctor_seal_find(d, err);
}

/* ---- acts ---- */

/* Private keys show after it, and the key may be changed. */
static int
unlock(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_visit *v = d->v;
	char renewing[CK_NUMBER_MAX];

	if (d->looked)
		return 0;
	if (ck_own_pin_settled(v, d->key, renewing, err) == -1 ||
	    ck_visit_settle(v, ck_enter_pin, err) == -1)
		return -1;
	ck_talk_did(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, "unlocked", NULL);
	d->looked = true;
	return 0;
}

static int
sweep(struct ck_doctor *d, const struct ck_finding *f, struct ck_err *err)
{
	struct ck_visit *v = d->v;
	unsigned parts = CK_PART_PRIVATE | CK_PART_PUBLIC;
	char text[128];

	/* one that got a certificate goes with it */
	if (f->cert)
		parts |= CK_PART_CERT;
	snprintf(text, sizeof text, "half-made pair of %s is removed", f->record);
	if (ck_doctor_note(d, CK_INTENT, text, err) == -1)
		return -1;
	v->talk.key_written = true;
	ck_busy_key(v);
	if (ck_token_remove(v->token, f->id, f->id_len, parts, err) == -1)
		return -1;
	snprintf(text, sizeof text, "half-made pair of %s removed", f->record);
	if (ck_doctor_note(d, CK_DONE, text, err) == -1)
		return -1;
	/* not "record": by that name the front would take it for this visit's own */
	ck_talk_did(
	    &v->talk, "doctor", 2, CK_DOCTOR_STEPS, "doctor-swept", "{s:s}", "left_by", f->record);
	return 0;
}

/* The entry under f's id that is f's certificate; copies: how many there are under it. */
static const struct ck_entry *
cert_of(const struct ck_entries *all, const struct ck_finding *f, int *copies)
{
	const struct ck_entry *e = NULL;
	unsigned char hash[CK_HASH_LEN];

	*copies = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct ck_entry *at = &all->at[i];

		if (at->cert == NULL || at->id_len != f->id_len ||
		    memcmp(at->id, f->id, f->id_len) != 0 ||
		    EVP_Digest(at->cert, at->cert_len, hash, NULL, EVP_sha256(), NULL) != 1 ||
		    memcmp(hash, f->sha256, sizeof hash) != 0)
			continue;
		e = at;
		++*copies;
	}
	return e;
}

static int
drop(struct ck_doctor *d, const struct ck_finding *f, struct ck_err *err)
{
	struct ck_visit *v = d->v;
	int copies, r;
	const struct ck_entry *e = cert_of(&d->all, f, &copies);
	char text[128];

	if (e == NULL)
		return 0;
	snprintf(text, sizeof text, "double of expired certificate %s is removed", f->serial);
	if (ck_doctor_note(d, CK_INTENT, text, err) == -1)
		return -1;
	v->talk.key_written = true;
	ck_busy_key(v);
	r = copies > 1 ? ck_token_drop_double(v->token, f->id, f->id_len, e->cert, e->cert_len, err)
		       : ck_token_remove(v->token, f->id, f->id_len, CK_PART_CERT, err);
	if (r == -1)
		return -1;
	snprintf(text, sizeof text, "double of expired certificate %s removed", f->serial);
	if (ck_doctor_note(d, CK_DONE, text, err) == -1)
		return -1;
	ck_talk_did(
	    &v->talk, "doctor", 2, CK_DOCTOR_STEPS, "doctor-dropped", "{s:s}", "serial", f->serial);
	return 0;
}

static int
act(struct ck_doctor *d, const struct ck_finding *f, struct ck_err *err)
{
	switch (f->act) {
	case CK_ACT_FETCH:
		return ck_doctor_fetch(d, f, err);
	case CK_ACT_SWEEP:
	case CK_ACT_CLEAR:
		return sweep(d, f, err);
	case CK_ACT_DROP:
		return drop(d, f, err);
	case CK_ACT_SEAL:
		return ck_doctor_seal(d, err);
	default:
		return 0; /* to look was all */
	}
}

/* ---- the run ---- */

static const struct ck_finding *
next_proposal(const struct ck_doctor *d)
{
	for (size_t i = 0; i < d->now.n; i++)
		if (d->now.at[i].act != CK_ACT_NONE && !d->now.at[i].answered)
			return &d->now.at[i];
	return NULL;
}

/* The answer took its time, and the PIN shows more: is it still so, and still safe? */
static bool
still_so(const struct ck_doctor *d, const struct ck_finding *f)
{
	for (size_t i = 0; i < d->now.n; i++)
		if (ck_same_finding(f, &d->now.at[i]))
			return d->now.at[i].act == f->act;
	return false;
}

static int
propose(struct ck_doctor *d, const struct ck_finding *f, struct ck_err *err)
{
	int yes = ck_doctor_agreed(d, acts[f->act].question, f, err);

	set_answered(d, f);
	if (yes != 1)
		return yes;
	if (unlock(d, err) == -1 || look(d, err) == -1)
		return -1;
	return still_so(d, f) ? act(d, f, err) : 0;
}

static int
examine(struct ck_doctor *d, struct ck_err *err)
{
	const struct ck_finding *next;
	struct ck_finding f;
	bool first = true;

	for (;; first = false) {
		if (look(d, err) == -1)
			return -1;
		if (first)
			tell_room(d);
		if (tell_new(d, err) == -1)
			return -1;
		if ((next = next_proposal(d)) == NULL)
			return 0;
		f = *next; /* the next look makes new ones */
		if (propose(d, &f, err) == -1)
			return -1;
	}
}

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, NULL, err);
}

/* Nothing was found, and nothing was hidden. */
static bool
is_well(const struct ck_doctor *d)
{
	for (size_t i = 0; i < d->told.n; i++)
		if (d->told.at[i].kind != CK_FOUND_UNSEEN || !d->looked)
			return false;
	return true;
}

static enum ck_outcome
run(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_visit *v = d->v;

	if (d->system != NULL && ck_site_system(v->site, d->system) == NULL) {
		ck_fail(err, CK_E_SYSTEM_UNKNOWN, "%s", d->system);
		return CK_END_REFUSED;
	}
	if ((d->origins = calloc(CK_ENTRIES_MAX, sizeof *d->origins)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "origins");
		return CK_END_FAILED;
	}
	ck_talk_step(&v->talk, "key", 1, CK_DOCTOR_STEPS, STEP_S);
	if (ck_visit_settle(v, take_key, err) == -1)
		return CK_END_REFUSED;
	ck_talk_did(&v->talk, "key", 1, CK_DOCTOR_STEPS, "key-found", "{s:s, s:s, s:s}", "serial",
	    v->key.serial, "label", v->key.label, "family", v->key.family);
	ck_key_name(&v->key, d->key);
	ck_talk_step(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, STEP_S);
	if (examine(d, err) == -1)
		return v->talk.key_written ? CK_END_FAILED : CK_END_REFUSED;
	/* all was told, but for what a desk did not answer */
	if (is_well(d))
		ck_talk_did(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, "doctor-well", NULL);
	*err = d->first;
	return err->code == CK_E_NONE ? CK_END_DONE : CK_END_FAILED;
}

enum ck_outcome
ck_own_doctor(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_doctor d = { .system = json_string_value(json_object_get(order, "system")) };
	enum ck_outcome outcome = CK_END_REFUSED;
	struct ck_err err = { 0 };

	d.v = ck_own_begin(site, link, order, &err);
	if (d.v != NULL)
		outcome = run(&d, &err);
	ck_entries_free(&d.all);
	ck_doctor_seal_free(&d.seal);
	free(d.origins);
	free(d.now.at);
	free(d.told.at);
	return ck_own_end(d.v, link, outcome, &err);
}
