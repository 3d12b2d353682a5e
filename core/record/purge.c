/*
 * The end of what is kept: sealed parts whose time has come, and closed records that are old
 * enough and owe nobody a sheet of paper. secure_delete overwrites what is taken out of the file;
 * the log is cut by ck_store_tidy. The ledger stays, and so does the count, so that no number comes
 * twice.
 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "inside.h"

/* records a transaction: as many as keep the log below what a visit may leave in it, and another
 * engine waiting for less than a second */
#define AT_ONCE 200

/* in the ledger, in the place of a record's number: no number begins so */
#define PURGE "purge"
#define NUMBER "CK-"

struct ids {
	int64_t v[AT_ONCE];
	int n;
};

/* what may be due: sealed parts of records, and forms that were printed */
struct due {
	enum ck_sql which;
	int (*wipe)(struct ck_store *, int64_t id, struct ck_err *);
};

/* The statement's rows, all of them before anything is changed. stmt NULL: it could not be asked.
 */
static int
take_ids(struct ck_store *st, sqlite3_stmt *stmt, struct ids *ids, struct ck_err *err)
{
	int rc = stmt == NULL ? -1 : 1;

	ids->n = 0;
	while (rc == 1 && (rc = ck_sql_next(st, stmt, err)) == 1)
		ids->v[ids->n++] = sqlite3_column_int64(stmt, 0);
	return rc;
}

static int
wipe_one(struct ck_store *st, int64_t id, struct ck_err *err)
{
	if (ck_record_wipe_rows(st, id, err) != 0)
		return -1;
	return ck_sql_do(st, CK_SQL_RECORD_WIPED, CK_ARGS(CK_INT(id)), err);
}

static int
wipe_form(struct ck_store *st, int64_t id, struct ck_err *err)
{
	if (ck_sql_do(st, CK_SQL_FORM_WIPE, CK_ARGS(CK_INT(id)), err) != 0)
		return -1;
	return ck_sql_do(st, CK_SQL_FORM_WIPED, CK_ARGS(CK_INT(id)), err);
}

static int
wipe_some(
    struct ck_store *st, const struct due *due, int64_t now, struct ids *ids, struct ck_err *err)
{
	const struct ck_arg *which = CK_ARGS(CK_INT(now), CK_INT(AT_ONCE));
	int rc = -1;

	if (ck_sql_begin(st, err) != 0 ||
	    take_ids(st, ck_sql_ask(st, due->which, which, err), ids, err) != 0)
		goto out;
	for (int i = 0; i < ids->n; i++)
		if (due->wipe(st, ids->v[i], err) != 0)
			goto out;
	rc = ids->n > 0 ? ck_sql_commit(st, err) : 0;
out:
	ck_sql_rollback(st);
	return rc;
}

static const struct due dues[] = { { CK_SQL_WIPE_DUE, wipe_one }, { CK_SQL_FORM_DUE, wipe_form } };
#define DUES (sizeof dues / sizeof *dues)

int
ck_store_wipe_due(struct ck_store *st, int64_t now, int64_t *count, struct ck_err *err)
{
	bool more = false;

	for (size_t i = 0; i < DUES; i++) {
		struct ids ids = { .n = 0 };

		if (wipe_some(st, &dues[i], now, &ids, err) != 0)
			return -1;
		*count += ids.n;
		more = more || ids.n == AT_ONCE;
	}
	return more;
}

int
ck_store_any_due(struct ck_store *st, int64_t now, struct ck_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < DUES && rc == 0; i++) {
		sqlite3_stmt *stmt =
		    ck_sql_ask(st, dues[i].which, CK_ARGS(CK_INT(now), CK_INT(1)), err);

		rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
		if (rc == 1)
			ck_sql_done(st, stmt);
	}
	return rc;
}

/* ---- whole records ---- */

static int
drop_one(struct ck_store *st, int64_t id, struct ck_err *err)
{
	/* what refers to the record before the record itself */
	static const enum ck_sql parts[] = { CK_SQL_LINE_WIPE, CK_SQL_FACT_PURGE, CK_SQL_TAPE_WIPE,
		CK_SQL_HANDLE_WIPE, CK_SQL_SHEET_WIPE, CK_SQL_PRINT_DROP, CK_SQL_FORM_WIPE,
		CK_SQL_FORM_DROP, CK_SQL_RECORD_DROP };

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (ck_sql_do(st, parts[i], CK_ARGS(CK_INT(id)), err) != 0)
			return -1;
	return 0;
}

static int
note_purge(struct ck_store *st, int n, int64_t before, struct ck_err *err)
{
	char text[96], at[CK_TIME_LEN];

	ck_time_text(before, at);
	snprintf(text, sizeof text, "%d closed before %s", n, at);
	return ck_ledger_add(st, PURGE, ck_now(), PURGE, ck_mark_names[CK_DONE], text, err);
}

static int
purge_some(struct ck_store *st, int64_t after, const char *system, int64_t before, struct ids *ids,
    struct ck_err *err)
{
	const struct ck_arg *which = CK_ARGS(CK_INT(after), CK_INT(before),
	    CK_TEXT(system != NULL ? system : ""), CK_INT(AT_ONCE), CK_INT(ck_now()));
	int rc = -1;

	if (ck_sql_begin(st, err) != 0 ||
	    take_ids(st, ck_sql_ask(st, CK_SQL_PURGE_DUE, which, err), ids, err) != 0)
		goto out;
	for (int i = 0; i < ids->n; i++)
		if (drop_one(st, ids->v[i], err) != 0)
			goto out;
	rc =
	    ids->n == 0 || (note_purge(st, ids->n, before, err) == 0 && ck_sql_commit(st, err) == 0)
		? 0
		: -1;
out:
	ck_sql_rollback(st);
	return rc;
}

int
ck_store_purge(struct ck_store *st, const char *system, int64_t before, int64_t *after,
    int64_t *count, struct ck_err *err)
{
	struct ids ids = { .n = 0 };

	if (purge_some(st, *after, system, before, &ids, err) != 0)
		return -1;
	*count += ids.n;
	if (ids.n > 0)
		*after = ids.v[ids.n - 1];
	return ids.n == AT_ONCE;
}

int
ck_store_purged(struct ck_store *st, const char *number, struct ck_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = 0;

	/* there are lines of keys and of purges, too */
	if (strncmp(number, NUMBER, strlen(NUMBER)) != 0)
		return 0;
	stmt = ck_sql_ask(st, CK_SQL_LEDGER_OF, CK_ARGS(CK_TEXT(number)), err);
	rc = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
	if (rc == 1)
		ck_sql_done(st, stmt);
	return rc;
}
