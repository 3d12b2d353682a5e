/* Sheets that came in for a record (papers.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "certkiosk/papers.h"
#include "inside.h"

struct sheet {
	const struct ck_sheet_kept *is;
	const void *bytes;
};

static void
aad_of(const struct ck_record *r, const struct ck_sheet_kept *s, char aad[128])
{
	snprintf(aad, 128, "sheet|%s|%s|%d", r->head.number, s->kind, s->page);
}

static sqlite3_blob *
open_value(struct ck_store *st, int64_t n, bool write, struct ck_err *err)
{
	sqlite3_blob *blob = NULL;

	errno = 0;
	if (sqlite3_blob_open(st->db, "main", "sheet_value", "value", n, write, &blob) == SQLITE_OK)
		return blob;
	ck_sql_fail(st, err);
	sqlite3_blob_close(blob);
	return NULL;
}

static int
write_value(struct ck_record *r, const struct sheet *s, int64_t n, struct ck_err *err)
{
	sqlite3_blob *to = NULL;
	char aad[128];
	int rc = -1;

	if (ck_sql_do(r->store, CK_SQL_SHEET_ADD_VALUE,
		CK_ARGS(CK_INT(n), CK_INT((int64_t)CK_SEALED(s->is->size))), err) != 0 ||
	    (to = open_value(r->store, n, true, err)) == NULL)
		return -1;
	aad_of(r, s->is, aad);
	rc = ck_seal_into(r->store, aad, s->bytes, s->is->size, to, err);
	errno = 0;
	if (sqlite3_blob_close(to) != SQLITE_OK && rc == 0)
		rc = ck_sql_fail(r->store, err);
	return rc;
}

static int
write_sheet(struct ck_record *r, const void *what, struct ck_err *err)
{
	const struct sheet *s = what;
	const struct ck_sheet_kept *is = s->is;

	if (ck_sql_do(r->store, CK_SQL_SHEET_DROP,
		CK_ARGS(CK_INT(r->id), CK_TEXT(is->kind), CK_INT(is->page)), err) != 0 ||
	    ck_sql_do(r->store, CK_SQL_SHEET_ADD,
		CK_ARGS(CK_INT(r->id), CK_TEXT(is->kind), CK_INT(is->page), CK_TEXT(is->type),
		    CK_BLOB(is->sha256, CK_HASH_LEN), CK_INT((int64_t)is->size)),
		err) != 0)
		return -1;
	return write_value(r, s, sqlite3_last_insert_rowid(r->store->db), err);
}

int
ck_record_put_sheet(struct ck_record *r, const struct ck_sheet_kept *is, const void *bytes,
    const struct ck_line *line, struct ck_err *err)
{
	const struct sheet s = { is, bytes };

	if (is->size == 0 || is->size > CK_SHEET_BYTES_MAX || is->page < 1 || is->kind[0] == '\0')
		return ck_fail(err, CK_E_INTERNAL, "sheet: %s %d", is->kind, is->page);
	return ck_record_put_with(r, line, write_sheet, &s, err);
}

static int
write_up(struct ck_record *r, const void *what, struct ck_err *err)
{
	const struct ck_sheet_kept *s = what;

	return ck_sql_do(r->store, CK_SQL_SHEET_UP,
	    CK_ARGS(
		CK_INT(r->id), CK_TEXT(s->kind), CK_INT(s->page), CK_BLOB(s->sha256, CK_HASH_LEN)),
	    err);
}

int
ck_record_sheet_up(struct ck_record *r, const struct ck_sheet_kept *s, const struct ck_line *line,
    struct ck_err *err)
{
	return ck_record_put_with(r, line, write_up, s, err);
}

static int
write_drop(struct ck_record *r, const void *what, struct ck_err *err)
{
	return ck_sql_do(
	    r->store, CK_SQL_SHEET_DROP_KIND, CK_ARGS(CK_INT(r->id), CK_TEXT(what)), err);
}

int
ck_record_drop_sheets(
    struct ck_record *r, const char *kind, const struct ck_line *line, struct ck_err *err)
{
	return ck_record_put_with(r, line, write_drop, kind, err);
}

static int
read_sheet(sqlite3_stmt *stmt, struct ck_sheet_kept *s, struct ck_err *err)
{
	const void *sha = sqlite3_column_blob(stmt, 3);
	int64_t size = sqlite3_column_int64(stmt, 4);

	*s = (struct ck_sheet_kept){ .page = sqlite3_column_int(stmt, 1),
		.uploaded = sqlite3_column_int(stmt, 5) != 0 };
	ck_sql_text(stmt, 0, s->kind, sizeof s->kind);
	ck_sql_text(stmt, 2, s->type, sizeof s->type);
	if (sqlite3_column_bytes(stmt, 3) != CK_HASH_LEN || size < 1 || size > CK_SHEET_BYTES_MAX)
		return ck_fail(err, CK_E_STORE_DAMAGED, "sheet %s %d", s->kind, s->page);
	memcpy(s->sha256, sha, CK_HASH_LEN);
	s->size = (size_t)size;
	return 0;
}

int
ck_record_sheets(struct ck_record *r, struct ck_sheet_kept *list, size_t *n, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(r->store, CK_SQL_SHEET_ALL, CK_ARGS(CK_INT(r->id)), err);
	int rc = stmt == NULL ? -1 : 1;

	*n = 0;
	while (rc == 1 && (rc = ck_sql_next(r->store, stmt, err)) == 1)
		if (*n == CK_SHEETS_MAX || read_sheet(stmt, &list[(*n)++], err) == -1) {
			ck_sql_done(r->store, stmt);
			return ck_fail(err, CK_E_STORE_DAMAGED, "%s: sheets", r->head.number);
		}
	return rc;
}

int
ck_record_sheet(struct ck_record *r, const struct ck_sheet_kept *s, unsigned char **out, size_t *n,
    struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(r->store, CK_SQL_SHEET_ONE,
	    CK_ARGS(
		CK_INT(r->id), CK_TEXT(s->kind), CK_INT(s->page), CK_BLOB(s->sha256, CK_HASH_LEN)),
	    err);
	int rc = stmt == NULL ? -1 : ck_sql_next(r->store, stmt, err);
	sqlite3_blob *from = NULL;
	char aad[128];

	*out = NULL;
	*n = 0;
	if (rc != 1)
		return rc;
	from = open_value(r->store, sqlite3_column_int64(stmt, 0), false, err);
	if (from != NULL) {
		aad_of(r, s, aad);
		*out = ck_unseal_from(r->store, aad, from, n, err);
	}
	sqlite3_blob_close(from);
	ck_sql_done(r->store, stmt);
	return *out != NULL ? 1 : -1;
}

int
ck_sheets_wipe_rows(struct ck_store *st, int64_t record, struct ck_err *err)
{
	return ck_sql_do(st, CK_SQL_SHEET_WIPE, CK_ARGS(CK_INT(record)), err);
}
