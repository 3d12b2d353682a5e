#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#define SEEN_MAX 256
#define HEAD_MAX 8192
#define BODY_MAX (1 << 20)
#define LINGER_MS 2000 /* for the client to read the alert before the connection is reset */

struct peer {
	struct peer_conf conf;
	pthread_t thread;
	pthread_mutex_t lock;
	SSL_CTX *tls;
	int listener, port, stop[2], behind;
	int connections, seen;
	struct peer_request requests[SEEN_MAX];
};

/* ---- small sockets ---- */

/* true when fd has something to read, false when the peer is to stop */
static bool
wait_for(struct peer *p, int fd)
{
	struct pollfd at[] = { { .fd = p->stop[0], .events = POLLIN },
		{ .fd = fd, .events = POLLIN } };

	return poll(at, 2, -1) > 0 && at[0].revents == 0;
}

static int
tls_read(struct peer *p, SSL *s, char *to, int cap)
{
	if (SSL_pending(s) == 0 && !wait_for(p, SSL_get_fd(s)))
		return 0;
	return SSL_read(s, to, cap);
}

static bool
tls_write(SSL *s, const void *from, size_t n)
{
	return n == 0 || SSL_write(s, from, (int)n) == (int)n;
}

/* one header line's value; empty when there is none */
static void
header(const char *head, const char *name, char *out, size_t cap)
{
	size_t len = strlen(name), n = 0;

	out[0] = '\0';
	for (const char *at = strstr(head, "\r\n"); at != NULL; at = strstr(at + 2, "\r\n")) {
		if (strncasecmp(at + 2, name, len) != 0 || at[2 + len] != ':')
			continue;
		at += 3 + len;
		at += strspn(at, " ");
		n = strcspn(at, "\r");
		if (n >= cap)
			n = cap - 1;
		memcpy(out, at, n);
		out[n] = '\0';
		return;
	}
}

/* ---- one request ---- */

static int
read_request(struct peer *p, SSL *s, struct peer_request *q)
{
	char head[HEAD_MAX + 1] = "", length[16] = "", *end = NULL;
	int n = 0, got = 0;
	size_t extra = 0, want = 0;

	while ((end = strstr(head, "\r\n\r\n")) == NULL) {
		if (n == HEAD_MAX || (got = tls_read(p, s, head + n, HEAD_MAX - n)) <= 0)
			return -1;
		n += got;
		head[n] = '\0';
	}
	extra = (size_t)(head + n - (end + 4));
	header(head, "Content-Length", length, sizeof length);
	header(head, "Content-Type", q->type, sizeof q->type);
	header(head, "Idempotency-Key", q->key, sizeof q->key);
	header(head, "Authorization", q->auth, sizeof q->auth);
	if (sscanf(head, "POST %127s", q->path) != 1 && sscanf(head, "GET %127s", q->path) != 1)
		return -1;
	want = strtoul(length, NULL, 10);
	if (want > BODY_MAX || extra > want)
		return -1;
	q->body = calloc(1, want + 1);
	memcpy(q->body, end + 4, extra);
	for (q->n = extra; q->n < want; q->n += (size_t)got)
		if ((got = tls_read(p, s, (char *)q->body + q->n, (int)(want - q->n))) <= 0)
			return -1;
	return 0;
}

/* The server behind, on one connection that is kept: openssl cmp gives a transaction up when its
 * connection ends. */
static size_t
ask_behind(struct peer *p, const struct peer_request *q, char *out, size_t cap, size_t *body)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)p->conf.behind) };
	char head[256] = "", length[16] = "", *end = NULL;
	ssize_t got = 0;
	size_t n = 0, want = 0;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (p->behind < 0) {
		p->behind = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(p->behind, (struct sockaddr *)&at, sizeof at) != 0)
			return 0;
	}
	snprintf(head, sizeof head,
	    "POST /pkix/ HTTP/1.0\r\nConnection: keep-alive\r\nContent-Type: %s\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    q->type, q->n);
	if (send(p->behind, head, strlen(head), 0) < 0 || send(p->behind, q->body, q->n, 0) < 0)
		return 0;
	while (end == NULL || n < want) {
		if (n + 1 >= cap || (got = recv(p->behind, out + n, cap - 1 - n, 0)) <= 0)
			return 0;
		n += (size_t)got;
		out[n] = '\0';
		if (end == NULL && (end = strstr(out, "\r\n\r\n")) != NULL) {
			header(out, "Content-Length", length, sizeof length);
			*body = (size_t)(end + 4 - out);
			want = *body + strtoul(length, NULL, 10);
		}
	}
	return n;
}

static bool
forward(struct peer *p, SSL *s, const struct peer_request *q, bool lose)
{
	char *out = malloc(BODY_MAX), head[256] = "";
	size_t body = 0, n = ask_behind(p, q, out, BODY_MAX, &body);
	bool good = n > 0 && !lose;

	snprintf(head, sizeof head,
	    "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\nContent-Length: %zu\r\n\r\n",
	    n - body);
	if (good)
		good = tls_write(s, head, strlen(head)) && tls_write(s, out + body, n - body);
	free(out);
	return good;
}

static bool
answer(SSL *s, const struct peer_line *l)
{
	size_t n = l->n != 0 ? l->n : l->body != NULL ? strlen(l->body) : 0;
	char head[1024] = "";

	snprintf(head, sizeof head,
	    "HTTP/1.1 %d Word\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s\r\n",
	    l->status != 0 ? l->status : 200, l->type != NULL ? l->type : "application/json", n,
	    l->head != NULL ? l->head : "");
	if (!tls_write(s, head, strlen(head)))
		return false;
	return tls_write(s, l->body, l->act == PEER_HALF ? n / 2 : n) && l->act != PEER_HALF;
}

static void
endless(SSL *s, bool head)
{
	static const char start[] = "HTTP/1.1 200 OK\r\nContent-Type: application/pkixcmp\r\n";
	char many[4096];

	for (size_t i = 0; i < sizeof many; i++)
		many[i] = "X-More: and more\r\n"[i % 18];
	if (!tls_write(s, start, strlen(start)) || (!head && !tls_write(s, "\r\n", 2)))
		return;
	while (tls_write(s, many, sizeof many - sizeof many % 18))
		;
}

/* false: the connection ends here */
static bool
act(struct peer *p, SSL *s, const struct peer_request *q, const struct peer_line *l)
{
	char rest[64];

	switch (l->act) {
	case PEER_ANSWER:
	case PEER_HALF:
		return answer(s, l);
	case PEER_RAW:
		tls_write(s, l->body, l->n != 0 ? l->n : strlen(l->body));
		return false;
	case PEER_SILENT:
		while (tls_read(p, s, rest, sizeof rest) > 0)
			;
		return false;
	case PEER_ENDLESS:
	case PEER_ENDLESS_HEAD:
		endless(s, l->act == PEER_ENDLESS_HEAD);
		return false;
	case PEER_FORWARD:
	case PEER_LOSE:
		return forward(p, s, q, l->act == PEER_LOSE);
	case PEER_CLOSE:
		break;
	}
	return false;
}

/* ---- the thread ---- */

static void
serve(struct peer *p, SSL *s)
{
	bool more = true;

	while (more) {
		struct peer_request q = { .connection = p->connections };
		struct peer_line l = { .act = PEER_CLOSE };
		int i = 0;

		if (read_request(p, s, &q) != 0) {
			free(q.body);
			return;
		}
		pthread_mutex_lock(&p->lock);
		i = p->seen;
		if (i < SEEN_MAX) {
			p->requests[i] = q;
			p->seen++;
		}
		pthread_mutex_unlock(&p->lock);
		if (p->conf.answer != NULL)
			p->conf.answer(p->conf.u, &q, &l);
		else if (p->conf.n_lines > 0)
			l = p->conf.lines[(size_t)i < p->conf.n_lines ? (size_t)i
								      : p->conf.n_lines - 1];
		more = i < SEEN_MAX && act(p, s, &q, &l);
		if (l.owned)
			free((char *)(uintptr_t)l.body);
	}
}

/* Closed at once with unread bytes in it, a connection is reset and the alert is lost. */
static void
linger(int fd)
{
	struct pollfd at = { .fd = fd, .events = POLLIN };
	char rest[1024];

	shutdown(fd, SHUT_WR);
	while (poll(&at, 1, LINGER_MS) > 0 && recv(fd, rest, sizeof rest, 0) > 0)
		;
}

static void *
run(void *u)
{
	struct peer *p = u;
	int on = 1;

	while (wait_for(p, p->listener)) {
		int fd = accept(p->listener, NULL, NULL);
		SSL *s = fd >= 0 ? SSL_new(p->tls) : NULL;

		if (s == NULL)
			continue;
		/* head and body are two writes: not 40 ms apart */
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		p->connections++;
		SSL_set_fd(s, fd);
		if (SSL_accept(s) == 1)
			serve(p, s);
		else
			linger(fd);
		ERR_clear_error();
		SSL_free(s);
		close(fd);
	}
	return NULL;
}

static int
any_client(int good, X509_STORE_CTX *ctx)
{
	(void)good;
	(void)ctx;
	return 1;
}

static SSL_CTX *
tls_context(const struct peer_conf *conf)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	int mode = SSL_VERIFY_PEER;

	if (conf->client_ca != NULL)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	if (tls == NULL || SSL_CTX_use_certificate_file(tls, conf->cert, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(tls, conf->key, SSL_FILETYPE_PEM) != 1)
		abort();
	if (conf->tls != 0) {
		SSL_CTX_set_min_proto_version(tls, conf->tls);
		SSL_CTX_set_max_proto_version(tls, conf->tls);
	}
	if (conf->client_ca != NULL &&
	    SSL_CTX_load_verify_locations(tls, conf->client_ca, NULL) != 1)
		abort();
	SSL_CTX_set_session_id_context(tls, (const unsigned char *)"peer", 4);
	SSL_CTX_set_verify(tls, mode, conf->client_ca != NULL ? NULL : any_client);
	return tls;
}

struct peer *
peer_start(const struct peer_conf *conf)
{
	struct peer *p = calloc(1, sizeof *p);
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof at;

	if (p == NULL || pipe(p->stop) != 0)
		abort();
	p->conf = *conf;
	p->behind = -1;
	p->tls = tls_context(conf);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	p->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(p->listener, (struct sockaddr *)&at, n) != 0 || listen(p->listener, 16) != 0 ||
	    getsockname(p->listener, (struct sockaddr *)&at, &n) != 0)
		abort();
	p->port = ntohs(at.sin_port);
	pthread_mutex_init(&p->lock, NULL);
	if (pthread_create(&p->thread, NULL, run, p) != 0)
		abort();
	return p;
}

void
peer_stop(struct peer *p)
{
	if (p == NULL)
		return;
	if (write(p->stop[1], "", 1) != 1)
		abort();
	pthread_join(p->thread, NULL);
	for (int i = 0; i < p->seen; i++)
		free(p->requests[i].body);
	close(p->listener);
	close(p->stop[0]);
	close(p->stop[1]);
	if (p->behind >= 0)
		close(p->behind);
	SSL_CTX_free(p->tls);
	free(p);
}

int
peer_port(const struct peer *p)
{
	return p->port;
}

void
peer_url(const struct peer *p, const char *path, char *out, size_t cap)
{
	snprintf(out, cap, "https://localhost:%d%s", p->port, path);
}

int
peer_count(struct peer *p)
{
	int n = 0;

	pthread_mutex_lock(&p->lock);
	n = p->seen;
	pthread_mutex_unlock(&p->lock);
	return n;
}

const struct peer_request *
peer_seen(struct peer *p, int i)
{
	return i < peer_count(p) ? &p->requests[i] : NULL;
}
