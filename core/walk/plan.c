#include "walk/plan.h"

#include <string.h>

static const char *const names[] = {
	[CK_AT_KEY] = "key",
	[CK_AT_CERT] = "cert",
	[CK_AT_ELIGIBLE] = "eligible",
	[CK_AT_CONSENT] = "consent",
	[CK_AT_UNLOCK] = "unlock",
	[CK_AT_AUTHORISE] = "authorise",
	[CK_AT_APPLICANT] = "applicant",
	[CK_AT_FORM_BEFORE] = "form-before",
	[CK_AT_PAPERS] = "papers",
	[CK_AT_IDENTITY] = "identity",
	[CK_AT_PAY] = "pay",
	[CK_AT_REVIEW] = "review",
	[CK_AT_NEWKEY] = "newkey",
	[CK_AT_REQUEST] = "request",
	[CK_AT_ISSUE] = "issue",
	[CK_AT_INSTALL] = "install",
	[CK_AT_CONFIRM] = "confirm",
	[CK_AT_SEAL] = "seal",
	[CK_AT_PIN] = "pin",
	[CK_AT_RETIRE] = "retire",
	[CK_AT_FORM] = "form",
	[CK_AT_CLOSE] = "close",
	[CK_AT_ABANDON] = "abandon",
	[CK_AT_END] = "end",
};

const char *
ck_station_name(enum ck_station s)
{
	return names[s];
}

enum ck_station
ck_station_from(const char *name)
{
	for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return (enum ck_station)i;
	return CK_AT_KEY;
}

bool
ck_wants_authority(const struct ck_progress *p, const struct ck_rules *r)
{
	return !p->confirmed || (r->pin_changes && !p->pin_settled);
}

bool
ck_abandon_gives_back(const struct ck_progress *p)
{
	return !p->confirmed;
}

bool
ck_abandon_wants_key(const struct ck_progress *p)
{
	bool sweep = ck_abandon_gives_back(p) && p->newkey_meant && !p->swept;
	bool settle = p->pin_meant && !p->pin_settled;
	bool finish = (p->retire_meant || p->naming_meant) && !p->retired;

	return sweep || settle || finish;
}

/* The desk first: it knows whether the certificate was confirmed after all, and what was issued
 * must end even when the key never comes back. Then the key: a half-retired pair is retired, a
 * half-made one swept. */
static enum ck_station
next_of_abandon(const struct ck_progress *p, const struct ck_seen *seen)
{
	bool retire = (p->retire_meant || p->naming_meant) && !p->retired;

	if (ck_abandon_gives_back(p) && (p->lease_meant || p->leased) && !p->released)
		return CK_AT_ABANDON;
	if (!ck_abandon_wants_key(p))
		return CK_AT_ABANDON;
	if (!seen->key)
		return CK_AT_KEY;
	if (retire && !seen->cert)
		return CK_AT_CERT;
	if (!seen->unlocked)
		return CK_AT_UNLOCK;
	if (p->pin_meant && !p->pin_settled)
		return CK_AT_PIN;
	return retire ? CK_AT_RETIRE : CK_AT_ABANDON;
}

/* What is to be signed and sealed has to be on paper first. */
static enum ck_station
next_due(const struct ck_progress *p, const struct ck_rules *r)
{
	bool form = r->form_before && p->form_due && !p->formed;

	return p->due == CK_AT_PAPERS && form ? CK_AT_FORM_BEFORE : p->due;
}

enum ck_station
ck_next(const struct ck_progress *p, const struct ck_rules *r, const struct ck_seen *seen)
{
	if (p->closed)
		return CK_AT_END;
	if (p->abandon_meant)
		return next_of_abandon(p, seen);
	if (!seen->key)
		return CK_AT_KEY;
	if (!seen->cert)
		return CK_AT_CERT;
	if (!p->begun)
		return CK_AT_ELIGIBLE;
	if (p->retired && (!r->form || p->formed))
		return CK_AT_CLOSE;
	/* once the new certificate is in use there is nothing left to agree to */
	if (r->consent && !p->confirmed && !(p->consented && seen->consented))
		return CK_AT_CONSENT;
	if (!seen->unlocked)
		return CK_AT_UNLOCK;
	if (p->retired)
		return CK_AT_FORM;
	if (!p->leased || (!seen->authorised && ck_wants_authority(p, r)))
		return CK_AT_AUTHORISE;
	/* a step that passed stays so: once the request is bound all of them have */
	if (p->due != CK_AT_KEY && !p->requested)
		return next_due(p, r);
	if (!p->newkey_made)
		return CK_AT_NEWKEY;
	if (!p->requested)
		return CK_AT_REQUEST;
	if (!p->issued)
		return CK_AT_ISSUE;
	if (!p->installed)
		return CK_AT_INSTALL;
	if (!p->confirmed)
		return CK_AT_CONFIRM;
	if (r->seal && !p->sealed)
		return CK_AT_SEAL;
	if (r->pin_changes && !p->pin_settled)
		return CK_AT_PIN;
	return CK_AT_RETIRE;
}

enum ck_station
ck_stopped_at(const struct ck_progress *p, const struct ck_rules *r)
{
	static const struct ck_seen all = {
		.key = true, .cert = true, .unlocked = true, .authorised = true, .consented = true
	};

	return ck_next(p, r, &all);
}

/* Of the stations this policy switches off, how many are before s? */
static int
missing_before(enum ck_station s, const struct ck_rules *r)
{
	const struct {
		enum ck_station at;
		bool there;
	} optional[] = {
		{ CK_AT_CONSENT, r->consent },
		{ CK_AT_APPLICANT, r->applicant },
		{ CK_AT_FORM_BEFORE, r->form_before },
		{ CK_AT_PAPERS, r->papers },
		{ CK_AT_IDENTITY, r->identity },
		{ CK_AT_PAY, r->pay },
		{ CK_AT_REVIEW, r->review },
		{ CK_AT_SEAL, r->seal },
		{ CK_AT_PIN, r->pin_changes },
		{ CK_AT_FORM, r->form },
	};
	int n = 0;

	for (size_t i = 0; i < sizeof optional / sizeof *optional; i++)
		n += s > optional[i].at && !optional[i].there;
	return n;
}

int
ck_step_of(enum ck_station s, const struct ck_rules *r, int *of)
{
	*of = CK_AT_CLOSE + 1 - missing_before(CK_AT_CLOSE, r);
	return s > CK_AT_CLOSE ? *of : (int)s + 1 - missing_before(s, r);
}
