/*
 * Nothing here waits for long, touches a PIN or changes anything. What may hang, a module of a
 * key's maker, comes last: all else is told by then.
 */
#include "walk/diagnose.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/show.h"

/* as much again as has to be free, three times: some weeks of records */
#define NEARLY_FULL 4
#define MEGABYTE (1 << 20)
/* our own work, and a disk that is busy */
#define STORE_S 10

const char *const ck_health_names[] = {
	[CK_OK] = "ok", [CK_CAREFUL] = "careful", [CK_BAD] = "bad", NULL
};

/* ---- verdicts ---- */

enum ck_health
ck_health_of_own(const struct ck_cert_facts *f, int64_t now)
{
	if (now < f->not_before || now > f->not_after)
		return CK_BAD;
	return f->not_after - now <= (int64_t)CK_OWN_DAYS * CK_DAY_S ? CK_CAREFUL : CK_OK;
}

enum ck_health
ck_health_of_room(int64_t room, int64_t reserve)
{
	if (room < reserve)
		return CK_BAD;
	return room / NEARLY_FULL < reserve ? CK_CAREFUL : CK_OK;
}

enum ck_health
ck_health_of_clock(int64_t offset, int tolerance)
{
	if (llabs(offset) > tolerance)
		return CK_BAD;
	return llabs(offset) > tolerance / 2 ? CK_CAREFUL : CK_OK;
}

void
ck_diagnosed(struct ck_diagnosis *d, const char *part, const char *system, enum ck_health state,
    const struct ck_err *err, json_t *facts)
{
	json_t *row = json_pack(
	    "{s:s, s:s*, s:s}", "part", part, "system", system, "state", ck_health_names[state]);

	if (facts != NULL)
		json_object_update_new(row, facts);
	if (err != NULL && err->code != CK_E_NONE)
		json_object_set_new(row, "error", ck_err_json(err));
	if (state == CK_BAD && d->first.code == CK_E_NONE && err != NULL)
		d->first = *err;
	d->n[state]++;
	ck_talk_row(&d->talk, row);
}

/* ---- rules ---- */

static int
read_pool(const char *file, struct ck_err *err)
{
	struct ck_issuers *pool = NULL;
	int r = ck_issuers_read(file, NULL, &pool, err);

	ck_issuers_free(pool);
	return r;
}

/* Of a system that the counter does not serve yet nobody has said whose certificates it takes. */
static int
read_pools(const struct ck_site *site, const char *id, struct ck_err *err)
{
	const struct ck_site_system *s = ck_site_system(site, id);

	if (s == NULL)
		return 0;
	return read_pool(s->issuers, err) == 0 && read_pool(s->accepted, err) == 0 ? 0 : -1;
}

void
ck_diagnose_rules(struct ck_diagnosis *d, const char *system, struct ck_err *err)
{
	bool read = ck_policy_find(d->site->systems_dir, system, &d->policy, err) == 0;
	bool good = read && ck_consents_judge(&d->policy, err) == 0 &&
		    read_pools(d->site, system, err) == 0;

	if (read && d->policy.form[0] != '\0' && d->n_forms < CK_SITE_SYSTEMS_MAX) {
		d->forms[d->n_forms].system = system;
		strcpy(d->forms[d->n_forms++].name, d->policy.form);
	}
	ck_diagnosed(d, "policy", system, good ? CK_OK : CK_BAD, err,
	    read ? json_pack("{s:s}", "title", d->policy.title) : NULL);
}

/* ---- our own certificates ---- */

/* those of the systems before it have been told */
static bool
is_told(const struct ck_site *site, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(site->systems[j].http.cert_file, site->systems[i].http.cert_file) == 0)
			return true;
	return false;
}

static json_t *
users_of(const struct ck_site *site, const char *file)
{
	json_t *systems = json_array();

	for (size_t i = 0; i < site->n_systems; i++)
		if (strcmp(site->systems[i].http.cert_file, file) == 0)
			json_array_append_new(systems, json_string(site->systems[i].id));
	return systems;
}

static void
look_at_own(struct ck_diagnosis *d, const char *file)
{
	json_t *facts = json_pack("{s:s, s:o}", "file", file, "systems", users_of(d->site, file));
	struct ck_err unreadable = { 0 }, err = { 0 };
	enum ck_health state = CK_BAD;
	struct ck_cert_facts f;
	unsigned char *der = NULL;
	char end[CK_TIME_LEN];
	int64_t now = ck_now();
	size_t n = 0;

	if (ck_cert_file(file, &der, &n, &f, &unreadable) == -1) {
		ck_fail(&err, CK_E_KIOSK_CERT, "%s", unreadable.detail);
	} else {
		state = ck_health_of_own(&f, now);
		json_object_set_new(facts, "name", json_string(f.name));
		json_object_set_new(facts, "not_before", ck_time_json(f.not_before));
		json_object_set_new(facts, "not_after", ck_time_json(f.not_after));
		/* of one that ends today 0 is left */
		json_object_set_new(
		    facts, "days_left", json_integer(ck_day_of(f.not_after) - ck_day_of(now)));
	}
	if (state == CK_BAD && err.code == CK_E_NONE) {
		ck_time_text(now < f.not_before ? f.not_before : f.not_after, end);
		ck_fail(&err, CK_E_KIOSK_CERT, "%s: %s %s", file,
		    now < f.not_before ? "valid from" : "ended", end);
	}
	ck_diagnosed(d, "own-certificate", NULL, state, &err, facts);
	free(der);
}

/* ---- this machine ---- */

static void
look_at_store(struct ck_diagnosis *d)
{
	struct ck_store_seen seen = { .made = false };
	struct ck_err err = { 0 };
	enum ck_health state = CK_BAD;

	ck_talk_busy(&d->talk, CK_BUSY_STORE, STORE_S);
	if (ck_store_look(&d->site->store, &seen, &err) == 0)
		state = ck_health_of_room(seen.room, seen.reserve);
	ck_diagnosed(d, "store", NULL, state, &err,
	    json_pack("{s:b, s:o, s:I}", "made", seen.made, "free_mb",
		seen.room >= 0 ? json_integer(seen.room / MEGABYTE) : json_null(), "reserve_mb",
		(json_int_t)(seen.reserve / MEGABYTE)));
}

static void
look_at_clock(struct ck_diagnosis *d)
{
	enum ck_health state = ck_health_of_clock(d->offset, d->site->clock_tolerance);
	json_t *facts = json_pack("{s:o, s:o}", "at", ck_time_json(ck_now()), "offset_s",
	    d->clock_of != NULL ? json_integer(d->offset) : json_null());
	struct ck_err err = { 0 };

	if (state == CK_BAD)
		ck_fail(&err, CK_E_CLOCK, "%+lld s", (long long)d->offset);
	/* nobody to compare it with */
	if (d->clock_of == NULL)
		state = CK_CAREFUL;
	ck_diagnosed(d, "clock", d->clock_of, state, &err, facts);
}

/* ---- readers and keys ---- */

/* Keys that need no reader can do without the service. */
static void
look_at_readers(struct ck_diagnosis *d, const struct ck_keyring *ring)
{
	bool needed = ring == NULL || ck_keyring_in_readers(ring);
	struct ck_reader_now rows[CK_CARDS_MAX];
	json_t *readers = json_array();
	enum ck_health state = CK_OK;
	struct ck_err err = { 0 };
	size_t n = 0;

	if (ck_readers_now(rows, &n, &err) == -1)
		state = needed ? CK_BAD : CK_OK;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].mute)
			state = CK_CAREFUL;
		json_array_append_new(
		    readers, json_pack("{s:s, s:b, s:b}", "reader", rows[i].reader, "key",
				 rows[i].key, "mute", rows[i].mute));
	}
	ck_diagnosed(d, "readers", NULL, state, needed ? &err : NULL,
	    json_pack("{s:b, s:o}", "needed", needed, "readers", readers));
}

static json_t *
keys_json(struct ck_keyring *ring, const struct ck_token_info *rows, size_t n)
{
	const struct ck_stranger *strangers;
	json_t *keys = json_array(), *unknown = json_array();
	size_t n_strangers = 0;

	for (size_t i = 0; i < n; i++)
		json_array_append_new(
		    keys, json_pack("{s:s, s:s, s:s, s:s}", "family", rows[i].family, "label",
			      rows[i].label, "serial", rows[i].serial, "reader", rows[i].reader));
	strangers = ck_keyring_strangers(ring, &n_strangers);
	for (size_t i = 0; i < n_strangers; i++) {
		json_t *row = ck_stranger_json(&strangers[i]);

		json_array_append(unknown, json_object_get(row, "unknown"));
		json_decref(row);
	}
	return json_pack("{s:o, s:o}", "keys", keys, "unknown", unknown);
}

/* A key this machine has no driver for, or that does not answer, is one key's trouble. */
static enum ck_health
health_of_keys(const struct ck_err *err, bool strangers)
{
	switch (err->code) {
	case CK_E_NONE:
		return strangers ? CK_CAREFUL : CK_OK;
	case CK_E_KEY_UNKNOWN:
	case CK_E_KEY_MUTE:
	case CK_E_MEDIUM_BROKEN:
	case CK_E_MEDIUM_CROWDED:
		return CK_CAREFUL;
	default:
		return CK_BAD;
	}
}

static void
look_at_keys(struct ck_diagnosis *d, struct ck_keyring *ring)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_patience patience;
	struct ck_err err = { 0 };
	size_t n = 0, strangers = 0;

	ck_patience_begin(&patience, &d->talk, ring);
	ck_talk_busy(&d->talk, CK_BUSY_KEY, patience.limit);
	ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &err);
	ck_keyring_strangers(ring, &strangers);
	/* that was said of the readers */
	if (err.code == CK_E_READER_SERVICE || err.code == CK_E_READER_DENIED)
		err = (struct ck_err){ 0 };
	ck_diagnosed(
	    d, "keys", NULL, health_of_keys(&err, strangers > 0), &err, keys_json(ring, rows, n));
}

static void
look_at_what_is_in(struct ck_diagnosis *d)
{
	struct ck_keyring *ring = NULL;
	struct ck_err err = { 0 };

	if (ck_keyring_open(d->site->keys_dir, &ring, &err) == 0) {
		look_at_readers(d, ring);
		look_at_keys(d, ring);
	} else {
		look_at_readers(d, NULL);
		ck_diagnosed(d, "keys", NULL, CK_BAD, &err, NULL);
	}
	ck_keyring_close(ring);
}

/* ---- all of it ---- */

static void
look_at_systems(struct ck_diagnosis *d)
{
	const struct ck_site *site = d->site;

	for (size_t i = 0; i < site->n_systems; i++) {
		struct ck_err unruled = { 0 };

		ck_diagnose_rules(d, site->systems[i].id, &unruled);
		if (!is_told(site, i))
			look_at_own(d, site->systems[i].http.cert_file);
		ck_diagnose_line(d, &site->systems[i], &unruled);
	}
}

json_t *
ck_diagnosed_facts(const struct ck_diagnosis *d)
{
	return json_pack("{s:I, s:I, s:I}", "ok", (json_int_t)d->n[CK_OK], "careful",
	    (json_int_t)d->n[CK_CAREFUL], "bad", (json_int_t)d->n[CK_BAD]);
}

enum ck_outcome
ck_diagnose(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	struct ck_talk talk = { .link = link };
	struct ck_diagnosis *d = calloc(1, sizeof *d);
	struct ck_err err = { 0 };
	json_t *facts = NULL;

	if (d == NULL) {
		ck_fail(&err, CK_E_NO_MEMORY, "diagnosis");
		return ck_end_of_list(&talk, NULL, NULL, &err);
	}
	d->site = site;
	d->talk = talk;
	look_at_store(d);
	look_at_systems(d);
	look_at_clock(d);
	if (!json_is_false(json_object_get(order, "paper")))
		ck_diagnose_paper(d);
	/* a front that watches them sees more than one look would */
	if (!json_is_false(json_object_get(order, "readers")))
		look_at_what_is_in(d);
	facts = ck_diagnosed_facts(d);
	err = d->first;
	free(d);
	return ck_end_of_list(&talk, NULL, facts, &err);
}
