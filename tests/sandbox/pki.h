/* The sandbox's authorities and what they sign. */
#ifndef SANDBOX_PKI_H
#define SANDBOX_PKI_H

#include <stdbool.h>
#include <stdint.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

enum sb_who {
	SB_ROOT,
	SB_OLD, /* issued the certificates customers bring */
	SB_NEW, /* issues the new ones: sub-CAs roll over */
	SB_CMP, /* signs the CA's own CMP messages */
	SB_TLS_CA,
	SB_TLS, /* the server */
	SB_KIOSK_CA,
	SB_KIOSK_1,
	SB_KIOSK_2, /* another counter */
	SB_FOREIGN, /* an authority no one here trusts */
	SB_ROGUE,   /* calls itself kiosk-1, certified by the foreign one */
	SB_WHO_N,
};

struct sb_pki {
	X509 *cert[SB_WHO_N];
	EVP_PKEY *key[SB_WHO_N];
};

/* Make them all below dir/pki and the lists of trust below dir/trust. rsa: root and issuing CAs
 * with RSA-2048 as a real one has, a second slower. */
int sb_pki_make(const char *dir, bool rsa);
int sb_pki_open(const char *dir, struct sb_pki *);
void sb_pki_close(struct sb_pki *);

/* ---- cert.c ---- */
struct sb_cert_spec {
	const X509_NAME *subject;
	EVP_PKEY *key;	    /* the holder's public key */
	const X509 *issuer; /* NULL: signed by itself */
	EVP_PKEY *issuer_key;
	int64_t from, to;
	const char *key_usage, *ext_usage, *alt_names; /* as in x509v3_config(5); NULL: none */
	const char *responder, *list; /* URLs: authority information access, distribution point */
	const X509
	    *as; /* extended key usage, names, policies and responder are taken over from it */
	bool ca;
	const EVP_MD *md; /* NULL: SHA-256 */
};
X509 *sb_cert_make(const struct sb_cert_spec *); /* NULL on failure, logged */

/* "/C=CN/O=…/CN=…", UTF-8; \xNN, \/ and \\ stand for bytes. No length is refused: hostile subjects
 * are made with it. */
X509_NAME *sb_name(const char *text);

int sb_cert_sha(const X509 *, char hex[65]);
int sb_key_sha(EVP_PKEY *, char hex[65]); /* SHA-256 of the SubjectPublicKeyInfo */
int64_t sb_time_of(const ASN1_TIME *);
int64_t sb_years_later(int64_t, int years); /* in China; 29 February becomes 28 */
/* "2026-11-20", a time with zone, or +Nd / -Nd / +Ns / -Ns from now */
bool sb_when(const char *, int64_t now, int64_t *);
bool sb_is_ca(const X509 *);

#endif
