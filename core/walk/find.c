/*
 * Which visit a text is about: a record's number, the text of a slip, an envelope's serial, an
 * order's number or a lease, as a person or a scanner typed it. Looked for here first; what began
 * at another counter only the desk knows, and then a visit begins here that takes it over.
 */
#include "walk/find.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slip.h"

/* what was typed, and what it may mean */
struct typed {
	char text[CK_DESK_ID_MAX], capitals[CK_DESK_ID_MAX];
	bool id;	     /* may be one of the desk's (PROTOCOL.desk, 1) */
	struct ck_slip slip; /* record empty: it is neither number nor slip */
	int bare;	     /* as ck_slip_read_bare says, of what is neither */
	struct ck_slip undashed;
};

static int
read_typed(const struct ck_visit *v, const char *text, struct typed *t, struct ck_err *err)
{
	char plain[CK_SLIP_MAX];
	size_t n;

	if (!ck_typed(text, plain, sizeof plain))
		return ck_fail(err, CK_E_NO_RECORD, "%s", text);
	if (ck_slip_read(plain, &t->slip) == -1)
		return ck_fail(err, CK_E_SLIP_WRONG, "%s", plain);
	if (t->slip.record[0] == '\0')
		t->bare = ck_slip_read_bare(plain, &t->undashed);
	/* a number alone is one of this counter's */
	if (t->slip.kiosk[0] == '\0')
		snprintf(t->slip.kiosk, sizeof t->slip.kiosk, "%s", v->site->kiosk);
	n = strlen(plain);
	t->id = n < sizeof t->text &&
		plain[strspn(plain, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789._:-")] == '\0';
	for (size_t i = 0; t->id && i <= n; i++) {
		t->text[i] = plain[i];
		t->capitals[i] = (char)toupper((unsigned char)plain[i]);
	}
	return 0;
}

static bool
is_number(const struct typed *t)
{
	return t->slip.record[0] != '\0';
}

/* ---- here ---- */

/* The desk knows of visits whose records were purged here; nobody goes on with those. */
static int
numbered_here(struct ck_visit *v, const char *number, struct ck_record **r, struct ck_err *err)
{
	int found = ck_record_find(v->store, "number", number, r, err);
	int purged = found == 0 ? ck_store_purged(v->store, number, err) : 0;

	if (purged == 1)
		return ck_fail(err, CK_E_RECORD_PURGED, "%s", number);
	return purged == -1 ? -1 : found;
}

static int
found_here(struct ck_visit *v, const struct typed *t, struct ck_record **r, struct ck_err *err)
{
	static const char *const handles[] = { "envelope", "download", "order", "lease" };
	int found = 0;

	/* numbers of other counters may be the same as ours */
	if (is_number(t))
		return strcmp(t->slip.kiosk, v->site->kiosk) == 0
			   ? numbered_here(v, t->slip.record, r, err)
			   : 0;
	for (size_t i = 0; t->id && i < sizeof handles / sizeof *handles && found == 0; i++) {
		found = ck_record_find(v->store, handles[i], t->text, r, err);
		if (found == 0)
			found = ck_record_find(v->store, handles[i], t->capitals, r, err);
	}
	return found;
}

/* Whose slip it is shows only where the name is ours but for its dashes. */
static bool
is_ours_undashed(const struct ck_visit *v, const struct typed *t)
{
	const char *a = t->undashed.kiosk, *b = v->site->kiosk;

	if (*a == '\0')
		return true;
	for (; *b != '\0'; b++)
		if (*b != '-' && *b != *a++)
			return false;
	return *a == '\0';
}

static int
found_undashed(struct ck_visit *v, const struct typed *t, struct ck_record **r, struct ck_err *err)
{
	if (t->bare != 1 || !is_ours_undashed(v, t))
		return 0;
	return numbered_here(v, t->undashed.record, r, err);
}

/* ---- at a desk ---- */

/* 1, 0, -1; by: as which it was found, of what is asked for by text */
static int
ask_desk(struct ck_visit *v, const struct typed *t, const char *text, struct ck_lease *l,
    enum ck_query *by, struct ck_err *err)
{
	static const enum ck_query kinds[] = { CK_QUERY_ENVELOPE, CK_QUERY_ORDER, CK_QUERY_LEASE };
	int found = 0;

	ck_busy_net(v);
	if (ck_visit_connect(v, err) == -1)
		return -1;
	if (is_number(t))
		return ck_desk_query_visit(v->desk, t->slip.kiosk, t->slip.record, l, err);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && found == 0; i++) {
		ck_busy_net(v);
		found = ck_desk_query(v->desk, *by = kinds[i], text, l, err);
	}
	return found;
}

/* What it takes there; a desk of an earlier day does not tell the way. */
static int
read_rules(struct ck_visit *v, const struct ck_lease *l, struct ck_err *err)
{
	int way = ck_way_from(l->way);

	if (ck_policy_find(v->site->systems_dir, v->system->id, &v->policy, err) == -1)
		return -1;
	v->way = way != -1 ? (enum ck_way)way : CK_WAY_SELF;
	ck_visit_take_rules(v);
	return 0;
}

/* Nothing is left to do there: given up, or confirmed and no PIN to be changed. */
static bool
is_over(const struct ck_visit *v, const struct ck_lease *l)
{
	bool pin = v->rules.pin_changes && !l->pin_changed;

	return l->state == CK_BOUND_RELEASED || (l->state == CK_BOUND_CONFIRMED && !pin);
}

/* Where the old pair is to go, the key alone tells whether that was brought to its end. */
static bool
may_lack_last_step(const struct ck_visit *v, const struct ck_lease *l)
{
	return l->state == CK_BOUND_CONFIRMED && v->policy.retire == CK_RETIRE_REMOVE &&
	       !v->rules.download;
}

static void
note_meant(const struct ck_lease *l, struct ck_meant *m)
{
	snprintf(m->lease, sizeof m->lease, "%s", l->id);
	snprintf(m->visit, sizeof m->visit, "%s %s", l->kiosk, l->record);
	m->bound = l->state != CK_BOUND_NOTHING && l->state != CK_BOUND_RELEASED;
	memcpy(m->spki, l->spki, sizeof m->spki);
}

/* A record of ours after all, found by what it has forgotten since it was closed? Else it is taken
 * over. */
static int
take(struct ck_visit *v, const struct ck_lease *l, struct ck_found *f, struct ck_err *err)
{
	struct ck_record *ours = NULL;
	int found = strcmp(l->kiosk, v->site->kiosk) == 0
			? ck_record_find(v->store, "number", l->record, &ours, err)
			: 0;

	ck_record_free(ours);
	if (found != 0) {
		snprintf(f->record, sizeof f->record, "%s", l->record);
		return found;
	}
	if (read_rules(v, l, err) == -1)
		return -1;
	note_meant(l, &v->meant);
	snprintf(f->system, sizeof f->system, "%s", v->system->id);
	snprintf(f->way, sizeof f->way, "%s", l->way);
	ck_visit_did(v, "found-elsewhere", "{s:s, s:s, s:s, s:s, s:s}", "kiosk", l->kiosk, "record",
	    l->record, "bound", ck_bound_names[l->state], "way", l->way, "system", f->system);
	if (!is_over(v, l))
		return 1;
	if (!may_lack_last_step(v, l))
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", v->meant.visit);
	v->meant.confirmed = true;
	ck_visit_did(v, "last-step", "{s:s}", "record", l->record);
	return 1;
}

static int
at_desk(struct ck_visit *v, const struct typed *t, const char *text, struct ck_found *f,
    struct ck_err *err)
{
	struct ck_lease *l = calloc(1, sizeof *l);
	enum ck_query by = CK_QUERY_LEASE;
	int found;

	if (l == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	if ((found = ask_desk(v, t, text, l, &by, err)) == 1)
		found = take(v, l, f, err);
	if (found == 1 && by == CK_QUERY_ENVELOPE)
		snprintf(f->envelope, sizeof f->envelope, "%s", text);
	free(l);
	return found;
}

/* Each system's desk, or the one that was named. One that can't be asked does not keep the others
 * from it, but then nobody may say that there is no such visit. */
static int
found_at_desks(struct ck_visit *v, const struct typed *t, const char *system, struct ck_found *f,
    struct ck_err *err)
{
	bool both = !is_number(t) && strcmp(t->text, t->capitals) != 0;
	struct ck_err silent = { 0 };
	int found = 0;

	for (size_t i = 0; i < v->site->n_systems && found == 0; i++) {
		struct ck_err no = { 0 };

		v->system = &v->site->systems[i];
		if (system != NULL && strcmp(system, v->system->id) != 0)
			continue;
		found = at_desk(v, t, t->text, f, &no);
		if (found == 0 && both)
			found = at_desk(v, t, t->capitals, f, &no);
		ck_visit_disconnect(v);
		if (found == -1 && no.code == CK_E_RECORD_CLOSED)
			return ck_fail(err, no.code, "%s", no.detail);
		if (found == -1) {
			ck_fail_native(
			    &silent, no.code, no.native, "%s: %s", v->system->id, no.detail);
			found = 0;
		}
	}
	v->system = NULL;
	if (found == 0 && silent.code != CK_E_NONE)
		return ck_fail_native(err, silent.code, silent.native, "%s", silent.detail);
	return found;
}

int
ck_find(struct ck_visit *v, const char *text, const char *system, struct ck_found *f,
    struct ck_err *err)
{
	struct ck_record *r = NULL;
	struct typed t = { .id = false };
	int found;

	*f = (struct ck_found){ .record = "" };
	if (read_typed(v, text, &t, err) == -1)
		return -1;
	if ((found = found_here(v, &t, &r, err)) == 0)
		found = found_undashed(v, &t, &r, err);
	if (found == 1)
		snprintf(f->record, sizeof f->record, "%s", ck_record_head(r)->number);
	ck_record_free(r);
	if (found == 0 && (t.id || is_number(&t)))
		found = found_at_desks(v, &t, system, f, err);
	if (found != 0)
		return found == 1 ? 0 : -1;
	/* another counter's, by a name nobody knows without its dashes */
	if (t.bare == -1 || (t.bare == 1 && !is_ours_undashed(v, &t)))
		return ck_fail(err, CK_E_SLIP_WRONG, "%s", text);
	return ck_fail(err, CK_E_NO_RECORD, "%s", text);
}

/* ---- and the key? ---- */

int
ck_judge_meant(struct ck_visit *v, const struct ck_lookup *look, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	bool has = false;

	if (v->meant.lease[0] == '\0')
		return 0;
	for (size_t i = 0; i < look->n_leases; i++)
		if (strcmp(look->leases[i].lease, v->meant.lease) == 0)
			return 0;
	/* a confirmed one is open no more */
	ck_busy_key(v);
	if (v->meant.bound && ck_token_list(v->token, &all, err) == -1)
		return -1;
	has = v->meant.bound && ck_entry_of_spki(&all, v->meant.spki) != NULL;
	ck_entries_free(&all);
	if (has)
		return 0;
	return ck_fail(err, CK_E_OTHER_KEY, "%s (%s) is in the reader, not the key of %s",
	    v->key.label, v->key.serial, v->meant.visit);
}

int
ck_judge_meant_record(struct ck_visit *v, struct ck_err *err)
{
	size_t n = 0;
	const unsigned char *old =
	    v->record != NULL ? ck_record_get(v->record, 0, "old-cert", &n) : NULL;
	struct ck_lookup *look = NULL;
	int r = -1;

	/* one without its certificate yet is judged where that is written down */
	if (v->meant.lease[0] == '\0' || old == NULL)
		return 0;
	if ((look = calloc(1, sizeof *look)) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "look-up");
	ck_busy_net(v);
	if (ck_visit_connect(v, err) == 0 && ck_desk_lookup(v->desk, old, n, look, err) == 0)
		r = ck_judge_meant(v, look, err);
	free(look);
	return r;
}
