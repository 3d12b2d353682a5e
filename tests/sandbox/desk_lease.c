/* Leases from the grant to their end. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "desk.h"
#include "envelope.h"
#include "knob.h"
#include "order.h"

#define SECRET_BYTES 15 /* of the one-time pair: 30 letters */
#define WHY_CHARS 200	/* PROTOCOL.desk section 11 */

/* ---- lease ---- */

static int
wrong_password(struct sb_call *c, const struct sb_envelope *e, const char *cert)
{
	int left = sb_envelope_wrong(c->db, e, c->kiosk, cert);

	if (left == 0)
		return sb_refuse(c, "envelope-locked", sb_envelope_text("envelope-locked"));
	sb_refuse(c, "envelope-wrong", sb_envelope_text("envelope-wrong"));
	if (!sb_knob_due(c->sb, "desk.no-tries", NULL))
		json_object_set_new(c->out, "tries_left", json_integer(left));
	return -1;
}

/* The envelope of the request: known, for this certificate, its password proved. */
static int
check_envelope(struct sb_call *c, const json_t *in, const char *cert, char serial[SB_ID_MAX])
{
	struct sb_call inner = *c;
	const char *text = NULL, *refusal = NULL;
	unsigned char *challenge = NULL, *mac = NULL, sha[32] = { 0 };
	size_t n = 0, mac_n = 0;
	struct sb_envelope e = { 0 };
	int rc = -1;

	inner.in = in;
	if (sb_want_text(&inner, "serial", &text) != 0 ||
	    sb_want_bytes(&inner, "challenge", &challenge, &n) != 0 ||
	    sb_want_bytes(&inner, "mac", &mac, &mac_n) != 0)
		goto out;
	if (sb_envelope_load(c->db, text, &e) != 1)
		refusal = "envelope-unknown";
	else
		refusal = sb_envelope_refusal(c->db, &e, cert);
	if (refusal != NULL) {
		sb_refuse(&inner, refusal, sb_envelope_text(refusal));
		goto out;
	}
	if (sb_take_challenge(&inner, challenge, n, cert, text) != 0)
		goto out;
	ck_unhex(cert, sha, sizeof sha);
	snprintf(serial, SB_ID_MAX, "%s", text);
	rc = sb_envelope_proved(&e, challenge, n, sha, mac, mac_n)
		 ? 0
		 : wrong_password(&inner, &e, cert);
out:
	c->status = inner.status;
	free(challenge);
	free(mac);
	OPENSSL_cleanse(&e, sizeof e);
	return rc;
}

static int
check_certificate(struct sb_call *c, const char *cert)
{
	char status[16];

	if (!sb_text(
		c->db, status, sizeof status, "SELECT status FROM cert WHERE sha=?", "t", cert) ||
	    strcmp(status, "unknown") == 0)
		return sb_refuse(c, "refused", "证书不是本机构签发的");
	if (strcmp(status, "revoked") == 0)
		return sb_refuse(c, "certificate-revoked", "证书已撤销");
	if (strcmp(status, "held") == 0)
		return sb_refuse(c, "refused", "证书已冻结，请联系客服");
	return 0;
}

static int64_t
end_of(struct sb_call *c, const char *cert)
{
	size_t n = 0;
	unsigned char *der = sb_blob(c->db, &n, "SELECT der FROM cert WHERE sha=?", "t", cert);
	const unsigned char *p = der;
	X509 *x = der != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;
	int64_t end = x != NULL ? sb_time_of(X509_get0_notAfter(x)) : 0;

	X509_free(x);
	free(der);
	return end;
}

int64_t
sb_quote(struct sb_call *c, const char *system, int64_t old_end)
{
	return sb_new_end(system, old_end, c->now) +
	       sb_knob_number(c->sb, "desk.quote", NULL, 0) * (int64_t)CK_DAY_S;
}

static int
new_lease(struct sb_call *c, const char *system, const char *cert, struct sb_lease *l)
{
	int64_t end = end_of(c, cert);

	if (l->download[0] == '\0' && !sb_in_window(system, end, c->now))
		return sb_refuse(c, "outside-window", "不在可更新的期间内");
	sb_new_id("L-", 8, l->id);
	snprintf(l->system, sizeof l->system, "%s", system);
	snprintf(l->cert, sizeof l->cert, "%s", cert);
	snprintf(l->state, sizeof l->state, "nothing");
	l->quoted = sb_quote(c, system, end);
	if (l->envelope[0] != '\0')
		return 0;
	if (sb_text(c->db, l->order, sizeof l->order,
		"SELECT id FROM orders WHERE cert=? AND state='paid' ORDER BY rowid", "t", cert) &&
	    sb_exec(c->db, "UPDATE orders SET state='taken' WHERE id=?", "t", l->order) != 0)
		return -1;
	return sb_course_begin(c, l, end);
}

/* It is another's and that one is still at it? Says who. */
static int
held_elsewhere(struct sb_call *c, const struct sb_lease *l, const char *record)
{
	bool same = strcmp(l->kiosk, c->kiosk) == 0 && strcmp(l->record, record) == 0;
	long live = sb_knob_number(c->sb, "desk.live", NULL, SB_LIVE_S);

	if (same || strcmp(l->state, "confirmed") == 0 || c->now - l->seen >= live)
		return 0;
	sb_refuse(c, "lease-elsewhere", "另一台终端正在办理");
	json_object_set_new(c->out, "kiosk", json_string(l->kiosk));
	json_object_set_new(c->out, "record", json_string(l->record));
	return -1;
}

/* Codes go with their way and no other, and nobody else is at the certificate another way. */
static int
check_way(struct sb_call *c, const char *way, const char *cert, const char *codes,
    const struct sb_lease *l)
{
	bool download = strcmp(way, "download") == 0;

	if (!download && strcmp(way, "self") != 0 && strcmp(way, "on-behalf") != 0)
		return sb_refuse(c, "bad-request", "way");
	if (download != (codes != NULL) || (l->id[0] != '\0' && strcmp(way, l->way) != 0) ||
	    sb_int(c->db, 0,
		"SELECT count(*) FROM lease WHERE cert=? AND download IS NOT ?"
		" AND state IN ('nothing','key','issued')",
		"tt", cert, codes) > 0)
		return sb_refuse(c, "way-otherwise", "是用另一种方式开始办理的");
	return 0;
}

static int
grant(struct sb_call *c, const char *system, const char *cert, const char *envelope)
{
	const char *record = NULL, *way = NULL;
	const char *clerk = json_string_value(json_object_get(c->in, "clerk"));
	char reference[SB_ID_MAX];
	const char *codes = sb_proof_codes(c, reference) ? reference : NULL;
	struct sb_lease l = { 0 };
	int found = sb_lease_for(c->db, cert, envelope[0] != '\0' ? envelope : NULL, codes, &l);

	if (found < 0 || sb_want_text(c, "record", &record) != 0 ||
	    sb_want_text(c, "way", &way) != 0 || check_way(c, way, cert, codes, &l) != 0)
		return -1;
	snprintf(l.envelope, sizeof l.envelope, "%s", envelope);
	snprintf(l.download, sizeof l.download, "%s", codes != NULL ? codes : "");
	if (found == 0 ? new_lease(c, system, cert, &l) != 0 : held_elsewhere(c, &l, record) != 0)
		return -1;
	snprintf(l.kiosk, sizeof l.kiosk, "%s", c->kiosk);
	snprintf(l.record, sizeof l.record, "%s", record);
	snprintf(l.way, sizeof l.way, "%s", way);
	snprintf(l.clerk, sizeof l.clerk, "%s", clerk != NULL ? clerk : "");
	l.seen = c->now;
	if (sb_lease_put(c->db, &l) != 0 || sb_lease_held(c->db, &l) != 0)
		return -1;
	return sb_say_lease(c, &l);
}

int
sb_call_lease(struct sb_call *c)
{
	const json_t *envelope = json_object_get(c->in, "envelope");
	char cert[SB_HEX_MAX], serial[SB_ID_MAX] = "", codes[SB_ID_MAX];
	const char *system = NULL;

	if (sb_want_system(c, &system) != 0 || sb_want_proof(c, cert) != 0 ||
	    check_certificate(c, cert) != 0)
		return -1;
	if (json_is_object(envelope)) {
		if (check_envelope(c, envelope, cert, serial) != 0)
			return -1;
	} else if (sb_envelope_needed(system) && !sb_proof_codes(c, codes)) {
		return sb_refuse(c, "envelope-needed", "请使用密码信封");
	}
	return grant(c, system, cert, serial);
}

/* ---- with a lease ---- */

int
sb_want_lease(struct sb_call *c, struct sb_lease *l)
{
	const char *id = NULL;

	if (sb_want_text(c, "lease", &id) != 0)
		return -1;
	if (sb_lease_find(c->db, l, "id", id) != 1 || strcmp(l->kiosk, c->kiosk) != 0)
		return sb_refuse(c, "lease-unknown", "没有这个办理权");
	l->seen = c->now;
	return 0;
}

static int
not_released(struct sb_call *c, const struct sb_lease *l)
{
	return strcmp(l->state, "released") == 0 ? sb_refuse(c, "lease-released", "办理已取消") : 0;
}

static int
keep(struct sb_call *c, const struct sb_lease *l)
{
	return sb_lease_put(c->db, l) == 0 ? sb_say_lease(c, l) : -1;
}

int
sb_want_open_lease(struct sb_call *c, struct sb_lease *l)
{
	if (sb_want_lease(c, l) != 0 || not_released(c, l) != 0)
		return -1;
	return sb_lease_put(c->db, l);
}

/* its own signature, and the old certificate's subject */
static bool
request_good(struct sb_call *c, X509_REQ *req, const struct sb_lease *l)
{
	size_t n = 0;
	unsigned char *der = sb_blob(c->db, &n, "SELECT der FROM cert WHERE sha=?", "t", l->cert);
	const unsigned char *p = der;
	X509 *old = der != NULL ? d2i_X509(NULL, &p, (long)n) : NULL;
	bool good =
	    req != NULL && old != NULL &&
	    X509_NAME_cmp(X509_REQ_get_subject_name(req), X509_get_subject_name(old)) == 0 &&
	    X509_REQ_verify(req, X509_REQ_get0_pubkey(req)) == 1;

	X509_free(old);
	free(der);
	return good;
}

static int
bind_key(struct sb_call *c, struct sb_lease *l, const char *spki)
{
	if (l->spki[0] != '\0' && strcmp(l->spki, spki) != 0 &&
	    (!l->withdrawn || l->issued[0] != '\0'))
		return sb_refuse(c, "bound-otherwise", "已绑定另一个公钥");
	snprintf(l->spki, sizeof l->spki, "%s", spki);
	if (strcmp(l->state, "nothing") == 0)
		snprintf(l->state, sizeof l->state, "key");
	return keep(c, l);
}

int
sb_call_bind(struct sb_call *c)
{
	const unsigned char *p = NULL;
	unsigned char *der = NULL;
	struct sb_lease l = { 0 };
	char spki[SB_HEX_MAX];
	X509_REQ *req = NULL;
	size_t n = 0;
	int rc = -1;

	if (sb_want_lease(c, &l) != 0 || not_released(c, &l) != 0 ||
	    sb_want_bytes(c, "request", &der, &n) != 0)
		goto out;
	if (!sb_course_passed(c, &l)) {
		sb_refuse(c, "not-yet", "还有手续没有办完");
		goto out;
	}
	p = der;
	req = d2i_X509_REQ(NULL, &p, (long)n);
	if (!request_good(c, req, &l) || sb_key_sha(X509_REQ_get0_pubkey(req), spki) != 0)
		sb_refuse(c, "request-wrong", "请求的签名或主题不正确");
	else
		rc = bind_key(c, &l, spki);
out:
	X509_REQ_free(req);
	free(der);
	return rc;
}

int
sb_call_enrol_pair(struct sb_call *c)
{
	char cert[SB_HEX_MAX];
	struct sb_lease l = { 0 };

	if (sb_want_lease(c, &l) != 0 || not_released(c, &l) != 0 || sb_want_proof(c, cert) != 0)
		return -1;
	if (strcmp(cert, l.cert) != 0)
		return sb_refuse(c, "proof-unknown", "证明的是另一张证书");
	/* EST would send an envelope's password as it is */
	if (l.envelope[0] != '\0' && strncmp(l.system, "est", 3) != 0)
		return sb_refuse(c, "envelope-serves", "请使用信封");
	if (strcmp(l.state, "confirmed") == 0)
		return sb_refuse(c, "refused", "证书已确认，一次性口令已失效");
	if (l.reference[0] == '\0') {
		sb_new_id("R-", 8, l.reference);
		sb_new_id("", SECRET_BYTES, l.secret);
	}
	if (sb_lease_put(c->db, &l) != 0)
		return -1;
	json_object_set_new(c->out, "reference", json_string(l.reference));
	json_object_set_new(c->out, "secret", json_string(l.secret));
	return 0;
}

int
sb_call_query(struct sb_call *c)
{
	static const struct {
		const char *field, *column;
	} by[] = { { "lease", "id" }, { "envelope", "envelope" }, { "spki", "spki" },
		{ "order", "orderid" } };
	const json_t *visit = json_object_get(c->in, "visit");
	const char *system = NULL, *value = NULL;
	struct sb_lease l = { 0 };
	int found = 0;

	if (sb_want_system(c, &system) != 0)
		return -1;
	for (size_t i = 0; i < sizeof by / sizeof *by && value == NULL; i++) {
		value = json_string_value(json_object_get(c->in, by[i].field));
		if (value != NULL)
			found = sb_lease_find(c->db, &l, by[i].column, value);
	}
	if (json_is_object(visit)) {
		value = json_string_value(json_object_get(visit, "record"));
		if (json_string_value(json_object_get(visit, "kiosk")) == NULL || value == NULL)
			return sb_refuse(c, "bad-request", "visit");
		found = sb_lease_of_visit(
		    c->db, json_string_value(json_object_get(visit, "kiosk")), value, &l);
	}
	if (value == NULL)
		return sb_refuse(c, "bad-request", "lease, envelope, spki, order or visit");
	if (found == 1 && strcmp(l.system, system) != 0)
		found = 0;
	if (found < 0 || json_object_set_new(c->out, "found", json_boolean(found)) != 0)
		return -1;
	if (found == 0)
		return 0;
	return sb_say_lease(c, &l);
}

int
sb_call_ack(struct sb_call *c)
{
	const char *sha = NULL, *pin = NULL;
	struct sb_lease l = { 0 };

	if (sb_want_lease(c, &l) != 0 || not_released(c, &l) != 0 ||
	    sb_want_text(c, "certificate_sha256", &sha) != 0 || sb_want_text(c, "pin", &pin) != 0)
		return -1;
	if (strcmp(pin, "changed") != 0 && strcmp(pin, "unchanged") != 0)
		return sb_refuse(c, "bad-request", "pin");
	if (l.issued[0] == '\0' || strcmp(l.issued, sha) != 0)
		return sb_refuse(c, "certificate-wrong", "不是为此签发的证书");
	snprintf(l.state, sizeof l.state, "confirmed");
	if (sb_exec(c->db, "UPDATE lease SET pin=? WHERE id=?", "tt", pin, l.id) != 0 ||
	    /* settles it for the CA, too, where the kiosk took the lease over from another */
	    sb_exec(c->db, "UPDATE cert SET certconf='acked' WHERE sha=? AND certconf IS NULL", "t",
		l.issued) != 0 ||
	    sb_exec(c->db, "UPDATE envelope SET state='used' WHERE serial=?", "t", l.envelope) !=
		0 ||
	    sb_exec(c->db, "UPDATE orders SET state='done' WHERE id=?", "t", l.order) != 0)
		return -1;
	return keep(c, &l);
}

int
sb_call_release(struct sb_call *c)
{
	struct sb_lease l = { 0 };
	const char *why = NULL;

	if (sb_want_lease(c, &l) != 0 || sb_want_text(c, "why", &why) != 0)
		return -1;
	if (sb_characters(why) > WHY_CHARS)
		return sb_refuse(c, "bad-request", "why");
	if (strcmp(l.state, "confirmed") == 0)
		return sb_refuse(c, "lease-confirmed", "证书已确认，不能取消");
	if (strcmp(l.state, "released") != 0) {
		if (sb_lease_withdraw(c->db, &l, c->now) != 0 || sb_course_end(c, &l) != 0 ||
		    sb_exec(c->db, "UPDATE lease SET why=? WHERE id=?", "tt", why, l.id) != 0)
			return -1;
		snprintf(l.state, sizeof l.state, "released");
	}
	return keep(c, &l) == 0 ? sb_say_order_back(c, &l) : -1;
}
