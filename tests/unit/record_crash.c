/* Killed at every commit, at any time, and with the end of the log torn off as a power cut leaves
 * it. */
#include "base/fault.h"
#include "record_help.h"

/* ---- one visit, a number of commits known in advance ---- */

#define PUTS 4
/* store made, record begun, lines, tape, closed */
#define COMMITS (1 + 1 + PUTS + 1 + 1)

static int
visit(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = NULL;
	struct ck_tape tape;

	if (ck_record_begin(st, "s", "self", NULL, "k", &r, NULL) != 0)
		return 2; /* the key's record is open */
	tape = ck_record_tape(r, 0);
	for (int i = 0; i < PUTS; i++)
		if (help_put(r, "n", i % 2 ? "odd" : "even", CK_FACT_SEALED, NULL) != 0)
			return 1;
	if (tape.put(tape.u, 0, "req", (const unsigned char *)"x", 1, NULL) != 0 ||
	    help_close(r, NULL) != 0)
		return 1;
	ck_record_free(r);
	ck_store_close(st);
	return 0;
}

static int
count_line(void *u, const struct ck_line_row *row)
{
	(void)row;
	++*(int *)u;
	return 0;
}

static int
keep_number(void *u, const struct ck_record_head *h)
{
	strcpy(u, h->number);
	return 1;
}

/* How many of the visit's commits does the next engine find? The store's own is one. */
static int
commits_found(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = NULL;
	struct ck_tape tape;
	unsigned char *p = NULL;
	char number[32] = "";
	size_t n = 0;
	int found = 1, lines = 0;
	int64_t links = 0;

	ck_store_each(st, false, keep_number, number, NULL);
	r = help_find(st, "number", number);
	if (r != NULL) {
		tape = ck_record_tape(r, 0);
		ck_record_lines(r, count_line, &lines, NULL);
		found += 1 + lines;
		if (tape.get(tape.u, 0, "req", &p, &n, NULL) == 1)
			found++;
		if (ck_record_head(r)->state == CK_RECORD_DONE)
			found++; /* which took the tape away */
		else if (lines > 0)
			T_STR(ck_record_text(r, 0, "n"), lines % 2 ? "even" : "odd",
			    "the fact is the one of the last line");
	}
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == lines, "%d lines, the ledger whole",
	    lines);
	free(p);
	ck_record_free(r);
	ck_store_close(st);
	return found;
}

static void
die_at(const char *point, int nth, int want)
{
	char at[32], store[32];

	snprintf(at, sizeof at, "%s#%d", point, nth);
	snprintf(store, sizeof store, "%s-%d", point, nth);
	setenv("CK_FAULT_AT", at, 1);
	T(help_child(visit, store) == 256 + SIGKILL, "killed at %s", at);
	unsetenv("CK_FAULT_AT");
	/* the first commit makes the store, which opening it does again */
	T(commits_found(store) == (want > 0 ? want : 1), "%s: %d commits are kept", at, want);
	if (want < COMMITS)
		T(help_child(visit, store) == (want >= 2 ? 2 : 0),
		    "%s: a new visit begins unless this key's is open", at);
}

static void
test_points(void)
{
	for (int i = 1; i <= COMMITS; i++) {
		die_at("record.before", i, i - 1);
		die_at("record.after", i, i);
	}
	T(help_child(visit, "unhurt") == 0 && commits_found("unhurt") == COMMITS,
	    "and all of them when nobody is killed");
}

/* ---- at any time ---- */

static int ack[2];

static int
write_for_ever(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_find(st, "key", "k");

	if (r == NULL)
		r = help_begin(st, "k");
	for (;;)
		if (help_put(r, "n", "v", CK_FACT_SEALED, NULL) != 0 || write(ack[1], "", 1) != 1)
			return 1;
}

static int
lines_in(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_find(st, "key", "k");
	int lines = 0;
	int64_t links = 0;

	if (r != NULL)
		ck_record_lines(r, count_line, &lines, NULL);
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == lines, "ledger whole");
	ck_record_free(r);
	ck_store_close(st);
	return lines;
}

static void
test_any_time(void)
{
	int acked = 0, status = 0, found = 0;
	char byte = 0;

	for (int round = 1; round <= 8; round++) {
		pid_t pid = 0;

		if (pipe(ack) != 0)
			abort();
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			_exit(write_for_ever("any"));
		close(ack[1]);
		for (int i = 0; i < 3 * round; i++)
			if (read(ack[0], &byte, 1) == 1)
				acked++;
		kill(pid, SIGKILL);
		while (read(ack[0], &byte, 1) == 1)
			acked++;
		waitpid(pid, &status, 0);
		close(ack[0]);
		found = lines_in("any");
		/* one line may have been written and its word lost */
		T(found >= acked && found <= acked + 1, "round %d: %d lines heard of, %d kept",
		    round, acked, found);
		acked = found;
	}
}

/* ---- a log without its end ---- */

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *p = malloc(1 << 22);

	if (f == NULL || p == NULL)
		abort();
	*n = fread(p, 1, 1 << 22, f);
	fclose(f);
	return p;
}

static void
test_torn_log(void)
{
	size_t db_n = 0, wal_n = 0, key_n = 0;
	char *db = NULL, *wal = NULL, *key = NULL;
	int before = 0, lines = 0;

	setenv("CK_FAULT_AT", "record.after#7", 1);
	T(help_child(visit, "log") == 256 + SIGKILL, "killed with all of it in the log");
	unsetenv("CK_FAULT_AT");
	db = slurp(help_path("log", "records.db"), &db_n);
	wal = slurp(help_path("log", "records.db-wal"), &wal_n);
	key = slurp(help_path("log", "site.key"), &key_n);
	T(wal_n > 10000, "there is a log (%zu bytes)", wal_n);
	for (size_t cut = wal_n / 2; cut <= wal_n; cut += wal_n / 40) {
		char store[32];

		snprintf(store, sizeof store, "torn-%zu", cut);
		mkdir(help_path(store, ""), 0700);
		help_write(help_path(store, "site.key"), key, key_n, 0600);
		help_write(help_path(store, "records.db"), db, db_n, 0600);
		help_write(help_path(store, "records.db-wal"), wal, cut, 0600);
		lines = lines_in(store);
		T(lines >= before && lines <= PUTS, "cut at %zu: the first %d lines", cut, lines);
		before = lines;
	}
	T(before > 0, "the longest cut has lines");
	free(db);
	free(wal);
	free(key);
}

int
main(void)
{
	help_start();
	test_points();
	test_any_time();
	test_torn_log();
	help_end();
	return T_END();
}
