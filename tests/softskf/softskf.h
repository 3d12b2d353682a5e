/*
 * softskf: a smart key library of GM/T 0016 whose keys are folders. For tests only: it takes a
 * person with a shell no effort to read what is on such a key.
 *
 * How a call travels: the exported function -> ss_enter (the handle is looked up, the key must be
 * in, its lock is taken; ctl is read, the call written down and counted, rules fire) -> the work,
 * on files through store.c -> ss_leave. One call at a time in a process; between processes the
 * key's lock decides.
 *
 * The environment's CK_SOFTSKF_DIR names the folder with the keys. In it:
 *
 *   KEY/device            what it says of itself, its limits (struct ss_device)
 *   KEY/seat              "in N" or "out N": plugged, for the N-th time (softskf-init plug, unplug)
 *   KEY/lock              for flock
 *   KEY/APP.app/pins      both PINs' records: tries left, the application's key wrapped under each
 *   KEY/APP.app/open      who is logged in since this plugging. As on a real key this outlives the
 *                         handle and the process, until SKF_ClearSecureState or the key is pulled
 *   KEY/APP.app/NAME.con/ sign, enc: a pair, the private half under the application's key;
 *                         sign.cert, enc.cert
 *   KEY/APP.app/NAME.file size, rights, bytes
 *
 * and, as with the shim over SoftHSM2:
 *
 *   ctl      what to do, one line each (below); read again on every call; replace it by rename
 *   calls    written: the name of every function called, and "write" for each step of a write
 *   logins   written: one byte per PIN that reached a key
 *   held     written: by a rule "hold" while it holds
 *   fired    kept: rules marked "once" that have had their turn
 *
 * Lines of ctl:
 *
 *   badsign               signatures are wrong
 *   power                 what dies takes its parent, the front, with it, and every key starts
 *                         anew, as in a power cut
 *   ACTION FUNC N [once]  at the N-th call of FUNC, from 0, counted in this process since ctl
 *                         changed (N * = every one; FUNC * = any call, write = a step of a write):
 *     fail FUNC HEXRV N     answers HEXRV and does nothing; failafter: does it, and answers HEXRV
 *     yank FUNC N           the key is pulled before the call; yankafter: after it, and no answer
 *                           arrives. A call that speaks of no key pulls all of them
 *     die FUNC N            the process is killed before the call; dieafter: after it
 *     crash FUNC N          SIGSEGV
 *     hang FUNC N           never returns
 *     hold FUNC N           waits until ctl changes
 */
#ifndef SOFTSKF_H
#define SOFTSKF_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <openssl/evp.h>

#include "skf_abi.h"

#define SKF_API __attribute__((visibility("default")))

/* a Longmai GM3000 takes no longer ones, whatever the standard allows */
#define SS_NAME_LONGEST 39
/* FILEATTRIBUTE has 32 bytes for it */
#define SS_FILE_NAME_LONGEST 31
#define SS_NAMES_MAX 64
#define SS_XY 64
#define SS_KEY 32
/* an RSA-2048 private key is 1.2 KB */
#define SS_PRIVATE_MAX 1536
#define SS_PUBLIC_MAX 300

#define SS_FUNCTIONS(X) \
	X(SKF_WaitForDevEvent) \
	X(SKF_CancelWaitForDevEvent) \
	X(SKF_EnumDev) \
	X(SKF_ConnectDev) \
	X(SKF_DisConnectDev) \
	X(SKF_GetDevState) \
	X(SKF_SetLabel) \
	X(SKF_GetDevInfo) \
	X(SKF_LockDev) \
	X(SKF_UnlockDev) \
	X(SKF_DevAuth) \
	X(SKF_ChangePIN) \
	X(SKF_GetPINInfo) \
	X(SKF_VerifyPIN) \
	X(SKF_UnblockPIN) \
	X(SKF_ClearSecureState) \
	X(SKF_CreateApplication) \
	X(SKF_EnumApplication) \
	X(SKF_DeleteApplication) \
	X(SKF_OpenApplication) \
	X(SKF_CloseApplication) \
	X(SKF_CreateFile) \
	X(SKF_DeleteFile) \
	X(SKF_EnumFiles) \
	X(SKF_GetFileInfo) \
	X(SKF_ReadFile) \
	X(SKF_WriteFile) \
	X(SKF_CreateContainer) \
	X(SKF_DeleteContainer) \
	X(SKF_OpenContainer) \
	X(SKF_CloseContainer) \
	X(SKF_EnumContainer) \
	X(SKF_GetContainerType) \
	X(SKF_ImportCertificate) \
	X(SKF_ExportCertificate) \
	X(SKF_GenRandom) \
	X(SKF_GenRSAKeyPair) \
	X(SKF_ImportRSAKeyPair) \
	X(SKF_RSASignData) \
	X(SKF_RSAVerify) \
	X(SKF_RSAExportSessionKey) \
	X(SKF_GenECCKeyPair) \
	X(SKF_ImportECCKeyPair) \
	X(SKF_ECCSignData) \
	X(SKF_ECCVerify) \
	X(SKF_ExtECCVerify) \
	X(SKF_ECCExportSessionKey) \
	X(SKF_ExportPublicKey) \
	X(SKF_ImportSessionKey) \
	X(SKF_EncryptInit) \
	X(SKF_Encrypt) \
	X(SKF_EncryptUpdate) \
	X(SKF_EncryptFinal) \
	X(SKF_DecryptInit) \
	X(SKF_Decrypt) \
	X(SKF_DecryptUpdate) \
	X(SKF_DecryptFinal) \
	X(SKF_DigestInit) \
	X(SKF_Digest) \
	X(SKF_DigestUpdate) \
	X(SKF_DigestFinal) \
	X(SKF_CloseHandle)

#define SS_AS_ENUM(f) F_##f,
enum ss_function { SS_FUNCTIONS(SS_AS_ENUM) F_COUNT };

/* ---- handles (handle.c): numbers, so that a stale one is an error and no crash ---- */

enum ss_kind { SS_DEV = 1, SS_APP = 2, SS_CON = 4, SS_CIPHER = 8, SS_HASH = 16 };

struct ss_handle {
	enum ss_kind kind; /* 0: free */
	uint32_t generation;
	HANDLE self, parent;
	char name[SS_NAME_LONGEST + 1]; /* of the key, application or container */
	/* a key's */
	uint64_t plug;
	int lock_fd;
	bool locked, authenticated;
	BYTE challenge[16];
	size_t challenge_len;
	/* a session key's and a digest's */
	ULONG algorithm;
	BYTE key[16];
	EVP_CIPHER_CTX *cipher; /* NULL: not begun */
	bool encrypts, padded;
	size_t pending; /* bytes in that have not come out */
	EVP_MD_CTX *digest;
};

/* NULL: no more of them */
struct ss_handle *ss_handle_new(enum ss_kind, const struct ss_handle *parent);
/* NULL: closed, another kind, or what it belongs to was closed */
struct ss_handle *ss_handle_find(HANDLE, int kinds);
void ss_handle_close(struct ss_handle *);

/* ---- one call (call.c) ---- */

struct ss_call {
	enum ss_function function;
	bool closing; /* works without the key too */
	bool patient; /* the lock is waited for only so long: */
	ULONG patience_ms;
	struct ss_handle *at, *dev, *app, *con; /* NULL: not part of it */
	bool locked;
};

ULONG ss_enter(struct ss_call *, int kinds, HANDLE); /* kinds 0: no handle */
ULONG ss_leave(struct ss_call *, ULONG rv);	     /* after ss_enter, whatever it said */

/* An exported function: work is an expression that sees the call as c. */
#define SS_CALL(name, kinds, handle, params, work, ...) \
	SKF_API ULONG name params; \
	ULONG name params \
	{ \
		struct ss_call c = { .function = F_##name, __VA_ARGS__ }; \
		ULONG rv = ss_enter(&c, kinds, handle); \
\
		if (rv == SAR_OK) \
			rv = work; \
		return ss_leave(&c, rv); \
	}
#define SS_EXPORT(name, kinds, handle, params, work) \
	SS_CALL(name, kinds, handle, params, work, .closing = false)
#define SS_EXPORT_CLOSING(name, kinds, handle, params) \
	SS_CALL(name, kinds, handle, params, (ss_handle_close(c.at), SAR_OK), .closing = true)

/* ---- rules of ctl (fault.c) ---- */

ULONG ss_fault_before(enum ss_function, const char *device);
ULONG ss_fault_after(ULONG rv);
int ss_fault_step(void); /* of a write; -1: it shall not happen */
void ss_fault_login(void);
bool ss_fault_bad_sign(void);
void ss_fault_off(void); /* for the tool that makes keys */

/* ---- files (store.c) ---- */

struct ss_path {
	char text[PATH_MAX];
};
/* Each but the last may be NULL; the last, too, where the folder itself is meant. */
struct ss_path ss_path(const char *device, const char *app, const char *con, const char *leaf);
struct ss_path ss_path_of(const struct ss_call *, const char *leaf);

/* All or nothing, and on the disk when it returns. */
int ss_write(const char *path, const void *, size_t);
/* All or nothing, of what a power cut may take. */
int ss_jot(const char *path, const void *, size_t);
ssize_t ss_read(const char *path, void *, size_t cap); /* -1: there is none, or it is longer */
int ss_make_folder(const char *path);
int ss_remove(const char *path);
int ss_remove_folder(const char *path); /* as one step, with all that is in it */
void ss_append(const char *leaf, const char *text);

struct ss_names {
	char name[SS_NAMES_MAX][SS_NAME_LONGEST + 1];
	size_t n;
};
/* Sorted; those that end so, without the ending. */
void ss_names(const char *folder, const char *ending, struct ss_names *);
/* As the standard returns them: a\0b\0\0, or the size alone where out is NULL. */
ULONG ss_names_out(const struct ss_names *, LPSTR out, ULONG *size);
/* SAR_NAMELENERR or SAR_INVALIDPARAMERR */
ULONG ss_name_good(const char *, size_t longest);
/* The same for bytes. */
ULONG ss_bytes_out(const void *, size_t n, BYTE *out, ULONG *size);

/* ---- keys as things that are plugged (dev.c) ---- */

struct ss_device {
	char label[32], maker[64], issuer[64], serial[32];
	uint32_t space, containers;
	BYTE auth_key[16];
};

struct ss_seat {
	bool in;
	uint64_t plug;
};

int ss_device_make(const char *name, const struct ss_device *);
int ss_device_read(const char *name, struct ss_device *);
void ss_devices(struct ss_names *);
void ss_seat_read(const char *device, struct ss_seat *);
int ss_seat_set(const char *device, bool in); /* in where it was in: pulled and plugged again */
ULONG ss_connected(const struct ss_handle *dev);
ULONG ss_space_used(const char *device);
/* SAR_NO_ROOM */
ULONG ss_room_for(const struct ss_call *, size_t more);

/* ---- PINs and what they open (pin.c) ---- */

struct ss_pins {
	uint32_t create_rights;
	struct ss_pin {
		uint32_t max, left, factory;
		BYTE salt[16], wrapped[SS_KEY + 28];
	} pin[2]; /* ADMIN_TYPE, USER_TYPE */
};

struct ss_open {
	uint64_t plug;
	bool by[2];
	BYTE key[SS_KEY];
};

/* -1: a PIN's length, too */
int ss_pins_make(
    struct ss_pins *, const char *admin, const char *user, uint32_t tries[2], bool factory);
ULONG ss_pins_read(const struct ss_call *, struct ss_pins *);
/* SKF_VerifyPIN and SKF_ClearSecureState */
ULONG ss_pin_try(const struct ss_call *, ULONG type, const char *pin, ULONG *left);
ULONG ss_pin_forget(const struct ss_call *);
/* Who is logged in; nobody: SAR_USER_NOT_LOGGED_IN */
ULONG ss_opened(const struct ss_call *, struct ss_open *);
/* rights: a sum of SECURE_… */
ULONG ss_may(const struct ss_call *, ULONG rights);
ULONG ss_may_create(const struct ss_call *);

/* ---- applications (app.c), containers (con.c) ---- */

ULONG ss_app_make(const char *device, const char *name, const struct ss_pins *);
ULONG ss_con_make(const struct ss_call *, const char *name);
ULONG ss_put_cert(const struct ss_call *, bool sign, const BYTE *, size_t);

/* ---- pairs (pair.c): public half x|y or RSAPublicKey, private half d or RSAPrivateKey ---- */

enum ss_pair_kind { SS_SM2 = 'E', SS_RSA = 'R' };

struct ss_pair {
	enum ss_pair_kind kind;
	BYTE public[SS_PUBLIC_MAX], private[SS_PRIVATE_MAX];
	size_t public_len, private_len;
};

int ss_pair_of(EVP_PKEY *, struct ss_pair *);
EVP_PKEY *ss_pair_key(const struct ss_pair *); /* NULL: no such key */
/* Replaces what was there. SAR_KEYINFOTYPEERR: the container is of the other kind */
ULONG ss_pair_save(const struct ss_call *, bool sign, const struct ss_pair *);
ULONG ss_pair_read(const struct ss_call *, bool sign, struct ss_pair *); /* the public half only */
ULONG ss_pair_unseal(const struct ss_call *, bool sign, struct ss_pair *);

/* ---- the arithmetic of SM2 and SM4 (sm2.c), of sealing (seal.c) ---- */

EVP_PKEY *ss_sm2_key(const BYTE xy[SS_XY], const BYTE *d); /* d NULL: public half only */
EVP_PKEY *ss_sm2_from_blob(const ECCPUBLICKEYBLOB *);
bool ss_sm2_belongs(const BYTE d[32], const BYTE xy[SS_XY]);
void ss_sm2_to_blob(const BYTE xy[SS_XY], ECCPUBLICKEYBLOB *);
int ss_sm2_wrap(EVP_PKEY *, const BYTE key[16], ECCCIPHERBLOB *);
int ss_sm2_unwrap(EVP_PKEY *, const ECCCIPHERBLOB *, BYTE key[16]);
/* SM3 over the user's ID, the curve and the key: what a signature's digest begins with */
int ss_sm2_z(const ECCPUBLICKEYBLOB *, const BYTE *id, size_t n, BYTE z[32]);
/* ECB; n is a multiple of 16 */
int ss_sm4_open(const BYTE key[16], const BYTE *in, size_t n, BYTE *out);

/* out: n + 28 bytes; what binds is authenticated with it */
int ss_seal(
    const BYTE key[SS_KEY], const void *binds, size_t bn, const BYTE *in, size_t n, BYTE *out);
int ss_unseal(
    const BYTE key[SS_KEY], const void *binds, size_t bn, const BYTE *in, size_t n, BYTE *out);

/* ---- RSA (rsa.c), session keys (sess.c) ---- */

int ss_rsa_unwrap(EVP_PKEY *, const BYTE *in, size_t n, BYTE key[16]);
void ss_rsa_to_blob(EVP_PKEY *, RSAPUBLICKEYBLOB *);
ULONG ss_session_new(const struct ss_call *, ULONG algorithm, const BYTE key[16], HANDLE *);
ULONG ss_session_algorithm(ULONG algorithm); /* SAR_NOTSUPPORTYETERR */

#endif
