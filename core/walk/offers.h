/*
 * What this site can do for a key that was put in, before any PIN: which system of the site would
 * renew each of its certificates, and when; whose record waits for it? Rules,
 * issuers and store are read once, so that the answer stands on the screen with the certificates.
 */
#ifndef CK_OFFERS_H
#define CK_OFFERS_H

#include <jansson.h>

#include "certkiosk/token.h"
#include "base/site.h"

/* certificates of a key that are judged, from the first on: none has more, and a row has an end */
#define CK_OFFERS_CERTS 24

struct ck_offers;

/* A system whose rules or issuers can't be read offers nothing. NO_MEMORY. */
int ck_offers_open(const struct ck_site *, struct ck_offers **, struct ck_err *);
void ck_offers_close(struct ck_offers *);
/* Why a system offers nothing; NULL: it does. i counts the site's. */
const struct ck_err *ck_offers_trouble(const struct ck_offers *, size_t i);
/* the site itself, for people */
json_t *ck_offers_site(const struct ck_offers *);

/* Bytes a PIN of a key with these on it may have, by the strictest of the systems whose issuers
 * signed one of them; 0: none of them says. */
int ck_offers_pin_max(const struct ck_offers *, const struct ck_entries *);

/* Adds to the row of this key: "record", "notices", and to its entries "systems", "unique_id",
 * "server". -1: records can't be read, all else is there. */
int ck_offers_add(struct ck_offers *, const struct ck_token_info *, const struct ck_entries *,
    json_t *row, struct ck_err *);

#endif
