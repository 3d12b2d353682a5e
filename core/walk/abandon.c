/*
 * Abandon: the way back, from any station. Before the CA has confirmed, everything is given back:
 * the certificate turned down, the lease released (which revokes what was issued and frees the
 * envelope), then the half-made pair swept. After that the new certificate is good and stays; what
 * is left undone stays undone. Each part looks first and may be repeated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "walk/parked.h"
#include "walk/visit.h"

int
ck_mean_to_abandon(struct ck_visit *v, const char *why, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact("abandon", why, 0);

	v->at = CK_AT_ABANDON;
	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_INTENT, .text = why, .ledger = true, .facts = &f, .n_facts = 1 },
	    err);
}

/* certConf with a refusal, where the secret or the old key is at hand; otherwise the desk's release
 * revokes. */
static void
turn_down(struct ck_visit *v, const char *why)
{
	struct ck_ca_reply *reply = calloc(1, sizeof *reply);
	struct ck_tape tape = ck_record_tape(v->record, 0);
	struct ck_enrol enrol = { .resend = false };
	struct ck_err no = { 0 };
	bool turned = false;

	if (reply == NULL || !v->seen.authorised || !ck_ca_way_confirms(v->policy.enrol) ||
	    ck_record_get(v->record, 0, "csr", NULL) == NULL)
		goto out;
	if (ck_visit_enrol(v, false, &enrol, &no) == 0) {
		ck_busy_signed(v);
		turned = ck_ca_confirm(v->ca, &tape, &enrol, false, why, reply, &no) == 0;
	}
	if (turned)
		ck_visit_did(v, "turned-down", NULL);
	else
		ck_log_err(CK_LOG_WARN, "the certificate was not turned down by CMP", &no);
out:
	ck_visit_enrolled(&enrol);
	free(reply);
}

static int
note_fact(struct ck_visit *v, const char *name, const char *text, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact(name, "yes", 0);

	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_DONE, .text = text, .ledger = true, .facts = &f, .n_facts = 1 },
	    err);
}

static int
sweep(struct ck_visit *v, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = ck_visit_id(v, id);

	ck_busy_key(v);
	if (n == 0 ||
	    ck_token_remove(
		v->token, id, n, CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, err) == -1 ||
	    note_fact(v, "swept", "new pair swept", err) == -1)
		return -1;
	ck_visit_did(v, "swept", NULL);
	return 0;
}

/* What the desk knows of our lease: 1 there is something to release, 0 nothing (never granted,
 * unknown to it, released before, another counter's by now and the pair stays on the key), -1. The
 * pair another counter goes on with is not swept from under it: LEASE_ELSEWHERE. A certificate that
 * was confirmed after all is put down as such: it stays, and so does its pair. */
static int
ask_desk(struct ck_visit *v, char id[CK_DESK_ID_MAX], struct ck_err *err)
{
	struct ck_lease *now = calloc(1, sizeof *now);
	int found = -1;

	if (now == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "lease");
		goto out;
	}
	if ((found = ck_lease_now(v, now, err)) != 1)
		goto out;
	snprintf(id, CK_DESK_ID_MAX, "%s", now->id);
	if (now->state == CK_BOUND_RELEASED)
		found = 0;
	else if (now->state == CK_BOUND_CONFIRMED)
		found = note_fact(v, "confirmed", "confirmed at the desk", err);
	else if (!ck_lease_is_ours(v, now))
		found = v->left_pair
			    ? 0
			    : ck_fail(err, CK_E_LEASE_ELSEWHERE, "%s %s", now->kiosk, now->record);
out:
	free(now);
	return found;
}

/* People ask first what becomes of their money. */
static void
tell_order(struct ck_visit *v, const struct ck_order_back *order)
{
	if (order->id[0] == '\0')
		return;
	if (order->state == CK_ORDER_PAID)
		ck_visit_did(v, "order-paid", "{s:s}", "order", order->id);
	else if (order->state == CK_ORDER_REFUND)
		ck_visit_did(v, "order-refund", "{s:s}", "order", order->id);
	else
		ck_visit_did(v, "order-refunded", "{s:s}", "order", order->id);
}

static int
give_back(struct ck_visit *v, const char *why, struct ck_err *err)
{
	char lease[CK_DESK_ID_MAX] = "";
	struct ck_order_back order;
	int found;

	if ((found = ask_desk(v, lease, err)) == -1)
		return -1;
	if (v->done.confirmed)
		return 0;
	if (found == 1) {
		turn_down(v, why);
		ck_busy_net(v);
		if (ck_desk_release(v->desk, lease, why, &order, err) == -1)
			return -1;
		ck_visit_did(v, "released", "{s:s}", "lease", lease);
		tell_order(v, &order);
	}
	return note_fact(v, "released", "nothing is held at the desk", err);
}

/* no error's name: somebody or nobody wanted it */
static bool
no_failure(const struct ck_visit *v)
{
	static const char *const reasons[] = { CK_ASKED_FOR, CK_GIVEN_BACK_ELSEWHERE,
		CK_NOBODY_CAME, CK_HELD_NO_MORE };
	const char *why = ck_record_text(v->record, 0, "abandon");

	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(why, reasons[i]) == 0)
			return true;
	return false;
}

static int
close_record(struct ck_visit *v, const char *text, struct ck_err *err)
{
	/* nothing was made on the key and nobody asked for it: to the customer it is a refusal */
	bool given_up = v->done.newkey_made || no_failure(v);
	char listed[CK_LEFT_MAX];

	json_decref(v->left);
	v->left = ck_leftovers(v);
	ck_left_text(v->left, text, listed);
	if (ck_end_record(v, CK_AT_ABANDON, given_up ? CK_RECORD_ABANDONED : CK_RECORD_REFUSED,
		listed, err) == -1)
		return -1;
	if (given_up)
		ck_visit_did(v, "abandoned", "{s:s}", "record", ck_record_head(v->record)->number);
	return 0;
}

/* One part a call, in the order of plan.c; what is left of it after the key part closes. */
enum ck_turn
ck_at_abandon(struct ck_visit *v, struct ck_err *err)
{
	const char *why = ck_record_text(v->record, 0, "abandon");
	bool back = ck_abandon_gives_back(&v->done);
	const char *text = !back	  ? "ended after confirmation; the new certificate stays"
			   : v->left_pair ? "given back; the new pair is left on the key"
					  : "given back";

	if (back && (v->done.lease_meant || v->done.leased) && !v->done.released)
		return give_back(v, why, err) == 0 ? CK_GO : CK_STOP;
	if (back && v->done.newkey_meant && !v->done.swept && !v->left_pair)
		return sweep(v, err) == 0 ? CK_GO : CK_STOP;
	return close_record(v, text, err) == 0 ? CK_GO : CK_STOP;
}
