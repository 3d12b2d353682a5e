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
	char url[256];	/* https://…/desk/v1 */
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
	int64_t now;	    /* the desk's clock */
	size_t n_orders;    /* paid and waiting for this certificate */
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
	unsigned char
	    cert_sha256[CK_HASH_LEN]; /* of the certificate it is about; lease proves it too */
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
/* Is this envelope one for this certificate? ENVELOPE_UNKNOWN, _USED, _ORIGINAL, _FOREIGN, _LOCKED.
 */
int ck_desk_envelope(struct ck_desk *, const struct ck_key_proof *, const char *serial,
    struct ck_envelope *, struct ck_err *);

/* ---- two download codes (section 19) ---- */

/* the certificate that is made anew by them, and what proves them in place of the key */
struct ck_download {
	struct ck_key_proof proof;
	unsigned char cert[CK_CERT_MAX]; /* DER */
	size_t cert_len;
	int64_t now, quoted_end; /* quoted_end 0: not quoted */
};
/* The first code names it, the second is proved by a challenge and stays here. DOWNLOAD_UNKNOWN,
 * _USED, _EXPIRED, _LOCKED; DOWNLOAD_WRONG (tries_left as of a lease). */
int ck_desk_download(struct ck_desk *, const char *reference, const struct ck_secret *code,
    struct ck_download *, int *tries_left, struct ck_err *);

struct ck_lease_wish {
	const char *way;		    /* "self", "on-behalf", "download" */
	const char *record;		    /* our record's number */
	const char *clerk;		    /* NULL for self */
	const struct ck_envelope *envelope; /* NULL where the key proof itself authorises */
	const struct ck_secret *password;   /* of the envelope; only its proof goes on the wire */
};

enum ck_bound_state {
	CK_BOUND_NOTHING,
	CK_BOUND_KEY,
	CK_BOUND_ISSUED,
	CK_BOUND_CONFIRMED,
	CK_BOUND_RELEASED
};

extern const char *const ck_bound_names[]; /* "nothing" "key" … as in PROTOCOL.desk, NULL */

/* what it takes before a certificate is issued, in the order it is gone through (section 13) */
enum ck_desk_step {
	CK_STEP_APPLICANT,
	CK_STEP_PAPERS,
	CK_STEP_IDENTITY,
	CK_STEP_PAYMENT,
	CK_STEP_REVIEW
};
#define CK_STEPS (CK_STEP_REVIEW + 1)
extern const char *const ck_desk_step_names[]; /* "applicant" "papers" …, NULL */
enum ck_step_state { CK_STEP_PASSED, CK_STEP_WANTED, CK_STEP_PENDING, CK_STEP_FAILED };
extern const char *const ck_step_state_names[]; /* "passed" "wanted" "pending" "failed", NULL */

#define CK_WORD_MAX 32
#define CK_DESK_TEXT_MAX 320 /* filtered, for people */
#define CK_PAPERS_MAX 8
enum ck_paper_state { CK_PAPER_WANTED, CK_PAPER_IN, CK_PAPER_REFUSED };
extern const char *const ck_paper_state_names[]; /* "wanted" "in" "refused", NULL */
struct ck_desk_steps {				 /* one the desk does not name has passed */
	struct ck_step_now {
		enum ck_step_state state;
		char text[CK_DESK_TEXT_MAX];
		int again_s;
	} step[CK_STEPS];
	char method[CK_WORD_MAX]; /* of a payment on its way */
	size_t n_papers;
	struct ck_paper_now {
		char kind[CK_WORD_MAX];
		enum ck_paper_state state;
		char text[CK_DESK_TEXT_MAX];
	} papers[CK_PAPERS_MAX]; /* of CK_STEP_PAPERS, and of a payment the proof */
};

/* a lease, and what is already bound to it: the answer of lease and of query */
struct ck_lease {
	char id[CK_DESK_ID_MAX];
	char kiosk[64], record[32]; /* who holds it */
	int64_t now;		    /* desk's time of the grant: the verdict is frozen with it */
	int64_t quoted_end; /* the new certificate ends no earlier than this; 0 = not quoted */
	char way[16];	    /* "self", "on-behalf", "download"; empty: not told */
	char order[CK_DESK_ID_MAX]; /* it was granted for; empty: for none */
	bool pin_changed;	    /* the holder said so after the confirmation */
	struct ck_desk_steps steps;
	int64_t refund; /* fen that go back to who paid */
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

/* The one-time pair for enrolment where no envelope serves; the same pair again until it is used.
 */
int ck_desk_enrol_pair(struct ck_desk *, const struct ck_key_proof *, const char *lease,
    char reference[CK_DESK_ID_MAX], struct ck_secret *secret, struct ck_err *);

/* Bind the lease to the one request it may be used with; LEASE_LOST when it is bound to another. */
int ck_desk_bind(
    struct ck_desk *, const char *lease, const unsigned char *csr, size_t csr_len, struct ck_err *);

/* ---- the order (sections 13 to 17); NOT_YET from bind and from all of these ---- */

#define CK_CHOICES_MAX 8
#define CK_METHODS_MAX 8
enum ck_order_group { CK_GROUP_AGENT, CK_GROUP_OWNER, CK_GROUP_INVOICE, CK_GROUP_SMS };
#define CK_ORDER_GROUPS (CK_GROUP_SMS + 1)
extern const char *const ck_order_group_names[]; /* "agent" "owner" "invoice" "sms-code", NULL */
struct ck_quote {
	int64_t now;
	bool central; /* somebody pays for all */
	size_t n_choices, n_methods;
	struct ck_choice {
		int months;
		int64_t amount, quoted_end; /* fen */
	} choices[CK_CHOICES_MAX];
	char methods[CK_METHODS_MAX][CK_WORD_MAX];
	bool ask[CK_ORDER_GROUPS];
};
int ck_desk_quote(struct ck_desk *, const char *lease, struct ck_quote *, struct ck_err *);

/* A code goes to that phone; until when it serves, and when another may be asked for. SMS_WAIT. */
int ck_desk_sms_code(struct ck_desk *, const char *lease, const char *mobile, int64_t *until,
    int *again_s, struct ck_err *);

struct ck_desk_order {
	int months;
	int64_t amount; /* as the person was shown */
	/* objects of texts under the protocol's names, borrowed; NULL: none */
	const struct json_t *agent, *owner, *invoice;
	const char *sms_code;	       /* NULL: none was asked for */
	const struct json_t *consents; /* array as in section 14, borrowed */
};
/* lease: as it is then. AMOUNT_CHANGED (the new one in *amount), FIELD_WRONG (detail begins with
 * the field's name), OWNER_OTHER, SMS_WRONG, SMS_WAIT. */
int ck_desk_order(struct ck_desk *, const char *lease, const struct ck_desk_order *,
    struct ck_lease *, int64_t *amount, struct ck_err *);

#define CK_PAY_CODE_MAX 513
#define CK_PAY_LINES_MAX 8
struct ck_payment {
	char id[CK_DESK_ID_MAX], method[CK_WORD_MAX];
	int64_t now, amount, until; /* until 0: for as long as it takes */
	char code[CK_PAY_CODE_MAX]; /* empty: none; printable ASCII */
	bool wants_proof;
	size_t n_lines;
	struct {
		char label[64], value[128];
	} lines[CK_PAY_LINES_MAX];
};
/* AMOUNT_CHANGED (the new one in *amount), PAID_ALREADY, METHOD_UNKNOWN. */
int ck_desk_pay(struct ck_desk *, const char *lease, const char *method, int64_t *amount,
    struct ck_payment *, struct ck_err *);

struct ck_identity {
	char code[CK_PAY_CODE_MAX];
	int64_t now, until;
};
int ck_desk_identity(struct ck_desk *, const char *lease, struct ck_identity *, struct ck_err *);

#define CK_PAPER_PART_MAX 98304 /* bytes in one call */
#define CK_PAPER_SHEETS_MAX 20	/* of a kind */
#define CK_PAPER_SHEET_MAX (8 << 20)
struct ck_paper_sheet {
	const char *kind, *type; /* "image/png" "image/jpeg" "application/pdf" */
	int page, pages;
	unsigned char sha256[CK_HASH_LEN]; /* of all of it */
	size_t size;
};
/* Part of a sheet from offset on; n 0 only asks. *have: bytes the desk has of it now.
 * PAPER_UNKNOWN, PAPER_REFUSED. */
int ck_desk_paper(struct ck_desk *, const char *lease, const struct ck_paper_sheet *, size_t offset,
    const unsigned char *bytes, size_t n, size_t *have, struct ck_err *);

/* ---- afterwards ---- */

#define CK_SEAL_BYTES_MAX 65536
struct ck_seal {
	char label[65];
	unsigned char sha256[CK_HASH_LEN];
	size_t n;
	unsigned char *bytes; /* malloc'd */
};
/* 1 there is one to be written, 0 none, -1 */
int ck_desk_seal(struct ck_desk *, const char *lease, struct ck_seal *, struct ck_err *);
int ck_desk_seal_ack(struct ck_desk *, const char *lease, const unsigned char sha256[CK_HASH_LEN],
    bool written, struct ck_err *);

/* ---- another service of the menu (section 20): it is applied for, and the CA does it ---- */

enum ck_service_state {
	CK_SERVICE_RECEIVED,
	CK_SERVICE_IN_WORK,
	CK_SERVICE_DONE,
	CK_SERVICE_REFUSED
};
extern const char *const ck_service_state_names[]; /* "received" "in-work" "done" "refused", NULL */
struct ck_application_wish {
	const char *service, *record;
	const unsigned char *cert; /* NULL: it is about none */
	size_t cert_len;
	const struct json_t *fields; /* array of {"name","value"}, borrowed */
	unsigned char form_sha256[CK_HASH_LEN];
};
struct ck_application {
	char id[CK_DESK_ID_MAX];
	enum ck_service_state state;
	char text[CK_DESK_TEXT_MAX];
};
/* The same wish again is the same application. SERVICE_UNKNOWN, SERVICE_CLOSED, FIELD_WRONG. */
int ck_desk_service(struct ck_desk *, const struct ck_application_wish *, struct ck_application *,
    struct ck_err *);
/* 1 it has the application of this record of ours, 0 it has none, -1 */
int ck_desk_service_query(
    struct ck_desk *, const char *record, struct ck_application *, struct ck_err *);

enum ck_query { CK_QUERY_LEASE, CK_QUERY_ENVELOPE, CK_QUERY_SPKI, CK_QUERY_ORDER };
/* what: lease id, envelope serial, the hash in hexadecimal, or order number. 1 found, 0 nothing
 * there (the lease holds the desk's time alone), -1 error. */
int ck_desk_query(
    struct ck_desk *, enum ck_query, const char *what, struct ck_lease *, struct ck_err *);
/* The lease this visit was granted, whoever holds it now. As query. */
int ck_desk_query_visit(
    struct ck_desk *, const char *kiosk, const char *record, struct ck_lease *, struct ck_err *);

/* The certificate is on the key and confirmed; pin_is: "changed", "unchanged". */
int ck_desk_ack(struct ck_desk *, const char *lease, const unsigned char cert_sha256[CK_HASH_LEN],
    const char *pin_is, struct ck_err *);

enum ck_order_state { CK_ORDER_PAID, CK_ORDER_REFUND, CK_ORDER_REFUNDED };
/* what became of the order a lease was granted for; id empty: there was none */
struct ck_order_back {
	char id[CK_DESK_ID_MAX];
	enum ck_order_state state; /* waits for the next renewal; is being refunded; was refunded */
};
/* Give everything back: what was issued is revoked, the envelope is free again, the lease closed.
 */
int ck_desk_release(
    struct ck_desk *, const char *lease, const char *why, struct ck_order_back *, struct ck_err *);

#endif
