#include "softskf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A path that does not fit is a laboratory no test can work in. */
__attribute__((format(printf, 2, 3))) static void
add(struct ss_path *p, const char *fmt, ...)
{
	size_t n = strlen(p->text);
	va_list ap;
	int more = 0;

	va_start(ap, fmt);
	more = vsnprintf(p->text + n, sizeof p->text - n, fmt, ap);
	va_end(ap);
	if (more < 0 || (size_t)more >= sizeof p->text - n)
		abort();
}

struct ss_path
ss_path(const char *device, const char *app, const char *con, const char *leaf)
{
	const char *root = getenv("CK_SOFTSKF_DIR");
	struct ss_path p = { "" };

	add(&p, "%s", root != NULL ? root : "/nonexistent");
	if (device != NULL)
		add(&p, "/%s", device);
	if (app != NULL)
		add(&p, "/%s.app", app);
	if (con != NULL)
		add(&p, "/%s.con", con);
	if (leaf != NULL)
		add(&p, "/%s", leaf);
	return p;
}

struct ss_path
ss_path_of(const struct ss_call *c, const char *leaf)
{
	return ss_path(c->dev->name, c->app != NULL ? c->app->name : NULL,
	    c->con != NULL ? c->con->name : NULL, leaf);
}

static struct ss_path
folder_of(const char *path)
{
	struct ss_path p = { "" };

	add(&p, "%.*s", (int)(strrchr(path, '/') - path), path);
	return p;
}

static int
sync_folder(const char *path)
{
	struct ss_path p = folder_of(path);
	int fd = open(p.text, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = -1;

	if (fd >= 0) {
		rc = fsync(fd);
		close(fd);
	}
	return rc;
}

static int
put(int fd, const void *bytes, size_t n)
{
	return n == 0 || write(fd, bytes, n) == (ssize_t)n ? 0 : -1;
}

int
ss_write(const char *path, const void *bytes, size_t n)
{
	struct ss_path tmp = folder_of(path);
	const char *b = bytes;
	int fd = -1, rc = -1;

	add(&tmp, "/.tmp");
	if (ss_fault_step() != 0)
		return -1;
	fd = open(tmp.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || put(fd, b, n / 2) != 0 || ss_fault_step() != 0 ||
	    put(fd, b + n / 2, n - n / 2) != 0 || fsync(fd) != 0 || ss_fault_step() != 0 ||
	    rename(tmp.text, path) != 0 || ss_fault_step() != 0)
		goto out;
	rc = sync_folder(path);
out:
	if (fd >= 0)
		close(fd);
	return rc;
}

int
ss_jot(const char *path, const void *bytes, size_t n)
{
	struct ss_path tmp = folder_of(path);
	int fd = -1, rc = -1;

	add(&tmp, "/.jot.%d", (int)getpid());
	fd = open(tmp.text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd >= 0 && put(fd, bytes, n) == 0)
		rc = rename(tmp.text, path);
	if (fd >= 0)
		close(fd);
	return rc;
}

ssize_t
ss_read(const char *path, void *out, size_t cap)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= cap)
		n = read(fd, out, cap);
	close(fd);
	return n;
}

int
ss_make_folder(const char *path)
{
	if (ss_fault_step() != 0 || mkdir(path, 0700) != 0 || ss_fault_step() != 0)
		return -1;
	return sync_folder(path);
}

int
ss_remove(const char *path)
{
	if (ss_fault_step() != 0 || unlink(path) != 0 || ss_fault_step() != 0)
		return -1;
	return sync_folder(path);
}

/* Folders within folders, as an application has. */
static void
empty(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e = NULL;

	while (d != NULL && (e = readdir(d)) != NULL) {
		struct ss_path p = { "" };

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		add(&p, "%s/%s", path, e->d_name);
		if (unlink(p.text) != 0)
			empty(p.text);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

int
ss_remove_folder(const char *path)
{
	struct ss_path gone = folder_of(path);

	add(&gone, "/.gone");
	/* of a removal that was interrupted */
	empty(gone.text);
	if (ss_fault_step() != 0 || rename(path, gone.text) != 0 || ss_fault_step() != 0)
		return -1;
	empty(gone.text);
	return sync_folder(path);
}

void
ss_append(const char *leaf, const char *text)
{
	struct ss_path p = ss_path(NULL, NULL, NULL, leaf);
	int fd = open(p.text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	/* without a folder there is no test that could miss it */
	if (fd < 0)
		return;
	if (put(fd, text, strlen(text)) != 0)
		abort();
	close(fd);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

void
ss_names(const char *folder, const char *ending, struct ss_names *out)
{
	DIR *d = opendir(folder);
	struct dirent *e = NULL;

	out->n = 0;
	while (d != NULL && (e = readdir(d)) != NULL && out->n < SS_NAMES_MAX) {
		size_t n = strlen(e->d_name), end = strlen(ending);

		if (e->d_name[0] == '.' || n <= end || n - end > SS_NAME_LONGEST ||
		    strcmp(e->d_name + n - end, ending) != 0)
			continue;
		memcpy(out->name[out->n], e->d_name, n - end);
		out->name[out->n++][n - end] = '\0';
	}
	if (d != NULL)
		closedir(d);
	qsort(out->name, out->n, sizeof out->name[0], by_name);
}

ULONG
ss_bytes_out(const void *bytes, size_t n, BYTE *out, ULONG *size)
{
	const bool fits = size != NULL && *size >= n;

	if (size == NULL)
		return SAR_INVALIDPARAMERR;
	*size = (ULONG)n;
	if (out == NULL)
		return SAR_OK;
	if (!fits)
		return SAR_BUFFER_TOO_SMALL;
	memcpy(out, bytes, n);
	return SAR_OK;
}

ULONG
ss_names_out(const struct ss_names *names, LPSTR out, ULONG *size)
{
	char list[SS_NAMES_MAX * (SS_NAME_LONGEST + 1) + 2] = "";
	size_t n = 0;

	for (size_t i = 0; i < names->n; i++) {
		size_t len = strlen(names->name[i]) + 1;

		memcpy(list + n, names->name[i], len);
		n += len;
	}
	list[n++] = '\0';
	/* none is two of them as well */
	return ss_bytes_out(list, n > 1 ? n : 2, (BYTE *)out, size);
}

ULONG
ss_name_good(const char *name, size_t longest)
{
	if (name == NULL || *name == '\0' || *name == '.' || strchr(name, '/') != NULL)
		return SAR_INVALIDPARAMERR;
	return strlen(name) > longest ? SAR_NAMELENERR : SAR_OK;
}
