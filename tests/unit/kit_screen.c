/* The terminal itself, a pair of our own: what it can do, and a size it says late and without a
 * signal. */
#include "t.h"

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../tui/kit/screen.h"
#include "base/clock.h"

struct terminal {
	int master, slave;
	struct ck_screen *screen;
};

static bool
open_terminal(struct terminal *t, const char *term, unsigned short cols, unsigned short rows,
    struct ck_err *err)
{
	struct winsize size = { .ws_col = cols, .ws_row = rows };
	struct ck_screen_opts o = { .term = term };

	*t = (struct terminal){ .master = -1 };
	if (openpty(&t->master, &t->slave, NULL, NULL, &size) == -1)
		exit(2);
	fcntl(t->master, F_SETFL, O_NONBLOCK);
	o.in = o.out = t->slave;
	return ck_screen_start(&o, &t->screen, err) == 0;
}

static void
close_terminal(struct terminal *t)
{
	if (t->screen != NULL)
		ck_screen_end(t->screen);
	close(t->slave);
	close(t->master);
}

/* how many bytes were written to it since */
static size_t
shown(struct terminal *t)
{
	char bytes[4096];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(t->master, bytes, sizeof bytes)) > 0)
		sum += (size_t)n;
	return sum;
}

static size_t
draw(struct terminal *t, const char *text)
{
	struct ck_canvas *c = ck_screen_canvas(t->screen);

	ck_canvas_clear(c);
	ck_put(c, 2, 2, 40, CK_S_PLAIN, text);
	ck_screen_show(t->screen);
	return shown(t);
}

static void
resize(struct terminal *t, unsigned short cols, unsigned short rows)
{
	struct winsize size = { .ws_col = cols, .ws_row = rows };

	/* it is nobody's controlling terminal: no signal tells of it */
	ioctl(t->master, TIOCSWINSZ, &size);
}

static void
late_size(void)
{
	struct ck_err err = { 0 };
	struct ck_event e;
	struct terminal t;

	T(open_terminal(&t, "xterm", 63, 22, &err), "a terminal");
	T(!ck_screen_fits(t.screen), "too small");
	draw(&t, "x");
	resize(&t, 80, 24);
	T(ck_screen_due_ms(t.screen) > 0, "its size is not believed yet");
	ck_screen_tick(t.screen);
	T(ck_screen_fits(t.screen), "looked at again, it is large enough");
	T(ck_screen_next(t.screen, &e) && e.kind == CK_EV_RESIZE, "and that is told");
	close_terminal(&t);
}

static void
settles(void)
{
	struct ck_err err = { 0 };
	struct terminal t;
	int64_t end = ck_mono_ms() + 1100;

	T(open_terminal(&t, "xterm", 80, 24, &err), "another");
	/* whoever types all the time leaves no time-out to look at it in */
	while (ck_mono_ms() < end)
		poll(NULL, 0, 50);
	T(ck_screen_due_ms(t.screen) > 0, "nobody looked");
	ck_screen_tick(t.screen);
	T(ck_screen_due_ms(t.screen) == -1, "one look is enough then");
	close_terminal(&t);
}

/* What is sent is what changed. */
static void
changes(void)
{
	struct ck_err err = { 0 };
	struct terminal t;
	size_t n;

	T(open_terminal(&t, "xterm", 80, 24, &err), "one more");
	n = draw(&t, "elapsed 0:07");
	T(n > 0, "drawn: %zu bytes", n);
	n = draw(&t, "elapsed 0:08");
	T(n > 0 && n < 60, "a second more is a few bytes: %zu", n);
	T(draw(&t, "elapsed 0:08") == 0, "nothing new is nothing");
	close_terminal(&t);
}

static void
unable(void)
{
	struct ck_err err = { 0 };
	struct terminal t;

	T(!open_terminal(&t, "dumb", 80, 24, &err), "one that can't");
	T(err.code == CK_E_USAGE && strstr(err.detail, "TERM=dumb") != NULL, "is said: %s",
	    err.detail);
	close_terminal(&t);
}

int
main(void)
{
	setlocale(LC_ALL, "C.UTF-8");
	late_size();
	settles();
	changes();
	unable();
	return T_END();
}
