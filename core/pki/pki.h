/*
 * Reading and judging certificates and requests. Pure: bytes in, facts or a verdict out; no file, no
 * network, no clock (the time is an argument).
 */
#ifndef CK_PKI_H
#define CK_PKI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "certkiosk/err.h"
#include "certkiosk/facts.h"

/* ---- cert.c: what a certificate says. DER or PEM; CERT_UNREADABLE. RSA-1024/SHA-1 read too. ---- */
int ck_cert_read(const unsigned char *bytes, size_t n, struct ck_cert_facts *, struct ck_err *);
/* What DER says of its subject under this type, the last of them, whole and not filtered: UTF-8, not
 * for a screen. Malloc'd; NULL: nothing. */
char *ck_cert_attribute(const unsigned char *der, size_t n, const char *oid);
/* SHA-1 of the public key's bits, as RFC 5280, 4.2.1.2 (1) names keys */
#define CK_KEY_ID_LEN 20
int ck_cert_key_id(const unsigned char *der, size_t n, unsigned char *out, struct ck_err *);
/* the same bytes as DER; malloc'd */
unsigned char *ck_cert_der(const unsigned char *bytes, size_t n, size_t *der_n, struct ck_err *);

/* ---- names.c ---- */
/* Same name under canonical comparison (case, white space, string type folded; order kept)? */
bool ck_name_same(const X509_NAME *, const X509_NAME *);
/* The same of two certificates' subjects; false also when one of them can't be read. */
bool ck_cert_same_subject(
    const unsigned char *a, size_t a_n, const unsigned char *b, size_t b_n);
/* One line for display, filtered: "C=CN, O=…, CN=…" */
void ck_name_text(const X509_NAME *, char *out, size_t cap);

/* ---- chain.c: who signed it ---- */
/* PEM file's certificates as a store of issuers; CONFIG with the file's name. Under which user ID
 * those of them sign whose keys are SM2: NULL is CK_SM2_ID. */
struct ck_issuers;
int ck_issuers_read(
    const char *pem_file, const char *sm2_id, struct ck_issuers **, struct ck_err *);
void ck_issuers_free(struct ck_issuers *);
/* Signed by one of them, up to a self-signed or simply trusted member; validity dates are not judged
 * (expired certificates and roots of long ago are renewed too), neither is revocation. */
bool ck_issuers_signed(const struct ck_issuers *, const unsigned char *der, size_t n);

/* ---- sm2.c: all of SM2 (GM/T 0003, 0009, 0015) ---- */
/*
 * What an SM2 signature says depends on a user ID its maker and its reader agree on. OpenSSL takes
 * the empty one unless it is told; here nothing signs or verifies under that. The usual one is
 * CK_SM2_ID (facts.h).
 */
#define CK_SM2_HALF 32
#define CK_SM2_POINT 64	  /* x and y */
#define CK_SM2_SIG 64	  /* r and s, as a key gives them */
#define CK_SM2_DER_MAX 72 /* the same as X.509 carries them: two INTEGERs of up to 33 bytes */
#define CK_SM2_E 32
/* e = SM3(Z, message), which is what a key signs; Z is of the point and the user ID. */
int ck_sm2_digest(const unsigned char point[CK_SM2_POINT], const char *id,
    const unsigned char *message, size_t n, unsigned char e[CK_SM2_E], struct ck_err *);
/* Each 1 … n-1, and DER to the byte: else SIGNATURE_WRONG. */
int ck_sm2_to_der(const unsigned char rs[CK_SM2_SIG], unsigned char der[CK_SM2_DER_MAX], size_t *n,
    struct ck_err *);
int ck_sm2_from_der(
    const unsigned char *der, size_t n, unsigned char rs[CK_SM2_SIG], struct ck_err *);
/* the signature as X.509 carries it */
bool ck_sm2_verify(EVP_PKEY *, const char *id, const unsigned char *message, size_t n,
    const unsigned char *sig, size_t sig_n);

/* ---- csr.c ---- */
/*
 * A PKCS#10 request with the exact subject of the old certificate and the new pair's public key,
 * signed by the handle and checked with a provider-native copy of the public key before it is
 * returned as malloc'd DER. SIGNATURE_WRONG when the key's signature does not verify.
 */
int ck_csr_make(EVP_PKEY *handle, const unsigned char *old_cert, size_t old_n, unsigned char **der,
    size_t *n, struct ck_err *);
/*
 * The same for a pair whose private half is not to be had as a handle but signs where it is, on a key
 * that speaks SKF: sign is given e and gives r and s. KEY_TROUBLE: the point is not on the curve.
 */
struct ck_sm2_key {
	unsigned char point[CK_SM2_POINT];
	const char *id; /* the user ID it signs under; NULL: CK_SM2_ID */
	int (*sign)(void *device, const unsigned char e[CK_SM2_E], unsigned char rs[CK_SM2_SIG],
	    struct ck_err *);
	void *device;
};
int ck_sm2_csr_make(const struct ck_sm2_key *, const unsigned char *old_cert, size_t old_n,
    unsigned char **der, size_t *n, struct ck_err *);
/* SHA-256 of the request's public key */
int ck_csr_spki(const unsigned char *der, size_t n, unsigned char spki[CK_HASH_LEN], struct ck_err *);
/* Sign a random challenge with the handle and verify it with the certificate's public key.
 * KEY_UNSUITABLE: an SM2 pair's handle. */
int ck_key_proves(EVP_PKEY *handle, const unsigned char *cert, size_t n, struct ck_err *);

/* ---- cms.c: what a key signs for others to check ---- */
/*
 * A detached CMS (DER, malloc'd) over a document of this SHA-256, said to be made at that time: one
 * signer, his certificate, ESS signingCertificateV2 (CAdES). Checked with the certificate's public
 * key before it is returned: SIGNATURE_WRONG when it does not fit; KEY_TROUBLE when the key did not
 * sign.
 */
int ck_cms_sign(EVP_PKEY *handle, const unsigned char *cert, size_t n,
    const unsigned char digest[CK_HASH_LEN], int64_t at, unsigned char **der, size_t *der_n,
    struct ck_err *);
/* ECDSA P-256 over SHA-256 of the text: r and s of 32 bytes each. INTERNAL: the key is none. */
#define CK_P256_SIG 64
int ck_sign_p256(EVP_PKEY *, const char *text, unsigned char sig[CK_P256_SIG], struct ck_err *);

/* ---- judge.c: issued = asked? ---- */
struct ck_expected {
	const unsigned char *old_cert, *csr;
	size_t old_len, csr_len;
	const struct ck_issuers *accepted;
	int64_t now;
	int64_t quoted_end; /* of the desk; 0 = none */
	/* the new end lies between, by the system's rules; 0 = they have none */
	int64_t ruled_from, ruled_to;
	/* seconds the new end may lie before the quoted one and out of those bounds, and the start
	 * after now */
	int tolerance;
};
/* ISSUED_OTHER_KEY, _SUBJECT, _CLASS, _ISSUER, ISSUED_TOO_SHORT, ISSUED_TOO_LONG, ISSUED_NOT_YET,
 * CERT_UNREADABLE.
 * Same class: server, organisation and person are told apart by the facts of old and new; the caller
 * compares what the policy makes of them as well. */
int ck_judge_issued(const struct ck_expected *, const unsigned char *cert, size_t n, struct ck_err *);

#endif
