#include "screen.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <curses.h>
#include <term.h>

#include "base/clock.h"
#include "ink.h"

/* A terminal that has just started, or is being drawn larger, may say its size once more (foot
 * does, about 100 ms later), and the signal of that can be lost while curses is not ready for it.
 */
#define SETTLE_MS 100
#define SETTLED_MS 1000

/* What is freed is written over, so that no name is left in memory curses gave back. */
#define FREED_BYTE 0xA5

struct ck_screen {
	int in, out;
	const char *term;
	FILE *to;
	SCREEN *curses;
	struct termios before;
	bool have_before;
	struct ck_ink ink;
	bool mouse;
	bool suspended, gone, resized, esc_due;
	bool all;	 /* whatever curses believes to be there, write it */
	int64_t settled; /* ck_mono_ms: from then on the size is believed; 0: it is */
	int cols, rows;
	const char *too_small;
	struct ck_canvas *canvas, *small, *shown;
	struct ck_keys *keys;
};

/* ---- what curses does not say for us ---- */

/* presses (1000) in numbers (1006); a paste without brackets (2004 off) is typing */
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";
static const char paste_plain[] = "\033[?2004l";
static const char no_scrollback[] = "\033[3J";

static void
say(const struct ck_screen *s, const char *bytes)
{
	size_t n = strlen(bytes);

	while (n > 0) {
		ssize_t did = write(s->out, bytes, n);

		if (did == -1 && errno != EINTR)
			return;
		if (did > 0) {
			bytes += did;
			n -= (size_t)did;
		}
	}
}

/* terminfo knows it: an extension of its own name */
static bool
terminal_has(const char *name)
{
	const char *cap = tigetstr(name);

	return cap != NULL && cap != (const char *)-1;
}

static void
forget_scrollback(const struct ck_screen *s)
{
	if (terminal_has("E3") || terminal_has("kmous"))
		say(s, no_scrollback);
}

static void
set_modes(struct ck_screen *s, bool on)
{
	if (!terminal_has("kmous")) /* not of the family that knows any of these */
		return;
	if (on)
		say(s, paste_plain);
	if (s->mouse)
		say(s, on ? mouse_on : mouse_off);
}

/* ---- curses, without its signal handlers ---- */

/* newterm() takes these where they are at their default; they are the caller's. */
static const int taken_signals[] = { SIGINT, SIGTERM, SIGTSTP, SIGWINCH };
#define N_SIGNALS (sizeof taken_signals / sizeof *taken_signals)

static SCREEN *
new_curses(const struct ck_screen *s)
{
	struct sigaction kept[N_SIGNALS];
	SCREEN *made;

	for (size_t i = 0; i < N_SIGNALS; i++)
		sigaction(taken_signals[i], NULL, &kept[i]);
	/* input is read by key.c; curses only wants a file to have */
	made = newterm(s->term, s->to, s->to);
	for (size_t i = 0; i < N_SIGNALS; i++)
		sigaction(taken_signals[i], &kept[i], NULL);
	return made;
}

/* Characters come at once and as they are, Ctrl-C and Ctrl-Z too: no way out to a shell. */
static void
raw_modes(struct ck_screen *s)
{
	struct termios raw = s->before;

	raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP | BRKINT | INPCK);
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	raw.c_oflag &= ~(tcflag_t)ONLCR;
	raw.c_cc[VMIN] = 0; /* a read never waits, whatever poll promised */
	raw.c_cc[VTIME] = 0;
	(void)tcsetattr(s->in, TCSANOW, &raw);
}

static int
open_curses(struct ck_screen *s, struct ck_err *err)
{
	s->curses = new_curses(s);
	if (s->curses == NULL || !terminal_has("cup"))
		return ck_fail(err, CK_E_USAGE, "TERM=%s", s->term);
	set_term(s->curses);
	raw_modes(s);
	def_prog_mode(); /* what curses comes back to after a stop */
	typeahead(-1);	 /* it would put off showing for what it does not read */
	ck_ink_open(&s->ink);
	leaveok(stdscr, FALSE);
	idlok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	set_modes(s, true);
	return 0;
}

static void
close_curses(struct ck_screen *s)
{
	if (s->curses != NULL)
		delscreen(s->curses);
	s->curses = NULL;
}

/* ---- its size ---- */

static bool
size_of(const struct ck_screen *s, int *cols, int *rows)
{
	struct winsize w = { .ws_col = 0 };

	if (ioctl(s->out, TIOCGWINSZ, &w) == -1 || w.ws_col == 0 || w.ws_row == 0)
		return false;
	*cols = w.ws_col;
	*rows = w.ws_row;
	return true;
}

static int
most(int a, int b)
{
	return a > b ? a : b;
}

/* the three of them in the size the terminal has now */
static int
fit(struct ck_screen *s)
{
	int cols, rows;

	/* curses may have believed $COLUMNS */
	if (size_of(s, &cols, &rows) && (cols != COLS || rows != LINES))
		resizeterm(rows, cols);
	s->all = true;
	s->cols = COLS;
	s->rows = LINES;
	if (ck_canvas_resize(
		s->canvas, most(s->cols, CK_LEAST_COLS), most(s->rows, CK_LEAST_ROWS)) == -1 ||
	    ck_canvas_resize(s->small, s->cols, s->rows) == -1 ||
	    ck_canvas_resize(s->shown, s->cols, s->rows) == -1)
		return -1;
	return 0;
}

static void
check_size(struct ck_screen *s)
{
	int cols, rows;

	if (!size_of(s, &cols, &rows) || (cols == s->cols && rows == s->rows))
		return;
	if (fit(s) == -1) { /* what is there is shown as far as it goes */
		s->cols = cols;
		s->rows = rows;
	}
	ck_screen_repaint(s);
	s->settled = ck_mono_ms() + SETTLED_MS;
	s->resized = true;
}

/* ---- start and end ---- */

int
ck_screen_start(const struct ck_screen_opts *o, struct ck_screen **out, struct ck_err *err)
{
	struct ck_screen *s = calloc(1, sizeof *s);
	int fd = dup(o->out);

	*out = NULL;
	mallopt(M_PERTURB, FREED_BYTE);
	if (s == NULL || fd == -1 || (s->to = fdopen(fd, "r+")) == NULL) {
		if (fd != -1)
			close(fd);
		free(s);
		return ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "terminal");
	}
	s->in = o->in;
	s->out = o->out;
	s->term = o->term != NULL ? o->term : "";
	s->ink.theme = o->theme;
	s->ink.ascii = o->ascii;
	s->mouse = o->mouse;
	s->too_small = "";
	s->settled = ck_mono_ms() + SETTLED_MS;
	s->have_before = tcgetattr(s->in, &s->before) == 0;
	if (!s->have_before) {
		ck_fail_native(err, CK_E_USAGE, (unsigned long)errno, "no terminal");
		goto out;
	}
	if (open_curses(s, err) == -1)
		goto out;
	s->canvas = ck_canvas_new(1, 1);
	s->small = ck_canvas_new(1, 1);
	s->shown = ck_canvas_new(1, 1);
	s->keys = ck_keys_new();
	if (s->canvas == NULL || s->small == NULL || s->shown == NULL || s->keys == NULL ||
	    fit(s) == -1) {
		ck_fail(err, CK_E_NO_MEMORY, "screen");
		goto out;
	}
	*out = s;
	return 0;
out:
	ck_screen_end(s);
	return -1;
}

/* Off the terminal; what was on it before comes back where it has a second page. */
static void
leave(struct ck_screen *s)
{
	if (s->curses == NULL)
		return;
	set_modes(s, false);
	curs_set(1);	/* curses that was begun anew does not know that it is hidden */
	werase(stdscr); /* where it has none, at least nothing of ours stays */
	wrefresh(stdscr);
	endwin();
	/* and what a smaller window pushed out of sight; on a page of its own nothing is */
	if (!terminal_has("smcup"))
		forget_scrollback(s);
	(void)tcsetattr(s->in, TCSANOW, &s->before);
}

void
ck_screen_end(struct ck_screen *s)
{
	if (s == NULL)
		return;
	if (!s->suspended)
		leave(s);
	if (s->have_before)
		(void)tcsetattr(s->in, TCSANOW, &s->before);
	close_curses(s);
	ck_canvas_free(s->canvas);
	ck_canvas_free(s->small);
	ck_canvas_free(s->shown);
	ck_keys_free(s->keys);
	if (s->to != NULL)
		fclose(s->to);
	free(s);
}

void
ck_screen_suspend(struct ck_screen *s)
{
	if (!s->suspended)
		leave(s);
	s->suspended = true;
	ck_keys_drop(s->keys);
}

void
ck_screen_resume(struct ck_screen *s)
{
	if (!s->suspended)
		return;
	s->suspended = false;
	raw_modes(s);
	set_modes(s, true);
	check_size(s);
	ck_screen_repaint(s);
}

/* Curses' windows are overwritten when it next shows an empty one, but not its output buffer, its
 * hashes of lines and windows of other sizes: those go with all of curses. */
int
ck_screen_wipe(struct ck_screen *s, struct ck_err *err)
{
	ck_canvas_clear(s->canvas);
	ck_canvas_clear(s->small);
	ck_canvas_clear(s->shown);
	ck_keys_drop(s->keys);
	werase(stdscr);
	clearok(curscr, TRUE);
	wrefresh(stdscr);
	forget_scrollback(s);
	close_curses(s);
	if (open_curses(s, err) == -1)
		return -1;
	return fit(s) == -1 ? ck_fail(err, CK_E_NO_MEMORY, "screen") : 0;
}

/* ---- showing ---- */

struct ck_canvas *
ck_screen_canvas(struct ck_screen *s)
{
	return s->canvas;
}

bool
ck_screen_fits(const struct ck_screen *s)
{
	return s->cols >= CK_LEAST_COLS && s->rows >= CK_LEAST_ROWS;
}

void
ck_screen_too_small(struct ck_screen *s, const char *sentence)
{
	s->too_small = sentence;
}

bool
ck_screen_ascii(const struct ck_screen *s)
{
	return s->ink.ascii;
}

void
ck_screen_theme(struct ck_screen *s, enum ck_theme theme)
{
	ck_ink_theme(&s->ink, theme);
	ck_screen_repaint(s);
}

void
ck_screen_repaint(struct ck_screen *s)
{
	s->all = true;
	clearok(curscr, TRUE);
}

static void
write_row(const struct ck_screen *s, const struct ck_canvas *c, int y)
{
	const struct ck_cell *now = ck_canvas_at(c, 0, y);

	if (now == NULL || (!ck_canvas_follow(s->shown, c, y) && !s->all))
		return;
	ck_ink_row(&s->ink, now, s->cols, y);
}

static struct ck_canvas *
small_canvas(struct ck_screen *s)
{
	ck_canvas_clear(s->small);
	ck_put_wrapped(s->small, ck_canvas_all(s->small), CK_S_CAREFUL, s->too_small);
	return s->small;
}

void
ck_screen_show(struct ck_screen *s)
{
	const struct ck_canvas *c = ck_screen_fits(s) ? s->canvas : small_canvas(s);
	int x, y;

	if (s->suspended || s->gone)
		return;
	for (int row = 0; row < s->rows; row++)
		write_row(s, c, row);
	s->all = false;
	ck_canvas_cursor_at(c, &x, &y);
	curs_set(x >= 0 ? 1 : 0);
	if (x >= 0)
		move(y, x);
	refresh();
}

/* ---- events ---- */

int
ck_screen_fd(const struct ck_screen *s)
{
	return s->gone ? -1 : s->in;
}

int
ck_screen_due_ms(const struct ck_screen *s)
{
	if (s->keys != NULL && ck_keys_waiting(s->keys))
		return CK_ESC_MS;
	return s->settled != 0 ? SETTLE_MS : -1;
}

void
ck_screen_tick(struct ck_screen *s)
{
	s->esc_due = ck_keys_waiting(s->keys);
	if (s->suspended || s->gone)
		return;
	check_size(s);
	/* what was drawn while the terminal reflowed its text may be anywhere */
	if (s->settled != 0 && ck_mono_ms() >= s->settled) {
		s->settled = 0;
		ck_screen_repaint(s);
	}
}

void
ck_screen_read(struct ck_screen *s)
{
	size_t room = 0;
	char *to = ck_keys_room(s->keys, &room);
	ssize_t got = room > 0 ? read(s->in, to, room) : 0;
	struct pollfd line = { .fd = s->in };

	if (got > 0)
		ck_keys_took(s->keys, (size_t)got);
	else if (got == -1)
		s->gone = errno != EINTR && errno != EAGAIN;
	else if (poll(&line, 1, 0) == 1) /* nothing asked for: only what is wrong comes */
		s->gone = true;
}

bool
ck_screen_next(struct ck_screen *s, struct ck_event *e)
{
	*e = (struct ck_event){ .kind = CK_EV_NONE };
	if (s->resized) {
		s->resized = false;
		e->kind = CK_EV_RESIZE;
		return true;
	}
	while (ck_keys_next(s->keys, s->esc_due, e)) {
		ck_press(s->shown, e);
		if (!ck_screen_fits(s)) /* nobody acts on what nobody sees */
			*e = (struct ck_event){ .kind = CK_EV_NONE };
		if (e->kind != CK_EV_NONE)
			return true;
	}
	s->esc_due = false;
	if (s->gone)
		e->kind = CK_EV_GONE;
	return s->gone;
}

void
ck_screen_drop(struct ck_screen *s)
{
	ck_keys_drop(s->keys);
	(void)tcflush(s->in, TCIFLUSH);
}
