/*
 * cells COLSxROWS [cut]: a captured terminal on standard input, looked at cell by cell. Said, and
 * the status is 1, for each line wider than the terminal or beyond it, each line graphic that ends
 * in nothing, each character no screen may send on from outside, and, unless "cut" allows it, each
 * text that did not fit its room (which ends in three dots, tui/kit/canvas.h).
 */
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COLS_MAX 512
#define ROWS_MAX 256
/* no box that lost its corners is so wide and has no sides either */
#define RULE_COLS 40

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };
#define OTHER_HALF L'\uFFFF'

static wchar_t grid[ROWS_MAX][COLS_MAX];
static int cols, rows, bad;

static const struct {
	wchar_t sign;
	unsigned ends;
} lines[] = {
	{ L'─', LEFT | RIGHT },
	{ L'│', UP | DOWN },
	{ L'┌', DOWN | RIGHT },
	{ L'┐', DOWN | LEFT },
	{ L'└', UP | RIGHT },
	{ L'┘', UP | LEFT },
	{ L'├', UP | DOWN | RIGHT },
	{ L'┤', UP | DOWN | LEFT },
	{ L'┬', DOWN | LEFT | RIGHT },
	{ L'┴', UP | LEFT | RIGHT },
	{ L'┼', UP | DOWN | LEFT | RIGHT },
};

static const struct {
	unsigned end, meets;
	int dx, dy;
} ways[] = {
	{ UP, DOWN, 0, -1 },
	{ DOWN, UP, 0, 1 },
	{ LEFT, RIGHT, -1, 0 },
	{ RIGHT, LEFT, 1, 0 },
};

static void
say(int y, int x, const char *what)
{
	printf("line %d, column %d: %s\n", y + 1, x + 1, what);
	bad++;
}

/* turns the direction of writing, or is not seen, or says that something was no character */
static bool
is_forbidden(wchar_t c)
{
	return c < L' ' || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0xad || c == 0x61c ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0xfffd;
}

static void
take_line(const wchar_t *s, int y)
{
	int x = 0, w;

	for (; *s != L'\0' && *s != L'\n'; s++) {
		if (is_forbidden(*s))
			say(y, x, "a character that must not come through");
		if ((w = wcwidth(*s)) <= 0)
			continue; /* combines with the one before */
		if (x + w > cols) {
			say(y, x, "beyond the edge");
			return;
		}
		grid[y][x] = *s;
		if (w == 2)
			grid[y][x + 1] = OTHER_HALF;
		x += w;
	}
}

static unsigned
ends_of(int y, int x)
{
	if (y < 0 || x < 0 || y >= rows || x >= cols)
		return 0;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (lines[i].sign == grid[y][x])
			return lines[i].ends;
	return 0;
}

/* a rule stands free, from one blank to another */
static bool
of_rule(int y, int x)
{
	int from = x, to = x;

	while (from > 0 && grid[y][from - 1] == L'─')
		from--;
	while (to + 1 < cols && grid[y][to + 1] == L'─')
		to++;
	return to - from + 1 >= RULE_COLS && ends_of(y, from - 1) == 0 && ends_of(y, to + 1) == 0;
}

/* a rule by itself, joined to nothing at either end */
static bool
is_rule(int y, int x)
{
	int from = x, to = x;

	if (grid[y][x] != L'─')
		return false;
	while (from > 0 && grid[y][from - 1] == L'─')
		from--;
	while (to + 1 < cols && grid[y][to + 1] == L'─')
		to++;
	return to > from && ends_of(y, from - 1) == 0 && ends_of(y, to + 1) == 0;
}

static void
check_cell(int y, int x, bool may_cut)
{
	unsigned ends = of_rule(y, x) ? 0 : ends_of(y, x);

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if ((ends & ways[i].end) != 0 && !is_rule(y, x) &&
		    (ends_of(y + ways[i].dy, x + ways[i].dx) & ways[i].meets) == 0) {
			say(y, x, "a line that ends in nothing");
			break;
		}
	/* a sentence's own have a blank before them, and bars are made of them */
	if (!may_cut && x > 0 && wcschr(L" .#[", grid[y][x - 1]) == NULL &&
	    wcsncmp(&grid[y][x], L"...", 3) == 0 && grid[y][x + 3] != L'.')
		say(y, x, "a text that was cut");
}

int
main(int argc, char **argv)
{
	wchar_t line[4 * COLS_MAX];
	bool may_cut = argc == 3 && strcmp(argv[2], "cut") == 0;
	int y = 0;

	if (argc < 2 || sscanf(argv[1], "%dx%d", &cols, &rows) != 2 || cols < 1 || rows < 1 ||
	    cols >= COLS_MAX || rows >= ROWS_MAX || setlocale(LC_ALL, "C.UTF-8") == NULL) {
		fputs("usage: cells COLSxROWS [cut]\n", stderr);
		return 2;
	}
	for (; fgetws(line, sizeof line / sizeof *line, stdin) != NULL; y++)
		if (y < rows)
			take_line(line, y);
		else if (line[0] != L'\n')
			say(y, 0, "below the last line");
	if (!feof(stdin))
		say(y, 0, "no characters");
	for (y = 0; y < rows; y++)
		for (int x = 0; x < cols; x++)
			check_cell(y, x, may_cut);
	return bad != 0;
}
