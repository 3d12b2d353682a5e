/* Station eligible: may this certificate be renewed here and now? The verdict is frozen in the
 * record that begins with it and is not judged again. */
#include <stdlib.h>

#include "base/clock.h"
#include "walk/find.h"
#include "walk/paper.h"

static int
judge(const struct ck_visit *v, int64_t at, struct ck_verdict *verdict, struct ck_err *err)
{
	char first[CK_DATE_LEN], last[CK_DATE_LEN], end[CK_TIME_LEN];

	(v->rules.download ? ck_policy_judge_download : ck_policy_judge)(
	    &v->policy, &v->old.facts, (struct ck_moment){ .at = at }, verdict);
	ck_date_text(verdict->first_day, first);
	ck_date_text(verdict->last_day, last);
	switch (verdict->code) {
	case CK_E_NONE:
		return 0;
	case CK_E_TOO_LATE:
		if (ck_ca_way_signs(v->policy.enrol)) {
			ck_time_text(v->old.facts.not_after, end);
			return ck_fail(err, CK_E_OLD_EXPIRED, "%s", end);
		}
		/* fall through */
	case CK_E_TOO_EARLY:
		return ck_fail(err, verdict->code, "%s - %s", first, last);
	default:
		return ck_fail(err, verdict->code, "%s", v->old.facts.name);
	}
}

/* Refusals that no clock can change are given without asking anybody. */
static bool
timeless(enum ck_code code)
{
	return code == CK_E_SERVER_CERT || code == CK_E_CLASS_NOT_SERVED ||
	       code == CK_E_OTHER_SYSTEM;
}

/* Its proofs would be signed with SM3, which no desk takes yet: said before a PIN is typed. */
static int
judge_pair(const struct ck_visit *v, struct ck_err *err)
{
	if (v->old.facts.alg != CK_ALG_SM2)
		return 0;
	return ck_fail(err, CK_E_KEY_UNSUITABLE, "%s: SM2", v->old.facts.name);
}

static int
judge_status(const struct ck_visit *v, const struct ck_lookup *look, struct ck_err *err)
{
	char at[CK_TIME_LEN];

	switch (look->status) {
	case CK_STATUS_GOOD:
		return 0;
	case CK_STATUS_REVOKED:
		ck_time_text(look->revoked_at, at);
		return ck_fail(err, CK_E_REVOKED, "%s", at);
	case CK_STATUS_HELD:
		return ck_fail(err, CK_E_REVOKED, "on hold");
	default:
		return ck_fail(err, CK_E_CERT_UNKNOWN, "%s", v->old.facts.serial);
	}
}

/* Begun in time at another counter: the verdict of that day stands. */
static int64_t
judged_at(const struct ck_lookup *look)
{
	int64_t now = ck_now();
	int64_t granted = look->n_leases > 0 ? look->leases[look->n_leases - 1].granted : 0;

	return granted > 0 && granted < now ? granted : now;
}

static int
begin(struct ck_visit *v, const struct ck_verdict *verdict, struct ck_err *err)
{
	char key[CK_KEY_NAME_MAX], at[CK_TIME_LEN];
	const char *clerk = v->clerk != NULL ? v->clerk->id : NULL;
	struct ck_fact facts[] = {
		{ .name = "old-cert",
		    .bytes = v->old.der,
		    .n = v->old.der_len,
		    .flags = CK_FACT_SEALED },
		{ .name = "old-id",
		    .bytes = v->rules.download ? NULL : v->old.id,
		    .n = v->old.id_len },
		ck_text_fact("verdict", verdict->rule, 0),
		{ .name = "verdict-at" },
		/* so that people can be told which key to look for; people's names are on keys */
		ck_text_fact("key-label", v->key.label, CK_FACT_SEALED),
		{ .name = "save-to", .flags = CK_FACT_SEALED },
		/* so that the record is found by it */
		ck_text_fact("holder", v->old.facts.name, CK_FACT_SEALED),
		{ .name = "batch" },
		/* so that no other key is begun with by the same codes */
		{ .name = "download", .flags = CK_FACT_SEALED | CK_FACT_HANDLE },
	};

	ck_key_name(&v->key, key);
	/* it may be there already: begun, and interrupted before the verdict was on it */
	if (v->record == NULL && ck_record_begin(v->store, v->system->id, ck_way_name(v->way),
				     clerk, key, &v->record, err) == -1)
		return -1;
	v->agreed = v->looked = true;
	ck_time_text(ck_now(), at);
	facts[3] = ck_text_fact("verdict-at", at, 0);
	if (v->wish.save_to != NULL)
		facts[5] = ck_text_fact("save-to", v->wish.save_to, CK_FACT_SEALED);
	if (v->wish.batch != NULL)
		facts[7] = ck_text_fact("batch", v->wish.batch, 0);
	if (v->rules.download)
		facts[8] = ck_text_fact("download", v->reference, facts[8].flags);
	return ck_visit_note(v,
	    &(struct ck_note){ .mark = CK_DONE,
		.text = v->rules.download ? "may be downloaded" : "may be renewed",
		.ledger = true,
		CK_FACTS(facts) },
	    err);
}

/* the slip at once: nobody can give it who was killed */
static void
tell(struct ck_visit *v, const struct ck_verdict *verdict)
{
	const char *record = ck_record_head(v->record)->number;
	char first[CK_DATE_LEN], last[CK_DATE_LEN], slip[CK_SLIP_MAX];

	ck_date_text(verdict->first_day, first);
	ck_date_text(verdict->last_day, last);
	if (v->rules.download)
		ck_visit_did(v, "may-download", "{s:s, s:s*}", "record", record, "slip",
		    ck_visit_slip(v, slip));
	else
		ck_visit_did(v, "eligible", "{s:s, s:s, s:s, s:s*}", "first_day", first, "last_day",
		    last, "record", record, "slip", ck_visit_slip(v, slip));
}

enum ck_turn
ck_at_eligible(struct ck_visit *v, struct ck_err *err)
{
	struct ck_lookup *look = NULL;
	struct ck_verdict verdict;
	struct ck_err refusal = { 0 };
	enum ck_turn turn = CK_STOP;

	if (judge(v, ck_now(), &verdict, &refusal) == -1 && timeless(refusal.code)) {
		*err = refusal;
		return CK_STOP;
	}
	/* what nobody can read nobody can agree to */
	if (judge_pair(v, err) == -1 || ck_consents_judge(&v->policy, err) == -1)
		return CK_STOP;
	if ((look = calloc(1, sizeof *look)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "look-up");
		goto out;
	}
	ck_busy_net(v);
	if (ck_visit_connect(v, err) == -1 ||
	    ck_desk_lookup(v->desk, v->old.der, v->old.der_len, look, err) == -1 ||
	    ck_visit_judge_clock(v, look->now, err) == -1 || ck_judge_meant(v, look, err) == -1 ||
	    judge_status(v, look, err) == -1 || judge(v, judged_at(look), &verdict, err) == -1)
		goto out;
	if ((turn = ck_take_over(v, look, err)) != CK_GO ||
	    (v->rules.download && (turn = ck_show_download(v, err)) != CK_GO))
		goto out;
	turn = CK_STOP;
	if (begin(v, &verdict, err) == -1)
		goto out;
	tell(v, &verdict);
	if (ck_form_foresee(v, err) == 0)
		turn = CK_GO;
out:
	/* no desk to be heard, but our own verdict stands: the person hears that */
	if (refusal.code != CK_E_NONE &&
	    (err->code == CK_E_DESK_UNREACHABLE || err->code == CK_E_DESK_SLOW))
		*err = refusal;
	free(look);
	return turn;
}
