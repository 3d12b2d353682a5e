#include "fold.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"

/* from here on characters take two columns (CJK and what follows), where no locale knows */
#define FIRST_WIDE 0x2E80
/* a hanging indent leaves at least half of the line, or is no more than this */
#define LEAST_HANG 2

static int
columns_of(uint32_t cp)
{
	int n = wcwidth((wchar_t)cp);

	return n >= 0 ? n : cp >= FIRST_WIDE ? 2 : 1;
}

int
ck_columns(const char *text)
{
	size_t n = strlen(text);
	uint32_t cp = 0;
	int wide = 0, len;

	for (; n > 0; text += len, n -= (size_t)len) {
		if ((len = ck_utf8_next(text, n, &cp)) <= 0)
			break;
		wide += columns_of(cp);
	}
	return wide;
}

int
ck_terminal_columns(int fd)
{
	struct winsize w = { .ws_col = 0 };

	return ioctl(fd, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
}

/* JIS X 4051 and GB/T 15834: what must not begin a line, what must not end one */
static const wchar_t no_start[] = L"，。；：！？、）」』》〉】］”’…,.;:!?)]}";
static const wchar_t no_end[] = L"（「『《〈【［“‘([{";

static bool
may_break(uint32_t before, uint32_t next)
{
	if (before == 0 || next == ' ' || wcschr(no_start, (wchar_t)next) != NULL)
		return false;
	if (before == ' ')
		return true;
	if (wcschr(no_end, (wchar_t)before) != NULL)
		return false;
	return columns_of(before) == 2 || columns_of(next) == 2;
}

/* Bytes of the first line. Blanks at its end may stand out: they are not shown. */
static size_t
first_line(const char *text, int width)
{
	size_t n = strlen(text), at = strspn(text, " "), last = 0;
	int wide = (int)at, len = 0;
	uint32_t before = 0, cp = 0;

	for (; at < n; at += (size_t)len, before = cp) {
		if ((len = ck_utf8_next(text + at, n - at, &cp)) <= 0)
			return n;
		if (may_break(before, cp))
			last = at;
		wide += columns_of(cp);
		if (wide <= width || cp == ' ')
			continue;
		return last > 0 ? last : at > 0 ? at : (size_t)len;
	}
	return n;
}

char *
ck_folded(const char *text, int width, int hang)
{
	char *out = NULL;
	size_t size = 0, n = 0, shown;
	FILE *f = open_memstream(&out, &size);
	int indent = 0;

	if (f == NULL)
		return NULL;
	if (hang > width / 2)
		hang = LEAST_HANG;
	while (text[n = width > hang ? first_line(text, width - indent) : strlen(text)] != '\0') {
		for (shown = n; shown > 0 && text[shown - 1] == ' ';)
			shown--;
		fprintf(f, "%*s%.*s\n", indent, "", (int)shown, text);
		text += n;
		indent = hang;
	}
	fprintf(f, "%*s%s", indent, "", text);
	if (fclose(f) != 0) {
		free(out);
		return NULL;
	}
	return out;
}
