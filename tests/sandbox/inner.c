#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

void
inner_put(int fd, const char *bytes, size_t n)
{
	ssize_t done = 0;

	for (; n > 0; bytes += done, n -= (size_t)done)
		if ((done = write(fd, bytes, n)) < 0) {
			if (errno != EINTR)
				return;
			done = 0;
		}
}

static int
open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void
become(char **command)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(command[0], command);
	perror(command[0]);
	_exit(127);
}

bool
inner_start(struct inner *p, char **command)
{
	struct winsize size = { 0 };
	struct termios raw;

	p->signals = open_signals();
	if (tcgetattr(STDIN_FILENO, &p->before) != 0 ||
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 ||
	    (p->child = forkpty(&p->master, NULL, &p->before, &size)) < 0) {
		perror("terminal");
		return false;
	}
	if (p->child == 0)
		become(command);
	fcntl(p->master, F_SETFL, O_NONBLOCK);
	raw = p->before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	return true;
}

int
inner_end(struct inner *p)
{
	int status = 0;

	close(p->master); /* whoever is still there has no terminal any more */
	while (waitpid(p->child, &status, 0) < 0 && errno == EINTR)
		continue;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &p->before);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void
take_signals(struct inner *p)
{
	struct signalfd_siginfo info;
	struct winsize size;

	while (read(p->signals, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo != SIGWINCH)
			kill(p->child, (int)info.ssi_signo);
		else if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
			ioctl(p->master, TIOCSWINSZ, &size);
}

/* false: there is nobody any more */
static bool
take_typed(struct inner *p)
{
	char in[INNER_BLOCK];
	ssize_t n = read(STDIN_FILENO, in, sizeof in);

	for (ssize_t i = 0; i < n; i++)
		if (p->typed == NULL || !p->typed(p->u, in[i]))
			p->in[p->n_in++] = in[i];
	return n > 0;
}

static void
give_typed(struct inner *p)
{
	ssize_t n = write(p->master, p->in, p->n_in);

	if (n <= 0)
		return;
	p->n_in -= (size_t)n;
	memmove(p->in, p->in + n, p->n_in);
}

void
inner_give(struct inner *p, const char *bytes, size_t n)
{
	inner_put(p->master, bytes, n);
}

bool
inner_show(struct inner *p)
{
	char out[INNER_BLOCK];
	ssize_t n = read(p->master, out, sizeof out);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (p->shown != NULL)
		p->shown(p->u, out, (size_t)n);
	inner_put(STDOUT_FILENO, out, (size_t)n);
	return n > 0;
}

void
inner_relay(struct inner *p)
{
	bool here = true;

	while (here) {
		struct pollfd f[] = {
			{ .fd = p->n_in == 0 ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = p->master,
			    .events = (short)(POLLIN | (p->n_in > 0 ? POLLOUT : 0)) },
			{ .fd = p->signals, .events = POLLIN },
			{ .fd = p->beside, .events = POLLIN },
		};

		if (poll(f, 4, -1) < 0)
			continue;
		if (f[2].revents != 0)
			take_signals(p);
		if (f[0].revents != 0)
			here = take_typed(p);
		if ((f[1].revents & POLLOUT) != 0)
			give_typed(p);
		if ((f[1].revents & ~POLLOUT) != 0)
			here = inner_show(p) && here;
		if (f[3].revents != 0 && here)
			p->told(p->u);
	}
}
