/*
 * What is known of a certificate, without a PIN: its days, who signed it, whether it was revoked,
 * what the desk says, and when each system of the site would renew it. A desk is asked only about
 * what its own system's issuers signed: a customer's certificate is nobody else's business.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/own.h"
#include "walk/revocation.h"
#include "walk/show.h"

struct inquiry {
	const char *system; /* NULL: all of the site */
	/* why a desk could not be asked: not tried again for the next certificate */
	struct ck_err silent[CK_SITE_SYSTEMS_MAX];
	struct ck_err first; /* of any desk */
	struct ck_deaf deaf; /* responders and lists */
};

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, NULL, err);
}

static const char *
validity(const struct ck_cert_facts *f, int64_t now)
{
	return now < f->not_before ? "not-yet" : now > f->not_after ? "expired" : "valid";
}

/* A desk that can't be heard, not one that has something to say about this certificate. */
static bool
is_silence(enum ck_code code)
{
	return code != CK_E_DESK_REFUSED && code != CK_E_DESK_GARBAGE;
}

static int
ask_desk(struct ck_visit *v, const struct ck_own_cert *c, struct ck_err *silent,
    struct ck_lookup *look, struct ck_err *err)
{
	int r = -1;

	if (silent->code != CK_E_NONE) {
		*err = *silent;
		return -1;
	}
	ck_busy_net(v);
	if (ck_visit_connect(v, err) == 0)
		r = ck_desk_lookup(v->desk, c->der, c->n, look, err);
	ck_visit_disconnect(v);
	if (r == -1 && is_silence(err->code))
		*silent = *err;
	return r;
}

static void
add_verdict(const struct ck_visit *v, const struct ck_own_cert *c, json_t *at)
{
	struct ck_verdict verdict;

	ck_policy_judge(&v->policy, &c->facts, (struct ck_moment){ .at = ck_now() }, &verdict);
	json_object_update_new(at, ck_verdict_json(&verdict));
}

static int
of_system(struct ck_visit *v, struct inquiry *q, const struct ck_own_cert *c, json_t *revocation,
    json_t *at, struct ck_err *err)
{
	struct ck_lookup *look = calloc(1, sizeof *look);
	struct ck_err no = { 0 };
	bool ours = false, accepted = false;
	int r = -1;

	if (look == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "look-up");
		goto out;
	}
	if (ck_policy_find(v->site->systems_dir, v->system->id, &v->policy, err) == -1 ||
	    ck_own_signed_by(v->system, v->system->issuers, c, &ours, err) == -1 ||
	    ck_own_signed_by(v->system, v->system->accepted, c, &accepted, err) == -1)
		goto out;
	json_object_update_new(
	    at, json_pack("{s:s, s:s, s:b, s:b, s:n, s:n}", "system", v->system->id, "title",
		    v->policy.title, "issuers", ours, "accepted", accepted, "desk", "revoked_at"));
	add_verdict(v, c, at);
	r = 0;
	if (!ours && !accepted)
		goto out;
	if (ask_desk(v, c, &q->silent[v->system - v->site->systems], look, &no) == 0) {
		json_object_set_new(at, "desk", json_string(ck_cert_status_names[look->status]));
		json_object_set_new(at, "revoked_at", ck_time_json(look->revoked_at));
		ck_revocation_of_desk(revocation, v->system->id, look);
	} else {
		json_object_set_new(at, "error", ck_err_json(&no));
		if (q->first.code == CK_E_NONE)
			q->first = no;
	}
out:
	free(look);
	return r;
}

static int
of_systems(struct ck_visit *v, struct inquiry *q, const struct ck_own_cert *c, json_t *revocation,
    json_t *systems, struct ck_err *err)
{
	size_t i;
	json_t *at;
	int r = 0;

	for (i = 0; i < v->site->n_systems && r == 0; i++) {
		v->system = &v->site->systems[i];
		if (q->system != NULL && strcmp(q->system, v->system->id) != 0)
			continue;
		at = json_object();
		r = of_system(v, q, c, revocation, at, err);
		json_array_append_new(systems, at);
	}
	return r;
}

static int
tell(struct ck_visit *v, void *u, const struct ck_own_cert *c, struct ck_err *err)
{
	static const char *const has[] = {
		[CK_HAS_NO] = "no", [CK_HAS_YES] = "yes", [CK_HAS_UNKNOWN] = "unknown"
	};
	struct inquiry *q = u;
	json_t *systems = json_array(), *revocation = NULL;
	struct ck_path *path = NULL;
	struct ck_err silent = { 0 };
	int r = -1;

	if (ck_revocation_path(v, q->system, c, &path, err) == -1)
		goto out;
	revocation = ck_revocation_ask(v, &q->deaf, path, &silent);
	if (of_systems(v, q, c, revocation, systems, err) == -1)
		goto out;
	if (ck_revocation_open(revocation) && q->first.code == CK_E_NONE)
		q->first = silent;
	ck_talk_row(&v->talk,
	    json_pack("{s:o, s:s, s:s, s:o, s:O, s:O}", "certificate", ck_cert_json(c->der, c->n),
		"private", has[c->has_private], "validity", validity(&c->facts, ck_now()), "chain",
		ck_revocation_chain(path), "revocation", revocation, "systems", systems));
	r = 0;
out:
	ck_path_free(path);
	json_decref(revocation);
	json_decref(systems);
	return r;
}

static int
tell_file(struct ck_visit *v, struct inquiry *q, const char *file, struct ck_err *err)
{
	struct ck_own_cert c = { .has_private = CK_HAS_UNKNOWN };
	unsigned char *der = NULL;
	int r = -1;

	if (ck_cert_file(file, &der, &c.n, &c.facts, err) == 0) {
		c.der = der;
		r = tell(v, q, &c, err);
	}
	free(der);
	return r;
}

static int
inquire(struct ck_visit *v, struct inquiry *q, const char *file, struct ck_err *err)
{
	if (q->system != NULL && ck_site_system(v->site, q->system) == NULL)
		return ck_fail(err, CK_E_SYSTEM_UNKNOWN, "%s", q->system);
	if (file != NULL)
		return tell_file(v, q, file, err);
	if (ck_visit_settle(v, take_key, err) == -1)
		return -1;
	return ck_own_each_cert(v, tell, q, err);
}

enum ck_outcome
ck_own_status(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	const char *file = json_string_value(json_object_get(order, "file"));
	struct inquiry q = { .system = json_string_value(json_object_get(order, "system")) };
	enum ck_outcome outcome = CK_END_REFUSED;
	struct ck_err err = { 0 };
	struct ck_visit *v = ck_own_begin(site, link, order, &err);

	if (v != NULL && inquire(v, &q, file, &err) == 0) {
		/* all was told, but for what a desk did not answer */
		err = q.first;
		outcome = err.code == CK_E_NONE ? CK_END_DONE : CK_END_FAILED;
	}
	return ck_own_end(v, link, outcome, &err);
}
