/*
 * Poppler's pdftoppm draws a PDF, in a process of its own: whoever made the file may keep it busy
 * for ever or take it over. It has the file and two ways out, nothing of ours, and little time,
 * memory and room. What it complains of, a page torn in the middle, is not taken for the page.
 */
#include "document.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "certkiosk/paper.h"

/* The longer side of a page, of whatever size it claims to be: A4 at 200 dpi. */
#define SIDE "2339"
/* twenty sheets of a scanner take it three seconds; a slow machine five times that */
#define CPU_S 30
/* below what the engine waits for the first of them */
#define DRAW_MS 60000
#define MEMORY (768 << 20)
#define SAYS_MAX (1 << 20)
#define FILES_MAX 32
/* where a file's end is looked for (PDF 1.7, appendix H, 13 and 18) */
#define MARGIN 1024
/* "P6", two sides and 255, each on a line or together */
#define HEADER_MAX 32

struct ck_document {
	pid_t pid;
	int pidfd, pages, says, asker;
	int64_t until;
	bool locked; /* encrypted; with no password maybe */
};

extern char **environ;

static const char *
find(const struct ck_buf *b, size_t from, size_t n, const char *text)
{
	return b->n > from
		   ? memmem(b->p + from, n < b->n - from ? n : b->n - from, text, strlen(text))
		   : NULL;
}

bool
ck_is_document(const struct ck_buf *b)
{
	return find(b, 0, MARGIN, "%PDF-") != NULL;
}

/* ---- the process ---- */

static int
set_limits(pid_t pid)
{
	static const struct {
		__rlimit_resource_t what;
		rlim_t most;
	} limits[] = {
		{ RLIMIT_CPU, CPU_S },
		{ RLIMIT_AS, MEMORY },
		{ RLIMIT_FSIZE, SAYS_MAX },
		{ RLIMIT_NOFILE, FILES_MAX },
		{ RLIMIT_NPROC, 0 },
		{ RLIMIT_CORE, 0 },
	};

	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct rlimit to = { limits[i].most, limits[i].most };

		if (prlimit(pid, limits[i].what, &to, NULL) == -1)
			return errno;
	}
	return 0;
}

static int
set_descriptors(posix_spawn_file_actions_t *fa, int file, int out, int says)
{
	int e = posix_spawn_file_actions_adddup2(fa, file, STDIN_FILENO);

	if (e == 0)
		e = posix_spawn_file_actions_adddup2(fa, out, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawn_file_actions_adddup2(fa, says, STDERR_FILENO);
	if (e == 0)
		e = posix_spawn_file_actions_addclosefrom_np(fa, STDERR_FILENO + 1);
	return e;
}

/* A write to nobody ends it: we may be killed before it is. */
static int
set_attributes(posix_spawnattr_t *attr)
{
	sigset_t pipe;
	int e;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	e = posix_spawnattr_setsigdefault(attr, &pipe);
	return e == 0 ? posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF) : e;
}

static int
spawn(struct ck_document *d, int file, int out)
{
	char last[16];
	char *const argv[] = { (char[]){ "pdftoppm" }, (char[]){ "-scale-to" }, (char[]){ SIDE },
		(char[]){ "-l" }, last, (char[]){ "-" }, NULL };
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	int e;

	/* so that one too many shows */
	snprintf(last, sizeof last, "%d", CK_SCAN_SHEETS_MAX + 1);
	if ((e = posix_spawn_file_actions_init(&fa)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0)
		goto out;
	e = set_descriptors(&fa, file, out, d->says);
	if (e == 0)
		e = set_attributes(&attr);
	if (e == 0)
		e = posix_spawnp(&d->pid, argv[0], &fa, &attr, argv, environ);
	if (e == 0)
		e = set_limits(d->pid);
	posix_spawnattr_destroy(&attr);
out:
	posix_spawn_file_actions_destroy(&fa);
	return e;
}

static int
start(struct ck_document *d, int file)
{
	int ends[2] = { -1, -1 }, e = 0;

	if ((d->says = memfd_create("says", MFD_CLOEXEC)) == -1 || pipe2(ends, O_CLOEXEC) == -1)
		return errno;
	d->pages = ends[0];
	if (lseek(file, 0, SEEK_SET) == -1)
		e = errno;
	else
		e = spawn(d, file, ends[1]);
	close(ends[1]);
	if (e == 0 && (d->pidfd = pidfd_open(d->pid, 0)) == -1)
		e = errno;
	return e;
}

struct ck_document *
ck_document_open(int file, const struct ck_buf *bytes, int asker, struct ck_err *err)
{
	struct ck_document *d = NULL;
	int e;

	if (find(bytes, bytes->n > MARGIN ? bytes->n - MARGIN : 0, MARGIN, "%%EOF") == NULL) {
		ck_fail(err, CK_E_SHEET_DAMAGED, "%s", "PDF without an end");
		return NULL;
	}
	if ((d = malloc(sizeof *d)) == NULL) {
		ck_fail(err, CK_E_NO_MEMORY, "document");
		return NULL;
	}
	/* the trailer, or the dictionary in its place, is never encrypted or compressed
	 * (7.5.5, 7.5.8) */
	*d = (struct ck_document){ .pid = -1,
		.pidfd = -1,
		.pages = -1,
		.says = -1,
		.asker = asker,
		.until = ck_mono_ms() + DRAW_MS,
		.locked = find(bytes, 0, bytes->n, "/Encrypt") != NULL };
	if ((e = start(d, file)) == 0)
		return d;
	ck_fail_native(err, CK_E_SHEET_PROGRAM, (unsigned long)e, "pdftoppm: %s", strerror(e));
	ck_document_close(d);
	return NULL;
}

void
ck_document_close(struct ck_document *d)
{
	if (d == NULL)
		return;
	if (d->pid > 0) {
		kill(d->pid, SIGKILL);
		(void)waitpid(d->pid, NULL, 0);
	}
	if (d->pages != -1)
		close(d->pages);
	if (d->says != -1)
		close(d->says);
	if (d->pidfd != -1)
		close(d->pidfd);
	free(d);
}

/* ---- how it ended ---- */

/* 1 fd has something, 0 it took too long, -1 */
static int
wait_for(struct ck_document *d, int fd, struct ck_err *err)
{
	struct pollfd both[] = { { .fd = fd, .events = POLLIN },
		{ .fd = d->asker, .events = POLLIN } };
	int64_t left;
	int n = 0;

	do
		if ((left = d->until - ck_mono_ms()) > 0)
			n = poll(both, 2, (int)left);
	while (n == -1 && errno == EINTR && left > 0);
	if (n <= 0)
		return 0;
	if (both[1].revents != 0)
		return ck_fail(err, CK_E_LINK, "the pages are not wanted");
	return 1;
}

/* A warning is about what everybody's PDF has; an error is something that is not on the page. */
static void
judge_words(const struct ck_document *d, struct ck_err *err)
{
	static const char error[] = "Syntax Error";
	off_t n = lseek(d->says, 0, SEEK_END);
	char *all = MAP_FAILED, *found, *end, clean[128];

	if (n <= 0)
		return;
	all = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, d->says, 0);
	if (all == MAP_FAILED) {
		ck_fail(err, CK_E_NO_MEMORY, "document");
		return;
	}
	found = memmem(all, (size_t)n, error, strlen(error));
	if (found != NULL) {
		end = memchr(found, '\n', (size_t)(all + n - found));
		ck_clean(clean, sizeof clean, found,
		    end != NULL ? (size_t)(end - found) : (size_t)(all + n - found));
		ck_fail(err, CK_E_SHEET_DAMAGED, "%s", clean);
	}
	munmap(all, (size_t)n);
}

/* 0 all of it was drawn; -1 */
static int
judge_end(const struct ck_document *d, const siginfo_t *end, struct ck_err *err)
{
	bool killed = end->si_code != CLD_EXITED;

	if (killed && (end->si_status == SIGXCPU || end->si_status == SIGKILL))
		return ck_fail(err, CK_E_SHEET_ENDLESS, "%d s", CPU_S);
	if (end->si_status != 0 && d->locked)
		return ck_fail(err, CK_E_SHEET_LOCKED, "%s", "");
	judge_words(d, err);
	if (end->si_status != 0)
		ck_fail_native(err, CK_E_SHEET_DAMAGED, (unsigned long)end->si_status,
		    "pdftoppm %d", end->si_status);
	return err->code == CK_E_NONE ? 0 : -1;
}

static int
too_late(struct ck_err *err)
{
	return ck_fail(err, CK_E_SHEET_ENDLESS, "%d s", DRAW_MS / 1000);
}

/* It gave its last page, or broke off. */
static int
settle(struct ck_document *d, struct ck_err *err)
{
	siginfo_t end = { .si_code = 0 };
	int got = wait_for(d, d->pidfd, err);

	if (got == 0)
		return too_late(err);
	if (got == -1)
		return -1;
	if (waitid(P_PIDFD, (id_t)d->pidfd, &end, WEXITED) == -1)
		return ck_fail_native(err, CK_E_INTERNAL, (unsigned long)errno, "pdftoppm");
	d->pid = -1;
	return judge_end(d, &end, err);
}

/* ---- a page: netpbm's PPM, one behind the other ---- */

/* 1 all n bytes, 0 it ended before, -1 */
static int
read_all(struct ck_document *d, unsigned char *p, size_t n, struct ck_err *err)
{
	while (n > 0) {
		int got = wait_for(d, d->pages, err);
		ssize_t did = got == 1 ? read(d->pages, p, n) : 0;

		if (got == 0)
			return too_late(err);
		if (got == -1)
			return -1;
		if (did == -1 && errno != EINTR)
			return ck_fail_native(err, CK_E_INTERNAL, (unsigned long)errno, "pdftoppm");
		if (did == 0)
			return 0;
		if (did > 0) {
			p += did;
			n -= (size_t)did;
		}
	}
	return 1;
}

/* Three lines: "P6", width and height, 255. */
static int
read_header(struct ck_document *d, struct ck_picture *p, struct ck_err *err)
{
	char text[HEADER_MAX] = "";
	int lines = 0, got = 1, deep = 0;

	for (size_t n = 0; lines < 3 && n < sizeof text - 1; n++) {
		if ((got = read_all(d, (unsigned char *)text + n, 1, err)) != 1)
			return got;
		lines += text[n] == '\n';
	}
	if (sscanf(text, "P6 %9d %9d %9d", &p->width, &p->height, &deep) != 3 || deep != 255 ||
	    p->width < 1 || p->height < 1)
		return ck_fail(err, CK_E_SHEET_DAMAGED, "%s", "no page");
	if (p->width > CK_PICTURE_PIXELS_MAX / p->height)
		return ck_fail(err, CK_E_SHEET_LARGE, "%d x %d", p->width, p->height);
	return 1;
}

int
ck_document_page(struct ck_document *d, struct ck_picture *p, struct ck_err *err)
{
	size_t n;
	int got;

	*p = (struct ck_picture){ .colours = 3 };
	if ((got = read_header(d, p, err)) == 1) {
		n = (size_t)p->width * (size_t)p->height * 3;
		if ((p->p = malloc(n)) == NULL)
			return ck_fail(err, CK_E_NO_MEMORY, "page");
		got = read_all(d, p->p, n, err);
	}
	if (got != 1)
		ck_picture_free(p);
	return got == 0 ? settle(d, err) : got;
}
