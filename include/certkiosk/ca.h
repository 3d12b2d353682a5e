/*
 * The certificate authority on the wire. step is stateless: it plays the recorded tape into a fresh
 * protocol context and then makes at most one exchange, so the ordinary path and the path after a
 * crash are the same code. Every request is on the tape before it is sent, every reply before it is
 * parsed. The customer's old key is needed by the ways that sign with it, and by them only for what
 * goes on the wire now: what is on the tape is played without it.
 *
 * How a failure is told apart (err code):
 *   CA_UNREACHABLE, TLS_*, KIOSK_CERT   nothing left this machine: calling again is always right
 *   CA_NO_ANSWER                        it may have arrived: ask the desk before sending again
 *   CA_REFUSED                          the CA's own word; its text, filtered, is the detail
 *   CA_BAD_SECRET                       the reply is not protected with this envelope password
 *   CA_GARBAGE, REPLY_TOO_LONG          an answer that means nothing: treated as no answer
 *   KEY_TROUBLE                         the customer's key did not sign; nothing was sent
 *   CA_PAIR_REFUSED, CA_OLD_CERT        it does not take what we show to be let in
 *   CA_NO_SERVICE                       nothing of the kind is served at this address
 *   CA_OTHER_ISSUERS                    it no longer issues under any issuer of accepted_file;
 *                                       found out before anything is asked for
 */
#ifndef CK_CA_H
#define CK_CA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "certkiosk/secret.h"

#define CK_PINS_MAX 4 /* two in use, two for a roll-over */

/* The line to CA and desk: TLS with the kiosk's own certificate, trust and pins fixed by the site.
 * One ck_http per visit keeps one connection alive for both. */
struct ck_http_conf {
	char ca_file[256];		    /* PEM; the only roots */
	char cert_file[256], key_file[256]; /* the kiosk's own */
	char pins[CK_PINS_MAX][64]; /* "sha256//BASE64"; any one must match; none = no pinning */
	size_t n_pins;
	int connect_s, answer_s; /* limits of one exchange */
};
struct ck_http;
int ck_http_open(const struct ck_http_conf *, struct ck_http **, struct ck_err *);
void ck_http_close(struct ck_http *);

/* The tape of one item: kind is "req" or "rep", step counts exchanges from 0. get: 1 found (bytes
 * malloc'd, caller frees), 0 none, -1 failed. put is durable when it returns. */
struct ck_tape {
	int (*get)(
	    void *u, int step, const char *kind, unsigned char **bytes, size_t *n, struct ck_err *);
	int (*put)(void *u, int step, const char *kind, const unsigned char *bytes, size_t n,
	    struct ck_err *);
	void *u;
};

/* how a system's certificates are asked for */
enum ck_ca_way {
	CK_CA_P10CR, /* CMP, under a reference and a secret (PBM) */
	CK_CA_KUR,   /* CMP key update, signed by the old key while its certificate is valid */
	CK_CA_EST,   /* EST simpleenroll, under the desk's one-time pair */
	CK_CA_EST_RENEW, /* EST simplereenroll, TLS as the old key while its certificate is valid */
};
bool ck_ca_way_signs(enum ck_ca_way);	 /* with the old key */
bool ck_ca_way_confirms(enum ck_ca_way); /* the CA hears whether the certificate is taken */
/* May an envelope's password be its secret? Where it would be sent as it is, it may not. */
bool ck_ca_way_hides_secret(enum ck_ca_way);

struct ck_ca_conf {
	enum ck_ca_way way;
	char url[256];	      /* https only */
	char trust_file[256]; /* PEM: who may sign the CA's own messages, or its certificates (EST) */
	char accepted_file[256]; /* PEM: issuers of new certificates; looked at by EST */
};

/* what is asked for; borrowed for the call */
struct ck_enrol {
	const char *reference; /* envelope serial or the desk's one-time reference */
	const struct ck_secret *secret;
	/* of the certificate that is renewed; its key and the new one, logged in, where the way
	 * signs with the old one, NULL when they are not at hand */
	const unsigned char *old_cert;
	size_t old_len;
	EVP_PKEY *old_key, *new_key;
	const unsigned char *csr; /* PKCS#10, DER */
	size_t csr_len;
	bool resend; /* a recorded request without a reply may be sent again, byte for byte */
};

enum ck_ca_state {
	CK_CA_ISSUED, /* the certificate is here; nothing was confirmed yet */
	CK_CA_WAIT,   /* in the CA's hands; ask again at retry_at */
	CK_CA_CONFIRMED,
};

struct ck_ca_reply {
	enum ck_ca_state state;
	unsigned char cert[CK_CERT_MAX]; /* DER, when ISSUED */
	size_t cert_len;
	int64_t retry_at; /* when WAIT */
	char text[256];	  /* the CA's words, filtered; may be empty */
};

struct ck_ca;
int ck_ca_open(const struct ck_ca_conf *, struct ck_http *, struct ck_ca **, struct ck_err *);
void ck_ca_close(struct ck_ca *);

/* Is it there, and does it take us? Asks for what changes nothing. Fails as step would before
 * anything is asked for. */
int ck_ca_ping(struct ck_ca *, struct ck_err *);

/* Towards the certificate: ISSUED or WAIT. An open outcome (request on the tape, no reply) without
 * enrol->resend sends nothing and ends in CA_NO_ANSWER. */
int ck_ca_step(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *,
    struct ck_ca_reply *, struct ck_err *);

/* Only where the way confirms.
 * After ISSUED: accept it (installed, read back, proved) or turn it down with a reason the CA
 * keeps. Needs the same tape; CONFIRMED also when the CA says it was confirmed before. */
int ck_ca_confirm(struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, bool accept,
    const char *why, struct ck_ca_reply *, struct ck_err *);

/* Local only: is secret the one the recorded replies are protected with? 1 yes, 0 no (CA_BAD_SECRET
 * is not set), -1 nothing recorded to try it on, or an error. */
int ck_ca_try_secret(
    struct ck_ca *, const struct ck_tape *, const struct ck_enrol *, struct ck_err *);

#endif
