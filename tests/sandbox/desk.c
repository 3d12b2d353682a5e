#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "desk.h"
#include "knob.h"

#define IDEM_MIN 8
#define IDEM_MAX 64
#define BYTES_MAX 65536 /* largest bytes field taken */
#define CHALLENGE_S 300
#define CHALLENGE_BYTES 32

static const struct {
	const char *name;
	int (*act)(struct sb_call *);
} calls[] = {
	{ "certificate", sb_call_certificate },
	{ "challenge", sb_call_challenge },
	{ "key-proof", sb_call_key_proof },
	{ "envelope", sb_call_envelope },
	{ "lease", sb_call_lease },
	{ "bind", sb_call_bind },
	{ "enrol-pair", sb_call_enrol_pair },
	{ "query", sb_call_query },
	{ "ack", sb_call_ack },
	{ "release", sb_call_release },
	{ "issued", sb_call_issued },
	{ "quote", sb_call_quote },
	{ "sms-code", sb_call_sms_code },
	{ "order", sb_call_order },
	{ "pay", sb_call_pay },
	{ "identity", sb_call_identity },
	{ "paper", sb_call_paper },
	{ "seal", sb_call_seal },
	{ "seal-ack", sb_call_seal_ack },
	{ "download", sb_call_download },
	{ "download-proof", sb_call_download_proof },
	{ "service", sb_call_service },
	{ "service-query", sb_call_service_query },
};

#define ANY_DAYS 36600 /* a window that opens with the certificate */

/* the systems of this desk: who needs an envelope, the window in months or days around expiry, and
 * how many years are added; carries: to the old end, whenever that was */
static const struct {
	const char *id;
	bool envelope, months;
	int before, after, years;
	bool carries;
} systems[] = {
	{ "sheca-cisweb", true, true, 1, 1, 1, false },
	{ "sheca-issp", false, true, 3, 3, 1, false },
	{ "sd-bianban", false, false, 90, 300, 5, true },
	{ "sdca-dezhou", false, false, 30, 0, 1, true },
	{ "szca-cgn", false, false, ANY_DAYS, 90, 1, false },
	/* nobody's: sheca-cisweb but for the envelope, as a story writes it */
	{ "key-proof", false, true, 1, 1, 1, false },
	/* nor these: the old key signs, with and without an envelope */
	{ "kur", false, true, 1, 0, 1, false },
	{ "kur-envelope", true, true, 1, 0, 1, false },
	/* enrolled over EST */
	{ "est", false, true, 1, 1, 1, false },
	{ "est-envelope", true, true, 1, 1, 1, false },
	{ "est-renew", true, true, 1, 0, 1, false },
};
#define N_SYSTEMS (sizeof systems / sizeof *systems)

static const struct {
	const char *code;
	int status;
} statuses[] = {
	{ "bad-request", 400 },
	{ "unknown-kiosk", 403 },
	{ "key-reused", 422 },
	{ "busy", 503 },
};

int
sb_refuse(struct sb_call *c, const char *code, const char *text)
{
	c->status = 409;
	for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (strcmp(statuses[i].code, code) == 0)
			c->status = statuses[i].status;
	json_object_clear(c->out);
	json_object_set_new(c->out, "ok", json_false());
	json_object_set_new(c->out, "code", json_string(code));
	json_object_set_new(c->out, "text", json_string(text));
	ck_log(CK_LOG_INFO, "refuses %s: %s", c->kiosk, code);
	return -1;
}

int
sb_want_text(struct sb_call *c, const char *name, const char **out)
{
	*out = json_string_value(json_object_get(c->in, name));
	return *out != NULL && **out != '\0' ? 0 : sb_refuse(c, "bad-request", name);
}

size_t
sb_characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

int
sb_want_bytes(struct sb_call *c, const char *name, unsigned char **out, size_t *n)
{
	const char *text = NULL;

	*out = NULL;
	if (sb_want_text(c, name, &text) != 0)
		return -1;
	*out = ck_unbase64(text, BYTES_MAX, n);
	return *out != NULL ? 0 : sb_refuse(c, "bad-request", name);
}

int
sb_want_number(struct sb_call *c, const char *name, int64_t min, int64_t max, int64_t *out)
{
	const json_t *v = json_object_get(c->in, name);

	*out = json_integer_value(v);
	if (json_is_integer(v) && *out >= min && *out <= max)
		return 0;
	return sb_refuse(c, "bad-request", name);
}

int
sb_want_system(struct sb_call *c, const char **id)
{
	if (sb_want_text(c, "system", id) != 0)
		return -1;
	for (size_t i = 0; i < N_SYSTEMS; i++)
		if (strcmp(systems[i].id, *id) == 0)
			return 0;
	return sb_refuse(c, "unknown-system", "没有这个业务系统");
}

bool
sb_envelope_needed(const char *system)
{
	for (size_t i = 0; i < N_SYSTEMS; i++)
		if (strcmp(systems[i].id, system) == 0)
			return systems[i].envelope;
	return true;
}

bool
sb_in_window(const char *system, int64_t not_after, int64_t now)
{
	ck_day today = ck_day_of(now), end = ck_day_of(not_after);

	for (size_t i = 0; i < N_SYSTEMS; i++) {
		if (strcmp(systems[i].id, system) != 0)
			continue;
		if (systems[i].after == 0 && now > not_after)
			return false;
		if (systems[i].months)
			return today >= ck_day_add_months(end, -systems[i].before) &&
			       today <= ck_day_add_months(end, systems[i].after);
		return today >= end - systems[i].before && today <= end + systems[i].after;
	}
	return false;
}

/* the days that remain carry over; what expired long ago begins anew */
int64_t
sb_chosen_end(const char *system, int64_t old_end, int64_t now, int years)
{
	bool carries = false;
	int64_t end = sb_years_later(old_end, years);

	for (size_t i = 0; i < N_SYSTEMS; i++)
		if (strcmp(systems[i].id, system) == 0)
			carries = systems[i].carries;
	return carries || end > now ? end : sb_years_later(now, years);
}

int64_t
sb_new_end(const char *system, int64_t old_end, int64_t now)
{
	int years = 1;

	for (size_t i = 0; i < N_SYSTEMS; i++)
		if (strcmp(systems[i].id, system) == 0)
			years = systems[i].years;
	return sb_chosen_end(system, old_end, now, years);
}

int
sb_want_cert(struct sb_call *c, struct sb_shown *shown)
{
	const unsigned char *p = NULL;
	unsigned char *der = NULL;
	size_t n = 0;

	memset(shown, 0, sizeof *shown);
	if (sb_want_bytes(c, "certificate", &der, &n) != 0)
		return -1;
	p = der;
	shown->x = d2i_X509(NULL, &p, (long)n);
	if (shown->x != NULL && p == der + n && sb_cert_sha(shown->x, shown->hex) == 0)
		ck_unhex(shown->hex, shown->sha, sizeof shown->sha);
	free(der);
	return shown->hex[0] != '\0' ? 0 : sb_refuse(c, "bad-request", "certificate");
}

int
sb_want_proof(struct sb_call *c, char cert[SB_HEX_MAX])
{
	const char *id = NULL;

	if (sb_want_text(c, "proof", &id) != 0)
		return -1;
	if (!sb_text(c->db, cert, SB_HEX_MAX,
		"SELECT cert FROM proof WHERE id=? AND kiosk=? AND until>=?", "tti", id, c->kiosk,
		c->now))
		return sb_refuse(c, "proof-unknown", "请先证明密钥在手");
	return 0;
}

int
sb_give_challenge(struct sb_call *c, const char *cert, const char *envelope)
{
	unsigned char bytes[CHALLENGE_BYTES];
	char id[SB_ID_MAX * 2];
	char *text = NULL;
	int rc = -1;

	if (RAND_bytes(bytes, sizeof bytes) != 1)
		return -1;
	ck_hex(bytes, sizeof bytes, id);
	if (sb_exec(c->db, "INSERT INTO challenge VALUES(?,?,?,?,?,0)", "tttti", id, c->kiosk, cert,
		envelope, c->now) == 0 &&
	    (text = ck_base64(bytes, sizeof bytes)) != NULL)
		rc = json_object_set_new(c->out, "challenge", json_string(text));
	free(text);
	return rc;
}

int
sb_take_challenge(
    struct sb_call *c, const unsigned char *bytes, size_t n, const char *cert, const char *envelope)
{
	char id[SB_ID_MAX * 2] = "";

	if (n == CHALLENGE_BYTES)
		ck_hex(bytes, n, id);
	if (sb_int(c->db, 0,
		"SELECT count(*) FROM challenge WHERE id=? AND kiosk=? AND cert=? AND envelope IS ?"
		" AND used=0 AND made>=?",
		"tttti", id, c->kiosk, cert, envelope, c->now - CHALLENGE_S) != 1)
		return sb_refuse(c, "challenge-unknown", "挑战已用过或已过期");
	return sb_exec(c->db, "UPDATE challenge SET used=1 WHERE id=?", "t", id);
}

/* ---- one request ---- */

static bool
idem_good(const char *key)
{
	size_t n = strlen(key);

	return n >= IDEM_MIN && n <= IDEM_MAX &&
	       strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* A refusal asked for by the knob: "CODE:text" where CODE is of the protocol's form, else a text.
 */
static int
knob_refusal(struct sb_call *c, const char *name)
{
	char text[SB_KNOB_MAX], *colon = NULL;

	if (!sb_knob_text(c->sb, "desk.refuse", name, text, sizeof text))
		return 0;
	colon = strchr(text, ':');
	if (colon != NULL &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz-") == (size_t)(colon - text)) {
		*colon = '\0';
		return sb_refuse(c, text, colon + 1);
	}
	return sb_refuse(c, "refused", text);
}

static int
act(struct sb_call *c, const char *name)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (strcmp(calls[i].name, name) != 0)
			continue;
		if (c->in == NULL || !json_is_object(c->in))
			return sb_refuse(c, "bad-request", "one JSON object");
		if (knob_refusal(c, name) != 0)
			return -1;
		json_object_set_new(c->out, "ok", json_true());
		json_object_set_new(c->out, "now", json_integer(c->now));
		return calls[i].act(c);
	}
	return sb_refuse(c, "bad-request", "no such call");
}

/* The same key again: the same answer, byte for byte. False when it is new. */
static bool
repeat(struct sb_call *c, const char *key, const char *body_sha, struct sb_answer *a)
{
	sqlite3_stmt *st = sb_prepare(c->db,
	    "SELECT body, status, reply FROM idem WHERE kiosk=? AND key=?", "tt", c->kiosk, key);
	bool known = st != NULL && sqlite3_step(st) == SQLITE_ROW;

	if (known && strcmp(sb_col(st, 0), body_sha) == 0) {
		a->status = sqlite3_column_int(st, 1);
		a->body = (unsigned char *)strdup(sb_col(st, 2));
	} else if (known) {
		sb_refuse(c, "key-reused", "Idempotency-Key 已用于另一请求");
		a->status = c->status;
		a->body = (unsigned char *)json_dumps(c->out, JSON_COMPACT);
	}
	sqlite3_finalize(st);
	return known;
}

/* What was decided and what will be repeated are written together or not at all. */
static void
act_and_remember(
    struct sb_call *c, const char *name, const char *key, const char *sha, struct sb_answer *a)
{
	int rc = 0;

	if (sb_exec(c->db, "BEGIN IMMEDIATE", NULL) != 0)
		return;
	rc = act(c, name);
	a->status = rc == 0 ? 200 : c->status;
	a->body = (unsigned char *)json_dumps(c->out, JSON_COMPACT);
	if (a->status == 0 || a->body == NULL ||
	    (a->status == 200 &&
		sb_exec(c->db, "INSERT INTO idem VALUES(?,?,?,?,?,?)", "tttiti", c->kiosk, key, sha,
		    (int64_t)a->status, a->body, c->now) != 0)) {
		sb_exec(c->db, "ROLLBACK", NULL);
		a->status = 500;
		return;
	}
	sb_exec(c->db, "COMMIT", NULL);
}

static void
body_hash(const char *call, const struct sb_request *r, char hex[SB_HEX_MAX])
{
	unsigned char sha[EVP_MAX_MD_SIZE];
	struct ck_buf all = { 0 };
	unsigned n = 0;

	ck_buf_add(&all, call, strlen(call) + 1);
	ck_buf_add(&all, r->body, r->length);
	EVP_Digest(all.p, all.n, sha, &n, EVP_sha256(), NULL);
	ck_hex(sha, n, hex);
	ck_buf_free(&all);
}

void
sb_desk(struct sb *sb, const char *name, const char *kiosk, const struct sb_request *r,
    struct sb_answer *a)
{
	struct sb_call c = { .sb = sb, .db = sb->db, .kiosk = kiosk, .now = sb_now(sb) };
	json_t *in = json_loadb((const char *)r->body, r->length, 0, NULL);
	char sha[SB_HEX_MAX];

	a->status = 500;
	a->type = "application/json; charset=utf-8";
	c.in = in;
	c.out = json_object();
	body_hash(name, r, sha);
	pthread_mutex_lock(&sb->act);
	if (kiosk[0] == '\0')
		sb_refuse(&c, "unknown-kiosk", "本服务器不认识这台终端");
	else if (strcmp(r->method, "POST") != 0 || !idem_good(r->idem))
		sb_refuse(&c, "bad-request", "POST with an Idempotency-Key");
	if (c.status != 0) {
		a->status = c.status;
		a->body = (unsigned char *)json_dumps(c.out, JSON_COMPACT);
	} else if (!repeat(&c, r->idem, sha, a)) {
		act_and_remember(&c, name, r->idem, sha, a);
	}
	pthread_mutex_unlock(&sb->act);
	a->n = a->body != NULL ? strlen((char *)a->body) : 0;
	json_decref(in);
	json_decref(c.out);
}
