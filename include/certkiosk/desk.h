/*
 * The desk: the CA's business back end, spoken to as core/ca/PROTOCOL.desk says, which describes
 * every field. Each call is one POST and may be repeated: what it did once it only says again.
 *
 * Failures: DESK_UNREACHABLE, TLS_*, KIOSK_CERT (not sent), DESK_SLOW (sent, no answer in time),
 * DESK_REFUSED (its text, filtered, in detail), DESK_GARBAGE, REPLY_TOO_LONG, and per call those
 * named below.
 */
#ifndef CK_DESK_H
#define CK_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>

#include "certkiosk/ca.h"
#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "certkiosk/secret.h"

#define CK_DESK_ID_MAX 64 /* ids the desk hands out; ASCII without spaces */

struct ck_desk_conf {
	char url[256]; /* https://…/desk/v1 */
	char kiosk[64]; /* our name, equal to the common name of the kiosk's certificate */
	char system[64];
};

struct ck_desk;
int ck_desk_open(const struct ck_desk_conf *, struct ck_http *, struct ck_desk **, struct ck_err *);
void ck_desk_close(struct ck_desk *);

/* ---- what the desk knows of a certificate (no PIN needed) ---- */

enum ck_cert_status { CK_STATUS_GOOD, CK_STATUS_REVOKED, CK_STATUS_HELD, CK_STATUS_UNKNOWN };
extern const char *const ck_cert_status_names[]; /* "good" "revoked" "held" "unknown", NULL */

#define CK_ORDERS_MAX 8
struct ck_lookup {
	enum ck_cert_status status;
	int64_t revoked_at; /* when REVOKED */
	int64_t now; /* the desk's clock */
	size_t n_orders; /* paid and waiting for this certificate */
	char orders[CK_ORDERS_MAX][CK_DESK_ID_MAX];
	size_t n_leases; /* open visits for this certificate, here or at another counter */
	struct {
		char lease[CK_DESK_ID_MAX], kiosk[64], record[32];
		int64_t granted; /* 0: not told */
	} leases[CK_ORDERS_MAX];
};
int ck_desk_lookup(struct ck_desk *, const unsigned char *cert, size_t cert_len, struct ck_lookup *,
    struct ck_err *);

/* ---- key proof ---- */

struct ck_key_proof {
	char id[CK_DESK_ID_MAX]; /* what later calls name; valid until */
	int64_t until;
	unsigned char cert_sha256[CK_HASH_LEN]; /* of the certificate it is about; lease proves it too */
};
/* Fetch a challenge, sign it with the certificate's key, hand it in. KEY_PROOF_FAILED. */
int ck_desk_prove_key(struct ck_desk *, const unsigned char *cert, size_t cert_len, EVP_PKEY *key,
    struct ck_key_proof *, struct ck_err *);

/* ---- a key whose certificate was lost ---- */

/* What was issued for a public key; told only to whoever signs with its private half. */
struct ck_issued {
	enum ck_cert_status status;
	unsigned char cert[CK_CERT_MAX]; /* DER; the newest good one, else the newest */
	size_t cert_len;
	char kiosk[64], record[32]; /* of the open visit it was made in; empty: of none */
};
/* 1 found, 0 nothing was issued for it, -1. KEY_PROOF_FAILED. */
int ck_desk_issued(struct ck_desk *, EVP_PKEY *key, struct ck_issued *, struct ck_err *);

/* ---- authorisation ---- */

struct ck_envelope {
	char serial[CK_DESK_ID_MAX];
	unsigned char salt[64];
	size_t salt_len;
	int iterations;
	unsigned char challenge[64];
	size_t challenge_len;
};
/* Is this envelope one for this certificate? ENVELOPE_UNKNOWN, _USED, _ORIGINAL, _FOREIGN, _LOCKED. */
int ck_desk_envelope(struct ck_desk *, const struct ck_key_proof *, const char *serial,
    struct ck_envelope *, struct ck_err *);

struct ck_lease_wish {
	const char *way; /* "self", "on-behalf" */
	const char *record; /* our record's number */
	const char *clerk; /* NULL for self */
	const struct ck_envelope *envelope; /* NULL where the key proof itself authorises */
	const struct ck_secret *password; /* of the envelope; only its proof goes on the wire */
};

enum ck_bound_state { CK_BOUND_NOTHING, CK_BOUND_KEY, CK_BOUND_ISSUED, CK_BOUND_CONFIRMED,
	CK_BOUND_RELEASED };

extern const char *const ck_bound_names[]; /* "nothing" "key" … as in PROTOCOL.desk, NULL */

/* a lease, and what is already bound to it: the answer of lease and of query */
struct ck_lease {
	char id[CK_DESK_ID_MAX];
	char kiosk[64], record[32]; /* who holds it */
	int64_t now; /* desk's time of the grant: the verdict is frozen with it */
	int64_t quoted_end; /* the new certificate ends no earlier than this; 0 = not quoted */
	char way[16]; /* "self", "on-behalf"; empty: not told */
	char order[CK_DESK_ID_MAX]; /* it was granted for; empty: for none */
	bool pin_changed; /* the holder said so after the confirmation */
	enum ck_bound_state state;
	unsigned char spki[CK_HASH_LEN]; /* when a key is bound */
	unsigned char cert[CK_CERT_MAX]; /* DER, when issued */
	size_t cert_len;
};
/* ENVELOPE_WRONG (tries_left ≥ 0 when the desk says so, else -1), ENVELOPE_LOCKED, LEASE_ELSEWHERE,
 * OTHER_WAY. The same wish again gives the same lease, also after the envelope was used by this
 * lease: this is how an envelope password is proved once more on resume. */
int ck_desk_lease(struct ck_desk *, const struct ck_key_proof *, const struct ck_lease_wish *,
    struct ck_lease *, int *tries_left, struct ck_err *);

/* The one-time pair for enrolment where no envelope serves; the same pair again until it is used. */
int ck_desk_enrol_pair(struct ck_desk *, const struct ck_key_proof *, const char *lease,
    char reference[CK_DESK_ID_MAX], struct ck_secret *secret, struct ck_err *);

/* Bind the lease to the one request it may be used with; LEASE_LOST when it is bound to another. */
int ck_desk_bind(struct ck_desk *, const char *lease, const unsigned char *csr, size_t csr_len,
    struct ck_err *);

/* ---- afterwards ---- */

enum ck_query { CK_QUERY_LEASE, CK_QUERY_ENVELOPE, CK_QUERY_SPKI, CK_QUERY_ORDER };
/* what: lease id, envelope serial, the hash in hexadecimal, or order number. 1 found, 0 nothing
 * there (the lease holds the desk's time alone), -1 error. */
int ck_desk_query(
    struct ck_desk *, enum ck_query, const char *what, struct ck_lease *, struct ck_err *);
/* The lease this visit was granted, whoever holds it now. As query. */
int ck_desk_query_visit(struct ck_desk *, const char *kiosk, const char *record, struct ck_lease *,
    struct ck_err *);

/* The certificate is on the key and confirmed; pin_is: "changed", "unchanged". */
int ck_desk_ack(struct ck_desk *, const char *lease, const unsigned char cert_sha256[CK_HASH_LEN],
    const char *pin_is, struct ck_err *);

enum ck_order_state { CK_ORDER_PAID, CK_ORDER_REFUND, CK_ORDER_REFUNDED };
/* what became of the order a lease was granted for; id empty: there was none */
struct ck_order_back {
	char id[CK_DESK_ID_MAX];
	enum ck_order_state state; /* waits for the next renewal; is being refunded; was refunded */
};
/* Give everything back: what was issued is revoked, the envelope is free again, the lease closed. */
int ck_desk_release(struct ck_desk *, const char *lease, const char *why, struct ck_order_back *,
    struct ck_err *);

#endif
