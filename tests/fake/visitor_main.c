/*
 * A front made of a script, for tests that must look at a living engine: it starts one, gives it an
 * order, answers from standard input ("question field value" a line, secrets alike), and searches
 * the engine's whole memory for strings of a file twice: while the visit is under way (the control:
 * they must be there once typed) and after its "end", before the engine is let go.
 *
 *   visitor ENGINE CONFIG ORDER-JSON NEEDLES-FILE
 *   prints  QUESTION NEEDLE-NUMBER COUNT, after NEEDLE-NUMBER COUNT, end OUTCOME
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certkiosk/secret.h"
#include "base/frame.h"

#define NEEDLES_MAX 8
#define ANSWERS_MAX 64
#define LINK_FD 3

extern char **environ;

static char needles[NEEDLES_MAX][256], answers[ANSWERS_MAX][3][256];
static size_t n_needles, n_answers;

static void
die(const char *why)
{
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

/* every readable mapping, in pieces; a needle across two pieces is found by their overlap */
static void
search(pid_t pid, const char *when)
{
	static char piece[1 << 20];
	char path[64], line[512];
	size_t found[NEEDLES_MAX] = { 0 }, i, overlap = sizeof needles[0];
	unsigned long from, to, at;
	FILE *maps;
	int mem;

	snprintf(path, sizeof path, "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (maps == NULL || mem == -1)
		die("the engine's memory can't be read (not root?)");
	while (fgets(line, sizeof line, maps) != NULL) {
		if (sscanf(line, "%lx-%lx r", &from, &to) != 2)
			continue;
		for (at = from; at < to; at += sizeof piece - overlap) {
			size_t want = to - at < sizeof piece ? to - at : sizeof piece;
			ssize_t n = pread(mem, piece, want, (off_t)at);

			for (i = 0; n > 0 && i < n_needles; i++)
				found[i] += count_in(piece, (size_t)n, needles[i]);
			if (want < sizeof piece)
				break;
		}
	}
	fclose(maps);
	close(mem);
	for (i = 0; i < n_needles; i++)
		printf("%s %zu %zu\n", when, i, found[i]);
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
		struct ck_secret *s;

		if (value == NULL)
			die("no answer");
		if (strcmp(kind, "secret") != 0) {
			json_object_set_new(line, fname,
			    strcmp(kind, "yes") == 0 ? json_true() : json_string(value));
			continue;
		}
		if ((s = ck_secret_new()) == NULL || ck_secret_set(s, value, strlen(value)) == -1 ||
		    ck_link_send_secret(link, s, &err) == -1)
			die("secret");
		ck_secret_free(s);
		json_array_append_new(json_object_get(line, "secrets"), json_string(fname));
	}
	ck_link_send(link, line, &err);
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

int
main(int argc, char **argv)
{
	struct ck_link *link;
	struct ck_err err = { 0 };
	json_t *line = NULL;
	pid_t pid;
	int fd;

	if (argc != 5)
		die("usage: visitor ENGINE CONFIG ORDER NEEDLES");
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
	while (ck_link_recv(link, 60000, &line, &err) == 1) {
		const char *end = json_string_value(json_object_get(line, "end"));
		const char *asked = json_string_value(json_object_get(line, "ask"));

		if (asked != NULL) {
			search(pid, asked);
			answer(link, line);
		}
		if (end != NULL) {
			search(pid, "after");
			printf("end %s\n", end);
			json_decref(line);
			break;
		}
		json_decref(line);
	}
	ck_link_free(link);
	waitpid(pid, NULL, 0);
	return 0;
}
