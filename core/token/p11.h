/* The PKCS#11 driver's insides, shared by p11*.c and pick.c only. */
#ifndef CK_P11_H
#define CK_P11_H

#include "certkiosk/token.h"
#include "token/family.h"
#include "token/module.h"

struct ck_bridge; /* libp11's view of the key (p11_key.c) */

struct ck_p11 {
	struct ck_token token;
	struct ck_module *module;
	const struct ck_family *family;
	CK_FUNCTION_LIST *f;
	CK_SLOT_ID slot;
	CK_SESSION_HANDLE session;
	unsigned char serial[16]; /* as the key pads it */
	bool logged_in;
	struct ck_bridge *bridge; /* newest first; older ones live for handles still out */
	bool bridge_stale;	  /* object handles of the newest died with a logout */
};

/* ---- p11.c ---- */
int ck_p11_open(
    struct ck_module *, const struct ck_family *, CK_SLOT_ID, struct ck_token **, struct ck_err *);
/* what a slot's key says of itself; -1 when it can't be asked */
int ck_p11_describe(
    struct ck_module *, const struct ck_family *, CK_SLOT_ID, struct ck_token_info *);
/* Is the key we opened still in the slot, and our session alive? KEY_REMOVED, KEY_TROUBLE. */
int ck_p11_here(struct ck_p11 *, CK_TOKEN_INFO *, struct ck_err *);
/* A call failed: say what it means; codes that may stand for a removal are checked against the
 * slot. */
int ck_p11_fail(struct ck_p11 *, CK_RV, const char *what, struct ck_err *);
/* ck_p11_fail's judgement for something that failed without a CKR of its own */
int ck_p11_doubt(struct ck_p11 *, unsigned long native, const char *what, struct ck_err *);
void ck_p11_tries(const CK_TOKEN_INFO *, struct ck_tries *);
void ck_p11_info_of(struct ck_p11 *, const CK_TOKEN_INFO *, struct ck_token_info *);
extern const struct ck_token_ops ck_p11_ops;

/* ---- p11_obj.c: objects ---- */
/* of one class; a key that holds more is not one a customer carries */
#define CK_OBJECTS_MAX 256
struct ck_found {
	CK_OBJECT_HANDLE at[CK_OBJECTS_MAX];
	size_t n;
	bool more;
};
/* id NULL: all of the class */
int ck_p11_find(struct ck_p11 *, CK_OBJECT_CLASS, const unsigned char *id, size_t id_len,
    struct ck_found *, struct ck_err *);
int ck_p11_find_data(struct ck_p11 *, const char *label, struct ck_found *, struct ck_err *);
int ck_p11_count(struct ck_p11 *, CK_OBJECT_CLASS, const unsigned char *id, size_t id_len,
    size_t *n, struct ck_err *);
/* Read up to CK_ATTRS_MAX attributes into their buffers; one that is absent, secret or longer than
 * its buffer has length 0 afterwards. */
#define CK_ATTRS_MAX 6
int ck_p11_attrs(struct ck_p11 *, CK_OBJECT_HANDLE, CK_ATTRIBUTE *, size_t n, struct ck_err *);
/* Destroy all of a class under an id; none is success. */
int ck_p11_destroy(
    struct ck_p11 *, CK_OBJECT_CLASS, const unsigned char *id, size_t id_len, struct ck_err *);

/* ---- the operations ---- */
int ck_p11_login(struct ck_token *, const struct ck_secret *, struct ck_tries *, struct ck_err *);
int ck_p11_set_pin(struct ck_token *, const struct ck_secret *old, const struct ck_secret *new,
    struct ck_tries *, struct ck_err *);
int ck_p11_list(struct ck_token *, struct ck_entries *, struct ck_err *);
int ck_p11_genkey(struct ck_token *, enum ck_keytype, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *);
int ck_p11_remove(
    struct ck_token *, const unsigned char *id, size_t id_len, unsigned parts, struct ck_err *);
int ck_p11_rename(
    struct ck_token *, const struct ck_name *was, const struct ck_name *to, struct ck_err *);
int ck_p11_put_cert(struct ck_token *, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *);
int ck_p11_drop_double(struct ck_token *, const unsigned char *id, size_t id_len,
    const unsigned char *der, size_t n, struct ck_err *);
int ck_p11_put_data(struct ck_token *, const struct ck_data *, struct ck_err *);
int ck_p11_has_data(struct ck_token *, const struct ck_data *, bool *yes, struct ck_err *);
int ck_p11_key(
    struct ck_token *, const unsigned char *id, size_t id_len, EVP_PKEY **, struct ck_err *);
void ck_p11_bridge_down(struct ck_p11 *);

/* ---- spki.c: SHA-256 of the SubjectPublicKeyInfo; false when these are no public key ---- */
/* longest modulus looked at: RSA-16384, what SoftHSM allows */
#define CK_MODULUS_MAX 2048
/* a P-521 point in its OCTET STRING has 136 bytes, curve parameters by name 12 */
#define CK_EC_POINT_MAX 256
#define CK_EC_PARAMS_MAX 64
struct ck_bytes {
	const unsigned char *p;
	size_t n;
};
bool ck_spki_rsa(struct ck_bytes modulus, struct ck_bytes exponent, unsigned char out[CK_HASH_LEN]);
bool ck_spki_ec(struct ck_bytes params, struct ck_bytes point, unsigned char out[CK_HASH_LEN]);
bool ck_spki_cert(struct ck_bytes der, unsigned char out[CK_HASH_LEN]);

#endif
