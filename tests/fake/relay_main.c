/*
 * relay CERT KEY: TLS in front of a server that has none and keeps one connection for everything,
 * as `openssl cmp -port` does. Prints its own port and one that is free for the server behind; ends
 * with its standard input and prints how many requests there were.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "peer.h"

int
main(int argc, char **argv)
{
	const struct peer_line forward = { .act = PEER_FORWARD };
	struct peer_conf conf = { .lines = &forward, .n_lines = 1 };
	struct peer *p;
	char byte;

	if (argc != 3) {
		fprintf(stderr, "usage: relay CERT KEY\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	conf.cert = argv[1];
	conf.key = argv[2];
	conf.behind = peer_free_port();
	p = peer_start(&conf);
	printf("%d %d\n", peer_port(p), conf.behind);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
	printf("%d\n", peer_count(p));
	peer_stop(p);
	return 0;
}
