/* Leases: (order, envelope or download codes) <-> certificate <-> kiosk, record; <-> public key;
 * <-> new certificate. */
#ifndef SANDBOX_LEASE_H
#define SANDBOX_LEASE_H

#include <jansson.h>

#include "sandbox.h"

#define SB_LIVE_S 60 /* PROTOCOL.desk section 6: a holder that spoke within it keeps its lease */

struct sb_lease {
	char id[SB_ID_MAX], system[SB_ID_MAX], cert[SB_HEX_MAX], envelope[SB_ID_MAX];
	char order[SB_ID_MAX], way[16], clerk[SB_ID_MAX], kiosk[SB_ID_MAX], record[SB_ID_MAX];
	char state[16]; /* nothing key issued confirmed released */
	char spki[SB_HEX_MAX], issued[SB_HEX_MAX], reference[SB_ID_MAX], secret[SB_ID_MAX];
	char download[SB_ID_MAX]; /* first of the codes */
	int64_t quoted, seen;
	bool withdrawn; /* what was issued first was turned down: another key may be bound */
};

/* where: the rest of a SELECT, "id=?", with types and values as in db.h. 1, 0, -1. The newest one,
 * released ones last. */
int sb_lease_find(sqlite3 *, struct sb_lease *, const char *where, const char *value);
int sb_lease_for(
    sqlite3 *, const char *cert, const char *envelope, const char *download, struct sb_lease *);
/* the one this visit was granted, whoever holds it now */
int sb_lease_of_visit(sqlite3 *, const char *kiosk, const char *record, struct sb_lease *);
/* It was granted to, or handed over to, whom it names. */
int sb_lease_held(sqlite3 *, const struct sb_lease *);
/* Insert or write back all of it. */
int sb_lease_put(sqlite3 *, const struct sb_lease *);
/* The fields PROTOCOL.desk calls LEASE, set in out. */
int sb_lease_say(sqlite3 *, const struct sb_lease *, json_t *out);
/* Revoke what was issued under it and forget it. */
int sb_lease_withdraw(sqlite3 *, struct sb_lease *, int64_t now);

#endif
