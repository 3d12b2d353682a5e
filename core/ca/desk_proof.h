/* The proofs of PROTOCOL.desk: of the key by its certificate (section 4) or, where that was lost,
 * by its public half (12), of the envelope's password (6), and of the second download code (19). */
#ifndef CK_CA_DESK_PROOF_H
#define CK_CA_DESK_PROOF_H

#include <stddef.h>
#include <openssl/evp.h>

#include "certkiosk/desk.h"

/* sig is malloc'd. KEY_TROUBLE when the key doesn't sign. */
int ck_proof_key(EVP_PKEY *key, const char *kiosk, const unsigned char *challenge, size_t n,
    const unsigned char cert_sha256[CK_HASH_LEN], unsigned char **sig, size_t *sig_n,
    struct ck_err *);

int ck_proof_public(EVP_PKEY *key, const char *kiosk, const unsigned char *challenge, size_t n,
    const unsigned char spki_sha256[CK_HASH_LEN], unsigned char **sig, size_t *sig_n,
    struct ck_err *);

int ck_proof_envelope(const struct ck_envelope *, const struct ck_secret *password,
    const unsigned char cert_sha256[CK_HASH_LEN], unsigned char mac[CK_HASH_LEN], struct ck_err *);

/* codes: the first one stands where an envelope has its serial */
int ck_proof_download(const struct ck_envelope *codes, const struct ck_secret *code,
    unsigned char mac[CK_HASH_LEN], struct ck_err *);

#endif
