/* A port of the loopback, and the file that tells it. */
#ifndef SANDBOX_LISTEN_H
#define SANDBOX_LISTEN_H

/* port 0: a free one, told in it; -1 is logged */
int sb_listen(int *port);
/* DIR/NAME holds the port, never half written */
int sb_say_port(const char *dir, const char *name, int port);

#endif
