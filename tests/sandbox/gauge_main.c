/*
 * gauge ORDERS RESULTS -- COMMAND...: a program in a terminal of its own, measured from outside.
 * From the pipe ORDERS come lines, and to the file RESULTS goes one for each: press N TEXT   N
 * times TEXT (\e is Escape) is typed, and what is shown waited for: "MEDIAN WORST" in microseconds
 * from the key to the last byte quiet S        nothing is typed for so many seconds: how many bytes
 * were written meanwhile
 */
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "inner.h"

#define PRESSES_MAX 10000
/* a screen is one write, or a few at once: after so long it was all; and what never comes was lost
 */
#define SILENCE_MS 6
#define LOST_MS 5000

struct gauge {
	struct inner inner;
	FILE *results;
	int64_t last; /* when the last byte came, ns */
	size_t bytes;
};

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
shown(void *u, const char *bytes, size_t n)
{
	struct gauge *g = u;

	(void)bytes;
	g->last = now();
	g->bytes += n;
}

/* Until nothing was shown for so long. */
static void
until_silent(struct gauge *g, int first_ms, int then_ms)
{
	struct pollfd p = { .fd = g->inner.master, .events = POLLIN };
	int ms = first_ms;

	while (poll(&p, 1, ms) > 0 && inner_show(&g->inner))
		ms = then_ms;
}

static int
compare(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void
press(struct gauge *g, int n, const char *text)
{
	static int64_t took[PRESSES_MAX];
	char keys[64];
	size_t len = 0;

	for (; *text != '\0' && *text != '\n' && len < sizeof keys; text++)
		if (strncmp(text, "\\e", 2) == 0) {
			keys[len++] = '\033';
			text++;
		} else {
			keys[len++] = *text;
		}
	for (int i = 0; i < n; i++) {
		int64_t start;

		until_silent(g, 0, 0);
		g->last = start = now();
		inner_give(&g->inner, keys, len);
		until_silent(g, LOST_MS, SILENCE_MS);
		took[i] = g->last > start ? g->last - start : (int64_t)LOST_MS * 1000000;
	}
	qsort(took, (size_t)n, sizeof *took, compare);
	fprintf(g->results, "%lld %lld\n", (long long)took[n / 2] / 1000,
	    (long long)took[n - 1] / 1000);
}

static void
quiet(struct gauge *g, int seconds)
{
	int64_t end = now() + (int64_t)seconds * 1000000000, left;
	struct pollfd p = { .fd = g->inner.master, .events = POLLIN };

	until_silent(g, 0, 0);
	g->bytes = 0;
	while ((left = end - now()) > 0)
		if (poll(&p, 1, (int)(left / 1000000) + 1) > 0)
			inner_show(&g->inner);
	fprintf(g->results, "%zu\n", g->bytes);
}

static void
told(void *u)
{
	struct gauge *g = u;
	char line[256];
	ssize_t n = read(g->inner.beside, line, sizeof line - 1);
	int much = 0, at = 0;

	line[n > 0 ? n : 0] = '\0';
	if (sscanf(line, "press %d %n", &much, &at) == 1 && much > 0 && much <= PRESSES_MAX)
		press(g, much, line + at);
	else if (sscanf(line, "quiet %d", &much) == 1)
		quiet(g, much);
	else
		fputs("?\n", g->results);
	fflush(g->results);
}

int
main(int argc, char **argv)
{
	struct gauge g = { .inner = { .shown = shown, .told = told, .u = &g } };

	if (argc < 5 || strcmp(argv[3], "--") != 0) {
		fputs("usage: gauge ORDERS RESULTS -- COMMAND...\n", stderr);
		return 2;
	}
	/* for both ends, so that it is never over */
	g.inner.beside = open(argv[1], O_RDWR | O_CLOEXEC);
	g.results = fopen(argv[2], "ae");
	if (g.inner.beside < 0 || g.results == NULL) {
		perror("gauge");
		return 1;
	}
	if (!inner_start(&g.inner, argv + 4))
		return 1;
	inner_relay(&g.inner);
	return inner_end(&g.inner);
}
