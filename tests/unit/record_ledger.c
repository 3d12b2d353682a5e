/* The chain, and every way of bending it. */
#include "record_help.h"

#define LINES 8

/* A store with LINES links, and an open record. */
static void
make(const char *name)
{
	struct ck_store *st = help_open(name);
	struct ck_record *r = help_begin(st, "k");

	for (int i = 0; i < LINES; i++)
		if (help_put(r, NULL, NULL, 0, NULL) != 0)
			abort();
	ck_record_free(r);
	ck_store_close(st);
}

static void
verify(const char *store, const char *want, const char *what)
{
	struct ck_store *st = help_open(store);
	struct ck_err err = { 0 };
	int64_t n = -1;
	int rc = ck_ledger_verify(st, &n, &err);

	if (want == NULL) {
		T(rc == 0 && err.code == CK_E_NONE, "%s", what);
	} else {
		T(rc == -1 && err.code == CK_E_LEDGER_BROKEN, "%s: seen", what);
		T_STR(err.detail, want, "%s: the first line that does not fit", what);
	}
	ck_store_close(st);
}

static void
test_whole(void)
{
	struct ck_store *st = help_open("none");
	int64_t n = -1;

	T(ck_ledger_verify(st, &n, NULL) == 0 && n == 0, "an empty ledger is whole");
	ck_store_close(st);
	make("whole");
	verify("whole", NULL, "a ledger of eight lines is whole");
}

static const struct bend {
	const char *name, *sql, *first;
} bends[] = {
	{ "text changed", "UPDATE ledger SET text = 'b line' WHERE seq = 3", "3" },
	{ "time changed", "UPDATE ledger SET at = at + 1 WHERE seq = 1", "1" },
	{ "record changed", "UPDATE ledger SET record = 'CK-20200101-000001' WHERE seq = 8", "8" },
	{ "letters moved from one field to the next",
	    "UPDATE ledger SET station = 'newkeyi', mark = 'ntent' WHERE seq = 4", "4" },
	{ "hash changed", "UPDATE ledger SET hash = zeroblob(32) WHERE seq = 5", "5" },
	{ "prev changed", "UPDATE ledger SET prev = zeroblob(32) WHERE seq = 5", "5" },
	{ "hash cut short", "UPDATE ledger SET hash = x'00' WHERE seq = 5", "5" },
	{ "a line removed", "DELETE FROM ledger WHERE seq = 4", "4" },
	{ "a line removed and the rest moved up",
	    "DELETE FROM ledger WHERE seq = 4; UPDATE ledger SET seq = seq - 1 WHERE seq > 4",
	    "4" },
	{ "the first line removed", "DELETE FROM ledger WHERE seq = 1", "1" },
	{ "two lines swapped",
	    "UPDATE ledger SET seq = -1 WHERE seq = 2; UPDATE ledger SET seq = 2 WHERE seq = 3;"
	    "UPDATE ledger SET seq = 3 WHERE seq = -1",
	    "2" },
	{ "the last line cut off", "DELETE FROM ledger WHERE seq = 8", "8" },
	{ "the last three cut off", "DELETE FROM ledger WHERE seq > 5", "6" },
	{ "all cut off", "DELETE FROM ledger", "1" },
	{ "a line stuck on",
	    "INSERT INTO ledger SELECT 9, at, record, station, mark, text, hash, hash FROM ledger"
	    " WHERE seq = 8",
	    "9" },
	{ "cut off, and the head set back to fit",
	    "DELETE FROM ledger WHERE seq > 5; UPDATE meta SET value = x'0000000000000005' ||"
	    " (SELECT hash FROM ledger WHERE seq = 5) || zeroblob(32) WHERE name = 'ledger'",
	    "5" },
	{ "head removed", "DELETE FROM meta WHERE name = 'ledger'", "8" },
	{ "head of the wrong length", "UPDATE meta SET value = x'00' WHERE name = 'ledger'", "8" },
};

/* Bent, it is seen; and it is still seen after an engine has gone on writing to it. */
static void
test_bent(void)
{
	for (size_t i = 0; i < sizeof bends / sizeof bends[0]; i++) {
		struct ck_store *st = NULL;
		struct ck_record *r = NULL;
		struct ck_err err = { 0 };
		char store[16];
		int64_t n = 0;

		snprintf(store, sizeof store, "bent%zu", i);
		make(store);
		help_sql(store, bends[i].sql);
		verify(store, bends[i].first, bends[i].name);
		st = help_open(store);
		r = help_find(st, "key", "k");
		T(r != NULL && help_put(r, NULL, NULL, 0, &err) == 0 &&
			help_put(r, NULL, NULL, 0, &err) == 0,
		    "%s: a visit goes on", bends[i].name);
		T(ck_ledger_verify(st, &n, &err) == -1 && err.code == CK_E_LEDGER_BROKEN,
		    "%s: seen later too", bends[i].name);
		ck_record_free(r);
		ck_store_close(st);
	}
}

/* A closed record's personal data are gone; its lines are not. */
static void
test_outlives(void)
{
	struct ck_store *st = help_open("outlives");
	struct ck_record *r = help_begin(st, "k");
	int64_t n = 0;

	T(help_put(r, "agent", "Li", CK_FACT_SEALED, NULL) == 0 && help_close(r, NULL) == 0 &&
		ck_ledger_verify(st, &n, NULL) == 0 && n == 2,
	    "the ledger is whole when a record is closed and wiped");
	ck_record_free(r);
	ck_store_close(st);
}

/* A line of no record: chained like any other, and naming the key to nobody. */
static void
test_note(void)
{
	struct ck_store *st = help_open("note");
	struct ck_record *r = help_begin(st, "p11|KEY-SERIAL-88");
	struct ck_err err = { 0 };
	int64_t n = 0;

	T(ck_ledger_note(st, "p11|KEY-SERIAL-88", "own-pin", CK_INTENT, "changes", &err) == 0 &&
		help_put(r, NULL, NULL, 0, NULL) == 0 &&
		ck_ledger_note(st, "p11|KEY-SERIAL-88", "own-pin", CK_DONE, "a\033b", &err) == 0 &&
		ck_ledger_note(st, "p11|KEY-SERIAL-99", "own-pin", CK_DONE, "c", &err) == 0,
	    "lines of no record (%s)", err.detail);
	T(ck_ledger_verify(st, &n, NULL) == 0 && n == 4, "they are part of the chain");
	ck_record_free(r);
	ck_store_close(st);
	T(help_grep("note", "KEY-SERIAL-99") == 0, "and do not name the key");
	T(help_grep("note", "a\033b") == 0, "nor keep what a terminal would obey");
	help_sql("note", "CREATE TABLE seen AS SELECT count(DISTINCT record) AS n, min(length("
			 "record)) AS len FROM ledger WHERE record LIKE 'key:%'");
	help_sql("note", "UPDATE meta SET value = zeroblob(1) WHERE name = 'ledger' AND "
			 "(SELECT n <> 2 OR len <> 68 FROM seen)");
	verify("note", NULL, "one keyed hash a key, the same for each of its lines");
	help_sql("note", "UPDATE ledger SET record = 'key:00' WHERE seq = 1");
	verify("note", "1", "a line of no record changed");
}

int
main(void)
{
	help_start();
	test_whole();
	test_bent();
	test_outlives();
	test_note();
	help_end();
	return T_END();
}
