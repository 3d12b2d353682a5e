/* Within pki: whose signature is it, whatever the algorithm; and what a request for SM2 takes. */
#ifndef CK_PKI_SM2_H
#define CK_PKI_SM2_H

#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include "pki/pki.h"

/*
 * As X509_verify and its like, which take an SM2 signature for one under the empty user ID: here it
 * counts under this one alone. Nothing else in the room verifies what it was given.
 */
bool ck_signed_cert(X509 *, EVP_PKEY *by, const char *sm2_id);
bool ck_signed_request(X509_REQ *, EVP_PKEY *by, const char *sm2_id);
/* with the bytes it was read from */
bool ck_signed_list(
    X509_CRL *, const unsigned char *der, size_t n, EVP_PKEY *by, const char *sm2_id);
/* Who signed it, of those known and those whose certificates came with it; borrowed. NULL: nobody.
 */
X509 *ck_signed_answer(OCSP_BASICRESP *, STACK_OF(X509) * known, const char *sm2_id);

bool ck_sm2_is(const EVP_PKEY *);
/* -1: it is no SM2 key */
int ck_sm2_point(const EVP_PKEY *, unsigned char point[CK_SM2_POINT]);
/* NULL: the point is not on the curve */
EVP_PKEY *ck_sm2_public(const unsigned char point[CK_SM2_POINT]);
int ck_sm2_sign_request(X509_REQ *, const struct ck_sm2_key *, struct ck_err *);

#endif
