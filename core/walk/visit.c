#include "base/clock.h"
#include "walk/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

/* what an exchange takes beyond its own limits: name look-up, TLS, our own work */
#define NET_SLACK_S 5

int
ck_visit_note(struct ck_visit *v, const struct ck_note *note, struct ck_err *err)
{
	struct ck_line line = {
		.item = note->item,
		.station = ck_station_name(v->at),
		.mark = note->mark,
		.text = note->text,
		.ledger = note->ledger,
		.facts = note->facts,
		.n_facts = note->n_facts,
	};

	if (ck_record_put(v->record, &line, err) == -1)
		return -1;
	ck_visit_read_progress(v);
	return 0;
}

struct ck_fact
ck_text_fact(const char *name, const char *text, unsigned flags)
{
	return (struct ck_fact){ .name = name, .bytes = text, .n = strlen(text), .flags = flags };
}

int
ck_steps(const struct ck_visit *v)
{
	int of = 0;

	(void)ck_step_of(CK_AT_CLOSE, &v->rules, &of);
	return of;
}

void
ck_key_name(const struct ck_token_info *k, char out[CK_KEY_NAME_MAX])
{
	_Static_assert(sizeof k->module + sizeof k->serial <= CK_KEY_NAME_MAX, "both fit");
	snprintf(out, CK_KEY_NAME_MAX, "%s|%s", k->module, k->serial);
}

void
ck_look_quietly(struct ck_visit *v, bool quietly)
{
	v->talk.mute = quietly;
	alarm(quietly ? (unsigned)ck_keyring_limit(v->ring) : 0);
}

void
ck_busy_key(struct ck_visit *v)
{
	int limit = v->key.limit > 0 ? v->key.limit : ck_keyring_limit(v->ring);

	if (v->talk.mute)
		ck_look_quietly(v, true);
	else
		ck_talk_busy(&v->talk, CK_BUSY_KEY, limit + CK_KEY_MARGIN_S);
}

static void
busy_net(struct ck_visit *v, int exchanges)
{
	const struct ck_http_conf *http = &v->system->http;

	ck_talk_busy(
	    &v->talk, CK_BUSY_NET, exchanges * (http->connect_s + http->answer_s) + NET_SLACK_S);
}

void
ck_busy_net(struct ck_visit *v)
{
	busy_net(v, 1);
}

void
ck_busy_net_twice(struct ck_visit *v)
{
	busy_net(v, 2);
}

void
ck_busy_signed(struct ck_visit *v)
{
	const struct ck_http_conf *http = &v->system->http;
	int key = v->key.limit > 0 ? v->key.limit : ck_keyring_limit(v->ring);

	ck_talk_busy(&v->talk, CK_BUSY_KEY,
	    2 * (http->connect_s + http->answer_s) + key + CK_KEY_MARGIN_S + NET_SLACK_S);
}

static bool
has(const struct ck_record *r, const char *fact)
{
	return ck_record_get(r, 0, fact, NULL) != NULL;
}

void
ck_progress_of(const struct ck_record *r, struct ck_progress *p)
{
	*p = (struct ck_progress){ 0 };
	if (r == NULL)
		return;
	*p = (struct ck_progress){
		.begun = has(r, "verdict"),
		.consented = has(r, "consented"),
		.lease_meant = has(r, "lease-intent"),
		.leased = has(r, "lease"),
		.due = ck_station_from(ck_record_text(r, 0, "due")),
		.form_due = has(r, "form-due"),
		.newkey_meant = has(r, "new-id"),
		.newkey_made = has(r, "new-spki"),
		.requested = has(r, "bound"),
		.issued = has(r, "new-cert"),
		.installed = has(r, "installed"),
		.confirmed = has(r, "confirmed"),
		.sealed = ck_record_get(r, CK_ITEM_SEAL, "state", NULL) != NULL,
		.pin_meant = has(r, "pin-intent"),
		.pin_settled = has(r, "pin"),
		.retire_meant = has(r, "retire-intent"),
		.naming_meant = has(r, "final-id"),
		.named = has(r, "named"),
		.retired = has(r, "retired"),
		.formed = has(r, "form"),
		.abandon_meant = has(r, "abandon"),
		.released = has(r, "released"),
		.swept = has(r, "swept"),
		.closed = ck_record_head(r)->closed != 0,
	};
}

void
ck_visit_read_progress(struct ck_visit *v)
{
	const char *enrol = v->record != NULL ? ck_record_text(v->record, 0, "enrol") : NULL;
	int way = enrol != NULL ? ck_enrol_from(enrol) : -1;

	ck_progress_of(v->record, &v->done);
	v->talk.key_written = v->done.newkey_meant;
	/* what was asked for one way is neither asked for nor confirmed another */
	if (way != -1)
		v->policy.enrol = (enum ck_ca_way)way;
}

static json_t *
takes_of(const struct ck_rules *r)
{
	const struct {
		enum ck_station at;
		bool there;
	} all[] = { { CK_AT_APPLICANT, r->applicant }, { CK_AT_FORM_BEFORE, r->form_before },
		{ CK_AT_PAPERS, r->papers }, { CK_AT_IDENTITY, r->identity }, { CK_AT_PAY, r->pay },
		{ CK_AT_REVIEW, r->review }, { CK_AT_SEAL, r->seal } };
	json_t *list = r->applicant || r->seal ? json_array() : NULL;

	for (size_t i = 0; list != NULL && i < sizeof all / sizeof *all; i++)
		if (all[i].there)
			json_array_append_new(list, json_string(ck_station_name(all[i].at)));
	return list;
}

void
ck_visit_take_rules(struct ck_visit *v)
{
	v->rules = ck_rules_of(&v->policy, v->way);
	v->talk.renews = true;
	v->talk.adds = v->rules.download;
	v->talk.pin_changes = v->rules.pin_changes;
	v->talk.consents = v->rules.consent;
	json_decref(v->talk.takes);
	v->talk.takes = takes_of(&v->rules);
}

struct ck_rules
ck_rules_of(const struct ck_policy *p, enum ck_way way)
{
	bool download = way == CK_WAY_DOWNLOAD;
	bool envelope = p->authorise == CK_AUTH_ENVELOPE && !download;

	return (struct ck_rules){ .envelope = envelope,
		.download = download,
		.pin_changes = envelope && p->pin_after[way] == CK_PIN_ENVELOPE,
		.form = p->form[0] != '\0' && !p->order.form_before,
		.consent = p->n_consents > 0,
		.form_before = p->form[0] != '\0' && p->order.form_before,
		.applicant = p->order.step[CK_STEP_APPLICANT],
		.papers = p->order.step[CK_STEP_PAPERS],
		.identity = p->order.step[CK_STEP_IDENTITY],
		.pay = p->order.step[CK_STEP_PAYMENT],
		.review = p->order.step[CK_STEP_REVIEW],
		.seal = p->seal };
}

int
ck_end_record(struct ck_visit *v, enum ck_station at, enum ck_record_state state, const char *text,
    struct ck_err *err)
{
	struct ck_line last = {
		.station = ck_station_name(at),
		.mark = CK_DONE,
		.text = text,
		.ledger = true,
	};

	/* names go with the record's end */
	if (ck_batch_keep(v, ck_record_state_names[state], NULL, err) == -1)
		return -1;
	ck_record_keep_private(v->record, v->policy.keep_private_days);
	if (ck_record_close(v->record, state, &last, err) == -1)
		return -1;
	ck_visit_read_progress(v);
	return 0;
}

int
ck_no_record(struct ck_store *st, const char *number, struct ck_err *err)
{
	int purged = ck_store_purged(st, number, err);

	if (purged == -1)
		return -1;
	return ck_fail(err, purged == 1 ? CK_E_RECORD_PURGED : CK_E_NO_RECORD, "%s", number);
}

size_t
ck_visit_id(const struct ck_visit *v, unsigned char id[CK_TOKEN_ID_MAX])
{
	size_t n = 0;
	const char *named = ck_record_text(v->record, 0, "named");
	const char *which = named != NULL && strcmp(named, "yes") == 0 ? "final-id" : "new-id";
	const void *bytes = ck_record_get(v->record, 0, which, &n);

	if (bytes == NULL || n > CK_TOKEN_ID_MAX)
		return 0;
	memcpy(id, bytes, n);
	return n;
}

const struct ck_entry *
ck_entry_of(const struct ck_entries *all, const unsigned char *id, size_t n)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->at[i].id_len == n && memcmp(all->at[i].id, id, n) == 0)
			return &all->at[i];
	return NULL;
}

const struct ck_entry *
ck_entry_of_spki(const struct ck_entries *all, const unsigned char *spki)
{
	size_t i;

	for (i = 0; i < all->n; i++)
		if (all->at[i].has_spki && memcmp(all->at[i].spki, spki, CK_HASH_LEN) == 0)
			return &all->at[i];
	return NULL;
}

int
ck_visit_blame_key(struct ck_visit *v, struct ck_err *err)
{
	struct ck_token_info now;
	struct ck_err gone = { 0 };

	if (err->code == CK_E_KEY_TROUBLE && ck_token_info(v->token, &now, &gone) == -1 &&
	    gone.code == CK_E_KEY_REMOVED)
		*err = gone;
	return -1;
}

int
ck_visit_prove(struct ck_visit *v, const unsigned char *id, size_t id_len,
    const unsigned char *cert, size_t n, struct ck_err *err)
{
	EVP_PKEY *handle = NULL;
	int r = -1;

	if (ck_token_key(v->token, id, id_len, &handle, err) == 0)
		r = ck_key_proves(handle, cert, n, err);
	EVP_PKEY_free(handle);
	return r == 0 ? 0 : ck_visit_blame_key(v, err);
}

int
ck_visit_judge_clock(const struct ck_visit *v, int64_t desk, struct ck_err *err)
{
	char ours[CK_TIME_LEN], theirs[CK_TIME_LEN];
	int64_t now = ck_now(), apart = now > desk ? now - desk : desk - now;

	if (apart <= v->site->clock_tolerance)
		return 0;
	ck_time_text(now, ours);
	ck_time_text(desk, theirs);
	return ck_fail(err, CK_E_CLOCK, "%s / %s", ours, theirs);
}

const char *
ck_visit_slip(const struct ck_visit *v, char out[CK_SLIP_MAX])
{
	const struct ck_record_head *h = v->record != NULL ? ck_record_head(v->record) : NULL;

	return h != NULL && h->closed == 0 && ck_slip_make(v->site->kiosk, h->number, out) ? out
											   : NULL;
}

int
ck_visit_lock(
    struct ck_visit *v, const char *what, const char *record, enum ck_code busy, struct ck_err *err)
{
	char name[CK_NUMBER_MAX + 16];
	struct ck_err no = { 0 };

	snprintf(name, sizeof name, "%.8s|%s", what, record);
	if (ck_store_lock_key(v->store, name, &no) == 0)
		return 0;
	if (no.code == CK_E_KEY_BUSY)
		return ck_fail(err, busy, "%s", record);
	return ck_fail_native(err, no.code, no.native, "%s", no.detail);
}

bool
ck_visit_takes_pair(const struct ck_visit *v)
{
	enum ck_ca_way way = v->policy.enrol;

	return !ck_ca_way_signs(way) && !(v->rules.envelope && ck_ca_way_hides_secret(way));
}

int
ck_visit_enrol(struct ck_visit *v, bool resend, struct ck_enrol *e, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = ck_visit_id(v, id);

	*e = (struct ck_enrol){
		.old_cert = v->old.der,
		.old_len = v->old.der_len,
		.reference = ck_visit_takes_pair(v) ? v->once_for : v->reference,
		.secret = ck_visit_takes_pair(v) ? v->once : v->password,
		.resend = resend,
	};
	e->csr = ck_record_get(v->record, 0, "csr", &e->csr_len);
	if (!ck_ca_way_signs(v->policy.enrol))
		return 0;
	ck_busy_key(v);
	if (ck_token_key(v->token, v->old.id, v->old.id_len, &e->old_key, err) == 0 &&
	    ck_token_key(v->token, id, n, &e->new_key, err) == 0)
		return 0;
	ck_visit_enrolled(e);
	return ck_visit_blame_key(v, err);
}

void
ck_visit_enrolled(struct ck_enrol *e)
{
	EVP_PKEY_free(e->old_key);
	EVP_PKEY_free(e->new_key);
	e->old_key = e->new_key = NULL;
}

int
ck_visit_asked_ca(const struct ck_visit *v, struct ck_err *err)
{
	struct ck_tape tape = ck_record_tape(v->record, 0);
	unsigned char *req = NULL;
	size_t n = 0;
	int sent = tape.get(tape.u, 0, "req", &req, &n, err);

	free(req);
	return sent;
}

int
ck_visit_judge_signer(const struct ck_visit *v, struct ck_err *err)
{
	char end[CK_TIME_LEN];
	int sent;

	if (!ck_ca_way_signs(v->policy.enrol) || v->done.issued ||
	    ck_now() <= v->old.facts.not_after)
		return 0;
	if ((sent = ck_visit_asked_ca(v, err)) != 0)
		return sent == 1 ? 0 : -1;
	ck_time_text(v->old.facts.not_after, end);
	return ck_fail(err, CK_E_OLD_EXPIRED, "%s", end);
}

int
ck_visit_take_system(struct ck_visit *v, const char *id, struct ck_err *err)
{
	const struct ck_record_head *h = v->record != NULL ? ck_record_head(v->record) : NULL;
	struct ck_err no = { 0 };

	v->system = ck_site_system(v->site, id);
	if (v->system == NULL)
		ck_fail(&no, CK_E_SYSTEM_UNKNOWN, "%s: not in %s", id, v->site->file);
	else if (ck_policy_find(v->site->systems_dir, id, &v->policy, &no) == 0)
		return 0;
	if (no.code == CK_E_SYSTEM_UNKNOWN && h != NULL && strcmp(id, h->system) == 0)
		return ck_fail(err, CK_E_RECORD_SYSTEM, "%s: %s", h->number, no.detail);
	return ck_fail_native(err, no.code, no.native, "%s", no.detail);
}

int
ck_visit_connect(struct ck_visit *v, struct ck_err *err)
{
	struct ck_desk_conf desk = { 0 };
	struct ck_ca_conf ca = { 0 };

	if (v->http != NULL)
		return 0;
	_Static_assert(sizeof desk.url == sizeof v->system->desk &&
			   sizeof ca.url == sizeof v->system->ca &&
			   sizeof ca.trust_file == sizeof v->system->ca_trust &&
			   sizeof ca.accepted_file == sizeof v->system->accepted &&
			   sizeof desk.kiosk == sizeof v->site->kiosk &&
			   sizeof desk.system == sizeof v->system->id,
	    "site and room agree on lengths");
	ca.way = v->policy.enrol;
	memcpy(desk.url, v->system->desk, sizeof desk.url);
	memcpy(desk.kiosk, v->site->kiosk, sizeof desk.kiosk);
	memcpy(desk.system, v->system->id, sizeof desk.system);
	memcpy(ca.url, v->system->ca, sizeof ca.url);
	memcpy(ca.trust_file, v->system->ca_trust, sizeof ca.trust_file);
	memcpy(ca.accepted_file, v->system->accepted, sizeof ca.accepted_file);
	if (ck_http_open(&v->system->http, &v->http, err) == -1 ||
	    ck_desk_open(&desk, v->http, &v->desk, err) == -1 ||
	    ck_ca_open(&ca, v->http, &v->ca, err) == -1)
		return -1;
	return 0;
}

void
ck_visit_disconnect(struct ck_visit *v)
{
	ck_ca_close(v->ca);
	ck_desk_close(v->desk);
	ck_http_close(v->http);
	v->ca = NULL;
	v->desk = NULL;
	v->http = NULL;
}

void
ck_visit_let_go(struct ck_visit *v)
{
	ck_watch_keys_end(v);
	ck_reader_watch_stop(v->readers);
	/* to let go of it is to ask its module something, too */
	if (v->ring != NULL)
		ck_busy_key(v);
	ck_token_close(v->token);
	ck_keyring_close(v->ring);
	ck_visit_disconnect(v);
	ck_secret_free(v->pin);
	ck_secret_free(v->password);
	ck_secret_free(v->once);
	v->readers = NULL;
	v->token = NULL;
	v->ring = NULL;
	v->pin = v->password = v->once = NULL;
	if (v->store != NULL)
		ck_store_unlock_keys(v->store);
}

void
ck_visit_close(struct ck_visit *v)
{
	if (v == NULL)
		return;
	ck_visit_let_go(v);
	ck_talk_free(&v->talk);
	free(v->old.der);
	json_decref(v->left);
	ck_errand_free(&v->errand);
	ck_record_free(v->record);
	ck_store_close(v->store);
	free(v);
}

int
ck_visit_settle(struct ck_visit *v, enum ck_turn (*station)(struct ck_visit *, struct ck_err *),
    struct ck_err *err)
{
	enum ck_turn turn;

	while ((turn = station(v, err)) == CK_ASK) {
		ck_answer_drop(&v->talk);
		if (ck_talk_ask(&v->talk, err) == -1)
			return -1;
	}
	ck_answer_drop(&v->talk);
	return turn == CK_GO ? 0 : -1;
}
