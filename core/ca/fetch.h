/*
 * Something signed, from whoever has it: an OCSP responder's answer, a revocation list. The bytes
 * are anybody's until their signature was checked; nothing of this machine goes out but the
 * question.
 */
#ifndef CK_CA_FETCH_H
#define CK_CA_FETCH_H

#include <stddef.h>

#include "base/buf.h"
#include "certkiosk/err.h"

/* an answer about one certificate, with the responder's own and its chain */
#define CK_OCSP_MAX ((size_t)64 * 1024)
/* some 180,000 entries, more than CAs put into one list: read in a third of a second with 65 MB,
 * which go with the engine */
#define CK_CRL_MAX ((size_t)8 * 1024 * 1024)

struct ck_fetch {
	const char *url;	       /* http or https */
	const char *ca_file;	       /* who certifies https servers */
	long limit_ms;		       /* from the first look-up to the last byte */
	const unsigned char *question; /* OCSP, DER; NULL: a list is fetched */
	size_t n;
};
/* No redirect is followed. STATUS_UNREACHABLE, STATUS_SILENT, STATUS_REFUSED (an HTTP status other
 * than 200), STATUS_GARBAGE (no HTTP), REPLY_TOO_LONG, TLS_UNTRUSTED, CLOCK. */
int ck_fetch(const struct ck_fetch *, struct ck_buf *out, struct ck_err *);

#endif
