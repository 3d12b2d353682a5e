#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "inside.h"

enum ck_code
ck_disk_code(int native)
{
	switch (native) {
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		return CK_E_STORE_FULL;
	default:
		return CK_E_STORE_UNWRITABLE;
	}
}

int
ck_disk_fail(struct ck_err *err, const char *path)
{
	return ck_fail_native(
	    err, ck_disk_code(errno), (unsigned long)errno, "%s: %s", path, strerror(errno));
}

int
ck_disk_sync_parent(const char *path)
{
	char dir[CK_PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd = -1, rc = -1;

	snprintf(dir, sizeof dir, "%.*s", slash != NULL ? (int)(slash - path) + 1 : 1,
	    slash != NULL ? path : ".");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		rc = fsync(fd);
		close(fd);
	}
	return rc;
}

int
ck_disk_may_make(const char *dir)
{
	char path[CK_PATH_MAX];
	int fd = -1, native = 0;

	snprintf(path, sizeof path, "%s/room.XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return errno;
	native = unlink(path) == 0 ? 0 : errno;
	close(fd);
	return native;
}

int64_t
ck_disk_free(const char *dir, struct ck_err *err)
{
	struct statvfs vfs;

	if (statvfs(dir, &vfs) != 0)
		return ck_disk_fail(err, dir);
	/* what is free for us, not what root keeps for itself */
	return (int64_t)(vfs.f_bavail * vfs.f_frsize);
}

int
ck_disk_room(const char *dir, int64_t reserve, struct ck_err *err)
{
	int64_t free_bytes = ck_disk_free(dir, err);

	if (free_bytes == -1)
		return -1;
	if (free_bytes < reserve)
		return ck_fail(err, CK_E_STORE_FULL, "%s: %lld MB free, %lld MB needed", dir,
		    (long long)(free_bytes >> 20), (long long)(reserve >> 20));
	return 0;
}
