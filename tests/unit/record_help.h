/* What the tests of the record room share: a folder of their own, children to kill, files to
 * search. */
#ifndef RECORD_HELP_H
#define RECORD_HELP_H

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "certkiosk/record.h"
#include "t.h"

#define UNUSED __attribute__((unused)) static

static char top[200]; /* made by help_start, removed by help_end */

UNUSED void
help_start(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(top, sizeof top, "%s/record.XXXXXX", tmp != NULL ? tmp : P_tmpdir);
	if (mkdtemp(top) == NULL)
		abort();
}

static int
help_unlink(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	(void)sb;
	(void)type;
	(void)at;
	return remove(path);
}

UNUSED void
help_end(void)
{
	nftw(top, help_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

UNUSED struct ck_store_conf
help_conf(const char *name)
{
	struct ck_store_conf conf = { .reserve = 0 };

	if ((size_t)snprintf(conf.dir, sizeof conf.dir, "%s/%s", top, name) >= sizeof conf.dir)
		abort();
	return conf;
}

UNUSED struct ck_store *
help_open(const char *name)
{
	struct ck_store_conf conf = help_conf(name);
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };

	if (ck_store_open(&conf, &st, &err) != 0) {
		printf("not ok - %s opens\n#   %d %s\n", name, err.code, err.detail);
		exit(1);
	}
	return st;
}

/* The code with which the store does not open. */
UNUSED enum ck_code
help_refused(const char *name)
{
	struct ck_store_conf conf = help_conf(name);
	struct ck_store *st = NULL;
	struct ck_err err = { 0 };

	ck_store_open(&conf, &st, &err);
	ck_store_close(st);
	return err.code;
}

UNUSED char *
help_path(const char *store, const char *file)
{
	static char path[4][512];
	static int turn;
	char *p = path[turn++ % 4];

	snprintf(p, sizeof path[0], "%s/%s/%s", top, store, file);
	return p;
}

UNUSED struct ck_record *
help_begin(struct ck_store *st, const char *key)
{
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };

	if (ck_record_begin(st, "sheca-cisweb", "on-behalf", "clerk-7", key, &r, &err) != 0) {
		printf("not ok - begin %s\n#   %d %s\n", key, err.code, err.detail);
		exit(1);
	}
	return r;
}

UNUSED struct ck_record *
help_find(struct ck_store *st, const char *handle, const char *value)
{
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };

	return ck_record_find(st, handle, value, &r, &err) == 1 ? r : NULL;
}

/* A line of one fact (name NULL: none) about item 0. */
UNUSED int
help_put(
    struct ck_record *r, const char *name, const char *value, unsigned flags, struct ck_err *err)
{
	const struct ck_fact fact = { name, value, value != NULL ? strlen(value) : 0, flags };
	const struct ck_line line = { .item = 0,
		.station = "newkey",
		.mark = CK_INTENT,
		.text = "a line",
		.ledger = true,
		.facts = &fact,
		.n_facts = name != NULL };

	return ck_record_put(r, &line, err);
}

UNUSED int
help_close(struct ck_record *r, struct ck_err *err)
{
	const struct ck_line line = { .station = "close", .mark = CK_DONE, .ledger = true };

	return ck_record_close(r, CK_RECORD_DONE, &line, err);
}

UNUSED void
help_sql(const char *store, const char *sql)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(help_path(store, "records.db"), &db) != SQLITE_OK ||
	    sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
		printf("not ok - %s\n#   %s\n", sql, sqlite3_errmsg(db));
		exit(1);
	}
	sqlite3_close(db);
}

UNUSED void
help_write(const char *path, const void *bytes, size_t n, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n || fchmod(fd, mode) != 0)
		abort();
	close(fd);
}

static const char *help_marker;
static int help_hits;

static int
help_search(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	FILE *f = type == FTW_F && sb->st_size > 0 ? fopen(path, "rb") : NULL;
	char *p = NULL;

	(void)at;
	if (strstr(path, help_marker) != NULL)
		help_hits++;
	if (f == NULL)
		return 0;
	p = malloc((size_t)sb->st_size);
	if (p == NULL || fread(p, 1, (size_t)sb->st_size, f) != (size_t)sb->st_size)
		abort();
	if (memmem(p, (size_t)sb->st_size, help_marker, strlen(help_marker)) != NULL)
		help_hits++;
	free(p);
	fclose(f);
	return 0;
}

/* In how many files of the store, or in whose names, does marker stand? */
UNUSED int
help_grep(const char *store, const char *marker)
{
	struct ck_store_conf conf = help_conf(store);

	help_marker = marker;
	help_hits = 0;
	if (nftw(conf.dir, help_search, 16, FTW_PHYS) != 0)
		abort();
	return help_hits;
}

/* Runs fn in a child, which opens stores of its own; its exit status, or 256 + the signal. */
UNUSED int
help_child(int (*fn)(const char *), const char *arg)
{
	int status = 0;
	pid_t pid = 0;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(fn(arg));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	return WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
