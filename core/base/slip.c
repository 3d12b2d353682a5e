#include "base/slip.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* CK-20261120-000027; the count grows beyond six digits */
#define PREFIX "CK-"
#define DAY_DIGITS 8
#define COUNT_DIGITS 6

/* U+FF01..U+FF5E are ASCII's 0x21..0x7E, wide */
#define WIDE_FIRST 0xFF01
#define WIDE_LAST 0xFF5E
#define WIDE_APART 0xFEE0

static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
#define LETTERS 36

/* ---- check character: ISO 7064:2003, 7.4, MOD 37,36 ---- */

static char
check_of(const char *text, size_t n)
{
	int p = LETTERS;

	for (size_t i = 0; i < n; i++) {
		const char *at = strchr(alphabet, text[i]);

		if (at == NULL) /* "-" carries nothing */
			continue;
		p = (p + (int)(at - alphabet)) % LETTERS;
		p = (p == 0 ? LETTERS : p) * 2 % (LETTERS + 1);
	}
	return alphabet[(LETTERS + 1 - p) % LETTERS];
}

/* ---- the number ---- */

static size_t
digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* how long the record's number at its beginning is; 0: there is none */
static size_t
number_len(const char *s)
{
	size_t at = strlen(PREFIX), count;

	if (strncmp(s, PREFIX, at) != 0 || digits(s + at) != DAY_DIGITS ||
	    s[at + DAY_DIGITS] != '-')
		return 0;
	at += DAY_DIGITS + 1;
	count = digits(s + at);
	return count >= COUNT_DIGITS && at + count < CK_SLIP_RECORD_MAX ? at + count : 0;
}

/* ---- the kiosk's name ---- */

static bool
plain(char c)
{
	return (c >= 'a' && c < 'z') || isdigit((unsigned char)c) || c == '-';
}

static bool
read_kiosk(const char *s, size_t n, char out[CK_SLIP_KIOSK_MAX])
{
	size_t used = 0;
	unsigned c = 0;

	for (size_t i = 0; i < n; i++) {
		c = (unsigned char)tolower((unsigned char)s[i]);
		if (s[i] == 'Z') {
			if (n - i < 3 || !isxdigit((unsigned char)s[i + 1]) ||
			    !isxdigit((unsigned char)s[i + 2]) ||
			    sscanf(s + i + 1, "%2x", &c) != 1 || c == 0)
				return false;
			i += 2;
		}
		if (used + 1 == CK_SLIP_KIOSK_MAX)
			return false;
		out[used++] = (char)c;
	}
	out[used] = '\0';
	return used > 0;
}

/* ---- the whole ---- */

bool
ck_slip_make(const char *kiosk, const char *record, char out[CK_SLIP_MAX])
{
	size_t n = number_len(record);

	if (n == 0 || record[n] != '\0' || strlen(kiosk) >= CK_SLIP_KIOSK_MAX)
		return false;
	n = (size_t)snprintf(out, CK_SLIP_MAX, "%s-", record);
	for (; *kiosk != '\0'; kiosk++)
		if (plain(*kiosk))
			out[n++] = (char)toupper((unsigned char)*kiosk);
		else
			n += (size_t)snprintf(
			    out + n, CK_SLIP_MAX - n, "Z%02X", (unsigned)(unsigned char)*kiosk);
	out[n] = '-';
	out[n + 1] = check_of(out, n);
	out[n + 2] = '\0';
	return true;
}

int
ck_slip_read(const char *typed, struct ck_slip *s)
{
	char text[CK_SLIP_MAX];
	size_t n = strlen(typed), number;

	*s = (struct ck_slip){ .kiosk = "" };
	if (n >= sizeof text)
		return 0;
	for (size_t i = 0; i <= n; i++)
		text[i] = (char)toupper((unsigned char)typed[i]);
	number = number_len(text);
	if (number == 0 || (text[number] != '\0' && text[number] != '-'))
		return 0;
	memcpy(s->record, text, number);
	if (text[number] == '\0')
		return 1;
	/* at the least "-K-X" */
	if (n < number + 4 || text[n - 2] != '-' || text[n - 1] != check_of(text, n - 2) ||
	    !read_kiosk(text + number + 1, n - 2 - (number + 1), s->kiosk))
		return -1;
	return 1;
}

int
ck_slip_read_bare(const char *typed, struct ck_slip *s)
{
	const size_t head = 2 + DAY_DIGITS + COUNT_DIGITS; /* "CK", day, count */
	char text[CK_SLIP_MAX];
	size_t n = 0;

	*s = (struct ck_slip){ .kiosk = "" };
	for (; *typed != '\0' && n + 1 < sizeof text; typed++)
		if (*typed != '-')
			text[n++] = (char)toupper((unsigned char)*typed);
	text[n] = '\0';
	if (*typed != '\0' || n < head || strncmp(text, PREFIX, 2) != 0 ||
	    digits(text + 2) < DAY_DIGITS + COUNT_DIGITS)
		return 0;
	snprintf(s->record, sizeof s->record, PREFIX "%.*s-%.*s", DAY_DIGITS, text + 2,
	    COUNT_DIGITS, text + 2 + DAY_DIGITS);
	if (n == head)
		return 1;
	if (n < head + 2 || text[n - 1] != check_of(text, n - 1) ||
	    !read_kiosk(text + head, n - 1 - head, s->kiosk))
		return -1;
	return 1;
}

/* ---- where none is asked for ---- */

int
ck_slip_step(int seen, int c)
{
	static const char number[] = PREFIX "########-######";

	_Static_assert(sizeof number == CK_SLIP_SEEN + 1, "all of it");
	if (seen == CK_SLIP_SEEN)
		return seen;
	c = toupper((unsigned char)c);
	if (number[seen] == '-' && c != '-') /* typed without dashes */
		seen++;
	if (number[seen] == '#' ? isdigit(c) : c == number[seen])
		return seen + 1;
	return c == number[0];
}

/* ---- as typed ---- */

/* one character of UTF-8; what isn't is taken byte by byte */
static size_t
decode(const unsigned char *s, uint32_t *c)
{
	if (s[0] >= 0xE0 && s[0] < 0xF0 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80) {
		*c = ((uint32_t)(s[0] & 0x0F) << 12) | ((uint32_t)(s[1] & 0x3F) << 6) |
		     (uint32_t)(s[2] & 0x3F);
		return 3;
	}
	if (s[0] >= 0xC2 && s[0] < 0xE0 && (s[1] & 0xC0) == 0x80) {
		*c = ((uint32_t)(s[0] & 0x1F) << 6) | (uint32_t)(s[1] & 0x3F);
		return 2;
	}
	*c = s[0];
	return 1;
}

/* what an input method writes for a plain one; 0: it is none */
static char
narrow(uint32_t c)
{
	static const uint32_t dashes[] = { 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212,
		0x30FC, 0xFE63 };

	if (c >= WIDE_FIRST && c <= WIDE_LAST)
		return (char)(c - WIDE_APART);
	/* no-break, zero width and ideographic space, byte order mark: what copying leaves */
	if (c == 0xA0 || c == 0x200B || c == 0x3000 || c == 0xFEFF)
		return ' ';
	for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++)
		if (c == dashes[i])
			return '-';
	return 0;
}

bool
ck_typed(const char *text, char *out, size_t cap)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t used = 0, n;
	uint32_t c;

	for (; *s != '\0'; s += n) {
		n = decode(s, &c);
		if (used + n >= cap)
			return false;
		if (narrow(c) != 0)
			out[used++] = narrow(c);
		else
			for (size_t i = 0; i < n; i++)
				out[used++] = (char)s[i];
		/* blanks before the text */
		if (used == 1 && isspace((unsigned char)out[0]))
			used = 0;
	}
	while (used > 0 && isspace((unsigned char)out[used - 1]))
		used--;
	out[used] = '\0';
	return used > 0;
}
