#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/place.h"

void
ck_place(const char *name, const char *installed, char *out, size_t cap)
{
	static const char *const from_here[] = { "", "/../bin", "/../lib/certkiosk",
		"/../../share/certkiosk" };
	char exe[PATH_MAX] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash = n > 0 ? strrchr(exe, '/') : NULL;
	int len;

	for (size_t i = 0; slash != NULL && i < sizeof from_here / sizeof *from_here; i++) {
		*slash = '\0';
		len = snprintf(out, cap, "%s%s/%s", exe, from_here[i], name);
		if (len > 0 && (size_t)len < cap && access(out, R_OK) == 0)
			return;
	}
	snprintf(out, cap, "%s/%s", installed, name);
}
