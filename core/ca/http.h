/*
 * One exchange over TLS, and what became of it. The only thing asked of a failure here is whether
 * the body can have left this machine; everything else is a name for people.
 *
 * What proves itself by a signature (OCSP answers, revocation lists) is fetched over a line of its
 * own kind: without the kiosk's certificate and pins, and http will do.
 */
#ifndef CK_CA_HTTP_H
#define CK_CA_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "certkiosk/ca.h"
#include "certkiosk/err.h"

/* both CMP messages and desk answers: a chain of certificates fits many times over */
#define CK_REPLY_MAX ((size_t)256 * 1024)

/* how the failures of the one called are named */
struct ck_http_names {
	enum ck_code unreachable, silent, garbage;
};

struct ck_http_ask {
	const char *url, *type;
	const char *header; /* one more header line, or NULL */
	const unsigned char *body;
	size_t n;
	/* The body goes on the wire at most once; without it libcurl may send the same bytes again
	 * when a connection kept alive turns out to be dead before anything was received. */
	bool once;
	/* Called when the connection stands and the first byte of the body is about to be handed
	 * over: what must be written down before it is sent is written now, so that what could not
	 * be sent leaves no trace. -1 sends nothing. May be NULL. */
	int (*ready)(void *u, struct ck_err *);
	void *u;
	const struct ck_http_names *names;
	size_t max; /* of the answer's body; 0: CK_REPLY_MAX */
	/* HTTP Basic (RFC 7617); user NULL: none. libcurl keeps both until the line is closed, in
	 * memory that is wiped then: only over a line of its own. */
	const char *user;
	const struct ck_secret *password;
};

enum ck_http_fate {
	CK_HTTP_NOT_SENT, /* not one byte of the body was accepted by anybody */
	CK_HTTP_UNKNOWN,  /* it may have arrived */
	CK_HTTP_ANSWERED,
};

struct ck_http_reply {
	enum ck_http_fate fate;
	int status;
	char type[64]; /* media type in lower case, without parameters; empty when there is none */
	struct ck_buf body;
	int retry_after; /* seconds, 0 = not said */
};
void ck_http_reply_free(struct ck_http_reply *);

/* 0 when there is a whole HTTP answer, of whatever status; -1 otherwise, fate says which. The
 * program must ignore SIGPIPE. */
int ck_http_post(
    struct ck_http *, const struct ck_http_ask *, struct ck_http_reply *, struct ck_err *);

/* The same by GET: body, type, once and ready are not looked at. */
int ck_http_get(
    struct ck_http *, const struct ck_http_ask *, struct ck_http_reply *, struct ck_err *);

/* A line that knows nothing of us and may be http; https servers must be certified under ca_file.
 * limit_ms is for one exchange from end to end. */
int ck_http_open_public(const char *ca_file, long limit_ms, struct ck_http **, struct ck_err *);

/* Another line under the same rules, for what nothing else may share a connection with; as somebody
 * other than the kiosk where who is not NULL, which must outlive it. The failures of that one's
 * certificate and key are CA_OLD_CERT and KEY_TROUBLE. */
struct ck_identity;
int ck_http_open_apart(
    const struct ck_http *, const struct ck_identity *who, struct ck_http **, struct ck_err *);

/* CONFIG unless it is an https address */
int ck_http_url_check(const char *url, struct ck_err *);

#endif
