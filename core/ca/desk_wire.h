/*
 * One call of the desk: a JSON object there, an answer or a refusal back (PROTOCOL.desk section 1),
 * and the fields of an answer, read strictly: what is missing or of another type is DESK_GARBAGE.
 */
#ifndef CK_CA_DESK_WIRE_H
#define CK_CA_DESK_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

#include "certkiosk/desk.h"

struct ck_desk {
	struct ck_desk_conf conf;
	struct ck_http *http;
};

enum ck_desk_call {
	CK_CALL_CERTIFICATE,
	CK_CALL_CHALLENGE,
	CK_CALL_KEY_PROOF,
	CK_CALL_ENVELOPE,
	CK_CALL_LEASE,
	CK_CALL_LEASE_ENVELOPE,
	CK_CALL_BIND,
	CK_CALL_ENROL_PAIR,
	CK_CALL_QUERY,
	CK_CALL_ACK,
	CK_CALL_RELEASE,
	CK_CALL_ISSUED,
	CK_CALL_QUOTE,
	CK_CALL_SMS_CODE,
	CK_CALL_ORDER,
	CK_CALL_PAY,
	CK_CALL_IDENTITY,
	CK_CALL_PAPER,
	CK_CALL_SEAL,
	CK_CALL_SEAL_ACK,
	CK_CALL_DOWNLOAD,
	CK_CALL_DOWNLOAD_PROOF,
	CK_CALL_SERVICE,
	CK_CALL_SERVICE_QUERY,
};

struct ck_desk_said {
	enum ck_desk_call call;
	json_t *body; /* NULL when there was none; the refusal's too */
	struct ck_err *err;
	int64_t now;
	enum ck_code refused; /* with all that has to come with it; CK_E_NONE: it was not */
};
/* Takes ask over (NULL: it could not be made). Free the answer in either case; what it held is
 * wiped. */
int ck_desk_call(
    struct ck_desk *, enum ck_desk_call, json_t *ask, struct ck_desk_said *, struct ck_err *);
void ck_desk_said_free(struct ck_desk_said *);

/* bytes as base64; NULL when out of memory */
json_t *ck_json_bytes(const unsigned char *bytes, size_t n);

#define CK_CHALLENGE_LEN 32
/* about: the field that says what the key proof will be of, "certificate" or "public_key" */
int ck_desk_challenge(struct ck_desk *, const char *about, const unsigned char *bytes, size_t n,
    unsigned char challenge[CK_CHALLENGE_LEN], struct ck_err *);

/* DESK_GARBAGE about a field of an answer */
int ck_desk_said_wrong(const struct ck_desk_said *, const char *field);

/*
 * Fields of from, an object within the answer. 1 there and right, 0 absent (only without need), -1
 * DESK_GARBAGE.
 */
int ck_field_id(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    char out[CK_DESK_ID_MAX]);
/* text for people, filtered and cut */
int ck_field_text(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    char *out, size_t cap);
int ck_field_time(
    const struct ck_desk_said *, const json_t *from, const char *name, bool need, int64_t *out);
int ck_field_int(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    int min, int max, int *out);
/* one of words (NULL-terminated); out is its index */
int ck_field_word(const struct ck_desk_said *, const json_t *from, const char *name,
    const char *const *words, int *out);
int ck_field_bytes(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    size_t min, size_t max, unsigned char *out, size_t *n);
int ck_field_hash(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    unsigned char out[CK_HASH_LEN]);
/* a WORD of section 13 */
int ck_field_tag(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    char out[CK_WORD_MAX]);
int ck_field_amount(
    const struct ck_desk_said *, const json_t *from, const char *name, bool need, int64_t *fen);
/* until another may be asked for */
int ck_field_again(const struct ck_desk_said *, const json_t *from, bool need, int *seconds);
/* printable ASCII, which a phone reads: not cut, not filtered. https: a link */
int ck_field_code(const struct ck_desk_said *, const json_t *from, const char *name, bool need,
    bool https, char out[CK_PAY_CODE_MAX]);

/* ---- between the desk's files ---- */

/* What "envelope" and "download" answer: salt, iterations, a challenge; the serial is not theirs.
 */
int ck_desk_read_password(const struct ck_desk_said *, struct ck_envelope *);
/* of a refused password, -1 when the desk doesn't tell */
int ck_desk_tries(const struct ck_desk_said *);
/* LEASE of section 6, with its steps */
int ck_desk_read_lease(const struct ck_desk_said *, struct ck_lease *);
int ck_desk_read_steps(const struct ck_desk_said *, struct ck_desk_steps *);

#endif
