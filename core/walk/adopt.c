/*
 * A lease that was handed over to us comes with what another counter (or a record we no longer
 * have) bound to it. Its pair is found on the key by the public key and becomes the record's;
 * request and certificate then follow at their own stations, which look before they act.
 */
#include <string.h>

#include "walk/visit.h"

/* A pair this record made itself: the authority binds to another one now, so nothing will ever be
 * issued for it. */
static int
sweep_own(struct ck_visit *v, const struct ck_entry *bound, struct ck_err *err)
{
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t n = ck_visit_id(v, id);

	if (n == 0 || (n == bound->id_len && memcmp(id, bound->id, n) == 0))
		return 0;
	ck_busy_key(v);
	return ck_token_remove(
	    v->token, id, n, CK_PART_CERT | CK_PART_PRIVATE | CK_PART_PUBLIC, err);
}

static int
note_pair(struct ck_visit *v, const struct ck_entry *bound, struct ck_err *err)
{
	bool pin = v->lease.state == CK_BOUND_CONFIRMED && v->lease.pin_changed;
	struct ck_fact facts[] = {
		{ .name = "new-id", .bytes = bound->id, .n = bound->id_len },
		{ .name = "new-spki", .bytes = bound->spki, .n = CK_HASH_LEN },
		{ .name = "csr" },
		{ .name = "bound" },
		{ .name = "new-cert" },
		{ .name = "new-serial" },
		{ .name = "installed" },
		ck_text_fact("pin", "changed", 0),
	};
	struct ck_note note = { .mark = CK_DONE,
		.text = "the pair on the key is taken over",
		.ledger = true,
		.facts = facts,
		.n_facts = sizeof facts / sizeof *facts - (pin ? 0 : 1) };

	if (ck_record_clear_tape(v->record, 0, err) == -1 || ck_visit_note(v, &note, err) == -1)
		return -1;
	ck_visit_did(v, "adopted", NULL);
	return 0;
}

int
ck_adopt(struct ck_visit *v, struct ck_err *err)
{
	struct ck_entries all = { .n = 0 };
	const struct ck_entry *bound;
	int r = -1;

	ck_busy_key(v);
	if (ck_token_list(v->token, &all, err) == -1)
		goto out;
	bound = ck_entry_of_spki(&all, v->lease.spki);
	if (bound == NULL || bound->has_private != CK_HAS_YES)
		ck_fail(err, CK_E_PAIR_ELSEWHERE, "%s %s", v->lease.kiosk, v->lease.record);
	else if (sweep_own(v, bound, err) == 0)
		r = note_pair(v, bound, err);
out:
	ck_entries_free(&all);
	return r;
}
