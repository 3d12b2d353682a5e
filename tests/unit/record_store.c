/* Opening, refusing to open, and being opened by several. */
#include <errno.h>
#include <poll.h>
#include <sys/file.h>

#include "record_help.h"

#define NOBODY 65534

static mode_t
mode_of(const char *path)
{
	struct stat sb;

	return lstat(path, &sb) == 0 ? sb.st_mode & 07777 : 07777;
}

static void
test_made(void)
{
	struct ck_store *st = NULL;
	struct ck_record *r = NULL;
	mode_t old = umask(0);
	struct stat sb = { 0 };

	st = help_open("made");
	ck_record_free(help_begin(st, "k"));
	T(ck_store_lock_key(st, "k", NULL) == 0, "a key is locked");
	T(mode_of(help_path("made", ".")) == 0700, "the folder is ours alone");
	T(mode_of(help_path("made", "locks")) == 0700, "so is that of the locks");
	T(mode_of(help_path("made", "records.db")) == 0600, "the database too");
	T(mode_of(help_path("made", "records.db-wal")) == 0600, "and its log");
	T(mode_of(help_path("made", "site.key")) == 0600, "and the site key");
	T(stat(help_path("made", "site.key"), &sb) == 0 && sb.st_size == 32, "of 32 bytes");
	ck_store_close(st);
	st = help_open("made");
	r = help_find(st, "key", "k");
	T(r != NULL, "opened again, the record is there");
	ck_record_free(r);
	ck_store_close(st);
	umask(old);
}

static void
test_key_elsewhere(void)
{
	struct ck_store_conf conf = help_conf("keyless");
	struct ck_store *st = NULL;

	snprintf(conf.site_key, sizeof conf.site_key, "%s/other.key", top);
	T(ck_store_open(&conf, &st, NULL) == 0, "a site key with a file of its own");
	ck_store_close(st);
	T(access(conf.site_key, F_OK) == 0 && access(help_path("keyless", "site.key"), F_OK) != 0,
	    "stands there and nowhere else");
}

/* ---- refusals ---- */

static void
make(const char *name)
{
	struct ck_store *st = help_open(name);

	ck_record_free(help_begin(st, "k"));
	ck_store_close(st);
}

static void
test_site_key(void)
{
	unsigned char right[32], wrong[33] = { 1, 2, 3 };
	FILE *f = NULL;

	make("sk");
	f = fopen(help_path("sk", "site.key"), "rb");
	if (f == NULL || fread(right, 1, 32, f) != 32)
		abort();
	fclose(f);
	unlink(help_path("sk", "site.key"));
	T(help_refused("sk") == CK_E_SITE_KEY, "a store without its key");
	T(access(help_path("sk", "site.key"), F_OK) != 0, "is not given a new one");
	help_write(help_path("sk", "site.key"), wrong, 32, 0600);
	T(help_refused("sk") == CK_E_SITE_KEY, "another site's key");
	help_write(help_path("sk", "site.key"), right, 31, 0600);
	T(help_refused("sk") == CK_E_SITE_KEY, "a key too short");
	help_write(help_path("sk", "site.key"), wrong, 33, 0600);
	T(help_refused("sk") == CK_E_SITE_KEY, "a key too long");
	help_write(help_path("sk", "site.key"), right, 32, 0640);
	T(help_refused("sk") == CK_E_SITE_KEY, "a key others may read");
	help_write(help_path("sk", "site.key"), right, 32, 0600);
	T(help_refused("sk") == CK_E_NONE, "the right key opens");
	unlink(help_path("sk", "site.key"));
	mkdir(help_path("sk", "site.key"), 0700);
	T(help_refused("sk") == CK_E_SITE_KEY, "a folder is no key");
}

static void
test_schema(void)
{
	make("newer");
	mkdir(help_path("foreign", ""), 0700);
	help_sql("foreign", "CREATE TABLE t(a)");
	T(help_refused("foreign") == CK_E_STORE_DAMAGED, "another program's database");
	make("tables");
	help_sql("tables", "DROP TABLE fact");
	{
		struct ck_store *st = help_open("tables");
		struct ck_record *r = NULL;
		struct ck_err err = { 0 };

		T(ck_record_find(st, "key", "k", &r, &err) == -1 && err.code == CK_E_STORE_DAMAGED,
		    "a store with a table missing");
		ck_store_close(st);
	}
}

static void
scribble(const char *store, off_t from, size_t n)
{
	int fd = open(help_path(store, "records.db"), O_WRONLY | O_CLOEXEC);
	char junk[256];

	memset(junk, 0xa5, sizeof junk);
	for (size_t i = 0; i < n; i += sizeof junk)
		if (pwrite(fd, junk, sizeof junk, from + (off_t)i) != sizeof junk)
			abort();
	close(fd);
}

static void
test_damaged(void)
{
	struct ck_store *st = NULL;
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };

	make("head");
	scribble("head", 0, 256);
	T(help_refused("head") == CK_E_STORE_DAMAGED, "a file that is no database");

	make("pages");
	scribble("pages", 4096, 16 * 4096);
	T(help_refused("pages") == CK_E_STORE_DAMAGED, "pages of rubbish");

	make("short");
	if (truncate(help_path("short", "records.db"), 3 * 4096) != 0)
		abort();
	T(help_refused("short") == CK_E_STORE_DAMAGED, "a database cut short");

	make("state");
	help_sql("state", "UPDATE record SET state = 9");
	st = help_open("state");
	T(ck_record_find(st, "key", "k", &r, &err) == -1 && err.code == CK_E_STORE_DAMAGED,
	    "a state there is not");
	ck_store_close(st);
}

/* ---- not writable: tried as nobody, since nothing stops root ---- */

static int
open_as_nobody(const char *store)
{
	if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
		return 99;
	return help_refused(store) == CK_E_STORE_UNWRITABLE ? 0 : 1;
}

static void
test_unwritable(void)
{
	chmod(top, 0755);
	mkdir(help_path("ro", ""), 0755);
	help_write(help_path("ro", "file"), "x", 1, 0644);
	chmod(help_path("ro", ""), 0555);
	T(help_child(open_as_nobody, "ro") == 0, "a folder that may not be written");
	T(help_child(open_as_nobody, "ro/none") == 0, "nor made");
	T(help_refused("ro/file") == CK_E_STORE_UNWRITABLE, "a file where the folder should be");
	T(help_refused("no/such/place") == CK_E_STORE_UNWRITABLE, "a place that is not there");

	make("rofile");
	chmod(help_path("rofile", ""), 0777);
	chmod(help_path("rofile", "locks"), 0777);
	chmod(help_path("rofile", "records.db"), 0444);
	if (geteuid() == 0)
		T(help_child(open_as_nobody, "rofile") == 0, "a database that may only be read");
	chmod(top, 0700);
}

/* ---- several at once ---- */

#define MANY 8

static int go[2];

/* An engine's start and end, over and over, as soon as the parent says so. */
static int
come_and_go(const char *store)
{
	struct pollfd p = { .fd = go[0], .events = POLLIN };
	char key[32];

	close(go[1]);
	poll(&p, 1, -1); /* wakes when the parent has closed its end */
	snprintf(key, sizeof key, "key of %d", (int)getpid());
	for (int i = 0; i < 10; i++) {
		struct ck_store *st = help_open(store);
		struct ck_record *r = i == 0 ? help_begin(st, key) : help_find(st, "key", key);

		if (r == NULL || help_put(r, "n", "v", CK_FACT_SEALED, NULL) != 0)
			return 1;
		ck_record_free(r);
		ck_store_close(st);
	}
	return 0;
}

static int
count_head(void *u, const struct ck_record_head *h)
{
	(void)h;
	++*(int *)u;
	return 0;
}

static void
test_made_by_many(void)
{
	struct ck_store *st = NULL;
	pid_t pids[MANY];
	int good = 0, status = 0, heads = 0;
	int64_t links = 0;

	if (pipe(go) != 0)
		abort();
	fflush(stdout);
	for (int i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(come_and_go("many"));
	}
	close(go[0]);
	close(go[1]);
	for (int i = 0; i < MANY; i++) {
		waitpid(pids[i], &status, 0);
		good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
	}
	T(good == MANY, "%d of %d make one store at once, come and go in it", good, MANY);
	st = help_open("many");
	T(ck_store_each(st, true, count_head, &heads, NULL) == 0 && heads == MANY,
	    "each has its record");
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == 10 * MANY, "and its lines");
	ck_store_close(st);
}

static int
lock_code(const char *key)
{
	struct ck_store *st = help_open("locks");
	struct ck_err err = { 0 };

	ck_store_lock_key(st, key, &err);
	ck_store_close(st);
	return err.code == CK_E_NONE ? 0 : err.code == CK_E_KEY_BUSY ? 1 : 2;
}

static int
die_with_lock(const char *key)
{
	struct ck_store *st = help_open("locks");

	if (ck_store_lock_key(st, key, NULL) == 0)
		raise(SIGKILL);
	return 1;
}

static void
test_lock(void)
{
	struct ck_store *st = help_open("locks");
	struct ck_err err = { 0 };
	char name[32];

	T(ck_store_lock_key(st, "p11|1", &err) == 0, "a key is held");
	T(help_child(lock_code, "p11|1") == 1, "another engine can't have it");
	T(help_child(lock_code, "p11|2") == 0, "but another key");
	T(ck_store_lock_key(st, "p11|1", &err) == 0, "asked again it is still held");
	ck_store_close(st);
	T(help_child(lock_code, "p11|1") == 0, "free when the store is closed");
	T(help_child(die_with_lock, "p11|1") == 256 + SIGKILL, "an engine is killed holding it");
	T(help_child(lock_code, "p11|1") == 0, "and it is free");
	st = help_open("locks");
	for (int i = 0; i < 16; i++) {
		snprintf(name, sizeof name, "key %d", i);
		if (ck_store_lock_key(st, name, NULL) != 0)
			T(0, "lock %d", i);
	}
	T(ck_store_lock_key(st, "one more", &err) == -1, "sixteen keys are enough for a visit");
	ck_store_close(st);
}

static int
write_lines(const char *store)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_begin(st, "writer");

	for (int i = 0; i < 100; i++)
		if (help_put(r, "n", "v", CK_FACT_SEALED, NULL) != 0)
			return 1;
	ck_record_free(r);
	ck_store_close(st);
	return 0;
}

static void
test_reader(void)
{
	struct ck_store *st = help_open("shared");
	struct ck_err err = { 0 };
	int looks = 0, bad = 0, status = 0, heads = 0;
	int64_t n = 0, before = 0;
	pid_t pid = 0;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(write_lines("shared"));
	while (waitpid(pid, &status, WNOHANG) == 0) {
		looks++;
		bad += ck_ledger_verify(st, &n, &err) != 0 || n < before;
		bad += ck_store_each(st, true, count_head, &heads, &err) != 0;
		before = n;
	}
	T(WIFEXITED(status) && WEXITSTATUS(status) == 0, "a writer is not disturbed by a reader");
	T(bad == 0, "nor the reader by it (%d looks, %d bad)", looks, bad);
	T(ck_ledger_verify(st, &n, NULL) == 0 && n == 100, "all of it is seen in the end");
	ck_store_close(st);
}

static void
test_busy(void)
{
	struct ck_store *st = help_open("busy");
	struct ck_record *r = help_begin(st, "k");
	struct ck_err err = { 0 };
	sqlite3 *db = NULL;

	if (sqlite3_open(help_path("busy", "records.db"), &db) != SQLITE_OK ||
	    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
		abort();
	T(help_put(r, "f", "v", 0, &err) == -1 && err.code == CK_E_STORE_BUSY,
	    "a store someone else writes for long is busy");
	T(ck_record_get(r, 0, "f", NULL) == NULL, "nothing of it was kept");
	sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	sqlite3_close(db);
	T(help_put(r, "f", "v", 0, NULL) == 0, "and free again");
	ck_record_free(r);
	ck_store_close(st);
}

int
main(void)
{
	help_start();
	test_made();
	test_key_elsewhere();
	test_site_key();
	test_schema();
	test_damaged();
	test_unwritable();
	test_made_by_many();
	test_lock();
	test_reader();
	test_busy();
	help_end();
	return T_END();
}
