/*
 * printask: what the engine is to certkiosk-print, for stories.
 *
 *   printask PROGRAM REQUEST [FILE] [--on WORD=ACT]…
 *
 * Starts PROGRAM with the link, sends REQUEST (a JSON object) and shows each line it says. FILE is
 * the document. A line that has WORD for a key, or for its state or why, is answered by ACT, once
 * each:
 *
 *   go, leave, cancel    that line is sent
 *   kill                 PROGRAM is killed
 *   die                  we are gone ourselves, as by kill -9
 *   (WORD may be "start": at once, before anything is said)
 *   hold                 a byte is put into the pipe $PRINTASK.held; on it goes when one comes out
 *                        of $PRINTASK.go
 *
 * SIGTERM: we hang up, and wait for PROGRAM to end by itself.
 *
 * "job" and every "sheet" are answered by go unless told otherwise; FILE.N keeps sheet N. Ends with PROGRAM's own status, 137 when it was
 * killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/frame.h"
#include "certkiosk/paper.h"

#define ACTS_MAX 8
#define SPENT "" /* in place of a word that was acted on; no line is about it */

extern char **environ;

struct act {
	const char *word, *what;
};

struct ask {
	struct ck_link *link;
	pid_t pid;
	struct act acts[ACTS_MAX];
	size_t n_acts;
	const char *file;
	int sheets;
};

static int line_fd; /* of the link, for the handler */

static void
hang_up(int sig)
{
	(void)sig;
	shutdown(line_fd, SHUT_RDWR);
}

static void
die(const char *what)
{
	perror(what);
	exit(2);
}

/* out of the way of the two numbers they get there */
static int
away(int fd)
{
	int far = fcntl(fd, F_DUPFD_CLOEXEC, 16);

	if (far == -1)
		die("fcntl");
	close(fd);
	return far;
}

static pid_t
start(const char *program, const char *file, int *fd)
{
	char *argv[] = { (char *)(unsigned long)program, (char[]){ "--link" }, NULL };
	posix_spawn_file_actions_t fa;
	int pair[2], document = -1, rc;
	pid_t pid = -1;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == -1)
		die("socketpair");
	if (file != NULL && (document = open(file, O_RDWR | O_CLOEXEC)) == -1)
		die(file);
	*fd = away(pair[0]);
	pair[1] = away(pair[1]);
	if (file != NULL)
		document = away(document);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, pair[1], CK_PAPER_LINK);
	if (file != NULL)
		posix_spawn_file_actions_adddup2(&fa, document, CK_PAPER_FILE);
	if ((rc = posix_spawn(&pid, program, &fa, NULL, argv, environ)) != 0) {
		errno = rc;
		die(program);
	}
	posix_spawn_file_actions_destroy(&fa);
	close(pair[1]);
	if (document != -1)
		close(document);
	return pid;
}

static void
send_word(struct ask *a, const char *word)
{
	json_t *line = json_pack("{s:b}", word, 1);
	struct ck_err err = { 0 };

	ck_link_send(a->link, line, &err);
	json_decref(line);
}

static void
hold(void)
{
	const char *base = getenv("PRINTASK");
	char path[512], byte = '.';
	int fd = -1;

	snprintf(path, sizeof path, "%s.held", base != NULL ? base : "");
	if ((fd = open(path, O_WRONLY)) == -1 || write(fd, &byte, 1) != 1)
		die(path);
	close(fd);
	snprintf(path, sizeof path, "%s.go", base != NULL ? base : "");
	if ((fd = open(path, O_RDONLY)) == -1 || read(fd, &byte, 1) != 1)
		die(path);
	close(fd);
}

static void
act(struct ask *a, const char *what)
{
	if (strcmp(what, "kill") == 0)
		kill(a->pid, SIGKILL);
	else if (strcmp(what, "die") == 0)
		_exit(128 + SIGKILL);
	else if (strcmp(what, "hold") == 0)
		hold();
	else
		send_word(a, what);
}

static bool
is_about(json_t *line, const char *word)
{
	const char *state = json_string_value(json_object_get(line, "state")),
		   *why = json_string_value(json_object_get(line, "why"));

	return json_object_get(line, word) != NULL || (state != NULL && strcmp(state, word) == 0) ||
	       (why != NULL && strcmp(why, word) == 0);
}

/* what lies in FILE is written over by the next */
static void
keep(struct ask *a)
{
	char name[512], some[65536];
	FILE *from = fopen(a->file, "r"), *to = NULL;
	size_t n;

	snprintf(name, sizeof name, "%s.%d", a->file, ++a->sheets);
	if (from == NULL || (to = fopen(name, "w")) == NULL)
		die(name);
	while ((n = fread(some, 1, sizeof some, from)) > 0)
		fwrite(some, 1, n, to);
	fclose(from);
	fclose(to);
}

static void
answer(struct ask *a, json_t *line)
{
	bool sheet = json_object_get(line, "sheet") != NULL;

	if (sheet)
		keep(a);
	for (size_t i = 0; i < a->n_acts; i++) {
		if (!is_about(line, a->acts[i].word))
			continue;
		a->acts[i].word = SPENT;
		act(a, a->acts[i].what);
		sheet = false;
	}
	if (sheet)
		send_word(a, "go");
}

static void
begin(struct ask *a)
{
	for (size_t i = 0; i < a->n_acts; i++)
		if (strcmp(a->acts[i].word, "start") == 0)
			act(a, a->acts[i].what);
}

static void
converse(struct ask *a)
{
	struct ck_err err = { 0 };
	json_t *line = NULL;

	while (ck_link_recv(a->link, -1, &line, &err) == 1) {
		char *text = json_dumps(line, JSON_COMPACT);

		puts(text);
		fflush(stdout);
		free(text);
		answer(a, line);
		json_decref(line);
	}
}

static const char *
read_acts(struct ask *a, int argc, char **argv)
{
	const char *file = NULL;
	bool go = true;

	for (int i = 3; i < argc; i++) {
		char *what = NULL;

		if (strcmp(argv[i], "--on") != 0 || i + 1 == argc) {
			file = argv[i];
			continue;
		}
		what = strchr(argv[++i], '=');
		if (what == NULL || a->n_acts == ACTS_MAX - 1) {
			fputs("printask: --on WORD=ACT\n", stderr);
			exit(2);
		}
		*what++ = '\0';
		go = go && !(strcmp(argv[i], "job") == 0 && strcmp(what, "hold") != 0);
		a->acts[a->n_acts++] = (struct act){ .word = argv[i], .what = what };
	}
	if (go)
		a->acts[a->n_acts++] = (struct act){ .word = "job", .what = "go" };
	return file;
}

int
main(int argc, char **argv)
{
	struct ask a = { 0 };
	struct ck_err err = { 0 };
	const char *file = NULL;
	json_t *request = NULL;
	int fd = -1, status = 0;

	if (argc < 3 || (request = json_loads(argv[2], 0, NULL)) == NULL) {
		fputs("printask PROGRAM REQUEST [FILE] [--on WORD=ACT]...\n", stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	a.file = file = read_acts(&a, argc, argv);
	a.pid = start(argv[1], file, &fd);
	a.link = ck_link_new(fd);
	line_fd = fd;
	signal(SIGTERM, hang_up);
	if (a.link == NULL || ck_link_send(a.link, request, &err) == -1)
		die("link");
	json_decref(request);
	begin(&a);
	converse(&a);
	ck_link_free(a.link);
	waitpid(a.pid, &status, 0);
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
