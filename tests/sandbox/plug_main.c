/*
 * plug FD TITLE [LETTER=WORD]... -- COMMAND...: a program in a terminal of its own, so that a
 * person before it can also do with hands what is done beside a screen: put a key in, and pull it.
 * Each LETTER=WORD is a control key that does not reach the program; WORD is written as a line to
 * the descriptor FD instead, and an empty one tells the program to end. TITLE is the window's.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inner.h"

#define CONTROL 0x1f

struct plug {
	struct inner inner;
	int tell;
	char *words[CONTROL + 1]; /* by control character */
};

static bool
typed(void *u, char c)
{
	struct plug *p = u;
	char *word = (unsigned char)c <= CONTROL ? p->words[(unsigned char)c] : NULL;

	if (word == NULL)
		return false;
	if (*word == '\0') {
		kill(p->inner.child, SIGTERM);
	} else {
		inner_put(p->tell, word, strlen(word));
		inner_put(p->tell, "\n", 1);
	}
	return true;
}

/* xterm's sequences; a console without windows may not know them */
static void
put_title(const char *title)
{
	const char *term = getenv("TERM");
	char line[512];
	int n = title != NULL ? snprintf(line, sizeof line, "\033[22;2t\033]2;%s\007", title)
			      : snprintf(line, sizeof line, "\033[23;2t");

	if (term != NULL && strcmp(term, "linux") != 0 && strcmp(term, "dumb") != 0)
		inner_put(STDOUT_FILENO, line, (size_t)n);
}

static bool
read_words(struct plug *p, int argc, char **argv, int *i)
{
	for (*i = 3; *i < argc && strcmp(argv[*i], "--") != 0; ++*i) {
		if (argv[*i][0] < 'a' || argv[*i][0] > 'z' || argv[*i][1] != '=')
			return false;
		p->words[argv[*i][0] & CONTROL] = argv[*i] + 2;
	}
	return ++*i < argc;
}

int
main(int argc, char **argv)
{
	struct plug p = { .inner = { .typed = typed, .u = &p, .beside = -1 } };
	int command = 0, status;

	if (argc < 5 || !read_words(&p, argc, argv, &command)) {
		fputs("usage: plug FD TITLE [LETTER=WORD]... -- COMMAND...\n", stderr);
		return 2;
	}
	p.tell = (int)strtol(argv[1], NULL, 10);
	fcntl(p.tell, F_SETFD, FD_CLOEXEC);
	if (!inner_start(&p.inner, argv + command))
		return 1;
	put_title(argv[2]);
	inner_relay(&p.inner);
	status = inner_end(&p.inner);
	put_title(NULL);
	return status;
}
