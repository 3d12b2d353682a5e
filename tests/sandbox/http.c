#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "http.h"

#define BLOCK 4096 /* of an endless body */

/* the head up to its empty line, byte by byte out of TLS's own buffer: the body must stay in there
 */
static int
read_head(SSL *ssl, char head[SB_HEAD_MAX])
{
	size_t n = 0;

	while (n + 1 < SB_HEAD_MAX) {
		if (SSL_read(ssl, head + n, 1) != 1)
			return -1;
		head[++n] = '\0';
		if (n >= 4 && memcmp(head + n - 4, "\r\n\r\n", 4) == 0)
			return 0;
	}
	return -1;
}

static const char *
value_of(const char *line, const char *name)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	return line + n + 1 + strspn(line + n + 1, " \t");
}

static int
read_headers(char *lines, struct sb_request *r)
{
	const char *v = NULL;
	char *save = NULL;

	for (char *line = strtok_r(lines, "\r\n", &save); line != NULL;
	     line = strtok_r(NULL, "\r\n", &save)) {
		if ((v = value_of(line, "Content-Length")) != NULL)
			r->length = strtoul(v, NULL, 10);
		else if ((v = value_of(line, "Content-Type")) != NULL)
			snprintf(r->type, sizeof r->type, "%s", v);
		else if ((v = value_of(line, "Idempotency-Key")) != NULL)
			snprintf(r->idem, sizeof r->idem, "%s", v);
		else if ((v = value_of(line, "Authorization")) != NULL)
			snprintf(r->auth, sizeof r->auth, "%s", v);
		else if ((v = value_of(line, "Connection")) != NULL)
			r->keep = strcasecmp(v, "close") != 0 &&
				  (r->keep || strcasecmp(v, "keep-alive") == 0);
		else if ((v = value_of(line, "Expect")) != NULL)
			r->continues = strcasecmp(v, "100-continue") == 0;
		else if (value_of(line, "Transfer-Encoding") != NULL)
			return -1;
	}
	return r->length <= SB_BODY_MAX ? 0 : -1;
}

static int
read_body(SSL *ssl, struct sb_request *r)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	int got = 0;

	r->body = malloc(r->length + 1);
	if (r->body == NULL || (r->continues && SSL_write(ssl, go_on, sizeof go_on - 1) <= 0))
		return -1;
	for (size_t n = 0; n < r->length; n += (size_t)got)
		if ((got = SSL_read(ssl, r->body + n, (int)(r->length - n))) <= 0)
			return -1;
	r->body[r->length] = '\0';
	return 0;
}

int
sb_http_read(SSL *ssl, struct sb_request *r)
{
	char head[SB_HEAD_MAX], *lines = NULL;
	int minor = 0;

	memset(r, 0, sizeof *r);
	if (read_head(ssl, head) != 0)
		return 0;
	lines = strstr(head, "\r\n");
	if (sscanf(head, "%15s %255s HTTP/1.%d", r->method, r->path, &minor) != 3)
		return 0;
	r->keep = minor >= 1;
	return read_headers(lines + 2, r) == 0 && read_body(ssl, r) == 0;
}

void
sb_http_request_free(struct sb_request *r)
{
	if (r->body != NULL)
		OPENSSL_cleanse(r->body, r->length);
	OPENSSL_cleanse(r->auth, sizeof r->auth);
	free(r->body);
	r->body = NULL;
}

/* In one write, one record: a client never sees half of it unless that is wanted. */
static int
send_answer(SSL *ssl, const struct sb_answer *a, size_t body, bool keep)
{
	char head[1024], again[64] = "";
	char *all = NULL;
	int n = 0, rc = -1;

	if (a->retry_after > 0)
		snprintf(again, sizeof again, "Retry-After: %d\r\n", a->retry_after);
	n = snprintf(head, sizeof head,
	    "HTTP/1.1 %d Sandbox\r\nContent-Type: %s\r\nContent-Length: %zu\r\n%s%sConnection: "
	    "%s\r\n\r\n",
	    a->status, a->type, a->n, again, a->more, keep ? "keep-alive" : "close");
	all = malloc((size_t)n + body);
	if (all == NULL)
		return -1;
	memcpy(all, head, (size_t)n);
	if (body > 0)
		memcpy(all + n, a->body, body);
	rc = SSL_write(ssl, all, n + (int)body) > 0 ? 0 : -1;
	free(all);
	return rc;
}

int
sb_http_answer(SSL *ssl, const struct sb_answer *a, bool keep)
{
	return send_answer(ssl, a, a->n, keep);
}

void
sb_http_cut(SSL *ssl, const struct sb_answer *a)
{
	(void)send_answer(ssl, a, a->n / 2, true);
}

void
sb_http_endless(SSL *ssl, const char *type)
{
	char head[256], block[BLOCK];
	int n = snprintf(head, sizeof head,
	    "HTTP/1.1 200 Sandbox\r\nContent-Type: %s\r\nConnection: close\r\n\r\n", type);

	memset(block, ' ', sizeof block);
	if (SSL_write(ssl, head, n) > 0)
		while (SSL_write(ssl, block, sizeof block) > 0)
			;
}

void
sb_http_wait(SSL *ssl, long ms)
{
	struct pollfd p = { .fd = SSL_get_fd(ssl), .events = POLLRDHUP };
	int64_t until = ck_mono_ms() + ms;
	int64_t left = ms;

	while (left > 0 && poll(&p, 1, (int)left) <= 0)
		left = until - ck_mono_ms();
}
