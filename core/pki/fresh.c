#include "pki/fresh.h"

#include <openssl/x509v3.h>

#include "base/clock.h"
#include "pki/der.h"

/* CRLReason, RFC 5280 section 5.3.1; removeFromCRL stands in delta lists only */
static const char *const reasons[] = {
	[CRL_REASON_UNSPECIFIED] = "unspecified",
	[CRL_REASON_KEY_COMPROMISE] = "key-compromise",
	[CRL_REASON_CA_COMPROMISE] = "ca-compromise",
	[CRL_REASON_AFFILIATION_CHANGED] = "affiliation-changed",
	[CRL_REASON_SUPERSEDED] = "superseded",
	[CRL_REASON_CESSATION_OF_OPERATION] = "cessation",
	[CRL_REASON_PRIVILEGE_WITHDRAWN] = "privilege-withdrawn",
	[CRL_REASON_AA_COMPROMISE] = "aa-compromise",
};

static int
stale(const struct ck_answer *a, const char *what, int64_t time, struct ck_err *err)
{
	char then[CK_TIME_LEN] = "", now[CK_TIME_LEN] = "";

	ck_time_text(time, then);
	ck_time_text(a->now, now);
	return ck_fail(err, CK_E_STATUS_STALE, "%s %s; it is %s here", what, then, now);
}

int
ck_fresh(const struct ck_answer *a, const ASN1_TIME *from, const ASN1_TIME *until,
    struct ck_revocation *out, struct ck_err *err)
{
	if (ck_asn1_time(from, &out->at) != 0 ||
	    (until != NULL && ck_asn1_time(until, &out->until) != 0))
		return ck_fail(err, CK_E_STATUS_GARBAGE, "its time is none");
	if (out->at > a->now + a->tolerance)
		return stale(a, "of", out->at, err);
	/* without a nextUpdate newer word is to be had at any time (RFC 6960 section 4.2.2.1), so
	 * that only what was made for us now is not a replay */
	if (until == NULL && out->at < a->now - a->tolerance)
		return stale(a, "of", out->at, err);
	if (until != NULL && out->until < a->now - a->tolerance)
		return stale(a, "good until", out->until, err);
	return 0;
}

void
ck_revoked(struct ck_revocation *out, const ASN1_TIME *since, int reason)
{
	bool known = reason >= 0 && (size_t)reason < sizeof reasons / sizeof reasons[0];

	out->status = reason == CRL_REASON_CERTIFICATE_HOLD ? CK_STATUS_HELD : CK_STATUS_REVOKED;
	out->reason = known ? reasons[reason] : NULL;
	if (ck_asn1_time(since, &out->revoked_at) != 0)
		out->revoked_at = 0;
}
