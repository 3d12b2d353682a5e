/*
 * Bytes on a medium that may be full, write-protected, torn or pulled at any moment. What is new
 * gets its own name at once: a rename is two writes on FAT, and where it is torn two names share
 * one file, so that taking the one away empties the other.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/fault.h"
#include "token/file.h"

/* NAME.old, NAME.old2 …: one a year */
#define ASIDE_MAX 99
#define ASIDE_LEN (sizeof ".old99" - 1)
/* a pair and its certificate, and twice that while one takes the other's place */
#define ROOM (64 * 1024)

static enum ck_code
meaning(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return CK_E_KEY_FULL;
	case EROFS:
	case EACCES:
	case EPERM:
		return CK_E_KEY_READONLY;
	case EIO:
	case ENODEV:
	case ENXIO:
	case ENOENT:
	case ENOTDIR:
	case ESTALE:
	case ENOTCONN:
	case ENOMEDIUM:
		return CK_E_KEY_REMOVED;
	case EFBIG:
	case EISDIR:
	case ELOOP:
		return CK_E_MEDIUM_BROKEN;
	default:
		return CK_E_KEY_TROUBLE;
	}
}

int
ck_file_fail(struct ck_err *err, int error, const char *what)
{
	return ck_fail_native(
	    err, meaning(error), (unsigned long)error, "%s: %s", what, strerror(error));
}

int
ck_file_dir(const char *dir)
{
	return open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int
read_fd(int fd, unsigned char **out, size_t *n)
{
	struct stat sb;
	unsigned char *p = NULL;
	size_t got = 0;
	ssize_t r = 0;

	if (fstat(fd, &sb) != 0)
		return -1;
	if (!S_ISREG(sb.st_mode) || sb.st_size > CK_FILE_MAX) {
		errno = S_ISREG(sb.st_mode) ? EFBIG : EISDIR;
		return -1;
	}
	p = malloc((size_t)sb.st_size + 1);
	if (p == NULL)
		return -1;
	while (got < (size_t)sb.st_size && (r = read(fd, p + got, (size_t)sb.st_size - got)) > 0)
		got += (size_t)r;
	if (r < 0) {
		free(p);
		return -1;
	}
	p[got] = '\0';
	*out = p;
	*n = got;
	return 0;
}

int
ck_file_read(int dir, const char *name, unsigned char **out, size_t *n)
{
	int fd = -1, rc = -1, saved = 0;
	struct stat sb;

	*out = NULL;
	*n = 0;
	/* to open a device may already do something, and a pipe on an ext4 stick must not hold us
	 */
	if (fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) != 0)
		return -1;
	if (!S_ISREG(sb.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = read_fd(fd, out, n);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}

static int
write_all(int fd, const unsigned char *p, size_t n)
{
	while (n > 0) {
		ssize_t r = write(fd, p, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return fsync(fd);
}

static int
same_now(int dir, const char *name, const unsigned char *p, size_t n, struct ck_err *err)
{
	unsigned char *back = NULL;
	size_t len = 0;
	int rc = -1;

	if (ck_file_read(dir, name, &back, &len) != 0)
		ck_file_fail(err, errno, name);
	else if (len != n || memcmp(back, p, n) != 0)
		ck_fail(err, CK_E_WRITE_NOT_KEPT, "%zu bytes written, %zu read back", n, len);
	else
		rc = 0;
	free(back);
	return rc;
}

int
ck_file_is(const char *dir, const char *name, const unsigned char *p, size_t n)
{
	unsigned char *there = NULL;
	int d = ck_file_dir(dir), rc = -1, saved = errno;
	size_t len = 0;

	if (d >= 0) {
		if (ck_file_read(d, name, &there, &len) == 0)
			rc = len > n || memcmp(there, p, len) != 0 ? 0 : len == n ? 1 : 2;
		saved = errno;
		close(d);
	}
	free(there);
	errno = saved;
	return rc;
}

static int
write_new(int dir, int fd, const char *name, const unsigned char *p, size_t n, struct ck_err *err)
{
	int rc = -1, saved = 0;

	CK_FAULT("file-begun");
	rc = write_all(fd, p, n);
	saved = errno;
	/* what is read back shall come from the stick, not from our own memory */
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (close(fd) != 0 && rc == 0) {
		rc = -1;
		saved = errno;
	}
	CK_FAULT("file-written");
	if (rc == 0 && fsync(dir) != 0) {
		rc = -1;
		saved = errno;
	}
	if (rc != 0)
		return ck_file_fail(err, saved, name);
	return same_now(dir, name, p, n, err);
}

int
ck_file_write(
    const char *dir, const char *name, const unsigned char *p, size_t n, struct ck_err *err)
{
	int d = ck_file_dir(dir), fd = -1, rc = -1;

	if (d < 0)
		return ck_file_fail(err, errno, dir);
	CK_FAULT("file-new");
	fd = openat(d, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		rc = write_new(d, fd, name, p, n, err);
	else if (errno == EEXIST)
		ck_fail(err, CK_E_PAIR_AMBIGUOUS, "%s is there already", name);
	else
		ck_file_fail(err, errno, name);
	if (fd >= 0 && rc != 0)
		unlinkat(d, name, 0); /* ours: it was not there before */
	close(d);
	return rc;
}

int
ck_file_folder(const char *dir, const char *name, struct ck_err *err)
{
	int d = ck_file_dir(dir), rc = 0;

	if (d < 0)
		return ck_file_fail(err, errno, dir);
	if ((mkdirat(d, name, 0700) != 0 && errno != EEXIST) || fsync(d) != 0)
		rc = ck_file_fail(err, errno, name);
	close(d);
	return rc;
}

int
ck_file_room(const char *dir, size_t besides, struct ck_err *err)
{
	struct statvfs at;

	if (statvfs(dir, &at) != 0)
		return ck_file_fail(err, errno, dir);
	/* a file system that does not count tells 0 blocks in all */
	if (at.f_blocks > 0 && at.f_bavail * at.f_frsize < ROOM + besides)
		return ck_fail(
		    err, CK_E_KEY_FULL, "%s: less than %zu KB free", dir, (ROOM + besides) / 1024);
	return 0;
}

int
ck_file_unlink(const char *dir, const char *name, bool folder, struct ck_err *err)
{
	int d = ck_file_dir(dir), rc = 0;

	if (d < 0)
		return errno == ENOENT ? 0 : ck_file_fail(err, errno, dir);
	CK_FAULT("file-unlink");
	/* a folder somebody has put something into is not ours alone any more */
	if (unlinkat(d, name, folder ? AT_REMOVEDIR : 0) != 0 && errno != ENOENT &&
	    !(folder && (errno == ENOTEMPTY || errno == EEXIST)))
		rc = ck_file_fail(err, errno, name);
	else if (fsync(d) != 0)
		rc = ck_file_fail(err, errno, dir);
	CK_FAULT("file-unlinked");
	close(d);
	return rc;
}

static bool
there(int dir, const char *name)
{
	struct stat sb;

	return fstatat(dir, name, &sb, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A name as long as names may be leaves no room for more: the end of its stem goes, not its ending,
 * which tells what it is. */
static void
leave_room(const char *name, char out[CK_NAME_LEN])
{
	const char *dot = strrchr(name, '.');
	size_t n = strlen(name);

	if (n + ASIDE_LEN > NAME_MAX && dot != NULL) {
		n -= strlen(dot) + (n + ASIDE_LEN - NAME_MAX);
		while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80)
			n--; /* whole characters */
	}
	snprintf(out, CK_NAME_LEN, "%.*s%s", (int)n, name, name[n] != '\0' ? dot : "");
}

int
ck_file_aside(const char *dir, const char *name, char old[CK_OLD_LEN], struct ck_err *err)
{
	char stem[CK_NAME_LEN];
	int d = ck_file_dir(dir), rc = -1;
	unsigned i = 1;

	if (d < 0)
		return ck_file_fail(err, errno, dir);
	leave_room(name, stem);
	snprintf(old, CK_OLD_LEN, "%s.old", stem);
	while (there(d, old) && ++i <= ASIDE_MAX)
		snprintf(old, CK_OLD_LEN, "%s.old%u", stem, i);
	if (i > ASIDE_MAX) {
		ck_fail(err, CK_E_KEY_FULL, "%s", old);
		goto out;
	}
	CK_FAULT("file-aside");
	if (renameat(d, name, d, old) != 0 || fsync(d) != 0)
		ck_file_fail(err, errno, name);
	else
		rc = 0;
	CK_FAULT("file-moved");
out:
	close(d);
	return rc;
}

void
ck_file_back(const char *dir, const char *old, const char *name)
{
	int d = ck_file_dir(dir);

	if (d < 0)
		return;
	if (!there(d, name) && renameat(d, old, d, name) == 0)
		fsync(d);
	close(d);
}
