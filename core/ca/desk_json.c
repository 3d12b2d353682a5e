/* The calls of desk.h up to section 11 of PROTOCOL.desk, in its order. */
#include "certkiosk/desk.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/sha.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "desk_proof.h"
#include "desk_wire.h"
#include "http.h"

#define SALT_MIN 8
/* fewer are no protection, more keep a customer waiting for seconds */
#define ITERATIONS_MIN 1000
#define ITERATIONS_MAX 1000000
#define PAIR_SECRET_MIN 12
#define PAIR_SECRET_MAX 128
#define TRIES_MAX 1000
#define WHY_MAX 201 /* 200 characters at most, and the NUL */

const char *const ck_cert_status_names[] = { "good", "revoked", "held", "unknown", NULL };
const char *const ck_bound_names[] = { "nothing", "key", "issued", "confirmed", "released", NULL };

static const char *const order_words[] = { "paid", "refund", "refunded", NULL };

int
ck_desk_open(
    const struct ck_desk_conf *conf, struct ck_http *http, struct ck_desk **out, struct ck_err *err)
{
	struct ck_desk *d = NULL;
	size_t n = 0;

	*out = NULL;
	if (ck_http_url_check(conf->url, err) != 0)
		return -1;
	d = calloc(1, sizeof *d);
	if (d == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for the desk");
	d->conf = *conf;
	d->http = http;
	n = strlen(d->conf.url);
	if (d->conf.url[n - 1] == '/')
		d->conf.url[n - 1] = '\0';
	*out = d;
	return 0;
}

void
ck_desk_close(struct ck_desk *d)
{
	free(d);
}

/* ---- 3. certificate ---- */

/* what is beyond our table is more than a counter can look through; the oldest stand first */
static size_t
rows(const json_t *list)
{
	size_t n = json_array_size(list);

	return n < CK_ORDERS_MAX ? n : CK_ORDERS_MAX;
}

static int
read_lookup(const struct ck_desk_said *a, struct ck_lookup *l)
{
	const json_t *orders = json_object_get(a->body, "orders");
	const json_t *leases = json_object_get(a->body, "leases");
	int status = 0;

	l->now = a->now;
	if (ck_field_word(a, a->body, "status", ck_cert_status_names, &status) != 1)
		return -1;
	l->status = (enum ck_cert_status)status;
	if (ck_field_time(
		a, a->body, "revoked_at", l->status == CK_STATUS_REVOKED, &l->revoked_at) < 0)
		return -1;
	if (!json_is_array(orders) || !json_is_array(leases))
		return ck_desk_said_wrong(a, json_is_array(orders) ? "leases" : "orders");
	for (; l->n_orders < rows(orders); l->n_orders++)
		if (ck_field_id(a, json_array_get(orders, l->n_orders), "order", true,
			l->orders[l->n_orders]) != 1)
			return -1;
	for (; l->n_leases < rows(leases); l->n_leases++) {
		const json_t *from = json_array_get(leases, l->n_leases);
		char *kiosk = l->leases[l->n_leases].kiosk;
		char *record = l->leases[l->n_leases].record;

		if (ck_field_id(a, from, "lease", true, l->leases[l->n_leases].lease) != 1 ||
		    ck_field_text(a, from, "kiosk", true, kiosk, sizeof l->leases[0].kiosk) != 1 ||
		    ck_field_text(a, from, "record", true, record, sizeof l->leases[0].record) !=
			1 ||
		    ck_field_time(a, from, "granted", false, &l->leases[l->n_leases].granted) < 0)
			return -1;
	}
	return 0;
}

int
ck_desk_lookup(struct ck_desk *d, const unsigned char *cert, size_t cert_len, struct ck_lookup *out,
    struct ck_err *err)
{
	struct ck_desk_said a;
	json_t *ask = json_pack(
	    "{s:s, s:o}", "system", d->conf.system, "certificate", ck_json_bytes(cert, cert_len));
	int rc = ck_desk_call(d, CK_CALL_CERTIFICATE, ask, &a, err);

	*out = (struct ck_lookup){ .status = CK_STATUS_UNKNOWN };
	if (rc == 0)
		rc = read_lookup(&a, out);
	ck_desk_said_free(&a);
	return rc;
}

/* ---- 4. challenge, key-proof ---- */

int
ck_desk_challenge(struct ck_desk *d, const char *about, const unsigned char *bytes, size_t n,
    unsigned char challenge[CK_CHALLENGE_LEN], struct ck_err *err)
{
	struct ck_desk_said a;
	size_t got = 0;
	json_t *ask =
	    json_pack("{s:s, s:o}", "system", d->conf.system, about, ck_json_bytes(bytes, n));
	int rc = ck_desk_call(d, CK_CALL_CHALLENGE, ask, &a, err);

	if (rc == 0 && ck_field_bytes(&a, a.body, "challenge", true, CK_CHALLENGE_LEN,
			   CK_CHALLENGE_LEN, challenge, &got) != 1)
		rc = -1;
	ck_desk_said_free(&a);
	return rc;
}

int
ck_desk_prove_key(struct ck_desk *d, const unsigned char *cert, size_t cert_len, EVP_PKEY *key,
    struct ck_key_proof *out, struct ck_err *err)
{
	unsigned char challenge[CK_CHALLENGE_LEN], *sig = NULL;
	size_t sig_n = 0;
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = NULL;
	int rc = -1;

	*out = (struct ck_key_proof){ .id = "" };
	SHA256(cert, cert_len, out->cert_sha256);
	if (ck_desk_challenge(d, "certificate", cert, cert_len, challenge, err) != 0 ||
	    ck_proof_key(key, d->conf.kiosk, challenge, sizeof challenge, out->cert_sha256, &sig,
		&sig_n, err) != 0)
		goto out;
	ask = json_pack("{s:s, s:o, s:o, s:o}", "system", d->conf.system, "challenge",
	    ck_json_bytes(challenge, sizeof challenge), "certificate",
	    ck_json_bytes(cert, cert_len), "signature", ck_json_bytes(sig, sig_n));
	if (ck_desk_call(d, CK_CALL_KEY_PROOF, ask, &a, err) == 0 &&
	    ck_field_id(&a, a.body, "proof", true, out->id) == 1 &&
	    ck_field_time(&a, a.body, "until", true, &out->until) == 1)
		rc = 0;
out:
	ck_desk_said_free(&a);
	free(sig);
	return rc;
}

/* ---- 5. envelope ---- */

int
ck_desk_read_password(const struct ck_desk_said *a, struct ck_envelope *e)
{
	if (ck_field_bytes(
		a, a->body, "salt", true, SALT_MIN, sizeof e->salt, e->salt, &e->salt_len) != 1 ||
	    ck_field_int(a, a->body, "iterations", true, ITERATIONS_MIN, ITERATIONS_MAX,
		&e->iterations) != 1 ||
	    ck_field_bytes(a, a->body, "challenge", true, CK_CHALLENGE_LEN, CK_CHALLENGE_LEN,
		e->challenge, &e->challenge_len) != 1)
		return -1;
	return 0;
}

int
ck_desk_envelope(struct ck_desk *d, const struct ck_key_proof *proof, const char *serial,
    struct ck_envelope *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = NULL;
	int rc = -1;

	*out = (struct ck_envelope){ .serial = "" };
	/* no desk gives out longer ones: not worth asking */
	if (strlen(serial) >= sizeof out->serial)
		return ck_fail(err, CK_E_ENVELOPE_UNKNOWN, "the serial is too long");
	ask = json_pack(
	    "{s:s, s:s, s:s}", "system", d->conf.system, "proof", proof->id, "serial", serial);
	if (ck_desk_call(d, CK_CALL_ENVELOPE, ask, &a, err) == 0 &&
	    ck_desk_read_password(&a, out) == 0) {
		strcpy(out->serial, serial);
		rc = 0;
	}
	ck_desk_said_free(&a);
	return rc;
}

/* ---- 6. lease ---- */

/* what a desk of an earlier day does not tell */
static int
read_lease_more(const struct ck_desk_said *a, struct ck_lease *l)
{
	const char *pin = json_string_value(json_object_get(a->body, "pin"));

	l->pin_changed = pin != NULL && strcmp(pin, "changed") == 0;
	if (ck_field_text(a, a->body, "way", false, l->way, sizeof l->way) < 0 ||
	    ck_field_id(a, a->body, "order", false, l->order) < 0 ||
	    ck_field_amount(a, a->body, "refund", false, &l->refund) < 0)
		return -1;
	return ck_desk_read_steps(a, &l->steps);
}

int
ck_desk_read_lease(const struct ck_desk_said *a, struct ck_lease *l)
{
	bool key = false, cert = false;
	int state = 0;

	l->now = a->now;
	if (ck_field_id(a, a->body, "lease", true, l->id) != 1 ||
	    ck_field_text(a, a->body, "kiosk", true, l->kiosk, sizeof l->kiosk) != 1 ||
	    ck_field_text(a, a->body, "record", true, l->record, sizeof l->record) != 1 ||
	    ck_field_word(a, a->body, "state", ck_bound_names, &state) != 1 ||
	    ck_field_time(a, a->body, "quoted_end", false, &l->quoted_end) < 0 ||
	    read_lease_more(a, l) == -1)
		return -1;
	l->state = (enum ck_bound_state)state;
	cert = l->state == CK_BOUND_ISSUED || l->state == CK_BOUND_CONFIRMED;
	key = l->state == CK_BOUND_KEY || cert;
	if (ck_field_hash(a, a->body, "spki", key, l->spki) < 0 ||
	    ck_field_bytes(
		a, a->body, "certificate", cert, 1, sizeof l->cert, l->cert, &l->cert_len) < 0)
		return -1;
	return 0;
}

/* adds "envelope" to ask: the password's proof for this one challenge */
static int
add_envelope(json_t *ask, const struct ck_key_proof *proof, const struct ck_lease_wish *wish,
    struct ck_err *err)
{
	const struct ck_envelope *e = wish->envelope;
	unsigned char mac[CK_HASH_LEN] = { 0 };

	if (wish->password == NULL)
		return ck_fail(err, CK_E_INTERNAL, "an envelope without its password");
	if (ck_proof_envelope(e, wish->password, proof->cert_sha256, mac, err) != 0)
		return -1;
	if (json_object_set_new(ask, "envelope",
		json_pack("{s:s, s:o, s:o}", "serial", e->serial, "challenge",
		    ck_json_bytes(e->challenge, e->challenge_len), "mac",
		    ck_json_bytes(mac, sizeof mac))) != 0)
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for a request");
	return 0;
}

int
ck_desk_tries(const struct ck_desk_said *a)
{
	const json_t *v = json_object_get(a->body, "tries_left");
	json_int_t n = json_is_integer(v) ? json_integer_value(v) : -1;

	return n >= 0 && n <= TRIES_MAX ? (int)n : -1;
}

int
ck_desk_lease(struct ck_desk *d, const struct ck_key_proof *proof, const struct ck_lease_wish *wish,
    struct ck_lease *out, int *tries_left, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	enum ck_desk_call call = wish->envelope != NULL ? CK_CALL_LEASE_ENVELOPE : CK_CALL_LEASE;
	json_t *ask = json_pack("{s:s, s:s, s:s, s:s, s:s*}", "system", d->conf.system, "proof",
	    proof->id, "way", wish->way, "record", wish->record, "clerk", wish->clerk);
	int rc = -1;

	*out = (struct ck_lease){ .id = "" };
	*tries_left = -1;
	if (ask != NULL && wish->envelope != NULL && add_envelope(ask, proof, wish, err) != 0) {
		json_decref(ask);
		return -1;
	}
	rc = ck_desk_call(d, call, ask, &a, err);
	if (rc == 0)
		rc = ck_desk_read_lease(&a, out);
	else
		*tries_left = ck_desk_tries(&a);
	ck_desk_said_free(&a);
	return rc;
}

/* ---- 8. enrol-pair ---- */

int
ck_desk_enrol_pair(struct ck_desk *d, const struct ck_key_proof *proof, const char *lease,
    char reference[CK_DESK_ID_MAX], struct ck_secret *secret, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	json_t *ask = json_pack("{s:s, s:s}", "lease", lease, "proof", proof->id);
	const json_t *given = NULL;
	size_t n = 0;
	int rc = -1;

	if (ck_desk_call(d, CK_CALL_ENROL_PAIR, ask, &a, err) != 0 ||
	    ck_field_id(&a, a.body, "reference", true, reference) != 1)
		goto out;
	given = json_object_get(a.body, "secret");
	n = json_string_length(given);
	if (n < PAIR_SECRET_MIN || n > PAIR_SECRET_MAX ||
	    ck_secret_set(secret, json_string_value(given), n) != 0)
		ck_desk_said_wrong(&a, "secret");
	else
		rc = 0;
out:
	ck_desk_said_free(&a);
	return rc;
}

/* ---- 7, 10, 11: about one lease, answered with it ---- */

static int
read_order(const struct ck_desk_said *a, struct ck_order_back *o)
{
	int state = 0, rc = ck_field_id(a, a->body, "order", false, o->id);

	/* a desk that says nothing of it has nothing to say */
	if (rc != 1 || json_object_get(a->body, "order_state") == NULL) {
		o->id[0] = '\0';
		return rc < 0 ? -1 : 0;
	}
	if (ck_field_word(a, a->body, "order_state", order_words, &state) != 1)
		return -1;
	o->state = (enum ck_order_state)state;
	return 0;
}

/* does the call; the answer must be about the same lease and in the state the call leads to */
static int
about_lease(struct ck_desk *d, enum ck_desk_call call, const char *lease, json_t *ask,
    bool (*fits)(enum ck_bound_state), struct ck_order_back *order, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	struct ck_lease *l = calloc(1, sizeof *l);
	int rc = -1;

	if (l == NULL) {
		json_decref(ask);
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for a lease");
	}
	if (ck_desk_call(d, call, ask, &a, err) != 0 || ck_desk_read_lease(&a, l) != 0)
		goto out;
	if (strcmp(l->id, lease) != 0)
		ck_desk_said_wrong(&a, "lease");
	else if (!fits(l->state))
		ck_desk_said_wrong(&a, "state");
	else
		rc = order != NULL ? read_order(&a, order) : 0;
out:
	ck_desk_said_free(&a);
	free(l);
	return rc;
}

static bool
is_bound(enum ck_bound_state s)
{
	return s == CK_BOUND_KEY || s == CK_BOUND_ISSUED || s == CK_BOUND_CONFIRMED;
}

static bool
is_confirmed(enum ck_bound_state s)
{
	return s == CK_BOUND_CONFIRMED;
}

static bool
is_released(enum ck_bound_state s)
{
	return s == CK_BOUND_RELEASED;
}

int
ck_desk_bind(struct ck_desk *d, const char *lease, const unsigned char *csr, size_t csr_len,
    struct ck_err *err)
{
	json_t *ask =
	    json_pack("{s:s, s:o}", "lease", lease, "request", ck_json_bytes(csr, csr_len));

	return about_lease(d, CK_CALL_BIND, lease, ask, is_bound, NULL, err);
}

int
ck_desk_ack(struct ck_desk *d, const char *lease, const unsigned char cert_sha256[CK_HASH_LEN],
    const char *pin_is, struct ck_err *err)
{
	char hash[2 * CK_HASH_LEN + 1] = "";

	ck_hex(cert_sha256, CK_HASH_LEN, hash);
	return about_lease(d, CK_CALL_ACK, lease,
	    json_pack("{s:s, s:s, s:s}", "lease", lease, "certificate_sha256", hash, "pin", pin_is),
	    is_confirmed, NULL, err);
}

int
ck_desk_release(struct ck_desk *d, const char *lease, const char *why, struct ck_order_back *order,
    struct ck_err *err)
{
	char text[WHY_MAX] = "";

	*order = (struct ck_order_back){ .id = "" };
	ck_clean_str(text, sizeof text, why);
	return about_lease(d, CK_CALL_RELEASE, lease,
	    json_pack("{s:s, s:s}", "lease", lease, "why", text), is_released, order, err);
}

/* ---- 9. query ---- */

/* takes ask; 1, 0, -1 */
static int
query(struct ck_desk *d, json_t *ask, struct ck_lease *out, struct ck_err *err)
{
	struct ck_desk_said a = { .body = NULL };
	const json_t *found = NULL;
	int rc = -1;

	*out = (struct ck_lease){ .id = "" };
	if (ck_desk_call(d, CK_CALL_QUERY, ask, &a, err) != 0)
		goto out;
	out->now = a.now;
	found = json_object_get(a.body, "found");
	if (!json_is_boolean(found))
		ck_desk_said_wrong(&a, "found");
	else if (json_is_false(found))
		rc = 0;
	else if (ck_desk_read_lease(&a, out) == 0)
		rc = 1;
out:
	ck_desk_said_free(&a);
	return rc;
}

int
ck_desk_query(struct ck_desk *d, enum ck_query kind, const char *what, struct ck_lease *out,
    struct ck_err *err)
{
	static const char *const names[] = {
		[CK_QUERY_LEASE] = "lease",
		[CK_QUERY_ENVELOPE] = "envelope",
		[CK_QUERY_SPKI] = "spki",
		[CK_QUERY_ORDER] = "order",
	};
	int rc = query(
	    d, json_pack("{s:s, s:s}", "system", d->conf.system, names[kind], what), out, err);

	if (rc == 1 && kind == CK_QUERY_LEASE && strcmp(out->id, what) != 0)
		return ck_fail(
		    err, CK_E_DESK_GARBAGE, "answer to \"query\": \"lease\" is missing or wrong");
	return rc;
}

int
ck_desk_query_visit(struct ck_desk *d, const char *kiosk, const char *record, struct ck_lease *out,
    struct ck_err *err)
{
	return query(d,
	    json_pack("{s:s, s:{s:s, s:s}}", "system", d->conf.system, "visit", "kiosk", kiosk,
		"record", record),
	    out, err);
}
