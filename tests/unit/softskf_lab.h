/*
 * A lab for one unit test of the software smart key library: a folder with keys, the library in one
 * of its four shapes, called as a program must that does not know which: every number handed over
 * as 64 bits, every number that comes back in 64 bits that were zero, structures by offset.
 */
#ifndef SOFTSKF_LAB_H
#define SOFTSKF_LAB_H

#include <dlfcn.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "certkiosk/skf.h"
#include "t.h"

#define LAB_LIMIT_S 240
#define APP "SZCA"
#define PIN "123456"
#define NEW_PIN "654321"
#define ADMIN "88888888"
#define KEY "K1"

static struct {
	char dir[PATH_MAX], build[PATH_MAX];
	pid_t pid;
	void *so;
	const char *shape;
	unsigned u; /* bytes of its ULONG */
	bool natural;
} lab;

/* what a ULONG * points to */
typedef union {
	uint32_t v;
	uint64_t w;
} ulong_out;

#define LAB(cond) \
	do { \
		if (!(cond)) { \
			printf("not ok - lab: %s (%s:%d)\n", #cond, __FILE__, __LINE__); \
			exit(1); \
		} \
	} while (0)

#define P(pointer) ((uint64_t)(uintptr_t)(pointer))
#define CALL(fn, ...) lab_call(#fn, (const uint64_t[8]){ __VA_ARGS__ })
/* where anything else ends the test */
#define OK(fn, ...) LAB(CALL(fn, __VA_ARGS__) == SAR_OK)

/* More arguments than a function takes do it no harm. */
__attribute__((unused)) static uint32_t
lab_call(const char *fn, const uint64_t a[8])
{
	uint64_t (*f)(
	    uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t) = NULL;

	*(void **)&f = dlsym(lab.so, fn);
	LAB(f != NULL);
	return (uint32_t)f(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
}

__attribute__((unused)) static void
put_ulong(uint8_t *at, uint64_t v)
{
	memcpy(at, &v, lab.u);
}

__attribute__((unused)) static uint64_t
get_ulong(const uint8_t *at)
{
	uint64_t v = 0;

	memcpy(&v, at, lab.u);
	return v;
}

static int
lab_drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st, (void)flag, (void)ftw;
	return remove(path);
}

static void
lab_end(void)
{
	/* a child that fails leaves the lab to its parent */
	if (getpid() != lab.pid)
		return;
	nftw(lab.dir, lab_drop, 16, FTW_DEPTH | FTW_PHYS);
}

__attribute__((unused)) static void
lab_begin(void)
{
	const char *tmp = getenv("TMPDIR");
	char *slash = NULL;

	alarm(LAB_LIMIT_S);
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(lab.dir, sizeof lab.dir, "%s/softskf-XXXXXX", tmp != NULL ? tmp : "/tmp");
	LAB(mkdtemp(lab.dir) != NULL);
	lab.pid = getpid();
	atexit(lab_end);
	LAB(readlink("/proc/self/exe", lab.build, sizeof lab.build - 1) > 0);
	for (int i = 0; i < 2; i++)
		if ((slash = strrchr(lab.build, '/')) != NULL)
			*slash = '\0';
	LAB(slash != NULL && setenv("CK_SOFTSKF_DIR", lab.dir, 1) == 0);
}

__attribute__((unused)) static void
lab_load(const char *shape)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof path, "%s/tests/softskf/libsoftskf-%s.so", lab.build, shape);
	lab.so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	LAB(lab.so != NULL);
	lab.shape = shape;
	lab.u = strstr(shape, "u64") != NULL ? 8 : 4;
	lab.natural = strstr(shape, "natural") != NULL;
}

/* lab_tool("make", KEY, …, NULL): its exit status; what it says goes into the file "said" */
__attribute__((sentinel, unused)) static int
lab_tool(const char *command, ...)
{
	char program[2 * PATH_MAX], said[2 * PATH_MAX], *argv[32] = { program };
	extern char **environ;
	posix_spawn_file_actions_t fa;
	int n = 1, status = -1;
	pid_t pid = -1;
	va_list ap;

	snprintf(program, sizeof program, "%s/test/softskf-init", lab.build);
	snprintf(said, sizeof said, "%s/said", lab.dir);
	va_start(ap, command);
	for (const char *a = command; a != NULL && n < 31; a = va_arg(ap, const char *))
		argv[n++] = (char *)(uintptr_t)a;
	va_end(ap);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 1, said, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_adddup2(&fa, 1, 2);
	LAB(posix_spawn(&pid, program, &fa, NULL, argv, environ) == 0);
	posix_spawn_file_actions_destroy(&fa);
	LAB(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

__attribute__((unused)) static size_t
lab_file(const char *leaf, char *out, size_t cap)
{
	char path[2 * PATH_MAX];
	size_t n = 0;
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/%s", lab.dir, leaf);
	f = fopen(path, "r");
	if (f != NULL) {
		n = fread(out, 1, cap - 1, f);
		fclose(f);
	}
	out[n] = '\0';
	return n;
}

__attribute__((unused)) static void
lab_put(const char *leaf, const void *bytes, size_t n)
{
	char path[2 * PATH_MAX], tmp[2 * PATH_MAX];
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/%s", lab.dir, leaf);
	snprintf(tmp, sizeof tmp, "%s/tmp", lab.dir);
	f = fopen(tmp, "w");
	LAB(f != NULL && fwrite(bytes, 1, n, f) == n && fclose(f) == 0 && rename(tmp, path) == 0);
}

__attribute__((unused)) static void
lab_ctl(const char *text)
{
	lab_put("ctl", text, strlen(text));
}

/* lines of "calls" that say so, since it was last emptied */
__attribute__((unused)) static unsigned
lab_called(const char *what)
{
	static char text[65536];
	unsigned n = 0;

	lab_file("calls", text, sizeof text);
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		n += strcmp(line, what) == 0;
	return n;
}

__attribute__((unused)) static void
lab_make(const char *key)
{
	LAB(lab_tool("make", key, "--app", APP, "--pin", PIN, "--admin-pin", ADMIN, "--tries", "3",
		NULL) == 0);
}

/* ---- a key that is open ---- */

static void *dev, *app, *con;

__attribute__((unused)) static void
open_key(const char *key)
{
	OK(SKF_ConnectDev, P(key), P(&dev));
	OK(SKF_OpenApplication, P(dev), P(APP), P(&app));
}

__attribute__((unused)) static void
close_key(void)
{
	OK(SKF_CloseApplication, P(app));
	OK(SKF_DisConnectDev, P(dev));
}

__attribute__((unused)) static uint32_t
login(const char *pin, unsigned *left)
{
	ulong_out n = { .w = 0 };
	uint32_t rv = CALL(SKF_VerifyPIN, P(app), USER_TYPE, P(pin), P(&n));

	if (left != NULL)
		*left = n.v;
	return rv;
}

__attribute__((unused)) static unsigned
tries_left(unsigned type)
{
	ulong_out max = { .w = 0 }, left = { .w = 0 };
	int32_t factory = -1;

	OK(SKF_GetPINInfo, P(app), type, P(&max), P(&left), P(&factory));
	LAB(max.v == 3);
	return left.v;
}

__attribute__((unused)) static void
plug(const char *key)
{
	LAB(lab_tool("plug", key, NULL) == 0);
}

/* How a process of its own ends that opens the key and does so; it returns: 0 */
__attribute__((unused)) static int
ends(const char *ctl, void (*what)(void))
{
	int status = 0;
	pid_t pid = -1;

	lab_ctl(ctl);
	fflush(stdout);
	pid = fork();
	LAB(pid >= 0);
	if (pid == 0) {
		alarm(strncmp(ctl, "hang", 4) == 0 ? 1 : LAB_LIMIT_S);
		OK(SKF_ConnectDev, P(KEY), P(&dev));
		OK(SKF_OpenApplication, P(dev), P(APP), P(&app));
		what();
		_exit(0);
	}
	LAB(waitpid(pid, &status, 0) == pid);
	lab_ctl("");
	return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

#endif
