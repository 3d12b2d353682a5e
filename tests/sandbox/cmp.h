/*
 * The CA's CMP side (RFC 4210, RFC 6712) on OSSL_CMP_SRV. Nothing of a transaction is kept in
 * memory: every message rebuilds the server's state from what is in the books and is then
 * processed, so a request after a restart goes the same way as any other.
 */
#ifndef SANDBOX_CMP_H
#define SANDBOX_CMP_H

#include <openssl/cmp.h>

#include "http.h"
#include "lease.h"

#define SB_TID_MAX 129 /* hexadecimal; RFC 4210 wants 16 bytes, OpenSSL's clients send 16 */

/* what OpenSSL 3.0 has no getters for, out of the DER of a PKIMessage */
struct sb_cmp_head {
	char tid[SB_TID_MAX];
	char reference[SB_ID_MAX]; /* senderKID, when the protection is a PasswordBasedMac */
	unsigned char nonce[64];   /* senderNonce */
	size_t nonce_len;
	char signer[SB_HEX_MAX]; /* SHA-256 of the first of the extraCerts, unless it is PBM */
	int body;
};
/* OSSL_CMP_PKIBODY_* are private to libcrypto except for some (RFC 4210 section 5.1.2) */
enum {
	SB_IR = 0,
	SB_CR = 2,
	SB_P10CR = 4,
	SB_KUR = 7,
	SB_PKICONF = 19,
	SB_GENM = 21,
	SB_ERROR = 23,
	SB_CERTCONF = 24,
	SB_POLLREQ = 25,
};
int sb_cmp_head(const unsigned char *der, size_t n, struct sb_cmp_head *);
/* "p10cr", "certConf" … for knobs and the log */
const char *sb_cmp_body_name(int body);

void sb_cmp(struct sb *, const struct sb_request *, struct sb_answer *);

/* ---- issue.c ---- */

struct sb_tx {
	struct sb *sb;
	const char *area; /* "cmp", "est": whose knobs are about it */
	const char *body; /* name of the message at hand, for knobs */
	/* under a reference (PBM), or signed with a certificate of the books */
	char tid[SB_TID_MAX], reference[SB_ID_MAX], signer[SB_HEX_MAX], issued[SB_HEX_MAX];
	char state[16]; /* waiting, issued, confirmed, rejected; empty: new */
	int64_t polls;	/* still to come while waiting */
	unsigned char *req0;
	size_t req0_len;
	const unsigned char *now; /* the message at hand */
	size_t now_len;
	bool fresh_issue;  /* made by the message at hand */
	bool anew, in_use; /* knob again, of a request that came before */
	bool conf_seen;	   /* a certConf for our certificate was in it */
};

/* What the books know of the transaction head->tid, or a new one of head's and the request's. True
 * when it was there; its req0 is the caller's to free. */
bool sb_tx_load(struct sb *, const struct sb_cmp_head *, const struct sb_request *, struct sb_tx *);
/* in the CA's hands for some polls? A new one is, where knob AREA.waiting says so. */
bool sb_tx_waits(struct sb_tx *);
/* "AREA.fault" */
const char *sb_tx_knob(const struct sb_tx *, const char *fault, char name[SB_ID_MAX]);

/* The certificate for this public key under the transaction's reference or signer: the one already
 * made, or a new one. NULL with *why (in words) when the books do not allow it. */
X509 *sb_issue(struct sb_tx *, EVP_PKEY *, const X509_NAME *subject, const char **why);
/* The certificate of this hash, or NULL. */
X509 *sb_stored(sqlite3 *, const char *sha);
/* The client turned it down. */
int sb_issue_withdraw(struct sb_tx *);
int sb_tx_put(struct sb_tx *);

#endif
