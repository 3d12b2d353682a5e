/* Secrets from a descriptor: "NAME VALUE\n", byte by byte into locked memory, because a buffer of
 * the C library would keep a copy that nobody wipes. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "answers.h"

/* name, blank, value, and room to notice that it is too long */
#define LINE_MAX_BYTES (CK_FIELD_NAME_MAX + 1 + CK_SECRET_MAX + 1)

struct ck_secrets {
	int fd;
	int line;
	bool ended;
	size_t n;
	char *text; /* locked, LINE_MAX_BYTES */
	size_t n_held;
	struct {
		char name[CK_FIELD_NAME_MAX];
		struct ck_secret *secret;
	} held[CK_SECRETS_HELD_MAX];
};

int
ck_secrets_open(int fd, struct ck_secrets **out, struct ck_err *err)
{
	struct ck_secrets *s = NULL;

	if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return ck_fail_native(err, CK_E_USAGE, (unsigned long)errno, "--secrets-fd %d: %s",
		    fd, strerror(errno));
	if ((s = calloc(1, sizeof *s)) == NULL ||
	    (s->text = ck_locked_alloc(LINE_MAX_BYTES)) == NULL) {
		free(s);
		return ck_fail(err, CK_E_NO_MEMORY, "locked memory");
	}
	s->fd = fd;
	*out = s;
	return 0;
}

void
ck_secrets_close(struct ck_secrets *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n_held; i++)
		ck_secret_free(s->held[i].secret);
	ck_locked_free(s->text, LINE_MAX_BYTES);
	close(s->fd);
	free(s);
}

/* ANSWER: a line is in text, or the end was reached */
static enum ck_asked
read_line(struct ck_secrets *s, const struct ck_watch *w, struct ck_err *err)
{
	enum ck_asked state;

	for (;;) {
		ssize_t got;

		if ((state = ck_watch_wait(w, s->fd)) != CK_ASKED_ANSWER)
			return state;
		got = read(s->fd, s->text + s->n, 1);
		if (got == -1 && errno != EINTR) {
			ck_fail_native(
			    err, CK_E_USAGE, (unsigned long)errno, "secrets: %s", strerror(errno));
			return CK_ASKED_FAIL;
		}
		s->ended = got == 0;
		if (got == 0 || (got == 1 && s->text[s->n] == '\n')) {
			s->line++;
			/* a file from Windows: the blank end of its lines is no part of a PIN */
			if (s->n > 0 && s->text[s->n - 1] == '\r')
				s->n--;
			return CK_ASKED_ANSWER;
		}
		s->n += got == 1;
		if (s->n == LINE_MAX_BYTES) {
			ck_fail(err, CK_E_USAGE, "secrets, line %d: too long", s->line + 1);
			return CK_ASKED_FAIL;
		}
	}
}

static int
keep(struct ck_secrets *s, const char *value, size_t n, struct ck_err *err)
{
	size_t name = (size_t)(value - s->text) - 1;
	struct ck_secret *secret = NULL;

	if (name == 0 || name >= CK_FIELD_NAME_MAX || n > CK_SECRET_MAX)
		return ck_fail(err, CK_E_USAGE, "secrets, line %d: not \"NAME VALUE\"", s->line);
	if (s->n_held == CK_SECRETS_HELD_MAX)
		return ck_fail(
		    err, CK_E_USAGE, "secrets: more than %d nobody asked for", CK_SECRETS_HELD_MAX);
	if ((secret = ck_secret_new()) == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "locked memory");
	ck_secret_set(secret, value, n);
	memcpy(s->held[s->n_held].name, s->text, name);
	s->held[s->n_held].name[name] = '\0';
	s->held[s->n_held++].secret = secret;
	return 0;
}

static int
parse(struct ck_secrets *s, struct ck_err *err)
{
	const char *blank = memchr(s->text, ' ', s->n);
	int rc = 0;

	if (s->n > 0 && blank == NULL)
		rc = ck_fail(err, CK_E_USAGE, "secrets, line %d: not \"NAME VALUE\"", s->line);
	else if (s->n > 0)
		rc = keep(s, blank + 1, s->n - (size_t)(blank + 1 - s->text), err);
	OPENSSL_cleanse(s->text, LINE_MAX_BYTES);
	s->n = 0;
	return rc;
}

static struct ck_secret *
take_held(struct ck_secrets *s, const char *name)
{
	for (size_t i = 0; i < s->n_held; i++) {
		struct ck_secret *secret = s->held[i].secret;

		if (strcmp(s->held[i].name, name) != 0)
			continue;
		s->n_held--;
		memmove(s->held + i, s->held + i + 1, (s->n_held - i) * sizeof *s->held);
		return secret;
	}
	return NULL;
}

enum ck_asked
ck_secrets_take(struct ck_secrets *s, const char *name, const struct ck_watch *w,
    struct ck_secret **secret, struct ck_err *err)
{
	enum ck_asked state;

	while ((*secret = take_held(s, name)) == NULL) {
		if (s->ended)
			return CK_ASKED_NONE;
		if ((state = read_line(s, w, err)) != CK_ASKED_ANSWER)
			return state;
		if (parse(s, err) == -1)
			return CK_ASKED_FAIL;
	}
	return CK_ASKED_ANSWER;
}
