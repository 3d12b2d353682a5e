/*
 * Double certificates (双证): a signing and an encryption certificate that make one unit. The pair
 * of the second is made at the CA and comes wrapped for the pair of the first; nothing here unwraps
 * it, only the key does. The contract for keys that speak SKF.
 */
#ifndef CK_PKI_DOUBLE_H
#define CK_PKI_DOUBLE_H

#include <stddef.h>
#include <stdint.h>

#include "certkiosk/err.h"
#include "pki/pki.h"

/* ---- couple.c ---- */

struct ck_cert_der {
	const unsigned char *p;
	size_t n;
};

#define CK_ALONE -1
/*
 * of[i]: the certificate that makes one unit with i. By their key usages one signs only, the other
 * enciphers only; subject, issuer and kind of key are the same. Where the same customer has
 * several, those belong together whose days are nearest; CK_ALONE where that leaves a choice, and
 * for what can't be read. NO_MEMORY.
 */
int ck_couples(const struct ck_cert_der *all, size_t n, int *of, struct ck_err *);

/* ---- sm2_env.c ---- */

/* what enciphers the private half, in ECB, as GM/T 0006 numbers it: the first two in hardware only
 */
#define CK_SGD_SM1_ECB 0x101
#define CK_SGD_SSF33_ECB 0x201
#define CK_SGD_SM4_ECB 0x401

#define CK_WRAP_KEY 16 /* of each of them */

/* The fields of an ENVELOPEDKEYBLOB (GM/T 0016), whatever the ABI of who is given it. */
struct ck_wrapped_key {
	uint32_t cipher;
	unsigned char point[CK_SM2_POINT]; /* the public half */
	/* the private one, enciphered: the last 32 bytes, or all where zeros were enciphered too */
	unsigned char half[2 * CK_SM2_HALF];
	/* the cipher's key, enciphered for our signing pair */
	unsigned char wrap_point[CK_SM2_POINT], wrap_hash[CK_SM2_E], wrap_key[CK_WRAP_KEY];
};

/*
 * An SM2EnvelopedKey (GM/T 0009, in DER, under SM4), and a ready ENVELOPEDKEYBLOB with a ULONG of 4
 * or 8 bytes, which its length tells. Version, sizes and algorithm are as they must be and both
 * points on the curve: else ENC_KEY_GARBAGE.
 */
int ck_wrapped_from_der(
    const unsigned char *der, size_t n, struct ck_wrapped_key *, struct ck_err *);
int ck_wrapped_from_blob(
    const unsigned char *blob, size_t n, struct ck_wrapped_key *, struct ck_err *);
/*
 * Is it the encryption certificate's, and do both certificates make one unit, of which the first is
 * of the signing pair on the key? ISSUED_OTHER_KEY, ENC_KEY_OTHER, CERT_UNREADABLE. For whom it was
 * wrapped it does not say: that an answer with our own signing certificate means our signing pair
 * is all that can be known before the key has tried.
 */
int ck_wrapped_judge(const struct ck_wrapped_key *, const unsigned char ours[CK_SM2_POINT],
    const struct ck_cert_der *signing, const struct ck_cert_der *encryption, struct ck_err *);

#endif
