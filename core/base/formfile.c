#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "base/formcode.h"
#include "base/formfile.h"
#include "base/utf8.h"
#include "certkiosk/paper.h"

#define INCLUDE "@include"

bool
ck_form_name_good(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < CK_FORMCODE_FORM_MAX && name[0] != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

static bool
is_utf8(const char *text)
{
	size_t n = strlen(text);
	uint32_t cp = 0;
	int len = 0;

	for (size_t i = 0; i < n; i += (size_t)len)
		if ((len = ck_utf8_next(text + i, n - i, &cp)) <= 0)
			return false;
	return true;
}

/* What another file says can change after this one was signed. The line; 0: nowhere. */
static int
including(const char *text)
{
	int n = 1;

	for (const char *line = text;; line++, n++) {
		line += strspn(line, " \t");
		if (strncmp(line, INCLUDE, strlen(INCLUDE)) == 0)
			return n;
		if ((line = strchr(line, '\n')) == NULL)
			return 0;
	}
}

int
ck_form_file(const char *dir, const char *name, char **text, struct ck_err *err)
{
	char file[PATH_MAX] = "", shown[CK_FORMCODE_FORM_MAX * 2] = "";
	int line = 0, len = snprintf(file, sizeof file, "%s/%s.conf", dir, name);
	char *read = NULL;

	*text = NULL;
	ck_clean_str(shown, sizeof shown, name);
	if (!ck_form_name_good(name) || len < 0 || (size_t)len >= sizeof file ||
	    access(file, F_OK) != 0)
		return ck_fail(err, CK_E_FORM_UNKNOWN, "%s", shown);
	if (ck_conf_slurp(file, CK_PAPER_TEMPLATE_MAX, &read, err) == -1)
		return -1;
	if (!is_utf8(read))
		ck_fail(err, CK_E_CONFIG, "%s: not UTF-8", file);
	else if ((line = including(read)) > 0)
		ck_fail(err, CK_E_CONFIG, "%s:%d: a form includes no other file", file, line);
	else
		*text = read;
	if (*text == NULL)
		free(read);
	return *text != NULL ? 0 : -1;
}
