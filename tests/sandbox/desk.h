/*
 * The desk's side of core/ca/PROTOCOL.desk. desk.c: what every call has in common (idempotency, the
 * shape of answers); desk_key.c: certificate, challenge, key-proof, envelope; desk_lease.c: the
 * rest; desk_issued.c: a key that has lost its certificate; desk_order.c, desk_pay.c, desk_paper.c:
 * what an order takes; desk_seal.c: the seal that is renewed with a certificate; desk_download.c:
 * codes.
 */
#ifndef SANDBOX_DESK_H
#define SANDBOX_DESK_H

#include <jansson.h>

#include "http.h"
#include "lease.h"

/* One POST. kiosk: common name of the client's certificate, empty when it is not one of ours. */
void sb_desk(struct sb *, const char *call, const char *kiosk, const struct sb_request *,
    struct sb_answer *);

/* ---- between the desk's files ---- */

struct sb_call {
	struct sb *sb;
	sqlite3 *db;
	const char *kiosk;
	const json_t *in;
	json_t *out; /* of a 200: filled by the call, "ok" and "now" are there */
	int status;  /* of a refusal */
	int64_t now;
};

/* a certificate of the request */
struct sb_shown {
	X509 *x;
	unsigned char sha[32];
	char hex[SB_HEX_MAX];
};

/* All return 0 and fill, or refuse and return -1. */
int sb_refuse(struct sb_call *, const char *code, const char *text);
int sb_want_text(struct sb_call *, const char *name, const char **out);
size_t sb_characters(const char *);
int sb_want_bytes(struct sb_call *, const char *name, unsigned char **out, size_t *n);
int sb_want_system(struct sb_call *, const char **id);
int sb_want_cert(struct sb_call *, struct sb_shown *); /* X509_free(shown.x) */
/* the public key in "public_key": EVP_PKEY_free(*key) */
int sb_want_public(struct sb_call *, EVP_PKEY **key, char spki[SB_HEX_MAX]);
int sb_want_proof(struct sb_call *, char cert[SB_HEX_MAX]);
/* is the proof of this request one by download codes? by which */
bool sb_proof_codes(struct sb_call *, char reference[SB_ID_MAX]);
/* the lease named in "lease", held by this kiosk and not released */
int sb_want_lease(struct sb_call *, struct sb_lease *);
/* the same, not released, and spoken about now */
int sb_want_open_lease(struct sb_call *, struct sb_lease *);
/* LEASE, with its steps */
int sb_say_lease(struct sb_call *, const struct sb_lease *);
/* an integer from min to max */
int sb_want_number(struct sb_call *, const char *name, int64_t min, int64_t max, int64_t *out);
/* a challenge of ours: marks it used; what: the envelope it was made for, NULL for a key proof */
int sb_take_challenge(
    struct sb_call *, const unsigned char *bytes, size_t n, const char *cert, const char *envelope);
int sb_give_challenge(struct sb_call *, const char *cert, const char *envelope);
/* does this system's rule demand an envelope? */
bool sb_envelope_needed(const char *system);
/* is the certificate inside the system's window now? */
bool sb_in_window(const char *system, int64_t not_after, int64_t now);
/* when the system lets the new certificate end, by its own years or by those that were chosen */
int64_t sb_new_end(const char *system, int64_t old_end, int64_t now);
/* the end that is promised of it now (knob desk.quote: so many days later than that) */
int64_t sb_quote(struct sb_call *, const char *system, int64_t old_end);
int64_t sb_chosen_end(const char *system, int64_t old_end, int64_t now, int years);

int sb_call_certificate(struct sb_call *);
int sb_call_challenge(struct sb_call *);
int sb_call_key_proof(struct sb_call *);
int sb_call_envelope(struct sb_call *);
int sb_call_lease(struct sb_call *);
int sb_call_bind(struct sb_call *);
int sb_call_enrol_pair(struct sb_call *);
int sb_call_query(struct sb_call *);
int sb_call_ack(struct sb_call *);
int sb_call_release(struct sb_call *);
int sb_call_issued(struct sb_call *);
int sb_call_quote(struct sb_call *);
int sb_call_sms_code(struct sb_call *);
int sb_call_order(struct sb_call *);
int sb_call_pay(struct sb_call *);
int sb_call_identity(struct sb_call *);
int sb_call_paper(struct sb_call *);
int sb_call_seal(struct sb_call *);
int sb_call_seal_ack(struct sb_call *);
int sb_call_download(struct sb_call *);
int sb_call_download_proof(struct sb_call *);
int sb_call_service(struct sb_call *);
int sb_call_service_query(struct sb_call *);

#endif
