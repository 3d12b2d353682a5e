#include "stage.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <openssl/crypto.h>

#include "base/clock.h"
#include "kit/message.h"
#include "kit/screen.h"
#include "screens/desk.h"

/* A customer who does not touch anything is asked after, and gone after, so many seconds. */
#define WARN_MS (120 * 1000)
#define GONE_MS (150 * 1000)
/* A desk nobody touches is locked after; a key in its reader keeps nobody from walking away. */
#define LOCK_MS (10 * 60 * 1000)

/* deeper than any screen is drawn: the deepest holds some sentences and a key's certificates */
#define STACK_WIPED (64 * 1024)

#define SECOND_MS 1000
#define MINUTE_S 60

enum { SCREEN_FD, SIGNAL_FD, STATUS_FD, OTHERS_FD = STATUS_FD + CK_STATUS_FDS };
#define FDS_MAX (OTHERS_FD + CK_STAGE_OTHERS_MAX)
#define FUNCTIONS_MAX (CK_VIEW_FUNCTIONS_MAX + 4)

enum cover { COVER_NONE, COVER_WARNING, COVER_MASK };

struct ck_stage {
	struct ck_stage_opts opts;
	struct ck_screen *screen;
	struct ck_status *status;
	struct ck_ctx ctx;
	enum ck_theme theme;
	int signals;
	bool over, dirty, key_in;

	const struct ck_view *view;
	struct ck_help help;
	struct ck_view help_view;
	bool helping;
	char clerk[160];
	const struct ck_course *course;
	json_t *unseen;
	int64_t touched, drawn; /* ck_mono_ms */
	enum cover cover;
	char where[CK_SENTENCE_MAX], who[CK_SENTENCE_MAX], clock[64];
	struct ck_function functions[FUNCTIONS_MAX];
	int n_functions;
};

/* ---- from start to end ---- */

/* Blocked since the program began: they become readable. Ctrl-C and Ctrl-\ end nothing here, the
 * terminal does not make signals of them. */
static int
open_signals(void)
{
	static const int taken[] = { SIGWINCH, SIGTSTP, SIGCONT, SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int
ck_stage_open(const struct ck_stage_opts *o, struct ck_stage **out, struct ck_err *err)
{
	struct ck_screen_opts screen = { .in = STDIN_FILENO,
		.out = STDOUT_FILENO,
		.term = o->term,
		.theme = o->theme,
		.ascii = o->ascii,
		.mouse = o->mouse };
	struct ck_stage *s = calloc(1, sizeof *s);

	if (s == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "stage");
	s->opts = *o;
	s->theme = o->theme;
	s->ctx = (struct ck_ctx){ .lang = o->lang, .hotline = "" };
	s->signals = -1;
	if ((s->status = ck_status_new(o->program, o->config)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "stage");
		goto fail;
	}
	if ((s->signals = open_signals()) == -1) {
		ck_fail_native(err, CK_E_NO_MEMORY, (unsigned long)errno, "signals");
		goto fail;
	}
	if (ck_screen_start(&screen, &s->screen, err) == -1)
		goto fail;
	s->ctx.ascii = ck_screen_ascii(s->screen);
	s->touched = ck_mono_ms();
	s->dirty = true;
	*out = s;
	return 0;
fail:
	ck_stage_close(s);
	return -1;
}

void
ck_stage_close(struct ck_stage *s)
{
	if (s == NULL)
		return;
	if (s->screen != NULL)
		ck_screen_end(s->screen);
	ck_status_free(s->status);
	json_decref(s->unseen);
	if (s->signals != -1)
		close(s->signals);
	free(s);
}

/* ---- the page ---- */

static const struct ck_view *
shown(const struct ck_stage *s)
{
	return s->helping ? &s->help_view : s->view;
}

static void
add_function(struct ck_stage *s, int key, char letter, const char *name, const char *word)
{
	s->functions[s->n_functions++] = (struct ck_function){ .key = key,
		.letter = letter,
		.name = name,
		.text = ck_say(&s->ctx, "function", word),
		.right = key == CK_KEY_F(9),
		.spare = key == CK_KEY_F(3) && !s->helping };
}

/* the view's own first, then what holds everywhere */
static void
list_functions(struct ck_stage *s)
{
	const struct ck_view *v = shown(s);

	s->n_functions = 0;
	if (v != NULL && v->functions != NULL)
		s->n_functions = v->functions(v->self, &s->ctx, s->functions);
	if (!s->helping)
		add_function(s, CK_KEY_F(1), 'h', "F1", "help");
	add_function(s, CK_KEY_F(2), 'l', "F2", "language");
	add_function(s, CK_KEY_F(3), 't', "F3", "theme");
	/* a visit is not left by a stray key */
	if (!s->ctx.clerk && !s->helping && s->course == NULL && !s->opts.desk && v != NULL &&
	    !v->staff)
		add_function(s, CK_KEY_F(9), 's', "F9", "staff");
}

static struct ck_said
lamp(const struct ck_stage *s)
{
	bool needed = s->course != NULL && !ck_course_key_free(s->course);

	/* said at once: the call that needs it may only fail in half a minute */
	if (needed && ck_status_key_gone(s->status))
		return (struct ck_said){ CK_TONE_BAD, ck_say(&s->ctx, "lamp", "gone") };
	if (needed)
		return (struct ck_said){ CK_TONE_CAREFUL, ck_say(&s->ctx, "lamp", "leave") };
	if (ck_status_silent(s->status))
		return (struct ck_said){ CK_TONE_CAREFUL, ck_say(&s->ctx, "lamp", "silent") };
	if (ck_status_key_in(s->status))
		return (struct ck_said){ CK_TONE_SAFE, ck_say(&s->ctx, "lamp", "free") };
	return (struct ck_said){ CK_TONE_PLAIN, ck_say(&s->ctx, "lamp", "none") };
}

static void
read_clock(struct ck_stage *s)
{
	char at[CK_TIME_LEN];
	/* 1970-01-01 was a Thursday */
	static const char *const days[] = { "thu", "fri", "sat", "sun", "mon", "tue", "wed" };
	ck_day day = ck_day_of(s->ctx.now);

	ck_time_text(s->ctx.now, at);
	snprintf(s->clock, sizeof s->clock, "%.10s %s %.5s", at,
	    ck_say(&s->ctx, "day", days[(day % 7 + 7) % 7]), at + 11);
}

static void
draw_cover(struct ck_stage *s, struct ck_canvas *c)
{
	static const char *const words[] = { [COVER_WARNING] = "warning", [COVER_MASK] = "mask" };
	const struct ck_button on = { CK_KEY_ENTER, "Enter", ck_say(&s->ctx, "idle", "on") };
	struct ck_message m = { .tone = CK_TONE_CAREFUL,
		.title = ck_say(&s->ctx, "idle", words[s->cover]),
		.text = ck_say(&s->ctx, "idle-text", words[s->cover]),
		.buttons = { &on, 1, 0 } };

	ck_message_draw(c, &m);
}

static void
draw(struct ck_stage *s)
{
	struct ck_canvas *c = ck_screen_canvas(s->screen);
	const struct ck_view *v = shown(s);
	struct ck_said states[CK_STATES_MAX];
	struct ck_page page = { .where = s->where, .clock = s->clock, .functions = s->functions };
	struct ck_rect room;
	json_t *facts =
	    json_pack("{s:s, s:s}", "site", ck_status_site(s->status), "clerk", s->clerk);

	s->ctx.hotline = ck_status_hotline(s->status);
	s->ctx.key_in = ck_status_key_in(s->status);
	s->ctx.services = ck_status_services(s->status);
	list_functions(s);
	read_clock(s);
	ck_fill(s->where, sizeof s->where, ck_say(&s->ctx, "page", "title"), facts);
	ck_fill(s->who, sizeof s->who, ck_say(&s->ctx, "page", "clerk"), facts);
	json_decref(facts);
	page.who = s->ctx.clerk ? s->who : NULL;
	page.lamp = lamp(s);
	page.states = states;
	page.n_states = ck_status_states(s->status, &s->ctx, states);
	page.note = s->ctx.clerk ? ck_status_note(s->status, &s->ctx) : page.note;
	page.n_functions = s->n_functions;
	ck_canvas_clear(c);
	room = ck_page_draw(c, &page);
	/* the question alone: it is the one thing to be read now */
	if (v != NULL && s->cover == COVER_NONE)
		v->draw(v->self, c, room, &s->ctx);
	if (s->cover != COVER_NONE)
		draw_cover(s, c);
	ck_screen_too_small(s->screen, ck_say(&s->ctx, "page", "too-small"));
	ck_screen_show(s->screen);
	s->dirty = false;
	s->drawn = s->ctx.mono_ms;
}

/* ---- what is typed ---- */

static void
help(struct ck_stage *s)
{
	s->help = (struct ck_help){ .name = s->view != NULL ? s->view->help : NULL,
		.of = s->view };
	ck_help_view(&s->help, &s->help_view);
	s->helping = true;
}

static void
next_theme(struct ck_stage *s)
{
	s->theme = (enum ck_theme)((s->theme + 1) % CK_THEMES);
	ck_screen_theme(s->screen, s->theme);
}

/* A key of the page; false: it is none. */
static bool
page_key(struct ck_stage *s, int key, enum ck_stage_went *went)
{
	switch (key) {
	case CK_KEY_F(1):
		help(s);
		return true;
	case CK_KEY_F(2):
		s->ctx.lang = s->ctx.lang == CK_LANG_ZH ? CK_LANG_EN : CK_LANG_ZH;
		return true;
	case CK_KEY_F(3):
		next_theme(s);
		return true;
	case CK_KEY_F(9):
		*went = CK_STAGE_STAFF;
		return true;
	case CK_CTRL('l'):
		ck_screen_repaint(s->screen);
		return true;
	default:
		return false;
	}
}

static void
view_key(struct ck_stage *s, struct ck_event *e, enum ck_stage_went *went)
{
	const struct ck_view *v = shown(s);
	enum ck_went w =
	    v != NULL && v->key != NULL ? v->key(v->self, e, &s->ctx) : CK_WENT_NOTHING;

	if (s->helping) {
		s->helping = w != CK_WENT_DONE && w != CK_WENT_BACK;
		return;
	}
	if (w == CK_WENT_DONE)
		*went = CK_STAGE_DONE;
	if (w == CK_WENT_BACK)
		*went = CK_STAGE_BACK;
}

static void
take_key(struct ck_stage *s, struct ck_event *e, enum ck_stage_went *went)
{
	const struct ck_view *v = shown(s);
	int key = ck_functions_key(s->functions, s->n_functions, e, v != NULL && v->typing);

	s->touched = s->ctx.mono_ms;
	s->dirty = true;
	if (s->cover != COVER_NONE) {
		/* it only says that somebody is there, and must not be taken for an answer */
		s->cover = COVER_NONE;
		return;
	}
	if (key != 0)
		e->key = key;
	if ((key != 0 || e->key == CK_CTRL('l')) && page_key(s, e->key, went))
		return;
	view_key(s, e, went);
}

static void
take_events(struct ck_stage *s, enum ck_stage_went *went)
{
	struct ck_event e;

	/* what was typed ahead of a choice is for the next screen, if it is for anything */
	while (*went == CK_STAGE_READY && !s->over && ck_screen_next(s->screen, &e)) {
		if (e.kind == CK_EV_GONE)
			s->over = true;
		else if (e.kind == CK_EV_RESIZE)
			s->dirty = true;
		else if (e.kind == CK_EV_KEY && ck_screen_fits(s->screen))
			take_key(s, &e, went);
		e.key = 0;
	}
}

/* ---- signals, time ---- */

/* Whoever comes back may be somebody else: what was typed so far is not his. */
static void
forget_typed(struct ck_stage *s)
{
	if (s->view != NULL && s->view->forget != NULL)
		s->view->forget(s->view->self);
}

static void
heed_key(struct ck_stage *s)
{
	bool in = ck_status_key_in(s->status);

	if (s->key_in && !in && s->view != NULL && s->view->of_key)
		forget_typed(s);
	s->key_in = in;
}

static void
suspend(struct ck_stage *s)
{
	forget_typed(s);
	ck_screen_suspend(s->screen);
	raise(SIGSTOP);
	ck_screen_resume(s->screen);
	s->dirty = true;
}

static void
take_signals(struct ck_stage *s)
{
	struct signalfd_siginfo info;

	while (read(s->signals, &info, sizeof info) == (ssize_t)sizeof info)
		switch (info.ssi_signo) {
		case SIGWINCH:
			ck_screen_tick(s->screen);
			break;
		case SIGTSTP:
			suspend(s);
			break;
		case SIGTERM:
		case SIGHUP:
			s->over = true;
			break;
		default:
			break;
		}
}

static bool
working(const struct ck_stage *s)
{
	return s->course != NULL && s->course->busy;
}

/* whatever is on the screen: nobody is sent away from a key that is being written to */
static enum ck_idle
idle_of(const struct ck_stage *s)
{
	return s->view == NULL || working(s) ? CK_IDLE_STAY : s->view->idle;
}

/* what becomes of a person who does nothing, at this screen */
static enum ck_stage_went
judge_idle(struct ck_stage *s)
{
	int64_t quiet = s->ctx.mono_ms - s->touched;
	enum ck_idle idle = idle_of(s);
	enum cover cover = s->cover;

	if (s->ctx.clerk)
		return quiet >= LOCK_MS && !working(s) ? CK_STAGE_LOCK : CK_STAGE_READY;
	if (idle == CK_IDLE_STAY) {
		s->cover = COVER_NONE;
		s->touched = s->ctx.mono_ms; /* his time begins when there is something of his */
	} else if (idle == CK_IDLE_WIPE && quiet >= GONE_MS)
		return CK_STAGE_IDLE;
	else if (quiet >= WARN_MS)
		s->cover = idle == CK_IDLE_MASK ? COVER_MASK : COVER_WARNING;
	s->dirty = s->dirty || s->cover != cover;
	return CK_STAGE_READY;
}

static void
sooner(int64_t *at, int64_t other)
{
	if (other >= 0 && (*at < 0 || other < *at))
		*at = other;
}

/* how long nothing is due, at most so long; -1 for ever */
static int
pause_ms(const struct ck_stage *s, int64_t until)
{
	int64_t now = s->ctx.mono_ms, at = until;
	enum ck_idle idle = idle_of(s);
	int due = ck_screen_due_ms(s->screen);

	if (due >= 0)
		sooner(&at, now + due);
	sooner(&at, ck_status_due(s->status));
	sooner(&at, now + (MINUTE_S - s->ctx.now % MINUTE_S) * SECOND_MS); /* the clock */
	if (s->view != NULL && s->view->ticks)
		sooner(&at, s->drawn + SECOND_MS);
	if (s->ctx.clerk && !working(s))
		sooner(&at, s->touched + LOCK_MS);
	if (idle != CK_IDLE_STAY && !s->ctx.clerk && s->cover == COVER_NONE)
		sooner(&at, s->touched + WARN_MS);
	if (idle == CK_IDLE_WIPE && !s->ctx.clerk && s->cover != COVER_NONE)
		sooner(&at, s->touched + GONE_MS);
	return at < 0 ? -1 : at <= now ? 0 : (int)(at - now);
}

static void
read_time(struct ck_stage *s)
{
	int64_t minute = s->ctx.now / MINUTE_S;

	s->ctx.now = ck_now();
	s->ctx.mono_ms = ck_mono_ms();
	if (s->ctx.now / MINUTE_S != minute)
		s->dirty = true;
	if (s->view != NULL && s->view->ticks && s->ctx.mono_ms - s->drawn >= SECOND_MS)
		s->dirty = true;
}

/* ---- the wait ---- */

static enum ck_stage_went
went_of(struct ck_stage *s, enum ck_stage_went went)
{
	if (s->over)
		return CK_STAGE_OVER;
	/* what is being written to a customer's key is brought to its end first */
	if (s->ctx.clerk && ck_status_clerk_gone(s->status) && !working(s))
		return CK_STAGE_LOCK;
	return went != CK_STAGE_READY ? went : judge_idle(s);
}

static bool
any_ready(const struct pollfd *p, nfds_t n)
{
	for (nfds_t i = 0; i < n; i++)
		if (p[i].fd >= 0 && p[i].revents != 0)
			return true;
	return false;
}

enum ck_stage_went
ck_stage_wait(struct ck_stage *s, struct pollfd *others, nfds_t n, int ms)
{
	int64_t until = ms < 0 ? -1 : ck_mono_ms() + ms;
	struct pollfd p[FDS_MAX];
	enum ck_stage_went went = CK_STAGE_READY;
	bool changed;
	int got;

	for (;;) {
		read_time(s);
		changed = ck_status_look(s->status);
		heed_key(s);
		s->dirty = changed || s->dirty;
		if ((went = went_of(s, went)) != CK_STAGE_READY)
			return went;
		if (s->dirty)
			draw(s);
		if (changed && (s->view == NULL || s->view->heeds))
			return CK_STAGE_READY;
		p[SCREEN_FD] = (struct pollfd){ .fd = ck_screen_fd(s->screen), .events = POLLIN };
		p[SIGNAL_FD] = (struct pollfd){ .fd = s->signals, .events = POLLIN };
		ck_status_fds(s->status, p + STATUS_FD);
		if (n > 0) /* others may be NULL then, which memcpy does not take */
			memcpy(p + OTHERS_FD, others, n * sizeof *others);
		got = poll(p, OTHERS_FD + n, pause_ms(s, until));
		read_time(s);
		for (nfds_t i = 0; i < n; i++)
			others[i].revents = got > 0 ? p[OTHERS_FD + i].revents : 0;
		if (got == 0)
			ck_screen_tick(s->screen);
		if (got > 0 && p[SIGNAL_FD].revents != 0)
			take_signals(s);
		if (got > 0 && p[SCREEN_FD].revents != 0)
			ck_screen_read(s->screen);
		take_events(s, &went);
		if (any_ready(others, n) || (until >= 0 && s->ctx.mono_ms >= until))
			return went_of(s, went);
	}
}

void
ck_stage_set(struct ck_stage *s, const struct ck_view *view)
{
	/* what was typed ahead was meant for another: an Enter too many must not agree to anything
	 */
	if (view != s->view)
		ck_screen_drop(s->screen);
	s->view = view;
	s->helping = false;
	s->touched = ck_mono_ms(); /* a new screen is time to read it */
	s->dirty = true;
}

void
ck_stage_redraw(struct ck_stage *s)
{
	s->dirty = true;
}

void
ck_stage_leave(struct ck_stage *s)
{
	s->over = true;
	ck_screen_suspend(s->screen);
}

/* Sentences are made on the stack, and stay below it when who made them has returned. */
static void __attribute__((noinline)) wipe_stack(void)
{
	char below[STACK_WIPED];

	OPENSSL_cleanse(below, sizeof below);
}

void
ck_stage_wipe(struct ck_stage *s)
{
	struct ck_err err = { 0 };

	wipe_stack();
	ck_stage_set(s, NULL);
	s->cover = COVER_NONE;
	s->touched = ck_mono_ms();
	/* one that was left stays so */
	if (!s->over && ck_screen_wipe(s->screen, &err) == -1)
		s->over = true;
}

void
ck_stage_face(struct ck_stage *s, const char *clerk, const char *reader)
{
	s->ctx.clerk = clerk != NULL;
	snprintf(s->clerk, sizeof s->clerk, "%s", clerk != NULL ? clerk : "");
	ck_status_clerk_reader(s->status, clerk != NULL ? reader : "");
	s->touched = ck_mono_ms();
	s->dirty = true;
}

void
ck_stage_course(struct ck_stage *s, const struct ck_course *course)
{
	s->course = course;
	s->dirty = true;
}

const struct ck_ctx *
ck_stage_ctx(const struct ck_stage *s)
{
	return &s->ctx;
}

struct ck_status *
ck_stage_status(struct ck_stage *s)
{
	return s->status;
}

const struct ck_stage_opts *
ck_stage_opts(const struct ck_stage *s)
{
	return &s->opts;
}

bool
ck_stage_over(const struct ck_stage *s)
{
	return s->over;
}

void
ck_stage_keep(struct ck_stage *s, json_t *end)
{
	json_decref(s->unseen);
	s->unseen = end;
}

json_t *
ck_stage_kept(struct ck_stage *s)
{
	json_t *end = s->unseen;

	s->unseen = NULL;
	return end;
}
