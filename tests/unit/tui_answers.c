/* Prepared answers and secrets: found by name in order, read no further than needed, wiped. */
#include "t.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tui/answers.h"

static const struct ck_watch alone = { .link = -1, .stop = -1 };

/* ---- answers ---- */

static struct ck_answers *
answers_of(const char *text, char file[])
{
	struct ck_answers *a = NULL;
	struct ck_err err = { 0 };
	int fd = mkstemp(file);

	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text) ||
	    ck_answers_open(file, &a, &err) == -1)
		abort();
	close(fd);
	unlink(file);
	return a;
}

static void
expect_answer(struct ck_answers *a, const char *question, const char *field, const char *want)
{
	struct ck_err err = { 0 };
	json_t *line = NULL;
	enum ck_asked state = ck_answers_take(a, question, &alone, &line, &err);

	T(state == CK_ASKED_ANSWER, "%s is answered", question);
	T_STR(json_string_value(json_object_get(line, field)), want, "%s", question);
	json_decref(line);
}

static void
answers(void)
{
	char file[] = "/tmp/certkiosk-answers.XXXXXX";
	struct ck_answers *a = answers_of("{\"ask\":\"key\",\"serial\":\"1\"}\n"
					  "\n"
					  "{\"ask\":\"envelope\",\"serial\":\"2026\"}\n"
					  "{\"ask\":\"envelope\",\"serial\":\"2027\"}",
	    file);
	struct ck_err err = { 0 };
	json_t *line = NULL;

	expect_answer(a, "envelope", "serial", "2026");
	expect_answer(a, "key", "serial", "1");
	expect_answer(a, "envelope", "serial", "2027");
	T(ck_answers_take(a, "envelope", &alone, &line, &err) == CK_ASKED_NONE && line == NULL,
	    "then there is none");
	T(err.code == CK_E_NONE, "which is no error");
	ck_answers_close(a);
}

static void
bad_answer(const char *text, const char *what)
{
	char file[] = "/tmp/certkiosk-answers.XXXXXX";
	struct ck_answers *a = answers_of(text, file);
	struct ck_err err = { 0 };
	json_t *line = NULL;

	T(ck_answers_take(a, "envelope", &alone, &line, &err) == CK_ASKED_FAIL &&
		err.code == CK_E_USAGE && line == NULL,
	    "refused: %s (%s)", what, err.detail);
	T(strstr(err.detail, "4711") == NULL, "and not quoted");
	ck_answers_close(a);
}

static void
bad_answers(void)
{
	char *longer = malloc(CK_ANSWER_LINE_MAX + 100);
	struct ck_answers *a = NULL;
	struct ck_err err = { 0 };

	bad_answer("nonsense 4711\n", "not JSON");
	bad_answer("[1,4711]\n", "not an object");
	bad_answer("{\"ask\":\"own-pin\",\"new\":\"4711\"}\n", "a new PIN");
	bad_answer("{\"ask\":\"own-pin\",\"again\":\"4711\"}\n", "a new PIN, again");
	bad_answer("{\"serial\":\"4711\"}\n", "no question");
	bad_answer("{\"ask\":\"pin\",\"pin\":\"4711\"}\n", "a PIN in an answer");
	bad_answer(
	    "{\"ask\":\"envelope-password\",\"password\":\"4711\"}\n", "a password in an answer");
	memset(longer, ' ', CK_ANSWER_LINE_MAX + 99);
	longer[CK_ANSWER_LINE_MAX + 99] = '\0';
	bad_answer(longer, "a line without end");
	T(ck_answers_open("/nonexistent/answers", &a, &err) == -1 && err.code == CK_E_USAGE,
	    "a file that is not there");
	free(longer);
}

/* ---- what a question is left for ---- */

static void
watching(void)
{
	int quiet[2], loud[2];
	struct ck_watch w;
	struct ck_secrets *s = NULL;
	struct ck_secret *secret = NULL;
	struct ck_err err = { 0 };

	if (pipe(quiet) == -1 || pipe(loud) == -1 || write(loud[1], "x", 1) != 1)
		abort();
	ck_secrets_open(quiet[0], &s, &err);
	w = (struct ck_watch){ .link = loud[0], .stop = -1 };
	T(ck_secrets_take(s, "pin", &w, &secret, &err) == CK_ASKED_SPOKE, "the engine speaks");
	w = (struct ck_watch){ .link = -1, .stop = loud[0] };
	T(ck_secrets_take(s, "pin", &w, &secret, &err) == CK_ASKED_STOP, "the person leaves");
	ck_secrets_close(s);
	close(quiet[1]);
	close(loud[0]);
	close(loud[1]);
}

/* ---- secrets ---- */

static struct ck_secrets *
secrets_of(const char *text)
{
	struct ck_secrets *s = NULL;
	struct ck_err err = { 0 };
	int ends[2];

	if (pipe(ends) == -1 || write(ends[1], text, strlen(text)) != (ssize_t)strlen(text) ||
	    ck_secrets_open(ends[0], &s, &err) == -1)
		abort();
	T((fcntl(ends[0], F_GETFD) & FD_CLOEXEC) != 0, "no program started later inherits it");
	close(ends[1]);
	return s;
}

static void
expect_secret(struct ck_secrets *s, const char *name, const char *want)
{
	struct ck_err err = { 0 };
	struct ck_secret *secret = NULL;
	enum ck_asked state = ck_secrets_take(s, name, &alone, &secret, &err);

	T(state == CK_ASKED_ANSWER && secret != NULL, "%s is there", name);
	if (secret != NULL)
		T_STR(ck_secret_bytes(secret), want, "%s", name);
	ck_secret_free(secret);
}

static void
secrets(void)
{
	struct ck_secrets *s =
	    secrets_of("password p w 1\npin 123456\n\npin 654321\r\npassword second");
	struct ck_err err = { 0 };
	struct ck_secret *secret = NULL;

	expect_secret(s, "pin", "123456");
	expect_secret(s, "pin", "654321");
	expect_secret(s, "password", "p w 1");
	expect_secret(s, "password", "second");
	T(ck_secrets_take(s, "pin", &alone, &secret, &err) == CK_ASKED_NONE && secret == NULL &&
		err.code == CK_E_NONE,
	    "then there is none");
	ck_secrets_close(s);
}

static void
bad_secret(const char *text, const char *what)
{
	struct ck_secrets *s = secrets_of(text);
	struct ck_err err = { 0 };
	struct ck_secret *secret = NULL;

	T(ck_secrets_take(s, "pin", &alone, &secret, &err) == CK_ASKED_FAIL &&
		err.code == CK_E_USAGE && secret == NULL,
	    "refused: %s (%s)", what, err.detail);
	T(strstr(err.detail, "4711") == NULL, "and not quoted");
	ck_secrets_close(s);
}

static void
bad_secrets(void)
{
	char longer[600];
	struct ck_secrets *s = NULL;
	struct ck_err err = { 0 };

	bad_secret("4711\n", "no name");
	bad_secret(" 4711\n", "an empty name");
	bad_secret("a-name-that-is-longer-than-any-field-has 4711\n", "a long name");
	memset(longer, '7', sizeof longer - 1);
	memcpy(longer, "pin ", 4);
	longer[sizeof longer - 1] = '\0';
	bad_secret(longer, "a secret without end");
	T(ck_secrets_open(999, &s, &err) == -1 && err.code == CK_E_USAGE,
	    "a descriptor that is not open");
}

/* ---- is anything of it left in memory? ---- */

#define MASK 0x5A /* the needle is kept in this disguise, so that it does not find itself */
static const char disguised[] = { '9' ^ MASK, '4' ^ MASK, 'k' ^ MASK, 'Z' ^ MASK, '7' ^ MASK,
	'q' ^ MASK, '2' ^ MASK, 'W' ^ MASK };
#define NEEDLE sizeof disguised

static int
count_in(const char *bytes, size_t n)
{
	int found = 0;

	for (size_t i = 0; i + NEEDLE <= n; i++) {
		size_t j = 0;

		while (j < NEEDLE && (bytes[i + j] ^ MASK) == disguised[j])
			j++;
		found += j == NEEDLE;
	}
	return found;
}

/* Reads its own memory in slices; the buffer they are read into is a mapping that is left out. */
static int
count_in_memory(void)
{
	/* what a sanitizer reserves for itself is larger than any memory of ours */
	enum { SLICE = 1 << 16, HUGE = 1 << 26 };
	FILE *maps = fopen("/proc/self/maps", "r");
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC), found = 0;
	char *slice =
	    mmap(NULL, SLICE + NEEDLE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char line[512], right;
	unsigned long first, last;

	while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
		if (sscanf(line, "%lx-%lx %c%c", &first, &last, &right, &right) != 4 ||
		    right != 'w' || ((uintptr_t)slice >= first && (uintptr_t)slice < last))
			continue;
		if (last - first > HUGE)
			continue;
		for (unsigned long at = first; at < last; at += SLICE) {
			size_t left = last - at, want = SLICE + NEEDLE - 1;
			ssize_t got = pread(mem, slice, left < want ? left : want, (off_t)at);

			found += got > 0 ? count_in(slice, (size_t)got) : 0;
		}
	}
	munmap(slice, SLICE + NEEDLE);
	fclose(maps);
	close(mem);
	return found;
}

static void
write_needle(int fd)
{
	char c;

	for (size_t i = 0; i < NEEDLE; i++) {
		c = (char)(disguised[i] ^ MASK);
		if (write(fd, &c, 1) != 1)
			_exit(1);
	}
}

static void
wiping(void)
{
	struct ck_secrets *s = NULL;
	struct ck_secret *secret = NULL;
	struct ck_err err = { 0 };
	int ends[2];
	pid_t pid;

	if (pipe(ends) == -1 || (pid = fork()) == -1)
		abort();
	if (pid == 0) {
		/* one that is used, one that never is */
		for (int i = 0; i < 2; i++) {
			if (write(ends[1], i == 0 ? "other " : "pin ", i == 0 ? 6 : 4) < 0)
				_exit(1);
			write_needle(ends[1]);
			if (write(ends[1], "\n", 1) != 1)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	ck_secrets_open(ends[0], &s, &err);
	T(ck_secrets_take(s, "pin", &alone, &secret, &err) == CK_ASKED_ANSWER &&
		ck_secret_len(secret) == NEEDLE,
	    "a secret is read");
	T(count_in_memory() == 2, "it and the one not used yet are in memory once each");
	ck_secret_free(secret);
	T(count_in_memory() == 1, "freed, it is nowhere");
	ck_secrets_close(s);
	T(count_in_memory() == 0, "closed, the unused one is nowhere either");
	waitpid(pid, NULL, 0);
}

int
main(void)
{
	answers();
	bad_answers();
	watching();
	secrets();
	bad_secrets();
	wiping();
	return T_END();
}
