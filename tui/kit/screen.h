/*
 * The terminal: what stands on the canvas is shown, what is typed comes as events. Nothing here
 * waits and no signal is touched: the caller polls ck_screen_fd() for at most ck_screen_due_ms(),
 * and calls ck_screen_tick() when that has passed, on SIGWINCH, and whenever its clock ticks
 * anyway.
 *
 *   SIGTERM, SIGHUP   ck_screen_end
 *   SIGTSTP           ck_screen_suspend, then stop; on SIGCONT ck_screen_resume
 *
 * Below CK_LEAST_COLS x CK_LEAST_ROWS a sentence is shown instead of the canvas, which keeps that
 * size.
 */
#ifndef CK_KIT_SCREEN_H
#define CK_KIT_SCREEN_H

#include <stdbool.h>

#include "canvas.h"
#include "certkiosk/err.h"
#include "key.h"
#include "style.h"

struct ck_screen_opts {
	int in, out;	     /* the terminal; the screen closes neither */
	const char *term;    /* its kind, as TERM says */
	enum ck_theme theme; /* mono where the terminal has no colours */
	bool ascii;	     /* no line graphics, no half blocks */
	bool mouse;
};

struct ck_screen;

int ck_screen_start(const struct ck_screen_opts *, struct ck_screen **, struct ck_err *);
/* The terminal is what it was; nothing of what was shown is left in memory. */
void ck_screen_end(struct ck_screen *);

struct ck_canvas *ck_screen_canvas(struct ck_screen *); /* valid until a tick says RESIZE */
void ck_screen_show(struct ck_screen *);
bool ck_screen_fits(
    const struct ck_screen *); /* false: nobody sees the canvas, and no key counts */
void ck_screen_too_small(struct ck_screen *, const char *sentence); /* of static storage */
void ck_screen_theme(struct ck_screen *, enum ck_theme);
bool ck_screen_ascii(const struct ck_screen *);
void ck_screen_repaint(struct ck_screen *); /* something else wrote on the terminal */

int ck_screen_fd(const struct ck_screen *);
int ck_screen_due_ms(const struct ck_screen *); /* -1: nothing is due */
void ck_screen_tick(struct ck_screen *);
/* There is something to read. */
void ck_screen_read(struct ck_screen *);
/* What came, one by one: false when that is all. Presses are those on what is shown. */
bool ck_screen_next(struct ck_screen *, struct ck_event *);
void ck_screen_drop(struct ck_screen *); /* what was typed ahead, and not read */

void ck_screen_suspend(struct ck_screen *);
void ck_screen_resume(struct ck_screen *);
/* Empty: the terminal, what it scrolled off, curses' memory of it and ours, what was typed. -1: the
 * terminal could not be had again; end is all that is left. */
int ck_screen_wipe(struct ck_screen *, struct ck_err *);

#endif
