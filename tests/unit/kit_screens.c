/* Six screens of the counter in both languages and two sizes, cell by cell: whole wide characters,
 * no loose border, nothing over anything, nothing cut; and as text they are those of
 * tests/golden/kit. With --write they become those. */
#include "t.h"

#include <locale.h>
#include <stdlib.h>

#include "kit_screens.h"

static const struct {
	int cols, rows;
} sizes[] = { { 80, 24 }, { 120, 40 } };

static char *
slurp(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "r");
	ssize_t n = f != NULL ? getdelim(&text, &size, '\0', f) : -1;

	if (f != NULL)
		fclose(f);
	if (n >= 0)
		return text;
	free(text);
	return NULL;
}

static void
write_golden(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		T(0, "%s is written", path);
}

static void
sound(const struct ck_canvas *c, const char *name)
{
	struct ck_flaws f;

	ck_canvas_flaws(c, &f);
	T(f.overlaps == 0 && f.cut == 0 && f.halves == 0 && f.loose_lines == 0,
	    "%s: %d overlaps, %d cut, %d halves, %d loose lines at %d,%d", name, f.overlaps, f.cut,
	    f.halves, f.loose_lines, f.x, f.y);
}

static void
one(struct kit_show *s, size_t which, size_t size, bool write)
{
	char name[64], path[128], *text, *want;

	s->c = ck_canvas_new(sizes[size].cols, sizes[size].rows);
	snprintf(name, sizeof name, "%s.%s.%dx%d", kit_shown[which].name, s->en ? "en" : "zh",
	    sizes[size].cols, sizes[size].rows);
	snprintf(path, sizeof path, "tests/golden/kit/%s.txt", name);
	kit_shown[which].draw(s);
	text = ck_canvas_text(s->c);
	sound(s->c, name);
	if (write)
		write_golden(path, text);
	want = slurp(path);
	T(want != NULL && strcmp(text, want) == 0, "%s is as it was agreed", name);
	if (want == NULL || strcmp(text, want) != 0)
		printf("%s", text);
	free(want);
	free(text);
	ck_canvas_free(s->c);
}

int
main(int argc, char **argv)
{
	bool write = argc > 1 && strcmp(argv[1], "--write") == 0;

	setlocale(LC_ALL, "C.UTF-8");
	for (int en = 0; en < 2; en++)
		for (size_t size = 0; size < sizeof sizes / sizeof *sizes; size++)
			for (size_t i = 0; i < sizeof kit_shown / sizeof *kit_shown; i++) {
				struct kit_show s = { .en = en };

				T(ck_masked_open(&s.masked) == 0, "a field for a PIN");
				for (int k = 0; k < 6; k++)
					ck_masked_key(&s.masked,
					    &(struct ck_event){ CK_EV_KEY, '1' + k, 0, 0 });
				one(&s, i, size, write);
				ck_masked_close(&s.masked);
			}
	return T_END();
}
