/* The watch over a service that is played: races, counters, what the service forgets to tell. */
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "t.h"
#include "token/pcsc.h"

#define WAIT_MS 9000 /* longer than the watch's own safety time-outs */

static const unsigned char atr_a[] = { 0x3b, 0x01, 0xaa }, atr_b[] = { 0x3b, 0x01, 0xbb };

/* a service of two readers, played under one lock */
static struct play {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	struct {
		char name[32];
		DWORD state; /* with its counter */
		const unsigned char *atr;
	} readers[2];
	unsigned changes; /* a wait ends when this moves */
	bool down, denied, deny_once, cancelled, silent, vanish_next, hang, hangs, inside;
	int waits, lists, releases, establishes, cancels, lose_cancels;
} play = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };

static LONG
p_establish(void *u, SCARDCONTEXT *ctx)
{
	LONG rv = SCARD_S_SUCCESS;

	(void)u;
	pthread_mutex_lock(&play.lock);
	play.establishes++;
	*ctx = play.establishes;
	if (play.denied || play.deny_once)
		rv = SCARD_W_SECURITY_VIOLATION;
	else if (play.down)
		rv = SCARD_F_COMM_ERROR;
	play.deny_once = false;
	pthread_mutex_unlock(&play.lock);
	return rv;
}

static LONG
p_release(void *u, SCARDCONTEXT ctx)
{
	(void)u, (void)ctx;
	pthread_mutex_lock(&play.lock);
	play.releases++;
	pthread_mutex_unlock(&play.lock);
	return SCARD_S_SUCCESS;
}

static LONG
p_list(void *u, SCARDCONTEXT ctx, char *names, DWORD *len)
{
	DWORD n = 0;

	(void)u, (void)ctx;
	pthread_mutex_lock(&play.lock);
	play.lists++;
	for (int i = 0; i < 2; i++)
		if (play.readers[i].name[0] != '\0')
			n += (DWORD)snprintf(names + n, *len - n, "%s", play.readers[i].name) + 1;
	names[n] = '\0';
	*len = n + 1;
	pthread_mutex_unlock(&play.lock);
	return n > 0 ? SCARD_S_SUCCESS : SCARD_E_NO_READERS_AVAILABLE;
}

static int
reader_at(const char *name)
{
	for (int i = 0; i < 2; i++)
		if (strcmp(play.readers[i].name, name) == 0)
			return i;
	return -1;
}

/* what differs from what the caller knows */
static bool
fill(SCARD_READERSTATE *s, DWORD n)
{
	bool any = false;

	for (DWORD i = 0; i < n; i++) {
		int r = reader_at(s[i].szReader);

		if (strncmp(s[i].szReader, "\\\\?PnP", 6) == 0)
			continue; /* new readers are never told: as bad as it gets */
		s[i].dwEventState =
		    r < 0 ? SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE : play.readers[r].state;
		if (play.vanish_next)
			s[i].dwEventState = SCARD_STATE_UNKNOWN | SCARD_STATE_IGNORE;
		if (s[i].dwEventState == s[i].dwCurrentState)
			continue;
		any = true;
		s[i].dwEventState |= SCARD_STATE_CHANGED;
		s[i].cbAtr = 0;
		if (r >= 0 && play.readers[r].atr != NULL) {
			s[i].cbAtr = sizeof atr_a;
			memcpy(s[i].rgbAtr, play.readers[r].atr, sizeof atr_a);
		}
	}
	play.vanish_next = play.vanish_next && !any;
	return any;
}

static LONG
p_wait(void *u, SCARDCONTEXT ctx, DWORD ms, SCARD_READERSTATE *s, DWORD n)
{
	int64_t until = ck_mono_ms() + (int64_t)ms;
	LONG rv = SCARD_E_TIMEOUT;

	(void)u, (void)ctx;
	pthread_mutex_lock(&play.lock);
	play.waits++;
	play.cancelled = false; /* a cancel before the wait is lost, as pcsc-lite loses it */
	pthread_cond_broadcast(&play.moved);
	while (play.hang) { /* and no cancel ends it */
		play.hangs = true;
		pthread_cond_wait(&play.moved, &play.lock);
	}
	play.hangs = false;
	play.inside = true;
	pthread_cond_broadcast(&play.moved);
	for (;;) {
		struct timespec t = { .tv_nsec = 0 };
		unsigned seen = play.changes;
		int64_t left = until - ck_mono_ms();

		if (play.down)
			rv = SCARD_F_COMM_ERROR;
		else if (play.cancelled)
			rv = SCARD_E_CANCELLED;
		else if (fill(s, n))
			rv = SCARD_S_SUCCESS;
		if (rv != SCARD_E_TIMEOUT || left <= 0)
			break;
		clock_gettime(CLOCK_REALTIME, &t);
		t.tv_sec += left / 1000;
		t.tv_nsec += left % 1000 * 1000000;
		t.tv_sec += t.tv_nsec / 1000000000;
		t.tv_nsec %= 1000000000;
		while (play.changes == seen && !play.cancelled &&
		       pthread_cond_timedwait(&play.moved, &play.lock, &t) == 0)
			continue;
	}
	play.inside = false;
	pthread_mutex_unlock(&play.lock);
	return rv;
}

static LONG
p_cancel(void *u, SCARDCONTEXT ctx)
{
	(void)u, (void)ctx;
	pthread_mutex_lock(&play.lock);
	play.cancels++;
	if (play.lose_cancels > 0)
		play.lose_cancels--;
	else
		play.cancelled = true;
	pthread_cond_broadcast(&play.moved);
	pthread_mutex_unlock(&play.lock);
	return SCARD_S_SUCCESS;
}

static const struct ck_pcsc played = {
	.establish = p_establish,
	.release = p_release,
	.list = p_list,
	.wait = p_wait,
	.cancel = p_cancel,
};

/* ---- moving things ---- */

static void
place(int i, const char *name, const unsigned char *atr, unsigned counter, DWORD more)
{
	snprintf(play.readers[i].name, sizeof play.readers[i].name, "%s", name);
	play.readers[i].atr = atr;
	play.readers[i].state =
	    (DWORD)counter << 16 |
	    (atr != NULL || more != 0 ? SCARD_STATE_PRESENT : SCARD_STATE_EMPTY) | more;
	if (!play.silent) {
		play.changes++;
		pthread_cond_broadcast(&play.moved);
	}
}

static void
now_is(int i, const char *name, const unsigned char *atr, unsigned counter, DWORD more)
{
	pthread_mutex_lock(&play.lock);
	place(i, name, atr, counter, more);
	pthread_mutex_unlock(&play.lock);
}

/* What is asked already is answered, with this card; the next question is not. */
static void
hang_after(const unsigned char *atr)
{
	pthread_mutex_lock(&play.lock);
	while (!play.inside)
		pthread_cond_wait(&play.moved, &play.lock);
	play.hang = true;
	place(0, "A", atr, 1, 0);
	pthread_mutex_unlock(&play.lock);
}

static void
set(bool *what, bool to)
{
	pthread_mutex_lock(&play.lock);
	*what = to;
	play.changes++;
	pthread_cond_broadcast(&play.moved);
	pthread_mutex_unlock(&play.lock);
}

static struct ck_reader_watch *
start(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_err err = { .code = CK_E_NONE };

	T(ck_reader_watch_over(&played, &w, &err) == 0, "the watch starts");
	if (w == NULL)
		exit(1);
	return w;
}

/* the next event within its time, as "card-in A" */
static const char *
next(struct ck_reader_watch *w, struct ck_reader_event *e)
{
	static char text[64];
	int64_t until = ck_mono_ms() + WAIT_MS;

	while (!ck_reader_watch_next(w, e)) {
		struct pollfd p = { .fd = ck_reader_watch_fd(w), .events = POLLIN };
		int64_t left = until - ck_mono_ms();

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return "nothing";
	}
	snprintf(text, sizeof text, "%s%s%.32s", ck_reader_what_names[e->what],
	    e->card.reader[0] != '\0' ? " " : "", e->card.reader);
	return text;
}

#define NEXT(want) T_STR(next(w, &e), want, "%s", want)

static void
comes_and_goes(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_reader_event e;

	now_is(0, "A", NULL, 0, 0);
	w = start();
	NEXT("service-up");
	NEXT("reader-in A");
	now_is(0, "A", atr_a, 1, 0);
	NEXT("card-in A");
	T(e.card.atr_len == sizeof atr_a && memcmp(e.card.atr, atr_a, sizeof atr_a) == 0,
	    "with its ATR");
	now_is(0, "A", atr_a, 1, SCARD_STATE_INUSE);
	now_is(0, "A", atr_a, 3, 0);
	NEXT("card-out A"); /* in use says nothing, the counter does */
	NEXT("card-in A");
	now_is(0, "A", atr_b, 3, SCARD_STATE_UNPOWERED);
	NEXT("card-out A"); /* another ATR without a count */
	NEXT("card-in A");
	now_is(0, "A", NULL, 4, 0);
	NEXT("card-out A");
	now_is(0, "A", NULL, 6, 0);
	NEXT("card-passed A");
	now_is(0, "A", NULL, 7, SCARD_STATE_MUTE);
	NEXT("card-mute A");
	now_is(0, "A", atr_a, 9, 0);
	NEXT("card-out A");
	NEXT("card-in A");
	now_is(0, "A", NULL, 10, 0);
	NEXT("card-out A");
	/* a new reader is only in the list: found at the next look, the latest by the time-out */
	now_is(1, "B", atr_b, 1, 0);
	NEXT("reader-in B");
	NEXT("card-in B");
	now_is(1, "", NULL, 0, 0);
	NEXT("card-out B");
	NEXT("reader-out B");
	ck_reader_watch_stop(w);
	T(play.releases == play.establishes, "every context was given back");
}

static void
forgotten(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_reader_event e;
	int64_t t;
	int waits;

	now_is(0, "A", atr_a, 1, 0);
	w = start();
	NEXT("service-up");
	NEXT("reader-in A");
	NEXT("card-in A");
	pthread_mutex_lock(&play.lock);
	waits = play.waits;
	while (play.waits == waits) /* it waits with everything known */
		pthread_cond_wait(&play.moved, &play.lock);
	play.silent = true;
	pthread_mutex_unlock(&play.lock);
	t = ck_mono_ms();
	now_is(1, "B", NULL, 0, 0);
	NEXT("reader-in B"); /* nobody told, and it is found all the same */
	T(ck_mono_ms() - t < WAIT_MS - 1000, "by the safety time-out");
	play.silent = false;
	/* unplugged and plugged again under the same name before it could be looked at */
	set(&play.vanish_next, true);
	for (int i = 0; i < 2; i++) {
		const char *first = next(w, &e);

		if (strcmp(first, "card-out A") == 0)
			NEXT("reader-out A");
		else
			T_STR(first, "reader-out B", "the other reader goes, too");
	}
	NEXT("reader-in A");
	NEXT("reader-in B");
	NEXT("card-in A");
	ck_reader_watch_stop(w);
	now_is(1, "", NULL, 0, 0);
}

static void
service_dies(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_reader_event e;
	int64_t t;

	now_is(0, "A", atr_a, 1, 0);
	w = start();
	NEXT("service-up");
	NEXT("reader-in A");
	NEXT("card-in A");
	play.deny_once = true; /* as libpcsclite says of a service that dies while it greets */
	set(&play.down, true);
	NEXT("card-out A");
	NEXT("reader-out A");
	NEXT("service-gone");
	T(e.why == CK_E_READER_SERVICE && e.native != 0, "with why");
	while (play.deny_once)
		poll(NULL, 0, 20);
	set(&play.denied, true);
	NEXT("service-gone");
	T(e.why == CK_E_READER_DENIED, "another reason is told, too");
	t = ck_mono_ms();
	set(&play.denied, false);
	set(&play.down, false);
	NEXT("service-up");
	NEXT("reader-in A");
	NEXT("card-in A");
	T(ck_mono_ms() - t < 3000, "back within 3 s");
	ck_reader_watch_stop(w);
}

/* A service that takes a question and never answers it: found out, and not waited for. */
static void
service_hangs(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_err err = { .code = CK_E_NONE };
	struct ck_reader_event e;
	int64_t t;
	int releases;

	now_is(0, "A", NULL, 0, 0);
	w = start();
	NEXT("service-up");
	NEXT("reader-in A");
	T(ck_reader_watch_check(w, &err) == 0, "it answers");
	hang_after(atr_a);
	NEXT("card-in A"); /* what it was asked before it answers */
	NEXT("nothing");   /* for longer than it may be silent */
	T(play.hangs, "it hangs");
	T(ck_reader_watch_check(w, &err) == -1 && err.code == CK_E_READER_SERVICE,
	    "it does not answer");
	releases = play.releases;
	t = ck_mono_ms();
	ck_reader_watch_stop(w);
	T(ck_mono_ms() - t < 2000, "whoever stops does not wait for it");
	set(&play.hang, false);
	t = ck_mono_ms();
	while (play.releases == releases && ck_mono_ms() - t < 2000)
		poll(NULL, 0, 20);
	T(play.releases == releases + 1, "when it answers again the thread ends");
	now_is(0, "A", NULL, 0, 0);
}

/* nobody reads: nothing grows, nothing that matters is lost */
static void
unread(void)
{
	struct ck_reader_watch *w = NULL;
	struct ck_reader_event e;
	enum ck_reader_what last = CK_SERVICE_UP;
	int in = 0, out = 0;

	now_is(0, "A", NULL, 0, 0);
	w = start();
	for (unsigned i = 1; i <= 2000; i++)
		now_is(0, "A", i % 2 ? atr_a : NULL, i, 0);
	now_is(0, "A", atr_b, 2001, 0);
	NEXT("service-up");
	NEXT("reader-in A");
	while (e.card.atr_len != sizeof atr_b || memcmp(e.card.atr, atr_b, sizeof atr_b) != 0) {
		if (strcmp(next(w, &e), "nothing") == 0)
			break;
		in += e.what == CK_CARD_IN;
		out += e.what == CK_CARD_OUT;
		T(e.what != last || e.what == CK_CARD_PASSED, "in and out take turns");
		last = e.what;
	}
	T(in == out + 1 && last == CK_CARD_IN, "the last state is known: %d in, %d out", in, out);
	ck_reader_watch_stop(w);
}

static void
stops(void)
{
	int64_t t = ck_mono_ms();
	struct ck_reader_watch *w = NULL;

	ck_reader_watch_stop(NULL);
	now_is(0, "A", NULL, 0, 0);
	for (int i = 0; i < 50; i++)
		ck_reader_watch_stop(start());
	T(ck_mono_ms() - t < 4000, "stopped at any moment of its start, without waiting");
	play.lose_cancels = 3;
	play.cancels = 0;
	t = ck_mono_ms();
	w = start();
	ck_reader_watch_stop(w);
	T(ck_mono_ms() - t < 1000, "a cancel that is lost is said again");
	set(&play.down, true);
	t = ck_mono_ms();
	w = start();
	ck_reader_watch_stop(w);
	T(ck_mono_ms() - t < 1000, "stopped while there is no service");
	play.down = false;
	T(play.releases <= play.establishes, "no context released twice");
}

static void
snapshot(void)
{
	struct ck_card cards[CK_CARDS_MAX];
	unsigned long native = 0;
	size_t n = 9;

	now_is(0, "A", atr_a, 1, 0);
	now_is(1, "B", NULL, 1, SCARD_STATE_MUTE);
	T(ck_pcsc_cards(&played, cards, &n, &native) == CK_E_NONE && n == 2 && native == 0,
	    "two keys");
	T_STR(cards[1].reader, "B", "one in the other reader");
	T(cards[1].atr_len == 0, "which does not answer");
	T_STR(cards[0].reader, "A", "in its reader");
	T(cards[0].atr_len == sizeof atr_a && memcmp(cards[0].atr, atr_a, sizeof atr_a) == 0,
	    "with its ATR");
	now_is(1, "", NULL, 0, 0);
	play.denied = true;
	T(ck_pcsc_cards(&played, cards, &n, &native) == CK_E_READER_DENIED && n == 0 &&
		native == SCARD_W_SECURITY_VIOLATION,
	    "keys can't be asked for: denied");
	play.denied = false;
	now_is(0, "", NULL, 0, 0);
	T(ck_pcsc_cards(&played, cards, &n, &native) == CK_E_NONE && n == 0, "no reader, no key");
}

/* the real library before a socket that this user may not open */
static void
locked_out(void)
{
	char dir[] = "/tmp/certkiosk-pcscd.XXXXXX", path[64];
	struct ck_card cards[CK_CARDS_MAX];
	struct ck_err err = { .code = CK_E_NONE };
	unsigned long native = 0;
	size_t n = 0;
	int status = 0;
	pid_t pid;

	if (mkdtemp(dir) == NULL || chmod(dir, 0) != 0)
		exit(1);
	snprintf(path, sizeof path, "%s/comm", dir);
	setenv("PCSCLITE_CSOCK_NAME", path, 1);
	fflush(stdout);
	if ((pid = fork()) == 0) {
		if (getuid() == 0 && setuid(65534) != 0)
			_exit(2);
		if (ck_pcsc_cards(&ck_pcsc_lite, cards, &n, &native) != CK_E_READER_DENIED)
			_exit(3);
		ck_reader_fail(CK_E_READER_DENIED, native, &err);
		_exit(strstr(err.detail, path) != NULL ? 0 : 4);
	}
	T(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
		WEXITSTATUS(status) == 0,
	    "a socket that may not be opened is named (%d)", WEXITSTATUS(status));
	rmdir(dir);
	T(ck_pcsc_cards(&ck_pcsc_lite, cards, &n, &native) == CK_E_READER_SERVICE,
	    "one that is not there is no service");
	unsetenv("PCSCLITE_CSOCK_NAME");
}

int
main(void)
{
	alarm(120);
	locked_out();
	setvbuf(stdout, NULL, _IOLBF, 0);
	comes_and_goes();
	forgotten();
	service_dies();
	service_hangs();
	unread();
	stops();
	snapshot();
	return T_END();
}
