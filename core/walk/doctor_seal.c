/*
 * A seal that waits at a desk for a key: a renewal could not write it, or what it wrote is not
 * there any more. Only desks whose system renews seals are asked, by the public keys of what is on
 * the key, so that any counter may do it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "walk/doctor.h"

void
ck_doctor_seal_free(struct ck_doctor_seal *s)
{
	free(s->seal.bytes);
	s->seal = (struct ck_seal){ .n = 0 };
}

/* 1 there is one for this certificate, 0 none, -1 */
static int
fetch(struct ck_doctor *d, const struct ck_entry *e, struct ck_err *err)
{
	struct ck_lease *lease = calloc(1, sizeof *lease);
	char spki[2 * CK_HASH_LEN + 1];
	int r = -1;

	if (lease == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "lease");
	ck_hex(e->spki, CK_HASH_LEN, spki);
	ck_busy_net(d->v);
	if (ck_visit_connect(d->v, err) == 0)
		r = ck_desk_query(d->v->desk, CK_QUERY_SPKI, spki, lease, err);
	if (r == 1 && lease->state != CK_BOUND_CONFIRMED)
		r = 0;
	if (r == 1)
		r = ck_seal_fetch(d->v, lease->id, &d->seal.seal, err);
	if (r == 1) {
		memcpy(d->seal.lease, lease->id, sizeof d->seal.lease);
		memcpy(d->seal.id, e->id, e->id_len);
		d->seal.id_len = e->id_len;
		d->seal.system = d->v->system;
	}
	free(lease);
	return r;
}

/* Of its certificates those this system issues. 1, 0, -1 as fetch. */
static int
fetch_any(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_issuers *accepted = NULL;
	int r = ck_issuers_read(d->v->system->accepted, d->v->system->sm2_id, &accepted, err);

	for (size_t i = 0; i < d->all.n && r == 0; i++) {
		const struct ck_entry *e = &d->all.at[i];

		if (e->cert != NULL && e->has_spki &&
		    ck_issuers_signed(accepted, e->cert, e->cert_len))
			r = fetch(d, e, err);
	}
	ck_issuers_free(accepted);
	return r;
}

static bool
renews_seals(const struct ck_doctor *d, const struct ck_site_system *s)
{
	struct ck_policy *p = calloc(1, sizeof *p);
	struct ck_err no = { 0 };
	bool yes = p != NULL && (d->system == NULL || strcmp(d->system, s->id) == 0) &&
		   ck_policy_find(d->v->site->systems_dir, s->id, p, &no) == 0 && p->seal;

	free(p);
	return yes;
}

/* Once a run. A desk that is silent is told of, and is no reason to find nothing else. */
static void
ask_desks(struct ck_doctor *d)
{
	const struct ck_site *site = d->v->site;
	struct ck_finding silent = { .kind = CK_FOUND_DESK_SILENT };
	int r = 0;

	for (size_t i = 0; i < site->n_systems && r != 1; i++) {
		struct ck_err why = { 0 };

		if (!renews_seals(d, &site->systems[i]))
			continue;
		d->v->system = &site->systems[i];
		if ((r = fetch_any(d, &why)) == -1) {
			ck_doctor_tell(d, &silent, &why);
			if (d->first.code == CK_E_NONE)
				d->first = why;
		}
		ck_visit_disconnect(d->v);
	}
	d->v->system = NULL;
}

/* To the desk the seal belongs to. */
static void
tell_desk(struct ck_doctor *d, bool written)
{
	struct ck_err no = { 0 };

	d->v->system = d->seal.system;
	if (ck_visit_connect(d->v, &no) == 0)
		ck_seal_tell(d->v, d->seal.lease, &d->seal.seal, written);
	ck_visit_disconnect(d->v);
	d->v->system = NULL;
}

int
ck_doctor_seal_find(struct ck_doctor *d, struct ck_err *err)
{
	const struct ck_token_info *k = &d->v->key;
	const struct ck_data data = { d->seal.seal.label, d->seal.seal.bytes, d->seal.seal.n };
	struct ck_finding f = { .kind = CK_FOUND_SEAL };
	struct ck_err why = { 0 };
	bool there = false;

	if (!d->seal.asked) {
		d->seal.asked = true;
		ask_desks(d);
		return ck_doctor_seal_find(d, err);
	}
	if (d->seal.seal.bytes == NULL)
		return 0;
	ck_busy_key(d->v);
	/* one that cannot be read is not there */
	if (ck_token_has_data(d->v->token, &data, &there, &why) == -1 &&
	    why.code == CK_E_KEY_REMOVED) {
		*err = why;
		return -1;
	}
	if (there) {
		/* the desk may not have heard it */
		tell_desk(d, true);
		ck_doctor_seal_free(&d->seal);
		return 0;
	}
	if (k->pin_set && !k->readonly && !k->pinpad && !k->tries.locked)
		f.act = CK_ACT_SEAL;
	memcpy(f.id, d->seal.id, f.id_len = d->seal.id_len);
	memcpy(f.label, d->seal.seal.label, sizeof f.label);
	return ck_findings_add(&d->now, &f, err);
}

int
ck_doctor_seal(struct ck_doctor *d, struct ck_err *err)
{
	struct ck_visit *v = d->v;
	struct ck_err why = { 0 };
	const char *code;

	if (ck_doctor_note(d, CK_INTENT, "the seal of a renewal is written", err) == -1)
		return -1;
	v->talk.key_written = true;
	if (ck_seal_write(v, &d->seal.seal, &why) == -1) {
		if (why.code == CK_E_KEY_REMOVED) {
			*err = why;
			return -1;
		}
		tell_desk(d, false);
		code = ck_err_fact((int)why.code)->name;
		ck_talk_did(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, "seal-not-written", "{s:s}",
		    "code", code);
		return ck_doctor_note(d, CK_DONE, "seal not written", err);
	}
	tell_desk(d, true);
	if (ck_doctor_note(d, CK_DONE, "seal written, read back", err) == -1)
		return -1;
	ck_talk_did(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, "seal-written", "{s:s}", "label",
	    d->seal.seal.label);
	return 0;
}
