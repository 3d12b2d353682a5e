#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "inside.h"

static int
aad_of(const struct ck_tape_at *at, int step, const char *kind, char aad[128], struct ck_err *err)
{
	if (!ck_item_good(at->item) || step < 0 ||
	    (strcmp(kind, "req") != 0 && strcmp(kind, "rep") != 0))
		return ck_fail(err, CK_E_INTERNAL, "tape %d %d %s", at->item, step, kind);
	snprintf(aad, 128, "tape|%s|%d|%d|%s", at->record->head.number, at->item, step, kind);
	return 0;
}

static int
tape_get(void *u, int step, const char *kind, unsigned char **bytes, size_t *n, struct ck_err *err)
{
	const struct ck_tape_at *at = u;
	struct ck_store *st = at->record->store;
	sqlite3_stmt *stmt = NULL;
	char aad[128];
	int rc = -1;

	if (aad_of(at, step, kind, aad, err) != 0)
		return -1;
	stmt = ck_sql_ask(st, CK_SQL_TAPE_GET,
	    CK_ARGS(CK_INT(at->record->id), CK_INT(at->item), CK_INT(step), CK_TEXT(kind)), err);
	rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
	if (rc != 1)
		return rc;
	*bytes = ck_unseal(st->keys, aad, sqlite3_column_blob(stmt, 0),
	    (size_t)sqlite3_column_bytes(stmt, 0), n, err);
	ck_sql_done(st, stmt);
	return *bytes != NULL ? 1 : -1;
}

/* Nothing was added: the record is closed, or this step is on the tape already. */
static int
not_added(const struct ck_tape_at *at, const char *aad, struct ck_err *err)
{
	if (!ck_record_is_open(at->record->head.state))
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", at->record->head.number);
	return ck_fail(err, CK_E_INTERNAL, "%s: put twice", aad);
}

static int
tape_put(
    void *u, int step, const char *kind, const unsigned char *bytes, size_t n, struct ck_err *err)
{
	const struct ck_tape_at *at = u;
	struct ck_store *st = at->record->store;
	unsigned char *sealed = NULL;
	size_t sealed_n = 0;
	char aad[128];
	int rc = -1;

	if (aad_of(at, step, kind, aad, err) != 0)
		return -1;
	if (n > CK_TAPE_MAX)
		return ck_fail(err, CK_E_INTERNAL, "%s: longer than %d", aad, CK_TAPE_MAX);
	sealed = ck_seal(st->keys, aad, bytes, n, &sealed_n, err);
	if (sealed == NULL || ck_sql_begin(st, err) != 0)
		goto out;
	if (ck_sql_do(st, CK_SQL_TAPE_ADD,
		CK_ARGS(CK_INT(at->record->id), CK_INT(at->item), CK_INT(step), CK_TEXT(kind),
		    CK_BLOB(sealed, sealed_n)),
		err) != 0)
		goto out;
	if (sqlite3_changes(st->db) == 0) {
		not_added(at, aad, err);
		goto out;
	}
	rc = ck_sql_commit(st, err);
out:
	ck_sql_rollback(st);
	free(sealed);
	return rc;
}

struct ck_tape
ck_record_tape(struct ck_record *r, int item)
{
	int slot = ck_item_good(item) ? item - CK_ITEM_RECORD : CK_TAPES - 1;

	return (struct ck_tape){ .get = tape_get, .put = tape_put, .u = &r->tapes[slot] };
}

int
ck_record_clear_tape(struct ck_record *r, int item, struct ck_err *err)
{
	int rc = -1;

	if (!ck_record_is_open(r->head.state))
		return ck_fail(err, CK_E_RECORD_CLOSED, "%s", r->head.number);
	if (ck_sql_begin(r->store, err) == 0 &&
	    ck_sql_do(r->store, CK_SQL_TAPE_CLEAR, CK_ARGS(CK_INT(r->id), CK_INT(item)), err) == 0)
		rc = ck_sql_commit(r->store, err);
	ck_sql_rollback(r->store);
	return rc;
}

int
ck_tape_wipe_rows(struct ck_store *st, int64_t record, struct ck_err *err)
{
	return ck_sql_do(st, CK_SQL_TAPE_WIPE, CK_ARGS(CK_INT(record)), err);
}
