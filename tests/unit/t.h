/* The least a unit test needs: each T prints one line the runner counts. */
#ifndef T_H
#define T_H

#include <stdio.h>
#include <string.h>

static int t_failed;

#define T(cond, ...) t_line(!!(cond), #cond, __FILE__, __LINE__, __VA_ARGS__)
#define T_STR(got, want, ...) t_str((got), (want), __FILE__, __LINE__, __VA_ARGS__)
#define T_END() (t_failed ? 1 : 0)

__attribute__((format(printf, 5, 6), unused)) static void
t_line(int good, const char *what, const char *file, int line, const char *fmt, ...)
{
	char name[512];
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vsnprintf(name, sizeof name, fmt, ap);
	__builtin_va_end(ap);
	printf("%s - %s\n", good ? "ok" : "not ok", name);
	if (!good) {
		printf("#   %s:%d: %s\n", file, line, what);
		t_failed++;
	}
}

__attribute__((format(printf, 5, 6), unused)) static void
t_str(const char *got, const char *want, const char *file, int line, const char *fmt, ...)
{
	char name[512];
	int good = got != NULL && want != NULL && strcmp(got, want) == 0;
	__builtin_va_list ap;

	__builtin_va_start(ap, fmt);
	vsnprintf(name, sizeof name, fmt, ap);
	__builtin_va_end(ap);
	t_line(good, "strings differ", file, line, "%s", name);
	if (!good)
		printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)",
		    want ? want : "(null)");
}

#endif
