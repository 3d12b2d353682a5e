#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "inside.h"

/* a file that vanishes between open and lock was another engine's at its end; not for ever */
#define TRIES 8

/* The lock file is named by keyed hash: a folder of serials would tell who was here. */
static int
path_of(struct ck_store *st, const char *key, char path[CK_PATH_MAX], struct ck_err *err)
{
	unsigned char hash[CK_HASH_LEN];
	char hex[2 * CK_HASH_LEN + 1];

	if (ck_keyed_hash(st->keys->handle, "lock", key, strlen(key), hash, err) != 0)
		return -1;
	ck_hex(hash, sizeof hash, hex);
	snprintf(path, CK_PATH_MAX, "%s/locks/%s", st->conf.dir, hex);
	return 0;
}

/* 1: held, 0: the file was unlinked by its last holder before we had it, -1 */
static int
try_lock(const char *path, int *out, struct ck_err *err)
{
	struct stat sb;
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600), rc = -1;

	if (fd < 0)
		return ck_disk_fail(err, path);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno == EWOULDBLOCK)
			ck_fail(err, CK_E_KEY_BUSY, "another engine");
		else
			ck_disk_fail(err, path);
	} else if (fstat(fd, &sb) != 0) {
		ck_disk_fail(err, path);
	} else {
		rc = sb.st_nlink > 0;
	}
	if (rc == 1)
		*out = fd;
	else
		close(fd);
	return rc;
}

int
ck_store_lock_key(struct ck_store *st, const char *key, struct ck_err *err)
{
	struct ck_lock *lock = &st->locks[st->n_locks];
	char path[CK_PATH_MAX];
	int rc = 0;

	if (path_of(st, key, path, err) != 0)
		return -1;
	for (size_t i = 0; i < st->n_locks; i++)
		if (strcmp(st->locks[i].path, path) == 0)
			return 0;
	if (st->n_locks == CK_LOCKS_MAX)
		return ck_fail(err, CK_E_INTERNAL, "more than %d keys in one visit", CK_LOCKS_MAX);
	for (int i = 0; rc == 0; i++) {
		if (i == TRIES)
			return ck_fail(err, CK_E_KEY_BUSY, "another engine");
		rc = try_lock(path, &lock->fd, err);
	}
	if (rc < 0)
		return -1;
	memcpy(lock->path, path, sizeof lock->path);
	st->n_locks++;
	return 0;
}

void
ck_store_unlock_keys(struct ck_store *st)
{
	while (st->n_locks > 0) {
		struct ck_lock *lock = &st->locks[--st->n_locks];

		/* first unlink, while it is still ours */
		unlink(lock->path);
		close(lock->fd);
	}
}
