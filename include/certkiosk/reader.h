/*
 * The readers as the PC/SC service sees them: a watch that tells what is plugged in and pulled out.
 * It sleeps until something happens, and looks again every few seconds for what the service may
 * have failed to tell. Nothing is asked of a key.
 */
#ifndef CK_READER_H
#define CK_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certkiosk/err.h"

#define CK_READER_NAME_MAX 129 /* pcsc-lite's MAX_READERNAME and a NUL */
#define CK_ATR_MAX 33 /* ISO 7816-3, 8.2 */
#define CK_CARDS_MAX 16 /* readers pcsc-lite can have */

/* a key as its reader sees it */
struct ck_card {
	char reader[CK_READER_NAME_MAX];
	unsigned char atr[CK_ATR_MAX];
	size_t atr_len; /* 0: it does not answer */
};

enum ck_reader_what {
	CK_SERVICE_UP,
	CK_SERVICE_GONE, /* why says: READER_SERVICE, READER_DENIED; all readers went before it */
	CK_READER_IN,
	CK_READER_OUT, /* a key in it went before it */
	CK_CARD_IN,
	CK_CARD_OUT,
	CK_CARD_MUTE, /* in, but it does not answer: wrong way round, bad contact, broken */
	CK_CARD_PASSED, /* in and out again before it could be looked at */
};
extern const char *const ck_reader_what_names[]; /* "service-up" "service-gone" "reader-in" … */

struct ck_reader_event {
	enum ck_reader_what what;
	int64_t at; /* ck_mono_ms */
	struct ck_card card; /* reader for READER_*, and the ATR for CARD_IN */
	enum ck_code why;
	unsigned long native;
};

/* -1: why and native of CK_SERVICE_GONE as an error, which names what would have to be allowed */
int ck_reader_fail(enum ck_code why, unsigned long native, struct ck_err *);

/* a reader as it is now */
struct ck_reader_now {
	char reader[CK_READER_NAME_MAX]; /* filtered */
	bool key, mute; /* there is one; it does not answer */
};
/* All of them, without waiting for anything. READER_SERVICE, READER_DENIED. */
int ck_readers_now(struct ck_reader_now rows[CK_CARDS_MAX], size_t *n, struct ck_err *);

struct ck_reader_watch;

/* Starts the watch on its own thread: first it tells everything that is there. */
int ck_reader_watch_start(struct ck_reader_watch **, struct ck_err *);
/* readable while events wait */
int ck_reader_watch_fd(const struct ck_reader_watch *);
/* The oldest event; false when there is none. None is ever dropped: a watch nobody reads waits, and
 * then tells a key that went and came meanwhile as out and in. */
bool ck_reader_watch_next(struct ck_reader_watch *, struct ck_reader_event *);
/* READER_SERVICE: the service was asked and does not answer, and nobody knows what is in a reader.
 * For whoever sees no event for a while. */
int ck_reader_watch_check(struct ck_reader_watch *, struct ck_err *);
/* Returns when the thread is gone; one in a service that hangs is left to end by itself. Accepts
 * NULL. */
void ck_reader_watch_stop(struct ck_reader_watch *);

#endif
