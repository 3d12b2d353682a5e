#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "token/pcsc.h"

/* The service counts readers when it is asked: one plugged in between our list and our question is
 * not told (pcsc-lite 1.9.9, SCardGetStatusChange). So we look again after this long. */
#define SAFETY_MS 5000
/* A service that went is looked for at once and then ever more rarely: it must be seen within 3 s
 * of its start, and where there is none at all this is what wakes an idle kiosk. */
#define RETRY_MIN_MS 250
#define RETRY_MAX_MS 2000
/* A cancel that comes before the wait has begun is lost: it is said again. */
#define CANCEL_AGAIN_MS 20
/* what may wait to be read; a counter never has that many keys in motion */
#define EVENTS_MAX 64

/* A service that is asked and says nothing for so long hangs: it answers within the safety
 * time-out, and our own queue is read at once. */
#define SILENT_MS (SAFETY_MS + 3000)
/* a call into such a service does not come back, whatever is cancelled */
#define STOP_MS 1000

#define PNP "\\\\?PnP?\\Notification"

const char *const ck_reader_what_names[] = {
	[CK_SERVICE_UP] = "service-up",
	[CK_SERVICE_GONE] = "service-gone",
	[CK_READER_IN] = "reader-in",
	[CK_READER_OUT] = "reader-out",
	[CK_CARD_IN] = "card-in",
	[CK_CARD_OUT] = "card-out",
	[CK_CARD_MUTE] = "card-mute",
	[CK_CARD_PASSED] = "card-passed",
};

enum holds { EMPTY, A_KEY, MUTE };

/* a reader as it was seen last */
struct seat {
	struct ck_card card;
	DWORD state;
	bool seen, listed;
	enum holds holds;
};

struct ck_reader_watch {
	const struct ck_pcsc *pcsc;
	pthread_t thread;
	pthread_mutex_t lock;		 /* of all up to the thread's own */
	pthread_cond_t moved;		 /* stop, an event taken, the thread's end */
	bool stop, ended, waiting, left; /* left: the thread frees it all */
	SCARDCONTEXT ctx;		 /* valid while waiting */
	int64_t turned;			 /* when the thread was last seen between two calls */
	int fd;
	struct ck_reader_event events[EVENTS_MAX];
	size_t first, n;
	/* the thread's own */
	struct seat seats[CK_CARDS_MAX];
	size_t n_seats;
	int retry_ms;
	enum ck_code down;   /* as it was told; NONE = not told */
	enum ck_code failed; /* why the last attempt failed */
};

/* ---- events, from the thread to whoever reads ---- */

/* A full queue stops the watch: the service's counters keep what happens meanwhile. */
static void
put(struct ck_reader_watch *w, const struct ck_reader_event *e)
{
	pthread_mutex_lock(&w->lock);
	while (w->n == EVENTS_MAX && !w->stop)
		pthread_cond_wait(&w->moved, &w->lock);
	if (!w->stop) {
		w->events[(w->first + w->n++) % EVENTS_MAX] = *e;
		eventfd_write(w->fd, 1);
	}
	pthread_mutex_unlock(&w->lock);
}

static void
tell(struct ck_reader_watch *w, enum ck_reader_what what, const struct ck_card *card)
{
	struct ck_reader_event e = { .what = what, .at = ck_mono_ms(), .card = *card };

	if (what != CK_CARD_IN)
		e.card.atr_len = 0;
	put(w, &e);
}

bool
ck_reader_watch_next(struct ck_reader_watch *w, struct ck_reader_event *e)
{
	eventfd_t count = 0;
	bool any;

	pthread_mutex_lock(&w->lock);
	any = w->n > 0;
	if (any) {
		*e = w->events[w->first];
		w->first = (w->first + 1) % EVENTS_MAX;
		w->n--;
		pthread_cond_broadcast(&w->moved);
	} else {
		eventfd_read(w->fd, &count);
	}
	pthread_mutex_unlock(&w->lock);
	return any;
}

int
ck_reader_watch_fd(const struct ck_reader_watch *w)
{
	return w->fd;
}

/* ---- what changed ---- */

/* The key that was in it is gone, whatever may be in it now. */
static void
vacate(struct ck_reader_watch *w, struct seat *s)
{
	if (s->holds != EMPTY)
		tell(w, CK_CARD_OUT, &s->card);
	s->holds = EMPTY;
}

static void
drop_seat(struct ck_reader_watch *w, size_t i)
{
	vacate(w, &w->seats[i]);
	tell(w, CK_READER_OUT, &w->seats[i].card);
	w->seats[i] = w->seats[--w->n_seats];
}

static struct seat *
seat_named(struct ck_reader_watch *w, const char *name)
{
	for (size_t i = 0; i < w->n_seats; i++)
		if (strcmp(w->seats[i].card.reader, name) == 0)
			return &w->seats[i];
	return NULL;
}

static void
take_names(struct ck_reader_watch *w, const char *names)
{
	for (size_t i = 0; i < w->n_seats; i++)
		w->seats[i].listed = false;
	for (const char *p = names; *p != '\0'; p += strlen(p) + 1) {
		struct seat *s = seat_named(w, p);

		if (s != NULL)
			s->listed = true;
	}
	for (size_t i = w->n_seats; i-- > 0;)
		if (!w->seats[i].listed)
			drop_seat(w, i);
	for (const char *p = names; *p != '\0'; p += strlen(p) + 1) {
		struct seat *s = &w->seats[w->n_seats];

		if (seat_named(w, p) != NULL || w->n_seats == CK_CARDS_MAX)
			continue;
		*s = (struct seat){ .listed = true };
		memcpy(s->card.reader, p, strnlen(p, sizeof s->card.reader - 1));
		w->n_seats++;
		tell(w, CK_READER_IN, &s->card);
	}
}

static LONG
look(struct ck_reader_watch *w)
{
	char names[CK_READER_NAMES_MAX + 1] = ""; /* ends with two NULs whatever is said */
	DWORD len = CK_READER_NAMES_MAX - 1;
	LONG rv = w->pcsc->list(w->pcsc->u, w->ctx, names, &len);

	if (rv == SCARD_E_NO_READERS_AVAILABLE) {
		names[0] = '\0';
		rv = SCARD_S_SUCCESS;
	}
	if (rv == SCARD_S_SUCCESS)
		take_names(w, names);
	return rv;
}

static bool
same_atr(const struct ck_card *card, const SCARD_READERSTATE *now)
{
	return card->atr_len == now->cbAtr && memcmp(card->atr, now->rgbAtr, now->cbAtr) == 0;
}

/* The upper half of a state counts what went in and out (pcsc-lite): a key that was swapped while
 * nobody looked differs in nothing else. */
static void
judge(struct ck_reader_watch *w, struct seat *s, const SCARD_READERSTATE *now)
{
	bool moved = s->seen && now->dwEventState >> 16 != s->state >> 16;
	enum holds holds = (now->dwEventState & SCARD_STATE_PRESENT) == 0 ? EMPTY
			   : (now->dwEventState & SCARD_STATE_MUTE) != 0 || now->cbAtr > CK_ATR_MAX
			       ? MUTE
			       : A_KEY;
	bool was_empty = s->holds == EMPTY;

	if (moved || holds != s->holds || (holds == A_KEY && !same_atr(&s->card, now)))
		vacate(w, s);
	s->state = now->dwEventState & ~(DWORD)SCARD_STATE_CHANGED;
	s->seen = true;
	if (moved && was_empty && holds == EMPTY)
		tell(w, CK_CARD_PASSED, &s->card);
	if (s->holds == holds)
		return;
	s->holds = holds;
	if (holds == A_KEY) {
		s->card.atr_len = now->cbAtr;
		memcpy(s->card.atr, now->rgbAtr, now->cbAtr);
	}
	tell(w, holds == A_KEY ? CK_CARD_IN : CK_CARD_MUTE, &s->card);
}

static void
take_states(struct ck_reader_watch *w, const SCARD_READERSTATE *states)
{
	for (size_t i = w->n_seats; i-- > 0;) {
		if ((states[i].dwEventState & SCARD_STATE_CHANGED) == 0)
			continue;
		/* The reader went; one of the same name may be there already, and is another. */
		if ((states[i].dwEventState & SCARD_STATE_UNKNOWN) != 0)
			drop_seat(w, i);
		else
			judge(w, &w->seats[i], &states[i]);
	}
}

static LONG
wait_change(struct ck_reader_watch *w)
{
	SCARD_READERSTATE states[CK_CARDS_MAX];
	size_t n = w->n_seats;
	LONG rv;

	memset(states, 0, sizeof states);
	for (size_t i = 0; i < w->n_seats; i++) {
		states[i].szReader = w->seats[i].card.reader;
		states[i].dwCurrentState = w->seats[i].state;
	}
	/* it takes no more than there can be readers: with all of them there, none is new */
	if (n < CK_CARDS_MAX)
		states[n++].szReader = PNP;
	rv = w->pcsc->wait(w->pcsc->u, w->ctx, SAFETY_MS, states, (DWORD)n);
	if (rv == SCARD_S_SUCCESS)
		take_states(w, states);
	if (rv == SCARD_E_TIMEOUT || rv == SCARD_E_UNKNOWN_READER)
		rv = SCARD_S_SUCCESS; /* look again */
	return rv;
}

/* ---- the thread ---- */

/* between two calls of the service */
static bool
stopping(struct ck_reader_watch *w)
{
	bool stop;

	pthread_mutex_lock(&w->lock);
	stop = w->stop;
	w->turned = ck_shared_ms();
	pthread_mutex_unlock(&w->lock);
	return stop;
}

static void
set_waiting(struct ck_reader_watch *w, bool waiting)
{
	pthread_mutex_lock(&w->lock);
	w->waiting = waiting;
	pthread_mutex_unlock(&w->lock);
}

/* for pthread_cond_timedwait; the lock is held */
static void
rest(struct ck_reader_watch *w, int ms)
{
	struct timespec until;
	int64_t at = ck_mono_ms() + ms;

	until.tv_sec = (time_t)(at / 1000);
	until.tv_nsec = (long)(at % 1000) * 1000000;
	pthread_cond_timedwait(&w->moved, &w->lock, &until);
}

/* After the service was gone nothing tells whether a key was out meanwhile: all went with it, and
 * what is there when it is back comes in anew. */
static void
gone(struct ck_reader_watch *w, LONG rv)
{
	struct ck_reader_event e = {
		.what = CK_SERVICE_GONE,
		.at = ck_mono_ms(),
		.why = ck_pcsc_meaning(rv),
		.native = (unsigned long)rv,
	};

	while (w->n_seats > 0)
		drop_seat(w, w->n_seats - 1);
	/* libpcsclite takes a service that dies while it greets for one that turns us down: only a
	 * no that is repeated is one */
	if (w->down != e.why && (e.why != CK_E_READER_DENIED || w->failed == e.why)) {
		put(w, &e);
		w->down = e.why;
	}
	w->failed = e.why;
}

/* one context from its start to its end; why it ended */
static LONG
follow(struct ck_reader_watch *w)
{
	static const struct ck_card none = { .reader = "" };
	LONG rv = w->pcsc->establish(w->pcsc->u, &w->ctx);

	if (rv != SCARD_S_SUCCESS)
		return rv;
	set_waiting(w, true);
	w->down = w->failed = CK_E_NONE;
	w->retry_ms = RETRY_MIN_MS;
	tell(w, CK_SERVICE_UP, &none);
	while (rv == SCARD_S_SUCCESS && !stopping(w))
		if ((rv = look(w)) == SCARD_S_SUCCESS)
			rv = wait_change(w);
	set_waiting(w, false);
	w->pcsc->release(w->pcsc->u, w->ctx);
	return rv;
}

/* events that are taken meanwhile don't cut it short */
static void
wait_retry(struct ck_reader_watch *w)
{
	int64_t until = ck_mono_ms() + w->retry_ms, left;

	pthread_mutex_lock(&w->lock);
	while (!w->stop && (left = until - ck_mono_ms()) > 0)
		rest(w, (int)left);
	pthread_mutex_unlock(&w->lock);
	w->retry_ms = w->retry_ms * 2 < RETRY_MAX_MS ? w->retry_ms * 2 : RETRY_MAX_MS;
}

static void
release(struct ck_reader_watch *w)
{
	pthread_cond_destroy(&w->moved);
	pthread_mutex_destroy(&w->lock);
	close(w->fd);
	free(w);
}

static void *
run(void *arg)
{
	struct ck_reader_watch *w = arg;
	bool left;
	LONG rv;

	while (!stopping(w)) {
		rv = follow(w);
		if (stopping(w))
			break;
		gone(w, rv);
		wait_retry(w);
	}
	pthread_mutex_lock(&w->lock);
	w->ended = true;
	left = w->left;
	pthread_cond_broadcast(&w->moved);
	pthread_mutex_unlock(&w->lock);
	if (left)
		release(w);
	return NULL;
}

/* ---- start and stop ---- */

static int
start_thread(struct ck_reader_watch *w)
{
	sigset_t all, before;
	int e;

	/* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	e = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return e;
}

int
ck_reader_watch_over(const struct ck_pcsc *pcsc, struct ck_reader_watch **out, struct ck_err *err)
{
	struct ck_reader_watch *w = calloc(1, sizeof *w);
	pthread_condattr_t attr;
	int e;

	*out = NULL;
	if (w == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "watching readers");
	w->pcsc = pcsc;
	w->retry_ms = RETRY_MIN_MS;
	w->turned = ck_shared_ms();
	pthread_mutex_init(&w->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&w->moved, &attr);
	pthread_condattr_destroy(&attr);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	e = w->fd < 0 ? errno : start_thread(w);
	if (e == 0) {
		*out = w;
		return 0;
	}
	w->ended = true;
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	return ck_fail_native(
	    err, CK_E_NO_MEMORY, (unsigned long)e, "watching readers: %s", strerror(e));
}

int
ck_reader_watch_start(struct ck_reader_watch **out, struct ck_err *err)
{
	return ck_reader_watch_over(&ck_pcsc_lite, out, err);
}

static bool
silent(struct ck_reader_watch *w)
{
	bool is;

	pthread_mutex_lock(&w->lock);
	/* with a full queue it waits for us */
	is = w->n < EVENTS_MAX && ck_shared_ms() - w->turned > SILENT_MS;
	pthread_mutex_unlock(&w->lock);
	return is;
}

int
ck_reader_watch_check(struct ck_reader_watch *w, struct ck_err *err)
{
	if (!silent(w))
		return 0;
	return ck_reader_fail(CK_E_READER_SERVICE, (unsigned long)SCARD_E_TIMEOUT, err);
}

/* false: the thread is in a call that does not come back */
static bool
stop_thread(struct ck_reader_watch *w)
{
	/* a cancel is a call of its own, and hangs as well */
	bool hangs = silent(w), ended;
	int64_t until = ck_mono_ms() + STOP_MS;

	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_broadcast(&w->moved);
	while (!w->ended && (!hangs || ck_mono_ms() < until)) {
		/* the lock keeps the context from being released under the cancel */
		if (w->waiting && !hangs)
			w->pcsc->cancel(w->pcsc->u, w->ctx);
		rest(w, CANCEL_AGAIN_MS);
	}
	ended = w->ended;
	w->left = !ended;
	if (!ended)
		pthread_detach(w->thread);
	pthread_mutex_unlock(&w->lock);
	return ended;
}

void
ck_reader_watch_stop(struct ck_reader_watch *w)
{
	if (w == NULL)
		return;
	if (!stop_thread(w))
		return;
	pthread_join(w->thread, NULL);
	release(w);
}
