/* The authority behind ca.h: what all ways to a certificate share, and the ways themselves. */
#ifndef CK_CA_INSIDE_H
#define CK_CA_INSIDE_H

#include <stdbool.h>
#include <openssl/x509.h>

#include "certkiosk/ca.h"

/* the calls of ca.h by the same names */
struct ck_ca_ops {
	int (*step)(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *,
	    struct ck_ca_reply *, struct ck_err *);
	int (*confirm)(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, bool accept,
	    const char *why, struct ck_ca_reply *, struct ck_err *);
	int (*try_secret)(
	    struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, struct ck_err *);
};
extern const struct ck_ca_ops ck_cmp_ops; /* P10CR, KUR */

struct ck_ca {
	const struct ck_ca_ops *ops;
	struct ck_ca_conf conf;
	struct ck_http *http;
	X509_STORE *trust;
	/* SHA-256 of a request that is on the tape although the server is known not to have read it
	 * (it turned our certificate down after the handshake): that one may be sent without
	 * asking. */
	bool has_unread;
	unsigned char unread[CK_HASH_LEN];
};

#endif
