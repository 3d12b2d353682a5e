/* What the files of the printer's wire (ipp*.c) share; nobody else includes CUPS. */
#ifndef CK_IPP_OWN_H
#define CK_IPP_OWN_H

#include <stdint.h>
#include <cups/cups.h>

#include "ipp.h"

struct ck_ipp {
	struct ck_ipp_wait wait;
	http_t *http;
	http_addrlist_t *addresses; /* NULL: a socket of this machine, or not looked up yet */
	http_encryption_t encryption;
	int port;
	bool queue, hurry, looking;
	int64_t deadline;
	char host[HTTP_MAX_HOST];
	char resource[CK_IPP_NAME_MAX], uri[CK_IPP_NAME_MAX], name[CK_IPP_NAME_MAX];
	char device[CK_IPP_NAME_MAX]; /* of a queue: as it stands there */
	ipp_t *attrs;		      /* what it is and offers */
	int n_user;		      /* as this user set it */
	cups_option_t *user;
	int n_chosen;
	cups_option_t *chosen;
};

/* ---- ipp_wire.c ---- */
/* There is a connection, and time for one more exchange. */
int ck_ipp_connected(struct ck_ipp *, struct ck_err *);
void ck_ipp_disconnect(struct ck_ipp *);
bool ck_ipp_stops(const struct ck_ipp *);
/* Nobody answers: PRINT_NO_SERVICE or PRINT_OFFLINE. */
int ck_ipp_silent(const struct ck_ipp *, struct ck_err *);
ipp_t *ck_ipp_question(const struct ck_ipp *, ipp_op_t, int job);
void ck_ipp_want(ipp_t *question, int n, const char *const *names);
/* The question is freed. NULL: refused, or, with *status SERVICE_UNAVAILABLE, silent. */
ipp_t *ck_ipp_ask(struct ck_ipp *, ipp_t *question, ipp_status_t *status, struct ck_err *);
/* Was that answer one? It is freed if not. */
ipp_t *ck_ipp_judge(struct ck_ipp *, ipp_t *answer, ipp_status_t *status, struct ck_err *);

#endif
