/* A record that stands still: why, how long it may, and what is left when nobody comes back for it.
 */
#ifndef CK_PARKED_H
#define CK_PARKED_H

#include <jansson.h>

#include "walk/visit.h"

/* why (tui/words: waits.*) */
#define CK_WAITS_AUTHORITY "authority"	   /* the CA works on it */
#define CK_WAITS_LINE "line"		   /* CA or desk could not be reached */
#define CK_WAITS_PERSON "person"	   /* for the person and the key */
#define CK_WAITS_CERTIFICATE "certificate" /* the same, and the certificate is on record */
#define CK_WAITS_ELSEWHERE "elsewhere"	   /* another counter goes on with it */
/* for what the desk wants first (steps.h) */
#define CK_WAITS_UNPAID "unpaid"
#define CK_WAITS_TRANSFER "transfer-pending"
#define CK_WAITS_IDENTITY "identity-pending"
#define CK_WAITS_PAPERS "papers-pending"
#define CK_WAITS_REVIEW "in-review"
#define CK_WAITS_REJECTED "rejected"
#define CK_WAITS_ABANDON "abandon" /* given back; the key is needed to sweep what is on it */

/* The moment from which nobody is waited for any more; 0: there is none. A clock that was wrong
 * when the record was last touched does not bring it nearer. */
int64_t ck_deadline(const struct ck_record_head *, int days, int64_t now);

/* What the record leaves undone, most of it on the key: an array of objects, each with "what":
 *   pair         made or perhaps made; "id", "label" of the key
 *   certificate  written or perhaps written under that id; "serial"
 *   pin          nobody knows whether it is the envelope password
 *   pin-kept     it is the former one, where it should have become the envelope password
 *   old          the old certificate and pair, whole or in part
 *   form         was not made
 *   envelope     "serial"; it may be used again, or its password may be the PIN */
json_t *ck_leftovers(const struct ck_visit *);

/* "TEXT: pair=ID certificate=SERIAL pin", for the record and the ledger: no personal data, no
 * envelope's serial. */
#define CK_LEFT_MAX 256
void ck_left_text(const json_t *left, const char *text, char out[CK_LEFT_MAX]);

#endif
