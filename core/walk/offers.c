#include "walk/offers.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/records.h"
#include "walk/show.h"
#include "walk/visit.h"

struct offered { /* one of the site's systems */
	struct ck_policy policy;
	struct ck_issuers *issuers; /* NULL: those of an earlier one, from the same file */
	size_t from;		    /* which one's */
	struct ck_err why;	    /* it offers nothing */
};

struct ck_offers {
	const struct ck_site *site;
	struct ck_store *store; /* NULL: there was none yet */
	struct offered at[CK_SITE_SYSTEMS_MAX];
};

/* ---- read once ---- */

static int
read_issuers(struct ck_offers *o, size_t i, struct ck_err *err)
{
	const struct ck_site_system *systems = o->site->systems;

	for (size_t j = 0; j < i; j++)
		if (o->at[j].issuers != NULL &&
		    strcmp(systems[j].issuers, systems[i].issuers) == 0 &&
		    strcmp(systems[j].sm2_id, systems[i].sm2_id) == 0) {
			o->at[i].from = j;
			return 0;
		}
	o->at[i].from = i;
	return ck_issuers_read(systems[i].issuers, systems[i].sm2_id, &o->at[i].issuers, err);
}

int
ck_offers_open(const struct ck_site *site, struct ck_offers **out, struct ck_err *err)
{
	struct ck_offers *o = calloc(1, sizeof *o);

	*out = o;
	if (o == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "systems");
	o->site = site;
	for (size_t i = 0; i < site->n_systems; i++) {
		struct offered *at = &o->at[i];

		if (ck_policy_find(site->systems_dir, site->systems[i].id, &at->policy, &at->why) ==
			0 &&
		    ck_consents_judge(&at->policy, &at->why) == 0)
			read_issuers(o, i, &at->why);
	}
	return 0;
}

void
ck_offers_close(struct ck_offers *o)
{
	if (o == NULL)
		return;
	for (size_t i = 0; i < o->site->n_systems; i++)
		ck_issuers_free(o->at[i].issuers);
	ck_store_close(o->store);
	free(o);
}

const struct ck_err *
ck_offers_trouble(const struct ck_offers *o, size_t i)
{
	return o->at[i].why.code != CK_E_NONE ? &o->at[i].why : NULL;
}

json_t *
ck_offers_site(const struct ck_offers *o)
{
	const char *hotline = NULL;
	bool services = false;

	for (size_t i = 0; i < o->site->n_systems; i++) {
		const struct ck_policy *p = &o->at[i].policy;

		if (hotline == NULL && p->hotline[0] != '\0')
			hotline = p->hotline;
		services = services || p->services.n > 0;
	}
	return json_pack("{s:s, s:s, s:s*, s:b, s:b}", "name", o->site->name, "kiosk",
	    o->site->kiosk, "hotline", hotline, "passphrases", (int)o->site->clerk_passphrase,
	    "services", (int)services);
}

/* ---- a key's PIN ---- */

static bool
signed_for(const struct ck_offers *o, size_t i, const struct ck_entries *all)
{
	const struct ck_issuers *issuers = o->at[o->at[i].from].issuers;

	for (size_t k = 0; k < all->n; k++)
		if (all->at[k].cert != NULL &&
		    ck_issuers_signed(issuers, all->at[k].cert, all->at[k].cert_len))
			return true;
	return false;
}

int
ck_offers_pin_max(const struct ck_offers *o, const struct ck_entries *all)
{
	int most = 0;

	for (size_t i = 0; i < o->site->n_systems; i++) {
		int max = o->at[i].policy.pin_max;

		if (o->at[i].why.code == CK_E_NONE && max != 0 && (most == 0 || max < most) &&
		    signed_for(o, i, all))
			most = max;
	}
	return most;
}

/* ---- one certificate; a download is of none that is there ---- */

static json_t *
ways_json(const struct ck_policy *p)
{
	json_t *ways = json_array();

	for (int w = CK_WAY_SELF; w <= CK_WAY_ON_BEHALF; w++)
		if (p->ways[w])
			json_array_append_new(ways, json_string(ck_way_name((enum ck_way)w)));
	return ways;
}

/* the ways after which the PIN is the envelope's password */
static json_t *
pin_changes_json(const struct ck_policy *p)
{
	json_t *ways = json_array();

	for (int w = CK_WAY_SELF; w <= CK_WAY_ON_BEHALF; w++)
		if (p->ways[w] && ck_rules_of(p, (enum ck_way)w).pin_changes)
			json_array_append_new(ways, json_string(ck_way_name((enum ck_way)w)));
	return ways;
}

/* titles, dates and words, and what JSON adds */
#define OFFER_MAX 800
/* id and title, and what JSON adds */
#define DOWNLOAD_MAX 300
/* its texts, and what JSON adds: nothing in them needs an escape but a quote */
#define NOTICE_MAX (CK_NOTICES * 4 * 256 + 200)

static json_t *
offer_json(const struct ck_policy *p, const struct ck_cert_facts *f)
{
	char first[CK_DATE_LEN], last[CK_DATE_LEN], end[CK_TIME_LEN];
	struct ck_verdict v;
	json_t *offer;

	ck_policy_judge(p, f, (struct ck_moment){ .at = ck_now() }, &v);
	ck_date_text(v.first_day, first);
	ck_date_text(v.last_day, last);
	ck_moment_text(v.new_end, end);
	offer = json_pack("{s:s, s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:s}", "system",
	    p->id, "title", p->title, "hotline", p->hotline, "eligible", v.eligible, "rule", v.rule,
	    "class", ck_class_name(v.class), "first_day", first, "last_day", last, "ways",
	    ways_json(p), "authorise", p->authorise == CK_AUTH_ENVELOPE ? "envelope" : "key",
	    "pin_changes", pin_changes_json(p), "retire",
	    p->retire == CK_RETIRE_KEEP ? "keep" : "remove");
	if (v.tells_end)
		json_object_set_new(offer, "new_not_after", json_string(end));
	if (!v.eligible)
		json_object_set_new(offer, "code", json_integer(v.code));
	return offer;
}

/* once for all certificates that are the system's: "notices": {SYSTEM: …} */
static void
add_notice(const struct ck_policy *p, json_t *row)
{
	json_t *notices = json_object_get(row, "notices"), *notice = NULL;

	if (json_object_get(notices, p->id) == NULL)
		notice = ck_notice_json(p);
	if (notice == NULL)
		return;
	if (notices == NULL) {
		notices = json_object();
		json_object_set_new(row, "notices", notices);
	}
	json_object_set_new(notices, p->id, notice);
}

static void
add_cert(const struct ck_offers *o, const struct ck_entry *e, const struct ck_cert_facts *f,
    json_t *entry, json_t *row)
{
	enum { UNASKED, NO, YES } by[CK_SITE_SYSTEMS_MAX] = { UNASKED };
	json_t *systems = json_array();
	const char *id = NULL;

	for (size_t i = 0; i < o->site->n_systems; i++) {
		const struct offered *at = &o->at[i];

		if (at->why.code != CK_E_NONE)
			continue;
		if (by[at->from] == UNASKED)
			by[at->from] =
			    ck_issuers_signed(o->at[at->from].issuers, e->cert, e->cert_len) ? YES
											     : NO;
		if (by[at->from] == NO)
			continue;
		if (id == NULL)
			id = ck_policy_unique_id(&at->policy, f);
		json_array_append_new(systems, offer_json(&at->policy, f));
		add_notice(&at->policy, row);
	}
	json_object_set_new(entry, "systems", systems);
	json_object_set_new(entry, "server", json_boolean(f->server));
	if (id != NULL)
		json_object_set_new(entry, "unique_id", json_string(id));
}

/* ---- the key ---- */

static const struct ck_policy *
rules_of(const struct ck_offers *o, const char *system)
{
	for (size_t i = 0; i < o->site->n_systems; i++)
		if (strcmp(o->at[i].policy.id, system) == 0)
			return &o->at[i].policy;
	return NULL;
}

/* Where nothing was ever renewed there is no store, and looking makes none. */
static int
open_store(struct ck_offers *o, struct ck_err *err)
{
	struct ck_store_seen seen;
	struct ck_err full = { 0 };

	if (o->store != NULL)
		return 1;
	/* what is wrong with it says opening it, and a full disk keeps nobody from reading */
	if (ck_store_look(&o->site->store, &seen, &full) == 0 && !seen.made)
		return 0;
	return ck_store_open(&o->site->store, &o->store, err) == 0 ? 1 : -1;
}

static int
add_record(struct ck_offers *o, const struct ck_token_info *k, json_t *row, struct ck_err *err)
{
	const struct ck_record_head *h;
	struct ck_record *record = NULL;
	char name[CK_KEY_NAME_MAX];
	int found = open_store(o, err);

	ck_key_name(k, name);
	if (found == 1)
		found = ck_record_find(o->store, "key", name, &record, err);
	if (found == 1) {
		h = ck_record_head(record);
		json_object_set_new(
		    row, "record", ck_record_row(o->site, o->store, h, rules_of(o, h->system)));
	}
	ck_record_free(record);
	return found == -1 ? -1 : 0;
}

_Static_assert(CK_KEY_ROW_MAX + CK_OFFERS_CERTS * CK_SITE_SYSTEMS_MAX * OFFER_MAX +
		       CK_SITE_SYSTEMS_MAX * (NOTICE_MAX + DOWNLOAD_MAX) <
		   CK_LINE_MAX,
    "the fullest key with all that is offered for it is one line");

/* what can be put on it that has nothing to do with what is there: [{"system", "title"}] */
static void
add_downloads(const struct ck_offers *o, json_t *row)
{
	json_t *list = json_array();

	for (size_t i = 0; i < o->site->n_systems; i++)
		if (o->at[i].why.code == CK_E_NONE && o->at[i].policy.ways[CK_WAY_DOWNLOAD])
			json_array_append_new(
			    list, json_pack("{s:s, s:s}", "system", o->at[i].policy.id, "title",
				      o->at[i].policy.title));
	if (json_array_size(list) > 0)
		json_object_set(row, "downloads", list);
	json_decref(list);
}

int
ck_offers_add(struct ck_offers *o, const struct ck_token_info *k, const struct ck_entries *all,
    json_t *row, struct ck_err *err)
{
	json_t *entries = json_object_get(row, "entries");
	struct ck_err unreadable = { 0 };
	struct ck_cert_facts f;
	size_t i, judged = 0;

	for (i = 0; i < all->n && judged < CK_OFFERS_CERTS; i++) {
		const struct ck_entry *e = &all->at[i];

		if (e->cert == NULL || ck_cert_read(e->cert, e->cert_len, &f, &unreadable) == -1)
			continue;
		judged++;
		add_cert(o, e, &f, json_array_get(entries, i), row);
	}
	add_downloads(o, row);
	return add_record(o, k, row, err);
}
