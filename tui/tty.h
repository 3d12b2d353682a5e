/* The terminal as a place to ask: /dev/tty, whatever standard input and output are. */
#ifndef CK_TTY_H
#define CK_TTY_H

#include <stddef.h>

#include "front.h"

struct ck_tty {
	int fd; /* -1 = no terminal */
};

void ck_tty_open(struct ck_tty *);
void ck_tty_close(struct ck_tty *);
/* text is filtered; tail (a line end) is not */
void ck_tty_say(const struct ck_tty *, const char *text, const char *tail);

/* A line of text, filtered and folded to the terminal: ck_folded(). */
void ck_tty_tell(const struct ck_tty *, const char *text, int hang);

/* One line, echoed, without its newline. ANSWER, STOP, SPOKE, NONE at the end of input. */
enum ck_asked ck_tty_line(const struct ck_tty *, const struct ck_watch *, char *out, size_t cap);
/* One line, each character shown as a star; goes nowhere but into the secret. */
enum ck_asked ck_tty_secret(const struct ck_tty *, const struct ck_watch *, struct ck_secret *);

#endif
