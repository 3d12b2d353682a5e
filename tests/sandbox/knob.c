#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "knob.h"

#define TEMPORARY "#" /* no knob's name begins with it */

static void
path_of(const struct sb *sb, const char *name, const char *call, char out[SB_PATH_MAX])
{
	const char *dot = call != NULL ? "." : "";

	snprintf(out, SB_PATH_MAX, "%s/knobs/%s%s%s", sb->dir, name, dot, call != NULL ? call : "");
}

/* value and times left (0: no second line); false when there is no such knob */
static bool
read_knob(const char *path, char value[SB_KNOB_MAX], long *times)
{
	char line[32] = "";
	FILE *f = fopen(path, "r");

	if (f == NULL)
		return false;
	if (fgets(value, SB_KNOB_MAX, f) == NULL)
		value[0] = '\0';
	value[strcspn(value, "\n")] = '\0';
	*times = fgets(line, sizeof line, f) != NULL ? strtol(line, NULL, 10) : 0;
	fclose(f);
	return true;
}

static int
write_knob(const struct sb *sb, const char *path, const char *value, long times)
{
	char next[SB_PATH_MAX];
	FILE *f = NULL;

	path_of(sb, TEMPORARY, NULL, next);
	f = fopen(next, "w");
	if (f == NULL)
		return -1;
	fprintf(f, "%s\n", value);
	if (times > 0)
		fprintf(f, "%ld\n", times);
	if (fclose(f) != 0)
		return -1;
	return rename(next, path);
}

/* the more particular one first */
static bool
find(const struct sb *sb, const char *name, const char *call, char path[SB_PATH_MAX],
    char value[SB_KNOB_MAX], long *times)
{
	path_of(sb, name, call, path);
	if (call != NULL && read_knob(path, value, times))
		return true;
	path_of(sb, name, NULL, path);
	return read_knob(path, value, times);
}

/* what had one time left is gone, what had none stays as it is */
static void
count_down(const struct sb *sb, const char *path, long left)
{
	char value[SB_KNOB_MAX];

	snprintf(value, sizeof value, "%ld", left - 1);
	if (left == 1)
		unlink(path);
	else if (left > 1)
		write_knob(sb, path, value, 0);
}

bool
sb_knob_due(struct sb *sb, const char *name, const char *call)
{
	char path[SB_PATH_MAX], value[SB_KNOB_MAX];
	bool due = false;
	long times = 0;

	pthread_mutex_lock(&sb->knobs);
	if (find(sb, name, call, path, value, &times)) {
		long left = strtol(value, NULL, 10);

		due = left > 0 || strcmp(value, "always") == 0;
		count_down(sb, path, left);
	}
	pthread_mutex_unlock(&sb->knobs);
	if (due)
		ck_log(CK_LOG_INFO, "knob %s acts on %s", name, call != NULL ? call : "all");
	return due;
}

bool
sb_knob_turn(struct sb *sb, const char *name)
{
	char path[SB_PATH_MAX], value[SB_KNOB_MAX];
	long times = 0, left = 0;

	pthread_mutex_lock(&sb->knobs);
	path_of(sb, name, NULL, path);
	if (read_knob(path, value, &times))
		left = strtol(value, NULL, 10);
	count_down(sb, path, left);
	pthread_mutex_unlock(&sb->knobs);
	return left == 1;
}

bool
sb_knob_text(struct sb *sb, const char *name, const char *call, char *out, size_t cap)
{
	char path[SB_PATH_MAX], value[SB_KNOB_MAX];
	bool found = false;
	long times = 0;

	pthread_mutex_lock(&sb->knobs);
	found = find(sb, name, call, path, value, &times);
	if (found) {
		snprintf(out, cap, "%s", value);
		if (times == 1)
			unlink(path);
		else if (times > 1)
			write_knob(sb, path, value, times - 1);
	}
	pthread_mutex_unlock(&sb->knobs);
	return found;
}

long
sb_knob_number(struct sb *sb, const char *name, const char *call, long otherwise)
{
	char path[SB_PATH_MAX], value[SB_KNOB_MAX];
	long times = 0;

	pthread_mutex_lock(&sb->knobs);
	if (find(sb, name, call, path, value, &times))
		otherwise = strtol(value, NULL, 10);
	pthread_mutex_unlock(&sb->knobs);
	return otherwise;
}

bool
sb_knob_is(struct sb *sb, const char *name, const char *call, const char *value)
{
	char path[SB_PATH_MAX], have[SB_KNOB_MAX];
	bool is = false;
	long times = 0;

	pthread_mutex_lock(&sb->knobs);
	is = find(sb, name, call, path, have, &times) && strcmp(have, value) == 0;
	if (is)
		unlink(path);
	pthread_mutex_unlock(&sb->knobs);
	return is;
}

int
sb_knob_set(struct sb *sb, const char *name, const char *value, long times)
{
	char path[SB_PATH_MAX];

	path_of(sb, name, NULL, path);
	return write_knob(sb, path, value, times);
}

int
sb_knob_clear(struct sb *sb, const char *name)
{
	char path[SB_PATH_MAX];
	struct dirent *e = NULL;
	DIR *d = NULL;

	if (name != NULL) {
		path_of(sb, name, NULL, path);
		return unlink(path) == 0 || errno == ENOENT ? 0 : -1;
	}
	path_of(sb, "", NULL, path);
	d = opendir(path);
	while (d != NULL && (e = readdir(d)) != NULL) {
		path_of(sb, e->d_name, NULL, path);
		if (e->d_name[0] != '.')
			unlink(path);
	}
	return d != NULL ? closedir(d) : -1;
}
