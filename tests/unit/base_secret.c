/* Where a secret lives and what is left of it. */
#include "t.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "certkiosk/secret.h"

/* "VmFlags" of the mapping p lies in, from /proc/self/smaps */
static int
flags_of(const void *p, char *flags, size_t cap)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	char line[512];
	int here = 0, found = 0;

	while (f != NULL && !found && fgets(line, sizeof line, f) != NULL) {
		uintptr_t from = 0, to = 0;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)p >= from && (uintptr_t)p < to;
		else if (here && strncmp(line, "VmFlags:", 8) == 0)
			found = snprintf(flags, cap, "%s", line + 8) > 0;
	}
	if (f != NULL)
		fclose(f);
	return found;
}

static void
the_page(void)
{
	struct ck_secret *s = ck_secret_new();
	char flags[512] = "";

	T(s != NULL, "a secret can be had");
	T(flags_of(ck_secret_bytes(s), flags, sizeof flags), "its page is found");
	T(strstr(flags, " dd ") != NULL, "left out of core dumps");
	T(strstr(flags, " wf ") != NULL, "emptied in a forked child");
#ifndef __SANITIZE_ADDRESS__ /* which turns mlock into nothing */
	T(strstr(flags, " lo ") != NULL, "locked into memory");
#endif
	ck_secret_free(s);
	ck_secret_free(NULL);
}

static void
set_and_wipe(void)
{
	struct ck_secret *s = ck_secret_new();
	const char *p = ck_secret_bytes(s);
	char most[CK_SECRET_MAX + 1], zero[CK_SECRET_MAX + 1] = "";

	memset(most, 'x', sizeof most);
	T(ck_secret_len(s) == 0 && p[0] == '\0', "a new secret is empty");
	T(ck_secret_set(s, "12345678", 8) == 0 && ck_secret_len(s) == 8, "set takes a copy");
	T_STR(ck_secret_bytes(s), "12345678", "the bytes end in NUL");
	T(ck_secret_set(s, most, CK_SECRET_MAX + 1) == -1, "256 bytes are too many");
	T_STR(ck_secret_bytes(s), "12345678", "and change nothing");
	T(ck_secret_set(s, most, CK_SECRET_MAX) == 0, "255 bytes fit");
	T(strlen(ck_secret_bytes(s)) == CK_SECRET_MAX, "and still end in NUL");
	T(ck_secret_set(s, "9", 1) == 0 && memcmp(p + 1, zero, CK_SECRET_MAX) == 0,
	    "nothing of a longer one is left behind a shorter one");
	ck_secret_set(s, "12345678", 8);
	ck_secret_set(s, NULL, 0);
	T(memcmp(p, zero, sizeof zero) == 0 && ck_secret_len(s) == 0,
	    "a secret of nothing is zeros");
	ck_secret_set(s, "ab", 2);
	T(ck_secret_add(s, "\xE8\xAF\x81", 3) == 0 && ck_secret_len(s) == 5, "one more character");
	T(ck_secret_chop(s) == 3 && memcmp(p, "ab\0\0\0", 5) == 0, "and wiped when it is taken back");
	T(ck_secret_chop(s) == 1 && ck_secret_chop(s) == 1 && ck_secret_chop(s) == 0,
	    "until there is none");
	ck_secret_set(s, most, CK_SECRET_MAX - 2);
	T(ck_secret_add(s, "\xE8\xAF\x81", 3) == -1 && ck_secret_len(s) == CK_SECRET_MAX - 2,
	    "not where there is no room");
	ck_secret_free(s);
}

static void
freeing(void)
{
	long page = sysconf(_SC_PAGESIZE);
	struct ck_secret *s = ck_secret_new();
	void *at = (void *)((uintptr_t)s & ~(uintptr_t)(page - 1));
	unsigned char resident = 0;

	T(mincore(at, 1, &resident) == 0, "the page is mapped while the secret lives");
	ck_secret_free(s);
	errno = 0;
	T(mincore(at, 1, &resident) == -1 && errno == ENOMEM, "and gone when it is freed");
}

static void
comparing(void)
{
	struct ck_secret *a = ck_secret_new(), *b = ck_secret_new();

	T(ck_secret_same(a, b), "two empty secrets are the same");
	ck_secret_set(a, "secret", 6);
	ck_secret_set(b, "secret", 6);
	T(ck_secret_same(a, b), "equal bytes are the same");
	ck_secret_set(b, "secreT", 6);
	T(!ck_secret_same(a, b), "another byte is not");
	ck_secret_set(b, "secret\0", 7);
	T(!ck_secret_same(a, b), "a NUL more is not");
	ck_secret_set(b, "something long", 14);
	ck_secret_set(b, "secret", 6);
	T(ck_secret_same(a, b), "what was there before does not count");
	ck_secret_free(a);
	ck_secret_free(b);
}

static void
no_memory_to_lock(void)
{
	struct rlimit none = { 0, 0 };
	void *p = NULL;

	errno = 0;
	T(ck_locked_alloc(0) == NULL && errno == EINVAL, "no page for nothing");
	T(ck_locked_alloc(SIZE_MAX) == NULL, "nor for everything");
	p = ck_locked_alloc(65536);
	T(p != NULL, "64 KB can be locked");
	ck_locked_free(p, 65536);
	ck_locked_free(NULL, 1);
	if (geteuid() == 0) {
		/* root may lock without limit; nobody may not */
		if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || setresuid(65534, 65534, 65534) != 0)
			return;
	} else if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) {
		return;
	}
#ifndef __SANITIZE_ADDRESS__
	errno = 0;
	T(ck_secret_new() == NULL && (errno == EPERM || errno == ENOMEM || errno == EAGAIN),
	    "no secret where memory may not be locked");
#endif
}

int
main(void)
{
	the_page();
	set_and_wipe();
	freeing();
	comparing();
	no_memory_to_lock();
	return T_END();
}
