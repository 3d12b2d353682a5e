/* Within pki: from bytes to OpenSSL's objects, and from its strings to text. */
#ifndef CK_PKI_DER_H
#define CK_PKI_DER_H

#include <stddef.h>
#include <stdint.h>
#include <openssl/x509.h>

#include "certkiosk/err.h"

/* DER or PEM as ck_cert_read takes them. The caller frees x (X509_free) and, where he asked for it
 * (der not NULL), der (free). CERT_UNREADABLE. */
int ck_x509_read(const unsigned char *bytes, size_t n, X509 **x, unsigned char **der, size_t *der_n,
    struct ck_err *);

/* What a key made, for whoever frees it. */
int ck_der_copy(
    const unsigned char *bytes, size_t n, unsigned char **der, size_t *der_n, struct ck_err *);
/* KEY_TROUBLE: the device refused or vanished; libp11 leaves the CKR as the reason of its error. */
int ck_sign_failed(struct ck_err *);

/* A string of any ASN.1 kind as filtered UTF-8; empty when it is none. */
void ck_asn1_text(const ASN1_STRING *, char *out, size_t cap);

/* UTCTime or GeneralizedTime; -1 when it is none (ASN1_TIME_to_tm takes NULL for now). */
int ck_asn1_time(const ASN1_TIME *, int64_t *);

/* SHA-256 of the bytes of a SubjectPublicKeyInfo */
int ck_spki_hash(const X509_PUBKEY *, unsigned char *hash, struct ck_err *);

#endif
