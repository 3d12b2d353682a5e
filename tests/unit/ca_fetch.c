/* Something signed, fetched from servers that behave as badly as they can. Plain http and lists of
 * a real size are in the story. */
#include "t.h"

#include <signal.h>
#include <stdlib.h>

#include "../fake/peer.h"
#include "base/clock.h"
#include "ca/fetch.h"
#include "ca/http.h"

#define LIMIT_MS 1000
#define LATE_MS 5000 /* of a loaded machine */

static struct peer_site site;
static struct ck_err err;
static struct ck_buf got;

static struct peer *
serve(const struct peer_line *lines, size_t n, const char *client_ca)
{
	return peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .client_ca = client_ca,
	    .lines = lines,
	    .n_lines = n,
	});
}

static int
fetch_url(const char *url, const char *ca, const char *question)
{
	struct ck_fetch f = {
		.url = url,
		.ca_file = peer_file(&site, ca),
		.limit_ms = LIMIT_MS,
		.question = (const unsigned char *)question,
		.n = question != NULL ? strlen(question) : 0,
	};

	ck_buf_free(&got);
	err = (struct ck_err){ .code = CK_E_NONE };
	return ck_fetch(&f, &got, &err);
}

static int
fetch(struct peer *p, const char *question)
{
	char url[128];

	peer_url(p, "/it", url, sizeof url);
	return fetch_url(url, "ca.pem", question);
}

/* one line, one answer; question NULL: a list */
static bool
ends(const struct peer_line *line, const char *question, enum ck_code code)
{
	struct peer *p = serve(line, 1, NULL);
	int64_t began = ck_mono_ms();
	int rc = fetch(p, question);
	bool good = rc == -1 && err.code == code && got.n == 0 && ck_mono_ms() - began < LATE_MS;

	if (!good)
		printf("#   %d, %d %s\n", rc, err.code, err.detail);
	peer_stop(p);
	return good;
}

static void
test_answer(void)
{
	const struct peer_line lines[] = { { .body = "answer" }, { .body = "list" } };
	struct peer *p = serve(lines, 2, NULL);

	T(fetch(p, "question") == 0 && got.n == 6 && memcmp(got.p, "answer", 6) == 0,
	    "fetch: an answer %s", err.detail);
	T_STR(peer_seen(p, 0)->type, "application/ocsp-request", "fetch: the question's type");
	T_STR((char *)peer_seen(p, 0)->body, "question", "fetch: the question");
	T_STR(peer_seen(p, 0)->path, "/it", "fetch: asked where it was said");
	T(fetch(p, NULL) == 0 && got.n == 4, "fetch: a list");
	T(peer_seen(p, 1)->n == 0 && peer_seen(p, 1)->type[0] == '\0',
	    "fetch: a list is asked for without a body");
	peer_stop(p);
}

static void
test_bounds(void)
{
	struct peer_line line = { .body = NULL, .n = CK_OCSP_MAX + 1 };
	const struct peer_line endless = { .act = PEER_ENDLESS },
			       head = { .act = PEER_ENDLESS_HEAD };
	struct peer *p = NULL;

	line.body = calloc(1, line.n);
	T(ends(&line, "q", CK_E_REPLY_TOO_LONG), "fetch: an answer one byte too long");
	p = serve(&line, 1, NULL);
	T(fetch(p, NULL) == 0 && got.n == line.n, "fetch: which is short for a list %s",
	    err.detail);
	peer_stop(p);
	free((char *)(uintptr_t)line.body);
	T(ends(&endless, "q", CK_E_REPLY_TOO_LONG), "fetch: an answer without end");
	T(ends(&endless, NULL, CK_E_REPLY_TOO_LONG), "fetch: a list without end");
	T(ends(&head, NULL, CK_E_REPLY_TOO_LONG), "fetch: a head without end");
}

static void
test_faults(void)
{
	const struct peer_line none = { .status = 404, .body = "" },
			       away = { .status = 302,
				       .head = "Location: file:///etc/hostname\r\n",
				       .body = "" },
			       silent = { .act = PEER_SILENT }, closed = { .act = PEER_CLOSE },
			       half = { .act = PEER_HALF, .body = "0123456789" },
			       raw = { .act = PEER_RAW, .body = "SSH-2.0-x\r\n\r\n" };

	T(ends(&none, "q", CK_E_STATUS_REFUSED) && ends(&none, NULL, CK_E_STATUS_REFUSED),
	    "fetch: 404");
	T(err.native == 404, "fetch: 404 is told");
	T(ends(&away, NULL, CK_E_STATUS_REFUSED), "fetch: no redirect is followed");
	T(ends(&silent, "q", CK_E_STATUS_SILENT), "fetch: silence after a question");
	T(ends(&silent, NULL, CK_E_STATUS_SILENT), "fetch: silence after a GET");
	T(strstr(err.detail, "no answer within 1 s") != NULL, "fetch: silence: how long");
	T(ends(&closed, "q", CK_E_STATUS_SILENT) && ends(&closed, NULL, CK_E_STATUS_SILENT),
	    "fetch: closed without a word");
	T(ends(&half, NULL, CK_E_STATUS_SILENT), "fetch: half of a list is none");
	T(ends(&raw, NULL, CK_E_STATUS_GARBAGE), "fetch: no HTTP");
}

static void
test_trust(void)
{
	const struct peer_line line = { .body = "answer" };
	struct peer *p = serve(&line, 1, NULL);
	char url[128];

	peer_url(p, "/", url, sizeof url);
	T(fetch_url(url, "other-ca.pem", NULL) == -1 && err.code == CK_E_TLS_UNTRUSTED,
	    "fetch: a server of strangers");
	T(peer_count(p) == 0, "fetch: which hears nothing");
	peer_stop(p);
	p = serve(&line, 1, peer_file(&site, "ca.pem"));
	T(fetch(p, "q") == -1 && err.code != CK_E_KIOSK_CERT && peer_count(p) == 0,
	    "fetch: the kiosk's certificate is shown to nobody");
	peer_stop(p);
}

static void
test_nobody(void)
{
	char url[128];

	snprintf(url, sizeof url, "http://127.0.0.1:%d/", peer_free_port());
	T(fetch_url(url, "ca.pem", NULL) == -1 && err.code == CK_E_STATUS_UNREACHABLE,
	    "fetch: nobody there");
	T(fetch_url("http://no-such-host.invalid/", "ca.pem", "q") == -1 &&
		err.code == CK_E_STATUS_UNREACHABLE,
	    "fetch: no such name");
	T(fetch_url("file:///etc/hostname", "ca.pem", NULL) == -1 && got.n == 0,
	    "fetch: no file is an address");
	T(fetch_url(url, "none.pem", NULL) == -1 && err.code == CK_E_CONFIG,
	    "fetch: no list of trust");
}

/* the lines to CA and desk stay what they were */
static void
test_ours(void)
{
	static const struct ck_http_names names = { CK_E_CA_UNREACHABLE, CK_E_CA_NO_ANSWER,
		CK_E_CA_GARBAGE };
	struct ck_http_conf conf = { .connect_s = 1, .answer_s = 1 };
	struct ck_http_ask ask = { .url = "http://localhost/", .type = "x/y", .names = &names };
	struct ck_http_reply reply = { .status = 0 };
	struct ck_http *h = NULL;

	snprintf(conf.ca_file, sizeof conf.ca_file, "%s", peer_file(&site, "ca.pem"));
	snprintf(conf.cert_file, sizeof conf.cert_file, "%s", peer_file(&site, "kiosk.pem"));
	snprintf(conf.key_file, sizeof conf.key_file, "%s", peer_file(&site, "kiosk.key"));
	err = (struct ck_err){ .code = CK_E_NONE };
	T(ck_http_open(&conf, &h, &err) == 0, "a line of ours %s", err.detail);
	T(ck_http_post(h, &ask, &reply, &err) == -1 && reply.fate == CK_HTTP_NOT_SENT &&
		strstr(err.detail, "rotocol \"http\"") != NULL,
	    "a line of ours never speaks http");
	ck_http_reply_free(&reply);
	ck_http_close(h);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	test_answer();
	test_bounds();
	test_faults();
	test_trust();
	test_nobody();
	test_ours();
	ck_buf_free(&got);
	peer_site_remove(&site);
	return T_END();
}
