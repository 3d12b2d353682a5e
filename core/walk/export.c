/*
 * The public certificates of a key as files. A name that is taken is left to whoever has it, and a
 * file that could not be written whole does not stay.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "walk/own.h"

/* the same certificate taken along so often into one folder is a mistake of a script's */
#define NAMES_MAX 100
/* of the certificate's hash in its file's name: tells a person's few apart */
#define HASH_SHOWN 8

static enum ck_turn
take_key(struct ck_visit *v, struct ck_err *err)
{
	return ck_take_key(v, NULL, err);
}

static int
failed(struct ck_err *err, const char *path)
{
	return ck_fail_native(
	    err, CK_E_FILE_UNWRITABLE, (unsigned long)errno, "%s: %s", path, strerror(errno));
}

/* A descriptor of a file that was not there before, named in path. */
static int
open_new(const char *dir, const unsigned char *sha256, char path[PATH_MAX], struct ck_err *err)
{
	char hex[2 * HASH_SHOWN + 1], count[16] = "";
	int i, fd = -1, n;

	ck_hex(sha256, HASH_SHOWN, hex);
	for (i = 1; fd == -1 && i <= NAMES_MAX; i++) {
		if (i > 1)
			snprintf(count, sizeof count, "-%d", i);
		n = snprintf(path, PATH_MAX, "%s/%s%s.cer", dir, hex, count);
		errno = ENAMETOOLONG;
		if (n < 0 || n >= PATH_MAX)
			break;
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd == -1 && errno != EEXIST)
			break;
	}
	return fd != -1 ? fd : failed(err, path);
}

/* On the disk, name and all, when it returns 0. */
static int
write_all(int fd, const char *dir, const unsigned char *p, size_t n)
{
	int folder, r;
	ssize_t k;

	while (n > 0) {
		if ((k = write(fd, p, n)) == -1 && errno != EINTR)
			return -1;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	/* what is public may be read by whoever gets the stick; one without modes does without */
	(void)fchmod(fd, 0644);
	if (fsync(fd) == -1 || (folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return -1;
	r = fsync(folder);
	close(folder);
	return r;
}

static int
export_one(struct ck_visit *v, void *u, const struct ck_own_cert *c, struct ck_err *err)
{
	const char *dir = u;
	char path[PATH_MAX], hex[2 * CK_HASH_LEN + 1];
	int fd = open_new(dir, c->facts.sha256, path, err), r;

	if (fd == -1)
		return -1;
	r = write_all(fd, dir, c->der, c->n);
	if (r == -1)
		failed(err, path);
	if (close(fd) == -1 && r == 0)
		r = failed(err, path);
	if (r == -1) {
		unlink(path); /* ours: it was not there before */
		return -1;
	}
	ck_hex(c->facts.sha256, CK_HASH_LEN, hex);
	ck_talk_row(&v->talk, json_pack("{s:s, s:s, s:s, s:s}", "file", path, "name", c->facts.name,
				  "serial", c->facts.serial, "sha256", hex));
	return 0;
}

enum ck_outcome
ck_own_export(const struct ck_site *site, struct ck_link *link, const json_t *order)
{
	const char *to = json_string_value(json_object_get(order, "to"));
	struct ck_err err = { 0 };
	struct ck_visit *v = NULL;
	int r = -1;

	if (to == NULL) {
		ck_fail(&err, CK_E_USAGE, "to");
		return ck_own_end(NULL, link, CK_END_USAGE, &err);
	}
	/* the front makes it whole; one it could not find must not turn up from where we stand */
	if (*to != '/')
		ck_fail_native(&err, CK_E_FILE_UNWRITABLE, ENOENT, "%s: %s", to, strerror(ENOENT));
	else if ((v = ck_own_begin(site, link, order, &err)) != NULL &&
		 ck_visit_settle(v, take_key, &err) == 0)
		r = ck_own_each_cert(v, export_one, (void *)(uintptr_t)to, &err);
	return ck_own_end(v, link, r == 0 ? CK_END_DONE : CK_END_REFUSED, &err);
}
