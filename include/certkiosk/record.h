/*
 * What survives. A record is one visit: facts by name, lines in order (intent before every act that
 * can't be undone, done after it), a tape per item, and its place in the ledger. One transaction a
 * line, durable when the call returns. Facts are read from memory once a record is open.
 *
 * Sealed facts and the tape rest under AES-256-GCM with the site key; handles (key, envelope, lease,
 * order) are found by keyed hash and are unique among open records.
 */
#ifndef CK_RECORD_H
#define CK_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "certkiosk/ca.h"
#include "certkiosk/err.h"

struct ck_store;
struct ck_record;

struct ck_store_conf {
	char dir[256]; /* records.db, locks/, and the site key unless another file is named */
	char site_key[256]; /* 32 bytes, mode 0600; made when the store is made; "" = dir/site.key */
	int64_t reserve; /* bytes that must be free before a record may begin */
};

/* Opens, makes or migrates the store. STORE_UNWRITABLE, STORE_DAMAGED, STORE_NEWER, SITE_KEY. */
int ck_store_open(const struct ck_store_conf *, struct ck_store **, struct ck_err *);
void ck_store_close(struct ck_store *);

/* Its folder as it is: nothing is made, migrated or waited for. */
struct ck_store_seen {
	bool made; /* there is a store; its site key opens it */
	int64_t room, reserve; /* bytes free for us (-1: not known), and what must be */
};
/* As open would fail; STORE_FULL below the reserve. */
int ck_store_look(const struct ck_store_conf *, struct ck_store_seen *, struct ck_err *);

/* One engine for one key: held until it is let go, the store closed or the process ends. KEY_BUSY. */
int ck_store_lock_key(struct ck_store *, const char *key, struct ck_err *);
void ck_store_unlock_keys(struct ck_store *);

/* ---- records ---- */

enum ck_record_state {
	CK_RECORD_OPEN,
	CK_RECORD_PARKED,
	CK_RECORD_DONE,
	CK_RECORD_REFUSED,
	CK_RECORD_ABANDONED,
};
extern const char *const ck_record_state_names[]; /* "open" "parked" "done" "refused" "abandoned" */

/* CK-20261120-000027: day in China and a count that never repeats */
#define CK_NUMBER_MAX 32

struct ck_record_head {
	char number[CK_NUMBER_MAX];
	char system[64], way[16], clerk[64]; /* clerk empty for self */
	enum ck_record_state state;
	char station[16]; /* of the last line */
	int64_t opened, touched, closed; /* closed 0 while it isn't */
	/* of a parked one: why it stands still, since when, when to look again (0: not said) */
	char reason[24];
	int64_t since, next;
	int64_t wipe; /* of a closed one: when its sealed facts and tape go; 0: they are gone */
};

/* key: module|serial of the medium, unique among open records (KEY_BUSY; the detail is the number of
 * the record that has it). STORE_FULL below the reserve. It becomes the record's fact "key". */
int ck_record_begin(struct ck_store *, const char *system, const char *way, const char *clerk,
    const char *key, struct ck_record **, struct ck_err *);

/* handle: "key", "envelope", "lease" or "number". 1 found (the newest open one; "number" also finds
 * closed ones), 0 none, -1 error. */
int ck_record_find(struct ck_store *, const char *handle, const char *value, struct ck_record **,
    struct ck_err *);
/* The newest record, open or closed, whose item 0 has this unsealed fact. Goes through all of them.
 * 1, 0, -1. */
int ck_record_by_fact(struct ck_store *, const char *name, const void *bytes, size_t n,
    struct ck_record **, struct ck_err *);
void ck_record_free(struct ck_record *);
const struct ck_record_head *ck_record_head(const struct ck_record *);

/* Newest first; only open and parked ones when open_only. each returns non-zero to stop. It may read
 * other records, but changes them only after the walk. */
int ck_store_each(struct ck_store *, bool open_only,
    int (*each)(void *u, const struct ck_record_head *), void *u, struct ck_err *);

/* The same for those the store still has sealed parts of: open ones, and closed ones until they are
 * wiped; and for those with part in their number, NULL: no others. */
int ck_store_each_held(struct ck_store *, const char *part,
    int (*each)(void *u, const struct ck_record_head *), void *u, struct ck_err *);

/* The same for those that were begun, had a line or were closed at from or later, and before to. */
int ck_store_each_between(struct ck_store *, int64_t from, int64_t to,
    int (*each)(void *u, const struct ck_record_head *), void *u, struct ck_err *);

/* ---- facts: item 0 is the renewal, 2 the seal that goes with it; -1 belongs to the record itself ---- */

#define CK_ITEM_RECORD (-1)
#define CK_ITEM_SEAL 2 /* 1 is an encryption certificate's */

enum ck_fact_flag {
	CK_FACT_SEALED = 1, /* personal, or usable for guessing: sealed, wiped at close */
	/* found by ck_record_find under its name; unique among open records (LEASE_ELSEWHERE, the
	 * detail is the number of the record that has it), always sealed, forgotten at close */
	CK_FACT_HANDLE = 2,
};

/* at most 64 KiB each */
struct ck_fact {
	const char *name; /* at most 47 bytes, no "|" */
	const void *bytes; /* NULL removes the fact */
	size_t n;
	unsigned flags;
};

/* Borrowed until the next line; NUL-terminated beyond n. NULL when there is none. */
const void *ck_record_get(const struct ck_record *, int item, const char *name, size_t *n);
const char *ck_record_text(const struct ck_record *, int item, const char *name);

/* One fact of a record that is listed, unsealed: malloc'd, NUL-terminated beyond n. 1, 0 the store
 * does not have it (any more), -1. */
int ck_store_fact(struct ck_store *, const struct ck_record_head *, int item, const char *name,
    unsigned char **out, size_t *n, struct ck_err *);

enum ck_mark { CK_INTENT, CK_DONE, CK_WAIT, CK_NOTE };
extern const char *const ck_mark_names[]; /* "intent" "done" "wait" "note" */

struct ck_line {
	int item;
	const char *station; /* "newkey" */
	enum ck_mark mark;
	/* for the ledger and for people: no personal data, no secret; filtered, cut at 255 bytes */
	const char *text;
	bool ledger; /* also a link in the hash chain */
	const struct ck_fact *facts;
	size_t n_facts;
};
/* Line, facts, state and ledger in one transaction; on disk when it returns. STORE_FULL,
 * STORE_UNWRITABLE: nothing of it was kept. */
int ck_record_put(struct ck_record *, const struct ck_line *, struct ck_err *);

/* It stands still, since its last line or since the reason became another one. It counts as no line:
 * the moment it was last touched stays. The next line opens it again. */
int ck_record_park(struct ck_record *, const char *reason, int64_t next, struct ck_err *);

/* How long sealed facts and tape are kept when it is closed: 0, as it is unless said, not at all. */
void ck_record_keep_private(struct ck_record *, int days);

/* The last line, the state and the wiping of sealed facts and tape, in one transaction. */
int ck_record_close(struct ck_record *, enum ck_record_state, const struct ck_line *last,
    struct ck_err *);

/* lines of a record, oldest first */
struct ck_line_row {
	int64_t at;
	int item;
	char station[16], mark[8], text[256];
};
int ck_record_lines(struct ck_record *, int (*each)(void *u, const struct ck_line_row *), void *u,
    struct ck_err *);

/* the tape of an item, for ca.h; valid as long as the record. Putting a step twice is an error. */
struct ck_tape ck_record_tape(struct ck_record *, int item);
/* Begin a new transaction with the CA: the old tape is wiped. */
int ck_record_clear_tape(struct ck_record *, int item, struct ck_err *);

/* ---- retention; open records are never touched, the ledger stays ---- */

/* Both do some at a time and say whether to call them again: 1, 0 all is done, -1. count is added to.
 * They may be interrupted anywhere and called again. */

/* Sealed facts and tapes of closed records, and forms that were printed (forms.h), whose time has
 * come. Are there any? 1, 0, -1. */
int ck_store_any_due(struct ck_store *, int64_t now, struct ck_err *);
int ck_store_wipe_due(struct ck_store *, int64_t now, int64_t *count, struct ck_err *);

/* Records of this system (NULL: of any) that were closed before this moment are removed with all
 * they have; a line in the ledger says how many. One whose form is not on paper, is still kept, or
 * has an attempt that is not settled stays, and is not counted. after: 0 at the first call, kept
 * for the next. */
int ck_store_purge(struct ck_store *, const char *system, int64_t before, int64_t *after,
    int64_t *count, struct ck_err *);

/* Was there a record of this number that was purged? The ledger knows. 1, 0, -1 */
int ck_store_purged(struct ck_store *, const char *number, struct ck_err *);

/* What was wiped is still in the write-ahead log until that is written back and cut: 1 it is, 0
 * somebody is reading and whoever closes the store next does it, -1. */
int ck_store_tidy(struct ck_store *, struct ck_err *);

/* ---- the ledger ---- */

/* A line that belongs to no record: what was done to a key outside of a renewal, on disk when it
 * returns. In the record's place stands "key:" and the key's keyed hash, which no list can be searched
 * for without the site key. STORE_FULL, STORE_UNWRITABLE: it was not kept. */
int ck_ledger_note(struct ck_store *, const char *key, const char *station, enum ck_mark,
    const char *text, struct ck_err *);

/* A clerk as he says he is. Of an id that is no clerk's here only a keyed hash is kept: somebody may
 * have typed a passphrase in its place. */
struct ck_who {
	const char *id;
	bool known;
};
/* A line about a clerk; in the record's place stands "clerk:" and the id. */
int ck_ledger_clerk(struct ck_store *, const struct ck_who *, const char *station, enum ck_mark,
    const char *text, struct ck_err *);
/* Such a line with the intent to try something, unless wait says that so many intents in a row
 * without a "done" of this station, the last line at that time, have to wait for *left seconds. */
int ck_ledger_try(struct ck_store *, const struct ck_who *, const char *station, const char *text,
    int64_t (*wait)(int tries, int64_t last, int64_t now), int64_t *left, struct ck_err *);

#define CK_LEDGER_RECORD_MAX 96 /* a number, or "key:" and a hash in hexadecimal */
struct ck_ledger_row {
	int64_t seq, at;
	char record[CK_LEDGER_RECORD_MAX], station[16], mark[8], text[256];
};
/* The last lines before this one (0: of all), newest first, whether or not the chain is whole. */
int ck_ledger_each(struct ck_store *, int64_t before, int64_t last,
    int (*each)(void *u, const struct ck_ledger_row *), void *u, struct ck_err *);

/* Walks the chain. 0: whole, count lines; LEDGER_BROKEN names the first line that does not fit. */
int ck_ledger_verify(struct ck_store *, int64_t *count, struct ck_err *);

#endif
