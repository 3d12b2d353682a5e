#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "base/utf8.h"

#define TEXT_MAX 1024 /* a detail and what stands around it; journald takes far more */

/* The one thing a process has only one of besides its descriptors: who speaks on standard error,
 * and how loudly. Set once by main before anything is started. */
static char self[64] = "certkiosk";
static enum ck_log_level loudest = CK_LOG_INFO;

static const char *const level_names[] = {
	[CK_LOG_ERROR] = "error",
	[CK_LOG_WARN] = "warn",
	[CK_LOG_INFO] = "info",
	[CK_LOG_DEBUG] = "debug",
};

void
ck_log_open(const char *program, enum ck_log_level highest)
{
	ck_clean_str(self, sizeof self, program);
	loudest = highest;
}

void
ck_log(enum ck_log_level level, const char *fmt, ...)
{
	char raw[TEXT_MAX] = "", text[TEXT_MAX] = "";
	va_list ap;

	if (level > loudest)
		return;
	va_start(ap, fmt);
	vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	ck_clean_str(text, sizeof text, raw);
	/* dprintf: one write per line, so that lines of two processes do not run into each other */
	dprintf(STDERR_FILENO, "%s[%ld]: %s: %s\n", self, (long)getpid(), level_names[level], text);
}

void
ck_log_err(enum ck_log_level level, const char *what, const struct ck_err *err)
{
	const struct ck_err_fact *f = ck_err_fact((int)err->code);
	const char *name = f == NULL ? "no error" : f->name;

	if (err->native != 0)
		ck_log(level, "%s: %s (%d, native 0x%lx): %s", what, name, (int)err->code,
		    err->native, err->detail);
	else
		ck_log(level, "%s: %s (%d): %s", what, name, (int)err->code, err->detail);
}
