/* The code on a page of a form (base/formcode.h): found in a picture, and checked. */
#ifndef CK_CODE_H
#define CK_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>

#include "base/formcode.h"
#include "picture.h"

/* The key of a site's certificate, DER; NULL: it is none, or not P-256. */
EVP_PKEY *ck_code_key(const unsigned char *cert, size_t n);
bool ck_code_signed(const struct ck_formcode *, EVP_PKEY *key);

/* The first code of a form on a grey picture; others (a business licence has one, too) are passed
 * by. turned: the sheet lies so many degrees clockwise from upright, a multiple of 90. */
bool ck_code_find(const struct ck_picture *grey, struct ck_formcode *, int *turned);

#endif
