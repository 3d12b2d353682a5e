/* A disk that is full: for real on a small file system where we may mount one, else by a limit. */
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include "record_help.h"

static void
test_reserve(void)
{
	struct ck_store_conf conf = help_conf("reserve");
	struct ck_store *st = NULL;
	struct ck_record *r = NULL;
	struct ck_err err = { 0 };
	struct statvfs vfs;
	int n = 0;

	if (statvfs(top, &vfs) != 0)
		abort();
	conf.reserve = (int64_t)(vfs.f_bavail * vfs.f_frsize) * 2;
	T(ck_store_open(&conf, &st, NULL) == 0, "a store opens with less room than it keeps back");
	T(ck_record_begin(st, "s", "self", NULL, "k", &r, &err) == -1 &&
		err.code == CK_E_STORE_FULL,
	    "but nothing begins there");
	T(ck_record_find(st, "key", "k", &r, NULL) == 0 && n == 0, "and nothing was written");
	ck_store_close(st);
	conf.reserve = 4096;
	T(ck_store_open(&conf, &st, NULL) == 0 &&
		ck_record_begin(st, "s", "self", NULL, "k", &r, NULL) == 0,
	    "with room enough it does");
	ck_record_free(r);
	ck_store_close(st);
}

static int
count_line(void *u, const struct ck_line_row *row)
{
	(void)row;
	++*(int *)u;
	return 0;
}

/* Lines until there is no room: the code, and how many were put. */
static enum ck_code
fill(struct ck_record *r, int *puts)
{
	static char big[60000];
	struct ck_err err = { 0 };
	char name[16];

	memset(big, 'x', sizeof big - 1);
	for (*puts = 0; *puts < 400; ++*puts) {
		snprintf(name, sizeof name, "n%d", *puts % 4);
		if (help_put(r, name, big, 0, &err) != 0)
			break;
	}
	return err.code;
}

/* What was put before the disk was full is there; the line that found no room left nothing. */
static void
check(const char *store, int puts)
{
	struct ck_store *st = help_open(store);
	struct ck_record *r = help_find(st, "key", "k");
	int lines = 0;
	int64_t links = 0;

	if (r != NULL)
		ck_record_lines(r, count_line, &lines, NULL);
	T(lines == puts, "%d lines put, %d kept", puts, lines);
	T(ck_ledger_verify(st, &links, NULL) == 0 && links == puts, "the ledger whole");
	ck_record_free(r);
	ck_store_close(st);
}

static int
on_small_disk(const char *dir)
{
	struct ck_store *st = help_open(dir);
	struct ck_record *r = help_begin(st, "k"), *more = NULL;
	struct ck_err err = { 0 };
	char big[4096] = { 0 };
	enum ck_code code = CK_E_NONE;
	int puts = 0, fd = -1;

	code = fill(r, &puts);
	T(code == CK_E_STORE_FULL && puts > 0, "full after %d lines (%d)", puts, code);
	T(ck_record_get(r, 0, "n3", NULL) != NULL, "what is in memory stays");
	T(help_put(r, "small", "v", 0, &err) == 0 || err.code == CK_E_STORE_FULL,
	    "a small line fits or says full");
	puts += err.code == CK_E_NONE;
	/* now to the last byte */
	fd = open(help_path(dir, "sand"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	while (write(fd, big, sizeof big) > 0 || write(fd, big, 1) > 0)
		;
	close(fd);
	err = (struct ck_err){ 0 };
	for (int i = 0; i < 20 && err.code == CK_E_NONE; i++)
		puts += help_put(r, NULL, NULL, 0, &err) == 0;
	T(err.code == CK_E_STORE_FULL, "not one more line on a disk that is full");
	T(ck_record_begin(st, "s", "self", NULL, "k2", &more, NULL) == -1, "nor another record");
	ck_record_free(r);
	ck_store_close(st);
	check(dir, puts);
	T(help_refused("small/new") == CK_E_STORE_FULL, "nor another store");
	unlink(help_path("small", "ballast"));
	st = help_open(dir);
	r = help_find(st, "key", "k");
	err = (struct ck_err){ 0 };
	T(r != NULL && help_put(r, "f", "v", 0, &err) == 0, "with room again the visit goes on");
	ck_record_free(r);
	ck_store_close(st);
	return t_failed;
}

/* Files for the store's folder and what it begins with, and none for a journal. */
static void
on_few_files(void)
{
	if (mkdir(help_path("few", ""), 0700) != 0 ||
	    mount("tmpfs", help_path("few", ""), "tmpfs", 0, "nr_inodes=6") != 0)
		abort();
	T(help_refused("few/store") == CK_E_STORE_FULL, "no store where no more files fit");
}

/* In a mount namespace of its own, which takes the mount with it however the test ends. */
static int
mount_and_fill(const char *dir)
{
	static const char ballast[1 << 19];

	if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mkdir(help_path("small", ""), 0700) != 0 ||
	    mount("tmpfs", help_path("small", ""), "tmpfs", 0, "size=2m") != 0)
		return 99;
	help_write(help_path("small", "ballast"), ballast, sizeof ballast, 0600);
	t_failed = 0;
	on_small_disk(dir);
	on_few_files();
	fflush(stdout);
	return t_failed != 0;
}

/* Without root: no file may grow beyond what it has now and a little. */
static int
fill_to_limit(const char *dir)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	struct ck_store *st = help_open(dir);
	struct ck_record *r = help_begin(st, "k");
	enum ck_code code = CK_E_NONE;
	int puts = 0;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 99;
	code = fill(r, &puts);
	T(code == CK_E_STORE_FULL && puts > 0, "at the limit after %d lines (%d)", puts, code);
	ck_record_free(r);
	ck_store_close(st);
	check(dir, puts);
	fflush(stdout);
	return t_failed != 0;
}

int
main(void)
{
	int rc = 0;

	help_start();
	test_reserve();
	rc = help_child(fill_to_limit, "limit");
	T(rc == 0, "a file that may not grow (%d)", rc);
	rc = help_child(mount_and_fill, "small/store");
	if (rc == 99)
		printf("skip - a full disk: no right to mount one\n");
	else
		T(rc == 0, "a small disk (%d)", rc);
	help_end();
	return T_END();
}
