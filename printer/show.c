#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "show.h"

#define MASK_LONG 15 /* resident IDs and credit codes: the region and the last four stay */
#define MASK_PHONE 11
#define MASK_SHORT 6
#define SERIAL_GROUP 4

/* ---- one line ---- */

static void
fold_blanks(char *s)
{
	char *to = s;

	for (const char *from = s; *from != '\0'; from++)
		if (*from != ' ' || (to != s && to[-1] != ' '))
			*to++ = *from;
	while (to != s && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* Those that take up room, as Unicode has them (Zs); nobody sees a name made of them. */
static bool
is_blank(uint32_t cp)
{
	return cp == ' ' || cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
	       cp == 0x202F || cp == 0x205F || cp == 0x3000;
}

static bool
all_blank(const char *s)
{
	size_t n = strlen(s);
	uint32_t cp = 0;
	int len = 0;

	for (size_t i = 0; i < n; i += (size_t)len)
		if ((len = ck_utf8_next(s + i, n - i, &cp)) <= 0 || !is_blank(cp))
			return false;
	return true;
}

bool
ck_show_clean(const char *raw, char *out, size_t cap, uint32_t *cp)
{
	char one[8] = "";
	size_t n = strlen(raw);
	int len = 0;

	ck_clean_str(out, cap, raw);
	fold_blanks(out);
	if (all_blank(out))
		out[0] = '\0';
	for (size_t i = 0; i < n; i += (size_t)len) {
		len = ck_utf8_next(raw + i, n - i, cp);
		if (len < 0)
			*cp = (unsigned char)raw[i];
		if (len < 0 || *cp == 0xFFFD)
			return false;
		ck_clean(one, sizeof one, raw + i, (size_t)len);
		if (strcmp(one, "\xEF\xBF\xBD") == 0)
			return false;
	}
	return true;
}

/* ---- days and minutes ---- */

static void
write_day(ck_day day, char out[CK_FORM_VALUE_MAX])
{
	int y = 0, m = 0, d = 0;

	ck_day_split(day, &y, &m, &d);
	snprintf(out, CK_FORM_VALUE_MAX, "%d年%d月%d日", y, m, d);
}

static void
show_date(char s[CK_FORM_VALUE_MAX])
{
	int64_t at = 0;
	ck_day day = 0;

	if (ck_date_read(s, &day))
		write_day(day, s);
	else if (ck_time_read(s, &at))
		write_day(ck_day_of(at), s);
}

static void
show_time(char s[CK_FORM_VALUE_MAX])
{
	int64_t at = 0, second = 0;
	size_t n = 0;

	if (!ck_time_read(s, &at))
		return;
	second = at - ck_day_start(ck_day_of(at));
	write_day(ck_day_of(at), s);
	n = strlen(s);
	snprintf(s + n, CK_FORM_VALUE_MAX - n, " %02d:%02d", (int)(second / 3600),
	    (int)(second / 60 % 60));
}

/* ---- what only the person himself has to recognise ---- */

static void
mask(char s[CK_FORM_VALUE_MAX], size_t head, size_t tail, size_t n)
{
	char out[CK_FORM_VALUE_MAX] = "";
	size_t to = 0, len = strlen(s), i = 0;
	uint32_t cp = 0;

	for (const char *p = s; i < n; i++) {
		int k = ck_utf8_next(p, len - (size_t)(p - s), &cp);

		if (k <= 0)
			return;
		if (i < head || i >= n - tail) {
			memcpy(out + to, p, (size_t)k);
			to += (size_t)k;
		} else {
			out[to++] = '*';
		}
		p += k;
	}
	out[to] = '\0';
	memcpy(s, out, to + 1);
}

static size_t
letters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

static void
show_id(char s[CK_FORM_VALUE_MAX])
{
	size_t n = letters(s);

	if (n >= MASK_LONG)
		mask(s, 6, 4, n);
	else if (n >= MASK_SHORT)
		mask(s, 2, 2, n);
}

static void
show_phone(char s[CK_FORM_VALUE_MAX])
{
	size_t n = letters(s);

	if (n >= MASK_PHONE)
		mask(s, n - 8, 4, n);
	else if (n >= MASK_SHORT)
		mask(s, 2, 2, n);
}

static void
show_serial(char s[CK_FORM_VALUE_MAX])
{
	char out[CK_FORM_VALUE_MAX] = "";
	size_t n = 0, to = 0;

	for (const char *p = s; *p != '\0'; p++) {
		if (*p == ' ' || *p == ':')
			continue;
		if (!isxdigit((unsigned char)*p))
			return;
		if (n > 0 && n % SERIAL_GROUP == 0 && to + 2 < sizeof out)
			out[to++] = ' ';
		if (to + 1 >= sizeof out)
			return;
		out[to++] = (char)toupper((unsigned char)*p);
		n++;
	}
	memcpy(s, out, to + 1);
}

void
ck_show_as(enum ck_form_kind kind, char text[CK_FORM_VALUE_MAX])
{
	static void (*const shows[])(char[CK_FORM_VALUE_MAX]) = {
		[CK_KIND_DATE] = show_date,
		[CK_KIND_TIME] = show_time,
		[CK_KIND_ID] = show_id,
		[CK_KIND_PHONE] = show_phone,
		[CK_KIND_SERIAL] = show_serial,
		[CK_KIND_WORD] = NULL,
		[CK_KIND_CHOICE] = NULL,
	};

	if (shows[kind] != NULL)
		shows[kind](text);
}
