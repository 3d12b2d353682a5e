#include <stdlib.h>
#include <string.h>

#include "certkiosk/desk.h"
#include "base/clock.h"
#include "walk/diagnose.h"

/* Whoever waits for a diagnosis stands before the screen: one that takes longer than this to be
 * there, or to answer that it is, keeps customers waiting, too. */
#define CONNECT_S 2
#define ANSWER_S 1
/* name look-up, TLS, our own work */
#define SLACK_S 5

/* an id as PROTOCOL.desk, 1 allows it, of no lease: the answer is the time alone */
#define NO_LEASE "-"

static void
busy(struct ck_diagnosis *d)
{
	ck_talk_busy(&d->talk, CK_BUSY_NET, CONNECT_S + ANSWER_S + SLACK_S);
}

/* ---- nobody there ---- */

/* scheme, host and port */
static size_t
origin(const char *url)
{
	const char *host = strstr(url, "://");
	size_t scheme = host != NULL ? (size_t)(host - url) + 3 : 0;

	return scheme + strcspn(url + scheme, "/");
}

static bool
is_deaf(const struct ck_diagnosis *d, const char *url, enum ck_code code, struct ck_err *err)
{
	for (size_t i = 0; i < d->n_deaf; i++) {
		const struct ck_deaf_host *at = &d->deaf[i];

		if (origin(at->url) != origin(url) || strncmp(at->url, url, origin(url)) != 0)
			continue;
		ck_fail_native(err, code, at->why.native, "%s", at->why.detail);
		return true;
	}
	return false;
}

/* Only of one that could not even be reached does this hold for whatever else is there. */
static void
note_deaf(struct ck_diagnosis *d, const char *url, const struct ck_err *err)
{
	if (err->code != CK_E_DESK_UNREACHABLE && err->code != CK_E_CA_UNREACHABLE)
		return;
	d->deaf[d->n_deaf].url = url;
	d->deaf[d->n_deaf++].why = *err;
}

/* ---- the desk ---- */

static void
note_clock(struct ck_diagnosis *d, const struct ck_site_system *system, int64_t offset)
{
	if (d->clock_of != NULL && llabs(offset) <= llabs(d->offset))
		return;
	d->offset = offset;
	d->clock_of = system->id;
}

static int
ask_desk(const struct ck_diagnosis *d, const struct ck_site_system *system, struct ck_http *http,
    int64_t *now, struct ck_err *err)
{
	struct ck_lease *told = calloc(1, sizeof *told);
	struct ck_desk_conf conf = { 0 };
	struct ck_desk *desk = NULL;
	int r = -1;

	memcpy(conf.url, system->desk, sizeof conf.url);
	memcpy(conf.kiosk, d->site->kiosk, sizeof conf.kiosk);
	memcpy(conf.system, system->id, sizeof conf.system);
	if (told == NULL)
		ck_fail(err, CK_E_NO_MEMORY, "desk");
	else if (ck_desk_open(&conf, http, &desk, err) == 0)
		r = ck_desk_query(desk, CK_QUERY_LEASE, NO_LEASE, told, err);
	if (r != -1)
		*now = told->now;
	ck_desk_close(desk);
	free(told);
	return r == -1 ? -1 : 0;
}

static void
look_at_desk(struct ck_diagnosis *d, const struct ck_site_system *system, struct ck_http *http)
{
	struct ck_err err = { 0 };
	int64_t began = ck_mono_ms(), now = 0;

	busy(d);
	if (!is_deaf(d, system->desk, CK_E_DESK_UNREACHABLE, &err) &&
	    ask_desk(d, system, http, &now, &err) == 0) {
		note_clock(d, system, now - ck_now());
		ck_diagnosed(d, "desk", system->id, CK_OK, NULL,
		    json_pack("{s:s, s:I}", "url", system->desk, "ms",
			(json_int_t)(ck_mono_ms() - began)));
		return;
	}
	note_deaf(d, system->desk, &err);
	ck_diagnosed(d, "desk", system->id, CK_BAD, &err, json_pack("{s:s}", "url", system->desk));
}

/* ---- the CA ---- */

static int
ask_ca(const struct ck_diagnosis *d, const struct ck_site_system *system, struct ck_http *http,
    struct ck_err *err)
{
	struct ck_ca_conf conf = { .way = d->policy.enrol };
	struct ck_ca *ca = NULL;
	int r = -1;

	memcpy(conf.url, system->ca, sizeof conf.url);
	memcpy(conf.trust_file, system->ca_trust, sizeof conf.trust_file);
	memcpy(conf.accepted_file, system->accepted, sizeof conf.accepted_file);
	if (ck_ca_open(&conf, http, &ca, err) == 0)
		r = ck_ca_ping(ca, err);
	ck_ca_close(ca);
	return r;
}

static void
look_at_ca(struct ck_diagnosis *d, const struct ck_site_system *system, struct ck_http *http)
{
	struct ck_err err = { 0 };
	int64_t began = ck_mono_ms();

	busy(d);
	if (!is_deaf(d, system->ca, CK_E_CA_UNREACHABLE, &err) &&
	    ask_ca(d, system, http, &err) == 0) {
		ck_diagnosed(d, "ca", system->id, CK_OK, NULL,
		    json_pack(
			"{s:s, s:I}", "url", system->ca, "ms", (json_int_t)(ck_mono_ms() - began)));
		return;
	}
	note_deaf(d, system->ca, &err);
	ck_diagnosed(d, "ca", system->id, CK_BAD, &err, json_pack("{s:s}", "url", system->ca));
}

void
ck_diagnose_line(
    struct ck_diagnosis *d, const struct ck_site_system *system, const struct ck_err *unruled)
{
	struct ck_http_conf conf = system->http;
	struct ck_http *http = NULL;
	struct ck_err err = { 0 };

	if (conf.connect_s > CONNECT_S)
		conf.connect_s = CONNECT_S;
	if (conf.answer_s > ANSWER_S)
		conf.answer_s = ANSWER_S;
	if (ck_http_open(&conf, &http, &err) == -1) {
		ck_diagnosed(d, "desk", system->id, CK_BAD, &err, NULL);
		ck_diagnosed(d, "ca", system->id, CK_BAD, &err, NULL);
		return;
	}
	look_at_desk(d, system, http);
	/* how it is spoken to stands in the rules */
	if (unruled->code != CK_E_NONE)
		ck_diagnosed(d, "ca", system->id, CK_BAD, unruled, NULL);
	else
		look_at_ca(d, system, http);
	ck_http_close(http);
}
