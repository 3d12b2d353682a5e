/*
 * What travels in EST (RFC 7030): a request in base64, certificates in a certs-only PKCS#7. Pure.
 * Servers spell the latter in every way: base64 on one line or many, the bytes themselves, PEM; the
 * Content-Transfer-Encoding they name is not looked at (RFC 8951 section 3.1 abolishes it).
 */
#ifndef CK_CA_EST_BODY_H
#define CK_CA_EST_BODY_H

#include <stddef.h>
#include <openssl/x509.h>

/* base64 in lines of 64 columns, malloc'd: some servers take no longer line. NULL: no memory. */
char *ck_est_request(const unsigned char *csr, size_t csr_n, size_t *n);

/* All certificates of the answer, for sk_X509_pop_free; NULL when it is anything else, or has
 * anything behind. body has a NUL behind its last byte. */
STACK_OF(X509) * ck_est_certs(const unsigned char *body, size_t n);

/* The one for this request's public key, wherever it stands; borrowed, NULL when there is none. */
X509 *ck_est_pick(const STACK_OF(X509) * certs, const unsigned char *csr, size_t n);

/*
 * May what this authority issues now be expected to be accepted? given: its own certificates as it
 * sent them. 1: one of its issuing ones comes from a trusted one and is among the accepted; 0:
 * trusted ones, but none of them accepted; -1: none comes from a trusted one.
 */
int ck_est_issuers(STACK_OF(X509) * given, X509_STORE *trust, const STACK_OF(X509) * accepted);

#endif
