/* The authority behind ca.h: what all ways to a certificate share, and the ways themselves. */
#ifndef CK_CA_INSIDE_H
#define CK_CA_INSIDE_H

#include <stdbool.h>
#include <openssl/x509.h>

#include "certkiosk/ca.h"
#include "http.h"

/* the calls of ca.h by the same names; NULL: this way has none of it */
struct ck_ca_ops {
	int (*ping)(struct ck_ca *, struct ck_err *);
	int (*step)(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *,
	    struct ck_ca_reply *, struct ck_err *);
	int (*confirm)(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, bool accept,
	    const char *why, struct ck_ca_reply *, struct ck_err *);
	int (*try_secret)(
	    struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, struct ck_err *);
};
extern const struct ck_ca_ops ck_cmp_ops; /* P10CR, KUR */
extern const struct ck_ca_ops ck_est_ops; /* EST, EST_RENEW */

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

/* What became of a request; put: it was written on the tape for this exchange. */
void ck_ca_note_fate(
    struct ck_ca *, const unsigned char *req, size_t n, bool put, enum ck_http_fate);
bool ck_ca_is_unread(const struct ck_ca *, const unsigned char *req, size_t n);

/* WAIT for as many seconds as the CA says, within reason */
void ck_ca_wait(struct ck_ca_reply *, int after);

/* how the failures of an exchange that asks for a certificate are named */
extern const struct ck_http_names ck_ca_names;

#endif
