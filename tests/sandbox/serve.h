/* The server: TLS on the loopback, a thread a connection, until the descriptor says stop. */
#ifndef SANDBOX_SERVE_H
#define SANDBOX_SERVE_H

#include "sandbox.h"

/* port 0: a free one. DIR/port is written when connections are taken. Returns when stop_fd becomes
 * readable, after every connection has ended; -1 when it could not begin. */
int sb_serve(struct sb *, int port, int stop_fd);

#endif
