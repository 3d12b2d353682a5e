/* A folder for one test's configuration files. */
#ifndef BASE_DIR_H
#define BASE_DIR_H

#include <stdio.h>
#include <stdlib.h>

static char dir[200];

static void
dir_start(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof dir, "%s/base.XXXXXX", tmp != NULL ? tmp : P_tmpdir);
	if (mkdtemp(dir) == NULL)
		abort();
}

/* 0: it is gone */
static int
dir_end(void)
{
	char rm[sizeof dir + 8];

	snprintf(rm, sizeof rm, "rm -r '%s'", dir);
	return system(rm);
}

static const char *
put(const char *name, const char *text)
{
	static char path[sizeof dir + 64];
	FILE *f = NULL;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		printf("not ok - cannot write %s\n", path);
	return path;
}

#endif
