/* A store that an earlier program made, with visits in it that are under way: brought up with all
 * that is in it, killed anywhere in between and begun again; a later program's is left alone. */
#include "certkiosk/forms.h"
#include "certkiosk/papers.h"
#include "record_help.h"

/* Version 1 as it was shipped. Never changed. */
static const char version_1[] =
    "CREATE TABLE meta("
    " name TEXT PRIMARY KEY, value NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE record("
    " id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, system TEXT NOT NULL,"
    " way TEXT NOT NULL, clerk TEXT NOT NULL, state INTEGER NOT NULL, station TEXT NOT NULL,"
    " opened INTEGER NOT NULL, touched INTEGER NOT NULL, closed INTEGER NOT NULL);"
    "CREATE INDEX record_open ON record(id) WHERE state < 2;"
    "CREATE TABLE line("
    " record INTEGER NOT NULL REFERENCES record, n INTEGER NOT NULL, at INTEGER NOT NULL,"
    " item INTEGER NOT NULL, station TEXT NOT NULL, mark INTEGER NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY(record, n)) WITHOUT ROWID;"
    "CREATE TABLE fact("
    " record INTEGER NOT NULL REFERENCES record, item INTEGER NOT NULL, name TEXT NOT NULL,"
    " flags INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY(record, item, name))"
    " WITHOUT ROWID;"
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
    "PRAGMA application_id = 0x434b696f; PRAGMA user_version = 1";

/* All rows of a store as this program has filled it, put into one of version 1 with its key. */
static const char rows[] =
    "INSERT INTO meta SELECT * FROM new.meta;"
    "INSERT INTO record SELECT id, number, system, way, clerk, state, station, opened, touched,"
    " closed FROM new.record;"
    "INSERT INTO line SELECT * FROM new.line; INSERT INTO fact SELECT * FROM new.fact;"
    "INSERT INTO handle SELECT * FROM new.handle; INSERT INTO tape SELECT * FROM new.tape;"
    "INSERT INTO ledger SELECT * FROM new.ledger";

static const unsigned char reply[] = "a recorded reply";

static void
add_tape(struct ck_record *r)
{
	struct ck_tape tape = ck_record_tape(r, 0);

	if (tape.put(tape.u, 0, "req", reply, sizeof reply, NULL) != 0 ||
	    tape.put(tape.u, 0, "rep", reply, sizeof reply, NULL) != 0)
		abort();
}

/* One in the middle of its visit, one parked, two closed. */
static void
fill(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r[4];

	for (int i = 0; i < 4; i++) {
		char key[16], lease[16];

		snprintf(key, sizeof key, "p11|%d", i);
		snprintf(lease, sizeof lease, "L-%d", i);
		r[i] = help_begin(st, key);
		help_put(r[i], "lease", lease, CK_FACT_HANDLE, NULL);
		help_put(r[i], "agent", "经办人", CK_FACT_SEALED, NULL);
		help_put(r[i], "new-id", "an id", 0, NULL);
		add_tape(r[i]);
	}
	if (ck_record_park(r[1], "authority", 0, NULL) != 0 || help_close(r[2], NULL) != 0 ||
	    help_close(r[3], NULL) != 0)
		abort();
	for (int i = 0; i < 4; i++)
		ck_record_free(r[i]);
	ck_store_close(st);
}

static void
copy_file(const char *from, const char *to)
{
	char buf[256];
	FILE *in = fopen(from, "rb");
	size_t n = in != NULL ? fread(buf, 1, sizeof buf, in) : 0;

	if (n == 0)
		abort();
	fclose(in);
	help_write(to, buf, n, 0600);
}

static void
make_version_1(const char *store)
{
	char attach[600];

	fill("filled");
	mkdir(help_path(store, ""), 0700);
	copy_file(help_path("filled", "site.key"), help_path(store, "site.key"));
	help_sql(store, "PRAGMA journal_mode = WAL");
	help_sql(store, version_1);
	snprintf(attach, sizeof attach, "ATTACH '%s' AS new; %s", help_path("filled", "records.db"),
	    rows);
	help_sql(store, attach);
	chmod(help_path(store, "records.db"), 0600);
	nftw(help_path("filled", ""), help_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

static int64_t
version_of(const char *store)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	if (sqlite3_open(help_path(store, "records.db"), &db) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static int
count_line(void *u, const struct ck_line_row *row)
{
	(void)row;
	++*(int *)u;
	return 0;
}

/* As it was left, and it goes on. */
static bool
is_under_way(struct ck_store *st, const char *lease, enum ck_record_state state)
{
	struct ck_record *r = help_find(st, "lease", lease);
	struct ck_tape tape = { 0 };
	unsigned char *bytes = NULL;
	size_t n = 0;
	int lines = 0;
	bool good = r != NULL && ck_record_head(r)->state == state &&
		    strcmp(ck_record_text(r, 0, "agent"), "经办人") == 0 &&
		    strcmp(ck_record_text(r, 0, "new-id"), "an id") == 0 &&
		    ck_record_lines(r, count_line, &lines, NULL) == 0 && lines == 3;

	if (good) {
		tape = ck_record_tape(r, 0);
		good = tape.get(tape.u, 0, "rep", &bytes, &n, NULL) == 1 && n == sizeof reply &&
		       memcmp(bytes, reply, n) == 0;
	}
	if (good && state == CK_RECORD_PARKED)
		good = strcmp(ck_record_head(r)->reason, "authority") == 0 &&
		       ck_record_head(r)->since == ck_record_head(r)->touched;
	good = good && help_put(r, "more", "x", CK_FACT_SEALED, NULL) == 0;
	free(bytes);
	ck_record_free(r);
	return good;
}

static int
state_of(void *u, const struct ck_record_head *h)
{
	++((int *)u)[h->state];
	return 0;
}

static void
all_there(const char *store, const char *how)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = NULL;
	int states[5] = { 0 };
	int64_t lines = 0;

	T(ck_store_each(st, false, state_of, states, NULL) == 0 && states[CK_RECORD_OPEN] == 1 &&
		states[CK_RECORD_PARKED] == 1 && states[CK_RECORD_DONE] == 2,
	    "%s: one open, one parked, two closed", how);
	T(is_under_way(st, "L-0", CK_RECORD_OPEN), "%s: the open one goes on", how);
	T(is_under_way(st, "L-1", CK_RECORD_PARKED), "%s: so does the parked one", how);
	T(ck_ledger_verify(st, &lines, NULL) == 0 && lines == 4 * 3 + 2 + 2,
	    "%s: the ledger is whole", how);
	r = help_begin(st, "another key");
	T_STR(ck_record_head(r)->number + 12, "000005", "the count goes on");
	ck_record_free(r);
	ck_store_close(st);
	T(version_of(store) == 5, "%s: it is of version 5", how);
}

static int
open_child(const char *store)
{
	ck_store_close(help_open(store));
	return 0;
}

static void
test_migrate(void)
{
	static const char *const points[] = { "record.step", "record.before", "record.after" };

	make_version_1("v1");
	T(version_of("v1") == 1, "a store of version 1");
	all_there("v1", "brought up");
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		make_version_1(points[i]);
		setenv("CK_FAULT_AT", points[i], 1);
		T(help_child(open_child, points[i]) == 256 + SIGKILL, "killed at %s", points[i]);
		unsetenv("CK_FAULT_AT");
		T(version_of(points[i]) == (i == 2 ? 5 : 1), "%s: wholly or not at all", points[i]);
		all_there(points[i], points[i]);
	}
}

/* ---- forms of version 3 ---- */

/* What is sealed of a form stood in its row. */
static const char version_3[] =
    "ALTER TABLE form ADD COLUMN fields BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE form ADD COLUMN qr BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE form ADD COLUMN pdf BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE form ADD COLUMN template BLOB NOT NULL DEFAULT x'';"
    "UPDATE form SET (fields, qr, pdf, template) = (SELECT"
    " max(CASE part WHEN 'fields' THEN value END), max(CASE part WHEN 'qr' THEN value END),"
    " max(CASE part WHEN 'pdf' THEN value END), max(CASE part WHEN 'template' THEN value END)"
    " FROM form_part WHERE form_part.record = form.record) WHERE record = 1;"
    "DROP TABLE form_part; DROP TABLE sheet_value; DROP TABLE sheet; PRAGMA user_version = 3";

static void
put_form(struct ck_store *st, const char *key, char number[CK_NUMBER_MAX])
{
	struct ck_record *r = help_begin(st, key);
	const struct ck_form_made made = { .name = "f",
		.made = 1,
		.pages = 1,
		.part = { [CK_FORM_FIELDS] = { "a", 1 },
		    [CK_FORM_QR] = { "bb", 2 },
		    [CK_FORM_PDF] = { "ccc", 3 },
		    [CK_FORM_TEMPLATE] = { "dddd", 4 } } };

	if (ck_record_put_form(
		r, &made, &(struct ck_line){ .station = "form", .mark = CK_DONE }, NULL) != 0)
		abort();
	memcpy(number, ck_record_head(r)->number, CK_NUMBER_MAX);
	ck_record_free(r);
}

static int
count_kept(void *u, const struct ck_form *f)
{
	((int *)u)[f->kept]++;
	return 0;
}

static void
test_forms(void)
{
	static const char *const want[] = { "a", "bb", "ccc", "dddd" };
	struct ck_store *st = help_open("v3");
	int kept[2] = { 0 };
	char number[CK_NUMBER_MAX], other[CK_NUMBER_MAX];

	put_form(st, "p11|1", number);
	put_form(st, "p11|2", other);
	ck_store_close(st);
	help_sql("v3", version_3);
	T(version_of("v3") == 3,
	    "a store of version 3, with a form that is kept and one that is not");
	st = help_open("v3");
	T(version_of("v3") == 5, "brought up");
	T(ck_store_each_form(st, false, count_kept, kept, NULL) == 0 && kept[0] == 1 &&
		kept[1] == 1,
	    "both are there, one of them kept");
	for (int i = 0; i < CK_FORM_PARTS; i++) {
		unsigned char *p = NULL;
		size_t n = 0;

		T(ck_form_get(st, number, (enum ck_form_part)i, &p, &n, NULL) == 1 &&
			n == strlen(want[i]) && memcmp(p, want[i], n) == 0,
		    "what is sealed of it opens (%s)", want[i]);
		free(p);
	}
	ck_store_close(st);
}

/* ---- papers, which version 4 had none of ---- */

static void
test_sheets(void)
{
	const struct ck_sheet_kept made = {
		.kind = "form", .type = "image/png", .page = 1, .size = 5
	};
	struct ck_store *st = help_open("v4");
	struct ck_record *r = help_begin(st, "p11|1");
	struct ck_sheet_kept list[CK_SHEETS_MAX];
	unsigned char *p = NULL;
	size_t n = 0;

	ck_record_free(r);
	ck_store_close(st);
	help_sql("v4", "DROP TABLE sheet_value; DROP TABLE sheet; PRAGMA user_version = 4");
	st = help_open("v4");
	T(version_of("v4") == 5, "a store of version 4 is brought up");
	r = help_find(st, "key", "p11|1");
	T(r != NULL && ck_record_sheets(r, list, &n, NULL) == 0 && n == 0,
	    "its record has no sheets");
	T(r != NULL &&
		ck_record_put_sheet(r, &made, "sheet",
		    &(struct ck_line){ .station = "papers", .mark = CK_DONE }, NULL) == 0 &&
		ck_record_sheets(r, list, &n, NULL) == 0 && n == 1 &&
		ck_record_sheet(r, &list[0], &p, &n, NULL) == 1 && n == 5 &&
		memcmp(p, "sheet", 5) == 0,
	    "and gets one");
	free(p);
	ck_record_free(r);
	ck_store_close(st);
}

/* ---- a later one ---- */

static size_t
read_all(const char *path, char *out, size_t cap)
{
	FILE *f = fopen(path, "rb");
	size_t n = f != NULL ? fread(out, 1, cap, f) : 0;

	if (f == NULL || n == 0 || n == cap)
		abort();
	fclose(f);
	return n;
}

static void
test_newer(void)
{
	static char before[1 << 19], after[1 << 19];
	struct stat was, is;
	size_t n = 0;

	fill("newer");
	help_sql("newer", "PRAGMA user_version = 6; PRAGMA wal_checkpoint(TRUNCATE)");
	n = read_all(help_path("newer", "records.db"), before, sizeof before);
	stat(help_path("newer", "records.db"), &was);
	T(help_refused("newer") == CK_E_STORE_NEWER, "a store of a later program is refused");
	stat(help_path("newer", "records.db"), &is);
	T(read_all(help_path("newer", "records.db"), after, sizeof after) == n &&
		memcmp(before, after, n) == 0,
	    "and not a byte of it changed");
	T(was.st_mtim.tv_sec == is.st_mtim.tv_sec && was.st_mtim.tv_nsec == is.st_mtim.tv_nsec,
	    "nor was it written to");
	T(stat(help_path("newer", "records.db-wal"), &is) != 0 || is.st_size == 0,
	    "nothing waits to be written");
}

int
main(void)
{
	help_start();
	test_migrate();
	test_forms();
	test_sheets();
	test_newer();
	help_end();
	return T_END();
}
