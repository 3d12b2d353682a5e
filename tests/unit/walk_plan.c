/* ck_next() tried on every combination that a record can hold and an engine can have seen, under
 * each policy; judged by the promises, not by a copy of the code. That they come to an end:
 * walk_reach.c. */
#include "t.h"

#include "walk/plan.h"

struct tally {
	long tried, bad;
};
#define NEVER 18 /* promises */
#define BITS 17	 /* of a record, besides its seal */

static const enum ck_station dues[] = { CK_AT_KEY, CK_AT_APPLICANT, CK_AT_PAPERS, CK_AT_IDENTITY,
	CK_AT_PAY, CK_AT_REVIEW };
#define DUES (sizeof dues / sizeof *dues)

static struct ck_progress
progress_of(unsigned bits, enum ck_station due, bool form_due)
{
	return (struct ck_progress){
		.due = due,
		.form_due = form_due,
		.begun = bits & 1,
		.leased = bits >> 1 & 1,
		.newkey_meant = bits >> 2 & 1,
		.newkey_made = bits >> 3 & 1,
		.requested = bits >> 4 & 1,
		.issued = bits >> 5 & 1,
		.installed = bits >> 6 & 1,
		.confirmed = bits >> 7 & 1,
		.pin_meant = bits >> 8 & 1,
		.pin_settled = bits >> 9 & 1,
		.retire_meant = bits >> 10 & 1,
		.retired = bits >> 11 & 1,
		.abandon_meant = bits >> 12 & 1,
		.released = bits >> 13 & 1,
		.swept = bits >> 14 & 1,
		.formed = bits >> 15 & 1,
		.consented = bits >> 16 & 1,
		.sealed = bits >> 17 & 1,
	};
}

/* what a record may be at all: each place to stand rests on the one before */
static bool
possible(const struct ck_progress *p, const struct ck_rules *r)
{
	return (p->leased || p->due == CK_AT_KEY) && (!p->form_due || p->due == CK_AT_PAPERS) &&
	       (p->begun || !p->leased) && (p->leased || !p->newkey_meant) &&
	       (p->newkey_meant || !p->newkey_made) && (p->newkey_made || !p->requested) &&
	       (p->requested || !p->issued) && (p->issued || !p->installed) &&
	       (p->installed || !p->confirmed) && (p->confirmed || !p->pin_meant) &&
	       (p->confirmed || !p->sealed) && (r->seal || !p->sealed) &&
	       (!r->seal || p->sealed || (!p->pin_meant && !p->retire_meant)) &&
	       (p->pin_meant || !p->pin_settled) && (r->pin_changes || !p->pin_meant) &&
	       (!p->retire_meant || (p->confirmed && (p->pin_settled || !r->pin_changes))) &&
	       (p->retire_meant || !p->retired) &&
	       (p->abandon_meant || (!p->released && !p->swept)) && (p->leased || !p->released) &&
	       (p->newkey_meant || !p->swept) && (p->released || !p->swept) &&
	       ((p->retired && r->form) || (p->leased && r->form_before) || !p->formed) &&
	       ((p->begun && r->consent) || !p->consented) &&
	       (p->consented || !r->consent || !p->leased);
}

static bool
needs_login(enum ck_station s)
{
	return s >= CK_AT_AUTHORISE && s <= CK_AT_FORM;
}

static void
judge(const struct ck_progress *p, const struct ck_rules *r, const struct ck_seen *seen,
    struct tally never[NEVER])
{
	enum ck_station s = ck_next(p, r, seen);
	bool bad[NEVER] = {
		s == CK_AT_PIN && !p->confirmed,
		s == CK_AT_RETIRE && (!p->confirmed || (r->pin_changes && !p->pin_settled)),
		s == CK_AT_NEWKEY && p->newkey_made,
		needs_login(s) && !(seen->key && seen->unlocked &&
				      (seen->cert || (p->abandon_meant && s != CK_AT_RETIRE))),
		p->abandon_meant && s != CK_AT_ABANDON && s > CK_AT_UNLOCK && s != CK_AT_PIN &&
		    !(s == CK_AT_RETIRE && p->retire_meant),
		s == CK_AT_ISSUE && (p->issued || !p->requested),
		p->abandon_meant && p->leased && !p->confirmed && !p->released &&
		    s != CK_AT_ABANDON,
		s == CK_AT_FORM && (p->formed || !r->form || !p->retired || p->abandon_meant),
		s == CK_AT_CLOSE && r->form && !p->formed,
		s == CK_AT_CONSENT && (!r->consent || !p->begun || p->abandon_meant),
		s == CK_AT_CONSENT && (p->confirmed || (p->consented && seen->consented)),
		r->consent && !p->abandon_meant && !p->confirmed && s > CK_AT_CONSENT &&
		    s < CK_AT_CLOSE && !(p->consented && seen->consented),
		r->consent && !p->abandon_meant && p->begun && !p->confirmed && seen->key &&
		    seen->cert && !seen->consented && s != CK_AT_CONSENT,
		(s == CK_AT_NEWKEY || s == CK_AT_REQUEST) && p->due != CK_AT_KEY && !p->requested,
		s >= CK_AT_APPLICANT && s <= CK_AT_REVIEW &&
		    (p->abandon_meant || p->requested ||
			(s != p->due && !(s == CK_AT_FORM_BEFORE && p->due == CK_AT_PAPERS))),
		r->form_before && ((s == CK_AT_FORM_BEFORE && (p->formed || !p->form_due)) ||
				      (s == CK_AT_PAPERS && p->form_due && !p->formed)),
		s == CK_AT_SEAL && (!r->seal || p->sealed || !p->confirmed || p->abandon_meant),
		r->seal && !p->sealed && !p->abandon_meant && s >= CK_AT_PIN && s <= CK_AT_CLOSE,
	};
	int i;

	for (i = 0; i < NEVER; i++) {
		never[i].tried++;
		never[i].bad += bad[i];
	}
}

static void
try_sights(const struct ck_progress *p, const struct ck_rules *r, struct tally never[NEVER])
{
	for (unsigned sight = 0; sight < 32; sight++) {
		struct ck_seen seen = { sight & 1, sight >> 1 & 1, sight >> 2 & 1, sight >> 3 & 1,
			sight >> 4 & 1 };

		judge(p, r, &seen, never);
	}
}

static void
half_named(void)
{
	struct ck_progress p = {
		.begun = true, .confirmed = true, .abandon_meant = true, .naming_meant = true
	};
	struct ck_rules stays = { .envelope = true };
	struct ck_seen seen = { true, true, true, true, true };

	T(ck_next(&p, &stays, &seen) == CK_AT_RETIRE && ck_abandon_wants_key(&p),
	    "giving up does not leave a pair under two ids");
	p.retired = true;
	T(ck_next(&p, &stays, &seen) == CK_AT_ABANDON, "and then ends");
}

static void
stopped(void)
{
	struct ck_progress p = { .begun = true };
	struct ck_rules terms = { .consent = true };

	T(ck_stopped_at(&p, &terms) == CK_AT_CONSENT, "who has not agreed stopped there");
	p.consented = true;
	T(ck_stopped_at(&p, &terms) == CK_AT_AUTHORISE, "who has, further on");
	p.leased = true;
	p.due = CK_AT_PAY;
	T(ck_stopped_at(&p, &terms) == CK_AT_PAY, "who has not paid, there");
	p.due = CK_AT_PAPERS;
	p.form_due = terms.form_before = true;
	T(ck_stopped_at(&p, &terms) == CK_AT_FORM_BEFORE, "what is to be stamped is printed first");
	p.formed = true;
	T(ck_stopped_at(&p, &terms) == CK_AT_PAPERS, "and then waited for");
}

static void
steps(void)
{
	struct ck_rules stays = { .envelope = true };
	struct ck_rules changes = { .envelope = true, .pin_changes = true };
	struct ck_rules paper = { .envelope = true, .pin_changes = true, .form = true };
	struct ck_rules self = { .envelope = true, .form = true };
	struct ck_rules terms = {
		.envelope = true, .pin_changes = true, .form = true, .consent = true
	};
	struct ck_rules shop = { .applicant = true, .pay = true };
	struct ck_rules all = { .consent = true,
		.form_before = true,
		.applicant = true,
		.papers = true,
		.identity = true,
		.pay = true,
		.review = true };
	int of;

	T(ck_step_of(CK_AT_KEY, &changes, &of) == 1 && of == 13, "13 steps when the PIN changes");
	T(ck_step_of(CK_AT_CLOSE, &changes, &of) == 13, "close is the last of 13");
	T(ck_step_of(CK_AT_RETIRE, &stays, &of) == 11 && of == 12,
	    "retire is 11 of 12 when it stays");
	T(ck_step_of(CK_AT_CLOSE, &stays, &of) == 12, "close is the last of 12");
	T(ck_step_of(CK_AT_FORM, &paper, &of) == 13 && of == 14, "with a form there is one more");
	T(ck_step_of(CK_AT_CLOSE, &paper, &of) == 14, "close is the last of 14");
	T(ck_step_of(CK_AT_FORM, &self, &of) == 12 && of == 13, "form is 12 of 13 when it stays");
	T(ck_step_of(CK_AT_CONSENT, &terms, &of) == 4 && of == 15, "consent is 4 of 15");
	T(ck_step_of(CK_AT_UNLOCK, &terms, &of) == 5, "and unlock the fifth");
	T(ck_step_of(CK_AT_UNLOCK, &paper, &of) == 4 && of == 14, "which is the fourth without");
	T(ck_step_of(CK_AT_PAY, &shop, &of) == 7 && of == 14, "paying is 7 of 14");
	T(ck_step_of(CK_AT_NEWKEY, &shop, &of) == 8, "and the pair the eighth");
	T(ck_step_of(CK_AT_REVIEW, &all, &of) == 12 && of == 19, "review is 12 of 19");
	changes.seal = true;
	T(ck_step_of(CK_AT_SEAL, &changes, &of) == 11 && of == 14, "the seal is 11 of 14");
	T(ck_step_of(CK_AT_PIN, &changes, &of) == 12, "and comes before the PIN");
}

int
main(void)
{
	static const char *const names[NEVER] = {
		"the PIN never changes before the CA confirmed",
		"the old pair never goes before confirm and PIN are settled",
		"never a second pair for one record",
		"nothing that needs the login before it",
		"giving up does nothing but unlock, settle, end a retirement and give back",
		"nothing is issued twice, nor before the request is bound",
		"giving up asks the desk before it touches the key",
		"never a second form, and none before the renewal is done",
		"nothing is closed before its form is kept, or known not to be",
		"consent is asked for where documents are, of a record, and of nobody who gives up",
		"nor twice for the same, nor once the certificate is in use",
		"no PIN before everything was agreed to",
		"a document that changed is asked about before all else",
		"no pair and no request before all the desk wants has passed",
		"the desk's steps only as it asks for them, of nobody who gives up, nor once bound",
		"a form that is wanted on paper is made once, and before the papers",
		"a seal once, of a certificate in use, and of nobody who gives up",
		"before the PIN changes, and before anything old goes",
	};
	struct tally never[NEVER] = { { 0, 0 } };
	long records = 0;
	unsigned bits, rule, due;
	int i;

	for (rule = 0; rule < 64; rule++)
		for (due = 0; due <= DUES; due++)
			for (bits = 0; bits < 1u << (BITS + (rule >> 5)); bits++) {
				/* the last time round: papers, and our form among them */
				bool form_due = due == DUES;
				struct ck_rules r = { .envelope = rule & 1,
					.pin_changes = (rule & 3) == 3,
					.form = (rule & 20) == 4,
					.form_before = (rule & 20) == 20,
					.consent = rule & 8,
					.seal = rule & 32 };
				struct ck_progress p = progress_of(
				    bits, form_due ? CK_AT_PAPERS : dues[due], form_due);

				if (!possible(&p, &r) || (rule & 20) == 16)
					continue;
				records++;
				try_sights(&p, &r, never);
			}
	for (i = 0; i < NEVER; i++)
		T(never[i].tried > 1000 && never[i].bad == 0, "%s (%ld cases)", names[i],
		    never[i].tried);
	T(records > 50, "%ld records tried", records);
	half_named();
	stopped();
	steps();
	return T_END();
}
