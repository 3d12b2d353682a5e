/* Only in test builds; a shipped one has neither the points nor anything that reads the
 * environment. */
#ifdef CK_TEST
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/fault.h"

static atomic_long points; /* all points of the run so far */
static atomic_long named;  /* those with the wanted name */

/* Each name on a line of its own, so that a test can list the points of a run and then try each. */
static void
note(const char *name)
{
	const char *file = getenv("CK_FAULT_LOG");
	struct iovec line[] = {
		{ .iov_base = (void *)(uintptr_t)name, .iov_len = strlen(name) },
		{ .iov_base = (void *)(uintptr_t) "\n", .iov_len = 1 },
	};
	int fd = -1;

	if (file == NULL)
		return;
	fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || writev(fd, line, 2) < 0)
		raise(SIGABRT); /* a list with holes would leave points untried */
	close(fd);
}

static int
is_due(const char *name, const char *at)
{
	long all = atomic_fetch_add(&points, 1) + 1, nth = 1;
	char *end = NULL;
	size_t len = strcspn(at, "#");

	nth = strtol(at, &end, 10);
	if (end != at && *end == '\0')
		return all == nth;
	if (strlen(name) != len || strncmp(name, at, len) != 0)
		return 0;
	nth = at[len] == '#' ? strtol(at + len + 1, NULL, 10) : 1;
	return atomic_fetch_add(&named, 1) + 1 == nth;
}

/* A byte into one pipe, and on when one comes out of the other. */
static void
hold(const char *pipes)
{
	char path[256], byte = '.';
	int fd = -1;

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s.%s", pipes, i == 0 ? "held" : "go");
		fd = open(path, (i == 0 ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
		if (fd < 0 || (i == 0 ? write(fd, &byte, 1) : read(fd, &byte, 1)) != 1)
			raise(SIGABRT);
		close(fd);
	}
}

void
ck_fault_point(const char *name)
{
	const char *at = getenv("CK_FAULT_AT"), *how = getenv("CK_FAULT_HOW");

	note(name);
	if (at == NULL || !is_due(name, at))
		return;
	if (how != NULL && strncmp(how, "hold ", 5) == 0) {
		hold(how + 5);
		return;
	}
	if (how != NULL && strcmp(how, "power") == 0)
		kill(getppid(), SIGKILL);
	raise(SIGKILL);
}

int64_t
ck_fault_clock(void)
{
	const char *shift = getenv("CK_FAULT_CLOCK");

	return shift == NULL ? 0 : strtoll(shift, NULL, 10);
}

int64_t
ck_fault_mono(void)
{
	const char *file = getenv("CK_FAULT_MONO");
	char text[24] = "";
	int fd = file != NULL ? open(file, O_RDONLY | O_CLOEXEC) : -1;

	if (fd < 0)
		return 0;
	if (read(fd, text, sizeof text - 1) < 0)
		text[0] = '\0';
	close(fd);
	return strtoll(text, NULL, 10);
}

const char *
ck_fault_usb(void)
{
	return getenv("CK_FAULT_USB");
}

const char *
ck_fault_pcscd(void)
{
	return getenv("PCSCLITE_CSOCK_NAME");
}
#endif
