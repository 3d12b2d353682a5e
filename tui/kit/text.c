#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"

/* from here on characters take two columns (CJK and what follows), where no locale knows */
#define FIRST_WIDE 0x2E80

/* East Asian "ambiguous" glyphs (UAX #11) of everyday text: one column here, two on the next
 * terminal, and every border behind them is off by one there. Each has one that all agree about.
 * In order of code point. */
static const struct {
	uint32_t cp;
	const char *shown;
} stand_ins[] = {
	{ 0x00A0, " " },
	{ 0x00B7,
	    "・" }, /* between the parts of a person's name: the wide dot is never ambiguous */
	{ 0x00D7, "x" }, { 0x2010, "-" }, { 0x2013, "-" }, { 0x2014, "-" }, { 0x2015, "-" },
	{ 0x2018, "'" }, { 0x2019, "'" }, { 0x201C, "\"" }, { 0x201D, "\"" }, { 0x2022, "*" },
	{ 0x2026, "..." }, { 0x2027, "・" }, { 0x2160, "I" }, { 0x2161, "II" }, { 0x2162, "III" },
	{ 0x2190, "<-" }, { 0x2192, "->" }, { 0x221A, "v" }, { 0x25CB, "o" }, { 0x25CF, "*" },
	{ 0xFFFD, "?" }, /* what the filter leaves for a control character */
};

static const char *
stand_in(uint32_t cp)
{
	for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++)
		if (stand_ins[i].cp >= cp)
			return stand_ins[i].cp == cp ? stand_ins[i].shown : NULL;
	return NULL;
}

/* They would turn a glyph of one column into an emoji of two, on some terminals. */
static bool
is_variation(uint32_t cp)
{
	return (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xE0100 && cp <= 0xE01EF);
}

int
ck_columns_of(uint32_t cp)
{
	int n = wcwidth((wchar_t)cp);

	return n >= 0 ? n : cp >= FIRST_WIDE ? 2 : 1;
}

int
ck_columns(const char *text)
{
	size_t n = strlen(text);
	uint32_t cp = 0;
	int wide = 0, len;

	for (; n > 0; text += len, n -= (size_t)len) {
		if ((len = ck_utf8_next(text, n, &cp)) <= 0)
			break;
		wide += ck_columns_of(cp);
	}
	return wide;
}

void
ck_glyph(char out[CK_GLYPH_MAX], const char *at, size_t len)
{
	uint32_t cp = 0;
	const char *other = NULL;

	ck_clean(out, CK_GLYPH_MAX, at, len);
	if (ck_utf8_next(out, strlen(out), &cp) <= 0)
		return;
	if (is_variation(cp))
		out[0] = '\0';
	else if ((other = stand_in(cp)) != NULL)
		snprintf(out, CK_GLYPH_MAX, "%s", other);
}

int
ck_glyph_columns(uint32_t cp)
{
	const char *other = stand_in(cp);

	if (is_variation(cp))
		return 0;
	return other != NULL ? ck_columns(other) : ck_columns_of(cp);
}

int
ck_shown_columns(const char *text)
{
	char glyph[CK_GLYPH_MAX];
	size_t n = strlen(text);
	int wide = 0;

	for (size_t at = 0, len; at < n; at += len) {
		uint32_t cp = 0;
		int got = ck_utf8_next(text + at, n - at, &cp);

		len = got > 0 ? (size_t)got : 1;
		ck_glyph(glyph, text + at, len);
		wide += ck_columns(glyph);
	}
	return wide;
}

/* JIS X 4051 and GB/T 15834: what must not begin a line, what must not end one */
static const wchar_t no_start[] = L"，。；：！？、）」』》〉】］”’…,.;:!?)]}%";
static const wchar_t no_end[] = L"（「『《〈【［“‘([{";

static bool
may_break(uint32_t before, uint32_t next)
{
	if (before == 0 || next == ' ' || wcschr(no_start, (wchar_t)next) != NULL)
		return false;
	if (before == ' ')
		return true;
	if (wcschr(no_end, (wchar_t)before) != NULL)
		return false;
	return ck_columns_of(before) == 2 || ck_columns_of(next) == 2;
}

size_t
ck_line_end(const char *text, size_t n, int width, int (*columns)(uint32_t cp))
{
	size_t at = strspn(text, " "), last = 0;
	int wide = (int)at, len = 0;
	uint32_t before = 0, cp = 0;

	for (; at < n; at += (size_t)len, before = cp) {
		if ((len = ck_utf8_next(text + at, n - at, &cp)) < 0) {
			len = 1;
			cp = '?';
		}
		if (may_break(before, cp))
			last = at;
		wide += columns(cp);
		if (wide <= width || cp == ' ')
			continue;
		return last > 0 ? last : at > 0 ? at : (size_t)len;
	}
	return n;
}
