/*
 * The file driver's insides, shared by file*.c and pick.c only.
 *
 * A box is one pair: a PKCS#12 file, or a folder with UserCert.der and an encrypted private key. A
 * medium is a box that was there (its root) and those made for it here, whose names end in
 * -ROOT-N-ID: the root's serial, a running number, the id. The box with the highest number is in
 * force; a certificate or a password that is put on a pair makes the next box of the same id. A box
 * that was retired stays as it is under NAME.old.
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
/* What is looked at of everything plugged in; an agent carries the files of a hundred companies.
 * Where there is more, nothing is said of what was not seen (MEDIUM_CROWDED). */
#define CK_BOXES_MAX 256   /* pairs */
#define CK_PLACES_MAX 512  /* folders */
#define CK_NAMES_MAX 1024  /* names of one folder that could be one */
#define CK_SEEN_MAX 100000 /* names of one folder: a second's worth */
#define CK_SEQ_MAX 9999	   /* a renewal a year fills few of these */

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
	size_t keys;   /* key files found; more than one is ambiguous */
	bool aside;    /* retired, under another name */
	bool made;     /* here, by a renewal */
	bool torn;     /* made here and not whole: an interruption left it */
	size_t origin; /* index of its root */
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
	bool more; /* not all was looked at */
};

/* What one person pointed at instead of the family's roots; empty = nothing. */
struct ck_medium {
	char place[CK_PLACE_MAX]; /* a folder */
	char only[CK_NAME_LEN];	  /* one PKCS#12 file in it */
	char save_to[CK_PLACE_MAX];
};

/* sticks and folders one medium's pairs are spread over, besides its own */
#define CK_ALSO_MAX 4

struct ck_file {
	struct ck_token token;
	const struct ck_family *family;
	const struct ck_medium *medium; /* may be told where to save after this was opened */
	char serial[CK_SERIAL_LEN];
	char home[CK_PLACE_MAX];	      /* of the root */
	char also[CK_ALSO_MAX][CK_PLACE_MAX]; /* where others of it are */
	size_t n_also;
	struct ck_secret *pin; /* what opens the box in force; set by login */
	bool logged_in;
	struct ck_boxes *now;
};

/* ---- file_disk.c: names and bytes; every open refuses symbolic links at its last name ---- */
/* what errno means on a medium that may be full, write-protected or pulled out */
int ck_file_fail(struct ck_err *, int error, const char *what);
int ck_file_dir(const char *dir); /* descriptor, -1 with errno */
/* Whole file, malloc'd. -1 with errno; EFBIG beyond CK_FILE_MAX, EFTYPE's stand-in EISDIR when it
 * is no regular file. */
int ck_file_read(int dir, const char *name, unsigned char **out, size_t *n);
/* A file that was not there before: written, synced with its folder, read back. What fails leaves
 * nothing as far as the medium lets us; what is interrupted leaves a file that is not whole. */
int ck_file_write(
    const char *dir, const char *name, const unsigned char *p, size_t n, struct ck_err *);
int ck_file_folder(const char *dir, const char *name, struct ck_err *); /* there is success */
/* for a pair and so many bytes besides; KEY_FULL before anything is spent */
int ck_file_room(const char *dir, size_t besides, struct ck_err *);
/* gone is success, and so is a folder that holds something of others */
int ck_file_unlink(const char *dir, const char *name, bool folder, struct ck_err *);
/* NAME becomes NAME.old, or NAME.old2 where that is taken; back is for what came to nothing. */
#define CK_OLD_LEN (CK_NAME_LEN + 8)
int ck_file_aside(const char *dir, const char *name, char old[CK_OLD_LEN], struct ck_err *);
void ck_file_back(const char *dir, const char *old, const char *name);
/* Is there a file of this name with just these bytes? 1, 2 it has only the first of them, 0 it is
 * another, -1 with errno. */
int ck_file_is(const char *dir, const char *name, const unsigned char *p, size_t n);

/* ---- file_scan.c: what lies in folders ---- */
/* Add what lies in dir and in the folders in it. What can't be read as a box is told in broken. */
void ck_boxes_scan(struct ck_boxes *, const char *dir, struct ck_err *broken);
void ck_boxes_free(struct ck_boxes *); /* accepts NULL */
/* the box this one was made for, itself when that is not there */
const struct ck_box *ck_box_root(const struct ck_boxes *, const struct ck_box *);

/* ---- file_name.c ---- */
#define CK_CERT_NAME "UserCert.der"
bool ck_name_is_p12(const char *name); /* FAT knows no case */
bool ck_name_is_key(const char *name);
bool ck_name_is_cert(const char *name);
/* The name without .old or .oldN; true when it had one. */
bool ck_name_old(const char *name, char out[CK_NAME_LEN]);
/* -ROOT-N-ID at a name's end (before its extension); false: none */
bool ck_name_tag(const char *name, char root[CK_SERIAL_LEN], unsigned *seq,
    unsigned char id[CK_TOKEN_ID_MAX], size_t *id_len);
/* What a new one's name begins with: the old one's, short and fit for any file system. */
void ck_name_stem(const char *name, char out[CK_NAME_LEN]);

/* ---- file_box.c: the only place that opens and seals ---- */
enum ck_key_form ck_key_form(const unsigned char *p, size_t n);
/* to its end, as far as that is seen without the password */
bool ck_key_whole(const unsigned char *p, size_t n);
bool ck_p12_whole(const unsigned char *p, size_t n);
/* a certificate that is PEM becomes DER; all else is left as it is */
void ck_file_cert_der(unsigned char **p, size_t *n);
/* PIN_WRONG, MEDIUM_BROKEN, MEDIUM_UNSUPPORTED; an open box is left alone */
int ck_box_open(struct ck_box *, const struct ck_secret *pin, struct ck_err *);
/* The pair (and, in a PKCS#12, its certificate) under pin; malloc'd. */
int ck_box_seal(const struct ck_box *, const struct ck_secret *pin, unsigned char **out, size_t *n,
    struct ck_err *);
int ck_secret_copy(struct ck_secret *to, const struct ck_secret *from);

/* ---- file_list.c ---- */
/* Either may be NULL: ck_keyring_medium of token.h. */
int ck_medium_point(struct ck_medium *, const char *medium, const char *save_to, struct ck_err *);
/* rows of what is there; broken as in ck_boxes_scan; crowded: not all of it was looked at */
void ck_files_list(const struct ck_family *, const struct ck_medium *, struct ck_token_info *rows,
    size_t cap, size_t *n, struct ck_err *broken, struct ck_err *crowded);
void ck_file_describe(const struct ck_family *, const struct ck_medium *, const struct ck_box *,
    struct ck_token_info *);
/* Where the one medium of this serial has its root, and the rest of it. */
int ck_file_find(struct ck_file *, struct ck_err *);

/* ---- file_data.c: a file of another kind beside a medium's ---- */
int ck_file_put_data(struct ck_token *, const struct ck_data *, struct ck_err *);
int ck_file_has_data(struct ck_token *, const struct ck_data *, bool *yes, struct ck_err *);

/* ---- file_make.c; all need a login ---- */
int ck_file_new_pair(struct ck_file *, const struct ck_box *like, enum ck_keytype,
    const unsigned char *id, size_t id_len, struct ck_err *);
/* The pair of an open box in a file of its own, with this certificate (n = 0: none) under this
 * password; the box it was in goes when that is proved. */
int ck_file_anew(struct ck_file *, const struct ck_box *, const unsigned char *der, size_t n,
    const struct ck_secret *pin, struct ck_err *);
/* Takes one made here off the medium. */
int ck_box_drop(const struct ck_box *, struct ck_err *);

/* ---- file.c ---- */
int ck_file_look(struct ck_file *, struct ck_err *); /* what is there now; boxes before are gone */
const char *ck_file_place(struct ck_file *);	     /* the folder what is new is put into */
bool ck_file_ours(const struct ck_file *, const struct ck_box *);
/* pairs: only a medium that holds the new one, by its id; OTHER_KEY otherwise */
int ck_file_open(const struct ck_family *, const struct ck_medium *, const char *serial,
    const struct ck_pairs *, struct ck_token **, struct ck_err *);

#endif
