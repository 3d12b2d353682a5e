#include <errno.h>
#include <string.h>

#include "base/fault.h"
#include "base/utf8.h"
#include "inside.h"

/* what read_head of record.c takes, in its order */
#define HEAD \
	"number, system, way, clerk, state, station, opened, touched, closed, reason, since, next," \
	" wipe"

/* what read_form of paper.c takes, in its order */
#define FORM \
	"SELECT number, name, made, pages, keep, copies, printed, form.wipe," \
	" EXISTS(SELECT 1 FROM form_part WHERE form_part.record = form.record)," \
	" (SELECT mark FROM print WHERE print.record = form.record ORDER BY n DESC LIMIT 1)," \
	" (SELECT count(*) FROM print WHERE print.record = form.record AND mark = 7)" \
	" FROM form JOIN record ON record.id = form.record"

static const char *const texts[CK_SQL_N] = {
	/* IMMEDIATE: a second writer waits here, and never half way with lines of its own written
	 */
	[CK_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[CK_SQL_BEGIN_READ] = "BEGIN",
	[CK_SQL_COMMIT] = "COMMIT",
	[CK_SQL_ROLLBACK] = "ROLLBACK",
	[CK_SQL_META_GET] = "SELECT value FROM meta WHERE name = ?",
	[CK_SQL_META_SET] = "INSERT OR REPLACE INTO meta(name, value) VALUES(?, ?)",
	[CK_SQL_COUNT_UP] =
	    "UPDATE meta SET value = value + 1 WHERE name = 'count' RETURNING value",
	[CK_SQL_RECORD_ADD] = "INSERT INTO record(id, number, system, way, clerk, state, station,"
			      " opened, touched, closed) VALUES(?, ?, ?, ?, ?, ?, '', ?7, ?7, 0)",
	[CK_SQL_RECORD_SET] =
	    "UPDATE record SET state = ?2, station = ?3, touched = ?4, closed = ?5, reason = ?6,"
	    " since = ?7, next = ?8, wipe = ?9 WHERE id = ?1 AND state < 2",
	[CK_SQL_RECORD_GET] = "SELECT " HEAD " FROM record WHERE id = ?",
	[CK_SQL_RECORD_BY_NUMBER] = "SELECT id FROM record WHERE number = ?",
	[CK_SQL_RECORD_BY_HANDLE] = "SELECT record FROM handle WHERE name = ? AND hash = ?",
	/* CROSS: from the newest record on, each by its fact's key; SQLite would go through all
	 * facts and sort */
	[CK_SQL_RECORD_BY_FACT] = "SELECT id FROM record CROSS JOIN fact ON fact.record = id"
				  " AND item = 0 AND name = ? WHERE value = ? AND flags & 1 = 0"
				  " ORDER BY id DESC LIMIT 1",
	[CK_SQL_LINE_ADD] = "INSERT INTO line(record, n, at, item, station, mark, text) VALUES(?1,"
			    " (SELECT coalesce(max(n), 0) + 1 FROM line WHERE record = ?1),"
			    " ?2, ?3, ?4, ?5, ?6)",
	[CK_SQL_FACT_SET] = "INSERT OR REPLACE INTO fact(record, item, name, flags, value)"
			    " VALUES(?, ?, ?, ?, ?)",
	[CK_SQL_FACT_DROP] = "DELETE FROM fact WHERE record = ? AND item = ? AND name = ?",
	[CK_SQL_FACT_ALL] = "SELECT item, name, flags, value FROM fact WHERE record = ?",
	[CK_SQL_FACT_GET] = "SELECT flags, value FROM fact WHERE record ="
			    " (SELECT id FROM record WHERE number = ?) AND item = ? AND name = ?",
	[CK_SQL_FACT_WIPE] = "DELETE FROM fact WHERE record = ? AND flags & 1",
	[CK_SQL_HANDLE_ADD] = "INSERT INTO handle(name, hash, record, item) VALUES(?, ?, ?, ?)"
			      " ON CONFLICT(name, hash) DO NOTHING",
	[CK_SQL_HANDLE_DROP] = "DELETE FROM handle WHERE record = ? AND item = ? AND name = ?",
	[CK_SQL_HANDLE_OWNER] = "SELECT record.number FROM handle JOIN record"
				" ON record.id = handle.record WHERE handle.name = ? AND hash = ?",
	[CK_SQL_HANDLE_WIPE] = "DELETE FROM handle WHERE record = ?",
	[CK_SQL_TAPE_ADD] = "INSERT INTO tape(record, item, step, kind, value)"
			    " SELECT id, ?2, ?3, ?4, ?5 FROM record WHERE id = ?1 AND state < 2"
			    " ON CONFLICT DO NOTHING",
	[CK_SQL_TAPE_GET] = "SELECT value FROM tape WHERE record = ? AND item = ? AND step = ?"
			    " AND kind = ?",
	[CK_SQL_TAPE_CLEAR] = "DELETE FROM tape WHERE record = ? AND item = ?",
	[CK_SQL_TAPE_WIPE] = "DELETE FROM tape WHERE record = ?",
	[CK_SQL_LINE_WIPE] = "DELETE FROM line WHERE record = ?",
	[CK_SQL_FACT_PURGE] = "DELETE FROM fact WHERE record = ?",
	[CK_SQL_RECORD_DROP] = "DELETE FROM record WHERE id = ? AND state > 1",
	[CK_SQL_RECORD_WIPED] = "UPDATE record SET wipe = 0 WHERE id = ?",
	[CK_SQL_LEDGER_ADD] = "INSERT INTO ledger(seq, at, record, station, mark, text, prev, hash)"
			      " VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
	[CK_SQL_LEDGER_LAST] = "SELECT coalesce(max(seq), 0) FROM ledger",
	[CK_SQL_LEDGER_ALL] = "SELECT seq, at, record, station, mark, text, prev, hash FROM ledger"
			      " ORDER BY seq",
	[CK_SQL_LEDGER_OF] = "SELECT 1 FROM ledger WHERE record = ? LIMIT 1",
	[CK_SQL_LEDGER_TRIES] = "SELECT mark, at FROM ledger WHERE record = ? AND station = ?"
				" ORDER BY seq DESC",
	[CK_SQL_FORM_ADD] = "INSERT INTO form(record, name, made, pages, keep)"
			    " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
	[CK_SQL_FORM_ADD_PART] = "INSERT INTO form_part(record, part, value)"
				 " VALUES(?, ?, zeroblob(?))",
	[CK_SQL_FORM_OF] = FORM " WHERE number = ?",
	[CK_SQL_FORM_PART] = "SELECT n FROM form_part WHERE part = ?2 AND"
			     " record = (SELECT id FROM record WHERE number = ?1)",
	[CK_SQL_FORM_PRINTED] = "UPDATE form SET copies = copies + 1, printed = ?2,"
				" wipe = ?2 + keep * 86400"
				" WHERE record = (SELECT id FROM record WHERE number = ?1)",
	[CK_SQL_FORM_WIPED] = "UPDATE form SET wipe = 0 WHERE record = ?",
	[CK_SQL_FORM_WIPE] = "DELETE FROM form_part WHERE record = ?",
	[CK_SQL_FORM_DROP] = "DELETE FROM form WHERE record = ?",
	[CK_SQL_PRINT_COUNT] = "SELECT id, count(n), coalesce(sum(mark < 5), 0) FROM record"
			       " JOIN form ON form.record = id LEFT JOIN print ON"
			       " print.record = id WHERE number = ? GROUP BY id",
	[CK_SQL_PRINT_ADD] = "INSERT INTO print(title, record, copy, printer, mark, job, uuid, at,"
			     " clerk) VALUES(?, ?, ?, ?, 0, 0, '', ?, ?)",
	[CK_SQL_PRINT_SET] = "UPDATE print SET mark = ?2, printer = ?3, job = ?4, uuid = ?5,"
			     " at = ?6 WHERE title = ?1 AND mark < 5",
	[CK_SQL_PRINT_DROP] = "DELETE FROM print WHERE record = ?",
	[CK_SQL_SHEET_ADD] = "INSERT INTO sheet(record, kind, page, type, sha256, size)"
			     " VALUES(?, ?, ?, ?, ?, ?)",
	[CK_SQL_SHEET_ADD_VALUE] = "INSERT INTO sheet_value(n, value) VALUES(?, zeroblob(?))",
	[CK_SQL_SHEET_DROP] = "DELETE FROM sheet WHERE record = ? AND kind = ? AND page = ?",
	[CK_SQL_SHEET_DROP_KIND] = "DELETE FROM sheet WHERE record = ? AND kind = ?",
	[CK_SQL_SHEET_UP] = "UPDATE sheet SET uploaded = 1 WHERE record = ? AND kind = ?"
			    " AND page = ? AND sha256 = ?",
	[CK_SQL_SHEET_ALL] = "SELECT kind, page, type, sha256, size, uploaded FROM sheet"
			     " WHERE record = ? ORDER BY kind, page",
	[CK_SQL_SHEET_ONE] = "SELECT n FROM sheet WHERE record = ? AND kind = ? AND page = ?"
			     " AND sha256 = ?",
	[CK_SQL_SHEET_WIPE] = "DELETE FROM sheet WHERE record = ?",
	[CK_SQL_EACH] = "SELECT " HEAD " FROM record ORDER BY id DESC",
	[CK_SQL_EACH_OPEN] = "SELECT " HEAD " FROM record INDEXED BY record_open WHERE state < 2"
			     " ORDER BY id DESC",
	[CK_SQL_EACH_HELD] = "SELECT " HEAD " FROM record WHERE state < 2 OR wipe > 0"
			     " OR instr(number, ?) > 0 ORDER BY id DESC",
	/* none has a line before it was opened or after it was touched last */
	[CK_SQL_EACH_BETWEEN] =
	    "SELECT " HEAD " FROM record WHERE opened < ?2 AND touched >= ?1 AND (opened >= ?1 OR"
	    " touched < ?2 OR EXISTS(SELECT 1 FROM line WHERE record = id AND at >= ?1 AND"
	    " at < ?2)) ORDER BY id DESC",
	[CK_SQL_LEDGER_EACH] = "SELECT seq, at, record, station, mark, text FROM ledger"
			       " WHERE seq < ? ORDER BY seq DESC LIMIT ?",
	[CK_SQL_LINES] = "SELECT at, item, station, mark, text FROM line WHERE record = ?"
			 " ORDER BY n",
	[CK_SQL_WIPE_DUE] = "SELECT id FROM record INDEXED BY record_wipe WHERE wipe > 0"
			    " AND wipe <= ? ORDER BY wipe LIMIT ?",
	[CK_SQL_PURGE_DUE] = "SELECT id FROM record WHERE id > ?1 AND state > 1 AND closed < ?2"
			     " AND (?3 = '' OR system = ?3) AND NOT EXISTS(SELECT 1 FROM form"
			     " WHERE form.record = id AND (copies = 0 OR form.wipe > ?5))"
			     " AND NOT EXISTS(SELECT 1 FROM print WHERE print.record = id AND"
			     " mark < 5) ORDER BY id LIMIT ?4",
	[CK_SQL_FORM_EACH] = FORM " ORDER BY form.record",
	[CK_SQL_FORM_EACH_WAITING] =
	    FORM " WHERE form.record IN (SELECT record FROM form INDEXED BY form_waiting WHERE"
		 " copies = 0 UNION SELECT record FROM print INDEXED BY print_open WHERE mark < 5)"
		 " ORDER BY form.record",
	[CK_SQL_FORM_DUE] = "SELECT record FROM form INDEXED BY form_wipe WHERE wipe > 0"
			    " AND wipe <= ? ORDER BY wipe LIMIT ?",
	[CK_SQL_PRINT_EACH] = "SELECT title, number, copy, mark, printer, job, uuid, at,"
			      " print.clerk FROM print INDEXED BY print_open JOIN record ON"
			      " record.id = print.record WHERE mark < 5 AND"
			      " (?1 = '' OR number = ?1) ORDER BY mark = 4, n",
};

static enum ck_code
code_of(int rc, int native)
{
	if (rc == SQLITE_IOERR_CORRUPTFS)
		return CK_E_STORE_DAMAGED;
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return CK_E_STORE_FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		/* SQLite names the call that failed; only errno says that it was for want of room
		 */
		return ck_disk_code(native);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return CK_E_STORE_UNWRITABLE;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL:
		return CK_E_STORE_BUSY;
	case SQLITE_NOMEM:
		return CK_E_NO_MEMORY;
	case SQLITE_MISUSE:
	case SQLITE_RANGE:
		return CK_E_INTERNAL;
	default:
		/* CORRUPT, NOTADB; ERROR and CONSTRAINT too: our statements fit our own schema */
		return CK_E_STORE_DAMAGED;
	}
}

int
ck_sql_fail(struct ck_store *st, struct ck_err *err)
{
	/* What SQLite remembers of errno (3.40) leaves out failures of COMMIT; errno itself is
	 * still that of the failed call, as nothing after it fails. A quota or a limit shows only
	 * here. */
	int native = errno != 0 ? errno : sqlite3_system_errno(st->db);
	int rc = sqlite3_extended_errcode(st->db), unmade = 0;

	/* A file SQLite could not make it tries to open as it is, and keeps that errno alone. */
	if ((rc & 0xff) == SQLITE_CANTOPEN && native == ENOENT &&
	    (unmade = ck_disk_may_make(st->conf.dir)) != 0)
		native = unmade;
	return ck_fail_native(err, code_of(rc, native), (unsigned long)rc, "%s: %s", st->conf.dir,
	    sqlite3_errmsg(st->db));
}

int
ck_sql_exec(struct ck_store *st, const char *sql, struct ck_err *err)
{
	errno = 0;
	if (sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return ck_sql_fail(st, err);
	return 0;
}

int
ck_sql_number(struct ck_store *st, const char *sql, int64_t *out, struct ck_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = -1;

	errno = 0;
	if (sqlite3_prepare_v2(st->db, sql, -1, &stmt, NULL) != SQLITE_OK ||
	    sqlite3_step(stmt) != SQLITE_ROW) {
		ck_sql_fail(st, err);
		goto out;
	}
	*out = sqlite3_column_int64(stmt, 0);
	rc = 0;
out:
	sqlite3_finalize(stmt);
	return rc;
}

/* ---- statements ---- */

static int
bind(sqlite3_stmt *stmt, int at, const struct ck_arg *a)
{
	switch (a->kind) {
	case CK_ARG_INT:
		return sqlite3_bind_int64(stmt, at, a->i);
	case CK_ARG_TEXT:
		return sqlite3_bind_text(stmt, at, a->p, -1, SQLITE_STATIC);
	case CK_ARG_BLOB:
		return sqlite3_bind_blob64(stmt, at, a->n > 0 ? a->p : "", a->n, SQLITE_STATIC);
	case CK_ARG_END:
		break;
	}
	return SQLITE_MISUSE;
}

static sqlite3_stmt *
prepare(struct ck_store *st, enum ck_sql id, struct ck_err *err)
{
	bool cached = id < CK_SQL_EACH;
	sqlite3_stmt *stmt = st->stmts[id];

	if (stmt != NULL)
		return stmt;
	errno = 0;
	if (sqlite3_prepare_v3(st->db, texts[id], -1, cached ? SQLITE_PREPARE_PERSISTENT : 0, &stmt,
		NULL) != SQLITE_OK) {
		ck_sql_fail(st, err);
		return NULL;
	}
	if (cached)
		st->stmts[id] = stmt;
	return stmt;
}

sqlite3_stmt *
ck_sql_ask(struct ck_store *st, enum ck_sql id, const struct ck_arg *args, struct ck_err *err)
{
	sqlite3_stmt *stmt = prepare(st, id, err);

	if (stmt == NULL)
		return NULL;
	for (int i = 0; args != NULL && args[i].kind != CK_ARG_END; i++)
		if (bind(stmt, i + 1, &args[i]) != SQLITE_OK) {
			ck_sql_fail(st, err);
			ck_sql_done(st, stmt);
			return NULL;
		}
	return stmt;
}

void
ck_sql_done(struct ck_store *st, sqlite3_stmt *stmt)
{
	if (stmt == NULL)
		return;
	for (int i = 0; i < CK_SQL_EACH; i++)
		if (st->stmts[i] == stmt) {
			sqlite3_reset(stmt);
			sqlite3_clear_bindings(stmt);
			return;
		}
	sqlite3_finalize(stmt);
}

int
ck_sql_next(struct ck_store *st, sqlite3_stmt *stmt, struct ck_err *err)
{
	int rc = SQLITE_OK;

	errno = 0;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		return 1;
	/* the message belongs to the connection and is gone after the reset */
	if (rc != SQLITE_DONE)
		ck_sql_fail(st, err);
	ck_sql_done(st, stmt);
	return rc == SQLITE_DONE ? 0 : -1;
}

int
ck_sql_do(struct ck_store *st, enum ck_sql id, const struct ck_arg *args, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, id, args, err);

	return stmt == NULL ? -1 : ck_sql_next(st, stmt, err);
}

void
ck_sql_text(sqlite3_stmt *stmt, int column, char *out, size_t cap)
{
	const char *s = (const char *)sqlite3_column_text(stmt, column);

	ck_clean(out, cap, s != NULL ? s : "", (size_t)sqlite3_column_bytes(stmt, column));
}

void
ck_sql_close(struct ck_store *st)
{
	for (int i = 0; i < CK_SQL_N; i++) {
		sqlite3_finalize(st->stmts[i]);
		st->stmts[i] = NULL;
	}
	sqlite3_close(st->db);
	st->db = NULL;
}

/* ---- transactions ---- */

int
ck_sql_begin(struct ck_store *st, struct ck_err *err)
{
	return ck_sql_do(st, CK_SQL_BEGIN, NULL, err);
}

int
ck_sql_begin_read(struct ck_store *st, struct ck_err *err)
{
	return ck_sql_do(st, CK_SQL_BEGIN_READ, NULL, err);
}

void
ck_sql_end_read(struct ck_store *st)
{
	/* not ROLLBACK: that would disturb a walk this one is part of */
	ck_sql_do(st, CK_SQL_COMMIT, NULL, NULL);
}

int
ck_sql_commit(struct ck_store *st, struct ck_err *err)
{
	CK_FAULT("record.before");
	if (ck_sql_do(st, CK_SQL_COMMIT, NULL, err) != 0)
		return -1;
	CK_FAULT("record.after");
	return 0;
}

void
ck_sql_rollback(struct ck_store *st)
{
	/* a full disk makes SQLite roll back by itself */
	if (!sqlite3_get_autocommit(st->db))
		ck_sql_do(st, CK_SQL_ROLLBACK, NULL, NULL);
}
