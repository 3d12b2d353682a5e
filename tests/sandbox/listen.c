#include "listen.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "sandbox.h"

#define BACKLOG 64

int
sb_listen(int *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	a.sin_port = htons((uint16_t)*port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, BACKLOG) == 0 &&
	    getsockname(fd, (struct sockaddr *)&a, &n) == 0) {
		*port = ntohs(a.sin_port);
		return fd;
	}
	ck_log(CK_LOG_ERROR, "port %d cannot be listened on", *port);
	if (fd >= 0)
		close(fd);
	return -1;
}

int
sb_say_port(const char *dir, const char *name, int port)
{
	char next[SB_PATH_MAX], path[SB_PATH_MAX];
	FILE *f = NULL;

	snprintf(next, sizeof next, "%s/%s.next", dir, name);
	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(next, "w");
	if (f == NULL)
		return -1;
	fprintf(f, "%d\n", port);
	return fclose(f) == 0 && rename(next, path) == 0 ? 0 : -1;
}
