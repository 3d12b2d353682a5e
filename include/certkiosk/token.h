/*
 * The medium: a customer's key, whatever drives it. One vtable per driver, one worker process,
 * one open token at a time. Every call is one attempt; nothing retries behind the caller's back.
 *
 * Identity is module + serial (and the public keys on it, which the walk compares): never a slot
 * number, a label or a reader's name. When the key in the slot is no longer the one opened, every
 * call ends in KEY_REMOVED.
 */
#ifndef CK_TOKEN_H
#define CK_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <openssl/evp.h>

#include "certkiosk/err.h"
#include "certkiosk/facts.h"
#include "certkiosk/reader.h"
#include "certkiosk/secret.h"

#define CK_TOKEN_ID_MAX 64 /* longest CKA_ID met on real keys is 32 */
#define CK_TOKENS_MAX 16 /* keys in at once; a counter has one or two readers */
#define CK_ENTRIES_MAX 256 /* ids on one key */

/* number: what the key itself counts down, -1 unknown. PKCS#11 only ever tells low, last, locked.
 * unlimited: nothing counts, a wrong one costs nothing (files); number is -1 then. */
struct ck_tries {
	int number;
	bool low, last, locked;
	bool unlimited;
};

/* how the maker's software expects a certificate to be found (keys.d) */
enum ck_id_rule { CK_ID_RANDOM, CK_ID_SHA1, CK_ID_OLD, CK_ID_LABEL };
struct ck_naming {
	enum ck_id_rule id;
	char label[65]; /* {cn} {serial} {date} {old} to be filled in; empty: as it is */
};

struct ck_token_info {
	char driver[8]; /* "p11", "file" */
	char family[65]; /* name in keys.d */
	char module[256]; /* path, or "file"; with serial it identifies the key */
	char serial[33], label[65], model[33], maker[65]; /* filtered */
	char reader[129]; /* slot description, filtered; where it is in, never who it is */
	bool initialised, pin_set, readonly, pinpad;
	bool pin_default; /* the key says its PIN is still the one it was given out with */
	bool two_pairs; /* old and new fit beside each other */
	int pin_min, pin_max; /* bytes; the stricter of key and keys.d */
	bool pin_digits; /* keys.d: only digits are taken */
	bool rsa2048, rsa3072, p256; /* key types it can make */
	bool shows_certs; /* certificates can be listed before login; false: its PIN comes first */
	struct ck_naming naming;
	struct ck_tries tries;
	int limit; /* seconds one call may take before it counts as hung (keys.d call_timeout_s) */
	int64_t memory_total, memory_free; /* bytes; total 0 = the key does not tell */
};

enum ck_has { CK_HAS_NO, CK_HAS_YES, CK_HAS_UNKNOWN };

/* everything on the key under one id; certificates as they are there, byte for byte. A second
 * certificate under the same id is an entry of its own that shares the pair. */
struct ck_entry {
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len;
	char label[65]; /* filtered */
	unsigned char *cert; /* DER, NULL when there is none; freed by ck_entries_free */
	size_t cert_len;
	unsigned char spki[CK_HASH_LEN]; /* of the pair, from the public key object or else the cert */
	bool has_spki, has_public;
	enum ck_has has_private; /* UNKNOWN before login on keys that hide private objects */
	bool may_decipher; /* the private key has an encipherment usage: never to be removed */
	/* a file not opened yet, or sealed under another PIN: its id tells all the same that it is it */
	bool closed;
	int certs, privates; /* how many objects share this id; more than one is AMBIGUOUS */
};

struct ck_entries {
	struct ck_entry at[CK_ENTRIES_MAX];
	size_t n;
	bool more; /* the key holds more ids than we look at */
};
void ck_entries_free(struct ck_entries *);

/* an id and a label; an empty label is left as it is */
struct ck_name {
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len;
	char label[65];
};

/* What belongs to a certificate and is none: an electronic seal. Borrowed. */
#define CK_DATA_MAX 65536 /* PROTOCOL.desk, 18 */
#define CK_DATA_LABEL_MAX 64
struct ck_data {
	const char *label;
	const unsigned char *bytes;
	size_t n;
};

enum ck_part { CK_PART_CERT = 1, CK_PART_PRIVATE = 2, CK_PART_PUBLIC = 4 };

struct ck_token;

struct ck_token_ops {
	const char *driver;
	void (*close)(struct ck_token *);
	int (*info)(struct ck_token *, struct ck_token_info *, struct ck_err *);
	int (*login)(struct ck_token *, const struct ck_secret *, struct ck_tries *, struct ck_err *);
	int (*list)(struct ck_token *, struct ck_entries *, struct ck_err *);
	int (*genkey)(struct ck_token *, enum ck_keytype, const unsigned char *id, size_t id_len,
	    const char *label, struct ck_err *);
	int (*key)(struct ck_token *, const unsigned char *id, size_t id_len, EVP_PKEY **,
	    struct ck_err *);
	int (*put_cert)(struct ck_token *, const unsigned char *id, size_t id_len, const char *label,
	    const unsigned char *der, size_t n, struct ck_err *);
	int (*remove)(struct ck_token *, const unsigned char *id, size_t id_len, unsigned parts,
	    struct ck_err *);
	/* NULL: ids and labels are the medium's own */
	int (*rename)(struct ck_token *, const struct ck_name *was, const struct ck_name *to,
	    struct ck_err *);
	int (*set_pin)(struct ck_token *, const struct ck_secret *old, const struct ck_secret *new,
	    struct ck_tries *, struct ck_err *);
	/* NULL: the medium cannot hold the same certificate twice under an id */
	int (*drop_double)(struct ck_token *, const unsigned char *id, size_t id_len,
	    const unsigned char *der, size_t n, struct ck_err *);
	int (*put_data)(struct ck_token *, const struct ck_data *, struct ck_err *);
	int (*has_data)(struct ck_token *, const struct ck_data *, bool *yes, struct ck_err *);
};

struct ck_token {
	const struct ck_token_ops *ops; /* the driver's struct begins with this one */
};

/* ---- which keys are there (core/token/pick.c) ---- */

/* the table keys.d/ *.conf; mistakes are CONFIG with file, line and reason */
struct ck_keyring;
int ck_keyring_open(const char *keys_dir, struct ck_keyring **, struct ck_err *);
void ck_keyring_close(struct ck_keyring *);

/*
 * A folder or a PKCS#12 file a person pointed at: only that is listed, nothing else is looked for.
 * save_to: the folder a new pair is put into; without it, beside the old one. Either may be NULL;
 * save_to may be told again while a key is open. CONFIG when no family has files, MEDIUM_BROKEN for
 * what is no folder and no file.
 */
int ck_keyring_medium(
    struct ck_keyring *, const char *medium, const char *save_to, struct ck_err *);

/*
 * Every initialised key that is plugged in, without a PIN; rows sorted by family and serial. Only
 * modules are loaded whose family knows something that is plugged in (ATR, reader, USB), or names
 * no such thing. The same key seen twice (serial and public key) is one row. What fails is told
 * only when no key was found: a module that cannot be loaded (MODULE_MISSING, MODULE_BROKEN), a key
 * no family knows (KEY_UNKNOWN) or that does not answer (KEY_MUTE), a file that can't be read
 * (MEDIUM_BROKEN), readers that cannot be asked (READER_SERVICE, READER_DENIED); and MEDIUM_CROWDED
 * when there are more files than are looked at and no other key.
 */
int ck_keyring_list(
    struct ck_keyring *, struct ck_token_info *rows, size_t cap, size_t *n, struct ck_err *);
/* The same for one key as its reader sees it; card NULL: for keys that are in no reader. */
int ck_keyring_list_at(struct ck_keyring *, const struct ck_card *, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *);

/* a key in a reader that no family knows */
struct ck_stranger {
	char reader[CK_READER_NAME_MAX]; /* filtered */
	char atr[3 * CK_ATR_MAX]; /* "3B:7F:…" */
	char usb[10]; /* "096e:0807"; empty when it can't be told */
};
/* those of the last list; they live as long as the keyring */
const struct ck_stranger *ck_keyring_strangers(const struct ck_keyring *, size_t *n);
/* Are there families whose keys no reader tells of? They are looked for by list_at without a card. */
bool ck_keyring_unheard(const struct ck_keyring *);
/* The longest one call into any module of the table may take (seconds): for listing. */
int ck_keyring_limit(const struct ck_keyring *);
/* Called now and then between two calls into a module, however many one of ours makes. */
void ck_keyring_on_pulse(struct ck_keyring *, void (*beat)(void *u), void *u);
/* Open one of them. close with ck_token_close before the keyring; free every EVP_PKEY first. */
int ck_keyring_take(
    struct ck_keyring *, const struct ck_token_info *which, struct ck_token **, struct ck_err *);

/* public keys; a key is known by its old pair, and by the new one as soon as there is one */
struct ck_pairs {
	unsigned char spki[2][CK_HASH_LEN];
	size_t n;
	unsigned char id[CK_TOKEN_ID_MAX]; /* of the new one: all that a sealed file shows of it */
	size_t id_len; /* 0: there is none */
};
/* The same, but only a key that holds all of these pairs: of several with one serial number the
 * one that does; OTHER_KEY when none does. */
int ck_keyring_take_holding(struct ck_keyring *, const struct ck_token_info *which,
    const struct ck_pairs *, struct ck_token **, struct ck_err *);

/* Is any family of the table known by something a reader tells? */
bool ck_keyring_in_readers(const struct ck_keyring *);
/* Is it in this reader, as far as its module tells the reader's name? */
bool ck_token_in_reader(const struct ck_token_info *, const char *reader);

/* ---- one key; thin calls through ops ---- */

void ck_token_close(struct ck_token *); /* logs out, drops sessions and module; accepts NULL */

/* Fresh from the device each time. KEY_REMOVED when absent or another serial answers. */
int ck_token_info(struct ck_token *, struct ck_token_info *, struct ck_err *);

/*
 * Exactly one verification on the wire, or none: length and charset are checked first (PIN_LENGTH),
 * a locked key is not asked (PIN_LOCKED). PIN_WRONG on a mismatch; tries is what the key says after.
 * A file that is damaged is MEDIUM_BROKEN, one sealed in a way we can't open MEDIUM_UNSUPPORTED.
 */
int ck_token_login(
    struct ck_token *, const struct ck_secret *pin, struct ck_tries *, struct ck_err *);

/* What is on it. Before login private keys may be CK_HAS_UNKNOWN. */
int ck_token_list(struct ck_token *, struct ck_entries *, struct ck_err *);

/* A new pair under id; an id that holds a private key already is left alone and is success (resume);
 * a half-made pair under id (a public key alone, or a private key whose public half nothing on the key
 * tells) is swept first. KEY_FULL when it won't fit. */
int ck_token_genkey(struct ck_token *, enum ck_keytype, const unsigned char *id, size_t id_len,
    const char *label, struct ck_err *);

/* The private key as a handle that signs on the key; valid until close or the next login, caller frees
 * it before close. A key that wants its PIN for every signature is KEY_UNSUITABLE.
 * PAIR_AMBIGUOUS when two private keys share the id, CERT_WITHOUT_KEY when there is none. */
int ck_token_key(
    struct ck_token *, const unsigned char *id, size_t id_len, EVP_PKEY **, struct ck_err *);

/* Write once, read back byte for byte (WRITE_NOT_KEPT / KEY_FULL); the same bytes under the same id
 * already there is success. Never touches another object. */
int ck_token_put_cert(struct ck_token *, const unsigned char *id, size_t id_len, const char *label,
    const unsigned char *der, size_t n, struct ck_err *);

/* Remove the named parts under id; already gone is success. A file that holds a certificate is put
 * aside under another name instead, all its parts at once. */
int ck_token_remove(
    struct ck_token *, const unsigned char *id, size_t id_len, unsigned parts, struct ck_err *);

/* Of several certificates under id that are all these bytes one stays; one or none is success. Never
 * touches another object. KEY_UNSUITABLE where the medium has no such thing. */
int ck_token_drop_double(struct ck_token *, const unsigned char *id, size_t id_len,
    const unsigned char *der, size_t n, struct ck_err *);

/* A pair and its certificate get another id and label; what has them already stays, so it may be
 * said again after an interruption. Nothing else may be under the new id. KEY_ID_FIXED: the key does
 * not let them be changed, and all is as it was. */
int ck_token_rename(
    struct ck_token *, const struct ck_name *was, const struct ck_name *to, struct ck_err *);

/*
 * A public data object of that label (of a file medium: a file of that name beside it), read back and
 * compared; what else had the label goes after that (a file is put aside). There already is success.
 * KEY_FULL, KEY_READONLY, WRITE_NOT_KEPT, KEY_NO_DATA: the key holds no such thing under that label.
 * Certificates and pairs are never touched.
 */
int ck_token_put_data(struct ck_token *, const struct ck_data *, struct ck_err *);
/* Is it there, and nothing else under its label? Needs no login. */
int ck_token_has_data(struct ck_token *, const struct ck_data *, bool *yes, struct ck_err *);

/* One change. KEY_REMOVED and anything but PIN_WRONG, PIN_LENGTH, PIN_REFUSED, PIN_LOCKED leave the
 * outcome unknown. */
int ck_token_set_pin(struct ck_token *, const struct ck_secret *old, const struct ck_secret *new,
    struct ck_tries *, struct ck_err *);

/* Does the key take this as a PIN (length, charset)? Pure. */
int ck_token_pin_fits(const struct ck_token_info *, const struct ck_secret *, struct ck_err *);

#endif
