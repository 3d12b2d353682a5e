/* Within pki: the members of a file of issuers, and which of them signed what. */
#ifndef CK_PKI_ISSUERS_H
#define CK_PKI_ISSUERS_H

#include <openssl/x509.h>

#include "pki/pki.h"

/* The member that made this certificate's signature, itself where it is self-signed; borrowed, NULL
 * when there is none. */
X509 *ck_issuers_of(const struct ck_issuers *, X509 *);
/* the user ID they sign under */
const char *ck_issuers_sm2_id(const struct ck_issuers *);

#endif
