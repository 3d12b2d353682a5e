/*
 * Signatures in a PDF of our own making (one classical cross-reference table each time it was
 * written to): ISO 32000-1, 12.8, as PAdES wants them (ETSI EN 319 142-1, ETSI.CAdES.detached). The
 * document is never rewritten, only appended to.
 */
#ifndef CK_PDF_H
#define CK_PDF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "certkiosk/err.h"

struct ck_pdf_hole { /* where the signature goes: between these two offsets stands <00…> */
	size_t from, to;
};

struct ck_pdf_signer {
	const char *field;  /* "customer", "site": unique in the document, [a-z0-9-] */
	const char *name;   /* who signs, UTF-8 */
	const char *reason; /* UTF-8 */
	int64_t at;
};

/* Appends a signature field with a hole; digest: SHA-256 of all but the hole. FORM_BROKEN: a
 * document we did not make. */
int ck_pdf_prepare(struct ck_buf *pdf, const struct ck_pdf_signer *, struct ck_pdf_hole *,
    unsigned char digest[32], struct ck_err *);
/* Puts the CMS (DER) in. INTERNAL: it does not fit. */
int ck_pdf_fill(struct ck_buf *pdf, const struct ck_pdf_hole *, const unsigned char *cms, size_t n,
    struct ck_err *);

struct ck_pdf_signature {
	/* name: the certificate's common name; all filtered, empty where no certificate can be read
	 */
	char field[32], name[256], subject[512], issuer[512], serial[64], sha256[65];
	int64_t at; /* as the signer says (signingTime, else /M) */
	bool good;  /* the CMS fits the bytes it covers and its certificate (ESS) */
	bool whole; /* it covers all that was there when it was made, and what came later are only
		     * further signatures */
	struct ck_err why; /* when not */
};

/* Each signature in order. 0: there is one at least, all are good, all are whole and the last
 * covers the document as it is now; -1 FORM_UNSIGNED, FORM_ALTERED, FORM_BROKEN. Nothing outside is
 * asked: no network, no trust; who the signer is stands in the certificate. */
int ck_pdf_verify(const unsigned char *pdf, size_t n,
    int (*each)(void *u, const struct ck_pdf_signature *), void *u, struct ck_err *);

#endif
