/* Within printer: what stands in a signature's hole. */
#ifndef CK_PDF_CMS_H
#define CK_PDF_CMS_H

#include "pdf.h"

/*
 * hex: what lies between the brackets. Exactly what a signer of ours puts there, byte for byte (one
 * signer, one certificate, nothing unsigned, zeros behind it), so that not one of them can be
 * changed. Fills in who and when as far as it can be read; -1 FORM_ALTERED.
 */
int ck_pdf_cms(const unsigned char *hex, size_t n, const unsigned char digest[32],
    struct ck_pdf_signature *, struct ck_err *);
/* SHA-256 of a certificate as in ck_pdf_signature; false: the bytes are none (DER). */
bool ck_pdf_cert_hash(const unsigned char *der, size_t n, char sha256[65]);

#endif
