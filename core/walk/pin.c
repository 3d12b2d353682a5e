/*
 * Station pin: on behalf, the key's PIN becomes the envelope password. Both were typed in this
 * visit and proved in this engine: the PIN by the key, the password by the desk. Once the change is
 * sent and no answer comes, only a person may say which of the two is tried next (station unlock).
 */
#include "base/log.h"
#include "walk/visit.h"

/* The key has said no and changed nothing. */
static bool
surely_unchanged(enum ck_code code)
{
	return code == CK_E_PIN_REFUSED || code == CK_E_PIN_LENGTH;
}

static int
settle(struct ck_visit *v, const char *how, const char *text, struct ck_err *err)
{
	struct ck_fact pin = ck_text_fact("pin", how, 0);

	return ck_visit_note(v,
	    &(struct ck_note){
		.mark = CK_DONE, .text = text, .ledger = true, .facts = &pin, .n_facts = 1 },
	    err);
}

/* For the CA's hotline only; the renewal does not depend on it. */
static void
tell_desk(struct ck_visit *v)
{
	struct ck_err no = { 0 };
	struct ck_cert_facts facts;
	const unsigned char *cert;
	size_t n = 0;

	cert = ck_record_get(v->record, 0, "new-cert", &n);
	ck_busy_net(v);
	if (ck_cert_read(cert, n, &facts, &no) == -1 ||
	    ck_desk_ack(v->desk, v->lease.id, facts.sha256, "changed", &no) == -1)
		ck_log_err(CK_LOG_WARN, "the desk was not told of the new PIN", &no);
}

enum ck_turn
ck_at_pin(struct ck_visit *v, struct ck_err *err)
{
	struct ck_fact intent = ck_text_fact("pin-intent", "yes", 0);
	struct ck_err no = { 0 };
	struct ck_tries tries;

	if (v->done.abandon_meant) /* giving up: which PIN holds is known since unlock */
		return settle(v, "unchanged", "PIN unchanged", err) == 0 ? CK_GO : CK_STOP;
	/* changed before an interruption, perhaps at another counter: the key took it at unlock */
	if (ck_secret_same(v->pin, v->password)) {
		if (settle(v, "changed", "PIN was changed", err) == -1)
			return CK_STOP;
		ck_visit_did(v, "pin-settled", NULL);
		return CK_GO;
	}
	if (ck_visit_note(v,
		&(struct ck_note){ .mark = CK_INTENT,
		    .text = "PIN becomes the envelope password",
		    .ledger = true,
		    .facts = &intent,
		    .n_facts = 1 },
		err) == -1)
		return CK_STOP;
	ck_busy_key(v);
	if (ck_token_set_pin(v->token, v->pin, v->password, &tries, &no) == -1) {
		if (!surely_unchanged(no.code)) {
			*err = no;
			return CK_STOP;
		}
		if (settle(v, "unchanged", "PIN unchanged: the key refused the new one", err) == -1)
			return CK_STOP;
		ck_visit_did(v, "pin-unchanged", "{s:s}", "why", no.detail);
		return CK_GO;
	}
	if (settle(v, "changed", "PIN changed", err) == -1)
		return CK_STOP;
	ck_visit_did(v, "pin-changed", NULL);
	tell_desk(v);
	return CK_GO;
}
