#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/frame.h"
#include "base/utf8.h"
#include "base/wipe.h"

#define SECRET_MARK '\0' /* no JSON text begins with it */
#define SECRET_HEAD 3	 /* the mark and two bytes of length */
/* A line that is taken moves up what was read behind it: of short ones never much. */
#define READ_MAX 65536
/* Locked memory is there whether it is used or not, and most lines are short: it grows for one that
 * is not. */
#define ROOM_FIRST READ_MAX
#define ROOM_GROWS 4

struct ck_link {
	int fd;
	bool broken;	    /* a stream that lost its frames cannot be read any further */
	unsigned char *buf; /* locked, at most CK_LINE_MAX bytes; a secret frame is far shorter */
	size_t n, room;
	struct ck_secret *waiting[CK_SECRETS_MAX];
	size_t n_waiting;
};

struct ck_link *
ck_link_new(int fd)
{
	struct ck_link *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->fd = fd;
	l->room = ROOM_FIRST;
	l->buf = ck_locked_alloc(l->room);
	if (l->buf == NULL) {
		free(l);
		return NULL;
	}
	return l;
}

void
ck_link_free(struct ck_link *l)
{
	if (l == NULL)
		return;
	ck_link_drop_secrets(l);
	ck_locked_free(l->buf, l->room);
	close(l->fd);
	free(l);
}

int
ck_link_fd(const struct ck_link *l)
{
	return l->fd;
}

bool
ck_link_more(const struct ck_link *l)
{
	return l->n > 0;
}

/* ---- sending ---- */

static int
send_all(struct ck_link *l, const void *bytes, size_t n, struct ck_err *err)
{
	const unsigned char *p = bytes;

	while (n > 0) {
		struct pollfd ready = { .fd = l->fd, .events = POLLOUT };
		ssize_t did = write(l->fd, p, n);

		if (did >= 0) {
			p += did;
			n -= (size_t)did;
		} else if (errno == EAGAIN) {
			poll(&ready, 1, -1);
		} else if (errno != EINTR) {
			return ck_fail_native(
			    err, CK_E_LINK, (unsigned long)errno, "write: %s", strerror(errno));
		}
	}
	return 0;
}

int
ck_link_send(struct ck_link *l, const json_t *o, struct ck_err *err)
{
	char *line = json_dumps(o, JSON_COMPACT);
	size_t n = line == NULL ? 0 : strlen(line);
	int rc = -1;

	if (line == NULL)
		return ck_fail(err, CK_E_INTERNAL, "not JSON that can be sent");
	if (n + 1 > CK_LINE_MAX) {
		ck_fail(err, CK_E_INTERNAL, "line of %zu bytes to send", n);
		goto out;
	}
	line[n] = '\n'; /* in place of the NUL: one write, one wake-up of the other side */
	rc = send_all(l, line, n + 1, err);
out:
	ck_wiping_free(line); /* what a person typed */
	return rc;
}

int
ck_link_send_secret(struct ck_link *l, const struct ck_secret *s, struct ck_err *err)
{
	size_t n = ck_secret_len(s);
	unsigned char head[SECRET_HEAD] = { SECRET_MARK, (unsigned char)(n >> 8),
		(unsigned char)n };

	/* two writes, so that the bytes are nowhere but in the secret's own page */
	if (send_all(l, head, sizeof head, err) != 0)
		return -1;
	return send_all(l, ck_secret_bytes(s), n, err);
}

/* ---- receiving ---- */

static void
consume(struct ck_link *l, size_t n)
{
	memmove(l->buf, l->buf + n, l->n - n);
	OPENSSL_cleanse(l->buf + l->n - n, n);
	l->n -= n;
}

/* 1 taken, 0 not all there yet, -1 LINK */
static int
take_secret(struct ck_link *l, struct ck_err *err)
{
	struct ck_secret *s = NULL;
	size_t n = 0;

	if (l->n < SECRET_HEAD)
		return 0;
	n = (size_t)l->buf[1] << 8 | l->buf[2];
	if (n > CK_SECRET_MAX)
		return ck_fail(err, CK_E_LINK, "secret of %zu bytes", n);
	if (l->n_waiting == CK_SECRETS_MAX)
		return ck_fail(
		    err, CK_E_LINK, "more than %d secrets before a line", CK_SECRETS_MAX);
	if (l->n < SECRET_HEAD + n)
		return 0;
	s = ck_secret_new();
	if (s == NULL)
		return ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "locked memory");
	ck_secret_set(s, l->buf + SECRET_HEAD, n);
	l->waiting[l->n_waiting++] = s;
	consume(l, SECRET_HEAD + n);
	return 1;
}

/* 1 taken, 0 not all there yet, -1 LINK. jansson's own message would quote the line: not shown. */
static int
take_line(struct ck_link *l, json_t **line, struct ck_err *err)
{
	const unsigned char *end = memchr(l->buf, '\n', l->n);
	size_t n = end == NULL ? 0 : (size_t)(end - l->buf);
	json_t *o = NULL;

	if (end == NULL && l->n == CK_LINE_MAX)
		return ck_fail(err, CK_E_LINK, "line longer than %d bytes", CK_LINE_MAX);
	if (end == NULL)
		return 0;
	if (memchr(l->buf, '\0', n) == NULL)
		o = json_loadb((const char *)l->buf, n, JSON_REJECT_DUPLICATES, NULL);
	consume(l, n + 1);
	if (!json_is_object(o)) {
		json_decref(o);
		return ck_fail(err, CK_E_LINK, "line is not a JSON object");
	}
	*line = o;
	return 1;
}

static int
make_room(struct ck_link *l, struct ck_err *err)
{
	size_t room = l->room * ROOM_GROWS < CK_LINE_MAX ? l->room * ROOM_GROWS : CK_LINE_MAX;
	unsigned char *buf = ck_locked_alloc(room);

	if (buf == NULL)
		return ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "locked memory");
	memcpy(buf, l->buf, l->n);
	ck_locked_free(l->buf, l->room);
	l->buf = buf;
	l->room = room;
	return 0;
}

/* 1 something was read, 0 the deadline passed, -1 LINK, NO_MEMORY */
static int
fill(struct ck_link *l, int64_t deadline, struct ck_err *err)
{
	struct pollfd ready = { .fd = l->fd, .events = POLLIN };
	int64_t left = deadline < 0 ? -1 : deadline - ck_mono_ms();
	ssize_t got = 0;
	int rc = poll(&ready, 1, deadline < 0 ? -1 : left < 0 ? 0 : (int)left);
	size_t space = 0;

	if (rc == 0)
		return 0;
	if (rc > 0 && l->n == l->room && make_room(l, err) == -1)
		return -1;
	space = l->room - l->n;
	if (rc > 0)
		got = read(l->fd, l->buf + l->n, space < READ_MAX ? space : READ_MAX);
	if (rc < 0 || got < 0) {
		if (errno == EINTR || errno == EAGAIN)
			return 1;
		return ck_fail_native(
		    err, CK_E_LINK, (unsigned long)errno, "read: %s", strerror(errno));
	}
	if (got == 0)
		return ck_fail(err, CK_E_LINK, "the other side is gone");
	l->n += (size_t)got;
	return 1;
}

int
ck_link_recv(struct ck_link *l, int timeout_ms, json_t **line, struct ck_err *err)
{
	int64_t deadline = timeout_ms < 0 ? -1 : ck_mono_ms() + timeout_ms;
	int rc = 1;

	if (l->broken)
		return ck_fail(err, CK_E_LINK, "the link is broken");
	while (rc > 0) {
		bool secret = l->n > 0 && l->buf[0] == SECRET_MARK;

		rc = l->n == 0 ? 0 : secret ? take_secret(l, err) : take_line(l, line, err);
		if (rc > 0 && !secret)
			return 1;
		if (rc == 0)
			rc = fill(l, deadline, err);
	}
	if (rc < 0) {
		l->broken = true;
		consume(l, l->n);
		ck_link_drop_secrets(l);
	}
	return rc;
}

struct ck_secret *
ck_link_secret(struct ck_link *l)
{
	struct ck_secret *s = l->waiting[0];

	if (l->n_waiting == 0)
		return NULL;
	l->n_waiting--;
	memmove(l->waiting, l->waiting + 1, l->n_waiting * sizeof *l->waiting);
	l->waiting[l->n_waiting] = NULL;
	return s;
}

void
ck_link_drop_secrets(struct ck_link *l)
{
	while (l->n_waiting > 0)
		ck_secret_free(ck_link_secret(l));
}

/* ---- errors on the link ---- */

json_t *
ck_err_json(const struct ck_err *err)
{
	static const char *const keys[] = {
		[CK_KEY_UNTOUCHED] = "untouched",
		[CK_KEY_SAFE] = "safe",
	};
	const struct ck_err_fact *f = ck_err_fact((int)err->code);

	if (f == NULL)
		return NULL;
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:I}", "code", (int)f->code, "name", f->name,
	    "whose", ck_whose_name(f->whose), "key", keys[f->key], "detail", err->detail, "native",
	    (json_int_t)err->native);
}

void
ck_err_from_json(const json_t *o, struct ck_err *err)
{
	const struct ck_err_fact *f =
	    ck_err_fact((int)json_integer_value(json_object_get(o, "code")));
	const char *detail = json_string_value(json_object_get(o, "detail"));

	*err = (struct ck_err){ .code = f == NULL ? CK_E_LINK : f->code };
	err->native = (unsigned long)json_integer_value(json_object_get(o, "native"));
	ck_clean_str(err->detail, sizeof err->detail, detail == NULL ? "" : detail);
}
