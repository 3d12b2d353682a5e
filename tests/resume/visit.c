/*
 * One run of the real certkiosk. What it asks is answered by a person who knows the PIN that holds
 * and the envelope, as the question comes; nothing is handed over that was not asked for, so what
 * was typed can be counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "prove.h"

#define PATIENCE_MS 30000 /* a visit takes a tenth of a second, or some with sanitizers */
#define QUIET_MS 200
#define WAIT_S "10" /* for a screen to go on: a desk that died may never say a word again */
#define SECRETS_FD 9
#define ABOVE 20 /* no pipe of ours is taken for a number the child gets */
#define ARGS_MAX 32

extern char **environ;

enum { OUT, ERR, HELD, N_READ };

struct run {
	struct visit *v;
	struct world *w;
	pid_t pid;
	int from[N_READ], answers, secrets;
	size_t line; /* where the line that is not whole yet begins */
};

static const char *
text_of(const json_t *o, const char *name)
{
	const char *s = json_string_value(json_object_get(o, name));

	return s != NULL ? s : "";
}

static void
say(int fd, const char *line)
{
	if (write(fd, line, strlen(line)) < 0 && errno != EPIPE)
		abort();
}

/* ---- the person ---- */

static void
type_pin(struct run *r, bool unsettled)
{
	bool changed = r->w->on_behalf && held_opens(r->w, PASSWORD);
	char line[128];

	if (unsettled) {
		snprintf(line, sizeof line, "{\"ask\":\"unsettled-pin\",\"which\":\"%s\"}\n",
		    changed ? "envelope" : "old");
		say(r->answers, line);
	}
	snprintf(line, sizeof line, "pin %s\n", changed ? PASSWORD : OLD_PIN);
	say(r->secrets, line);
	r->v->typed++;
}

/* Whatever only wants a yes gets one. */
static void
say_yes(struct run *r, const json_t *question)
{
	const json_t *fields = json_object_get(question, "fields");
	char line[256];
	size_t n = 0;

	n = (size_t)snprintf(line, sizeof line, "{\"ask\":\"%s\"", text_of(question, "ask"));
	for (size_t i = 0; i < json_array_size(fields) && n < sizeof line; i++)
		n += (size_t)snprintf(line + n, sizeof line - n, ",\"%s\":true",
		    text_of(json_array_get(fields, i), "name"));
	if (n < sizeof line - 3)
		say(r->answers, strcat(line, "}\n"));
}

/* Of a download that was begun the first one is known. */
static void
type_codes(struct run *r, const json_t *question)
{
	if (json_object_get(json_object_get(question, "facts"), "reference") == NULL)
		say(r->answers, "{\"ask\":\"download\",\"reference\":\"" FIRST_CODE "\"}\n");
	say(r->secrets, "code " SECOND_CODE "\n");
}

static void
answer(struct run *r, const json_t *question)
{
	const char *ask = text_of(question, "ask");
	struct visit *v = r->v;
	char line[ORDER_LINE];

	if (order_answer(v, question, line))
		say(r->answers, line);
	else if (strcmp(ask, "pin") == 0 || strcmp(ask, "unsettled-pin") == 0)
		type_pin(r, *ask == 'u');
	else if (strcmp(ask, "envelope") == 0)
		say(r->answers, "{\"ask\":\"envelope\",\"serial\":\"" ENVELOPE "\"}\n");
	else if (strcmp(ask, "envelope-password") == 0)
		say(r->secrets, "password " PASSWORD "\n");
	else if (strcmp(ask, "download") == 0)
		type_codes(r, question);
	else if (strcmp(ask, "paper-out") == 0) /* he goes and looks */
		say(r->answers, world_sheets(r->w) > 0 ? "{\"ask\":\"paper-out\",\"yes\":true}\n"
						       : "{\"ask\":\"paper-out\",\"yes\":false}\n");
	else if (strcmp(ask, "doctor-look") == 0) /* he sees what he has to without a PIN */
		say(r->answers, "{\"ask\":\"doctor-look\",\"yes\":false}\n");
	else if (strcmp(ask, "paper-trouble") == 0)
		say(r->answers, "{\"ask\":\"paper-trouble\",\"do\":\"again\"}\n");
	else if (strcmp(ask, "key-back") != 0 && strcmp(ask, "insert-key") != 0)
		say_yes(r, question);
	else if (v->hands == NULL || v->hands(v, ++v->key_back, question) != 0)
		say_yes(r, question); /* nobody puts one in */
}

/* ---- what it says ---- */

static void
take_end(struct visit *v, const json_t *line)
{
	const json_t *error = json_object_get(line, "error");

	snprintf(v->end, sizeof v->end, "%s", text_of(line, "end"));
	snprintf(v->record, sizeof v->record, "%s", text_of(line, "record"));
	snprintf(v->error, sizeof v->error, "%s", text_of(error, "name"));
	snprintf(v->detail, sizeof v->detail, "%s", text_of(error, "detail"));
}

static void
take_line(struct run *r, const char *text, size_t n)
{
	json_t *line = json_loadb(text, n, 0, NULL);
	const char *said = text_of(line, "say");

	r->v->unlocked += strcmp(said, "unlocked") == 0;
	r->v->changed += strcmp(said, "pin-changed") == 0;
	r->v->restarts += json_object_get(line, "restart") != NULL;
	if (json_object_get(line, "end") != NULL)
		take_end(r->v, line);
	else if (json_object_get(line, "ask") != NULL)
		answer(r, line);
	json_decref(line);
}

/* false: it has ended */
static bool
take(struct run *r, int which)
{
	char piece[4096], *more = NULL, *end = NULL;
	ssize_t n = read(r->from[which], piece, sizeof piece);
	struct visit *v = r->v;

	if (n <= 0)
		return false;
	more = realloc(v->said, v->said_n + (size_t)n + 1);
	if (more == NULL)
		abort();
	v->said = more;
	memcpy(v->said + v->said_n, piece, (size_t)n);
	v->said_n += (size_t)n;
	v->said[v->said_n] = '\0';
	while (which == OUT && (end = strchr(v->said + r->line, '\n')) != NULL) {
		size_t from = r->line;

		r->line = (size_t)(end - v->said) + 1;
		take_line(r, v->said + from, r->line - from);
	}
	return true;
}

/* ---- the process ---- */

static int
pipe_above(int ends[2])
{
	int raw[2];

	if (pipe2(raw, O_CLOEXEC) != 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, ABOVE);
		close(raw[i]);
	}
	return 0;
}

static void
surround(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

/* The pipes of a fault point that holds stand beside the sandbox's files. */
static int
open_held(struct run *r, char how[SB_PATH_MAX + 8])
{
	char path[SB_PATH_MAX], pipe[SB_PATH_MAX + 8];

	world_path(r->w, "hold", path);
	for (int i = 0; i < 2; i++) {
		snprintf(pipe, sizeof pipe, "%s.%s", path, i == 0 ? "go" : "held");
		unlink(pipe);
		if (mkfifo(pipe, 0600) != 0)
			return -1;
	}
	snprintf(how, SB_PATH_MAX + 8, "hold %s", path);
	r->from[HELD] = open(pipe, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return r->from[HELD] >= 0 ? 0 : -1;
}

static void
let_go(struct run *r)
{
	char path[SB_PATH_MAX], byte;
	int fd = -1;

	if (read(r->from[HELD], &byte, 1) == 1) {
		r->v->was_held = true;
		r->v->held(r->v);
		world_path(r->w, "hold.go", path);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		say(fd, ".");
		close(fd);
	}
	close(r->from[HELD]);
	r->from[HELD] = -1;
}

static int
start(struct run *r)
{
	const struct wish *wish = r->w->wish;
	bool clerk = r->w->on_behalf || r->w->download;
	char program[SB_PATH_MAX], config[SB_PATH_MAX], how[SB_PATH_MAX + 8];
	const char *renew[] = { program, "renew", "--config", config, "--json", "--answers", "-",
		"--secrets-fd", "9", "--system", wish->system, "--way", wish->way,
		clerk	      ? "--clerk"
		: r->w->order ? "--wait"
			      : NULL,
		clerk ? "07" : WAIT_S, NULL };
	const char *abandon[] = { program, "abandon", r->v->abandon, "--config", config, "--json",
		"--answers", "-", "--secrets-fd", "9", "--clerk", "07", NULL };
	const char *print[] = { program, "print", r->v->print, "--config", config, "--json",
		"--answers", "-", "--clerk", "07", NULL };
	const char *doctor[] = { program, "doctor", "--config", config, "--json", "--answers", "-",
		"--secrets-fd", "9", NULL };
	const char *const *argv = r->v->abandon != NULL ? abandon
				  : r->v->print != NULL ? print
				  : r->v->doctor	? doctor
							: renew;
	int in[2], out[2], err[2], secrets[2], rc = -1;
	posix_spawn_file_actions_t fa;

	files_join(wish->bin, "certkiosk", program);
	world_path(r->w, "certkiosk.conf", config);
	r->from[HELD] = -1;
	if (r->v->held != NULL && open_held(r, how) != 0)
		return -1;
	surround("CK_FAULT_AT", r->v->fault_at);
	surround("CK_FAULT_HOW", r->v->held != NULL ? how : r->v->fault_how);
	surround("CK_FAULT_LOG", r->v->fault_log);
	if (pipe_above(in) != 0 || pipe_above(out) != 0 || pipe_above(err) != 0 ||
	    pipe_above(secrets) != 0)
		return -1;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out[1], STDOUT_FILENO);
	/* the engine has this one too: it ends when all of them have */
	posix_spawn_file_actions_adddup2(&fa, err[1], STDERR_FILENO);
	posix_spawn_file_actions_adddup2(&fa, secrets[0], SECRETS_FD);
	rc = posix_spawn(&r->pid, program, &fa, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	close(secrets[0]);
	r->answers = in[1];
	r->secrets = secrets[1];
	r->from[OUT] = out[0];
	r->from[ERR] = err[0];
	return rc == 0 ? 0 : -1;
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
follow(struct run *r)
{
	int64_t until = now_ms() + PATIENCE_MS;

	while (r->from[OUT] >= 0 || r->from[ERR] >= 0) {
		struct pollfd p[N_READ];

		for (int i = 0; i < N_READ; i++)
			p[i] = (struct pollfd){ .fd = r->from[i], .events = POLLIN };
		if (poll(p, N_READ, QUIET_MS) <= 0) {
			if (r->v->quiet != NULL)
				r->v->quiet(r->v);
			if (now_ms() > until) {
				r->v->stood_still = true;
				kill(r->pid, SIGKILL); /* its engine ends with the link */
				return;
			}
			continue;
		}
		if (p[HELD].revents != 0)
			let_go(r);
		for (int i = OUT; i <= ERR; i++)
			if (p[i].revents != 0 && !take(r, i)) {
				close(r->from[i]);
				r->from[i] = -1;
			}
	}
}

int
visit_run(struct world *w, struct visit *v)
{
	struct run r = { .v = v, .w = w };
	int status = 0;

	v->w = w;
	if (start(&r) != 0)
		return -1;
	follow(&r);
	for (int i = 0; i < N_READ; i++)
		if (r.from[i] >= 0)
			close(r.from[i]);
	close(r.answers);
	close(r.secrets);
	waitpid(r.pid, &status, 0);
	v->status = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

void
visit_free(struct visit *v)
{
	free(v->said);
	v->said = NULL;
	v->said_n = 0;
}
