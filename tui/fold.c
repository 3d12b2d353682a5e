#include "fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* a hanging indent leaves at least half of the line, or is no more than this */
#define LEAST_HANG 2

int
ck_terminal_columns(int fd)
{
	struct winsize w = { .ws_col = 0 };

	return ioctl(fd, TIOCGWINSZ, &w) == 0 ? w.ws_col : 0;
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
	while (
	    text[n = width > hang ? ck_line_end(text, strlen(text), width - indent, ck_columns_of)
				  : strlen(text)] != '\0') {
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
