/* The end of what is kept: sealed parts by their day, records by theirs; afterwards nothing of them
 * is to be found in any file of the store, whoever was reading. */
#include "base/clock.h"
#include "record/inside.h"
#include "record_help.h"

#define DAY 86400
/* enough for pages to be split and joined many times */
#define MANY 240

/* ---- bytes to look for ---- */

#define NEEDLE 14 /* no 14 random bytes come twice */
#define NEEDLES_MAX 20000

static struct {
	unsigned char bytes[NEEDLE];
} needles[NEEDLES_MAX];
static size_t n_needles;

static int
by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, NEEDLE);
}

/* The head, the middle and the end of every value this statement gives. */
static void
collect(const char *store, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_open(help_path(store, "records.db"), &db) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		abort();
	while (sqlite3_step(stmt) == SQLITE_ROW) {
		const unsigned char *p = sqlite3_column_blob(stmt, 0);
		size_t n = (size_t)sqlite3_column_bytes(stmt, 0);
		size_t at[] = { 0, n / 2, n - NEEDLE };

		for (size_t i = 0; n >= 2 * NEEDLE && i < 3 && n_needles < NEEDLES_MAX; i++)
			memcpy(needles[n_needles++].bytes, p + at[i], NEEDLE);
	}
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	qsort(needles, n_needles, sizeof needles[0], by_bytes);
}

static long found_needles;

static int
search_file(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	unsigned char *p = NULL;
	FILE *f = type == FTW_F && sb->st_size >= NEEDLE ? fopen(path, "rb") : NULL;
	size_t n = 0;

	(void)at;
	if (f == NULL)
		return 0;
	p = malloc((size_t)sb->st_size);
	n = p != NULL ? fread(p, 1, (size_t)sb->st_size, f) : 0;
	for (size_t i = 0; i + NEEDLE <= n; i++)
		found_needles +=
		    bsearch(p + i, needles, n_needles, sizeof needles[0], by_bytes) != NULL;
	free(p);
	fclose(f);
	return 0;
}

static long
search(const char *store)
{
	struct ck_store_conf conf = help_conf(store);

	found_needles = 0;
	if (nftw(conf.dir, search_file, 16, FTW_PHYS) != 0)
		abort();
	return found_needles;
}

/* ---- records to be removed ---- */

/* no two records have the same */
static void
letters(char *p, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245u + 12345u;
		p[i] = (char)('a' + seed / 65536 % 26);
	}
}

/* facts of many sizes, one beyond what fits in a page, a handle, a tape */
static void
fill(struct ck_record *r, int i)
{
	struct ck_tape tape = ck_record_tape(r, 0);
	char value[9000], name[32];

	for (int k = 0; k < 6; k++) {
		snprintf(name, sizeof name, "fact-%d", k);
		letters(value, sizeof value, (unsigned)(i * 8 + k));
		snprintf(value, sizeof value, "words-%06d-%d-", i, k);
		value[strlen(value)] = '-';
		value[k == 5 && i % 7 == 0 ? 8999 : 40 + 37 * ((i + k) % 9)] = '\0';
		if (help_put(r, name, value, k % 2 ? CK_FACT_SEALED : 0, NULL) != 0)
			abort();
	}
	letters(value, sizeof value, (unsigned)(i * 8 + 7));
	if (ck_record_put_sheet(r,
		&(struct ck_sheet_kept){
		    .kind = "licence", .type = "image/png", .page = 1, .size = 8999 },
		value, &(struct ck_line){ .station = "papers", .mark = CK_DONE }, NULL) != 0)
		abort();
	snprintf(value, sizeof value, "envelope-%d", i);
	if (help_put(r, "envelope", value, CK_FACT_HANDLE, NULL) != 0 ||
	    tape.put(tape.u, 0, "req", (const unsigned char *)value, 200, NULL) != 0)
		abort();
}

static void
begin(struct ck_store *st, int i, struct ck_record **r)
{
	char key[32];

	snprintf(key, sizeof key, "p11|%d", i);
	*r = help_begin(st, key);
	fill(*r, i);
}

static void
shift_clock(int64_t seconds)
{
	char text[32];

	snprintf(text, sizeof text, "%lld", (long long)seconds);
	setenv("CK_FAULT_CLOCK", text, 1);
}

static int64_t
purge_all(struct ck_store *st, int64_t before)
{
	int64_t after = 0, count = 0;
	int more = 1;

	while (more == 1)
		more = ck_store_purge(st, NULL, before, &after, &count, NULL);
	return more == 0 ? count : -1;
}

static int64_t
wipe_all(struct ck_store *st, int64_t now)
{
	int64_t count = 0;
	int more = 1;

	while (more == 1)
		more = ck_store_wipe_due(st, now, &count, NULL);
	return more == 0 ? count : -1;
}

static int
count_head(void *u, const struct ck_record_head *h)
{
	(void)h;
	++*(int *)u;
	return 0;
}

static int
records_in(struct ck_store *st)
{
	int n = 0;

	return ck_store_each(st, false, count_head, &n, NULL) == 0 ? n : -1;
}

/* ---- the parts that are sealed ---- */

static void
test_private(void)
{
	struct ck_store *st = help_open("private");
	struct ck_record *r = NULL, *at_once = NULL, *open = NULL, *again = NULL;
	char number[32];
	int64_t now = ck_now();

	begin(st, 1, &r);
	begin(st, 2, &at_once);
	begin(st, 3, &open);
	snprintf(number, sizeof number, "%s", ck_record_head(r)->number);
	n_needles = 0;
	collect("private", "SELECT value FROM fact WHERE flags & 1 AND record < 3 UNION ALL"
			   " SELECT value FROM tape WHERE record < 3 UNION ALL"
			   " SELECT value FROM sheet_value WHERE n < 3 UNION ALL"
			   " SELECT hash FROM handle WHERE record < 3");
	T(n_needles >= 2 * 3 * 7, "%zu pieces to look for", n_needles);
	ck_record_keep_private(r, 90);
	T(help_close(r, NULL) == 0 && help_close(at_once, NULL) == 0, "two are closed");
	T(ck_record_head(r)->wipe / DAY == now / DAY + 90, "one is to be wiped in 90 days");
	T(ck_record_head(at_once)->wipe == 0, "the other one was");
	T(ck_record_text(r, 0, "fact-1") != NULL, "what is kept is still read");
	T(help_find(st, "envelope", "envelope-1") == NULL, "but it is found by no handle");
	T(wipe_all(st, now + 89 * DAY) == 0, "on the 89th day nothing is due");
	again = help_find(st, "number", number);
	T(again != NULL && ck_record_text(again, 0, "fact-1") != NULL, "still there");
	ck_record_free(again);
	T(wipe_all(st, now + 91 * DAY) == 1 && ck_store_tidy(st, NULL) == 1, "on the 91st one is");
	T(wipe_all(st, now + 999 * DAY) == 0, "once");
	again = help_find(st, "number", number);
	T(again != NULL && ck_record_text(again, 0, "fact-1") == NULL &&
		ck_record_text(again, 0, "fact-2") != NULL,
	    "what was sealed is gone, the rest is kept");
	T(ck_record_text(open, 0, "fact-1") != NULL && help_put(open, "x", "y", 1, NULL) == 0,
	    "an open one keeps its own");
	T(search("private") == 0, "nothing of the two in any file, before the store is closed");
	ck_record_free(again);
	ck_record_free(r);
	ck_record_free(at_once);
	ck_record_free(open);
	ck_store_close(st);
	T(search("private") == 0, "nor afterwards");
}

/* ---- whole records ---- */

static void
test_purge(void)
{
	struct ck_store *st = help_open("purged");
	struct ck_record *r = NULL, *open = NULL;
	char first[32] = "";
	int64_t now = ck_now(), lines = 0, after = 0;

	begin(st, MANY, &open);
	for (int i = 0; i < MANY; i++) {
		begin(st, i, &r);
		if (i == 0)
			snprintf(first, sizeof first, "%s", ck_record_head(r)->number);
		ck_record_keep_private(r, i % 3 == 0 ? 30 : 0);
		if (i == 1) { /* taken now: later some of it is overwritten by others' */
			n_needles = 0;
			collect("purged", "SELECT hash FROM handle WHERE record > 1");
		}
		if (i == MANY - 1) {
			collect("purged", "SELECT value FROM fact WHERE record > 1 UNION ALL"
					  " SELECT value FROM tape WHERE record > 1 UNION ALL"
					  " SELECT value FROM sheet_value WHERE n > 1 UNION ALL"
					  " SELECT hash FROM handle WHERE record > 1");
		}
		if (help_close(r, NULL) != 0)
			abort();
		ck_record_free(r);
	}
	T(n_needles > MANY * 6, "%zu pieces to look for", n_needles);
	T(search("purged") > (long)n_needles / 2, "there they are");
	T(purge_all(st, now - 1) == 0, "none is older than that");
	T(ck_store_purge(st, "other-ca", now + 10 * DAY, &after, &lines, NULL) == 0 && lines == 0,
	    "none is of that system");
	T(purge_all(st, now + 10 * DAY) == MANY, "all that are closed are removed");
	T(records_in(st) == 1, "the open one stays");
	T(ck_store_tidy(st, NULL) == 1, "the log is cut");
	T(search("purged") == 0, "of no fact, tape or handle any piece is left");
	T(help_grep("purged", "words-000007-") == 0, "nor of what was in clear");
	T(help_grep("purged", "words-000240-") > 0, "control: the open one's is there");
	T(help_find(st, "number", first) == NULL, "the number is not found");
	T(ck_store_purged(st, first, NULL) == 1, "but known as purged");
	T(ck_store_purged(st, "CK-20200101-000077", NULL) == 0, "one that never was is not");
	T(ck_store_purged(st, "purge", NULL) == 0, "nor what else stands in the ledger");
	T(ck_ledger_verify(st, &lines, NULL) == 0 && lines > MANY * 7, "the ledger is whole");
	r = help_begin(st, "p11|new");
	T_STR(ck_record_head(r)->number + 12, "000242", "the count goes on");
	ck_record_free(r);
	ck_record_free(open);
	ck_store_close(st);
}

/* Somebody who reads keeps the log from being cut; that is said, and done by whoever comes next. */
static void
test_reader(void)
{
	struct ck_store *st = help_open("read");
	struct ck_record *r = NULL;
	sqlite3 *other = NULL;

	begin(st, 1, &r);
	n_needles = 0;
	collect("read",
	    "SELECT value FROM fact UNION ALL SELECT value FROM tape UNION ALL SELECT value FROM sheet_value");
	T(help_close(r, NULL) == 0, "closed");
	ck_record_free(r);
	if (sqlite3_open(help_path("read", "records.db"), &other) != SQLITE_OK ||
	    sqlite3_exec(other, "BEGIN; SELECT count(*) FROM record", NULL, NULL, NULL) !=
		SQLITE_OK)
		abort();
	T(purge_all(st, ck_now() + DAY) == 1, "purged while somebody reads");
	T(ck_store_tidy(st, NULL) == 0, "the log can't be cut, and that is said");
	T(search("read") > 0, "control: it is still in there");
	ck_store_close(st);
	sqlite3_close(other);
	st = help_open("read");
	T(ck_store_tidy(st, NULL) == 1, "the next one does it");
	T(search("read") == 0, "and nothing is left");
	ck_store_close(st);
}

/* ---- killed at every commit, and begun again ---- */

static int
purge_child(const char *store)
{
	struct ck_store *st = help_open(store);

	shift_clock(40 * DAY);
	return wipe_all(st, ck_now()) >= 0 && purge_all(st, ck_now()) >= 0 ? 0 : 1;
}

static void
fill_store(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = NULL;

	for (int i = 0; i < 3; i++) {
		begin(st, i, &r);
		ck_record_keep_private(r, 30);
		if (i < 2 && help_close(r, NULL) != 0)
			abort();
		ck_record_free(r);
	}
	ck_store_close(st);
}

static void
test_killed(void)
{
	static const char *const points[] = { "record.before", "record.before#2", "record.after",
		"record.after#2" };

	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		char store[32];
		int64_t lines = 0;
		struct ck_store *st = NULL;

		snprintf(store, sizeof store, "killed-%zu", i);
		fill_store(store);
		n_needles = 0;
		collect(store, "SELECT value FROM fact WHERE record < 3 UNION ALL"
			       " SELECT value FROM tape WHERE record < 3");
		setenv("CK_FAULT_AT", points[i], 1);
		T(help_child(purge_child, store) == 256 + SIGKILL, "killed at %s", points[i]);
		unsetenv("CK_FAULT_AT");
		T(help_child(purge_child, store) == 0, "and run again");
		st = help_open(store);
		T(records_in(st) == 1 && ck_ledger_verify(st, &lines, NULL) == 0,
		    "%s: the open one is left, the ledger whole", points[i]);
		T(ck_store_tidy(st, NULL) == 1 && search(store) == 0, "%s: nothing is left",
		    points[i]);
		ck_store_close(st);
	}
}

int
main(void)
{
	help_start();
	test_private();
	test_purge();
	test_reader();
	test_killed();
	help_end();
	return T_END();
}
