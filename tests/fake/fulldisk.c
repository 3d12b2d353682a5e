/*
 * fulldisk.so: a disk that is full, or broken, from one write on. Preloaded into certkiosk, it is
 * about the engine's process alone, and in it about one folder: everything by which something is
 * written there is counted.
 *
 *   CK_DISK_DIR   the folder, as realpath(3) names it
 *   CK_DISK_AT    the first write that fails, from 1; 0 or absent: none
 *   CK_DISK_HOW   full     ENOSPC from there on, the first after half of its bytes
 *                 broken   EIO from there on
 *                 once     EIO this once
 *   CK_DISK_LOG   each write's name is added to this file, a line each
 *
 * What makes room (unlink, a file made shorter) works on a full disk as it does on a real one.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENGINE "/certkiosk-engine"

enum how { FULL, BROKEN, ONCE };

static struct {
	char dir[PATH_MAX];
	size_t dir_len; /* 0: not the engine, or nothing asked for */
	long at;
	enum how how;
	const char *log;
} disk;
static atomic_long writes;

static void *
real(const char *name)
{
	void *f = dlsym(RTLD_NEXT, name);

	if (f == NULL)
		abort();
	return f;
}
/* the function of this name behind ours, with its own type */
#define REAL(f) ((__typeof__(&f))(uintptr_t)real(#f))

__attribute__((constructor)) static void
begin(void)
{
	const char *dir = getenv("CK_DISK_DIR"), *at = getenv("CK_DISK_AT"),
		   *how = getenv("CK_DISK_HOW");
	char exe[PATH_MAX] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	if (dir == NULL || n < (ssize_t)sizeof ENGINE ||
	    strcmp(exe + n - (sizeof ENGINE - 1), ENGINE) != 0)
		return;
	snprintf(disk.dir, sizeof disk.dir, "%s", dir);
	disk.at = at != NULL ? strtol(at, NULL, 10) : 0;
	disk.how = how == NULL || strcmp(how, "full") == 0 ? FULL
		   : strcmp(how, "broken") == 0		   ? BROKEN
							   : ONCE;
	disk.log = getenv("CK_DISK_LOG");
	disk.dir_len = strlen(disk.dir);
}

/* ---- is it about our folder, and does it fail? ---- */

static bool
below(const char *path)
{
	return strncmp(path, disk.dir, disk.dir_len) == 0 &&
	       (path[disk.dir_len] == '/' || path[disk.dir_len] == '\0');
}

static bool
of_fd(int fd)
{
	char link[64], path[PATH_MAX] = "";
	int saved = errno;
	ssize_t n = -1;

	if (disk.dir_len == 0 || fd < 0)
		return false;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	errno = saved;
	return n > 0 && below(path);
}

static bool
of_path(int dir, const char *path)
{
	if (disk.dir_len == 0)
		return false;
	return path[0] == '/' || dir == AT_FDCWD ? below(path) : of_fd(dir);
}

static void
note(const char *name)
{
	ssize_t (*put)(int, const void *, size_t) = REAL(write);
	int (*op)(const char *, int, ...) = REAL(open);
	char line[64];
	int n = snprintf(line, sizeof line, "%s\n", name), fd = -1;

	if (disk.log == NULL)
		return;
	fd = op(disk.log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || put(fd, line, (size_t)n) != n)
		abort();
	close(fd);
}

/* 0, or the first or a later failure; takes: it needs room */
static int
fails(const char *name, bool takes)
{
	int saved = errno;
	long n = atomic_fetch_add(&writes, 1) + 1;

	note(name);
	errno = saved;
	if (disk.at <= 0 || n < disk.at || (disk.how == ONCE && n > disk.at) ||
	    (disk.how == FULL && !takes))
		return 0;
	errno = disk.how == FULL ? ENOSPC : EIO;
	return n == disk.at ? 1 : 2;
}

/* how much of n bytes still fits: all, half, or -1 */
static ssize_t
fits(const char *name, size_t n)
{
	int failed = fails(name, true);

	if (failed == 0)
		return (ssize_t)n;
	return failed == 1 && disk.how == FULL && n > 1 ? (ssize_t)(n / 2) : -1;
}

/* ---- bytes ---- */

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t fit = of_fd(fd) ? fits("write", n) : (ssize_t)n;

	return fit < 0 ? -1 : REAL(write)(fd, p, (size_t)fit);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	ssize_t fit = of_fd(fd) ? fits("pwrite", n) : (ssize_t)n;

	return fit < 0 ? -1 : REAL(pwrite)(fd, p, (size_t)fit, at);
}

ssize_t
pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	ssize_t fit = of_fd(fd) ? fits("pwrite", n) : (ssize_t)n;

	return fit < 0 ? -1 : REAL(pwrite64)(fd, p, (size_t)fit, at);
}

int
fallocate(int fd, int mode, off_t at, off_t n)
{
	return of_fd(fd) && fails("fallocate", true) ? -1 : REAL(fallocate)(fd, mode, at, n);
}

int
fallocate64(int fd, int mode, off64_t at, off64_t n)
{
	return of_fd(fd) && fails("fallocate", true) ? -1 : REAL(fallocate64)(fd, mode, at, n);
}

int
posix_fallocate(int fd, off_t at, off_t n)
{
	return of_fd(fd) && fails("fallocate", true) ? errno : REAL(posix_fallocate)(fd, at, n);
}

int
ftruncate(int fd, off_t n)
{
	return of_fd(fd) && fails("ftruncate", false) ? -1 : REAL(ftruncate)(fd, n);
}

int
ftruncate64(int fd, off64_t n)
{
	return of_fd(fd) && fails("ftruncate", false) ? -1 : REAL(ftruncate64)(fd, n);
}

/* blocks given out late (ext4, NFS) may turn out to be none at the sync */
int
fsync(int fd)
{
	return of_fd(fd) && fails("fsync", true) ? -1 : REAL(fsync)(fd);
}

int
fdatasync(int fd)
{
	return of_fd(fd) && fails("fdatasync", true) ? -1 : REAL(fdatasync)(fd);
}

/* ---- names ---- */

/* a file that is there is opened without writing anything */
static bool
makes(int dir, const char *path, int flags)
{
	struct stat sb;
	int saved = errno;
	bool there = false;

	if ((flags & O_CREAT) == 0 || !of_path(dir, path))
		return false;
	there = fstatat(dir, path, &sb, AT_SYMLINK_NOFOLLOW) == 0;
	errno = saved;
	return !there;
}

static mode_t
mode_of(int flags, va_list ap)
{
	return (flags & O_CREAT) != 0 ? va_arg(ap, mode_t) : 0;
}

#define OPEN(f) \
	int f(const char *path, int flags, ...) \
	{ \
		mode_t mode = 0; \
		va_list ap; \
\
		va_start(ap, flags); \
		mode = mode_of(flags, ap); \
		va_end(ap); \
		if (makes(AT_FDCWD, path, flags) && fails("open", true)) \
			return -1; \
		return REAL(f)(path, flags, mode); \
	}
#define OPENAT(f) \
	int f(int dir, const char *path, int flags, ...) \
	{ \
		mode_t mode = 0; \
		va_list ap; \
\
		va_start(ap, flags); \
		mode = mode_of(flags, ap); \
		va_end(ap); \
		if (makes(dir, path, flags) && fails("open", true)) \
			return -1; \
		return REAL(f)(dir, path, flags, mode); \
	}
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int
mkostemp(char *path, int flags)
{
	return of_path(AT_FDCWD, path) && fails("open", true) ? -1 : REAL(mkostemp)(path, flags);
}

int
mkostemp64(char *path, int flags)
{
	return of_path(AT_FDCWD, path) && fails("open", true) ? -1 : REAL(mkostemp64)(path, flags);
}

int
mkdir(const char *path, mode_t mode)
{
	return of_path(AT_FDCWD, path) && fails("mkdir", true) ? -1 : REAL(mkdir)(path, mode);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	return of_path(dir, path) && fails("mkdir", true) ? -1 : REAL(mkdirat)(dir, path, mode);
}

int
link(const char *from, const char *to)
{
	return of_path(AT_FDCWD, to) && fails("link", true) ? -1 : REAL(link)(from, to);
}

int
rename(const char *from, const char *to)
{
	return of_path(AT_FDCWD, to) && fails("rename", true) ? -1 : REAL(rename)(from, to);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return of_path(to_dir, to) && fails("rename", true)
		   ? -1
		   : REAL(renameat)(from_dir, from, to_dir, to);
}

int
unlink(const char *path)
{
	return of_path(AT_FDCWD, path) && fails("unlink", false) ? -1 : REAL(unlink)(path);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return of_path(dir, path) && fails("unlink", false) ? -1 : REAL(unlinkat)(dir, path, flags);
}

int
chmod(const char *path, mode_t mode)
{
	return of_path(AT_FDCWD, path) && fails("chmod", false) ? -1 : REAL(chmod)(path, mode);
}

int
fchmod(int fd, mode_t mode)
{
	return of_fd(fd) && fails("chmod", false) ? -1 : REAL(fchmod)(fd, mode);
}

int
fchown(int fd, uid_t uid, gid_t gid)
{
	return of_fd(fd) && fails("chown", false) ? -1 : REAL(fchown)(fd, uid, gid);
}
