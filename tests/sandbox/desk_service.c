/* PROTOCOL.desk section 20: applications for the other services. Knob desk.service: the state they
 * have. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/buf.h"
#include "desk.h"
#include "knob.h"

#define FIELDS_MAX 12

static const struct {
	const char *system, *service;
	bool cert;
} services[] = {
	{ "sheca-issp", "upgrade", true },
	{ "sheca-issp", "change", true },
	{ "sheca-issp", "seal", true },
	{ "sheca-issp", "application", true },
	{ "sheca-issp", "revoke", true },
	{ "sdca-dezhou", "new", false },
	{ "sdca-dezhou", "change", true },
	{ "sdca-dezhou", "reissue", false },
	{ "sdca-dezhou", "unlock", true },
	{ "sdca-dezhou", "revoke", true },
};

static int
want_record(struct sb_call *c, const char **record)
{
	const json_t *visit = json_object_get(c->in, "visit");

	*record = json_string_value(json_object_get(visit, "record"));
	return *record != NULL ? 0 : sb_refuse(c, "bad-request", "visit");
}

/* 1 there is such a one, about a certificate; 0 about none; -1 refused */
static int
want_service(struct sb_call *c, const char *system, const char *service)
{
	for (size_t i = 0; i < sizeof services / sizeof *services; i++)
		if (strcmp(services[i].system, system) == 0 &&
		    strcmp(services[i].service, service) == 0)
			return services[i].cert;
	return sb_refuse(c, "service-unknown", "本系统没有这项业务");
}

static int
want_fields(struct sb_call *c)
{
	const json_t *list = json_object_get(c->in, "fields"), *one;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0 ||
	    json_array_size(list) > FIELDS_MAX)
		return sb_refuse(c, "bad-request", "fields");
	for (i = 0; (one = json_array_get(list, i)) != NULL; i++)
		if (!json_is_string(json_object_get(one, "name")) ||
		    !json_is_string(json_object_get(one, "value")))
			return sb_refuse(c, "bad-request", "fields");
	return 0;
}

static int
say(struct sb_call *c, const char *record)
{
	char id[SB_ID_MAX] = "", state[SB_KNOB_MAX] = "received", *text;

	sb_text(c->db, id, sizeof id, "SELECT id FROM application WHERE kiosk=? AND record=?", "tt",
	    c->kiosk, record);
	sb_knob_text(c->sb, "desk.service", NULL, state, sizeof state);
	text = strchr(state, ':');
	if (text != NULL)
		*text++ = '\0';
	json_object_set_new(c->out, "application", json_string(id));
	json_object_set_new(c->out, "state", json_string(state));
	if (text != NULL)
		json_object_set_new(c->out, "text", json_string(text));
	return 0;
}

static bool
has(struct sb_call *c, const char *record, const char *service)
{
	return sb_int(c->db, 0,
		   "SELECT count(*) FROM application WHERE kiosk=? AND record=? AND service=?",
		   "ttt", c->kiosk, record, service) != 0;
}

static int
put(struct sb_call *c, const char *system, const char *service, const char *record, const char *sha,
    const char *cert)
{
	unsigned char random[8];
	char hex[2 * sizeof random + 1], id[SB_ID_MAX];
	char *said = json_dumps(json_object_get(c->in, "fields"), JSON_COMPACT);
	int rc = -1;

	if (said != NULL && RAND_bytes(random, sizeof random) == 1) {
		ck_hex(random, sizeof random, hex);
		snprintf(id, sizeof id, "A-%s", hex);
		rc = sb_exec(c->db, "INSERT INTO application VALUES(?,?,?,?,?,?,?,?)", "tttttttt",
		    id, c->kiosk, record, system, service, cert, sha, said);
	}
	free(said);
	return rc;
}

int
sb_call_service(struct sb_call *c)
{
	const char *system = NULL, *service = NULL, *record = NULL, *sha = NULL;
	struct sb_shown shown = { .x = NULL };
	int cert, rc = -1;

	if (sb_want_system(c, &system) != 0 || sb_want_text(c, "service", &service) != 0 ||
	    want_record(c, &record) != 0 || sb_want_text(c, "form_sha256", &sha) != 0 ||
	    want_fields(c) != 0 || (cert = want_service(c, system, service)) == -1)
		return -1;
	if (cert == 1 && sb_want_cert(c, &shown) != 0)
		goto out;
	if (has(c, record, service) ||
	    put(c, system, service, record, sha, cert == 1 ? shown.hex : "") == 0)
		rc = say(c, record);
out:
	X509_free(shown.x);
	return rc;
}

int
sb_call_service_query(struct sb_call *c)
{
	const char *system = NULL, *record = NULL;
	bool found;

	if (sb_want_system(c, &system) != 0 || want_record(c, &record) != 0)
		return -1;
	found = sb_int(c->db, 0, "SELECT count(*) FROM application WHERE kiosk=? AND record=?",
		    "tt", c->kiosk, record) != 0;
	json_object_set_new(c->out, "found", json_boolean(found));
	return found ? say(c, record) : 0;
}
