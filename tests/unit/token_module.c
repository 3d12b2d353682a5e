/* A vendor's module and its host: what it changes when it is loaded is put back, and a long look at
 * a key is told from one call that hangs. */
#include "token_lab.h"

#include <locale.h>
#include <signal.h>

#include "token/ground.h"

static int beats;

static void
beat(void *u)
{
	(void)u;
	beats++;
}

/* as the engine takes it (core/main.c) */
static void
stand(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGPIPE, &ignore, NULL);
	umask(077);
	setlocale(LC_ALL, "C");
}

/* who takes a signal; sanitizers take some themselves */
static void *
taker(int signal)
{
	struct sigaction now;

	LAB(sigaction(signal, NULL, &now) == 0);
	return (void *)(uintptr_t)now.sa_handler;
}

static void
rude(void)
{
	struct ck_token_info rows[CK_TOKENS_MAX];
	struct ck_keyring *ring = lab_ring();
	struct ck_err err = { 0 };
	char before[PATH_MAX], after[PATH_MAX];
	sigset_t mask;
	mode_t mode;
	size_t n = 0;

	void *faults = taker(SIGSEGV);

	stand();
	LAB(getcwd(before, sizeof before) != NULL);
	lab_ctl("rude\n");
	T(ck_keyring_list(ring, rows, CK_TOKENS_MAX, &n, &err) == 0 && n == 1,
	    "a rude module lists its key");
	T(taker(SIGPIPE) == (void *)SIG_IGN && taker(SIGCHLD) == (void *)SIG_DFL &&
		taker(SIGSEGV) == faults,
	    "signals are taken as before");
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	T(!sigismember(&mask, SIGTERM) && !sigismember(&mask, SIGALRM), "none is blocked");
	mode = umask(077);
	T(mode == 077, "what is written is ours alone");
	T(getcwd(after, sizeof after) != NULL && strcmp(before, after) == 0, "the folder");
	T(strcmp(setlocale(LC_ALL, NULL), "C") == 0, "the locale");
	lab_ctl("");
	ck_keyring_close(ring);
}

static void
pulse(void)
{
	struct ck_keyring *ring = lab_ring();
	struct ck_entries all = { .n = 0 };
	struct ck_err err = { 0 };
	struct ck_token *t = NULL;

	ck_keyring_on_pulse(ring, beat, NULL);
	t = lab_take(ring);
	beats = 0;
	lab_ctl("slow 200\n");
	T(ck_token_list(t, &all, &err) == 0, "a slow key is looked at");
	T(beats >= 2, "and is heard meanwhile");
	lab_ctl("");
	ck_entries_free(&all);
	ck_token_close(t);
	ck_keyring_close(ring);
}

int
main(void)
{
	lab_begin();
	lab_token("MODULE", true);
	rude();
	pulse();
	return T_END();
}
