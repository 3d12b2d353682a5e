/* The prompt on a terminal: nothing echoed but stars, corrections as one types, the terminal given
 * back as it was whatever happens. */
#include "t.h"

#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "../../tui/tty.h"

#define WAIT_MS 5000

struct lab {
	int master;
	struct ck_tty tty;
	struct termios before;
};

static void
lab_open(struct lab *l)
{
	if (openpty(&l->master, &l->tty.fd, NULL, NULL, NULL) == -1 ||
	    tcgetattr(l->tty.fd, &l->before) == -1)
		abort();
}

static void
lab_close(struct lab *l)
{
	close(l->master);
	close(l->tty.fd);
}

/* A child types once the echo is off: what was typed before is thrown away, as it should be. */
static pid_t
type_when_quiet(const struct lab *l, const char *keys)
{
	struct termios now;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	for (int i = 0; i < WAIT_MS; i++) {
		if (tcgetattr(l->tty.fd, &now) == 0 && (now.c_lflag & ECHO) == 0)
			break;
		poll(NULL, 0, 1);
	}
	_exit(write(l->master, keys, strlen(keys)) == (ssize_t)strlen(keys) ? 0 : 1);
}

static bool
restored(const struct lab *l)
{
	struct termios now;

	return tcgetattr(l->tty.fd, &now) == 0 && now.c_lflag == l->before.c_lflag &&
	       now.c_iflag == l->before.c_iflag;
}

/* A terminal hands over in pieces: as much as is expected, or what there is in the time allowed. */
static void
seen_on_screen(const struct lab *l, size_t want, char *out, size_t cap)
{
	struct pollfd p = { .fd = l->master, .events = POLLIN };
	size_t n = 0;
	ssize_t got = 1;

	while (n < want && got > 0 && poll(&p, 1, WAIT_MS) > 0) {
		got = read(l->master, out + n, cap - 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	out[n] = '\0';
}

static void
typed(const char *keys, enum ck_asked want, const char *secret, const char *screen)
{
	static const struct ck_watch alone = { .link = -1, .stop = -1 };
	struct ck_secret *s = ck_secret_new();
	struct lab l;
	char text[64];
	enum ck_asked state;
	pid_t pid;

	lab_open(&l);
	pid = type_when_quiet(&l, keys);
	state = ck_tty_secret(&l.tty, &alone, s);
	waitpid(pid, NULL, 0);
	T(state == want, "%s: how it ended", screen);
	T_STR(ck_secret_bytes(s), secret, "%s: what was typed", screen);
	T(restored(&l), "%s: the terminal is as before", screen);
	seen_on_screen(&l, strlen(screen), text, sizeof text);
	T_STR(text, screen, "%s: what was shown", screen);
	lab_close(&l);
	ck_secret_free(s);
}

static void
left(void)
{
	struct ck_secret *s = ck_secret_new();
	struct lab l;
	int ends[2];

	lab_open(&l);
	if (pipe(ends) == -1 || write(ends[1], "x", 1) != 1)
		abort();
	T(ck_tty_secret(&l.tty, &(struct ck_watch){ .link = ends[0], .stop = -1 }, s) ==
		CK_ASKED_SPOKE,
	    "the engine ends the question");
	T(restored(&l), "the terminal is as before");
	T(ck_tty_secret(&l.tty, &(struct ck_watch){ .link = -1, .stop = ends[0] }, s) ==
		CK_ASKED_STOP,
	    "a signal ends the question");
	T(restored(&l), "the terminal is as before");
	lab_close(&l);
	close(ends[0]);
	close(ends[1]);
	ck_secret_free(s);
}

static void
lines(void)
{
	static const struct ck_watch alone = { .link = -1, .stop = -1 };
	struct lab l;
	char text[64];

	lab_open(&l);
	if (write(l.master, "20261120\n", 9) != 9)
		abort();
	T(ck_tty_line(&l.tty, &alone, text, sizeof text) == CK_ASKED_ANSWER, "a line is typed");
	T_STR(text, "20261120", "without its end");
	seen_on_screen(&l, strlen("20261120\r\n"), text, sizeof text);
	ck_tty_say(&l.tty, "a\033[2Jb", "\n");
	seen_on_screen(&l, strlen("a...[2Jb\r\n"), text, sizeof text);
	T_STR(text, "a\xEF\xBF\xBD[2Jb\r\n", "nothing said can play with the terminal");
	lab_close(&l);
}

int
main(void)
{
	typed("123456\n", CK_ASKED_ANSWER, "123456", "******\r\n");
	typed("12\177345\n", CK_ASKED_ANSWER, "1345", "**\b \b***\r\n");
	typed("12\0253\r", CK_ASKED_ANSWER, "3", "**\b \b\b \b*\r\n");
	typed("\xe5\xaf\x86\x7f"
	      "9\n",
	    CK_ASKED_ANSWER, "9", "*\b \b*\r\n");
	typed("\177\n", CK_ASKED_ANSWER, "", "\r\n");
	typed("12\003", CK_ASKED_STOP, "", "**\r\n");
	typed("12\004", CK_ASKED_NONE, "", "**\r\n");
	typed("1\0322\n", CK_ASKED_ANSWER, "12", "*\a*\r\n");
	left();
	lines();
	return T_END();
}
