/* libpcsclite behind a table, so that the watch can be tried without it. */
#ifndef CK_PCSC_H
#define CK_PCSC_H

#include <winscard.h>

#include "certkiosk/reader.h"

struct ck_pcsc {
	LONG (*establish)(void *u, SCARDCONTEXT *);
	LONG (*release)(void *u, SCARDCONTEXT);
	/* SCardListReaders, SCardGetStatusChange, SCardCancel */
	LONG (*list)(void *u, SCARDCONTEXT, char *names, DWORD *len);
	LONG (*wait)(void *u, SCARDCONTEXT, DWORD ms, SCARD_READERSTATE *, DWORD n);
	LONG (*cancel)(void *u, SCARDCONTEXT);
	void *u;
};
extern const struct ck_pcsc ck_pcsc_lite;

/* names of all readers, each with its NUL, and one more */
#define CK_READER_NAMES_MAX (CK_CARDS_MAX * CK_READER_NAME_MAX + 1)

/* ck_reader_watch_start over this service */
int ck_reader_watch_over(const struct ck_pcsc *, struct ck_reader_watch **, struct ck_err *);

/* What a failure of the service means: READER_DENIED, READER_SERVICE. */
enum ck_code ck_pcsc_meaning(LONG);
/* The keys that are in readers now; one that does not answer has no ATR. NONE, or why the service
 * can't be asked. */
enum ck_code ck_pcsc_cards(
    const struct ck_pcsc *, struct ck_card cards[CK_CARDS_MAX], size_t *n, unsigned long *native);

#endif
