/* As much HTTP/1.1 over TLS as kiosk, curl and openssl cmp speak: one request, one answer, again.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/ssl.h>

#define SB_HEAD_MAX 16384  /* request line and headers */
#define SB_BODY_MAX 262144 /* PROTOCOL.desk section 1, and far more than any PKIMessage */

struct sb_request {
	char method[16], path[256], type[128], idem[128];
	char auth[512]; /* Authorization */
	bool keep;	/* the connection goes on afterwards */
	bool continues; /* waits for 100 Continue */
	size_t length;
	unsigned char *body;
};

struct sb_answer {
	int status;
	const char *type;
	unsigned char *body; /* malloc'd */
	size_t n;
	int retry_after; /* seconds, 0: none */
	char more[320];	 /* header lines besides, each with its CRLF */
};

/* 1 a request, 0 the client has gone, or spoke something else */
int sb_http_read(SSL *, struct sb_request *);
void sb_http_request_free(struct sb_request *);
int sb_http_answer(SSL *, const struct sb_answer *, bool keep);
/* Its head whole, and half of the body that promises; the caller ends the connection. */
void sb_http_cut(SSL *, const struct sb_answer *);
/* A body without end, until the client has enough of it. */
void sb_http_endless(SSL *, const char *type);
/* Nothing for ms, or until the client hangs up. */
void sb_http_wait(SSL *, long ms);

#endif
