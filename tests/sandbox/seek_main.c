/*
 * seek PID: how often each line of standard input occurs in the memory of a living process, as
 * UTF-8 and as the wide characters curses keeps. One number; status 2 when the process may not be
 * read.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define NEEDLES_MAX 64
#define NEEDLE_MAX 512
#define BLOCK ((size_t)1 << 20)
/* No program of ours keeps so much in one piece: that is a sanitizer's shadow, terabytes of holes
 * and hundreds of megabytes of zeros without a byte of the program in them. */
#define SHADOW ((uintmax_t)1 << 28)

static struct {
	char bytes[NEEDLE_MAX];
	size_t n;
} needles[NEEDLES_MAX];
static size_t n_needles;

static void
add(const void *bytes, size_t n)
{
	if (n == 0 || n > NEEDLE_MAX || n_needles == NEEDLES_MAX) {
		fputs("seek: such a line can't be looked for\n", stderr);
		exit(2);
	}
	memcpy(needles[n_needles].bytes, bytes, n);
	needles[n_needles++].n = n;
}

static void
read_needles(void)
{
	wchar_t wide[NEEDLE_MAX / sizeof(wchar_t)];
	char line[NEEDLE_MAX];

	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t n = strcspn(line, "\n");

		line[n] = '\0';
		add(line, n);
		n = mbstowcs(wide, line, sizeof wide / sizeof *wide);
		add(wide, n == (size_t)-1 ? 0 : n * sizeof *wide);
	}
}

static long
count_in(const char *bytes, size_t n, size_t from)
{
	long found = 0;

	for (size_t i = 0; i < n_needles; i++) {
		/* what was whole in the block before was counted there */
		size_t skip = from >= needles[i].n ? from - needles[i].n + 1 : 0;
		const char *at = bytes + skip, *end = bytes + n;

		while (
		    (at = memmem(at, (size_t)(end - at), needles[i].bytes, needles[i].n)) != NULL) {
			found++;
			at++;
		}
	}
	return found;
}

/* One mapping; each block begins with the end of the one before. */
static long
count_at(int mem, uintmax_t start, uintmax_t end, char *block)
{
	size_t kept = 0;
	long found = 0;
	ssize_t n;

	while (start < end) {
		size_t want = end - start < BLOCK ? (size_t)(end - start) : BLOCK;

		if ((n = pread(mem, block + kept, want, (off_t)start)) <= 0)
			break;
		found += count_in(block, kept + (size_t)n, kept);
		start += (uintmax_t)n;
		n += (ssize_t)kept;
		kept = (size_t)n < NEEDLE_MAX ? (size_t)n : NEEDLE_MAX;
		memmove(block, block + n - kept, kept);
	}
	return found;
}

int
main(int argc, char **argv)
{
	char path[64], line[1024], *block = malloc(BLOCK + NEEDLE_MAX);
	uintmax_t start, end;
	long found = 0;
	FILE *maps;
	int mem;

	if (argc != 2 || block == NULL || setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 2;
	read_needles();
	snprintf(path, sizeof path, "/proc/%.20s/maps", argv[1]);
	maps = fopen(path, "r");
	snprintf(path, sizeof path, "/proc/%.20s/mem", argv[1]);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (maps == NULL || mem < 0) {
		perror(path);
		return 2;
	}
	while (fgets(line, sizeof line, maps) != NULL)
		if (sscanf(line, "%jx-%jx r", &start, &end) == 2 && end - start < SHADOW &&
		    strstr(line, "[v") == NULL)
			found += count_at(mem, start, end, block);
	printf("%ld\n", found);
	free(block);
	return 0;
}
