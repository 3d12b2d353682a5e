/*
 * plug: a program in a terminal of its own, so that a person before it can also do with hands what
 * is done beside a screen: put a key in, and pull it. Each LETTER=WORD is a control key that does
 * not reach the program; WORD is written as a line to the descriptor FD instead, and an empty one
 * tells the program to end. Everything else goes through, the window's size as well. TITLE is the
 * window's while it lasts.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define CONTROL 0x1f
#define BLOCK 4096

static const char usage[] = "usage: plug FD TITLE [LETTER=WORD]... -- COMMAND...\n";

static struct plug {
	int tell, master, signals;
	pid_t child;
	char *words[CONTROL + 1]; /* by control character */
	const char *title;
	struct termios before;
	char typed[BLOCK]; /* for the program, which may not have time */
	size_t n_typed;
} p;

static void
put(int fd, const char *bytes, size_t n)
{
	ssize_t done = 0;

	for (; n > 0; bytes += done, n -= (size_t)done)
		if ((done = write(fd, bytes, n)) < 0) {
			if (errno != EINTR)
				return;
			done = 0;
		}
}

/* xterm's sequences; a console without windows may not know them */
static bool
has_title(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "linux") != 0 && strcmp(term, "dumb") != 0;
}

static void
set_title(bool on)
{
	char line[512];
	int n = on ? snprintf(line, sizeof line, "\033[22;2t\033]2;%s\007", p.title)
		   : snprintf(line, sizeof line, "\033[23;2t");

	if (has_title())
		put(STDOUT_FILENO, line, (size_t)n);
}

/* ---- start and end ---- */

static bool
read_words(int argc, char **argv, int *i)
{
	for (*i = 3; *i < argc && strcmp(argv[*i], "--") != 0; ++*i) {
		if (argv[*i][0] < 'a' || argv[*i][0] > 'z' || argv[*i][1] != '=')
			return false;
		p.words[argv[*i][0] & CONTROL] = argv[*i] + 2;
	}
	return ++*i < argc;
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

static bool
start(char **command)
{
	struct winsize size = { 0 };
	struct termios raw;
	sigset_t none;

	if (tcgetattr(STDIN_FILENO, &p.before) != 0 ||
	    ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0) {
		perror("plug: terminal");
		return false;
	}
	fcntl(p.tell, F_SETFD, FD_CLOEXEC);
	if ((p.child = forkpty(&p.master, NULL, &p.before, &size)) == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(command[0], command);
		perror(command[0]);
		_exit(127);
	}
	if (p.child < 0) {
		perror("plug");
		return false;
	}
	fcntl(p.master, F_SETFL, O_NONBLOCK);
	raw = p.before;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	set_title(true);
	return true;
}

static int
end(void)
{
	int status = 0;

	close(p.master); /* whoever is still there has no terminal any more */
	while (waitpid(p.child, &status, 0) < 0 && errno == EINTR)
		continue;
	set_title(false);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &p.before);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- between ---- */

static void
take_signals(void)
{
	struct signalfd_siginfo info;
	struct winsize size;

	while (read(p.signals, &info, sizeof info) == (ssize_t)sizeof info)
		if (info.ssi_signo != SIGWINCH)
			kill(p.child, (int)info.ssi_signo);
		else if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) == 0)
			ioctl(p.master, TIOCSWINSZ, &size);
}

/* false: there is nobody any more */
static bool
take_typed(void)
{
	char in[BLOCK];
	ssize_t n = read(STDIN_FILENO, in, sizeof in);

	for (ssize_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)in[i];
		char *word = c <= CONTROL ? p.words[c] : NULL;

		if (word == NULL) {
			p.typed[p.n_typed++] = in[i];
			continue;
		}
		if (*word == '\0') {
			kill(p.child, SIGTERM);
			continue;
		}
		put(p.tell, word, strlen(word));
		put(p.tell, "\n", 1);
	}
	return n > 0;
}

static void
give_typed(void)
{
	ssize_t n = write(p.master, p.typed, p.n_typed);

	if (n <= 0)
		return;
	p.n_typed -= (size_t)n;
	memmove(p.typed, p.typed + n, p.n_typed);
}

/* false: the program has ended */
static bool
show(void)
{
	char out[BLOCK];
	ssize_t n = read(p.master, out, sizeof out);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	put(STDOUT_FILENO, out, (size_t)n);
	return n > 0;
}

static void
relay(void)
{
	bool here = true;

	while (here) {
		struct pollfd f[] = {
			{ .fd = p.n_typed == 0 ? STDIN_FILENO : -1, .events = POLLIN },
			{ .fd = p.master,
			    .events = (short)(POLLIN | (p.n_typed > 0 ? POLLOUT : 0)) },
			{ .fd = p.signals, .events = POLLIN },
		};

		if (poll(f, 3, -1) < 0)
			continue;
		if (f[2].revents != 0)
			take_signals();
		if (f[0].revents != 0)
			here = take_typed();
		if ((f[1].revents & POLLOUT) != 0)
			give_typed();
		if ((f[1].revents & ~POLLOUT) != 0)
			here = show() && here;
	}
}

int
main(int argc, char **argv)
{
	int command = 0;

	if (argc < 5 || !read_words(argc, argv, &command)) {
		fputs(usage, stderr);
		return 2;
	}
	p.tell = (int)strtol(argv[1], NULL, 10);
	p.title = argv[2];
	p.signals = open_signals();
	if (!start(argv + command))
		return 1;
	relay();
	return end();
}
