/*
 * Is a certificate still good? The way to its issuers, the addresses it names, the question to an
 * OCSP responder (RFC 6960) and what its answer or a revocation list (RFC 5280 section 5) is worth.
 * Pure: the bytes come from elsewhere and may be anybody's.
 */
#ifndef CK_PKI_REVOCATION_H
#define CK_PKI_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/x509.h>

#include "certkiosk/desk.h"
#include "certkiosk/err.h"
#include "pki/pki.h"

/* ---- path.c ---- */

/* root, policy CA, issuing CA and a cross certificate: more is a ring or a mistake */
#define CK_CHAIN_MAX 8

struct ck_path {
	X509 *cert;
	X509 *issuers[CK_CHAIN_MAX]; /* the one that signed cert first */
	size_t n;		    /* 0: nobody here signed it */
	bool whole;		    /* the last one signed itself */
	char sm2_id[CK_SM2_ID_MAX]; /* the user ID of those whose keys are SM2 */
	bool weak; /* one of the signatures rests on SHA-1 or worse, the last one's own apart */
};
/* From a certificate up through the members of the pools, which agree on the user ID; dates are not
 * judged. CERT_UNREADABLE. */
int ck_path_make(const struct ck_issuers *const *pools, size_t n_pools, const unsigned char *der,
    size_t n, struct ck_path **, struct ck_err *);
void ck_path_free(struct ck_path *);

/* ---- urls.c ---- */

#define CK_URLS_MAX 4  /* a certificate names one or two; each may cost all of our patience */
#define CK_URL_MAX 256 /* as long as an address of certkiosk.conf(5) */

/* Addresses of http or https, plain enough to be printed and asked. */
struct ck_urls {
	size_t n;
	char at[CK_URLS_MAX][CK_URL_MAX];
	bool others; /* there are more, but of no use: ldap, too long, for some reasons only … */
};
void ck_ocsp_urls(const X509 *, struct ck_urls *);
void ck_crl_urls(const X509 *, struct ck_urls *);

/* ---- what an answer says ---- */

struct ck_revocation {
	enum ck_cert_status status;
	int64_t at, until;  /* true at that time, and said again by then (0: not said) */
	int64_t revoked_at; /* when REVOKED or HELD */
	const char *reason; /* a word, when REVOKED and it was said; else NULL */
};

struct ck_answer {
	const unsigned char *bytes;
	size_t n;
	int64_t now;
	int tolerance; /* seconds clocks may differ */
};

/*
 * Both readers fill the answer, or say why it is none:
 *   STATUS_GARBAGE	not what was asked for
 *   STATUS_REFUSED	the responder would not answer
 *   STATUS_UNTRUSTED	not signed by the issuer or his responder, or an answer to another question
 *   STATUS_STALE	of another time
 *   STATUS_UNUSABLE	a list of a kind from which nothing follows for this certificate
 */

/* ---- ocsp.c ---- */
struct ck_ocsp; /* one question */
int ck_ocsp_make(const struct ck_path *, struct ck_ocsp **, struct ck_err *);
const unsigned char *ck_ocsp_der(const struct ck_ocsp *, size_t *n); /* what is sent */
int ck_ocsp_read(
    const struct ck_ocsp *, const struct ck_answer *, struct ck_revocation *, struct ck_err *);
void ck_ocsp_free(struct ck_ocsp *);

/* ---- crl.c ---- */
int ck_crl_read(
    const struct ck_path *, const struct ck_answer *, struct ck_revocation *, struct ck_err *);

#endif
