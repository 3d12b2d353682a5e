/* A program in a terminal of its own inside ours: what is typed goes in, what it shows comes out,
 * the window's size as well. Whoever runs it may stand in between. */
#ifndef INNER_H
#define INNER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#define INNER_BLOCK 4096

struct inner {
	/* the caller's; each may be NULL */
	bool (*typed)(void *u, char c);			     /* true: it goes no further */
	void (*shown)(void *u, const char *bytes, size_t n); /* before it goes on */
	void (*told)(void *u);				     /* beside is readable */
	void *u;
	int beside; /* -1: nothing */
	/* its own */
	int master, signals;
	pid_t child;
	struct termios before;
	char in[INNER_BLOCK]; /* for the program, which may not have time */
	size_t n_in;
};

bool inner_start(struct inner *, char **command);
void inner_relay(struct inner *); /* until the program ends, or there is nobody any more */
/* One block of what it shows, handed on; false: it has ended. */
bool inner_show(struct inner *);
void inner_give(struct inner *, const char *bytes, size_t n);
int inner_end(struct inner *); /* the program's status; our terminal is what it was */

void inner_put(int fd, const char *bytes, size_t n); /* all of it */

#endif
