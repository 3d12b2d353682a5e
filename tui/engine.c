#include "engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* where certkiosk-engine(8) finds its end of the link */
#define ENGINE_FD 3
/* A process inside a USB driver's uninterruptible wait outlives its SIGKILL; nobody waits for that
 * longer than this, and init reaps it after us. */
#define KILLED_MS 5000

extern char **environ;

/* The order matters: fd may be any number, also one of those replaced here. */
static int
set_descriptors(posix_spawn_file_actions_t *fa, int fd)
{
	int e = posix_spawn_file_actions_adddup2(fa, fd, ENGINE_FD);

	if (e == 0)
		e = posix_spawn_file_actions_addopen(fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (e == 0)
		e = posix_spawn_file_actions_addopen(fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	/* the descriptor secrets come from among them, whoever opened it */
	if (e == 0)
		e = posix_spawn_file_actions_addclosefrom_np(fa, ENGINE_FD + 1);
	return e;
}

/* A session of its own: the terminal's Ctrl-C is for the front, which then asks the engine to stop.
 */
static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none;
	int e;

	sigemptyset(&none);
	e = posix_spawnattr_setsigmask(attr, &none);
	if (e == 0)
		e = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK);
	return e;
}

static int
spawn(const char *program, const char *config, int fd, pid_t *pid)
{
	char number[12];
	char *argv[] = { "certkiosk-engine", "--link", number, "--config",
		(char *)(uintptr_t)config, NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int e;

	snprintf(number, sizeof number, "%d", ENGINE_FD);
	if ((e = posix_spawn_file_actions_init(&fa)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0)
		goto out;
	e = set_descriptors(&fa, fd);
	if (e == 0)
		e = set_attributes(&attr);
	if (e == 0)
		e = posix_spawn(pid, program, &fa, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

int
ck_engine_start(const char *program, const char *config, struct ck_engine *g, struct ck_err *err)
{
	int ends[2] = { -1, -1 }, e = 0;

	*g = (struct ck_engine){ .pidfd = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return ck_fail_native(err, CK_E_ENGINE_GONE, (unsigned long)errno, "socketpair");
	if ((g->link = ck_link_new(ends[0])) == NULL) {
		close(ends[0]);
		close(ends[1]);
		return ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "locked memory");
	}
	e = spawn(program, config, ends[1], &g->pid);
	close(ends[1]);
	if (e == 0 && (g->pidfd = pidfd_open(g->pid, 0)) == -1)
		e = errno;
	if (e == 0)
		return 0;
	(void)ck_engine_end(g, 0, NULL);
	return ck_fail_native(
	    err, CK_E_ENGINE_GONE, (unsigned long)e, "%s: %s", program, strerror(e));
}

/* At most so long; false: it is still there. Without a pidfd there is nothing to wait on. */
static bool
await_end(const struct ck_engine *g, int ms, const struct ck_wait *wait)
{
	struct pollfd ended = { .fd = g->pidfd, .events = POLLIN };
	int64_t until = ck_mono_ms() + ms, left = ms;

	if (g->pidfd == -1)
		return false;
	do {
		if (wait != NULL && wait->poll != NULL && left > 0)
			(void)wait->poll(wait->u, &ended, 1, (int)left);
		else
			(void)poll(&ended, 1, (int)left);
		left = until - ck_mono_ms();
	} while (ended.revents == 0 && left > 0);
	return ended.revents != 0;
}

int
ck_engine_end(struct ck_engine *g, int grace_ms, const struct ck_wait *wait)
{
	int status = 0;

	ck_link_free(g->link);
	g->link = NULL;
	if (g->pid > 0) {
		if (!await_end(g, grace_ms, wait)) {
			kill(g->pid, SIGKILL);
			(void)await_end(g, KILLED_MS, wait);
		}
		/* what a vendor's module left behind in its session; not reaped, its number is
		 * still its own */
		kill(-g->pid, SIGKILL);
		(void)waitpid(g->pid, &status, g->pidfd == -1 ? 0 : WNOHANG);
	}
	if (g->pidfd != -1)
		close(g->pidfd);
	*g = (struct ck_engine){ .pidfd = -1 };
	return status;
}
