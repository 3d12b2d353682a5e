/*
 * The file driver's insides, shared by file*.c and pick.c only.
 *
 * A box is one pair: a PKCS#12 file, or a folder with UserCert.der and an encrypted private key. A
 * medium is a box that was there (its root) and those made for it here, whose names end in
 * -ROOT-N-ID: the root's serial, a running number, the id. The box with the highest number is in
 * force. A box that was retired stays as it is under NAME.old.
 */
#ifndef CK_FILE_H
#define CK_FILE_H

#include <limits.h>
#include <openssl/evp.h>

#include "token/family.h"

/* a chain and two pairs of RSA-4096 make 20 KB */
#define CK_FILE_MAX (1024 * 1024)
#define CK_PLACE_MAX 1024 /* longest path of a folder looked into */
#define CK_NAME_LEN 256	  /* NAME_MAX and its NUL */
#define CK_SERIAL_BYTES 8 /* of a SHA-256: two media of one counter never share it by chance */
#define CK_SERIAL_LEN (2 * CK_SERIAL_BYTES + 1)
#define CK_BOXES_MAX 32	  /* pairs looked at on everything plugged in */
#define CK_PLACES_MAX 64  /* folders looked into */
#define CK_NAMES_MAX 1024 /* names read of one folder */
#define CK_SEQ_MAX 9999	  /* a renewal a year fills few of these */

enum ck_box_kind { CK_BOX_P12, CK_BOX_FOLDER };
/* how the key of a folder is written */
enum ck_key_form {
	CK_FORM_NONE,
	CK_FORM_PKCS8_DER,
	CK_FORM_PKCS8_PEM,
	CK_FORM_OLD_PEM,
	CK_FORM_PLAIN
};

struct ck_box {
	enum ck_box_kind kind;
	char home[CK_PLACE_MAX]; /* where a new one is put beside it */
	char dir[CK_PLACE_MAX];	 /* where its files are */
	char name[CK_NAME_LEN];	 /* of the PKCS#12 file or of the folder */
	char key_file[CK_NAME_LEN], cert_file[CK_NAME_LEN]; /* in dir; empty when not there */
	enum ck_key_form form;
	size_t keys; /* key files found; more than one is ambiguous */
	bool aside;  /* retired, under another name */
	bool made;   /* here, by a renewal */
	char root[CK_SERIAL_LEN];
	unsigned seq;
	unsigned char id[CK_TOKEN_ID_MAX];
	size_t id_len;
	char serial[CK_SERIAL_LEN];
	unsigned char *sealed, *cert;
	size_t sealed_len, cert_len;
	char label[65];
	EVP_PKEY
	*key; /* opened by a password; its public part is that of cert where there is one */
	bool open;
};

struct ck_boxes {
	struct ck_box at[CK_BOXES_MAX];
	size_t n;
	struct {
		dev_t dev;
		ino_t ino;
	} seen[CK_PLACES_MAX];
	size_t n_seen;
};

/* What one person pointed at instead of the family's roots; empty = nothing. */
struct ck_medium {
	char place[CK_PLACE_MAX]; /* a folder */
	char only[CK_NAME_LEN];	  /* one PKCS#12 file in it */
	char save_to[CK_PLACE_MAX];
};

/* ---- file_disk.c: names and bytes; every open refuses symbolic links at its last name ---- */
/* what errno means on a medium that may be full, write-protected or pulled out */
int ck_file_fail(struct ck_err *, int error, const char *what);
int ck_file_dir(const char *dir); /* descriptor, -1 with errno */
/* Whole file, malloc'd. -1 with errno; EFBIG beyond CK_FILE_MAX, EFTYPE's stand-in EISDIR when it
 * is no regular file. */
int ck_file_read(int dir, const char *name, unsigned char **out, size_t *n);
/* Write under a temporary name, sync, rename, sync the folder, read back. A name that is there is
 * only replaced with over. */
int ck_file_write(const char *dir, const char *name, bool over, const unsigned char *p, size_t n,
    struct ck_err *);
int ck_file_unlink(const char *dir, const char *name, struct ck_err *); /* gone is success */
/* NAME becomes NAME.old, or NAME.old2 where that is taken. */
int ck_file_aside(const char *dir, const char *name, struct ck_err *);
#define CK_TMP ".tmp"

/* ---- file_scan.c: what lies in folders ---- */
/* Add what lies in dir and in the folders in it. What can't be read as a box is told in broken. */
void ck_boxes_scan(struct ck_boxes *, const char *dir, struct ck_err *broken);
void ck_boxes_free(struct ck_boxes *); /* accepts NULL */
/* the box this one was made for, itself when that is not there */
const struct ck_box *ck_box_root(const struct ck_boxes *, const struct ck_box *);
/* End what an interruption left of boxes made for root, in this folder. */
void ck_boxes_sweep(const char *dir, const char *root);
/* -ROOT-N-ID at a name's end (before its extension); false: none */
bool ck_name_tag(const char *name, char root[CK_SERIAL_LEN], unsigned *seq,
    unsigned char id[CK_TOKEN_ID_MAX], size_t *id_len);
bool ck_name_has(const char *name, const char *ending); /* FAT knows no case */

/* ---- file_box.c: the only place that opens and seals ---- */
enum ck_key_form ck_key_form(const unsigned char *p, size_t n);
bool ck_p12_whole(const unsigned char *p, size_t n);
/* PIN_WRONG, MEDIUM_BROKEN, MEDIUM_UNSUPPORTED; an open box is left alone */
int ck_box_open(struct ck_box *, const struct ck_secret *pin, struct ck_err *);
/* The pair (and, in a PKCS#12, its certificate) under pin; malloc'd. */
int ck_box_seal(const struct ck_box *, const struct ck_secret *pin, unsigned char **out, size_t *n,
    struct ck_err *);
int ck_secret_copy(struct ck_secret *to, const struct ck_secret *from);

/* ---- file.c ---- */
/* rows of what is there; broken as in ck_boxes_scan */
int ck_files_list(const struct ck_family *, const struct ck_medium *, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *broken);
int ck_file_open(const struct ck_family *, const struct ck_medium *, const char *serial,
    struct ck_token **, struct ck_err *);

#endif
