#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "inside.h"

/* "CKio" in the file's header: what file(1) and we know the store by */
#define APPLICATION_ID 0x434b696f

/* The front's `records` or other engines may be at it, and SQLite lets whoever comes first go
 * first: under twenty writers somebody is passed over for a second. Less than what the front allows
 * for our own work between two words. */
#define BUSY_MS 4000
/* a list is read in less; for one that takes its time nobody's visit waits to end */
#define TIDY_MS 500

/*
 * A visit writes some 300 pages; up to 1,000 (4 MB) wait in the log, so that a line costs one sync
 * and nothing else, and the store is tidied when the engine ends.
 */
#define SETTINGS \
	"PRAGMA journal_mode = WAL;" \
	"PRAGMA synchronous = FULL;" \
	"PRAGMA secure_delete = ON;" \
	"PRAGMA foreign_keys = ON;" \
	"PRAGMA trusted_schema = OFF;" \
	"PRAGMA cell_size_check = ON;" \
	"PRAGMA temp_store = MEMORY;" \
	"PRAGMA wal_autocheckpoint = 1000;"

/* steps[n] makes version n + 1 of version n. What was shipped is never changed, only added to. */
static const char *const steps[] = {
	"CREATE TABLE meta("
	" name TEXT PRIMARY KEY, value NOT NULL"
	") WITHOUT ROWID;"
	"CREATE TABLE record("
	" id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, system TEXT NOT NULL,"
	" way TEXT NOT NULL, clerk TEXT NOT NULL, state INTEGER NOT NULL, station TEXT NOT NULL,"
	" opened INTEGER NOT NULL, touched INTEGER NOT NULL, closed INTEGER NOT NULL);"
	/* states below 2 are open and parked: the few among a hundred thousand */
	"CREATE INDEX record_open ON record(id) WHERE state < 2;"
	"CREATE TABLE line("
	" record INTEGER NOT NULL REFERENCES record, n INTEGER NOT NULL, at INTEGER NOT NULL,"
	" item INTEGER NOT NULL, station TEXT NOT NULL, mark INTEGER NOT NULL, text TEXT NOT NULL,"
	" PRIMARY KEY(record, n)) WITHOUT ROWID;"
	"CREATE TABLE fact("
	" record INTEGER NOT NULL REFERENCES record, item INTEGER NOT NULL, name TEXT NOT NULL,"
	" flags INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(record, item, name))"
	" WITHOUT ROWID;"
	/* of open records only: a closed one is found by its number */
	"CREATE TABLE handle("
	" name TEXT NOT NULL, hash BLOB NOT NULL, record INTEGER NOT NULL REFERENCES record,"
	" item INTEGER NOT NULL, PRIMARY KEY(name, hash)) WITHOUT ROWID;"
	"CREATE INDEX handle_record ON handle(record);"
	"CREATE TABLE tape("
	" record INTEGER NOT NULL REFERENCES record, item INTEGER NOT NULL, step INTEGER NOT NULL,"
	" kind TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY(record, item, step, kind));"
	"CREATE TABLE ledger("
	" seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, record TEXT NOT NULL,"
	" station TEXT NOT NULL, mark TEXT NOT NULL, text TEXT NOT NULL, prev BLOB NOT NULL,"
	" hash BLOB NOT NULL);"
	"INSERT INTO meta(name, value) VALUES('count', 0);",
	/* Why a parked one stands still and when to look again, and when what is sealed in a closed
	 * one goes. Version 1 parked for the authority alone. */
	"ALTER TABLE record ADD COLUMN reason TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE record ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE record ADD COLUMN next INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE record ADD COLUMN wipe INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX record_wipe ON record(wipe) WHERE wipe > 0;"
	"UPDATE record SET reason = 'authority', since = touched WHERE state = 1;",
	/* Forms, and what was done to have them on paper. What is sealed of one is empty once it is
	 * gone. */
	"CREATE TABLE form("
	" record INTEGER PRIMARY KEY REFERENCES record, name TEXT NOT NULL, made INTEGER NOT NULL,"
	" pages INTEGER NOT NULL, keep INTEGER NOT NULL, copies INTEGER NOT NULL DEFAULT 0,"
	" printed INTEGER NOT NULL DEFAULT 0, wipe INTEGER NOT NULL DEFAULT 0,"
	" fields BLOB NOT NULL, qr BLOB NOT NULL, pdf BLOB NOT NULL, template BLOB NOT NULL);"
	"CREATE INDEX form_waiting ON form(record) WHERE copies = 0;"
	"CREATE INDEX form_wipe ON form(wipe) WHERE wipe > 0;"
	"CREATE TABLE print("
	" n INTEGER PRIMARY KEY, title TEXT NOT NULL UNIQUE,"
	" record INTEGER NOT NULL REFERENCES form, copy INTEGER NOT NULL, printer TEXT NOT NULL,"
	" mark INTEGER NOT NULL, job INTEGER NOT NULL, uuid TEXT NOT NULL, at INTEGER NOT NULL,"
	" clerk TEXT NOT NULL);"
	/* marks below 5 are not settled */
	"CREATE INDEX print_open ON print(n) WHERE mark < 5;"
	"CREATE INDEX print_record ON print(record, n);",
	/* What is sealed of a form stands apart: a row that counts its sheets would be written anew
	 * with all of the document, each time. */
	"CREATE TABLE form_part("
	" n INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES form, part TEXT NOT NULL,"
	" value BLOB NOT NULL, UNIQUE(record, part));"
	"INSERT INTO form_part(record, part, value)"
	" SELECT record, 'fields', fields FROM form WHERE length(pdf) > 0"
	" UNION ALL SELECT record, 'qr', qr FROM form WHERE length(pdf) > 0"
	" UNION ALL SELECT record, 'pdf', pdf FROM form WHERE length(pdf) > 0"
	" UNION ALL SELECT record, 'template', template FROM form WHERE length(pdf) > 0;"
	"ALTER TABLE form DROP COLUMN fields; ALTER TABLE form DROP COLUMN qr;"
	"ALTER TABLE form DROP COLUMN pdf; ALTER TABLE form DROP COLUMN template;",
	/* Sheets that came in. What is sealed of one stands apart, as a form's does. */
	"CREATE TABLE sheet("
	" n INTEGER PRIMARY KEY, record INTEGER NOT NULL REFERENCES record, kind TEXT NOT NULL,"
	" page INTEGER NOT NULL, type TEXT NOT NULL, sha256 BLOB NOT NULL, size INTEGER NOT NULL,"
	" uploaded INTEGER NOT NULL DEFAULT 0, UNIQUE(record, kind, page));"
	"CREATE TABLE sheet_value("
	" n INTEGER PRIMARY KEY REFERENCES sheet ON DELETE CASCADE, value BLOB NOT NULL);",
};
#define VERSION ((int64_t)(sizeof steps / sizeof steps[0]))

/* what the sealed check value says: opens with the right site key and with no other */
static const char check_text[] = "certkiosk store";
static const char check_aad[] = "meta|check";

/* chmod after mkdir: what may read the store is not for the umask to say */
static int
make_dir(const char *path, struct ck_err *err)
{
	if (mkdir(path, 0700) == 0) {
		if (chmod(path, 0700) != 0 || ck_disk_sync_parent(path) != 0)
			return ck_disk_fail(err, path);
	} else if (errno != EEXIST) {
		return ck_disk_fail(err, path);
	}
	if (faccessat(AT_FDCWD, path, R_OK | W_OK | X_OK, AT_EACCESS) != 0)
		return ck_disk_fail(err, path);
	return 0;
}

/*
 * SQLite would make it 0644; its log and index take the mode from it. Only ever opened by us when
 * it is new: closing a second descriptor would drop the locks SQLite holds on the first.
 */
static int
make_file(const char *path, struct ck_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), rc = 0;

	if (fd < 0)
		return errno == EEXIST ? 0 : ck_disk_fail(err, path);
	if (fchmod(fd, 0600) != 0)
		rc = ck_disk_fail(err, path);
	close(fd);
	return rc;
}

static int
open_file(struct ck_store *st, struct ck_err *err)
{
	char path[CK_PATH_MAX];

	snprintf(path, sizeof path, "%s/records.db", st->conf.dir);
	errno = 0;
	if (sqlite3_open_v2(path, &st->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, NULL) !=
	    SQLITE_OK) {
		if (st->db == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "%s", path);
		return ck_sql_fail(st, err);
	}
	sqlite3_busy_timeout(st->db, BUSY_MS);
	/* SQLite's own tidying shuts others out without waiting; ours is in ck_store_close */
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* SQLite is content to read only; we are not */
	if (sqlite3_db_readonly(st->db, "main") == 1)
		return ck_fail(err, CK_E_STORE_UNWRITABLE, "%s: read-only", path);
	return 0;
}

static int
open_database(struct ck_store *st, struct ck_err *err)
{
	char path[CK_PATH_MAX];

	snprintf(path, sizeof path, "%s/locks", st->conf.dir);
	if (make_dir(st->conf.dir, err) != 0 || make_dir(path, err) != 0)
		return -1;
	snprintf(path, sizeof path, "%s/records.db", st->conf.dir);
	return make_file(path, err) != 0 ? -1 : open_file(st, err);
}

/* Before anything is changed in it: is this ours, and not from a later program? */
static int
look_at_header(struct ck_store *st, int64_t *version, struct ck_err *err)
{
	int64_t id = 0, tables = 0;

	if (ck_sql_number(st, "PRAGMA application_id", &id, err) != 0 ||
	    ck_sql_number(st, "PRAGMA user_version", version, err) != 0 ||
	    ck_sql_number(st, "SELECT count(*) FROM sqlite_schema", &tables, err) != 0)
		return -1;
	if (id == 0 && *version == 0 && tables == 0)
		return 0;
	if (id != APPLICATION_ID || *version < 1)
		return ck_fail(err, CK_E_STORE_DAMAGED, "%s: not a store", st->conf.dir);
	if (*version > VERSION)
		return ck_fail(err, CK_E_STORE_NEWER, "%s: version %lld, this program knows %lld",
		    st->conf.dir, (long long)*version, (long long)VERSION);
	return 0;
}

static int
look_first(struct ck_store *st, int64_t *version, struct ck_err *err)
{
	int rc = -1;

	/* one view: someone may be making it a store right now */
	if (ck_sql_begin_read(st, err) != 0)
		return -1;
	rc = look_at_header(st, version, err);
	ck_sql_end_read(st);
	return rc;
}

static int
write_check(struct ck_store *st, struct ck_err *err)
{
	size_t n = 0;
	unsigned char *sealed =
	    ck_seal(st->keys, check_aad, check_text, sizeof check_text, &n, err);
	int rc = -1;

	if (sealed != NULL)
		rc = ck_sql_do(
		    st, CK_SQL_META_SET, CK_ARGS(CK_TEXT("check"), CK_BLOB(sealed, n)), err);
	free(sealed);
	return rc;
}

static int
migrate(struct ck_store *st, struct ck_err *err)
{
	char stamp[96];
	int64_t version = 0;
	int rc = -1;

	if (ck_sql_exec(st, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	/* again, now that nobody else can be at it */
	if (look_at_header(st, &version, err) != 0)
		goto out;
	for (int64_t v = version; v < VERSION; v++) {
		CK_FAULT("record.step");
		if (ck_sql_exec(st, steps[v], err) != 0)
			goto out;
	}
	if (version == 0 && (write_check(st, err) != 0 || ck_ledger_start(st, err) != 0))
		goto out;
	snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    APPLICATION_ID, (int)VERSION);
	if (ck_sql_exec(st, stamp, err) != 0)
		goto out;
	rc = ck_sql_commit(st, err);
out:
	ck_sql_rollback(st);
	return rc;
}

static int
check_key(struct ck_store *st, struct ck_err *err)
{
	sqlite3_stmt *stmt = ck_sql_ask(st, CK_SQL_META_GET, CK_ARGS(CK_TEXT("check")), err);
	unsigned char *plain = NULL;
	size_t n = 0;
	int found = stmt == NULL ? -1 : ck_sql_next(st, stmt, err);

	if (found < 0)
		return -1;
	if (found == 1) {
		plain = ck_unseal(st->keys, check_aad, sqlite3_column_blob(stmt, 0),
		    (size_t)sqlite3_column_bytes(stmt, 0), &n, NULL);
		ck_sql_done(st, stmt);
	}
	if (plain == NULL)
		return ck_fail(err, CK_E_SITE_KEY, "%s: another key", st->conf.dir);
	free(plain);
	return 0;
}

/* One at a time: of two that turn a new file into a store SQLite sends one away without waiting. */
static int
bring_up(struct ck_store *st, int64_t version, struct ck_err *err)
{
	int fd = -1, rc = -1;

	if (version == 0) {
		fd = open(st->conf.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX) != 0) {
			ck_disk_fail(err, st->conf.dir);
			goto out;
		}
	}
	if (ck_sql_exec(st, SETTINGS, err) == 0 && (version == VERSION || migrate(st, err) == 0))
		rc = 0;
out:
	if (fd >= 0)
		close(fd);
	return rc;
}

int
ck_store_open(const struct ck_store_conf *conf, struct ck_store **out, struct ck_err *err)
{
	struct ck_store *st = calloc(1, sizeof *st);
	int64_t version = 0;

	if (st == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "store");
	st->conf = *conf;
	if (open_database(st, err) != 0 || look_first(st, &version, err) != 0 ||
	    ck_keys_open(conf, version == 0, &st->keys, err) != 0 ||
	    bring_up(st, version, err) != 0 || check_key(st, err) != 0) {
		ck_store_close(st);
		return -1;
	}
	*out = st;
	return 0;
}

/* ---- a look from outside ---- */

/* What is not there yet is made in the folder above. */
static int
look_at_room(const char *dir, struct ck_store_seen *seen, struct ck_err *err)
{
	char above[CK_PATH_MAX];
	const char *slash = strrchr(dir, '/');

	snprintf(above, sizeof above, "%.*s", slash > dir ? (int)(slash - dir) : 1,
	    slash != NULL ? dir : ".");
	if (access(dir, F_OK) != 0 && errno == ENOENT)
		dir = above;
	if (faccessat(AT_FDCWD, dir, R_OK | W_OK | X_OK, AT_EACCESS) != 0)
		return ck_disk_fail(err, dir);
	seen->room = ck_disk_free(dir, err);
	return seen->room == -1 ? -1 : ck_disk_room(dir, seen->reserve, err);
}

/* It is not tidied when it is closed: that would be a change. */
static int
look_inside(const struct ck_store_conf *conf, struct ck_store_seen *seen, struct ck_err *err)
{
	struct ck_store *st = calloc(1, sizeof *st);
	int64_t version = 0;
	int rc = -1;

	if (st == NULL)
		return ck_fail(err, CK_E_NO_MEMORY, "store");
	st->conf = *conf;
	if (open_file(st, err) != 0 || look_first(st, &version, err) != 0)
		goto out;
	seen->made = version > 0;
	if (seen->made &&
	    (ck_keys_open(conf, false, &st->keys, err) != 0 || check_key(st, err) != 0))
		goto out;
	rc = 0;
out:
	ck_sql_close(st);
	ck_keys_free(st->keys);
	free(st);
	return rc;
}

int
ck_store_look(const struct ck_store_conf *conf, struct ck_store_seen *seen, struct ck_err *err)
{
	char path[CK_PATH_MAX];

	*seen = (struct ck_store_seen){ .room = -1, .reserve = conf->reserve };
	snprintf(path, sizeof path, "%s/records.db", conf->dir);
	if (access(path, F_OK) == 0 && look_inside(conf, seen, err) != 0)
		return -1;
	return look_at_room(conf->dir, seen, err);
}

int
ck_store_tidy(struct ck_store *st, struct ck_err *err)
{
	int rc = SQLITE_OK;

	errno = 0;
	sqlite3_busy_timeout(st->db, TIDY_MS);
	rc = sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_busy_timeout(st->db, BUSY_MS);
	if (rc == SQLITE_OK)
		return 1;
	return (rc & 0xff) == SQLITE_BUSY ? 0 : ck_sql_fail(st, err);
}

void
ck_store_close(struct ck_store *st)
{
	if (st == NULL)
		return;
	/* Someone may be reading: then the next to close does it. */
	if (st->db != NULL && sqlite3_get_autocommit(st->db))
		ck_store_tidy(st, NULL);
	ck_sql_close(st);
	ck_store_unlock_keys(st);
	ck_keys_free(st->keys);
	free(st);
}
