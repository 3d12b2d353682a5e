/*
 * Faults on demand. A knob is a file DIR/knobs/NAME, looked at anew by every request: a first line
 * with the value and, where it is for some times only, a second one with how many are left.
 *   counting knobs (lose-reply …)   value N = the next N times, "always"
 *   others (refuse, wrong, delay …)  until cleared, or as often as the second line says
 * What is said of cmp. is so of est. as well where it says "cmp/est".
 * NAME.CALL (desk.lose-reply.lease, cmp.lose-reply.certConf, est.status.cacerts) is for that call alone and goes first.
 *
 *   desk.  cmp/est lose-request   read, nothing done, the connection ends             (counting)
 *   desk.  cmp/est lose-reply     done, but the connection ends without an answer     (counting)
 *   desk.  cmp/est garbage        done, and answered with what means nothing          (counting)
 *   desk.  cmp/est cut            done, but the connection ends amid the answer       (counting)
 *   desk.  cmp/est doubled        done twice, byte for byte; the second one's answer  (counting)
 *   desk.  cmp/est stale          done, but answered with the answer before this one  (counting)
 *   desk.  cmp/est endless        not done; a body that ends when the client does     (counting)
 *   desk.  cmp/est delay          milliseconds before anything
 *   desk.  cmp/est status         an HTTP status instead of doing it; 503 says Retry-After: 1
 *   desk.  cmp.   refuse         the refusal's text; desk: "CODE:text" picks the code
 *   desk.         clock          seconds the desk's (and the CA's) clock is off
 *   desk.         quote          days the end it promises is off
 *   desk.         live           seconds a holder that spoke keeps its lease from others (60)
 *   desk.         no-tries       a wrong password is refused without tries_left      (counting)
 *   desk.         steps.SYSTEM   1: its leases from now on take an order and what belongs to it
 *   desk.         amount         fen a year costs, whatever the table says
 *   desk.         central        1: leases from now on are paid for by somebody else
 *   desk.         code-life      seconds until a payment's code, a link to a phone, an SMS is over (900)
 *   desk.         sms-again      seconds until the next SMS (60)
 *   desk.         refund         what a release makes of a paid order: refund, refunded (paid)
 *          cmp/est waiting        polls until a new transaction's certificate is there
 *          cmp.   check-after    seconds until the next poll (1)
 *          cmp/est approved       1: the next poll of a waiting transaction gets its certificate
 *          cmp/est crash          after-issue, before-reply: kill -9 of itself, once
 *          cmp/est wrong          key subject class issuer old-issuer short long notyet rogue-order
 *          cmp.   again          anew: a request that comes again gets a second certificate; refuse: its
 *                                transaction is in use
 *   wire.         FAULT          N: the N-th request from now on, whoever it is for, has the fault
 *                                lose-request, lose-reply, cut, doubled, stale, or crash (done, then
 *                                kill -9 of itself); DIR/hit says which it was
 *   tls.          newest        2: TLS 1.2 at most, on connections from now on
 *   tls.          oldest        3: TLS 1.3 at least
 *          est.   words         an answer of est.status is this in plain text, not the desk's JSON
 *          est.   retry-after   what Retry-After says, whatever it is (1)
 *          est.   shape         of certificates: 64 76 crlf spaces der pem trailing empty
 *          est.   encoding      what Content-Transfer-Encoding says (base64)
 *          est.   cacerts       of: old foreign, instead of who issues
 */
#ifndef SANDBOX_KNOB_H
#define SANDBOX_KNOB_H

#include <stdbool.h>
#include <stddef.h>

#include "sandbox.h"

#define SB_KNOB_MAX 1024 /* a refusal's text with all the marks that ought to be filtered */

/* Is it this request's turn? Counts down. */
bool sb_knob_due(struct sb *, const char *name, const char *call);
/* Counts down; true for the one asker with whom it reaches nothing. */
bool sb_knob_turn(struct sb *, const char *name);
/* The value; counts down the second line where there is one. */
bool sb_knob_text(struct sb *, const char *name, const char *call, char *out, size_t cap);
/* The value as a number without counting anything down. */
long sb_knob_number(struct sb *, const char *name, const char *call, long otherwise);

/* Has it this value? Then it is spent: it acts once. */
bool sb_knob_is(struct sb *, const char *name, const char *call, const char *value);

/* times 0: no second line */
int sb_knob_set(struct sb *, const char *name, const char *value, long times);
int sb_knob_clear(struct sb *, const char *name); /* NULL: all of them */

#endif
