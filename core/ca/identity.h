/* A customer's certificate and key as those of a TLS client. */
#ifndef CK_CA_IDENTITY_H
#define CK_CA_IDENTITY_H

#include <stdbool.h>
#include <openssl/ssl.h>

/* both borrowed, NULL: the kiosk's own */
struct ck_identity {
	X509 *cert;
	EVP_PKEY *key; /* on the token, logged in */
};

/* 0, or -1 when libssl does not take them: too short a key, or not a pair */
int ck_identity_use(const struct ck_identity *, SSL_CTX *);

#endif
