/* Many records: nothing that a visit waits for may grow with them. `record_many N LINES` for more
 * of them. */
#include <time.h>

#include "record/inside.h"
#include "record_help.h"

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
count_head(void *u, const struct ck_record_head *h)
{
	(void)h;
	++*(int *)u;
	return 0;
}

/* The plan SQLite has for one of the room's own statements: which row of it goes through a table or
 * an index from end to end, or sorts. */
static void
see_plan(struct ck_store *st, enum ck_sql id, const char *scan)
{
	sqlite3_stmt *asked = ck_sql_ask(st, id, NULL, NULL), *plan = NULL;
	const char *sql = asked != NULL ? sqlite3_sql(asked) : "";
	char explain[1024], scans[256] = "";

	snprintf(explain, sizeof explain, "EXPLAIN QUERY PLAN %s", sql);
	T(sqlite3_prepare_v2(st->db, explain, -1, &plan, NULL) == SQLITE_OK, "a plan of: %s", sql);
	while (plan != NULL && sqlite3_step(plan) == SQLITE_ROW) {
		const char *row = (const char *)sqlite3_column_text(plan, 3);

		if (strncmp(row, "SCAN ", 5) == 0 || strncmp(row, "USE TEMP", 8) == 0)
			snprintf(scans + strlen(scans), sizeof scans - strlen(scans), "%s%s",
			    scans[0] != '\0' ? ", " : "", row);
	}
	T_STR(scans, scan, "and what it goes through");
	sqlite3_finalize(plan);
	ck_sql_done(st, asked);
}

static void
plans(struct ck_store *st)
{
	/* nobody waits for these, and the ledger has its rows in order */
	static const char *const scan[CK_SQL_N] = {
		[CK_SQL_EACH] = "SCAN record",
		[CK_SQL_LEDGER_ALL] = "SCAN ledger",
		/* heads alone, of which a person waits for the lot */
		[CK_SQL_EACH_HELD] = "SCAN record",
		[CK_SQL_FORM_EACH] = "SCAN form",
		[CK_SQL_EACH_BETWEEN] = "SCAN record",
		/* of a number that is not there */
		[CK_SQL_LEDGER_OF] = "SCAN ledger",
		/* from the newest line back, until a clerk's last good sign-in ends it */
		[CK_SQL_LEDGER_TRIES] = "SCAN ledger",
		/* asked about a pair without certificate, and by nothing else */
		[CK_SQL_RECORD_BY_FACT] = "SCAN record",
		/* these hold what is open, and nothing else */
		[CK_SQL_FORM_EACH_WAITING] = "SCAN form USING INDEX form_waiting, "
					     "SCAN print USING INDEX print_open",
		[CK_SQL_PRINT_EACH] = "SCAN print USING INDEX print_open, "
				      "USE TEMP B-TREE FOR ORDER BY",
		[CK_SQL_EACH_OPEN] = "SCAN record USING INDEX record_open",
	};

	for (int id = 0; id < CK_SQL_N; id++)
		see_plan(st, (enum ck_sql)id, scan[id] != NULL ? scan[id] : "");
}

/* Rows as the room itself writes them, but N of them in one transaction: ten minutes of syncs would
 * test the disk. */
static void
copy_records(const char *store, int n)
{
	char sql[1024];

	snprintf(sql, sizeof sql,
	    "WITH RECURSIVE k(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM k WHERE i < %d)"
	    " INSERT INTO record(id, number, system, way, clerk, state, station, opened, touched,"
	    " closed) SELECT i, 'CK-20200101-' || printf('%%06d', i), system, way, clerk,"
	    " 2, station, opened, touched, closed FROM record, k WHERE id = 1;"
	    "INSERT INTO fact SELECT r.id, item, name, 0, x'00' FROM record r, fact f"
	    " WHERE f.record = 1 AND r.id > 1;"
	    "INSERT INTO line SELECT r.id, n, at, item, l.station, mark, text FROM record r, line l"
	    " WHERE l.record = 1 AND r.id > 1;"
	    "UPDATE meta SET value = %d WHERE name = 'count'",
	    n, n);
	help_sql(store, sql);
}

int
main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 5000, lines = argc > 2 ? atoi(argv[2]) : 100;
	int found = 0;
	int64_t start = 0, links = 0;
	struct ck_store *st = NULL;
	struct ck_record *r = NULL;
	char number[32];

	help_start();
	st = help_open("many");
	r = help_begin(st, "first");
	for (int i = 0; i < 20; i++)
		help_put(r, "f", "value", 0, NULL);
	ck_record_free(r);
	ck_store_close(st);
	copy_records("many", n);

	start = now_us();
	st = help_open("many");
	T(ck_store_each(st, true, count_head, &found, NULL) == 0 && found == 1,
	    "of %d records one is open", n);
	r = help_find(st, "key", "first");
	T(r != NULL, "found by its key");
	printf("# open, list what is open, find: %lld us\n", (long long)(now_us() - start));
	ck_record_free(r);

	start = now_us();
	r = help_begin(st, "last");
	snprintf(number, sizeof number, "%06d", n + 1);
	T_STR(ck_record_head(r)->number + 12, number, "the next one's count");
	printf("# begin: %lld us\n", (long long)(now_us() - start));
	start = now_us();
	for (int i = 0; i < lines; i++)
		help_put(r, "f", "value", CK_FACT_SEALED, NULL);
	printf("# a line: %lld us\n", (long long)(now_us() - start) / lines);
	ck_record_free(r);

	r = NULL;
	start = now_us();
	T(ck_record_by_fact(st, "f", "nobody's", 8, &r, NULL) == 0 && r == NULL, "nobody's fact");
	printf("# look for a fact: %lld us\n", (long long)(now_us() - start));

	found = 0;
	start = now_us();
	T(ck_store_each_held(st, "nobody's", count_head, &found, NULL) == 0 && found == 2,
	    "what is sealed still");
	printf("# look for a part of a number: %lld us\n", (long long)(now_us() - start));
	found = 0;
	start = now_us();
	T(ck_store_each_between(st, 1, INT64_MAX, count_head, &found, NULL) == 0 && found == n + 1,
	    "at any time");
	T(ck_store_each_between(st, 1, 2, count_head, &found, NULL) == 0 && found == n + 1,
	    "long ago");
	printf("# look for a time, twice: %lld us\n", (long long)(now_us() - start));

	found = 0;
	start = now_us();
	T(ck_store_each(st, false, count_head, &found, NULL) == 0 && found == n + 1, "all of them");
	printf("# list all: %lld us\n", (long long)(now_us() - start));
	start = now_us();
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == 20 + lines, "the ledger is whole");
	printf("# verify: %lld us\n", (long long)(now_us() - start));
	start = now_us();
	ck_store_close(st);
	printf("# close: %lld us\n", (long long)(now_us() - start));

	st = help_open("many");
	plans(st);
	ck_store_close(st);
	help_end();
	return T_END();
}
