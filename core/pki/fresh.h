/* Within pki: what a responder's answer and a revocation list have in common. */
#ifndef CK_PKI_FRESH_H
#define CK_PKI_FRESH_H

#include <openssl/asn1.h>

#include "pki/revocation.h"

/* thisUpdate and nextUpdate (may be NULL) against the clock; fills at and until. STATUS_STALE. */
int ck_fresh(const struct ck_answer *, const ASN1_TIME *from, const ASN1_TIME *until,
    struct ck_revocation *, struct ck_err *);

/* Revoked, or held, since then and for this CRLReason (-1: not said). */
void ck_revoked(struct ck_revocation *, const ASN1_TIME *since, int reason);

#endif
