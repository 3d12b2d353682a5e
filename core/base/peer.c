#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/peer.h"

/* A process inside a USB driver's uninterruptible wait outlives its SIGKILL; nobody waits for that
 * longer than this, and init reaps it after us. */
#define KILLED_MS 5000

extern char **environ;

/* link and file lie above all that is replaced here */
static int
set_descriptors(posix_spawn_file_actions_t *fa, int link, int file)
{
	int e = posix_spawn_file_actions_adddup2(fa, link, CK_PEER_LINK);

	if (e == 0 && file != -1)
		e = posix_spawn_file_actions_adddup2(fa, file, CK_PEER_FILE);
	if (e == 0)
		e = posix_spawn_file_actions_addopen(fa, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (e == 0)
		e = posix_spawn_file_actions_addopen(fa, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	/* the descriptor secrets come from among them, whoever opened it */
	if (e == 0)
		e = posix_spawn_file_actions_addclosefrom_np(
		    fa, file != -1 ? CK_PEER_FILE + 1 : CK_PEER_LINK + 1);
	return e;
}

/* A session of its own: the terminal's Ctrl-C is for the front, which then asks it to stop. */
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
spawn(const char *program, char *const argv[], int link, int file, pid_t *pid)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int e;

	if ((e = posix_spawn_file_actions_init(&fa)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0)
		goto out;
	e = set_descriptors(&fa, link, file);
	if (e == 0)
		e = set_attributes(&attr);
	if (e == 0)
		e = posix_spawn(pid, program, &fa, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

/* Copies out of the way of each other's places: which numbers they have is the caller's luck. */
static int
spawn_beside(const char *program, char *const argv[], int link, int file, pid_t *pid)
{
	int far_link = fcntl(link, F_DUPFD_CLOEXEC, CK_PEER_FILE + 1), far_file = -1;
	int e = far_link == -1 ? errno : 0;

	if (e == 0 && file != -1 &&
	    (far_file = fcntl(file, F_DUPFD_CLOEXEC, CK_PEER_FILE + 1)) == -1)
		e = errno;
	if (e == 0)
		e = spawn(program, argv, far_link, far_file, pid);
	if (far_link != -1)
		close(far_link);
	if (far_file != -1)
		close(far_file);
	return e;
}

int
ck_peer_start(const char *program, char *const argv[], int file, enum ck_code gone,
    struct ck_peer *p, struct ck_err *err)
{
	int ends[2] = { -1, -1 }, e = 0;

	*p = (struct ck_peer){ .pidfd = -1 };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == -1)
		return ck_fail_native(err, gone, (unsigned long)errno, "socketpair");
	if ((p->link = ck_link_new(ends[0])) == NULL) {
		close(ends[0]);
		close(ends[1]);
		return ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "locked memory");
	}
	e = spawn_beside(program, argv, ends[1], file, &p->pid);
	close(ends[1]);
	if (e == 0 && (p->pidfd = pidfd_open(p->pid, 0)) == -1)
		e = errno;
	if (e == 0)
		return 0;
	(void)ck_peer_end(p, 0, NULL);
	return ck_fail_native(err, gone, (unsigned long)e, "%s: %s", program, strerror(e));
}

/* At most so long; false: it is still there. Without a pidfd there is nothing to wait on. */
static bool
await_end(const struct ck_peer *p, int ms, const struct ck_wait *wait)
{
	struct pollfd ended = { .fd = p->pidfd, .events = POLLIN };
	int64_t until = ck_mono_ms() + ms, left = ms;

	if (p->pidfd == -1)
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
ck_peer_end(struct ck_peer *p, int grace_ms, const struct ck_wait *wait)
{
	int status = 0;

	ck_link_free(p->link);
	p->link = NULL;
	if (p->pid > 0) {
		if (!await_end(p, grace_ms, wait)) {
			kill(p->pid, SIGKILL);
			(void)await_end(p, KILLED_MS, wait);
		}
		/* what a vendor's module left behind in its session; not reaped, its number is
		 * still its own */
		kill(-p->pid, SIGKILL);
		(void)waitpid(p->pid, &status, p->pidfd == -1 ? 0 : WNOHANG);
	}
	if (p->pidfd != -1)
		close(p->pidfd);
	*p = (struct ck_peer){ .pidfd = -1 };
	return status;
}
