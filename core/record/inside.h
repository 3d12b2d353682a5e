/*
 * Inside the record room. disk.c and sql.c turn the system's and SQLite's failures into ours;
 * store.c opens and migrates; lock.c holds keys; sitekey.c and seal.c keep what must not be read;
 * fact.c, record.c, tape.c, paper.c, papers.c and ledger.c are what is kept, purge.c is its end.
 */
#ifndef CK_RECORD_INSIDE_H
#define CK_RECORD_INSIDE_H

#include <sqlite3.h>

#include "certkiosk/record.h"
#include "certkiosk/facts.h"
#include "certkiosk/forms.h"
#include "certkiosk/paper.h"
#include "certkiosk/papers.h"

/* a fact is a text, a DER structure or a form's fields; a PDF has a table of its own */
#define CK_FACT_MAX 65536
#define CK_FACT_NAME_MAX 48
/* a walk has some forty facts an item; a caller gone wild must not fill the disk */
#define CK_FACTS_MAX 512
/* the largest message either side of the CA line may have */
#define CK_TAPE_MAX (1 << 20)
/* the largest thing that is sealed: a sheet that came in */
#define CK_SEAL_MAX CK_SHEET_BYTES_MAX
/* signing, encryption, seal, and room for a second of each */
#define CK_ITEMS_MAX 8
/* the record's own, one an item, and the last for an item there cannot be: it refuses every call */
#define CK_TAPES (CK_ITEMS_MAX + 2)
/* one visit holds one key; a customer may try a few before the right one is in the reader */
#define CK_LOCKS_MAX 16
#define CK_PATH_MAX 384 /* dir, "/locks/" and a hash in hexadecimal */
#define CK_SITE_KEY_LEN 32

/* ---- disk.c ---- */

/* errno of a full disk is STORE_FULL, any other STORE_UNWRITABLE. fail returns -1. */
enum ck_code ck_disk_code(int native);
int ck_disk_fail(struct ck_err *, const char *path);
int ck_disk_sync_parent(const char *path);		/* a new name lasts; -1 with errno */
int ck_disk_may_make(const char *dir);			/* a file there; 0, or errno */
int64_t ck_disk_free(const char *dir, struct ck_err *); /* bytes, -1 */
int ck_disk_room(const char *dir, int64_t reserve, struct ck_err *);

/* ---- sql.c ---- */

enum ck_sql {
	CK_SQL_BEGIN,
	CK_SQL_BEGIN_READ,
	CK_SQL_COMMIT,
	CK_SQL_ROLLBACK,
	CK_SQL_META_GET,
	CK_SQL_META_SET,
	CK_SQL_COUNT_UP,
	CK_SQL_RECORD_ADD,
	CK_SQL_RECORD_SET,
	CK_SQL_RECORD_GET,
	CK_SQL_RECORD_BY_NUMBER,
	CK_SQL_RECORD_BY_HANDLE,
	CK_SQL_RECORD_BY_FACT,
	CK_SQL_LINE_ADD,
	CK_SQL_FACT_SET,
	CK_SQL_FACT_DROP,
	CK_SQL_FACT_ALL,
	CK_SQL_FACT_GET,
	CK_SQL_FACT_WIPE,
	CK_SQL_HANDLE_ADD,
	CK_SQL_HANDLE_DROP,
	CK_SQL_HANDLE_OWNER,
	CK_SQL_HANDLE_WIPE,
	CK_SQL_TAPE_ADD,
	CK_SQL_TAPE_GET,
	CK_SQL_TAPE_CLEAR,
	CK_SQL_TAPE_WIPE,
	CK_SQL_LINE_WIPE,
	CK_SQL_FACT_PURGE,
	CK_SQL_RECORD_DROP,
	CK_SQL_RECORD_WIPED,
	CK_SQL_LEDGER_ADD,
	CK_SQL_LEDGER_LAST,
	CK_SQL_LEDGER_ALL,
	CK_SQL_LEDGER_OF,
	CK_SQL_LEDGER_TRIES,
	CK_SQL_FORM_ADD,
	CK_SQL_FORM_ADD_PART,
	CK_SQL_FORM_OF,
	CK_SQL_FORM_PART,
	CK_SQL_FORM_PRINTED,
	CK_SQL_FORM_WIPED,
	CK_SQL_FORM_WIPE,
	CK_SQL_FORM_DROP,
	CK_SQL_PRINT_COUNT,
	CK_SQL_PRINT_ADD,
	CK_SQL_PRINT_SET,
	CK_SQL_PRINT_DROP,
	CK_SQL_SHEET_ADD,
	CK_SQL_SHEET_ADD_VALUE,
	CK_SQL_SHEET_DROP,
	CK_SQL_SHEET_DROP_KIND,
	CK_SQL_SHEET_UP,
	CK_SQL_SHEET_ALL,
	CK_SQL_SHEET_ONE,
	CK_SQL_SHEET_WIPE,
	/* prepared for each walk over them, because a caller may start one within another */
	CK_SQL_EACH,
	CK_SQL_EACH_OPEN,
	CK_SQL_EACH_HELD,
	CK_SQL_EACH_BETWEEN,
	CK_SQL_LEDGER_EACH,
	CK_SQL_LINES,
	CK_SQL_WIPE_DUE,
	CK_SQL_PURGE_DUE,
	CK_SQL_FORM_EACH,
	CK_SQL_FORM_EACH_WAITING,
	CK_SQL_FORM_DUE,
	CK_SQL_PRINT_EACH,
	CK_SQL_N,
};

struct ck_arg {
	enum { CK_ARG_END, CK_ARG_INT, CK_ARG_TEXT, CK_ARG_BLOB } kind;
	int64_t i;
	const void *p; /* borrowed until the statement is done */
	size_t n;
};
#define CK_INT(v) ((struct ck_arg){ .kind = CK_ARG_INT, .i = (v) })
#define CK_TEXT(s) ((struct ck_arg){ .kind = CK_ARG_TEXT, .p = (s) })
#define CK_BLOB(b, len) ((struct ck_arg){ .kind = CK_ARG_BLOB, .p = (b), .n = (len) })
#define CK_ARGS(...) ((const struct ck_arg[]){ __VA_ARGS__, { .kind = CK_ARG_END } })

struct ck_store;

/* What SQLite's last result means to us. Returns -1. */
int ck_sql_fail(struct ck_store *, struct ck_err *);
int ck_sql_exec(struct ck_store *, const char *sql, struct ck_err *);
/* The first column of a PRAGMA or SELECT of our own wording. */
int ck_sql_number(struct ck_store *, const char *sql, int64_t *out, struct ck_err *);

/* A bound statement to be stepped with ck_sql_next, given back by it at the end or by ck_sql_done.
 */
sqlite3_stmt *ck_sql_ask(
    struct ck_store *, enum ck_sql, const struct ck_arg *args, struct ck_err *);
int ck_sql_next(struct ck_store *, sqlite3_stmt *, struct ck_err *); /* 1 a row, 0 none, -1 */
void ck_sql_done(struct ck_store *, sqlite3_stmt *);
/* One that gives no rows. */
int ck_sql_do(struct ck_store *, enum ck_sql, const struct ck_arg *args, struct ck_err *);
void ck_sql_text(sqlite3_stmt *, int column, char *out, size_t cap); /* filtered */
void ck_sql_close(struct ck_store *);

/* One transaction at a time. rollback is a no-op after commit. */
int ck_sql_begin(struct ck_store *, struct ck_err *);
int ck_sql_begin_read(struct ck_store *, struct ck_err *);
void ck_sql_end_read(struct ck_store *);
int ck_sql_commit(struct ck_store *, struct ck_err *);
void ck_sql_rollback(struct ck_store *);

/* ---- store.c, lock.c ---- */

struct ck_lock {
	int fd;
	char path[CK_PATH_MAX];
};

struct ck_store {
	struct ck_store_conf conf;
	sqlite3 *db;
	sqlite3_stmt *stmts[CK_SQL_N];
	struct ck_keys *keys;
	struct ck_lock locks[CK_LOCKS_MAX];
	size_t n_locks;
};

/* ---- sitekey.c, seal.c ---- */

/* in locked memory; each use has a key of its own, derived from the site's */
struct ck_keys {
	unsigned char site[CK_SITE_KEY_LEN];
	unsigned char seal[32], handle[32], ledger[32];
};

/* Reads the site key, or makes it when may_make. free wipes. SITE_KEY. */
int ck_keys_open(const struct ck_store_conf *, bool may_make, struct ck_keys **, struct ck_err *);
void ck_keys_free(struct ck_keys *);

/* how many bytes n are once they are sealed */
#define CK_SEALED(n) ((size_t)(n) + 28)
/* aad says what and whose the bytes are: moved elsewhere they don't open. malloc'd; NULL failed. */
unsigned char *ck_seal(const struct ck_keys *, const char *aad, const void *p, size_t n,
    size_t *out_n, struct ck_err *);
/* Also NULL when it does not open (STORE_DAMAGED). NUL-terminated beyond *out_n. */
unsigned char *ck_unseal(const struct ck_keys *, const char *aad, const void *sealed, size_t n,
    size_t *out_n, struct ck_err *);
/* The same without a second copy of it in memory: into a blob of CK_SEALED(n) bytes, and back. */
int ck_seal_into(
    struct ck_store *, const char *aad, const void *p, size_t n, sqlite3_blob *, struct ck_err *);
unsigned char *ck_unseal_from(
    struct ck_store *, const char *aad, sqlite3_blob *, size_t *out_n, struct ck_err *);
/* name keeps equal values of different handles apart */
int ck_keyed_hash(const unsigned char key[32], const char *name, const void *p, size_t n,
    unsigned char out[CK_HASH_LEN], struct ck_err *);

/* ---- fact.c ---- */

struct ck_held {
	int item;
	unsigned flags;
	char name[CK_FACT_NAME_MAX];
	unsigned char *p; /* NULL: a removal not yet settled */
	size_t n;
};
struct ck_helds {
	struct ck_held *v;
	size_t n, cap;
};

struct ck_record {
	struct ck_store *store;
	int64_t id;
	int keep_days; /* of what is sealed, once it is closed */
	struct ck_record_head head;
	struct ck_helds facts;
	struct ck_tape_at {
		struct ck_record *record;
		int item;
	} tapes[CK_TAPES];
};

bool ck_item_good(int item);
bool ck_record_is_open(enum ck_record_state);

/* Copies of a line's facts, so that nothing can fail once they are on disk. */
int ck_facts_stage(struct ck_record *, const struct ck_line *, struct ck_helds *, struct ck_err *);
int ck_facts_write(struct ck_record *, const struct ck_helds *, struct ck_err *);
void ck_facts_take(struct ck_record *, struct ck_helds *);
int ck_facts_load(struct ck_record *, struct ck_err *);
int ck_facts_forget(struct ck_record *, struct ck_err *); /* handles: it is found no more */
int ck_facts_wipe_rows(struct ck_store *, int64_t record, struct ck_err *);
void ck_facts_wipe(struct ck_record *);
void ck_facts_free(struct ck_helds *);

/* ---- record.c ---- */

/* A line, and what write adds to it, in one transaction. */
int ck_record_put_with(struct ck_record *, const struct ck_line *,
    int (*write)(struct ck_record *, const void *what, struct ck_err *), const void *what,
    struct ck_err *);
/* All that is sealed, within the caller's transaction. */
int ck_record_wipe_rows(struct ck_store *, int64_t record, struct ck_err *);

/* ---- tape.c, paper.c, papers.c, ledger.c ---- */

int ck_tape_wipe_rows(struct ck_store *, int64_t record, struct ck_err *);
int ck_sheets_wipe_rows(struct ck_store *, int64_t record, struct ck_err *);

/* Within the caller's transaction. */
int ck_ledger_start(struct ck_store *, struct ck_err *);
int ck_ledger_add(struct ck_store *, const char *record, int64_t at, const char *station,
    const char *mark, const char *text, struct ck_err *);

#endif
