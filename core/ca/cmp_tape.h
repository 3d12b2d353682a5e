/*
 * One message of a CMP transaction and its answer, from the tape or from the wire. The tape is the
 * whole state of a transaction: status, nonces and the polling of libcrypto's context are functions
 * of the replies received, so playing them into a fresh context brings back all of it.
 */
#ifndef CK_CA_CMP_TAPE_H
#define CK_CA_CMP_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <openssl/cmp.h>

#include "ca.h"
#include "cmp_msg.h"

enum ck_cmp_mode {
	CK_CMP_STEP,	/* p10cr or kur, and pollReq, may go on the wire */
	CK_CMP_CONFIRM, /* only certConf */
	CK_CMP_REPLAY,	/* nothing */
};

/* one call of ca.h */
struct ck_cmp_run {
	struct ck_ca *ca;
	const struct ck_tape *tape;
	const struct ck_enrol *enrol;
	struct ck_err *err;
	enum ck_cmp_mode mode;
	bool accept; /* CONFIRM: which word is given */
	const char *why;

	int step;	   /* replies handed to libcrypto so far */
	bool begun;	   /* the first request was on the tape before this call */
	bool failed;	   /* err tells why */
	bool exchanged;	   /* something was sent, or was tried to */
	int withheld;	   /* body of the request this call must not send, -1 */
	int answered;	   /* body of the last request that has an answer, -1 */
	bool first_by_mac; /* the first reply is protected with the secret */
	X509 *cert;	   /* as the CA sent it, ours to free */
};

/* libcrypto's transfer callback; its argument is the run */
OSSL_CMP_MSG *ck_cmp_transfer(OSSL_CMP_CTX *, const OSSL_CMP_MSG *);

/* Give a fresh context the transaction the tape belongs to; on an empty tape it keeps its own. */
int ck_cmp_tape_begin(struct ck_cmp_run *, OSSL_CMP_CTX *);

#endif
