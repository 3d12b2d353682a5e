/*
 * Each line holds the hash of the one before it. The head (how many lines, and the last one's hash)
 * is kept beside the chain under a MAC of the site key, so that cutting lines off its end shows
 * too. A ledger found broken stays broken for every later look, but never stops a visit: the
 * customer's key comes first, and what happens to it is still written down.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "inside.h"

/* before a key's keyed hash, in the place of a record's number: no number begins so */
#define KEY_PREFIX "key:"
/* before a clerk's id; before the keyed hash of what is no clerk's, which no id begins with */
#define CLERK_PREFIX "clerk:"
#define STRANGER_PREFIX CLERK_PREFIX "#"
#define PLACE_MAX (sizeof STRANGER_PREFIX + 2 * CK_HASH_LEN)
_Static_assert(sizeof((struct ck_record_head *)0)->clerk <= 2 * CK_HASH_LEN, "an id fits, too");

#define HEAD_LEN (8 + CK_HASH_LEN + CK_HASH_LEN) /* count | hash of the last line | MAC of both */

struct head {
	int64_t count;
	unsigned char hash[CK_HASH_LEN];
	bool good;
};

static void
put64(unsigned char *p, int64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t
get64(const unsigned char *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

static int
mac_of(struct ck_store *st, const unsigned char *head, unsigned char mac[CK_HASH_LEN],
    struct ck_err *err)
{
	return ck_keyed_hash(st->keys->ledger, "head", head, 8 + CK_HASH_LEN, mac, err);
}

static int
read_head(struct ck_store *st, struct head *h, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_META_GET, CK_ARGS(CK_TEXT("ledger")), err);
	int rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
	unsigned char mac[CK_HASH_LEN];
	const unsigned char *p = NULL;

	*h = (struct head){ 0 };
	if (rc != 1)
		return rc;
	p = sqlite3_column_blob(stmt, 0);
	if (p != NULL && sqlite3_column_bytes(stmt, 0) == HEAD_LEN) {
		h->count = get64(p);
		memcpy(h->hash, p + 8, CK_HASH_LEN);
		rc = mac_of(st, p, mac, err);
		h->good = rc == 0 && h->count >= 0 &&
			  CRYPTO_memcmp(mac, p + 8 + CK_HASH_LEN, CK_HASH_LEN) == 0;
	}
	ck_sql_done(st, stmt);
	return rc < 0 ? -1 : 0;
}

/* A head that was wrong is never made right again: its MAC stays zero. */
static int
write_head(struct ck_store *st, const struct head *h, struct ck_err *err)
{
	unsigned char p[HEAD_LEN] = { 0 };

	put64(p, h->count);
	memcpy(p + 8, h->hash, CK_HASH_LEN);
	if (h->good && mac_of(st, p, p + 8 + CK_HASH_LEN, err) != 0)
		return -1;
	return ck_sql_do(
	    st, CK_SQL_META_SET, CK_ARGS(CK_TEXT("ledger"), CK_BLOB(p, sizeof p)), err);
}

int
ck_ledger_start(struct ck_store *st, struct ck_err *err)
{
	const struct head h = { .good = true };

	return write_head(st, &h, err);
}

/* ---- a line's hash ---- */

struct entry {
	int64_t seq, at;
	const char *fields[4]; /* record, station, mark, text */
	size_t lens[4];
};

/* Lengths before the fields: no text can pose as the end of one and the start of the next. */
static int
hash_of(EVP_MD_CTX *ctx, const struct entry *e, const unsigned char prev[CK_HASH_LEN],
    unsigned char out[CK_HASH_LEN])
{
	unsigned char number[16];
	int good = EVP_DigestInit_ex2(ctx, EVP_sha256(), NULL);

	put64(number, e->seq);
	put64(number + 8, e->at);
	good &= EVP_DigestUpdate(ctx, prev, CK_HASH_LEN);
	good &= EVP_DigestUpdate(ctx, number, sizeof number);
	for (int i = 0; i < 4; i++) {
		put64(number, (int64_t)e->lens[i]);
		good &= EVP_DigestUpdate(ctx, number, 8);
		good &= EVP_DigestUpdate(ctx, e->fields[i], e->lens[i]);
	}
	return good == 1 && EVP_DigestFinal_ex(ctx, out, NULL) == 1 ? 0 : -1;
}

/* ---- adding ---- */

static int
last_seq(struct ck_store *st, int64_t *seq, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_LEDGER_LAST, NULL, err);

	if (stmt == NULL || ck_sql_next(st, stmt, err) != 1)
		return -1;
	*seq = sqlite3_column_int64(stmt, 0);
	ck_sql_done(st, stmt);
	return 0;
}

static int
add(struct ck_store *st, struct entry *e, struct head *h, struct ck_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char hash[CK_HASH_LEN];
	int rc = 0;

	for (int i = 0; i < 4; i++)
		e->lens[i] = strlen(e->fields[i]);
	if (ctx == NULL || hash_of(ctx, e, h->hash, hash) != 0)
		rc = ck_fail(err, CK_E_INTERNAL, "ledger: hash");
	else
		rc = ck_sql_do(st, CK_SQL_LEDGER_ADD,
		    CK_ARGS(CK_INT(e->seq), CK_INT(e->at), CK_TEXT(e->fields[0]),
			CK_TEXT(e->fields[1]), CK_TEXT(e->fields[2]), CK_TEXT(e->fields[3]),
			CK_BLOB(h->hash, CK_HASH_LEN), CK_BLOB(hash, sizeof hash)),
		    err);
	EVP_MD_CTX_free(ctx);
	if (rc != 0)
		return -1;
	h->count = e->seq;
	memcpy(h->hash, hash, sizeof hash);
	return write_head(st, h, err);
}

int
ck_ledger_add(struct ck_store *st, const char *record, int64_t at, const char *station,
    const char *mark, const char *text, struct ck_err *err)
{
	struct entry e = { .at = at, .fields = { record, station, mark, text } };
	int64_t last = 0;
	struct head h;

	if (read_head(st, &h, err) != 0 || last_seq(st, &last, err) != 0)
		return -1;
	if (!h.good)
		h.count = 0;
	if (last == INT64_MAX)
		return ck_fail(err, CK_E_STORE_DAMAGED, "ledger: line %lld", (long long)last);
	/* Lines cut off or stuck on behind our back: go on beyond both ends, which leaves a gap, or
	 * a line whose prev is not its neighbour's hash, for verify to find. */
	e.seq = (h.count > last ? h.count : last) + 1;
	return add(st, &e, &h, err);
}

/* ---- lines that belong to no record ---- */

static int
add_to(struct ck_store *st, const char *place, const char *station, enum ck_mark mark,
    const char *text, struct ck_err *err)
{
	char clean[256];

	ck_clean_str(clean, sizeof clean, text);
	return ck_ledger_add(st, place, ck_now(), station, ck_mark_names[mark], clean, err);
}

static int
note_at(struct ck_store *st, const char *place, const char *station, enum ck_mark mark,
    const char *text, struct ck_err *err)
{
	int rc = -1;

	if (ck_sql_begin(st, err) == 0 && add_to(st, place, station, mark, text, err) == 0)
		rc = ck_sql_commit(st, err);
	ck_sql_rollback(st);
	return rc;
}

/* the same hash as the handle's, so that a site can tell its own lines of one key */
static int
place_of(struct ck_store *st, const char *prefix, const char *kind, const char *value,
    char place[PLACE_MAX], struct ck_err *err)
{
	unsigned char hash[CK_HASH_LEN];

	if (ck_keyed_hash(st->keys->handle, kind, value, strlen(value), hash, err) != 0)
		return -1;
	strcpy(place, prefix);
	ck_hex(hash, sizeof hash, place + strlen(prefix));
	return 0;
}

int
ck_ledger_note(struct ck_store *st, const char *key, const char *station, enum ck_mark mark,
    const char *text, struct ck_err *err)
{
	char place[PLACE_MAX];

	if (place_of(st, KEY_PREFIX, "key", key, place, err) != 0)
		return -1;
	return note_at(st, place, station, mark, text, err);
}

static int
clerks_place(
    struct ck_store *st, const struct ck_who *who, char place[PLACE_MAX], struct ck_err *err)
{
	if (!who->known)
		return place_of(st, STRANGER_PREFIX, "clerk", who->id, place, err);
	if ((size_t)snprintf(place, PLACE_MAX, CLERK_PREFIX "%s", who->id) >= PLACE_MAX)
		return ck_fail(err, CK_E_INTERNAL, "a clerk's id of %zu bytes", strlen(who->id));
	return 0;
}

int
ck_ledger_clerk(struct ck_store *st, const struct ck_who *who, const char *station,
    enum ck_mark mark, const char *text, struct ck_err *err)
{
	char place[PLACE_MAX];

	if (clerks_place(st, who, place, err) != 0)
		return -1;
	return note_at(st, place, station, mark, text, err);
}

/* intents since the last that was done, and when the last line was written */
static int
count_tries(struct ck_store *st, const char *place, const char *station, int *n, int64_t *last,
    struct ck_err *err)
{
	sqlite3_stmt *stmt =
	    ck_sql_ask(st, CK_SQL_LEDGER_TRIES, CK_ARGS(CK_TEXT(place), CK_TEXT(station)), err);
	char mark[8];
	int rc = stmt == NULL ? -1 : 1;

	*n = 0;
	*last = 0;
	while (rc == 1 && (rc = ck_sql_next(st, stmt, err)) == 1) {
		ck_sql_text(stmt, 0, mark, sizeof mark);
		if (strcmp(mark, ck_mark_names[CK_DONE]) == 0) {
			ck_sql_done(st, stmt);
			return 0;
		}
		if (*last == 0)
			*last = sqlite3_column_int64(stmt, 1);
		if (*n < INT_MAX)
			*n += strcmp(mark, ck_mark_names[CK_INTENT]) == 0;
	}
	return rc;
}

int
ck_ledger_try(struct ck_store *st, const struct ck_who *who, const char *station, const char *text,
    int64_t (*wait)(int tries, int64_t last, int64_t now), int64_t *left, struct ck_err *err)
{
	char place[PLACE_MAX];
	int64_t last = 0;
	int tries = 0, rc = -1;

	/* counted and written in one piece: two that try at once are two tries */
	if (clerks_place(st, who, place, err) != 0 || ck_sql_begin(st, err) != 0)
		return -1;
	if (count_tries(st, place, station, &tries, &last, err) != 0)
		goto out;
	if ((*left = wait(tries, last, ck_now())) > 0)
		rc = 0;
	else if (add_to(st, place, station, CK_INTENT, text, err) == 0)
		rc = ck_sql_commit(st, err);
out:
	ck_sql_rollback(st);
	return rc;
}

/* ---- looking ---- */

int
ck_ledger_each(struct ck_store *st, int64_t before, int64_t last,
    int (*each)(void *, const struct ck_ledger_row *), void *u, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_LEDGER_EACH,
	    CK_ARGS(CK_INT(before > 0 ? before : INT64_MAX), CK_INT(last)), err);
	int rc = stmt == NULL ? -1 : 1;

	while (rc == 1 && (rc = ck_sql_next(st, stmt, err)) == 1) {
		struct ck_ledger_row row = { .seq = sqlite3_column_int64(stmt, 0),
			.at = sqlite3_column_int64(stmt, 1) };

		ck_sql_text(stmt, 2, row.record, sizeof row.record);
		ck_sql_text(stmt, 3, row.station, sizeof row.station);
		ck_sql_text(stmt, 4, row.mark, sizeof row.mark);
		ck_sql_text(stmt, 5, row.text, sizeof row.text);
		rc = each(u, &row) == 0;
		if (rc != 1)
			ck_sql_done(st, stmt);
	}
	return rc;
}

/* A column as bytes; a wrong type or length does not fit either. */
static bool
is_hash(sqlite3_stmt *stmt, int column, const unsigned char hash[CK_HASH_LEN])
{
	const void *p = sqlite3_column_blob(stmt, column);

	return p != NULL && sqlite3_column_bytes(stmt, column) == CK_HASH_LEN &&
	       memcmp(p, hash, CK_HASH_LEN) == 0;
}

/* 1 it fits, 0 it doesn't, -1 */
static int
fits(EVP_MD_CTX *ctx, sqlite3_stmt *stmt, struct head *h, struct ck_err *err)
{
	struct entry e = { .seq = sqlite3_column_int64(stmt, 0),
		.at = sqlite3_column_int64(stmt, 1) };
	unsigned char hash[CK_HASH_LEN];

	for (int i = 0; i < 4; i++) {
		const char *s = (const char *)sqlite3_column_text(stmt, 2 + i);

		e.fields[i] = s != NULL ? s : "";
		e.lens[i] = (size_t)sqlite3_column_bytes(stmt, 2 + i);
	}
	if (hash_of(ctx, &e, h->hash, hash) != 0)
		return ck_fail(err, CK_E_INTERNAL, "ledger: hash");
	if (e.seq != h->count + 1 || !is_hash(stmt, 6, h->hash) || !is_hash(stmt, 7, hash))
		return 0;
	h->count = e.seq;
	memcpy(h->hash, hash, sizeof hash);
	return 1;
}

static int
broken(int64_t seq, struct ck_err *err)
{
	return ck_fail(err, CK_E_LEDGER_BROKEN, "%lld", (long long)seq);
}

static int
walk(struct ck_store *st, struct head *at, struct ck_err *err)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	sqlite3_stmt *stmt = NULL;
	int rc = -1, fit = 1;

	if (ctx == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "ledger");
	stmt = ck_sql_ask(st, CK_SQL_LEDGER_ALL, NULL, err);
	if (stmt == NULL)
		goto out;
	while (fit == 1 && (rc = ck_sql_next(st, stmt, err)) == 1) {
		fit = fits(ctx, stmt, at, err);
		if (fit == 1)
			continue;
		ck_sql_done(st, stmt);
		rc = fit < 0 ? -1 : broken(at->count + 1, err);
	}
out:
	EVP_MD_CTX_free(ctx);
	return rc;
}

int
ck_ledger_verify(struct ck_store *st, int64_t *count, struct ck_err *err)
{
	struct head head, at = { 0 };
	int rc = -1;

	/* one view of head and lines: an engine may be adding to them */
	if (ck_sql_begin_read(st, err) != 0)
		return -1;
	if (read_head(st, &head, err) == 0)
		rc = walk(st, &at, err);
	ck_sql_end_read(st);
	*count = at.count;
	if (rc != 0)
		return -1;
	if (!head.good)
		return broken(at.count, err);
	if (head.count != at.count || memcmp(head.hash, at.hash, CK_HASH_LEN) != 0)
		return broken(at.count + 1, err);
	return 0;
}
