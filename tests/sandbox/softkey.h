/* A customer's key made the quick way: PKCS#11 calls to SoftHSM2 in this process. */
#ifndef SANDBOX_SOFTKEY_H
#define SANDBOX_SOFTKEY_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>

#define SK_ID_LEN 8
#define SK_SERIAL_MAX 17

enum sk_alg { SK_RSA2048, SK_P256, SK_RSA1024, SK_RSA3072 };

struct softkey;

/* The module of SoftHSM2; SOFTHSM2_CONF says where its keys lie. */
int sk_open(const char *module, struct softkey **);
void sk_close(struct softkey *);
/* A new key in a free slot with this PIN, or the one with this serial; logged in afterwards. */
int sk_init(struct softkey *, const char *label, const char *pin);
int sk_take(struct softkey *, const char *serial, const char *pin);
const char *sk_serial(const struct softkey *);

/* A pair made on the key; its public half is the caller's to free. */
EVP_PKEY *sk_pair(struct softkey *, enum sk_alg, const unsigned char id[SK_ID_LEN],
    const char *label, bool decipher);
int sk_put_cert(struct softkey *, const unsigned char id[SK_ID_LEN], const char *label,
    const unsigned char *der, size_t n);
/* A data object. */
int sk_put_data(struct softkey *, const char *label, const unsigned char *bytes, size_t n);

#endif
