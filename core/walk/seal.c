/*
 * Station seal: the electronic seal that is renewed with the certificate. It has an end of its own:
 * whatever becomes of it the certificate stays, and the walk goes on. One that was not written
 * stays at the desk, and the doctor finds it there when the key comes back (doctor_seal.c).
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/log.h"
#include "walk/visit.h"

/* asked as often where no answer comes: both calls may be said again */
#define ATTEMPTS 2

static bool
is_silence(enum ck_code code)
{
	return code == CK_E_DESK_SLOW || code == CK_E_DESK_UNREACHABLE;
}

int
ck_seal_fetch(struct ck_visit *v, const char *lease, struct ck_seal *seal, struct ck_err *err)
{
	int r = -1;

	for (int i = 0; i < ATTEMPTS && r == -1; i++) {
		*err = (struct ck_err){ 0 };
		ck_busy_net(v);
		if (ck_visit_connect(v, err) == 0)
			r = ck_desk_seal(v->desk, lease, seal, err);
		if (r == -1 && !is_silence(err->code))
			break;
	}
	return r;
}

/* A desk that does not hear it believes the seal is still to be written; the next look at the key
 * says it again. */
void
ck_seal_tell(struct ck_visit *v, const char *lease, const struct ck_seal *seal, bool written)
{
	struct ck_err no = { 0 };

	for (int i = 0; i < ATTEMPTS; i++) {
		no = (struct ck_err){ 0 };
		ck_busy_net(v);
		if (ck_desk_seal_ack(v->desk, lease, seal->sha256, written, &no) == 0)
			return;
		if (!is_silence(no.code))
			break;
	}
	ck_log_err(CK_LOG_WARN, "the desk was not told of the seal", &no);
}

int
ck_seal_write(struct ck_visit *v, const struct ck_seal *seal, struct ck_err *err)
{
	const struct ck_data data = { seal->label, seal->bytes, seal->n };

	struct ck_err why = { 0 };

	ck_busy_key(v);
	if (ck_token_put_data(v->token, &data, &why) == 0)
		return 0;
	/* the certificate did find room */
	if (why.code == CK_E_KEY_FULL)
		why.code = CK_E_SEAL_NO_ROOM;
	return ck_fail_native(err, why.code, why.native, "%s", why.detail);
}

static int
note(struct ck_visit *v, enum ck_mark mark, const char *text, const struct ck_fact *facts, size_t n,
    struct ck_err *err)
{
	return ck_visit_note(v,
	    &(struct ck_note){ .item = CK_ITEM_SEAL,
		.mark = mark,
		.text = text,
		.ledger = true,
		.facts = facts,
		.n_facts = n },
	    err);
}

static enum ck_turn
settle(struct ck_visit *v, const char *how, const char *text, struct ck_err *err)
{
	struct ck_fact f = ck_text_fact("state", how, 0);

	return note(v, CK_DONE, text, &f, 1, err) == 0 ? CK_GO : CK_STOP;
}

/* Why a seal was not written is told by its name; the customer can do nothing about its detail. */
static enum ck_turn
settle_without(struct ck_visit *v, const struct ck_err *why, struct ck_err *err)
{
	const char *code = ck_err_fact((int)why->code)->name;
	struct ck_fact facts[] = { ck_text_fact("state", "not-written", 0),
		ck_text_fact("why", code, 0) };
	char text[96];

	ck_log_err(CK_LOG_WARN, "the seal", why);
	snprintf(text, sizeof text, "seal not written: %s", code);
	if (note(v, CK_DONE, text, facts, 2, err) == -1)
		return CK_STOP;
	ck_visit_did(v, "seal-not-written", "{s:s}", "code", code);
	return CK_GO;
}

static enum ck_turn
renew_seal(struct ck_visit *v, const char *lease, const struct ck_seal *seal, struct ck_err *err)
{
	char sha[2 * CK_HASH_LEN + 1], text[96];
	struct ck_err why = { 0 };
	struct ck_fact facts[2];

	ck_hex(seal->sha256, sizeof seal->sha256, sha);
	facts[0] = ck_text_fact("label", seal->label, CK_FACT_SEALED);
	facts[1] = ck_text_fact("sha256", sha, 0);
	snprintf(text, sizeof text, "seal: %.16s", sha);
	if (note(v, CK_INTENT, text, facts, 2, err) == -1)
		return CK_STOP;
	if (ck_seal_write(v, seal, &why) == -1) {
		/* the walk waits for a key that went; no other trouble of the seal is its own */
		if (why.code == CK_E_KEY_REMOVED || why.code == CK_E_NO_MEMORY) {
			*err = why;
			return CK_STOP;
		}
		ck_seal_tell(v, lease, seal, false);
		return settle_without(v, &why, err);
	}
	ck_seal_tell(v, lease, seal, true);
	if (settle(v, "written", "seal written, read back", err) == CK_STOP)
		return CK_STOP;
	ck_visit_did(v, "seal-written", "{s:s}", "label", seal->label);
	return CK_GO;
}

enum ck_turn
ck_at_seal(struct ck_visit *v, struct ck_err *err)
{
	char lease[CK_DESK_ID_MAX];
	struct ck_seal seal = { .n = 0 };
	struct ck_err why = { 0 };
	enum ck_turn turn;
	int there;

	/* what is borrowed of the record goes with its next line */
	snprintf(lease, sizeof lease, "%s", ck_record_text(v->record, 0, "lease"));
	there = ck_seal_fetch(v, lease, &seal, &why);
	turn = there == -1  ? settle_without(v, &why, err)
	       : there == 0 ? settle(v, "none", "no seal to be renewed", err)
			    : renew_seal(v, lease, &seal, err);
	free(seal.bytes);
	return turn;
}
