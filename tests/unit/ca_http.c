/* One POST over TLS against a server that behaves as badly as it can. */
#include "t.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <openssl/ssl.h>

#include "../fake/peer.h"
#include "ca/http.h"

static const struct ck_http_names names = {
	.unreachable = CK_E_CA_UNREACHABLE,
	.silent = CK_E_CA_NO_ANSWER,
	.garbage = CK_E_CA_GARBAGE,
};

static struct peer_site site;

struct
try {
	/* what is tried */
	const char *ca, *cert, *key; /* NULL = the site's own */
	const char *pin;
	bool once;
	int not_ready; /* what ready fails with */
	/* what came of it */
	struct ck_http_reply reply;
	struct ck_err err;
	int rc, readied;
};

static int
ready(void *u, struct ck_err *err)
{
	struct try *t = u;

	t->readied++;
	return t->not_ready == 0 ? 0 : ck_fail(err, (enum ck_code)t->not_ready, "not ready");
}

static struct ck_http *
open_http(const struct try *t, struct ck_err *err)
{
	struct ck_http_conf conf = { .connect_s = 1, .answer_s = 1 };
	struct ck_http *h = NULL;

	snprintf(conf.ca_file, sizeof conf.ca_file, "%s",
	    peer_file(&site, t->ca != NULL ? t->ca : "ca.pem"));
	snprintf(conf.cert_file, sizeof conf.cert_file, "%s",
	    peer_file(&site, t->cert != NULL ? t->cert : "kiosk.pem"));
	snprintf(conf.key_file, sizeof conf.key_file, "%s",
	    peer_file(&site, t->key != NULL ? t->key : "kiosk.key"));
	if (t->pin != NULL) {
		snprintf(conf.pins[0], sizeof conf.pins[0], "%s", site.other_pin);
		snprintf(conf.pins[1], sizeof conf.pins[1], "%s", t->pin);
		conf.n_pins = 2;
	}
	ck_http_open(&conf, &h, err);
	return h;
}

static void
post(struct ck_http *h, struct try *t, const char *url)
{
	struct ck_http_ask ask = {
		.url = url,
		.type = "application/pkixcmp",
		.header = "Idempotency-Key: 0123456789",
		.body = (const unsigned char *)"request",
		.n = 7,
		.once = t->once,
		.ready = ready,
		.u = t,
		.names = &names,
	};

	ck_http_reply_free(&t->reply);
	t->err = (struct ck_err){ .code = CK_E_NONE };
	t->readied = 0;
	t->rc = ck_http_post(h, &ask, &t->reply, &t->err);
}

static struct peer *
serve(const struct peer_line *lines, size_t n)
{
	return peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "server.pem"),
	    .key = peer_file(&site, "server.key"),
	    .client_ca = peer_file(&site, "ca.pem"),
	    .lines = lines,
	    .n_lines = n,
	});
}

/* one request on a connection of its own */
static void
once(struct try *t, struct peer *p)
{
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_http *h = open_http(t, &err);
	char url[128];

	peer_url(p, "/cmp", url, sizeof url);
	if (h != NULL)
		post(h, t, url);
	else
		t->rc = -2;
	ck_http_close(h);
}

static void
clear(struct try *t)
{
	ck_http_reply_free(&t->reply);
}

static void
test_answer(void)
{
	const struct peer_line lines[] = {
		{ .body = "answer", .type = "Application/PKIXCMP; x=y" },
		{ .status = 503, .body = "later", .head = "Retry-After: 7\r\n" },
		{ .status = 302, .body = "", .head = "Location: https://localhost:1/\r\n" },
	};
	struct peer *p = serve(lines, 3);
	struct try t = { .once = true };
	struct ck_http *h = NULL;
	char url[128];

	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("SSLKEYLOGFILE", peer_file(&site, "keys.log"), 1);
	h = open_http(&t, &t.err);
	peer_url(p, "/cmp", url, sizeof url);
	post(h, &t, url);
	T(t.rc == 0 && t.reply.fate == CK_HTTP_ANSWERED && t.reply.status == 200, "http answer");
	T_STR((char *)t.reply.body.p, "answer", "http answer's body");
	T_STR(t.reply.type, "application/pkixcmp", "http media type is folded and cut");
	T(t.readied == 1, "http asks to be ready once");
	T(peer_count(p) == 1 && peer_seen(p, 0)->n == 7, "http body arrives whole");
	T_STR((char *)peer_seen(p, 0)->body, "request", "http body arrives as it is");
	T_STR(peer_seen(p, 0)->key, "0123456789", "http extra header arrives");
	T_STR(peer_seen(p, 0)->path, "/cmp", "http path");
	post(h, &t, url);
	T(t.rc == 0 && t.reply.status == 503 && t.reply.retry_after == 7, "http Retry-After");
	post(h, &t, url);
	T(t.rc == 0 && t.reply.status == 302, "http redirect is not followed");
	T(peer_seen(p, 2)->connection == 1, "http one connection is kept");
	T(access(peer_file(&site, "keys.log"), F_OK) != 0, "http session keys are not logged");
	unsetenv("https_proxy");
	ck_http_close(h);
	peer_stop(p);
	clear(&t);
}

static void
test_not_sent(void)
{
	struct try t = { .once = true };
	struct ck_http *h = open_http(&t, &t.err);
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof at;
	int deaf = socket(AF_INET, SOCK_STREAM, 0);
	char url[128];

	snprintf(url, sizeof url, "https://localhost:%d/", peer_free_port());
	post(h, &t, url);
	T(t.rc == -1 && t.err.code == CK_E_CA_UNREACHABLE, "http nobody there: unreachable");
	T(t.reply.fate == CK_HTTP_NOT_SENT && t.readied == 0, "http nobody there: not sent");
	post(h, &t, "https://no-such-host.invalid/");
	T(t.err.code == CK_E_CA_UNREACHABLE && t.readied == 0, "http no such name: unreachable");
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	T(bind(deaf, (struct sockaddr *)&at, n) == 0 && listen(deaf, 1) == 0 &&
		getsockname(deaf, (struct sockaddr *)&at, &n) == 0,
	    "http deaf server stands");
	snprintf(url, sizeof url, "https://localhost:%d/", ntohs(at.sin_port));
	post(h, &t, url);
	T(t.err.code == CK_E_CA_UNREACHABLE, "http no handshake in time: unreachable");
	T(t.reply.fate == CK_HTTP_NOT_SENT && t.readied == 0,
	    "http no handshake in time: not sent");
	close(deaf);
	ck_http_close(h);
	clear(&t);
}

static void
test_trust(void)
{
	const struct peer_line lines[] = { { .body = "answer" } };
	struct peer *p = serve(lines, 1), *late = NULL;
	struct try other = { .ca = "other-ca.pem" }, right = { .pin = site.pin };
	struct try wrong = { .pin = site.other_pin }, expired = { .ca = NULL };

	once(&other, p);
	T(other.err.code == CK_E_TLS_UNTRUSTED && other.readied == 0,
	    "tls another root is not trusted");
	T(strstr(other.err.detail, "clock") == NULL, "tls another root is not the clock's fault");
	once(&right, p);
	T(right.rc == 0, "tls one of two pins matches");
	once(&wrong, p);
	T(wrong.err.code == CK_E_TLS_PIN && wrong.readied == 0 &&
		wrong.reply.fate == CK_HTTP_NOT_SENT,
	    "tls no pin matches");
	T(peer_count(p) == 1, "tls only the trusted exchange was seen");
	late = peer_start(&(struct peer_conf){
	    .cert = peer_file(&site, "late.pem"),
	    .key = peer_file(&site, "server.key"),
	    .lines = lines,
	    .n_lines = 1,
	});
	once(&expired, late);
	T(expired.err.code == CK_E_CLOCK && strstr(expired.err.detail, "clock says 20") != NULL,
	    "tls an expired certificate makes the clock a suspect");
	peer_stop(late);
	peer_stop(p);
	clear(&right);
}

static void
test_kiosk_cert(void)
{
	static const int versions[] = { TLS1_2_VERSION, TLS1_3_VERSION };
	const struct peer_line lines[] = { { .body = "answer" } };

	for (size_t i = 0; i < 2; i++) {
		struct peer *p = peer_start(&(struct peer_conf){
		    .cert = peer_file(&site, "server.pem"),
		    .key = peer_file(&site, "server.key"),
		    .client_ca = peer_file(&site, "ca.pem"),
		    .tls = versions[i],
		    .lines = lines,
		    .n_lines = 1,
		});
		struct try t = { .cert = "stranger.pem", .key = "stranger.key", .once = true };

		once(&t, p);
		T(t.err.code == CK_E_KIOSK_CERT && t.reply.fate == CK_HTTP_NOT_SENT &&
			peer_count(p) == 0,
		    "tls 1.%zu turns the kiosk's certificate down", i + 2);
		peer_stop(p);
	}
}

static void
test_conf(void)
{
	struct try absent = { .key = "absent.key" }, foreign = { .key = "other.key" };
	struct try no_ca = { .ca = "absent.pem" }, bad_pin = { .pin = "server.pem" };
	struct ck_err err = { .code = CK_E_NONE };
	struct peer *p = serve(NULL, 0);

	T(open_http(&absent, &absent.err) == NULL && absent.err.code == CK_E_KIOSK_CERT,
	    "conf no key file");
	T(open_http(&no_ca, &no_ca.err) == NULL && no_ca.err.code == CK_E_CONFIG,
	    "conf no CA file");
	T(open_http(&bad_pin, &bad_pin.err) == NULL && bad_pin.err.code == CK_E_CONFIG,
	    "conf a pin that is none");
	once(&foreign, p);
	T(foreign.err.code == CK_E_KIOSK_CERT && foreign.readied == 0,
	    "conf key of another certificate");
	peer_stop(p);
	T(ck_http_url_check("https://localhost/x", &err) == 0, "conf https address");
	T(ck_http_url_check("http://localhost/x", &err) == -1 && err.code == CK_E_CONFIG,
	    "conf other address");
}

/* act, expected code, fate */
static void
bad(enum peer_act act, const char *body, enum ck_code code, enum ck_http_fate fate,
    const char *what)
{
	const struct peer_line lines[] = { { .act = act, .body = body } };
	struct peer *p = serve(lines, 1);
	struct try t = { .once = true };

	once(&t, p);
	T(t.rc == -1 && t.err.code == code, "http %s: code %d", what, (int)t.err.code);
	T(t.reply.fate == fate && t.readied == 1 && peer_count(p) == 1, "http %s: fate, sent once",
	    what);
	peer_stop(p);
	clear(&t);
}

static void
test_bad_answers(void)
{
	static char big[CK_REPLY_MAX + 2];

	memset(big, 'x', sizeof big - 1);
	bad(PEER_SILENT, NULL, CK_E_CA_NO_ANSWER, CK_HTTP_UNKNOWN, "silent server");
	bad(PEER_CLOSE, NULL, CK_E_CA_NO_ANSWER, CK_HTTP_UNKNOWN, "server that hangs up");
	bad(PEER_HALF, "half an answer", CK_E_CA_NO_ANSWER, CK_HTTP_UNKNOWN, "half an answer");
	bad(PEER_RAW, "SSH-2.0-word\r\n\r\nmore", CK_E_CA_GARBAGE, CK_HTTP_UNKNOWN,
	    "another protocol");
	bad(PEER_ENDLESS, NULL, CK_E_REPLY_TOO_LONG, CK_HTTP_UNKNOWN, "answer without end");
	bad(PEER_ENDLESS_HEAD, NULL, CK_E_REPLY_TOO_LONG, CK_HTTP_UNKNOWN, "head without end");
	bad(PEER_ANSWER, big, CK_E_REPLY_TOO_LONG, CK_HTTP_UNKNOWN, "answer beyond the limit");
	bad(PEER_RAW, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", CK_E_CA_NO_ANSWER,
	    CK_HTTP_UNKNOWN, "body cut short");
}

/* A connection kept alive that dies under the second request. */
static void
test_dead_connection(bool only_once)
{
	const struct peer_line lines[] = { { .body = "first" }, { .act = PEER_CLOSE },
		{ .body = "again" } };
	struct peer *p = serve(lines, 3);
	struct try t = { .once = only_once };
	struct ck_http *h = open_http(&t, &t.err);
	char url[128];

	peer_url(p, "/cmp", url, sizeof url);
	post(h, &t, url);
	post(h, &t, url);
	if (only_once) {
		T(t.err.code == CK_E_CA_NO_ANSWER && t.reply.fate == CK_HTTP_UNKNOWN,
		    "http dead connection: unknown outcome");
		T(peer_count(p) == 2, "http dead connection: not sent again behind our back");
		post(h, &t, url);
		T(t.rc == 0 && peer_count(p) == 3,
		    "http the next one goes out on a new connection");
	} else {
		T(t.rc == 0 && peer_count(p) == 3 && t.readied == 1,
		    "http dead connection: the same bytes again where that is harmless");
	}
	ck_http_close(h);
	peer_stop(p);
	clear(&t);
}

static void
test_not_ready(void)
{
	const struct peer_line lines[] = { { .body = "answer" } };
	struct peer *p = serve(lines, 1);
	struct try t = { .once = true, .not_ready = CK_E_STORE_FULL };

	once(&t, p);
	T(t.err.code == CK_E_STORE_FULL && t.reply.fate == CK_HTTP_NOT_SENT && peer_count(p) == 0,
	    "http what can't be written down is not sent");
	peer_stop(p);
	clear(&t);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	peer_site_make(&site);
	test_answer();
	test_not_sent();
	test_trust();
	test_kiosk_cert();
	test_conf();
	test_bad_answers();
	test_dead_connection(true);
	test_dead_connection(false);
	test_not_ready();
	peer_site_remove(&site);
	return T_END();
}
