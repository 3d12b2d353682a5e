/*
 * Station confirm: the CA, where its protocol has a word for it, and the desk hear that the
 * certificate is on the key. Until both have said so, nothing old goes and no PIN changes. What
 * another counter asked the CA for is not on our tape; then the desk's acknowledgement settles it
 * for both (PROTOCOL.desk, 10).
 */
#include <stdlib.h>

#include "walk/visit.h"

/* The CA's own reply must be on the tape. It is not when the certificate came by the desk after a
 * lost answer; only a CA that repeats itself can still give it. 1: there, 0: not to be had, -1. */
static int
reply_on_tape(struct ck_visit *v, const struct ck_tape *tape, const struct ck_enrol *enrol,
    struct ck_ca_reply *reply, struct ck_err *err)
{
	struct ck_err no = { 0 };

	ck_busy_signed(v);
	if (ck_ca_step(v->ca, tape, enrol, reply, &no) == 0)
		return 1;
	if (no.code == CK_E_CA_NO_ANSWER && !v->system->resend_safe)
		return 0;
	return ck_fail_native(err, no.code, no.native, "%s", no.detail);
}

/* 0 also when the CA can't be asked a second time: then the desk's acknowledgement alone settles
 * it. */
static int
tell_ca(struct ck_visit *v, struct ck_err *err)
{
	struct ck_ca_reply *reply = calloc(1, sizeof *reply);
	struct ck_tape tape = ck_record_tape(v->record, 0);
	struct ck_enrol enrol = { .resend = false };
	struct ck_err no = { 0 };
	int r = -1;

	if (reply == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "reply");
		goto out;
	}
	if ((r = ck_visit_asked_ca(v, err)) != 1)
		goto out;
	r = -1;
	if (ck_visit_enrol(v, v->system->resend_safe, &enrol, err) == -1 ||
	    (r = reply_on_tape(v, &tape, &enrol, reply, err)) != 1)
		goto out;
	ck_busy_signed(v);
	r = ck_ca_confirm(v->ca, &tape, &enrol, true, NULL, reply, &no);
	if (r == -1 && no.code == CK_E_CA_NO_ANSWER && v->resumed && !v->system->resend_safe)
		r = 0;
	else if (r == -1)
		ck_fail_native(err, no.code, no.native, "%s", no.detail);
out:
	ck_visit_enrolled(&enrol);
	free(reply);
	return r == -1 ? ck_visit_blame_key(v, err) : r;
}

/* A lease the desk calls confirmed was so by an ack, ours or another counter's, which follows
 * certConf: only the desk's answer was lost, or nobody told us. */
enum ck_turn
ck_at_confirm(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact done = ck_text_fact("confirmed", "yes", 0);
	bool confirmed = v->lease.state == CK_BOUND_CONFIRMED;
	const char *pin = confirmed && v->lease.pin_changed ? "changed" : "unchanged";
	struct ck_cert_facts facts;
	const unsigned char *cert;
	size_t n = 0;

	if (ck_visit_note(v, &(struct ck_note){ .mark = CK_INTENT, .text = "confirm" }, err) ==
		-1 ||
	    (!confirmed && ck_ca_way_confirms(v->policy.enrol) && tell_ca(v, err) == -1))
		return CK_STOP;
	cert = ck_record_get(v->record, 0, "new-cert", &n);
	ck_busy_net(v);
	if (ck_cert_read(cert, n, &facts, err) == -1 ||
	    ck_desk_ack(v->desk, v->lease.id, facts.sha256, pin, err) == -1 ||
	    ck_visit_note(v,
		&(struct ck_note){ .mark = CK_DONE,
		    .text = "CA and desk confirmed",
		    .ledger = true,
		    .facts = &done,
		    .n_facts = 1 },
		err) == -1)
		return CK_STOP;
	ck_visit_did(v, "confirmed", NULL);
	return CK_GO;
}
