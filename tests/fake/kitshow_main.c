/*
 * The kit in a terminal, as its stories drive it: the counter's screens, one after the other.
 *
 *   kitshow [--ascii] [--no-mouse] [--theme NAME] [--deaf] [--name FILE]
 *
 * Tab, F2: next screen, other language. + a second passes. Digits and Backspace are typed into the
 * PIN of its screen. Ctrl-W wipes, Ctrl-L draws anew, Ctrl-X ends. SIGTERM and SIGHUP end, SIGTSTP
 * stops. --deaf: no SIGWINCH ever comes. --name: what stands in FILE is a customer's name, shown on
 * every screen.
 */
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "../../tui/kit/screen.h"
#include "../unit/kit_screens.h"

struct show {
	struct ck_screen *screen;
	struct kit_show kit;
	int which, signals;
	char name[CK_INPUT_MAX];
	bool deaf, end;
};

static void
draw(struct show *w)
{
	w->kit.c = ck_screen_canvas(w->screen);
	kit_shown[w->which].draw(&w->kit);
	if (w->name[0] != '\0')
		ck_put(w->kit.c, 30, 20, 40, CK_S_HEAD, w->name);
	ck_screen_too_small(w->screen, w->kit.en ? "The window is too small: 80x24 is the least."
						 : "窗口太小，至少要 80x24。");
	ck_screen_show(w->screen);
}

static void
wipe(struct show *w)
{
	OPENSSL_cleanse(w->name, sizeof w->name);
	ck_masked_clear(&w->kit.masked);
	w->which = 0;
	if (ck_screen_wipe(w->screen, NULL) == -1)
		w->end = true;
}

static void
act(struct show *w, struct ck_event *e)
{
	bool pin = strcmp(kit_shown[w->which].name, "pin") == 0;

	if (e->kind == CK_EV_GONE || ck_is_key(e, CK_CTRL('x')))
		w->end = true;
	else if (e->kind != CK_EV_KEY)
		return;
	else if (e->key == CK_KEY_TAB)
		w->which = (w->which + 1) % N(kit_shown);
	else if (e->key == CK_KEY_F(2) || e->key == CK_KEY_ALT + 'l')
		w->kit.en = !w->kit.en;
	else if (e->key == '+')
		w->kit.seconds++;
	else if (e->key == CK_CTRL('l'))
		ck_screen_repaint(w->screen);
	else if (e->key == CK_CTRL('w'))
		wipe(w);
	else if (pin && ck_masked_key(&w->kit.masked, e) == CK_CAME_CHOICE)
		ck_masked_clear(&w->kit.masked);
	else if (ck_list_key(&w->kit.list, e) == CK_CAME_NOTHING)
		ck_cards_key(&w->kit.cards, e);
}

static void
take_signal(struct show *w)
{
	struct signalfd_siginfo s;

	if (read(w->signals, &s, sizeof s) != (ssize_t)sizeof s)
		return;
	switch (s.ssi_signo) {
	case SIGWINCH:
		if (!w->deaf)
			ck_screen_tick(w->screen);
		break;
	case SIGTSTP:
		ck_screen_suspend(w->screen);
		raise(SIGSTOP);
		ck_screen_resume(w->screen);
		break;
	case SIGCONT:
		break;
	default:
		w->end = true;
	}
}

static void
run(struct show *w)
{
	struct pollfd fds[] = { { .events = POLLIN }, { .fd = w->signals, .events = POLLIN } };
	struct ck_event e;
	int n;

	while (!w->end) {
		draw(w);
		fds[0].fd = ck_screen_fd(w->screen);
		n = poll(fds, 2, ck_screen_due_ms(w->screen));
		if (n == 0)
			ck_screen_tick(w->screen);
		if (n > 0 && fds[1].revents != 0)
			take_signal(w);
		if (n > 0 && fds[0].revents != 0)
			ck_screen_read(w->screen);
		while (!w->end && ck_screen_next(w->screen, &e))
			act(w, &e);
	}
}

static void
read_name(struct show *w, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd != -1 ? read(fd, w->name, sizeof w->name - 1) : 0;

	w->name[n > 0 ? n : 0] = '\0';
	if (fd != -1)
		close(fd);
}

int
main(int argc, char **argv)
{
	struct show w = { .which = 0 };
	struct ck_screen_opts o = { .in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.term = getenv("TERM"),
		.mouse = true,
		.theme = getenv("NO_COLOR") != NULL ? CK_THEME_MONO : CK_THEME_STANDARD };
	struct ck_err err = { .code = CK_E_NONE };
	sigset_t set;

	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--ascii") == 0)
			o.ascii = true;
		else if (strcmp(argv[i], "--no-mouse") == 0)
			o.mouse = false;
		else if (strcmp(argv[i], "--deaf") == 0)
			w.deaf = true;
		else if (strcmp(argv[i], "--theme") == 0 && i + 1 < argc)
			o.theme = (enum ck_theme)ck_theme_from(argv[++i]);
		else if (strcmp(argv[i], "--name") == 0 && i + 1 < argc)
			read_name(&w, argv[++i]);
	sigemptyset(&set);
	for (const int *s = (const int[]){ SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH, 0 };
	     *s != 0; s++)
		sigaddset(&set, *s);
	sigprocmask(SIG_BLOCK, &set, NULL);
	w.signals = signalfd(-1, &set, SFD_CLOEXEC);
	w.kit.ascii = o.ascii;
	w.kit.masked = (struct ck_masked){ .charset = CK_CHARS_ASCII, .most = 16 };
	if (ck_masked_open(&w.kit.masked) == -1 || ck_screen_start(&o, &w.screen, &err) == -1) {
		fprintf(stderr, "kitshow: %d %s\n", err.code, err.detail);
		return 1;
	}
	run(&w);
	ck_screen_end(w.screen);
	ck_masked_close(&w.kit.masked);
	return 0;
}
