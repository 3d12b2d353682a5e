#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cups/cups.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "ipp_own.h"

/* how often whoever waits is asked whether it wants to stop */
#define SLICE_MS 200
/* A name server that is down costs its resolver's patience; nobody waits for more. */
#define LOOKUP_MS 3000
/* On a local network a connection that takes longer lost its first packet, and is tried again. */
#define CONNECT_MS 1500
/* A printer that sleeps takes seconds to wake up and answer. */
#define ANSWER_MS 10000
/* One that is only looked at is looked at again. */
#define LOOK_MS 4000
/* To take a job back when nobody waits any more: to connect, and to be heard. */
#define HURRY_MS 800

/* ---- connections ---- */

bool
ck_ipp_stops(const struct ck_ipp *p)
{
	return !p->hurry && p->wait.stop != NULL && p->wait.stop(p->wait.u);
}

/* libcups calls it each time a slice passed without a byte; 0 breaks the call off */
static int
go_on_waiting(http_t *http, void *u)
{
	struct ck_ipp *p = u;

	(void)http;
	return ck_mono_ms() < p->deadline && !ck_ipp_stops(p);
}

void
ck_ipp_disconnect(struct ck_ipp *p)
{
	httpClose(p->http);
	p->http = NULL;
}

int
ck_ipp_silent(const struct ck_ipp *p, struct ck_err *err)
{
	return ck_fail(err, p->queue ? CK_E_PRINT_NO_SERVICE : CK_E_PRINT_OFFLINE, "%s", p->host);
}

static http_addrlist_t *
copy_addresses(const struct addrinfo *from)
{
	http_addrlist_t *first = NULL, **end = &first;

	for (; from != NULL; from = from->ai_next) {
		if (from->ai_addrlen > sizeof(*end)->addr)
			continue;
		if ((*end = calloc(1, sizeof **end)) == NULL)
			break;
		memcpy(&(*end)->addr, from->ai_addr, from->ai_addrlen);
		end = &(*end)->next;
	}
	return first;
}

/* libcups would wait for the name server as long as that likes. */
struct lookup {
	struct gaicb ask;
	struct addrinfo hints;
	char host[HTTP_MAX_HOST], port[16];
};

static int
look_up(struct ck_ipp *p, struct ck_err *err)
{
	const struct timespec slice = { .tv_nsec = SLICE_MS * 1000000L };
	struct lookup *l = calloc(1, sizeof *l);
	struct gaicb *list[1] = { NULL };
	int64_t deadline = ck_mono_ms() + (p->hurry ? HURRY_MS : LOOKUP_MS);
	int rc = EAI_AGAIN;

	if (l == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "a name to look up");
	snprintf(l->host, sizeof l->host, "%s", p->host);
	snprintf(l->port, sizeof l->port, "%d", p->port);
	l->hints = (struct addrinfo){ .ai_socktype = SOCK_STREAM };
	l->ask =
	    (struct gaicb){ .ar_name = l->host, .ar_service = l->port, .ar_request = &l->hints };
	list[0] = &l->ask;
	if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) == 0)
		while ((rc = gai_error(&l->ask)) == EAI_INPROGRESS && ck_mono_ms() < deadline &&
		       !ck_ipp_stops(p))
			gai_suspend((const struct gaicb *const *)list, 1, &slice);
	if (rc == EAI_INPROGRESS && gai_cancel(&l->ask) == EAI_NOTCANCELED)
		/* its thread still writes there, and this program is gone before long */
		return ck_ipp_silent(p, err);
	if (rc == 0) {
		p->addresses = copy_addresses(l->ask.ar_result);
		freeaddrinfo(l->ask.ar_result);
	}
	free(l);
	return p->addresses != NULL ? 0 : ck_ipp_silent(p, err);
}

/* Anything to read between two questions is the end of the connection; libcups would connect anew
 * by itself and wait half a minute for it. */
static bool
stale(const struct ck_ipp *p)
{
	struct pollfd fd = { .fd = httpGetFd(p->http), .events = POLLIN };

	return poll(&fd, 1, 0) != 0;
}

int
ck_ipp_connected(struct ck_ipp *p, struct ck_err *err)
{
	p->deadline = ck_mono_ms() + (p->hurry ? HURRY_MS : p->looking ? LOOK_MS : ANSWER_MS);
	if (p->http != NULL && !stale(p))
		return 0;
	ck_ipp_disconnect(p);
	if (p->host[0] != '/' && p->addresses == NULL && look_up(p, err) == -1)
		return -1;
	p->http = httpConnect2(p->host, p->port, p->addresses, AF_UNSPEC, p->encryption, 1,
	    p->hurry ? HURRY_MS : CONNECT_MS, NULL);
	if (p->http == NULL)
		return ck_ipp_silent(p, err);
	httpSetTimeout(p->http, SLICE_MS / 1000.0, go_on_waiting, p);
	return 0;
}

/* ---- questions and answers ---- */

ipp_t *
ck_ipp_question(const struct ck_ipp *p, ipp_op_t op, int job)
{
	ipp_t *q = ippNewRequest(op);

	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", NULL, p->uri);
	if (job != 0)
		ippAddInteger(q, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job);
	ippAddString(q, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", NULL, cupsUser());
	return q;
}

/* What the other side said, fit to be shown. */
static int
refused(const struct ck_ipp *p, ipp_status_t status, struct ck_err *err)
{
	static const struct {
		ipp_status_t status;
		enum ck_code code;
	} codes[] = {
		{ IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS, CK_E_PRINT_REJECTING },
		{ IPP_STATUS_ERROR_BUSY, CK_E_PRINT_BUSY },
		{ IPP_STATUS_ERROR_TOO_MANY_JOBS, CK_E_PRINT_BUSY },
		{ IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES, CK_E_PRINT_OPTION },
		{ IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, CK_E_PRINT_OPTION },
		{ IPP_STATUS_ERROR_CONFLICTING, CK_E_PRINT_OPTION },
	};
	char text[CK_DETAIL_MAX / 2] = "", said[CK_DETAIL_MAX / 2] = "";
	enum ck_code code = CK_E_PRINT_TROUBLE;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].status == status)
			code = codes[i].code;
	if (status == IPP_STATUS_ERROR_NOT_FOUND && p->queue)
		code = CK_E_PRINT_NO_QUEUE;
	ck_clean_str(text, sizeof text, cupsLastErrorString());
	ck_clean_str(said, sizeof said, ippErrorString(status));
	return ck_fail_native(err, code, (unsigned long)status, "%s (%s)", text, said);
}

/* Without an answer in IPP: the few that are one all the same. */
static bool
answered(ipp_status_t status)
{
	return status == IPP_STATUS_ERROR_NOT_FOUND || status == IPP_STATUS_ERROR_FORBIDDEN ||
	       status == IPP_STATUS_ERROR_NOT_AUTHENTICATED ||
	       status == IPP_STATUS_ERROR_NOT_AUTHORIZED ||
	       status == IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED;
}

ipp_t *
ck_ipp_judge(struct ck_ipp *p, ipp_t *answer, ipp_status_t *status, struct ck_err *err)
{
	*status = cupsLastError();
	if (answer != NULL && *status <= IPP_STATUS_OK_CONFLICTING)
		return answer;
	if (answer != NULL || answered(*status)) {
		if (*status == IPP_STATUS_ERROR_SERVICE_UNAVAILABLE)
			*status = IPP_STATUS_ERROR_TEMPORARY;
		refused(p, *status, err);
	} else {
		*status = IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
		ck_ipp_silent(p, err);
	}
	/* after half an exchange nothing fits any more */
	if (answer == NULL)
		ck_ipp_disconnect(p);
	ippDelete(answer);
	return NULL;
}

ipp_t *
ck_ipp_ask(struct ck_ipp *p, ipp_t *q, ipp_status_t *status, struct ck_err *err)
{
	*status = IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
	if (ck_ipp_connected(p, err) == -1) {
		ippDelete(q);
		return NULL;
	}
	return ck_ipp_judge(p, cupsDoRequest(p->http, q, p->resource), status, err);
}

void
ck_ipp_want(ipp_t *q, int n, const char *const *names)
{
	ippAddStrings(
	    q, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", n, NULL, names);
}
