#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <openssl/ssl.h>

#include "base/log.h"
#include "answer.h"
#include "knob.h"
#include "listen.h"
#include "serve.h"

#define CONNECTIONS_MAX 128 /* twenty clients at once, each with a few left over */

struct server {
	struct sb *sb;
	SSL_CTX *tls;
	pthread_mutex_t lock; /* guards fds and open */
	pthread_cond_t changed;
	int fds[CONNECTIONS_MAX]; /* -1: free */
	int open;
};

struct connection {
	struct server *server;
	int at; /* in fds */
};

/* Whoever shows a certificate may speak: what it is worth is judged by each call (403 wants TLS).
 */
static int
take_any(int good, X509_STORE_CTX *ctx)
{
	(void)good, (void)ctx;
	return 1;
}

static SSL_CTX *
tls_open(struct sb *sb)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_use_certificate(tls, sb->pki.cert[SB_TLS]) != 1 ||
	    SSL_CTX_use_PrivateKey(tls, sb->pki.key[SB_TLS]) != 1 ||
	    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), sb->pki.cert[SB_KIOSK_CA]) != 1) {
		SSL_CTX_free(tls);
		return NULL;
	}
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, take_any);
	/* a resumed session would skip the client's certificate */
	SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(tls, SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(tls, 0);
	return tls;
}

static void *
run_connection(void *arg)
{
	struct connection *c = arg;
	struct server *s = c->server;
	int fd = s->fds[c->at], on = 1;
	SSL *ssl = SSL_new(s->tls);

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	if (ssl != NULL && sb_knob_number(s->sb, "tls.newest", NULL, 3) < 3)
		SSL_set_max_proto_version(ssl, TLS1_2_VERSION);
	if (ssl != NULL && sb_knob_number(s->sb, "tls.oldest", NULL, 2) > 2)
		SSL_set_min_proto_version(ssl, TLS1_3_VERSION);
	if (ssl != NULL && SSL_set_fd(ssl, fd) == 1 && SSL_accept(ssl) == 1) {
		while (sb_answer_one(s->sb, ssl))
			;
	}
	SSL_free(ssl);
	pthread_mutex_lock(&s->lock);
	close(fd);
	s->fds[c->at] = -1;
	s->open--;
	pthread_cond_signal(&s->changed);
	pthread_mutex_unlock(&s->lock);
	free(c);
	return NULL;
}

static void
begin_connection(struct server *s, int fd)
{
	struct connection *c = calloc(1, sizeof *c);
	pthread_attr_t attr;
	pthread_t thread;
	int at = 0;

	pthread_mutex_lock(&s->lock);
	while (at < CONNECTIONS_MAX && s->fds[at] != -1)
		at++;
	if (c == NULL || at == CONNECTIONS_MAX)
		goto refuse;
	c->server = s;
	c->at = at;
	s->fds[at] = fd;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run_connection, c) == 0) {
		s->open++;
		pthread_mutex_unlock(&s->lock);
		pthread_attr_destroy(&attr);
		return;
	}
	pthread_attr_destroy(&attr);
	s->fds[at] = -1;
refuse:
	pthread_mutex_unlock(&s->lock);
	free(c);
	close(fd);
}

/* Their reads end, and every wait and endless body with them. */
static void
end_connections(struct server *s)
{
	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < CONNECTIONS_MAX; i++)
		if (s->fds[i] != -1)
			shutdown(s->fds[i], SHUT_RDWR);
	while (s->open > 0)
		pthread_cond_wait(&s->changed, &s->lock);
	pthread_mutex_unlock(&s->lock);
}

int
sb_serve(struct sb *sb, int port, int stop_fd)
{
	struct server s = {
		.sb = sb,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.changed = PTHREAD_COND_INITIALIZER,
	};
	int fd = sb_listen(&port), rc = -1;
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN },
		{ .fd = stop_fd, .events = POLLIN } };

	memset(s.fds, -1, sizeof s.fds);
	s.tls = tls_open(sb);
	if (fd < 0 || s.tls == NULL || sb_say_port(sb->dir, "port", port) != 0)
		goto out;
	ck_log(CK_LOG_INFO, "serves on 127.0.0.1:%d", port);
	while (p[1].revents == 0) {
		if (poll(p, 2, -1) < 0)
			continue;
		if (p[0].revents != 0 && p[1].revents == 0) {
			int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

			if (client >= 0)
				begin_connection(&s, client);
		}
	}
	end_connections(&s);
	rc = 0;
out:
	SSL_CTX_free(s.tls);
	if (fd >= 0)
		close(fd);
	return rc;
}
