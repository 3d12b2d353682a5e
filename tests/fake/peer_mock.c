#include "peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGS_MAX 64
#define PORT_FIRST 2000
#define PORT_LAST 12000
#define PORT_TRIES 100
#define READY_TRIES 500 /* of 20 ms: a sanitized build on a busy machine starts slowly */

extern char **environ;

static int
loopback(int port, struct sockaddr_in *at)
{
	*at = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* It is free for a while only: none of those the kernel gives to everybody who asks for any, nor of
 * the sandbox's (sandbox/listen.c). */
int
peer_free_port(void)
{
	struct sockaddr_in at;
	uint16_t n = 0;
	int fd = -1, port = 0;
	bool free = false;

	for (int i = 0; i < PORT_TRIES && !free; i++) {
		if (getrandom(&n, sizeof n, 0) != sizeof n)
			abort();
		port = PORT_FIRST + n % (PORT_LAST - PORT_FIRST);
		fd = loopback(port, &at);
		free = fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0;
		close(fd);
	}
	if (!free)
		abort();
	return port;
}

/* Is somebody listening? Looked up, not connected to: the mock serves one connection at a time and
 * forgets its transaction when that ends. */
static bool
listening(int port)
{
	char line[256];
	unsigned at = 0, state = 0;
	bool found = false;
	FILE *f = NULL;

	/* it listens on IPv6 as well as IPv4, or on one of them */
	for (int i = 0; i < 2 && !found; i++) {
		f = fopen(i == 0 ? "/proc/net/tcp" : "/proc/net/tcp6", "r");
		while (f != NULL && !found && fgets(line, sizeof line, f) != NULL)
			found = sscanf(line, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &at,
				    &state) == 2 &&
				at == (unsigned)port && state == 0x0a;
		if (f != NULL)
			fclose(f);
	}
	return found;
}

void
peer_mock_start(struct peer_mock *m, const char *const *args)
{
	char port[16], *argv[ARGS_MAX] = { "openssl", "cmp", "-config", "", "-port", port };
	posix_spawn_file_actions_t quiet;
	pid_t pid = 0;
	int n = 6;

	m->port = peer_free_port();
	snprintf(port, sizeof port, "%d", m->port);
	for (int i = 0; args[i] != NULL && n < ARGS_MAX - 1; i++)
		argv[n++] = (char *)(uintptr_t)args[i];
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, 2,
	    getenv("PEER_LOG") != NULL ? getenv("PEER_LOG") : "/dev/null",
	    O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (posix_spawnp(&pid, "openssl", &quiet, NULL, argv, environ) != 0)
		abort();
	posix_spawn_file_actions_destroy(&quiet);
	m->pid = pid;
	for (int i = 0; i < READY_TRIES && !listening(m->port); i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid) {
			fprintf(stderr, "peer: openssl cmp did not start\n");
			abort();
		}
		poll(NULL, 0, 20);
	}
}

void
peer_mock_stop(struct peer_mock *m)
{
	if (m->pid <= 0)
		return;
	kill((pid_t)m->pid, SIGKILL);
	waitpid((pid_t)m->pid, NULL, 0);
	m->pid = 0;
}
