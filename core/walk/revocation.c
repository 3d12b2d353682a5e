#include "walk/revocation.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ca/fetch.h"
#include "walk/show.h"

/* what an exchange takes beyond its limit: TLS, our own work on a long list */
#define SLACK_S 10

struct search {
	struct ck_visit *v;
	struct ck_deaf *deaf;
	const struct ck_path *path;
	int64_t until; /* ck_mono_ms */
	json_t *tried; /* what did not answer, and why */
	struct ck_err first;
	struct ck_revocation found;
	const char *source; /* of found; NULL: nothing yet */
	char from[CK_URL_MAX];
};

/* ---- the chain ---- */

static int
path_of(const struct ck_site_system *system, const struct ck_own_cert *c, struct ck_path **path,
    struct ck_err *err)
{
	struct ck_issuers *old = NULL, *new = NULL;
	int r = -1;

	if (ck_issuers_read(system->issuers, system->sm2_id, &old, err) == 0 &&
	    ck_issuers_read(system->accepted, system->sm2_id, &new, err) == 0) {
		const struct ck_issuers *const pools[] = { old, new };

		r = ck_path_make(pools, 2, c->der, c->n, path, err);
	}
	ck_issuers_free(old);
	ck_issuers_free(new);
	return r;
}

int
ck_revocation_path(struct ck_visit *v, const char *system, const struct ck_own_cert *c,
    struct ck_path **path, struct ck_err *err)
{
	*path = NULL;
	for (size_t i = 0; i < v->site->n_systems; i++) {
		v->system = &v->site->systems[i];
		if (system != NULL && strcmp(system, v->system->id) != 0)
			continue;
		ck_path_free(*path);
		if (path_of(v->system, c, path, err) == -1)
			return -1;
		if ((*path)->n > 0)
			return 0;
	}
	v->system = NULL;
	return 0;
}

static json_t *
issuer_json(X509 *x)
{
	unsigned char *der = NULL;
	int n = i2d_X509(x, &der);
	json_t *o = ck_cert_json(n > 0 ? der : NULL, n > 0 ? (size_t)n : 0);

	OPENSSL_free(der);
	return o;
}

json_t *
ck_revocation_chain(const struct ck_path *path)
{
	const char *state = path->n == 0 ? "none" : path->whole ? "whole" : "open";
	json_t *issuers = json_array();

	for (size_t i = 0; i < path->n; i++)
		json_array_append_new(issuers, issuer_json(path->issuers[i]));
	return json_pack("{s:s, s:b, s:o}", "state", state, "weak", path->weak, "issuers", issuers);
}

/* ---- one address ---- */

static const struct ck_err *
why_deaf(const struct ck_deaf *deaf, const char *url)
{
	for (size_t i = 0; i < deaf->n; i++)
		if (strcmp(deaf->url[i], url) == 0)
			return &deaf->why[i];
	return NULL;
}

static void
remember_deaf(struct ck_deaf *deaf, const char *url, const struct ck_err *why)
{
	if ((why->code != CK_E_STATUS_UNREACHABLE && why->code != CK_E_STATUS_SILENT) ||
	    deaf->n == CK_DEAF_MAX)
		return;
	strcpy(deaf->url[deaf->n], url);
	deaf->why[deaf->n++] = *why;
}

static int
fetch(struct search *s, const char *url, const struct ck_ocsp *q, struct ck_buf *out,
    struct ck_err *err)
{
	const struct ck_err *before = why_deaf(s->deaf, url);
	struct ck_fetch f = {
		.url = url,
		.ca_file = s->v->system->http.ca_file,
		.limit_ms = (long)(s->until - ck_mono_ms()),
	};

	if (before != NULL) {
		*err = *before;
		return -1;
	}
	if (f.limit_ms <= 0)
		return ck_fail(err, CK_E_STATUS_SILENT, "%s: no time was left", url);
	if (q != NULL)
		f.question = ck_ocsp_der(q, &f.n);
	ck_talk_busy(&s->v->talk, CK_BUSY_NET, (int)(f.limit_ms / 1000) + SLACK_S);
	if (ck_fetch(&f, out, err) == 0)
		return 0;
	remember_deaf(s->deaf, url, err);
	return -1;
}

static struct ck_answer
answer(const struct search *s, const struct ck_buf *bytes)
{
	return (struct ck_answer){
		.bytes = bytes->p,
		.n = bytes->n,
		.now = ck_now(),
		.tolerance = s->v->site->clock_tolerance,
	};
}

static int
ask_responder(struct search *s, const char *url, struct ck_revocation *out, struct ck_err *err)
{
	struct ck_buf bytes = { .n = 0 };
	struct ck_ocsp *q = NULL;
	struct ck_answer a;
	int r = -1;

	if (ck_ocsp_make(s->path, &q, err) == 0 && fetch(s, url, q, &bytes, err) == 0) {
		a = answer(s, &bytes);
		r = ck_ocsp_read(q, &a, out, err);
	}
	ck_ocsp_free(q);
	ck_buf_free(&bytes);
	return r;
}

static int
ask_list(struct search *s, const char *url, struct ck_revocation *out, struct ck_err *err)
{
	struct ck_buf bytes = { .n = 0 };
	struct ck_answer a;
	int r = -1;

	if (fetch(s, url, NULL, &bytes, err) == 0) {
		a = answer(s, &bytes);
		r = ck_crl_read(s->path, &a, out, err);
	}
	ck_buf_free(&bytes);
	return r;
}

/* ---- all of them, until one knows ---- */

static bool
is_settled(const struct search *s)
{
	return s->source != NULL && s->found.status != CK_STATUS_UNKNOWN;
}

static void
ask_each(struct search *s, const char *source, const struct ck_urls *urls,
    int (*ask)(struct search *, const char *url, struct ck_revocation *, struct ck_err *))
{
	for (size_t i = 0; i < urls->n && !is_settled(s); i++) {
		struct ck_revocation said = { .status = CK_STATUS_UNKNOWN };
		struct ck_err no = { 0 };

		if (ask(s, urls->at[i], &said, &no) == -1) {
			json_array_append_new(
			    s->tried, json_pack("{s:s, s:s, s:o}", "source", source, "from",
					  urls->at[i], "error", ck_err_json(&no)));
			if (s->first.code == CK_E_NONE)
				s->first = no;
			continue;
		}
		/* a responder that does not know it is outdone by a list, not by another such */
		if (s->source != NULL && said.status == CK_STATUS_UNKNOWN)
			continue;
		s->found = said;
		s->source = source;
		strcpy(s->from, urls->at[i]);
	}
}

/* NULL when there is somebody to ask */
static const char *
ask_all(struct search *s)
{
	const struct ck_site_system *system = s->v->system;
	struct ck_urls responders, lists;

	if (system == NULL)
		return "stranger";
	if (system->desk_only)
		return "desk-only";
	ck_ocsp_urls(s->path->cert, &responders);
	ck_crl_urls(s->path->cert, &lists);
	if (system->ocsp[0] != '\0') {
		_Static_assert(sizeof system->ocsp <= CK_URL_MAX, "the site's responder fits");
		responders.n = 1;
		strcpy(responders.at[0], system->ocsp);
	}
	if (responders.n + lists.n == 0)
		return responders.others || lists.others ? "nothing-usable" : "nothing-named";
	s->until = ck_mono_ms() + (int64_t)s->v->site->status_s * 1000;
	ask_each(s, "ocsp", &responders, ask_responder);
	ask_each(s, "crl", &lists, ask_list);
	return NULL;
}

json_t *
ck_revocation_ask(
    struct ck_visit *v, struct ck_deaf *deaf, const struct ck_path *path, struct ck_err *silent)
{
	struct search s = { .v = v, .deaf = deaf, .path = path, .tried = json_array() };
	const char *why = ask_all(&s), *status = why != NULL ? "not-asked" : "unanswered";

	if (s.source != NULL)
		status = ck_cert_status_names[s.found.status];
	else
		*silent = s.first;
	return json_pack("{s:s, s:s?, s:s?, s:o, s:o, s:o, s:s?, s:s?, s:o}", "status", status,
	    "source", s.source, "from", s.source != NULL ? s.from : NULL, "at",
	    ck_time_json(s.found.at), "until", ck_time_json(s.found.until), "revoked_at",
	    ck_time_json(s.found.revoked_at), "reason", s.found.reason, "why", why, "tried",
	    s.tried);
}

/* ---- the desk ---- */

static bool
is_null(const json_t *o, const char *name)
{
	return json_is_null(json_object_get(o, name));
}

bool
ck_revocation_open(const json_t *revocation)
{
	return is_null(revocation, "source");
}

/* The first desk that knows it; one that does not only stands in until then. */
void
ck_revocation_of_desk(json_t *revocation, const char *system, const struct ck_lookup *look)
{
	const char *source = json_string_value(json_object_get(revocation, "source"));
	const char *status = json_string_value(json_object_get(revocation, "status"));

	if (source != NULL && (strcmp(source, "desk") != 0 || strcmp(status, "unknown") != 0))
		return;
	json_object_update_new(revocation,
	    json_pack("{s:s, s:s, s:s, s:o, s:o}", "status", ck_cert_status_names[look->status],
		"source", "desk", "from", system, "at", ck_time_json(look->now), "revoked_at",
		ck_time_json(look->revoked_at)));
}
