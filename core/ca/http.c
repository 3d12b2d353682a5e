#include "http.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/wipe.h"
#include "identity.h"

/* libcurl keeps every header line in memory: an endless head must end too */
#define HEAD_MAX ((size_t)64 * 1024)
/* RFC 9110 lets a server say anything; a day is as long as a kiosk plans ahead */
#define RETRY_AFTER_MAX 86400
#define RETRY_AFTER_DIGITS 18 /* fit in what libcurl counts with */
#define PIN_PREFIX "sha256//"

struct ck_http {
	CURL *curl;
	struct ck_http_conf conf; /* of a public line: ca_file alone */
	long public_ms;		  /* limit of a public line's exchange; 0: a line of ours */
	struct ck_identity who;	  /* instead of the kiosk */
	char said[CURL_ERROR_SIZE];
};

struct exchange {
	const struct ck_http_ask *ask;
	struct ck_http_reply *reply;
	struct ck_err *err;
	size_t at, head;
	bool started, stopped, received, too_long;
};

static size_t
body_max(const struct exchange *x)
{
	return x->ask->max > 0 ? x->ask->max : CK_REPLY_MAX;
}

/* ---- the four callbacks of one exchange ---- */

static size_t
give_body(char *to, size_t size, size_t count, void *u)
{
	struct exchange *x = u;
	size_t n = x->ask->n - x->at;

	if (!x->started && x->ask->ready != NULL && x->ask->ready(x->ask->u, x->err) != 0) {
		x->stopped = true;
		return CURL_READFUNC_ABORT;
	}
	x->started = true;
	if (n > size * count)
		n = size * count;
	memcpy(to, x->ask->body + x->at, n);
	x->at += n;
	return n;
}

/*
 * libcurl 7.88 sends a request again by itself when a connection it reused dies before the first
 * byte of an answer, and has no option against it (CURLOPT_FORBID_RETRY_ON_REUSE came with 8.16).
 * A CMP request sent twice can be a second certificate, so the rewind it needs is refused: that
 * ends in CURLE_SEND_FAIL_REWIND, an unknown outcome. A connection the server closed while it was
 * idle is noticed by libcurl before it is reused and costs nothing.
 */
static int
rewind_body(void *u, curl_off_t offset, int origin)
{
	struct exchange *x = u;

	if (origin != SEEK_SET || offset != 0 || (x->ask->once && x->started))
		return CURL_SEEKFUNC_FAIL;
	x->at = 0;
	return CURL_SEEKFUNC_OK;
}

static size_t
take_head(char *from, size_t size, size_t count, void *u)
{
	struct exchange *x = u;
	size_t n = size * count;

	(void)from;
	x->received = true;
	x->head += n;
	if (x->head <= HEAD_MAX)
		return n;
	x->too_long = true;
	return 0;
}

static size_t
take_body(char *from, size_t size, size_t count, void *u)
{
	struct exchange *x = u;
	size_t n = size * count;

	x->received = true;
	if (n > body_max(x) - x->reply->body.n) {
		x->too_long = true;
		return 0;
	}
	return ck_buf_add(&x->reply->body, from, n) == 0 ? n : 0;
}

/* An enrolment secret comes this way once: libssl wipes the records it has handed over. */
static CURLcode
prepare_tls(CURL *curl, void *ssl, void *u)
{
	const struct ck_http *h = u;

	(void)curl;
	SSL_CTX_set_options(ssl, SSL_OP_CLEANSE_PLAINTEXT);
	if (h->who.cert != NULL && ck_identity_use(&h->who, ssl) != 0)
		return CURLE_SSL_CERTPROBLEM;
	return CURLE_OK;
}

/* ---- opening ---- */

static int
file_check(const char *file, enum ck_code code, struct ck_err *err)
{
	if (access(file, R_OK) == 0)
		return 0;
	return ck_fail_native(err, code, (unsigned long)errno, "%s cannot be read", file);
}

static int
conf_check(const struct ck_http_conf *conf, struct ck_err *err)
{
	if (file_check(conf->ca_file, CK_E_CONFIG, err) != 0 ||
	    file_check(conf->cert_file, CK_E_KIOSK_CERT, err) != 0 ||
	    file_check(conf->key_file, CK_E_KIOSK_CERT, err) != 0)
		return -1;
	if (conf->connect_s < 1 || conf->answer_s < 1)
		return ck_fail(err, CK_E_CONFIG, "limits of an exchange must be a second or more");
	if (conf->n_pins > CK_PINS_MAX)
		return ck_fail(err, CK_E_CONFIG, "too many pins");
	/* anything else libcurl would take for the name of a file */
	for (size_t i = 0; i < conf->n_pins; i++)
		if (strncmp(conf->pins[i], PIN_PREFIX, strlen(PIN_PREFIX)) != 0 ||
		    strchr(conf->pins[i], ';') != NULL)
			return ck_fail(
			    err, CK_E_CONFIG, "pin \"%s\" is not " PIN_PREFIX "...", conf->pins[i]);
	return 0;
}

/* One slip here is a kiosk that talks to anybody, so every setting counts. */
static CURLcode
set_trust(struct ck_http *h)
{
	char pins[CK_PINS_MAX * (sizeof h->conf.pins[0] + 1)] = "";
	CURLcode rc = CURLE_OK;

#define SET(option, value) \
	do { \
		if (rc == CURLE_OK) \
			rc = curl_easy_setopt(h->curl, (option), (value)); \
	} while (0)
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_CAINFO, h->conf.ca_file);
	SET(CURLOPT_CAPATH, NULL); /* Debian's libcurl would trust the system's roots as well */
	if (h->public_ms > 0)
		return rc;
	if (h->who.cert == NULL) {
		SET(CURLOPT_SSLCERT, h->conf.cert_file);
		SET(CURLOPT_SSLKEY, h->conf.key_file);
		SET(CURLOPT_KEYPASSWD, ""); /* libcrypto would ask for one on the terminal */
	}
	/* a resumed session would be whoever began it */
	SET(CURLOPT_SSL_SESSIONID_CACHE, h->who.cert == NULL ? 1L : 0L);
	SET(CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
	SET(CURLOPT_SSL_CTX_DATA, h);
	for (size_t i = 0; i < h->conf.n_pins; i++) {
		if (i > 0)
			strcat(pins, ";");
		strcat(pins, h->conf.pins[i]);
	}
	if (h->conf.n_pins > 0)
		SET(CURLOPT_PINNEDPUBLICKEY, pins);
	return rc;
}

static CURLcode
set_ways(struct ck_http *h)
{
	CURLcode rc = CURLE_OK;

	SET(CURLOPT_PROTOCOLS_STR, h->public_ms > 0 ? "http,https" : "https");
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, ""); /* nor one from the environment */
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NOSIGNAL, 1L);
	/* HTTP/2 has refused streams that libcurl sends again by itself */
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	/* a name nobody resolves would hold us back until its own time is over */
	SET(CURLOPT_QUICK_EXIT, 1L);
	if (h->public_ms > 0) {
		SET(CURLOPT_TIMEOUT_MS, h->public_ms);
	} else {
		SET(CURLOPT_CONNECTTIMEOUT, (long)h->conf.connect_s);
		SET(CURLOPT_TIMEOUT, (long)h->conf.connect_s + (long)h->conf.answer_s);
	}
	SET(CURLOPT_ERRORBUFFER, h->said);
	SET(CURLOPT_READFUNCTION, give_body);
	SET(CURLOPT_SEEKFUNCTION, rewind_body);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_HEADERFUNCTION, take_head);
	return rc;
}

static int
open_line(const struct ck_http *like, struct ck_http **out, struct ck_err *err)
{
	const curl_version_info_data *v = NULL;
	struct ck_http *h = NULL;

	/* libcurl would write the keys of our TLS sessions into the file this names */
	unsetenv("SSLKEYLOGFILE");
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, ck_wiping_free, ck_wiping_realloc,
		strdup, calloc) != CURLE_OK)
		return ck_fail(err, CK_E_NO_MEMORY, "libcurl does not start");
	h = calloc(1, sizeof *h);
	if (h == NULL || (h->curl = curl_easy_init()) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "no memory for a connection");
		goto out;
	}
	h->conf = like->conf;
	h->public_ms = like->public_ms;
	h->who = like->who;
	/* The wiping of records and the alerts' numbers are OpenSSL's; Debian has three flavours.
	 */
	v = curl_version_info(CURLVERSION_NOW);
	if (v->ssl_version == NULL || strncmp(v->ssl_version, "OpenSSL/", 8) != 0) {
		ck_fail(err, CK_E_CONFIG, "libcurl is built with %s, not OpenSSL",
		    v->ssl_version != NULL ? v->ssl_version : "no TLS");
		goto out;
	}
	if (set_trust(h) != CURLE_OK || set_ways(h) != CURLE_OK) {
		ck_fail(err, CK_E_INTERNAL, "libcurl %s lacks an option", v->version);
		goto out;
	}
	*out = h;
	return 0;
out:
	if (h == NULL)
		curl_global_cleanup();
	ck_http_close(h);
	return -1;
}

int
ck_http_open(const struct ck_http_conf *conf, struct ck_http **out, struct ck_err *err)
{
	struct ck_http like = { .conf = *conf };

	*out = NULL;
	return conf_check(conf, err) == 0 ? open_line(&like, out, err) : -1;
}

int
ck_http_open_apart(const struct ck_http *h, const struct ck_identity *who, struct ck_http **out,
    struct ck_err *err)
{
	struct ck_http like = { .conf = h->conf };

	*out = NULL;
	if (who != NULL)
		like.who = *who;
	return open_line(&like, out, err);
}

int
ck_http_open_public(const char *ca_file, long limit_ms, struct ck_http **out, struct ck_err *err)
{
	struct ck_http like = { .public_ms = limit_ms };

	*out = NULL;
	if (strlen(ca_file) >= sizeof like.conf.ca_file || limit_ms < 1)
		return ck_fail(err, CK_E_INTERNAL, "public line");
	strcpy(like.conf.ca_file, ca_file);
	if (file_check(ca_file, CK_E_CONFIG, err) != 0)
		return -1;
	return open_line(&like, out, err);
}

void
ck_http_close(struct ck_http *h)
{
	if (h == NULL)
		return;
	curl_easy_cleanup(h->curl);
	curl_global_cleanup();
	free(h);
}

int
ck_http_url_check(const char *url, struct ck_err *err)
{
	if (strncmp(url, "https://", 8) == 0 && url[8] != '\0' && url[8] != '/')
		return 0;
	return ck_fail(err, CK_E_CONFIG, "\"%s\" is not an https address", url);
}

void
ck_http_reply_free(struct ck_http_reply *r)
{
	if (r != NULL)
		ck_buf_free(&r->body);
}

/* ---- what a failure means ---- */

/* libcurl has only the text "error:0A00045C:SSL routines::..." */
static unsigned long
error_code(const char *said)
{
	const char *at = strstr(said, "error:");

	return at != NULL ? strtoul(at + 6, NULL, 16) : 0;
}

/*
 * The TLS alerts by which a server turns our own certificate down (RFC 8446 section 6.2). TLS 1.3
 * says so only after our side of the handshake, when the body may be on its way already; such a
 * server has never read it.
 */
static bool
turned_down(const char *said)
{
	static const int alerts[] = {
		SSL_AD_BAD_CERTIFICATE,
		SSL_AD_UNSUPPORTED_CERTIFICATE,
		SSL_AD_CERTIFICATE_REVOKED,
		SSL_AD_CERTIFICATE_EXPIRED,
		SSL_AD_CERTIFICATE_UNKNOWN,
		SSL_AD_UNKNOWN_CA,
		SSL_AD_ACCESS_DENIED,
		SSL_AD_CERTIFICATE_REQUIRED,
	};
	unsigned long code = error_code(said);

	if (ERR_GET_LIB(code) != ERR_LIB_SSL)
		return false;
	for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
		if (ERR_GET_REASON(code) == SSL_AD_REASON_OFFSET + alerts[i])
			return true;
	return false;
}

/* The customer's key did not sign: libssl calls that an internal error, or the module's own words
 * stand there. */
static bool
unsigned_by_key(const struct ck_http *h, CURLcode rc)
{
	unsigned long code = error_code(h->said);

	return h->who.key != NULL && rc == CURLE_SSL_CONNECT_ERROR && code != 0 &&
	       (ERR_GET_LIB(code) != ERR_LIB_SSL || ERR_GET_REASON(code) == ERR_R_INTERNAL_ERROR);
}

static int
untrusted(struct ck_http *h, CURLcode rc, const char *said, struct ck_err *err)
{
	char now[CK_TIME_LEN] = "";
	long verdict = X509_V_OK;

	curl_easy_getinfo(h->curl, CURLINFO_SSL_VERIFYRESULT, &verdict);
	if (verdict != X509_V_ERR_CERT_HAS_EXPIRED && verdict != X509_V_ERR_CERT_NOT_YET_VALID)
		return ck_fail_native(err, CK_E_TLS_UNTRUSTED, rc, "%s", said);
	ck_time_text(ck_now(), now);
	return ck_fail_native(err, CK_E_CLOCK, rc, "%s; this machine's clock says %s", said, now);
}

static int
limit_s(const struct ck_http *h)
{
	return h->public_ms > 0 ? (int)((h->public_ms + 999) / 1000)
				: h->conf.connect_s + h->conf.answer_s;
}

static int
explain(struct ck_http *h, struct exchange *x, CURLcode rc, struct ck_err *err)
{
	const struct ck_http_names *names = x->ask->names;
	enum ck_code own = h->who.cert != NULL ? CK_E_CA_OLD_CERT : CK_E_KIOSK_CERT;
	bool sent = x->reply->fate != CK_HTTP_NOT_SENT;
	const char *said = h->said[0] != '\0' ? h->said : curl_easy_strerror(rc),
		   *url = x->ask->url;

	if (x->too_long || rc == CURLE_FILESIZE_EXCEEDED)
		return ck_fail(
		    err, CK_E_REPLY_TOO_LONG, "%s: more than %zu KiB", url, body_max(x) / 1024);
	switch (rc) {
	case CURLE_OUT_OF_MEMORY:
		return ck_fail(err, CK_E_NO_MEMORY, "no memory for an exchange");
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
		return untrusted(h, rc, said, err);
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return ck_fail_native(err, CK_E_TLS_PIN, rc, "%s: %s", url, said);
	case CURLE_SSL_CERTPROBLEM:
		return ck_fail_native(err, own, rc, "%s", said);
	case CURLE_OPERATION_TIMEDOUT:
		if (sent)
			return ck_fail_native(
			    err, names->silent, rc, "%s: no answer within %d s", url, limit_s(h));
		break;
	case CURLE_SEND_FAIL_REWIND: /* said in words of our own callback, which mean nothing to
					people */
		said = "the connection ended without an answer";
		break;
	case CURLE_WEIRD_SERVER_REPLY:
	case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, that is: no HTTP at all */
	case CURLE_BAD_CONTENT_ENCODING:
		if (sent)
			return ck_fail_native(err, names->garbage, rc, "%s: %s", url, said);
		break;
	default:
		break;
	}
	/* a public line shows no certificate that could be turned down */
	if (h->public_ms == 0 && turned_down(h->said))
		return ck_fail_native(err, own, rc, "%s", said);
	if (unsigned_by_key(h, rc))
		return ck_fail_native(err, CK_E_KEY_TROUBLE, rc, "%s", said);
	return ck_fail_native(
	    err, sent ? names->silent : names->unreachable, rc, "%s: %s", url, said);
}

static enum ck_http_fate
fate(const struct ck_http *h, const struct exchange *x, CURLcode rc)
{
	if (rc == CURLE_OK)
		return CK_HTTP_ANSWERED;
	if (!x->started || (!x->received && turned_down(h->said)))
		return CK_HTTP_NOT_SENT;
	return CK_HTTP_UNKNOWN;
}

/* ---- the exchange ---- */

/* More seconds than libcurl has a number for: it takes them for none at all. */
static bool
waits_for_ever(struct ck_http *h)
{
	struct curl_header *line = NULL;
	size_t digits = 0;

	if (curl_easy_header(h->curl, "Retry-After", 0, CURLH_HEADER, -1, &line) != CURLHE_OK)
		return false;
	digits = strspn(line->value, "0123456789");
	return digits >= RETRY_AFTER_DIGITS && line->value[digits] == '\0';
}

static void
take_facts(struct ck_http *h, struct ck_http_reply *reply)
{
	char *type = NULL;
	long status = 0;
	curl_off_t after = 0;
	size_t n = 0;

	curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(h->curl, CURLINFO_CONTENT_TYPE, &type);
	curl_easy_getinfo(h->curl, CURLINFO_RETRY_AFTER, &after);
	if (waits_for_ever(h))
		after = RETRY_AFTER_MAX;
	reply->status = (int)status;
	reply->retry_after = (int)(after < 0		     ? 0
				   : after > RETRY_AFTER_MAX ? RETRY_AFTER_MAX
							     : after);
	for (; type != NULL && type[n] > ' ' && type[n] < 0x7f && type[n] != ';' &&
	       n < sizeof reply->type - 1;
	     n++)
		reply->type[n] = (char)tolower((unsigned char)type[n]);
}

static struct curl_slist *
head_lines(const struct ck_http_ask *ask, bool post)
{
	char type[96] = "";
	/* without "Expect:" libcurl waits a second for a server that knows no 100-continue */
	const char *lines[] = { "Expect:", post ? type : NULL, ask->header };
	struct curl_slist *list = NULL, *more = NULL;

	if (post)
		strcat(strcpy(type, "Content-Type: "), ask->type);
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (lines[i] == NULL)
			continue;
		more = curl_slist_append(list, lines[i]);
		if (more == NULL) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = more;
	}
	return list;
}

static int
exchange(struct ck_http *h, const struct ck_http_ask *ask, bool post, struct ck_http_reply *reply,
    struct ck_err *err)
{
	struct exchange x = { .ask = ask, .reply = reply, .err = err };
	struct curl_slist *lines = head_lines(ask, post);
	CURLcode rc = CURLE_OUT_OF_MEMORY;
	curl_off_t stood = 0;

	*reply = (struct ck_http_reply){ .fate = CK_HTTP_NOT_SENT };
	h->said[0] = '\0';
	if (lines != NULL)
		rc = curl_easy_setopt(h->curl, CURLOPT_URL, ask->url);
	SET(CURLOPT_HTTPHEADER, lines);
	SET(post ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)(post ? ask->n : 0));
	SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)body_max(&x));
	SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	SET(CURLOPT_USERNAME, ask->user);
	SET(CURLOPT_PASSWORD, ask->user != NULL ? ck_secret_bytes(ask->password) : NULL);
	SET(CURLOPT_READDATA, &x);
	SET(CURLOPT_SEEKDATA, &x);
	SET(CURLOPT_WRITEDATA, &x);
	SET(CURLOPT_HEADERDATA, &x);
	CK_FAULT("http.before");
	if (rc == CURLE_OK)
		rc = curl_easy_perform(h->curl);
	CK_FAULT("http.after");
	/* a GET has no body to begin with: it is on its way once the connection stands */
	if (!post && curl_easy_getinfo(h->curl, CURLINFO_PRETRANSFER_TIME_T, &stood) == CURLE_OK)
		x.started = stood > 0;
	reply->fate = fate(h, &x, rc);
	if (rc == CURLE_OK)
		take_facts(h, reply);
	else if (!x.stopped)
		explain(h, &x, rc, err);
	/* nothing of this frame may be pointed to from the handle that lives on */
	curl_easy_setopt(h->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(lines);
	return rc == CURLE_OK ? 0 : -1;
#undef SET
}

int
ck_http_post(struct ck_http *h, const struct ck_http_ask *ask, struct ck_http_reply *reply,
    struct ck_err *err)
{
	return exchange(h, ask, true, reply, err);
}

int
ck_http_get(struct ck_http *h, const struct ck_http_ask *ask, struct ck_http_reply *reply,
    struct ck_err *err)
{
	return exchange(h, ask, false, reply, err);
}
