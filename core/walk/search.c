#include "walk/search.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* fewer letters of a number are in too many of them */
#define PART_MIN 4

static void
upper(char *s)
{
	for (; *s != '\0'; s++)
		*s = (char)toupper((unsigned char)*s);
}

/* A slip typed without its dashes, as far as that can be told: the text may be something else. */
static bool
read_bare(struct ck_sought *s, const char *kiosk)
{
	char ours[CK_SLIP_KIOSK_MAX];
	struct ck_slip slip;
	size_t n = 0;

	for (; *kiosk != '\0' && n + 1 < sizeof ours; kiosk++)
		if (*kiosk != '-')
			ours[n++] = *kiosk;
	ours[n] = '\0';
	if (ck_slip_read_bare(s->text, &slip) != 1 ||
	    (slip.kiosk[0] != '\0' && strcmp(slip.kiosk, ours) != 0))
		return false;
	memcpy(s->part, slip.record, sizeof s->part);
	return true;
}

/* Of the letters a number has; the slip of a record is not looked for in other numbers. */
static void
read_part(struct ck_sought *s)
{
	size_t n = strlen(s->text);

	if (n < PART_MIN || n >= sizeof s->part)
		return;
	memcpy(s->part, s->text, n + 1);
	upper(s->part);
	if (s->part[strspn(s->part, "CK-0123456789")] != '\0')
		s->part[0] = '\0';
}

int
ck_sought_read(struct ck_sought *s, const char *kiosk, const char *typed, struct ck_err *err)
{
	struct ck_slip slip;
	int is;

	*s = (struct ck_sought){ .elsewhere = false };
	if (!ck_typed(typed, s->text, sizeof s->text) || strlen(typed) >= sizeof s->raw)
		return ck_fail(err, CK_E_USAGE, "nothing, or too much, to search for");
	snprintf(s->raw, sizeof s->raw, "%s", typed);
	if ((is = ck_slip_read(s->text, &slip)) == -1)
		return ck_fail(err, CK_E_SLIP_WRONG, "%s", s->text);
	s->elsewhere = is == 1 && slip.kiosk[0] != '\0' && strcmp(slip.kiosk, kiosk) != 0;
	if (is == 1 && !s->elsewhere)
		memcpy(s->number, slip.record, sizeof s->number);
	else if (is == 0 && !read_bare(s, kiosk))
		read_part(s);
	return 0;
}

bool
ck_sought_is(const struct ck_sought *s, const char *value)
{
	return strcasecmp(value, s->text) == 0;
}

bool
ck_sought_in(const struct ck_sought *s, const char *value)
{
	return ck_sought_is(s, value) ||
	       (strlen(s->text) >= PART_MIN && strcasestr(value, s->text) != NULL);
}

bool
ck_sought_name(const struct ck_sought *s, const char *value)
{
	return strcasestr(value, s->text) != NULL || strcasestr(value, s->raw) != NULL;
}
