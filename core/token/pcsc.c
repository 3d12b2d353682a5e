#include "token/pcsc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/utf8.h"

/* where pcscd listens (pcscd(8)) */
#define SERVICE_SOCKET "/run/pcscd/pcscd.comm"
#define POLKIT_PCSC "org.debian.pcsc-lite.access_pcsc"
#define POLKIT_CARD "org.debian.pcsc-lite.access_card"

static LONG
lite_establish(void *u, SCARDCONTEXT *ctx)
{
	(void)u;
	return SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, ctx);
}

static LONG
lite_release(void *u, SCARDCONTEXT ctx)
{
	(void)u;
	return SCardReleaseContext(ctx);
}

static LONG
lite_list(void *u, SCARDCONTEXT ctx, char *names, DWORD *len)
{
	(void)u;
	return SCardListReaders(ctx, NULL, names, len);
}

static LONG
lite_wait(void *u, SCARDCONTEXT ctx, DWORD ms, SCARD_READERSTATE *states, DWORD n)
{
	(void)u;
	return SCardGetStatusChange(ctx, ms, states, n);
}

static LONG
lite_cancel(void *u, SCARDCONTEXT ctx)
{
	(void)u;
	return SCardCancel(ctx);
}

const struct ck_pcsc ck_pcsc_lite = {
	.establish = lite_establish,
	.release = lite_release,
	.list = lite_list,
	.wait = lite_wait,
	.cancel = lite_cancel,
};

static const char *
service_socket(void)
{
#ifdef CK_TEST
	if (ck_fault_pcscd() != NULL)
		return ck_fault_pcscd();
#endif
	return SERVICE_SOCKET;
}

/* libpcsclite says "no service" of a socket it may not open, too. */
static bool
socket_denied(void)
{
	return access(service_socket(), R_OK | W_OK) != 0 && errno == EACCES;
}

enum ck_code
ck_pcsc_meaning(LONG rv)
{
	/* polkit's no reaches the client as SCARD_W_SECURITY_VIOLATION */
	if (rv == SCARD_W_SECURITY_VIOLATION || rv == SCARD_E_NO_ACCESS ||
	    (rv == SCARD_E_NO_SERVICE && socket_denied()))
		return CK_E_READER_DENIED;
	return CK_E_READER_SERVICE;
}

int
ck_reader_fail(enum ck_code code, unsigned long native, struct ck_err *err)
{
	char socket[PATH_MAX];

	if (code == CK_E_READER_DENIED && native == (unsigned long)SCARD_E_NO_SERVICE) {
		ck_clean_str(socket, sizeof socket, service_socket());
		return ck_fail_native(err, code, native, "user %u: to read and write %s",
		    (unsigned)geteuid(), socket);
	}
	/* the two actions pcsc-lite asks polkit about */
	if (code == CK_E_READER_DENIED)
		return ck_fail_native(err, code, native,
		    "0x%08lx, user %u: polkit actions " POLKIT_PCSC ", " POLKIT_CARD, native,
		    (unsigned)geteuid());
	return ck_fail_native(err, code, native, "pcscd: 0x%08lx", native);
}

static size_t
states_of(const char *names, DWORD len, SCARD_READERSTATE states[CK_CARDS_MAX])
{
	const char *end = names + len, *p = names;
	size_t n = 0;

	for (; p < end && *p != '\0' && n < CK_CARDS_MAX; p += strlen(p) + 1)
		states[n++] = (SCARD_READERSTATE){ .szReader = p };
	return n;
}

static void
take_cards(const SCARD_READERSTATE *states, size_t n, struct ck_card *cards, size_t *n_cards)
{
	for (size_t i = 0; i < n; i++) {
		const SCARD_READERSTATE *s = &states[i];
		struct ck_card *card = &cards[*n_cards];

		if ((s->dwEventState & SCARD_STATE_PRESENT) == 0)
			continue;
		*card = (struct ck_card){ .atr_len = 0 };
		snprintf(card->reader, sizeof card->reader, "%s", s->szReader);
		if ((s->dwEventState & SCARD_STATE_MUTE) == 0 && s->cbAtr <= CK_ATR_MAX) {
			memcpy(card->atr, s->rgbAtr, s->cbAtr);
			card->atr_len = s->cbAtr;
		}
		++*n_cards;
	}
}

/* names holds what states point to */
static LONG
look(const struct ck_pcsc *pcsc, char names[CK_READER_NAMES_MAX],
    SCARD_READERSTATE states[CK_CARDS_MAX], size_t *readers)
{
	DWORD len = CK_READER_NAMES_MAX;
	SCARDCONTEXT ctx = 0;
	LONG rv = pcsc->establish(pcsc->u, &ctx);

	*readers = 0;
	if (rv != SCARD_S_SUCCESS)
		return rv;
	rv = pcsc->list(pcsc->u, ctx, names, &len);
	*readers = rv == SCARD_S_SUCCESS ? states_of(names, len, states) : 0;
	/* every state is unknown to us, so this answers at once */
	if (*readers > 0)
		rv = pcsc->wait(pcsc->u, ctx, 0, states, (DWORD)*readers);
	if (rv != SCARD_S_SUCCESS)
		*readers = 0;
	/* a reader that went between the two questions takes nothing else with it */
	if (rv == SCARD_E_NO_READERS_AVAILABLE || rv == SCARD_E_UNKNOWN_READER ||
	    rv == SCARD_E_TIMEOUT)
		rv = SCARD_S_SUCCESS;
	pcsc->release(pcsc->u, ctx);
	return rv;
}

enum ck_code
ck_pcsc_cards(const struct ck_pcsc *pcsc, struct ck_card cards[CK_CARDS_MAX], size_t *n,
    unsigned long *native)
{
	SCARD_READERSTATE states[CK_CARDS_MAX];
	char names[CK_READER_NAMES_MAX] = "";
	size_t readers = 0;
	LONG rv = look(pcsc, names, states, &readers);

	*n = 0;
	take_cards(states, readers, cards, n);
	*native = (unsigned long)rv;
	return rv == SCARD_S_SUCCESS ? CK_E_NONE : ck_pcsc_meaning(rv);
}

int
ck_readers_now(struct ck_reader_now rows[CK_CARDS_MAX], size_t *n, struct ck_err *err)
{
	SCARD_READERSTATE states[CK_CARDS_MAX];
	char names[CK_READER_NAMES_MAX] = "";
	LONG rv = look(&ck_pcsc_lite, names, states, n);

	for (size_t i = 0; i < *n; i++) {
		ck_clean_str(rows[i].reader, sizeof rows[i].reader, states[i].szReader);
		rows[i].key = (states[i].dwEventState & SCARD_STATE_PRESENT) != 0;
		rows[i].mute = (states[i].dwEventState & SCARD_STATE_MUTE) != 0;
	}
	if (rv == SCARD_S_SUCCESS)
		return 0;
	return ck_reader_fail(ck_pcsc_meaning(rv), (unsigned long)rv, err);
}
