#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "db.h"

#define BUSY_MS 10000 /* makekey and sandboxctl write beside a loaded server */

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS cert(sha TEXT PRIMARY KEY, serial TEXT, der BLOB, spki TEXT,"
    "  origin TEXT, status TEXT, revoked_at INT, envelope TEXT, lease TEXT, certconf TEXT, made "
    "INT);"
    "CREATE TABLE IF NOT EXISTS envelope(serial TEXT PRIMARY KEY, password TEXT, salt BLOB,"
    "  iterations INT, bound TEXT, original_of TEXT, state TEXT, open INT);"
    "CREATE TABLE IF NOT EXISTS wrong(envelope TEXT, kiosk TEXT, cert TEXT, n INT,"
    "  PRIMARY KEY(envelope, kiosk, cert));"
    "CREATE TABLE IF NOT EXISTS challenge(id TEXT PRIMARY KEY, kiosk TEXT, cert TEXT, envelope "
    "TEXT,"
    "  made INT, used INT);"
    "CREATE TABLE IF NOT EXISTS proof(id TEXT PRIMARY KEY, kiosk TEXT, cert TEXT, until INT,"
    "  download TEXT);"
    "CREATE TABLE IF NOT EXISTS download(reference TEXT PRIMARY KEY, code TEXT, salt BLOB,"
    "  iterations INT, system TEXT, cert TEXT, until INT, wrong INT DEFAULT 0);"
    "CREATE TABLE IF NOT EXISTS lease(id TEXT PRIMARY KEY, system TEXT, cert TEXT, envelope TEXT,"
    "  orderid TEXT, way TEXT, clerk TEXT, kiosk TEXT, record TEXT, state TEXT, quoted INT,"
    "  spki TEXT, issued TEXT, withdrawn INT DEFAULT 0, reference TEXT, secret TEXT, pin TEXT,"
    "  why TEXT, made INT, seen INT, download TEXT);"
    "CREATE TABLE IF NOT EXISTS holder(kiosk TEXT, record TEXT, lease TEXT,"
    "  PRIMARY KEY(kiosk, record, lease));"
    "CREATE INDEX IF NOT EXISTS lease_cert ON lease(cert);"
    "CREATE INDEX IF NOT EXISTS lease_envelope ON lease(envelope);"
    "CREATE INDEX IF NOT EXISTS lease_reference ON lease(reference);"
    /* state: unpaid, paid (waits for its certificate), taken (by a lease), done, void, refund(ed).
     * said: what was ordered, as it came; settled: the payment it is paid with */
    "CREATE TABLE IF NOT EXISTS orders(id TEXT PRIMARY KEY, cert TEXT, state TEXT, web INT DEFAULT "
    "0,"
    "  months INT, amount INT, said TEXT, settled TEXT);"
    /* what a lease takes beside payment, frozen with its grant; null: nothing of the kind */
    "CREATE TABLE IF NOT EXISTS course(lease TEXT PRIMARY KEY, person INT, expired INT, central "
    "INT,"
    "  old_end INT, applicant TEXT, identity TEXT, identity_text TEXT, link TEXT, link_until INT,"
    "  review TEXT, review_text TEXT);"
    "CREATE TABLE IF NOT EXISTS payment(id TEXT PRIMARY KEY, lease TEXT, orderid TEXT, method "
    "TEXT,"
    "  amount INT, until INT, state TEXT);"
    "CREATE TABLE IF NOT EXISTS sms(lease TEXT, mobile TEXT, code TEXT, made INT, until INT,"
    "  wrong INT DEFAULT 0, used INT DEFAULT 0);"
    "CREATE TABLE IF NOT EXISTS paper(lease TEXT, kind TEXT, state TEXT, text TEXT,"
    "  PRIMARY KEY(lease, kind));"
    /* sent: bytes that were offered of it, whatever was taken */
    "CREATE TABLE IF NOT EXISTS sheet(lease TEXT, kind TEXT, page INT, pages INT, type TEXT, sha "
    "TEXT,"
    "  size INT, bytes BLOB, whole INT DEFAULT 0, sent INT DEFAULT 0, PRIMARY KEY(lease, kind, "
    "page));"
    "CREATE TABLE IF NOT EXISTS seal(cert TEXT PRIMARY KEY, label TEXT, bytes BLOB, sha TEXT,"
    "  state TEXT);"
    "CREATE TABLE IF NOT EXISTS application(id TEXT PRIMARY KEY, kiosk TEXT, record TEXT,"
    "  system TEXT, service TEXT, cert TEXT, form TEXT, said TEXT, UNIQUE(kiosk, record, service));"
    "CREATE TABLE IF NOT EXISTS idem(kiosk TEXT, key TEXT, body TEXT, status INT, reply TEXT,"
    "  made INT, PRIMARY KEY(kiosk, key));"
    "CREATE TABLE IF NOT EXISTS tx(tid TEXT PRIMARY KEY, reference TEXT, req0 BLOB, issued TEXT,"
    "  polls INT, state TEXT, made INT, signer TEXT);"
    "CREATE TABLE IF NOT EXISTS exchange(tid TEXT, n INT, req TEXT, rep BLOB,"
    "  PRIMARY KEY(tid, n));";

int
sb_db_open(const char *file, sqlite3 **db)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
	char *why = NULL;

	if (sqlite3_open_v2(file, db, flags, NULL) != SQLITE_OK)
		goto fail;
	sqlite3_busy_timeout(*db, BUSY_MS);
	/* what a killed process wrote is the kernel's and stays; power cuts are not tried here */
	if (sqlite3_exec(*db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;", NULL, NULL,
		&why) != SQLITE_OK ||
	    sqlite3_exec(*db, schema, NULL, NULL, &why) != SQLITE_OK)
		goto fail;
	return 0;
fail:
	ck_log(CK_LOG_ERROR, "%s: %s", file, why != NULL ? why : sqlite3_errmsg(*db));
	sqlite3_free(why);
	return -1;
}

static int
bind_all(sqlite3_stmt *st, const char *types, va_list ap)
{
	const void *bytes = NULL;
	const char *text = NULL;
	int rc = SQLITE_OK;

	for (int i = 1; types != NULL && types[i - 1] != '\0' && rc == SQLITE_OK; i++) {
		switch (types[i - 1]) {
		case 't':
			text = va_arg(ap, const char *);
			rc = sqlite3_bind_text(st, i, text, -1, SQLITE_TRANSIENT);
			break;
		case 'i':
			rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
			break;
		default:
			bytes = va_arg(ap, const void *);
			rc =
			    sqlite3_bind_blob64(st, i, bytes, va_arg(ap, size_t), SQLITE_TRANSIENT);
		}
	}
	return rc;
}

static sqlite3_stmt *
vprepare(sqlite3 *db, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK &&
	    bind_all(st, types, ap) == SQLITE_OK)
		return st;
	ck_log(CK_LOG_ERROR, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(st);
	return NULL;
}

/* the first row, or NULL when there is none */
static sqlite3_stmt *
first_row(sqlite3 *db, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *st = vprepare(db, sql, types, ap);
	int rc = st != NULL ? sqlite3_step(st) : SQLITE_ERROR;

	if (rc == SQLITE_ROW)
		return st;
	if (rc != SQLITE_DONE && st != NULL)
		ck_log(CK_LOG_ERROR, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(st);
	return NULL;
}

sqlite3_stmt *
sb_prepare(sqlite3 *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	va_list ap;

	va_start(ap, types);
	st = vprepare(db, sql, types, ap);
	va_end(ap);
	return st;
}

int
sb_exec(sqlite3 *db, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	va_list ap;
	int rc = SQLITE_ERROR;

	va_start(ap, types);
	st = vprepare(db, sql, types, ap);
	va_end(ap);
	if (st == NULL)
		return -1;
	do
		rc = sqlite3_step(st);
	while (rc == SQLITE_ROW);
	if (rc != SQLITE_DONE)
		ck_log(CK_LOG_ERROR, "%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : -1;
}

int64_t
sb_int(sqlite3 *db, int64_t otherwise, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	va_list ap;

	va_start(ap, types);
	st = first_row(db, sql, types, ap);
	va_end(ap);
	if (st != NULL && sqlite3_column_type(st, 0) != SQLITE_NULL)
		otherwise = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return otherwise;
}

bool
sb_text(sqlite3 *db, char *out, size_t cap, const char *sql, const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	bool found = false;
	va_list ap;

	va_start(ap, types);
	st = first_row(db, sql, types, ap);
	va_end(ap);
	out[0] = '\0';
	if (st != NULL && sqlite3_column_type(st, 0) != SQLITE_NULL) {
		sb_col_copy(st, 0, out, cap);
		found = true;
	}
	sqlite3_finalize(st);
	return found;
}

unsigned char *
sb_blob(sqlite3 *db, size_t *n, const char *sql, const char *types, ...)
{
	unsigned char *bytes = NULL;
	sqlite3_stmt *st = NULL;
	va_list ap;

	va_start(ap, types);
	st = first_row(db, sql, types, ap);
	va_end(ap);
	*n = st != NULL ? (size_t)sqlite3_column_bytes(st, 0) : 0;
	if (*n > 0 && (bytes = malloc(*n)) != NULL)
		memcpy(bytes, sqlite3_column_blob(st, 0), *n);
	sqlite3_finalize(st);
	return bytes;
}

const char *
sb_col(sqlite3_stmt *st, int i)
{
	const char *text = (const char *)sqlite3_column_text(st, i);

	return text != NULL ? text : "";
}

void
sb_col_copy(sqlite3_stmt *st, int i, char *out, size_t cap)
{
	snprintf(out, cap, "%s", sb_col(st, i));
}
