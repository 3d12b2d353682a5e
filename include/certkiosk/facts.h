/*
 * Plain facts that travel between rooms: what a certificate says (parsed in pki, judged in policy,
 * shown by the front) and how an algorithm or a class is called. No pointers into anything.
 */
#ifndef CK_FACTS_H
#define CK_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CK_HASH_LEN 32 /* SHA-256 */
#define CK_NAME_MAX 512 /* longest name shown; a longer one is cut with a mark, the DER stays whole */
#define CK_OIDS_MAX 48 /* subject attributes + extensions + policies + key purposes we look at */
#define CK_CERT_MAX 16384 /* largest certificate accepted from a key or a CA: 4 KB subjects fit */

enum ck_class { CK_CLASS_PERSON, CK_CLASS_ORG, CK_CLASS_SERVER };
const char *ck_class_name(enum ck_class c); /* "person", "organisation", "server" */

enum ck_alg { CK_ALG_OTHER, CK_ALG_RSA, CK_ALG_P256, CK_ALG_SM2 };

/* the user ID under which SM2 signs where nobody agreed on another (GM/T 0009, section 10) */
#define CK_SM2_ID "1234567812345678"
#define CK_SM2_ID_MAX 64 /* with its NUL; the standard's own bound is 8191 */

/* key types a walk may ask a key for */
enum ck_keytype { CK_KEY_RSA2048, CK_KEY_RSA3072, CK_KEY_P256 };
const char *ck_keytype_name(enum ck_keytype k); /* "rsa2048", "rsa3072", "p256" */
int ck_keytype_from(const char *name); /* -1: none of these */

/* one object identifier the certificate carries, and its value where it has a printable one */
struct ck_oid {
	char oid[64];
	char value[128];
};

struct ck_cert_facts {
	char subject[CK_NAME_MAX]; /* "CN=…, O=…" filtered for display; never compared */
	char name[CK_NAME_MAX]; /* what a person calls it: the common name, filtered */
	char issuer[CK_NAME_MAX];
	char serial[64]; /* upper-case hexadecimal, no leading zeros beyond a byte */
	int64_t not_before, not_after; /* seconds since 1970, UTC */
	enum ck_alg alg;
	int bits;
	bool server; /* extended key usage serverAuth, or a dNSName */
	bool organisation; /* the subject has organizationName or organizationIdentifier */
	bool may_encipher; /* key usage; true when the extension is absent */
	bool is_ca; /* basicConstraints: it issues others and has no private key on a customer's key */
	size_t n_oids;
	struct ck_oid oids[CK_OIDS_MAX];
	unsigned char sha256[CK_HASH_LEN]; /* of the DER */
	unsigned char spki[CK_HASH_LEN]; /* SHA-256 of the SubjectPublicKeyInfo DER */
};
/* "RSA 2048", "P-256", "SM2"; "? 384": what has no name here */
#define CK_ALG_TEXT_MAX 20
void ck_alg_text(const struct ck_cert_facts *, char out[CK_ALG_TEXT_MAX]);

#endif
