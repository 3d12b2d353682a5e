#include "listen.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "sandbox.h"

#define BACKLOG 64

/* Out of the range from which the kernel serves those who ask for any port (32768 and up): a server
 * that was killed finds its own free when it comes back. */
#define PORT_FIRST 12000
#define PORT_LAST 32000
#define TRIES 100

static bool
take(int fd, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, BACKLOG) == 0;
}

static bool
take_any(int fd, int *port)
{
	bool taken = false;
	uint16_t n = 0;

	for (int i = 0; i < TRIES && !taken; i++) {
		if (getrandom(&n, sizeof n, 0) != sizeof n)
			return false;
		*port = PORT_FIRST + n % (PORT_LAST - PORT_FIRST);
		taken = take(fd, *port);
	}
	return taken;
}

int
sb_listen(int *port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    (*port == 0 ? take_any(fd, port) : take(fd, *port)))
		return fd;
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
