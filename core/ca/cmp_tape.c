#include "cmp_tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

#define CMP_TYPE "application/pkixcmp" /* RFC 6712 section 3.4 */

/* one step: what is on the tape of it, or came to be */
struct leg {
	struct ck_cmp_run *run;
	unsigned char *req, *rep;
	size_t req_n, rep_n;
	bool recorded;	       /* the request was on the tape before this call */
	bool put;	       /* this call put it there */
	struct ck_cmp_msg ask; /* the request's head */
};

/* A message of the tape was parsed once already; if it no longer is one, the store is to blame. */
static int
damaged(struct ck_cmp_run *r, const char *kind)
{
	return ck_fail(r->err, CK_E_STORE_DAMAGED, "recorded CMP message %02d.%s cannot be read",
	    r->step, kind);
}

static int
set_octets(
    OSSL_CMP_CTX *ctx, int (*set)(OSSL_CMP_CTX *, const ASN1_OCTET_STRING *), struct ck_der bytes)
{
	ASN1_OCTET_STRING *o = ASN1_OCTET_STRING_new();
	int ok =
	    o != NULL && ASN1_OCTET_STRING_set(o, bytes.p, (int)bytes.n) == 1 && set(ctx, o) == 1;

	ASN1_OCTET_STRING_free(o);
	return ok ? 0 : -1;
}

/* May this request go out in this call? */
static bool
may_go(const struct ck_cmp_run *r, int body)
{
	if (r->exchanged)
		return false;
	if (r->mode == CK_CMP_STEP)
		return body == CK_CMP_P10CR || body == CK_CMP_KUR || body == CK_CMP_POLLREQ;
	return r->mode == CK_CMP_CONFIRM && body == CK_CMP_CERTCONF;
}

static int
has_request(const struct ck_cmp_run *r)
{
	unsigned char *req = NULL;
	size_t n = 0;
	int has = r->tape->get(r->tape->u, r->step, "req", &req, &n, r->err);

	free(req);
	return has;
}

/*
 * Body is the request libcrypto will make next. The old key signs it only when it goes on the wire:
 * what is made to be thrown away, for a recorded one or because it must not go yet, needs no key,
 * and some keys take a second for a signature.
 */
static int
sign_next(struct ck_cmp_run *r, OSSL_CMP_CTX *ctx, int body)
{
	int has;

	if (!ck_ca_way_signs(r->ca->conf.way))
		return 0;
	has = may_go(r, body) ? has_request(r) : 1;
	if (has < 0)
		return -1;
	if (OSSL_CMP_CTX_set_option(ctx, OSSL_CMP_OPT_UNPROTECTED_SEND, has) != 1)
		return ck_fail(r->err, CK_E_INTERNAL, "libcrypto knows no unprotected requests");
	return 0;
}

int
ck_cmp_tape_begin(struct ck_cmp_run *r, OSSL_CMP_CTX *ctx)
{
	unsigned char *req = NULL;
	size_t n = 0;
	struct ck_cmp_msg m;
	int has = r->tape->get(r->tape->u, 0, "req", &req, &n, r->err), rc = 0;

	r->begun = has == 1;
	if (has < 0)
		rc = -1;
	else if (has == 1 && (ck_cmp_msg_read(req, n, &m) != 0 || m.transaction.n == 0))
		rc = damaged(r, "req");
	else if (has == 1 && set_octets(ctx, OSSL_CMP_CTX_set1_transactionID, m.transaction) != 0)
		rc = ck_fail(r->err, CK_E_NO_MEMORY, "no memory for a CMP message");
	else
		rc = sign_next(r, ctx, CK_CMP_KUR);
	free(req);
	return rc;
}

/* ---- the wire ---- */

/* An open outcome is not sent again on our own: the walk asks the desk first. */
static int
may_repeat(struct ck_cmp_run *r, const struct leg *leg)
{
	if (!leg->recorded || r->enrol->resend || ck_ca_is_unread(r->ca, leg->req, leg->req_n))
		return 0;
	return ck_fail(
	    r->err, CK_E_CA_NO_ANSWER, "request %02d was sent before and has no answer", r->step);
}

static int
put_request(void *u, struct ck_err *err)
{
	struct leg *leg = u;
	struct ck_cmp_run *r = leg->run;

	if (leg->recorded)
		return 0;
	if (r->tape->put(r->tape->u, r->step, "req", leg->req, leg->req_n, err) != 0)
		return -1;
	leg->put = true;
	CK_FAULT("ca.request");
	return 0;
}

/*
 * Is this worth keeping as the one answer for ever? Only a protected answer to this very message;
 * anything else would be played back at every attempt, while the outcome is as open as before.
 */
static int
reply_fits(struct leg *leg, const struct ck_http_reply *rep)
{
	struct ck_err *err = leg->run->err;
	struct ck_cmp_msg m;
	char said[256] = "";

	if (strcmp(rep->type, CMP_TYPE) != 0)
		return ck_fail(err, CK_E_CA_GARBAGE, "HTTP %d with \"%s\" instead of a CMP message",
		    rep->status, rep->type);
	if (!leg->recorded && !leg->put)
		return ck_fail(
		    err, CK_E_CA_GARBAGE, "HTTP %d before the request was read", rep->status);
	if (ck_cmp_msg_read(rep->body.p, rep->body.n, &m) != 0)
		return ck_fail(err, CK_E_CA_GARBAGE, "not a CMP message");
	if (!m.is_protected) {
		ck_cmp_msg_error_text(&m, said, sizeof said);
		return ck_fail(err, CK_E_CA_GARBAGE, "a CMP message without protection%s%s",
		    said[0] != '\0' ? ": " : "", said);
	}
	if (!ck_der_same(m.transaction, leg->ask.transaction))
		return ck_fail(err, CK_E_CA_GARBAGE, "a CMP message of another transaction");
	/* RFC 4210 section 5.1.1; an earlier answer of this transaction is protected as well */
	if (!ck_der_same(m.recip_nonce, leg->ask.sender_nonce))
		return ck_fail(err, CK_E_CA_GARBAGE, "the answer to another CMP message");
	return 0;
}

static OSSL_CMP_MSG *
parse(const unsigned char *der, size_t n)
{
	const unsigned char *p = der;

	return n <= CK_REPLY_MAX ? d2i_OSSL_CMP_MSG(NULL, &p, (long)n) : NULL;
}

static int
keep_reply(struct leg *leg, struct ck_http_reply *rep)
{
	struct ck_cmp_run *r = leg->run;
	OSSL_CMP_MSG *msg = NULL;

	if (reply_fits(leg, rep) != 0)
		return -1;
	msg = parse(rep->body.p, rep->body.n);
	OSSL_CMP_MSG_free(msg);
	if (msg == NULL)
		return ck_fail(r->err, CK_E_CA_GARBAGE, "not a CMP message");
	if (r->tape->put(r->tape->u, r->step, "rep", rep->body.p, rep->body.n, r->err) != 0)
		return -1;
	CK_FAULT("ca.reply");
	leg->rep_n = rep->body.n;
	leg->rep = malloc(leg->rep_n);
	if (leg->rep == NULL)
		return ck_fail(r->err, CK_E_NO_MEMORY, "no memory for a CMP message");
	memcpy(leg->rep, rep->body.p, leg->rep_n);
	return 0;
}

static int
exchange(struct leg *leg)
{
	struct ck_cmp_run *r = leg->run;
	struct ck_http_reply rep = { .status = 0 };
	struct ck_http_ask ask = {
		.url = r->ca->conf.url,
		.type = CMP_TYPE,
		.body = leg->req,
		.n = leg->req_n,
		.once = true,
		.ready = put_request,
		.u = leg,
		.names = &ck_ca_names,
	};
	int rc;

	if (!leg->ask.is_protected)
		return ck_fail(r->err, CK_E_INTERNAL, "a CMP message without protection");
	rc = ck_http_post(r->ca->http, &ask, &rep, r->err);
	r->exchanged = true;
	ck_ca_note_fate(r->ca, leg->req, leg->req_n, leg->put, rep.fate);
	CK_FAULT("ca.sent");
	if (rc == 0)
		rc = keep_reply(leg, &rep);
	ck_http_reply_free(&rep);
	return rc;
}

/* ---- libcrypto's side ---- */

static int
encode(struct leg *leg, const OSSL_CMP_MSG *msg)
{
	int n = i2d_OSSL_CMP_MSG(msg, NULL);
	unsigned char *p = NULL;

	if (n <= 0 || (p = leg->req = malloc((size_t)n)) == NULL)
		return ck_fail(leg->run->err, CK_E_NO_MEMORY, "no memory for a CMP message");
	leg->req_n = (size_t)i2d_OSSL_CMP_MSG(msg, &p);
	return 0;
}

static bool
says_same(const struct ck_cmp_msg *made, const struct ck_cmp_msg *recorded)
{
	if (made->body != recorded->body)
		return false;
	switch (made->body) {
	case CK_CMP_POLLREQ: /* libcrypto numbers it by what it remembers */
		return true;
	case CK_CMP_CERTCONF:
		return ck_cmp_msg_turns_down(made) == ck_cmp_msg_turns_down(recorded);
	case CK_CMP_KUR: /* the recorded one has the new key's signature besides */
		return ck_der_same(ck_cmp_msg_wish(made), ck_cmp_msg_wish(recorded));
	default:
		return ck_der_same(made->content, recorded->content);
	}
}

/*
 * The request libcrypto has just made is thrown away for the recorded one, so it must say the same:
 * a tape of another request, or of the opposite word about the certificate, is not to be played.
 */
static int
same_request(struct leg *leg, const OSSL_CMP_MSG *msg)
{
	struct leg made = { .run = leg->run };
	struct ck_cmp_msg m;
	bool same = false;

	if (encode(&made, msg) != 0)
		return -1;
	if (ck_cmp_msg_read(made.req, made.req_n, &m) == 0)
		same = says_same(&m, &leg->ask);
	free(made.req);
	if (same)
		return 0;
	if (m.body == CK_CMP_CERTCONF && leg->ask.body == CK_CMP_CERTCONF)
		return ck_fail(leg->run->err, CK_E_CA_NOT_CONFIRMED,
		    "the authority was told the opposite before");
	return ck_fail(leg->run->err, CK_E_INTERNAL, "the tape belongs to another request");
}

/* Fill the leg from the tape. */
static int
look_up(struct leg *leg, const OSSL_CMP_MSG *msg)
{
	struct ck_cmp_run *r = leg->run;
	const struct ck_tape *t = r->tape;
	int req = t->get(t->u, r->step, "req", &leg->req, &leg->req_n, r->err);
	int rep = req == 1 ? t->get(t->u, r->step, "rep", &leg->rep, &leg->rep_n, r->err) : 0;

	if (req < 0 || rep < 0)
		return -1;
	leg->recorded = req == 1;
	if (!leg->recorded && encode(leg, msg) != 0)
		return -1;
	if (ck_cmp_msg_read(leg->req, leg->req_n, &leg->ask) != 0)
		return damaged(r, "req");
	return leg->recorded ? same_request(leg, msg) : 0;
}

/* Hand the answer over; the nonce it is checked against is the one that was really sent. */
static OSSL_CMP_MSG *
hand_over(struct leg *leg, OSSL_CMP_CTX *ctx)
{
	struct ck_cmp_run *r = leg->run;
	OSSL_CMP_MSG *msg = parse(leg->rep, leg->rep_n);
	struct ck_cmp_msg m;

	if (msg == NULL || ck_cmp_msg_read(leg->rep, leg->rep_n, &m) != 0) {
		damaged(r, "rep");
		goto out;
	}
	if (leg->recorded &&
	    set_octets(ctx, OSSL_CMP_CTX_set1_senderNonce, leg->ask.sender_nonce) != 0) {
		ck_fail(r->err, CK_E_NO_MEMORY, "no memory for a CMP message");
		goto out;
	}
	r->answered = leg->ask.body;
	if (r->step++ == 0)
		r->first_by_mac = m.by_mac;
	if (sign_next(r, ctx, ck_cmp_msg_waits(&m) ? CK_CMP_POLLREQ : CK_CMP_CERTCONF) != 0)
		goto out;
	return msg;
out:
	OSSL_CMP_MSG_free(msg);
	return NULL;
}

OSSL_CMP_MSG *
ck_cmp_transfer(OSSL_CMP_CTX *ctx, const OSSL_CMP_MSG *msg)
{
	struct ck_cmp_run *r = OSSL_CMP_CTX_get_transfer_cb_arg(ctx);
	struct leg leg = { .run = r };
	OSSL_CMP_MSG *reply = NULL;
	int body = OSSL_CMP_MSG_get_bodytype(msg);

	r->failed = true;
	/* the certificate is here: even a word given before is not looked at while stepping */
	if (body == CK_CMP_CERTCONF && r->mode != CK_CMP_CONFIRM) {
		r->failed = false;
		r->withheld = body;
		goto out;
	}
	if (look_up(&leg, msg) != 0)
		goto out;
	if (leg.rep == NULL) {
		/* libcrypto ends its loop when it gets no answer */
		if (!may_go(r, body)) {
			r->failed = false;
			r->withheld = body;
			goto out;
		}
		if (may_repeat(r, &leg) != 0 || exchange(&leg) != 0)
			goto out;
	}
	reply = hand_over(&leg, ctx);
	r->failed = reply == NULL;
out:
	free(leg.req);
	free(leg.rep);
	return reply;
}
