/* Folders as wholes: taken away, copied, compared, searched. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "prove.h"

#define FTW_FDS 16

void
files_join(const char *dir, const char *name, char out[SB_PATH_MAX])
{
	if (snprintf(out, SB_PATH_MAX, "%s/%s", dir, name) >= SB_PATH_MAX)
		abort();
}

static int
remove_one(const char *path, const struct stat *sb, int type, struct FTW *at)
{
	(void)sb, (void)type, (void)at;
	return remove(path);
}

int
files_remove(const char *path)
{
	return access(path, F_OK) == 0 ? nftw(path, remove_one, FTW_FDS, FTW_DEPTH | FTW_PHYS) : 0;
}

/* All of it, malloc'd; NULL when it can't be read. */
static char *
slurp(const char *path, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat sb;
	char *all = NULL;
	ssize_t got = 0;

	*n = 0;
	if (fd >= 0 && fstat(fd, &sb) == 0 && (all = malloc((size_t)sb.st_size + 1)) != NULL)
		while ((size_t)sb.st_size > *n &&
		       (got = read(fd, all + *n, (size_t)sb.st_size - *n)) > 0)
			*n += (size_t)got;
	if (fd >= 0)
		close(fd);
	return all;
}

static int
copy_file(const char *from, const char *to, mode_t mode)
{
	size_t n = 0;
	char *all = slurp(from, &n);
	int fd = all != NULL ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode) : -1;
	int rc = fd >= 0 && write(fd, all, n) == (ssize_t)n ? 0 : -1;

	if (fd >= 0)
		close(fd);
	free(all);
	return rc;
}

/* For each name of a folder, the paths on both sides; the first answer that is not 0 ends it. */
static int
each_name(const char *from, const char *to, int (*each)(const char *, const char *))
{
	char a[SB_PATH_MAX], b[SB_PATH_MAX];
	struct dirent *e = NULL;
	DIR *d = opendir(from);
	int rc = d != NULL ? 0 : -1;

	while (rc == 0 && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		files_join(from, e->d_name, a);
		files_join(to, e->d_name, b);
		rc = each(a, b);
	}
	if (d != NULL)
		closedir(d);
	return rc;
}

int
files_copy(const char *from, const char *to)
{
	struct stat sb;

	if (stat(from, &sb) != 0)
		return -1;
	if (!S_ISDIR(sb.st_mode))
		return copy_file(from, to, sb.st_mode & 0777);
	if (mkdir(to, sb.st_mode & 0777) != 0 && errno != EEXIST)
		return -1;
	return each_name(from, to, files_copy);
}

static int
differs(const char *a, const char *b)
{
	size_t n = 0, m = 0;
	struct stat sb;
	char *x = NULL, *y = NULL;
	int rc = 1;

	if (stat(a, &sb) != 0)
		return 1;
	if (S_ISDIR(sb.st_mode))
		return each_name(a, b, differs);
	x = slurp(a, &n);
	y = slurp(b, &m);
	if (x != NULL && y != NULL && n == m && memcmp(x, y, n) == 0)
		rc = 0;
	free(x);
	free(y);
	return rc;
}

bool
files_same(const char *a, const char *b)
{
	return differs(a, b) == 0;
}

bool
files_find(const char *path, const char *text, char found[SB_PATH_MAX])
{
	char next[SB_PATH_MAX];
	struct dirent *e = NULL;
	struct stat sb;
	DIR *d = NULL;
	size_t n = 0;
	char *all = NULL;
	bool is = false;

	if (lstat(path, &sb) != 0)
		return false;
	if (S_ISREG(sb.st_mode)) {
		all = slurp(path, &n);
		is = all != NULL && memmem(all, n, text, strlen(text)) != NULL;
		if (is)
			snprintf(found, SB_PATH_MAX, "%s", path);
		free(all);
		return is;
	}
	d = S_ISDIR(sb.st_mode) ? opendir(path) : NULL;
	while (!is && d != NULL && (e = readdir(d)) != NULL) {
		files_join(path, e->d_name, next);
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			is = files_find(next, text, found);
	}
	if (d != NULL)
		closedir(d);
	return is;
}
