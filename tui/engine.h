/* The engine as a process: started with one end of a socketpair, and never left behind. */
#ifndef CK_TUI_ENGINE_H
#define CK_TUI_ENGINE_H

#include <poll.h>
#include <sys/types.h>

#include "base/frame.h"
#include "certkiosk/err.h"

struct ck_engine {
	pid_t pid; /* 0 = none */
	int pidfd; /* readable when it has ended */
	struct ck_link *link;
};

/* ENGINE_GONE when it cannot be started. The engine inherits nothing but the link as descriptor 3,
 * standard error, and an empty standard input and output. */
int ck_engine_start(const char *program, const char *config, struct ck_engine *, struct ck_err *);

/* poll(2), or what else is to be done while one waits; may return early */
struct ck_wait {
	int (*poll)(void *u, struct pollfd *, nfds_t, int ms); /* NULL: poll(2) itself */
	void *u;
};

/* Closes the link, gives it grace_ms to leave, then kills it, and reaps it. Returns its wait
 * status. wait NULL: poll(2) */
int ck_engine_end(struct ck_engine *, int grace_ms, const struct ck_wait *wait);

#endif
