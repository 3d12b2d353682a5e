/*
 * Station issue: the CA makes the certificate. Every request is on the tape before it is sent,
 * every reply before it is parsed. When nobody knows whether a request arrived, the desk is asked
 * first; the same bytes go out again only to a CA that is known to answer them with the same
 * certificate.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "walk/visit.h"

static int
judge(struct ck_visit *v, const unsigned char *cert, size_t n, struct ck_err *err)
{
	const char *quoted = ck_record_text(v->record, 0, "quoted-end");
	const char *frozen = ck_record_text(v->record, 0, "frozen-at");
	long long end = 0;
	int64_t granted = ck_now();
	struct ck_expected e = {
		.old_cert = v->old.der,
		.old_len = v->old.der_len,
		.now = ck_now(),
		.tolerance = v->policy.issue_tolerance,
	};
	struct ck_cert_facts facts;
	struct ck_issuers *accepted = NULL;
	int r = -1;

	if (quoted != NULL && sscanf(quoted, "%lld", &end) == 1)
		e.quoted_end = end;
	/* it may have been issued at any moment since */
	if (frozen != NULL)
		ck_time_read(frozen, &granted);
	e.ruled_from = ck_policy_new_end(&v->policy, v->old.facts.not_after, granted);
	e.ruled_to = ck_policy_new_end(&v->policy, v->old.facts.not_after, e.now);
	e.csr = ck_record_get(v->record, 0, "csr", &e.csr_len);
	if (ck_issuers_read(v->system->accepted, v->system->sm2_id, &accepted, err) == -1)
		goto out;
	e.accepted = accepted;
	if (ck_judge_issued(&e, cert, n, err) == -1 || ck_cert_read(cert, n, &facts, err) == -1)
		goto out;
	if (ck_policy_class(&v->policy, &facts) != ck_policy_class(&v->policy, &v->old.facts)) {
		ck_fail(err, CK_E_ISSUED_OTHER_CLASS, "%s",
		    ck_class_name(ck_policy_class(&v->policy, &facts)));
		goto out;
	}
	r = 0;
out:
	ck_issuers_free(accepted);
	return r;
}

int
ck_keep_issued(
    struct ck_visit *v, const unsigned char *cert, size_t n, const char *say, struct ck_err *err)
{
	struct ck_cert_facts f;
	char end[CK_TIME_LEN];
	struct ck_fact facts[] = {
		{ .name = "new-cert", .bytes = cert, .n = n, .flags = CK_FACT_SEALED },
		{ .name = "new-serial" },
	};

	if (judge(v, cert, n, err) == -1 || ck_cert_read(cert, n, &f, err) == -1)
		return -1;
	facts[1] = ck_text_fact("new-serial", f.serial, 0);
	if (ck_visit_note(v,
		&(struct ck_note){
		    .mark = CK_DONE, .text = f.serial, .ledger = true, CK_FACTS(facts) },
		err) == -1)
		return -1;
	ck_time_text(f.not_after, end);
	if (say != NULL)
		ck_visit_did(v, say, "{s:s, s:s}", "serial", f.serial, "not_after", end);
	return 0;
}

/* 1: the desk has it and it is kept; 0: nothing was issued; -1 */
static int
ask_desk(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lease *now = calloc(1, sizeof *now);
	int found = -1;

	if (now == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "lease");
		goto out;
	}
	if ((found = ck_lease_now(v, now, err)) != 1)
		goto out;
	if (now->state != CK_BOUND_ISSUED && now->state != CK_BOUND_CONFIRMED)
		found = 0;
	else if (ck_keep_issued(v, now->cert, now->cert_len, "issued-found", err) == -1)
		found = -1;
out:
	free(now);
	return found;
}

static enum ck_turn
wait_for(struct ck_visit *v, const struct ck_ca_reply *reply, struct ck_err *err)
{
	char at[CK_TIME_LEN];

	ck_time_text(reply->retry_at, at);
	v->retry_at = reply->retry_at;
	if (v->waited_since == 0 &&
	    ck_visit_note(v, &(struct ck_note){ .mark = CK_WAIT, .text = reply->text }, err) == -1)
		return CK_STOP;
	ck_visit_did(v, "waiting", "{s:s, s:s}", "retry_at", at, "text", reply->text);
	return CK_LATER;
}

static enum ck_turn
step(struct ck_visit *v, bool resend, struct ck_ca_reply *reply, struct ck_err *err)
{
	struct ck_tape tape = ck_record_tape(v->record, 0);
	struct ck_enrol enrol;
	int r;

	if (ck_visit_judge_signer(v, err) == -1 || ck_visit_enrol(v, resend, &enrol, err) == -1)
		return CK_STOP;
	ck_busy_signed(v);
	r = ck_ca_step(v->ca, &tape, &enrol, reply, err);
	ck_visit_enrolled(&enrol);
	if (r == -1) {
		ck_visit_blame_key(v, err);
		return CK_STOP;
	}
	if (reply->state == CK_CA_WAIT)
		return wait_for(v, reply, err);
	return ck_keep_issued(v, reply->cert, reply->cert_len, "issued", err) == 0 ? CK_GO
										   : CK_STOP;
}

/* An answer that means nothing leaves the outcome as open as none. */
static bool
open_outcome(enum ck_code code)
{
	return code == CK_E_CA_NO_ANSWER || code == CK_E_CA_GARBAGE || code == CK_E_REPLY_TOO_LONG;
}

/* Is the last request without an answer worth keeping? Then it may be at work still, behind a
 * gateway that gave up (HTTP 502, 504) while the CA did not. 1, 0, -1 */
static int
unanswered(struct ck_visit *v, struct ck_err *err)
{
	struct ck_tape tape = ck_record_tape(v->record, 0);
	unsigned char *bytes = NULL;
	size_t n = 0;
	int has = 1, answered = 1;

	for (int i = 0; has == 1 && answered == 1; i++) {
		has = tape.get(tape.u, i, "req", &bytes, &n, err);
		free(bytes);
		bytes = NULL;
		if (has == 1) {
			answered = tape.get(tape.u, i, "rep", &bytes, &n, err);
			free(bytes);
			bytes = NULL;
		}
	}
	return has == -1 || answered == -1 ? -1 : answered == 0;
}

/*
 * The desk knows of no certificate. No answer, or one that means nothing: the same bytes again, and
 * only where the CA is known to repeat itself. The answer is on the tape and means nothing, or
 * nothing was sent: a new transaction for the same request.
 */
static enum ck_turn
once_more(
    struct ck_visit *v, const struct ck_err *why, struct ck_ca_reply *reply, struct ck_err *err)
{
	int open = why->code == CK_E_CA_GARBAGE ? unanswered(v, err) : 1;

	if (open == -1)
		return CK_STOP;
	if (open == 1 && !v->system->resend_safe) {
		*err = *why;
		return CK_STOP;
	}
	if (open == 0 && ck_record_clear_tape(v->record, 0, err) == -1)
		return CK_STOP;
	return step(v, open == 1, reply, err);
}

/* Nothing of ours went to the CA, and the desk has told of a certificate as it gave us the lease:
 * another counter asked for it. 1 it is kept, 0, -1 */
static int
issued_before(struct ck_visit *v, struct ck_err *err)
{
	const struct ck_lease *l = &v->lease;
	int asked;

	if (l->state != CK_BOUND_ISSUED && l->state != CK_BOUND_CONFIRMED)
		return 0;
	if ((asked = ck_visit_asked_ca(v, err)) != 0)
		return asked == 1 ? 0 : -1;
	return ck_keep_issued(v, l->cert, l->cert_len, "issued-found", err) == 0 ? 1 : -1;
}

enum ck_turn
ck_at_issue(struct ck_visit *v, struct ck_err *err)
{
	struct ck_ca_reply *reply = calloc(1, sizeof *reply);
	struct ck_err first = { 0 }, second = { 0 }, asked = { 0 };
	enum ck_turn turn = CK_STOP;
	int found = issued_before(v, err);

	if (found != 0) {
		turn = found == 1 ? CK_GO : CK_STOP;
		goto out;
	}
	if (reply == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "reply");
		goto out;
	}
	turn = step(v, false, reply, &first);
	if (turn == CK_STOP && open_outcome(first.code)) {
		found = ask_desk(v, &asked);
		if (found == 1)
			turn = CK_GO;
		else if (found == -1 && asked.code != CK_E_DESK_UNREACHABLE &&
			 asked.code != CK_E_DESK_SLOW)
			first = asked;
		else if (found == 0) {
			turn = once_more(v, &first, reply, &second);
			if (turn == CK_STOP)
				first = second;
		}
	}
	if (turn == CK_STOP)
		ck_fail_native(err, first.code, first.native, "%s", first.detail);
out:
	free(reply);
	return turn;
}
