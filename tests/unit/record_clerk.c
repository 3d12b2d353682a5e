/* Lines about clerks: who is whom, how tries are counted, and that two at once are two. */
#include "record_help.h"

#include "base/fault.h"

#define FREE 5
#define AT_ONCE 8

static int seen_tries;
static int64_t seen_last;

static int64_t
wait_after_five(int tries, int64_t last, int64_t now)
{
	seen_tries = tries;
	seen_last = last;
	(void)now;
	return tries < FREE ? 0 : 60;
}

static int64_t
try(struct ck_store *st, const char *id, bool known)
{
	const struct ck_who who = { .id = id, .known = known };
	struct ck_err err = { 0 };
	int64_t left = -1;

	if (ck_ledger_try(st, &who, "clerk-word", "tried", wait_after_five, &left, &err) != 0) {
		printf("not ok - a try\n#   %d %s\n", err.code, err.detail);
		exit(1);
	}
	return left;
}

static void
note(struct ck_store *st, const char *id, bool known, const char *station, enum ck_mark mark)
{
	const struct ck_who who = { .id = id, .known = known };

	if (ck_ledger_clerk(st, &who, station, mark, "a line", NULL) != 0)
		abort();
}

static void
test_counted(void)
{
	struct ck_store *st = help_open("counted");
	int64_t n = 0, left = 0;

	T(try(st, "07", true) == 0 && seen_tries == 0 && seen_last == 0, "the first of a clerk");
	T(try(st, "07", true) == 0 && seen_tries == 1 && seen_last != 0, "the second");
	note(st, "07", true, "clerk-word", CK_NOTE);
	note(st, "07", true, "sign-in", CK_DONE);
	T(try(st, "07", true) == 0 && seen_tries == 2, "neither notes nor what else he did count");
	T(try(st, "08", true) == 0 && seen_tries == 0, "nor does what others do");
	T(try(st, "07", false) == 0 && seen_tries == 0, "nor somebody who only has the id");
	ck_store_close(st);
	st = help_open("counted");
	T(try(st, "07", true) == 0 && seen_tries == 3, "they are there after a restart");
	try(st, "07", true);
	left = try(st, "07", true);
	T(left == 60 && seen_tries == 5, "five are free");
	try(st, "07", true);
	T(seen_tries == 5, "what has to wait is no try");
	note(st, "07", true, "clerk-word", CK_DONE);
	T(try(st, "07", true) == 0 && seen_tries == 0, "the right one counts anew");
	T(ck_ledger_verify(st, &n, NULL) == 0 && n == 11, "the ledger is whole");
	ck_store_close(st);
}

static int
count_in(const char *store, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int n = -1;

	if (sqlite3_open(help_path(store, "records.db"), &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static void
test_strangers(void)
{
	struct ck_store *st = help_open("strangers");

	try(st, "my passphrase", false);
	try(st, "my passphrase", false);
	T(seen_tries == 1, "somebody nobody knows is counted, too");
	try(st, "another", false);
	T(seen_tries == 0, "each by himself");
	note(st, "07", true, "sign-in", CK_DONE);
	ck_store_close(st);
	T(count_in("strangers", "SELECT count(*) FROM ledger WHERE record = 'clerk:07'") == 1,
	    "a clerk is known by his id");
	T(count_in("strangers",
	      "SELECT count(*) FROM ledger WHERE record GLOB 'clerk:#[0-9a-f]*' AND"
	      " length(record) = 71") == 3,
	    "a stranger by a hash");
	T(count_in("strangers", "SELECT count(*) FROM ledger WHERE record LIKE '%my pass%'") == 0,
	    "what was typed does not show");
}

static void
test_at_once(void)
{
	struct ck_store *st = help_open("at-once");
	int tried = 0;

	ck_store_close(st);
	for (int i = 0; i < AT_ONCE; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			st = help_open("at-once");
			i = try(st, "07", true) == 0;
			ck_store_close(st);
			_exit(i);
		}
		if (pid == -1)
			abort();
	}
	for (int i = 0, status = 0; i < AT_ONCE; i++)
		if (wait(&status) != -1 && WIFEXITED(status))
			tried += WEXITSTATUS(status);
	T(tried == FREE, "of %d at once %d are tried: %d", AT_ONCE, FREE, tried);
}

int
main(void)
{
	help_start();
	test_counted();
	test_strangers();
	test_at_once();
	help_end();
	return T_END();
}
