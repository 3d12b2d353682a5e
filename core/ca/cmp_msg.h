/*
 * What the head of a CMP message says. libcrypto 3.0 has no getter for the nonces, the protection
 * or the body of a message that is only on record, so the DER is walked (RFC 4210 section 5.1).
 */
#ifndef CK_CA_CMP_MSG_H
#define CK_CA_CMP_MSG_H

#include <stdbool.h>
#include <stddef.h>

/* PKIBody choices without a public name in libcrypto 3.0 (RFC 4210 section 5.1.2) */
#define CK_CMP_IP 1
#define CK_CMP_CP 3
#define CK_CMP_P10CR 4
#define CK_CMP_KUR 7
#define CK_CMP_KUP 8
#define CK_CMP_ERROR 23
#define CK_CMP_CERTCONF 24
#define CK_CMP_POLLREQ 25
#define CK_CMP_POLLREP 26

struct ck_der {
	const unsigned char *p; /* into the message */
	size_t n;
};
bool ck_der_same(struct ck_der, struct ck_der);

struct ck_cmp_msg {
	struct ck_der transaction, sender_nonce, recip_nonce; /* empty when absent */
	bool is_protected;     /* an algorithm and a protection are there; nobody verified it yet */
	bool by_mac;	       /* PBM (password-based), the only MAC we ask for */
	int body;	       /* PKIBody choice */
	struct ck_der content; /* of the body */
};

/* -1 unless it is one whole message and nothing behind it */
int ck_cmp_msg_read(const unsigned char *der, size_t n, struct ck_cmp_msg *);

/* What this kur asks for, without the proof that its sender has the new key; empty when it is none.
 */
struct ck_der ck_cmp_msg_wish(const struct ck_cmp_msg *);

/* Does this reply ask for patience? */
bool ck_cmp_msg_waits(const struct ck_cmp_msg *);

/* Does this certConf turn the certificate down? */
bool ck_cmp_msg_turns_down(const struct ck_cmp_msg *);

/* What an error message says, filtered; empty when it is none or says nothing. */
void ck_cmp_msg_error_text(const struct ck_cmp_msg *, char *out, size_t cap);

#endif
