#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ck_answers {
	int fd;
	int line; /* number of the one being read */
	bool ended;
	size_t n, n_held;
	json_t *held[CK_ANSWERS_MAX]; /* oldest first */
	char text[CK_ANSWER_LINE_MAX];
};

/* names under which only a descriptor or the terminal may give something (ask.h) */
static const char *const secret_names[] = { "pin", "password", "secret", "new", "again",
	"passphrase", "word" };

int
ck_answers_open(const char *file, struct ck_answers **out, struct ck_err *err)
{
	struct ck_answers *a = calloc(1, sizeof *a);

	if (a == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "answers");
	if (strcmp(file, "-") == 0)
		a->fd = STDIN_FILENO;
	else
		a->fd = open(file, O_RDONLY | O_CLOEXEC);
	if (a->fd == -1) {
		free(a);
		return ck_fail_native(
		    err, CK_E_USAGE, (unsigned long)errno, "%s: %s", file, strerror(errno));
	}
	*out = a;
	return 0;
}

void
ck_answers_close(struct ck_answers *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->n_held; i++)
		json_decref(a->held[i]);
	if (a->fd != STDIN_FILENO)
		close(a->fd);
	free(a);
}

/* Byte by byte: what follows the line belongs to whoever reads standard input after us. */
static enum ck_asked
read_line(struct ck_answers *a, const struct ck_watch *w, struct ck_err *err)
{
	enum ck_asked state;

	for (;;) {
		ssize_t got;

		if ((state = ck_watch_wait(w, a->fd)) != CK_ASKED_ANSWER)
			return state;
		if (a->n == sizeof a->text) {
			ck_fail(err, CK_E_USAGE, "answers, line %d: too long", a->line + 1);
			return CK_ASKED_FAIL;
		}
		got = read(a->fd, a->text + a->n, 1);
		if (got == -1 && errno != EINTR) {
			ck_fail_native(
			    err, CK_E_USAGE, (unsigned long)errno, "answers: %s", strerror(errno));
			return CK_ASKED_FAIL;
		}
		if (got == 0)
			a->ended = true;
		if (got == 0 || (got == 1 && a->text[a->n] == '\n')) {
			a->line++;
			return CK_ASKED_ANSWER;
		}
		a->n += got == 1;
	}
}

static bool
blank(const char *s, size_t n)
{
	while (n > 0 && strchr(" \t\r", s[n - 1]) != NULL)
		n--;
	return n == 0;
}

/* NULL with err; an empty line is NULL without. */
static json_t *
parse(struct ck_answers *a, struct ck_err *err)
{
	json_t *line = NULL;

	if (blank(a->text, a->n))
		return NULL;
	line = json_loadb(a->text, a->n, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_string(json_object_get(line, "ask"))) {
		ck_fail(
		    err, CK_E_USAGE, "answers, line %d: not a JSON object with \"ask\"", a->line);
		json_decref(line);
		return NULL;
	}
	for (size_t i = 0; i < sizeof secret_names / sizeof *secret_names; i++)
		if (json_object_get(line, secret_names[i]) != NULL)
			ck_fail(err, CK_E_USAGE, "answers, line %d: \"%s\" belongs to --secrets-fd",
			    a->line, secret_names[i]);
	return line;
}

static json_t *
take_held(struct ck_answers *a, const char *question)
{
	for (size_t i = 0; i < a->n_held; i++) {
		json_t *line = a->held[i];

		if (strcmp(json_string_value(json_object_get(line, "ask")), question) != 0)
			continue;
		a->n_held--;
		memmove(a->held + i, a->held + i + 1, (a->n_held - i) * sizeof *a->held);
		return line;
	}
	return NULL;
}

enum ck_asked
ck_answers_take(struct ck_answers *a, const char *question, const struct ck_watch *w, json_t **line,
    struct ck_err *err)
{
	enum ck_asked state;
	json_t *next = NULL;

	while ((*line = take_held(a, question)) == NULL) {
		if (a->ended)
			return CK_ASKED_NONE;
		if ((state = read_line(a, w, err)) != CK_ASKED_ANSWER)
			return state;
		next = parse(a, err);
		a->n = 0;
		if (next != NULL && a->n_held == CK_ANSWERS_MAX)
			ck_fail(err, CK_E_USAGE, "answers: more than %d lines nobody asked for",
			    CK_ANSWERS_MAX);
		if (err->code != CK_E_NONE) {
			json_decref(next);
			return CK_ASKED_FAIL;
		}
		if (next != NULL)
			a->held[a->n_held++] = next;
	}
	return CK_ASKED_ANSWER;
}

void
ck_answers_give_back(struct ck_answers *a, json_t *line)
{
	if (a->n_held == CK_ANSWERS_MAX) {
		json_decref(line);
		return;
	}
	memmove(a->held + 1, a->held, a->n_held * sizeof *a->held);
	a->held[0] = line;
	a->n_held++;
}
