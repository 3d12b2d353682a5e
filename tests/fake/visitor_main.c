/*
 * A front made of a script, for tests that must look at a living engine: it starts one, gives it an
 * order, answers from standard input ("question field value" a line, secrets alike), and searches
 * the engine's whole memory for strings of a file: while the visit is under way (the control: they
 * must be there once typed) and after its "end", before the engine is let go. Where no answer is
 * left, it gives up for now, as people do.
 *
 *   visitor ENGINE CONFIG ORDER-JSON NEEDLES-FILE|- [HOOK]
 *   prints  QUESTION NEEDLE-NUMBER COUNT, after NEEDLE-NUMBER COUNT, error NAME DETAIL, end OUTCOME
 *   HOOK WHEN PID is run at each question, at each thing done (its "say"), and as WHEN "after";
 *   the engine stands still meanwhile.
 *   status 77: this process may not read another's memory
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certkiosk/secret.h"
#include "base/frame.h"

#define NEEDLES_MAX 32
#define ANSWERS_MAX 64
#define LINK_FD 3
#define NOT_ALLOWED 77
#define WORD_MS 60000
/* what is larger is the sanitizer's shadow: terabytes, and none of them the program's own bytes */
#define MAPPING_MAX (256UL << 20)

extern char **environ;

static char needles[NEEDLES_MAX][256], answers[ANSWERS_MAX][3][256];
static size_t n_needles, n_answers;

static pid_t started; /* whoever was started must not outlive us, least of all stopped */

static void
die(const char *why)
{
	if (started > 0)
		kill(started, SIGKILL);
	fprintf(stderr, "visitor: %s\n", why);
	exit(2);
}

static pid_t
start(char *engine, char *config, int *link)
{
	char *argv[] = { engine, "--link", "3", "--config", config, NULL };
	posix_spawn_file_actions_t acts;
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		die("socketpair");
	posix_spawn_file_actions_init(&acts);
	if (ends[1] == LINK_FD)
		fcntl(LINK_FD, F_SETFD, 0);
	else
		posix_spawn_file_actions_adddup2(&acts, ends[1], LINK_FD);
	if (posix_spawn(&pid, engine, &acts, NULL, argv, environ) != 0)
		die("the engine does not start");
	posix_spawn_file_actions_destroy(&acts);
	started = pid;
	close(ends[1]);
	*link = ends[0];
	return pid;
}

static size_t
count_in(const char *bytes, size_t n, const char *needle)
{
	const char *end = bytes + n, *at = bytes;
	size_t found = 0, len = strlen(needle);

	while ((at = memmem(at, (size_t)(end - at), needle, len)) != NULL) {
		found++;
		at += len;
	}
	return found;
}

/* One mapping, in pieces that overlap; what can't be read (beyond a file's end) is stepped over. */
static void
search_from(int mem, unsigned long at, unsigned long to, size_t found[NEEDLES_MAX])
{
	static char piece[1 << 20];
	const unsigned long page = 4096, overlap = sizeof needles[0];

	while (at < to) {
		size_t want = to - at < sizeof piece ? to - at : sizeof piece;
		ssize_t n = pread(mem, piece, want, (off_t)at);

		for (size_t i = 0; n > 0 && i < n_needles; i++)
			found[i] += count_in(piece, (size_t)n, needles[i]);
		at += n <= 0 ? page : (size_t)n == sizeof piece ? (size_t)n - overlap : (size_t)n;
	}
}

static int
open_memory(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1)
		return fd;
	fprintf(stderr, "visitor: the engine's memory can't be read (not root?)\n");
	exit(NOT_ALLOWED);
}

static void
search(pid_t pid, const char *when)
{
	char path[64], line[512];
	size_t found[NEEDLES_MAX] = { 0 };
	unsigned long from, to;
	FILE *maps;
	int mem = open_memory(pid);

	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	if (maps == NULL)
		die("the engine is gone");
	while (fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2 && to - from < MAPPING_MAX)
			search_from(mem, from, to, found);
	fclose(maps);
	close(mem);
	for (size_t i = 0; i < n_needles; i++)
		printf("%s %zu %zu\n", when, i, found[i]);
}

static void
call_hook(char *hook, const char *when, pid_t engine)
{
	char number[16];
	char *argv[] = { hook, (char *)(uintptr_t)when, number, NULL };
	int status = 0;
	pid_t pid;

	if (hook == NULL)
		return;
	snprintf(number, sizeof number, "%d", engine);
	kill(engine, SIGSTOP);
	if (posix_spawn(&pid, hook, NULL, NULL, argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0) {
		kill(engine, SIGKILL); /* nobody else would wake it */
		die("the hook failed");
	}
	kill(engine, SIGCONT);
}

static const char *
next_answer(const char *question, const char *field)
{
	size_t i;

	for (i = 0; i < n_answers; i++)
		if (strcmp(answers[i][0], question) == 0 && strcmp(answers[i][1], field) == 0) {
			answers[i][0][0] = '\0';
			return answers[i][2];
		}
	return NULL;
}

static void
give_up(struct ck_link *link)
{
	json_t *line = json_pack("{s:b}", "stop", 1);
	struct ck_err err = { 0 };

	ck_link_send(link, line, &err);
	json_decref(line);
}

static void
send_secret(struct ck_link *link, const char *value)
{
	struct ck_secret *s = ck_secret_new();
	struct ck_err err = { 0 };

	if (s == NULL || ck_secret_set(s, value, strlen(value)) == -1 ||
	    ck_link_send_secret(link, s, &err) == -1)
		die("secret");
	ck_secret_free(s);
}

static void
answer(struct ck_link *link, const json_t *question)
{
	const char *name = json_string_value(json_object_get(question, "ask"));
	json_t *line = json_pack("{s:s, s:O, s:[]}", "answer", name, "id",
		   json_object_get(question, "id"), "secrets"),
	       *field;
	struct ck_err err = { 0 };
	size_t i;

	json_array_foreach(json_object_get(question, "fields"), i, field)
	{
		const char *fname = json_string_value(json_object_get(field, "name"));
		const char *kind = json_string_value(json_object_get(field, "kind"));
		const char *value = next_answer(name, fname);

		if (value == NULL) {
			give_up(link);
			goto out;
		}
		if (strcmp(kind, "secret") == 0) {
			send_secret(link, value);
			json_array_append_new(json_object_get(line, "secrets"), json_string(fname));
		} else {
			json_object_set_new(line, fname,
			    strcmp(kind, "yes") == 0 ? json_true() : json_string(value));
		}
	}
	ck_link_send(link, line, &err);
out:
	json_decref(line);
}

static void
read_needles(const char *file)
{
	FILE *f = fopen(file, "r");

	while (f != NULL && n_needles < NEEDLES_MAX && fscanf(f, "%255s", needles[n_needles]) == 1)
		n_needles++;
	if (f == NULL || n_needles == 0)
		die("no needles");
	fclose(f);
}

/* true when that was the end */
static bool
take(struct ck_link *link, const json_t *line, pid_t pid, char *hook)
{
	const char *end = json_string_value(json_object_get(line, "end"));
	const char *asked = json_string_value(json_object_get(line, "ask"));
	const char *said = json_string_value(json_object_get(line, "say"));
	const char *when = end != NULL ? "after" : asked, *name, *detail;

	if (n_needles > 0)
		close(open_memory(pid));
	if (n_needles > 0 && when != NULL)
		search(pid, when);
	if (when != NULL || said != NULL)
		call_hook(hook, when != NULL ? when : said, pid);
	if (asked != NULL)
		answer(link, line);
	if (json_unpack((json_t *)(uintptr_t)line, "{s:s, s:{s:s, s:s}}", "end", &end, "error",
		"name", &name, "detail", &detail) == 0)
		printf("error %s %s\n", name, detail);
	if (end != NULL)
		printf("end %s\n", end);
	return end != NULL;
}

int
main(int argc, char **argv)
{
	struct ck_link *link;
	struct ck_err err = { 0 };
	json_t *line = NULL;
	bool ended = false;
	pid_t pid;
	int fd;

	if (argc != 5 && argc != 6)
		die("usage: visitor ENGINE CONFIG ORDER NEEDLES [HOOK]");
	if (strcmp(argv[4], "-") != 0)
		read_needles(argv[4]);
	while (n_answers < ANSWERS_MAX && scanf("%255s %255s %255s", answers[n_answers][0],
					      answers[n_answers][1], answers[n_answers][2]) == 3)
		n_answers++;
	pid = start(argv[1], argv[2], &fd);
	link = ck_link_new(fd);
	line = json_loads(argv[3], 0, NULL);
	if (link == NULL || line == NULL || ck_link_send(link, line, &err) == -1)
		die("order");
	json_decref(line);
	while (!ended && ck_link_recv(link, WORD_MS, &line, &err) == 1) {
		ended = take(link, line, pid, argv[5]);
		json_decref(line);
	}
	ck_link_free(link);
	waitpid(pid, NULL, 0);
	return ended ? 0 : 1;
}
