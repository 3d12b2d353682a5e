/*
 * A pair whose certificate was lost: the desks are asked by proof of the private key what was
 * issued for it. What comes back is judged as a new certificate is judged in the walk, proved with
 * the key before it is written and once more after it was read back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/doctor.h"

/* of the finding the certificate found is told and asked about with */
static struct ck_finding
of_pair(const struct ck_finding *pair, enum ck_found_kind kind, const struct ck_cert_facts *c)
{
	struct ck_finding f = { .kind = kind, .id_len = pair->id_len, .cert = c != NULL };

	memcpy(f.id, pair->id, pair->id_len);
	memcpy(f.label, pair->label, sizeof f.label);
	if (c != NULL) {
		memcpy(f.sha256, c->sha256, sizeof f.sha256);
		memcpy(f.name, c->name, sizeof f.name);
		memcpy(f.serial, c->serial, sizeof f.serial);
		f.not_after = c->not_after;
	}
	return f;
}

/* ---- is it to be accepted? ---- */

/* Subject and class must be those of a certificate of this system that the key holds. A key that
 * holds none has nothing to say against it: the person, who sees the name, has. */
static int
judge_subject(struct ck_doctor *d, const struct ck_issuers *issuers,
    const struct ck_issuers *accepted, const struct ck_issued *new,
    const struct ck_cert_facts *facts, struct ck_err *err)
{
	const struct ck_policy *policy = &d->v->policy;
	struct ck_err unreadable = { 0 };
	struct ck_cert_facts *have = malloc(sizeof *have);
	bool any = false, same = false, class = false;

	if (have == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	for (size_t i = 0; i < d->all.n; i++) {
		const struct ck_entry *e = &d->all.at[i];

		if (e->cert == NULL ||
		    ck_cert_read(e->cert, e->cert_len, have, &unreadable) == -1 || have->is_ca ||
		    (!ck_issuers_signed(issuers, e->cert, e->cert_len) &&
			!ck_issuers_signed(accepted, e->cert, e->cert_len)))
			continue;
		any = true;
		if (!ck_cert_same_subject(e->cert, e->cert_len, new->cert, new->cert_len))
			continue;
		same = true;
		class = class || ck_policy_class(policy, have) == ck_policy_class(policy, facts);
	}
	free(have);
	if (any && !same)
		return ck_fail(err, CK_E_ISSUED_OTHER_SUBJECT, "%s", facts->name);
	if (any && !class)
		return ck_fail(err, CK_E_ISSUED_OTHER_CLASS, "%s",
		    ck_class_name(ck_policy_class(policy, facts)));
	return 0;
}

static int
judge(struct ck_doctor *d, const struct ck_entry *pair, const struct ck_issued *new,
    const struct ck_cert_facts *facts, struct ck_err *err)
{
	const struct ck_site_system *system = d->v->system;
	struct ck_issuers *issuers = NULL, *accepted = NULL;
	char from[CK_TIME_LEN];
	int r = -1;

	if (ck_issuers_read(system->issuers, system->sm2_id, &issuers, err) == -1 ||
	    ck_issuers_read(system->accepted, system->sm2_id, &accepted, err) == -1 ||
	    ck_policy_find(d->v->site->systems_dir, system->id, &d->v->policy, err) == -1)
		goto out;
	ck_time_text(facts->not_before, from);
	if (memcmp(facts->spki, pair->spki, CK_HASH_LEN) != 0)
		ck_fail(err, CK_E_ISSUED_OTHER_KEY, "%s", facts->serial);
	else if (!ck_issuers_signed(accepted, new->cert, new->cert_len))
		ck_fail(err, CK_E_ISSUED_OTHER_ISSUER, "%s", facts->issuer);
	else if (facts->is_ca || facts->server)
		ck_fail(err, CK_E_ISSUED_OTHER_CLASS, "%s", ck_class_name(CK_CLASS_SERVER));
	else if (facts->not_before > ck_now() + d->v->policy.issue_tolerance)
		ck_fail(err, CK_E_ISSUED_NOT_YET, "%s", from);
	else
		r = judge_subject(d, issuers, accepted, new, facts, err);
out:
	ck_issuers_free(issuers);
	ck_issuers_free(accepted);
	return r;
}

/* ---- writing it ---- */

static int
write_and_prove(struct ck_doctor *d, const struct ck_finding *f, EVP_PKEY *key,
    const struct ck_issued *new, struct ck_err *err)
{
	const char *label = f->label[0] != '\0' ? f->label : "certkiosk";

	ck_busy_key(d->v);
	if (ck_key_proves(key, new->cert, new->cert_len, err) == -1)
		return ck_visit_blame_key(d->v, err);
	d->v->talk.key_written = true;
	ck_busy_key(d->v);
	if (ck_token_put_cert(
		d->v->token, f->id, f->id_len, label, new->cert, new->cert_len, err) == -1)
		return -1;
	if (ck_key_proves(key, new->cert, new->cert_len, err) == -1)
		return ck_visit_blame_key(d->v, err);
	return 0;
}

static int
install(struct ck_doctor *d, const struct ck_finding *f, EVP_PKEY *key, const struct ck_issued *new,
    struct ck_err *err)
{
	struct ck_visit *v = d->v;
	char text[128];
	int yes = ck_doctor_agreed(d, CK_ASK_INSTALL, f, err);

	if (yes != 1)
		return yes;
	snprintf(text, sizeof text, "certificate %s, fetched again, is written", f->serial);
	if (ck_doctor_note(d, CK_INTENT, text, err) == -1 ||
	    write_and_prove(d, f, key, new, err) == -1)
		return -1;
	snprintf(text, sizeof text, "certificate %s written, read back, signs", f->serial);
	if (ck_doctor_note(d, CK_DONE, text, err) == -1)
		return -1;
	ck_talk_did(&v->talk, "doctor", 2, CK_DOCTOR_STEPS, "doctor-installed", "{s:s, s:s}",
	    "name", f->name, "serial", f->serial);
	return 0;
}

/* ---- asking ---- */

/* 1 it was the one that was lost, whatever was decided on it; 0 it is not to be accepted, which was
 * told: another desk may know better; -1 */
static int
consider(struct ck_doctor *d, const struct ck_finding *pair, EVP_PKEY *key,
    const struct ck_issued *new, struct ck_err *err)
{
	const struct ck_entry *e = ck_entry_of(&d->all, pair->id, pair->id_len);
	struct ck_cert_facts *facts = calloc(1, sizeof *facts);
	struct ck_err unfit = { 0 };
	struct ck_finding f;
	int r = 0;

	if (facts == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	if (ck_cert_read(new->cert, new->cert_len, facts, &unfit) == -1 ||
	    judge(d, e, new, facts, &unfit) == -1) {
		f = of_pair(pair, CK_FOUND_UNFIT, facts);
		ck_doctor_tell(d, &f, &unfit);
		goto out;
	}
	f = of_pair(pair, CK_FOUND_AT_DESK, facts);
	if (new->record[0] != '\0')
		f.kind = CK_FOUND_IN_VISIT;
	else if (new->status != CK_STATUS_GOOD)
		f.kind = CK_FOUND_WITHDRAWN;
	else
		f.act = CK_ACT_INSTALL;
	memcpy(f.record, new->record, sizeof f.record);
	ck_doctor_tell(d, &f, NULL);
	r = f.act == CK_ACT_INSTALL && install(d, &f, key, new, err) == -1 ? -1 : 1;
out:
	free(facts);
	return r;
}

/* Not one that has something to say about this key. */
static bool
is_silence(enum ck_code code)
{
	return code != CK_E_DESK_REFUSED && code != CK_E_DESK_GARBAGE &&
	       code != CK_E_KEY_PROOF_FAILED && code != CK_E_KEY_TROUBLE;
}

/* The pair goes on without an answer; a key that is gone does not. 1: no desk will get one. */
static int
tell_why(struct ck_doctor *d, const struct ck_finding *pair, struct ck_err *why, struct ck_err *err)
{
	struct ck_finding f = of_pair(pair, CK_FOUND_DESK_SILENT, NULL);

	ck_visit_blame_key(d->v, why);
	if (why->code == CK_E_KEY_REMOVED) {
		*err = *why;
		return -1;
	}
	ck_doctor_tell(d, &f, why);
	if (d->first.code == CK_E_NONE)
		d->first = *why;
	return why->code == CK_E_KEY_TROUBLE;
}

/* 1, 0, -1 as consider; *said: why there is nothing from this desk was told; *silent: because it
 * could not be asked. */
static int
ask_one(struct ck_doctor *d, const struct ck_finding *pair, EVP_PKEY *key, bool *said, bool *silent,
    struct ck_err *err)
{
	struct ck_issued *new = calloc(1, sizeof *new);
	struct ck_err why = { 0 };
	int r = -1;

	if (new == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "certificate");
	ck_busy_signed(d->v);
	if (ck_visit_connect(d->v, &why) == 0)
		r = ck_desk_issued(d->v->desk, key, new, &why);
	ck_visit_disconnect(d->v);
	*said = *said || r != 0;
	*silent = r == -1 && is_silence(why.code);
	if (r == 1)
		r = consider(d, pair, key, new, err);
	else if (r == -1)
		r = tell_why(d, pair, &why, err);
	free(new);
	return r;
}

static int
ask_all(struct ck_doctor *d, const struct ck_finding *pair, EVP_PKEY *key, struct ck_err *err)
{
	const struct ck_site *site = d->v->site;
	struct ck_finding none = of_pair(pair, CK_FOUND_NOTHING, NULL);
	bool said = false;
	int r = 0;

	for (size_t i = 0; i < site->n_systems && r == 0; i++) {
		d->v->system = &site->systems[i];
		if (d->system != NULL && strcmp(d->system, d->v->system->id) != 0)
			continue;
		if (d->silent[i])
			said = true;
		else
			r = ask_one(d, pair, key, &said, &d->silent[i], err);
	}
	d->v->system = NULL;
	if (r == 0 && !said)
		ck_doctor_tell(d, &none, NULL);
	return r == -1 ? -1 : 0;
}

int
ck_doctor_fetch(struct ck_doctor *d, const struct ck_finding *pair, struct ck_err *err)
{
	struct ck_err why = { 0 };
	EVP_PKEY *key = NULL;
	int r;

	if (ck_doctor_note(d, CK_NOTE, "the desk is asked about a pair without certificate", err) ==
	    -1)
		return -1;
	ck_busy_key(d->v);
	if (ck_token_key(d->v->token, pair->id, pair->id_len, &key, &why) == 0)
		r = ask_all(d, pair, key, err);
	else
		r = tell_why(d, pair, &why, err);
	EVP_PKEY_free(key);
	return r == -1 ? -1 : 0;
}
