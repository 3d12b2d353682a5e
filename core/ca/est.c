/*
 * Enrolment over EST (RFC 7030). There is no transaction: the same request sent again is a poll to
 * a server that said "wait" (202), and to others perhaps a second certificate. So the tape says
 * which it is: a request that has its 202 may go out again, one without any answer only by the
 * walk's leave. Every answer but 202 is the last.
 */
#include "ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/err.h>

#include "base/fault.h"
#include "base/utf8.h"
#include "est_body.h"
#include "identity.h"

#define URL_MAX 320	/* the address and the longest operation */
#define HEAD_MAX 96	/* of an answer on the tape: status and media type */
#define STATUS_LEN 4	/* "200 " */
#define STEPS_MAX 10000 /* polls of one request: two months of one every ten minutes */

enum {
	HTTP_OK = 200,
	HTTP_ACCEPTED = 202,
	HTTP_NO_CONTENT = 204,
	HTTP_BAD_REQUEST = 400,
	HTTP_UNAUTHORIZED = 401,
	HTTP_FORBIDDEN = 403,
	HTTP_NOT_FOUND = 404,
	HTTP_BAD_METHOD = 405,
};

/* one call of ca.h */
struct run {
	struct ck_ca *ca;
	const struct ck_tape *tape;
	const struct ck_enrol *enrol;
	struct ck_ca_reply *reply;
	struct ck_err *err;
	char *req; /* as it goes on the wire */
	size_t req_n;
	int step;
	bool recorded; /* the request of this step is on the tape, without an answer */
	bool put;      /* this call put it there */
};

struct answer {
	int status;
	char type[64];
	const unsigned char *body; /* NUL behind it */
	size_t n;
};

static void
url_of(const struct ck_ca *ca, const char *operation, char url[URL_MAX])
{
	size_t n = strlen(ca->conf.url);

	while (n > 0 && ca->conf.url[n - 1] == '/')
		n--;
	snprintf(url, URL_MAX, "%.*s/%s", (int)n, ca->conf.url, operation);
}

static bool
renews(const struct run *r)
{
	return r->ca->conf.way == CK_CA_EST_RENEW;
}

/* ---- what an answer means ---- */

/* RFC 7030 section 4.2.3: what people should know comes as plain text */
static void
words(const struct answer *a, char *out, size_t cap)
{
	out[0] = '\0';
	if (strcmp(a->type, "text/plain") == 0)
		ck_clean(out, cap, (const char *)a->body, a->n);
}

static int
issued(struct run *r, const struct answer *a)
{
	STACK_OF(X509) *certs = ck_est_certs(a->body, a->n);
	X509 *x = ck_est_pick(certs, r->enrol->csr, r->enrol->csr_len);
	unsigned char *p = r->reply->cert;
	int n = x != NULL ? i2d_X509(x, NULL) : 0, rc = -1;

	if (x == NULL)
		ck_fail(r->err, CK_E_ISSUED_OTHER_KEY, "%d certificates, none for the new key",
		    sk_X509_num(certs));
	else if (n <= 0 || n > CK_CERT_MAX)
		ck_fail(r->err, CK_E_CA_GARBAGE, "a certificate of %d bytes", n);
	else
		rc = 0;
	if (rc == 0) {
		r->reply->cert_len = (size_t)i2d_X509(x, &p);
		r->reply->state = CK_CA_ISSUED;
	}
	sk_X509_pop_free(certs, X509_free);
	return rc;
}

static int
refused(struct run *r, const struct answer *a)
{
	char text[256] = "";
	enum ck_code code = CK_E_CA_REFUSED;

	words(a, text, sizeof text);
	if (a->status == HTTP_UNAUTHORIZED || a->status == HTTP_FORBIDDEN)
		code = renews(r) ? CK_E_CA_OLD_CERT : CK_E_CA_PAIR_REFUSED;
	if (text[0] != '\0')
		return ck_fail(r->err, code, "HTTP %d: %s", a->status, text);
	return ck_fail(r->err, code, "HTTP %d", a->status);
}

/* Nothing but these is an answer to be kept: whatever else came, the outcome is as open as before.
 */
static bool
means_something(const struct answer *a)
{
	STACK_OF(X509) *certs = NULL;
	bool good = false;

	switch (a->status) {
	case HTTP_OK:
		certs = ck_est_certs(a->body, a->n);
		good = certs != NULL;
		sk_X509_pop_free(certs, X509_free);
		return good;
	case HTTP_ACCEPTED:
	case HTTP_NO_CONTENT:
	case HTTP_BAD_REQUEST:
	case HTTP_UNAUTHORIZED:
	case HTTP_FORBIDDEN:
	case HTTP_NOT_FOUND:
	case HTTP_BAD_METHOD:
		return true;
	default:
		return false;
	}
}

static int
no_service(struct ck_ca *ca, int status, struct ck_err *err)
{
	return ck_fail(err, CK_E_CA_NO_SERVICE, "%s: HTTP %d", ca->conf.url, status);
}

static int
conclude(struct run *r, const struct answer *a)
{
	switch (a->status) {
	case HTTP_OK:
		return issued(r, a);
	case HTTP_BAD_REQUEST:
	case HTTP_UNAUTHORIZED:
	case HTTP_FORBIDDEN:
		return refused(r, a);
	default:
		return no_service(r->ca, a->status, r->err);
	}
}

/* ---- the tape ---- */

/* "200 application/pkcs7-mime", a line's end, the body */
static int
keep_answer(struct run *r, const struct answer *a)
{
	size_t head = 0;
	unsigned char *all = malloc(HEAD_MAX + a->n);
	int rc = -1;

	if (all == NULL)
		return ck_fail(r->err, CK_E_NO_MEMORY, "no memory for an answer");
	head = (size_t)snprintf((char *)all, HEAD_MAX, "%d %s\n", a->status, a->type);
	if (a->n > 0)
		memcpy(all + head, a->body, a->n);
	rc = r->tape->put(r->tape->u, r->step, "rep", all, head + a->n, r->err);
	free(all);
	if (rc == 0)
		CK_FAULT("ca.reply");
	return rc;
}

/* all is the answer's, with a NUL behind it */
static int
read_answer(const struct run *r, const unsigned char *all, size_t n, struct answer *a)
{
	const unsigned char *line = memchr(all, '\n', n < HEAD_MAX ? n : HEAD_MAX);
	size_t len = line != NULL ? (size_t)(line - all) : 0;

	*a = (struct answer){ .status = 0 };
	if (len < STATUS_LEN || len - STATUS_LEN >= sizeof a->type ||
	    (a->status = (int)strtol((const char *)all, NULL, 10)) < HTTP_OK)
		return ck_fail(r->err, CK_E_STORE_DAMAGED,
		    "recorded EST message %02d.rep cannot be read", r->step);
	memcpy(a->type, all + STATUS_LEN, len - STATUS_LEN);
	a->body = line + 1;
	a->n = n - len - 1;
	return 0;
}

static int
same_request(const struct run *r, const unsigned char *req, size_t n)
{
	if (n == r->req_n && memcmp(req, r->req, n) == 0)
		return 0;
	return ck_fail(r->err, CK_E_INTERNAL, "the tape belongs to another request");
}

/* malloc'd with a NUL behind it; 1, 0 none, -1 */
static int
get_reply(const struct run *r, unsigned char **rep, size_t *n)
{
	unsigned char *bytes = NULL, *more = NULL;
	int has = r->tape->get(r->tape->u, r->step, "rep", &bytes, n, r->err);

	*rep = NULL;
	if (has != 1)
		return has;
	more = realloc(bytes, *n + 1);
	if (more == NULL) {
		free(bytes);
		return ck_fail(r->err, CK_E_NO_MEMORY, "no memory for an answer");
	}
	more[*n] = '\0';
	*rep = more;
	return 1;
}

/* One step of the tape: 1 it was told to wait, and the next follows; 0 this is where the tape ends,
 * or an answer that was the last: that one is concluded from and *done; -1. */
static int
play_one(struct run *r, bool *done)
{
	unsigned char *req = NULL, *rep = NULL;
	size_t req_n = 0, rep_n = 0;
	struct answer a;
	int has = r->tape->get(r->tape->u, r->step, "req", &req, &req_n, r->err), rc = -1;

	if (has != 1) {
		rc = has;
		goto out;
	}
	if (same_request(r, req, req_n) != 0 || (has = get_reply(r, &rep, &rep_n)) == -1)
		goto out;
	if (has == 0) {
		r->recorded = true;
		rc = 0;
	} else if (read_answer(r, rep, rep_n, &a) == 0) {
		*done = a.status != HTTP_ACCEPTED;
		rc = *done ? conclude(r, &a) : 1;
	}
out:
	free(req);
	free(rep);
	return rc;
}

static int
play(struct run *r, bool *done)
{
	int more = 1;

	*done = false;
	for (r->step = 0; r->step < STEPS_MAX; r->step++)
		if ((more = play_one(r, done)) != 1)
			return more;
	return ck_fail(r->err, CK_E_CA_GARBAGE, "told to wait %d times", STEPS_MAX);
}

/* ---- before anything is asked for ---- */

static int
judge_issuers(struct ck_ca *ca, STACK_OF(X509) * given, struct ck_err *err)
{
	X509_STORE *file = X509_STORE_new();
	STACK_OF(X509) *accepted = NULL;
	int verdict = 0, rc = -1;

	if (file == NULL || X509_STORE_load_file(file, ca->conf.accepted_file) != 1 ||
	    (accepted = X509_STORE_get1_all_certs(file)) == NULL) {
		ck_fail(err, CK_E_CONFIG, "no certificates in %s", ca->conf.accepted_file);
		goto out;
	}
	verdict = ck_est_issuers(given, ca->trust, accepted);
	if (verdict == 1)
		rc = 0;
	else if (verdict == 0)
		ck_fail(err, CK_E_CA_OTHER_ISSUERS, "%s/cacerts", ca->conf.url);
	else
		ck_fail(err, CK_E_TLS_UNTRUSTED, "%s/cacerts: none under %s", ca->conf.url,
		    ca->conf.trust_file);
out:
	ERR_clear_error();
	sk_X509_pop_free(accepted, X509_free);
	X509_STORE_free(file);
	return rc;
}

/*
 * EST has no certConf: a certificate that is turned down has been issued all the same. That the CA
 * issues under another authority than this site accepts, as after a roll-over nobody told it of, is
 * therefore found out first. Nothing was asked for yet: whatever goes wrong here, nothing was sent.
 */
static int
ask_issuers(struct ck_ca *ca, struct ck_err *err)
{
	static const struct ck_http_names names = {
		.unreachable = CK_E_CA_UNREACHABLE,
		.silent = CK_E_CA_UNREACHABLE,
		.garbage = CK_E_CA_GARBAGE,
	};
	char url[URL_MAX];
	struct ck_http_ask ask = { .url = url, .names = &names };
	struct ck_http_reply rep = { .status = 0 };
	STACK_OF(X509) *given = NULL;
	int rc = -1;

	url_of(ca, "cacerts", url);
	if (ck_http_get(ca->http, &ask, &rep, err) != 0)
		goto out;
	if (rep.status >= HTTP_NO_CONTENT && rep.status < 500)
		no_service(ca, rep.status, err);
	else if (rep.status != HTTP_OK || (given = ck_est_certs(rep.body.p, rep.body.n)) == NULL)
		ck_fail(
		    err, CK_E_CA_GARBAGE, "HTTP %d with \"%s\" from %s", rep.status, rep.type, url);
	else
		rc = judge_issuers(ca, given, err);
out:
	sk_X509_pop_free(given, X509_free);
	ck_http_reply_free(&rep);
	return rc;
}

/* ---- the wire ---- */

static int
put_request(void *u, struct ck_err *err)
{
	struct run *r = u;

	if (r->recorded)
		return 0;
	if (r->tape->put(
		r->tape->u, r->step, "req", (const unsigned char *)r->req, r->req_n, err) != 0)
		return -1;
	r->put = true;
	CK_FAULT("ca.request");
	return 0;
}

/* A line of its own for each exchange: no connection outlives the key that opened it, nor the
 * secret that went over it. */
static int
open_line(const struct run *r, struct ck_identity *who, struct ck_http **line)
{
	const unsigned char *p = r->enrol->old_cert;

	if (!renews(r))
		return ck_http_open_apart(r->ca->http, NULL, line, r->err);
	who->cert = p != NULL && r->enrol->old_len <= CK_CERT_MAX
			? d2i_X509(NULL, &p, (long)r->enrol->old_len)
			: NULL;
	who->key = r->enrol->old_key;
	if (who->cert == NULL || who->key == NULL)
		return ck_fail(r->err, CK_E_INTERNAL, "enrolment without the old pair");
	return ck_http_open_apart(r->ca->http, who, line, r->err);
}

static int
post(struct run *r, struct ck_http *line, struct ck_http_reply *rep)
{
	char url[URL_MAX];
	struct ck_http_ask ask = {
		.url = url,
		.type = "application/pkcs10",
		.header = "Content-Transfer-Encoding: base64",
		.body = (const unsigned char *)r->req,
		.n = r->req_n,
		.once = true,
		.ready = put_request,
		.u = r,
		.names = &ck_ca_names,
		.user = renews(r) ? NULL : r->enrol->reference,
		.password = renews(r) ? NULL : r->enrol->secret,
	};
	int rc;

	url_of(r->ca, renews(r) ? "simplereenroll" : "simpleenroll", url);
	rc = ck_http_post(line, &ask, rep, r->err);
	ck_ca_note_fate(r->ca, ask.body, ask.n, r->put, rep->fate);
	CK_FAULT("ca.sent");
	return rc;
}

static int
take_answer(struct run *r, const struct ck_http_reply *rep)
{
	struct answer a = { .status = rep->status, .body = rep->body.p, .n = rep->body.n };
	char text[256] = "";

	memcpy(a.type, rep->type, sizeof a.type);
	if (!means_something(&a)) {
		words(&a, text, sizeof text);
		return ck_fail(r->err, CK_E_CA_GARBAGE, "HTTP %d with \"%s\"%s%s", a.status, a.type,
		    text[0] != '\0' ? ": " : "", text);
	}
	if (!r->recorded && !r->put)
		return ck_fail(
		    r->err, CK_E_CA_GARBAGE, "HTTP %d before the request was read", a.status);
	if (keep_answer(r, &a) != 0)
		return -1;
	if (a.status != HTTP_ACCEPTED)
		return conclude(r, &a);
	words(&a, r->reply->text, sizeof r->reply->text);
	ck_ca_wait(r->reply, rep->retry_after);
	return 0;
}

static int
exchange(struct run *r)
{
	struct ck_identity who = { .cert = NULL };
	struct ck_http_reply rep = { .status = 0 };
	struct ck_http *line = NULL;
	int rc = -1;

	if (open_line(r, &who, &line) == 0 && post(r, line, &rep) == 0)
		rc = take_answer(r, &rep);
	ck_http_close(line);
	ck_http_reply_free(&rep);
	X509_free(who.cert);
	return rc;
}

/* ---- the call ---- */

/* A user's name ends at the first colon (RFC 7617 section 2). */
static int
complete(const struct run *r)
{
	const struct ck_enrol *e = r->enrol;

	if (e->csr == NULL || e->csr_len > CK_CERT_MAX)
		return ck_fail(r->err, CK_E_INTERNAL, "the certificate request cannot be read");
	if (renews(r))
		return 0;
	if (e->reference == NULL || e->secret == NULL || ck_secret_len(e->secret) == 0)
		return ck_fail(r->err, CK_E_INTERNAL, "enrolment without reference or secret");
	if (strchr(e->reference, ':') != NULL)
		return ck_fail(
		    r->err, CK_E_DESK_GARBAGE, "enrol-pair: a reference with a colon in it");
	return 0;
}

/* Nothing goes out twice unasked. */
static int
go_on(struct run *r)
{
	const unsigned char *req = (const unsigned char *)r->req;

	if (r->recorded && !r->enrol->resend && !ck_ca_is_unread(r->ca, req, r->req_n))
		return ck_fail(r->err, CK_E_CA_NO_ANSWER,
		    "request %02d was sent before and has no answer", r->step);
	if (r->step == 0 && !r->recorded && ask_issuers(r->ca, r->err) != 0)
		return -1;
	return exchange(r);
}

static int
step(struct ck_ca *ca, const struct ck_tape *tape, const struct ck_enrol *enrol,
    struct ck_ca_reply *reply, struct ck_err *err)
{
	struct run r = { .ca = ca, .tape = tape, .enrol = enrol, .reply = reply, .err = err };
	bool done = false;
	int rc = -1;

	*reply = (struct ck_ca_reply){ .state = CK_CA_WAIT };
	ERR_clear_error();
	if (complete(&r) != 0)
		return -1;
	r.req = ck_est_request(enrol->csr, enrol->csr_len, &r.req_n);
	if (r.req == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for a request");
	rc = play(&r, &done);
	if (rc == 0 && !done)
		rc = go_on(&r);
	free(r.req);
	return rc;
}

const struct ck_ca_ops ck_est_ops = { .ping = ask_issuers, .step = step };
