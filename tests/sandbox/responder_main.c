/*
 * responder --dir DIR [--port N]: OCSP and revocation lists over plain http, as CAs serve them.
 * POST /ocsp, GET /crl/g2, GET /crl/g3. Its port stands in DIR/responder.port.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "knob.h"
#include "listen.h"
#include "revoked.h"

#define REQUEST_MAX 65536

static const char usage[] = "usage: responder --dir DIR [--port N]\n";

struct request {
	char bytes[REQUEST_MAX];
	char method[16], path[256], host[256];
	const unsigned char *body;
	size_t n;
};

/* ---- as much HTTP as is needed ---- */

static const char *
header(const char *head, const char *name)
{
	const char *at = strcasestr(head, name);

	return at != NULL ? at + strlen(name) : NULL;
}

/* -1: the client has gone, or spoke something else */
static int
read_request(int fd, struct request *r)
{
	char *end = NULL;
	size_t have = 0, need = 0;
	ssize_t got = 0;

	while (end == NULL || have < need) {
		got = read(fd, r->bytes + have, sizeof r->bytes - 1 - have);
		if (got <= 0)
			return -1;
		have += (size_t)got;
		r->bytes[have] = '\0';
		end = end == NULL ? strstr(r->bytes, "\r\n\r\n") : end;
		if (end != NULL) {
			const char *length = header(r->bytes, "\r\nContent-Length:");

			r->body = (unsigned char *)end + 4;
			r->n = length != NULL ? strtoul(length, NULL, 10) : 0;
			need = (size_t)(end + 4 - r->bytes) + r->n;
		}
		if (need >= sizeof r->bytes || have == sizeof r->bytes - 1)
			return -1;
	}
	if (header(r->bytes, "\r\nHost: ") == NULL ||
	    sscanf(header(r->bytes, "\r\nHost: "), "%255s", r->host) != 1)
		return -1;
	return sscanf(r->bytes, "%15s %255s HTTP/1.", r->method, r->path) == 2 ? 0 : -1;
}

static void
say(int fd, int status, const char *type, const unsigned char *body, size_t n)
{
	char head[512];
	int len = snprintf(head, sizeof head,
	    "HTTP/1.1 %d Sandbox\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s"
	    "Connection: close\r\n\r\n",
	    status, type, n, status == 302 ? "Location: file:///etc/hostname\r\n" : "");

	if (write(fd, head, (size_t)len) == len && n > 0 && write(fd, body, n) != (ssize_t)n)
		ck_log(CK_LOG_WARN, "an answer did not go out whole");
}

static void
never_end(int fd, const char *type)
{
	char block[4096];
	int len = snprintf(block, sizeof block,
	    "HTTP/1.1 200 Sandbox\r\nContent-Type: %s\r\nConnection: close\r\n\r\n", type);

	while (write(fd, block, (size_t)len) > 0) {
		memset(block, '0', sizeof block);
		len = sizeof block;
	}
}

/* ---- one question ---- */

static void
answer(struct sb *sb, int fd, const struct request *r)
{
	bool ocsp = strcmp(r->method, "POST") == 0 && strcmp(r->path, "/ocsp") == 0;
	bool crl = strcmp(r->method, "GET") == 0 && strncmp(r->path, "/crl/", 5) == 0;
	const char *area = ocsp ? "ocsp" : "crl";
	const char *type = ocsp ? "application/ocsp-response" : "application/pkix-crl";
	char text[SB_KNOB_MAX], url[600];
	unsigned char *body = NULL;
	struct pollfd p = { .fd = fd, .events = POLLRDHUP };
	size_t n = 0;

	ck_log(CK_LOG_INFO, "%s %s", r->method, r->path);
	snprintf(url, sizeof url, "http://%s%s", r->host, r->path);
	poll(&p, 1, (int)sb_knob_number(sb, "status.delay", area, 0));
	if (sb_knob_due(sb, "status.endless", area)) {
		never_end(fd, type);
		return;
	}
	if (sb_knob_text(sb, "status.status", area, text, sizeof text)) {
		say(fd, (int)strtol(text, NULL, 10), "text/plain", NULL, 0);
		return;
	}
	if (ocsp)
		body = sb_ocsp(sb, r->body, r->n, &n);
	else if (crl)
		body = sb_crl(sb, r->path + 5, url, &n);
	say(fd, body != NULL ? 200 : 404, type, body, n);
	free(body);
}

/* a process for each: books and knobs are opened anew, a delay holds nobody else up */
static void
serve_one(const char *dir, int fd)
{
	static struct request r;
	struct sb sb;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read_request(fd, &r) == 0 && sb_open(&sb, dir) == 0) {
		answer(&sb, fd, &r);
		sb_close(&sb);
	}
	close(fd);
}

/* ---- the server ---- */

int
main(int argc, char **argv)
{
	const char *dir = argc >= 3 && strcmp(argv[1], "--dir") == 0 ? argv[2] : NULL;
	int port = argc == 5 && strcmp(argv[3], "--port") == 0 ? (int)strtol(argv[4], NULL, 10) : 0;
	int fd = -1, client = -1;

	if (dir == NULL || (argc != 3 && argc != 5)) {
		fputs(usage, stderr);
		return 2;
	}
	ck_log_open("responder", CK_LOG_INFO);
	/* a story that is killed takes its responder along */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	fd = sb_listen(&port);
	if (fd < 0 || sb_say_port(dir, "responder.port", port) != 0) {
		ck_log(CK_LOG_ERROR, "port %d cannot be served", port);
		return 1;
	}
	while ((client = accept(fd, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			close(fd);
			serve_one(dir, client);
			return 0;
		}
		close(client);
	}
	return 1;
}
