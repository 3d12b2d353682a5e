/*
 * What the sandbox's CA publishes about its certificates: OCSP answers (RFC 6960) and revocation
 * lists (RFC 5280), out of the same books as the desk's word. Knobs, as in knob.h, for ocsp and
 * crl:
 *
 *   status.wrong   ocsp: signer nonce no-nonce other stale unknown garbage try-later
 *                        delegated not-delegated
 *                  crl:  signer stale garbage indirect delta piece other-piece
 *   status.reason  CRLReason of what is revoked; none: not said
 *   status.status  an HTTP status instead; 302 points at a file of this machine
 *   status.delay   milliseconds before anything
 *   status.endless a body that ends when the client does (counting)
 */
#ifndef SANDBOX_REVOKED_H
#define SANDBOX_REVOKED_H

#include "sandbox.h"

/* malloc'd DER (or what knobs make of it); NULL when the question is none */
unsigned char *sb_ocsp(struct sb *, const unsigned char *request, size_t n, size_t *out_n);
/* path: "g2" or "g3", the issuer's file below pki/; url: where it was asked for */
unsigned char *sb_crl(struct sb *, const char *issuer, const char *url, size_t *out_n);

#endif
