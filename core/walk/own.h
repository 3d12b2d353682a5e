/*
 * What a key's owner may have done at the counter besides a renewal: the PIN changed, the public
 * certificates taken along, what the CA says of them, what is wrong with it put right. Each says
 * its rows and its "end" itself and leaves nothing behind but a line of the ledger where the key
 * was changed.
 */
#ifndef CK_OWN_H
#define CK_OWN_H

#include <jansson.h>

#include "walk/visit.h"

enum ck_outcome ck_own_pin(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_own_export(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_own_status(const struct ck_site *, struct ck_link *, const json_t *order);
enum ck_outcome ck_own_doctor(const struct ck_site *, struct ck_link *, const json_t *order);

/* ---- what they share (own.c) ---- */

/* A visit without system and record: the store is open, the wish and the clerk are those of the
 * order. NULL with the cause. */
struct ck_visit *ck_own_begin(
    const struct ck_site *, struct ck_link *, const json_t *order, struct ck_err *);
/* Lets go of everything, then says the end. */
enum ck_outcome ck_own_end(
    struct ck_visit *, struct ck_link *, enum ck_outcome, const struct ck_err *);

/* A renewal whose own PIN change hangs in the air is settled by a clerk first (station unlock):
 * PIN_UNSETTLED with its number. name: as ck_key_name makes it. renewing: the number of an open
 * renewal that made a pair, or empty. */
int ck_own_pin_settled(
    struct ck_visit *, const char *name, char renewing[CK_NUMBER_MAX], struct ck_err *);

/* Each certificate on the key that was asked for, by the hash in v->wish.cert or all of them; each
 * returns -1 to stop. NO_CERT when there is none. */
struct ck_own_cert {
	const unsigned char *der;
	size_t n;
	struct ck_cert_facts facts;
	enum ck_has has_private;
};
int ck_own_each_cert(struct ck_visit *,
    int (*each)(struct ck_visit *, void *u, const struct ck_own_cert *, struct ck_err *), void *u,
    struct ck_err *);
/* Was it signed by one of the issuers in this file of the system's? */
int ck_own_signed_by(const struct ck_site_system *, const char *file, const struct ck_own_cert *,
    bool *yes, struct ck_err *err);

#endif
