/* What can be read from the store's files, with the engine running, after it, and after a record's
 * end. */
#include "record_help.h"

#define PERSON "Li-Xiaoming-310101199001011234"
#define SERIAL "3A00112233445566"
#define PIECE "tape-bytes-of-the-exchange"

static struct ck_record *
fill(struct ck_store *st, const char *key)
{
	struct ck_record *r = help_begin(st, key);
	struct ck_tape tape = ck_record_tape(r, 0);
	const unsigned char piece[] = PIECE PIECE;

	T(help_put(r, "agent", PERSON, CK_FACT_SEALED, NULL) == 0 &&
		help_put(r, "envelope", SERIAL, CK_FACT_HANDLE, NULL) == 0 &&
		help_put(r, "plain", "in-clear-text", 0, NULL) == 0 &&
		tape.put(tape.u, 0, "req", piece, sizeof piece, NULL) == 0,
	    "%s: a sealed fact, a handle, a plain fact, a piece of tape", key);
	return r;
}

static void
test_files(void)
{
	struct ck_store *st = help_open("sealed");
	struct ck_record *r = fill(st, "p11|KEY-SERIAL-77");
	struct stat sb = { 0 };
	struct ck_err err = { 0 };

	T(ck_store_lock_key(st, "p11|KEY-SERIAL-77", &err) == 0, "the key is locked");
	T(help_grep("sealed", "in-clear-text") > 0, "the search finds what is in clear (log)");
	T(help_grep("sealed", PERSON) == 0, "no personal data in database or log");
	T(help_grep("sealed", SERIAL) == 0, "no envelope serial");
	T(help_grep("sealed", "KEY-SERIAL-77") == 0,
	    "no key serial, not in the lock's name either");
	T(help_grep("sealed", PIECE) == 0, "no tape");
	ck_record_free(r);
	ck_store_close(st);
	T(help_grep("sealed", "in-clear-text") > 0, "and once the store is closed");
	T(help_grep("sealed", PERSON) + help_grep("sealed", SERIAL) + help_grep("sealed", PIECE) +
		    help_grep("sealed", "KEY-SERIAL-77") ==
		0,
	    "nothing of those either");
	T(stat(help_path("sealed", "records.db-wal"), &sb) != 0 || sb.st_size == 0,
	    "nothing stays in the log");
}

static int64_t
count(const char *store, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite3_open(help_path(store, "records.db"), &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

/* the sealed bytes of a fact as they stand in the files: to look for them afterwards */
static void
raw_value(const char *store, char hex[33])
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	hex[0] = '\0';
	if (sqlite3_open(help_path(store, "records.db"), &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "SELECT substr(value, 1, 16) FROM fact WHERE name = 'agent'", -1,
		&stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_bytes(stmt, 0) == 16)
		memcpy(hex, sqlite3_column_blob(stmt, 0), 16);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static int
holds_raw(const char *store, const char *raw)
{
	FILE *f = fopen(help_path(store, "records.db"), "rb");
	static char all[1 << 20];
	size_t n = f != NULL ? fread(all, 1, sizeof all, f) : 0;

	if (f == NULL || n == 0 || n == sizeof all)
		abort();
	fclose(f);
	return memmem(all, n, raw, 16) != NULL;
}

static void
test_close_wipes(void)
{
	struct ck_store *st = help_open("wiped");
	struct ck_record *r = fill(st, "k"), *again = NULL;
	struct ck_tape tape = ck_record_tape(r, 0);
	unsigned char *bytes = NULL;
	char number[32], raw[33] = "";
	size_t n = 0;

	snprintf(number, sizeof number, "%s", ck_record_head(r)->number);
	raw_value("wiped", raw);
	T(help_close(r, NULL) == 0, "closed");
	T(ck_record_get(r, 0, "agent", NULL) == NULL &&
		ck_record_get(r, 0, "envelope", NULL) == NULL,
	    "sealed facts are gone from memory");
	T_STR(ck_record_text(r, 0, "plain"), "in-clear-text", "plain ones stay");
	T(tape.get(tape.u, 0, "req", &bytes, &n, NULL) == 0, "the tape is gone");
	T(tape.put(tape.u, 1, "req", (const unsigned char *)"x", 1, NULL) == -1,
	    "and takes nothing more");
	T(ck_record_clear_tape(r, 0, NULL) == -1, "nor is it begun again");
	again = help_find(st, "number", number);
	T(again != NULL && ck_record_get(again, 0, "agent", NULL) == NULL, "gone from disk too");
	T_STR(
	    again ? ck_record_text(again, 0, "plain") : NULL, "in-clear-text", "but the plain one");
	ck_record_free(again);
	ck_record_free(r);
	ck_store_close(st);
	T(count("wiped", "SELECT count(*) FROM tape") == 0, "no row of tape");
	T(count("wiped", "SELECT count(*) FROM fact WHERE flags & 1") == 0, "no sealed fact");
	T(count("wiped", "SELECT count(*) FROM handle") == 0, "no handle");
	T(!holds_raw("wiped", raw), "not even sealed bytes are left in free pages");
}

/* The same without closing the record: what test_close_wipes looks for is there to be found. */
static void
test_search_works(void)
{
	struct ck_store *st = help_open("kept");
	struct ck_record *r = fill(st, "k");
	char raw[33] = "";

	raw_value("kept", raw);
	ck_record_free(r);
	ck_store_close(st);
	T(holds_raw("kept", raw), "sealed bytes of an open record are found when searched for");
}

static enum ck_code
find_code(struct ck_store *st, const char *key)
{
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };

	ck_record_find(st, "key", key, &r, &err);
	ck_record_free(r);
	return err.code;
}

/* A sealed value belongs to its record, item and name; a changed one does not open. */
static void
test_moved(void)
{
	struct ck_store *st = help_open("moved");

	ck_record_free(fill(st, "k1"));
	ck_store_close(st);
	help_sql("moved", "UPDATE fact SET name = 'owner' WHERE name = 'agent'");
	st = help_open("moved");
	T(find_code(st, "k1") == CK_E_STORE_DAMAGED, "under another name it does not open");
	ck_store_close(st);
	help_sql("moved", "UPDATE fact SET name = 'agent' WHERE name = 'owner'");
	st = help_open("moved");
	T(find_code(st, "k1") == CK_E_NONE, "back under its own it does");
	ck_store_close(st);
	help_sql("moved", "UPDATE fact SET value = substr(value, 1, length(value) - 1) || "
			  "CASE substr(value, -1) WHEN x'00' THEN x'01' ELSE x'00' END"
			  " WHERE name = 'agent'");
	st = help_open("moved");
	T(find_code(st, "k1") == CK_E_STORE_DAMAGED, "with its last byte changed it doesn't");
	ck_store_close(st);
	help_sql("moved", "UPDATE fact SET value = x'00' WHERE name = 'agent'");
	st = help_open("moved");
	T(find_code(st, "k1") == CK_E_STORE_DAMAGED, "nor when it is shorter than a nonce");
	ck_store_close(st);
}

static void
test_nonces(void)
{
	struct ck_store *st = help_open("nonces");
	struct ck_record *r = help_begin(st, "k");

	for (int i = 0; i < 2; i++)
		help_put(r, i == 0 ? "a" : "b", "same value", CK_FACT_SEALED, NULL);
	ck_record_free(r);
	ck_store_close(st);
	T(count("nonces", "SELECT count(DISTINCT substr(value, 1, 12)) FROM fact") == 3,
	    "each sealed value has a nonce of its own");
}

int
main(void)
{
	help_start();
	test_files();
	test_close_wipes();
	test_search_works();
	test_moved();
	test_nonces();
	help_end();
	return T_END();
}
