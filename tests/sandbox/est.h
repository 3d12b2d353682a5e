/*
 * The CA's EST side (RFC 7030): cacerts, simpleenroll under a one-time pair or an open envelope,
 * simplereenroll for whoever shows a certificate of the books in TLS. One request of one user is
 * one transaction of the books: sent again it is answered again, also after a restart.
 */
#ifndef SANDBOX_EST_H
#define SANDBOX_EST_H

#include <openssl/x509.h>

#include "http.h"
#include "sandbox.h"

/* shown: the client's certificate, NULL when it has none */
void sb_est(struct sb *, const char *operation, const X509 *shown, const struct sb_request *,
    struct sb_answer *);

#endif
