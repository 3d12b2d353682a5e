/*
 * What the QR on each page of a form says: CK1*NUMBER*FORM*PAGE/PAGES*DIGEST*SIGNATURE. Only
 * letters of QR's alphanumeric set, no personal data. The digest is half a SHA-256 of what the form
 * shows, the signature the site's (ECDSA P-256 over SHA-256 of all before its "*", r and s of 32
 * bytes each); both in base32 (RFC 4648, no padding).
 */
#ifndef CK_FORMCODE_H
#define CK_FORMCODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slip.h"

#define CK_FORMCODE_DIGEST 16
#define CK_FORMCODE_SIG 64
#define CK_FORMCODE_FORM_MAX 32
#define CK_FORMCODE_MAX 512

struct ck_formcode {
	char number[CK_SLIP_MAX];	 /* the slip's, A-Z 0-9 and "-" */
	char form[CK_FORMCODE_FORM_MAX]; /* a-z 0-9 and "-"; capitals in the code */
	int page, pages;
	unsigned char digest[CK_FORMCODE_DIGEST], sig[CK_FORMCODE_SIG];
};

/* The part that is signed, without its last "*"; then all of it. false: something does not fit. */
bool ck_formcode_signed(const struct ck_formcode *, char out[CK_FORMCODE_MAX]);
bool ck_formcode_make(const struct ck_formcode *, char out[CK_FORMCODE_MAX]);
/* false: no such code. As a scanner or a person typed it (ck_typed). */
bool ck_formcode_read(const char *typed, struct ck_formcode *);

#endif
