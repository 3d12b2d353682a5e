#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/formcode.h"
#include "certkiosk/paper.h"

#define MARK "CK1"
#define PARTS 6
#define TYPED_MAX (2 * CK_FORMCODE_MAX) /* a blank behind every letter */
/* letters of n bytes in base32, without padding */
#define LETTERS(n) (((n)*8 + 4) / 5)

/* ---- base32, RFC 4648 section 6 ---- */

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static void
encode(const unsigned char *bytes, size_t n, char *out)
{
	unsigned bits = 0;
	int held = 0;

	for (size_t i = 0; i < n; i++) {
		bits = (bits << 8 | bytes[i]) & 0xFFF;
		for (held += 8; held >= 5; held -= 5)
			*out++ = alphabet[bits >> (held - 5) & 31];
	}
	if (held > 0)
		*out++ = alphabet[bits << (5 - held) & 31];
	*out = '\0';
}

/* exactly n bytes; what is left over of the last letter has to be zero: one text for one value */
static bool
decode(const char *text, unsigned char *out, size_t n)
{
	unsigned bits = 0;
	int held = 0;

	if (strlen(text) != LETTERS(n))
		return false;
	for (; *text != '\0'; text++) {
		const char *at = strchr(alphabet, *text);

		if (at == NULL)
			return false;
		bits = (bits << 5 | (unsigned)(at - alphabet)) & 0xFFF;
		if ((held += 5) >= 8) {
			held -= 8;
			*out++ = (unsigned char)(bits >> held);
		}
	}
	return (bits & ((1U << held) - 1)) == 0;
}

/* ---- the parts ---- */

/* capital: as in the code */
static bool
is_name(const char *s, size_t cap, bool capital)
{
	size_t n = strlen(s);

	if (n == 0 || n >= cap)
		return false;
	for (; *s != '\0'; s++)
		if (*s != '-' && !(*s >= '0' && *s <= '9') &&
		    !(capital ? *s >= 'A' && *s <= 'Z' : *s >= 'a' && *s <= 'z'))
			return false;
	return true;
}

static bool
fits(const struct ck_formcode *c)
{
	return is_name(c->number, sizeof c->number, true) &&
	       is_name(c->form, sizeof c->form, false) && c->page >= 1 && c->page <= c->pages &&
	       c->pages <= CK_PAPER_PAGES_MAX;
}

bool
ck_formcode_signed(const struct ck_formcode *c, char out[CK_FORMCODE_MAX])
{
	char digest[LETTERS(CK_FORMCODE_DIGEST) + 1], form[CK_FORMCODE_FORM_MAX];
	size_t i = 0;
	int n;

	if (!fits(c))
		return false;
	for (; c->form[i] != '\0'; i++)
		form[i] = (char)toupper((unsigned char)c->form[i]);
	form[i] = '\0';
	encode(c->digest, sizeof c->digest, digest);
	n = snprintf(out, CK_FORMCODE_MAX, "%s*%s*%s*%d/%d*%s", MARK, c->number, form, c->page,
	    c->pages, digest);
	return n > 0 && n < CK_FORMCODE_MAX;
}

bool
ck_formcode_make(const struct ck_formcode *c, char out[CK_FORMCODE_MAX])
{
	size_t n;

	if (!ck_formcode_signed(c, out))
		return false;
	n = strlen(out);
	if (n + 1 + LETTERS(CK_FORMCODE_SIG) >= CK_FORMCODE_MAX)
		return false;
	out[n] = '*';
	encode(c->sig, sizeof c->sig, out + n + 1);
	return true;
}

/* at each "*"; how many there are, one more than fit for too many */
static size_t
split(char *text, char *parts[PARTS])
{
	size_t n = 0;

	for (;;) {
		if (n == PARTS)
			return n + 1;
		parts[n++] = text;
		if ((text = strchr(text, '*')) == NULL)
			return n;
		*text++ = '\0';
	}
}

/* "2/3", no zeros before it */
static bool
read_pages(const char *s, struct ck_formcode *c)
{
	char again[16];
	char *end = NULL;
	long page = strtol(s, &end, 10), pages = 0;

	if (*end == '/')
		pages = strtol(end + 1, &end, 10);
	if (page < 1 || page > pages || pages > CK_PAPER_PAGES_MAX)
		return false;
	c->page = (int)page;
	c->pages = (int)pages;
	snprintf(again, sizeof again, "%d/%d", c->page, c->pages);
	return strcmp(again, s) == 0;
}

/* Capitals, and without the blanks between groups that a person types. */
static void
fold(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (!isspace((unsigned char)*from))
			*to++ = *from >= 'a' && *from <= 'z' ? (char)(*from - 'a' + 'A') : *from;
	*to = '\0';
}

bool
ck_formcode_read(const char *typed, struct ck_formcode *c)
{
	char text[TYPED_MAX], *parts[PARTS];
	size_t i;

	*c = (struct ck_formcode){ 0 };
	if (!ck_typed(typed, text, sizeof text))
		return false;
	fold(text);
	if (split(text, parts) != PARTS || strcmp(parts[0], MARK) != 0 ||
	    !is_name(parts[1], sizeof c->number, true) ||
	    !is_name(parts[2], sizeof c->form, true) || !read_pages(parts[3], c) ||
	    !decode(parts[4], c->digest, sizeof c->digest) ||
	    !decode(parts[5], c->sig, sizeof c->sig))
		return false;
	snprintf(c->number, sizeof c->number, "%s", parts[1]);
	for (i = 0; parts[2][i] != '\0'; i++)
		c->form[i] = (char)tolower((unsigned char)parts[2][i]);
	c->form[i] = '\0';
	return true;
}
