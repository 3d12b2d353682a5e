/* Another program of ours as a process at the other end of a link: never left behind, and given
 * nothing but the link, one more file where it needs one, and standard error. */
#ifndef CK_PEER_H
#define CK_PEER_H

#include <poll.h>
#include <sys/types.h>

#include "base/frame.h"
#include "certkiosk/err.h"

struct ck_peer {
	pid_t pid; /* 0 = none */
	int pidfd; /* readable when it has ended */
	struct ck_link *link;
};

/* where it finds its end of the link, and the file */
#define CK_PEER_LINK 3
#define CK_PEER_FILE 4

/*
 * Spawned, not forked: the caller may have a module loaded that does not survive it. file: stays
 * the caller's; -1: none. gone: the code when it cannot be started. Standard input and output are
 * empty.
 */
int ck_peer_start(const char *program, char *const argv[], int file, enum ck_code gone,
    struct ck_peer *, struct ck_err *);

/* poll(2), or what else is to be done while one waits; may return early */
struct ck_wait {
	int (*poll)(void *u, struct pollfd *, nfds_t, int ms); /* NULL: poll(2) itself */
	void *u;
};

/* Closes the link, gives it grace_ms to leave, then kills it and whatever it left in its session,
 * and reaps it. Returns its wait status. wait NULL: poll(2) */
int ck_peer_end(struct ck_peer *, int grace_ms, const struct ck_wait *wait);

#endif
