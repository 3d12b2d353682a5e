/* A customer's certificate in files, as software of all ages wrote them. */
#ifndef SANDBOX_MEDIUM_H
#define SANDBOX_MEDIUM_H

#include <openssl/evp.h>
#include <openssl/x509.h>

/* form: p12, p12-3des, p12-rc2 (path is the file); folder-pem, folder-der, folder-old, folder-plain
 * (path is a folder, made when it is not there). */
int sb_medium_write(
    const char *form, const char *path, const char *pin, const char *label, EVP_PKEY *, X509 *);
/* What certkiosk calls it: 16 hexadecimal digits. */
int sb_medium_serial(const char *form, const char *path, EVP_PKEY *, char out[17]);

#endif
